// Criteria in both forms of a scenario.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/core/files.h"
#include "scenarios/openscenario/openscenario.h"
#include "scenarios/openscenario/xml.h"

namespace huntsman::scenarios::openscenario {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kXml = R"(<OpenSCENARIO>
<FileHeader revMajor="1" revMinor="3" date="2026-01-01T00:00:00" description="" author="">
<Properties><Property name="mine" value="1"/>
<Property name="huntsman.criterion" value="{&quot;kind&quot;:&quot;no_collision&quot;,&quot;entity&quot;:&quot;Van&quot;}"/>
<Property name="huntsman.criterion" value="{&quot;kind&quot;:&quot;monitor&quot;,&quot;monitor&quot;:&quot;seen&quot;,&quot;value&quot;:true}"/>
</Properties></FileHeader>
<MonitorDeclarations><MonitorDeclaration name="seen" value="false"/></MonitorDeclarations>
<CatalogLocations/><RoadNetwork/>
<Entities><ScenarioObject name="Van"><MiscObject mass="1" miscObjectCategory="obstacle" name="v">
<BoundingBox><Center x="0" y="0" z="0"/><Dimensions height="1" length="1" width="1"/></BoundingBox>
</MiscObject></ScenarioObject></Entities>
<Storyboard><Init><Actions/></Init><StopTrigger/></Storyboard>
</OpenSCENARIO>)";

constexpr const char* kJsonHead = R"({"schema_version": 1,
"story": {"file_header": {"rev_major": 1, "rev_minor": 3, "date": "2026-01-01T00:00:00",
 "description": "", "author": ""}, "catalog_locations": {}, "road_network": {}, "entities": {},
 "storyboard": {"init": {"actions": {}}}},
"criteria": [
)";

std::string read_as(const std::string& text, const fs::path& name) {
    const auto file = parse(text, name);
    if (!file) return file.error().text();
    std::string all;
    for (const auto& finding : file->findings) all += text_of(finding, file->document) + "\n";
    return all;
}

TEST(CriteriaForms, XmlKeepsThemInTheHeadersProperties) {
    const auto file = parse(kXml, "a.xosc");
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_TRUE(file->findings.empty()) << read_as(kXml, "a.xosc");
    ASSERT_EQ(file->story.criteria.size(), 2U);
    EXPECT_EQ(file->story.criteria[0].rule, story::CriterionRule(story::NoCollision{"Van", {}}));
    EXPECT_EQ(file->story.criteria[1].rule, story::CriterionRule(story::MonitorIs{"seen", true}));
}

TEST(CriteriaForms, BothFormsConvertIntoEachOtherWithoutLoss) {
    const fs::path path =
        fs::temp_directory_path() / ("huntsman_criteria_" + std::to_string(::getpid()) + ".json");
    const auto before = parse(kXml, "a.xosc");
    ASSERT_TRUE(before) << before.error().text();
    ASSERT_TRUE(write_document(before->document, path));
    const auto text = engine::core::read_file(path);
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("\"criteria\": ["));
    const auto after = read(path);
    ASSERT_TRUE(after) << after.error().text();
    fs::remove(path);
    EXPECT_EQ(after->story.criteria, before->story.criteria);
    EXPECT_EQ(write_xml(after->document.root), write_xml(before->document.root));
}

TEST(CriteriaForms, MistakesAreNamedWithFileAndLine) {
    EXPECT_THAT(read_as(std::string(kJsonHead) + "{\"kind\": \"no_collision\"},\n"
                                                 "{\"kind\": \"min_gap\", \"at_least_m\": -1}]}",
                        "a.json"),
                HasSubstr("a.json:7: criteria.1.at_least_m is -1"));
    EXPECT_THAT(read_as(std::string(kJsonHead) + "{\"kind\": \"no_collision\",\n"
                                                 "\"entity\": \"Nobody\"}]}",
                        "a.json"),
                HasSubstr("a.json:6: error: <Property> refers to the entity \"Nobody\""));
    std::string xml = kXml;
    xml.replace(xml.find("&quot;Van&quot;"), 15, "3");
    EXPECT_THAT(read_as(xml, "a.xosc"), HasSubstr("a.xosc:4: error: criterion.entity"));
    xml = kXml;
    xml.replace(xml.find("&quot;seen&quot;"), 16, "&quot;sen&quot;");
    EXPECT_THAT(read_as(xml, "a.xosc"), HasSubstr("a.xosc:5: error: criterion \"monitor\" refers "
                                                  "to the monitor \"sen\", which is not declared"));
}

}  // namespace
}  // namespace huntsman::scenarios::openscenario
