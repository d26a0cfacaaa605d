#include "sensors/imager/motion_blur.h"

#include <algorithm>
#include <cmath>

namespace huntsman::sensors::imager {

namespace {

constexpr int kTile = 16;       // pixels
constexpr float kStill = 0.5F;  // pixels of motion that are left alone
constexpr float kMost = 256;    // pixels of motion; longer streaks are cut
// Samples along a motion: one a pixel, up to so many; longer ones are sampled more sparsely.
constexpr int kMostSteps = 32;
int steps_of(float length) { return std::min(kMostSteps, static_cast<int>(std::ceil(length)) + 1); }
// Motions that differ by less than this share are one surface's in perspective, not two things'.
constexpr float kOneSurface = 0.25F;

struct Motion {
    float x = 0, y = 0;
    float length() const { return std::sqrt(x * x + y * y); }
};

struct Motions {
    int width, height;
    const float* velocity;
    float time;
    Motion at(int x, int y) const {
        const float* v =
            velocity + 2 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                            static_cast<std::size_t>(x));
        Motion m{v[0] * time, v[1] * time};
        const float length = m.length();
        if (!(length < 1e6F)) return {};
        if (length > kMost) m = {m.x * kMost / length, m.y * kMost / length};
        return m;
    }
};

// The tiles of a picture, and a motion for each.
struct Tiles {
    int columns, rows;
    std::vector<Motion> motions;

    Tiles(int across, int down)
        : columns(across),
          rows(down),
          motions(static_cast<std::size_t>(across) * static_cast<std::size_t>(down)) {}
};

// The fastest motion of each tile.
Tiles fastest_of(engine::core::JobPool& pool, const Motions& motion, int width, int height) {
    Tiles tiles((width + kTile - 1) / kTile, (height + kTile - 1) / kTile);
    pool.run(static_cast<std::size_t>(tiles.rows), [&](std::size_t row) {
        for (int y = static_cast<int>(row) * kTile;
             y < std::min(height, (static_cast<int>(row) + 1) * kTile); ++y) {
            for (int x = 0; x < width; ++x) {
                const Motion m = motion.at(x, y);
                Motion& best = tiles.motions[row * static_cast<std::size_t>(tiles.columns) +
                                             static_cast<std::size_t>(x / kTile)];
                if (m.length() > best.length()) best = m;
            }
        }
    });
    return tiles;
}

// Of the tiles it can reach, each tile takes the fastest motion that comes its way.
Tiles reaching(const Tiles& fastest) {
    const int columns = fastest.columns, rows = fastest.rows;
    Tiles around(columns, rows);
    for (int ty = 0; ty < rows; ++ty) {
        for (int tx = 0; tx < columns; ++tx) {
            Motion& best = around.motions[static_cast<std::size_t>(ty * columns + tx)];
            constexpr int kReach = static_cast<int>(kMost) / 2 / kTile + 1;
            for (int v = std::max(0, ty - kReach); v <= std::min(rows - 1, ty + kReach); ++v) {
                for (int u = std::max(0, tx - kReach); u <= std::min(columns - 1, tx + kReach);
                     ++u) {
                    const Motion& m = fastest.motions[static_cast<std::size_t>(v * columns + u)];
                    const float length = m.length();
                    if (length <= best.length()) continue;
                    const int far = std::max(std::abs(u - tx), std::abs(v - ty)) - 1;
                    if (static_cast<float>(far * kTile) <= 0.5F * length) best = m;
                }
            }
        }
    }
    return around;
}

}  // namespace

