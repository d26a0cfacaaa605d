#include "bridge/trace/foxglove/primitives.h"

namespace huntsman::bridge::trace::fox {

using engine::math::RigidTransform;
using engine::math::Vec3;

namespace {

void set(foxglove::Vector3* to, const Vec3& v) {
    to->set_x(v.x);
    to->set_y(v.y);
    to->set_z(v.z);
}

}  // namespace

std::string camera_frame(const std::string& name) { return "camera/" + name; }

void set(google::protobuf::Timestamp* to, engine::core::TimeUs time_us) {
    to->set_seconds(time_us / 1'000'000);
    to->set_nanos(static_cast<std::int32_t>(time_us % 1'000'000) * 1000);
}

void set(foxglove::Pose* to, const RigidTransform& X) {
    set(to->mutable_position(), X.p);
    to->mutable_orientation()->set_x(X.q.x);
    to->mutable_orientation()->set_y(X.q.y);
    to->mutable_orientation()->set_z(X.q.z);
    to->mutable_orientation()->set_w(X.q.w);
}

void set(foxglove::Color* to, const Colour& colour) {
    to->set_r(colour[0]);
    to->set_g(colour[1]);
    to->set_b(colour[2]);
    to->set_a(colour[3]);
}

foxglove::SceneEntity* add_entity(foxglove::SceneUpdate& to, engine::core::TimeUs time_us,
                                  const char* frame, const std::string& id) {
    foxglove::SceneEntity* entity = to.add_entities();
    set(entity->mutable_timestamp(), time_us);
    entity->set_frame_id(frame);
    entity->set_id(id);
    return entity;
}

void add_fact(foxglove::SceneEntity* to, const std::string& key, const std::string& value) {
    auto* pair = to->add_metadata();
    pair->set_key(key);
    pair->set_value(value);
}

void add_box(foxglove::SceneEntity* to, const RigidTransform& X, const Vec3& size_m,
             const Colour& colour) {
    foxglove::CubePrimitive* cube = to->add_cubes();
    set(cube->mutable_pose(), X);
    set(cube->mutable_size(), size_m);
    set(cube->mutable_color(), colour);
}

void add_sphere(foxglove::SceneEntity* to, const Vec3& p, double diameter_m, const Colour& colour) {
    auto* sphere = to->add_spheres();
    set(sphere->mutable_pose(), RigidTransform{.p = p});
    set(sphere->mutable_size(), Vec3(diameter_m));
    set(sphere->mutable_color(), colour);
}

void add_line(foxglove::SceneEntity* to, const std::vector<Vec3>& points, double width_m,
              const Colour& colour, bool closed) {
    foxglove::LinePrimitive* line = to->add_lines();
    line->set_type(closed ? foxglove::LinePrimitive::LINE_LOOP
                          : foxglove::LinePrimitive::LINE_STRIP);
    set(line->mutable_pose(), RigidTransform{});
    line->set_thickness(width_m);
    set(line->mutable_color(), colour);
    for (const Vec3& p : points) {
        auto* point = line->add_points();
        point->set_x(p.x);
        point->set_y(p.y);
        point->set_z(p.z);
    }
}

void add_text(foxglove::SceneEntity* to, const Vec3& p, const std::string& text, double size_m,
              const Colour& colour) {
    auto* shown = to->add_texts();
    set(shown->mutable_pose(), RigidTransform{.p = p});
    shown->set_billboard(true);
    shown->set_font_size(size_m);
    set(shown->mutable_color(), colour);
    shown->set_text(text);
}

}  // namespace huntsman::bridge::trace::fox
