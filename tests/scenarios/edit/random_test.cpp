// Random commands: undo and redo, saving and opening, and commands that are broken.
#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>

#include "scenarios/edit/elements.h"
#include "scenarios/edit/history.h"
#include "scenarios/edit/outline.h"
#include "scenarios/edit/problems.h"
#include "tests/scenarios/edit/samples.h"

namespace huntsman::scenarios::edit {
namespace {

using nlohmann::json;

class Dice {
  public:
    explicit Dice(unsigned seed) : random_(seed) {}
    std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }
    double number(double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random_);
    }
    template <typename T>
    const T& one_of(const std::vector<T>& list) {
        return list[below(list.size())];
    }
    bool coin() { return below(2) == 0; }

  private:
    std::mt19937 random_;
};

// Commands that are likely to be possible for a draft.
class Commands {
  public:
    Commands(Dice& dice, const Draft& draft, const Context& context)
        : dice_(dice), draft_(draft), context_(context) {
        if (draft.story) actors_ = entity_names(draft.story->root);
        if (actors_.empty()) actors_ = {"Ego"};
        if (draft.story) {
            for_each_element(draft.story->root, [&](const story::Element& each) {
                const std::string* name = each.attribute("name");
                if (each.name == "Event" && name != nullptr) events_.push_back(*name);
            });
        }
    }

    json next() {
        // So that drafts do not grow and grow.
        constexpr std::size_t kMany = 12;
        if (actors_.size() > kMany && dice_.coin()) {
            return {{"do", "remove"}, {"actors", {actor(), actor(), actor()}}};
        }
        switch (dice_.below(26)) {
            case 0:
            case 1:
                return {
                    {"do", "add_actor"}, {"kind", dice_.one_of(kinds())}, {"x", x()}, {"y", x()}};
            case 2:
            case 3:
                return {{"do", "move"},
                        {"actor", actor()},
                        {"x", x()},
                        {"y", x()},
                        {"heading_deg", dice_.number(-180, 180)}};
            case 4:
                return {{"do", "move"},
                        {"actors", {actor(), actor()}},
                        {"dx", x() / 50},
                        {"dy", x() / 50},
                        {"with_path", dice_.coin()}};
            case 5:
                return {{"do", "set_speed"}, {"actor", actor()}, {"mps", dice_.number(0, 30)}};
            case 6:
                return {{"do", "rename"},
                        {"actor", actor()},
                        {"name", "N" + std::to_string(dice_.below(1000))}};
            case 7:
                return {{"do", "remove"}, {"actors", {actor()}}};
            case 8:
                return {{"do", "duplicate"}, {"actors", {actor()}}, {"dx", 3}, {"dy", 1}};
            case 9:
                return {{"do", "draw_trajectory"},
                        {"actor", actor()},
                        {"points", {{0, x(), x()}, {3, x(), x()}, {5, x(), x()}}}};
            case 10:
                return {
                    {"do", "draw_route"}, {"actor", actor()}, {"points", {{x(), x()}, {x(), x()}}}};
            case 11:
            case 12:
            case 13:
                return event();
            case 14:
                return {{"do", "remove_event"}, {"event", dice_.one_of(events())}};
            case 15:
                return {{"do", "move_event"},
                        {"event", dice_.one_of(events())},
                        {"time_s", dice_.number(0, 20)}};
            case 16:
                return {{"do", "set"},
                        {"field", "environment.rain_mm_h"},
                        {"value", dice_.number(0, 100)}};
            case 17:
                return {{"do", "set"},
                        {"field", "environment.sun_azimuth_deg"},
                        {"value", dice_.number(-360, 360)}};
            case 18:
                return {{"do", "weather"}, {"preset", dice_.coin() ? "fog" : "night"}};
            case 19:
                return generated();
            case 20:
                return element();
            case 21:
                return parameter();
            case 22:
                return {
                    {"do", "add_criterion"},
                    {"criterion", {{"kind", "min_gap"}, {"entity", actor()}, {"at_least_m", 1}}}};
            case 23:
                return point();
            case 24:
                return signals();
            default:
                if (dice_.below(8) != 0) return attribute();
                return {{"do", "remove_story"}};
        }
    }

