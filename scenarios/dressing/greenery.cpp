#include "scenarios/dressing/greenery.h"

#include <fmt/format.h>

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
    if (!scene.builder.occupied.free(box)) return false;
    scene.builder.occupied.add({p, 0, {0.6, 0.6}});
    const int variant = dice.integer(0, 1);
    const std::uint32_t mesh = scene.builder.mesh(fmt::format("tree {}", 2 * kind + variant), [&] {
        return catalogue::tree(kind, static_cast<std::uint64_t>(variant));
    });
    const auto X_WM = math::upright(Vec3(p, z_m), dice.uniform(-math::kPi, math::kPi));
    const double trunk = catalogue::trunk_radius_m(kind);
    const ActorId id = scene.builder.add_object(
        Semantic::kVegetation, X_WM,
        box_extent(2 * trunk, 2 * trunk, catalogue::tree_height_m(kind)), true);
    scene.builder.add_instance(mesh, X_WM, Semantic::kVegetation, id);
    return true;
}

// Lamps, trees, benches and bins along one front.
class PavementRow {
  public:
    PavementRow(Scene& scene, const Front& front)
        : scene_(scene), front_(front), end_m_(front.length_m - kBegin_m) {
        // Where people cross, vehicles park or buses stop, the kerb stays free.
        for (const ModelObject& object : scene.geometry.model().roads[front.road].objects) {
            if (object.type == "crosswalk") {
                kept_free_.push_back({object.s_m - 5.5, object.s_m + 5.5});
            } else if ((object.subtype == "busStop" || object.type == "busStop") &&
                       object.t_m * front.sign() > 0) {
                kept_free_.push_back({object.s_m - 9.0, object.s_m + 9.0});
            }
        }
    }

    void add_lamps() {
        const double length = end_m_ - kBegin_m;
        const int count = std::max(1, static_cast<int>(std::lround(length / 28.0)));
        for (int i = 0; i < count; ++i) {
            const double s = kBegin_m + length * (i + 0.5) / count;
            if (!free_at(s)) continue;
            const auto pose = spot(s, 0.45);
            const Vec2 p = math::xy(pose.p);
            if (scene_.land.near_bridge(p) || !scene_.builder.occupied.take({p, 0, {0.35, 0.35}})) {
                continue;
            }
            const auto mesh = scene_.builder.mesh("lamp", [] { return catalogue::street_lamp(); });
            add_object(mesh, math::upright(pose.p, yaw_of(pose)), Semantic::kPole,
                       box_extent(0.18, 0.18, catalogue::kStreetLampHeight_m));
        }
    }

    void add_trees(Dice& dice, int kind, double spacing_m) {
        for (double s = kBegin_m + 4.0; s < end_m_ - 4.0; s += spacing_m) {
            if (!free_at(s)) continue;
            const auto pose = spot(s, 0.6);
            place_tree(scene_, dice, math::xy(pose.p), kind, pose.p.z, 0.9, false);
        }
    }

    // Benches with bins at the pavement's back.
    void add_benches(Dice& dice) {
        for (double s = kBegin_m + dice.uniform(5, 25); s < end_m_ - 5; s += dice.uniform(25, 50)) {
            if (!free_at(s)) continue;
            const double width = std::abs(edge_t_m(scene_.geometry, front_, s) -
                                          kerb_t_m(scene_.geometry, front_, s));
            const auto pose = spot(s, width - 0.45);
            const auto beside = spot(s + 1.4, width - 0.4);
            const double yaw = yaw_of(pose);
            if (!scene_.builder.occupied.take({math::xy(pose.p), yaw, {0.35, 0.9}})) continue;
            const auto bench = scene_.builder.mesh("bench", [] { return catalogue::bench(); });
            const auto bin = scene_.builder.mesh("bin", [] { return catalogue::bin(); });
            add_object(bench, math::upright(pose.p, yaw), Semantic::kOther,
                       box_extent(0.5, 1.6, 0.8));
            if (!scene_.builder.occupied.take({math::xy(beside.p), 0, {0.3, 0.3}})) continue;
            add_object(bin, math::upright(beside.p, yaw), Semantic::kOther,
                       box_extent(0.4, 0.4, 0.9));
        }
    }

  private:
    static constexpr double kBegin_m = 6.0;  // from either end of the front

