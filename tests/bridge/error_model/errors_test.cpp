#include "bridge/error_model/errors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "bridge/error_model/fit.h"
#include "tests/support/mutation.h"

namespace huntsman::bridge::error_model {
namespace {

constexpr std::int64_t kFrame_us = 100'000;

messages::PerceivedObject object(messages::ObjectClass c, double x, double y, std::uint32_t track) {
    messages::PerceivedObject object;
    object.set_object_class(c);
    object.set_score(1);
    object.set_x_m(x);
    object.set_y_m(y);
    const bool person = c == messages::OBJECT_PEDESTRIAN;
    object.set_length_m(person ? 0.5 : 4.5);
    object.set_width_m(person ? 0.5 : 1.9);
    object.set_height_m(1.7);
    object.set_track(track);
    return object;
}

messages::Observation at(std::uint64_t frame) {
    messages::Observation observation;
    observation.set_frame(frame);
    observation.set_time_us(kFrame_us * static_cast<std::int64_t>(frame));
    return observation;
}

// Vehicles at 8 m and 25 m and people at 8 m, `count` of each, far enough apart to tell them.
messages::Perception crowd(int count) {
    messages::Perception truth;
    for (int i = 0; i < count; ++i) {
        const double angle = 2 * engine::math::kPi * i / count;
        const auto track = static_cast<std::uint32_t>(3 * i);
        const auto add = [&](messages::ObjectClass c, double r, double turn, std::uint32_t id) {
            *truth.add_objects() =
                object(c, r * std::cos(angle + turn), r * std::sin(angle + turn), id);
        };
        add(messages::OBJECT_VEHICLE, 8, 0, track);
        add(messages::OBJECT_VEHICLE, 25, 0, track + 1);
        add(messages::OBJECT_PEDESTRIAN, 8, 0.2, track + 2);
    }
    return truth;
}

Model some_model() {
    Model model{.summary = "of the test"};
    model.vehicle.bands = {{.to_m = 10, .miss = 0.05, .position_sd_m = 0.2, .false_per_frame = 0.1},
                           {.to_m = 30, .miss = 0.3, .position_sd_m = 0.4, .false_per_frame = 0.3}};
    model.vehicle.persistence_s = 0.8;
    model.pedestrian.bands = {{.to_m = 10, .miss = 0.2, .position_sd_m = 0.3},
                              {.to_m = 30, .miss = 0.2}};
    model.pedestrian.persistence_s = 0.3;
    model.pedestrian.night_odds = 4;
    return model;
}

TEST(ErrorModel, IsReadBackAsItWasWritten) {
    const Model model = some_model();
    const auto again = parse(to_json(model), "the test");
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(to_json(*again), to_json(model));
}

TEST(ErrorModel, WhatIsWrongWithAFileIsSaidWithItsLine) {
    const auto error = [](const std::string& text) {
        const auto model = parse(text, "model.json");
        return model ? std::string() : model.error().text();
    };
    EXPECT_NE(error(R"({"schema_version": 1, "vehicle": {"bands": [{"to_m": 10, "miss": 2}]},
                       "pedestrian": {}})")
                  .find("miss is 2, expected a number from 0 to 1"),
              std::string::npos);
    EXPECT_NE(error(R"({"schema_version": 1, "vehicle": {"bands": [{"to_m": 10, "miss": 0},
                       {"to_m": 5, "miss": 0}]}, "pedestrian": {}})")
                  .find("expected rising distances"),
              std::string::npos);
    EXPECT_NE(error(R"({"schema_version": 1, "speed": 2})").find("speed is not known"),
              std::string::npos);
    EXPECT_NE(error(R"({"schema_version": 2})").find("schema_version is 2"), std::string::npos);
}

TEST(Errors, APerfectModelChangesNothing) {
    Errors errors(perfect(), 1);
    const messages::Perception truth = crowd(5);
    for (std::uint64_t f = 0; f < 20; ++f) {
        EXPECT_EQ(errors.perceive(at(f), truth, f > 10).perception.SerializeAsString(),
                  truth.SerializeAsString());
    }
}

