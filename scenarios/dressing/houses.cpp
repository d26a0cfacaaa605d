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

// How a stretch of a road is built up.
struct Character {
    std::array<HouseKind, 2> kinds{};
    double gap_low_m = 0, gap_high_m = 0, setback_low_m = 0, setback_high_m = 0;
    int storeys_low = 1, storeys_high = 1;
    double width_low_m = 8, width_high_m = 12, depth_low_m = 9, depth_high_m = 12.5;
    bool shops = false, garden = false;
};

// From the local density: villas, terraces, apartment houses, closed blocks, a centre of shops.
Character character(double density, double age, bool main, Dice& dice) {
    const bool old = dice.uniform(0, 1) < age;
    const double d = density + dice.uniform(-0.12, 0.12) + (main ? 0.2 : 0.0);
    if (d > 0.72) {
        if (old)
            return {{HouseKind::kBlock, HouseKind::kBrick},
                    0,
                    0.02,
                    0.1,
                    0.4,
                    4,
                    6,
                    11,
                    18,
                    10,
                    13,
                    main,
                    false};
        return {{HouseKind::kModern, HouseKind::kBlock},
                0,
                5,
                0.3,
                2.0,
                5,
                8,
                16,
                26,
                12,
                15,
                main,
                false};
    }
    if (d > 0.48) {
        if (old)
            return {{HouseKind::kBrick, HouseKind::kBlock},
                    0,
                    0.02,
                    0.3,
                    1.2,
                    3,
                    5,
                    10,
                    16,
                    10,
                    12.5,
                    main && dice.chance(0.6),
                    false};
        return {{HouseKind::kModern, HouseKind::kBlock},
                4,
                9,
                2.5,
                4.5,
                3,
                5,
                15,
                24,
                11,
                13,
                false,
                true};
    }
    if (d > 0.3) {
        return {{HouseKind::kTerraced, old ? HouseKind::kBrick : HouseKind::kTerraced},
                0,
                0.02,
                2.4,
                3.6,
                2,
                3,
                6.5,
                9,
                9,
                11,
                false,
                true};
    }
    return {{HouseKind::kVilla, old ? HouseKind::kVilla : HouseKind::kModern},
            5,
            12,
            4.0,
            8.0,
            1,
            2,
            9,
            14,
            8.5,
            11,
            false,
            true};
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

void add_house(const House& house, const Lot& lot, double floor_m, double lowest_m, Stage& stage) {
    const Box2& box = lot.house;
    const auto X_WH = math::upright(Vec3(box.centre, floor_m), box.yaw_rad);
    const double foundation = std::clamp(floor_m - lowest_m + 0.4, 0.3, kFoundation_m);
    const ActorId id = stage.add_object(
        Semantic::kBuilding, math::upright(Vec3(box.centre, lowest_m - 0.1), box.yaw_rad),
        box_extent(2 * box.half.x, 2 * box.half.y,
                   catalogue::height_m(house) + floor_m - lowest_m + 0.1),
        true);
    Mesh mesh = catalogue::house_mesh(house);
    // A foundation down into the slope.
    catalogue::MeshBuilder builder;
    builder.use(Material::kConcrete, {0.55F, 0.54F, 0.52F});
    builder.box({0, 0.5 * house.depth_m, -0.5 * foundation},
                {0.5 * house.width_m - 0.01, 0.5 * house.depth_m - 0.01, 0.5 * foundation});
    const MeshLod base = builder.finish();
    for (MeshLod& lod : mesh.lods) catalogue::append(lod, base, {});
    update_bounds(mesh);
    // The mesh's origin is the middle of the front, its depth along +y.
    const Vec3 front = X_WH * Vec3(0, -box.half.y, 0);
    stage.add_instance(stage.add_mesh(std::move(mesh)), math::upright(front, box.yaw_rad),
                       Semantic::kBuilding, id);
}

}  // namespace

