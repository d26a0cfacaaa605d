// Layers of road users: boxes, key points and minds.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/array_view.h"
#include "engine/world/mind_names.h"
#include "engine/world/pose.h"
#include "sensors/lens/lens.h"
#include "sensors/overlay/eye.h"

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

// Where an object is at the middle line's moment, and how it goes on.
struct Placed {
    engine::math::RigidTransform X_WO;
    capture::Twist twist;
};
Placed placed(const Sample& sample, const CameraSample& camera, const ObjectLabel& object) {
    engine::world::ActorState body;
    body.X_WB = object.X_WO;
    body.v_W = object.v_W;
    body.w_W = object.w_W;
    const auto X_WO =
        engine::world::advanced(body, engine::core::seconds(camera.time_us - sample.time_us)).X_WB;
    return {X_WO, {X_WO.p, object.v_W, object.w_W}};
}

// Texts are some 60 pixels wide: more of them than things would hide the things.
constexpr int kSmallest_px = 24;
bool worth_a_text(const labels::PixelBox& box) {
    return box.height() >= kSmallest_px || box.width() >= 2 * kSmallest_px;
}

// No pixel shows it, though its silhouette has some.
bool hidden(const ObjectInCamera& seen) { return seen.visible_px == 0 && seen.amodal_px > 0; }

// From the object's label, else from a pixel that shows it.
Semantic semantic_of(const Sample& sample, const CameraSample& camera, const ObjectInCamera& seen) {
    if (const ObjectLabel* object = sample.find(seen.id)) return object->semantic;
    const auto& box = seen.visible;
    if (camera.ids.empty()) return Semantic::kNothing;
    const int width = camera.camera.width, height = camera.camera.height;
    const engine::core::ArrayView<const std::uint32_t> ids(camera.ids, height, width);
    for (int y = std::max(0, box.y0); y < std::min(box.y1, height); ++y) {
        for (int x = std::max(0, box.x0); x < std::min(box.x1, width); ++x) {
            if (engine::world::actor_of(ids(y, x)) == seen.id) {
                return engine::world::semantic_of(ids(y, x));
            }
        }
    }
    return Semantic::kNothing;
}

// Farthest first, so that near ones lie on top; those without a label before them.
std::vector<const ObjectInCamera*> far_to_near(const Sample& sample, const CameraSample& camera) {
    std::vector<std::pair<double, const ObjectInCamera*>> sorted;
    for (const ObjectInCamera& seen : camera.objects) {
        const ObjectLabel* object = sample.find(seen.id);
        const double away =
            object != nullptr ? glm::length(object->X_WO.p - camera.X_WC.p) : INFINITY;
        sorted.emplace_back(-away, &seen);
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const ObjectInCamera*> result;
    for (const auto& [away, seen] : sorted) result.push_back(seen);
    return result;
}

void draw_boxes(const Sample& sample, const CameraSample& camera, Canvas& canvas) {
    auto order = far_to_near(sample, camera);
    std::erase_if(order, [](const ObjectInCamera* seen) { return hidden(*seen); });
    for (const ObjectInCamera* one : order) {
        const ObjectInCamera& seen = *one;
        const Rgb colour = instance_colour(seen.id);
        const auto& a = seen.amodal;
        if (!a.empty()) encode::draw_rect(canvas.image(), a.x0, a.y0, a.x1 - 1, a.y1 - 1, colour);
        const auto& v = seen.visible;
        if (v.empty()) continue;
        encode::draw_rect(canvas.image(), v.x0, v.y0, v.x1 - 1, v.y1 - 1, colour);
        encode::draw_rect(canvas.image(), v.x0 + 1, v.y0 + 1, v.x1 - 2, v.y1 - 2, colour);
    }
    // Names where there is room for them, near ones first.
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
        const ObjectInCamera& seen = **at;
        const auto& v = seen.visible;
        if (!worth_a_text(v)) continue;
        std::string text =
            fmt::format("{} {}", engine::world::name(semantic_of(sample, camera, seen)), seen.id);
        // Shares are of the silhouette, which some formats have no pixels of. A few percent are
        // what edges under a rolling shutter are off by.
        constexpr double kLeast = 0.03;
        if (seen.amodal_px > 0 && seen.occlusion() > kLeast) {
            text += fmt::format(" {:.0f}% hid", 100 * seen.occlusion());
        }
        if (seen.amodal_px > 0 && seen.truncation() > kLeast) {
            text += fmt::format(" {:.0f}% out", 100 * seen.truncation());
        }
        canvas.text(v.x0, v.y0 - 10, text, instance_colour(seen.id));
    }
}

