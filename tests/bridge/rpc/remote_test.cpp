// Drivers in other processes that are good, slow, mute, mad or gone.
#include "tests/bridge/rpc/remote.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <thread>

#include "bridge/rpc/frame_ring.h"
#include "bridge/rpc/handover.h"
#include "bridge/rpc/server.h"
#include "tests/bridge/rpc/leaks.h"

namespace huntsman::bridge::rpc {
namespace {

using messages::FromDriver;
using messages::HelloReply;
using std::chrono::milliseconds;

std::string failure_of(driver::Driver& driver, std::uint64_t frame = 0) {
    const engine::world::Rig rig = small_rig();
    const Tick tick(rig, frame);
    const auto action = driver.drive(tick.input());
    return action ? "" : action.error().text();
}

// A server whose answer to the frame with this number is changed.
FakeServer::Behaviour answering(std::uint64_t frame,
                                const std::function<void(messages::Answer&)>& change) {
    return {.frame = [=](const messages::Frame& given, std::vector<FromDriver>& replies) {
        if (given.observation().frame() == frame) change(*replies[0].mutable_answer());
    }};
}
// What becomes of a first answer that is changed so.
std::string failure_with(const std::function<void(messages::Answer&)>& change) {
    FakeServer server(answering(0, change));
    const auto driver = connected(server.spec());
    return driver ? failure_of(*driver) : "not connected";
}

TEST(RemoteDriver, IsGreetedResetAskedAndToldTheEnd) {
    messages::Hello hello;
    messages::Frame frame;
    FakeServer server({.hello = [&](const messages::Hello& h, HelloReply&) { hello = h; },
                       .frame = [&](const messages::Frame& f, auto&) { frame = f; }});
    {
        const auto driver = connected(server.spec());
        ASSERT_NE(driver, nullptr);
        EXPECT_EQ(driver->name(), server.spec());
        EXPECT_FALSE(driver->needs_images());
        EXPECT_FALSE(driver->needs_truth());
        const engine::world::Rig rig = small_rig();
        const Tick tick(rig, 42);
        const auto action = driver->drive(tick.input());
        ASSERT_TRUE(action) << action.error().text();
        EXPECT_EQ(action->pedals().throttle(), 0.25);
        EXPECT_TRUE(driver->notes().empty());
    }
    EXPECT_EQ(server.resets(), 1);
    EXPECT_TRUE(server.ended());
    EXPECT_EQ(hello.version(), 1U);
    EXPECT_EQ(hello.rate_hz(), 10);
    EXPECT_TRUE(hello.images());
    EXPECT_TRUE(hello.shared_frames());
    ASSERT_EQ(hello.cameras_size(), 2);
    EXPECT_EQ(hello.cameras(1).name(), "rear");
    EXPECT_EQ(hello.cameras(1).width(), 32U);
    EXPECT_EQ(hello.cameras(1).fx(), 32);
    EXPECT_TRUE(hello.cameras(1).rgb().empty());
    EXPECT_EQ(frame.observation().frame(), 42U);
    EXPECT_EQ(frame.observation().time_us(), 4'200'000);
    EXPECT_EQ(frame.observation().cameras_size(), 0);  // it did not want any
    EXPECT_FALSE(frame.has_truth());
}

// ---- Pictures

// The pixels of both cameras as the driver has them, through memory or messages.
struct Seen {
    std::unique_ptr<FrameReader> reader;
    messages::Attach attach;
    std::vector<std::vector<std::uint8_t>> pictures;
};
FakeServer::Behaviour watching(Seen& seen, const std::function<void(messages::Wants&)>& change) {
    return {.hello =
                [change](const messages::Hello& hello, HelloReply& reply) {
                    reply.mutable_wants()->set_images(true);
                    reply.mutable_wants()->set_shared_frames(hello.shared_frames());
                    change(*reply.mutable_wants());
                },
            .frame =
                [&seen](const messages::Frame& frame, auto&) {
                    seen.pictures.clear();
                    for (const auto& image : frame.observation().cameras()) {
                        seen.pictures.emplace_back(image.rgb().begin(), image.rgb().end());
                    }
                    if (!frame.has_shared()) return;
                    const auto pixels =
                        seen.reader->pixels({frame.shared().slot(), frame.shared().generation()});
                    ASSERT_TRUE(pixels);
                    for (const auto& place : seen.attach.places()) {
                        const auto one =
                            pixels->subspan(place.offset(), 3ULL * place.width() * place.height());
                        seen.pictures.emplace_back(one.begin(), one.end());
                    }
                },
            .attach =
                [&seen](const messages::Attach& attach, messages::AttachReply& reply) {
                    seen.attach = attach;
                    const auto memory = take_descriptor(attach.socket());
                    if (!memory) return reply.set_failure(memory.error().message);
                    auto reader = FrameReader::map(*memory);
                    if (!reader) return reply.set_failure(reader.error().message);
                    seen.reader = std::move(*reader);
                }};
}

TEST(RemoteDriver, PicturesAreTheSameThroughMemoryAndMessages) {
    for (const bool shared : {true, false}) {
        Seen seen;
        FakeServer server(watching(seen, [](messages::Wants&) {}));
        RemoteSettings settings;
        settings.shared_frames = shared;
        const auto driver = connected(server.spec(), settings);
        ASSERT_NE(driver, nullptr);
        EXPECT_TRUE(driver->needs_images());
        const engine::world::Rig rig = small_rig();
        for (std::uint64_t frame = 0; frame < 10; ++frame) {
            const Tick tick(rig, frame);
            const auto action = driver->drive(tick.input());
            ASSERT_TRUE(action) << action.error().text();
            EXPECT_EQ(seen.pictures, tick.pixels) << shared << ", " << frame;
        }
        EXPECT_EQ(seen.reader != nullptr, shared);
        EXPECT_TRUE(driver->notes().empty());
    }
}

TEST(RemoteDriver, GivesTheCamerasInTheOrderSizeAndFormatThatAreWanted) {
    Seen seen;
    FakeServer server(watching(seen, [](messages::Wants& wants) {
        wants.add_cameras("rear");
        wants.set_width(16);
        wants.set_height(24);
        wants.set_format(messages::PIXELS_RGB8_PLANAR);
    }));
    const auto driver = connected(server.spec());
    ASSERT_NE(driver, nullptr);
    const engine::world::Rig rig = small_rig();
    const Tick tick(rig);
    ASSERT_TRUE(driver->drive(tick.input()));
    ASSERT_EQ(seen.pictures.size(), 1U);
    ASSERT_EQ(seen.pictures[0].size(), 3U * 16 * 24);
    // Pixel (5, 7), green, is the mean of the two that it covers.
    const auto& from = tick.pixels[1];
    const int a = from[(7 * 32 + 10) * 3 + 1], b = from[(7 * 32 + 11) * 3 + 1];
    EXPECT_EQ(seen.pictures[0][16 * 24 + 7 * 16 + 5], (a + b + 1) / 2);
}

TEST(RemoteDriver, WhatCannotBeSharedGoesThroughMessagesAndTheRunSaysSo) {
    Seen seen;
    auto behaviour = watching(seen, [](messages::Wants&) {});
    behaviour.attach = [](const messages::Attach&, messages::AttachReply& reply) {
        reply.set_failure("no memory\nleft");
    };
    FakeServer server(std::move(behaviour));
    const auto driver = connected(server.spec());
    ASSERT_NE(driver, nullptr);
    const engine::world::Rig rig = small_rig();
    const Tick tick(rig, 3);
    ASSERT_TRUE(driver->drive(tick.input()));
    EXPECT_EQ(seen.pictures, tick.pixels);
    ASSERT_EQ(driver->notes().size(), 1U);
    EXPECT_EQ(driver->notes()[0],
              "pictures went to the driver through messages, since they could not be shared: no "
              "memory left");
}

TEST(RemoteDriver, APictureThatIsTooLargeForAMessageIsSaidSo) {
    engine::world::Rig rig = small_rig();
    rig.cameras.resize(1);
    rig.cameras[0].width = rig.cameras[0].height = 4096;
    for (int i = 0; i < 5; ++i) {
        rig.cameras.push_back(rig.cameras[0]);
        rig.cameras.back().name += std::to_string(i);
    }
    Seen seen;
    FakeServer server(watching(seen, [](messages::Wants&) {}));
    RemoteSettings settings;
    settings.shared_frames = false;
    const auto driver = connected(server.spec(), settings, rig);
    ASSERT_NE(driver, nullptr);
    const Tick tick(rig);
    const auto action = driver->drive(tick.input());
    ASSERT_FALSE(action);
    EXPECT_EQ(action.error().text(),
              "its pictures do not fit into a message of 256 MB, expected fewer or smaller ones");
}

// ---- What is refused before a run

TEST(RemoteDriver, WantsThatCannotBeMetAreRefused) {
    const auto wanting = [](const std::function<void(HelloReply&)>& change) {
        FakeServer server({.hello = [&](const messages::Hello&, HelloReply& reply) {
            reply.mutable_wants()->set_images(true);
            change(reply);
        }});
        const std::string why = refused(server.spec());
        const std::string begin = "driver " + server.spec() + ": it ";
        EXPECT_EQ(why.substr(0, begin.size()), begin) << why;
        return why.substr(std::min(why.size(), begin.size()));
    };
    EXPECT_EQ(wanting([](HelloReply& r) { r.set_version(2); }),
              "speaks version 2 of the protocol, expected 1");
    FakeServer looker({.hello = [](const messages::Hello&, HelloReply& reply) {
        reply.mutable_wants()->set_images(true);
    }});
    RemoteSettings blind;
    blind.images = false;
    EXPECT_EQ(refused(looker.spec(), blind),
              "driver " + looker.spec() + ": it needs images, but images are switched off");
    EXPECT_EQ(wanting([](HelloReply& r) { r.set_refusal("not today"); }),
              "refuses to drive: not today");
    EXPECT_EQ(wanting([](HelloReply& r) { r.mutable_wants()->add_cameras("left"); }),
              "wants the camera \"left\", expected one of front, rear");
    EXPECT_EQ(wanting([](HelloReply& r) {
                  r.mutable_wants()->add_cameras("rear");
                  r.mutable_wants()->add_cameras("rear");
              }),
              "wants the camera \"rear\" twice");
    EXPECT_EQ(wanting([](HelloReply& r) { r.mutable_wants()->set_track(true); }),
              "wants its objects tracked, expected that only of drivers that answer perception "
              "alone");
    EXPECT_EQ(wanting([](HelloReply& r) { r.mutable_wants()->set_width(20); }),
              "wants pictures of 20 x 0 pixels, expected 16 to 4096");
    EXPECT_EQ(wanting([](HelloReply& r) {
                  r.mutable_wants()->set_width(5000);
                  r.mutable_wants()->set_height(100);
              }),
              "wants pictures of 5000 x 100 pixels, expected 16 to 4096");
    EXPECT_EQ(wanting([](HelloReply& r) {
                  r.mutable_wants()->set_format(static_cast<messages::PixelFormat>(9));
              }),
              "wants pixels in the format 9, expected 0 to 2");
}

TEST(RemoteDriver, AServerOfSomethingElseIsNotADriver) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    messages::DriverService::Service nothing;
    builder.RegisterService(&nothing);  // every call is unimplemented
    const auto server = builder.BuildAndStart();
    const std::string spec = "grpc:127.0.0.1:" + std::to_string(port);
    EXPECT_EQ(refused(spec), "driver " + spec +
                                 ": what answers there does not serve "
                                 "huntsman.bridge.messages.DriverService");
}

TEST(RemoteDriver, OtherMachinesNeedTls) {
    EXPECT_EQ(refused("grpc:192.0.2.1:5005"),
              "driver grpc:192.0.2.1:5005 is on another machine, expected --driver-tls-ca FILE "
              "beside it");
    const auto folder = std::filesystem::path(testing::TempDir());
    const auto no_certificate = folder / "no_certificate.pem";
    std::ofstream(no_certificate) << "nothing of the kind";
    RemoteSettings settings;
    settings.link.tls_ca = no_certificate;
    EXPECT_EQ(refused("grpc:192.0.2.1:5005", settings),
              no_certificate.string() + ": holds no certificate, expected PEM");
    settings.link.tls_ca = folder / "missing.pem";
    EXPECT_NE(refused("grpc:192.0.2.1:5005", settings).find("missing.pem"), std::string::npos);
    settings.link.tls_ca.clear();
    settings.link.token_file = folder / "no_token";
    std::ofstream(settings.link.token_file) << "two words\n";
    EXPECT_NE(refused("grpc:127.0.0.1:5005", settings).find("holds no token"), std::string::npos);
}

// ---- Drivers of this program, served

ServerOptions served_at(const std::string& address, const std::string& token = "") {
    ServerOptions options;
    options.address = address;
    options.token = token;
    return options;
}

TEST(DriverServer, WantsTheTokenThatItWasGiven) {
    const auto server =
        DriverServer::start(driver::make_none_driver, served_at("127.0.0.1:0", "sesame"));
    ASSERT_TRUE(server) << server.error().text();
    const std::string spec = "grpc:127.0.0.1:" + std::to_string((*server)->port());
    EXPECT_EQ(refused(spec), "driver " + spec + ": the driver does not accept the token");
    RemoteSettings settings;
    settings.link.token_file = std::filesystem::path(testing::TempDir()) / "token";
    std::ofstream(settings.link.token_file) << "sesame\n";
    const auto driver = connected(spec, settings);
    ASSERT_NE(driver, nullptr);
    EXPECT_EQ(failure_of(*driver), "");
}

TEST(DriverServer, APortInUseIsAnError) {
    const auto first = DriverServer::start(driver::make_none_driver, served_at("127.0.0.1:0"));
    ASSERT_TRUE(first) << first.error().text();
    const std::string address = "127.0.0.1:" + std::to_string((*first)->port());
    const auto second = DriverServer::start(driver::make_none_driver, served_at(address));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().message,
              address +
                  " cannot be served at, expected an address of this machine that is not in "
                  "use");
    unsetenv(kAddressVariable);
    EXPECT_NE(DriverServer::start(driver::make_none_driver, served_at("")).ok(), true);
}

