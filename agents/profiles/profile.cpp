#include "agents/profiles/profile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "agents/profiles/profile_fields.h"
#include "engine/core/assets.h"
#include "engine/core/check.h"
#include "engine/core/describe_json.h"
#include "engine/core/files.h"

namespace huntsman::agents::profiles {

using core::Error;
using core::JsonFile;
using core::JsonNode;
using core::Result;

namespace {

constexpr const char *kFolder = "minds", *kMixFolder = "minds/mixes";

// The path of a file, or of a shipped one by its name.
Result<std::filesystem::path> found(const std::string& name_or_path, const char* folder,
                                    const char* what) {
    std::error_code code;  // a name too long for a path is not one
    if (std::filesystem::is_regular_file(name_or_path, code)) {
        return std::filesystem::path(name_or_path);
    }
    const auto names = core::shipped(folder);
    if (std::ranges::find(names, name_or_path) == names.end()) {
        return Error{.message = fmt::format("is neither a file nor a {}; known are: {}", what,
                                            fmt::join(names, ", ")),
                     .file = name_or_path};
    }
    return core::assets_folder() / folder / (name_or_path + ".json");
}

void check_levels(const JsonNode& root, const Levels& levels) {
    const double sum = levels.level_0 + levels.level_1 + levels.level_2;
    if (std::abs(sum - 1) <= kSumTolerance) return;
    const JsonNode at = root.has("levels") ? root.object("levels") : root;
    at.fail(fmt::format("has probabilities that sum to {:.6g}, expected 1", sum));
}

// Shares of a role: an object of profiles and shares.
Shares read_shares(const JsonNode& root, const char* key, Role role) {
    Shares shares;
    const JsonNode node = root.object(key);
    if (!node.value().is_object()) return shares;
    double sum = 0;
    for (const auto& [profile, value] : node.value().items()) {
        shares.push_back({profile, node.number(profile, 0, 1)});
        sum += shares.back().share;
        const auto read = load_profile(profile);
        if (!read.ok()) {
            node.fail(fmt::format("has the profile \"{}\", expected one of {}, or a file", profile,
                                  fmt::join(shipped(), ", ")));
        } else if (read->role != role) {
            node.fail(fmt::format("has the profile \"{}\" of a {}, expected one of a {}", profile,
                                  name(read->role), name(role)));
        }
    }
    if (std::abs(sum - 1) > kSumTolerance) {
        node.fail(fmt::format("has shares that sum to {:.6g}, expected 1", sum));
    }
    return shares;
}

}  // namespace

const char* name(Role role) {
    constexpr const char* kNames[] = {"driver", "person", "cyclist", "animal"};
    return kNames[static_cast<int>(role)];
}

double draw_normal(double mean, double sd, const core::Key& key) {
    // About one draw in twenty lies outside.
    for (std::uint64_t i = 0; i < 100; ++i) {
        const double deviations = key.normal(i);
        if (std::abs(deviations) <= 2) return mean + sd * deviations;
    }
    return mean;
}
double draw_log_normal(double median, double log_sd, const core::Key& key) {
    return median * std::exp(log_sd * key.normal());
}

std::vector<std::string> shipped() { return core::shipped(kFolder); }

Result<Profile> parse_profile(const std::string& text, const std::filesystem::path& path) {
    HM_TAKE(const auto file, JsonFile::parse(text, path.string()));
    const JsonNode root = file->root();
    Profile profile;
    profile.name = path.stem().string();
    root.integer("schema_version", 1, 1);
    core::read_fields(root, profile, {"schema_version"});
    check_levels(root, profile.levels);
    HM_TRY(file->status());
    return profile;
}

Result<Profile> load_profile(const std::string& name_or_path) {
    HM_TAKE(const auto path, found(name_or_path, kFolder, "profile"));
    HM_TAKE(const std::string text, core::read_file(path));
    return parse_profile(text, path);
}

const Shares& Mix::of(Role role) const {
    switch (role) {
        case Role::kDriver:
            return drivers;
        case Role::kPerson:
            return people;
        case Role::kCyclist:
            return cyclists;
        case Role::kAnimal:
            return animals;
    }
    return drivers;
}

Result<Mix> parse_mix(const std::string& text, const std::filesystem::path& path) {
    HM_TAKE(const auto file, JsonFile::parse(text, path.string()));
    const JsonNode root = file->root();
    root.only({"schema_version", "description", "drivers", "people", "cyclists", "animals"});
    root.integer("schema_version", 1, 1);
    Mix mix;
    mix.name = path.stem().string();
    mix.description = root.text("description");
    mix.drivers = read_shares(root, "drivers", Role::kDriver);
    mix.people = read_shares(root, "people", Role::kPerson);
    mix.cyclists = read_shares(root, "cyclists", Role::kCyclist);
    mix.animals = read_shares(root, "animals", Role::kAnimal);
    HM_TRY(file->status());
    return mix;
}

Result<Mix> load_mix(const std::string& name_or_path) {
    HM_TAKE(const auto path, found(name_or_path, kMixFolder, "mix"));
    HM_TAKE(const std::string text, core::read_file(path));
    return parse_mix(text, path);
}

std::optional<std::uint32_t> Cast::find(const std::string& profile) const {
    const auto at = std::ranges::lower_bound(profiles, profile, {}, &Profile::name);
    if (at == profiles.end() || at->name != profile) return std::nullopt;
    return static_cast<std::uint32_t>(at - profiles.begin());
}

Result<Cast> load_cast(const std::string& mix_name_or_path) {
    Cast cast;
    HM_TAKE(cast.mix, load_mix(mix_name_or_path));
    for (const std::string& each : shipped()) {
        HM_TAKE(Profile profile, load_profile(each));
        cast.profiles.push_back(std::move(profile));
    }
    // Those that the mix names by their files.
    for (const Role role : {Role::kDriver, Role::kPerson, Role::kCyclist, Role::kAnimal}) {
        for (const Share& share : cast.mix.of(role)) {
            if (cast.find(share.profile)) continue;
            HM_TAKE(Profile profile, load_profile(share.profile));
            profile.name = share.profile;
            cast.profiles.push_back(std::move(profile));
            std::ranges::sort(cast.profiles, {}, &Profile::name);
        }
    }
    return cast;
}

const std::string& draw_profile(const Mix& mix, Role role, const core::Key& key) {
    const Shares& shares = mix.of(role);
    HM_CHECK(!shares.empty(), "the mix \"{}\" has no {}", mix.name, name(role));
    double left = key.uniform();
    const Share* last = &shares.front();
    for (const Share& share : shares) {
        if (share.share <= 0) continue;
        last = &share;
        left -= share.share;
        if (left < 0) break;
    }
    return last->profile;
}

}  // namespace huntsman::agents::profiles
