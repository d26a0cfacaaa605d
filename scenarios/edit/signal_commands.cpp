// Commands on the programmes of signals, as controllers of the story.

#include <fmt/format.h>

#include <algorithm>

#include "engine/road/signals.h"
#include "engine/world/names.h"
#include "scenarios/edit/request.h"

namespace huntsman::scenarios::edit {

using nlohmann::json;
using situations::element;
using situations::text;
using story::Element;

namespace {

// Signals are those of the map, as far as it is known.
Status check_signal(const Request& request, const std::string& id) {
    if (!request.context.place) return {};
    for (const auto& road : request.context.place->world.road_model.roads) {
        for (const auto& signal : road.signals) {
            if (signal.id == id) return {};
        }
    }
    return sentence(fmt::format("the map has no signal \"{}\", expected the id of one", id));
}

std::vector<ParameterInfo> phase_parameters(bool several) {
    std::vector<ParameterInfo> infos{number("duration_s", "s", 0.1, 86400),
                                     optional(text_of("name", "of the phase"))};
    infos.push_back(several ? ParameterInfo{"states", ParameterType::kObject, "{signal: state}"}
                            : text_of("state", "red, yellow, green, off, red-yellow, off;off;on"));
    return infos;
}

Result<Element> phase(const Request& request, const json& given, std::size_t number,
                      const std::string& signal) {
    if (!given.is_object()) return sentence("a phase is an object {...}");
    HM_TRY(check_arguments(given, phase_parameters(signal.empty()), "the phase", {}));
    Element made = element("Phase", {{"name", given.value("name", fmt::format("phase {}", number))},
                                     {"duration", text(given.at("duration_s").get<double>())}});
    json states = json::object();
    if (signal.empty()) {
        states = given.at("states");
    } else {
        states[signal] = given.at("state");
    }
    for (const auto& [id, state] : states.items()) {
        if (!state.is_string() || state.get_ref<const std::string&>().empty() || id.empty()) {
            return sentence("a state of a signal is empty, expected red, green, ...");
        }
        HM_TRY(check_signal(request, id));
        made.children.push_back(element(
            "TrafficSignalState", {{"trafficSignalId", id}, {"state", state.get<std::string>()}}));
    }
    return made;
}

// Adds a controller, or puts it in the place of the one of its name.
Draft put(Draft next, Element controller) {
    Element& signals = child_of(child_of(edit_story(next), "RoadNetwork"), "TrafficSignals");
    for (Element& each : signals.children) {
        const std::string* name = each.attribute("name");
        if (name == nullptr || *name != *controller.attribute("name")) continue;
        each = std::move(controller);
        return next;
    }
    signals.children.push_back(std::move(controller));
    return next;
}

Result<Draft> write(const Request& request, const std::string& name, const std::string& signal) {
    const json& list = request.command.at("phases");
    if (!list.is_array() || list.empty()) {
        return sentence("phases is empty, expected a list of phases");
    }
    Element controller = element("TrafficSignalController", {{"name", name}});
    for (std::size_t i = 0; i < list.size(); ++i) {
        HM_TAKE(Element made, phase(request, list[i], i + 1, signal));
        controller.children.push_back(std::move(made));
    }
    HM_TAKE(Draft next, with_own_story(request));
    return put(std::move(next), std::move(controller));
}

Result<Draft> set_signal(const Request& request) {
    const std::string signal = request.text("signal");
    return write(request, "signal " + signal, signal);
}

Result<Draft> set_controller(const Request& request) {
    return write(request, request.text("controller"), "");
}

// As stories write it.
std::string state_of(engine::world::Aspect aspect) {
    std::string state = engine::world::name(aspect);
    std::ranges::replace(state, '_', '-');
    return state;
}

// The programme's phases from the start of the run on, for one cycle.
std::vector<engine::world::SignalPhase> from_start(const engine::world::SignalProgram& program) {
    const auto [first, into_us] = engine::road::phase_at(program, 0);
    std::vector<engine::world::SignalPhase> phases(
        program.phases.begin() + static_cast<std::ptrdiff_t>(first), program.phases.end());
    phases.insert(phases.end(), program.phases.begin(),
                  program.phases.begin() + static_cast<std::ptrdiff_t>(first));
    if (into_us == 0) return phases;
    // What of the first phase is over at the start comes at the end.
    phases.push_back(phases.front());
    phases.back().duration_us = into_us;
    phases.front().duration_us -= into_us;
    return phases;
}

Result<Draft> take_signals(const Request& request) {
    if (!request.context.place) return sentence("the map is still built, expected it to be there");
    const auto& world = request.context.place->world;
    const auto junction = request.command.at("junction").get<engine::world::JunctionId>();
    const auto& programs = world.roads.programs;
    const auto program =
        std::ranges::find(programs, junction, &engine::world::SignalProgram::junction);
    if (program == programs.end() || program->phases.empty()) {
        return sentence(fmt::format("junction {} has no programme of signals", junction));
    }
    Element controller =
        element("TrafficSignalController", {{"name", junction_controller(junction)}});
    for (const auto& phase : from_start(*program)) {
        const std::string name = fmt::format("phase {}", controller.children.size() + 1);
        Element made = element(
            "Phase",
            {{"name", name}, {"duration", text(static_cast<double>(phase.duration_us) * 1e-6)}});
        for (const auto& head : world.roads.signal_heads) {
            const auto group = std::ranges::find(program->groups, head.group);
            if (group == program->groups.end() || head.road >= world.road_model.roads.size()) {
                continue;
            }
            const auto& signals = world.road_model.roads[head.road].signals;
            if (head.signal >= signals.size()) continue;
            const auto index = static_cast<std::size_t>(group - program->groups.begin());
            made.children.push_back(
                element("TrafficSignalState", {{"trafficSignalId", signals[head.signal].id},
                                               {"state", state_of(phase.aspects[index])}}));
        }
        if (made.children.empty()) return sentence("the map has no signals at this junction");
        controller.children.push_back(std::move(made));
    }
    HM_TAKE(Draft next, with_own_story(request));
    return put(std::move(next), std::move(controller));
}

Result<Draft> remove_controller(const Request& request) {
    const std::string name = request.text("controller");
    const auto none = [&] {
        return sentence(fmt::format("the story has no controller of signals \"{}\"", name));
    };
    if (!request.draft.story) return none();
    Draft next = request.draft;
    Element& roads = child_of(edit_story(next), "RoadNetwork");
    Element* signals = roads.child("TrafficSignals");
    if (signals == nullptr) return none();
    const auto gone = std::erase_if(signals->children, [&](const Element& each) {
        return each.attribute("name") != nullptr && *each.attribute("name") == name;
    });
    if (gone == 0) return none();
    if (signals->children.empty()) {
        std::erase_if(roads.children, [](const Element& e) { return e.name == "TrafficSignals"; });
    }
    return next;
}

}  // namespace

std::string junction_controller(std::uint32_t junction) {
    return fmt::format("junction {}", junction);
}

std::vector<Command> signal_commands() {
    constexpr const char* kGroup = "signals";
    const ParameterInfo controller = text_of("controller", "its name");
    return {
        {{"set_signal",
          kGroup,
          "Signal",
          "gives one signal a programme of its own",
          {text_of("signal", "its id in the map"),
           {"phases", ParameterType::kAny, "[{\"state\": \"red\", \"duration_s\": 10}, ...]"}}},
         set_signal},
        {{"set_controller",
          kGroup,
          "Signals",
          "gives several signals a programme",
          {controller,
           {"phases", ParameterType::kAny,
            "[{\"duration_s\": 10, \"states\": {\"17\": \"red\"}}, ...]"}}},
         set_controller},
        {{"take_signals",
          kGroup,
          "Signals of junction",
          "the map's programme of a junction becomes the story's, to be changed",
          {{"junction", ParameterType::kWhole, "of the world", false, 0, 4294967295.0}}},
         take_signals},
        {{"remove_controller",
          kGroup,
          "Remove signals",
          "the map's programme holds again",
          {controller}},
         remove_controller},
    };
}

}  // namespace huntsman::scenarios::edit
