// A driver that serves AlpaSim's interface, and one that answers nonsense: what they are given and
// what becomes of their answers.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <mutex>
#include <thread>

#include "bridge/rpc/alpasim_driver.h"
#include "bridge/rpc/alpasim_messages.h"
#include "bridge/rpc/egodriver.grpc.pb.h"
#include "sensors/encode/image_file.h"

namespace huntsman::bridge::rpc {
namespace {

using engine::math::kPi;
using testing::HasSubstr;

// Serves, records, and answers what it is told to.
class Served final : public egodriver::EgodriverService::Service {
  public:
    Served() {
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
        builder.RegisterService(this);
        server_ = builder.BuildAndStart();
    }
    ~Served() override { server_->Shutdown(); }
    std::string spec() const { return "alpasim:127.0.0.1:" + std::to_string(port_); }

    std::string revision = "2", refuses;
    std::chrono::milliseconds takes{0};
    std::function<egodriver::DriveResponse(const egodriver::DriveRequest&)> answers =
        [](const auto&) { return egodriver::DriveResponse(); };
    std::vector<egodriver::DriveSessionRequest> sessions;
    std::vector<egodriver::RolloutEgoTrajectory> ways;
    std::vector<egodriver::RolloutCameraImage> pictures;
    std::vector<egodriver::RouteRequest> routes;
    std::vector<std::string> closed;

  private:
    using Context = grpc::ServerContext;
    grpc::Status get_version(Context* context, const egodriver::Empty*,
                             egodriver::VersionId*) override {
        if (!revision.empty()) {
            context->AddInitialMetadata("carla-driver-interface-contract", revision);
        }
        return grpc::Status::OK;
    }
    grpc::Status start_session(Context*, const egodriver::DriveSessionRequest* request,
                               egodriver::SessionRequestStatus*) override {
        if (!refuses.empty()) return {grpc::StatusCode::FAILED_PRECONDITION, refuses};
        sessions.push_back(*request);
        return grpc::Status::OK;
    }
    grpc::Status close_session(Context*, const egodriver::DriveSessionCloseRequest* request,
                               egodriver::Empty*) override {
        closed.push_back(request->session_uuid());
        return grpc::Status::OK;
    }
    grpc::Status submit_egomotion_observation(Context*,
                                              const egodriver::RolloutEgoTrajectory* request,
                                              egodriver::Empty*) override {
        ways.push_back(*request);
        return grpc::Status::OK;
    }
    grpc::Status submit_image_observation(Context*, const egodriver::RolloutCameraImage* request,
                                          egodriver::Empty*) override {
        pictures.push_back(*request);
        return grpc::Status::OK;
    }
    grpc::Status submit_route(Context*, const egodriver::RouteRequest* request,
                              egodriver::Empty*) override {
        routes.push_back(*request);
        return grpc::Status::OK;
    }
    grpc::Status drive(Context*, const egodriver::DriveRequest* request,
                       egodriver::DriveResponse* response) override {
        std::this_thread::sleep_for(takes);
        *response = answers(*request);
        return grpc::Status::OK;
    }

