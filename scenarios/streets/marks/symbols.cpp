#include "scenarios/streets/marks/symbols.h"

#include <algorithm>
#include <map>

#include "engine/road/lane_curve.h"
#include "scenarios/catalogue/lettering.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using catalogue::Colour;
using world::Control;
using world::kNone;
using world::LaneType;
using world::ModelObject;
using world::Turn;

namespace {

constexpr Colour kWhite{1, 1, 1};
constexpr double kStopLine_m = 0.4, kStopGap_m = 0.1;
constexpr double kTooth_m = 0.5, kToothStep_m = 0.75, kToothLength_m = 0.6;
constexpr double kBar_m = 0.5;                     // bars of a zebra, and gaps between them
constexpr double kArrow_m = 4.0;                   // length of an arrow on the road
constexpr double kArrowsBefore_m[] = {7.0, 25.0};  // from the stop line to an arrow's tip
constexpr double kWordEvery_m = 60.0;
constexpr double kLargest_m = 200.0;  // longer crossings and markings are slips

class SymbolPainter {
  public:
    SymbolPainter(const Ground& ground, const world::RoadNetwork& network, bool american,
                  std::vector<TileMesh>& tiles, std::vector<world::RoadSymbol>& symbols)
        : ground_(ground),
          network_(network),
          american_(american),
          tiles_(tiles),
          symbols_(symbols) {}

    void entries();
    void objects();
    void parking_lanes();
    void words();

  private:
    // Remembers a symbol that fills x0..x1 and -half..half in a frame on the road.
    void note(std::string type, const math::RigidTransform& X, double x0, double x1, double half) {
        symbols_.push_back({std::move(type),
                            {X * Vec3(x0, -half, 0), X * Vec3(x1, -half, 0), X * Vec3(x1, half, 0),
                             X * Vec3(x0, half, 0)}});
    }
    // Paints into the tile that holds (road, s).
    template <typename Draw>
    void with(std::uint32_t road, double s_m, Draw draw) {
        const std::uint32_t tile = ground_.tile_of(road, s_m);
        if (tile == kNone) return;
        ShapePainter painter(tiles_[tile], [&](const Vec2& p) { return ground_.at(road, s_m, p); });
        draw(painter);
    }
    void arrow(ShapePainter& painter, const math::RigidTransform& X, bool straight, bool left,
               bool right) const;
    void crosswalk(std::uint32_t road, const ModelObject& object);
    void parking_space(std::uint32_t road, const ModelObject& object);
    void markings(std::uint32_t road, const ModelObject& object);
    bool signalled(std::uint32_t road, const ModelObject& object, const Vec2& centre) const;
    // Whether this line was not painted yet; places that share a side say it twice.
    bool fresh(const Vec2& a, const Vec2& b) {
        constexpr double kSame_m = 0.8;  // no place is as narrow; in bends its sides gape
        const Vec2 m = 0.5 * (a + b);
        const auto cell = [](double v) { return std::llround(v); };
        for (long long x = cell(m.x) - 1; x <= cell(m.x) + 1; ++x) {
            for (long long y = cell(m.y) - 1; y <= cell(m.y) + 1; ++y) {
                const auto found = painted_.find({x, y});
                if (found == painted_.end()) continue;
                for (const Vec2& other : found->second) {
                    if (glm::length(other - m) < kSame_m) return false;
                }
            }
        }
        painted_[{cell(m.x), cell(m.y)}].push_back(m);
        return true;
    }

