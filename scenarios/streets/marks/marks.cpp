#include "scenarios/streets/marks/marks.h"

#include <algorithm>

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using world::kNone;
using world::MarkColour;
using world::MarkLine;
using world::MarkType;
using world::RoadMark;

namespace {

constexpr double kWidth_m = 0.12, kBoldWidth_m = 0.25;
constexpr double kLongestCrossing_m = 10.0;
constexpr double kShortestPeriod_m = 0.3;
constexpr double kDotSpacing_m = 1.2, kDot_m = 0.1;

// A line of a double mark is as wide as one alone, with a gap of the same width between.
double line_width(const RoadMark& mark) {
    if (mark.width_m > 0.01 && mark.width_m < 2.0) return mark.width_m;
    return mark.bold ? kBoldWidth_m : kWidth_m;
}

// The part of a connecting road's border that is an edge of the junction's asphalt.
struct EdgeTest {
    InsideTest inside;
    bool edge(const Vec2& p, const Vec2& left) const {
        constexpr double kProbe_m = 0.35;
        return inside(p + kProbe_m * left) != inside(p - kProbe_m * left);
    }
};

class LaneMarker {
  public:
    LaneMarker(const Ground& ground, std::uint32_t road, const JunctionGround* junction,
               const EdgeTest* edges, bool american, TileMesh& mesh, double from_m, double to_m)
        : road_(ground.model().roads[road]),
          spans_(ground.surface().roads[road].spans),
          edges_(edges),
          american_(american),
          from_m_(from_m),
          to_m_(to_m),
          painter_(ground.surface(), road, junction, mesh, from_m, to_m) {
        // Where people cross.
        for (const world::ModelObject& object : road_.objects) {
            if (object.type != "crosswalk") continue;
            double low = 1e30, high = -1e30;
            for (const Vec3& corner : object_corners(ground, road, object)) {
                const double s = ground.geometry().project_near(road, corner, object.s_m).s_m;
                low = std::min(low, s);
                high = std::max(high, s);
            }
            // A crossing along the road is none that its lines run into.
            if (high - low < kLongestCrossing_m) crossings_.emplace_back(low - 0.3, high + 0.3);
        }
        std::sort(crossings_.begin(), crossings_.end());
    }

    void all() {
        for (std::size_t k = 0; k < spans_.size(); ++k) {
            const Span& span = spans_[k];
            if (span.stations.back() <= from_m_ || span.stations.front() >= to_m_) continue;
            const world::LaneSection& section = road_.sections[span.section];
            for (const world::ModelLane& lane : section.lanes) {
                const auto border = border_of(span, lane.id);
                if (!border) continue;
                for (std::size_t m = 0; m < lane.marks.size(); ++m) {
                    const double start = section.s_m + lane.marks[m].s_offset_m;
                    const double end = m + 1 < lane.marks.size()
                                           ? section.s_m + lane.marks[m + 1].s_offset_m
                                           : span.stations.back();
                    mark(k, *border, lane, lane.marks[m], start,
                         std::max(start, span.stations.front()),
                         std::min(end, span.stations.back()));
                }
            }
        }
    }

  private:
    void mark(std::size_t k, const Border& border, const world::ModelLane& lane,
              const RoadMark& mark, double start, double from, double to) {
        if (to - from < 0.02) return;
        const auto stripes = stripes_of(mark, lane.id, start, mark_style(road_, start, american_));
        for (const MarkStripe& stripe : stripes) {
            const auto offset = [&](double s) {
                double sway = 0;
                if (!mark.sway.empty()) sway = engine::road::value_at(mark.sway, s - start);
                return stripe.offset_m + sway;
            };
            if (edges_ != nullptr) {
                edge_only(k, border, from, to, stripe, offset);
            } else {
                paint(k, border, from, to, stripe, offset);
            }
        }
    }

