// Links that one side gives and the other lacks; roads of no length between others.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "engine/road/plan_piece.h"
#include "scenarios/opendrive/reader.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

namespace {

const char* word(ContactPoint contact) { return contact == ContactPoint::kEnd ? "end" : "start"; }

// The link that a road has at one of its ends.
RoadLink& link_at(Road& road, ContactPoint end) {
    return end == ContactPoint::kEnd ? road.successor : road.predecessor;
}
// The lane ids that a lane leads to beyond that end of its road.
std::vector<int>& ids_at(ModelLane& lane, ContactPoint end) {
    return end == ContactPoint::kEnd ? lane.successors : lane.predecessors;
}
LaneSection& section_at(Road& road, ContactPoint end) {
    return end == ContactPoint::kEnd ? road.sections.back() : road.sections.front();
}
ModelLane* find_lane(LaneSection& section, int id) {
    for (ModelLane& lane : section.lanes) {
        if (lane.id == id) return &lane;
    }
    return nullptr;
}

bool adds(std::vector<int>& ids, int id) {
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) return false;
    ids.push_back(id);
    return true;
}

engine::math::Vec2 end_point(const Road& road, ContactPoint end) {
    if (end == ContactPoint::kStart) return {road.plan.front().x_m, road.plan.front().y_m};
    return engine::road::plan_point(road.plan.back(), road.plan.back().length_m).p;
}

// ---- Roads of no length ----

class Bridge {
  public:
    Bridge(Findings& findings, Reading& reading) : findings_(findings), reading_(reading) {}

    void run() {
        const auto empty = [](const Road& road) { return road.length_m < kMinRoadLength_m; };
        auto& roads = reading_.model.roads;
        if (std::none_of(roads.begin(), roads.end(), empty)) return;
        for (std::uint32_t i = 0; i < roads.size(); ++i) {
            // References mean the first of several roads of one id.
            if (!index_.emplace(roads[i].id, i).second || !empty(roads[i])) continue;
            findings_.add(Severity::kWarning, reading_.road_lines[i], "road.zero-length",
                          fmt::format("road {}: its length is {} m; it was left out and its "
                                      "neighbours joined",
                                      roads[i].id, roads[i].length_m));
        }
        // Each costs a walk over all links; a file of nothing but such roads gets no joins.
        constexpr int kMostJoins = 500;
        int joins = 0;
        for (std::uint32_t i = 0; i < roads.size() && joins < kMostJoins; ++i) {
            if (!empty(roads[i])) continue;
            bridge(i);
            ++joins;
        }
        std::size_t kept = 0;
        for (std::size_t i = 0; i < roads.size(); ++i) {
            if (empty(roads[i])) continue;
            if (kept != i) {
                roads[kept] = std::move(roads[i]);
                reading_.road_lines[kept] = reading_.road_lines[i];
            }
            ++kept;
        }
        roads.resize(kept);
        reading_.road_lines.resize(kept);
    }

  private:
    // Where lanes of the empty road lead beyond `end`, from those at its other end.
    static std::vector<int> through(Road& gone, int id, ContactPoint end) {
        std::vector<int> ids = {id};
        const auto step = [&](LaneSection& section) {
            std::vector<int> next;
            for (int at : ids) {
                ModelLane* lane = find_lane(section, at);
                if (lane == nullptr) continue;
                for (int onward : ids_at(*lane, end)) adds(next, onward);
            }
            ids = std::move(next);
        };
        if (end == ContactPoint::kEnd) {
            for (LaneSection& section : gone.sections) step(section);
        } else {
            for (auto s = gone.sections.rbegin(); s != gone.sections.rend(); ++s) step(*s);
        }
        return ids;
    }

    // Turns links to the road into links to what lies beyond it.
    void bridge(std::uint32_t index) {
        Road& gone = reading_.model.roads[index];
        const auto beyond = [&](ContactPoint met) {
            return met == ContactPoint::kStart ? ContactPoint::kEnd : ContactPoint::kStart;
        };
        for (Road& road : reading_.model.roads) {
            if (&road == &gone) continue;
            for (ContactPoint end : {ContactPoint::kStart, ContactPoint::kEnd}) {
                RoadLink& link = link_at(road, end);
                if (link.kind != RoadLink::Kind::kRoad || link.id != gone.id ||
                    link.contact == ContactPoint::kUnknown)
                    continue;
                const ContactPoint far = beyond(link.contact);
                link = link_at(gone, far);
                if (link.kind == RoadLink::Kind::kRoad && link.id == gone.id) link = {};
                for (ModelLane& lane : section_at(road, end).lanes) {
                    std::vector<int> ids;
                    for (int id : ids_at(lane, end)) {
                        for (int onward : through(gone, id, far)) adds(ids, onward);
                    }
                    ids_at(lane, end) = std::move(ids);
                }
            }
        }
        for (ModelJunction& junction : reading_.model.junctions) {
            for (JunctionConnection& connection : junction.connections) {
                if (connection.incoming_id != gone.id) continue;
                // The junction lies at one end, the road that really comes in at the other.
                const bool at_end = gone.successor.kind == RoadLink::Kind::kJunction &&
                                    gone.successor.id == junction.id;
                const ContactPoint far = at_end ? ContactPoint::kStart : ContactPoint::kEnd;
                const RoadLink& link = link_at(gone, far);
                if (link.kind != RoadLink::Kind::kRoad) continue;
                connection.incoming_id = link.id;
                std::vector<LaneLink> lanes;
                for (const LaneLink& lane : connection.lanes) {
                    for (int id : through(gone, lane.from, far))
                        lanes.push_back({id, lane.to, lane.overlap_m});
                }
                connection.lanes = std::move(lanes);
            }
            std::erase_if(junction.connections, [&](const JunctionConnection& connection) {
                return connection.connecting_id == gone.id;
            });
        }
    }

