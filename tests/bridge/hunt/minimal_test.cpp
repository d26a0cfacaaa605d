// Commands and files that drive a run again.
#include "bridge/hunt/minimal.h"

#include <gtest/gtest.h>

#include "bridge/run/settings.h"

namespace huntsman::bridge::hunt {
namespace {

TEST(Commands, SayAllThatIsNotTheDefault) {
    const auto plain =
        run::to_options({.scenario = "cpnco", .driver = "constant", .no_images = true});
    ASSERT_TRUE(plain) << plain.error().text();
    EXPECT_EQ(run_command(*plain, "a b.json"),
              "huntsman run 'a b.json' --driver constant --no-images");
    // An OpenSCENARIO file says neither how long nor with which seed.
    EXPECT_EQ(run_command(*plain, "a.xosc"),
              "huntsman run a.xosc --driver constant --no-images --seconds 60 --seed 1");
    const auto other = run::to_options({.scenario = "cpnco",
                                        .driver = "oracle",
                                        .rig = "panorama",
                                        .size = "320x200",
                                        .latency_ms = "normal:mean=60,sd=10",
                                        .faults = {"late:ms=600"},
                                        .ideal = {"tracks"},
                                        .endless = true});
    ASSERT_TRUE(other) << other.error().text();
    const std::string line = run_command(*other, "s.json");
    for (const char* part : {" --rig ", "panorama.json", " --fault late:ms=600", " --ideal tracks",
                             " --endless", " --latency-ms normal:mean=60,sd=10"}) {
        EXPECT_NE(line.find(part), std::string::npos) << part << " in " << line;
    }
    EXPECT_EQ(line.find("--network"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::bridge::hunt
