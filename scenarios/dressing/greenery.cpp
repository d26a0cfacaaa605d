#include "scenarios/dressing/greenery.h"

#include <algorithm>

namespace huntsman::scenarios::dressing {

namespace math = engine::math;
using namespace engine::world;

namespace {

bool place_tree(Scene& scene, Dice& dice, const Vec2& p, int kind, double z_m, double room_m,
                bool clear_of_roads) {
    const Box2 box{p, 0, {room_m, room_m}};
    if (clear_of_roads && scene.land.near_road(p)) return false;
    if (scene.land.near_bridge(p)) return false;
    if (!scene.stage.occupied.free(box)) return false;
    scene.stage.occupied.add({p, 0, {0.6, 0.6}});
    const int variant = dice.integer(0, 1);
    const std::uint32_t mesh = scene.shelf.get("tree", 2 * kind + variant, [&] {
        return catalogue::tree(kind, static_cast<std::uint64_t>(variant));
    });
    const auto X_WM = math::upright(Vec3(p, z_m), dice.uniform(-math::kPi, math::kPi));
    const double trunk = catalogue::trunk_radius_m(kind);
    const ActorId id = scene.stage.add_object(
        Semantic::kVegetation, X_WM,
        box_extent(2 * trunk, 2 * trunk, catalogue::tree_height_m(kind)), true);
    scene.stage.add_instance(mesh, X_WM, Semantic::kVegetation, id);
    return true;
}

}  // namespace

void add_pavement_furniture(Scene& scene, const std::vector<Front>& fronts) {
    Dice dice(scene.parameters.key.with("furniture"));
    const RoadModel& model = scene.geometry.model();
    for (const Front& front : fronts) {
        const bool lamps = front.rank == Rank::kMain || front.left;
        const bool trees = dice.chance(front.rank == Rank::kMain ? 0.75 : 0.45);
        const int kind = front.pavement_m > 3.0 ? dice.integer(0, 1) : 2;
        const double spacing = dice.uniform(11, 16);
        if (!front.pavement || front.pavement_m < 1.8 || front.length_m < 22) continue;
        const double sign = front.sign();
        // Where people cross, vehicles park or buses stop, the kerb stays free.
        std::vector<std::pair<double, double>> kept;
        for (const ModelObject& object : model.roads[front.road].objects) {
            if (object.type == "crosswalk") {
                kept.push_back({object.s_m - 5.5, object.s_m + 5.5});
            } else if ((object.subtype == "busStop" || object.type == "busStop") &&
                       object.t_m * sign > 0) {
                kept.push_back({object.s_m - 9.0, object.s_m + 9.0});
            }
        }
        const auto steady = [&](double s) {
            const double here = kerb_t_m(scene.geometry, front, s);
            for (const double off : {-2.5, 2.5}) {
                if (std::abs(kerb_t_m(scene.geometry, front, s + off) - here) > 0.02) return false;
            }
            return std::none_of(kept.begin(), kept.end(), [&](const auto& span) {
                return s > span.first && s < span.second;
            });
        };
        const auto spot = [&](double s, double from_kerb) {
            const double t = kerb_t_m(scene.geometry, front, s) + sign * from_kerb;
            return scene.geometry.pose({front.road, s, t, 0});
        };
        const double begin = 6.0, end = front.length_m - 6.0;
        if (lamps) {
            const int count = std::max(1, static_cast<int>(std::lround((end - begin) / 28.0)));
            for (int i = 0; i < count; ++i) {
                const double s = begin + (end - begin) * (i + 0.5) / count;
                if (!steady(s)) continue;
                const auto pose = spot(s, 0.45);
                const Vec2 p = math::xy(pose.p);
                if (scene.land.near_bridge(p) || !scene.stage.occupied.take({p, 0, {0.35, 0.35}}))
                    continue;
                const auto X_WM = math::upright(
                    pose.p, math::wrap_angle(pose.heading_rad - sign * 0.5 * math::kPi));
                const ActorId id = scene.stage.add_object(
                    Semantic::kPole, X_WM, box_extent(0.18, 0.18, catalogue::kStreetLampHeight_m),
                    true);
                const auto mesh =
                    scene.shelf.get("lamp", 0, [] { return catalogue::street_lamp(); });
                scene.stage.add_instance(mesh, X_WM, Semantic::kPole, id);
            }
        }
        if (trees && front.pavement_m > 2.4) {
            for (double s = begin + 4.0; s < end - 4.0; s += spacing) {
                if (!steady(s)) continue;
                const auto pose = spot(s, 0.6);
                place_tree(scene, dice, math::xy(pose.p), kind, pose.p.z, 0.9, false);
            }
        }
        // Benches and bins at the back of wide pavements.
        if (front.pavement_m < 3.0) continue;
        for (double s = begin + dice.uniform(5, 25); s < end - 5; s += dice.uniform(25, 50)) {
            if (!steady(s)) continue;
            const double width =
                std::abs(edge_t_m(scene.geometry, front, s) - kerb_t_m(scene.geometry, front, s));
            const auto pose = spot(s, width - 0.45);
            const auto beside = spot(s + 1.4, width - 0.4);
            const double yaw = math::wrap_angle(pose.heading_rad - sign * 0.5 * math::kPi);
            if (!scene.stage.occupied.take({math::xy(pose.p), yaw, {0.35, 0.9}})) continue;
            const auto bench = scene.shelf.get("bench", 0, [] { return catalogue::bench(); });
            const auto bin = scene.shelf.get("bin", 0, [] { return catalogue::bin(); });
            const auto X_WB = math::upright(pose.p, yaw);
            scene.stage.add_instance(
                bench, X_WB, Semantic::kOther,
                scene.stage.add_object(Semantic::kOther, X_WB, box_extent(0.5, 1.6, 0.8), true));
            if (!scene.stage.occupied.take({math::xy(beside.p), 0, {0.3, 0.3}})) continue;
            const auto X_WR = math::upright(beside.p, yaw);
            scene.stage.add_instance(
                bin, X_WR, Semantic::kOther,
                scene.stage.add_object(Semantic::kOther, X_WR, box_extent(0.4, 0.4, 0.9), true));
        }
    }
}

void add_greenery(Scene& scene, const std::vector<Lot>& lots, std::vector<Zone>& zones) {
    Dice dice(scene.parameters.key.with("greenery"));
    const auto solid = [&](const char* name, const Vec2& p, double yaw, double length,
                           bool hedged) {
        const Box2 box{p, yaw, {0.5 * length - 0.02, 0.3}};
        if (!scene.land.free(box) || !scene.stage.occupied.take(box)) return;
        const auto X_WM = math::upright(Vec3(p, scene.height(p) - 0.02), yaw);
        const auto mesh = scene.shelf.get(name, static_cast<int>(length * 100), [&] {
            return hedged ? catalogue::hedge(length) : catalogue::fence(length);
        });
        const Semantic semantic = hedged ? Semantic::kVegetation : Semantic::kFence;
        const ActorId id = scene.stage.add_object(
            semantic, X_WM,
            box_extent(length, hedged ? catalogue::kHedgeWidth_m : 0.1, catalogue::kHedgeHeight_m),
            true);
        scene.stage.add_instance(mesh, X_WM, semantic, id);
    };
    for (const Lot& lot : lots) {
        const int kind = dice.integer(0, 2);  // hedge, fence, open
        const double share = dice.uniform(0, 1);
        if (lot.garden && kind < 2 && lot.setback_m > 2.0) {
            // Along the front, open at the path and the driveway.
            constexpr double kPiece_m = 2.0;
            const double half = 0.5 * lot.width_m;
            for (double u = -half + 0.5 * kPiece_m; u < half; u += kPiece_m) {
                const bool path = std::abs(u) < 0.7 + 0.5 * kPiece_m;
                if (path || u > lot.house.half.x) continue;
                const Vec2 p = lot.origin + u * lot.u + 0.75 * lot.v;
                solid(kind == 0 ? "hedge" : "fence", p, std::atan2(lot.u.y, lot.u.x), kPiece_m,
                      kind == 0);
            }
        }
        if (lot.garden && share < 0.7) {
            // A tree in front, and one behind.
            const double side = dice.uniform(-0.4, 0.4) * lot.width_m;
            if (lot.setback_m > 3.5) {
                const Vec2 p = lot.origin + side * lot.u + (0.55 * lot.setback_m) * lot.v;
                if (std::abs(side) > 1.8) {
                    place_tree(scene, dice, p, 2, scene.height(p) - 0.05, 1.2, true);
                }
            }
            const Vec2 back =
                lot.origin - side * lot.u + (lot.depth_m + dice.uniform(0, 4)) * lot.v;
            place_tree(scene, dice, back, dice.integer(0, 2), scene.height(back) - 0.05, 1.6, true);
        }
    }
    // Parks: paths from side to side, trees; other blocks: trees in their yards.
    for (const Block& block : scene.land.blocks) {
        const double area = std::min(block.area_m2, 60000.0);
        const Vec2 middle = 0.5 * (block.low + block.high);
        constexpr double kPaths_m2 = 1800.0;  // smaller ones have no paths
        if (block.park && block.area_m2 > kPaths_m2) {
            const Vec2 size = block.high - block.low;
            for (const double turn : {dice.uniform(0.3, 1.2), dice.uniform(1.9, 2.8)}) {
                const Vec2 along = math::direction(turn), across = math::perp(along);
                const double reach = 0.5 * glm::length(size);
                // Only the part inside the block, as short pieces.
                for (double s = -reach; s < reach; s += 4.0) {
                    const Vec2 a = middle + s * along, b = middle + (s + 4.0) * along;
                    if (!math::inside_polygon(a, block.border) ||
                        !math::inside_polygon(b, block.border) || scene.land.near_road(a) ||
                        scene.land.near_road(b)) {
                        continue;
                    }
                    zones.push_back(
                        {Ground::kGravel,
                         {a - 1.1 * across, b - 1.1 * across, b + 1.1 * across, a + 1.1 * across}});
                    scene.stage.occupied.add({0.5 * (a + b), turn, {2.0, 1.4}});
                }
            }
        }
        const int wanted = static_cast<int>(area / (block.park ? 130.0 : 650.0));
        for (int i = 0; i < wanted; ++i) {
            const Vec2 p(dice.uniform(block.low.x, block.high.x),
                         dice.uniform(block.low.y, block.high.y));
            const int kind = dice.integer(0, 2);
            if (!math::inside_polygon(p, block.border)) continue;
            place_tree(scene, dice, p, kind, scene.height(p) - 0.05, 3.0, true);
        }
    }
    // The land outside: woods in clumps.
    const Vec2 size = scene.land.high - scene.land.low;
    const int clumps = static_cast<int>((size.x + size.y) / 24.0);
    for (int c = 0; c < clumps; ++c) {
        const Vec2 at(dice.uniform(scene.land.low.x - 260, scene.land.high.x + 260),
                      dice.uniform(scene.land.low.y - 260, scene.land.high.y + 260));
        const int kind = dice.integer(0, 1);
        const int trees = dice.integer(2, 9);
        for (int i = 0; i < trees; ++i) {
            const Vec2 p = at + Vec2(dice.uniform(-16, 16), dice.uniform(-16, 16));
            const bool in_block = std::any_of(
                scene.land.blocks.begin(), scene.land.blocks.end(),
                [&](const Block& block) { return math::inside_polygon(p, block.border); });
            if (!in_block) place_tree(scene, dice, p, kind, scene.height(p) - 0.1, 3.0, true);
        }
    }
}

}  // namespace huntsman::scenarios::dressing
