// How likely one look detects something: a model of human vision for road users.
//
// A look lasts 50 ms, one think tick. Looks are independent glimpses [Koopman 1980]: detection is a
// Poisson process whose rate depends on what is seen, so that a look detects with probability
//   p = 1 - exp(-rate · 0.05 s),  rate = kMostRate · attention · V² / (1 + V²).
// V is the apparent size over the size that is just noticed:
//   V = size / (kNoticed_arcmin · (1 + e / kDoubling)) · contrast · sensitivity · motion.
// - Eccentricity e: the least resolved angle grows linearly with the angle from the line of sight
//   [Weymouth 1958; Anstis 1974], here doubling at 2.5 degrees. Beyond 100 degrees nothing is seen.
// - Light: the contrast threshold falls with the root of the illuminance in the dark (de
// Vries-Rose)
//   and is constant by day (Weber); the change is at kRootToWeber_lx.
// - Fog: contrast falls with exp(-extinction · distance) [Koschmieder 1924]; rain adds 0.337 R^0.63
//   per km at R mm/h [Atlas 1953], and drops on a windscreen halve contrast at 25 mm/h (assumed).
// - Glare: a low sun's veil of 10 E / θ² [cd/m², lx, degrees; Stiles, Holladay 1929; CIE 146:2002]
//   over the road's luminance.
// - Motion: what moves across the line of sight or grows is noticed up to twice as small (assumed;
//   half of that at 2 degrees a second).
// - Attention multiplies the rate at every eccentricity alike, as load does in [Crundall,
// Underwood,
//   Chapman 1999], who found general interference rather than a narrowed field.
//
// - What is known to be there is found again sooner: the rate is kExpected times as high (assumed;
//   targets where they are expected are found several times as fast [Posner 1980]).
//
// Free constants (the rate, the size just noticed, a dipped beam's strength) are set so that: a
// pedestrian 30 m ahead by day is detected within 0.5 s in more than 99 %, one 60 degrees aside is
// not; somebody in dark clothes is detected at 53 m in dipped light within 0.5 s by half of the
// attentive drivers [Allen et al. 1970: 175 ft]. What is
// seen through a mirror is looked for in the mirror: e is the angle between gaze and mirror.
// The table of docs/agents.md shows what comes out.
//
//   Allen, M., Hazlett, R., Tacker, H., Graham, B.: Actual pedestrian visibility and the
//   pedestrian's
//     estimate of his own visibility, Am. J. Optometry 47, 1970.
//   Anstis, S.: A chart demonstrating variations in acuity with retinal position, Vision Res. 14,
//     1974.
//   Atlas, D.: Optical extinction by rainfall, J. Meteorology 10, 1953.
//   Crundall, D., Underwood, G., Chapman, P.: Peripheral detection rates in drivers, Vision in
//     Vehicles VII, 1999.
//   Koopman, B.: Search and Screening, Pergamon 1980.
//   Posner, M.: Orienting of attention, Quart. J. Exp. Psychology 32, 1980.
//   Weymouth, F.: Visual sensory units and the minimal angle of resolution, Am. J. Ophthalmology
//   46,
//     1958.
#pragma once

#include <cstdint>

#include "agents/senses/degrees.h"
#include "engine/core/random.h"
#include "engine/world/world.h"

namespace huntsman::agents::senses {

namespace math = engine::math;
namespace world = engine::world;

constexpr double kLook_s = 0.05;
constexpr double kMostRate_per_s = 12;
constexpr double kExpected = 5;  // times the rate, of what is known to be there
constexpr double kNoticed_arcmin = 8;
constexpr double kDoubling_rad = 2.5 * kDegree;
constexpr double kField_rad = 100 * kDegree;  // to each side of the gaze
constexpr double kRootToWeber_lx = 100;

// The moment's light and air, the same for everyone.
struct Daylight {
    double ambient_lx = 1e5;  // on the ground, from sky and sun
    math::Vec3 to_sun_W{0, 0, 1};
    double glare_lx = 0;  // of the sun in the eyes; 0 where it is not low
    double extinction_per_m = 0;
    double windscreen = 1;  // contrast through a wet one
};
// Light by the sun's height [Bond, Henderson 1963: 400 lx at sunset, 3.4 lx at the end of civil
// twilight], less by clouds [Kasten, Czeplak 1980].
Daylight daylight(const world::Environment& environment);

// Illuminance of something by the observer's own dipped headlamps [lx]; `aside_rad` from the
// vehicle's heading.
double dipped_light_lx(double distance_m, double aside_rad);

// Share of the contrast that is left beside the sun, 0..1; `from_sun_rad` is between sun and
// target.
double contrast_in_glare(const Daylight& light, double from_sun_rad);

// What one look at something is made of.
struct LookFactors {
    double size_rad = 0;          // root of the solid angle of what is seen of it
    double eccentricity_rad = 0;  // between the line of sight and it
    double light_lx = 1e5;        // on it; lamps of its own count as 50 lx
    double contrast = 1;          // that air, windscreen and glare leave, 0..1
    double motion_rad_s = 0;      // of its own: across the line of sight, or growing
    double attention = 1;         // of the observer, 0..1
    bool expected = false;        // it is known to be there, and is found again sooner
};
// Probability that one look detects it, 0..1. It never falls with size, light, contrast, motion or
// attention, and never rises with eccentricity.
double detection_probability(const LookFactors& factors);

// Rate of motion that detection reckons with [rad/s], of something at `to_target` from the
// eye that moves with `v_mps` and has `size_m`.
double apparent_motion_rad_s(const math::Vec2& to_target_m, const math::Vec2& v_mps, double size_m);

// What no look's probability exceeds, whatever is looked at.
double highest_probability(double attention, bool expected = false);

// The draws of an observer's looks; draw(target, tick) says whether a look detects: where it lies
// below the probability. The same whoever else looks, and in whatever order.
class LookDraws {
  public:
    LookDraws(const engine::core::Key& world_key, std::uint32_t observer)
        : key_(world_key.with("look").with(observer)) {}
    double draw(std::uint32_t target, std::int64_t tick) const {
        return key_.with(target).uniform(static_cast<std::uint64_t>(tick));
    }

  private:
    engine::core::Key key_;
};

}  // namespace huntsman::agents::senses
