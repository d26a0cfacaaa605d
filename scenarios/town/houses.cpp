#include <algorithm>

#include "scenarios/catalogue/buildings.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/town/dice.h"
#include "scenarios/town/scenery.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using catalogue::House;
using catalogue::HouseKind;
using math::Box2;
using namespace engine::world;

namespace {

// Whether a box lies in the block's land: no corner or side midpoint beyond its border, and no
// point of the border within the box.
bool inside_block(const Box2& box, const Block& block) {
    const auto corners = box.corners();
    for (std::size_t i = 0; i < 4; ++i) {
        for (const Vec2& p : {corners[i], 0.5 * (corners[i] + corners[(i + 1) % 4])}) {
            if (math::inside_polygon(p, block.border) == block.outside) return false;
        }
    }
    return std::none_of(block.border.begin(), block.border.end(),
                        [&](const Vec2& p) { return math::inside_polygon(p, corners); });
}

// What a street's side is lined with.
struct Character {
    HouseKind kinds[2];
    double gap_low_m, gap_high_m, setback_low_m, setback_high_m;
    int storeys_low, storeys_high;
    double width_low_m, width_high_m;
    bool shops;
};

Character character(bool arterial, bool urban, Dice& dice) {
    if (arterial) {
        return {{HouseKind::kBlock, HouseKind::kModern}, 0, 0.02, 0.15, 0.5, 4, 7, 13, 21, true};
    }
    switch (dice.index(urban ? 3 : 5)) {
        case 0:
            return {{HouseKind::kBrick, HouseKind::kBlock}, 0, 0.02, 0.3, 1.2, 3, 5, 11, 17, false};
        case 1:
            return {{HouseKind::kModern, HouseKind::kBlock}, 3, 7, 2.0, 4.0, 3, 6, 15, 24, false};
        case 2:
            return {{HouseKind::kTerraced, HouseKind::kTerraced},
                    0,
                    0.02,
                    2.0,
                    3.2,
                    2,
                    3,
                    6.5,
                    8.5,
                    false};
        case 3:
            return {{HouseKind::kVilla, HouseKind::kVilla}, 4, 8, 3.5, 6.0, 2, 2, 9, 13, false};
        default:
            return {{HouseKind::kVilla, HouseKind::kBrick}, 3, 6, 2.5, 5.0, 2, 3, 9, 14, false};
    }
}

void add_house(const House& house, const Box2& box, double height_m, Stage& stage) {
    // The mesh's origin is the middle of the front.
    const Vec2 front = box.centre - 0.5 * house.depth_m * math::perp(math::direction(box.yaw_rad));
    Extent extent;
    extent.front_m = extent.rear_m = box.half.x;
    extent.width_m = 2 * box.half.y;
    extent.height_m = height_m;
    const ActorId id = stage.add_object(
        Semantic::kBuilding, math::upright(Vec3(box.centre, 0), box.yaw_rad), extent, true);
    const auto mesh = catalogue::add_mesh(stage.world.scene, catalogue::house_mesh(house));
    stage.add_instance(mesh, math::upright(Vec3(front, kPavement_m), box.yaw_rad),
                       Semantic::kBuilding, id);
}

// Far blocks around the town, so that the view ends in a skyline; one mesh for each sector.
void add_skyline(Dice& dice, Stage& stage) {
    const double half = 0.5 * stage.world.size_m;
    constexpr int kSectors = 16, kRings = 3;
    constexpr double kBetween_m = 62.0;
    std::vector<Mesh> sectors(kSectors);
    for (int ring = 0; ring < kRings; ++ring) {
        const double radius = half * 1.42 + 40 + 95.0 * ring;
        const int count = static_cast<int>(2 * math::kPi * radius / kBetween_m);
        for (int i = 0; i < count; ++i) {
            House house;
            house.kind = dice.chance(0.5) ? HouseKind::kBlock : HouseKind::kModern;
            house.width_m = dice.uniform(24, 46);
            house.depth_m = dice.uniform(14, 24);
            house.storeys = dice.integer(3, 9);
            house.variant = dice.index(1000);
            const double turn = 2 * math::kPi * (i + dice.uniform(0.1, 0.9)) / count;
            const Vec2 p = (radius + dice.uniform(-20, 20)) * math::direction(turn);
            // Fronts look at the town.
            const auto X_WM = math::upright(Vec3(p, kPavement_m),
                                            turn - 0.5 * math::kPi + dice.uniform(-0.4, 0.4));
            Mesh& sector = sectors[static_cast<std::size_t>(turn / (2 * math::kPi) * kSectors) %
                                   static_cast<std::size_t>(kSectors)];
            sector.name = "skyline";
            sector.lods.resize(1);
            // The coarse level is all that is ever seen of them.
            catalogue::append(sector.lods[0], catalogue::house_mesh(house).lods.back(), X_WM);
        }
    }
    for (Mesh& sector : sectors) {
        engine::world::update_bounds(sector);
        const auto mesh = catalogue::add_mesh(stage.world.scene, std::move(sector));
        stage.add_instance(mesh, {}, Semantic::kBuilding, kNoActor).casts_shadow = false;
    }
}

}  // namespace

