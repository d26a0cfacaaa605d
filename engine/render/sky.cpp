#include "engine/render/sky.h"

#include <algorithm>
#include <cmath>
#include <glm/gtc/packing.hpp>
#include <optional>

#include "engine/core/check.h"
#include "engine/render/shader_types.h"
#include "engine/texture/noise.h"

namespace huntsman::engine::render {

using math::kPi;
using math::Vec2;
using math::Vec3;
using texture::hash01;
using texture::TileNoise;

namespace {

static_assert(Sky::kSize == shader::kSkySize && Sky::kLevels == shader::kSkyLevels);

// Earth and its air [Bruneton 2017, table of constants]; metres and 1/m, at 680, 550 and 440 nm.
constexpr double kGroundRadius = 6.36e6, kTopRadius = 6.42e6, kEye = 10.0;
const Vec3 kRayleigh(5.802e-6, 13.558e-6, 33.1e-6);
const Vec3 kOzone(0.650e-6, 1.881e-6, 0.085e-6);
constexpr double kRayleighHeight = 8000, kMieHeight = 1200;
// Extraterrestrial sunlight 127.5 klx; its tint relative to the display's white is close to none.
const Vec3 kSunAbove = Vec3(1.02, 1.0, 0.96) * 127.5;
// A full moon gives a quarter of a lux, slightly warmer than the sun.
const Vec3 kMoonAbove = Vec3(1.05, 1.0, 0.92) * 0.30e-3;

double luminance(const Vec3& c) { return 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z; }

struct Air {
    double mie = 0;  // extinction at the ground
    Vec3 extinction(double height) const {
        const double ozone = std::max(0.0, 1.0 - std::abs(height - 25e3) / 15e3);
        return kRayleigh * std::exp(-height / kRayleighHeight) +
               Vec3(mie * std::exp(-height / kMieHeight)) + kOzone * ozone;
    }
};

// Distance along a ray to a sphere around the Earth's centre, from inside.
double to_sphere(const Vec3& p, const Vec3& d, double radius) {
    const double b = glm::dot(p, d);
    return -b + std::sqrt(std::max(0.0, b * b - glm::dot(p, p) + radius * radius));
}

bool hits_ground(const Vec3& p, const Vec3& d) {
    const double b = glm::dot(p, d);
    return b < 0 && b * b - glm::dot(p, p) + kGroundRadius * kGroundRadius > 0;
}

Vec3 exp3(const Vec3& x) { return {std::exp(x.x), std::exp(x.y), std::exp(x.z)}; }

Vec3 transmittance(const Air& air, const Vec3& p, const Vec3& d) {
    if (hits_ground(p, d)) return Vec3(0);
    constexpr int kSteps = 24;
    const double length = to_sphere(p, d, kTopRadius);
    Vec3 depth(0);
    for (int i = 0; i < kSteps; ++i) {
        // Steps grow with the distance, since the air is densest at the start.
        const double t0 = length * math::square(i / double(kSteps));
        const double t1 = length * math::square((i + 1) / double(kSteps));
        const double height = glm::length(p + d * (0.5 * (t0 + t1))) - kGroundRadius;
        depth += air.extinction(height) * (t1 - t0);
    }
    return exp3(-depth);
}

// Radiance of the clear sky in one direction for one unit of sunlight above the air.
Vec3 clear_sky(const Air& air, const Vec3& direction, const Vec3& sun) {
    constexpr int kSteps = 20;
    constexpr double kMieAsymmetry = 0.76;
    const Vec3 p0(0, 0, kGroundRadius + kEye);
    const double cosine = glm::dot(direction, sun);
    const double g = kMieAsymmetry;
    const double rayleigh_phase = 3.0 / (16.0 * kPi) * (1.0 + cosine * cosine);
    const double mie_phase = 3.0 / (8.0 * kPi) * (1 - g * g) * (1 + cosine * cosine) /
                             ((2 + g * g) * std::pow(1 + g * g - 2 * g * cosine, 1.5));
    const double length = to_sphere(p0, direction, kTopRadius);
    Vec3 radiance(0), through(1);
    for (int i = 0; i < kSteps; ++i) {
        const double t0 = length * math::square(i / double(kSteps));
        const double t1 = length * math::square((i + 1) / double(kSteps));
        const Vec3 p = p0 + direction * (0.5 * (t0 + t1));
        const double height = std::max(0.0, glm::length(p) - kGroundRadius);
        const Vec3 rayleigh = kRayleigh * std::exp(-height / kRayleighHeight);
        const double mie = 0.9 * air.mie * std::exp(-height / kMieHeight);
        const Vec3 sunlight = transmittance(air, p, sun);
        // Light of higher orders comes from everywhere: about this share of what the upper air
        // receives, also where the sun itself is already below the horizon's haze.
        const Vec3 upper = transmittance(air, Vec3(0, 0, kGroundRadius + 8000),
                                         glm::normalize(sun + Vec3(0, 0, 0.08)));
        const Vec3 higher = (0.045 + 0.06 * std::max(0.0, sun.z)) * upper;
        const Vec3 source = sunlight * (rayleigh * rayleigh_phase + Vec3(mie * mie_phase)) +
                            higher * (rayleigh + Vec3(mie));
        const Vec3 step = exp3(-air.extinction(height) * (t1 - t0));
        radiance += through * source * (t1 - t0) * (0.5 * (step + Vec3(1)));
        through *= step;
    }
    return radiance;
}

// Clear-sky radiance tabulated over elevation (square-root spaced) and azimuth from the sun.
class ClearSky {
  public:
    ClearSky(const Air& air, double sun_elevation) {
        const Vec3 sun(std::cos(sun_elevation), 0, std::sin(sun_elevation));
        for (int i = 0; i < kElevations; ++i) {
            const double elevation = 0.5 * kPi * math::square(i / double(kElevations - 1));
            for (int j = 0; j < kAzimuths; ++j) {
                const double azimuth = kPi * j / (kAzimuths - 1);
                const Vec3 d(std::cos(elevation) * std::cos(azimuth),
                             std::cos(elevation) * std::sin(azimuth), std::sin(elevation));
                table_[i][j] = clear_sky(air, d, sun) * kSunAbove;
            }
        }
    }
    Vec3 at(double elevation, double azimuth_from_sun) const {
        const double x =
            std::sqrt(std::clamp(elevation, 0.0, 0.5 * kPi) / (0.5 * kPi)) * (kElevations - 1.001);
        const double y =
            std::clamp(std::abs(azimuth_from_sun) / kPi, 0.0, 1.0) * (kAzimuths - 1.001);
        const int i = static_cast<int>(x), j = static_cast<int>(y);
        const double fx = x - i, fy = y - j;
        return (table_[i][j] * (1 - fy) + table_[i][j + 1] * fy) * (1 - fx) +
               (table_[i + 1][j] * (1 - fy) + table_[i + 1][j + 1] * fy) * fx;
    }

