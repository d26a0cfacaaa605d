#include "sensors/imager/motion_blur.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/core/array_view.h"

namespace huntsman::sensors::imager {

using engine::core::ArrayView;

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

Motion operator-(const Motion& a, const Motion& b) { return {a.x - b.x, a.y - b.y}; }

// The fastest motion of each tile.
struct Tiles {
    int rows, columns;
    std::vector<Motion> motions;

    Tiles(int rows_, int columns_)
        : rows(rows_),
          columns(columns_),
          motions(static_cast<std::size_t>(rows_) * static_cast<std::size_t>(columns_)) {}
    ArrayView<Motion> view() { return {motions, std::size_t(rows), std::size_t(columns)}; }
    ArrayView<const Motion> view() const {
        return {motions, std::size_t(rows), std::size_t(columns)};
    }
};

// A picture's light, and what moves in it while it is exposed.
class MovingLight {
  public:
    MovingLight(const capture::Shot& shot, double exposure_s, const Plane& light)
        : light_(light),
          velocity_px_s_(shot.velocity_px_s, light.height, 2 * std::size_t(light.width)),
          exposure_s_(static_cast<float>(exposure_s)) {
        if (!shot.depth_m.empty()) depth_m_ = {shot.depth_m, velocity_px_s_.rows(), width()};
    }
    std::size_t width() const { return velocity_px_s_.columns() / 2; }

    Motion motion_at(int x, int y) const {
        const float* v = &velocity_px_s_(y, 2 * std::size_t(x));
        Motion m{v[0] * exposure_s_, v[1] * exposure_s_};
        const float length = m.length();
        if (!(length < 1e6F)) return {};
        if (length > kMost) m = {m.x * kMost / length, m.y * kMost / length};
        return m;
    }
    // The light at (x, y) when the strongest motion that reaches it is this one.
    void blur(int x, int y, const Motion& strongest, float rgb[3]) const;

  private:
    // The pixel that is blurred.
    struct Pixel {
        float x, y;  // centre
        Motion own;
        float depth_m;
        float apart;  // motions that differ by more than this are those of two things
    };
    void blur_own(const Pixel& pixel, float rgb[3]) const;
    void blend_in_front(const Pixel& pixel, const Motion& strongest, float rgb[3]) const;

    float depth_at(int x, int y) const { return depth_m_.rows() == 0 ? 1.0F : depth_m_(y, x); }
    int column_of(float x) const {
        return std::clamp(static_cast<int>(std::floor(x)), 0, light_.width - 1);
    }
    int row_of(float y) const {
        return std::clamp(static_cast<int>(std::floor(y)), 0, light_.height - 1);
    }

    static constexpr float kNearer = 0.95F;  // of a depth: stands in front of it

