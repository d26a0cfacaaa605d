// Messages of either end with bytes that were changed on the way: a sentence, a refusal or an
// answer with finite numbers, and an end that stays of use. HUNTSMAN_MUTATIONS=N: conversations of
// each test.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "bridge/rpc/server.h"
#include "engine/core/dice.h"
#include "tests/bridge/rpc/remote.h"

namespace huntsman::bridge::rpc {
namespace {

using messages::FromDriver;
using messages::ToDriver;

int conversations() {
    const char* asked = std::getenv("HUNTSMAN_MUTATIONS");
    return asked != nullptr ? std::atoi(asked) : 300;
}

// The message with some bytes changed, or as it was where it no longer decodes.
template <typename Message>
void mutate(Message& message, engine::core::Dice& dice) {
    std::string bytes = message.SerializeAsString();
    if (bytes.empty()) return;
    for (int i = dice.integer(1, 4); i > 0; --i) {
        bytes[static_cast<std::size_t>(dice.integer(0, static_cast<int>(bytes.size()) - 1))] =
            static_cast<char>(dice.integer(0, 255));
    }
    Message mutated;
    if (mutated.ParseFromString(bytes)) message = mutated;
}

TEST(Mutated, RepliesOfADriverAreRefusedOrFinite) {
    int greeted = 0, answered = 0;
    const int count = conversations();
    for (int seed = 0; seed < count; ++seed) {
        engine::core::Dice dice(engine::core::Key(static_cast<std::uint64_t>(seed)).with("reply"));
        FakeServer server({.hello =
                               [&](const messages::Hello&, messages::HelloReply& reply) {
                                   reply.set_name("mutated");
                                   auto& wants = *reply.mutable_wants();
                                   wants.set_images(dice.chance(0.5));
                                   wants.add_cameras("rear");
                                   wants.set_width(24);
                                   wants.set_height(18);
                                   if (dice.chance(0.5)) mutate(reply, dice);
                               },
                           .frame =
                               [&](const messages::Frame&, std::vector<FromDriver>& replies) {
                                   auto& action = *replies[0].mutable_answer()->mutable_action();
                                   for (int i = 0; i < 3; ++i) {
                                       auto& point = *action.mutable_trajectory()->add_points();
                                       point.set_t_s(0.5 * i);
                                       point.set_x_m(3.0 * i);
                                       point.set_speed_mps(6);
                                   }
                                   action.mutable_perception()->add_objects()->set_score(0.5);
                                   mutate(replies[0], dice);
                               }});
        RemoteSettings settings;
        settings.link.deadline_ms = 500;
        const auto driver = make_remote_driver(server.spec(), settings, small_rig());
        if (!driver) {
            EXPECT_FALSE(driver.error().text().empty());
            continue;
        }
        ++greeted;
        (*driver)->reset();
        const engine::world::Rig rig = small_rig();
        const Tick tick(rig, 0);
        const auto action = (*driver)->drive(tick.input());
        if (!action) {
            EXPECT_FALSE(action.error().text().empty());
            continue;
        }
        ++answered;
        for (const auto& point : action->trajectory().points()) {
            EXPECT_TRUE(std::isfinite(point.t_s() + point.x_m() + point.speed_mps())) << seed;
        }
    }
    std::printf("%d of %d greet, %d answer\n", greeted, count, answered);
    EXPECT_GT(greeted, count / 4);
    EXPECT_GT(answered, count / 20);
    EXPECT_LT(answered, greeted);
}

// Looks at each pixel that a camera of that size has.
class Looker final : public driver::Driver {
  public:
    std::string name() const override { return "looker"; }
    bool needs_images() const override { return true; }
    void reset() override {}
    engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override {
        std::uint64_t sum = 0;
        for (const auto& picture : input.pictures) {
            const auto bytes = 3 * static_cast<std::size_t>(picture.camera->width) *
                               static_cast<std::size_t>(picture.camera->height);
            EXPECT_EQ(picture.rgb.size(), bytes);
            for (std::size_t i = 0; i < bytes; ++i) sum += picture.rgb[i];
        }
        messages::Action action;
        action.mutable_pedals()->set_throttle(static_cast<double>(sum % 100) / 100);
        return action;
    }
};

TEST(Mutated, MessagesOfASimulatorLeaveTheDriverOfUse) {
    ServerOptions options;
    options.address = "127.0.0.1:0";
    const auto server = DriverServer::start([] { return std::make_unique<Looker>(); }, options);
    ASSERT_TRUE(server) << server.error().text();
    const std::string address = "127.0.0.1:" + std::to_string((*server)->port());
    const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
    const auto stub = messages::DriverService::NewStub(channel);
    const engine::world::Rig rig = small_rig();

    int replies = 0, failures = 0;
    const int count = conversations();
    for (int seed = 0; seed < count; ++seed) {
        engine::core::Dice dice(engine::core::Key(static_cast<std::uint64_t>(seed)).with("sent"));
        grpc::ClientContext context;
        const auto stream = stub->Drive(&context);
        const auto ask = [&](ToDriver message, bool whole) {
            if (!whole) mutate(message, dice);
            FromDriver reply;
            if (!stream->Write(message) || !stream->Read(&reply)) return false;
            ++replies;
            failures += reply.answer().failure().empty() ? 0 : 1;
            return true;
        };
        ToDriver hello, attach, frame;
        hello.mutable_hello()->set_version(1);
        const Tick tick(rig, 7);
        *frame.mutable_frame()->mutable_observation() = tick.observation;
        for (std::size_t c = 0; c < rig.cameras.size(); ++c) {
            auto& camera = *hello.mutable_hello()->add_cameras();
            camera.set_name(rig.cameras[c].name);
            camera.set_width(static_cast<std::uint32_t>(rig.cameras[c].width));
            camera.set_height(static_cast<std::uint32_t>(rig.cameras[c].height));
            auto& image = *frame.mutable_frame()->mutable_observation()->add_cameras();
            image = camera;
            image.set_rgb(tick.pixels[c].data(), tick.pixels[c].size());
        }
        attach.mutable_attach()->set_socket("@nobody");
        attach.mutable_attach()->set_slots(2);
        const bool goes_on = ask(hello, dice.chance(0.5)) &&
                             (dice.chance(0.7) || ask(attach, false)) &&
                             ask(frame, dice.chance(0.3));
        if (goes_on) ask(frame, true);
        stream->WritesDone();
        context.TryCancel();
        stream->Finish();
    }
    std::printf("%d replies, %d failures named\n", replies, failures);
    EXPECT_GT(replies, count);
    EXPECT_GT(failures, count / 20);
    // A whole conversation is still one.
    const auto driver = make_remote_driver("grpc:" + address, {}, rig);
    ASSERT_TRUE(driver) << driver.error().text();
    (*driver)->reset();
    const Tick tick(rig, 1);
    EXPECT_TRUE((*driver)->drive(tick.input()));
}

}  // namespace
}  // namespace huntsman::bridge::rpc
