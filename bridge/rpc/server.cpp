#include "bridge/rpc/server.h"

#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

#include "bridge/rpc/frame_ring.h"
#include "bridge/rpc/handover.h"
#include "bridge/rpc/link.h"
#include "bridge/rpc/remote.h"
#include "drive.grpc.pb.h"
#include "engine/world/rig.h"

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::Result;
using messages::FromDriver;
using messages::ToDriver;

namespace {

engine::world::Camera camera_of(const messages::CameraImage& image) {
    engine::world::Camera camera;
    camera.name = image.name();
    camera.width = static_cast<int>(image.width());
    camera.height = static_cast<int>(image.height());
    camera.lens.model = static_cast<engine::world::LensModel>(image.lens_model());
    camera.lens.fx = image.fx();
    camera.lens.fy = image.fy();
    camera.lens.cx = image.cx();
    camera.lens.cy = image.cy();
    const auto copy = [](const auto& from, auto& to) {
        const auto count = std::min<std::ptrdiff_t>(from.size(), std::ssize(to));
        std::copy(from.begin(), from.begin() + count, to.begin());
    };
    copy(image.lens_k(), camera.lens.k);
    copy(image.lens_p(), camera.lens.p);
    copy(image.lens_s(), camera.lens.s);
    camera.lens.max_angle_rad = image.max_angle_rad();
    const auto& X = image.x_bc();
    camera.X_BC.q = {X.qw(), X.qx(), X.qy(), X.qz()};
    camera.X_BC.p = {X.x(), X.y(), X.z()};
    return camera;
}

// Whether pictures of the camera have this size.
bool fits(const engine::world::Camera& camera, std::uint32_t width, std::uint32_t height) {
    return camera.width > 0 && camera.height > 0 &&
           width == static_cast<std::uint32_t>(camera.width) &&
           height == static_cast<std::uint32_t>(camera.height);
}

// One run's conversation, from the driver's side.
class ServedRun {
  public:
    ServedRun(std::unique_ptr<driver::Driver> driver, const ServerOptions& options)
        : driver_(std::move(driver)), options_(options) {}

    // Nothing to answer after the end.
    bool answer(const ToDriver& message, FromDriver& reply) {
        switch (message.what_case()) {
            case ToDriver::kHello:
                greet(message.hello(), *reply.mutable_hello());
                return true;
            case ToDriver::kAttach:
                attach(message.attach(), *reply.mutable_attach());
                return true;
            case ToDriver::kReset:
                driver_->reset();
                reply.mutable_reset();
                return true;
            case ToDriver::kFrame:
                drive(message.frame(), *reply.mutable_answer());
                return true;
            case ToDriver::kEnd:
            case ToDriver::WHAT_NOT_SET:
                break;
        }
        return false;
    }

  private:
    void greet(const messages::Hello& hello, messages::HelloReply& reply) {
        reply.set_version(kProtocolVersion);
        reply.set_name(options_.name);
        messages::Wants& wants = *reply.mutable_wants();
        wants = options_.wants;
        wants.set_images(driver_->needs_images());
        wants.set_truth(driver_->needs_truth());
        wants.set_shared_frames(hello.shared_frames());
        if (hello.version() != kProtocolVersion) {
            reply.set_refusal(
                fmt::format("the simulator speaks version {} of the protocol, "
                            "expected {}",
                            hello.version(), kProtocolVersion));
            return;
        }
        for (const auto& image : hello.cameras()) {
            engine::world::Camera camera = camera_of(image);
            // Intrinsics of the size that was asked for.
            if (wants.width() > 0 && camera.width > 0 && camera.height > 0) {
                const double x = static_cast<double>(wants.width()) / camera.width;
                const double y = static_cast<double>(wants.height()) / camera.height;
                camera.width = static_cast<int>(wants.width());
                camera.height = static_cast<int>(wants.height());
                camera.lens.fx *= x;
                camera.lens.cx *= x;
                camera.lens.fy *= y;
                camera.lens.cy *= y;
            }
            cameras_[camera.name] = camera;
        }
    }

    void attach(const messages::Attach& attach, messages::AttachReply& reply) {
        const auto descriptor = take_descriptor(attach.socket());
        if (!descriptor) return reply.set_failure(descriptor.error().message);
        auto reader = FrameReader::map(*descriptor);
        if (!reader) return reply.set_failure(reader.error().message);
        reader_ = std::move(*reader);
        places_ = attach.places();
    }

    void drive(const messages::Frame& frame, messages::Answer& answer) {
        answer.set_frame(frame.observation().frame());
        pictures_.clear();
        const RingPlace place{frame.shared().slot(), frame.shared().generation()};
        std::string failure = frame.has_shared() ? see_shared(place) : see_sent(frame);
        if (failure.empty()) {
            const messages::Perception* truth = frame.has_truth() ? &frame.truth() : nullptr;
            auto action = driver_->drive({.observation = frame.observation(),
                                          .pictures = pictures_,
                                          .truth = truth,
                                          .night = frame.night()});
            if (action) {
                *answer.mutable_action() = std::move(*action);
            } else {
                failure = action.error().text();
            }
        }
        if (frame.has_shared() && failure.empty() && !reader_->holds(place)) {
            failure = "its pictures were overwritten while it looked at them";
        }
        if (!failure.empty()) answer.set_failure(failure);
    }