  private:
    static constexpr int kElevations = 28, kAzimuths = 25;
    Vec3 table_[kElevations][kAzimuths];
};

// Direction of an octahedral map's coordinate in [-1, 1]².
Vec3 octahedral_direction(double x, double y) {
    Vec3 d(x, y, 1 - std::abs(x) - std::abs(y));
    if (d.z < 0) {
        const double fx = (1 - std::abs(d.y)) * (d.x >= 0 ? 1 : -1);
        const double fy = (1 - std::abs(d.x)) * (d.y >= 0 ? 1 : -1);
        d.x = fx;
        d.y = fy;
    }
    return glm::normalize(d);
}

struct Map {
    int size = 0;
    std::vector<Vec3> texels;
    explicit Map(int side) : size(side), texels(static_cast<std::size_t>(side * side)) {}
    Vec3& at(int x, int y) { return texels[static_cast<std::size_t>(y * size + x)]; }
    const Vec3& at(int x, int y) const { return texels[static_cast<std::size_t>(y * size + x)]; }
    // Beyond an edge the octahedral map goes on mirrored about the edge's middle.
    const Vec3& wrapped(int x, int y) const {
        if (x < 0 || x >= size) {
            x = x < 0 ? -1 - x : 2 * size - 1 - x;
            y = size - 1 - y;
        }
        if (y < 0 || y >= size) {
            y = y < 0 ? -1 - y : 2 * size - 1 - y;
            x = size - 1 - x;
        }
        return at(x, y);
    }
    Vec3 direction(int x, int y) const {
        return octahedral_direction(2 * (x + 0.5) / size - 1, 2 * (y + 0.5) / size - 1);
    }
};

// Half the size: a 4×4 tent over each 2×2 block, so that each level is blurrier than a box makes
// it.
Map halved(const Map& fine) {
    Map coarse(fine.size / 2);
    constexpr double kTent[4] = {0.125, 0.375, 0.375, 0.125};
    for (int y = 0; y < coarse.size; ++y) {
        for (int x = 0; x < coarse.size; ++x) {
            Vec3 sum(0);
            for (int j = 0; j < 4; ++j) {
                for (int i = 0; i < 4; ++i) {
                    sum += fine.wrapped(2 * x + i - 1, 2 * y + j - 1) * (kTent[i] * kTent[j]);
                }
            }
            coarse.at(x, y) = sum;
        }
    }
    return coarse;
}

// Projects radiance onto spherical harmonics and convolves with the cosine.
std::array<Vec3, 9> project(const Map& map) {
    std::array<Vec3, 9> sh{};
    double total = 0;
    for (int y = 0; y < map.size; ++y) {
        for (int x = 0; x < map.size; ++x) {
            const Vec3 d = map.direction(x, y);
            // Solid angle of an octahedral texel is proportional to 1 / (|x|+|y|+|z|)^-3.
            const double weight = std::pow(std::abs(d.x) + std::abs(d.y) + std::abs(d.z), 3.0);
            const double basis[9] = {0.282095,
                                     0.488603 * d.y,
                                     0.488603 * d.z,
                                     0.488603 * d.x,
                                     1.092548 * d.x * d.y,
                                     1.092548 * d.y * d.z,
                                     0.315392 * (3 * d.z * d.z - 1),
                                     1.092548 * d.x * d.z,
                                     0.546274 * (d.x * d.x - d.y * d.y)};
            for (std::size_t i = 0; i < 9; ++i) sh[i] += map.at(x, y) * (basis[i] * weight);
            total += weight;
        }
    }
    constexpr double kBasis[9] = {0.282095, 0.488603, 0.488603, 0.488603, 1.092548,
                                  1.092548, 0.315392, 1.092548, 0.546274};
    constexpr double kCosine[9] = {1, 2.0 / 3, 2.0 / 3, 2.0 / 3, 0.25, 0.25, 0.25, 0.25, 0.25};
    for (std::size_t i = 0; i < 9; ++i) sh[i] *= 4 * kPi / total * kBasis[i] * kCosine[i];
    return sh;
}

Vec3 towards(double azimuth, double elevation) {
    return {std::cos(elevation) * std::cos(azimuth), std::cos(elevation) * std::sin(azimuth),
            std::sin(elevation)};
}

// Lamps of a town as the air and the clouds throw their light back: 3 mcd/m² overhead in clear air,
// ten times that near the horizon, and as much again under clouds [Kyba et al. 2011].
Vec3 town_glow(double elevation, double cover) {
    const double low = std::exp(-elevation / 0.25);
    return Vec3(0.98, 0.97, 0.95) * (2e-6 * (1 + 9 * low) * (1 + 9 * cover));
}

// The isotropic share of higher orders is too much once the sun is low: this brings the sky's light
// on level ground to what is measured between sunset and civil dusk [Seidelmann 1992: about 0.6 klx
// with the sun on the horizon, 3.4 lx six degrees below].
double twilight_share(double elevation) {
    constexpr struct {
        double elevation_deg, share;
    } kTable[] = {{-9, 1},    {-6.5, 0.016}, {-6, 0.0137}, {-4, 0.024},
                  {-2, 0.09}, {0, 0.23},     {4, 0.68},    {10, 1}};
    const double e = elevation * 180 / kPi;
    for (std::size_t i = 1; i < std::size(kTable); ++i) {
        const auto &a = kTable[i - 1], &b = kTable[i];
        if (e > b.elevation_deg) continue;
        const double t =
            std::clamp((e - a.elevation_deg) / (b.elevation_deg - a.elevation_deg), 0.0, 1.0);
        return std::exp(std::log(a.share) * (1 - t) + std::log(b.share) * t);
    }
    return 1;
}

// Stars: a texel in some thousand is one, most of them faint.
Vec3 star_at(int x, int y) {
    const double chance = hash01(static_cast<std::uint32_t>(y * Sky::kSize + x), 4711U);
    if (chance > 0.004) return Vec3(0);
    const double bright = hash01(static_cast<std::uint32_t>(y * Sky::kSize + x), 4712U);
    return Vec3(0.9, 0.95, 1.0) * (2e-5 * bright * bright * bright * bright);
}

// What stands around a street, as reflections show it: the height of the skyline by azimuth.
double skyline(double azimuth) {
    // Rounded, since no mirror in the street shows these houses' edges where they truly are.
    const double x = (azimuth / (2 * kPi) + 1) * 17;
    const double step = std::floor(x), t = x - step;
    const auto height = [](double house) {
        return 0.10 + 0.28 * hash01(static_cast<std::uint32_t>(static_cast<int>(house) % 17), 77U);
    };
    const double smooth = t * t * (3 - 2 * t);
    return height(step) + (height(step + 1) - height(step)) * smooth;
}

// Where a level lies in the picture of all levels; resolve.comp says the same.
struct LevelRect {
    int x = 0, y = 0, size = 0;  // texels
};
LevelRect level_rect(int level) {
    if (level == 0) return {0, 0, Sky::kSize};
    return {Sky::kSize - (2 * Sky::kSize >> level), Sky::kSize, Sky::kSize >> level};
}

// The upper half: air and clouds, and the light of the sun or the moon.
class SkyPainter {
  public:
    // Fills the light's direction and strength in.
    SkyPainter(const world::Environment& environment, Sky& sky)
        : sky_(sky),
          elevation_(environment.sun_elevation_rad),
          azimuth_(environment.sun_azimuth_rad),
          cover_(std::clamp(environment.cloud_cover, 0.0, 1.0)),
          // Haze grows with turbidity: the ratio of all to molecular scattering near the ground.
          air_{.mie = 1.6e-5 * std::max(0.0, environment.turbidity - 1.0)},
          clear_(air_, elevation_),
          twilight_(twilight_share(elevation_)) {
        const Vec3 light = choose_light();
        // Few clouds rarely stand before the sun; a closed deck hides it.
        veil_ = std::clamp((cover_ - 0.45) / 0.45, 0.0, 1.0);
        sky.sun_light_klx = light * math::square(1 - veil_);
        light_clouds(light);
    }

