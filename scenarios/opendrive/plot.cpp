#include "scenarios/opendrive/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/road/road_geometry.h"
#include "scenarios/opendrive/names.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;
using engine::draw::Colour;
using engine::draw::Drawing;
using engine::draw::Path;
using engine::draw::Shape;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::road::RoadGeometry;

namespace {

constexpr double kMargin_px = 40;
constexpr double kFooter_px = 70;
constexpr double kHeader_px = 44;
constexpr Colour kInk{40, 44, 52};
constexpr Colour kPaper{234, 232, 225};  // dark enough for white marks at a road's edge

// What lanes look like and what the legend calls them.
struct LaneStyle {
    const char* label;
    Colour colour;
    std::vector<LaneType> types;
};
const std::vector<LaneStyle>& lane_styles() {
    using T = LaneType;
    static const std::vector<LaneStyle> kStyles = {
        {"driving", {122, 129, 140}, {T::kDriving}},
        {"both ways", {142, 128, 165}, {T::kBidirectional, T::kShared}},
        {"entry, exit, ramp",
         {104, 130, 158},
         {T::kEntry, T::kExit, T::kOffRamp, T::kOnRamp, T::kConnectingRamp, T::kSlipLane}},
        {"bus, taxi, HOV", {176, 138, 118}, {T::kBus, T::kTaxi, T::kHov}},
        {"stop", {160, 158, 146}, {T::kStop}},
        {"shoulder, border", {196, 191, 176}, {T::kShoulder, T::kBorder}},
        {"pavement", {226, 202, 158}, {T::kSidewalk}},
        {"cycle track", {207, 139, 116}, {T::kBiking}},
        {"parking", {164, 184, 208}, {T::kParking}},
        {"median", {158, 191, 140}, {T::kMedian}},
        {"kerb", {92, 92, 92}, {T::kCurb}},
        {"restricted", {206, 178, 178}, {T::kRestricted}},
        {"tram, rail", {180, 156, 192}, {T::kTram, T::kRail}},
        {"road works", {240, 176, 96}, {T::kRoadWorks}},
        {"special", {210, 194, 218}, {T::kSpecial1, T::kSpecial2, T::kSpecial3}},
        {"none", {211, 221, 202}, {T::kUnused}},
    };
    return kStyles;
}
std::size_t look_of(LaneType type) {
    for (std::size_t i = 0; i < lane_styles().size(); ++i) {
        const auto& types = lane_styles()[i].types;
        if (std::find(types.begin(), types.end(), type) != types.end()) return i;
    }
    return lane_styles().size() - 1;
}

Colour paint_colour(MarkColour colour) {
    switch (colour) {
        case MarkColour::kYellow:
            return {245, 200, 50};
        case MarkColour::kRed:
            return {214, 64, 54};
        case MarkColour::kBlue:
            return {70, 120, 210};
        case MarkColour::kGreen:
            return {70, 160, 90};
        case MarkColour::kOrange:
            return {240, 150, 50};
        case MarkColour::kViolet:
            return {150, 90, 180};
        case MarkColour::kBlack:
            return {30, 30, 30};
        default:
            return {255, 255, 255};
    }
}

// Leaves out points that a tenth of a pixel cannot tell from a straight line. [Douglas and Peucker
// 1973], with a stack of its own.
void simplify(Path& path) {
    constexpr double kTolerance_px = 0.1;
    if (path.size() < 3) return;
    std::vector<bool> keep(path.size(), false);
    keep.front() = keep.back() = true;
    std::vector<std::pair<std::size_t, std::size_t>> open = {{0, path.size() - 1}};
    while (!open.empty()) {
        const auto [a, b] = open.back();
        open.pop_back();
        const Vec2 chord = path[b] - path[a];
        const double length = glm::length(chord);
        double worst = kTolerance_px;
        std::size_t at = 0;
        for (std::size_t i = a + 1; i < b; ++i) {
            const Vec2 off = path[i] - path[a];
            const double miss = length > 1e-9 ? std::abs(engine::math::cross(chord, off)) / length
                                              : glm::length(off);
            if (miss > worst) {
                worst = miss;
                at = i;
            }
        }
        if (at == 0) continue;
        keep[at] = true;
        open.push_back({a, at});
        open.push_back({at, b});
    }
    Path kept;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (keep[i]) kept.push_back(path[i]);
    }
    path = std::move(kept);
}