    const Plane& light_;
    ArrayView<const float> velocity_px_s_;  // two per pixel
    ArrayView<const float> depth_m_;        // empty: everything is at one depth
    float exposure_s_;
};

// Place of a step along a motion, from -0.5 to 0.5.
float place_of(int step, int steps) {
    return (static_cast<float>(step) + 0.5F) / static_cast<float>(steps) - 0.5F;
}

// What the pixel itself shows while it moves, and what it uncovers behind.
void MovingLight::blur_own(const Pixel& pixel, float rgb[3]) const {
    const Motion& own = pixel.own;
    float sum[3] = {}, weight = 0;
    const int steps = own.length() < kStill ? 1 : steps_of(own.length());
    for (int k = 0; k < steps; ++k) {
        const float t = place_of(k, steps);
        const float qx = pixel.x + t * own.x, qy = pixel.y + t * own.y;
        // What stands in front and moves otherwise is no part of this.
        if (steps > 1 && depth_at(column_of(qx), row_of(qy)) < kNearer * pixel.depth_m) {
            const Motion other = motion_at(column_of(qx), row_of(qy));
            if ((other - own).length() > pixel.apart) continue;
        }
        float at_step[3];
        sample(light_, qx, qy, at_step);
        for (int c = 0; c < 3; ++c) sum[c] += at_step[c];
        ++weight;
    }
    if (weight > 0) {
        for (int c = 0; c < 3; ++c) rgb[c] = sum[c] / weight;
    }
}

// What moves in front of it, each for the share of the time that it is here.
void MovingLight::blend_in_front(const Pixel& pixel, const Motion& strongest, float rgb[3]) const {
    const float length = strongest.length();
    const int steps = steps_of(length);
    float over[3] = {}, share = 0;
    for (int k = 0; k < steps; ++k) {
        const float t = place_of(k, steps);
        const int qx = column_of(pixel.x + t * strongest.x);
        const int qy = row_of(pixel.y + t * strongest.y);
        if (!(depth_at(qx, qy) < kNearer * pixel.depth_m)) continue;
        const Motion m = motion_at(qx, qy);
        const float reach = m.length();
        if (reach < kStill || (m - pixel.own).length() < pixel.apart) continue;
        if (std::abs(t) * length > 0.5F * reach) continue;
        // It moves along the line on which it was found.
        const float along = (m.x * strongest.x + m.y * strongest.y) / (reach * length);
        if (along < 0.8F) continue;
        const float w = length / static_cast<float>(steps) / reach;
        const float* p = light_.row(qy) + 3 * qx;
        for (int c = 0; c < 3; ++c) over[c] += w * p[c];
        share += w;
    }
    const float scale = share > 1 ? 1 / share : 1;
    for (int c = 0; c < 3; ++c) rgb[c] = scale * over[c] + (1 - std::min(share, 1.0F)) * rgb[c];
}

void MovingLight::blur(int x, int y, const Motion& strongest, float rgb[3]) const {
    const Pixel pixel{.x = static_cast<float>(x) + 0.5F,
                      .y = static_cast<float>(y) + 0.5F,
                      .own = motion_at(x, y),
                      .depth_m = depth_at(x, y),
                      .apart = std::max(kStill, kOneSurface * strongest.length())};
    blur_own(pixel, rgb);
    if ((strongest - pixel.own).length() >= pixel.apart) blend_in_front(pixel, strongest, rgb);
}

Tiles fastest_of(engine::core::JobPool& pool, const MovingLight& moving, int width, int height) {
    Tiles tiles((height + kTile - 1) / kTile, (width + kTile - 1) / kTile);
    const auto fastest = tiles.view();
    pool.run(fastest.rows(), [&](std::size_t row) {
        const int first = static_cast<int>(row) * kTile;
        for (int y = first; y < std::min(height, first + kTile); ++y) {
            for (int x = 0; x < width; ++x) {
                const Motion m = moving.motion_at(x, y);
                Motion& best = fastest(row, x / kTile);
                if (m.length() > best.length()) best = m;
            }
        }
    });
    return tiles;
}

// Of the tiles it can reach, each tile takes the fastest motion that comes its way.
Tiles reaching(const Tiles& tiles) {
    const int rows = tiles.rows, columns = tiles.columns;
    Tiles around(rows, columns);
    const auto fastest = tiles.view();
    for (int ty = 0; ty < rows; ++ty) {
        for (int tx = 0; tx < columns; ++tx) {
            Motion& best = around.view()(ty, tx);
            constexpr int kReach = static_cast<int>(kMost) / 2 / kTile + 1;
            for (int v = std::max(0, ty - kReach); v <= std::min(rows - 1, ty + kReach); ++v) {
                for (int u = std::max(0, tx - kReach); u <= std::min(columns - 1, tx + kReach);
                     ++u) {
                    const Motion& m = fastest(v, u);
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
    const MovingLight moving(shot, exposure_s, light);
    const Tiles tiles = reaching(fastest_of(pool, moving, width, height));
    const bool any = std::any_of(tiles.motions.begin(), tiles.motions.end(),
                                 [](const Motion& m) { return m.length() >= kStill; });
    if (!any) return;

    const auto strongest = tiles.view();
    scratch.resize(width, height);
    for_bands(pool, height, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            std::copy(light.row(y), light.row(y) + 3 * width, scratch.row(y));
            for (int x = 0; x < width; ++x) {
                const Motion& motion = strongest(y / kTile, x / kTile);
                if (motion.length() < kStill) continue;
                moving.blur(x, y, motion, scratch.row(y) + 3 * x);
            }
        }
    });
    std::swap(light, scratch);
}

}  // namespace huntsman::sensors::imager