    template <typename Offset>
    void paint(std::size_t k, const Border& border, double from, double to,
               const MarkStripe& stripe, Offset offset) {
        const auto colour = paint_colour(stripe.colour);
        if (stripe.gap_m <= 0 && !stripe.once) {
            ribbon(k, border, from, to, stripe.width_m, colour, offset);
            return;
        }
        if (stripe.once) {
            ribbon(k, border, std::max(from, stripe.start_m),
                   std::min(to, stripe.start_m + stripe.dash_m), stripe.width_m, colour, offset);
            return;
        }
        // Dashes that begin before the tile, or the mark, count from the first one on.
        const double period = std::max(0.1, stripe.dash_m + stripe.gap_m);
        const double first = std::max(from, from_m_);
        double s = stripe.start_m + period * std::floor((first - stripe.start_m) / period);
        for (; s < std::min(to, to_m_); s += period) {
            ribbon(k, border, std::max(from, s), std::min(to, s + stripe.dash_m), stripe.width_m,
                   colour, offset);
        }
    }

    // A ribbon without the places where people cross.
    template <typename Offset>
    void ribbon(std::size_t k, const Border& border, double from, double to, double width,
                catalogue::Colour colour, Offset offset) {
        for (const auto& [low, high] : crossings_) {
            if (high <= from || low >= to) continue;
            painter_.ribbon(k, border, from, low, width, colour, offset);
            from = high;
        }
        painter_.ribbon(k, border, from, to, width, colour, offset);
    }

    // In junctions: only where the border is an edge of the asphalt.
    template <typename Offset>
    void edge_only(std::size_t k, const Border& border, double from, double to,
                   const MarkStripe& stripe, Offset offset) {
        if (stripe.gap_m > 0 || stripe.once) return;
        const Span& span = spans_[k];
        const std::uint32_t column = border.left != kNone ? border.left : border.right;
        double run = -1;
        for (std::size_t i = 0; i + 1 < span.stations.size(); ++i) {
            const Vec2 middle =
                0.5 * (to_metres(span.at(i, column).xy) + to_metres(span.at(i + 1, column).xy));
            const bool edge = edges_->edge(middle, span.lefts[i]);
            if (edge && run < 0) run = span.stations[i];
            const bool last = i + 2 == span.stations.size();
            if (run >= 0 && (!edge || last)) {
                const double end = edge ? span.stations[i + 1] : span.stations[i];
                ribbon(k, border, std::max(from, run), std::min(to, end), stripe.width_m,
                       paint_colour(stripe.colour), offset);
                run = -1;
            }
        }
    }

    const world::Road& road_;
    const std::vector<Span>& spans_;
    const EdgeTest* edges_;
    bool american_;
    double from_m_, to_m_;
    RibbonPainter painter_;
    std::vector<std::pair<double, double>> crossings_;  // stretches of s, sorted
};

}  // namespace

bool is_american(const world::RoadModel& model) {
    for (const world::Road& road : model.roads) {
        for (const world::RoadType& type : road.types) {
            if (type.country.empty() || type.country == "OpenDRIVE") continue;
            return type.country == "US" || type.country == "USA" || type.country == "CA" ||
                   type.country == "CAN";
        }
        for (const world::ModelSignal& signal : road.signals) {
            if (signal.country.empty() || signal.country == "OpenDRIVE") continue;
            return signal.country == "US" || signal.country == "USA" || signal.country == "CA";
        }
    }
    // No word about it: yellow in the middle is a sure sign.
    std::size_t yellow = 0, other = 0;
    for (const world::Road& road : model.roads) {
        for (const world::LaneSection& section : road.sections) {
            for (const world::ModelLane& lane : section.lanes) {
                if (std::abs(lane.id) > 1) continue;
                for (const RoadMark& mark : lane.marks) {
                    if (mark.type == MarkType::kUnmarked) continue;
                    ++(mark.colour == MarkColour::kYellow ? yellow : other);
                }
            }
        }
    }
    return yellow > 0 && 3 * yellow > other;
}

MarkStyle mark_style(const world::Road& road, double s_m, bool american) {
    // North America: 10 ft and 30 ft [MUTCD 2009, 3A.06].
    if (american) return {3.05, 9.14};
    // Vienna convention, as in Germany [RMS-1].
    std::string type;
    double limit = 0;
    for (const world::RoadType& t : road.types) {
        if (t.s_m > s_m + 1e-6) break;
        type = t.type;
        limit = t.max_speed_mps;
    }
    if (type == "motorway") return {6, 12};
    if (type == "rural" || limit > 16.7) return {4, 8};
    return {3, 6};
}

