#include "bridge/trace/osi/boundaries.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "bridge/trace/osi/convert.h"
#include "scenarios/streets/marks/marks.h"

namespace huntsman::bridge::trace::osi {

using engine::math::Vec3;
using engine::world::Lane;
using engine::world::LaneType;
using engine::world::MarkColour;
using engine::world::MarkType;
using engine::world::World;
using scenarios::streets::MarkStripe;
using Boundary = osi3::LaneBoundary::Classification;
using Point = osi3::LaneBoundary::BoundaryPoint;

namespace {

Boundary::Color colour_of(MarkColour colour) {
    switch (colour) {
        case MarkColour::kStandard:
        case MarkColour::kWhite:
            return Boundary::COLOR_WHITE;
        case MarkColour::kYellow:
            return Boundary::COLOR_YELLOW;
        case MarkColour::kRed:
            return Boundary::COLOR_RED;
        case MarkColour::kBlue:
            return Boundary::COLOR_BLUE;
        case MarkColour::kGreen:
            return Boundary::COLOR_GREEN;
        case MarkColour::kOrange:
            return Boundary::COLOR_ORANGE;
        case MarkColour::kViolet:
            return Boundary::COLOR_VIOLET;
        case MarkColour::kBlack:
        case MarkColour::kCount:
            break;
    }
    return Boundary::COLOR_OTHER;
}

// The mark on a lane's outer border, in the middle of its section.
const engine::world::RoadMark* mark_of(const LaneSides& sides, int id) {
    const engine::world::RoadMark* mark = nullptr;
    for (const auto& lane : sides.section->lanes) {
        if (lane.id != id) continue;
        for (const auto& each : lane.marks) {
            if (mark == nullptr || each.s_offset_m <= 0.5 * sides.length_m) mark = &each;
        }
    }
    return mark;
}

std::optional<LaneType> type_of(const LaneSides& sides, int id) {
    for (const auto& lane : sides.section->lanes) {
        if (lane.id == id && id != 0) return lane.type;
    }
    return std::nullopt;
}

// A border without paint: between two lanes nothing, else the road's edge.
Boundary::Type unpainted(std::optional<LaneType> beyond) {
    if (!beyond || *beyond == LaneType::kUnused || *beyond == LaneType::kBorder) {
        return Boundary::TYPE_ROAD_EDGE;
    }
    if (*beyond == LaneType::kSidewalk || *beyond == LaneType::kCurb) return Boundary::TYPE_CURB;
    return Boundary::TYPE_NO_LINE;
}

// The border of a lane: its mark, and of its stripes the one that is nearest to the lane.
struct Border {
    Boundary::Type type = Boundary::TYPE_OTHER;
    Boundary::Color color = Boundary::COLOR_NONE;
    std::optional<MarkStripe> stripe;
    double height_m = 0;  // of a kerb
};

// How high the pavement beside a lane is where they meet.
double kerb_height(const LaneSides& sides, int pavement) {
    for (const auto& lane : sides.section->lanes) {
        if (lane.id == pavement && !lane.heights.empty()) return lane.heights.front().inner_m;
    }
    return 0;
}

Border border_of(const World& world, const LaneSides& sides, bool outer) {
    Border border;
    const auto* mark = mark_of(sides, outer ? sides.lane : sides.inner);
    const auto beyond = type_of(sides, outer ? sides.outer : sides.beyond_inner);
    border.type = unpainted(beyond);
    if (border.type == Boundary::TYPE_CURB) {
        border.height_m = kerb_height(sides, outer ? sides.outer : sides.beyond_inner);
    }
    if (mark == nullptr) return border;
    if (mark->type == MarkType::kCurb) border.type = Boundary::TYPE_CURB;
    if (mark->type == MarkType::kGrass) border.type = Boundary::TYPE_GRASS_EDGE;
    if (mark->type == MarkType::kEdge) border.type = Boundary::TYPE_ROAD_EDGE;
    const double s_m = sides.section->s_m + mark->s_offset_m;
    const auto stripes = scenarios::streets::stripes_of(
        *mark, outer ? sides.lane : sides.inner, s_m,
        scenarios::streets::mark_style(*sides.road, s_m,
                                       scenarios::streets::is_american(world.road_model)));
    if (stripes.empty()) return border;
    // Offsets count to the left of the border along the road. A lane of a negative id lies to the
    // left of its outer border and to the right of its inner one.
    const double to_lane = (sides.lane < 0) == outer ? 1.0 : -1.0;
    border.stripe = *std::max_element(stripes.begin(), stripes.end(),
                                      [&](const MarkStripe& a, const MarkStripe& b) {
                                          return to_lane * a.offset_m < to_lane * b.offset_m;
                                      });
    border.type = border.stripe->dots        ? Boundary::TYPE_BOTTS_DOTS
                  : border.stripe->gap_m > 0 ? Boundary::TYPE_DASHED_LINE
                                             : Boundary::TYPE_SOLID_LINE;
    border.color = colour_of(border.stripe->colour);
    return border;
}

void add_point(osi3::LaneBoundary* to, const Vec3& p_W, const Border& border) {
    Point* point = to->add_boundary_line();
    set(point->mutable_position(), p_W);
    point->set_width(border.stripe ? border.stripe->width_m : 0.0);
    point->set_height(border.height_m);
}

Vec3 point_at(const LaneLine& line, double s_m) {
    const auto after = std::lower_bound(line.begin(), line.end(), s_m,
                                        [](const LanePoint& a, double s) { return a.s_m < s; });
    if (after == line.begin()) return line.front().p_W;
    if (after == line.end()) return line.back().p_W;
    const LanePoint& before = *(after - 1);
    const double t = (s_m - before.s_m) / (after->s_m - before.s_m);
    return before.p_W + t * (after->p_W - before.p_W);
}

// A point at each begin and end of a dash, and those that the line's shape needs. Stations of the
// road run evenly over the lane.
void add_dashes(osi3::LaneBoundary* to, const LaneLine& line, const LaneSides& sides,
                const Border& border) {
    const MarkStripe& stripe = *border.stripe;
    const double period = stripe.dash_m + stripe.gap_m;
    const double length = line.back().s_m, scale = length / sides.length_m;
    struct Place {
        double s_m;
        Point::Dash dash;
    };
    std::vector<Place> places;
    // Dashes that touch the section, in stations from its start.
    const double origin = stripe.start_m - sides.section->s_m;
    const auto in_lane = [&](double station) {
        return scale * (sides.along_road ? station : sides.length_m - station);
    };
    for (double k = std::floor(-origin / period); origin + k * period < sides.length_m; ++k) {
        double from = in_lane(std::max(0.0, origin + k * period));
        double to_s = in_lane(std::min(sides.length_m, origin + k * period + stripe.dash_m));
        if (!sides.along_road) std::swap(from, to_s);
        if (to_s - from < 0.01) continue;
        places.push_back({from, Point::DASH_START});
        places.push_back({to_s, Point::DASH_END});
    }
    std::sort(places.begin(), places.end(),
              [](const Place& a, const Place& b) { return a.s_m < b.s_m; });
    // Corners of the line in dashes and gaps.
    std::size_t next = 0;
    bool in_dash = false;
    const auto pass = [&](double until_m) {
        for (; next < places.size() && places[next].s_m <= until_m; ++next) {
            add_point(to, point_at(line, places[next].s_m), border);
            to->mutable_boundary_line()->rbegin()->set_dash(places[next].dash);
            in_dash = places[next].dash == Point::DASH_START;
        }
    };
    for (const LanePoint& corner : line) {
        const std::size_t before = next;
        pass(corner.s_m + 0.01);
        if (next > before && std::abs(places[next - 1].s_m - corner.s_m) <= 0.01) continue;
        add_point(to, corner.p_W, border);
        to->mutable_boundary_line()->rbegin()->set_dash(in_dash ? Point::DASH_CONTINUE
                                                                : Point::DASH_GAP);
    }
    pass(length + 1);
}

}  // namespace

LaneSides sides_of(const World& world, const Lane& lane) {
    LaneSides sides;
    if (lane.road >= world.road_model.roads.size() || lane.model_lane == 0) return sides;
    const auto& road = world.road_model.roads[lane.road];
    if (lane.section >= road.sections.size()) return sides;
    sides.road = &road;
    sides.section = &road.sections[lane.section];
    const double end = lane.section + 1 < road.sections.size() ? road.sections[lane.section + 1].s_m
                                                               : road.length_m;
    sides.length_m = end - sides.section->s_m;
    sides.lane = lane.model_lane;
    const int outwards = lane.model_lane > 0 ? 1 : -1;
    sides.outer = lane.model_lane + outwards;
    sides.inner = lane.model_lane - outwards;
    sides.beyond_inner = sides.inner != 0 ? sides.inner : -outwards;
    bool reversed = false;
    for (const auto& model : sides.section->lanes) {
        if (model.id == lane.model_lane) {
            reversed = model.direction == engine::world::ModelLane::Direction::kReversed;
        }
    }
    sides.outer_is_right = road.left_hand == reversed;
    sides.along_road = (lane.model_lane < 0) == sides.outer_is_right;
    return sides;
}

void set_boundary(osi3::LaneBoundary* to, const World& world, const Lane& lane, bool left) {
    const LaneLine line = lane_line(lane, left ? 1.0 : -1.0);
    const LaneSides sides = sides_of(world, lane);
    Border border;
    border.color = Boundary::COLOR_OTHER;
    if (sides.road != nullptr) border = border_of(world, sides, sides.outer_is_right != left);
    to->mutable_classification()->set_type(border.type);
    to->mutable_classification()->set_color(border.color);
    if (border.type == Boundary::TYPE_DASHED_LINE && sides.length_m > 0) {
        add_dashes(to, line, sides, border);
        return;
    }
    for (const LanePoint& point : line) add_point(to, point.p_W, border);
}

}  // namespace huntsman::bridge::trace::osi