TEST(DriverServer, ServesAtAUnixSocket) {
    const std::string path = testing::TempDir() + "/driver-" + std::to_string(getpid());
    const auto server = DriverServer::start(driver::make_none_driver, served_at("unix:" + path));
    ASSERT_TRUE(server) << server.error().text();
    const auto driver = connected("grpc:unix:" + path);
    ASSERT_NE(driver, nullptr);
    EXPECT_EQ(failure_of(*driver), "");
}

// ---- What goes wrong on the way

TEST(RemoteDriver, NonsenseIsTold) {
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(failure_with([](auto& a) { a.mutable_action()->Clear(); }),
              "it answers neither pedals nor a trajectory");
    EXPECT_EQ(
        failure_with([](auto& a) { a.mutable_action()->mutable_pedals()->set_steer_rad(kNaN); }),
        "it answers pedals that are not finite, expected numbers");
    EXPECT_EQ(failure_with([](auto& a) { a.mutable_action()->mutable_trajectory()->add_points(); }),
              "it answers a trajectory of 1 point, expected 2 to 1000");
    const auto trajectory = [](std::vector<std::pair<double, double>> points) {
        return failure_with([&](auto& a) {
            for (const auto& [t, x] : points) {
                auto& point = *a.mutable_action()->mutable_trajectory()->add_points();
                point.set_t_s(t);
                point.set_x_m(x);
            }
        });
    };
    EXPECT_EQ(trajectory({{0, 0}, {1, 5}}), "");
    EXPECT_EQ(trajectory({{-1, 0}, {0, 5}}),
              "it answers a trajectory into the past, expected times from 0 s on, counted from the "
              "observation");
    EXPECT_EQ(trajectory({{1, 0}, {1, 5}}),
              "it answers a trajectory whose times do not increase strictly");
    EXPECT_NE(trajectory({{0, 0}, {1, kNaN}}).find("is not finite"), std::string::npos);
    EXPECT_NE(trajectory({{0, 0}, {1, 1e7}}).find("places within"), std::string::npos);
    EXPECT_EQ(failure_with([](auto& a) { a.set_failure("I am lost\nin thought"); }),
              "it says: I am lost in thought");
    EXPECT_EQ(failure_with([](auto& a) { a.set_failure(std::string(1000, 'x')); }),
              "it says: " + std::string(300, 'x') + "...");
    EXPECT_EQ(failure_with([](auto& a) {
                  a.mutable_action()->mutable_perception()->add_objects()->set_x_m(kNaN);
              }).substr(0, 43),
              "it perceives an object that is not finite, ");
    EXPECT_NE(failure_with([](auto& a) {
                  a.mutable_action()->mutable_perception()->add_objects()->set_object_class(
                      static_cast<messages::ObjectClass>(17));
              }).find("of the class 17"),
              std::string::npos);
}

