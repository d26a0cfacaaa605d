#include "bridge/parts/part.h"

#include <gtest/gtest.h>

#include "tests/support/mutation.h"

namespace huntsman::bridge::parts {
namespace {

std::string error_of(const std::string& text) {
    const auto part = parse(text);
    return part ? "" : part.error().message;
}

TEST(Part, EachIsWrittenSoThatItIsReadBack) {
    for (const std::string& name : part_names()) {
        const auto part = parse(name == "camera" ? "camera:name=front" : name);
        ASSERT_TRUE(part) << part.error().message;
        const auto again = parse(text(*part));
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_TRUE(*again == *part) << text(*part);
    }
    EXPECT_EQ(part_names().size(), std::variant_size_v<Part>);
    EXPECT_EQ(text(*parse("perception:class=thing")), "perception:class=thing");
    EXPECT_EQ(text(*parse("perception")), "perception:class=any");
    EXPECT_EQ(text(*parse("tracks")), "tracks");
}

TEST(Part, WhatIsWrongIsSaidInOneSentence) {
    EXPECT_EQ(error_of("eyes"),
              "part eyes: is no part, expected perception, tracks, velocities, signals, "
              "prediction, planning, map, camera, latency or actions");
    EXPECT_EQ(
        error_of("perception:class=dog"),
        "part perception:class=dog: class is dog, expected any, vehicle, pedestrian or thing");
    EXPECT_EQ(error_of("camera"), "part camera: has no name, expected a camera of the rig");
    EXPECT_EQ(error_of("tracks:class=any"),
              "part tracks:class=any: has \"class=any\", expected the name alone");
}

// HUNTSMAN_MUTATIONS: of each part.
TEST(Part, MutatedTextsAreReadOrRefused) {
    for (const std::string& name : part_names()) {
        const std::string whole = text(*parse(name == "camera" ? "camera:name=front" : name));
        for (std::uint64_t i = 0; i < tests::mutations(200); ++i) {
            const auto bad =
                tests::mutated(whole, engine::core::Dice(engine::core::Key(i).with(name)));
            const auto part = parse(bad);
            if (!part) {
                EXPECT_FALSE(part.error().message.empty()) << bad;
                continue;
            }
            const auto again = parse(text(*part));
            ASSERT_TRUE(again) << bad << ": " << again.error().message;
            EXPECT_TRUE(*again == *part) << bad;
        }
    }
}

TEST(Part, EachEndsItsOwnFaultsAndLeavesTheOthersInTheirPlaces) {
    const std::vector<faults::Fault> all{faults::Late{.ms = 300}, faults::WeakBrakes{.share = 0.3},
                                         faults::RouteShift{.left_m = 1},
                                         faults::DirtyCamera{.camera = "front"}, faults::Blind{}};
    const auto left_by = [&](Part part) {
        std::string kept;
        const std::vector<Part> parts{std::move(part)};
        const auto left = parts::left(all, parts);
        EXPECT_EQ(left.size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i) kept += left[i] == all[i] ? '1' : '0';
        return kept;
    };
    EXPECT_EQ(left_by(Latency{}), "01111");
    EXPECT_EQ(left_by(Actions{}), "10111");
    EXPECT_EQ(left_by(Map{}), "11011");
    EXPECT_EQ(left_by(Camera{"front"}), "11101");
    EXPECT_EQ(left_by(Camera{"rear"}), "11111");
    EXPECT_EQ(left_by(Perception{}), "11111") << "perception is mended after it is spoilt";
}

TEST(Part, ACameraIsMadeIdealByItsName) {
    engine::world::Rig rig;
    rig.cameras.resize(2);
    for (auto& camera : rig.cameras) {
        camera.sensor = "some.json";
        camera.error.position_m = 0.1;
    }
    rig.cameras[0].name = "front";
    rig.cameras[1].name = "rear";
    const std::vector<Part> rear{Camera{"rear"}}, side{Camera{"side"}};
    ASSERT_TRUE(mend(rear, rig));
    EXPECT_EQ(rig.cameras[0].sensor, "some.json");
    EXPECT_EQ(rig.cameras[1].sensor, "");
    EXPECT_TRUE(rig.cameras[1].error == engine::world::CalibrationError{});
    const auto none = mend(side, rig);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().message,
              "part camera:name=side has name side, expected a camera of the rig: front, rear");
}

}  // namespace
}  // namespace huntsman::bridge::parts
