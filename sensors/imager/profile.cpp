#include "sensors/imager/profile.h"

#include <algorithm>
#include <cmath>

#include "engine/core/json_file.h"

namespace huntsman::sensors::imager {

using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;

double SensorProfile::saturation_e(const Capture& capture, double analogue_gain) const {
    return std::min(capture.full_well_e,
                    (full_scale_dn() - black_level_dn) / (capture.gain_dn_per_e * analogue_gain));
}

double SensorProfile::dynamic_range_db() const {
    const Capture& last = captures.back();
    return 20 * std::log10(saturation_e(last, 1) / (last.time_share * last.sensitivity_share) /
                           captures.front().read_noise_e);
}

namespace {

void read_array(const JsonNode& node, SensorProfile& profile) {
    node.only({"width_px", "height_px", "pixel_um", "filter", "electrons_per_lx_s_um2",
               "response_from_linear_srgb"});
    profile.width = static_cast<int>(node.integer("width_px", 16, 16384));
    profile.height = static_cast<int>(node.integer("height_px", 16, 16384));
    profile.pixel_um = node.number("pixel_um", 0.5, 50);
    const std::string filter = node.text("filter");
    if (filter != "rggb" && filter != "rccb") {
        node.fail("has the filter " + filter + ", expected rggb or rccb");
    }
    profile.filter = filter == "rccb" ? Filter::kRccb : Filter::kRggb;
    const auto electrons = node.numbers("electrons_per_lx_s_um2", 3, 1, 1e5);
    std::copy(electrons.begin(), electrons.end(), profile.electrons_per_lx_s_um2.begin());

    // Rows are given one after the other.
    const auto response = node.numbers("response_from_linear_srgb", 9, -1, 2);
    auto& m = profile.response_from_srgb;
    for (std::size_t i = 0; i < 9; ++i) m[i / 3][i % 3] = response[i];
    for (const auto& row : m) {
        if (std::abs(row[0] + row[1] + row[2] - 1) > 1e-6) {
            node.fail("response_from_linear_srgb has a row that does not sum to 1");
        }
    }
    const double determinant = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
                               m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
                               m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
    if (std::abs(determinant) < 0.01) {
        node.fail("response_from_linear_srgb does not tell three colours apart");
    }
}

void read_optics(const JsonNode& node, Optics& optics) {
    node.only({"f_number", "transmission", "vignetting_share", "psf_sigma_um", "veiling_share",
               "ghost_share", "lateral_red_um", "lateral_blue_um"});
    optics.f_number = node.number("f_number", 0.5, 32);
    optics.transmission = node.number("transmission", 0.01, 1);
    optics.vignetting_share = node.number("vignetting_share", 0, 0.95);
    optics.psf_sigma_um = node.number("psf_sigma_um", 0, 50);
    optics.veiling_share = node.number("veiling_share", 0, 0.5);
    optics.ghost_share = node.number("ghost_share", 0, 0.01);
    optics.lateral_red_um = node.number("lateral_red_um", -100, 100);
    optics.lateral_blue_um = node.number("lateral_blue_um", -100, 100);
}

void read_noise(const JsonNode& node, SensorProfile& profile) {
    node.only({"dark_e_per_s_at_60_degc", "dark_doubling_k", "prnu_share", "dsnu_e", "dead_share",
               "hot_share", "hot_e_per_s_at_60_degc"});
    profile.dark_e_per_s = node.number("dark_e_per_s_at_60_degc", 0, 1e6);
    profile.dark_doubling_k = node.number("dark_doubling_k", 1, 100);
    profile.prnu_share = node.number("prnu_share", 0, 0.2);
    profile.dsnu_e = node.number("dsnu_e", 0, 1000);
    profile.dead_share = node.number("dead_share", 0, 0.1);
    profile.hot_share = node.number("hot_share", 0, 0.1);
    profile.hot_e_per_s = node.number("hot_e_per_s_at_60_degc", 0, 1e7);
}

void read_captures(const JsonNode& root, SensorProfile& profile) {
    constexpr std::size_t kMostCaptures = 8;
    double former = 1e30;
    for (const JsonNode& node : root.array("captures")) {
        node.only({"name", "exposure", "time_share", "sensitivity_share", "gain_dn_per_e",
                   "full_well_e", "read_noise_e"});
        Capture capture;
        capture.name = node.text("name");
        capture.exposure = static_cast<int>(node.integer("exposure", 0, 7));
        capture.time_share = node.number("time_share", 1e-6, 1);
        capture.sensitivity_share = node.number("sensitivity_share", 1e-6, 1);
        capture.gain_dn_per_e = node.number("gain_dn_per_e", 1e-4, 1e3);
        capture.full_well_e = node.number("full_well_e", 10, 1e8);
        capture.read_noise_e = node.number("read_noise_e", 0, 1e4);
        // Each reading must see more light than the one before, or it would never be used.
        const double reach =
            capture.time_share * capture.sensitivity_share / profile.saturation_e(capture, 1);
        if (reach >= former) {
            node.fail("is full before the capture ahead of it, expected ever higher lights");
        }
        former = reach;
        if (!profile.captures.empty() && capture.exposure == profile.captures.back().exposure &&
            (capture.time_share != profile.captures.back().time_share ||
             capture.sensitivity_share != profile.captures.back().sensitivity_share)) {
            node.fail("shares an exposure with another time or sensitivity, expected the same");
        }
        profile.captures.push_back(capture);
    }
    if (profile.captures.empty() || profile.captures.size() > kMostCaptures) {
        root.fail(fmt::format("has {} captures, expected 1 to {}", profile.captures.size(),
                              kMostCaptures));
    }
}

}  // namespace

Result<SensorProfile> load_profile(const std::filesystem::path& path) {
    HM_TAKE(auto file, JsonFile::read(path));
    const JsonNode root = file->root();
    root.only(
        {"name", "description", "array", "optics", "noise", "converter", "captures", "exposure"});
    SensorProfile profile;
    profile.name = root.text("name");
    read_array(root.object("array"), profile);
    read_optics(root.object("optics"), profile.optics);
    read_noise(root.object("noise"), profile);

    const JsonNode converter = root.object("converter");
    converter.only({"bits", "black_level_dn"});
    profile.bits = static_cast<int>(converter.integer("bits", 8, 16));
    profile.black_level_dn = converter.number("black_level_dn", 0, 0.5 * profile.full_scale_dn());
    read_captures(root, profile);

    const JsonNode exposure = root.object("exposure");
    exposure.only({"shortest_us", "longest_us", "highest_gain"});
    profile.shortest_exposure_s = 1e-6 * exposure.number("shortest_us", 1, 1e6);
    profile.longest_exposure_s =
        1e-6 * exposure.number("longest_us", 1e6 * profile.shortest_exposure_s, 1e6);
    profile.highest_gain = exposure.number("highest_gain", 1, 256);
    if (auto status = file->status(); !status) return status.error();
    return profile;
}

}  // namespace huntsman::sensors::imager