  private:
    static const std::vector<std::string>& kinds() {
        static const std::vector<std::string> kKinds = [] {
            std::vector<std::string> names;
            for (const auto& kind : actor_kinds()) names.push_back(kind.name);
            return names;
        }();
        return kKinds;
    }
    const std::vector<std::string>& events() {
        if (events_.empty()) events_ = {"none"};
        return events_;
    }
    double x() { return dice_.number(-200, 200); }
    std::string actor() { return dice_.one_of(actors_); }
    json event() {
        json trigger = {{"kind", "time"}, {"time_s", dice_.number(0, 9)}};
        if (dice_.coin()) {
            trigger = {{"kind", "distance_to_ego"}, {"distance_m", 9}, {"who", actor()}};
        } else if (!events_.empty() && dice_.coin()) {
            trigger = {{"kind", "after_event"}, {"event", dice_.one_of(events_)}};
        }
        json action = {{"kind", "speed"}, {"mps", dice_.number(0, 9)}};
        if (dice_.coin()) action = {{"kind", "walk"}, {"points", {{x(), x()}, {x(), x()}}}};
        return {{"do", "add_event"}, {"actor", actor()}, {"action", action}, {"trigger", trigger}};
    }
    json generated() {
        const auto& spawns = context_.place->world.spawns;
        return {{"do", dice_.coin() ? "take_over" : "remove_generated"},
                {"id", spawns[dice_.below(spawns.size())].id}};
    }
    std::string path() {
        std::vector<std::string> paths{""};
        if (draft_.story) {
            for_each_element(draft_.story->root, [&](const story::Element& each) {
                paths.push_back(path_of(draft_.story->root, &each));
            });
        }
        return dice_.one_of(paths);
    }
    json element() {
        const std::string at = path();
        const auto described = describe_element(draft_, at);
        if (described && !described->insertable.empty() && dice_.coin()) {
            return {{"do", "insert_element"},
                    {"path", at.empty() ? "Entities" : at},
                    {"element", dice_.one_of(described->insertable)}};
        }
        if (described && !described->replaceable_by.empty()) {
            return {{"do", "replace_element"},
                    {"path", at},
                    {"element", dice_.one_of(described->replaceable_by)}};
        }
        return {{"do", "remove_element"}, {"path", at}};
    }
    json attribute() {
        const std::string at = path();
        const auto described = describe_element(draft_, at);
        if (!described || described->properties.empty()) return element();
        const auto& property = dice_.one_of(described->properties);
        json value = dice_.number(-1, 9);
        if (!property.choices.empty()) value = dice_.one_of(property.choices);
        if (property.type == "whole number") value = dice_.below(9);
        if (property.type == "flag") value = dice_.coin();
        if (property.type == "text")
            value = std::vector<json>{"-0", "ä\n\"x\"", "007", "1e5", "$p"}[dice_.below(5)];
        return {{"do", "set_attribute"},
                {"path", at.empty() ? "x" : at},
                {"attribute", property.name},
                {"value", value}};
    }
    // A point of a path, or the place of a trigger.
    json point() {
        std::vector<std::string> paths{"Storyboard"};
        if (draft_.story) {
            for_each_element(draft_.story->root, [&](const story::Element& each) {
                if (each.name == "Position") paths.push_back(path_of(draft_.story->root, &each));
            });
        }
        const std::string at = dice_.one_of(paths);
        if (dice_.below(3) == 0) return {{"do", "remove_point"}, {"path", at}};
        return {{"do", dice_.coin() ? "move_point" : "insert_point"},
                {"path", at},
                {"x", x()},
                {"y", x()}};
    }
    json signals() {
        std::vector<std::string> ids{"none"};
        for (const auto& road : context_.place->world.road_model.roads) {
            for (const auto& signal : road.signals) ids.push_back(signal.id);
        }
        const std::string id = dice_.one_of(ids);
        if (dice_.below(3) == 0) {
            return {{"do", "remove_controller"}, {"controller", "signal " + id}};
        }
        return {{"do", "set_signal"},
                {"signal", id},
                {"phases",
                 {{{"state", "red"}, {"duration_s", dice_.number(1, 30)}},
                  {{"state", "green"}, {"duration_s", dice_.number(1, 30)}}}}};
    }
    json parameter() {
        if (dice_.below(3) == 0) {
            const std::string at = path();
            const auto described = describe_element(draft_, at);
            if (described && !described->properties.empty()) {
                return {{"do", "add_parameter"},
                        {"name", "p" + std::to_string(dice_.below(9))},
                        {"value", dice_.number(0, 9)},
                        {"low", 0},
                        {"high", 9},
                        {"distribution", dice_.coin() ? "uniform" : "normal"},
                        {"path", at.empty() ? "Entities" : at},
                        {"attribute", dice_.one_of(described->properties).name}};
            }
        }
        if (dice_.coin()) {
            return {{"do", "add_parameter"},
                    {"name", "p" + std::to_string(dice_.below(9))},
                    {"value", dice_.number(0, 9)}};
        }
        return {{"do", "remove_parameter"}, {"parameter", "p" + std::to_string(dice_.below(9))}};
    }