    std::string see_shared(const RingPlace& place) {
        const auto pixels = reader_ ? reader_->pixels(place) : std::nullopt;
        if (!pixels) return "its pictures are not in the shared memory";
        for (const auto& one : places_) {
            const auto camera = cameras_.find(one.camera());
            const std::uint64_t bytes = 3ULL * one.width() * one.height();
            if (camera == cameras_.end() || !fits(camera->second, one.width(), one.height()) ||
                one.offset() > pixels->size() || bytes > pixels->size() - one.offset()) {
                return "the places of its pictures are not those of the shared memory";
            }
            pictures_.push_back({&camera->second, pixels->subspan(one.offset(), bytes)});
        }
        return "";
    }

    std::string see_sent(const messages::Frame& frame) {
        for (const auto& image : frame.observation().cameras()) {
            const auto camera = cameras_.find(image.name());
            if (camera == cameras_.end() || !fits(camera->second, image.width(), image.height()) ||
                image.rgb().size() != 3ULL * image.width() * image.height()) {
                return "a picture is not one of the cameras or has another size";
            }
            pictures_.push_back(
                {&camera->second,
                 {reinterpret_cast<const std::uint8_t*>(image.rgb().data()), image.rgb().size()}});
        }
        return "";
    }

    std::unique_ptr<driver::Driver> driver_;
    const ServerOptions& options_;
    std::map<std::string, engine::world::Camera> cameras_;
    std::unique_ptr<FrameReader> reader_;
    google::protobuf::RepeatedPtrField<messages::FramePlace> places_;
    std::vector<driver::CameraPicture> pictures_;
};

}  // namespace

struct DriverServer::Impl final : messages::DriverService::Service {
    grpc::Status Drive(grpc::ServerContext* context,
                       grpc::ServerReaderWriter<FromDriver, ToDriver>* stream) override {
        if (!options.token.empty()) {
            const auto sent = context->client_metadata().find("authorization");
            const std::string wanted = "Bearer " + options.token;
            const bool same = sent != context->client_metadata().end() &&
                              std::string(sent->second.data(), sent->second.size()) == wanted;
            if (!same) return {grpc::StatusCode::UNAUTHENTICATED, "expected the token"};
        }
        ++sessions;
        ServedRun run(make(), options);
        ToDriver message;
        FromDriver reply;
        while (stream->Read(&message) && run.answer(message, reply)) {
            if (!stream->Write(reply)) break;
            reply.Clear();
        }
        const std::lock_guard lock(mutex);
        --sessions;
        ended = true;
        changed.notify_all();
        return grpc::Status::OK;
    }

    // NOLINTNEXTLINE(readability-identifier-naming): gRPC's name
    grpc::Status Health(grpc::ServerContext*, const messages::HealthRequest*,
                        messages::HealthReply* reply) override {
        reply->set_version(kProtocolVersion);
        reply->set_name(options.name);
        reply->set_sessions(sessions);
        return grpc::Status::OK;
    }

    MakeDriver make;
    ServerOptions options;
    int port = 0;
    std::mutex mutex;
    std::condition_variable changed;
    std::atomic<std::uint32_t> sessions = 0;
    bool ended = false;
    std::unique_ptr<grpc::Server> server;  // last: it goes first
};

Result<std::unique_ptr<DriverServer>> DriverServer::start(MakeDriver make,
                                                          const ServerOptions& options) {
    const auto variable = [](const char* name, const std::string& given) {
        const char* value = given.empty() ? std::getenv(name) : nullptr;
        return value != nullptr ? std::string(value) : given;
    };
    auto impl = std::make_unique<Impl>();
    impl->make = std::move(make);
    impl->options = options;
    impl->options.address = variable(kAddressVariable, options.address);
    impl->options.token = variable(kTokenVariable, options.token);
    const std::string& address = impl->options.address;
    if (address.empty()) {
        return Error{.message = fmt::format("there is no address to serve at, expected one, or "
                                            "${} as huntsman run --driver exec:COMMAND sets it",
                                            kAddressVariable)};
    }
    gpr_set_log_function([](gpr_log_func_args*) {});  // errors come as such
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &impl->port);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, 4 << 20);
    builder.SetMaxReceiveMessageSize(static_cast<int>(kMostSent_bytes) + (1 << 20));
    builder.SetMaxSendMessageSize(kMostReceived_bytes);
    builder.RegisterService(impl.get());
    impl->server = builder.BuildAndStart();
    const bool named_port = !address.starts_with("unix");
    if (!impl->server || (named_port && impl->port == 0)) {
        return Error{.message = address +
                                " cannot be served at, expected an address of this "
                                "machine that is not in use"};
    }
    if (!named_port) impl->port = 0;
    return std::unique_ptr<DriverServer>(new DriverServer(std::move(impl)));
}

DriverServer::DriverServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DriverServer::~DriverServer() {
    // Streams that go on are cancelled.
    impl_->server->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
    impl_->server->Wait();
}

int DriverServer::port() const { return impl_->port; }

void DriverServer::wait() {
    std::unique_lock lock(impl_->mutex);
    impl_->changed.wait(lock, [&] { return impl_->ended && impl_->sessions == 0; });
}

}  // namespace huntsman::bridge::rpc
