// Time: pictures of the run so far, the storyboard's events, and the plots of one or two futures.
#include <algorithm>
#include <cmath>

#include "apps/editor/ui.h"
#include "bridge/score/judge.h"
#include "engine/core/time.h"

namespace huntsman::apps::editor {

using nlohmann::json;
namespace live = bridge::live;

namespace {

constexpr double kTick_s = static_cast<double>(engine::core::kTick_us) * 1e-6;
double seconds(std::int64_t tick) { return static_cast<double>(tick) * kTick_s; }

// The front camera, whose pictures stand for a moment; the one that looks ahead and is widest would
// do as well, but it is the first of the shipped rigs.
constexpr std::size_t kFront = 0;
constexpr std::size_t kMostThumbnails = 400;

// The part of the pane in which time runs from left to right.
struct Ruler {
    ImVec2 low, size;
    double first_s = 0, last_s = 20;
    float at(double time_s) const {
        return low.x + static_cast<float>((time_s - first_s) / (last_s - first_s)) * size.x;
    }
    double time(float x) const {
        return first_s + static_cast<double>((x - low.x) / size.x) * (last_s - first_s);
    }
};

double step_of(double span_s, float width, float least_px) {
    double step = 0.1;
    for (int i = 0; step / span_s * static_cast<double>(width) < static_cast<double>(least_px);
         ++i) {
        step *= i % 3 == 1 ? 2.5 : 2;
    }
    return step;
}

void draw_ruler(Ui& ui, const Ruler& ruler) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const double step = step_of(ruler.last_s - ruler.first_s, ruler.size.x, ui.px(56));
    for (double t = 0; t <= ruler.last_s + 1e-6; t += step) {
        const float x = ruler.at(t);
        list.AddLine(ImVec2(x, ruler.low.y), ImVec2(x, ruler.low.y + ruler.size.y),
                     IM_COL32(255, 255, 255, 22));
        list.AddText(ui.fonts.small, ui.fonts.small != nullptr ? ui.fonts.small->FontSize : 12,
                     ImVec2(x + ui.px(3), ruler.low.y), colour::packed(colour::kFaint),
                     fmt::format("{:g} s", t).c_str());
    }
}

std::string thumbnail_name(const live::Moment& moment) {
    return fmt::format("thumbnail {}", moment.tick);
}

bool has_thumbnail(const Ui& ui, const live::MomentPtr& moment) {
    if (!moment->thumbnails.empty()) return true;
    const auto found = ui.thumbnails.find(thumbnail_name(*moment));
    return found != ui.thumbnails.end() && found->second.first == moment;
}

// Every second one goes where there are many, so that a long run keeps some everywhere.
void thin_thumbnails(Ui& ui) {
    if (ui.thumbnails.size() <= kMostThumbnails) return;
    bool goes = false;
    std::erase_if(ui.thumbnails, [&](const auto&) { return goes = !goes; });
}

// Pictures of the front camera, as many as find room; of a run without pictures those that views
// have shown.
void draw_thumbnails(Ui& ui, const Ruler& ruler, const live::Moments& moments, float top,
                     float height) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float width = height * 1.6F;
    float next = ruler.low.x;
    thin_thumbnails(ui);
    for (const auto& moment : moments) {
        if (!moment->at_frame || !has_thumbnail(ui, moment)) continue;
        const float x = ruler.at(seconds(moment->tick));
        if (x < next) continue;
        next = x + width + ui.px(2);
        if (x + width > ruler.low.x + ruler.size.x) break;
        const std::string name = thumbnail_name(*moment);
        auto& [of, image] = ui.thumbnails[name];
        if (of != moment) {
            of = moment;
            image = std::make_shared<engine::core::Image>(live::thumbnail(*moment, kFront));
        }
        if (void* texture = ui.gui->texture(name, image)) {
            list.AddImageRounded(texture, ImVec2(x, top), ImVec2(x + width, top + height),
                                 ImVec2(0, 0), ImVec2(1, 1), IM_COL32_WHITE, ui.px(2));
        }
    }
}

void draw_failures_on(Ui& ui, const Ruler& ruler, float y) {
    const auto& moments = *ui.editor.run().moments();
    if (moments.empty() || !moments.back()->failures) return;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    for (const auto& failure : *moments.back()->failures) {
        const float x = ruler.at(static_cast<double>(failure.infraction.time_us) * 1e-6);
        list.AddTriangleFilled(ImVec2(x, y + ui.px(9)), ImVec2(x - ui.px(5), y),
                               ImVec2(x + ui.px(5), y), colour::packed(colour::kError));
        if (ImGui::IsMouseHoveringRect(ImVec2(x - ui.px(6), y - ui.px(2)),
                                       ImVec2(x + ui.px(6), y + ui.px(11)))) {
            ImGui::SetTooltip("%s%s%s", bridge::score::name(failure.infraction.kind),
                              failure.other.empty() ? "" : ": ", failure.other.c_str());
        }
    }
}