    Dice& dice_;
    const Draft& draft_;
    const Context& context_;
    std::vector<std::string> actors_, events_;
};

void expect_same_file(const Draft& draft, const std::string& what) {
    const auto text = to_text(draft, "/somewhere/draft.json");
    ASSERT_TRUE(text) << what << ": " << text.error().text();
    std::vector<Problem> problems;
    const auto back = from_text(*text, "/somewhere/draft.json", &problems);
    ASSERT_TRUE(back) << what << ": " << back.error().text();
    for (const Problem& each : problems) ADD_FAILURE() << what << ": " << each.message;
    EXPECT_TRUE(same(*back, draft)) << what << *text;
}

void edit_at_random(const Draft& start, const Context& context, unsigned seed) {
    constexpr std::size_t kCommands = 500;
    Dice dice(seed);
    History history(start);
    std::vector<Draft> states{history.draft()};
    std::map<std::string, int> done;
    std::size_t refused = 0;
    while (states.size() <= kCommands) {
        const json command = Commands(dice, history.draft(), context).next();
        const auto next = apply(history.draft(), context, command);
        if (!next) {
            EXPECT_FALSE(next.error().message.empty()) << command;
            ASSERT_LT(++refused, 20 * kCommands) << next.error().text();
            continue;
        }
        if (same(*next, history.draft())) continue;
        ++done[command["do"]];
        history.push(label_of(command), *next);
        states.push_back(*next);
        expect_same_file(*next, command.dump());
        if (testing::Test::HasFatalFailure() || testing::Test::HasNonfatalFailure()) return;
    }
    EXPECT_GT(done.size(), 15U);
    for (std::size_t i = states.size() - 1; i > 0; --i) {
        ASSERT_TRUE(history.undo());
        ASSERT_TRUE(same(history.draft(), states[i - 1])) << i;
    }
    EXPECT_FALSE(history.undo());
    for (std::size_t i = 1; i < states.size(); ++i) {
        ASSERT_TRUE(history.redo());
        ASSERT_TRUE(same(history.draft(), states[i])) << i;
    }
    EXPECT_FALSE(history.redo());
    // Whatever was made of it, it can be checked and shown.
    for (std::size_t i = 0; i < states.size(); i += 50) {
        check(states[i], context);
        outline(states[i], context);
    }
}

TEST(RandomCommands, UndoneAndDoneAgainGiveEqualDraftsOnATown) {
    edit_at_random(town_draft(), town(), 17);
}

// Many seeds, by hand: HUNTSMAN_EDIT_SEEDS=1..200.
TEST(RandomCommands, Survey) {
    const char* wanted = std::getenv("HUNTSMAN_EDIT_SEEDS");
    if (wanted == nullptr) GTEST_SKIP() << "HUNTSMAN_EDIT_SEEDS names no seeds";
    unsigned first = 0, last = 0;
    ASSERT_EQ(std::sscanf(wanted, "%u..%u", &first, &last), 2);
    for (unsigned seed = first; seed <= last; ++seed) {
        SCOPED_TRACE(seed);
        edit_at_random(town_draft(), town(), seed);
        if (HasFailure()) return;
    }
}

TEST(RandomCommands, UndoneAndDoneAgainGiveEqualDraftsOnAMap) {
    Draft draft = new_town(3);
    draft.scenario.map =
        std::string(HUNTSMAN_SOURCE_DIR) + "/tests/agents/traffic/maps/cross_uncontrolled.xodr";
    draft.scenario.town.route_m = 150;
    draft.scenario.town.vehicles = 3;
    auto place = model::build_place(draft.scenario);
    ASSERT_TRUE(place) << place.error().text();
    edit_at_random(draft, Context{std::make_shared<const model::Place>(std::move(*place))}, 18);
}

