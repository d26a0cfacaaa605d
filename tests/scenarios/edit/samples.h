// Places and drafts that tests of edits share.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "engine/core/files.h"
#include "scenarios/edit/commands.h"
#include "scenarios/edit/draft.h"
#include "scenarios/edit/parts.h"
#include "scenarios/opendrive/opendrive.h"

namespace huntsman::scenarios::edit {

// A small town with traffic, built once.
inline Draft town_draft() {
    Draft draft = new_town(7);
    draft.scenario.town.size_m = 500;
    draft.scenario.town.vehicles = 8;
    draft.scenario.town.route_m = 500;
    return draft;
}

inline const Context& town() {
    static const Context kContext = [] {
        auto place = model::build_place(town_draft().scenario);
        EXPECT_TRUE(place) << place.error().text();
        return Context{std::make_shared<const model::Place>(std::move(*place))};
    }();
    return kContext;
}

inline engine::core::Result<Draft> run(const Draft& draft, const nlohmann::json& command,
                                       const Context& context = town()) {
    return apply(draft, context, command);
}

// The draft after a command that succeeds.
inline Draft after(const Draft& draft, const nlohmann::json& command,
                   const Context& context = town()) {
    auto next = apply(draft, context, command);
    EXPECT_TRUE(next) << command.dump() << ": " << next.error().text();
    return next ? *next : draft;
}

// The sentence of a command that fails.
inline std::string refusal(const Draft& draft, const nlohmann::json& command,
                           const Context& context = town()) {
    const auto next = apply(draft, context, command);
    EXPECT_FALSE(next) << command.dump() << " succeeds";
    return next ? "" : next.error().text();
}

inline const story::Element& root_of(const Draft& draft) { return draft.story->root; }

// A town with a car ahead of the ego and a child beside the road.
inline const Draft& crossing() {
    static const Draft kDraft = [] {
        Draft draft = after(town_draft(), {{"do", "add_actor"},
                                           {"kind", "car"},
                                           {"name", "Car"},
                                           {"x", 10},
                                           {"y", 20},
                                           {"heading_deg", 90},
                                           {"speed", 5}});
        return after(draft, {{"do", "add_actor"},
                             {"kind", "child"},
                             {"name", "Child"},
                             {"x", -4},
                             {"y", 6},
                             {"heading_deg", 0}});
    }();
    return kDraft;
}

}  // namespace huntsman::scenarios::edit
