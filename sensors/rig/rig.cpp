#include "sensors/rig/rig.h"

#include <cmath>
#include <set>

#include "engine/core/json_file.h"

namespace huntsman::sensors::rig {

using engine::core::Error;
using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;
using engine::math::kPi;

namespace {
constexpr std::size_t kMostCameras = 16;  // what one submission of the renderer takes
// A camera's name becomes part of file names.
constexpr const char* kNameLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
}  // namespace

Result<engine::world::Rig> load(const std::filesystem::path& path, int width, int height) {
    if (width < 16 || width > 4096 || height < 16 || height > 4096) {
        return Error{
            .message = fmt::format(
                "picture size is {}x{}, expected width and height from 16 to 4096", width, height)};
    }
    auto file = JsonFile::read(path);
    if (!file) return file.error();
    const JsonNode root = (*file)->root();
    root.only({"name", "description", "rate_hz", "cameras"});

    engine::world::Rig rig;
    rig.name = root.text("name");
    rig.rate_hz = root.number_or("rate_hz", 10, 0.1, 100);
    std::set<std::string> names;
    for (const JsonNode& node : root.array("cameras")) {
        node.only({"name", "position_m", "yaw_deg", "pitch_deg", "horizontal_fov_deg", "range_m"});
        engine::world::Camera camera;
        camera.name = node.text("name");
        if (camera.name.find_first_not_of(kNameLetters) != std::string::npos) {
            node.fail("has the name " + camera.name + ", expected letters, digits, _ and -");
        }
        if (!names.insert(camera.name).second) {
            node.fail("repeats the camera name " + camera.name + ", expected names that differ");
        }
        const auto position = node.numbers("position_m", 3, -20, 20);
        const double yaw_rad = node.number("yaw_deg", -180, 180) * kPi / 180;
        const double pitch_rad = node.number_or("pitch_deg", 0, -89, 89) * kPi / 180;
        // Beyond 150 degrees a pinhole spends nearly all its pixels on the rim.
        const double fov_rad = node.number("horizontal_fov_deg", 1, 150) * kPi / 180;
        camera.X_BC = {engine::math::camera_rotation(yaw_rad, pitch_rad),
                       {position[0], position[1], position[2]}};
        camera.width = width;
        camera.height = height;
        camera.lens.fx = camera.lens.fy = 0.5 * width / std::tan(0.5 * fov_rad);
        camera.lens.cx = 0.5 * width;
        camera.lens.cy = 0.5 * height;
        camera.range_m = node.number_or("range_m", 100, 1, 1000);
        rig.cameras.push_back(camera);
    }
    if (rig.cameras.empty() || rig.cameras.size() > kMostCameras) {
        root.fail(
            fmt::format("has {} cameras, expected 1 to {}", rig.cameras.size(), kMostCameras));
    }
    if (auto status = (*file)->status(); !status) return status.error();
    return rig;
}

}  // namespace huntsman::sensors::rig