    bool by_moon() const { return moonlit_.has_value(); }

    // Fills in the mean radiance at the horizon too.
    void paint(Map& map) const {
        const TileNoise noise(9, 512);
        Vec3 horizon(0);
        double horizon_count = 0;
        for (int y = 0; y < map.size; ++y) {
            for (int x = 0; x < map.size; ++x) {
                const Vec3 d = map.direction(x, y);
                if (d.z < 0) continue;
                const double up = std::asin(std::clamp(d.z, 0.0, 1.0));
                Vec3 radiance = clear_at(up, std::atan2(d.y, d.x));
                if (by_moon()) radiance += star_at(x, y) * (1 - cover_);
                map.at(x, y) = with_clouds(radiance, d, up, noise);
                if (d.z < 0.12) {
                    horizon += map.at(x, y);
                    horizon_count += 1;
                }
            }
        }
        sky_.horizon = horizon / std::max(1.0, horizon_count);
    }

  private:
    // The sun's light, or the moon's once it outshines what is left of the sun's. A full moon
    // stands against the sun.
    Vec3 choose_light() {
        const Vec3 eye(0, 0, kGroundRadius + kEye);
        const Vec3 sun = towards(azimuth_, elevation_);
        const Vec3 sunlight = transmittance(air_, eye, sun) * kSunAbove;
        moon_azimuth_ = azimuth_ + 2.6;
        const double moon_elevation = std::max(0.35, -elevation_ + 0.2);
        const Vec3 moon = towards(moon_azimuth_, moon_elevation);
        const Vec3 moonlight =
            transmittance(air_, eye, moon) * kMoonAbove * std::clamp(-elevation_ / 0.1, 0.0, 1.0);
        if (luminance(moonlight) > luminance(sunlight)) {
            moonlit_.emplace(air_, moon_elevation);
            sky_.sun_direction = moon;
            return moonlight;
        }
        sky_.sun_direction = sun;
        return sunlight;
    }

