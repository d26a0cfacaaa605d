// Junctions, signals and their controllers.
#include <unordered_set>

#include "scenarios/opendrive/checker.h"
#include "scenarios/opendrive/opendrive.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

namespace {

// Only looked up, never iterated.
using Ids = std::unordered_set<std::string>;

bool meets(const RoadLink& link, RoadLink::Kind kind, std::uint32_t index) {
    return link.kind == kind && link.index == index;
}

// The end of an incoming road at which the junction lies; kUnknown where at none.
ContactPoint end_at(const Road& road, std::uint32_t junction) {
    if (meets(road.successor, RoadLink::Kind::kJunction, junction)) return ContactPoint::kEnd;
    if (meets(road.predecessor, RoadLink::Kind::kJunction, junction)) return ContactPoint::kStart;
    return ContactPoint::kUnknown;
}

void check_connection(Checker& checker, std::uint32_t j, const JunctionConnection& connection) {
    const ModelJunction& junction = checker.model.junctions[j];
    const auto say = [&](Severity severity, const char* rule, const std::string& message) {
        checker.at_junction(severity, j, rule,
                            fmt::format("connection {}: {}", connection.id, message));
    };
    if (connection.incoming == kNone || connection.connecting == kNone) {
        const bool named = connection.incoming == kNone ? !connection.incoming_id.empty()
                                                        : !connection.connecting_id.empty();
        if (named)
            say(Severity::kError, "junction.road.unknown",
                fmt::format("it joins road \"{}\" and road \"{}\", of which one does not exist",
                            connection.incoming_id, connection.connecting_id));
        else if (junction.kind != ModelJunction::Kind::kVirtual)
            say(Severity::kError, "junction.connection.roads",
                "it lacks its incoming or its connecting road");
        return;
    }
    const Road& incoming = checker.model.roads[connection.incoming];
    const Road& connecting = checker.model.roads[connection.connecting];
    const bool direct = junction.kind == ModelJunction::Kind::kDirect;
    if (junction.kind == ModelJunction::Kind::kCommon && connecting.junction != j)
        say(Severity::kError, "junction.connecting.outside",
            fmt::format("road {} belongs to another junction", connecting.id));
    if (connection.contact == ContactPoint::kUnknown) {
        say(Severity::kError, "junction.connection.contact", "it lacks the contact point");
        return;
    }

    // Roads of a virtual junction leave from the middle of the main road.
    if (junction.kind == ModelJunction::Kind::kVirtual) return;
    const ContactPoint end = end_at(incoming, j);
    if (end == ContactPoint::kUnknown) {
        say(Severity::kWarning, "junction.incoming.end",
            fmt::format("its incoming road {} does not lead to the junction", incoming.id));
        return;
    }
    if (!direct) {
        const RoadLink& back = link_at(connecting, connection.contact);
        if (!meets(back, RoadLink::Kind::kRoad, connection.incoming) || back.contact != end)
            say(Severity::kError, "junction.connection.mismatch",
                fmt::format("it says that the {} of road {} meets the {} of road {}, but that "
                            "road is linked otherwise there",
                            word(connection.contact), connecting.id, word(end), incoming.id));
    }
    if (connection.lanes.empty())
        say(Severity::kWarning, "junction.lane-link.missing", "it has no lane links");
    const std::uint32_t from_section = section_at(incoming, end);
    const std::uint32_t to_section = section_at(connecting, connection.contact);
    for (const LaneLink& link : connection.lanes) {
        const ModelLane* from = checker.geometry.lane(connection.incoming, from_section, link.from);
        const ModelLane* to = checker.geometry.lane(connection.connecting, to_section, link.to);
        if (from == nullptr || to == nullptr) {
            say(Severity::kError, "junction.lane-link.unknown",
                fmt::format("it links lane {} of road {} to lane {} of road {}, of which one does "
                            "not exist",
                            link.from, incoming.id, link.to, connecting.id));
            continue;
        }
        if (link.from != 0 && link.to != 0)
            check_joint(checker, {connection.incoming, from_section, link.from, end},
                        {connection.connecting, to_section, link.to, connection.contact},
                        "junction.lane-link");
    }
}

void check_junction(Checker& checker, std::uint32_t j, const Ids& controllers) {
    const ModelJunction& junction = checker.model.junctions[j];
    if (junction.connections.empty() && junction.cross_paths.empty() && junction.stretches.empty())
        checker.at_junction(Severity::kWarning, j, "junction.empty", "it has no connections");
    for (const JunctionConnection& connection : junction.connections)
        check_connection(checker, j, connection);
    for (const JunctionPriority& priority : junction.priorities) {
        if (priority.high == kNone || priority.low == kNone)
            checker.at_junction(Severity::kWarning, j, "junction.priority.unknown",
                                fmt::format("it gives road \"{}\" priority over road \"{}\", of "
                                            "which one does not exist",
                                            priority.high_id, priority.low_id));
    }
    for (const JunctionController& controller : junction.controllers) {
        if (!controllers.contains(controller.id))
            checker.at_junction(Severity::kWarning, j, "junction.controller.unknown",
                                fmt::format("there is no controller {}", controller.id));
    }
    if (junction.kind == ModelJunction::Kind::kVirtual && junction.main_road == kNone)
        checker.at_junction(Severity::kError, j, "junction.main-road",
                            "it is virtual but has no main road");
}

// Connecting roads that no connection uses are driven by nobody.
void check_connecting_roads(Checker& checker) {
    std::vector<bool> used(checker.model.roads.size(), false);
    for (const ModelJunction& junction : checker.model.junctions) {
        for (const JunctionConnection& connection : junction.connections) {
            if (connection.connecting != kNone) used[connection.connecting] = true;
        }
        for (const CrossPath& path : junction.cross_paths) {
            if (path.crossing != kNone) used[path.crossing] = true;
        }
    }
    for (std::uint32_t r = 0; r < checker.model.roads.size(); ++r) {
        const Road& road = checker.model.roads[r];
        if (!road.junction_id.empty() && road.junction == kNone)
            checker.at_road(
                Severity::kError, r, "road.junction.unknown",
                fmt::format("there is no junction {}, which it belongs to", road.junction_id));
        if (road.junction != kNone && !used[r])
            checker.at_road(Severity::kWarning, r, "junction.connecting.unused",
                            fmt::format("no connection of junction {} uses it", road.junction_id));
    }
}

void check_signals(Checker& checker) {
    Ids signals;
    for (std::uint32_t r = 0; r < checker.model.roads.size(); ++r) {
        for (const ModelSignal& signal : checker.model.roads[r].signals) {
            if (!signals.insert(signal.id).second)
                checker.at_road(Severity::kWarning, r, "signal.id.duplicate",
                                fmt::format("signal {} has the id of another signal", signal.id));
        }
    }
    for (std::uint32_t r = 0; r < checker.model.roads.size(); ++r) {
        for (const SignalReference& reference : checker.model.roads[r].signal_references) {
            if (!signals.contains(reference.id))
                checker.at_road(
                    Severity::kWarning, r, "signal.reference.unknown",
                    fmt::format("there is no signal {}, which it refers to", reference.id));
        }
    }
    for (const SignalController& controller : checker.model.controllers) {
        for (const SignalController::Control& control : controller.controls) {
            if (!signals.contains(control.signal_id))
                checker.anywhere(Severity::kWarning, "controller.signal.unknown",
                                 fmt::format("controller {}: there is no signal {}", controller.id,
                                             control.signal_id));
        }
    }
}

std::vector<Finding> run(Checker& checker) {
    check_roads(checker);
    check_links(checker);
    check_junctions(checker);
    return checker.findings.take();
}

}  // namespace

void check_junctions(Checker& checker) {
    Ids controllers;
    for (const SignalController& controller : checker.model.controllers) {
        if (!controllers.insert(controller.id).second)
            checker.anywhere(Severity::kWarning, "controller.id.duplicate",
                             fmt::format("two controllers have the id {}", controller.id));
    }
    for (std::uint32_t j = 0; j < checker.model.junctions.size(); ++j)
        check_junction(checker, j, controllers);
    check_connecting_roads(checker);
    check_signals(checker);
}

std::vector<Finding> check(const RoadModel& model) {
    Checker checker(model);
    return run(checker);
}

std::vector<Finding> check(const Reading& reading) {
    Checker checker(reading.model);
    checker.road_lines = &reading.road_lines;
    checker.junction_lines = &reading.junction_lines;
    return run(checker);
}

}  // namespace huntsman::scenarios::opendrive