// Events with a time; those that wait for something stand at the left as text.
float draw_events(Ui& ui, const Ruler& ruler, float top) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const auto& events = ui.editor.analysis().outline.events;
    const float height = ui.px(20);
    float y = top;
    static double from_s = 0;  // where the one that is dragged began
    for (const auto& event : events) {
        const double start = event.start_s.value_or(0);
        const float x = ruler.at(start);
        const std::string words = event.start_s
                                      ? event_title(event)
                                      : fmt::format("{}  {}", event_title(event), event.trigger);
        const float width = std::max(ui.px(24), ImGui::CalcTextSize(words.c_str()).x + ui.px(14));
        ImGui::SetCursorScreenPos(ImVec2(x, y));
        ImGui::InvisibleButton(event.path.c_str(), ImVec2(std::max(1.0F, width), height));
        ui.mark("timeline:" + event.name);
        const bool chosen = ui.editor.selection().element == event.path;
        const bool hovered = ImGui::IsItemHovered();
        if (ImGui::IsItemClicked()) {
            ui.act({{"do", "select"}, {"element", event.path}});
            ui.layout.right_tab = "Properties";
        }
        if (ImGui::IsItemActivated()) from_s = start;
        if (ImGui::IsItemActive() && event.start_s && ImGui::IsMouseDragging(0, 2) &&
            ImGui::GetIO().MouseDelta.x != 0) {
            const double moved =
                static_cast<double>(ImGui::GetMouseDragDelta(0, 2).x / ruler.size.x) *
                (ruler.last_s - ruler.first_s);
            ui.act({{"do", "move_event"},
                    {"event", event.path},
                    {"time_s", std::max(0.0, std::round(100 * (from_s + moved)) / 100)}});
        }
        list.AddRectFilled(ImVec2(x, y), ImVec2(x + width, y + height - ui.px(3)),
                           event.start_s ? colour::packed(colour::kStory, hovered ? 0.45F : 0.3F)
                                         : IM_COL32(255, 255, 255, hovered ? 30 : 16),
                           ui.px(4));
        if (chosen) {
            list.AddRect(ImVec2(x, y), ImVec2(x + width, y + height - ui.px(3)),
                         colour::packed(colour::kAccent), ui.px(4));
        }
        list.AddText(ImVec2(x + ui.px(7), y + ui.px(0)),
                     colour::packed(event.start_s ? colour::kText : colour::kFaint), words.c_str());
        if (hovered) {
            std::string help = event.trigger;
            for (const auto& action : event.actions) help += "\n" + action;
            tooltip(help.c_str());
        }
        y += height;
    }
    return y;
}

void scrub(Ui& ui, const Ruler& ruler, float top, float bottom) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const auto& status = ui.editor.status();
    ImGui::SetCursorScreenPos(ImVec2(ruler.low.x, top));
    ImGui::InvisibleButton("scrub", ImVec2(ruler.size.x, std::max(1.0F, bottom - top)));
    ui.mark("scrub");
    if (ImGui::IsItemActive()) {
        const double t =
            std::clamp(ruler.time(ImGui::GetIO().MousePos.x), 0.0, seconds(status.last_tick));
        const auto tick = static_cast<std::int64_t>(std::round(t / kTick_s));
        // While the pointer moves only what is computed is shown at once.
        if (tick <= status.head_tick || ImGui::IsMouseClicked(0)) {
            ui.act({{"do", "seek"}, {"tick", tick}});
        }
    }
    // What is computed, and the shown moment.
    const float head = ruler.at(seconds(status.head_tick));
    list.AddRectFilled(ImVec2(ruler.low.x, bottom - ui.px(3)), ImVec2(head, bottom),
                       colour::packed(colour::kAccent, 0.55F));
    if (status.forked_at) {
        const float x = ruler.at(seconds(*status.forked_at));
        list.AddLine(ImVec2(x, top), ImVec2(x, bottom), colour::packed(colour::kOther),
                     ui.px(1.5F));
        list.AddText(ImVec2(x + ui.px(3), bottom - ui.px(20)), colour::packed(colour::kOther),
                     icon::kFork);
    }
}

}  // namespace

void keep_thumbnail(Ui& ui, const live::ViewPicture& picture) {
    constexpr int kWidth_px = 160;
    const auto& moment = picture.moment;
    if (picture.image.pixels.empty()) return;  // it is on the window's device
    if (!moment || !moment->at_frame || !moment->thumbnails.empty()) return;
    thin_thumbnails(ui);
    ui.thumbnails[thumbnail_name(*moment)] = {
        moment, std::make_shared<engine::core::Image>(live::shrunk(picture.image, kWidth_px))};
}