// ---- Broken commands

json garbage(Dice& dice, int depth = 0) {
    switch (dice.below(depth > 2 ? 7 : 9)) {
        case 0:
            return nullptr;
        case 1:
            return dice.coin();
        case 2:
            return dice.number(-1e9, 1e9);
        case 3:
            return static_cast<std::int64_t>(dice.below(5)) - 2;
        case 4:
            return std::vector<json>{"",         "Ego",    "$x",
                                     "${",       "a/b[",   "[[]]",
                                     "\xff",     "\u0001", std::string(3000, 'x'),
                                     "Entities", "1e999"}[dice.below(11)];
        case 5:
            return 1e300;
        case 6:
            return std::numeric_limits<std::uint64_t>::max();
        case 7: {
            json list = json::array();
            for (std::size_t i = dice.below(4); i > 0; --i)
                list.push_back(garbage(dice, depth + 1));
            return list;
        }
        default: {
            json object = json::object();
            for (const char* key : {"kind", "x", "points", "state"}) {
                if (dice.coin()) object[key] = garbage(dice, depth + 1);
            }
            return object;
        }
    }
}

TEST(BrokenCommands, AreRefusedAndLeaveTheDraftAsItIs) {
    Dice dice(99);
    Draft draft = crossing();
    draft = after(draft, {{"do", "add_event"}, {"actor", "Child"}, {"action", {{"kind", "stop"}}}});
    const Draft before = draft;
    const std::string text = *to_text(draft, "/d.json");
    const auto infos = commands();
    for (int i = 0; i < 4000; ++i) {
        json command = Commands(dice, draft, town()).next();
        if (dice.below(3) == 0) {
            // Any command with anything.
            const CommandInfo& info = infos[dice.below(infos.size())];
            command = {{"do", info.name}};
            for (const auto& parameter : info.parameters) {
                if (dice.below(4) != 0) command[parameter.name] = garbage(dice);
            }
        }
        for (std::size_t k = 1 + dice.below(3); k > 0 && !command.empty(); --k) {
            auto at = command.begin();
            std::advance(at, static_cast<std::ptrdiff_t>(dice.below(command.size())));
            if (dice.below(4) == 0) {
                command.erase(at);
            } else {
                at.value() = garbage(dice);
            }
        }
        if (dice.below(10) == 0) command = garbage(dice);
        label_of(command);
        merge_key_of(command);
        const auto next = apply(draft, town(), command);
        if (next) {
            to_text(*next, "/d.json").ok();
        } else {
            EXPECT_FALSE(next.error().message.empty()) << i;
        }
        ASSERT_TRUE(draft.story == before.story);
    }
    EXPECT_TRUE(same(draft, before));
    EXPECT_EQ(*to_text(draft, "/d.json"), text);
}

TEST(Commands, AreListedWithDocs) {
    EXPECT_GT(commands().size(), 35U);
    std::string last;
    for (const CommandInfo& info : commands()) {
        EXPECT_LT(last, info.name);
        last = info.name;
        EXPECT_NE(std::string(info.doc), "") << info.name;
        EXPECT_NE(std::string(info.group), "") << info.name;
        for (const auto& parameter : info.parameters) EXPECT_NE(std::string(parameter.doc), "");
        EXPECT_EQ(command_named(info.name), &info);
    }
    EXPECT_EQ(command_named("dance"), nullptr);
    EXPECT_EQ(label_of({{"do", "move"}, {"actor", "Child"}}), "Move Child");
    EXPECT_EQ(label_of({{"do", "remove"}, {"actors", {"A", "B"}}}), "Remove 2 actors");
    EXPECT_EQ(label_of(3), "Edit");
    EXPECT_EQ(merge_key_of({{"do", "move"}, {"actor", "A"}, {"x", 1}}),
              merge_key_of({{"do", "move"}, {"actor", "A"}, {"x", 2}}));
    EXPECT_NE(merge_key_of({{"do", "move"}, {"actor", "A"}}),
              merge_key_of({{"do", "move"}, {"actor", "B"}}));
    EXPECT_EQ(merge_key_of({{"do", "add_actor"}}), "");
}

}  // namespace
}  // namespace huntsman::scenarios::edit
