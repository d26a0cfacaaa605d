#include "bridge/rpc/alpasim_driver.h"

#include <cmath>
#include <optional>

#include "bridge/rpc/address.h"
#include "bridge/rpc/alpasim_messages.h"
#include "bridge/rpc/answers.h"
#include "bridge/rpc/channel.h"
#include "bridge/rpc/egodriver.grpc.pb.h"
#include "bridge/rpc/handover.h"
#include "sensors/encode/image_file.h"

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds kConnects{10};
constexpr milliseconds kCloses{1000};
constexpr const char* kRevisionKey = "carla-driver-interface-contract";
constexpr const char* kRevision = "2";  // cameras are declared by their optical frame
constexpr double kHoldBrake = 0.4;      // of a driver that answers nothing to follow

std::string words_of(const grpc::Status& status) {
    switch (status.error_code()) {
        case grpc::StatusCode::UNIMPLEMENTED:
            return "what answers there does not serve egodriver.EgodriverService";
        case grpc::StatusCode::DEADLINE_EXCEEDED:
            return "did not answer in time";
        case grpc::StatusCode::UNAVAILABLE:
            return "the connection was closed";
        default:
            return status.error_message().empty() ? "answers an error without words"
                                                  : "says: " + quoted(status.error_message());
    }
}

class AlpasimDriver final : public driver::Driver {
  public:
    AlpasimDriver(std::string spec, const RemoteSettings& settings, AlpasimSession session,
                  const engine::world::Rig& rig)
        : spec_(std::move(spec)), settings_(settings), session_(std::move(session)), rig_(rig) {}
    ~AlpasimDriver() override { close(); }

    Status connect(const LinkAddress& address) {
        auto channel = open_channel(address, LinkClock::now() + kConnects);
        if (!channel) {
            return failed(channel.error().message == "nobody answers"
                              ? fmt::format("nobody answers there within {} s, expected a driver "
                                            "that serves",
                                            kConnects.count())
                              : channel.error().message);
        }
        token_ = address.token;
        stub_ = egodriver::EgodriverService::NewStub(*channel);
        HM_TRY(ask_version());
        return start();
    }

    std::string name() const override { return spec_; }
    bool needs_images() const override { return settings_.images; }
    std::vector<std::string> notes() const override { return notes_; }
    void reset() override {
        if (!asked_) return;  // the session that there is, is a fresh one
        close();
        last_.reset();
        pose_ = {};
        notes_.clear();
        broken_.clear();
        missed_ = 0;
        if (const auto status = start(); !status) broken_ = status.error().message;
    }

    Result<messages::Action> drive(const driver::DriverInput& input) override {
        if (!broken_.empty()) return Error{.message = broken_};
        asked_ = true;
        const messages::Observation& now = input.observation;
        const auto until = LinkClock::now() + milliseconds(settings_.link.deadline_ms);
        HM_TRY(send_motion(now, until));
        HM_TRY(send_pictures(input, until));
        HM_TRY(send_route(now, until));
        return ask(now, until);
    }

  private:
    // One call; an error in words where it is not answered.
    template <typename Request, typename Answer, typename Call>
    Status call(Call method, const Request& request, Answer& answer, LinkClock::time_point until) {
        grpc::ClientContext context;
        prepare(context, until);
        const grpc::Status status = ((*stub_).*method)(&context, request, &answer);
        if (status.ok()) {
            missed_ = 0;
            return {};
        }
        // A driver that misses so many answers in a row hangs; one that is gone does not come back.
        const bool late = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
        if (late) ++missed_;
        const std::string words = words_of(status);
        if (!late || missed_ >= kMostMissed) broken_ = words;
        return Error{.message = words};
    }
    void prepare(grpc::ClientContext& context, LinkClock::time_point until) const {
        context.set_deadline(system_time(until));
        context.AddMetadata(kRevisionKey, kRevision);
        if (!token_.empty()) context.AddMetadata("authorization", "Bearer " + token_);
    }
    Status failed(const std::string& why) const {
        return Error{.message = "driver " + spec_ + ": " + why};
    }

    Status ask_version() {
        grpc::ClientContext context;
        prepare(context, LinkClock::now() + kConnects);
        egodriver::VersionId version;
        const grpc::Status status = stub_->get_version(&context, {}, &version);
        if (!status.ok()) return failed(words_of(status));
        const auto& metadata = context.GetServerInitialMetadata();
        const auto revision = metadata.find(kRevisionKey);
        if (revision == metadata.end()) return {};  // as AlpaSim's own drivers
        const std::string spoken(revision->second.data(), revision->second.size());
        if (spoken == kRevision) return {};
        return failed(fmt::format("speaks revision {} of carla-driver-interface, expected {}",
                                  quoted(spoken), kRevision));
    }

    Status start() {
        uuid_ = random_hex(32);
        egodriver::DriveSessionRequest request;
        request.set_session_uuid(uuid_);
        request.set_random_seed(session_.seed);
        request.mutable_debug_info()->set_scene_id(session_.scene);
        auto& vehicle = *request.mutable_rollout_spec()->mutable_vehicle();
        for (const auto& camera : rig_.cameras) {
            if (!settings_.images) break;
            if (const auto done = write_camera(camera, *vehicle.add_available_cameras()); !done) {
                return failed(done.error().message);
            }
        }
        egodriver::SessionRequestStatus answer;
        const auto started = call(&egodriver::EgodriverService::Stub::start_session, request,
                                  answer, LinkClock::now() + kConnects);
        if (!started) return failed("does not begin a session: " + started.error().message);
        open_ = true;
        asked_ = false;
        return {};
    }

