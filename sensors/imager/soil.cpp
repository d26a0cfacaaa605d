#include "sensors/imager/soil.h"

#include <algorithm>
#include <cmath>

#include "engine/core/array_view.h"
#include "engine/core/dice.h"
#include "sensors/imager/noise.h"

namespace huntsman::sensors::imager {

using engine::core::ArrayView;
using engine::core::Key;

namespace {

constexpr int kMapStep = 4;   // picture pixels in a map's
constexpr int kWideStep = 8;  // and in the picture that drops show

float smooth(float low, float high, float x) {
    const float t = std::clamp((x - low) / (high - low), 0.0F, 1.0F);
    return t * t * (3 - 2 * t);
}

// Value noise with smooth blending, in [0, 1]; `u`, `v` in cells.
float value_noise(const Key& key, float u, float v) {
    const float fu = std::floor(u), fv = std::floor(v);
    const auto at = [&](float i, float j) {
        const auto word = static_cast<std::uint64_t>(static_cast<std::int64_t>(i) * 65537 +
                                                     static_cast<std::int64_t>(j));
        return static_cast<float>(key.uniform(word));
    };
    const float a = u - fu, b = v - fv;
    const float su = a * a * (3 - 2 * a), sv = b * b * (3 - 2 * b);
    const float top = at(fu, fv) + su * (at(fu + 1, fv) - at(fu, fv));
    const float bottom = at(fu, fv + 1) + su * (at(fu + 1, fv + 1) - at(fu, fv + 1));
    return top + sv * (bottom - top);
}

float octaves(const Key& key, float u, float v, int count) {
    float sum = 0, weight = 0.5F, total = 0;
    for (int i = 0; i < count; ++i) {
        sum += weight * value_noise(key.with(static_cast<std::uint64_t>(i)), u, v);
        total += weight;
        weight *= 0.5F;
        u *= 2;
        v *= 2;
    }
    return sum / total;
}

// One drop as it is now; lengths in pixels.
struct Drop {
    float x = 0, y = 0, radius = 0;
    float tall = 1;               // height over width
    float tail = 0;               // length of the wet trace above
    float wobble = 0, phase = 0;  // of the outline
    float reach = 0;              // how far from itself it shows the picture, at the rim
};

constexpr int kMostDrops = 220;

// Each place holds one drop after another. It lands, stays, and may run down before it is gone.
std::vector<Drop> drops_now(const Key& key, double level, double time_s, int width, int height) {
    std::vector<Drop> drops;
    const auto count = static_cast<std::uint64_t>(std::lround(kMostDrops * level));
    const double diagonal = std::hypot(width, height);
    for (std::uint64_t place = 0; place < count; ++place) {
        const Key slot = key.with(place);
        const double life_s = slot.uniform(3, 14, 0);
        const double lives = time_s / life_s + slot.uniform(1);
        const auto generation = static_cast<std::uint64_t>(std::floor(lives));
        const double age = lives - std::floor(lives);  // of its life
        engine::core::Dice dice(slot.with("life").with(generation));
        Drop drop;
        drop.x = static_cast<float>(dice.uniform(0, width));
        drop.y = static_cast<float>(dice.uniform(0, height));
        // Many small ones, few large.
        const double size = 0.003 + 0.022 * std::pow(dice.uniform(0, 1), 3.5);
        const double drying = 1 - 0.35 * age;
        drop.radius = static_cast<float>(size * diagonal * drying);
        drop.wobble = static_cast<float>(dice.uniform(0.03, 0.16));
        drop.phase = static_cast<float>(dice.uniform(0, 6.28));
        drop.tall = static_cast<float>(dice.uniform(0.95, 1.25));
        drop.reach = static_cast<float>(diagonal * dice.uniform(0.25, 0.45));
        // Large ones start to run once in their second half.
        const double starts = dice.uniform(0.4, 1.2);
        if (size > 0.011 && age > starts) {
            const double run = (age - starts) * life_s * dice.uniform(0.05, 0.2) * height;
            drop.y += static_cast<float>(run);
            drop.tail = static_cast<float>(std::min(run, 0.25 * height));
            drop.tall *= 1.25F;
        }
        if (drop.y - drop.radius * 2 < static_cast<float>(height)) drops.push_back(drop);
    }
    return drops;
}

// What is seen through drops in the rows [first, last).
void draw_drops(const std::vector<Drop>& drops, const Plane& wide, int first, int last,
                Plane& light) {
    for (const Drop& drop : drops) {
        // The rim is out of focus by a share of the radius, and by a pixel or two at least.
        const float rim = std::max(0.30F * drop.radius, 2.0F);
        const float reach_x = drop.radius * (1 + drop.wobble) + rim;
        const float reach_y = reach_x * drop.tall;
        const int y0 = std::max(first, static_cast<int>(drop.y - reach_y - drop.tail));
        const int y1 = std::min(last - 1, static_cast<int>(drop.y + reach_y) + 1);
        const int x0 = std::max(0, static_cast<int>(drop.x - reach_x));
        const int x1 = std::min(light.width - 1, static_cast<int>(drop.x + reach_x) + 1);
        for (int y = y0; y <= y1; ++y) {
            float* row = light.row(y);
            for (int x = x0; x <= x1; ++x) {
                const float dx = static_cast<float>(x) + 0.5F - drop.x;
                const float dy = (static_cast<float>(y) + 0.5F - drop.y) / drop.tall;
                const float r = std::sqrt(dx * dx + dy * dy);
                const float angle = std::atan2(dy, dx);
                const float edge =
                    drop.radius * (1 + drop.wobble * std::sin(2 * angle + drop.phase) +
                                   0.4F * drop.wobble * std::sin(5 * angle + 3 * drop.phase));
                float cover = 1 - smooth(edge - 0.5F * rim, edge + 0.5F * rim, r);
                float depth = std::min(r / edge, 1.0F);
                if (dy < 0 && drop.tail > 0) {
                    // The trace is thin and narrows upwards.
                    const float up = -dy * drop.tall / (drop.tail + reach_y);
                    const float thick = drop.radius * (0.75F - 0.55F * up);
                    const float trace =
                        0.55F * (1 - up) *
                        (1 - smooth(thick - 0.5F * rim, thick + 0.5F * rim, std::abs(dx)));
                    if (trace > cover) {
                        cover = trace;
                        depth = 0.4F;
                    }
                }
                if (cover <= 0) continue;
                // Inverted and wide: a point at the rim shows what is far out on the other side.
                float rgb[3];
                const float far =
                    drop.reach * (0.4F * depth + 0.6F * depth * depth * depth) / std::max(r, 1e-3F);
                sample(wide, (drop.x - dx * far) / kWideStep, (drop.y - dy * far) / kWideStep, rgb);
                // Near the rim less light comes through [Fresnel and total reflection].
                const float through = 1 - 0.45F * smooth(0.6F, 1.0F, depth);
                for (int c = 0; c < 3; ++c) {
                    row[3 * x + c] += cover * (through * rgb[c] - row[3 * x + c]);
                }
            }
        }
    }
}

}  // namespace

void LensSoil::make_maps(int width, int height) {
    if (width == width_ && height == height_) return;
    width_ = width;
    height_ = height;
    dirt_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    ice_.resize(dirt_.size());
    const Key dirt = key_.with("dirt"), specks = key_.with("specks"), ice = key_.with("ice");
    const ArrayView<float> dirt_map(dirt_, height, width), ice_map(ice_, height, width);
    const float scale = 1 / static_cast<float>(std::max(width, height));
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const float u = static_cast<float>(x) * scale, v = static_cast<float>(y) * scale;
            // A film in clouds, splashes upon it, more of both towards the bottom.
            const float low = 0.12F * (static_cast<float>(y) / static_cast<float>(height) - 0.5F);
            const float film = octaves(dirt, 5 * u, 5 * v, 4) + low;
            const float splash = octaves(specks, 28 * u, 28 * v, 3) + low;
            dirt_map(y, x) =
                0.55F * smooth(0.25F, 0.85F, film) + 0.45F * smooth(0.55F, 0.75F, splash);
            // Ice grows from the rim; its edge is feathered by stretched noise.
            const float rx = 2 * std::abs(static_cast<float>(x) / static_cast<float>(width) - 0.5F);
            const float ry =
                2 * std::abs(static_cast<float>(y) / static_cast<float>(height) - 0.5F);
            const float rim = std::max(rx, ry);
            const float warp = octaves(ice, 9 * u, 9 * v, 3) - 0.5F;
            const float needles = octaves(ice.with("needles"), 90 * (u + 0.3F * warp), 22 * v, 2);
            ice_map(y, x) = std::clamp(0.6F * rim + 0.45F * warp + 0.35F * needles, 0.0F, 1.0F);
        }
    }
}

