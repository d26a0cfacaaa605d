// Layers of what belongs to the road: lanes, marks, signals and signs; and lidar points.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "sensors/overlay/eye.h"

namespace huntsman::sensors::overlay {

using engine::world::LaneKind;

namespace {

constexpr double kReach_m = 90;  // lanes and marks beyond are a blur of lines
constexpr double kThick_m = 40;  // up to here thick lines are thick

// Those with the nearest first, whose texts find room before others.
template <typename Label, typename Place>
std::vector<const Label*> by_distance(const std::vector<Label>& labels, const Eye& eye,
                                      const Place& place) {
    std::vector<std::pair<double, const Label*>> sorted;
    for (const Label& label : labels) {
        sorted.emplace_back(glm::length(place(label) - eye.p_W()), &label);
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const Label*> result;
    for (const auto& [distance, label] : sorted) result.push_back(label);
    return result;
}

// The part of a line near the camera, thin where it is far.
void draw_near(const Eye& eye, std::span<const Vec3> line, const Stroke& stroke, Canvas& canvas) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const double away = glm::length(0.5 * (line[i] + line[i + 1]) - eye.p_W());
        if (away > kReach_m) continue;
        Stroke own = stroke;
        if (away > kThick_m) own.width = 1;
        eye.draw(canvas, line.subspan(i, 2), false, own);
    }
}

void draw_lanes(const Sample& sample, const Eye& eye, Canvas& canvas) {
    for (const auto& lane : sample.lanes) {
        const Rgb border = lane.kind == LaneKind::kDriving ? Rgb{80, 220, 255}
                           : lane.kind == LaneKind::kCycle ? Rgb{255, 120, 90}
                                                           : Rgb{190, 160, 220};
        const bool faint = lane.in_junction;
        draw_near(eye, lane.left_W, {border, faint || lane.left_mark == "none" ? 1 : 2}, canvas);
        draw_near(eye, lane.right_W, {border, faint || lane.right_mark == "none" ? 1 : 2}, canvas);
        draw_near(eye, lane.centre_W, {faint ? Rgb{120, 160, 90} : Rgb{170, 255, 90}, 1}, canvas);
        // Its direction, in the middle.
        if (lane.centre_W.size() < 2) continue;
        const std::size_t middle = lane.centre_W.size() / 2;
        const Vec3 p = lane.centre_W[middle], q = lane.centre_W[middle - 1];
        if (glm::length(p - eye.p_W()) > 0.5 * kReach_m || glm::length(p - q) < 1e-6) continue;
        const Vec3 ahead = glm::normalize(p - q), side(-ahead.y, ahead.x, 0);
        const std::array<Vec3, 3> arrow = {p - 1.2 * ahead + 0.6 * side, p,
                                           p - 1.2 * ahead - 0.6 * side};
        eye.draw(canvas, arrow, false, {{170, 255, 90}, 2});
    }
}

void draw_marks(const Sample& sample, const Eye& eye, Canvas& canvas) {
    const auto place = [](const labels::MarkLabel& mark) {
        return mark.outline_W.empty() ? Vec3(1e9) : mark.outline_W.front();
    };
    for (const labels::MarkLabel* mark : by_distance(sample.marks, eye, place)) {
        const double away = glm::length(place(*mark) - eye.p_W());
        if (away > kReach_m) break;
        const Rgb colour = mark->type == "stop_line"   ? Rgb{255, 70, 70}
                           : mark->type == "crosswalk" ? Rgb{255, 200, 40}
                                                       : Rgb{110, 235, 160};
        eye.draw(canvas, mark->outline_W, true, {colour, away > kThick_m ? 1 : 2});
        Spot spot;
        if (away < 35 && eye.place(place(*mark), spot) && eye.within(spot.pixel) &&
            !eye.hidden(spot)) {
            canvas.text(spot.pixel.x, spot.pixel.y, mark->type, colour);
        }
    }
}

// Whether a signal or sign is hidden in a picture that shows these actors and objects (none known:
// it may be seen).
bool hidden(const std::vector<labels::ActorId>& shown, labels::ActorId object) {
    return !shown.empty() && object != engine::world::kNoActor &&
           !std::binary_search(shown.begin(), shown.end(), object);
}

void draw_signals(const Sample& sample, const Eye& eye, Canvas& canvas) {
    const auto shown = actors_in(eye.camera());
    const auto place = [](const labels::SignalLabel& signal) { return signal.p_W; };
    for (const labels::SignalLabel* label : by_distance(sample.signals, eye, place)) {
        const labels::SignalLabel& signal = *label;
        if (hidden(shown, signal.object)) continue;
        if (glm::length(signal.p_W - eye.p_W()) > 120) continue;
        static constexpr const char* kAspects[] = {"off", "red", "red+yellow", "green", "yellow"};
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
        const bool facing = glm::dot(ahead, eye.p_W() - p) > 0;
        const Rgb colour =
            facing ? kColours[std::min(aspect, kColours.size() - 1)] : Rgb{110, 110, 110};
        eye.draw(canvas, frame, true, {colour, facing ? 2 : 1, Behind::kLeftOut, signal.object});
        Spot spot, foot;
        constexpr double kSmallestSignal_px = 5;
        if (!facing || !eye.place(p + up, spot) || !eye.within(spot.pixel) ||
            eye.hidden(spot, signal.object) || !eye.place(p - up, foot) ||
            glm::length(spot.pixel - foot.pixel) < kSmallestSignal_px) {
            continue;
        }
        std::string text = kAspects[std::min<std::size_t>(aspect, 4)];
        if (signal.for_pedestrians) text += " walk";
        if (!signal.governs.empty()) {
            text += fmt::format(" {} lane{}", signal.governs.size(),
                                signal.governs.size() == 1 ? "" : "s");
        }
        canvas.text(spot.pixel.x + 4, spot.pixel.y - 10, text, colour);
    }
}

void draw_signs(const Sample& sample, const Eye& eye, Canvas& canvas) {
    constexpr Rgb kColour = {120, 200, 255};
    const auto shown = actors_in(eye.camera());
    const auto place = [](const labels::SignLabel& sign) { return sign.p_W; };
    for (const labels::SignLabel* label : by_distance(sample.signs, eye, place)) {
        const labels::SignLabel& sign = *label;
        if (hidden(shown, sign.object)) continue;
        if (glm::length(sign.p_W - eye.p_W()) > 80) continue;
        const Vec3 ahead(engine::math::direction(sign.heading_rad), 0);
        if (glm::dot(ahead, eye.p_W() - sign.p_W) <= 0) continue;
        Spot spot;
        if (!eye.place(sign.p_W, spot) || !eye.within(spot.pixel) ||
            eye.hidden(spot, sign.object)) {
            continue;
        }
        canvas.ring(spot.pixel, 7, kColour);
        canvas.text(spot.pixel.x + 9, spot.pixel.y - 4,
                    sign.meaning.empty() ? "sign " + sign.type : sign.meaning, kColour);
    }
}

void draw_lidar(const Sample& sample, const Eye& eye, bool classes, Canvas& canvas) {
    // Far points first, so that near ones lie on top.
    struct Dot {
        double distance;
        Vec2 pixel;
        engine::world::Semantic semantic;
    };
    std::vector<Dot> dots;
    const auto X_WL = sample.ego.X_WB * sample.lidar.X_BL;
    for (const auto& point : sample.lidar.points) {
        const Vec3 p_L(static_cast<double>(point.x), static_cast<double>(point.y),
                       static_cast<double>(point.z));
        Spot spot;
        if (!eye.place(X_WL * p_L, spot) || !eye.within(spot.pixel) || eye.hidden(spot)) continue;
        dots.push_back({glm::length(p_L), spot.pixel, engine::world::semantic_of(point.id)});
    }
    std::stable_sort(dots.begin(), dots.end(),
                     [](const Dot& a, const Dot& b) { return a.distance > b.distance; });
    ClassSet present{};
    for (const Dot& dot : dots) {
        const Rgb colour = classes
                               ? semantic_colour(dot.semantic)
                               : turbo(1 - std::log(std::max(1.0, dot.distance)) / std::log(100.0));
        const int x = static_cast<int>(dot.pixel.x), y = static_cast<int>(dot.pixel.y);
        encode::fill_rect(canvas.image(), x, y, x + 1, y + 1, colour);
        present[static_cast<std::size_t>(dot.semantic)] = true;
    }
    if (classes) draw_legend(present, canvas);
}

}  // namespace

void draw_road(const Sample& sample, const Eye& eye, Layer layer, Canvas& canvas) {
    switch (layer) {
        case Layer::kLanes:
            return draw_lanes(sample, eye, canvas);
        case Layer::kMarks:
            return draw_marks(sample, eye, canvas);
        case Layer::kSignals:
            return draw_signals(sample, eye, canvas);
        case Layer::kSigns:
            return draw_signs(sample, eye, canvas);
        case Layer::kLidar:
        case Layer::kLidarClass:
            return draw_lidar(sample, eye, layer == Layer::kLidarClass, canvas);
        default:
            return;
    }
}

}  // namespace huntsman::sensors::overlay
