#include "agents/conduct/traits.h"

#include <algorithm>

namespace huntsman::agents::conduct {

using engine::core::Key;

Traits traits_of(const profiles::Profile& profile, const Key& seed, engine::world::ActorId id,
                 double mean_mps) {
    constexpr double kAdult_mps = 1.34;
    const Key key = seed.with(id).with("traits");
    const auto drawn = [&](double mean, double sd, const char* of) {
        return profiles::draw_normal(mean, sd, key.with(of));
    };
    Traits traits;
    traits.role = profile.role;
    traits.idm.headway_s = std::max(0.4, drawn(profile.headway_s, profile.headway_sd_s, "headway"));
    traits.idm.acceleration_mps2 = key.uniform(1.3, 1.8, 1);
    traits.speed_factor = drawn(profile.speed_factor, profile.speed_factor_sd, "speed");
    const profiles::AcceptedGaps& gaps = profile.gaps;
    // Who is careful is so everywhere: one draw for all gaps.
    const double careful = profiles::draw_normal(0, 1, key.with("gaps"));
    const auto gap = [&](double mean, double sd) { return std::max(0.5, mean + careful * sd); };
    traits.left_turn_s = gap(gaps.left_turn_s, gaps.left_turn_sd_s);
    traits.merge_s = gap(gaps.merge_s, gaps.merge_sd_s);
    traits.cross_s = gap(gaps.cross_s, gaps.cross_sd_s);
    traits.on_foot_s = std::max(0.0, gaps.on_foot_s + careful * gaps.on_foot_sd_s);
    traits.reaction_s = std::max(0.1, drawn(profile.reaction_s, profile.reaction_sd_s, "reaction"));
    traits.glances = profile.glances;
    traits.attention = profile.attention;
    traits.hearing = profile.hearing;
    traits.social_rad = drawn(profile.social_rad, profile.social_sd_rad, "social");
    traits.patience_s = profile.patience_s;
    traits.obeys_signals = profile.obeys_signals;
    traits.obeys_direction = profile.obeys_direction;
    const double level = key.with("level").uniform();
    traits.level = level < profile.levels.level_0                            ? 0
                   : level < profile.levels.level_0 + profile.levels.level_1 ? 1
                                                                             : 2;
    traits.uses_crossings = profile.uses_crossings;
    traits.blue_light = profile.blue_light;
    traits.delivers = profile.delivers;
    traits.walking_mps = std::max(
        0.3, drawn(profile.walking_mps, profile.walking_sd_mps, "walk") * mean_mps / kAdult_mps);
    traits.side = key.uniform(0.1, 0.7, 4);
    return traits;
}

}  // namespace huntsman::agents::conduct
