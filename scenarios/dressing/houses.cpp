#include "scenarios/dressing/houses.h"

#include <algorithm>
#include <array>

#include "scenarios/catalogue/buildings.h"

namespace huntsman::scenarios::dressing {

namespace math = engine::math;
using catalogue::House;
using catalogue::HouseKind;
using namespace engine::world;

namespace {

constexpr double kIsland_m2 = 1500.0;  // smaller blocks are islands of traffic, not built up
constexpr double kBeyondEnd_m = 14.0;  // how far lots reach around a road's corners
constexpr double kFoundation_m = 2.6;  // of foundations below the ground floor

struct Range {
    double low = 0, high = 0;
};

// How a stretch of a road is built up.
struct Character {
    std::array<HouseKind, 2> kinds{};
    Range gap_m, setback_m;
    int storeys_low = 1, storeys_high = 1;
    Range width_m{8, 12}, depth_m{9, 12.5};
    bool shops = false, garden = false;
};

constexpr Character kOldCentre{.kinds = {HouseKind::kBlock, HouseKind::kBrick},
                               .gap_m = {0, 0.02},
                               .setback_m = {0.1, 0.4},
                               .storeys_low = 4,
                               .storeys_high = 6,
                               .width_m = {11, 18},
                               .depth_m = {10, 13}};
constexpr Character kNewCentre{.kinds = {HouseKind::kModern, HouseKind::kBlock},
                               .gap_m = {0, 5},
                               .setback_m = {0.3, 2.0},
                               .storeys_low = 5,
                               .storeys_high = 8,
                               .width_m = {16, 26},
                               .depth_m = {12, 15}};
constexpr Character kOldBlocks{.kinds = {HouseKind::kBrick, HouseKind::kBlock},
                               .gap_m = {0, 0.02},
                               .setback_m = {0.3, 1.2},
                               .storeys_low = 3,
                               .storeys_high = 5,
                               .width_m = {10, 16},
                               .depth_m = {10, 12.5}};
constexpr Character kApartments{.kinds = {HouseKind::kModern, HouseKind::kBlock},
                                .gap_m = {4, 9},
                                .setback_m = {2.5, 4.5},
                                .storeys_low = 3,
                                .storeys_high = 5,
                                .width_m = {15, 24},
                                .depth_m = {11, 13},
                                .garden = true};
constexpr Character kTerraces{.kinds = {HouseKind::kTerraced, HouseKind::kTerraced},
                              .gap_m = {0, 0.02},
                              .setback_m = {2.4, 3.6},
                              .storeys_low = 2,
                              .storeys_high = 3,
                              .width_m = {6.5, 9},
                              .depth_m = {9, 11},
                              .garden = true};
constexpr Character kVillas{.kinds = {HouseKind::kVilla, HouseKind::kModern},
                            .gap_m = {5, 12},
                            .setback_m = {4.0, 8.0},
                            .storeys_low = 1,
                            .storeys_high = 2,
                            .width_m = {9, 14},
                            .depth_m = {8.5, 11},
                            .garden = true};

// From the local density: villas, terraces, apartment houses, closed blocks, a centre of shops.
Character draw_character(double density, double age, bool main, Dice& dice) {
    const bool old = dice.uniform(0, 1) < age;
    const double d = density + dice.uniform(-0.12, 0.12) + (main ? 0.2 : 0.0);
    Character out;
    if (d > 0.72) {
        out = old ? kOldCentre : kNewCentre;
        out.shops = main;
    } else if (d > 0.48) {
        out = old ? kOldBlocks : kApartments;
        out.shops = old && main && dice.chance(0.6);
    } else if (d > 0.3) {
        out = kTerraces;
        if (old) out.kinds[1] = HouseKind::kBrick;
    } else {
        out = kVillas;
        if (old) out.kinds[1] = HouseKind::kVilla;
    }
    return out;
}

const Block* block_of(const Land& land, const Vec2& p) {
    for (const Block& block : land.blocks) {
        if (p.x < block.low.x || p.x > block.high.x || p.y < block.low.y || p.y > block.high.y) {
            continue;
        }
        if (math::inside_polygon(p, block.border)) return &block;
    }
    return nullptr;
}

std::vector<Vec2> quad(const Lot& lot, double u0, double u1, double v0, double v1) {
    const auto at = [&](double u, double v) { return lot.origin + u * lot.u + v * lot.v; };
    std::vector<Vec2> ring{at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)};
    if (math::cross(lot.u, lot.v) < 0) std::reverse(ring.begin(), ring.end());
    return ring;
}

void add_house(const House& house, const Lot& lot, double floor_m, double lowest_m,
               Builder& builder) {
    const Box2& box = lot.house;
    const auto X_WH = math::upright(Vec3(box.centre, floor_m), box.yaw_rad);
    const double foundation = std::clamp(floor_m - lowest_m + 0.4, 0.3, kFoundation_m);
    const ActorId id = builder.add_object(
        Semantic::kBuilding, math::upright(Vec3(box.centre, lowest_m - 0.1), box.yaw_rad),
        box_extent(2 * box.half.x, 2 * box.half.y,
                   catalogue::height_m(house) + floor_m - lowest_m + 0.1),
        true);
    Mesh mesh = catalogue::house_mesh(house);
    // A foundation down into the slope.
    catalogue::MeshBuilder base_builder;
    base_builder.use(Material::kConcrete, {0.55F, 0.54F, 0.52F});
    base_builder.box({0, 0.5 * house.depth_m, -0.5 * foundation},
                     {0.5 * house.width_m - 0.01, 0.5 * house.depth_m - 0.01, 0.5 * foundation});
    const MeshLod base = base_builder.finish();
    for (MeshLod& lod : mesh.lods) catalogue::append(lod, base, {});
    update_bounds(mesh);
    // The mesh's origin is the middle of the front, its depth along +y.
    const Vec3 front = X_WH * Vec3(0, -box.half.y, 0);
    builder.add_instance(builder.add_mesh(std::move(mesh)), math::upright(front, box.yaw_rad),
                         Semantic::kBuilding, id);
}

// Where people walk, also on pavements that narrow to nothing.
Occupied walked_ways(const World& world) {
    Occupied ways;
    constexpr double kWay_m = 0.3;  // half of what a person needs
    for (const Walkway& walkway : world.roads.walkways) {
        for (std::size_t k = 0; k + 1 < walkway.points.size(); ++k) {
            const Vec2 a = math::xy(walkway.points[k]), ab = math::xy(walkway.points[k + 1]) - a;
            ways.add({a + 0.5 * ab, std::atan2(ab.y, ab.x), {0.5 * glm::length(ab), kWay_m}});
        }
    }
    return ways;
}

// Rows of houses along the roads.
class HouseRows {
  public:
    HouseRows(const DressingParameters& parameters, const engine::road::RoadGeometry& geometry,
              Land& land, const LandHeight& height, std::vector<Zone>& zones, Builder& builder)
        : parameters_(parameters),
          geometry_(geometry),
          land_(land),
          height_(height),
          zones_(zones),
          builder_(builder),
          dice_(parameters.key.with("houses")),
          ways_(walked_ways(builder.world())) {}

