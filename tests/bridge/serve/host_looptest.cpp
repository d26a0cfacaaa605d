// Sessions as clients have them, without what carries the messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "bridge/rpc/frame_ring.h"
#include "bridge/rpc/handover.h"
#include "bridge/run/settings.h"
#include "bridge/serve/host.h"

namespace huntsman::bridge::serve {
namespace {

using messages::FromSimulator;
using messages::ToSimulator;
using ::testing::HasSubstr;

messages::Action pedals(double throttle, double steer_rad = 0) {
    messages::Action action;
    action.mutable_pedals()->set_throttle(throttle);
    action.mutable_pedals()->set_steer_rad(steer_rad);
    return action;
}

class Client {
  public:
    explicit Client(Host& host) : conversation_(host.converse(true)) {}

    FromSimulator ask(const ToSimulator& message) {
        FromSimulator reply;
        EXPECT_TRUE(conversation_->answer(message, reply));
        return reply;
    }
    std::string refused(const ToSimulator& message) { return ask(message).failure().message(); }
    messages::Begun begin(const messages::Begin& begin) {
        ToSimulator message;
        *message.mutable_begin() = begin;
        const auto reply = ask(message);
        EXPECT_TRUE(reply.has_begun()) << reply.failure().message();
        return reply.begun();
    }
    messages::Moment observe() {
        ToSimulator message;
        message.mutable_observe();
        return ask(message).moment();
    }
    messages::Moment step(const messages::Action& action) {
        ToSimulator message;
        *message.mutable_step()->mutable_action() = action;
        const auto reply = ask(message);
        EXPECT_TRUE(reply.has_moment()) << reply.failure().message();
        return reply.moment();
    }
    std::vector<std::uint64_t> drive(int steps, double throttle = 0.4) {
        std::vector<std::uint64_t> hashes;
        for (int i = 0; i < steps; ++i) hashes.push_back(step(pedals(throttle, 0.02)).state_hash());
        return hashes;
    }