void motion_blur(engine::core::JobPool& pool, const capture::Shot& shot, double exposure_s,
                 Plane& light, Plane& scratch) {
    const int width = light.width, height = light.height;
    const Motions motion{width, height, shot.velocity_px_s.data(), static_cast<float>(exposure_s)};
    const Tiles around = reaching(fastest_of(pool, motion, width, height));
    const bool any = std::any_of(around.motions.begin(), around.motions.end(),
                                 [](const Motion& m) { return m.length() >= kStill; });
    if (!any) return;

    const auto depth_at = [&](int x, int y) {
        return shot.depth_m.empty()
                   ? 1.0F
                   : shot.depth_m[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                  static_cast<std::size_t>(x)];
    };
    const auto column_of = [&](float x) {
        return std::clamp(static_cast<int>(std::floor(x)), 0, width - 1);
    };
    const auto row_of = [&](float y) {
        return std::clamp(static_cast<int>(std::floor(y)), 0, height - 1);
    };
    constexpr float kNearer = 0.95F;  // of a depth: stands in front of it

    scratch.resize(width, height);
    for_bands(pool, height, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            std::copy(light.row(y), light.row(y) + 3 * width, scratch.row(y));
            for (int x = 0; x < width; ++x) {
                const Motion& strongest =
                    around
                        .motions[static_cast<std::size_t>(y / kTile * around.columns + x / kTile)];
                if (strongest.length() < kStill) continue;
                const Motion own = motion.at(x, y);
                const float mine = depth_at(x, y);
                const float px = static_cast<float>(x) + 0.5F, py = static_cast<float>(y) + 0.5F;

                // What the pixel itself shows while it moves, and what it uncovers behind.
                float sum[3] = {}, weight = 0;
                const int steps = own.length() < kStill ? 1 : steps_of(own.length());
                const float apart = std::max(kStill, kOneSurface * strongest.length());
                for (int k = 0; k < steps; ++k) {
                    const float t =
                        (static_cast<float>(k) + 0.5F) / static_cast<float>(steps) - 0.5F;
                    const float qx = px + t * own.x, qy = py + t * own.y;
                    // What stands in front and moves otherwise is no part of this.
                    if (steps > 1 && depth_at(column_of(qx), row_of(qy)) < kNearer * mine) {
                        const Motion other = motion.at(column_of(qx), row_of(qy));
                        if (Motion{other.x - own.x, other.y - own.y}.length() > apart) continue;
                    }
                    float rgb[3];
                    sample(light, qx, qy, rgb);
                    for (int c = 0; c < 3; ++c) sum[c] += rgb[c];
                    ++weight;
                }
                float* out = scratch.row(y) + 3 * x;
                if (weight > 0) {
                    for (int c = 0; c < 3; ++c) out[c] = sum[c] / weight;
                }

                // What moves in front of it, each for the share of the time that it is here.
                if (Motion{strongest.x - own.x, strongest.y - own.y}.length() < apart) continue;
                const float length = strongest.length();
                const int taps = steps_of(length);
                float over[3] = {}, share = 0;
                for (int k = 0; k < taps; ++k) {
                    const float t =
                        (static_cast<float>(k) + 0.5F) / static_cast<float>(taps) - 0.5F;
                    const int qx = column_of(px + t * strongest.x);
                    const int qy = row_of(py + t * strongest.y);
                    if (!(depth_at(qx, qy) < kNearer * mine)) continue;
                    const Motion m = motion.at(qx, qy);
                    const float reach = m.length();
                    if (reach < kStill || Motion{m.x - own.x, m.y - own.y}.length() < apart)
                        continue;
                    if (std::abs(t) * length > 0.5F * reach) continue;
                    // It moves along the line on which it was found.
                    const float along = (m.x * strongest.x + m.y * strongest.y) / (reach * length);
                    if (along < 0.8F) continue;
                    const float w = length / static_cast<float>(taps) / reach;
                    const float* p = light.row(qy) + 3 * qx;
                    for (int c = 0; c < 3; ++c) over[c] += w * p[c];
                    share += w;
                }
                const float scale = share > 1 ? 1 / share : 1;
                for (int c = 0; c < 3; ++c) {
                    out[c] = scale * over[c] + (1 - std::min(share, 1.0F)) * out[c];
                }
            }
        }
    });
    std::swap(light, scratch);
}

}  // namespace huntsman::sensors::imager