void LensSoil::apply(engine::core::JobPool& pool, const Soil& levels, std::int64_t time_us,
                     Plane& light) {
    // Blur, of the diagonal: behind a film, in a drop, and of what dirt and ice scatter.
    constexpr double kSoft = 0.004, kInDrop = 0.008, kVeil = 0.05;
    const double diagonal = std::hypot(light.width, light.height);
    Plane shrunk;
    shrink(pool, light, kMapStep, shrunk);
    gaussian_blur(pool, shrunk, kSoft * diagonal / kMapStep, scratch_, small_);
    if (levels.dirt > 0 || levels.ice > 0) {
        make_maps(small_.width, small_.height);
        gaussian_blur(pool, shrunk, kVeil * diagonal / kMapStep, scratch_, soft_);
    }
    if (levels.rain > 0) {
        Plane eighth;
        shrink(pool, shrunk, kWideStep / kMapStep, eighth);
        gaussian_blur(pool, eighth, kInDrop * diagonal / kWideStep, scratch_, wide_);
    }
    const auto drops = drops_now(key_.with("drops"), levels.rain,
                                 1e-6 * static_cast<double>(time_us), light.width, light.height);
    const auto dirt_level = static_cast<float>(levels.dirt);
    const auto ice_level = static_cast<float>(levels.ice);

    for_bands(pool, light.height, [&](int first, int last) {
        if (levels.dirt > 0 || levels.ice > 0) {
            const ArrayView<const float> dirt(dirt_, height_, width_), ice(ice_, height_, width_);
            for (int y = first; y < last; ++y) {
                float* row = light.row(y);
                const int my = std::min(y / kMapStep, height_ - 1);
                const int my1 = std::min(my + 1, height_ - 1);
                const float fy = static_cast<float>(y % kMapStep) / kMapStep;
                for (int x = 0; x < light.width; ++x) {
                    const int mx = std::min(x / kMapStep, width_ - 1);
                    const int mx1 = std::min(mx + 1, width_ - 1);
                    const float fx = static_cast<float>(x % kMapStep) / kMapStep;
                    const auto between = [&](const ArrayView<const float>& map) {
                        const float top = map(my, mx) + fx * (map(my, mx1) - map(my, mx));
                        const float bottom = map(my1, mx) + fx * (map(my1, mx1) - map(my1, mx));
                        return top + fy * (bottom - top);
                    };
                    float near[3], veil[3];
                    const float sx = (static_cast<float>(x) + 0.5F) / kMapStep;
                    const float sy = (static_cast<float>(y) + 0.5F) / kMapStep;
                    sample(small_, sx, sy, near);
                    sample(soft_, sx, sy, veil);
                    // Dirt: what is left of the view, and brown light that it scatters.
                    const float covered =
                        dirt_level *
                        smooth(1 - dirt_level, 1.25F - 0.45F * dirt_level, between(dirt) + 0.35F);
                    constexpr float kBrown[3] = {0.50F, 0.42F, 0.32F};
                    // Ice: bright, with the view blurred behind.
                    const float frost = ice_level * smooth(1.05F - ice_level, 1.3F - ice_level,
                                                           between(ice) + 0.2F);
                    for (int c = 0; c < 3; ++c) {
                        float& p = row[3 * x + c];
                        p += covered * (0.35F * near[c] + 0.5F * kBrown[c] * veil[c] - p);
                        p += 0.92F * frost * (0.45F * near[c] + 0.55F * veil[c] - p);
                    }
                }
            }
        }
        draw_drops(drops, wide_, first, last, light);
    });
}

}  // namespace huntsman::sensors::imager
