#include "scenarios/edit/history.h"

#include <gmock/gmock.h>

#include "tests/scenarios/edit/samples.h"

namespace huntsman::scenarios::edit {
namespace {

using testing::ElementsAre;

Draft at(double x) {
    return after(crossing(), {{"do", "move"}, {"actor", "Car"}, {"x", x}, {"y", 0}});
}

TEST(History, UndoesAndRedoes) {
    History history(crossing());
    EXPECT_FALSE(history.undo());
    history.push("one", at(1));
    history.push("two", at(2));
    EXPECT_TRUE(history.undo());
    EXPECT_TRUE(same(history.draft(), at(1)));
    EXPECT_TRUE(history.undo());
    EXPECT_TRUE(same(history.draft(), crossing()));
    EXPECT_TRUE(history.redo());
    EXPECT_TRUE(same(history.draft(), at(1)));
    EXPECT_THAT(history.labels(), ElementsAre("one", "two"));
    EXPECT_EQ(history.position(), 1U);
    // What was undone is forgotten.
    history.push("three", at(3));
    EXPECT_THAT(history.labels(), ElementsAre("one", "three"));
    EXPECT_FALSE(history.redo());
    EXPECT_TRUE(history.go_to(0));
    EXPECT_TRUE(same(history.draft(), crossing()));
    EXPECT_FALSE(history.go_to(3));
}

// The first command of a drag makes the situation a story with criteria, the others only move.
TEST(History, ADragThatBeginsAStoryKeepsItsScenario) {
    const Draft placed = after(town_draft(), {{"do", "place_situation"}, {"name", "cpnco"}});
    History history(placed);
    Draft draft = placed;
    for (int i = 1; i <= 3; ++i) {
        draft = after(
            draft, {{"do", "draw_trajectory"}, {"actor", "Child"}, {"points", {{0, 0}, {i, 5}}}});
        history.push("path", draft, "path of Child");
    }
    ASSERT_FALSE(draft.scenario.criteria.empty());
    ASSERT_EQ(history.labels().size(), 1U);
    ASSERT_TRUE(history.undo());
    EXPECT_TRUE(same(history.draft(), placed));
    ASSERT_TRUE(history.redo());
    EXPECT_EQ(history.draft().scenario.criteria.size(), draft.scenario.criteria.size());
    EXPECT_TRUE(same(history.draft(), draft));
}

TEST(History, ADragIsOneStep) {
    History history(crossing());
    for (int i = 1; i <= 9; ++i) history.push("drag", at(i), "car");
    history.push("other", at(10), "child");
    EXPECT_THAT(history.labels(), ElementsAre("drag", "other"));
    history.undo();
    EXPECT_TRUE(same(history.draft(), at(9)));
    // After an undo a drag is another one.
    history.push("drag", at(11), "car");
    EXPECT_THAT(history.labels(), ElementsAre("drag", "drag"));
    // And so after saving.
    history.mark_saved();
    history.push("drag", at(12), "car");
    EXPECT_EQ(history.labels().size(), 3U);
    // Or when the drag has ended.
    history.end_step();
    history.push("drag", at(13), "car");
    history.push("drag", at(14), "car");
    EXPECT_EQ(history.labels().size(), 4U);
    // Nothing changed: no step.
    history.push("nothing", at(14));
    EXPECT_EQ(history.labels().size(), 4U);
}

TEST(History, KnowsWhatIsSaved) {
    History history(crossing());
    EXPECT_FALSE(history.changed());
    history.push("one", at(1));
    EXPECT_TRUE(history.changed());
    history.mark_saved();
    EXPECT_FALSE(history.changed());
    history.undo();
    EXPECT_TRUE(history.changed());
    history.redo();
    EXPECT_FALSE(history.changed());
    history.undo();
    history.push("two", at(2));
    EXPECT_TRUE(history.changed());
    history.undo();
    EXPECT_TRUE(history.changed());  // the saved state is gone
}

// Three hundred moves hold what they change: an element and those around it, six times each.
TEST(History, SnapshotsShareWhatTheyHaveInCommon) {
    History history(crossing());
    const std::size_t before = history.stored_elements();
    constexpr int kMoves = 300;
    for (int i = 1; i <= kMoves; ++i) history.push("move", at(i));
    EXPECT_LT(history.stored_elements(), before + kMoves * 10);
    EXPECT_GT(before, 50U);
}

}  // namespace
}  // namespace huntsman::scenarios::edit
