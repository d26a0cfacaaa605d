#include "bridge/trace/foxglove/scenes.h"

#include <fmt/format.h>

#include "bridge/trace/foxglove/primitives.h"
#include "bridge/trace/lane_lines.h"
#include "engine/world/boxes.h"

namespace huntsman::bridge::trace::fox {

using engine::core::TimeUs;
using engine::math::RigidTransform;
using engine::math::Vec3;
using engine::world::ActorId;
using engine::world::Aspect;
using engine::world::Semantic;
using engine::world::World;
using loop::FrameView;

namespace {

constexpr Colour kCentre{0.35, 0.45, 0.6, 0.6}, kBorderLine{0.8, 0.8, 0.8, 0.9},
    kCrossing{0.9, 0.8, 0.2, 0.8}, kPaint{1, 1, 1, 0.6}, kText{1, 1, 1, 1};
constexpr double kThin_m = 0.05, kLine_m = 0.12;

Colour colour_of(Semantic semantic) {
    if (semantic == Semantic::kPedestrian || semantic == Semantic::kWheelchair) {
        return {1, 0.35, 0.78, 0.6};
    }
    if (engine::world::is_two_wheeler(semantic)) return {1, 0.75, 0.2, 0.6};
    if (engine::world::is_vehicle(semantic)) return {0.25, 0.6, 1, 0.6};
    return {0.6, 0.8, 0.5, 0.6};
}

void add_actor_box(foxglove::SceneEntity* to, const engine::world::Extent& extent,
                   const RigidTransform& X_WB, const Colour& colour) {
    add_box(to, {X_WB.q, engine::world::box_centre(extent, X_WB)},
            {extent.length_m(), extent.width_m, extent.height_m}, colour);
}

void add_lanes(const World& world, TimeUs time_us, foxglove::SceneUpdate& to) {
    for (const auto& lane : world.roads.lanes) {
        auto* entity = add_entity(to, time_us, kWorld, fmt::format("lane/{}", lane.id));
        const auto points = [&](double side) {
            std::vector<Vec3> line;
            for (const LanePoint& point : lane_line(lane, side)) line.push_back(point.p_W);
            return line;
        };
        add_line(entity, points(0), kThin_m, kCentre);
        // Borders of connections cross each other.
        if (lane.in_junction()) continue;
        add_line(entity, points(1), kLine_m, kBorderLine);
        add_line(entity, points(-1), kLine_m, kBorderLine);
    }
}

}  // namespace

foxglove::SceneUpdate map_scene(const World& world, TimeUs time_us) {
    foxglove::SceneUpdate scene;
    add_lanes(world, time_us, scene);
    for (const auto& crossing : world.roads.crossings) {
        const Vec3 along = crossing.b - crossing.a;
        const double length = glm::length(engine::math::xy(along));
        if (length <= 0) continue;
        const Vec3 side = 0.5 * crossing.width_m / length * Vec3(-along.y, along.x, 0);
        auto* entity = add_entity(scene, time_us, kWorld, fmt::format("crossing/{}", crossing.id));
        add_line(entity,
                 {crossing.a + side, crossing.a - side, crossing.b - side, crossing.b + side},
                 kLine_m, kCrossing, true);
    }
    for (std::size_t i = 0; i < world.road_symbols.size(); ++i) {
        auto* entity = add_entity(scene, time_us, kWorld, fmt::format("paint/{}", i));
        add_fact(entity, "type", world.road_symbols[i].type);
        add_line(entity, world.road_symbols[i].outline_W, kThin_m, kPaint, true);
    }
    return scene;
}

foxglove::SceneUpdate actor_scene(const FrameView& view, bool first, std::set<ActorId>& before) {
    foxglove::SceneUpdate scene;
    const TimeUs time_us = view.state.time_us;
    std::set<ActorId> now;
    for (const auto& actor : view.state.actors) {
        const bool ego = actor.id == engine::world::kEgo;
        if (!ego && (actor.hidden_from & engine::world::kSensors) != 0) continue;
        now.insert(actor.id);
        const auto& archetype = view.world.archetypes[actor.archetype];
        auto* entity = add_entity(scene, time_us, kWorld, fmt::format("actor/{}", actor.id));
        add_fact(entity, "class", engine::world::name(archetype.semantic));
        add_fact(entity, "archetype", archetype.name);
        add_fact(entity, "speed", fmt::format("{:.2f} m/s", glm::length(actor.v_W)));
        add_actor_box(entity, archetype.extent, actor.X_WB,
                      ego ? Colour{0.3, 0.9, 0.4, 0.7} : colour_of(archetype.semantic));
        const Vec3 above = actor.X_WB * Vec3(0, 0, archetype.extent.height_m + 0.4);
        add_text(entity, above, fmt::format("{} {}", archetype.name, actor.id), 0.4, kText);
    }
    for (const ActorId id : before) {
        if (now.contains(id)) continue;
        auto* deletion = scene.add_deletions();
        set(deletion->mutable_timestamp(), time_us);
        deletion->set_type(foxglove::SceneEntityDeletion::MATCHING_ID);
        deletion->set_id(fmt::format("actor/{}", id));
    }
    before = std::move(now);
    if (!first) return scene;
    for (const auto& object : view.world.objects) {
        if (!engine::world::is_vehicle(object.semantic)) continue;
        auto* entity = add_entity(scene, time_us, kWorld, fmt::format("parked/{}", object.id));
        add_fact(entity, "class", engine::world::name(object.semantic));
        add_actor_box(entity, object.extent, object.X_WB, {0.5, 0.55, 0.6, 0.5});
    }
    return scene;
}

foxglove::SceneUpdate signal_scene(const FrameView& view) {
    const auto colour = [](Aspect aspect) -> Colour {
        switch (aspect) {
            case Aspect::kRed:
                return {0.95, 0.15, 0.1, 1};
            case Aspect::kRedYellow:
                return {1, 0.45, 0.1, 1};
            case Aspect::kYellow:
                return {1, 0.8, 0.1, 1};
            case Aspect::kGreen:
                return {0.1, 0.85, 0.3, 1};
            case Aspect::kOff:
                break;
        }
        return {0.3, 0.3, 0.3, 1};
    };
    foxglove::SceneUpdate scene;
    auto* entity = add_entity(scene, view.state.time_us, kWorld, "signals");
    for (const auto& head : view.world.roads.signal_heads) {
        const bool known = head.group < view.state.signals.size();
        add_sphere(entity, head.p, 0.5,
                   colour(known ? view.state.signals[head.group] : Aspect::kOff));
    }
    return scene;
}

foxglove::SceneUpdate perceived_scene(const FrameView& view) {
    foxglove::SceneUpdate scene;
    auto* entity = add_entity(scene, view.state.time_us, kEgo, "perceived");
    for (const auto& object : view.action.perception().objects()) {
        const bool person = object.object_class() == messages::OBJECT_PEDESTRIAN;
        const Vec3 p(object.x_m(), object.y_m(), object.z_m());
        add_box(entity, engine::math::upright(p, object.yaw_rad()),
                {object.length_m(), object.width_m(), object.height_m()},
                person ? Colour{1, 0.35, 0.78, 0.35} : Colour{1, 0.67, 0, 0.35});
        add_text(entity, p + Vec3(0, 0, 0.5 * object.height_m() + 0.8),
                 fmt::format("{:.2f}", object.score()), 0.35, {1, 0.8, 0.4, 1});
    }
    return scene;
}

foxglove::FrameTransforms transforms(const FrameView& view) {
    foxglove::FrameTransforms result;
    const auto add = [&](const char* parent, const std::string& child, const RigidTransform& X) {
        auto* transform = result.add_transforms();
        set(transform->mutable_timestamp(), view.state.time_us);
        transform->set_parent_frame_id(parent);
        transform->set_child_frame_id(child);
        foxglove::Pose pose;
        set(&pose, X);
        *transform->mutable_translation() = pose.position();
        *transform->mutable_rotation() = pose.orientation();
    };
    add(kWorld, kEgo, view.state.actors.front().X_WB);
    for (const auto& camera : view.world.rig.cameras) {
        add(kEgo, camera_frame(camera.name), camera.X_BC);
    }
    return result;
}

foxglove::PosesInFrame plan(const FrameView& view) {
    foxglove::PosesInFrame result;
    set(result.mutable_timestamp(), view.state.time_us);
    result.set_frame_id(kEgo);
    for (const auto& point : view.action.trajectory().points()) {
        set(result.add_poses(),
            engine::math::upright({point.x_m(), point.y_m(), 0}, point.heading_rad()));
    }
    return result;
}

foxglove::PosesInFrame route(const FrameView& view) {
    foxglove::PosesInFrame result;
    set(result.mutable_timestamp(), view.state.time_us);
    result.set_frame_id(kEgo);
    for (const auto& point : view.observation.route().points()) {
        set(result.add_poses(),
            engine::math::upright({point.x_m(), point.y_m(), point.z_m()}, point.heading_rad()));
    }
    return result;
}

bool set_calibration(const engine::world::Camera& camera, TimeUs time_us,
                     foxglove::CameraCalibration& to) {
    using engine::world::LensModel;
    const auto& lens = camera.lens;
    const bool prism = lens.s != decltype(lens.s){};
    if (lens.model == LensModel::kFTheta || lens.model == LensModel::kEquirectangular || prism) {
        return false;
    }
    set(to.mutable_timestamp(), time_us);
    to.set_frame_id(camera_frame(camera.name));
    to.set_width(static_cast<std::uint32_t>(camera.width));
    to.set_height(static_cast<std::uint32_t>(camera.height));
    if (lens.model == LensModel::kKannalaBrandt) {
        to.set_distortion_model("kannala_brandt");
        for (std::size_t i = 0; i < 4; ++i) to.add_d(lens.k[i]);
    } else {
        const bool rational = lens.k[3] != 0 || lens.k[4] != 0 || lens.k[5] != 0;
        to.set_distortion_model(rational ? "rational_polynomial" : "plumb_bob");
        for (const double d : {lens.k[0], lens.k[1], lens.p[0], lens.p[1], lens.k[2]}) to.add_d(d);
        for (std::size_t i = 3; rational && i < 6; ++i) to.add_d(lens.k[i]);
    }
    const double cx = lens.cx - 0.5, cy = lens.cy - 0.5;
    for (const double k : {lens.fx, 0.0, cx, 0.0, lens.fy, cy, 0.0, 0.0, 1.0}) to.add_k(k);
    for (const double r : {1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0}) to.add_r(r);
    for (const double p : {lens.fx, 0.0, cx, 0.0, 0.0, lens.fy, cy, 0.0, 0.0, 0.0, 1.0, 0.0}) {
        to.add_p(p);
    }
    return true;
}

}  // namespace huntsman::bridge::trace::fox
