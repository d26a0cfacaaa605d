// The page about models says what the field lists say, and every shipped model is credited.
#include <gtest/gtest.h>

#include "engine/core/assets.h"
#include "engine/core/describe_table.h"
#include "engine/core/files.h"
#include "engine/figure/skeleton.h"
#include "scenarios/models/description_fields.h"

namespace huntsman::scenarios::models {
namespace {

std::string page(const char* name) {
    return engine::core::read_file(std::string(HUNTSMAN_SOURCE_DIR) + "/docs/" + name).value();
}

TEST(ModelDocs, TablesAreThoseOfTheFieldLists) {
    using engine::core::field_rows;
    using engine::core::field_table;
    const std::string models = page("models.md");
    const std::pair<const char*, std::string> tables[] = {
        {"model", field_table(field_rows<Description>())},
        {"source", field_table(field_rows<Source>())},
        {"rule", field_table(field_rows<Rule>())},
        {"patch", field_table(field_rows<Patch>())},
        {"joint", field_table(field_rows<JointRule>())},
        {"budgets", field_table(field_rows<Budgets>())},
        {"made", field_table(field_rows<bodywork::Body>())},
        {"made axle", field_table(field_rows<bodywork::BodyAxle>())}};
    for (const auto& [name, table] : tables) {
        EXPECT_EQ(engine::core::table_difference(models, name, table), "");
    }
    for (int k = 0; k < bodywork::kFamilies; ++k) {
        const std::string family =
            std::string("`") + bodywork::name(static_cast<bodywork::Family>(k)) + "`";
        EXPECT_NE(models.find(family), std::string::npos) << family;
    }
    for (std::size_t j = 0; j < engine::figure::kJointCount; ++j) {
        std::string joint(engine::figure::name(static_cast<engine::figure::Joint>(j)));
        for (const char* side : {"left_", "right_"}) {
            if (joint.starts_with(side)) joint.erase(0, std::string_view(side).size());
        }
        EXPECT_NE(models.find("`" + joint + "`"), std::string::npos) << joint;
    }
    for (int k = 0; k < kKinds; ++k) {
        const std::string kind = std::string("`") + name(static_cast<Kind>(k)) + "`";
        EXPECT_NE(models.find(kind), std::string::npos) << kind;
    }
}

TEST(ShippedModels, AreReadAndCredited) {
    const std::string credits = page("credits.md");
    const auto names = engine::core::shipped("models");
    EXPECT_GE(names.size(), 16U);
    for (const std::string& name : names) {
        const auto description = load_description(description_path(name));
        ASSERT_TRUE(description.ok()) << description.error().text();
        if (description->body) continue;  // our own
        EXPECT_NE(credits.find("`" + name + "`"), std::string::npos) << name;
        EXPECT_NE(credits.find(description->source.author), std::string::npos) << name;
        EXPECT_FALSE(description->source.author.empty()) << name;
        EXPECT_FALSE(description->source.licence.empty()) << name;
        EXPECT_FALSE(description->source.package.empty()) << name;
    }
}

}  // namespace
}  // namespace huntsman::scenarios::models