TEST(RemoteDriver, AfterNonsenseItIsAskedAgain) {
    FakeServer server(answering(0, [](auto& a) { a.mutable_action()->Clear(); }));
    const auto driver = connected(server.spec());
    ASSERT_NE(driver, nullptr);
    EXPECT_NE(failure_of(*driver, 0), "");
    EXPECT_EQ(failure_of(*driver, 1), "");
}

TEST(RemoteDriver, AnAnswerToAFrameThatWasNeverSentEndsIt) {
    FakeServer server(answering(1, [](auto& a) { a.set_frame(77); }));
    const auto driver = connected(server.spec());
    ASSERT_NE(driver, nullptr);
    EXPECT_EQ(failure_of(*driver, 0), "");
    EXPECT_EQ(failure_of(*driver, 1), "it answers frame 77, which it was never sent");
    EXPECT_EQ(failure_of(*driver, 2), "it answers frame 77, which it was never sent");
}

TEST(RemoteDriver, PedalsThatAreTooMuchAreCutAndNoted) {
    FakeServer server(
        answering(0, [](auto& a) { a.mutable_action()->mutable_pedals()->set_steer_rad(30); }));
    const auto driver = connected(server.spec());
    ASSERT_NE(driver, nullptr);
    EXPECT_EQ(failure_of(*driver), "");
    ASSERT_EQ(driver->notes().size(), 1U);
    EXPECT_EQ(driver->notes()[0],
              "the driver steers beyond 0.6 rad, the angle of the road wheels that the car has; it "
              "is cut");
}

