// Field lists of samples and labels; see engine/core/describe.h. Their order is that of a sample's
// JSON. What is `kPixels` lies in files of its own.
#pragma once

#include "engine/core/describe.h"
#include "engine/world/mind_names.h"
#include "engine/world/names.h"
#include "engine/world/rig_fields.h"
#include "engine/world/weather_fields.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

namespace about {

constexpr engine::core::About kPixels{.in_files = false};
constexpr engine::core::About kId{.id = true};

}  // namespace about

constexpr void describe(engine::core::Of<Keypoint>, auto&& field) {
    field("pixel", &Keypoint::pixel);
    field("p_C", &Keypoint::p_C);
    field("seen", &Keypoint::seen, {.low = 0, .high = 2});  // COCO's numbers
}
constexpr void describe(engine::core::Of<ObjectInCamera>, auto&& field) {
    using O = ObjectInCamera;
    field("id", &O::id);
    field("visible", &O::visible);
    field("amodal", &O::amodal);
    field("visible_px", &O::visible_px);
    field("amodal_px", &O::amodal_px);
    field("amodal_inside_px", &O::amodal_inside_px);
    field("has_keypoints", &O::has_keypoints, {.in_files = false});  // by their presence
    field("keypoints", &O::keypoints, {.in_files = false});
}
constexpr void describe(engine::core::Of<CameraSample>, auto&& field) {
    using C = CameraSample;
    field("camera", &C::camera);
    field("stated", &C::stated);
    field("time_us", &C::time_us);
    field("X_WC", &C::X_WC);
    field("image", &C::image, about::kPixels);
    field("raw", &C::raw, about::kPixels);
    field("linear", &C::linear, about::kPixels);
    field("ids", &C::ids, about::kPixels);
    field("depth_m", &C::depth_m, about::kPixels);
    field("normals_C", &C::normals_C, about::kPixels);
    field("flow_next", &C::flow_next, about::kPixels);
    field("flow_previous", &C::flow_previous, about::kPixels);
    field("objects", &C::objects);
}
constexpr void describe(engine::core::Of<BeliefLabel>, auto&& field) {
    using B = BeliefLabel;
    field("id", &B::id);
    field("exists", &B::exists);
    field("p_W", &B::p_W);
    field("v_W", &B::v_W);
    field("yaw_rad", &B::yaw_rad);
    field("place_sd_m", &B::place_sd_m);
    field("speed_sd_mps", &B::speed_sd_mps);
    field("unseen_s", &B::unseen_s);
    field("error_m", &B::error_m);
}
constexpr void describe(engine::core::Of<EgoMindLabel>, auto&& field) {
    using E = EgoMindLabel;
    field("has_seen_me", &E::has_seen_me);
    field("goal", &E::goal);
    field("goal_probability", &E::goal_probability);
}
constexpr void describe(engine::core::Of<MindLabel>, auto&& field) {
    using M = MindLabel;
    field("profile", &M::profile);
    field("intention", &M::intention);
    field("goes", &M::goes);
    field("gaze_W", &M::gaze_W);
    field("looks_away", &M::looks_away);
    field("seen", &M::seen);
    field("yields_to", &M::yields_to);
    field("wanted_speed_mps", &M::wanted_speed_mps);
    field("waited_s", &M::waited_s);
    field("gesture", &M::gesture);
    field("gesture_to", &M::gesture_to);
    field("has_seen_ego", &M::has_seen_ego);
    field("believed_ego", &M::believed_ego);
    field("believed_ego_mind", &M::believed_ego_mind);
    field("wrong_beliefs", &M::wrong_beliefs);
}
constexpr void describe(engine::core::Of<ObjectLabel>, auto&& field) {
    using O = ObjectLabel;
    field("id", &O::id);
    field("semantic", &O::semantic);
    field("kind", &O::kind);
    field("X_WO", &O::X_WO);
    field("size_m", &O::size_m);
    field("v_W", &O::v_W);
    field("w_W", &O::w_W);
    field("parked", &O::parked);
    field("distance_m", &O::distance_m);
    field("visible_px", &O::visible_px);
    field("amodal_px", &O::amodal_px);
    field("lidar_points", &O::lidar_points);
    field("has_mind", &O::has_mind, {.in_files = false});  // by its presence
    field("mind", &O::mind, {.in_files = false});
}
constexpr void describe(engine::core::Of<SignalLabel>, auto&& field) {
    using S = SignalLabel;
    field("head", &S::head);
    field("object", &S::object);
    field("p_W", &S::p_W);
    field("heading_rad", &S::heading_rad);
    field("width_m", &S::width_m);
    field("height_m", &S::height_m);
    field("for_pedestrians", &S::for_pedestrians);
    field("aspect", &S::aspect);
    field("governs", &S::governs);
}
constexpr void describe(engine::core::Of<SignLabel>, auto&& field) {
    using S = SignLabel;
    field("object", &S::object);
    field("p_W", &S::p_W);
    field("heading_rad", &S::heading_rad);
    field("type", &S::type);
    field("meaning", &S::meaning);
}
constexpr void describe(engine::core::Of<LaneLabel>, auto&& field) {
    using L = LaneLabel;
    field("lane", &L::lane);
    field("kind", &L::kind);
    field("in_junction", &L::in_junction);
    field("turn", &L::turn);
    field("speed_limit_mps", &L::speed_limit_mps);
    field("centre_W", &L::centre_W);
    field("left_W", &L::left_W);
    field("right_W", &L::right_W);
    field("left_mark", &L::left_mark);
    field("right_mark", &L::right_mark);
    field("successors", &L::successors);
    field("predecessors", &L::predecessors);
    field("left", &L::left, about::kId);
    field("right", &L::right, about::kId);
}
constexpr void describe(engine::core::Of<MarkLabel>, auto&& field) {
    field("type", &MarkLabel::type);
    field("outline_W", &MarkLabel::outline_W);
}
constexpr void describe(engine::core::Of<BirdsEye>, auto&& field) {
    using B = BirdsEye;
    field("cell_m", &B::cell_m);
    field("cells", &B::cells, {.low = 1, .high = 1 << 14});
    field("drivable", &B::drivable, about::kPixels);
    field("occupied", &B::occupied, about::kPixels);
    field("seen", &B::seen, about::kPixels);
    field("seen_occupied", &B::seen_occupied, about::kPixels);
    field("free_m", &B::free_m);
}
constexpr void describe(engine::core::Of<LidarSweep>, auto&& field) {
    field("X_BL", &LidarSweep::X_BL);
    field("points", &LidarSweep::points, about::kPixels);  // a sample says how many
}
constexpr void describe(engine::core::Of<EgoMotion>, auto&& field) {
    using E = EgoMotion;
    field("X_WB", &E::X_WB);
    field("v_B", &E::v_B);
    field("w_B", &E::w_B);
    field("a_B", &E::a_B);
    field("steer_rad", &E::steer_rad);
}
constexpr void describe(engine::core::Of<Sample>, auto&& field) {
    field("scene", &Sample::scene);
    field("frame", &Sample::frame);
    field("time_us", &Sample::time_us);
    field("state_hash", &Sample::state_hash);
    field("box_range_m", &Sample::box_range_m);
    field("environment", &Sample::environment);
    field("ego", &Sample::ego);
    field("cameras", &Sample::cameras);
    field("objects", &Sample::objects);
    field("signals", &Sample::signals);
    field("signs", &Sample::signs);
    field("lanes", &Sample::lanes);
    field("marks", &Sample::marks);
    field("birds_eye", &Sample::birds_eye);
    field("lidar", &Sample::lidar);
}

}  // namespace huntsman::sensors::labels