void draw_boxes3d(const Sample& sample, const Eye& eye, Canvas& canvas) {
    const CameraSample& camera = eye.camera();
    std::vector<std::pair<double, const ObjectLabel*>> order;
    for (const ObjectLabel& object : sample.objects) {
        // What is hidden here would stand on the wall before it.
        if (!shows_object(camera, object)) continue;
        order.emplace_back(glm::length(object.X_WO.p - camera.X_WC.p), &object);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
        const ObjectLabel& object = *at->second;
        const auto [X_WO, twist] = placed(sample, camera, object);
        std::array<Vec3, 8> corner;
        for (std::size_t i = 0; i < corner.size(); ++i) {
            const Vec3 side((i & 1U) != 0 ? 1 : -1, (i & 2U) != 0 ? 1 : -1, (i & 4U) != 0 ? 1 : -1);
            corner[i] = X_WO * (0.5 * object.size_m * side);
        }
        const Stroke stroke{instance_colour(object.id), 1, Behind::kFaint, object.id};
        const auto join = [&](std::size_t a, std::size_t b) {
            const std::array<Vec3, 2> edge = {corner[a], corner[b]};
            eye.draw(canvas, edge, false, stroke, twist);
        };
        for (std::size_t i = 0; i < 8; ++i) {
            for (const std::size_t bit : {1U, 2U, 4U}) {
                if ((i & bit) == 0) join(i, i | bit);
            }
        }
        // The front is crossed.
        join(1, 7);
        join(3, 5);
    }
    // What and how far, near ones first.
    for (const auto& [away, object] : order) {
        const auto [X_WO, twist] = placed(sample, camera, *object);
        Spot top, bottom;
        const Vec3 up = X_WO.rotate(Vec3(0, 0, 0.5 * object->size_m.z));
        if (!eye.place(X_WO.p + up, object->v_W, top) || !eye.within(top.pixel) ||
            !eye.place(X_WO.p - up, object->v_W, bottom) ||
            glm::length(top.pixel - bottom.pixel) < kSmallest_px) {
            continue;
        }
        const std::string text =
            fmt::format("{} {:.0f} m", engine::world::name(object->semantic), away);
        canvas.text(top.pixel.x - 3 * static_cast<double>(text.size()), top.pixel.y - 10, text,
                    instance_colour(object->id));
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

void draw_gaze(const Eye& eye, const ObjectLabel& object, const Vec3& from, double length_m,
               Canvas& canvas) {
    const Vec3& gaze = object.mind.gaze_W;
    const Vec3 to = from + length_m * gaze;
    const Vec3 side = 0.12 * length_m * glm::cross(gaze, Vec3(0, 0, 1));
    const std::array<Vec3, 2> shaft = {from, to};
    const std::array<Vec3, 3> head = {to - 0.2 * length_m * gaze + side, to,
                                      to - 0.2 * length_m * gaze - side};
    const Stroke stroke{{255, 80, 220}, 2, Behind::kFaint, object.id};
    const capture::Twist twist{from, object.v_W, object.w_W};
    eye.draw(canvas, shaft, false, stroke, twist);
    eye.draw(canvas, head, false, stroke, twist);
}

// Faint where something stands before it, and where the body hides both of its ends.
void draw_bone(const Eye& eye, const ObjectInCamera& seen, std::size_t from, std::size_t to,
               const Rgb& colour, Canvas& canvas) {
    const labels::Keypoint &a = seen.keypoints[from], &b = seen.keypoints[to];
    const bool within = a.seen == Seen::kHidden && b.seen == Seen::kHidden;
    const bool along_z = lens::depth_along_z(eye.camera().camera.lens);
    const auto depth = [&](const labels::Keypoint& point) {
        return along_z ? point.p_C.z : glm::length(point.p_C);
    };
    constexpr double kPiece_px = 2;
    const int pieces = std::clamp(
        static_cast<int>(std::ceil(glm::length(b.pixel - a.pixel) / kPiece_px)), 1, 1024);
    const auto at = [&](int k) {
        const double share = static_cast<double>(k) / pieces;
        return Spot{a.pixel + share * (b.pixel - a.pixel),
                    depth(a) + share * (depth(b) - depth(a))};
    };
    for (int k = 0; k < pieces; ++k) {
        const Spot p = at(k), q = at(k + 1);
        const bool faint = within || (eye.hidden(p, seen.id) && eye.hidden(q, seen.id));
        canvas.line(p.pixel, q.pixel, colour, 1, faint);
    }
}

void draw_keypoints(const Sample& sample, const Eye& eye, Canvas& canvas) {
    const CameraSample& camera = eye.camera();
    constexpr std::array<Rgb, 3> kSides = {{{255, 255, 120}, {70, 230, 120}, {255, 120, 70}}};
    for (const ObjectInCamera& seen : camera.objects) {
        if (!seen.has_keypoints || hidden(seen)) continue;
        const auto& points = seen.keypoints;
        for (const auto& [a, b, side] : kBones) {
            if (points[a].seen == Seen::kOutside || points[b].seen == Seen::kOutside) continue;
            draw_bone(eye, seen, a, b, kSides[side], canvas);
        }
        const double radius = std::clamp(0.02 * seen.amodal.height(), 1.0, 4.0);
        for (const auto& point : points) {
            if (point.seen == Seen::kVisible) canvas.disc(point.pixel, radius, {255, 255, 255});
            if (point.seen == Seen::kHidden) canvas.ring(point.pixel, radius + 1, {215, 215, 230});
        }
        const ObjectLabel* object = sample.find(seen.id);
        if (object != nullptr && object->has_mind) {
            const Vec3 nose = camera.X_WC * points[0].p_C;
            draw_gaze(eye, *object, nose, 1.2, canvas);
        }
    }
}

bool sees_ego(const labels::MindLabel& mind) {
    return std::binary_search(mind.seen.begin(), mind.seen.end(), engine::world::kEgo);
}

// What it knows of the ego, green where it knows of it and red where it does not.
constexpr Rgb kHasSeen = {90, 230, 110}, kHasNotSeen = {255, 90, 80};
std::string text_of_ego(const labels::MindLabel& mind) {
    if (!mind.has_seen_ego) return sees_ego(mind) ? "EGO IN VIEW, NOT NOTICED" : "EGO NOT SEEN";
    std::string text = "SEES EGO";
    // Looks come at 20 Hz and may miss.
    constexpr double kNow_s = 0.3, kWorthSaying_m = 1;
    if (!mind.believed_ego) return text;
    if (mind.believed_ego->unseen_s > kNow_s) {
        text = fmt::format("SAW EGO {:.1f} s AGO", mind.believed_ego->unseen_s);
    }
    if (const double error = mind.believed_ego->error_m.value_or(0); error > kWorthSaying_m) {
        text += fmt::format(", {:.0f} m OFF", error);
    }
    return text;
}

// What it is about to do, and who it is.
std::string text_of_plan(const ObjectLabel& object) {
    const labels::MindLabel& mind = object.mind;
    std::string text = name_of(mind.intention);
    if (mind.goes) {
        text = *mind.goes >= 0.5 ? fmt::format("goes {:.2f}", *mind.goes)
                                 : fmt::format("yields {:.2f}", 1 - *mind.goes);
    }
    if (!engine::world::is_person(object.semantic)) {
        text += fmt::format(" {:.0f} km/h", 3.6 * mind.wanted_speed_mps);
    }
    if (mind.yields_to != engine::world::kNoActor) {
        text += mind.yields_to == engine::world::kEgo ? " yields to ego"
                                                      : fmt::format(" behind {}", mind.yields_to);
    }
    if (mind.gesture != engine::world::Gesture::kNothing) {
        text += std::string(", ") + name(mind.gesture);
    }
    if (!mind.profile.empty()) text += ", " + mind.profile;
    if (mind.looks_away) text += ", looks away";
    return text;
}

void draw_minds(const Sample& sample, const Eye& eye, Canvas& canvas) {
    const CameraSample& camera = eye.camera();
    // Near ones first, whose texts find room before others.
    const auto order = far_to_near(sample, camera);
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
        const ObjectInCamera& seen = **at;
        const ObjectLabel* object = sample.find(seen.id);
        if (object == nullptr || !object->has_mind || seen.visible.empty()) continue;
        const auto& mind = object->mind;
        const Placed own = placed(sample, camera, *object);
        const Vec3 top = own.X_WO * Vec3(0, 0, 0.5 * object->size_m.z);
        const Rgb colour = instance_colour(object->id);
        const bool person = engine::world::is_person(object->semantic);
        draw_gaze(eye, *object,
                  seen.has_keypoints ? camera.X_WC * seen.keypoints[0].p_C : top - Vec3(0, 0, 0.15),
                  person ? 1.2 : 3.0, canvas);
        // Faint lines to whom it sees; a thick one to whom it yields.
        const auto tie = [&](const ObjectLabel& other, const Rgb& in, int width, bool faint) {
            const std::array<Vec3, 2> line = {top, placed(sample, camera, other).X_WO.p};
            eye.draw(canvas, line, false, {in, width, Behind::kFaint, object->id, faint},
                     own.twist);
        };
        for (const auto id : mind.seen) {
            if (const ObjectLabel* other = sample.find(id)) tie(*other, colour, 1, true);
        }
        if (const ObjectLabel* other = sample.find(mind.yields_to)) {
            tie(*other, {255, 60, 60}, 2, false);
        }
        // Filled where it knows of the ego, hollow where it does not.
        const Rgb& known = mind.has_seen_ego ? kHasSeen : kHasNotSeen;
        Spot crown;
        if (eye.place(top + Vec3(0, 0, 0.3), object->v_W, crown) && eye.within(crown.pixel)) {
            constexpr double kMark_px = 3;
            if (mind.has_seen_ego) {
                canvas.disc(crown.pixel, kMark_px, known);
            } else {
                canvas.ring(crown.pixel, kMark_px, known);
            }
        }
        if (!worth_a_text(seen.visible)) continue;
        // Below, since names of boxes stand above.
        constexpr int kLine_px = 10;
        canvas.text(seen.visible.x0, seen.visible.y1 + 3, text_of_ego(mind), known);
        canvas.text(seen.visible.x0, seen.visible.y1 + 3 + kLine_px, text_of_plan(*object), colour);
    }
}

}  // namespace

void draw_objects(const Sample& sample, const Eye& eye, Layer layer, Canvas& canvas) {
    switch (layer) {
        case Layer::kBoxes:
            return draw_boxes(sample, eye.camera(), canvas);
        case Layer::kBoxes3d:
            return draw_boxes3d(sample, eye, canvas);
        case Layer::kKeypoints:
            return draw_keypoints(sample, eye, canvas);
        case Layer::kMinds:
            return draw_minds(sample, eye, canvas);
        default:
            return;
    }
}

}  // namespace huntsman::sensors::overlay