  private:
    std::unique_ptr<rpc::Conversation> conversation_;
};

messages::Begin small_town(double seconds = 10) {
    messages::Begin begin;
    begin.set_version(1);
    begin.mutable_settings()->set_seed(1234);
    begin.mutable_settings()->set_traffic(10);
    begin.mutable_settings()->set_pedestrians(10);
    begin.mutable_settings()->set_seconds(seconds);
    return begin;
}

TEST(Host, ASessionIsTheLoopsOwn) {
    Host host({});
    Client client(host);
    const auto begun = client.begin(small_town());
    EXPECT_EQ(begun.seed(), 1234U);
    EXPECT_EQ(client.observe().tick(), 0);
    const auto hashes = client.drive(10);

    run::RunSettings settings{.driver = "none", .seed = 1234, .traffic = 10, .pedestrians = 10};
    settings.seconds = 10;
    settings.no_images = true;
    const auto options = run::to_options(settings);
    ASSERT_TRUE(options) << options.error().text();
    loop::Resources resources(1);
    auto session = loop::Session::create(resources, *options);
    ASSERT_TRUE(session) << session.error().text();
    ASSERT_TRUE((*session)->step_to_frame());
    for (const std::uint64_t hash : hashes) {
        (*session)->apply(pedals(0.4, 0.02));
        ASSERT_TRUE((*session)->step_to_frame());
        EXPECT_EQ((*session)->state_hash(), hash);
    }
}

TEST(Host, AForkRepeatsWhatWasAndThenGoesItsOwnWay) {
    Host host({});
    Client first(host);
    const auto begun = first.begin(small_town());
    const auto hashes = first.drive(20);

    messages::Begin fork;
    fork.set_version(1);
    fork.mutable_fork()->set_session(begun.session());
    fork.mutable_fork()->set_tick(200);
    Client second(host), third(host);
    second.begin(fork);
    EXPECT_EQ(second.observe().tick(), 200);
    EXPECT_EQ(second.observe().state_hash(), hashes[9]);
    EXPECT_EQ(second.drive(10), std::vector(hashes.begin() + 10, hashes.end()));
    third.begin(fork);
    EXPECT_NE(third.drive(1, 1.0)[0], hashes[10]);

    // The same from a recording.
    ToSimulator snapshot;
    snapshot.mutable_snapshot();
    messages::Begin recorded;
    recorded.set_version(1);
    *recorded.mutable_recorded() = first.ask(snapshot).recorded();
    EXPECT_EQ(recorded.recorded().tick(), 400);
    recorded.mutable_recorded()->set_tick(200);
    third.begin(recorded);
    EXPECT_EQ(third.drive(10), std::vector(hashes.begin() + 10, hashes.end()));
}

TEST(Host, WhatCannotBeLeavesTheSessionAsItWas) {
    Host host({});
    Client client(host);
    ToSimulator observe;
    observe.mutable_observe();
    EXPECT_THAT(client.refused(observe), HasSubstr("there is no session"));
    const auto begun = client.begin(small_town(1));
    ToSimulator message;
    for (const double odd :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        *message.mutable_step()->mutable_action() = pedals(odd);
        EXPECT_THAT(client.refused(message), HasSubstr("the client answers"));
    }
    message.mutable_step()->mutable_action()->clear_control();
    EXPECT_THAT(client.refused(message), HasSubstr("neither pedals nor a trajectory"));
    message.mutable_step()->clear_action();
    message.mutable_step()->set_frames(1001);
    EXPECT_THAT(client.refused(message), HasSubstr("expected 1 to 1000"));
    *message.mutable_begin() = small_town();
    message.mutable_begin()->set_version(7);
    EXPECT_THAT(client.refused(message), HasSubstr("version 7 of the protocol, expected 1"));
    *message.mutable_begin() = small_town();
    message.mutable_begin()->mutable_top_view()->set_pixels(8);
    EXPECT_THAT(client.refused(message), HasSubstr("expected 16 to 1024"));
    *message.mutable_begin() = small_town();
    message.mutable_begin()->mutable_fork()->set_session(begun.session());
    message.mutable_begin()->mutable_fork()->set_tick(1);
    EXPECT_THAT(client.refused(message), HasSubstr("the tick of the fork is 1, expected 0 to 0"));
    *message.mutable_begin() = small_town();
    message.mutable_begin()->mutable_recorded()->set_recording("HMRECORD");
    EXPECT_THAT(client.refused(message), HasSubstr("truncated"));
    EXPECT_EQ(client.step(pedals(0.2)).tick(), 20);

    // To the end and beyond.
    message.mutable_step()->set_frames(1000);
    const auto last = client.ask(message).moment();
    EXPECT_TRUE(last.ended() && last.time_is_up() && last.valid());
    EXPECT_THAT(client.refused(message), HasSubstr("the session has ended (time is up)"));
    message.mutable_finish();
    EXPECT_THAT(client.ask(message).finished().run_json(), HasSubstr("\"driver\": \"client\""));
    EXPECT_THAT(client.refused(message), HasSubstr("there is no session"));
}

TEST(Host, EventsAreThoseOfTheLastStep) {
    Host host({});
    Client client(host);
    client.begin(small_town(60));
    bool hit = false;
    messages::Moment moment;
    for (int i = 0; i < 300 && !hit && !moment.ended(); ++i) {
        moment = client.step(pedals(1.0, 0.1));
        for (const auto& event : moment.events()) {
            hit = hit || event.kind().starts_with("collision_") || event.kind() == "off_route";
            EXPECT_GT(event.time_us(), 5000 * (moment.tick() - 21));
        }
    }
    EXPECT_TRUE(hit);
    EXPECT_EQ(client.observe().events_size(), moment.events_size());
}

TEST(Host, TheViewFromAboveHasTheEgoInItsMiddle) {
    Host host({});
    Client client(host);
    auto begin = small_town();
    begin.mutable_top_view()->set_pixels(65);
    begin.mutable_top_view()->set_metres(65);
    client.begin(begin);
    const std::string view = client.observe().top_view();
    ASSERT_EQ(view.size(), 3U * 65 * 65);
    const std::size_t middle = 3 * (32 * 65 + 32);
    EXPECT_EQ(static_cast<unsigned char>(view[middle + 2]), 255);
    EXPECT_EQ(client.observe().top_view(), view);
}

TEST(Host, PicturesAreTheSameWhateverElseIsServed) {
    Host host({.threads = 2});
    auto begin = small_town();
    begin.mutable_settings()->set_size("64x40");
    begin.mutable_settings()->set_quality("fast");
    begin.mutable_wants()->set_images(true);
    begin.mutable_wants()->add_cameras("rear");
    const auto picture = [](const messages::Moment& moment) {
        EXPECT_EQ(moment.observation().cameras_size(), 1);
        return moment.observation().cameras(0).rgb();
    };
    std::vector<std::string> alone;
    {
        Client client(host);
        const auto begun = client.begin(begin);
        ASSERT_EQ(begun.cameras_size(), 1);
        EXPECT_EQ(begun.cameras(0).width(), 64U);
        for (int i = 0; i < 3; ++i) alone.push_back(picture(client.step(pedals(1.0))));
    }
    EXPECT_EQ(alone[0].size(), 3U * 64 * 40);
    begin.mutable_wants()->set_shared_frames(true);
    Client one(host), other(host);
    const auto begun = one.begin(begin);
    ASSERT_TRUE(begun.has_attach());
    const auto descriptor = rpc::take_descriptor(begun.attach().socket());
    ASSERT_TRUE(descriptor) << descriptor.error().text();
    const auto reader = rpc::FrameReader::map(*descriptor);
    ASSERT_TRUE(reader) << reader.error().text();
    auto elsewhere = begin;
    elsewhere.mutable_settings()->set_seed(1235);
    other.begin(elsewhere);
    for (const std::string& expected : alone) {
        const auto moment = one.step(pedals(1.0));
        other.step(pedals(0.5));
        const auto pixels =
            (*reader)->pixels({moment.shared().slot(), moment.shared().generation()});
        ASSERT_TRUE(pixels);
        EXPECT_TRUE(std::equal(expected.begin(), expected.end(), pixels->begin(),
                               [](char a, auto b) { return static_cast<std::uint8_t>(a) == b; }));
    }
}

TEST(Host, SessionsSideBySideAreIndependent) {
    Host host({});
    std::vector<std::vector<std::uint64_t>> hashes(3);
    std::vector<std::thread> threads;
    for (auto& mine : hashes) {
        threads.emplace_back([&host, &mine] {
            Client client(host);
            client.begin(small_town());
            mine = client.drive(10);
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(hashes[0], hashes[1]);
    EXPECT_EQ(hashes[0], hashes[2]);
}

}  // namespace
}  // namespace huntsman::bridge::serve