std::vector<Lot> add_houses(const DressingParameters& parameters,
                            const engine::road::RoadGeometry& geometry,
                            const std::vector<Front>& fronts, Land& land, const LandHeight& height,
                            std::vector<Zone>& zones, Stage& stage) {
    std::vector<Lot> lots;
    Dice dice(parameters.key.with("houses"));
    for (Block& block : land.blocks) {
        const bool chosen = dice.chance(0.09);
        block.park = block.area_m2 < kIsland_m2 || (block.area_m2 < 16000 && chosen);
    }
    // Where people walk, also on pavements that narrow to nothing.
    Occupied ways;
    constexpr double kWay_m = 0.3;  // half of what a person needs
    for (const Walkway& walkway : stage.world.roads.walkways) {
        for (std::size_t k = 0; k + 1 < walkway.points.size(); ++k) {
            const Vec2 a = math::xy(walkway.points[k]), ab = math::xy(walkway.points[k + 1]) - a;
            ways.add({a + 0.5 * ab, std::atan2(ab.y, ab.x), {0.5 * glm::length(ab), kWay_m}});
        }
    }
    const Vec2 centre = 0.5 * (land.low + land.high);
    const double reach =
        0.5 * std::max(200.0, std::max(land.high.x - land.low.x, land.high.y - land.low.y));
    std::uint64_t count = 0;
    for (const Front& front : fronts) {
        if (front.rank == Rank::kMotorway) continue;
        const FrontPoint middle = front_point(geometry, front, 0.5 * front.length_m, 0);
        const double outwards = glm::length(middle.p - centre) / reach;
        const double density =
            std::clamp(parameters.density * 1.25 - 0.55 * outwards * outwards, 0.0, 1.0) *
            (front.rank == Rank::kRural ? 0.3 : 1.0);
        Character look = character(density, parameters.age, front.rank == Rank::kMain, dice);
        if (!front.pavement) {
            look.setback_low_m += 3.0;
            look.setback_high_m += 6.0;
        }
        if (front.rank == Rank::kRural && !dice.chance(0.4)) continue;
        const double sign = front.sign();
        double s = -kBeyondEnd_m;
        const double end = front.length_m + kBeyondEnd_m;
        while (s < end) {
            House house;
            house.kind = look.kinds[dice.index(2)];
            house.width_m = dice.uniform(look.width_low_m, look.width_high_m);
            house.depth_m = dice.uniform(look.depth_low_m, look.depth_high_m);
            house.storeys = dice.integer(look.storeys_low, look.storeys_high);
            house.shop = look.shops;
            house.variant = parameters.key.with("house").bits(count++);
            const double gap = dice.uniform(look.gap_low_m, look.gap_high_m);
            const double setback = dice.uniform(look.setback_low_m, look.setback_high_m);
            if (s + house.width_m > end) break;
            // A bend inwards pushes the straight front back.
            FrontPoint q = front_point(geometry, front, s + 0.5 * house.width_m, 0);
            const double sag =
                std::max(0.0, -sign * q.curvature_per_m) * house.width_m * house.width_m / 8.0;
            Lot lot;
            lot.setback_m = setback + sag;
            lot.origin = q.p;
            lot.u = math::direction(q.heading_rad) * sign;
            lot.v = math::perp(math::direction(q.heading_rad)) * sign;
            lot.width_m = house.width_m + gap;
            lot.depth_m = lot.setback_m + house.depth_m + 6.0;
            lot.garden = look.garden;
            lot.house.centre = lot.origin + (lot.setback_m + 0.5 * house.depth_m) * lot.v;
            lot.house.yaw_rad = math::wrap_angle(q.heading_rad + (front.left ? 0 : math::kPi));
            lot.house.half = {0.5 * house.width_m, 0.5 * house.depth_m};
            // Neighbours in a row may touch.
            Box2 grown = lot.house;
            grown.half += Vec2(-0.03, 0.1);
            const Block* block = block_of(land, lot.house.centre);
            const bool fits = (block == nullptr || !block->park) && land.free(lot.house, true) &&
                              ways.free(lot.house) && stage.occupied.free(grown);
            if (!fits) {
                s += 2.0;
                continue;
            }
            // The floor lies a little over the front; the foundation reaches down to the back.
            double lowest = 1e30, highest = -1e30;
            for (const Vec2& corner : lot.house.corners()) {
                lowest = std::min(lowest, height(corner));
                highest = std::max(highest, height(corner));
            }
            const Vec2 door = lot.origin + lot.setback_m * lot.v;
            const double floor =
                std::clamp(height(door), highest - 0.9, lowest + kFoundation_m - 0.4);
            if (highest - lowest > 3.2) {
                s += 3.0;
                continue;
            }
            stage.occupied.add(grown);
            add_house(house, lot, floor, lowest, stage);
            // What the ground around it is.
            if (look.garden) {
                zones.push_back({Ground::kLawn, quad(lot, -0.5 * lot.width_m, 0.5 * lot.width_m,
                                                     0.15, lot.depth_m)});
                zones.push_back({Ground::kSlabs, quad(lot, -0.6, 0.6, 0.05, lot.setback_m)});
            } else {
                zones.push_back({Ground::kSlabs, quad(lot, -0.5 * lot.width_m, 0.5 * lot.width_m,
                                                      0.05, lot.setback_m + 0.1)});
                zones.push_back(
                    {dice.chance(0.5) ? Ground::kPaved : Ground::kLawn,
                     quad(lot, -0.5 * lot.width_m, 0.5 * lot.width_m, lot.setback_m, lot.depth_m)});
            }
            // A driveway beside a detached house.
            if (look.garden && gap > 4.2 && dice.chance(0.7)) {
                const double u = 0.5 * house.width_m + 0.5;
                Box2 drive;
                drive.centre = lot.origin + (u + 1.5) * lot.u + (0.5 * lot.setback_m + 2.0) * lot.v;
                drive.yaw_rad = std::atan2(lot.v.y, lot.v.x);
                drive.half = {0.5 * lot.setback_m + 1.9, 1.4};
                zones.push_back({Ground::kPaved, quad(lot, u, u + 3.0, 0.05, lot.setback_m + 4.0)});
                if (stage.occupied.free(drive)) stage.occupied.add(drive);
            }
            lots.push_back(lot);
            s += house.width_m + gap;
        }
    }
    return lots;
}

void add_skyline(const DressingParameters& parameters, const Land& land, const LandHeight& height,
                 Stage& stage) {
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
            if (!land.free(box) || !stage.occupied.take(box)) continue;
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
        stage.add_instance(stage.add_mesh(std::move(sector)), {}, Semantic::kBuilding, kNoActor)
            .casts_shadow = false;
    }
}

}  // namespace huntsman::scenarios::dressing
