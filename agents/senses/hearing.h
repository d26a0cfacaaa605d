// What road users hear: horns and sirens, how likely and from which direction.
//
// A sound falls by 6 dB when its distance doubles and by 5 dB per km in air. Walls between take 10
// dB (assumed: low frequencies bend round them), a closed cabin 30 dB, headphones 15 dB and mask 10
// dB more (assumed, music at ordinary levels). It is heard where it stands out of the noise: half
// of the time at 0 dB, nearly always at 10 dB.
//   - Horn: 93 to 112 dB(A) at 7 m on the vehicle [UN R28]; siren: 118 dB(A) at 3 m [SAE J1849].
//   - Noise of a street 65 dB(A), in a cabin 55 dB(A) at rest, rising to 70 at 100 km/h (assumed).
//   - Direction: in the open 91 % of sirens are placed in the right sector of 45 degrees, in a
//   closed
//     car 26 % [Potter et al. 1977]: a normal error of 13 and of 68 degrees.
//
//   Potter, R., Fidell, S., Myles, M., Keast, D.: Effectiveness of audible warning devices on
//     emergency vehicles, DOT-TSC-OST-77-38, 1977.
#pragma once

#include <cstdint>

#include "engine/core/random.h"
#include "engine/world/world.h"

namespace huntsman::agents::senses {

namespace math = engine::math;

enum class SoundKind : std::uint8_t { kHorn, kSiren };
struct Sound {
    SoundKind kind = SoundKind::kHorn;
    engine::world::ActorId source = engine::world::kNoActor;
    math::Vec3 p_W{0, 0, 0};
};

struct Listener {
    engine::world::ActorId id = engine::world::kNoActor;
    math::Vec3 p_W{0, 0, 0};
    bool cabin = false;       // in a closed vehicle
    double speed_mps = 0;     // of that vehicle
    bool headphones = false;  // on, with music
};

// Level of the sound over the noise at the listener's ears [dB].
double level_over_noise_db(const Sound& sound, const Listener& listener, bool screened);

// Probability that the sound is noticed within one look (50 ms), 0..1.
double hearing_probability(double over_noise_db);

// What was heard.
struct Heard {
    SoundKind kind = SoundKind::kHorn;
    engine::world::ActorId source = engine::world::kNoActor;
    double bearing_rad = 0;  // in W, as it seems to the listener, in [-pi, pi]
};

// Whether the listener notices the sound at a tick, and where it seems to come from. `onset` names
// the sound (the tick when it began): the error of its direction stays the same while it sounds.
// Nobody hears their own.
bool hears(const engine::core::Key& world_key, const Sound& sound, const Listener& listener,
           bool screened, std::int64_t tick, std::int64_t onset, Heard& heard);

}  // namespace huntsman::agents::senses