    Findings& findings_;
    Reading& reading_;
    std::unordered_map<std::string, std::uint32_t> index_;
};

// ---- One-sided links ----

class Mender {
  public:
    Mender(Findings& findings, Reading& reading) : findings_(findings), reading_(reading) {}

    void run() {
        completed_.assign(roads().size(), 0);
        for (std::uint32_t i = 0; i < roads().size(); ++i) drop_self_links(i);
        for (std::uint32_t i = 0; i < roads().size(); ++i) infer_contacts(i);
        for (std::uint32_t i = 0; i < roads().size(); ++i) complete_road_links(i);
        for (std::uint32_t i = 0; i < reading_.model.junctions.size(); ++i) mend_junction(i);
        for (std::uint32_t i = 0; i < roads().size(); ++i) complete_lane_links(i);
    }

  private:
    std::vector<Road>& roads() { return reading_.model.roads; }
    static constexpr ContactPoint kEnds[] = {ContactPoint::kStart, ContactPoint::kEnd};

    void add(Severity severity, std::uint32_t road, const char* rule, const std::string& message) {
        findings_.add(severity, reading_.road_lines[road], rule,
                      fmt::format("road {}: {}", roads()[road].id, message));
    }

    // A ring leads from its end to its start; any other link to itself is a slip.
    void drop_self_links(std::uint32_t i) {
        for (ContactPoint end : kEnds) {
            RoadLink& link = link_at(roads()[i], end);
            if (link.kind != RoadLink::Kind::kRoad || link.index != i || link.at_element_s)
                continue;
            const ContactPoint ring =
                end == ContactPoint::kEnd ? ContactPoint::kStart : ContactPoint::kEnd;
            if (link.contact == ring) continue;
            add(Severity::kError, i, "road.link.self",
                fmt::format("its {} is linked to itself; the link was left out", word(end)));
            link = {};
        }
    }

    // A link without contact point: the end that links back, or else the closer one.
    void infer_contacts(std::uint32_t i) {
        for (ContactPoint end : kEnds) {
            RoadLink& link = link_at(roads()[i], end);
            if (link.kind != RoadLink::Kind::kRoad || link.index == kNone || link.at_element_s ||
                link.contact != ContactPoint::kUnknown)
                continue;
            Road& other = roads()[link.index];
            const auto here = end_point(roads()[i], end);
            const double to_start = glm::distance(here, end_point(other, ContactPoint::kStart));
            const double to_end = glm::distance(here, end_point(other, ContactPoint::kEnd));
            const bool from_start = is_back(other.predecessor, i);
            const bool from_end = is_back(other.successor, i);
            const bool start = from_start != from_end ? from_start : to_start <= to_end;
            link.contact = start ? ContactPoint::kStart : ContactPoint::kEnd;
            add(Severity::kWarning, i, "road.link.contact",
                fmt::format("its link to road {} lacks the contact point; \"{}\" was taken",
                            other.id, word(link.contact)));
        }
    }
    static bool is_back(const RoadLink& link, std::uint32_t road) {
        return link.kind == RoadLink::Kind::kRoad && link.index == road;
    }

    void complete_road_links(std::uint32_t i) {
        for (ContactPoint end : kEnds) {
            const RoadLink link = link_at(roads()[i], end);
            if (link.kind != RoadLink::Kind::kRoad || link.index == kNone || link.at_element_s)
                continue;
            Road& other = roads()[link.index];
            RoadLink& back = link_at(other, link.contact);
            if (back.kind != RoadLink::Kind::kNothing) continue;  // contradictions: see check()
            const Road& road = roads()[i];
            // Many connecting roads meet at one end: there the junction is what comes next.
            if (road.junction != kNone && other.junction != road.junction) {
                back.kind = RoadLink::Kind::kJunction;
                back.index = road.junction;
                back.id = road.junction_id;
            } else {
                back.kind = RoadLink::Kind::kRoad;
                back.index = i;
                back.id = road.id;
                back.contact = end;
            }
            add(Severity::kWarning, link.index, "road.link.one-sided",
                fmt::format("its {} has no link, but road {} names it; the link was completed",
                            word(link.contact), road.id));
        }
    }

