#include "bridge/score/profiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace huntsman::bridge::score {
namespace {

TEST(Profiles, AreFoundByTheirNames) {
    std::set<std::string> names;
    for (const Profile& profile : profiles()) {
        const auto found = find_profile(profile.name);
        ASSERT_TRUE(found.ok());
        EXPECT_EQ(*found, &profile);
        EXPECT_TRUE(names.insert(profile.name).second) << profile.name;
        EXPECT_STRNE(profile.repository, "");
        EXPECT_STRNE(profile.revision, "");
        EXPECT_STRNE(profile.metric, "");
    }
    EXPECT_THAT(names, testing::ElementsAre("bench2drive", "carla_2_0", "carla_2_1",
                                            "navsim_epdms_no_human_filter", "navsim_pdms", "nuplan",
                                            "nuscenes_detection"));
}

TEST(Profiles, UnknownNameListsThoseThereAre) {
    const auto found = find_profile("nds");
    ASSERT_FALSE(found.ok());
    EXPECT_THAT(found.error().message,
                testing::StartsWith("there is no score profile nds; "
                                    "expected one of carla_2_0, carla_2_1,"));
}

}  // namespace
}  // namespace huntsman::bridge::score
