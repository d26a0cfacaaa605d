#include "scenarios/openscenario/standard.h"

#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <pugixml.hpp>
#include <set>

#include "engine/core/files.h"
#include "interop.h"

namespace huntsman::scenarios::openscenario {
namespace {

// Content as text, for comparison: "(A | B: T)* ; C?".
std::string occurs(int least, int most) {
    if (least == 1 && most == 1) return "";
    return fmt::format("{{{},{}}}", least,
                       most >= Content::kUnbounded ? "n" : std::to_string(most));
}
std::string text_of(const Content& content) {
    if (content.kind == Content::Kind::kElement) {
        return content.name + ":" + content.type + occurs(content.least, content.most);
    }
    std::vector<std::string> parts;
    for (const Content& part : content.parts) parts.push_back(text_of(part));
    if (parts.size() == 1 && content.least == 1 && content.most == 1) return parts[0];
    return "(" +
           fmt::format("{}", fmt::join(parts, content.kind == Content::Kind::kChoice ? "|" : ";")) +
           ")" + occurs(content.least, content.most);
}

// The same of a node of the schema.
class Schema {
  public:
    explicit Schema(const std::filesystem::path& path) {
        EXPECT_TRUE(document_.load_file(path.c_str()));
        for (const auto& node : document_.document_element().children("xsd:group")) {
            groups_[node.attribute("name").value()] = node;
        }
    }
    pugi::xml_node root() const { return document_.document_element(); }
    std::string content(const pugi::xml_node& node) const {
        const std::string_view kind = node.name();
        const int least = node.attribute("minOccurs").as_int(1);
        const std::string most_text = node.attribute("maxOccurs").as_string("1");
        const int most = most_text == "unbounded" ? Content::kUnbounded : std::stoi(most_text);
        if (kind == "xsd:element") {
            return std::string(node.attribute("name").value()) + ":" +
                   node.attribute("type").value() + occurs(least, most);
        }
        if (kind == "xsd:group") {
            return content(groups_.at(node.attribute("ref").value()).first_child()) +
                   occurs(least, most);
        }
        std::vector<std::string> parts;
        for (const auto& child : node.children()) {
            if (std::string_view(child.name()) != "xsd:annotation") parts.push_back(content(child));
        }
        if (parts.size() == 1 && least == 1 && most == 1) return parts[0];
        return "(" + fmt::format("{}", fmt::join(parts, kind == "xsd:choice" ? "|" : ";")) + ")" +
               occurs(least, most);
    }

  private:
    pugi::xml_document document_;
    std::map<std::string, pugi::xml_node> groups_;
};

TEST(Standard, TableIsTheSchemaOf13) {
    const auto path = interop_folder() / "schema/OpenSCENARIOv1.3.xsd";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "the schema is not present";
    const Schema schema(path);
    std::size_t types = 0, enums = 0;
    for (const auto& node : schema.root().children("xsd:complexType")) {
        ++types;
        const std::string name = node.attribute("name").value();
        const TypeRule* rule = Standard::get().type(name);
        ASSERT_NE(rule, nullptr) << name;
        std::set<std::string> wanted, found;
        for (const auto& match : node.select_nodes(".//xsd:attribute")) {
            const pugi::xml_node a = match.node();
            wanted.insert(fmt::format("{}:{}{}", a.attribute("name").value(),
                                      a.attribute("type").value(),
                                      a.attribute("use").value() == std::string("required")));
        }
        for (const AttributeRule& a : rule->attributes) {
            found.insert(fmt::format("{}:{}{}", a.name, a.type, a.required));
        }
        EXPECT_EQ(found, wanted) << name;
        EXPECT_EQ(rule->holds_text, !node.select_node(".//xsd:extension").node().empty()) << name;
        std::string content;
        for (const char* kind : {"xsd:sequence", "xsd:all", "xsd:choice", "xsd:group"}) {
            if (node.child(kind)) content = schema.content(node.child(kind));
        }
        EXPECT_EQ(rule->has_content ? text_of(rule->content) : "", content) << name;
    }
    for (const auto& node : schema.root().children("xsd:simpleType")) {
        std::vector<std::string> values;
        for (const auto& match : node.select_nodes(".//xsd:enumeration")) {
            values.emplace_back(match.node().attribute("value").value());
        }
        if (values.empty()) continue;
        ++enums;
        const EnumRule* rule = Standard::get().enumeration(node.attribute("name").value());
        ASSERT_NE(rule, nullptr) << node.attribute("name").value();
        EXPECT_EQ(rule->values, values) << rule->name;
    }
    EXPECT_EQ(types, Standard::get().types().size());
    EXPECT_EQ(enums, Standard::get().enumerations().size());
}

TEST(Standard, EveryTypeThatIsNamedIsDefined) {
    const std::set<std::string> plain{"Boolean", "DateTime",    "Double",       "Int",
                                      "String",  "UnsignedInt", "UnsignedShort"};
    const std::function<void(const Content&)> visit = [&](const Content& content) {
        if (content.kind == Content::Kind::kElement) {
            EXPECT_NE(Standard::get().type(content.type), nullptr) << content.type;
        }
        for (const Content& part : content.parts) visit(part);
    };
    for (const TypeRule& rule : Standard::get().types()) {
        visit(rule.content);
        for (const AttributeRule& a : rule.attributes) {
            EXPECT_TRUE(plain.contains(a.type) || Standard::get().enumeration(a.type) != nullptr)
                << a.type;
        }
    }
}

// Of classes that only hold others, none is played by itself.
TEST(Standard, DocsSayOfEachActionAndConditionHowItIsPlayed) {
    const auto docs = engine::core::read_file(std::filesystem::path(HUNTSMAN_SOURCE_DIR) /
                                              "docs/openscenario.md");
    ASSERT_TRUE(docs.ok());
    const std::set<std::string> holders{
        "Action",          "AppearanceAction",    "ByEntityCondition",    "ByValueCondition",
        "Condition",       "ControllerAction",    "EntityAction",         "EntityCondition",
        "GlobalAction",    "LateralAction",       "InfrastructureAction", "LongitudinalAction",
        "ParameterAction", "PrivateAction",       "RoadCondition",        "RoutingAction",
        "TrafficAction",   "TrafficSignalAction", "TrailerAction",        "UserDefinedAction",
        "VariableAction"};
    int classes = 0;
    for (const TypeRule& rule : Standard::get().types()) {
        if (!rule.name.ends_with("Action") && !rule.name.ends_with("Condition")) continue;
        if (holders.contains(rule.name)) continue;
        ++classes;
        const bool named = docs->find("| " + rule.name + " ") != docs->npos ||
                           docs->find("| " + rule.name + ",") != docs->npos ||
                           docs->find(", " + rule.name) != docs->npos;
        EXPECT_TRUE(named) << rule.name;
    }
    EXPECT_GT(classes, 60);
}

}  // namespace
}  // namespace huntsman::scenarios::openscenario
