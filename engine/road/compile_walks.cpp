// Pavements as a graph: sidewalk lanes' centre lines, joined at their ends and led over crossings.
#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "engine/road/compile_parts.h"
#include "engine/road/road_map.h"

namespace huntsman::engine::road::parts {

using math::Vec2;
using math::Vec3;
using namespace world;

namespace {

constexpr double kStep_m = 1.0;        // between points of a pavement
constexpr double kLeastWidth_m = 0.6;  // narrower strips are no pavement
constexpr double kJoin_m = 0.35;       // ends that are one place
constexpr double kNear_m = 1.5;        // ends that lead on to each other
constexpr double kToCrossing_m = 6.0;  // from a crossing's end to its pavement
constexpr double kLevel_m = 2.0;       // places further apart in height are on two levels
constexpr double kSame_m = 0.6;        // a pavement this close to another all along is the same
constexpr double kLeastLength_m = 0.5;
constexpr double kStraight_m = 0.02;  // points this close to a chord are left out

struct Path {
    std::vector<Vec3> points;
    double width_m = 2;
    std::uint32_t from = kNone, to = kNone;  // nodes
    CrossingId crossing = kNone;
};

double length_of(const std::vector<Vec3>& points) {
    double length = 0;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        length += glm::length(points[i + 1] - points[i]);
    }
    return length;
}

// Closest place on a path, in the plane.
struct OnPath {
    double distance_m = 1e30;
    std::size_t segment = 0;
    double along = 0;
    Vec3 p{0, 0, 0};
};
OnPath closest(const Path& path, const Vec3& p) {
    OnPath best;
    for (std::size_t i = 0; i + 1 < path.points.size(); ++i) {
        const Vec3 &a = path.points[i], &b = path.points[i + 1];
        const auto hit = math::closest_on_segment(math::xy(p), math::xy(a), math::xy(b));
        if (hit.distance_m >= best.distance_m) continue;
        const Vec3 at = a + hit.along * (b - a);
        if (std::abs(at.z - p.z) > kLevel_m) continue;
        best = {hit.distance_m, i, hit.along, at};
    }
    return best;
}

// Sidewalk lanes' middles, cut where traffic drives over them.
std::vector<Path> raw_paths(const Draft& draft, const RoadMap& map) {
    std::vector<Path> paths;
    for (std::uint32_t r = 0; r < draft.model.roads.size(); ++r) {
        const Road& road = draft.model.roads[r];
        for (std::uint32_t k = 0; k < road.sections.size(); ++k) {
            const double low = road.sections[k].s_m, high = draft.geometry.section_end_m(r, k);
            if (high - low < 1e-3) continue;
            for (const ModelLane& lane : road.sections[k].lanes) {
                if (lane.type != LaneType::kSidewalk || lane.id == 0) continue;
                Path path;
                double width = 0;
                int count = 0;
                const auto finish = [&] {
                    path.width_m = count > 0 ? width / count : 0;
                    if (path.points.size() >= 2 && path.width_m >= kLeastWidth_m) {
                        paths.push_back(std::move(path));
                    }
                    path = {};
                    width = 0;
                    count = 0;
                };
                const int steps = std::max(1, static_cast<int>(std::ceil((high - low) / kStep_m)));
                for (int i = 0; i <= steps; ++i) {
                    double s = low + (high - low) * i / steps;
                    // Borders belong to both sections: stay inside this one.
                    s = std::clamp(s, low + 1e-6, high - 1e-6);
                    const Vec3 p = lane_centre(draft.geometry, r, k, lane.id, s);
                    const double w = draft.geometry.width_m(r, k, lane.id, s);
                    if (w < 0.3 || map.on_road(math::xy(p), -0.2)) {
                        finish();
                        continue;
                    }
                    path.points.push_back(p);
                    width += w;
                    ++count;
                }
                finish();
            }
        }
    }
    return paths;
}

// Leaves out pavements that lie on others: connecting roads often repeat them.
void drop_doubles(std::vector<Path>& paths) {
    std::vector<Path> kept;
    std::vector<std::size_t> order(paths.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return length_of(paths[a].points) > length_of(paths[b].points);
    });
    for (const std::size_t i : order) {
        const Path& path = paths[i];
        if (length_of(path.points) >= kLeastLength_m) {
            const bool known =
                std::all_of(path.points.begin(), path.points.end(), [&](const Vec3& p) {
                    return std::any_of(kept.begin(), kept.end(), [&](const Path& other) {
                        return closest(other, p).distance_m < kSame_m;
                    });
                });
            if (known) continue;
        }
        kept.push_back(path);
    }
    paths = std::move(kept);
}