TEST(Errors, TheSameSeedGivesTheSameAndOthersAroundChangeNothing) {
    const messages::Perception truth = crowd(6);
    messages::Perception fewer = truth;
    fewer.mutable_objects()->erase(fewer.objects().begin() + 6, fewer.objects().end());
    Errors first(some_model(), 1), second(some_model(), 1), other(some_model(), 2);
    Errors alone(some_model(), 1);
    int differing = 0;
    for (std::uint64_t f = 0; f < 100; ++f) {
        const auto seen = first.perceive(at(f), truth, false).perception;
        EXPECT_EQ(seen.SerializeAsString(),
                  second.perceive(at(f), truth, false).perception.SerializeAsString());
        differing += seen.SerializeAsString() !=
                     other.perceive(at(f), truth, false).perception.SerializeAsString();
        std::map<std::uint32_t, std::string> by_track;
        for (const auto& one : seen.objects()) by_track[one.track()] = one.SerializeAsString();
        const messages::Perception perceived = alone.perceive(at(f), fewer, false).perception;
        for (const auto& one : perceived.objects()) {
            EXPECT_EQ(by_track[one.track()], one.SerializeAsString());
        }
    }
    EXPECT_GT(differing, 90);
}

// Share of frames in which a person is missed, and of misses that go on in the next frame.
std::pair<double, double> misses(const Model& model, bool night) {
    Errors errors(model, 3);
    messages::Perception truth;
    for (std::uint32_t i = 1; i <= 20; ++i) {
        *truth.add_objects() = object(messages::OBJECT_PEDESTRIAN, 8, 0, i);
    }
    std::vector<bool> before(21, false);
    double all = 0, missed = 0, again = 0, had = 0;
    for (std::uint64_t f = 0; f < 3000; ++f) {
        std::vector<bool> now(21, true);
        const messages::Perception perceived = errors.perceive(at(f), truth, night).perception;
        for (const auto& one : perceived.objects()) {
            if (one.track() <= 20) now[one.track()] = false;
        }
        for (std::size_t i = 1; i <= 20; ++i) {
            ++all;
            missed += now[i] ? 1 : 0;
            had += before[i] ? 1 : 0;
            again += before[i] && now[i] ? 1 : 0;
        }
        before = now;
    }
    return {missed / all, again / had};
}

TEST(Errors, AMissedPersonStaysMissedForAWhileAndMoreAreMissedAtNight) {
    const auto [share, goes_on] = misses(some_model(), false);
    EXPECT_NEAR(share, 0.2, 0.015);
    const double stays = std::exp(-0.1 / 0.3);
    EXPECT_NEAR(goes_on, stays + (1 - stays) * 0.2, 0.02);
    EXPECT_NEAR(misses(some_model(), true).first, 0.5, 0.02);  // odds of 1/4 become 1
    Model flickering = some_model();
    flickering.pedestrian.persistence_s = 0;
    EXPECT_NEAR(misses(flickering, false).second, 0.2, 0.02);
}

TEST(Errors, BeyondTheLastBandNothingIsSeenAndThingsOnlyIfTheModelSeesThem) {
    messages::Perception truth;
    *truth.add_objects() = object(messages::OBJECT_VEHICLE, 31, 0, 1);
    *truth.add_objects() = object(messages::OBJECT_UNSPECIFIED, 31, 0, 2);
    Model model;
    model.vehicle.bands = {{.to_m = 30, .miss = 0}};
    EXPECT_EQ(Errors(model, 1).perceive(at(0), truth, false).perception.objects_size(), 1);
    model.sees_things = false;
    EXPECT_EQ(Errors(model, 1).perceive(at(0), truth, false).perception.objects_size(), 0);
}

TEST(Errors, LatePerceptionIsThatOfBefore) {
    Model model;
    model.latency_ms = 250;  // three frames: the newest that is old enough
    Errors errors(model, 1);
    for (std::uint64_t f = 0; f < 10; ++f) {
        messages::Perception truth;
        *truth.add_objects() = object(messages::OBJECT_VEHICLE, static_cast<double>(f), 0, 1);
        const double x = errors.perceive(at(f), truth, false).perception.objects(0).x_m();
        EXPECT_EQ(x, f < 3 ? 0.0 : static_cast<double>(f) - 3);
    }
}

