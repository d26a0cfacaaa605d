#include "engine/render/lights.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"

namespace huntsman::engine::render {

using math::Vec3;
using world::Lamp;

namespace {

constexpr double kReach_m = 160;  // lamps farther from the rig are seen but light nothing
constexpr int kTileWidth = shader::kLightTileWidth, kTileHeight = shader::kLightTileHeight;
constexpr std::size_t kPerTile = 16;

double smooth(double low, double high, double x) {
    const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
    return t * t * (3 - 2 * t);
}
double bell(double x, double width) { return std::exp(-0.5 * math::square(x / width)); }

// Tiles of a view that a ball may touch.
struct Rectangle {
    int x0 = 0, y0 = 0, x1 = -1, y1 = -1;
};
Rectangle tiles_of(const View& view, const Vec3& centre_C, double radius_m) {
    const int columns = LightList::columns(view.width), rows = LightList::rows(view.height);
    if (centre_C.z + radius_m < 0.1) return {};
    Rectangle all{0, 0, columns - 1, rows - 1};
    if (centre_C.z - radius_m < 0.1) return all;
    // The ball's box, projected at its nearest and farthest depth.
    const double near = centre_C.z - radius_m, far = centre_C.z + radius_m;
    const auto range = [&](double c, double f, double centre, int tile, int most, int& first,
                           int& last) {
        const double low = c - radius_m, high = c + radius_m;
        const double a = f * low / (low < 0 ? near : far) + centre;
        const double b = f * high / (high > 0 ? near : far) + centre;
        first = std::max(first, static_cast<int>(std::floor(std::max(a, -1e6) / tile)));
        last = std::min(last, static_cast<int>(std::floor(std::min(b, 1e6) / tile)));
        last = std::min(last, most);
    };
    range(centre_C.x, view.fx, view.cx, kTileWidth, columns - 1, all.x0, all.x1);
    range(centre_C.y, view.fy, view.cy, kTileHeight, rows - 1, all.y0, all.y1);
    return all;
}

}  // namespace

LampBeam beam_of(Lamp lamp) {
    switch (lamp) {
        case Lamp::kStreet:
            return {2.4, 34, shader::kLightStreet};  // an LED lantern of about 9 klm
        case Lamp::kHead:
            return {1, 90, shader::kLightBeam};
        case Lamp::kTail:
            return {0.008, 4, shader::kLightLens};  // UN Regulation 148: 4 to 17 cd
        case Lamp::kBrake:
            return {0.09, 9, shader::kLightLens};  // 60 to 260 cd
        case Lamp::kTurnLeft:
        case Lamp::kTurnRight:
            return {0.25, 9, shader::kLightLens};  // 175 to 1000 cd
        case Lamp::kReverse:
            return {0.2, 9, shader::kLightLens};
        case Lamp::kSignalRed:
        case Lamp::kSignalYellow:
        case Lamp::kSignalGreen:
            return {0.4, 9, shader::kLightLens};  // EN 12368, performance level 3
        case Lamp::kWalk:
        case Lamp::kDontWalk:
            return {0.1, 5, shader::kLightLens};
        case Lamp::kBlue:
            return {0.4, 14, shader::kLightLens};  // UN Regulation 65: 120 to 1700 cd by day
        case Lamp::kCount:
            break;
    }
    HM_CHECK(false, "lamp {}", static_cast<int>(lamp));
}

double dipped_beam_kcd(double h, double v) {
    // The cut-off: 0.57 degrees below the horizon, to the right of the middle (h < 0) rising by 15
    // degrees up to the horizon and a little above.
    const double cut = -0.010 + std::min(0.022, std::max(0.0, -h) * std::tan(0.2618));
    const double below = smooth(0.004, -0.006, v - cut);
    const double hot = 26.0 * bell(h + 0.02, 0.085) * bell(v + 0.026, 0.018);
    const double spread = 7.0 * bell(h, 0.33) * bell(v + 0.055, 0.05);
    const double foreground = 2.2 * bell(h, 0.5) * bell(v + 0.16, 0.11);
    constexpr double kStray_kcd = 0.12;  // above the cut-off, for signs
    return below * (hot + spread + foreground) + kStray_kcd * bell(h, 0.5) * bell(v, 0.2);
}

std::vector<float> beam_table() {
    std::vector<float> table;
    for (int row = 0; row < shader::kBeamRows; ++row) {
        for (int column = 0; column < shader::kBeamColumns; ++column) {
            const double h = shader::kBeamWide * (1 - 2 * (column + 0.5) / shader::kBeamColumns);
            const double v = shader::kBeamHigh - (shader::kBeamHigh - shader::kBeamLow) *
                                                     (row + 0.5) / shader::kBeamRows;
            table.push_back(static_cast<float>(std::sqrt(dipped_beam_kcd(h, v))));
        }
    }
    return table;
}

int LightList::columns(int width) { return (width + kTileWidth - 1) / kTileWidth; }
int LightList::rows(int height) { return (height + kTileHeight - 1) / kTileHeight; }

void LightList::build(std::span<const LitLamp> fixed, std::span<const LitLamp> moving,
                      std::span<const View> views, const Vec3& rig_W) {
    // Those within reach, nearest first; equal distances keep their order.
    struct Near {
        double distance_m;
        const LitLamp* lamp;
    };
    std::vector<Near> near;
    for (const std::span<const LitLamp> lamps : {fixed, moving}) {
        for (const LitLamp& lamp : lamps) {
            const double distance = glm::length(lamp.p_W - rig_W);
            // A lamp counts from where its light begins.
            const double from = distance - beam_of(lamp.lamp).range_m;
            if (from < kReach_m) near.push_back({from, &lamp});
        }
    }
    std::stable_sort(near.begin(), near.end(),
                     [](const Near& a, const Near& b) { return a.distance_m < b.distance_m; });
    if (near.size() > shader::kMostLights) near.resize(shader::kMostLights);
    lights.clear();
    for (const Near& n : near) {
        const LitLamp& lamp = *n.lamp;
        const LampBeam beam = beam_of(lamp.lamp);
        const LampLight light = light_of(lamp.lamp, lamp.variety);
        const auto f = [](double x) { return static_cast<float>(x); };
        const float scale = f(beam.intensity_kcd * lamp.share);
        lights.push_back(
            {.p_range = {f(lamp.p_W.x), f(lamp.p_W.y), f(lamp.p_W.z), f(1 / beam.range_m)},
             .colour = {light.colour[0] * scale, light.colour[1] * scale, light.colour[2] * scale,
                        f(beam.shape)},
             .axis = {f(lamp.axis_W.x), f(lamp.axis_W.y), f(lamp.axis_W.z), 0}});
    }

    // Tile lists.
    tiles.clear();
    for (const View& view : views) {
        const int across = columns(view.width), down = rows(view.height);
        const std::size_t first = tiles.size();
        const std::size_t count = static_cast<std::size_t>(across) * static_cast<std::size_t>(down);
        tiles.resize(first + count, {~0U, ~0U, ~0U, ~0U});
        std::vector<std::uint8_t> used(count, 0);
        const math::RigidTransform X_CW = view.X_WC.inverse();
        for (std::size_t i = 0; i < near.size(); ++i) {
            const LitLamp& lamp = *near[i].lamp;
            const double range = beam_of(lamp.lamp).range_m;
            // A beam fills the ball around its middle, not the one around the lamp.
            const bool beam = beam_of(lamp.lamp).shape == shader::kLightBeam;
            const Vec3 centre = beam ? lamp.p_W + lamp.axis_W * (0.5 * range) : lamp.p_W;
            const Rectangle r = tiles_of(view, X_CW * centre, beam ? 0.62 * range : range);
            for (int y = r.y0; y <= r.y1; ++y) {
                for (int x = r.x0; x <= r.x1; ++x) {
                    const auto tile = static_cast<std::size_t>(y * across + x);
                    const std::size_t slot = used[tile];
                    if (slot >= kPerTile) continue;
                    ++used[tile];
                    shader::uvec4& list = tiles[first + tile];
                    std::uint32_t* words[4] = {&list.x, &list.y, &list.z, &list.w};
                    std::uint32_t& word = *words[slot / 4];
                    const unsigned shift = 8 * static_cast<unsigned>(slot % 4);
                    word = (word & ~(0xffU << shift)) | static_cast<std::uint32_t>(i) << shift;
                }
            }
        }
    }
}

}  // namespace huntsman::engine::render