class Graph {
  public:
    std::vector<Path> paths;
    std::vector<Vec3> nodes;

    std::uint32_t add_node(const Vec3& p) {
        nodes.push_back(p);
        return static_cast<std::uint32_t>(nodes.size() - 1);
    }
    // Every end to a node, ends that are one place to one.
    void make_nodes() {
        for (Path& path : paths) {
            for (const bool start : {true, false}) {
                const Vec3& p = start ? path.points.front() : path.points.back();
                std::uint32_t& node = start ? path.from : path.to;
                for (std::uint32_t n = 0; n < nodes.size() && node == kNone; ++n) {
                    if (glm::length(nodes[n] - p) < kJoin_m) node = n;
                }
                if (node == kNone) node = add_node(p);
            }
        }
    }
    std::size_t degree(std::uint32_t node) const {
        std::size_t count = 0;
        for (const Path& path : paths) count += (path.from == node) + (path.to == node);
        return count;
    }
    // A node on a path, which is cut there unless an end is near.
    std::uint32_t node_on(std::size_t index, const OnPath& at) {
        constexpr double kEnd_m = 0.8;
        for (const std::uint32_t end : {paths[index].from, paths[index].to}) {
            if (glm::length(nodes[end] - at.p) < kEnd_m) return end;
        }
        const std::uint32_t node = add_node(at.p);
        Path rest = paths[index];
        Path& head = paths[index];
        head.points.resize(at.segment + 1);
        head.points.push_back(at.p);
        rest.points.erase(rest.points.begin(),
                          rest.points.begin() + static_cast<std::ptrdiff_t>(at.segment) + 1);
        rest.points.insert(rest.points.begin(), at.p);
        head.to = rest.from = node;
        for (Path* part : {&head, &rest}) {
            auto& q = part->points;
            q.erase(
                std::unique(q.begin(), q.end(),
                            [](const Vec3& a, const Vec3& b) { return glm::length(a - b) < 1e-6; }),
                q.end());
        }
        paths.push_back(std::move(rest));
        return node;
    }
    void connect(std::uint32_t from, std::uint32_t to, std::vector<Vec3> middle, double width_m,
                 CrossingId crossing) {
        Path path;
        path.points.push_back(nodes[from]);
        for (const Vec3& p : middle) {
            if (glm::length(p - path.points.back()) > 0.02) path.points.push_back(p);
        }
        if (glm::length(nodes[to] - path.points.back()) > 0.02 || path.points.size() < 2) {
            path.points.push_back(nodes[to]);
        } else {
            path.points.back() = nodes[to];
        }
        path.width_m = width_m;
        path.from = from;
        path.to = to;
        path.crossing = crossing;
        paths.push_back(std::move(path));
    }
    // Loose ends that come near another pavement lead on to it.
    void join_ends() {
        const auto count = static_cast<std::uint32_t>(nodes.size());
        for (std::uint32_t n = 0; n < count; ++n) {
            if (degree(n) != 1) continue;
            double best = kNear_m;
            std::size_t target = paths.size();
            OnPath place;
            for (std::size_t i = 0; i < paths.size(); ++i) {
                if (paths[i].from == n || paths[i].to == n) continue;
                const OnPath at = closest(paths[i], nodes[n]);
                if (at.distance_m >= best) continue;
                best = at.distance_m;
                target = i;
                place = at;
            }
            if (target == paths.size()) continue;
            const double width = paths[target].width_m;
            const std::uint32_t other = node_on(target, place);
            if (other != n) connect(n, other, {}, width, kNone);
        }
    }
    // Nodes where only two pavements meet are none.
    void contract() {
        for (bool changed = true; changed;) {
            changed = false;
            std::vector<std::vector<std::size_t>> at(nodes.size());
            for (std::size_t i = 0; i < paths.size(); ++i) {
                at[paths[i].from].push_back(i);
                at[paths[i].to].push_back(i);
            }
            std::vector<char> gone(paths.size(), 0), touched(paths.size(), 0);
            for (std::uint32_t n = 0; n < nodes.size(); ++n) {
                if (at[n].size() != 2 || at[n][0] == at[n][1]) continue;
                const std::size_t i = at[n][0], j = at[n][1];
                if (touched[i] != 0 || touched[j] != 0) continue;
                Path &a = paths[i], &b = paths[j];
                if (a.crossing != kNone || b.crossing != kNone) continue;
                touched[i] = touched[j] = 1;
                // Both towards and away from n.
                if (a.from == n) {
                    std::reverse(a.points.begin(), a.points.end());
                    std::swap(a.from, a.to);
                }
                if (b.to == n) {
                    std::reverse(b.points.begin(), b.points.end());
                    std::swap(b.from, b.to);
                }
                const double la = length_of(a.points), lb = length_of(b.points);
                a.width_m = la + lb > 0 ? (a.width_m * la + b.width_m * lb) / (la + lb) : a.width_m;
                const bool same = glm::length(a.points.back() - b.points.front()) < 1e-3;
                a.points.insert(a.points.end(), b.points.begin() + (same ? 1 : 0), b.points.end());
                a.to = b.to;
                gone[j] = 1;
                changed = true;
            }
            std::vector<Path> left;
            for (std::size_t i = 0; i < paths.size(); ++i) {
                if (gone[i] == 0) left.push_back(std::move(paths[i]));
            }
            paths = std::move(left);
        }
    }
};

