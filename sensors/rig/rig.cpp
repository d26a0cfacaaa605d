#include "sensors/rig/rig.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>

#include "engine/core/assets.h"
#include "engine/core/describe_json.h"
#include "engine/world/rig_fields.h"
#include "sensors/lens/field.h"
#include "sensors/rig/lens_json.h"

namespace huntsman::sensors::rig {

using engine::core::Error;
using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;
using engine::core::TimeUs;
using engine::math::kPi;
using engine::world::Camera;
using engine::world::Readout;

namespace {

// A camera's name becomes part of file names.
constexpr const char* kNameLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
constexpr std::size_t kLongestName = 64;
constexpr int kSmallest_px = 16, kLargest_px = 4096;

void read_timing(const JsonNode& node, double rig_rate_hz, Camera& camera) {
    double period_ms = 1e3 / rig_rate_hz;
    if (node.has("rate_hz")) {
        period_ms = 1e3 / node.number("rate_hz", 0.1, 100);
        camera.period_us = engine::core::from_seconds(1e-3 * period_ms);
    }
    camera.phase_us =
        engine::core::from_seconds(1e-3 * node.number_or("phase_ms", 0, 0, period_ms));
    if (!node.has("shutter")) return;
    const JsonNode shutter = node.object("shutter");
    shutter.only({"readout", "readout_ms"});
    const auto known = engine::core::value_named<Readout>(
        shutter.one_of("readout", engine::core::names_of<Readout>()));
    camera.shutter.readout = known.value_or(Readout::kGlobal);
    if (known && camera.shutter.readout != Readout::kGlobal && !shutter.has("readout_ms")) {
        shutter.fail("has no readout_ms, expected the time from the first line to the last");
    }
    // A line is read again only after the picture's last one.
    camera.shutter.readout_us =
        engine::core::from_seconds(1e-3 * shutter.number_or("readout_ms", 0, 0, period_ms));
    if (camera.shutter.readout == Readout::kGlobal && camera.shutter.readout_us > 0) {
        shutter.fail("has a readout_ms, expected none of a global shutter");
    }
}

// The sensor's data file: the name of a shipped one, wherever the rig lies, or a path from the
// rig's folder.
std::string read_sensor(const JsonNode& node, const std::filesystem::path& rig) {
    const std::string text = node.text_or("sensor", "");
    if (text.empty()) return {};
    const bool is_file = text.find('/') != std::string::npos || text.ends_with(".json");
    const auto path = is_file ? rig.parent_path() / text
                              : engine::core::assets_folder() / "sensors" / (text + ".json");
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) {
        node.fail(is_file
                      ? fmt::format("has the sensor {}, expected a data file {}", text,
                                    path.lexically_normal().string())
                      : fmt::format("has the sensor {}, expected one of {}, or a path with a slash "
                                    "or ending in .json",
                                    text, fmt::join(engine::core::shipped("sensors"), ", ")));
    }
    return path.lexically_normal().string();
}

Camera read_camera(const JsonNode& node, const std::filesystem::path& rig, double rig_rate_hz,
                   int width, int height) {
    node.only({"name", "position_m", "yaw_deg", "pitch_deg", "horizontal_fov_deg", "range_m",
               "size", "lens", "rate_hz", "phase_ms", "shutter", "sensor", "calibration_error"});
    Camera camera;
    camera.name = node.text("name");
    if (camera.name.find_first_not_of(kNameLetters) != std::string::npos) {
        node.fail("has the name " + camera.name + ", expected letters, digits, _ and -");
    }
    if (camera.name.size() > kLongestName) {
        node.fail(fmt::format("has a name of {} letters, expected at most {}", camera.name.size(),
                              kLongestName));
    }
    const auto position = node.numbers("position_m", 3, -20, 20);
    const double yaw_rad = node.number("yaw_deg", -180, 180) * kPi / 180;
    const double pitch_rad = node.number_or("pitch_deg", 0, -89, 89) * kPi / 180;
    camera.X_BC = {engine::math::camera_rotation(yaw_rad, pitch_rad),
                   {position[0], position[1], position[2]}};
    camera.width = width;
    camera.height = height;
    const bool own_size = node.has("size");
    if (own_size) {
        const auto size = node.numbers("size", 2, kSmallest_px, kLargest_px);
        if (size[0] != std::floor(size[0]) || size[1] != std::floor(size[1])) {
            node.fail("has a size that is not of whole pixels");
        }
        camera.width = static_cast<int>(size[0]);
        camera.height = static_cast<int>(size[1]);
    }
    camera.lens = read_lens(node, camera.width, camera.height, own_size);
    camera.range_m = node.number_or("range_m", 100, 1, 1000);
    camera.sensor = read_sensor(node, rig);
    read_timing(node, rig_rate_hz, camera);
    if (node.has("calibration_error")) {
        engine::core::read_fields(node.object("calibration_error"), camera.error);
    }
    return camera;
}

}  // namespace

Result<engine::world::Rig> load(const std::filesystem::path& path, int width, int height) {
    if (width < kSmallest_px || width > kLargest_px || height < kSmallest_px ||
        height > kLargest_px) {
        return Error{
            .message = fmt::format("picture size is {}x{}, expected width and height from {} to {}",
                                   width, height, kSmallest_px, kLargest_px)};
    }
    HM_TAKE(auto file, JsonFile::read(path));
    const JsonNode root = file->root();
    root.only({"name", "description", "rate_hz", "cameras"});

    engine::world::Rig rig;
    rig.name = root.text("name");
    rig.rate_hz = root.number_or("rate_hz", 10, 0.1, 100);
    std::set<std::string> names;
    for (const JsonNode& node : root.array("cameras")) {
        Camera camera = read_camera(node, path, rig.rate_hz, width, height);
        if (!names.insert(camera.name).second) {
            node.fail("repeats the camera name " + camera.name + ", expected names that differ");
        }
        rig.cameras.push_back(std::move(camera));
        // Nothing is gained from reading on, and a wrong size may make a lens slow to check.
        if (!file->status()) break;
    }
    if (rig.cameras.empty() || rig.cameras.size() > kMostCameras) {
        root.fail(
            fmt::format("has {} cameras, expected 1 to {}", rig.cameras.size(), kMostCameras));
    }
    if (auto status = file->status(); !status) return status.error();
    return rig;
}

}  // namespace huntsman::sensors::rig
