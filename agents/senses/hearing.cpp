#include "agents/senses/hearing.h"

#include <algorithm>
#include <cmath>

#include "agents/senses/degrees.h"

namespace huntsman::agents::senses {

namespace {

constexpr double kStreetNoise_db = 65;
constexpr double kCabinNoise_db = 55, kCabinNoisePerMps_db = 15 / 27.8;
constexpr double kCabin_db = 30, kHeadphones_db = 15 + 10, kScreen_db = 10;
constexpr double kAir_db_m = 0.005;
constexpr double kOpenError_rad = 13 * kDegree, kCabinError_rad = 68 * kDegree;

struct Loudness {
    double db, at_m;
};
constexpr Loudness loudness(SoundKind kind) {
    return kind == SoundKind::kHorn ? Loudness{105, 7} : Loudness{118, 3};
}

}  // namespace

double level_over_noise_db(const Sound& sound, const Listener& listener, bool screened) {
    const auto [db, at_m] = loudness(sound.kind);
    const double d = std::max(glm::length(sound.p_W - listener.p_W), at_m);
    const double level = db - 20 * std::log10(d / at_m) - kAir_db_m * d -
                         (screened ? kScreen_db : 0) - (listener.cabin ? kCabin_db : 0) -
                         (listener.headphones ? kHeadphones_db : 0);
    const double noise = listener.cabin
                             ? kCabinNoise_db + kCabinNoisePerMps_db * std::abs(listener.speed_mps)
                             : kStreetNoise_db;
    return level - noise;
}

double hearing_probability(double over_noise_db) {
    constexpr double kSlope_db = 3;  // 10 dB over the noise: 97 %
    return 1 / (1 + std::exp(-over_noise_db / kSlope_db));
}

bool hears(const engine::core::Key& world_key, const Sound& sound, const Listener& listener,
           bool screened, std::int64_t tick, std::int64_t onset, Heard& heard) {
    if (sound.source == listener.id) return false;
    const auto key = world_key.with("hearing").with(listener.id).with(sound.source);
    const double p = hearing_probability(level_over_noise_db(sound, listener, screened));
    if (key.uniform(static_cast<std::uint64_t>(tick)) >= p) return false;
    const math::Vec2 d = math::xy(sound.p_W - listener.p_W);
    const double error = (listener.cabin ? kCabinError_rad : kOpenError_rad) *
                         key.with("bearing").normal(static_cast<std::uint64_t>(onset));
    heard = {sound.kind, sound.source, math::wrap_angle(std::atan2(d.y, d.x) + error)};
    return true;
}

}  // namespace huntsman::agents::senses
