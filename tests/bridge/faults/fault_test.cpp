#include "bridge/faults/fault.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/support/mutation.h"

namespace huntsman::bridge::faults {
namespace {

std::string error_of(const std::string& text) {
    const auto fault = parse(text);
    return fault ? "" : fault.error().message;
}

TEST(Fault, EachIsWrittenSoThatItIsReadBack) {
    for (const std::string& name : fault_names()) {
        const bool of_camera = name == "camera" || name == "drift";
        const auto fault = parse(of_camera ? name + ":name=front" : name);
        ASSERT_TRUE(fault) << fault.error().message;
        const auto again = parse(text(*fault));
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_TRUE(*again == *fault) << text(*fault);
    }
    const auto blind = parse("blind:side=left,class=pedestrian");
    ASSERT_TRUE(blind);
    EXPECT_TRUE(*blind == Fault(Blind{.of_class = Class::kPedestrian, .side = Side::kLeft}));
    EXPECT_EQ(text(*blind), "blind:class=pedestrian,side=left,light=any,beyond_m=0");
}

TEST(Fault, WhatIsWrongIsSaidInOneSentence) {
    EXPECT_EQ(error_of("blind:class=dog"),
              "fault blind:class=dog: class is dog, expected any, vehicle or pedestrian");
    EXPECT_EQ(error_of("weak_brakes:share=1.5"),
              "fault weak_brakes:share=1.5: share is 1.5, expected a number from 0 to 1");
    EXPECT_EQ(error_of("weak_brakes:share=nan"),
              "fault weak_brakes:share=nan: share is nan, expected a number from 0 to 1");
    EXPECT_EQ(error_of("late:seconds=1"),
              "fault late:seconds=1: has \"seconds=1\", expected KEY=VALUE with the key ms");
    EXPECT_EQ(error_of("late:ms=1,ms=2"), "fault late:ms=1,ms=2: has ms twice");
    EXPECT_EQ(error_of("camera:look=black"),
              "fault camera:look=black: has no name, expected a camera of the rig");
    EXPECT_EQ(error_of("wobble"),
              "fault wobble: is no fault, expected drop, freeze, late, reorder, camera, drift, "
              "blind, route_shift, signals, speed_limit, late_action, clip, weak_brakes or "
              "steer_offset");
    for (const char* text : {"", ":", "late:ms", "late:ms=", "late:,", "late:ms=1e999", "Late"}) {
        EXPECT_FALSE(parse(text)) << text;
    }
}

TEST(Fault, AllAreInTheDocsWithTheirKeys) {
    std::ifstream file(HUNTSMAN_SOURCE_DIR "/docs/faults.md");
    std::stringstream docs;
    docs << file.rdbuf();
    for (const std::string& name : fault_names()) {
        EXPECT_NE(docs.str().find("`" + name), std::string::npos) << name;
        for (const auto& [key, doc] : fault_keys(name)) {
            EXPECT_NE(docs.str().find("`" + key + "`"), std::string::npos) << name << " " << key;
        }
    }
}

// HUNTSMAN_MUTATIONS: how many of each fault.
TEST(Fault, MutatedTextsAreReadOrRefused) {
    for (const std::string& name : fault_names()) {
        const bool of_camera = name == "camera" || name == "drift";
        const std::string whole = text(*parse(of_camera ? name + ":name=front" : name));
        for (std::uint64_t i = 0; i < tests::mutations(200); ++i) {
            const auto bad =
                tests::mutated(whole, engine::core::Dice(engine::core::Key(i).with(name)));
            const auto fault = parse(bad);
            if (!fault) {
                EXPECT_FALSE(fault.error().message.empty()) << bad;
                continue;
            }
            const auto again = parse(text(*fault));
            ASSERT_TRUE(again) << bad << ": " << again.error().message;
            EXPECT_TRUE(*again == *fault) << bad;
        }
    }
}

}  // namespace
}  // namespace huntsman::bridge::faults
