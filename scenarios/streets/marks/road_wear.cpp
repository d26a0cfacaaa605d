#include "scenarios/streets/marks/road_wear.h"

#include <algorithm>
#include <cmath>

#include "engine/road/lane_curve.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using catalogue::Colour;
using engine::core::Key;
using world::kNone;
using world::Material;
using world::Semantic;

namespace {

constexpr double kShortest_m = 18.0;  // shorter lanes are left alone
// Mean distances along a lane.
constexpr double kPatchEvery_m = 110.0, kSealEvery_m = 75.0, kCoverEvery_m = 55.0,
                 kGullyEvery_m = 24.0;
constexpr double kSeal_m = 0.055, kJoint_m = 0.035;
// They lie below the paint, and each of them above the one before.
constexpr Coat kSealed{Material::kAsphalt, Semantic::kRoad, 0.40};
constexpr Coat kPatched{Material::kAsphalt, Semantic::kRoad, 0.55};
constexpr double kCoverLift = 0.75;
constexpr Colour kBitumen{0.30F, 0.30F, 0.31F};
constexpr std::size_t kCoarsest = 1;  // farther off nothing of them is seen

enum class IronCell : std::uint8_t { kConcreteCover, kIronCover, kGrating, kValve };
Vec2 middle_of(IronCell cell) {
    const auto i = static_cast<unsigned>(cell);
    return {0.25 + 0.5 * (i & 1U), 0.25 + 0.5 * (i >> 1)};
}

class RoadWear {
  public:
    RoadWear(const Ground& ground, const world::Lane& lane, const Key& key,
             std::vector<TileMesh>& tiles)
        : ground_(ground), lane_(lane), key_(key), tiles_(tiles) {}

    void patches();
    void seals();
    void covers();
    void gullies();

  private:
    // Numbers of things along the lane, by their mean distance.
    int count(double every_m, std::uint64_t draw) const {
        return static_cast<int>(lane_.length_m / every_m + key_.uniform(draw));
    }
    Vec2 at(double s, double t) const {
        const auto sample = engine::road::lane_at(lane_, s);
        return math::xy(sample.p) + t * math::perp(math::direction(sample.heading_rad));
    }
    double road_s(double s) const {
        return ground_.geometry().project(lane_.road, engine::road::lane_at(lane_, s).p).s_m;
    }
    // Runs `draw(painter of a coat, tile)` for the tile that holds all of [s0, s1]; nowhere if
    // none does.
    template <typename Draw>
    void within(double s0, double s1, Draw draw) {
        const double a = road_s(s0), b = road_s(s1);
        const std::uint32_t tile = ground_.tile_of(lane_.road, a);
        if (tile == kNone || tile != ground_.tile_of(lane_.road, b)) return;
        const double middle = 0.5 * (a + b);
        draw(tiles_[tile],
             [this, middle](const Vec2& p) { return ground_.at(lane_.road, middle, p); });
    }
    // A flat piece of iron: corners about `centre`, each with its place in the texture's cell.
    void iron(TileMesh& tile, const ShapePainter::Height& height, IronCell cell, const Vec2& centre,
              const Vec2& x, const Vec2& y, int corners);