    int port_ = 0;
    std::unique_ptr<grpc::Server> server_;
};

engine::world::Rig rig_of(int cameras) {
    engine::world::Rig rig{.name = "test", .rate_hz = 10};
    for (int i = 0; i < cameras; ++i) {
        engine::world::Camera camera{.name = "camera_" + std::to_string(i),
                                     .X_BC = {engine::math::camera_rotation(0, 0), {1.5, 0, 1.4}},
                                     .width = 32,
                                     .height = 16};
        camera.lens = {.fx = 20, .fy = 21, .cx = 16, .cy = 8, .k = {0.1, 0.2}};
        rig.cameras.push_back(camera);
    }
    return rig;
}

messages::Observation observation_at(double t_s, double speed, double yaw_rate) {
    messages::Observation o;
    o.set_time_us(static_cast<std::int64_t>(t_s * 1e6));
    o.mutable_motion()->set_speed_mps(speed);
    o.mutable_motion()->set_yaw_rate_rad_s(yaw_rate);
    for (int s = -2; s <= 3; ++s) {
        auto& point = *o.mutable_route()->add_points();
        point.set_s_m(s);
        point.set_x_m(s);
        point.set_y_m(0.5);
    }
    return o;
}

engine::core::Result<messages::Action> drive(driver::Driver& d, const messages::Observation& o,
                                             std::span<const driver::CameraPicture> pictures = {}) {
    return d.drive({.observation = o, .pictures = pictures, .ideal = {}});
}

// A trajectory of the local frame: straight on at 8 m/s from a pose.
egodriver::DriveResponse straight(const LocalPose& from, std::uint64_t now_us) {
    egodriver::DriveResponse response;
    for (int i = -1; i <= 4; ++i) {
        const double way = 0.8 * i;
        write_pose({from.x_m + way * std::cos(from.yaw_rad),
                    from.y_m + way * std::sin(from.yaw_rad), from.yaw_rad},
                   static_cast<std::int64_t>(now_us) + 100'000 * i,
                   *response.mutable_trajectory()->add_poses());
    }
    return response;
}

TEST(Alpasim, DriverIsGivenWayPicturesAndRoute) {
    Served served;
    const auto rig = rig_of(2);
    const auto made = make_alpasim_driver(served.spec(), {}, {.seed = 7, .scene = "town"}, rig);
    ASSERT_TRUE(made) << made.error().text();
    ASSERT_EQ(served.sessions.size(), 1U);
    const auto& session = served.sessions[0];
    EXPECT_EQ(session.random_seed(), 7U);
    EXPECT_EQ(session.debug_info().scene_id(), "town");
    ASSERT_EQ(session.rollout_spec().vehicle().available_cameras_size(), 2);
    const auto& camera = session.rollout_spec().vehicle().available_cameras(1);
    EXPECT_EQ(camera.logical_id(), "camera_1");
    EXPECT_EQ(camera.intrinsics().resolution_w(), 32U);
    EXPECT_EQ(camera.intrinsics().opencv_pinhole_param().focal_length_y(), 21);
    EXPECT_EQ(camera.intrinsics().opencv_pinhole_param().radial_coeffs(1), 0.2);
    EXPECT_FLOAT_EQ(camera.rig_to_camera().vec().z(), 1.4F);

    std::vector<std::uint8_t> rgb(32 * 16 * 3, 40);
    rgb[0] = 200;
    const std::vector<driver::CameraPicture> pictures = {{&rig.cameras[0], rgb},
                                                         {&rig.cameras[1], rgb}};
    // A quarter of a circle of 10 m at 5 m/s.
    const double yaw_rate = 0.5, quarter_s = 0.5 * kPi / yaw_rate;
    constexpr int kSteps = 100;
    for (int i = 0; i <= kSteps; ++i) {
        const auto o = observation_at(quarter_s * i / kSteps, 5, yaw_rate);
        ASSERT_TRUE(drive(**made, o, pictures));
    }
    ASSERT_EQ(served.ways.size(), kSteps + 1U);
    const auto& last = served.ways.back().trajectory().poses(0);
    EXPECT_NEAR(last.pose().vec().x(), 10, 0.01);
    EXPECT_NEAR(last.pose().vec().y(), 10, 0.01);
    EXPECT_NEAR(last.pose().quat().z(), std::sin(0.25 * kPi), 1e-4);
    EXPECT_EQ(last.timestamp_us(), static_cast<std::uint64_t>(quarter_s * 1e6));
    EXPECT_FLOAT_EQ(served.ways.back().dynamic_states(0).linear_velocity().x(), 5);
    ASSERT_EQ(served.pictures.size(), 2 * (kSteps + 1U));
    const auto& picture = served.pictures[1].camera_image();
    EXPECT_EQ(picture.logical_id(), "camera_1");
    const auto image = sensors::encode::decode_png(picture.image_bytes());
    ASSERT_TRUE(image) << image.error().text();
    EXPECT_EQ(image->pixels, rgb);
    ASSERT_EQ(served.routes.back().route().waypoints_size(), 4);  // none behind the rig
    EXPECT_FLOAT_EQ(served.routes.back().route().waypoints(3).x(), 3);
    EXPECT_FLOAT_EQ(served.routes.back().route().waypoints(3).y(), 0.5);
}

TEST(Alpasim, TrajectoriesOfTheLocalFrameAreTurnedIntoTheBodys) {
    Served served;
    const auto made = make_alpasim_driver(served.spec(), {.images = false}, {}, rig_of(1));
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(served.sessions[0].rollout_spec().vehicle().available_cameras_size(), 0);
    LocalPose pose;
    served.answers = [&](const auto& request) { return straight(pose, request.time_now_us()); };
    auto before = observation_at(0, 6, 0.3);
    for (int i = 0; i < 40; ++i) {
        const auto o = observation_at(0.1 * i, 6 + 0.1 * i, 0.3 - 0.02 * i);
        if (i > 0) pose = moved_on(pose, before.motion(), o.motion(), 0.1);
        before = o;
        const auto action = drive(**made, o);
        ASSERT_TRUE(action) << action.error().text();
        // The pose behind the rig is dropped.
        ASSERT_EQ(action->trajectory().points_size(), 5);
        for (int k = 0; k < 5; ++k) {
            const auto& point = action->trajectory().points(k);
            EXPECT_NEAR(point.t_s(), 0.1 * k, 1e-9);
            EXPECT_NEAR(point.x_m(), 0.8 * k, 1e-4);
            EXPECT_NEAR(point.y_m(), 0, 1e-4);
            EXPECT_NEAR(point.heading_rad(), 0, 1e-5);
            EXPECT_NEAR(point.speed_mps(), k == 0 ? 6 + 0.1 * i : 8, 1e-2);
        }
    }
    EXPECT_TRUE((*made)->notes().empty());
}

TEST(Alpasim, SessionsBeginAndEnd) {
    Served served;
    {
        const auto made = make_alpasim_driver(served.spec(), {}, {}, rig_of(1));
        ASSERT_TRUE(made) << made.error().text();
        (*made)->reset();  // nothing was asked yet
        EXPECT_EQ(served.sessions.size(), 1U);
        ASSERT_TRUE(drive(**made, observation_at(3, 5, 0)));
        (*made)->reset();
        ASSERT_EQ(served.sessions.size(), 2U);
        ASSERT_TRUE(drive(**made, observation_at(0, 5, 0)));
        EXPECT_FLOAT_EQ(served.ways.back().trajectory().poses(0).pose().vec().x(), 0);
    }
    ASSERT_EQ(served.closed.size(), 2U);
    EXPECT_EQ(served.closed[0], served.sessions[0].session_uuid());
    EXPECT_EQ(served.closed[1], served.sessions[1].session_uuid());
    EXPECT_NE(served.closed[0], served.closed[1]);
}

TEST(Alpasim, WhatCannotBeDrivenOnIsAnError) {
    Served served;
    const auto made = make_alpasim_driver(served.spec(), {}, {}, rig_of(1));
    ASSERT_TRUE(made) << made.error().text();
    driver::Driver& d = **made;
    const auto held = drive(d, observation_at(0, 5, 0));
    ASSERT_TRUE(held);
    EXPECT_GT(held->pedals().brake(), 0);
    EXPECT_THAT(d.notes(), testing::ElementsAre(HasSubstr("answers no trajectory")));
    served.answers = [](const auto& request) {
        auto response = straight({}, request.time_now_us());
        response.mutable_trajectory()->mutable_poses(3)->mutable_pose()->mutable_vec()->set_x(
            std::numeric_limits<float>::quiet_NaN());
        return response;
    };
    EXPECT_THAT(drive(d, observation_at(0.1, 5, 0)).error().text(),
                HasSubstr("answers a trajectory that is not finite"));
    served.answers = [](const auto& request) {
        auto response = straight({}, request.time_now_us());
        response.mutable_trajectory()->mutable_poses(3)->set_timestamp_us(request.time_now_us());
        return response;
    };
    EXPECT_THAT(drive(d, observation_at(0.2, 5, 0)).error().text(),
                HasSubstr("times do not increase strictly"));
    served.answers = [](const auto&) {
        egodriver::DriveResponse response;
        response.set_terminate_session(true);
        return response;
    };
    EXPECT_THAT(drive(d, observation_at(0.3, 5, 0)).error().text(), HasSubstr("ends the session"));
    EXPECT_THAT(drive(d, observation_at(0.4, 5, 0)).error().text(), HasSubstr("ends the session"));
}

TEST(Alpasim, AnswersThatDoNotComeInTimeAreErrors) {
    Served served;
    const auto made =
        make_alpasim_driver(served.spec(), {.link = {.deadline_ms = 80}}, {}, rig_of(1));
    ASSERT_TRUE(made) << made.error().text();
    served.takes = std::chrono::milliseconds(400);
    for (int i = 0; i < kMostMissed; ++i) {
        EXPECT_THAT(drive(**made, observation_at(0.1 * i, 5, 0)).error().text(),
                    HasSubstr("did not answer in time"));
    }
    // It is not asked any more.
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(drive(**made, observation_at(9, 5, 0)));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(200));
}

TEST(Alpasim, WhatDoesNotFitIsSaidAtTheBeginning) {
    const auto error_of = [](Served& served, const engine::world::Rig& rig) {
        const auto made = make_alpasim_driver(served.spec(), {}, {}, rig);
        return made ? "none" : made.error().text();
    };
    Served old;
    old.revision = "1";
    EXPECT_THAT(error_of(old, rig_of(1)),
                HasSubstr("speaks revision 1 of carla-driver-interface, expected 2"));
    Served own;
    own.revision = "";  // as AlpaSim's own drivers
    EXPECT_EQ(error_of(own, rig_of(1)), "none");
    Served strict;
    strict.refuses = "wants a camera\nin front";
    EXPECT_THAT(error_of(strict, rig_of(1)),
                HasSubstr("does not begin a session: says: wants a camera in front"));
    Served any;
    auto rig = rig_of(1);
    rig.cameras[0].lens.model = engine::world::LensModel::kEquirectangular;
    EXPECT_THAT(error_of(any, rig),
                HasSubstr("camera camera_0 has a lens equirectangular with pixels that are not "
                          "square, which AlpaSim has no name for"));
    const auto nobody = make_alpasim_driver("alpasim:example.org:5005", {}, {}, rig_of(1));
    EXPECT_THAT(nobody.error().text(), HasSubstr("expected --driver-tls-ca FILE beside it"));
    EXPECT_THAT(make_alpasim_driver("alpasim:host", {}, {}, rig_of(1)).error().text(),
                HasSubstr("expected alpasim:HOST:PORT or alpasim:unix:/PATH"));
}

}  // namespace
}  // namespace huntsman::bridge::rpc
