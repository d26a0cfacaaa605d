#include "engine/render/ambient_volume.h"

#include <algorithm>
#include <cmath>

namespace huntsman::engine::render {

using math::kPi;
using math::Vec2;
using math::Vec3;

namespace {

constexpr int kDirections = 12;
// Where the horizon is looked for [m].
constexpr std::array<double, 11> kSteps = {1.5, 3, 5, 7.5, 10.5, 14, 19, 26, 36, 50, 70};

Vec3 albedo_of(const std::array<std::uint8_t, 3>& c) { return Vec3(c[0], c[1], c[2]) / 255.0; }

// Irradiance over pi of the upper sky alone on a level surface.
Vec3 sky_above(const Sky& sky) {
    return sky.irradiance[0] + sky.irradiance[2] + sky.irradiance[6] * 2.0;
}

bool inside(const HeightField& heights, const Vec3& p) { return heights.at(p.x, p.y).top_m > p.z; }

// A place in free air for a probe: itself, or where its nearest neighbour outside of walls is.
std::optional<Vec3> free_place(const HeightField& heights, Vec3 p) {
    p.z = std::max<double>(p.z, heights.at(p.x, p.y).ground_m + 0.4);
    if (!inside(heights, p)) return p;
    constexpr double kReach = AmbientVolume::kCell_m;
    constexpr Vec2 kAround[8] = {{1, 0}, {-1, 0}, {0, 1},  {0, -1},
                                 {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};
    for (const Vec2& d : kAround) {
        Vec3 q = p + Vec3(d * kReach, 0);
        q.z = std::max<double>(q.z, heights.at(q.x, q.y).ground_m + 0.4);
        if (!inside(heights, q)) return q;
    }
    return std::nullopt;
}

}  // namespace

Probe probe_at(const HeightField& heights, const Sky& sky, const Vec3& p) {
    Probe probe;
    const Vec3 above = sky_above(sky);
    const Vec3 sun = sky.sun_direction;
    double open = 0;
    Vec3 walls(0), ground(0);
    int grounds = 0;
    for (int k = 0; k < kDirections; ++k) {
        const double azimuth = 2 * kPi * (k + 0.5) / kDirections;
        const Vec2 d = math::direction(azimuth);
        // The highest thing along the way.
        double slope = 0, at_m = 0, before_m = 0;
        for (const double step : kSteps) {
            const double top = heights.at(p.x + d.x * step, p.y + d.y * step).top_m;
            // What stands there begins somewhere since the last step.
            const double from_m = 0.5 * (before_m + step);
            before_m = step;
            if (top - p.z > slope * from_m) {
                slope = (top - p.z) / from_m;
                at_m = step;
            }
        }
        const double hidden = slope * slope / (1 + slope * slope);  // squared sine of the horizon
        open += (1 - hidden) / kDirections;
        // The wall below that horizon, lit where nothing stands between it and the sun.
        if (hidden > 0.01) {
            const Vec2 foot = math::xy(p) + d * at_m, before = foot - d * 2.2;
            const double height = p.z + 0.5 * slope * at_m;
            const double facing = std::max(0.0, -glm::dot(d, math::xy(sun)));
            const bool lit = facing > 0 && heights.sees_sky(Vec3(before, height), sun);
            const Vec3 irradiance =
                (lit ? sky.sun_light_klx * facing : Vec3(0)) + above * (0.4 * kPi);
            walls += albedo_of(heights.at(foot.x, foot.y).wall_albedo) * irradiance *
                     (hidden / kPi / kDirections);
        }
        // The ground some metres away; its own view of the sky is taken as the probe's.
        if (k % 3 == 0) {
            const Vec2 q = math::xy(p) + d * 3.0;
            const HeightField::Cell& cell = heights.at(q.x, q.y);
            if (cell.top_m > cell.ground_m + 1) continue;
            const bool lit = heights.sees_sky(Vec3(q, cell.ground_m + 0.3), sun);
            ground += albedo_of(cell.ground_albedo) *
                      ((lit ? sky.sun_light_klx * std::max(0.0, sun.z) : Vec3(0)) / kPi);
            ground += albedo_of(cell.ground_albedo) * above * 0.7;
            ++grounds;
        }
    }
    probe.open = open;
    probe.bounce = walls;
    if (grounds > 0) probe.bounce += ground * (0.5 / grounds);
    return probe;
}

void AmbientVolume::reset(const Sky& sky) {
    present_.fill(std::nullopt);
    base_step_.reset();
    texels.resize(static_cast<std::size_t>(kSide) * kSide * kLayers);
    // Where no house stands, open ground throws back light.
    open_ground_ = sky.ground * 0.5;
    // White walls in full sun throw back less than this.
    const Vec3 brightest = sky.sun_light_klx + sky_above(sky) * kPi;
    scale = std::max({brightest.x, brightest.y, brightest.z, 1e-9}) * (0.8 / kPi);
}

void AmbientVolume::update(const HeightField& heights, const Sky& sky, const Vec3& rig_W,
                           core::JobPool& pool) {
    constexpr double kLower_m = 14;  // below the rig
    constexpr double kStep_m = 16;   // by which the layers move
    const int step = static_cast<int>(std::floor((rig_W.z - kLower_m) / kStep_m + 0.5));
    if (base_step_ != step) {
        base_step_ = step;
        base_m = step * kStep_m;
        present_.fill(std::nullopt);
    }

    // Tiles around the rig that are not there yet.
    constexpr double kTile_m = kTile * kCell_m;
    const int x0 = static_cast<int>(std::floor(rig_W.x / kTile_m + 0.5)) - kTiles / 2;
    const int y0 = static_cast<int>(std::floor(rig_W.y / kTile_m + 0.5)) - kTiles / 2;
    std::vector<TileId> missing;
    for (int y = y0; y < y0 + kTiles; ++y) {
        for (int x = x0; x < x0 + kTiles; ++x) {
            const int slot = (y & (kTiles - 1)) * kTiles + (x & (kTiles - 1));
            auto& present = present_[static_cast<std::size_t>(slot)];
            if (present == TileId{x, y}) continue;
            present = TileId{x, y};
            missing.push_back({x, y});
        }
    }
    if (missing.empty()) return;
    changed = true;
    pool.run(missing.size(), [&](std::size_t index) {
        const TileId tile = missing[index];
        for (int layer = 0; layer < kLayers; ++layer) {
            for (int j = 0; j < kTile; ++j) {
                for (int i = 0; i < kTile; ++i) {
                    const int x = tile.x * kTile + i, y = tile.y * kTile + j;
                    const Vec3 p((x + 0.5) * kCell_m, (y + 0.5) * kCell_m,
                                 base_m + (layer + 0.5) * kCell_m);
                    Probe probe{open_ground_, 1};
                    if (!heights.empty()) {
                        const auto place = free_place(heights, p);
                        probe = place ? probe_at(heights, sky, *place) : Probe{{}, 0.3};
                    }
                    auto texel = static_cast<std::uint32_t>(probe.open * 255 + 0.5) << 24;
                    for (int k = 0; k < 3; ++k) {
                        const double root =
                            std::sqrt(std::clamp(probe.bounce[k] / scale, 0.0, 1.0));
                        texel |= static_cast<std::uint32_t>(root * 255 + 0.5) << (8 * k);
                    }
                    const auto wrapped = [](int cell) {
                        return static_cast<std::size_t>(cell & (kSide - 1));
                    };
                    texels[(static_cast<std::size_t>(layer) * kSide + wrapped(y)) * kSide +
                           wrapped(x)] = texel;
                }
            }
        }
    });
}

}  // namespace huntsman::engine::render
