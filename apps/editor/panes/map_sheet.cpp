#include "apps/editor/panes/map_sheet.h"

#include <algorithm>
#include <cmath>

#include "engine/world/boxes.h"

namespace huntsman::apps::editor {

using engine::math::Vec2;
using engine::world::LaneKind;
namespace live = bridge::live;

std::shared_ptr<MapCache> make_map_cache(const engine::world::World& world) {
    auto cache = std::make_shared<MapCache>();
    cache->world = &world;
    cache->low = Vec2(1e9, 1e9);
    cache->high = Vec2(-1e9, -1e9);
    for (const auto& lane : world.roads.lanes) {
        MapCache::Strip strip;
        strip.kind = lane.kind;
        strip.junction = lane.in_junction();
        strip.low = Vec2(1e9, 1e9);
        strip.high = Vec2(-1e9, -1e9);
        for (const auto& sample : lane.samples) {
            const Vec2 across(-std::sin(sample.heading_rad), std::cos(sample.heading_rad));
            const Vec2 p = engine::math::xy(sample.p);
            strip.left.push_back(p + 0.5 * sample.width_m * across);
            strip.right.push_back(p - 0.5 * sample.width_m * across);
            strip.low = glm::min(strip.low, p - Vec2(sample.width_m, sample.width_m));
            strip.high = glm::max(strip.high, p + Vec2(sample.width_m, sample.width_m));
        }
        cache->low = glm::min(cache->low, strip.low);
        cache->high = glm::max(cache->high, strip.high);
        cache->strips.push_back(std::move(strip));
    }
    for (const auto& object : world.objects) {
        if (object.semantic != engine::world::Semantic::kBuilding) continue;
        cache->houses.push_back({engine::world::footprint(object.extent, object.X_WB).corners()});
    }
    return cache;
}

namespace {

double grid_step(const Sheet& sheet) {
    double step = 1;
    while (step / sheet.metres_per_px < 60)
        step *= step < 1.5 || std::fmod(std::log10(step), 1.0) < 0.1 ? 5 : 2;
    return step;
}

}  // namespace

void draw_grid(const Sheet& sheet) {
    const double step = grid_step(sheet);
    const Vec2 low = sheet.world_low(), high = sheet.world_high();
    const ImU32 tint = IM_COL32(255, 255, 255, 10);
    for (double x = std::ceil(low.x / step) * step; x < high.x; x += step) {
        const float sx = sheet.at(Vec2(x, 0)).x;
        sheet.list.AddLine(ImVec2(sx, sheet.low.y), ImVec2(sx, sheet.low.y + sheet.size.y), tint);
    }
    for (double y = std::ceil(low.y / step) * step; y < high.y; y += step) {
        const float sy = sheet.at(Vec2(0, y)).y;
        sheet.list.AddLine(ImVec2(sheet.low.x, sy), ImVec2(sheet.low.x + sheet.size.x, sy), tint);
    }
}

// A bar as long as a round number of metres.
void draw_scale(const Sheet& sheet) {
    const double step = grid_step(sheet);
    const float length = sheet.px(step);
    const ImVec2 corner(sheet.low.x + sheet.ui.px(12),
                        sheet.low.y + sheet.size.y - sheet.ui.px(14));
    const ImU32 bar = colour::packed(colour::kFaint);
    sheet.list.AddLine(corner, ImVec2(corner.x + length, corner.y), bar, sheet.ui.px(2));
    const std::string word = fmt::format("{:g} m", step);
    sheet.list.AddText(ImVec2(corner.x, corner.y - sheet.ui.px(18)), bar, word.c_str());
}

void draw_roads(const Sheet& sheet, const MapCache& cache) {
    const Vec2 low = sheet.world_low(), high = sheet.world_high();
    for (const auto& house : cache.houses) {
        std::array<ImVec2, 4> points;
        for (std::size_t i = 0; i < 4; ++i) points[i] = sheet.at(house.corners[i]);
        sheet.list.AddConvexPolyFilled(points.data(), 4, IM_COL32(52, 50, 48, 255));
    }
    const auto shown = [&](const MapCache::Strip& strip) {
        return strip.high.x >= low.x && strip.low.x <= high.x && strip.high.y >= low.y &&
               strip.low.y <= high.y;
    };
    // From far away every point of a lane's border would fall onto the pixel of the one before.
    const double least_m = 2 * sheet.metres_per_px;
    for (const auto& strip : cache.strips) {
        if (!shown(strip)) continue;
        const ImU32 tint = strip.kind == LaneKind::kDriving   ? IM_COL32(74, 77, 82, 255)
                           : strip.kind == LaneKind::kCycle   ? IM_COL32(84, 66, 62, 255)
                           : strip.kind == LaneKind::kParking ? IM_COL32(62, 64, 70, 255)
                                                              : IM_COL32(58, 60, 64, 255);
        std::size_t from = 0;
        for (std::size_t i = 1; i < strip.left.size(); ++i) {
            if (i + 1 < strip.left.size() &&
                glm::length(strip.left[i] - strip.left[from]) < least_m) {
                continue;
            }
            sheet.list.AddQuadFilled(sheet.at(strip.left[from]), sheet.at(strip.left[i]),
                                     sheet.at(strip.right[i]), sheet.at(strip.right[from]), tint);
            from = i;
        }
    }
    if (sheet.metres_per_px > 0.5) return;
    for (const auto& strip : cache.strips) {
        if (!shown(strip) || strip.junction) continue;
        const ImU32 tint = IM_COL32(190, 194, 200, 70);
        for (const auto* border : {&strip.left, &strip.right}) {
            for (std::size_t i = 1; i < border->size(); ++i) {
                sheet.list.AddLine(sheet.at((*border)[i - 1]), sheet.at((*border)[i]), tint);
            }
        }
    }
}

void draw_crossings(const Sheet& sheet, const engine::world::World& world) {
    if (sheet.metres_per_px > 0.4) return;
    for (const auto& crossing : world.roads.crossings) {
        const Vec2 a = engine::math::xy(crossing.a), b = engine::math::xy(crossing.b);
        const double length = glm::length(b - a);
        if (length < 0.5) continue;
        const Vec2 along = (b - a) / length, across(-along.y, along.x);
        for (double s = 0.25; s + 0.5 < length; s += 1.0) {
            const Vec2 p = a + s * along, q = a + (s + 0.5) * along;
            const Vec2 half = 0.5 * crossing.width_m * across;
            sheet.list.AddQuadFilled(sheet.at(p - half), sheet.at(q - half), sheet.at(q + half),
                                     sheet.at(p + half), IM_COL32(200, 203, 208, 60));
        }
    }
}

namespace {

ImU32 tint_of(engine::world::Aspect aspect) {
    switch (aspect) {
        case engine::world::Aspect::kRed:
            return colour::packed(colour::kSignalRed);
        case engine::world::Aspect::kRedYellow:
        case engine::world::Aspect::kYellow:
            return colour::packed(colour::kSignalYellow);
        case engine::world::Aspect::kGreen:
            return colour::packed(colour::kSignalGreen);
        default:
            return IM_COL32(90, 92, 96, 255);
    }
}

}  // namespace

void draw_signals(const Sheet& sheet, const live::Moment& moment) {
    if (sheet.metres_per_px > kSignalsUpTo) return;
    for (const auto& head : moment.world->roads.signal_heads) {
        if (head.group >= moment.state.signals.size()) continue;
        sheet.list.AddCircleFilled(sheet.at(head.p), sheet.ui.px(head.governs.empty() ? 2.5F : 4),
                                   tint_of(moment.state.signals[head.group]), 10);
    }
}

void draw_route(const Sheet& sheet, const engine::world::World& world) {
    const ImU32 tint = colour::packed(colour::kEgo, 0.35F);
    for (const auto id : world.ego_route) {
        const auto& samples = world.roads.lanes[id].samples;
        for (std::size_t i = 1; i < samples.size(); ++i) {
            sheet.list.AddLine(sheet.at(samples[i - 1].p), sheet.at(samples[i].p), tint,
                               sheet.ui.px(2.5F));
        }
    }
}

}  // namespace huntsman::apps::editor
