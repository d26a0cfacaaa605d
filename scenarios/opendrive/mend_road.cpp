// What one road says wrongly and the standard leaves no doubt about; and whether it can be used.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <pugixml.hpp>

#include "engine/road/road_geometry.h"
#include "scenarios/opendrive/reader.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;
using engine::road::plan_point;
using engine::road::value_at;

namespace {

// Sections closer than this are at the same place.
constexpr double kSameStation_m = 1e-9;

Profile shifted(const Profile& profile, double ds) {
    Profile result;
    for (const Cubic& c : profile) {
        Cubic moved = c;
        moved.s_m = c.s_m - ds;
        if (moved.s_m < 0) {
            // The same polynomial about the new origin; only the last of these is in force there.
            const double h = -moved.s_m;
            moved = {0, c.a + h * (c.b + h * (c.c + h * c.d)), c.b + h * (2 * c.c + h * 3 * c.d),
                     c.c + 3 * h * c.d, c.d};
            result.clear();
        }
        result.push_back(moved);
    }
    return result;
}

template <typename Record>
std::vector<Record> shifted(const std::vector<Record>& records, double ds) {
    std::vector<Record> result;
    for (Record moved : records) {
        moved.s_offset_m -= ds;
        if (moved.s_offset_m < 0) {
            moved.s_offset_m = 0;
            result.clear();
        }
        result.push_back(std::move(moved));
    }
    return result;
}

// The part of a lane from `ds` after its section's start on.
ModelLane tail(const ModelLane& lane, double ds) {
    ModelLane result = lane;
    if (ds <= 0) return result;
    result.widths = shifted(lane.widths, ds);
    result.borders = shifted(lane.borders, ds);
    result.marks = shifted(lane.marks, ds);
    result.speeds = shifted(lane.speeds, ds);
    result.accesses = shifted(lane.accesses, ds);
    result.materials = shifted(lane.materials, ds);
    result.rules = shifted(lane.rules, ds);
    result.heights = shifted(lane.heights, ds);
    return result;
}

int side_of(const ModelLane& lane) { return (lane.id > 0) - (lane.id < 0); }

// Sections of one side only (singleSide) become sections of the whole road: cut where either side
// is cut. Lanes that are cut lead on to themselves.
void merge_single_sides(Road& road) {
    const auto single = [](const LaneSection& s) { return s.single_side; };
    if (std::none_of(road.sections.begin(), road.sections.end(), single)) return;
    std::vector<LaneSection> merged;
    for (const LaneSection& section : road.sections) {
        if (!merged.empty() && section.s_m - merged.back().s_m <= kSameStation_m) continue;
        merged.push_back({section.s_m});
    }
    for (int side : {1, 0, -1}) {
        // The sections that count on this side: a section of one side is that of its lanes.
        std::vector<const LaneSection*> given;
        for (const LaneSection& section : road.sections) {
            const bool holds =
                std::any_of(section.lanes.begin(), section.lanes.end(),
                            [&](const ModelLane& lane) { return side_of(lane) == side; });
            if (holds || !section.single_side) given.push_back(&section);
        }
        for (std::size_t i = 0; i < merged.size(); ++i) {
            const double begin = merged[i].s_m;
            const double end = i + 1 < merged.size() ? merged[i + 1].s_m : road.length_m;
            const LaneSection* source = nullptr;
            const LaneSection* next = nullptr;
            for (const LaneSection* section : given) {
                if (section->s_m <= begin + kSameStation_m) {
                    source = section;
                } else if (next == nullptr) {
                    next = section;
                }
            }
            if (source == nullptr) continue;
            const double ds = begin - source->s_m;
            const bool cut_before = ds > kSameStation_m;
            const bool cut_after =
                end < road.length_m && (next == nullptr || next->s_m > end + kSameStation_m);
            for (const ModelLane& lane : source->lanes) {
                if (side_of(lane) != side) continue;
                ModelLane part = tail(lane, cut_before ? ds : 0.0);
                if (cut_before) part.predecessors = {part.id};
                if (cut_after) part.successors = {part.id};
                merged[i].lanes.push_back(std::move(part));
            }
        }
    }
    for (LaneSection& section : merged) {
        const auto centre = std::partition_point(section.lanes.begin(), section.lanes.end(),
                                                 [](const ModelLane& l) { return l.id > 0; });
        if (centre == section.lanes.end() || centre->id != 0)
            section.lanes.insert(centre, ModelLane{});
    }
    road.sections = std::move(merged);
}

const ModelLane* find_lane(const LaneSection& section, int id) {
    for (const ModelLane& lane : section.lanes) {
        if (lane.id == id) return &lane;
    }
    return nullptr;
}

// Leaves out section `at`, whose lanes lead from the one before to the one after.
void bridge_section(Road& road, std::size_t at) {
    const LaneSection gone = std::move(road.sections[at]);
    road.sections.erase(road.sections.begin() + static_cast<std::ptrdiff_t>(at));
    const auto through = [&](std::vector<int>& ids, std::vector<int> ModelLane::*onward) {
        std::vector<int> result;
        for (int id : ids) {
            const ModelLane* lane = find_lane(gone, id);
            if (lane != nullptr)
                result.insert(result.end(), (lane->*onward).begin(), (lane->*onward).end());
        }
        ids = std::move(result);
    };
    if (at > 0) {
        for (ModelLane& lane : road.sections[at - 1].lanes)
            through(lane.successors, &ModelLane::successors);
    }
    if (at < road.sections.size()) {
        for (ModelLane& lane : road.sections[at].lanes)
            through(lane.predecessors, &ModelLane::predecessors);
    }
}

void mend_sections(Reader& reader, const pugi::xml_node& node, Road& road) {
    merge_single_sides(road);
    // Every section but the last of those at one place is empty.
    for (std::size_t i = 0; i + 1 < road.sections.size();) {
        if (road.sections[i + 1].s_m - road.sections[i].s_m > kSameStation_m) {
            ++i;
            continue;
        }
        reader.error(node, "road.section.overlap",
                     fmt::format("two lane sections begin at s = {}; the last was kept",
                                 road.sections[i].s_m));
        bridge_section(road, i);
    }
    while (road.sections.size() > 1 && road.sections.back().s_m >= road.length_m - kSameStation_m) {
        reader.error(node, "road.section.beyond",
                     fmt::format("a lane section begins at s = {}, at or beyond the road's end {}, "
                                 "and was left out",
                                 road.sections.back().s_m, road.length_m));
        bridge_section(road, road.sections.size() - 1);
    }
    if (road.sections.front().s_m != 0) {
        reader.warn(node, "road.section.start",
                    fmt::format("the first lane section begins at s = {}; it was begun at 0",
                                road.sections.front().s_m));
        road.sections.front().s_m = 0;
    }
}

void mend_widths(Road& road) {
    // Rounding leaves widths like -1e-17 where a lane ends.
    constexpr double kRounding_m = 1e-6;
    for (LaneSection& section : road.sections) {
        for (ModelLane& lane : section.lanes) {
            for (Cubic& width : lane.widths) {
                if (width.a < 0 && width.a > -kRounding_m) width.a = 0;
            }
        }
    }
}

// The road ends where its reference line does.
void mend_length(Reader& reader, const pugi::xml_node& node, Road& road) {
    constexpr double kRounding_m = 1e-3;
    const double plan_end = road.plan.back().s_m + road.plan.back().length_m;
    const double off = road.length_m - plan_end;
    if (std::abs(off) <= kRounding_m) return;
    reader.warn(node, "road.length",
                fmt::format("its length is {} m, but its reference line ends at s = {}; the latter "
                            "was taken",
                            road.length_m, plan_end));
    road.length_m = plan_end;
}

// Why the road cannot be used; empty where it can. Profiles and cubics grow beyond all measure
// between sound coefficients, so they are sampled.
std::string unusable(const Road& road) {
    constexpr int kSamples = 16;  // a piece; its cubics have at most two extremes
    // Ramps wind on arcs; a clothoid that winds is a slip, and dear to follow.
    constexpr double kMostTurning_rad = 1e4, kMostTurningOfSpiral_rad = 16;
    for (const PlanPiece& piece : road.plan) {
        const double curvature =
            std::max(std::abs(piece.curvature_start), std::abs(piece.curvature_end));
        if (curvature * piece.length_m >
            (piece.kind == PlanPiece::Kind::kSpiral ? kMostTurningOfSpiral_rad : kMostTurning_rad))
            return fmt::format("its reference line winds {:.1f} times at s = {}",
                               curvature * piece.length_m / 6.28, piece.s_m);
        const auto arcs = engine::road::arc_table(piece);
        for (int i = 0; i <= kSamples; ++i) {
            const auto at = plan_point(piece, arcs, piece.length_m * i / kSamples);
            if (!(std::abs(at.p.x) <= 2 * kMaxCoordinate_m) ||
                !(std::abs(at.p.y) <= 2 * kMaxCoordinate_m) || !std::isfinite(at.heading_rad))
                return fmt::format("its reference line leaves all bounds at s = {}", piece.s_m);
        }
    }
    const auto exceeds = [&](const Profile& profile, double end, double limit) {
        for (std::size_t i = 0; i < profile.size(); ++i) {
            const double begin = std::clamp(profile[i].s_m, 0.0, end);
            const double stop = i + 1 < profile.size() ? std::min(end, profile[i + 1].s_m) : end;
            for (int k = 0; k <= kSamples && stop >= begin; ++k) {
                const double value = profile[i].at(begin + (stop - begin) * k / kSamples);
                if (!(std::abs(value) <= limit)) return true;
            }
        }
        return false;
    };
    if (exceeds(road.elevation, road.length_m, kMaxHeight_m))
        return "its elevation leaves all bounds";
    if (exceeds(road.lane_offset, road.length_m, kMaxOffset_m))
        return "its lane offset leaves all bounds";
    for (std::size_t i = 0; i < road.sections.size(); ++i) {
        const LaneSection& section = road.sections[i];
        const double end = i + 1 < road.sections.size() ? road.sections[i + 1].s_m : road.length_m;
        for (const ModelLane& lane : section.lanes) {
            if (exceeds(lane.widths, end - section.s_m, kMaxOffset_m) ||
                exceeds(lane.borders, end - section.s_m, kMaxOffset_m))
                return fmt::format("lane {} of the section at s = {} leaves all bounds", lane.id,
                                   section.s_m);
        }
    }
    return {};
}

}  // namespace

bool mend_road(Reader& reader, const pugi::xml_node& node, Road& road) {
    mend_length(reader, node, road);
    mend_sections(reader, node, road);
    mend_widths(road);
    // A road cannot stand upright.
    constexpr double kUpright_rad = 1.5;
    constexpr int kSamples = 64;
    for (int i = 0; i <= kSamples && !road.superelevation.empty(); ++i) {
        const double s = road.length_m * i / kSamples;
        if (std::abs(value_at(road.superelevation, s)) < kUpright_rad) continue;
        reader.error(node, "road.superelevation.absurd",
                     fmt::format("its superelevation is {:g} rad at s = {:g}; all of it was left "
                                 "out",
                                 value_at(road.superelevation, s), s));
        road.superelevation.clear();
    }
    const std::string why = unusable(road);
    if (why.empty()) return true;
    reader.error(node, "road.unusable", why + "; the road was left out");
    return false;
}

}  // namespace huntsman::scenarios::opendrive