    const Ground& ground_;
    const world::RoadNetwork& network_;
    bool american_;
    std::vector<TileMesh>& tiles_;
    std::vector<world::RoadSymbol>& symbols_;                               // what was painted
    std::map<std::pair<long long, long long>, std::vector<Vec2>> painted_;  // by middle
};

// Stop lines, yield teeth and arrows where lanes end at junctions.
void SymbolPainter::entries() {
    for (const world::Junction& junction : network_.junctions) {
        for (const world::LaneId id : junction.entries) {
            const world::Lane& lane = network_.lanes[id];
            if (lane.in_junction() || lane.road == kNone) continue;
            bool held = false, yields = false, straight = false, left = false, right = false;
            double stop = lane.length_m;
            for (const world::LaneId next : lane.successors) {
                const world::Lane& connection = network_.lanes[next];
                if (connection.junction != junction.id) continue;
                held = held || connection.control == Control::kSignal ||
                       connection.control == Control::kStop;
                yields = yields || connection.control == Control::kYield;
                straight = straight || connection.turn == Turn::kStraight;
                left = left || connection.turn == Turn::kLeft || connection.turn == Turn::kUTurn;
                right = right || connection.turn == Turn::kRight;
                if (connection.stop_s_m > 0) stop = std::min(stop, connection.stop_s_m);
            }
            const auto at = [&](double s) {
                const auto sample = engine::road::lane_at(lane, s);
                return math::upright(sample.p, sample.heading_rad);
            };
            const auto place = [&](double s) {
                return ground_.geometry().project(lane.road, engine::road::lane_at(lane, s).p).s_m;
            };
            const auto stop_at = engine::road::lane_at(lane, stop);
            const double half = 0.5 * stop_at.width_m - 0.06;
            if (held && half > 0.5) {
                // Just before the front of who stops there would cross it.
                const double begin =
                    std::min(stop + kStopGap_m, lane.length_m - kStopLine_m - 0.05);
                const auto X = at(std::max(0.0, begin));
                note("stop_line", X, 0, kStopLine_m, half);
                with(lane.road, place(begin), [&](ShapePainter& painter) {
                    const auto p = [&](double x, double y) { return math::xy(X * Vec3(x, y, 0)); };
                    painter.polygon(
                        {p(0, -half), p(kStopLine_m, -half), p(kStopLine_m, half), p(0, half)},
                        kWhite);
                });
            } else if (yields && half > 0.5) {
                const auto X = at(std::min(stop, lane.length_m - kToothLength_m - 0.05));
                note("yield_line", X, 0, kToothLength_m, half);
                with(lane.road, place(stop), [&](ShapePainter& painter) {
                    const auto p = [&](double x, double y) { return math::xy(X * Vec3(x, y, 0)); };
                    const int teeth = std::max(
                        1, static_cast<int>((2 * half + kToothStep_m - kTooth_m) / kToothStep_m));
                    const double first = -0.5 * (kToothStep_m * (teeth - 1) + kTooth_m);
                    for (int i = 0; i < teeth; ++i) {
                        // They point at the driver.
                        const double y = first + kToothStep_m * i;
                        painter.polygon({p(0, y + 0.5 * kTooth_m), p(kToothLength_m, y),
                                         p(kToothLength_m, y + kTooth_m)},
                                        kWhite, 1);
                    }
                });
            }
            // Arrows where lanes of one direction stand side by side.
            const bool several = lane.left != kNone || lane.right != kNone;
            if (!several || lane.kind != world::LaneKind::kDriving ||
                !(straight || left || right) || stop_at.width_m < 2.2) {
                continue;
            }
            for (const double before : kArrowsBefore_m) {
                const double tail = stop - before - kArrow_m;
                if (tail < 2.0) continue;
                const auto X = at(tail);
                note(std::string("arrow") + (straight ? "_straight" : "") + (left ? "_left" : "") +
                         (right ? "_right" : ""),
                     X, 0, straight ? kArrow_m : 2.7, left || right ? 1.15 : 0.35);
                with(lane.road, place(tail),
                     [&](ShapePainter& painter) { arrow(painter, X, straight, left, right); });
            }
        }
    }
}

void SymbolPainter::arrow(ShapePainter& painter, const math::RigidTransform& X, bool straight,
                          bool left, bool right) const {
    const auto p = [&](double x, double y) { return math::xy(X * Vec3(x, y, 0)); };
    constexpr double kShaft_m = 0.08;
    const double end = straight ? 3.0 : 2.2;
    painter.polygon({p(0, -kShaft_m), p(end, -kShaft_m), p(end, kShaft_m), p(0, kShaft_m)}, kWhite,
                    1);
    if (straight) painter.polygon({p(3.0, -0.35), p(4.0, 0), p(3.0, 0.35)}, kWhite, 1);
    for (const double side : {1.0, -1.0}) {
        if (side > 0 ? !left : !right) continue;
        // An arm that bends off the shaft, and its head.
        painter.polygon({p(1.3, 0.0), p(1.55, 0.0), p(2.35, 0.65 * side), p(2.1, 0.65 * side)},
                        kWhite, 1);
        painter.polygon({p(1.75, 0.6 * side), p(2.7, 0.6 * side), p(2.3, 1.15 * side)}, kWhite, 1);
    }
}

bool SymbolPainter::signalled(std::uint32_t road, const ModelObject& object,
                              const Vec2& centre) const {
    double nearest = 4.0;
    bool found = false, lights = false;
    for (const world::Crossing& crossing : network_.crossings) {
        const double d = glm::length(0.5 * (math::xy(crossing.a) + math::xy(crossing.b)) - centre);
        if (d >= nearest) continue;
        nearest = d;
        found = true;
        lights = crossing.signal_group != kNone;
    }
    if (found) return lights;
    // Without a network: lights for people stand beside it.
    for (const world::ModelSignal& signal : ground_.model().roads[road].signals) {
        if (signal.dynamic && signal.type == "1000002" && std::abs(signal.s_m - object.s_m) < 8) {
            return true;
        }
    }
    return false;
}

void SymbolPainter::crosswalk(std::uint32_t road, const ModelObject& object) {
    const std::vector<Vec3> corners = object_corners(ground_, road, object);
    if (corners.size() < 3) return;
    Ring ring;
    Vec2 centre(0, 0), longest(0, 0);
    for (std::size_t i = 0; i < corners.size(); ++i) {
        ring.push_back(to_lattice(math::xy(corners[i])));
        centre += math::xy(corners[i]) / static_cast<double>(corners.size());
        const Vec2 side = math::xy(corners[(i + 1) % corners.size()] - corners[i]);
        if (glm::length(side) > glm::length(longest)) longest = side;
    }
    if (area_m2(ring) < 0) std::reverse(ring.begin(), ring.end());
    if (area_m2(ring) < 1.0) return;

    // Bars lie along the traffic; people walk along the longer side.
    const Vec2 way = glm::normalize(longest);
    Vec2 traffic = math::direction(ground_.geometry().reference(road, object.s_m).heading_rad);
    if (std::abs(glm::dot(traffic, way)) > 0.7) traffic = math::perp(way);
    double low = 1e30, high = -1e30, near = 1e30, far = -1e30;
    for (const Vec3& c : corners) {
        const Vec2 d = math::xy(c) - centre;
        low = std::min(low, glm::dot(d, way));
        high = std::max(high, glm::dot(d, way));
        near = std::min(near, glm::dot(d, math::perp(way)));
        far = std::max(far, glm::dot(d, math::perp(way)));
    }
    const double reach = (far - near) + (high - low);
    if (reach > kLargest_m) return;
    Rings bars;
    const auto add = [&](const Vec2& a, const Vec2& b, const Vec2& c, const Vec2& d) {
        Ring bar;
        for (const Vec2& p : {a, b, c, d}) bar.push_back(to_lattice(centre + p));
        if (area_m2(bar) < 0) std::reverse(bar.begin(), bar.end());
        bars.push_back(std::move(bar));
    };
    if (signalled(road, object, centre) && !american_) {
        // Two broken lines along the way.
        for (const double side : {near + 0.06, far - 0.06}) {
            for (double u = low + 0.35; u < high - 0.5; u += 0.75) {
                const Vec2 a = u * way + (side - 0.06) * math::perp(way);
                const Vec2 b = a + 0.5 * way, up = 0.12 * math::perp(way);
                add(a, b, b + up, a + up);
            }
        }
    } else {
        const double bar = american_ ? 0.6 : kBar_m;
        const int count = std::max(1, static_cast<int>((high - low - 0.3 + bar) / (2 * bar)));
        const double first = 0.5 * (low + high) - (count - 0.5) * bar;
        for (int i = 0; i < count; ++i) {
            const Vec2 a = (first + 2 * bar * i) * way - reach * traffic;
            const Vec2 b = a + bar * way, along = 2 * reach * traffic;
            add(a, b, b + along, a + along);
        }
    }
    Rings shown = intersect(bars, {ring});
    // None on pavements, medians and islands.
    const bool connecting = ground_.model().roads[road].junction != kNone;
    std::erase_if(shown, [&](const Ring& r) {
        if (connecting) return false;
        Vec2 middle(0, 0);
        for (const LatticePoint& p : r) middle += to_metres(p) / static_cast<double>(r.size());
        const auto place = ground_.geometry().project_near(
            road, Vec3(middle, ground_.geometry().elevation_m(road, object.s_m)), object.s_m);
        const Cover cover = ground_.cover(road, place.s_m, place.t_m);
        return cover != Cover::kAsphalt && cover != Cover::kCycleway && cover != Cover::kGutter;
    });
    if (!shown.empty()) symbols_.push_back({"crosswalk", corners});
    with(road, object.s_m, [&](ShapePainter& painter) {
        for (const Ring& r : shown) painter.rings({r}, kWhite);
    });
}

void SymbolPainter::parking_space(std::uint32_t road, const ModelObject& object) {
    const std::vector<Vec3> corners = object_corners(ground_, road, object);
    if (corners.size() != 4) return;
    symbols_.push_back({"parking_space", corners});
    const Vec2 along = math::direction(ground_.geometry().reference(road, object.s_m).heading_rad);
    with(road, object.s_m, [&](ShapePainter& painter) {
        for (std::size_t i = 0; i < 4; ++i) {
            const Vec2 a = math::xy(corners[i]), b = math::xy(corners[(i + 1) % 4]);
            const double length = glm::length(b - a);
            // Lines between places run across the road; the lane's own marks run along it.
            if (length < 0.5 || std::abs(glm::dot(b - a, along)) > 0.75 * length) continue;
            if (!fresh(a, b)) continue;
            const Vec2 inwards = 0.08 / length * (b - a);
            painter.band(a + inwards, b - inwards, 0.1, kWhite, 1);
        }
    });
}

// Paint on an object's sides or between its corners.
void SymbolPainter::markings(std::uint32_t road, const ModelObject& object) {
    const std::vector<Vec3> corners = object_corners(ground_, road, object);
    if (corners.size() < 2) return;
    std::vector<int> ids;
    for (const world::Outline& outline : object.outlines) {
        if (!outline.outer || outline.corners.size() < 3) continue;
        for (const world::OutlineCorner& c : outline.corners) ids.push_back(c.id);
        break;
    }
    for (const world::ObjectMarking& marking : object.markings) {
        std::vector<std::pair<Vec2, Vec2>> lines;
        if (marking.corners.size() >= 2) {
            for (std::size_t i = 0; i + 1 < marking.corners.size(); ++i) {
                const auto from = std::find(ids.begin(), ids.end(), marking.corners[i]);
                const auto to = std::find(ids.begin(), ids.end(), marking.corners[i + 1]);
                if (from == ids.end() || to == ids.end()) continue;
                lines.emplace_back(math::xy(corners[static_cast<std::size_t>(from - ids.begin())]),
                                   math::xy(corners[static_cast<std::size_t>(to - ids.begin())]));
            }
        } else if (corners.size() == 4 && object.outlines.empty()) {
            // Sides of the box: corners run front left, rear left, rear right, front right.
            const std::size_t side = marking.side == "left"    ? 0
                                     : marking.side == "rear"  ? 1
                                     : marking.side == "right" ? 2
                                                               : 3;
            lines.emplace_back(math::xy(corners[side]), math::xy(corners[(side + 1) % 4]));
        }
        const Colour colour = paint_colour(marking.colour);
        const double width = marking.width_m > 0 ? marking.width_m : marking.bold ? 0.25 : 0.12;
        with(road, object.s_m, [&](ShapePainter& painter) {
            for (const auto& [a, b] : lines) {
                const double length = glm::length(b - a);
                const double end = length - marking.stop_m;
                if (length < 0.05 || length > kLargest_m) continue;
                const Vec2 u = (b - a) / length;
                const bool broken = marking.line_m > 0.02 && marking.space_m > 0.02;
                for (double s = marking.start_m; s < end - 0.02;
                     s += broken ? marking.line_m + marking.space_m : length) {
                    const double to = broken ? std::min(end, s + marking.line_m) : end;
                    painter.band(a + s * u, a + to * u, width, colour, 1);
                }
            }
        });
    }
}

void SymbolPainter::objects() {
    const auto& roads = ground_.model().roads;
    for (std::uint32_t r = 0; r < roads.size(); ++r) {
        for (const ModelObject& object : roads[r].objects) {
            if (!object.markings.empty()) {
                markings(r, object);
            } else if (object.type == "crosswalk") {
                crosswalk(r, object);
            } else if (object.type == "parkingSpace") {
                parking_space(r, object);
            }
        }
    }
}

// Lines between the places of parking lanes for which the map names no places.
void SymbolPainter::parking_lanes() {
    const auto& geometry = ground_.geometry();
    const auto& roads = ground_.model().roads;
    for (std::uint32_t r = 0; r < roads.size(); ++r) {
        if (roads[r].junction != kNone) continue;
        const bool named = std::any_of(roads[r].objects.begin(), roads[r].objects.end(),
                                       [](const auto& o) { return o.type == "parkingSpace"; });
        if (named) continue;
        for (const Span& span : ground_.surface().roads[r].spans) {
            for (const LaneStrip& strip : span.lanes) {
                if (strip.type != LaneType::kParking || strip.max_width_m < 1.6) continue;
                // Across the lane where it is deep enough for a car, else along it.
                const double step = strip.max_width_m > 4.2 ? 2.5 : 6.0;
                const double from = span.stations.front(), to = span.stations.back();
                const int places = static_cast<int>((to - from) / step);
                const double first = from + 0.5 * (to - from - places * step);
                for (int i = 0; i <= places && places > 0; ++i) {
                    const double s = first + step * i;
                    const double width = geometry.width_m(r, span.section, strip.lane, s);
                    if (width < 1.6) continue;
                    const double inner = geometry.inner_t_m(r, span.section, strip.lane, s),
                                 outer = geometry.outer_t_m(r, span.section, strip.lane, s);
                    const double sign = outer > inner ? 1.0 : -1.0;
                    const Vec2 a = math::xy(ground_.point(r, s, inner + 0.06 * sign)),
                               b = math::xy(ground_.point(r, s, outer - 0.1 * sign));
                    with(r, s, [&](ShapePainter& painter) { painter.band(a, b, 0.1, kWhite, 1); });
                }
            }
        }
    }
}

// Bicycles on cycle lanes, words on lanes for buses and taxis.
void SymbolPainter::words() {
    const auto& geometry = ground_.geometry();
    const auto& roads = ground_.model().roads;
    for (std::uint32_t r = 0; r < roads.size(); ++r) {
        const world::Road& road = roads[r];
        if (road.junction != kNone) continue;
        for (const Span& span : ground_.surface().roads[r].spans) {
            for (const LaneStrip& strip : span.lanes) {
                const char* word = strip.type == LaneType::kBus    ? "BUS"
                                   : strip.type == LaneType::kTaxi ? "TAXI"
                                   : strip.type == LaneType::kHov  ? "HOV"
                                                                   : nullptr;
                const bool bicycle = strip.type == LaneType::kBiking;
                if ((word == nullptr && !bicycle) || strip.max_width_m < (bicycle ? 0.8 : 2.5)) {
                    continue;
                }
                const world::ModelLane* lane = geometry.lane(r, span.section, strip.lane);
                const bool reversed = lane->direction == world::ModelLane::Direction::kReversed;
                const bool forward = ((strip.lane < 0) != road.left_hand) != reversed;
                const double length = span.stations.back() - span.stations.front();
                const int count = static_cast<int>(length / kWordEvery_m) + (length > 20 ? 1 : 0);
                for (int i = 0; i < count; ++i) {
                    const double s = span.stations.front() + length * (i + 0.5) / count;
                    const double t = 0.5 * (geometry.inner_t_m(r, span.section, strip.lane, s) +
                                            geometry.outer_t_m(r, span.section, strip.lane, s));
                    const double sign = forward ? 1.0 : -1.0;
                    // x to the reader's right, y ahead.
                    const auto put = [&](const Vec2& q) {
                        return math::xy(ground_.point(r, s + sign * q.y, t - sign * q.x));
                    };
                    const auto corner = [&](double x, double y) {
                        return ground_.point(r, s + sign * y, t - sign * x);
                    };
                    // Letters are long, since they are read at a grazing angle.
                    const double fit =
                        word == nullptr ? 0.0
                                        : std::min(0.8, 0.75 * strip.max_width_m /
                                                            catalogue::lettering_width(word, 1.0));
                    const double half =
                        word == nullptr ? 0.6 : 0.5 * catalogue::lettering_width(word, fit);
                    const double low = word == nullptr ? -0.45 : -1.5 * fit,
                                 high = word == nullptr ? 1.1 : 1.5 * fit;
                    symbols_.push_back({word != nullptr ? std::string("word_") + word : "bicycle",
                                        {corner(-half, low), corner(half, low), corner(half, high),
                                         corner(-half, high)}});
                    with(r, s, [&](ShapePainter& painter) {
                        if (word != nullptr) {
                            for (const auto& [a, b] : catalogue::lettering(word, fit)) {
                                const Vec2 along(1, 3.0);
                                painter.band(put(a * along), put(b * along), 0.12, kWhite, 1);
                            }
                            return;
                        }
                        // Wheels, frame, handlebar.
                        for (const double x : {-0.32, 0.32}) {
                            constexpr int kSides = 10;
                            for (int k = 0; k < kSides; ++k) {
                                const double a = 2 * math::kPi * k / kSides,
                                             b = 2 * math::kPi * (k + 1) / kSides;
                                painter.band(put(Vec2(x + 0.22 * std::cos(a), 0.4 * std::sin(a))),
                                             put(Vec2(x + 0.22 * std::cos(b), 0.4 * std::sin(b))),
                                             0.06, kWhite, 0);
                            }
                        }
                        const Vec2 frame[][2] = {
                            {{-0.32, 0}, {-0.12, 0.75}},  {{-0.12, 0.75}, {0.18, 0.75}},
                            {{0.18, 0.75}, {0.32, 0}},    {{-0.32, 0}, {0.02, 0.05}},
                            {{0.02, 0.05}, {0.18, 0.75}}, {{-0.12, 0.75}, {-0.16, 0.95}},
                            {{0.18, 0.75}, {0.16, 1.05}}, {{0.16, 1.05}, {0.3, 1.05}}};
                        for (const auto& bar : frame) {
                            painter.band(put(bar[0]), put(bar[1]), 0.06, kWhite, 0);
                        }
                    });
                }
            }
        }
    }
}

}  // namespace

void add_symbols(const Ground& ground, const world::RoadNetwork& network, bool american,
                 std::vector<TileMesh>& tiles, std::vector<world::RoadSymbol>& symbols) {
    SymbolPainter painter(ground, network, american, tiles, symbols);
    painter.entries();
    painter.objects();
    painter.parking_lanes();
    painter.words();
}

}  // namespace huntsman::scenarios::streets
