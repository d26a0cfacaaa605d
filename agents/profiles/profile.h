// Who a road user is: a profile of assets/minds, as data, and mixes of profiles.
//
// A profile gives distributions; one road user draws its own values from them. Every field has a
// range and a meaning in `describe`; docs/agents.md has the table of all profiles.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/describe.h"
#include "engine/core/random.h"
#include "engine/core/result.h"

namespace huntsman::agents::profiles {

namespace core = engine::core;

enum class Role : std::uint8_t { kDriver, kPerson, kCyclist, kAnimal };
const char* name(Role role);  // "driver", "person", "cyclist", "animal"
constexpr int value_count(core::Of<Role>) { return 4; }

// Gaps in time [s] that half of the road users with this mean accept, by what they are about to do.
struct AcceptedGaps {
    double left_turn_s = 4.87, left_turn_sd_s = 1.0;
    double merge_s = 6.5, merge_sd_s = 1.7;
    double cross_s = 6.5, cross_sd_s = 1.7;
    double on_foot_s = 6.5, on_foot_sd_s = 1.3;
};
// Looks at the road and away from it alternate; both are log-normal.
struct Glances {
    double away_s = 0.6, away_log_sd = 0.5;
    double towards_s = 4, towards_log_sd = 0.8;
};
// Probabilities of thinking so many steps ahead; they sum to 1.
struct Levels {
    double level_0 = 0.2, level_1 = 0.5, level_2 = 0.3;
};

// A value x with its x_sd is a normal distribution.
struct Profile {
    std::string name;  // of its file
    std::string description;
    std::string source;  // of its values; what is assumed
    Role role = Role::kDriver;
    double speed_factor = 1, speed_factor_sd = 0.08;
    double headway_s = 1.8, headway_sd_s = 0.3;
    AcceptedGaps gaps;
    double reaction_s = 1, reaction_sd_s = 0.2;
    Glances glances;
    double attention = 0.95;
    double hearing = 1;
    double social_rad = 30 * core::kRadiansInDegree, social_sd_rad = 15 * core::kRadiansInDegree;
    Levels levels;
    double patience_s = 20;
    double obeys_signals = 0.99;
    double obeys_direction = 1;
    double uses_crossings = 0.9;
    bool blue_light = false;
    double delivers = 0;
    double walking_mps = 1.34, walking_sd_mps = 0.26;
};

// A draw from a normal distribution, cut at two standard deviations; from a log-normal one.
double draw_normal(double mean, double sd, const core::Key& key);
double draw_log_normal(double median, double log_sd, const core::Key& key);

constexpr double kSumTolerance = 1e-6;  // of probabilities that files give in decimals

// Names of the shipped profiles, sorted.
std::vector<std::string> shipped();
// A shipped profile by its name, or a file. Errors name file and line.
core::Result<Profile> load_profile(const std::string& name_or_path);
core::Result<Profile> parse_profile(const std::string& text, const std::filesystem::path& path);

// Shares of profiles among the road users of one role.
struct Share {
    std::string profile;
    double share = 0;
};
using Shares = std::vector<Share>;  // sorted by name; they sum to 1

// Who is about. Each role has its shares.
struct Mix {
    std::string name, description;
    Shares drivers, people, cyclists, animals;

    const Shares& of(Role role) const;
};
// A shipped mix of assets/minds/mixes by its name, or a file. Shares that do not sum to 1,
// profiles that do not exist and profiles of another role are errors with file and line.
core::Result<Mix> load_mix(const std::string& name_or_path);
core::Result<Mix> parse_mix(const std::string& text, const std::filesystem::path& path);

// A mix with the profiles that it names and all that are shipped, sorted by name.
struct Cast {
    Mix mix;
    std::vector<Profile> profiles;

    // Index of a profile; nothing where there is none of this name.
    std::optional<std::uint32_t> find(const std::string& name) const;
};
core::Result<Cast> load_cast(const std::string& mix_name_or_path);

// The profile of one road user of this role: a pure function of mix and key.
const std::string& draw_profile(const Mix& mix, Role role, const core::Key& key);

}  // namespace huntsman::agents::profiles
