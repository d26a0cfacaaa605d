// The life of stories, acts, manoeuvre groups, manoeuvres, events and actions.

#include <algorithm>

#include "scenarios/player/stage.h"

namespace huntsman::scenarios::player {

using engine::world::StoryElementState;
using engine::world::StoryPhase;
using story::ElementKind;

void Step::run() {
    state_.time_us += dt_us_;
    move_entities();
    run_signals();
    run_clock();
    run_storyboard();
    light_lamps();
}

// Triggers see entities, and the time, as they are after the step: what starts now moves from here.
void Step::run_storyboard() {
    for (StoryElementState& element : state_.elements) {
        element.before = element.transitions;
        element.transitions = 0;
    }
    if (!state_.finished && !story_.stop.groups.empty() &&
        holds(story_.stop, script_.end_conditions)) {
        state_.finished = true;
    }
    for (Index i = 0; i < story_.elements.size(); ++i) {
        if (story_.elements[i].kind == ElementKind::kStory) update(i);
    }
}

void Step::start(Index element) {
    StoryElementState& state = at(element);
    state.phase = StoryPhase::kRunning;
    state.transitions |= engine::world::kStarted;
    ++state.executions;
}

void Step::finish(Index element, bool stopped) {
    StoryElementState& state = at(element);
    state.phase = StoryPhase::kComplete;
    state.transitions |= stopped ? engine::world::kStopped : engine::world::kEnded;
}

void Step::stop(Index element) {
    if (at(element).phase == StoryPhase::kComplete) return;
    if (story_.elements[element].kind == ElementKind::kAction) {
        std::erase_if(state_.actions, [&](const RunningAction& run) {
            return !run.from_init && run.element == element;
        });
    }
    for (const Index child : story_.elements[element].children) stop(child);
    finish(element, true);
}

bool Step::children_complete(Index element) const {
    return std::ranges::all_of(story_.elements[element].children, [&](Index child) {
        return state_.elements[child].phase == StoryPhase::kComplete;
    });
}

void Step::reset(Index element) {
    const story::StoryElement& it = story_.elements[element];
    at(element).phase = StoryPhase::kStandby;
    if (it.start) forget(*it.start, script_.start_conditions[element]);
    for (const Index child : it.children) {
        at(child).executions = 0;
        reset(child);
    }
}

void Step::update(Index element) {
    const story::StoryElement& it = story_.elements[element];
    StoryElementState& state = at(element);
    if (state.phase == StoryPhase::kComplete) return;
    if (it.kind == ElementKind::kAct && it.stop && !it.stop->groups.empty() &&
        holds(*it.stop, script_.stop_conditions[element])) {
        stop(element);
        return;
    }
    if (state.phase == StoryPhase::kStandby) {
        if (it.start && !it.start->groups.empty() &&
            !holds(*it.start, script_.start_conditions[element])) {
            return;
        }
        if (it.kind == ElementKind::kEvent) {
            start_event(element);
        } else {
            start(element);
        }
    }
    if (state.phase != StoryPhase::kRunning) return;
    if (it.kind == ElementKind::kEvent) {
        if (!actions_done(element)) return;
        for (const Index child : it.children) {
            if (at(child).phase != StoryPhase::kComplete) finish(child, false);
        }
        if (state.executions < it.max_executions) {
            state.transitions |= engine::world::kEnded;
            reset(element);
        } else {
            finish(element, false);
        }
        return;
    }
    for (const Index child : it.children) update(child);
    if (!children_complete(element)) return;
    if (it.kind == ElementKind::kGroup && state.executions < it.max_executions) {
        state.transitions |= engine::world::kEnded;
        reset(element);
    } else {
        finish(element, false);
    }
}

void Step::start_event(Index element) {
    const story::StoryElement& it = story_.elements[element];
    StoryElementState& state = at(element);
    std::vector<Index> actors = story_.elements[story_.elements[it.parent].parent].actors;
    if (story_.elements[story_.elements[it.parent].parent].select_triggering) {
        for (const Index entity : triggering_) {
            if (std::ranges::find(actors, entity) == actors.end()) actors.push_back(entity);
        }
    }
    const auto running = [&](Index other) {
        return other != element && at(other).phase == StoryPhase::kRunning;
    };
    const auto& siblings = story_.elements[it.parent].children;
    if (it.priority == story::Priority::kSkip && std::ranges::any_of(siblings, running)) {
        state.transitions |= engine::world::kSkipped;
        if (++state.executions >= it.max_executions) state.phase = StoryPhase::kComplete;
        return;
    }
    if (it.priority == story::Priority::kOverride) {
        for (const Index other : siblings) {
            if (running(other)) stop(other);
        }
    }
    start(element);
    for (const Index child : it.children) {
        start(child);
        const story::StoryElement& action = story_.elements[child];
        if (!action.is_private) {
            launch(action.action, kNoIndex, child, false);
        } else {
            for (const Index actor : actors) launch(action.action, actor, child, false);
        }
    }
}

bool Step::actions_done(Index element) const {
    return std::ranges::none_of(state_.actions, [&](const RunningAction& run) {
        return !run.from_init && story_.elements[run.element].parent == element;
    });
}

}  // namespace huntsman::scenarios::player