TEST(RemoteDriver, ASlowAnswerIsNotWaitedForAndDroppedWhenItComes) {
    FakeServer server({.frame = [](const messages::Frame& frame, std::vector<FromDriver>& replies) {
        if (frame.observation().frame() == 1) std::this_thread::sleep_for(milliseconds(500));
        const double throttle = 0.1 * static_cast<double>(frame.observation().frame());
        replies[0].mutable_answer()->mutable_action()->mutable_pedals()->set_throttle(throttle);
    }});
    const auto driver = connected(server.spec(), {.link = {.deadline_ms = 400}});
    ASSERT_NE(driver, nullptr);
    EXPECT_EQ(failure_of(*driver, 0), "");
    EXPECT_EQ(failure_of(*driver, 1), "it does not answer within 400 ms");
    // The answer to frame 1 comes before that to 2, and is not taken for it.
    const engine::world::Rig rig = small_rig();
    const Tick tick(rig, 2);
    const auto action = driver->drive(tick.input());
    ASSERT_TRUE(action) << action.error().text();
    EXPECT_DOUBLE_EQ(action->pedals().throttle(), 0.2);
}

TEST(RemoteDriver, OneThatHangsIsNotAskedForEver) {
    FakeServer server(
        {.frame = [](const auto&, std::vector<FromDriver>& replies) { replies.clear(); }});
    const auto driver = connected(server.spec(), {.link = {.deadline_ms = 50}});
    ASSERT_NE(driver, nullptr);
    for (std::uint64_t frame = 0; frame + 1 < kMostMissed; ++frame) {
        EXPECT_EQ(failure_of(*driver, frame), "it does not answer within 50 ms");
    }
    EXPECT_EQ(failure_of(*driver, 10), "it has answered none of 5 frames in a row within 50 ms");
    const auto start = std::chrono::steady_clock::now();
    for (std::uint64_t frame = 11; frame < 1000; ++frame) failure_of(*driver, frame);
    EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(5000));  // not 49 s
}