    // An overcast sky's mean luminance follows from the light that falls on the clouds.
    void light_clouds(const Vec3& light) {
        const Vec3 zenith = clear_at(0.5 * kPi, 0);
        const double on_clouds =
            luminance(light) * std::max(0.02, sky_.sun_direction.z) + 2.0 * luminance(zenith);
        overcast_ = Vec3(0.97, 1.0, 1.04) * (on_clouds * 0.42 / kPi);
        cloud_lit_ = mix(light, Vec3(luminance(light)), 0.4) * (0.20 / kPi) *
                         std::max(0.25, sky_.sun_direction.z) * 2.0 +
                     zenith * 1.2;
    }

    Vec3 clear_at(double up, double heading) const {
        const double from_sun = math::wrap_angle(heading - azimuth_);
        Vec3 radiance = clear_.at(up, from_sun) * twilight_;
        // Once the sun is down, light of higher orders paints all but the glow above it blue.
        const double glow = std::exp(-up / 0.2) * math::square(0.5 + 0.5 * std::cos(from_sun));
        const double dusk = std::clamp((0.09 - elevation_) / 0.14, 0.0, 1.0) * (1 - glow);
        radiance = mix(radiance, Vec3(0.62, 0.88, 1.45) * luminance(radiance), 0.85 * dusk);
        radiance += town_glow(up, cover_);
        if (moonlit_) {
            const double share = luminance(kMoonAbove) / luminance(kSunAbove);
            radiance += moonlit_->at(up, math::wrap_angle(heading - moon_azimuth_)) * share;
        }
        return radiance;
    }

