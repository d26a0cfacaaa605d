#include "scenarios/catalogue/furniture.h"

#include <algorithm>
#include <map>

#include "engine/road/road_map.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/town/dice.h"
#include "scenarios/town/scenery.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using math::Box2;
using namespace engine::world;

namespace {

// What stands already, on a coarse grid.
class Crowded {
  public:
    explicit Crowded(const std::vector<Box2>& houses) : houses_(houses) {}
    bool free(const Vec2& p, double radius_m) const {
        const Box2 box{p, 0, {radius_m, radius_m}};
        return std::none_of(houses_.begin(), houses_.end(),
                            [&](const Box2& h) { return math::overlap(h, box); }) &&
               std::none_of(spots_.begin(), spots_.end(), [&](const auto& spot) {
                   return glm::length(spot.first - p) < spot.second + radius_m;
               });
    }
    void add(const Vec2& p, double radius_m) { spots_.push_back({p, radius_m}); }

  private:
    const std::vector<Box2>& houses_;
    std::vector<std::pair<Vec2, double>> spots_;
};

Extent post_extent(double radius_m, double height_m) {
    Extent extent;
    extent.front_m = extent.rear_m = radius_m;
    extent.width_m = 2 * radius_m;
    extent.height_m = height_m;
    return extent;
}

struct Furnisher {
    const Layout& layout;
    const engine::road::RoadMap& roads;
    Stage& stage;
    Crowded crowded;
    Dice dice;
    // Meshes that are shared.
    std::uint32_t lamp = 0, head = 0, walk = 0, bench = 0, bin = 0;
    std::vector<std::uint32_t> trees[catalogue::kTreeKinds];
    std::map<int, std::uint32_t> signs, poles, hedges;

    std::uint32_t add(Mesh mesh) { return catalogue::add_mesh(stage.world.scene, std::move(mesh)); }
    void load() {
        lamp = add(catalogue::street_lamp());
        head = add(catalogue::signal_head());
        walk = add(catalogue::walk_head());
        bench = add(catalogue::bench());
        bin = add(catalogue::bin());
        for (int kind = 0; kind < catalogue::kTreeKinds; ++kind) {
            for (std::uint64_t variant = 0; variant < 2; ++variant) {
                trees[kind].push_back(add(catalogue::tree(kind, variant)));
            }
        }
    }

    // A post that cars can hit; false where it would stand in the way.
    bool post(std::uint32_t mesh, const Vec2& p, double yaw, double radius, double height,
              Semantic semantic, double room) {
        if (!crowded.free(p, room) || roads.on_road(p, 0.2)) return false;
        crowded.add(p, room);
        const auto X_WM = math::upright(Vec3(p, kPavement_m), yaw);
        const ActorId id = stage.add_object(semantic, X_WM, post_extent(radius, height), true);
        stage.add_instance(mesh, X_WM, semantic, id);
        return true;
    }

