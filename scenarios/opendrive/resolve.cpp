// From ids to indices.
#include <fmt/format.h>

#include <unordered_map>

#include "scenarios/opendrive/reader.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

namespace {

// Only looked up, never iterated: the order of its entries plays no part.
using Index = std::unordered_map<std::string, std::uint32_t>;

std::uint32_t find(const Index& index, const std::string& id) {
    const auto found = index.find(id);
    return found == index.end() ? kNone : found->second;
}

class Resolver {
  public:
    Resolver(Findings& findings, Reading& reading) : findings_(findings), reading_(reading) {}

    void run() {
        number();
        for (std::uint32_t i = 0; i < model().roads.size(); ++i) link_road(i);
        for (std::uint32_t i = 0; i < model().junctions.size(); ++i) link_junction(i);
    }

  private:
    RoadModel& model() { return reading_.model; }

    void add(Severity severity, int line, const char* rule, std::string message) {
        findings_.add(severity, line, rule, std::move(message));
    }

    // Among elements of the same id the first is meant by references.
    void number() {
        for (std::uint32_t i = 0; i < model().roads.size(); ++i) {
            const Road& road = model().roads[i];
            if (!roads_.emplace(road.id, i).second)
                add(Severity::kError, reading_.road_lines[i], "road.id.duplicate",
                    fmt::format("road {}: its id is another road's too; links mean the first",
                                road.id));
        }
        for (std::uint32_t i = 0; i < model().junctions.size(); ++i) {
            const ModelJunction& junction = model().junctions[i];
            if (!junctions_.emplace(junction.id, i).second)
                add(Severity::kError, reading_.junction_lines[i], "junction.id.duplicate",
                    fmt::format("junction {}: its id is another junction's too; links mean the "
                                "first",
                                junction.id));
        }
    }

    void link_road(std::uint32_t i) {
        Road& road = model().roads[i];
        const int line = reading_.road_lines[i];
        if (!road.junction_id.empty()) {
            road.junction = find(junctions_, road.junction_id);
            if (road.junction == kNone)
                add(Severity::kError, line, "road.junction.unknown",
                    fmt::format("road {}: there is no junction {}, which it belongs to", road.id,
                                road.junction_id));
        }
        for (auto [link, what] :
             {std::pair{&road.predecessor, "predecessor"}, {&road.successor, "successor"}})
            resolve_link(*link, line, fmt::format("road {}: its {}", road.id, what));
    }

    void resolve_link(RoadLink& link, int line, const std::string& whose) {
        if (link.kind == RoadLink::Kind::kNothing) return;
        // Links without a type are told apart by what bears the id.
        if (link.kind == RoadLink::Kind::kRoad && link.contact == ContactPoint::kUnknown &&
            !link.at_element_s && find(roads_, link.id) == kNone &&
            find(junctions_, link.id) != kNone)
            link.kind = RoadLink::Kind::kJunction;
        const bool to_road = link.kind == RoadLink::Kind::kRoad;
        link.index = find(to_road ? roads_ : junctions_, link.id);
        if (link.index == kNone)
            add(Severity::kError, line, "road.link.unknown",
                fmt::format("{} is {} {}, which does not exist", whose,
                            to_road ? "road" : "junction", link.id));
    }

    void link_junction(std::uint32_t i) {
        ModelJunction& junction = model().junctions[i];
        const int line = reading_.junction_lines[i];
        const auto road = [&](const std::string& id, const char* what) {
            if (id.empty()) return kNone;
            const std::uint32_t index = find(roads_, id);
            if (index == kNone)
                add(Severity::kError, line, "junction.road.unknown",
                    fmt::format("junction {}: there is no road {}, named as {}", junction.id, id,
                                what));
            return index;
        };
        junction.main_road = road(junction.main_road_id, "main road");
        for (JunctionConnection& connection : junction.connections) {
            connection.incoming = road(connection.incoming_id, "incoming road");
            connection.connecting = road(connection.connecting_id, "connecting road");
            const std::string whose =
                fmt::format("junction {}, connection {}: its", junction.id, connection.id);
            resolve_link(connection.predecessor, line, whose + " predecessor");
            resolve_link(connection.successor, line, whose + " successor");
        }
        for (JunctionPriority& priority : junction.priorities) {
            priority.high = road(priority.high_id, "road of priority");
            priority.low = road(priority.low_id, "road of priority");
        }
        for (CrossPath& path : junction.cross_paths) {
            path.crossing = road(path.crossing_id, "crossing road");
            path.start = road(path.start_id, "road at a crossing's start");
            path.end = road(path.end_id, "road at a crossing's end");
        }
        for (CrossingStretch& stretch : junction.stretches)
            stretch.road = road(stretch.road_id, "crossing road");
    }

    Findings& findings_;
    Reading& reading_;
    Index roads_, junctions_;
};

}  // namespace

void resolve(Findings& findings, Reading& reading) { Resolver(findings, reading).run(); }

}  // namespace huntsman::scenarios::opendrive