class Plotter {
  public:
    Plotter(const RoadModel& model, const PlotOptions& options)
        : model_(model), options_(options), geometry_(model) {}

    Drawing run() {
        frame();
        const std::vector<std::uint32_t> order = by_height();
        for (std::uint32_t r : order) {
            draw_lanes(r);
            draw_marks(r);
        }
        for (std::uint32_t r : order) draw_objects(r);
        for (std::uint32_t r : order) draw_directions(r);
        for (std::uint32_t r : order) draw_signals(r);
        if (options_.ids) draw_ids();
        if (options_.overlay) {
            options_.overlay([this](const Vec2& p) { return page(p); }, drawing_);
        }
        if (options_.area) clear_bands();
        draw_frame();
        return std::move(drawing_);
    }

  private:
    // ---- From the map to the page ----

    // A point at (s, t), where s may lie at a section's end.
    Vec2 map_point(std::uint32_t r, double s, double t) const {
        const auto q = geometry_.reference(r, s);
        const double roll = geometry_.superelevation_rad(r, s);
        return q.p +
               t * std::cos(roll) * engine::math::perp(engine::math::direction(q.heading_rad));
    }
    Vec2 page(const Vec2& p) const {
        return {kMargin_px + (p.x - low_.x) * scale_,
                kHeader_px + kMargin_px + (high_.y - p.y) * scale_};
    }
    Vec2 at(std::uint32_t r, double s, double t) const { return page(map_point(r, s, t)); }

    // Stations from a to b, close enough for curves of the picture.
    std::vector<double> stations(double a, double b) const {
        const double step = std::clamp(3.0 / scale_, 0.25, 5.0);
        const int n = static_cast<int>(std::clamp(std::ceil((b - a) / step), 1.0, 20000.0));
        std::vector<double> result;
        for (int i = 0; i <= n; ++i) result.push_back(a + (b - a) * i / n);
        return result;
    }

    void frame() {
        constexpr double kFar = std::numeric_limits<double>::infinity();
        low_ = {kFar, kFar};
        high_ = {-kFar, -kFar};
        scale_ = 1;
        for (std::uint32_t r = 0; r < model_.roads.size(); ++r) {
            const Road& road = model_.roads[r];
            for (double s : stations(0, road.length_m)) {
                const std::uint32_t k = geometry_.section_at(r, s);
                if (k == kNone || road.sections[k].lanes.empty()) continue;
                for (int id :
                     {road.sections[k].lanes.front().id, road.sections[k].lanes.back().id}) {
                    const Vec2 p = map_point(r, s, geometry_.outer_t_m(r, k, id, s));
                    low_ = glm::min(low_, p);
                    high_ = glm::max(high_, p);
                }
            }
        }
        if (!(low_.x <= high_.x)) low_ = high_ = {0, 0};
        if (options_.area) {
            low_ = (*options_.area)[0];
            high_ = (*options_.area)[1];
        }
        const Vec2 extent = glm::max(high_ - low_, Vec2(10, 10));
        scale_ = options_.size_px / std::max(extent.x, extent.y);
        // A narrow map still needs room for its title and legend.
        constexpr double kLeastWidth_px = 700;
        const double width = std::max(extent.x * scale_, kLeastWidth_px);
        low_.x -= 0.5 * (width / scale_ - extent.x);
        drawing_.width_px = static_cast<int>(std::ceil(width + 2 * kMargin_px));
        drawing_.height_px = static_cast<int>(
            std::ceil(extent.y * scale_ + 2 * kMargin_px + kHeader_px + kFooter_px));
        drawing_.background = kPaper;
    }