TEST(Errors, FalseObjectsStandStillInTheWorldWhileTheCarDrives) {
    Model model;
    model.vehicle.bands = {{.to_m = 30, .miss = 0, .false_per_frame = 1}};
    model.vehicle.persistence_s = 60;
    Errors errors(model, 5);
    std::map<std::uint32_t, double> first_x;
    int followed = 0;
    for (std::uint64_t f = 0; f < 20; ++f) {
        messages::Observation observation = at(f);
        observation.mutable_motion()->set_speed_mps(10);
        const messages::Perception perceived = errors.perceive(observation, {}, false).perception;
        for (const auto& one : perceived.objects()) {
            const double x_W = one.x_m() + 10 * 0.1 * static_cast<double>(f);
            const auto [known, fresh] = first_x.try_emplace(one.track(), x_W);
            if (!fresh) ++followed;
            EXPECT_NEAR(known->second, x_W, 1e-9);
        }
    }
    EXPECT_GT(followed, 10);
}

TEST(Errors, AnObjectBehindAnotherIsHidden) {
    messages::Perception truth;
    *truth.add_objects() = object(messages::OBJECT_PEDESTRIAN, 20, 0, 1);
    *truth.add_objects() = object(messages::OBJECT_VEHICLE, 10, 0, 2);
    *truth.add_objects() = object(messages::OBJECT_PEDESTRIAN, 20, 8, 3);
    EXPECT_EQ(hidden_share(truth, 0), 1.0);
    EXPECT_EQ(hidden_share(truth, 1), 0.0);
    EXPECT_EQ(hidden_share(truth, 2), 0.0);
    Model model;
    model.pedestrian.bands = {{.to_m = 30, .miss = 1e-6}};
    model.pedestrian.hidden_odds = 1e12;
    const auto seen = Errors(model, 1).perceive(at(0), truth, false).perception;
    ASSERT_EQ(seen.objects_size(), 2);
    EXPECT_EQ(seen.objects(1).track(), 3U);
}

// Frames of the crowd as a driver with this model's errors perceives it.
RunSamples samples_of(const Model& model, std::uint64_t seed, bool night, std::uint32_t frames) {
    Errors errors(model, seed);
    const messages::Perception truth = crowd(6);
    RunSamples run{.night = night, .frame_s = 0.1};
    run.samples.frames = frames;
    for (std::uint32_t f = 0; f < frames; ++f) {
        for (const auto& one : truth.objects()) {
            auto& of_class =
                run.samples.classes[one.object_class() == messages::OBJECT_PEDESTRIAN ? 1 : 0];
            of_class.truths.push_back({f, {one.x_m(), one.y_m()}, false});
            of_class.truth_distance_m.push_back(std::hypot(one.x_m(), one.y_m()));
        }
        const messages::Perception perceived = errors.perceive(at(f), truth, night).perception;
        for (const auto& one : perceived.objects()) {
            auto& of_class =
                run.samples.classes[one.object_class() == messages::OBJECT_PEDESTRIAN ? 1 : 0];
            of_class.detections.push_back({f, {one.x_m(), one.y_m()}, one.score()});
            of_class.detection_distance_m.push_back(std::hypot(one.x_m(), one.y_m()));
        }
    }
    return run;
}

TEST(Fit, FindsTheModelThatSamplesWereDrawnFrom) {
    const Model truth = some_model();
    std::vector<RunSamples> runs;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        runs.push_back(samples_of(truth, seed, seed > 7, 1000));
    }
    const Model found = fit(runs, {.vehicle_bands_m = {10, 30}, .pedestrian_bands_m = {10, 30}});
    for (std::size_t b = 0; b < 2; ++b) {
        const Band &is = found.vehicle.bands[b], &was = truth.vehicle.bands[b];
        EXPECT_NEAR(is.miss, was.miss, 0.03) << b;
        EXPECT_NEAR(is.position_sd_m, was.position_sd_m, 0.03) << b;
        // Some false ones fall near an object that is missed and count as seen.
        EXPECT_NEAR(is.false_per_frame, was.false_per_frame, 0.25 * was.false_per_frame) << b;
        EXPECT_EQ(is.truths, 7 * 6 * 1000);
    }
    EXPECT_NEAR(found.vehicle.persistence_s, 0.8, 0.12);
    EXPECT_NEAR(found.pedestrian.bands[0].miss, 0.2, 0.02);
    EXPECT_NEAR(found.pedestrian.bands[0].position_sd_m, 0.3, 0.03);
    EXPECT_NEAR(found.pedestrian.persistence_s, 0.3, 0.05);
    EXPECT_NEAR(found.pedestrian.night_odds, 4, 0.6);
    EXPECT_NEAR(found.vehicle.night_odds, 1, 0.15);
    EXPECT_EQ(found.pedestrian.night_truths, 3 * 6 * 1000);
    // Where nothing was, the mean of all bands stands.
    EXPECT_EQ(found.pedestrian.bands[1].truths, 0);
    EXPECT_NEAR(found.pedestrian.bands[1].miss, 0.2, 0.02);
}