    void choose_parks() {
        for (Block& block : land_.blocks) {
            const bool chosen = dice_.chance(0.09);
            block.park = block.area_m2 < kIsland_m2 || (block.area_m2 < 16000 && chosen);
        }
    }

    void add_row(const Front& front) {
        if (front.rank == Rank::kMotorway) return;
        const Character character = character_of(front);
        if (front.rank == Rank::kRural && !dice_.chance(0.4)) return;
        double s = -kBeyondEnd_m;
        const double end = front.length_m + kBeyondEnd_m;
        while (s < end) {
            const Plan plan = draw_plan(character);
            if (s + plan.house.width_m > end) break;
            s += build(plan, lay_out(front, s, plan));
        }
    }

    std::vector<Lot> lots() && { return std::move(lots_); }

  private:
    // A house that is to be built.
    struct Plan {
        House house;
        double gap_m = 0;  // to the next one
        double setback_m = 0;
        bool garden = false;
    };

    // Dense in the middle of the town.
    Character character_of(const Front& front) {
        const Vec2 centre = 0.5 * (land_.low + land_.high);
        const Vec2 size = land_.high - land_.low;
        const double reach = 0.5 * std::max(200.0, std::max(size.x, size.y));
        const FrontPoint middle = front_point(geometry_, front, 0.5 * front.length_m, 0);
        const double outwards = glm::length(middle.p - centre) / reach;
        const double density =
            std::clamp(parameters_.density * 1.25 - 0.55 * outwards * outwards, 0.0, 1.0) *
            (front.rank == Rank::kRural ? 0.3 : 1.0);
        Character character =
            draw_character(density, parameters_.age, front.rank == Rank::kMain, dice_);
        if (!front.pavement) {
            character.setback_m.low += 3.0;
            character.setback_m.high += 6.0;
        }
        return character;
    }

