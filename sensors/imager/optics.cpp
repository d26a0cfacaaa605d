#include "sensors/imager/optics.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sensors/lens/lens.h"

namespace huntsman::sensors::imager {

using engine::core::JobPool;
using engine::world::Camera;
using engine::world::LensModel;

std::vector<float> relative_illumination(const Camera& camera, const Optics& optics) {
    constexpr double kLeast = 0.05;
    std::vector<float> map(static_cast<std::size_t>(camera.width) *
                           static_cast<std::size_t>(camera.height));
    const double corner2 = 0.25 * (camera.width * camera.width + camera.height * camera.height);
    std::size_t i = 0;
    for (int y = 0; y < camera.height; ++y) {
        for (int x = 0; x < camera.width; ++x, ++i) {
            const engine::math::Vec2 pixel{x + 0.5, y + 0.5};
            engine::math::Vec3 ray;
            if (!lens::unproject(camera.lens, pixel, ray)) continue;
            double value = 1;
            if (camera.lens.model == LensModel::kPinhole) {
                value = ray.z * ray.z * ray.z * ray.z;
            } else if (camera.lens.model != LensModel::kEquirectangular) {
                const double sine = std::hypot(ray.x, ray.y), angle = std::atan2(sine, ray.z);
                value = std::max(kLeast, angle > 1e-6 ? ray.z * sine / angle : 1.0);
            }
            const double dx = pixel.x - camera.lens.cx, dy = pixel.y - camera.lens.cy;
            const double r2 = (dx * dx + dy * dy) / corner2;
            map[i] =
                static_cast<float>(value * std::max(0.0, 1 - optics.vignetting_share * r2 * r2));
        }
    }
    return map;
}

std::vector<float> shading_correction(const std::vector<float>& illumination) {
    constexpr float kShare = 0.8F, kMost = 4;  // of the fall-off's logarithm
    std::vector<float> gain;
    gain.reserve(illumination.size());
    for (const float light : illumination) {
        gain.push_back(light > 0 ? std::min(kMost, std::pow(light, -kShare)) : 1.0F);
    }
    return gain;
}

double point_spread_px(const SensorProfile& profile) {
    constexpr double kWavelength_um = 0.55;
    const double airy_um = 0.42 * kWavelength_um * profile.optics.f_number;
    return std::hypot(profile.optics.psf_sigma_um, airy_um) / profile.pixel_um;
}

namespace {

constexpr int kSmall = 4, kTiny = 4;  // the tiny picture is the small one shrunk again
// Shares of the scattered light in the halo, the glow and the veils, and how wide they are:
// together they fall about as 1 / r² from the source, as scatter by lenses and dust does.
constexpr float kHaloShare = 0.22F, kGlowShare = 0.22F, kVeilShare = 0.26F, kWideShare = 0.30F;
constexpr double kHaloWidth = 0.0025, kGlowWidth = 0.010, kVeilWidth = 0.045,
                 kWideWidth = 0.2;  // of the diagonal

// Mirror images of a spot at p lie at centre + place (p - centre), are discs of `radius` diagonals
// and have a colour of their own, as coatings give.
struct Ghost {
    float place, radius, colour[3];
};
constexpr std::array<Ghost, 4> kGhosts = {{{-0.35F, 0.022F, {0.6F, 1.1F, 1.3F}},
                                           {-0.72F, 0.045F, {1.2F, 0.8F, 1.0F}},
                                           {-1.15F, 0.030F, {0.7F, 1.3F, 0.8F}},
                                           {0.45F, 0.014F, {1.3F, 1.1F, 0.5F}}}};

struct Spot {
    float x = 0, y = 0, light[3] = {};
    float strength = 0;
};

// The brightest spots, each at least 300 times the picture's mean.
std::vector<Spot> bright_spots(const Plane& plane) {
    constexpr float kTimesMean = 300;
    constexpr std::size_t kMostSpots = 6;
    double sum = 0;
    for (const float v : plane.rgb) sum += static_cast<double>(v);
    const float least =
        kTimesMean * static_cast<float>(sum / static_cast<double>(plane.rgb.size()));
    std::vector<Spot> spots;
    for (int y = 1; y + 1 < plane.height; ++y) {
        for (int x = 1; x + 1 < plane.width; ++x) {
            const float g = plane.row(y)[3 * x + 1];
            if (g < least) continue;
            // A local maximum; of equals the first.
            bool peak = true;
            Spot spot;
            for (int v = y - 1; v <= y + 1; ++v) {
                for (int u = x - 1; u <= x + 1; ++u) {
                    const float* p = plane.row(v) + 3 * u;
                    const bool before = v < y || (v == y && u < x);
                    peak = peak && (before ? p[1] < g : p[1] <= g);
                    for (int c = 0; c < 3; ++c) spot.light[c] += p[c];
                }
            }
            if (!peak) continue;
            spot.x = static_cast<float>(x) + 0.5F;
            spot.y = static_cast<float>(y) + 0.5F;
            spot.strength = spot.light[1];
            spots.push_back(spot);
        }
    }
    std::stable_sort(spots.begin(), spots.end(),
                     [](const Spot& a, const Spot& b) { return a.strength > b.strength; });
    if (spots.size() > kMostSpots) spots.resize(kMostSpots);
    return spots;
}

void add_ghosts(const std::vector<Spot>& spots, float share, float cx, float cy, Plane& layer) {
    const float diagonal =
        std::hypot(static_cast<float>(layer.width), static_cast<float>(layer.height));
    for (const Spot& spot : spots) {
        for (const Ghost& ghost : kGhosts) {
            const float x = cx + ghost.place * (spot.x - cx), y = cy + ghost.place * (spot.y - cy);
            const float radius = ghost.radius * diagonal;
            const float per_pixel = share / (3.14159265F * radius * radius);
            const int y0 = std::max(0, static_cast<int>(y - radius - 1));
            const int y1 = std::min(layer.height - 1, static_cast<int>(y + radius + 1));
            const int x0 = std::max(0, static_cast<int>(x - radius - 1));
            const int x1 = std::min(layer.width - 1, static_cast<int>(x + radius + 1));
            for (int v = y0; v <= y1; ++v) {
                for (int u = x0; u <= x1; ++u) {
                    const float r = std::hypot(static_cast<float>(u) + 0.5F - x,
                                               static_cast<float>(v) + 0.5F - y);
                    // One pixel of soft rim.
                    const float inside = std::clamp(radius - r + 0.5F, 0.0F, 1.0F);
                    for (int c = 0; c < 3; ++c) {
                        layer.row(v)[3 * u + c] +=
                            inside * per_pixel * ghost.colour[c] * spot.light[c];
                    }
                }
            }
        }
    }
}

}  // namespace

void Glare::apply(JobPool& pool, const Optics& optics, double cx, double cy, Plane& plane) {
    shrink(pool, plane, kSmall, small_);
    if (optics.veiling_share <= 0 && optics.ghost_share <= 0) return;
    shrink(pool, small_, kTiny, tiny_);
    const double diagonal = std::hypot(plane.width, plane.height);
    gaussian_blur(pool, small_, kHaloWidth * diagonal / kSmall, scratch_, halo_);
    gaussian_blur(pool, tiny_, kGlowWidth * diagonal / (kSmall * kTiny), scratch_, glow_);
    gaussian_blur(pool, tiny_, kVeilWidth * diagonal / (kSmall * kTiny), scratch_, veil_);
    gaussian_blur(pool, tiny_, kWideWidth * diagonal / (kSmall * kTiny), scratch_, wide_);

    // All in one layer of the small picture's size.
    const auto share = static_cast<float>(optics.veiling_share);
    for (std::size_t i = 0; i < tiny_.rgb.size(); ++i) {
        tiny_.rgb[i] = share * (kGlowShare * glow_.rgb[i] + kVeilShare * veil_.rgb[i] +
                                kWideShare * wide_.rgb[i]);
    }
    layer_.resize(small_.width, small_.height);
    for_bands(pool, layer_.height, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* out = layer_.row(y);
            const float* halo = halo_.row(y);
            for (int x = 0; x < layer_.width; ++x) {
                float veil[3];
                sample(tiny_, (static_cast<float>(x) + 0.5F) / kTiny,
                       (static_cast<float>(y) + 0.5F) / kTiny, veil);
                for (int c = 0; c < 3; ++c) {
                    out[3 * x + c] = share * kHaloShare * halo[3 * x + c] + veil[c];
                }
            }
        }
    });
    if (optics.ghost_share > 0) {
        add_ghosts(bright_spots(small_), static_cast<float>(optics.ghost_share),
                   static_cast<float>(cx / kSmall), static_cast<float>(cy / kSmall), layer_);
    }
    const float kept = 1 - share - static_cast<float>(optics.ghost_share * kGhosts.size());
    for_bands(pool, plane.height, [&](int first, int last) {
        std::vector<float> line(static_cast<std::size_t>(layer_.width) * 3);
        for (int y = first; y < last; ++y) {
            // Between the layer's rows, then between its columns.
            const float v = std::clamp((static_cast<float>(y) + 0.5F) / kSmall - 0.5F, 0.0F,
                                       static_cast<float>(layer_.height - 1));
            const int v0 = static_cast<int>(v), v1 = std::min(v0 + 1, layer_.height - 1);
            const float fv = v - static_cast<float>(v0);
            const float* a = layer_.row(v0);
            const float* b = layer_.row(v1);
            for (std::size_t i = 0; i < line.size(); ++i) line[i] = a[i] + fv * (b[i] - a[i]);
            float* out = plane.row(y);
            for (int x = 0; x < plane.width; ++x) {
                const float u = std::clamp((static_cast<float>(x) + 0.5F) / kSmall - 0.5F, 0.0F,
                                           static_cast<float>(layer_.width - 1));
                const int u0 = static_cast<int>(u), u1 = std::min(u0 + 1, layer_.width - 1);
                const float fu = u - static_cast<float>(u0);
                const float* l = line.data() + 3 * u0;
                const float* r = line.data() + 3 * u1;
                for (int c = 0; c < 3; ++c) {
                    out[3 * x + c] = kept * out[3 * x + c] + l[c] + fu * (r[c] - l[c]);
                }
            }
        }
    });
}

}  // namespace huntsman::sensors::imager