TEST(Fit, SaysWhatTheSamplesDoNotSay) {
    for (const bool night : {false, true}) {
        const Model model = fit({samples_of(some_model(), 1, night, 50)});
        EXPECT_NE(model.not_measured.find("Too few people"), std::string::npos);
        EXPECT_EQ(model.pedestrian.night_odds, 1);
        EXPECT_EQ(model.pedestrian.night_truths, 0);
        EXPECT_EQ(model.pedestrian.hidden_odds, 1);
        EXPECT_EQ(model.pedestrian.bands[1].truths, 6 * 50);
    }
    const Model both =
        fit({samples_of(some_model(), 1, false, 50), samples_of(some_model(), 1, true, 50)});
    EXPECT_EQ(both.not_measured.find("Too few"), std::string::npos);
}

// Ten of a hundred objects are missed, and two that were hardly visible do not count.
TEST(Fit, CountsAreSmoothedByTheMeanOfTheClassAndHardlyVisibleObjectsDoNotCount) {
    RunSamples run;
    run.samples.frames = 102;
    auto& people = run.samples.classes[1];
    for (std::uint32_t f = 0; f < 102; ++f) {
        people.truths.push_back({f, {8, 0}, f >= 100});
        people.truth_distance_m.push_back(8);
        if (f >= 90) continue;
        people.detections.push_back({f, {8.3, 0}, 0.9});
        people.detections.push_back({f, {8.1, 0}, 0.29});  // the planner would not brake for it
    }
    const Model model = fit({run}, {.pedestrian_bands_m = {5, 10}});
    EXPECT_DOUBLE_EQ(model.pedestrian.bands[0].miss, 0.1);  // no object: the mean alone
    EXPECT_DOUBLE_EQ(model.pedestrian.bands[1].miss, 0.1);
    EXPECT_NEAR(model.pedestrian.bands[1].position_sd_m, 0.3 / std::sqrt(2.0), 1e-9);
    EXPECT_EQ(model.pedestrian.bands[1].pairs, 90);
    EXPECT_EQ(model.pedestrian.bands[1].false_objects, 0);
    // A class that is never seen is missed everywhere.
    run.samples.classes[1].detections.clear();
    EXPECT_DOUBLE_EQ(fit({run}).pedestrian.bands.back().miss, 1.0);
}

// HUNTSMAN_MUTATIONS: how many.
TEST(Model, MutatedFilesAreReadOrRefused) {
    Model model = perfect();
    model.vehicle.bands = {{.to_m = 10, .miss = 0.1}, {.to_m = 30, .miss = 0.4}};
    model.pedestrian.bands = model.vehicle.bands;
    const std::string whole = to_json(model);
    ASSERT_TRUE(parse(whole, "x.json"));
    for (std::uint64_t i = 0; i < tests::mutations(500); ++i) {
        const auto bad = tests::mutated(whole, engine::core::Dice(engine::core::Key(i)));
        const auto read = parse(bad, "x.json");
        if (!read) {
            EXPECT_NE(read.error().text().find("x.json"), std::string::npos);
            continue;
        }
        for (const ClassErrors* of_class : {&read->vehicle, &read->pedestrian}) {
            for (const Band& band : of_class->bands) {
                EXPECT_TRUE(band.miss >= 0 && band.miss <= 1) << bad;
                EXPECT_TRUE(band.to_m > 0 && band.to_m < 1e6) << bad;
            }
        }
    }
}

}  // namespace
}  // namespace huntsman::bridge::error_model
