// Traffic lights: which connections they rule, which switch together, and their heads.
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "engine/core/random.h"
#include "engine/road/compile_parts.h"
#include "engine/road/conflicts.h"
#include "engine/road/programmes.h"
#include "engine/road/signal_role.h"

namespace huntsman::engine::road::parts {

using math::Vec2;
using math::Vec3;
using namespace world;

namespace {

constexpr double kLightReach_m = 60.0;  // a light rules the next junction within this

// A light that rules connections of one junction.
struct Light {
    SignalUse use;
    JunctionId junction = kNone;
    std::vector<LaneId> connections;
    std::uint32_t label = 0;  // lights of one label switch together
};

std::uint32_t controller_of(const RoadModel& model, const std::string& signal) {
    for (std::uint32_t c = 0; c < model.controllers.size(); ++c) {
        for (const auto& control : model.controllers[c].controls) {
            if (control.signal_id == signal) return c;
        }
    }
    return kNone;
}

bool share(const std::vector<LaneId>& a, const std::vector<LaneId>& b) {
    return std::any_of(a.begin(), a.end(),
                       [&](LaneId x) { return std::find(b.begin(), b.end(), x) != b.end(); });
}

std::vector<Light> find_lights(const Draft& draft) {
    std::vector<Light> lights;
    for (const SignalUse& use : signal_uses(draft)) {
        const ModelSignal& signal = draft.model.roads[use.home].signals[use.signal];
        if (role_of(signal) != SignalRole::kTrafficLight) continue;
        const auto ahead = connections_ahead(draft, ruled_lanes(draft, use), kLightReach_m);
        // One light may stand where two junctions follow each other: it rules each of them apart.
        for (const LaneId c : ahead) {
            const JunctionId junction = draft.network.lanes[c].junction;
            const auto known = std::find_if(lights.begin(), lights.end(), [&](const Light& l) {
                return l.use.home == use.home && l.use.signal == use.signal &&
                       l.use.road == use.road && l.junction == junction;
            });
            if (known != lights.end()) {
                known->connections.push_back(c);
            } else {
                lights.push_back({use, junction, {c}, 0});
            }
        }
    }
    return lights;
}

// Labels of the lights of one junction: by controller, the rest by what they rule together.
void label_lights(const Draft& draft, std::vector<Light*>& lights) {
    std::uint32_t next = static_cast<std::uint32_t>(draft.model.controllers.size());
    for (Light* light : lights) {
        light->label = controller_of(
            draft.model, draft.model.roads[light->use.home].signals[light->use.signal].id);
    }
    for (std::size_t i = 0; i < lights.size(); ++i) {
        if (lights[i]->label != kNone) continue;
        // The same signal seen on several roads, or lights over the same connections.
        for (std::size_t j = 0; j < i && lights[i]->label == kNone; ++j) {
            const bool same = lights[j]->use.home == lights[i]->use.home &&
                              lights[j]->use.signal == lights[i]->use.signal;
            if (same || share(lights[i]->connections, lights[j]->connections)) {
                lights[i]->label = lights[j]->label;
            }
        }
        if (lights[i]->label == kNone) lights[i]->label = next++;
    }
}

// The road that a connection is entered from.
std::uint32_t approach(const RoadNetwork& network, const Lane& connection) {
    return connection.predecessors.empty() ? kNone
                                           : network.lanes[connection.predecessors.front()].road;
}

bool uses_red_yellow(const Draft& draft, const std::vector<Light*>& lights) {
    constexpr std::array<std::string_view, 14> kWithout = {
        "US", "USA", "CA", "CAN", "JP", "JPN", "FR", "FRA", "ES", "ESP", "IT", "ITA", "BE", "NL"};
    for (const Light* light : lights) {
        const std::string& country =
            draft.model.roads[light->use.home].signals[light->use.signal].country;
        if (std::find(kWithout.begin(), kWithout.end(), country) != kWithout.end()) return false;
        for (const RoadType& type : draft.model.roads[light->use.road].types) {
            if (std::find(kWithout.begin(), kWithout.end(), type.country) != kWithout.end()) {
                return false;
            }
        }
    }
    return true;
}

// Groups of one junction's connections.
void make_groups(Draft& draft, JunctionId junction, const std::vector<Light*>& lights) {
    RoadNetwork& network = draft.network;
    // Each connection follows the light that rules the fewest.
    std::vector<std::pair<LaneId, std::uint32_t>> labels;
    for (const LaneId c : network.junctions[junction].connections) {
        const Light* own = nullptr;
        for (const Light* light : lights) {
            const auto& rules = light->connections;
            if (std::find(rules.begin(), rules.end(), c) == rules.end()) continue;
            if (own == nullptr || rules.size() < own->connections.size()) own = light;
        }
        if (own != nullptr) labels.emplace_back(c, own->label);
    }
    // Labels under which ways would meet are split by approach.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> keys;  // label, approach or kNone
    std::vector<std::size_t> key_of(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        bool split = false;
        for (const auto& [c, label] : labels) {
            if (label != labels[i].second) continue;
            for (const auto& [d, other] : labels) {
                split = split || (other == label &&
                                  incompatible(network, network.lanes[c], network.lanes[d]));
            }
        }
        const std::pair key(labels[i].second,
                            split ? approach(network, network.lanes[labels[i].first]) : kNone);
        const auto known = std::find(keys.begin(), keys.end(), key);
        key_of[i] = static_cast<std::size_t>(known - keys.begin());
        if (known == keys.end()) keys.push_back(key);
    }
    const auto first = static_cast<SignalGroupId>(network.signal_groups.size());
    for (std::size_t k = 0; k < keys.size(); ++k) {
        network.signal_groups.push_back({junction, kNone, false});
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
        Lane& lane = network.lanes[labels[i].first];
        lane.signal_group = first + static_cast<SignalGroupId>(key_of[i]);
        lane.control = Control::kSignal;
    }
}

// Of the junctions before and behind a crossing the closest one; kNone without any.
JunctionId closest_junction(const RoadNetwork& network, const Crossing& crossing) {
    JunctionId closest = kNone;
    double least_m = 1e30;
    const auto offer = [&](JunctionId junction, double distance_m) {
        if (junction == kNone || distance_m >= least_m) return;
        least_m = distance_m;
        closest = junction;
    };
    for (const Crossing::LaneSpan& span : crossing.lanes) {
        const Lane& lane = network.lanes[span.lane];
        offer(lane.junction, 0.0);
        for (const LaneId next : lane.successors) {
            offer(network.lanes[next].junction, lane.length_m - span.s_end_m);
        }
        for (const LaneId before : lane.predecessors) {
            offer(network.lanes[before].junction, span.s_begin_m);
        }
    }
    return closest;
}

// Crossings whose traffic has lights get their own group. Between two junctions a crossing belongs
// to the closer one: the lights of the other do not stop those who come from there.
void make_walk_groups(Draft& draft, JunctionId junction) {
    RoadNetwork& network = draft.network;
    for (Crossing& crossing : network.crossings) {
        if (crossing.signal_group != kNone) continue;
        const JunctionId closest = closest_junction(network, crossing);
        if (closest != kNone && closest != junction) continue;
        const bool ruled = std::any_of(
            network.junctions[junction].connections.begin(),
            network.junctions[junction].connections.end(), [&](LaneId c) {
                const Lane& lane = network.lanes[c];
                return lane.signal_group != kNone && incompatible(network, lane, crossing);
            });
        if (!ruled) continue;
        crossing.signal_group = static_cast<SignalGroupId>(network.signal_groups.size());
        network.signal_groups.push_back({junction, kNone, true});
    }
}

// Heads of lights, where the model has them.
void make_heads(Draft& draft, const std::vector<Light>& lights) {
    constexpr double kLeast_m = 2.0, kUsual_m = 2.9;  // of a head's middle over the road
    RoadNetwork& network = draft.network;
    for (std::uint32_t r = 0; r < draft.model.roads.size(); ++r) {
        for (std::uint32_t i = 0; i < draft.model.roads[r].signals.size(); ++i) {
            const ModelSignal& signal = draft.model.roads[r].signals[i];
            const SignalRole role = role_of(signal);
            if (role != SignalRole::kTrafficLight && role != SignalRole::kPedestrianLight) continue;
            SignalHead head;
            head.road = r;
            head.signal = i;
            const RoadPose pose = draft.geometry.pose({r, signal.s_m, signal.t_m, 0});
            const bool people = role == SignalRole::kPedestrianLight;
            head.height_m = signal.height_m > 0 ? signal.height_m : people ? 0.6 : 1.0;
            head.width_m = signal.width_m > 0 ? signal.width_m : people ? 0.3 : 0.35;
            double up = signal.z_offset_m + 0.5 * head.height_m;
            if (up < kLeast_m) up = kUsual_m;
            head.p = pose.p + Vec3(0, 0, up);
            // It shines against the traffic that it rules.
            const double facing = signal.orientation == Orientation::kBackward ? 0.0 : math::kPi;
            head.heading_rad = math::wrap_angle(pose.heading_rad + facing + signal.h_offset_rad);
            if (people) {
                // The nearest crossing with a group.
                constexpr double kReach_m = 8.0;
                double best = kReach_m;
                for (const Crossing& crossing : network.crossings) {
                    if (crossing.signal_group == kNone) continue;
                    for (const Vec3& end : {crossing.a, crossing.b}) {
                        const double distance = glm::length(math::xy(end - head.p));
                        if (distance >= best) continue;
                        best = distance;
                        head.group = crossing.signal_group;
                    }
                }
            } else {
                for (const Light& light : lights) {
                    if (light.use.home != r || light.use.signal != i) continue;
                    for (const LaneId c : light.connections) {
                        const SignalGroupId group = network.lanes[c].signal_group;
                        if (head.group == kNone) head.group = group;
                        if (group == head.group) head.governs.push_back(c);
                    }
                }
                std::sort(head.governs.begin(), head.governs.end());
                head.governs.erase(std::unique(head.governs.begin(), head.governs.end()),
                                   head.governs.end());
            }
            if (head.group != kNone) network.signal_heads.push_back(std::move(head));
        }
    }
}

}  // namespace

void make_signals(Draft& draft) {
    RoadNetwork& network = draft.network;
    std::vector<Light> lights = find_lights(draft);
    const core::Key key = core::Key(draft.options.seed).with("signals");
    for (JunctionId j = 0; j < network.junctions.size(); ++j) {
        std::vector<Light*> own;
        for (Light& light : lights) {
            if (light.junction == j) own.push_back(&light);
        }
        if (own.empty()) continue;
        label_lights(draft, own);
        make_groups(draft, j, own);
        make_walk_groups(draft, j);
        ProgrammeOptions options;
        options.red_yellow = uses_red_yellow(draft, own);
        options.offset_s = static_cast<double>(key.with(j).index(90));
        make_programme(network, j, options);
        // Who has green together is known now.
        compute_conflicts(network, j, draft.way_level);
    }
    make_heads(draft, lights);
}

}  // namespace huntsman::engine::road::parts