    std::vector<std::uint32_t> by_height() const {
        std::vector<double> height(model_.roads.size());
        for (std::uint32_t r = 0; r < model_.roads.size(); ++r) {
            const double length = model_.roads[r].length_m;
            for (double share : {0.1, 0.3, 0.5, 0.7, 0.9})
                height[r] += geometry_.elevation_m(r, share * length) / 5;
        }
        std::vector<std::uint32_t> order(model_.roads.size());
        std::iota(order.begin(), order.end(), 0U);
        // Whole metres: roads of one level stay in the file's order.
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return std::floor(height[a] / 2) < std::floor(height[b] / 2);
        });
        return order;
    }

    void fill(Colour colour, Path path) {
        simplify(path);
        Shape shape;
        shape.kind = Shape::Kind::kFill;
        shape.colour = colour;
        shape.paths.push_back(std::move(path));
        drawing_.shapes.push_back(std::move(shape));
    }
    void stroke(Colour colour, double width_px, std::vector<Path> paths) {
        if (paths.empty()) return;
        Shape shape;
        shape.kind = Shape::Kind::kStroke;
        shape.colour = colour;
        shape.size_px = width_px;
        shape.paths = std::move(paths);
        drawing_.shapes.push_back(std::move(shape));
    }
    Shape& write(const Vec2& where, const std::string& text, double size_px) {
        Shape shape;
        shape.kind = Shape::Kind::kText;
        shape.colour = kInk;
        shape.paths = {{where}};
        shape.size_px = size_px;
        shape.text = text;
        drawing_.shapes.push_back(std::move(shape));
        return drawing_.shapes.back();
    }

    // ---- Roads ----

    void draw_lanes(std::uint32_t r) {
        const Road& road = model_.roads[r];
        for (std::uint32_t k = 0; k < road.sections.size(); ++k) {
            const LaneSection& section = road.sections[k];
            const std::vector<double> along = stations(section.s_m, geometry_.section_end_m(r, k));
            for (const ModelLane& lane : section.lanes) {
                if (lane.id == 0) continue;
                const int inner_id = lane.id > 0 ? lane.id - 1 : lane.id + 1;
                Path inner, outer;
                double widest = 0;
                for (double s : along) {
                    const double t0 = geometry_.outer_t_m(r, k, inner_id, s);
                    const double t1 = geometry_.outer_t_m(r, k, lane.id, s);
                    widest = std::max(widest, std::abs(t1 - t0));
                    inner.push_back(at(r, s, t0));
                    outer.push_back(at(r, s, t1));
                }
                if (widest <= 0) continue;
                simplify(inner);
                simplify(outer);
                inner.insert(inner.end(), outer.rbegin(), outer.rend());
                const std::size_t style =
                    look_of(lane.road_works ? LaneType::kRoadWorks : lane.type);
                used_[style] = true;
                Colour colour = lane_styles()[style].colour;
                // Connecting roads lie over each other: let them shine through.
                if (road.junction != kNone) colour.alpha = 0.6;
                fill(colour, std::move(inner));
            }
        }
    }

    struct PaintLine {
        double t_m = 0, length_m = 0, space_m = 0, s_offset_m = 0, width_m = 0;
    };
    // The lines that a mark consists of; those of its type where it gives none itself.
    static std::vector<PaintLine> lines_of(const RoadMark& mark) {
        const double width = mark.width_m > 0 ? mark.width_m : mark.bold ? 0.25 : 0.12;
        std::vector<PaintLine> lines;
        for (const MarkLine& line : mark.lines)
            lines.push_back({line.t_offset_m, line.length_m, line.space_m, line.s_offset_m,
                             line.width_m > 0 ? line.width_m : width});
        if (!lines.empty() || !mark.explicit_lines.empty()) return lines;
        constexpr double kDash_m = 3, kGap_m = 6;
        const double aside = width;
        const PaintLine solid{0, 0, 0, 0, width}, broken{0, kDash_m, kGap_m, 0, width};
        const auto beside = [&](PaintLine line, double t) {
            line.t_m = t;
            return line;
        };
        switch (mark.type) {
            case MarkType::kUnmarked:
            case MarkType::kCustom:
                return {};
            case MarkType::kBroken:
            case MarkType::kBottsDots:
                return {broken};
            case MarkType::kSolidSolid:
                return {beside(solid, aside), beside(solid, -aside)};
            case MarkType::kSolidBroken:
                return {beside(solid, aside), beside(broken, -aside)};
            case MarkType::kBrokenSolid:
                return {beside(broken, aside), beside(solid, -aside)};
            case MarkType::kBrokenBroken:
                return {beside(broken, aside), beside(broken, -aside)};
            default:
                return {solid};
        }
    }

    void draw_marks(std::uint32_t r) {
        constexpr double kLeastScale = 0.4;  // below, marks are thinner than anything seen
        if (scale_ < kLeastScale) return;
        const Road& road = model_.roads[r];
        for (std::uint32_t k = 0; k < road.sections.size(); ++k) {
            const LaneSection& section = road.sections[k];
            const double section_end = geometry_.section_end_m(r, k);
            for (const ModelLane& lane : section.lanes) {
                for (std::size_t m = 0; m < lane.marks.size(); ++m) {
                    const RoadMark& mark = lane.marks[m];
                    const double begin = section.s_m + std::max(0.0, mark.s_offset_m);
                    const double end = m + 1 < lane.marks.size()
                                           ? section.s_m + lane.marks[m + 1].s_offset_m
                                           : section_end;
                    draw_mark(r, k, lane.id, mark, begin, std::min(end, section_end));
                }
            }
        }
    }

    void draw_mark(std::uint32_t r, std::uint32_t k, int lane, const RoadMark& mark, double begin,
                   double end) {
        if (end <= begin) return;
        Colour colour = paint_colour(mark.colour);
        if (mark.type == MarkType::kCurb || mark.type == MarkType::kEdge) colour = {120, 116, 108};
        if (mark.type == MarkType::kGrass) colour = {120, 160, 90};
        const auto path = [&](double a, double b, double t) {
            Path points;
            for (double s : stations(a, b)) {
                const double sway =
                    mark.sway.empty() ? 0.0 : engine::road::value_at(mark.sway, s - begin);
                points.push_back(at(r, s, geometry_.outer_t_m(r, k, lane, s) + t + sway));
            }
            simplify(points);
            return points;
        };
        const auto width_px = [&](double width) { return std::max(0.8, width * scale_); };
        for (const PaintLine& line : lines_of(mark)) {
            std::vector<Path> paths;
            const double period = line.length_m + line.space_m;
            if (line.space_m <= 0 || period * scale_ < 2) {
                paths.push_back(path(begin, end, line.t_m));
            } else {
                for (double s = begin + line.s_offset_m; s < end; s += period) {
                    const double a = std::max(s, begin), b = std::min(s + line.length_m, end);
                    if (b > a) paths.push_back(path(a, b, line.t_m));
                }
            }
            stroke(colour, width_px(line.width_m), std::move(paths));
        }
        std::vector<Path> paths;
        double width = 0.12;
        for (const MarkLine& line : mark.explicit_lines) {
            const double a = std::max(begin, begin + line.s_offset_m);
            const double b = std::min(a + line.length_m, end);
            if (b > a) paths.push_back(path(a, b, line.t_offset_m));
            if (line.width_m > 0) width = line.width_m;
        }
        stroke(colour, width_px(width), std::move(paths));
    }

    // Arrow heads along driven lanes.
    void draw_directions(std::uint32_t r) {
        constexpr double kSpacing_px = 90, kLeastRoom_px = 14, kSize_px = 4;
        const Road& road = model_.roads[r];
        std::vector<Path> arrows;
        for (std::uint32_t k = 0; k < road.sections.size(); ++k) {
            const double begin = road.sections[k].s_m, end = geometry_.section_end_m(r, k);
            if ((end - begin) * scale_ < kLeastRoom_px) continue;
            for (const ModelLane& lane : road.sections[k].lanes) {
                if (lane.id == 0 || !is_driven(lane.type)) continue;
                if (lane.direction == ModelLane::Direction::kBoth ||
                    lane.type == LaneType::kBidirectional)
                    continue;
                bool forward = (lane.id < 0) != road.left_hand;
                if (lane.direction == ModelLane::Direction::kReversed) forward = !forward;
                const int count =
                    std::max(1, static_cast<int>((end - begin) * scale_ / kSpacing_px));
                for (int i = 0; i < count; ++i) {
                    const double s = begin + (end - begin) * (i + 0.5) / count;
                    const double width = geometry_.width_m(r, k, lane.id, s);
                    if (width * scale_ < 2) continue;
                    const int inner = lane.id > 0 ? lane.id - 1 : lane.id + 1;
                    const double t = 0.5 * (geometry_.outer_t_m(r, k, lane.id, s) +
                                            geometry_.outer_t_m(r, k, inner, s));
                    const double heading = geometry_.reference(r, s).heading_rad;
                    Vec2 ahead = engine::math::direction(heading);
                    if (!forward) ahead = -ahead;
                    ahead.y = -ahead.y;  // the page's y runs down
                    const Vec2 left = engine::math::perp(ahead), tip = at(r, s, t);
                    const double size = std::min(kSize_px, 0.3 * width * scale_);
                    arrows.push_back({tip - size * ahead + 0.7 * size * left, tip + size * ahead,
                                      tip - size * ahead - 0.7 * size * left});
                }
            }
        }
        stroke({255, 255, 255, 0.75}, 1.1, std::move(arrows));
    }

    // ---- Beside the roads ----

    void draw_objects(std::uint32_t r) {
        const Road& road = model_.roads[r];
        for (const ModelObject& object : road.objects) {
            const bool flat = object.type == "crosswalk" || object.type == "parkingSpace" ||
                              object.type == "roadMark";
            const Colour rim = flat ? Colour{255, 255, 255, 0.9} : Colour{96, 110, 80, 0.9};
            const Colour area = flat ? Colour{255, 255, 255, 0.35} : Colour{150, 165, 120, 0.6};
            const double heading =
                geometry_.reference(r, object.s_m).heading_rad + object.heading_rad;
            const Vec2 ahead = engine::math::direction(heading);
            const Vec2 origin = map_point(r, object.s_m, object.t_m);
            const auto local = [&](double u, double v) {
                return page(origin + u * ahead + v * engine::math::perp(ahead));
            };
            std::vector<Path> outlines;
            for (const Outline& outline : object.outlines) {
                Path path;
                for (const OutlineCorner& corner : outline.corners)
                    path.push_back(corner.local ? local(corner.a, corner.b)
                                                : at(r, corner.a, corner.b));
                if (outline.closed) path.push_back(path.front());
                outlines.push_back(std::move(path));
            }
            if (outlines.empty() && object.repeats.empty()) {
                const double u = 0.5 * (object.has_radius ? 2 * object.radius_m : object.length_m);
                const double v = 0.5 * (object.has_radius ? 2 * object.radius_m : object.width_m);
                if (u > 0 && v > 0)
                    outlines.push_back(
                        {local(u, v), local(-u, v), local(-u, -v), local(u, -v), local(u, v)});
            }
            for (const Path& outline : outlines) fill(area, outline);
            for (const ObjectRepeat& repeat : object.repeats) {
                if (repeat.length_m <= 0) continue;
                Path path;
                for (double s : stations(repeat.s_m, repeat.s_m + repeat.length_m)) {
                    const double u = (s - repeat.s_m) / repeat.length_m;
                    path.push_back(
                        at(r, s, repeat.t_start_m + u * (repeat.t_end_m - repeat.t_start_m)));
                }
                simplify(path);
                outlines.push_back(std::move(path));
            }
            stroke(rim, 1, std::move(outlines));
        }
    }

    void draw_signals(std::uint32_t r) {
        constexpr double kSize_px = 4;
        for (const ModelSignal& signal : model_.roads[r].signals) {
            const Vec2 where = at(r, signal.s_m, signal.t_m);
            const Colour colour = signal.dynamic ? Colour{206, 50, 44} : Colour{38, 92, 190};
            (signal.dynamic ? lights_ : signs_) = true;
            // A tick towards the traffic that it rules.
            if (signal.orientation != Orientation::kBoth) {
                Vec2 ahead =
                    engine::math::direction(geometry_.reference(r, signal.s_m).heading_rad);
                if (signal.orientation == Orientation::kForward) ahead = -ahead;
                stroke(colour, 1.4, {{where, where + 2.6 * kSize_px * Vec2(ahead.x, -ahead.y)}});
            }
            dot(where, kSize_px, colour, signal.dynamic);
        }
    }
    void dot(const Vec2& where, double size, Colour colour, bool round) {
        for (const auto& [grown, paint] :
             {std::pair{size + 1.2, Colour{255, 255, 255}}, {size, colour}}) {
            Path path;
            const int corners = round ? 16 : 4;
            for (int i = 0; i < corners; ++i) {
                const double angle = 2 * engine::math::kPi * (i + 0.5) / corners;
                path.push_back(where +
                               (round ? grown : 1.25 * grown) * engine::math::direction(angle));
            }
            Shape shape;
            shape.colour = paint;
            shape.paths = {std::move(path)};
            drawing_.shapes.push_back(std::move(shape));
        }
    }

    // ---- Words ----

    void draw_ids() {
        constexpr double kText_px = 11;
        for (std::uint32_t r = 0; r < model_.roads.size(); ++r) {
            const Road& road = model_.roads[r];
            // Connecting roads lie too close together to be named.
            if (road.junction != kNone || road.length_m * scale_ < 26) continue;
            Shape& text =
                write(at(r, 0.5 * road.length_m, geometry_.lane_offset_m(r, 0.5 * road.length_m)) +
                          Vec2(0, 4),
                      road.id.substr(0, 24), kText_px);
            text.anchor = Shape::Anchor::kMiddle;
            text.halo = true;
        }
        for (std::uint32_t j = 0; j < model_.junctions.size(); ++j) {
            Vec2 sum(0, 0);
            int count = 0;
            for (std::uint32_t r = 0; r < model_.roads.size(); ++r) {
                if (model_.roads[r].junction != j) continue;
                sum += map_point(r, 0.5 * model_.roads[r].length_m, 0);
                ++count;
            }
            if (count == 0) continue;
            Shape& text = write(page(sum / static_cast<double>(count)) + Vec2(0, 5),
                                model_.junctions[j].id.substr(0, 24), 14);
            text.anchor = Shape::Anchor::kMiddle;
            text.halo = text.bold = true;
            text.colour = {176, 42, 36};
            named_ = true;
        }
    }

    // What lies beyond the area shown runs into the bands of title and legend.
    void clear_bands() {
        const double width = drawing_.width_px, height = drawing_.height_px;
        const auto band = [&](double top, double bottom) {
            fill(kPaper, {{0, top}, {width, top}, {width, bottom}, {0, bottom}});
        };
        band(0, kHeader_px);
        band(height - kFooter_px, height);
    }

    void draw_frame() {
        const double width = drawing_.width_px, bottom = drawing_.height_px;
        if (!options_.title.empty()) write({kMargin_px, 30}, options_.title, 18).bold = true;

        // A scale bar of a round length, about an eighth of the picture.
        const double wanted = width / 8 / scale_;
        double length = std::pow(10.0, std::floor(std::log10(wanted)));
        for (double factor : {5.0, 2.0}) {
            if (length * factor <= wanted) {
                length *= factor;
                break;
            }
        }
        const double right = width - kMargin_px, left = right - length * scale_, y = bottom - 40;
        stroke(kInk, 1.5, {{{left, y - 5}, {left, y}, {right, y}, {right, y - 5}}});
        Shape& label = write({0.5 * (left + right), y + 16}, fmt::format("{:g} m", length), 12);
        label.anchor = Shape::Anchor::kMiddle;

        // The legend: what the map really shows.
        double x = kMargin_px, row = bottom - 48;
        const auto entry = [&](const std::string& text, auto draw) {
            const double room = 34 + 7.1 * static_cast<double>(text.size());
            if (x + room > left - 20) {
                x = kMargin_px;
                row += 22;
            }
            draw(Vec2(x + 6, row));
            write({x + 17, row + 4}, text, 12);
            x += room;
        };
        for (std::size_t i = 0; i < lane_styles().size(); ++i) {
            if (!used_[i]) continue;
            entry(lane_styles()[i].label, [&](const Vec2& c) {
                fill(lane_styles()[i].colour,
                     {c + Vec2(-6, -6), c + Vec2(6, -6), c + Vec2(6, 6), c + Vec2(-6, 6)});
            });
        }
        if (lights_) entry("signal", [&](const Vec2& c) { dot(c, 4, {206, 50, 44}, true); });
        if (signs_) entry("sign", [&](const Vec2& c) { dot(c, 4, {38, 92, 190}, false); });
        if (named_) {
            entry("junction", [&](const Vec2& c) {
                Shape& text = write(c + Vec2(0, 5), "7", 14);
                text.bold = true;
                text.anchor = Shape::Anchor::kMiddle;
                text.colour = {176, 42, 36};
            });
        }
    }

    const RoadModel& model_;
    const PlotOptions& options_;
    RoadGeometry geometry_;
    Drawing drawing_;
    Vec2 low_{0, 0}, high_{0, 0};
    double scale_ = 1;  // [px/m]
    std::array<bool, 32> used_{};
    bool lights_ = false, signs_ = false, named_ = false;
};

}  // namespace

Drawing plot(const RoadModel& model, const PlotOptions& options) {
    return Plotter(model, options).run();
}

}  // namespace huntsman::scenarios::opendrive