std::vector<Box2> add_houses(const Layout& layout, const std::vector<Block>& blocks,
                             const engine::core::Key& key, Stage& stage) {
    std::vector<Box2> taken;
    std::uint64_t count = 0;
    Dice dice(key.with("houses"));
    for (const Block& block : blocks) {
        std::vector<Box2> here;
        for (const Front& front : block.fronts) {
            const Street& street = layout.streets[front.street];
            const Side& side = street.side(front.left);
            const Character look = character(street.arterial, block.urban, dice);
            // From corner to corner; what would stand in the way of the next street is left out.
            double s = street.begin_m - 3.0;
            const double end = street.end_m + 3.0;
            while (s < end) {
                House house;
                house.kind = look.kinds[dice.index(2)];
                house.width_m = dice.uniform(look.width_low_m, look.width_high_m);
                house.depth_m = dice.uniform(9.0, 12.5);
                house.storeys = dice.integer(look.storeys_low, look.storeys_high);
                house.shop = look.shops;
                house.variant = key.with("house").bits(count++);
                const double gap = dice.uniform(look.gap_low_m, look.gap_high_m);
                const double setback = dice.uniform(look.setback_low_m, look.setback_high_m);
                if (s + house.width_m > end) break;
                const PathPoint q = street.path.at(
                    std::clamp(s + 0.5 * house.width_m, street.begin_m, street.end_m));
                const double along =
                    s + 0.5 * house.width_m -
                    std::clamp(s + 0.5 * house.width_m, street.begin_m, street.end_m);
                // A bend inwards pushes the straight front back.
                const double sign = front.left ? 1.0 : -1.0;
                const double sag =
                    std::max(0.0, -sign * q.curvature_per_m) * house.width_m * house.width_m / 8.0;
                const double offset = side.outer_m + setback + sag + 0.5 * house.depth_m;
                Box2 box;
                box.centre = q.left(sign * offset) + along * q.along();
                box.yaw_rad = math::wrap_angle(q.heading_rad + (front.left ? 0 : math::kPi));
                box.half = {0.5 * house.width_m, 0.5 * house.depth_m};
                Box2 grown = box;
                grown.half += Vec2(-0.02, 0.1);  // neighbours in a row may touch
                const bool free = inside_block(box, block) &&
                                  std::none_of(here.begin(), here.end(), [&](const Box2& other) {
                                      return math::overlap(grown, other);
                                  });
                if (!free) {
                    s += 2.0;
                    continue;
                }
                here.push_back(box);
                add_house(house, box, catalogue::height_m(house), stage);
                s += house.width_m + gap;
            }
        }
        taken.insert(taken.end(), here.begin(), here.end());
    }
    add_skyline(dice, stage);
    return taken;
}

}  // namespace huntsman::scenarios::town