    Plan draw_plan(const Character& character) {
        Plan plan;
        House& house = plan.house;
        house.kind = character.kinds[dice_.index(2)];
        house.width_m = dice_.uniform(character.width_m.low, character.width_m.high);
        house.depth_m = dice_.uniform(character.depth_m.low, character.depth_m.high);
        house.storeys = dice_.integer(character.storeys_low, character.storeys_high);
        house.shop = character.shops;
        house.variant = parameters_.key.with("house").bits(count_++);
        plan.gap_m = dice_.uniform(character.gap_m.low, character.gap_m.high);
        plan.setback_m = dice_.uniform(character.setback_m.low, character.setback_m.high);
        plan.garden = character.garden;
        return plan;
    }

    Lot lay_out(const Front& front, double s_m, const Plan& plan) const {
        const House& house = plan.house;
        const double sign = front.sign();
        const FrontPoint q = front_point(geometry_, front, s_m + 0.5 * house.width_m, 0);
        // A bend inwards pushes the straight front back.
        const double sag =
            std::max(0.0, -sign * q.curvature_per_m) * house.width_m * house.width_m / 8.0;
        Lot lot;
        lot.setback_m = plan.setback_m + sag;
        lot.origin = q.p;
        lot.u = math::direction(q.heading_rad) * sign;
        lot.v = math::perp(math::direction(q.heading_rad)) * sign;
        lot.width_m = house.width_m + plan.gap_m;
        lot.depth_m = lot.setback_m + house.depth_m + 6.0;
        lot.garden = plan.garden;
        lot.house.centre = lot.origin + (lot.setback_m + 0.5 * house.depth_m) * lot.v;
        lot.house.yaw_rad = math::wrap_angle(q.heading_rad + (front.left ? 0 : math::kPi));
        lot.house.half = {0.5 * house.width_m, 0.5 * house.depth_m};
        return lot;
    }

    // The house, where there is room for it. How far along the front the next one is tried [m].
    double build(const Plan& plan, const Lot& lot) {
        // Neighbours in a row may touch.
        Box2 grown = lot.house;
        grown.half += Vec2(-0.03, 0.1);
        const Block* block = block_of(land_, lot.house.centre);
        const bool fits = (block == nullptr || !block->park) && land_.free(lot.house, true) &&
                          ways_.free(lot.house) && builder_.occupied.free(grown);
        if (!fits) return 2.0;
        // The floor lies a little over the front; the foundation reaches down to the back.
        double lowest = 1e30, highest = -1e30;
        for (const Vec2& corner : lot.house.corners()) {
            lowest = std::min(lowest, height_(corner));
            highest = std::max(highest, height_(corner));
        }
        if (highest - lowest > 3.2) return 3.0;
        const Vec2 door = lot.origin + lot.setback_m * lot.v;
        const double floor = std::clamp(height_(door), highest - 0.9, lowest + kFoundation_m - 0.4);
        builder_.occupied.add(grown);
        add_house(plan.house, lot, floor, lowest, builder_);
        add_ground(plan, lot);
        lots_.push_back(lot);
        return plan.house.width_m + plan.gap_m;
    }

