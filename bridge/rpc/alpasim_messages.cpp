#include "bridge/rpc/alpasim_messages.h"

#include <cmath>

#include "engine/math/vec.h"

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::Status;
using engine::world::Camera;
using engine::world::Lens;
using engine::world::LensModel;
using engine::world::Readout;

namespace {

void write_vec(double x, double y, double z, egodriver::Vec3& to) {
    to.set_x(static_cast<float>(x));
    to.set_y(static_cast<float>(y));
    to.set_z(static_cast<float>(z));
}

// All coefficients, zeros too.
template <std::size_t N>
void write_list(const std::array<double, N>& from, google::protobuf::RepeatedField<double>& to) {
    to.Add(from.begin(), from.end());
}

egodriver::ShutterType shutter_of(Readout readout) {
    switch (readout) {
        case Readout::kTopToBottom:
            return egodriver::ROLLING_TOP_TO_BOTTOM;
        case Readout::kBottomToTop:
            return egodriver::ROLLING_BOTTOM_TO_TOP;
        case Readout::kLeftToRight:
            return egodriver::ROLLING_LEFT_TO_RIGHT;
        case Readout::kRightToLeft:
            return egodriver::ROLLING_RIGHT_TO_LEFT;
        case Readout::kGlobal:
            break;
    }
    return egodriver::GLOBAL;
}

void write_pinhole(const Lens& lens, egodriver::OpenCVPinholeCameraParam& to) {
    to.set_principal_point_x(lens.cx);
    to.set_principal_point_y(lens.cy);
    to.set_focal_length_x(lens.fx);
    to.set_focal_length_y(lens.fy);
    write_list(lens.k, *to.mutable_radial_coeffs());
    write_list(lens.p, *to.mutable_tangential_coeffs());
    write_list(lens.s, *to.mutable_thin_prism_coeffs());
}

void write_fisheye(const Lens& lens, egodriver::OpenCVFisheyeCameraParam& to) {
    to.set_principal_point_x(lens.cx);
    to.set_principal_point_y(lens.cy);
    to.set_focal_length_x(lens.fx);
    to.set_focal_length_y(lens.fy);
    to.mutable_radial_coeffs()->Add(lens.k.begin(), lens.k.begin() + 4);
    to.set_max_angle(lens.max_angle_rad);
}

// ρ [px] = f θ (1 + k1 θ + ... + k5 θ⁵), from the constant on.
void write_f_theta(const Lens& lens, egodriver::FthetaCameraParam& to) {
    to.set_principal_point_x(lens.cx);
    to.set_principal_point_y(lens.cy);
    to.set_reference_poly(egodriver::FthetaCameraParam::ANGLE_TO_PIXELDIST);
    to.add_angle_to_pixeldist_poly(0);
    to.add_angle_to_pixeldist_poly(lens.fx);
    for (std::size_t i = 0; i < 5; ++i) to.add_angle_to_pixeldist_poly(lens.fx * lens.k[i]);
    to.set_max_angle(lens.max_angle_rad);
}

}  // namespace

LocalPose moved_on(const LocalPose& from, const messages::EgoMotion& before,
                   const messages::EgoMotion& after, double dt_s) {
    const double turn = 0.5 * (before.yaw_rate_rad_s() + after.yaw_rate_rad_s()) * dt_s;
    const double ahead = 0.5 * (before.speed_mps() + after.speed_mps()) * dt_s;
    const double aside = 0.5 * (before.slip_mps() + after.slip_mps()) * dt_s;
    const double heading = from.yaw_rad + 0.5 * turn;
    const double c = std::cos(heading), s = std::sin(heading);
    return {from.x_m + c * ahead - s * aside, from.y_m + s * ahead + c * aside,
            engine::math::wrap_angle(from.yaw_rad + turn)};
}

void write_pose(const LocalPose& pose, std::int64_t time_us, egodriver::PoseAtTime& to) {
    to.set_timestamp_us(static_cast<std::uint64_t>(time_us));
    write_vec(pose.x_m, pose.y_m, 0, *to.mutable_pose()->mutable_vec());
    auto& q = *to.mutable_pose()->mutable_quat();
    q.set_w(static_cast<float>(std::cos(0.5 * pose.yaw_rad)));
    q.set_z(static_cast<float>(std::sin(0.5 * pose.yaw_rad)));
}

void write_state(const messages::EgoMotion& motion, egodriver::DynamicState& to) {
    write_vec(0, 0, motion.yaw_rate_rad_s(), *to.mutable_angular_velocity());
    write_vec(motion.speed_mps(), motion.slip_mps(), 0, *to.mutable_linear_velocity());
    write_vec(motion.acceleration_x_mps2(), motion.acceleration_y_mps2(), 0,
              *to.mutable_linear_acceleration());
    to.mutable_angular_acceleration();
}