    void close() {
        if (!open_ || !broken_.empty()) return;
        egodriver::DriveSessionCloseRequest request;
        request.set_session_uuid(uuid_);
        egodriver::Empty answer;
        // Whatever it says, the session is over.
        static_cast<void>(call(&egodriver::EgodriverService::Stub::close_session, request, answer,
                               LinkClock::now() + kCloses));
        open_ = false;
    }

    Status send_motion(const messages::Observation& now, LinkClock::time_point until) {
        if (last_) {
            const double dt_s = static_cast<double>(now.time_us() - last_->time_us()) * 1e-6;
            pose_ = moved_on(pose_, last_->motion(), now.motion(), dt_s);
        }
        last_.emplace();
        last_->set_time_us(now.time_us());
        *last_->mutable_motion() = now.motion();
        egodriver::RolloutEgoTrajectory message;
        message.set_session_uuid(uuid_);
        write_pose(pose_, now.time_us(), *message.mutable_trajectory()->add_poses());
        write_state(now.motion(), *message.add_dynamic_states());
        egodriver::Empty answer;
        return call(&egodriver::EgodriverService::Stub::submit_egomotion_observation, message,
                    answer, until);
    }

    Status send_pictures(const driver::DriverInput& input, LinkClock::time_point until) {
        for (const driver::CameraPicture& picture : input.pictures) {
            engine::core::Image image{.width = picture.camera->width,
                                      .height = picture.camera->height,
                                      .pixels = {picture.rgb.begin(), picture.rgb.end()}};
            HM_TAKE(std::string bytes, sensors::encode::encode_png(image));
            egodriver::RolloutCameraImage message;
            message.set_session_uuid(uuid_);
            auto& frame = *message.mutable_camera_image();
            const auto time_us = static_cast<std::uint64_t>(input.observation.time_us());
            frame.set_frame_start_us(time_us);
            frame.set_frame_end_us(time_us);
            frame.set_logical_id(picture.camera->name);
            frame.set_image_bytes(std::move(bytes));
            egodriver::Empty answer;
            HM_TRY(call(&egodriver::EgodriverService::Stub::submit_image_observation, message,
                        answer, until));
        }
        return {};
    }

    Status send_route(const messages::Observation& now, LinkClock::time_point until) {
        egodriver::RouteRequest message;
        message.set_session_uuid(uuid_);
        write_route(now.route(), now.time_us(), *message.mutable_route());
        egodriver::Empty answer;
        return call(&egodriver::EgodriverService::Stub::submit_route, message, answer, until);
    }

    Result<messages::Action> ask(const messages::Observation& now, LinkClock::time_point until) {
        egodriver::DriveRequest request;
        request.set_session_uuid(uuid_);
        const auto time_us = static_cast<std::uint64_t>(now.time_us());
        request.set_time_now_us(time_us);
        request.set_time_query_us(time_us +
                                  static_cast<std::uint64_t>(std::llround(1e6 / rig_.rate_hz)));
        egodriver::DriveResponse response;
        HM_TRY(call(&egodriver::EgodriverService::Stub::drive, request, response, until));
        if (response.terminate_session()) {
            broken_ = "ends the session";
            return Error{.message = broken_};
        }
        messages::Action action;
        auto trajectory =
            read_trajectory(response.trajectory(), pose_, now.time_us(), now.motion().speed_mps());
        if (trajectory) {
            *action.mutable_trajectory() = std::move(*trajectory);
        } else {
            action.mutable_pedals()->set_brake(kHoldBrake);
            note("answers no trajectory from the present on; the car brakes meanwhile");
        }
        if (const auto fine = check_answer(action, false); !fine) return fine.error();
        return action;
    }

    void note(const char* what) {
        if (std::find(notes_.begin(), notes_.end(), what) == notes_.end()) notes_.push_back(what);
    }

    std::string spec_;
    RemoteSettings settings_;
    AlpasimSession session_;
    engine::world::Rig rig_;
    std::unique_ptr<egodriver::EgodriverService::Stub> stub_;
    std::string token_, uuid_, broken_;
    std::vector<std::string> notes_;
    bool open_ = false, asked_ = false;
    int missed_ = 0;
    std::optional<messages::Observation> last_;
    LocalPose pose_;
};

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_alpasim_driver(const std::string& spec,
                                                            const RemoteSettings& settings,
                                                            const AlpasimSession& session,
                                                            const engine::world::Rig& rig) {
    const auto target = parse_target(spec);
    if (!target) return Error{.message = "driver is " + spec + ", " + target.error().message};
    HM_TAKE(const LinkAddress address, link_address(spec, *target, settings));
    auto made = std::make_unique<AlpasimDriver>(spec, settings, session, rig);
    HM_TRY(made->connect(address));
    return std::unique_ptr<driver::Driver>(std::move(made));
}

}  // namespace huntsman::bridge::rpc