    // How thick scattered clouds are at a place of their plane, 0 to 1.
    double thickness(double cx, double cy, const TileNoise& noise) const {
        // Heaps: rounded outwards, with folds between them, and drawn about by finer noise.
        const double drawn = 0.02 * (noise.fbm(cx, cy, 32, 2) - 0.5);
        const double base = noise.fbm(cx + drawn, cy - drawn, 8, 3);
        const double folds = std::abs(2 * noise.fbm(cx - drawn, cy + drawn, 64, 4) - 1);
        const double density = base + 0.22 * (0.35 - folds) - (0.70 - 0.42 * cover_);
        return std::clamp(density * 4.2, 0.0, 1.0) * std::clamp(cover_ * 6.0, 0.0, 1.0);
    }

    Vec3 with_clouds(Vec3 radiance, const Vec3& d, double up, const TileNoise& noise) const {
        const double far = 1.0 / (d.z + 0.12);
        const double cx = d.x * far * 0.045 + 0.31, cy = d.y * far * 0.045 + 0.57;
        if (veil_ < 1) {
            radiance = with_veils(radiance, cx, cy, d.z, noise);
            radiance = with_heaps(radiance, d, cx, cy, noise);
        }
        if (veil_ == 0) return radiance;
        // A closed deck: bands and folds of it let more or less light through.
        const double bands = noise.stretched(cx, cy, 8, 4, 3) - 0.5;
        const double folds = std::abs(2 * noise.fbm(cx, cy, 32, 4) - 1) - 0.3;
        const double uneven = std::clamp(1 + 0.9 * bands - 0.35 * folds, 0.55, 1.5);
        const double closer = std::clamp(d.z * 6.0, 0.0, 1.0);  // bands run together far away
        const Vec3 deck =
            overcast_ * ((1 + 2 * d.z) / 3.0 * (1 + closer * (uneven - 1))) + town_glow(up, cover_);
        return mix(radiance, deck, veil_);
    }