    void add_ground(const Plan& plan, const Lot& lot) {
        const double half = 0.5 * lot.width_m;
        if (lot.garden) {
            zones_.push_back({Ground::kLawn, quad(lot, -half, half, 0.15, lot.depth_m)});
            zones_.push_back({Ground::kSlabs, quad(lot, -0.6, 0.6, 0.05, lot.setback_m)});
        } else {
            zones_.push_back({Ground::kSlabs, quad(lot, -half, half, 0.05, lot.setback_m + 0.1)});
            zones_.push_back({dice_.chance(0.5) ? Ground::kPaved : Ground::kLawn,
                              quad(lot, -half, half, lot.setback_m, lot.depth_m)});
        }
        // A driveway beside a detached house.
        if (lot.garden && plan.gap_m > 4.2 && dice_.chance(0.7)) {
            const double u = 0.5 * plan.house.width_m + 0.5;
            Box2 drive;
            drive.centre = lot.origin + (u + 1.5) * lot.u + (0.5 * lot.setback_m + 2.0) * lot.v;
            drive.yaw_rad = std::atan2(lot.v.y, lot.v.x);
            drive.half = {0.5 * lot.setback_m + 1.9, 1.4};
            zones_.push_back({Ground::kPaved, quad(lot, u, u + 3.0, 0.05, lot.setback_m + 4.0)});
            builder_.occupied.take(drive);
        }
    }

    const DressingParameters& parameters_;
    const engine::road::RoadGeometry& geometry_;
    Land& land_;
    const LandHeight& height_;
    std::vector<Zone>& zones_;
    Builder& builder_;
    Dice dice_;
    Occupied ways_;
    std::vector<Lot> lots_;
    std::uint64_t count_ = 0;
};

}  // namespace

std::vector<Lot> add_houses(const DressingParameters& parameters,
                            const engine::road::RoadGeometry& geometry,
                            const std::vector<Front>& fronts, Land& land, const LandHeight& height,
                            std::vector<Zone>& zones, Builder& builder) {
    HouseRows rows(parameters, geometry, land, height, zones, builder);
    rows.choose_parks();
    for (const Front& front : fronts) rows.add_row(front);
    return std::move(rows).lots();
}

void add_skyline(const DressingParameters& parameters, const Land& land, const LandHeight& height,
                 Builder& builder) {
    Dice dice(parameters.key.with("skyline"));
    constexpr int kSectors = 24, kRings = 3;
    constexpr double kBetween_m = 60.0;
    const Vec2 centre = 0.5 * (land.low + land.high);
    const Vec2 half = 0.5 * (land.high - land.low);
    std::vector<Mesh> sectors(kSectors);
    for (int ring = 0; ring < kRings; ++ring) {
        const double out = 150.0 + 120.0 * ring;
        const Vec2 radii = half * 1.1 + out;
        const int count = static_cast<int>(math::kPi * (radii.x + radii.y) / kBetween_m);
        for (int i = 0; i < count; ++i) {
            House house;
            house.kind = dice.chance(0.5) ? HouseKind::kBlock : HouseKind::kModern;
            if (parameters.density < 0.4 && dice.chance(0.6)) house.kind = HouseKind::kVilla;
            house.width_m = dice.uniform(18, 42);
            house.depth_m = dice.uniform(12, 20);
            house.storeys = dice.integer(2, 4 + static_cast<int>(5 * parameters.density));
            house.variant = dice.index(1000);
            const double turn = 2 * math::kPi * (i + dice.uniform(0.05, 0.95)) / count;
            const Vec2 p = centre + (radii + dice.uniform(-35, 35)) * math::direction(turn);
            const double yaw = turn - 0.5 * math::kPi + dice.uniform(-0.5, 0.5);
            Box2 box{p, yaw, {0.5 * house.width_m, 0.5 * house.depth_m}};
            if (!land.free(box) || !builder.occupied.take(box)) continue;
            // Fronts look at the town; the mesh begins a little below the ground.
            double lowest = height(p);
            for (const Vec2& corner : box.corners()) lowest = std::min(lowest, height(corner));
            const auto X_WM = math::upright(Vec3(p, lowest - 0.3), yaw);
            Mesh& sector = sectors[static_cast<std::size_t>(turn / (2 * math::kPi) * kSectors) %
                                   static_cast<std::size_t>(kSectors)];
            sector.name = "skyline";
            sector.lods.resize(1);
            // The coarse level is all that is ever seen of them.
            catalogue::append(sector.lods[0], catalogue::house_mesh(house).lods.back(), X_WM);
        }
    }
    for (Mesh& sector : sectors) {
        if (sector.lods.empty()) continue;
        update_bounds(sector);
        builder.add_instance(builder.add_mesh(std::move(sector)), {}, Semantic::kBuilding, kNoActor)
            .casts_shadow = false;
    }
}

}  // namespace huntsman::scenarios::dressing