    void signals(const std::vector<SignalMast>& masts);
    void signs_at_arms();
    void along_street(const Street& street, bool left);
    void yard(const Block& block);
    bool place_tree(const Vec2& p, int kind);
    bool near_crossing(const Street& street, double s) const;
};

void Furnisher::signals(const std::vector<SignalMast>& masts) {
    RoadNetwork& network = stage.world.roads;
    for (const SignalMast& mast : masts) {
        // Poles by height and reach in decimetres.
        const int key = static_cast<int>(std::lround(mast.height_m * 10)) * 1000 +
                        static_cast<int>(std::lround(mast.reach_m * 10));
        if (!poles.contains(key))
            poles[key] = add(catalogue::signal_pole(mast.height_m, mast.reach_m));
        crowded.add(mast.p, 1.5);
        const auto X_WM = math::upright(Vec3(mast.p, kPavement_m), mast.arm_heading_rad);
        const ActorId pole =
            stage.add_object(Semantic::kPole, X_WM, post_extent(0.08, mast.height_m), true);
        stage.add_instance(poles[key], X_WM, Semantic::kPole, pole);
        for (const std::uint32_t index : mast.heads) {
            SignalHead& signal = network.signal_heads[index];
            const bool people = network.signal_groups[signal.group].for_pedestrians;
            Extent extent;
            extent.front_m = extent.rear_m = 0.16;
            extent.width_m = signal.width_m;
            extent.height_m = signal.height_m;
            const Vec3 foot = signal.p - Vec3(0, 0, 0.5 * signal.height_m);
            signal.object = stage.add_object(
                Semantic::kTrafficSignal, math::upright(foot, signal.heading_rad), extent, false);
            stage
                .add_instance(people ? walk : head, math::upright(signal.p, signal.heading_rad),
                              Semantic::kTrafficSignal, signal.object)
                .signal_group = signal.group;
        }
    }
}

void Furnisher::signs_at_arms() {
    for (const Node& node : layout.nodes) {
        for (const Arm& arm : node.arms) {
            const bool stop = arm.control == Control::kStop;
            if (!stop && arm.control != Control::kYield) continue;
            const int kind =
                static_cast<int>(stop ? catalogue::Sign::kStop : catalogue::Sign::kYield);
            if (!signs.contains(kind)) signs[kind] = add(catalogue::sign(catalogue::Sign{kind}));
            const double offset = layout.streets[arm.street].kerb_m() + 0.55;
            post(signs[kind], layout.arm_point(node, arm, arm.stop_m() + 0.5, offset),
                 arm.angle_rad, 0.05, 2.6, Semantic::kTrafficSign, 0.4);
        }
    }
}

bool Furnisher::near_crossing(const Street& street, double s) const {
    return std::any_of(street.zebras_m.begin(), street.zebras_m.end(),
                       [&](double z) { return std::abs(z - s) < 5.0; });
}

bool Furnisher::place_tree(const Vec2& p, int kind) {
    const auto& variants = trees[kind];
    return post(variants[dice.index(variants.size())], p, dice.uniform(-math::kPi, math::kPi),
                catalogue::trunk_radius_m(kind), catalogue::tree_height_m(kind),
                Semantic::kVegetation, 0.6);
}

void Furnisher::along_street(const Street& street, bool left) {
    const Side& side = street.side(left);
    const double sign = left ? 1.0 : -1.0;
    const auto spot = [&](double s, double from_kerb) {
        return street.path.at(s).left(sign * (street.kerb_m(side, s) + from_kerb));
    };
    // Where the kerb comes out or steps back, the walkway runs close by.
    const auto steady = [&](double s) {
        return street.kerb_m(side, s - 2.5) == street.kerb_m(side, s) &&
               street.kerb_m(side, s + 2.5) == street.kerb_m(side, s);
    };
    // Towards the carriageway.
    const auto inward = [&](double s) {
        return math::wrap_angle(street.path.at(s).heading_rad - sign * 0.5 * math::kPi);
    };
    // Lamps: on one side of local streets, on both of arterials.
    const double clear = 6.0;
    const double begin = street.begin_m + clear, end = street.end_m - clear;
    if (street.arterial || left) {
        const int lamps = std::max(1, static_cast<int>(std::lround((end - begin) / 30.0)));
        for (int i = 0; i < lamps; ++i) {
            const double s = begin + (end - begin) * (i + 0.5) / lamps;
            if (near_crossing(street, s) || !steady(s)) continue;
            post(lamp, spot(s, 0.5), inward(s), 0.09, catalogue::kStreetLampHeight_m,
                 Semantic::kPole, 0.5);
        }
    }
    // A speed limit sign after the junction, on the right of those who leave it.
    const double s_sign = left ? street.end_m - 12.0 : street.begin_m + 12.0;
    if (dice.chance(0.35) && steady(s_sign)) {
        const auto which = street.speed_limit_mps < 9    ? catalogue::Sign::kSpeed30
                           : street.speed_limit_mps < 12 ? catalogue::Sign::kSpeed40
                                                         : catalogue::Sign::kSpeed50;
        const int kind = static_cast<int>(which);
        if (!signs.contains(kind)) signs[kind] = add(catalogue::sign(which));
        const double heading = street.path.at(s_sign).heading_rad;
        post(signs[kind], spot(s_sign, 0.5), math::wrap_angle(heading + (left ? 0 : math::kPi)),
             0.05, 2.6, Semantic::kTrafficSign, 0.4);
    }
    // Street trees, evenly spaced, of one kind.
    const double width = side.outer_m - street.kerb_m() - (side.bays.empty() ? 0 : kBay_m);
    if (dice.chance(street.arterial ? 0.8 : 0.5) && width > 2.5) {
        const int kind = width > 3.0 ? dice.integer(0, 1) : 2;
        const double spacing = dice.uniform(11, 16);
        for (double s = begin + 4.0; s < end - 4.0; s += spacing) {
            if (near_crossing(street, s) || !steady(s)) continue;
            place_tree(spot(s, 0.6), kind);
        }
    }
    // Benches and bins at the back of wide pavements.
    if (width > 3.0) {
        for (double s = begin + dice.uniform(5, 25); s < end - 5; s += dice.uniform(25, 50)) {
            const Vec2 p = spot(s, width - 0.45);
            const double back = side.outer_m - 0.45;
            const Vec2 q = street.path.at(s).left(sign * back);
            if (glm::length(p - q) > 0.1) continue;  // not beside a parking strip
            if (crowded.free(q, 0.3)) {
                stage.add_instance(bench, math::upright(Vec3(q, kPavement_m), inward(s)),
                                   Semantic::kOther, kNoActor);
                crowded.add(q, 0.9);
                const Vec2 beside = q + 1.3 * street.path.at(s).along();
                stage.add_instance(bin, math::upright(Vec3(beside, kPavement_m), 0),
                                   Semantic::kOther, kNoActor);
            }
        }
    }
}

void Furnisher::yard(const Block& block) {
    // Hedges and fences along the pavements where no house stands at the front.
    for (const Front& front : block.fronts) {
        const Street& street = layout.streets[front.street];
        if (street.arterial) continue;
        const double sign = front.left ? 1.0 : -1.0;
        const bool hedged = dice.chance(0.5);
        if (dice.chance(0.3)) continue;
        constexpr double kPiece_m = 8.0;
        const int key = hedged ? 1 : 2;
        if (!hedges.contains(key)) {
            hedges[key] = add(hedged ? catalogue::hedge(kPiece_m) : catalogue::fence(kPiece_m));
        }
        int run = 0;
        for (double s = street.begin_m + 3.0; s + kPiece_m < street.end_m - 3.0; s += kPiece_m) {
            // A gap now and then is a gate.
            if (++run % 3 == 0) continue;
            const double at = s + 0.5 * kPiece_m;
            const PathPoint q = street.path.at(at);
            const Vec2 p = q.left(sign * (street.side(front.left).outer_m + 0.55));
            const Box2 box{p, q.heading_rad, {0.5 * kPiece_m, 0.4}};
            if (!crowded.free(p, 0.9) || math::inside_polygon(p, block.border) == block.outside) {
                continue;
            }
            Extent extent;
            extent.front_m = extent.rear_m = 0.5 * kPiece_m;
            extent.width_m = hedged ? catalogue::kHedgeWidth_m : 0.1;
            extent.height_m = catalogue::kHedgeHeight_m;
            const auto X_WM = math::upright(Vec3(p, kPavement_m), box.yaw_rad);
            const Semantic semantic = hedged ? Semantic::kVegetation : Semantic::kFence;
            const ActorId id = stage.add_object(semantic, X_WM, extent, true);
            stage.add_instance(hedges[key], X_WM, semantic, id);
        }
    }
    // Trees on the land inside.
    if (block.outside) {
        const double half = 0.5 * stage.world.size_m;
        for (int i = 0; i < 160; ++i) {
            const double turn = dice.uniform(-math::kPi, math::kPi);
            const Vec2 p = (half * dice.uniform(1.0, 1.55)) * math::direction(turn);
            if (std::max(std::abs(p.x), std::abs(p.y)) < half + 4.0) continue;
            place_tree(p, dice.integer(0, 1));
        }
        return;
    }
    Vec2 low(1e30), high(-1e30);
    for (const Vec2& p : block.border) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    const int wanted = static_cast<int>((high.x - low.x) * (high.y - low.y) / 700.0);
    for (int i = 0; i < wanted; ++i) {
        const Vec2 p(dice.uniform(low.x, high.x), dice.uniform(low.y, high.y));
        const int kind = dice.integer(0, 2);
        const double far = 3.0;
        // Well inside the land and off the houses.
        bool inside = true;
        for (const Vec2& off : {Vec2(far, 0), Vec2(-far, 0), Vec2(0, far), Vec2(0, -far)}) {
            inside =
                inside && math::inside_polygon(p + off, block.border) && crowded.free(p + off, 0.1);
        }
        if (inside) place_tree(p, kind);
    }
}

}  // namespace

void add_furniture(const Layout& layout, const std::vector<Block>& blocks,
                   const std::vector<SignalMast>& masts, const std::vector<Box2>& houses,
                   const engine::core::Key& key, Stage& stage) {
    const engine::road::RoadMap roads(stage.world.roads);
    Furnisher furnisher{layout, roads, stage, Crowded(houses), Dice(key.with("furniture"))};
    furnisher.load();
    furnisher.signals(masts);
    furnisher.signs_at_arms();
    for (const Street& street : layout.streets) {
        for (const bool left : {true, false}) furnisher.along_street(street, left);
    }
    for (const Block& block : blocks) furnisher.yard(block);
}

}  // namespace huntsman::scenarios::town