    // Lane links along a road, and between roads that are linked to each other.
    void complete_lane_links(std::uint32_t i) {
        Road& road = roads()[i];
        for (std::size_t k = 0; k + 1 < road.sections.size(); ++k) {
            complete(i, road.sections[k], ContactPoint::kEnd, i, road.sections[k + 1],
                     ContactPoint::kStart);
            complete(i, road.sections[k + 1], ContactPoint::kStart, i, road.sections[k],
                     ContactPoint::kEnd);
        }
        for (ContactPoint end : kEnds) {
            const RoadLink& link = link_at(road, end);
            if (link.kind != RoadLink::Kind::kRoad || link.index == kNone || link.at_element_s)
                continue;
            const RoadLink& back = link_at(roads()[link.index], link.contact);
            if (!is_back(back, i) || back.contact != end) continue;
            complete(i, section_at(road, end), end, link.index,
                     section_at(roads()[link.index], link.contact), link.contact);
        }
    }

    void complete(std::uint32_t from_road, LaneSection& from, ContactPoint from_end,
                  std::uint32_t to_road, LaneSection& to, ContactPoint to_end) {
        for (ModelLane& lane : from.lanes) {
            for (int id : ids_at(lane, from_end)) {
                ModelLane* other = find_lane(to, id);
                if (other == nullptr || id == 0 || lane.id == 0) continue;
                std::vector<int>& back = ids_at(*other, to_end);
                const bool had = !back.empty();
                if (!adds(back, lane.id)) continue;
                // Where lanes merge, only one of them can be named before 1.8.
                add(had ? Severity::kNote : Severity::kWarning, to_road, "lane.link.one-sided",
                    fmt::format("lane {} of the section at s = {} does not name lane {} of road "
                                "{}, which leads there; the link was completed",
                                id, to.s_m, lane.id, roads()[from_road].id));
            }
        }
    }

    void mend_junction(std::uint32_t j) {
        ModelJunction& junction = reading_.model.junctions[j];
        for (JunctionConnection& connection : junction.connections) {
            if (connection.connecting == kNone) continue;
            Road& road = roads()[connection.connecting];
            const std::string whose =
                fmt::format("junction {}, connection {}", junction.id, connection.id);
            const int line = reading_.junction_lines[j];
            if (junction.kind == ModelJunction::Kind::kCommon && road.junction == kNone &&
                road.junction_id.empty()) {
                road.junction = j;
                road.junction_id = junction.id;
                findings_.add(Severity::kWarning, line, "junction.connecting.outside",
                              fmt::format("{}: road {} does not say that it belongs to the "
                                          "junction; it was put there",
                                          whose, road.id));
            }
            if (connection.contact == ContactPoint::kUnknown && connection.incoming != kNone) {
                const bool start = is_back(road.predecessor, connection.incoming);
                const bool end = is_back(road.successor, connection.incoming);
                if (start != end) {
                    connection.contact = start ? ContactPoint::kStart : ContactPoint::kEnd;
                    findings_.add(Severity::kWarning, line, "junction.connection.contact",
                                  fmt::format("{}: it lacks the contact point; \"{}\" was taken",
                                              whose, word(connection.contact)));
                }
            }
            if (connection.lanes.empty() && connection.contact != ContactPoint::kUnknown &&
                junction.kind == ModelJunction::Kind::kCommon)
                complete_connection(connection, road, whose, line);
        }
    }

    // The lanes of the connecting road name those they come from.
    void complete_connection(JunctionConnection& connection, Road& road, const std::string& whose,
                             int line) {
        // A road comes in at one connection, rarely at some; more would be a list without end.
        constexpr int kMostIncoming = 16;
        if (++completed_[connection.connecting] > kMostIncoming) return;
        for (ModelLane& lane : section_at(road, connection.contact).lanes) {
            // Lanes that run towards the incoming road are none of this connection.
            const bool leaves = (lane.id < 0) == (connection.contact == ContactPoint::kStart);
            if (lane.id == 0 || !(leaves != road.left_hand)) continue;
            for (int from : ids_at(lane, connection.contact))
                connection.lanes.push_back({from, lane.id});
        }
        if (!connection.lanes.empty())
            findings_.add(Severity::kWarning, line, "junction.lane-link.missing",
                          fmt::format("{}: it has no lane links; those of road {} were taken",
                                      whose, road.id));
    }

    Findings& findings_;
    Reading& reading_;
    std::vector<int> completed_;  // connections completed from each road
};

}  // namespace

void bridge_empty_roads(Findings& findings, Reading& reading) { Bridge(findings, reading).run(); }

void mend_links(Findings& findings, Reading& reading) { Mender(findings, reading).run(); }

}  // namespace huntsman::scenarios::opendrive
