// Layers of what belongs to the road: lanes, marks, signals and signs; and lidar points.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "sensors/overlay/canvas.h"

namespace huntsman::sensors::overlay {

using engine::world::Aspect;
using engine::world::LaneKind;

namespace {

constexpr double kReach_m = 90;  // lanes and marks beyond are a blur of lines

// The part of a line near the camera, a little above the ground so that both ends agree with marks.
void draw_near(const CameraSample& camera, std::span<const Vec3> line, const Rgb& colour, int width,
               Canvas& canvas) {
    std::vector<Vec3> run;
    for (const Vec3& p : line) {
        if (glm::length(p - camera.X_WC.p) < kReach_m) {
            run.push_back(p);
            continue;
        }
        draw_path(canvas, camera, run, false, colour, width);
        run.clear();
    }
    draw_path(canvas, camera, run, false, colour, width);
}

void draw_lanes(const Sample& sample, const CameraSample& camera, Canvas& canvas) {
    for (const auto& lane : sample.lanes) {
        const Rgb border = lane.kind == LaneKind::kDriving ? Rgb{80, 220, 255}
                           : lane.kind == LaneKind::kCycle ? Rgb{255, 120, 90}
                                                           : Rgb{190, 160, 220};
        const bool faint = lane.in_junction;
        draw_near(camera, lane.left_W, border, faint || lane.left_mark == "none" ? 1 : 2, canvas);
        draw_near(camera, lane.right_W, border, faint || lane.right_mark == "none" ? 1 : 2, canvas);
        draw_near(camera, lane.centre_W, faint ? Rgb{120, 160, 90} : Rgb{170, 255, 90}, 1, canvas);
        // Its direction, in the middle.
        if (lane.centre_W.size() < 2) continue;
        const std::size_t middle = lane.centre_W.size() / 2;
        const Vec3 p = lane.centre_W[middle], q = lane.centre_W[middle - 1];
        if (glm::length(p - camera.X_WC.p) > 0.5 * kReach_m || glm::length(p - q) < 1e-6) continue;
        const Vec3 ahead = glm::normalize(p - q), side(-ahead.y, ahead.x, 0);
        const std::array<Vec3, 3> arrow = {p - 1.2 * ahead + 0.6 * side, p,
                                           p - 1.2 * ahead - 0.6 * side};
        draw_path(canvas, camera, arrow, false, {170, 255, 90}, 2);
    }
}

void draw_marks(const Sample& sample, const CameraSample& camera, Canvas& canvas) {
    for (const auto& mark : sample.marks) {
        if (mark.outline_W.empty() ||
            glm::length(mark.outline_W.front() - camera.X_WC.p) > kReach_m) {
            continue;
        }
        const Rgb colour = mark.type == "stop_line"   ? Rgb{255, 70, 70}
                           : mark.type == "crosswalk" ? Rgb{255, 200, 40}
                                                      : Rgb{110, 235, 160};
        draw_path(canvas, camera, mark.outline_W, true, colour, 2);
        Vec2 pixel;
        if (pixel_of(camera, mark.outline_W.front(), pixel) && pixel.x > 0 && pixel.y > 0 &&
            pixel.x < camera.camera.width && pixel.y < camera.camera.height &&
            glm::length(mark.outline_W.front() - camera.X_WC.p) < 35) {
            canvas.text(pixel.x, pixel.y, mark.type, colour);
        }
    }
}

// Whether a signal or sign is hidden in a picture that shows these actors and objects (none known:
// it may be seen).
bool hidden(const std::vector<labels::ActorId>& shown, labels::ActorId object) {
    return !shown.empty() && object != engine::world::kNoActor &&
           !std::binary_search(shown.begin(), shown.end(), object);
}

void draw_signals(const Sample& sample, const CameraSample& camera, Canvas& canvas) {
    const auto shown = actors_in(camera);
    for (const auto& signal : sample.signals) {
        if (hidden(shown, signal.object)) continue;
        if (glm::length(signal.p_W - camera.X_WC.p) > 120) continue;
        static constexpr const char* kNames[] = {"off", "red", "red+yellow", "green", "yellow"};
        constexpr std::array<Rgb, 5> kColours = {
            {{150, 150, 150}, {255, 60, 50}, {255, 140, 30}, {60, 255, 110}, {255, 230, 40}}};
        const auto aspect = static_cast<std::size_t>(signal.aspect);
        const Vec3 ahead(engine::math::direction(signal.heading_rad), 0);
        const Vec3 side = 0.5 * signal.width_m * Vec3(-ahead.y, ahead.x, 0);
        const Vec3 up(0, 0, 0.5 * signal.height_m);
        const Vec3 p = signal.p_W;
        const std::array<Vec3, 4> frame = {p - side - up, p + side - up, p + side + up,
                                           p - side + up};
        // Heads that show their back are dim.
        const bool facing = glm::dot(ahead, camera.X_WC.p - p) > 0;
        const Rgb colour =
            facing ? kColours[std::min(aspect, kColours.size() - 1)] : Rgb{110, 110, 110};
        draw_path(canvas, camera, frame, true, colour, facing ? 2 : 1);
        Vec2 pixel;
        if (!facing || !pixel_of(camera, p + up, pixel) || pixel.x < 0 || pixel.y < 0 ||
            pixel.x > camera.camera.width || pixel.y > camera.camera.height) {
            continue;
        }
        std::string text = kNames[std::min<std::size_t>(aspect, 4)];
        if (signal.for_pedestrians) text += " walk";
        if (!signal.governs.empty()) {
            text += fmt::format(" {} lane{}", signal.governs.size(),
                                signal.governs.size() == 1 ? "" : "s");
        }
        canvas.text(pixel.x + 4, pixel.y - 10, text, colour);
    }
}

void draw_signs(const Sample& sample, const CameraSample& camera, Canvas& canvas) {
    constexpr Rgb kColour = {120, 200, 255};
    const auto shown = actors_in(camera);
    for (const auto& sign : sample.signs) {
        if (hidden(shown, sign.object)) continue;
        if (glm::length(sign.p_W - camera.X_WC.p) > 80) continue;
        const Vec3 ahead(engine::math::direction(sign.heading_rad), 0);
        if (glm::dot(ahead, camera.X_WC.p - sign.p_W) <= 0) continue;
        Vec2 pixel;
        if (!pixel_of(camera, sign.p_W, pixel) || pixel.x < 0 || pixel.y < 0 ||
            pixel.x > camera.camera.width || pixel.y > camera.camera.height) {
            continue;
        }
        canvas.ring(pixel, 7, kColour);
        canvas.text(pixel.x + 9, pixel.y - 4,
                    sign.meaning.empty() ? "sign " + sign.type : sign.meaning, kColour);
    }
}

void draw_lidar(const Sample& sample, const CameraSample& camera, Canvas& canvas) {
    // Far points first, so that near ones lie on top.
    struct Dot {
        double distance;
        Vec2 pixel;
    };
    std::vector<Dot> dots;
    const auto X_WL = sample.ego.X_WB * sample.lidar.X_BL;
    for (const auto& point : sample.lidar.points) {
        const Vec3 p_L(static_cast<double>(point.x), static_cast<double>(point.y),
                       static_cast<double>(point.z));
        Vec2 pixel;
        if (pixel_of(camera, X_WL * p_L, pixel)) dots.push_back({glm::length(p_L), pixel});
    }
    std::stable_sort(dots.begin(), dots.end(),
                     [](const Dot& a, const Dot& b) { return a.distance > b.distance; });
    for (const Dot& dot : dots) {
        const Rgb colour = turbo(1 - std::log(std::max(1.0, dot.distance)) / std::log(100.0));
        const int x = static_cast<int>(dot.pixel.x), y = static_cast<int>(dot.pixel.y);
        encode::fill_rect(canvas.image(), x, y, x + 1, y + 1, colour);
    }
}

}  // namespace

void draw_road(const Sample& sample, const CameraSample& camera, Layer layer, Canvas& canvas) {
    switch (layer) {
        case Layer::kLanes:
            return draw_lanes(sample, camera, canvas);
        case Layer::kMarks:
            return draw_marks(sample, camera, canvas);
        case Layer::kSignals:
            return draw_signals(sample, camera, canvas);
        case Layer::kSigns:
            return draw_signs(sample, camera, canvas);
        case Layer::kLidar:
            return draw_lidar(sample, camera, canvas);
        default:
            return;
    }
}

}  // namespace huntsman::sensors::overlay
