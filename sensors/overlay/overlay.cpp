#include "sensors/overlay/overlay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"
#include "sensors/overlay/canvas.h"
#include "sensors/overlay/eye.h"

namespace huntsman::sensors::overlay {

namespace {
constexpr std::array<const char*, kLayers> kNames = {
    "depth", "semantic", "instance", "normals", "flow",  "boxes", "boxes3d",    "keypoints",
    "lanes", "marks",    "signals",  "signs",   "lidar", "minds", "lidar_class"};

void check_sizes(const CameraSample& camera) {
    const auto pixels = static_cast<std::size_t>(camera.camera.width) *
                        static_cast<std::size_t>(camera.camera.height);
    const auto fits = [&](std::size_t size, std::size_t channels) {
        return size == 0 || size == pixels * channels;
    };
    HM_CHECK(fits(camera.depth_m.size(), 1) && fits(camera.ids.size(), 1) &&
                 fits(camera.normals_C.size(), 3) && fits(camera.flow_next.size(), 2),
             "labels of {} are not of its size", camera.camera.name);
}
}  // namespace

const char* name(Layer layer) { return kNames[static_cast<std::size_t>(layer)]; }

std::optional<Layer> layer_of(std::string_view text) {
    const auto found = std::find(kNames.begin(), kNames.end(), text);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<Layer>(found - kNames.begin());
}

Image draw_layer(const Sample& sample, const CameraSample& camera, Layer layer) {
    if (!is_dense(layer)) return draw_lines(sample, camera, std::span(&layer, 1));
    check_sizes(camera);
    Canvas canvas(camera.camera.width, camera.camera.height);
    draw_dense(camera, layer, canvas);
    return canvas.finished();
}

Image draw_lines(const Sample& sample, const CameraSample& camera, std::span<const Layer> layers) {
    check_sizes(camera);
    Canvas canvas(camera.camera.width, camera.camera.height);
    const Eye eye(sample, camera);
    for (const Layer layer : layers) {
        draw_road(sample, eye, layer, canvas);
        draw_objects(sample, eye, layer, canvas);
    }
    return canvas.finished();
}

void blend(Image& picture, const Image& layer, double opacity) {
    HM_CHECK(picture.width == layer.width && picture.height == layer.height &&
                 picture.channels == 3 && layer.channels == 4,
             "{}x{} over {}x{}", layer.width, layer.height, picture.width, picture.height);
    const int share = static_cast<int>(std::lround(256 * std::clamp(opacity, 0.0, 1.0)));
    const std::size_t pixels = picture.pixels.size() / 3;
    for (std::size_t i = 0; i < pixels; ++i) {
        const int alpha = layer.pixels[4 * i + 3];
        if (alpha == 0) continue;
        const int part = alpha == 255 ? share : share * alpha / 255;
        for (std::size_t c = 0; c < 3; ++c) {
            std::uint8_t& p = picture.pixels[3 * i + c];
            p = static_cast<std::uint8_t>((p * (256 - part) + layer.pixels[4 * i + c] * part) >> 8);
        }
    }
}

Image draw_birds_eye(const Sample& sample, int side) {
    const auto& grid = sample.birds_eye;
    const auto cells = static_cast<std::size_t>(std::max(0, grid.cells));
    if (cells == 0 || grid.drivable.size() != cells * cells) return {};
    const auto has = [&](const std::vector<std::uint8_t>& map, std::size_t i) {
        return map.size() == cells * cells && map[i] != 0;
    };
    Image image = encode::blank(side, side, {24, 28, 34});
    const double scale = static_cast<double>(side) / static_cast<double>(cells);  // px a cell
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const auto row = std::min(cells - 1, static_cast<std::size_t>(y / scale));
            const auto column = std::min(cells - 1, static_cast<std::size_t>(x / scale));
            const std::size_t i = row * cells + column;
            int colour[3] = {44, 50, 58};
            if (has(grid.drivable, i)) colour[0] = 78, colour[1] = 84, colour[2] = 96;
            // What no camera sees is dark.
            if (has(grid.seen, i)) {
                for (int& c : colour) c = c * 3 / 2;
            }
            // Free space: up to the first thing that stands in this direction.
            if (!grid.free_m.empty()) {
                const double ahead_m = (0.5 * side - y - 0.5) * grid.cell_m / scale;
                const double left_m = (0.5 * side - x - 0.5) * grid.cell_m / scale;
                const auto rays = static_cast<double>(grid.free_m.size());
                const double turn = std::atan2(left_m, ahead_m) / (2 * engine::math::kPi) + 1;
                const auto ray = static_cast<std::size_t>(std::lround(turn * rays));
                if (std::hypot(ahead_m, left_m) <
                    static_cast<double>(grid.free_m[ray % grid.free_m.size()])) {
                    colour[1] += 24;
                    colour[2] += 56;
                }
            }
            if (has(grid.occupied, i)) colour[0] = 150, colour[1] = 90, colour[2] = 50;
            if (has(grid.seen_occupied, i)) colour[0] = 240, colour[1] = 150, colour[2] = 60;
            std::uint8_t* p = image.row(y) + 3 * x;
            for (int c = 0; c < 3; ++c) p[c] = static_cast<std::uint8_t>(colour[c]);
        }
    }
    // Metres of B to pixels: ahead is up, left is left.
    const double per_m = scale / grid.cell_m;
    const auto X_BW = sample.ego.X_WB.inverse();
    const auto at = [&](const Vec3& p_B) {
        return Vec2(0.5 * side - per_m * p_B.y, 0.5 * side - per_m * p_B.x);
    };
    const auto join = [&](const Vec3& a_B, const Vec3& b_B, const Rgb& colour) {
        const Vec2 a = at(a_B), b = at(b_B);
        encode::draw_line(image, a.x, a.y, b.x, b.y, colour);
    };
    for (const auto& lane : sample.lanes) {
        for (std::size_t i = 0; i + 1 < lane.centre_W.size(); ++i) {
            join(X_BW * lane.centre_W[i], X_BW * lane.centre_W[i + 1], {90, 140, 90});
        }
    }
    const auto box = [&](const engine::math::RigidTransform& X_BO, const Vec3& size,
                         const Rgb& colour) {
        const auto corner = [&](double x, double y) {
            return X_BO * Vec3(0.5 * x * size.x, 0.5 * y * size.y, 0);
        };
        join(corner(1, 1), corner(1, -1), colour);
        join(corner(1, -1), corner(-1, -1), colour);
        join(corner(-1, -1), corner(-1, 1), colour);
        join(corner(-1, 1), corner(1, 1), colour);
        join(X_BO.p, corner(1.6, 0), colour);  // its heading
    };
    for (const auto& object : sample.objects) {
        box(X_BW * object.X_WO, object.size_m, instance_colour(object.id));
    }
    box({{1, 0, 0, 0}, {1.4, 0, 0}}, {4.6, 1.9, 1.5}, {255, 255, 255});
    encode::draw_text(image, 6, side - 12,
                      fmt::format("{:.0f} m", grid.cell_m * static_cast<double>(cells)),
                      {220, 220, 220});
    return image;
}

}  // namespace huntsman::sensors::overlay