// Points that a chord passes anyway are left out.
std::vector<Vec3> simplified(const std::vector<Vec3>& points) {
    std::vector<Vec3> out{points.front()};
    std::size_t begin = 0;
    while (begin + 1 < points.size()) {
        std::size_t end = begin + 1;
        for (std::size_t next = begin + 2; next < points.size(); ++next) {
            const Vec3 chord = points[next] - points[begin];
            const double length = glm::length(chord);
            if (length > 20.0 || length < 1e-6) break;
            bool near = true;
            for (std::size_t i = begin + 1; i < next && near; ++i) {
                near = glm::length(glm::cross(points[i] - points[begin], chord)) / length <
                       kStraight_m;
            }
            if (!near) break;
            end = next;
        }
        out.push_back(points[end]);
        begin = end;
    }
    return out;
}

}  // namespace

void make_walks(Draft& draft) {
    RoadNetwork& network = draft.network;
    const RoadMap map(network);
    Graph graph;
    graph.paths = raw_paths(draft, map);
    drop_doubles(graph.paths);
    graph.make_nodes();
    // Parts of no length: their ends are one node.
    std::erase_if(graph.paths,
                  [](const Path& path) { return path.from == path.to && path.points.size() < 4; });
    graph.join_ends();
    graph.contract();

    // Crossings lead from pavement to pavement.
    for (Crossing& crossing : network.crossings) {
        std::uint32_t ends[2] = {kNone, kNone};
        for (int side = 0; side < 2; ++side) {
            const Vec3& p = side == 0 ? crossing.a : crossing.b;
            double best = kToCrossing_m;
            std::size_t target = graph.paths.size();
            OnPath place;
            for (std::size_t i = 0; i < graph.paths.size(); ++i) {
                if (graph.paths[i].crossing != kNone) continue;
                const OnPath at = closest(graph.paths[i], p);
                if (at.distance_m >= best) continue;
                best = at.distance_m;
                target = i;
                place = at;
            }
            if (target < graph.paths.size()) ends[side] = graph.node_on(target, place);
        }
        if (ends[0] == kNone || ends[1] == kNone || ends[0] == ends[1]) continue;
        graph.connect(ends[0], ends[1], {crossing.a, crossing.b}, crossing.width_m, crossing.id);
    }
    graph.contract();

    // Into the network, without nodes that nothing meets.
    std::vector<std::uint32_t> place(graph.nodes.size(), kNone);
    for (Path& path : graph.paths) {
        path.points.front() = graph.nodes[path.from];
        path.points.back() = graph.nodes[path.to];
        Walkway walkway;
        walkway.id = static_cast<WalkwayId>(network.walkways.size());
        walkway.points = path.crossing == kNone ? simplified(path.points) : path.points;
        walkway.width_m = path.width_m;
        walkway.length_m = length_of(walkway.points);
        if (walkway.length_m < 1e-3) continue;
        walkway.crossing = path.crossing;
        if (path.crossing != kNone) network.crossings[path.crossing].walkway = walkway.id;
        for (const bool start : {true, false}) {
            const std::uint32_t node = start ? path.from : path.to;
            if (place[node] == kNone) {
                place[node] = static_cast<std::uint32_t>(network.walk_nodes.size());
                network.walk_nodes.push_back({graph.nodes[node], {}});
            }
            (start ? walkway.from : walkway.to) = place[node];
            network.walk_nodes[place[node]].walkways.push_back(walkway.id);
        }
        network.walkways.push_back(std::move(walkway));
    }
}

}  // namespace huntsman::engine::road::parts