void write_route(const messages::Route& route, std::int64_t time_us, egodriver::Route& to) {
    to.set_timestamp_us(static_cast<std::uint64_t>(time_us));
    for (const auto& point : route.points()) {
        if (point.s_m() < 0) continue;
        write_vec(point.x_m(), point.y_m(), point.z_m(), *to.add_waypoints());
    }
}

Status write_camera(const Camera& camera, egodriver::AvailableCamera& to) {
    to.set_logical_id(camera.name);
    egodriver::CameraSpec& spec = *to.mutable_intrinsics();
    spec.set_logical_id(camera.name);
    spec.set_resolution_w(static_cast<std::uint32_t>(camera.width));
    spec.set_resolution_h(static_cast<std::uint32_t>(camera.height));
    spec.set_shutter_type(shutter_of(camera.shutter.readout));
    const Lens& lens = camera.lens;
    const bool square = std::abs(lens.fx - lens.fy) <= 1e-9 * lens.fx;
    if (lens.model == LensModel::kPinhole) {
        write_pinhole(lens, *spec.mutable_opencv_pinhole_param());
    } else if (lens.model == LensModel::kKannalaBrandt) {
        write_fisheye(lens, *spec.mutable_opencv_fisheye_param());
    } else if (lens.model == LensModel::kFTheta && square) {
        write_f_theta(lens, *spec.mutable_ftheta_param());
    } else {
        return Error{.message = fmt::format("camera {} has a lens {}{}, which AlpaSim has no name "
                                            "for",
                                            camera.name, name(lens.model),
                                            square ? "" : " with pixels that are not square")};
    }
    const auto& X = camera.X_BC;
    write_vec(X.p.x, X.p.y, X.p.z, *to.mutable_rig_to_camera()->mutable_vec());
    auto& q = *to.mutable_rig_to_camera()->mutable_quat();
    q.set_w(static_cast<float>(X.q.w));
    q.set_x(static_cast<float>(X.q.x));
    q.set_y(static_cast<float>(X.q.y));
    q.set_z(static_cast<float>(X.q.z));
    return {};
}

std::optional<messages::Trajectory> read_trajectory(const egodriver::Trajectory& from,
                                                    const LocalPose& now, std::int64_t now_us,
                                                    double speed_mps) {
    messages::Trajectory to;
    const double c = std::cos(now.yaw_rad), s = std::sin(now.yaw_rad);
    for (const auto& place : from.poses()) {
        const auto time_us = static_cast<std::int64_t>(place.timestamp_us());
        if (time_us < now_us) continue;
        const auto& p = place.pose().vec();
        const auto& q = place.pose().quat();
        const double x = static_cast<double>(p.x()) - now.x_m;
        const double y = static_cast<double>(p.y()) - now.y_m;
        const double qw = static_cast<double>(q.w()), qx = static_cast<double>(q.x());
        const double qy = static_cast<double>(q.y()), qz = static_cast<double>(q.z());
        const double yaw =
            std::atan2(2 * (qw * qz + qx * qy), qw * qw + qx * qx - qy * qy - qz * qz);
        auto& point = *to.add_points();
        point.set_t_s(static_cast<double>(time_us - now_us) * 1e-6);
        point.set_x_m(c * x + s * y);
        point.set_y_m(c * y - s * x);
        point.set_heading_rad(engine::math::wrap_angle(yaw - now.yaw_rad));
    }
    if (to.points().empty()) return std::nullopt;
    // One point says where to be; where the rig is begins the way there.
    if (to.points_size() == 1 && to.points(0).t_s() > 0) {
        *to.add_points() = to.points(0);
        to.mutable_points(0)->Clear();
    }
    // Speeds are those between neighbours, the first one's that of the rig where it is now.
    for (int i = 0; i < to.points_size(); ++i) {
        const int a = std::max(0, i - 1), b = std::min(to.points_size() - 1, i + 1);
        const auto &before = to.points(a), &after = to.points(b);
        const double dt_s = after.t_s() - before.t_s();
        const double way_m = std::hypot(after.x_m() - before.x_m(), after.y_m() - before.y_m());
        const bool here = i == 0 && to.points(0).t_s() < 1e-6;
        to.mutable_points(i)->set_speed_mps(here ? speed_mps : dt_s > 0 ? way_m / dt_s : 0);
    }
    return to;
}

}  // namespace huntsman::bridge::rpc
