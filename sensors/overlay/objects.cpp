// Layers of road users: boxes, key points and minds.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sensors/overlay/canvas.h"

namespace huntsman::sensors::overlay {

using engine::world::Intention;
using engine::world::Semantic;
using labels::ObjectInCamera;
using labels::ObjectLabel;
using labels::Seen;

namespace {

const char* name_of(Intention intention) {
    switch (intention) {
        case Intention::kFollow:
            return "follow";
        case Intention::kStopAtLine:
            return "stop at line";
        case Intention::kYield:
            return "yield";
        case Intention::kCross:
            return "cross";
        case Intention::kWalk:
            return "walk";
        case Intention::kWaitToCross:
            return "wait to cross";
        case Intention::kCrossRoad:
            return "cross road";
    }
    return "?";
}

// Where an object is at the camera's moment.
engine::math::RigidTransform pose_at(const Sample& sample, const CameraSample& camera,
                                     const ObjectLabel& object) {
    auto X_WO = object.X_WO;
    X_WO.p += object.v_W * (1e-6 * static_cast<double>(camera.time_us - sample.time_us));
    return X_WO;
}

// No pixel shows it, though its silhouette has some.
bool hidden(const ObjectInCamera& seen) { return seen.visible_px == 0 && seen.amodal_px > 0; }

// From the object's label, else from a pixel that shows it.
Semantic semantic_of(const Sample& sample, const CameraSample& camera, const ObjectInCamera& seen) {
    if (const ObjectLabel* object = sample.find(seen.id)) return object->semantic;
    const auto width = static_cast<std::size_t>(camera.camera.width);
    const auto& box = seen.visible;
    for (int y = std::max(0, box.y0); y < std::min(box.y1, camera.camera.height); ++y) {
        for (int x = std::max(0, box.x0); x < std::min(box.x1, camera.camera.width); ++x) {
            const std::size_t at =
                static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x);
            if (at < camera.ids.size() && engine::world::actor_of(camera.ids[at]) == seen.id) {
                return engine::world::semantic_of(camera.ids[at]);
            }
        }
    }
    return Semantic::kNothing;
}

void draw_boxes(const Sample& sample, const CameraSample& camera, Canvas& canvas) {
    for (const ObjectInCamera& seen : camera.objects) {
        if (hidden(seen)) continue;
        const Rgb colour = instance_colour(seen.id);
        const auto& a = seen.amodal;
        if (!a.empty()) encode::draw_rect(canvas.image(), a.x0, a.y0, a.x1 - 1, a.y1 - 1, colour);
        const auto& v = seen.visible;
        if (v.empty()) continue;
        encode::draw_rect(canvas.image(), v.x0, v.y0, v.x1 - 1, v.y1 - 1, colour);
        encode::draw_rect(canvas.image(), v.x0 + 1, v.y0 + 1, v.x1 - 2, v.y1 - 2, colour);
        // Names where there is room for them.
        if (v.width() < 14 && v.height() < 20) continue;
        std::string text =
            fmt::format("{} {}", engine::world::name(semantic_of(sample, camera, seen)), seen.id);
        // Shares are of the silhouette, which some formats have no pixels of.
        if (seen.amodal_px > 0 && seen.occlusion() > 0.005) {
            text += fmt::format(" {:.0f}% hid", 100 * seen.occlusion());
        }
        if (seen.amodal_px > 0 && seen.truncation() > 0.005) {
            text += fmt::format(" {:.0f}% out", 100 * seen.truncation());
        }
        canvas.text(v.x0, v.y0 - 10, text, colour);
    }
}

void draw_boxes3d(const Sample& sample, const CameraSample& camera, Canvas& canvas) {
    for (const ObjectLabel& object : sample.objects) {
        // What is hidden here would stand on the wall before it.
        if (!shows_object(camera, object)) continue;
        const auto X_WO = pose_at(sample, camera, object);
        const auto corner = [&](int i) {
            return X_WO *
                   (0.5 * object.size_m *
                    Vec3((i & 1) != 0 ? 1 : -1, (i & 2) != 0 ? 1 : -1, (i & 4) != 0 ? 1 : -1));
        };
        const Rgb colour = instance_colour(object.id);
        for (int i = 0; i < 8; ++i) {
            for (const int bit : {1, 2, 4}) {
                if ((i & bit) != 0) continue;
                const std::array<Vec3, 2> edge = {corner(i), corner(i | bit)};
                draw_path(canvas, camera, edge, false, colour, 1);
            }
        }
        // The front is crossed.
        for (const auto& [a, b] : {std::pair(1, 7), std::pair(3, 5)}) {
            const std::array<Vec3, 2> edge = {corner(a), corner(b)};
            draw_path(canvas, camera, edge, false, colour, 1);
        }
    }
}

// Pairs of COCO's points that bones join, and their sides: 0 middle, 1 left, 2 right.
constexpr std::array<std::array<std::size_t, 3>, 16> kBones = {{{0, 1, 1},
                                                                {0, 2, 2},
                                                                {1, 3, 1},
                                                                {2, 4, 2},
                                                                {5, 6, 0},
                                                                {11, 12, 0},
                                                                {5, 11, 1},
                                                                {6, 12, 2},
                                                                {5, 7, 1},
                                                                {7, 9, 1},
                                                                {6, 8, 2},
                                                                {8, 10, 2},
                                                                {11, 13, 1},
                                                                {13, 15, 1},
                                                                {12, 14, 2},
                                                                {14, 16, 2}}};

void draw_gaze(const CameraSample& camera, const Vec3& from, const Vec3& gaze, double length_m,
               const Rgb& colour, Canvas& canvas) {
    const Vec3 to = from + length_m * gaze;
    const Vec3 side = 0.12 * length_m * glm::cross(gaze, Vec3(0, 0, 1));
    const std::array<Vec3, 2> shaft = {from, to};
    const std::array<Vec3, 3> head = {to - 0.2 * length_m * gaze + side, to,
                                      to - 0.2 * length_m * gaze - side};
    draw_path(canvas, camera, shaft, false, colour, 2);
    draw_path(canvas, camera, head, false, colour, 2);
}

void draw_keypoints(const Sample& sample, const CameraSample& camera, Canvas& canvas) {
    constexpr std::array<Rgb, 3> kSides = {{{255, 255, 120}, {70, 230, 120}, {255, 120, 70}}};
    for (const ObjectInCamera& seen : camera.objects) {
        if (!seen.has_keypoints || hidden(seen)) continue;
        const auto& points = seen.keypoints;
        for (const auto& [a, b, side] : kBones) {
            if (points[a].seen == Seen::kOutside || points[b].seen == Seen::kOutside) continue;
            canvas.line(points[a].pixel, points[b].pixel, kSides[side]);
        }
        const double radius = std::clamp(0.02 * seen.amodal.height(), 1.0, 4.0);
        for (const auto& point : points) {
            if (point.seen == Seen::kVisible) canvas.disc(point.pixel, radius, {255, 255, 255});
            if (point.seen == Seen::kHidden) canvas.ring(point.pixel, radius + 1, {150, 150, 160});
        }
        const ObjectLabel* object = sample.find(seen.id);
        if (object != nullptr && object->has_mind) {
            const Vec3 nose = camera.X_WC * points[0].p_C;
            draw_gaze(camera, nose, object->mind.gaze_W, 1.2, {255, 80, 220}, canvas);
        }
    }
}

void draw_minds(const Sample& sample, const CameraSample& camera, Canvas& canvas) {
    for (const ObjectInCamera& seen : camera.objects) {
        const ObjectLabel* object = sample.find(seen.id);
        if (object == nullptr || !object->has_mind || seen.visible.empty()) continue;
        const auto& mind = object->mind;
        const auto X_WO = pose_at(sample, camera, *object);
        const Vec3 top = X_WO * Vec3(0, 0, 0.5 * object->size_m.z);
        const Rgb colour = instance_colour(object->id);
        const bool person = engine::world::is_person(object->semantic);
        draw_gaze(camera, top - Vec3(0, 0, 0.15), mind.gaze_W, person ? 1.2 : 3.0, {255, 80, 220},
                  canvas);
        // Lines to whom it sees; to whom it yields thick.
        for (const auto id : mind.seen) {
            const ObjectLabel* other = sample.find(id);
            Vec3 to = other != nullptr ? pose_at(sample, camera, *other).p
                                       : sample.ego.X_WB * Vec3(1.5, 0, 1.0);
            if (other == nullptr && id != engine::world::kEgo) continue;
            const std::array<Vec3, 2> sight = {top, to};
            if (id != engine::world::kEgo) draw_path(canvas, camera, sight, false, colour, 1);
        }
        if (const ObjectLabel* other = sample.find(mind.yields_to); other != nullptr) {
            const std::array<Vec3, 2> tie = {top, pose_at(sample, camera, *other).p};
            draw_path(canvas, camera, tie, false, {255, 60, 60}, 2);
        }
        if (seen.visible.height() < 16) continue;
        std::string text = name_of(mind.intention);
        if (!person) text += fmt::format(" {:.0f} km/h", 3.6 * mind.wanted_speed_mps);
        if (mind.yields_to != engine::world::kNoActor) {
            text += mind.yields_to == engine::world::kEgo
                        ? " yields to ego"
                        : fmt::format(" behind {}", mind.yields_to);
        }
        if (std::binary_search(mind.seen.begin(), mind.seen.end(), engine::world::kEgo)) {
            text += " sees ego";
        }
        canvas.text(seen.visible.x0, seen.visible.y0 - 10, text, colour);
    }
}

}  // namespace

void draw_objects(const Sample& sample, const CameraSample& camera, Layer layer, Canvas& canvas) {
    switch (layer) {
        case Layer::kBoxes:
            return draw_boxes(sample, camera, canvas);
        case Layer::kBoxes3d:
            return draw_boxes3d(sample, camera, canvas);
        case Layer::kKeypoints:
            return draw_keypoints(sample, camera, canvas);
        case Layer::kMinds:
            return draw_minds(sample, camera, canvas);
        default:
            return;
    }
}

}  // namespace huntsman::sensors::overlay