    // The kerb runs straight here and nobody needs it.
    bool free_at(double s_m) const {
        const double here = kerb_t_m(scene_.geometry, front_, s_m);
        for (const double off : {-2.5, 2.5}) {
            if (std::abs(kerb_t_m(scene_.geometry, front_, s_m + off) - here) > 0.02) return false;
        }
        return std::none_of(kept_free_.begin(), kept_free_.end(), [&](const auto& span) {
            return s_m > span.first && s_m < span.second;
        });
    }

    engine::road::RoadPose spot(double s_m, double from_kerb_m) const {
        const double t = kerb_t_m(scene_.geometry, front_, s_m) + front_.sign() * from_kerb_m;
        return scene_.geometry.pose({front_.road, s_m, t, 0});
    }

    // Facing the road.
    double yaw_of(const engine::road::RoadPose& pose) const {
        return math::wrap_angle(pose.heading_rad - front_.sign() * 0.5 * math::kPi);
    }

    void add_object(std::uint32_t mesh, const math::RigidTransform& X_WM, Semantic semantic,
                    const Extent& extent) {
        const ActorId id = scene_.builder.add_object(semantic, X_WM, extent, true);
        scene_.builder.add_instance(mesh, X_WM, semantic, id);
    }

    Scene& scene_;
    const Front& front_;
    double end_m_;
    std::vector<std::pair<double, double>> kept_free_;  // spans of s
};

// What grows on lots, in parks and outside the town.
class Greenery {
  public:
    Greenery(Scene& scene, std::vector<Zone>& zones)
        : scene_(scene), zones_(zones), dice_(scene.parameters.key.with("greenery")) {}

    void add_lot(const Lot& lot) {
        const int border = dice_.integer(0, 2);  // hedge, fence, open
        const double share = dice_.uniform(0, 1);
        if (!lot.garden) return;
        if (border < 2 && lot.setback_m > 2.0) add_border(lot, border == 0);
        if (share < 0.7) add_garden_trees(lot);
    }

    // Parks: paths from side to side, trees; other blocks: trees in their yards.
    void add_block(const Block& block) {
        constexpr double kPaths_m2 = 1800.0;  // smaller ones have no paths
        const double area = std::min(block.area_m2, 60000.0);
        if (block.park && block.area_m2 > kPaths_m2) {
            for (const double turn : {dice_.uniform(0.3, 1.2), dice_.uniform(1.9, 2.8)}) {
                add_path(block, turn);
            }
        }
        const int wanted = static_cast<int>(area / (block.park ? 130.0 : 650.0));
        for (int i = 0; i < wanted; ++i) {
            const Vec2 p(dice_.uniform(block.low.x, block.high.x),
                         dice_.uniform(block.low.y, block.high.y));
            const int kind = dice_.integer(0, 2);
            if (math::inside_polygon(p, block.border)) add_tree(p, kind, 0.05, 3.0);
        }
    }

    // The land outside: woods in clumps.
    void add_woods() {
        const Land& land = scene_.land;
        const Vec2 size = land.high - land.low;
        const int clumps = static_cast<int>((size.x + size.y) / 24.0);
        for (int c = 0; c < clumps; ++c) {
            const Vec2 at(dice_.uniform(land.low.x - 260, land.high.x + 260),
                          dice_.uniform(land.low.y - 260, land.high.y + 260));
            const int kind = dice_.integer(0, 1);
            const int trees = dice_.integer(2, 9);
            for (int i = 0; i < trees; ++i) {
                const Vec2 p = at + Vec2(dice_.uniform(-16, 16), dice_.uniform(-16, 16));
                const bool in_block = std::any_of(
                    land.blocks.begin(), land.blocks.end(),
                    [&](const Block& block) { return math::inside_polygon(p, block.border); });
                if (!in_block) add_tree(p, kind, 0.1, 3.0);
            }
        }
    }

  private:
    void add_tree(const Vec2& p, int kind, double sunk_m, double room_m) {
        place_tree(scene_, dice_, p, kind, scene_.height(p) - sunk_m, room_m, true);
    }

