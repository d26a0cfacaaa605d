#include "scenarios/openscenario/json_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "interop.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"

namespace huntsman::scenarios::openscenario {
namespace {

using engine::core::JsonFile;
using story::Element;

engine::core::Result<Element> read_back(const std::string& text, std::string_view name,
                                        std::string_view type) {
    HM_TAKE(const auto file, JsonFile::parse(text, "a.json"));
    Element element = from_json(file->root(), name, type);
    HM_TRY(file->status());
    return element;
}

TEST(JsonForm, FilesOfOthersComeBackEqual) {
    const auto files = interop_files();
    if (files.empty()) GTEST_SKIP() << "no scenarios of others";
    for (const auto& path : files) {
        auto root = read_xml(path);
        ASSERT_TRUE(root.ok()) << root.error().text();
        canonicalise(*root, Standard::kRootType);
        const std::string json = to_json(*root, Standard::kRootType).dump(1);
        const auto again = read_back(json, Standard::kRootElement, Standard::kRootType);
        ASSERT_TRUE(again.ok()) << path << ": " << again.error().text();
        EXPECT_EQ(write_xml(*again), write_xml(*root)) << path;
        EXPECT_EQ(*again, *root) << path;
    }
}

TEST(JsonForm, IsBrief) {
    const auto root = parse_xml(
        R"(<OpenSCENARIO><PrivateAction><LongitudinalAction><SpeedAction>
<SpeedActionDynamics dynamicsShape="linear" value="-4" dynamicsDimension="rate"/>
<SpeedActionTarget><AbsoluteTargetSpeed value="$v"/></SpeedActionTarget>
</SpeedAction></LongitudinalAction></PrivateAction></OpenSCENARIO>)",
        "a.xosc");
    ASSERT_TRUE(root.ok());
    EXPECT_EQ(to_json(root->children.at(0), "PrivateAction").dump(),
              R"({"speed_action":{"speed_action_dynamics":{"dynamics_dimension":"rate",)"
              R"("dynamics_shape":"linear","value":-4},"absolute_target_speed":"$v"}})");
}

TEST(JsonForm, UnknownPartsAreKept) {
    const std::string text = R"(<OpenSCENARIO><FileHeader author="a" date="d" description=""
 revMajor="1" revMinor="3" vendor="x"><Extra a="1"><b>t</b></Extra></FileHeader></OpenSCENARIO>)";
    auto root = parse_xml(text, "a.xosc");
    ASSERT_TRUE(root.ok());
    canonicalise(*root, Standard::kRootType);
    const auto again = read_back(to_json(*root, Standard::kRootType).dump(), Standard::kRootElement,
                                 Standard::kRootType);
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_EQ(*again, *root);
}

TEST(JsonForm, MistakesAreNamedWithLine) {
    const auto message = [](const std::string& text) {
        const auto element = read_back(text, "PrivateAction", "PrivateAction");
        return element ? "read" : element.error().text();
    };
    EXPECT_THAT(message("{\n\"speeed_action\": {}}"),
                testing::HasSubstr("a.json:2: speeed_action is not known here; known are: "));
    EXPECT_THAT(message("{\"lane_change_action\":\n{\"target_lane_offset\": [1]}}"),
                testing::HasSubstr("a.json:2: lane_change_action.target_lane_offset is a list"));
    EXPECT_THAT(message("{\"speed_profile_action\": {\"speed_profile_entry\": 3}}"),
                testing::HasSubstr("expected a list"));
}

// A key says which element it stands for.
TEST(JsonForm, KeysAreUnambiguous) { EXPECT_EQ(ambiguous_keys(), ""); }

}  // namespace
}  // namespace huntsman::scenarios::openscenario