    const Ground& ground_;
    const world::Lane& lane_;
    Key key_;
    std::vector<TileMesh>& tiles_;
};

void RoadWear::patches() {
    const int patches = count(kPatchEvery_m, 1);
    for (int i = 0; i < patches; ++i) {
        const Key key = key_.with("patch").with(static_cast<std::uint64_t>(i));
        const double width = lane_.samples.front().width_m;
        const double half = 0.5 * std::min(key.uniform(0.7, 2.4, 1), width - 0.5);
        const double length = key.uniform(1.2, 9.0, 2);
        const double s0 = key.uniform(1.0, std::max(1.1, lane_.length_m - length - 1.0), 3);
        const double s1 = std::min(s0 + length, lane_.length_m - 1.0);
        const double t = key.uniform(-1, 1, 4) * std::max(0.0, 0.5 * width - half - 0.2);
        if (half < 0.25 || s1 - s0 < 0.8) continue;
        const auto tone = static_cast<float>(key.uniform(0.62, 0.84, 5));
        within(s0, s1, [&](TileMesh& tile, const ShapePainter::Height& height) {
            const auto outline = [&](double more) {
                std::vector<Vec2> ring;
                const int steps = std::max(1, static_cast<int>((s1 - s0) / 2.5));
                for (int k = 0; k <= steps; ++k) {
                    ring.push_back(
                        at(s0 - more + (s1 - s0 + 2 * more) * k / steps, t - half - more));
                }
                for (int k = steps; k >= 0; --k) {
                    ring.push_back(
                        at(s0 - more + (s1 - s0 + 2 * more) * k / steps, t + half + more));
                }
                return ring;
            };
            // A joint of bitumen runs around it.
            ShapePainter(tile, height, kSealed).polygon(outline(kJoint_m), kBitumen, kCoarsest);
            ShapePainter(tile, height, kPatched)
                .polygon(outline(0), {tone, tone, 1.01F * tone}, kCoarsest);
        });
    }
}

void RoadWear::seals() {
    const int seals = count(kSealEvery_m, 2);
    for (int i = 0; i < seals; ++i) {
        const Key key = key_.with("seal").with(static_cast<std::uint64_t>(i));
        const double width = lane_.samples.front().width_m;
        const double length = key.uniform(2.0, 9.0, 1);
        const double s0 = key.uniform(0.5, std::max(0.6, lane_.length_m - length - 0.5), 2);
        const double s1 = std::min(s0 + length, lane_.length_m - 0.5);
        if (s1 - s0 < 1.5 || width < 2.0) continue;
        within(s0, s1, [&](TileMesh& tile, const ShapePainter::Height& height) {
            // A crack wanders along the lane, and the ribbon follows it.
            const int steps = std::max(3, static_cast<int>((s1 - s0) / 0.55));
            double t = key.uniform(-0.35, 0.35, 3) * width;
            std::vector<Vec2> left, right;
            for (int k = 0; k <= steps; ++k) {
                const auto draw = static_cast<std::uint64_t>(10 + 2 * k);
                t = std::clamp(t + key.uniform(-0.16, 0.16, draw), -0.42 * width, 0.42 * width);
                const double half = 0.5 * kSeal_m * key.uniform(0.6, 1.4, draw + 1) *
                                    (k == 0 || k == steps ? 0.3 : 1.0);
                const double s = s0 + (s1 - s0) * k / steps;
                left.push_back(at(s, t + half));
                right.push_back(at(s, t - half));
            }
            right.insert(right.end(), left.rbegin(), left.rend());
            ShapePainter(tile, height, kSealed).polygon(right, kBitumen, 0);
        });
    }
}

void RoadWear::iron(TileMesh& tile, const ShapePainter::Height& height, IronCell cell,
                    const Vec2& centre, const Vec2& x, const Vec2& y, int corners) {
    constexpr double kWithin = 0.24;  // of the texture's cell, whose half side is 0.25
    for (std::size_t level = 0; level <= kCoarsest; ++level) {
        catalogue::MeshBuilder& builder = tile.builders[level];
        builder.use(Material::kIron, {1, 1, 1}, Semantic::kRoad);
        const double lift = kCoverLift * kLevelsOfDetail[level].lift_m;
        std::uint32_t first = 0;
        for (int k = 0; k < corners; ++k) {
            Vec2 d;
            if (corners == 4) {
                d = Vec2(k == 0 || k == 3 ? -1 : 1, k < 2 ? -1 : 1);
            } else {
                d = math::direction(2 * math::kPi * k / corners);
            }
            const Vec2 p = centre + d.x * x + d.y * y;
            const SurfaceSample sample = height(p);
            const auto v = builder.vertex(Vec3(p, sample.z_m + lift), sample.normal,
                                          middle_of(cell) + kWithin * d);
            if (k == 0) first = v;
            if (k >= 2) builder.triangle(first, v - 1, v);
        }
    }
}

void RoadWear::covers() {
    const int covers = count(kCoverEvery_m, 3);
    for (int i = 0; i < covers; ++i) {
        const Key key = key_.with("cover").with(static_cast<std::uint64_t>(i));
        const double s = key.uniform(1.5, lane_.length_m - 1.5, 1);
        const bool valve = key.uniform(2) < 0.3;
        const double half = valve ? 0.11 : 0.36;
        const double t = key.uniform(-0.32, 0.32, 3) * lane_.samples.front().width_m;
        const auto cell = valve                  ? IronCell::kValve
                          : key.uniform(4) < 0.5 ? IronCell::kConcreteCover
                                                 : IronCell::kIronCover;
        within(s - 0.5, s + 0.5, [&](TileMesh& tile, const ShapePainter::Height& height) {
            const double turn = engine::road::lane_at(lane_, s).heading_rad + key.uniform(0, 3, 5);
            const Vec2 x = half * math::direction(turn);
            iron(tile, height, cell, at(s, t), x, math::perp(x), valve ? 4 : 14);
        });
    }
}

void RoadWear::gullies() {
    const int gullies = count(kGullyEvery_m, 4);
    for (int i = 0; i < gullies; ++i) {
        const double s = (i + 0.3 + 0.4 * key_.uniform(static_cast<std::uint64_t>(20 + i))) *
                         lane_.length_m / gullies;
        const double q = road_s(s);
        const double outer =
            ground_.geometry().outer_t_m(lane_.road, lane_.section, lane_.model_lane, q);
        const double out = lane_.model_lane > 0 ? 1.0 : -1.0;
        const Cover beside = ground_.cover(lane_.road, q, outer + 0.08 * out);
        if (beside != Cover::kKerbStone && beside != Cover::kPaving) continue;
        within(s - 0.4, s + 0.4, [&](TileMesh& tile, const ShapePainter::Height& height) {
            const Vec2 centre = math::xy(ground_.point(lane_.road, q, outer - 0.21 * out));
            const Vec2 x = 0.25 * math::direction(engine::road::lane_at(lane_, s).heading_rad);
            iron(tile, height, IronCell::kGrating, centre, x, 0.68 * math::perp(x), 4);
        });
    }
}

}  // namespace

void add_road_wear(const Ground& ground, const world::RoadNetwork& network, const Key& key,
                   std::vector<TileMesh>& tiles) {
    for (const world::Lane& lane : network.lanes) {
        if (lane.in_junction() || lane.road == kNone || lane.length_m < kShortest_m) continue;
        if (lane.kind != world::LaneKind::kDriving && lane.kind != world::LaneKind::kParking)
            continue;
        if (ground.model().roads[lane.road].junction != kNone) continue;
        RoadWear wear(ground, lane, key.with("scars").with(lane.id), tiles);
        wear.gullies();
        if (lane.kind == world::LaneKind::kParking) continue;
        wear.patches();
        wear.seals();
        wear.covers();
    }
}

}  // namespace huntsman::scenarios::streets