TEST(RemoteDriver, OneThatNeverReadsIsLateToo) {
    FakeServer server({.reads = false});
    const auto start = std::chrono::steady_clock::now();
    const std::string why = refused(server.spec());
    EXPECT_EQ(why, "driver " + server.spec() + ": it does not answer");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(RemoteDriver, AnswersFarTooLargeAreRefused) {
    FakeServer server(answering(0, [](auto& a) { a.set_failure(std::string(20 << 20, 'x')); }));
    const auto driver = connected(server.spec());
    ASSERT_NE(driver, nullptr);
    EXPECT_NE(failure_of(*driver).find("takes no more"), std::string::npos);
}

TEST(RemoteDriver, AMessageThatNobodyAskedForEndsIt) {
    FakeServer server({.frame = [](const auto&, std::vector<FromDriver>& replies) {
        replies[0].mutable_hello();
    }});
    const auto driver = connected(server.spec());
    ASSERT_NE(driver, nullptr);
    EXPECT_EQ(failure_of(*driver), "it sent a message that it was not asked for");
}

TEST(RemoteDriver, OneThatGoesIsSaidToBeGone) {
    auto server = std::make_unique<FakeServer>(FakeServer::Behaviour{});
    const auto driver = connected(server->spec());
    ASSERT_NE(driver, nullptr);
    EXPECT_EQ(failure_of(*driver, 0), "");
    server.reset();
    EXPECT_NE(failure_of(*driver, 1).find("it is gone: "), std::string::npos);
    EXPECT_NE(failure_of(*driver, 2).find("it is gone: "), std::string::npos);
}

// Listens and accepts, and says nothing.
TEST(RemoteDriver, AHalfOpenConnectionIsNotWaitedForEver) {
    const int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(bind(listening, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(listen(listening, 4), 0);
    ASSERT_EQ(getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size), 0);
    const std::string spec = "grpc:127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    EXPECT_EQ(refused(spec), "driver " + spec +
                                 ": nobody answers there within 10 s, expected a driver that "
                                 "serves");
    close(listening);
}

TEST(RemoteDriver, LeavesNoDescriptorBehind) {
    Seen seen;
    FakeServer server(watching(seen, [](messages::Wants&) {}));
    const auto once = [&] {
        const auto driver = connected(server.spec());
        EXPECT_EQ(failure_of(*driver), "");
    };
    once();  // what gRPC keeps for good
    std::this_thread::sleep_for(milliseconds(200));
    const std::size_t before = open_descriptors().size();
    for (int i = 0; i < 20; ++i) once();
    for (int i = 0; i < 100 && open_descriptors().size() > before; ++i) {
        std::this_thread::sleep_for(milliseconds(50));  // the server closes its ends on its own
    }
    EXPECT_LE(open_descriptors().size(), before);
}

}  // namespace
}  // namespace huntsman::bridge::rpc
