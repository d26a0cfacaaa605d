// Each road by itself: reference line, profiles, sections, lanes.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "scenarios/opendrive/checker.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;
using engine::math::wrap_angle;

namespace {

constexpr double kSame_m = 1e-6;  // rounding of stations

Severity by_size(double gap_m) {
    return gap_m > kWideGap_m ? Severity::kError : Severity::kWarning;
}

void check_plan(Checker& checker, std::uint32_t r) {
    const Road& road = checker.model.roads[r];
    if (road.plan.empty()) {
        checker.at_road(Severity::kError, r, "road.unusable", "it has no reference line");
        return;
    }
    if (std::abs(road.plan.front().s_m) > kSame_m)
        checker.at_road(
            Severity::kError, r, "road.geometry.start",
            fmt::format("its reference line begins at s = {}, expected 0", road.plan.front().s_m));
    for (std::size_t i = 0; i < road.plan.size(); ++i) {
        const PlanPiece& piece = road.plan[i];
        const auto arcs = engine::road::arc_table(piece);
        // A cubic that is much longer or shorter than it says was meant otherwise.
        constexpr double kMostStretch = 0.01;
        if (std::abs(arcs.scale - 1) > kMostStretch)
            checker.at_road(Severity::kWarning, r, "road.geometry.length",
                            fmt::format("the cubic at s = {:g} is {:g} m long but says {:g} m",
                                        piece.s_m, arcs.s_m.back(), piece.length_m));
        if (i + 1 == road.plan.size()) break;
        const PlanPiece& next = road.plan[i + 1];
        const double overlap = piece.s_m + piece.length_m - next.s_m;
        if (std::abs(overlap) > kGap_m)
            checker.at_road(
                by_size(std::abs(overlap)), r, "road.geometry.order",
                fmt::format("the piece at s = {:g} {} the next by {:g} m", piece.s_m,
                            overlap > 0 ? "overlaps" : "stays short of", std::abs(overlap)));
        const auto end = engine::road::plan_point(piece, arcs, piece.length_m);
        const double gap = std::hypot(end.p.x - next.x_m, end.p.y - next.y_m);
        if (gap > kGap_m)
            checker.at_road(
                by_size(gap), r, "road.geometry.gap",
                fmt::format("its reference line jumps by {:.3g} m at s = {:g}", gap, next.s_m));
        const auto begin = engine::road::plan_point(next, 0);
        const double kink = std::abs(wrap_angle(end.heading_rad - begin.heading_rad));
        if (kink > kKink_rad)
            checker.at_road(
                Severity::kWarning, r, "road.geometry.kink",
                fmt::format("its reference line turns by {:.3g} rad at s = {:g}", kink, next.s_m));
    }
    const double end = road.plan.back().s_m + road.plan.back().length_m;
    constexpr double kRounding_m = 1e-3;
    if (std::abs(end - road.length_m) > kRounding_m)
        checker.at_road(Severity::kError, r, "road.length",
                        fmt::format("its length is {} m, but its reference line ends at s = {}",
                                    road.length_m, end));
}

// Steps of a profile where one record follows another; `limit` in the profile's unit.
template <typename Report>
void find_steps(const Profile& profile, double end, double limit, Report report) {
    for (std::size_t i = 0; i + 1 < profile.size(); ++i) {
        const double s = profile[i + 1].s_m;
        if (s > end) return;
        // Records at one place: only the last counts.
        if (s - profile[i].s_m <= kSame_m) continue;
        const double step = profile[i + 1].at(s) - profile[i].at(s);
        if (std::abs(step) > limit) report(s, step);
    }
}

void check_profiles(Checker& checker, std::uint32_t r) {
    const Road& road = checker.model.roads[r];
    find_steps(road.elevation, road.length_m, kGap_m, [&](double s, double step) {
        checker.at_road(by_size(std::abs(step)), r, "road.elevation.step",
                        fmt::format("its elevation steps by {:.3g} m at s = {:g}", step, s));
    });
    find_steps(road.superelevation, road.length_m, kKink_rad, [&](double s, double step) {
        checker.at_road(Severity::kWarning, r, "road.superelevation.step",
                        fmt::format("its superelevation steps by {:.3g} rad at s = {:g}", step, s));
    });
    // Where a section begins, the middle may step to another lane's border.
    find_steps(road.lane_offset, road.length_m, kGap_m, [&](double s, double step) {
        for (const LaneSection& section : road.sections) {
            if (std::abs(section.s_m - s) <= kSame_m) return;
        }
        checker.at_road(Severity::kWarning, r, "road.lane-offset.step",
                        fmt::format("its lanes step aside by {:.3g} m at s = {:g}, within a lane "
                                    "section",
                                    step, s));
    });
    for (const auto& [what, profile] :
         {std::pair<const char*, const Profile*>{"elevation", &road.elevation},
          {"superelevation", &road.superelevation},
          {"laneOffset", &road.lane_offset}}) {
        const auto by_start = [](const Cubic& a, const Cubic& b) { return a.s_m < b.s_m; };
        if (!std::is_sorted(profile->begin(), profile->end(), by_start))
            checker.at_road(Severity::kError, r, "records.unsorted",
                            fmt::format("its <{}> records do not ascend", what));
        if (!profile->empty() && profile->back().s_m > road.length_m + kGap_m)
            checker.at_road(Severity::kNote, r, "records.beyond",
                            fmt::format("its <{}> records go on to s = {:g}, beyond its end {:g}",
                                        what, profile->back().s_m, road.length_m));
    }
}

void check_lane(Checker& checker, std::uint32_t r, std::uint32_t section_index,
                const ModelLane& lane) {
    const Road& road = checker.model.roads[r];
    const LaneSection& section = road.sections[section_index];
    const double end = checker.geometry.section_end_m(r, section_index);
    const double length = end - section.s_m;
    const auto say = [&](Severity severity, const char* rule, const std::string& message) {
        checker.at_road(
            severity, r, rule,
            fmt::format("section at s = {:g}, lane {}: {}", section.s_m, lane.id, message));
    };
    if (lane.id == 0) {
        if (!lane.widths.empty() || !lane.borders.empty())
            say(Severity::kError, "lane.centre.width", "lane 0 has a width");
        return;
    }
    if (lane.widths.empty() && lane.borders.empty()) {
        say(Severity::kWarning, "lane.width.missing", "it has neither width nor border");
        return;
    }
    const Profile& profile = lane.widths.empty() ? lane.borders : lane.widths;
    if (profile.front().s_m > kSame_m)
        say(Severity::kWarning, "lane.width.start",
            fmt::format("its width is given from {:g} m on only", profile.front().s_m));
    find_steps(profile, length, kGap_m, [&](double s, double step) {
        say(by_size(std::abs(step)), "lane.width.step",
            fmt::format("its width steps by {:.3g} m at s = {:g}", step, section.s_m + s));
    });
    // The least width of a cubic lies at its ends or between; samples are close enough to tell.
    constexpr int kSamples = 16;
    double least = 0, least_s = 0, widest = 0;
    for (std::size_t i = 0; i < profile.size(); ++i) {
        const double begin = profile[i].s_m;
        const double stop = i + 1 < profile.size() ? std::min(length, profile[i + 1].s_m) : length;
        if (stop <= begin) continue;
        for (int k = 0; k <= kSamples; ++k) {
            const double ds = begin + (stop - begin) * k / kSamples;
            double width = profile[i].at(ds);
            if (lane.widths.empty()) {
                const double s = section.s_m + ds;
                width = checker.geometry.outer_t_m(r, section_index, lane.id, s) -
                        checker.geometry.inner_t_m(r, section_index, lane.id, s);
                if (lane.id < 0) width = -width;
            }
            widest = std::max(widest, width);
            if (width < least) {
                least = width;
                least_s = section.s_m + ds;
            }
        }
    }
    constexpr double kRounding_m = 1e-3;
    if (least < -kRounding_m)
        say(least < -0.1 ? Severity::kError : Severity::kWarning, "lane.width.negative",
            fmt::format("its width is {:.3g} m at s = {:g}; none counts there", least, least_s));
    if (is_driven(lane.type) && widest < kRounding_m)
        say(Severity::kWarning, "lane.width.zero",
            "it is driven but has no width anywhere, so that nobody drives on it");
}

// Records that begin at or beyond the end of their section never count.
void check_records(Checker& checker, std::uint32_t r, const LaneSection& section,
                   const ModelLane& lane, double length) {
    const auto beyond = [&](double offset) { return offset >= length; };
    const auto say = [&](Severity severity, const char* rule, const std::string& message) {
        checker.at_road(
            severity, r, rule,
            fmt::format("section at s = {:g}, lane {}: {}", section.s_m, lane.id, message));
    };
    for (const RoadMark& mark : lane.marks) {
        if (beyond(mark.s_offset_m)) {
            // At the very end it is but the file's rounding.
            const bool slight = mark.s_offset_m <= length + kGap_m;
            say(slight ? Severity::kNote : Severity::kWarning, "mark.beyond",
                fmt::format("a mark begins {:.9g} m after the section's start, which is {:.9g} m "
                            "long",
                            mark.s_offset_m, length));
        }
        for (const MarkLine& line : mark.explicit_lines) {
            const double end = mark.s_offset_m + line.s_offset_m + line.length_m;
            if (beyond(mark.s_offset_m) || end <= length + kGap_m) continue;
            say(Severity::kWarning, "mark.beyond",
                fmt::format("an explicit line of a mark goes on to {:g} m after the section's "
                            "start, which is {:g} m long",
                            end, length));
        }
    }
    const auto look = [&](const char* element, const auto& records, auto start) {
        for (const auto& record : records) {
            // Many files end a lane's profile with a record at its very end.
            if (start(record) <= length + kGap_m) continue;
            say(Severity::kNote, "records.beyond",
                fmt::format("a <{}> begins {:g} m after the section's start, which is {:g} m long",
                            element, start(record), length));
            return;
        }
    };
    const auto offset = [](const auto& record) { return record.s_offset_m; };
    const auto station = [](const Cubic& record) { return record.s_m; };
    look("width", lane.widths, station);
    look("border", lane.borders, station);
    look("speed", lane.speeds, offset);
    look("access", lane.accesses, offset);
    look("material", lane.materials, offset);
    look("rule", lane.rules, offset);
    look("height", lane.heights, offset);
}

// Where the road bends tighter than a lane reaches to its inside, the lane's border runs backwards.
void check_folds(Checker& checker, std::uint32_t r) {
    const Road& road = checker.model.roads[r];
    struct Fold {
        double s = 0, radius = 0, t = 0;
    };
    std::map<std::pair<std::uint32_t, int>, Fold> folds;  // the tightest, by section and lane
    constexpr int kSamples = 16;                          // a piece
    // Of roads of very many pieces some are looked at, as each look may ask for all lanes.
    constexpr std::size_t kMostPieces = 2000;
    for (std::size_t p = 0; p < road.plan.size(); p += road.plan.size() / kMostPieces + 1) {
        const PlanPiece& piece = road.plan[p];
        for (int i = 0; i <= kSamples; ++i) {
            const double s = piece.s_m + piece.length_m * (i + 0.5) / (kSamples + 1);
            if (s > road.length_m) break;
            const double curvature = checker.geometry.reference(r, s).curvature_per_m;
            // No lane reaches that far.
            constexpr double kWidest_m = 100;
            if (std::abs(curvature) * kWidest_m < 1) continue;
            const std::uint32_t k = checker.geometry.section_at(r, s);
            const auto& lanes = road.sections[k].lanes;
            if (lanes.empty()) continue;
            // The lane on the inside that reaches farthest.
            const int outermost = curvature > 0 ? lanes.front().id : lanes.back().id;
            if (1 - curvature * checker.geometry.outer_t_m(r, k, outermost, s) >= 0) continue;
            for (const ModelLane& lane : lanes) {
                if (lane.id == 0 || (lane.id > 0) != (curvature > 0)) continue;
                const double t = checker.geometry.outer_t_m(r, k, lane.id, s);
                if (1 - curvature * t >= 0 || checker.geometry.width_m(r, k, lane.id, s) <= 0) {
                    continue;
                }
                Fold& fold = folds[{k, lane.id}];
                const double radius = 1 / std::abs(curvature);
                if (fold.radius > 0 && fold.radius <= radius) continue;
                fold = {s, radius, std::abs(t)};
            }
        }
    }
    for (const auto& [where, fold] : folds) {
        checker.at_road(
            Severity::kWarning, r, "lane.folded",
            fmt::format("section at s = {:g}, lane {}: it reaches {:.3g} m to the inside of a bend "
                        "of {:.3g} m radius at s = {:.4g}, so that its border runs backwards",
                        road.sections[where.first].s_m, where.second, fold.t, fold.radius, fold.s));
    }
}

void check_sections(Checker& checker, std::uint32_t r) {
    const Road& road = checker.model.roads[r];
    if (road.sections.empty()) {
        checker.at_road(Severity::kError, r, "road.unusable", "it has no lane section");
        return;
    }
    if (road.sections.front().s_m != 0)
        checker.at_road(Severity::kError, r, "road.section.start",
                        fmt::format("its first lane section begins at s = {}, expected 0",
                                    road.sections.front().s_m));
    for (std::uint32_t i = 0; i < road.sections.size(); ++i) {
        const LaneSection& section = road.sections[i];
        if (checker.geometry.section_end_m(r, i) <= section.s_m)
            checker.at_road(Severity::kError, r, "road.section.overlap",
                            fmt::format("its lane section at s = {:g} does not end after it "
                                        "begins",
                                        section.s_m));
        int expected = section.lanes.empty() ? 0 : std::max(0, section.lanes.front().id);
        bool centre = false, gap = false;
        for (const ModelLane& lane : section.lanes) {
            gap = gap || lane.id != expected;
            expected = lane.id - 1;
            centre = centre || lane.id == 0;
            check_lane(checker, r, i, lane);
            check_records(checker, r, section, lane,
                          checker.geometry.section_end_m(r, i) - section.s_m);
        }
        if (!centre)
            checker.at_road(Severity::kError, r, "lane.centre.missing",
                            fmt::format("its lane section at s = {:g} lacks lane 0", section.s_m));
        if (gap)
            checker.at_road(Severity::kWarning, r, "lane.id.gap",
                            fmt::format("the lane ids of its section at s = {:g} are not "
                                        "consecutive and descending",
                                        section.s_m));
    }
}

// Paint and islands lie on lanes by right; anything else is in the way there.
void check_place(Checker& checker, std::uint32_t r, const ModelObject& object) {
    for (const char* flat : {"crosswalk", "parkingSpace", "roadMark", "roadSurface", "patch",
                             "trafficIsland", "wind", "gantry"}) {
        if (object.type == flat) return;
    }
    const bool tall =
        object.height_m > 0 ||
        std::any_of(object.outlines.begin(), object.outlines.end(), [](const auto& o) {
            return std::any_of(o.corners.begin(), o.corners.end(),
                               [](const OutlineCorner& c) { return c.height_m > 0; });
        });
    constexpr double kClear_m = 3.0;  // things that hang higher are not in the way
    if (!tall || object.z_offset_m > kClear_m) return;
    const Road& road = checker.model.roads[r];
    const auto driven = [&](double s, double t) {
        s = std::clamp(s, 0.0, road.length_m);
        const int id = checker.geometry.lane_at(r, s, t);
        const ModelLane* lane =
            id == 0 ? nullptr : checker.geometry.lane(r, checker.geometry.section_at(r, s), id);
        return lane != nullptr && is_driven(lane->type) ? id : 0;
    };
    if (object.repeats.empty()) {
        if (const int lane = driven(object.s_m, object.t_m); lane != 0)
            checker.at_road(
                Severity::kWarning, r, "object.on-lane",
                fmt::format("object {} stands on the driven lane {} at s = {:g}, in the "
                            "way of everybody",
                            object.id, lane, object.s_m));
        return;
    }
    for (const ObjectRepeat& repeat : object.repeats) {
        const double length = std::min(repeat.length_m, std::max(0.0, road.length_m - repeat.s_m));
        const int samples = static_cast<int>(std::clamp(length / 2.0, 1.0, 50.0));
        for (int i = 0; i <= samples; ++i) {
            const double u = static_cast<double>(i) / samples;
            const double s = repeat.s_m + u * length;
            const double t = repeat.t_start_m + u * (repeat.t_end_m - repeat.t_start_m);
            const int lane = driven(s, t);
            if (lane == 0) continue;
            checker.at_road(
                Severity::kWarning, r, "object.on-lane",
                fmt::format("object {} is repeated onto the driven lane {} at s = {:g}; {}",
                            object.id, lane, s,
                            repeat.distance_m < 0.05 ? "what lies on driven lanes is left out"
                                                     : "it stands in the way of everybody"));
            break;
        }
    }
}

void check_furniture(Checker& checker, std::uint32_t r) {
    const Road& road = checker.model.roads[r];
    const auto beyond = [&](double s) { return s < -kGap_m || s > road.length_m + kGap_m; };
    const auto report = [&](const char* rule, const char* what, const std::string& id, double s) {
        checker.at_road(
            Severity::kWarning, r, rule,
            fmt::format("{} {} stands at s = {:g}, outside 0 to {:g}", what, id, s, road.length_m));
    };
    for (const ModelSignal& signal : road.signals) {
        if (beyond(signal.s_m)) report("signal.beyond", "signal", signal.id, signal.s_m);
        for (const LaneRange& range : signal.validity) {
            const std::uint32_t section =
                checker.geometry.section_at(r, std::clamp(signal.s_m, 0.0, road.length_m));
            bool any = false;
            for (const ModelLane& lane : road.sections[section].lanes)
                any = any || (lane.id >= std::min(range.from, range.to) &&
                              lane.id <= std::max(range.from, range.to));
            if (!any)
                checker.at_road(Severity::kWarning, r, "signal.validity.unknown",
                                fmt::format("signal {} is valid for lanes {} to {}, of which none "
                                            "is there",
                                            signal.id, range.from, range.to));
        }
    }
    for (const SignalReference& reference : road.signal_references) {
        if (beyond(reference.s_m))
            report("signal.beyond", "the reference to signal", reference.id, reference.s_m);
    }
    for (const ModelObject& object : road.objects) {
        if (beyond(object.s_m)) report("object.beyond", "object", object.id, object.s_m);
        check_place(checker, r, object);
    }
}

// Ids of objects are unique in a file; references and editors find the first.
void check_object_ids(Checker& checker) {
    std::map<std::string, std::uint32_t> road_of;
    for (std::uint32_t r = 0; r < checker.model.roads.size(); ++r) {
        for (const ModelObject& object : checker.model.roads[r].objects) {
            if (object.id.empty()) continue;
            const auto [first, fresh] = road_of.emplace(object.id, r);
            if (fresh) continue;
            checker.at_road(Severity::kWarning, r, "object.id.duplicate",
                            fmt::format("two objects have the id {}; the first is on road {}",
                                        object.id, checker.model.roads[first->second].id));
        }
    }
}

}  // namespace

void check_roads(Checker& checker) {
    for (std::uint32_t r = 0; r < checker.model.roads.size(); ++r) {
        check_plan(checker, r);
        check_profiles(checker, r);
        check_sections(checker, r);
        if (checker.model.roads[r].sections.empty()) continue;
        check_folds(checker, r);
        check_furniture(checker, r);
    }
    check_object_ids(checker);
    const bool driven =
        std::any_of(checker.model.roads.begin(), checker.model.roads.end(), [](const Road& road) {
            return std::any_of(road.sections.begin(), road.sections.end(), [](const auto& section) {
                return std::any_of(section.lanes.begin(), section.lanes.end(),
                                   [](const ModelLane& lane) { return is_driven(lane.type); });
            });
        });
    if (!driven && !checker.model.roads.empty())
        checker.anywhere(Severity::kError, "road.none-driven",
                         "no road has a driven lane, so that nothing can start");
}

}  // namespace huntsman::scenarios::opendrive
