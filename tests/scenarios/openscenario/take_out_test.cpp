// Entities that are left out of a story.
#include <gtest/gtest.h>

#include "scenarios/openscenario/openscenario.h"

namespace huntsman::scenarios::openscenario {
namespace {

using story::Element;

Element entity_action(const std::string& who, const char* what) {
    return {.name = "EntityAction",
            .attributes = {{"entityRef", who}},
            .children = {Element{.name = what}}};
}

story::Document some_document() {
    Element entities{.name = "Entities"};
    for (const char* name : {"Ego", "Van", "Child"}) {
        entities.children.push_back({.name = "ScenarioObject", .attributes = {{"name", name}}});
    }
    Element actions{.name = "Actions", .children = {Element{.name = "Private"}}};
    Element init{.name = "Init", .children = {std::move(actions)}};
    Element later{.name = "GlobalAction", .children = {entity_action("Child", "AddEntityAction")}};
    Element other{.name = "GlobalAction", .children = {entity_action("Van", "AddEntityAction")}};
    Element storyboard{.name = "Storyboard",
                       .children = {std::move(init), std::move(later), std::move(other)}};
    return {
        .root = {.name = "OpenSCENARIO", .children = {std::move(entities), std::move(storyboard)}},
        .files = {"some.xosc"}};
}

TEST(TakeOut, DeletesAtTheStartAndNeverAdds) {
    story::Document document = some_document();
    ASSERT_TRUE(take_out(document, {"Child"}));
    const Element& storyboard = *document.root.child("Storyboard");
    const Element& actions = *storyboard.child("Init")->child("Actions");
    ASSERT_EQ(actions.children.size(), 2U);
    EXPECT_EQ(actions.children[0].name, "GlobalAction") << "before the private ones";
    EXPECT_EQ(actions.children[0].children[0], entity_action("Child", "DeleteEntityAction"));
    const auto globals = storyboard.all("GlobalAction");
    EXPECT_EQ(globals[0]->children[0], entity_action("Child", "DeleteEntityAction"));
    EXPECT_EQ(globals[1]->children[0], entity_action("Van", "AddEntityAction"));
}

TEST(TakeOut, OfSomebodyElseIsAnErrorThatNamesThem) {
    story::Document document = some_document();
    const auto status = take_out(document, {"Dog"});
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().text(),
              "some.xosc: has no entity Dog to be left out, expected one of Ego, Van, Child");
}

}  // namespace
}  // namespace huntsman::scenarios::openscenario
