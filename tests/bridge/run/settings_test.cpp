#include "bridge/run/settings.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bridge/run/driver_spec.h"

namespace huntsman::bridge::run {
namespace {

// What is wrong with the settings, or nothing.
std::string error_of(const RunSettings& settings) {
    const auto options = to_options(settings);
    return options ? "" : options.error().text();
}

TEST(RunSettings, NothingGivenIsTheDemonstrationWithTheShippedRigAndNetwork) {
    const auto options = to_options({});
    ASSERT_TRUE(options) << options.error().text();
    EXPECT_EQ(options->scenario.name, "demonstration");
    EXPECT_EQ(options->rig.filename(), "eight_cameras.json");
    EXPECT_EQ(options->network.filename(), "perception.pt");
    EXPECT_EQ(options->width, 640);
    EXPECT_EQ(options->height, 400);
    EXPECT_TRUE(options->images);
}

TEST(RunSettings, WhatIsGivenStandsInThePlaceOfTheScenarios) {
    RunSettings settings;
    settings.scenario = "night";
    settings.seed = 7;
    settings.traffic = 3;
    settings.pedestrians = 0;
    settings.seconds = 2.5;
    settings.route = "1,2;3,4;5,6";
    settings.size = "64x48";
    settings.driver = "none";
    settings.no_images = true;
    const auto options = to_options(settings);
    ASSERT_TRUE(options) << options.error().text();
    EXPECT_EQ(options->scenario.town.seed, 7);
    EXPECT_EQ(options->scenario.town.vehicles, 3);
    EXPECT_EQ(options->scenario.town.pedestrians, 0);
    EXPECT_EQ(options->scenario.duration_s, 2.5);
    EXPECT_EQ(options->scenario.town.way.from, "1,2");
    EXPECT_EQ(options->scenario.town.way.to, "5,6");
    EXPECT_EQ(options->scenario.town.way.via, std::vector<std::string>{"3,4"});
    EXPECT_EQ(options->width, 64);
    EXPECT_EQ(options->height, 48);
    EXPECT_FALSE(options->images);
}

TEST(RunSettings, HowADriverInAnotherProcessIsReached) {
    const auto plain = to_options({.driver = "exec:mine"});
    ASSERT_TRUE(plain) << plain.error().text();
    EXPECT_FALSE(plain->remote);
    EXPECT_FALSE(plain->on_driver_fault);
    RunSettings settings;
    settings.driver = "grpc:robot:5005";
    settings.on_driver_fault = "hold";
    settings.driver_deadline_ms = 70;
    settings.driver_tls_ca = "ca.pem";
    settings.driver_token_file = "token";
    const auto options = to_options(settings);
    ASSERT_TRUE(options) << options.error().text();
    EXPECT_EQ(options->on_driver_fault, loop::OnDriverFault::kHold);
    ASSERT_TRUE(options->remote);
    EXPECT_EQ(options->remote->deadline_ms, 70);
    EXPECT_EQ(options->remote->tls_ca, "ca.pem");
    EXPECT_EQ(options->remote->token_file, "token");
}

TEST(RunSettings, WhatIsOfOtherDriversIsAnError) {
    EXPECT_EQ(error_of({.driver = "oracle", .on_driver_fault = "pray"}),
              "--on-driver-fault is pray, expected stop, brake or hold");
    EXPECT_EQ(error_of({.driver = "oracle", .driver_deadline_ms = 5}),
              "--driver-deadline-ms is given, expected --driver grpc:HOST:PORT, "
              "alpasim:HOST:PORT or exec:COMMAND");
    EXPECT_EQ(error_of({.driver = "exec:a", .driver_deadline_ms = 0}),
              "--driver-deadline-ms is 0, expected a whole number from 1 to 3600000");
    EXPECT_EQ(error_of({.driver = "exec:a", .driver_tls_ca = "ca.pem"}),
              "--driver-tls-ca is given, expected --driver grpc:HOST:PORT or "
              "alpasim:HOST:PORT");
    EXPECT_EQ(error_of({.driver = "network", .driver_token_file = "t"}),
              "--driver-token-file is given, expected --driver grpc:HOST:PORT or "
              "alpasim:HOST:PORT");
}

TEST(RunSettings, ErrorsNameTheSettingTheValueAndWhatIsExpected) {
    EXPECT_EQ(error_of({.seed = -1}), "--seed is -1, expected a whole number that is not negative");
    EXPECT_EQ(error_of({.traffic = 201}),
              "--traffic is 201, expected a whole number from 0 to 200");
    EXPECT_EQ(error_of({.seconds = std::nan("")}), "--seconds is nan, expected 0.1 to 86400");
    EXPECT_EQ(error_of({.quality = "best"}), "--quality is best, expected fast, standard or high");
    EXPECT_EQ(error_of({.driver = "magic"}), "--driver is magic, expected " + driver_names());
    EXPECT_EQ(error_of({.map = "/nowhere.xodr"}),
              "/nowhere.xodr: is not a file; --map expects an OpenDRIVE file");
    EXPECT_NE(error_of({.rig = "no_rig"}).find("shipped are: "), std::string::npos);
    EXPECT_NE(error_of({.scenario = "no_scenario"}).find("demonstration"), std::string::npos);
    for (const char* size : {"", "640", "640x", "15x400", "640x4097", "640x400x2", "-640x400"}) {
        EXPECT_EQ(
            error_of({.size = size}),
            std::string("--size is ") + size + ", expected WIDTHxHEIGHT with both from 16 to 4096");
    }
}

TEST(RunSettings, TheLatencyIsDeclaredOrMeasured) {
    const auto latency_of = [](const RunSettings& settings) {
        const auto options = to_options(settings);
        EXPECT_TRUE(options) << options.error().text();
        return options ? text(options->latency) : "";
    };
    EXPECT_EQ(latency_of({}), "50");
    EXPECT_EQ(latency_of({.latency_ms = "120"}), "120");
    EXPECT_EQ(latency_of({.latency_ms = "normal:mean=60,sd=10"}), "normal:mean=60,sd=10");
    EXPECT_EQ(latency_of({.latency = "measured"}), "measured");
    EXPECT_EQ(error_of({.latency_ms = "normal:mean=abc"}),
              "--latency-ms is normal:mean=abc: mean is abc, expected a number from 0 to 10000");
    EXPECT_EQ(error_of({.latency_ms = "-5"}),
              "--latency-ms is -5, expected a whole number from 0 to 2000, or normal, uniform or "
              "lognormal with its keys, as normal:mean=60,sd=10");
    EXPECT_EQ(error_of({.latency_ms = "measured"}),
              "--latency-ms is measured, expected a declared time; --latency measured measures it");
    EXPECT_EQ(error_of({.latency = "guessed"}),
              "--latency is guessed, expected declared (by --latency-ms) or measured");
    EXPECT_EQ(error_of({.latency_ms = "50", .latency = "measured"}),
              "--latency-ms is 50, expected none beside --latency measured");
}

TEST(RunSettings, ARouteExcludesItsEndsAlone) {
    EXPECT_EQ(error_of({.from = "1,2", .route = "1,2;3,4"}),
              "--route names both ends, expected no --from or --to beside it");
    EXPECT_EQ(error_of({.to = "1,2", .route = "1,2;3,4"}),
              "--route names both ends, expected no --from or --to beside it");
    EXPECT_EQ(error_of({.route = "1,2"}),
              "--route is 1,2, expected two places or more, separated by ';'");
    EXPECT_EQ(error_of({.from = "1,2", .to = "3,4"}), "");
}

}  // namespace
}  // namespace huntsman::bridge::run