std::vector<MarkStripe> stripes_of(const RoadMark& mark, int lane, double s_m,
                                   const MarkStyle& style) {
    std::vector<MarkStripe> stripes;
    const double width = line_width(mark);
    const auto coloured = [&](const MarkLine& line) {
        return line.has_colour ? line.colour : mark.colour;
    };
    // Lines that the map describes itself.
    const bool painted = mark.type != MarkType::kUnmarked && mark.type != MarkType::kCurb &&
                         mark.type != MarkType::kEdge && mark.type != MarkType::kGrass;
    if (!mark.explicit_lines.empty()) {
        for (const MarkLine& line : mark.explicit_lines) {
            stripes.push_back({line.t_offset_m, line.width_m > 0 ? line.width_m : width,
                               line.length_m, 0, s_m + line.s_offset_m, true, false,
                               coloured(line)});
        }
        return stripes;
    }
    if (painted && !mark.lines.empty()) {
        for (const MarkLine& line : mark.lines) {
            // Dashes too short to be told apart are a solid line.
            const bool solid = line.space_m <= 0 || line.length_m <= 0 ||
                               line.length_m + line.space_m < kShortestPeriod_m;
            stripes.push_back({line.t_offset_m, line.width_m > 0 ? line.width_m : width,
                               solid ? 0 : line.length_m, solid ? 0 : line.space_m,
                               s_m + line.s_offset_m, false, false, coloured(line)});
        }
        return stripes;
    }
    const MarkStripe solid{0, width, 0, 0, 0, false, false, mark.colour};
    const MarkStripe broken{0, width, style.dash_m, style.gap_m, 0, false, false, mark.colour};
    const auto pair = [&](MarkStripe inner, MarkStripe outer) {
        // From the inside to the outside; on the middle line from left to right.
        const double inwards = lane > 0 ? -width : width;
        inner.offset_m = inwards;
        outer.offset_m = -inwards;
        stripes = {inner, outer};
    };
    switch (mark.type) {
        case MarkType::kSolid:
        case MarkType::kCustom:
            stripes = {solid};
            break;
        case MarkType::kBroken:
            stripes = {broken};
            break;
        case MarkType::kSolidSolid:
            pair(solid, solid);
            break;
        case MarkType::kSolidBroken:
            pair(solid, broken);
            break;
        case MarkType::kBrokenSolid:
            pair(broken, solid);
            break;
        case MarkType::kBrokenBroken:
            pair(broken, broken);
            break;
        case MarkType::kBottsDots:
            stripes = {{0, kDot_m, kDot_m, kDotSpacing_m - kDot_m, 0, false, true, mark.colour}};
            break;
        case MarkType::kCurb:
        case MarkType::kEdge:
            // Kerbs and edges are no paint unless they are painted in a colour.
            if (mark.colour != MarkColour::kStandard && mark.colour != MarkColour::kWhite) {
                stripes = {solid};
            }
            break;
        case MarkType::kUnmarked:
        case MarkType::kGrass:
        case MarkType::kCount:
            break;
    }
    return stripes;
}

void add_lane_marks(const Ground& ground, std::size_t tile, bool american, TileMesh& mesh) {
    const Surface& surface = ground.surface();
    const Tile& t = surface.tiles[tile];
    if (t.junction == kNone) {
        LaneMarker(ground, t.road, nullptr, nullptr, american, mesh, t.s_begin_m, t.s_end_m).all();
        return;
    }
    const JunctionGround& junction = surface.junctions[surface.ground_of[t.junction]];
    const EdgeTest edges{InsideTest(junction.carriageway)};
    for (std::uint32_t r = 0; r < surface.roads.size(); ++r) {
        const world::Road& road = ground.model().roads[r];
        if (road.junction != t.junction || surface.roads[r].spans.empty()) continue;
        LaneMarker(ground, r, &junction, &edges, american, mesh, 0, road.length_m).all();
    }
}

}  // namespace huntsman::scenarios::streets