    // Ice clouds, thin and drawn out, above all others.
    Vec3 with_veils(Vec3 radiance, double cx, double cy, double z, const TileNoise& noise) const {
        const double streaks = noise.stretched(0.7 * cx + 0.2 * cy, 0.7 * cy - 0.1 * cx, 4, 32, 5);
        const double share = std::clamp((streaks - 0.52) * 2.5, 0.0, 1.0) *
                             std::clamp(cover_ * 3.0, 0.0, 1.0) * std::clamp(z * 5.0, 0.0, 1.0);
        return mix(radiance, cloud_lit_ * 1.05, 0.35 * share);
    }

    // Scattered clouds on a plane, seen foreshortened and fading into the haze. Their edges let the
    // sun through, their middles are grey from below, and the side towards the sun is white.
    Vec3 with_heaps(Vec3 radiance, const Vec3& d, double cx, double cy,
                    const TileNoise& noise) const {
        const double thick = thickness(cx, cy, noise);
        if (thick <= 0 || d.z <= 0) return radiance;
        const Vec3& sun = sky_.sun_direction;
        // What lies between the cloud and the sun, by two looks along the plane.
        const double step = 0.0022 / std::max(0.35, sun.z);
        const double between = thickness(cx + sun.x * step, cy + sun.y * step, noise) +
                               thickness(cx + 2.2 * sun.x * step, cy + 2.2 * sun.y * step, noise);
        const double lit = std::exp(-1.1 * between), through = std::exp(-3.2 * thick);
        // Droplets throw light forwards: edges near the sun shine.
        const double forward = std::pow(std::max(0.0, glm::dot(d, sun)), 12.0);
        const double bright = 0.42 + 0.85 * lit + 0.55 * through + 1.6 * forward * through;
        const double opaque = 1 - std::exp(-5.0 * thick);
        const Vec3 seen = mix(radiance, cloud_lit_ * bright, std::exp(-0.03 / (d.z + 0.01)));
        return mix(radiance, seen, opaque * std::clamp(d.z * 12.0, 0.0, 1.0));
    }

