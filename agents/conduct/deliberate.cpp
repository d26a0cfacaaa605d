#include "agents/conduct/deliberate.h"

#include <algorithm>
#include <cmath>

namespace huntsman::agents::conduct {

namespace {

constexpr double kNoise_per_sqrt_s = 0.6;
constexpr double kGiveUp = -0.5;         // drift at which a decision to go is given up,
constexpr double kAfterGivingUp = -0.5;  // and the evidence then
constexpr double kGapScale_s = 1.0;      // off the critical gap, at which the advantage is 0.76
constexpr double kImpatience = 0.35;     // share of the critical gap that patience takes away
constexpr double kUsualSocial = 0.5;     // sine of the usual social value angle, 30 degrees
constexpr double kSocialShare = 0.2;     // of the critical gap, for each unit of that sine

}  // namespace

double advantage_of_gap(double gap_s, double critical_s) {
    return std::tanh((gap_s - critical_s) / kGapScale_s);
}

double critical_now_s(double critical_s, double waited_s, const Traits& traits) {
    // Patience runs out the faster the longer it has been tried.
    const double tried = std::min(1.0, waited_s / std::max(traits.patience_s, 1.0));
    const double impatience = kImpatience * tried * tried;
    const double social = kSocialShare * (std::sin(traits.social_rad) - kUsualSocial);
    return critical_s * (1 - impatience + social);
}

void deliberate(world::Deliberation& deliberation, std::uint32_t place, double drift,
                const Self& self, const engine::core::Key& seed) {
    if (deliberation.place != place) deliberation = {.place = place};
    deliberation.since_s += self.dt_s;
    if (deliberation.going) {
        if (drift > kGiveUp) return;
        deliberation.going = false;
        deliberation.evidence = kAfterGivingUp;
    }
    const double noise = kNoise_per_sqrt_s * std::sqrt(self.dt_s) *
                         seed.with(self.id)
                             .with("evidence")
                             .with(static_cast<std::uint64_t>(self.time_us))
                             .normal(0);
    deliberation.evidence = std::clamp(
        deliberation.evidence + 2 * drift / self.traits->reaction_s * self.dt_s + noise, -1.0, 1.0);
    deliberation.going = deliberation.evidence >= 1;
}

}  // namespace huntsman::agents::conduct