void draw_timeline(Ui& ui) {
    const auto& status = ui.editor.status();
    if (!status.ready) {
        empty_state(ui, "Time runs here once the world is built");
        return;
    }
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const ImVec2 space = ImGui::GetContentRegionAvail();
    const double last = std::max({seconds(status.last_tick) > 61 ? 0 : seconds(status.last_tick),
                                  seconds(status.head_tick) * 1.15, 10.0});
    const double shown_s = status.ended ? seconds(status.head_tick) + 0.5 : last;
    const Ruler ruler{low, ImVec2(std::max(1.0F, space.x - ui.px(30)), space.y), 0, shown_s};
    draw_ruler(ui, ruler);
    // Pictures take the height that events leave.
    const float rows = ui.px(22) * static_cast<float>(ui.editor.analysis().outline.events.size());
    const float strip = std::clamp(space.y - rows - ui.px(36), ui.px(58), ui.px(140));
    const float top = low.y + ui.px(18);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(ImVec2(low.x, top), ImVec2(low.x + ruler.size.x, top + strip),
                       IM_COL32(255, 255, 255, 8), ui.px(3));
    const auto moments = ui.editor.run().moments();
    draw_thumbnails(ui, ruler, *moments, top + ui.px(2), strip - ui.px(8));
    if (status.head_tick == 0) {
        const char* words = "Space plays the run; its pictures appear here";
        const ImVec2 extent = ImGui::CalcTextSize(words);
        list.AddText(
            ImVec2(low.x + 0.5F * (ruler.size.x - extent.x), top + 0.5F * (strip - extent.y)),
            colour::packed(colour::kFaint), words);
    }
    scrub(ui, ruler, low.y, top + strip);
    draw_failures_on(ui, ruler, top - ui.px(2));
    const float bottom = draw_events(ui, ruler, top + strip + ui.px(6));
    const float x = ruler.at(seconds(status.shown_tick));
    list.AddLine(ImVec2(x, low.y), ImVec2(x, std::max(bottom, top + strip)),
                 colour::packed(colour::kText), ui.px(1.5F));
    list.AddTriangleFilled(ImVec2(x - ui.px(5), low.y), ImVec2(x + ui.px(5), low.y),
                           ImVec2(x, low.y + ui.px(7)), colour::packed(colour::kText));
    ImGui::SetCursorScreenPos(ImVec2(low.x, bottom));
    ImGui::Dummy(ImVec2(1, 1));
}

// ---- Plots

namespace {

struct Curve {
    const char* name;
    const char* unit;
    double (*value)(const live::PlotValues&);
    double low, high;  // of the axis, unless values go beyond
};
constexpr Curve kCurves[] = {
    {"Speed", "km/h", [](const live::PlotValues& v) { return 3.6 * v.speed_mps; }, 0, 50},
    {"Acceleration", "m/s²", [](const live::PlotValues& v) { return v.acceleration_mps2; }, -4, 2},
    {"Time to collision", "s", [](const live::PlotValues& v) { return v.ttc_s; }, 0, 5},
    {"Gap", "m", [](const live::PlotValues& v) { return v.gap_m; }, 0, 30}};

void draw_curve(Ui& ui, const live::Moments& moments, const Curve& curve, const Ruler& ruler,
                double low, double high, const ImVec4& tint) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    std::optional<ImVec2> last;
    for (const auto& moment : moments) {
        if (!moment->at_frame) continue;
        const double value = curve.value(moment->plots);
        if (!std::isfinite(value) || value > 1e6) {
            last.reset();
            continue;
        }
        const double share = std::clamp((value - low) / (high - low), 0.0, 1.0);
        const ImVec2 p(ruler.at(moment->plots.time_s),
                       ruler.low.y + (1 - static_cast<float>(share)) * ruler.size.y);
        if (last) list.AddLine(*last, p, colour::packed(tint), ui.px(1.6F));
        last = p;
    }
}

// The numbers at the ends of the upright axis.
void draw_axis(Ui& ui, const Ruler& ruler, double least, double most) {
    if (ui.fonts.small == nullptr) return;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float letters = ui.fonts.small->FontSize;
    const ImU32 faint = colour::packed(colour::kFaint, 0.8F);
    list.AddText(ui.fonts.small, letters, ruler.low, faint, fmt::format("{:.0f}", most).c_str());
    list.AddText(ui.fonts.small, letters, ImVec2(ruler.low.x, ruler.low.y + ruler.size.y - letters),
                 faint, fmt::format("{:.0f}", least).c_str());
}