    // Along the front, open at the path and the driveway.
    void add_border(const Lot& lot, bool hedge) {
        constexpr double kPiece_m = 2.0;
        const double half = 0.5 * lot.width_m;
        for (double u = -half + 0.5 * kPiece_m; u < half; u += kPiece_m) {
            const bool path = std::abs(u) < 0.7 + 0.5 * kPiece_m;
            if (path || u > lot.house.half.x) continue;
            add_border_piece(lot.origin + u * lot.u + 0.75 * lot.v, std::atan2(lot.u.y, lot.u.x),
                             kPiece_m, hedge);
        }
    }

    void add_border_piece(const Vec2& p, double yaw_rad, double length_m, bool hedge) {
        const Box2 box{p, yaw_rad, {0.5 * length_m - 0.02, 0.3}};
        if (!scene_.land.free(box) || !scene_.builder.occupied.take(box)) return;
        const auto X_WM = math::upright(Vec3(p, scene_.height(p) - 0.02), yaw_rad);
        const auto mesh = scene_.builder.mesh(
            fmt::format("{} {:.2f}", hedge ? "hedge" : "fence", length_m),
            [&] { return hedge ? catalogue::hedge(length_m) : catalogue::fence(length_m); });
        const Semantic semantic = hedge ? Semantic::kVegetation : Semantic::kFence;
        const ActorId id = scene_.builder.add_object(
            semantic, X_WM,
            box_extent(length_m, hedge ? catalogue::kHedgeWidth_m : 0.1, catalogue::kHedgeHeight_m),
            true);
        scene_.builder.add_instance(mesh, X_WM, semantic, id);
    }

    // A tree in front, and one behind.
    void add_garden_trees(const Lot& lot) {
        const double side = dice_.uniform(-0.4, 0.4) * lot.width_m;
        if (lot.setback_m > 3.5 && std::abs(side) > 1.8) {
            add_tree(lot.origin + side * lot.u + (0.55 * lot.setback_m) * lot.v, 2, 0.05, 1.2);
        }
        const Vec2 back = lot.origin - side * lot.u + (lot.depth_m + dice_.uniform(0, 4)) * lot.v;
        add_tree(back, dice_.integer(0, 2), 0.05, 1.6);
    }

    // A straight path through a block's middle: only the part inside, as short pieces.
    void add_path(const Block& block, double turn_rad) {
        const Vec2 middle = 0.5 * (block.low + block.high);
        const Vec2 along = math::direction(turn_rad), across = math::perp(along);
        const double reach = 0.5 * glm::length(block.high - block.low);
        for (double s = -reach; s < reach; s += 4.0) {
            const Vec2 a = middle + s * along, b = middle + (s + 4.0) * along;
            if (!math::inside_polygon(a, block.border) || !math::inside_polygon(b, block.border) ||
                scene_.land.near_road(a) || scene_.land.near_road(b)) {
                continue;
            }
            zones_.push_back(
                {Ground::kGravel,
                 {a - 1.1 * across, b - 1.1 * across, b + 1.1 * across, a + 1.1 * across}});
            scene_.builder.occupied.add({0.5 * (a + b), turn_rad, {2.0, 1.4}});
        }
    }

    Scene& scene_;
    std::vector<Zone>& zones_;
    Dice dice_;
};

}  // namespace

void add_pavement_furniture(Scene& scene, const std::vector<Front>& fronts) {
    Dice dice(scene.parameters.key.with("furniture"));
    for (const Front& front : fronts) {
        const bool lamps = front.rank == Rank::kMain || front.left;
        const bool trees = dice.chance(front.rank == Rank::kMain ? 0.75 : 0.45);
        const int kind = front.pavement_m > 3.0 ? dice.integer(0, 1) : 2;
        const double spacing = dice.uniform(11, 16);
        if (!front.pavement || front.pavement_m < 1.8 || front.length_m < 22) continue;
        PavementRow row(scene, front);
        if (lamps) row.add_lamps();
        if (trees && front.pavement_m > 2.4) row.add_trees(dice, kind, spacing);
        if (front.pavement_m >= 3.0) row.add_benches(dice);
    }
}

void add_greenery(Scene& scene, const std::vector<Lot>& lots, std::vector<Zone>& zones) {
    Greenery greenery(scene, zones);
    for (const Lot& lot : lots) greenery.add_lot(lot);
    for (const Block& block : scene.land.blocks) greenery.add_block(block);
    greenery.add_woods();
}

}  // namespace huntsman::scenarios::dressing