    Sky& sky_;
    double elevation_, azimuth_, cover_;
    Air air_;
    ClearSky clear_;
    double twilight_;
    std::optional<ClearSky> moonlit_;  // by the moon
    double moon_azimuth_ = 0;
    double veil_ = 0;                  // share of the sky that a closed deck hides
    Vec3 overcast_{0}, cloud_lit_{0};  // radiance of a closed deck, and of clouds in the light
};

// Light on the ground gives the colour of the lower half.
void add_ground(Map& eye_map, Sky& sky) {
    sky.irradiance = project(halved(halved(halved(eye_map))));
    const Vec3 on_ground = sky.sun_light_klx * std::max(0.0, sky.sun_direction.z) +
                           (sky.irradiance[0] + sky.irradiance[2] + sky.irradiance[6] * 2.0) * kPi;
    const Vec3 ground = on_ground * (0.16 / kPi);
    for (int y = 0; y < eye_map.size; ++y) {
        for (int x = 0; x < eye_map.size; ++x) {
            if (eye_map.direction(x, y).z < 0) eye_map.at(x, y) = ground;
        }
    }
    sky.ground = ground;
}

// Reflections see a skyline in front of the sky.
Map with_skyline(const Map& eye_map, const Sky& sky, double sun_azimuth) {
    Map mirror = halved(eye_map);
    for (int y = 0; y < mirror.size; ++y) {
        for (int x = 0; x < mirror.size; ++x) {
            const Vec3 d = mirror.direction(x, y);
            if (d.z < 0) continue;
            const double up = std::asin(std::clamp(d.z, 0.0, 1.0));
            const double around = std::atan2(d.y, d.x);
            const double facing = 0.5 - 0.5 * std::cos(around - sun_azimuth + kPi);
            const Vec3 wall =
                (sky.sun_light_klx * (0.35 * (1 - facing)) + sky.irradiance[0] * kPi) *
                (0.22 / kPi);
            const double hidden = std::clamp((skyline(around) - up) * 7.0 + 0.5, 0.0, 1.0);
            mirror.at(x, y) = mix(mirror.at(x, y), wall, hidden);
        }
    }
    return mirror;
}

// The sun's disc and its glow, for the eye only; halves end at 65504.
void add_disc(Map& eye_map, const Sky& sky, bool by_moon) {
    for (int y = 0; y < eye_map.size; ++y) {
        for (int x = 0; x < eye_map.size; ++x) {
            const double cosine = glm::dot(eye_map.direction(x, y), sky.sun_direction);
            const double angle = std::acos(std::clamp(cosine, -1.0, 1.0));
            const double disc = std::clamp((0.0075 - angle) / 0.003, 0.0, 1.0);
            const double glow = 0.02 * std::exp(-angle / 0.035);
            if (eye_map.direction(x, y).z >= 0) {
                eye_map.at(x, y) += sky.sun_light_klx * (disc * 150.0 + (by_moon ? 0.0 : glow));
            }
        }
    }
}

void pack(const Map& eye_map, const Map& mirror, Sky& sky) {
    constexpr int kSize = Sky::kSize;
    sky.texels.resize(static_cast<std::size_t>(kSize) * Sky::kRows);
    const auto put = [&](const Map& map, int level) {
        const LevelRect place = level_rect(level);
        HM_CHECK(map.size == place.size, "level {} has {} texels a side", level, map.size);
        for (int y = 0; y < map.size; ++y) {
            for (int x = 0; x < map.size; ++x) {
                const Vec3& c = map.at(x, y);
                sky.texels[static_cast<std::size_t>((place.y + y) * kSize + place.x + x)] =
                    glm::packF3x9_E1x5(glm::vec3(c));
            }
        }
    };
    put(eye_map, 0);
    put(mirror, 1);
    Map level = mirror;
    for (int i = 2; i < Sky::kLevels; ++i) put(level = halved(level), i);
}

}  // namespace

double Sky::diffuse_horizontal_klx() const {
    // Irradiance over pi at the upward normal, times pi.
    return kPi * luminance(irradiance[0] + irradiance[2] + irradiance[6] * 2.0);
}

Darkness darkness_of(const Sky& sky) {
    const double lux = 1e3 * (sky.diffuse_horizontal_klx() +
                              luminance(sky.sun_light_klx) * std::max(0.0, sky.sun_direction.z));
    // Street lamps are switched at some 70 lx (CIE 115); windows light up earlier, one by one.
    return {.street_lamps = lux < 70,
            .lamps_matter = lux < 1500,
            .lit_windows = 0.42 * std::clamp((std::log10(2500.0) - std::log10(std::max(lux, 1.0))) /
                                                 std::log10(100.0),
                                             0.0, 1.0)};
}

Vec3 Sky::radiance(const Vec3& direction, int level) const {
    const LevelRect place = level_rect(level);
    const Vec3 d =
        direction / (std::abs(direction.x) + std::abs(direction.y) + std::abs(direction.z));
    Vec2 c(d.x, d.y);
    if (d.z < 0) {
        c = {(1 - std::abs(d.y)) * (d.x >= 0 ? 1 : -1), (1 - std::abs(d.x)) * (d.y >= 0 ? 1 : -1)};
    }
    const Vec2 at = (c * 0.5 + 0.5) * static_cast<double>(place.size) - 0.5;
    const double fx = at.x - std::floor(at.x), fy = at.y - std::floor(at.y);
    const auto texel = [&](int x, int y) {
        const int cx = place.x + std::clamp(x, 0, place.size - 1);
        const int cy = place.y + std::clamp(y, 0, place.size - 1);
        return Vec3(glm::unpackF3x9_E1x5(texels[static_cast<std::size_t>(cy * kSize + cx)]));
    };
    const int x = static_cast<int>(std::floor(at.x)), y = static_cast<int>(std::floor(at.y));
    return mix(mix(texel(x, y), texel(x + 1, y), fx), mix(texel(x, y + 1), texel(x + 1, y + 1), fx),
               fy);
}

Sky make_sky(const world::Environment& environment) {
    Sky sky;
    Map eye_map(Sky::kSize);
    const SkyPainter painter(environment, sky);
    painter.paint(eye_map);
    add_ground(eye_map, sky);
    const Map mirror = with_skyline(eye_map, sky, environment.sun_azimuth_rad);
    add_disc(eye_map, sky, painter.by_moon());
    pack(eye_map, mirror, sky);
    return sky;
}

}  // namespace huntsman::engine::render