std::string value_at(const live::Moments& moments, const Curve& curve, std::int64_t tick) {
    const auto moment = live::moment_at(moments, tick);
    if (!moment) return "–";
    const double value = curve.value(moment->plots);
    return std::isfinite(value) ? fmt::format("{:.1f}", value) : "–";
}

}  // namespace

void draw_plots(Ui& ui) {
    const auto moments = ui.editor.run().moments();
    const auto other = ui.editor.run().other();
    if (moments->empty()) {
        empty_state(ui, "Speed, acceleration, time to collision and gap of the ego appear here",
                    "Play the run; after a fork both futures are shown.");
        return;
    }
    const bool both = other && ui.editor.view().compare;
    if (other) {
        ImGui::Checkbox("Compare with the run before", &ui.editor.view().compare);
        ui.mark("compare");
        ImGui::SameLine(0, ui.px(20));
        ImGui::TextColored(colour::kEgo, "now: %s", ui.editor.status().driver.c_str());
        ImGui::SameLine(0, ui.px(14));
        ImGui::TextColored(colour::kOther, "before: %s", other->options.driver.c_str());
    }
    double last = std::max(seconds(ui.editor.status().head_tick), 2.0);
    if (both && !other->moments->empty()) {
        last = std::max(last, other->moments->back()->plots.time_s);
    }
    const ImVec2 space = ImGui::GetContentRegionAvail();
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const float gap = ui.px(10);
    const int columns = space.x > ui.px(900) ? 4 : 2;
    const int rows = 4 / columns;
    const ImVec2 cell(
        (space.x - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns),
        std::max(ui.px(60),
                 (space.y - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows)));
    ImDrawList& list = *ImGui::GetWindowDrawList();
    for (int i = 0; i < 4; ++i) {
        const Curve& curve = kCurves[i];
        const ImVec2 at(corner.x + static_cast<float>(i % columns) * (cell.x + gap),
                        corner.y + static_cast<float>(i / columns) * (cell.y + gap));
        const ImVec2 high(at.x + cell.x, at.y + cell.y);
        list.AddRectFilled(at, high, IM_COL32(255, 255, 255, 8), ui.px(4));
        const Ruler ruler{ImVec2(at.x + ui.px(6), at.y + ui.px(24)),
                          ImVec2(cell.x - ui.px(12), cell.y - ui.px(30)), 0, last};
        double least = curve.low, most = curve.high;
        for (const auto& moment : *moments) {
            const double v = curve.value(moment->plots);
            // Far gaps and long times say nothing: the axis keeps to what matters.
            if (!std::isfinite(v) || i >= 2) continue;
            least = std::min(least, v);
            most = std::max(most, v);
        }
        const float zero =
            ruler.low.y + (1 - static_cast<float>((0 - least) / (most - least))) * ruler.size.y;
        list.AddLine(ImVec2(ruler.low.x, zero), ImVec2(ruler.low.x + ruler.size.x, zero),
                     IM_COL32(255, 255, 255, 40));
        draw_axis(ui, ruler, least, most);
        list.PushClipRect(at, high, true);
        if (both) draw_curve(ui, *other->moments, curve, ruler, least, most, colour::kOther);
        draw_curve(ui, *moments, curve, ruler, least, most, colour::kEgo);
        const float x = ruler.at(seconds(ui.editor.status().shown_tick));
        list.AddLine(ImVec2(x, ruler.low.y), ImVec2(x, high.y), IM_COL32(255, 255, 255, 120));
        list.AddText(ImVec2(at.x + ui.px(8), at.y + ui.px(4)), colour::packed(colour::kText),
                     curve.name);
        std::string value = value_at(*moments, curve, ui.editor.status().shown_tick);
        if (both) value += " / " + value_at(*other->moments, curve, ui.editor.status().shown_tick);
        value += fmt::format(" {}", curve.unit);
        list.AddText(
            ImVec2(high.x - ImGui::CalcTextSize(value.c_str()).x - ui.px(8), at.y + ui.px(4)),
            colour::packed(colour::kFaint), value.c_str());
        list.PopClipRect();
        ImGui::SetCursorScreenPos(ruler.low);
        ImGui::InvisibleButton(curve.name,
                               ImVec2(std::max(1.0F, ruler.size.x), std::max(1.0F, ruler.size.y)));
        if (ImGui::IsItemActive()) {
            const double t = std::clamp(ruler.time(ImGui::GetIO().MousePos.x), 0.0,
                                        seconds(ui.editor.status().head_tick));
            ui.act({{"do", "seek"}, {"time_s", t}});
        }
    }
}

}  // namespace huntsman::apps::editor
