// The pane of the map and what lies on its ground, for panes/top_view.cpp.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "apps/editor/ui.h"

namespace huntsman::apps::editor {

// What does not change from frame to frame: the borders of each lane.
struct MapCache {
    const engine::world::World* world = nullptr;
    struct Strip {
        std::vector<engine::math::Vec2> left, right;
        engine::math::Vec2 low{0, 0}, high{0, 0};
        engine::world::LaneKind kind = engine::world::LaneKind::kDriving;
        bool junction = false;
    };
    std::vector<Strip> strips;
    struct House {
        std::array<engine::math::Vec2, 4> corners;
    };
    std::vector<House> houses;
    engine::math::Vec2 low{0, 0}, high{0, 0};
};

std::shared_ptr<MapCache> make_map_cache(const engine::world::World& world);

constexpr double kSignalsUpTo = 0.6;  // metres a pixel; from farther away they are not drawn

// The pane's rectangle and what part of the world it shows, north up.
struct MapScale {
    ImVec2 low, size;
    engine::math::Vec2 centre{0, 0};
    double metres_per_px = 1;

    ImVec2 at(const engine::math::Vec2& p) const {
        return {low.x + 0.5F * size.x + static_cast<float>((p.x - centre.x) / metres_per_px),
                low.y + 0.5F * size.y - static_cast<float>((p.y - centre.y) / metres_per_px)};
    }
    ImVec2 at(const engine::math::Vec3& p) const { return at(engine::math::xy(p)); }
    engine::math::Vec2 place(const ImVec2& p) const {
        return {centre.x + static_cast<double>(p.x - low.x - 0.5F * size.x) * metres_per_px,
                centre.y - static_cast<double>(p.y - low.y - 0.5F * size.y) * metres_per_px};
    }
    float px(double metres) const { return static_cast<float>(metres / metres_per_px); }
    engine::math::Vec2 world_low() const { return place(ImVec2(low.x, low.y + size.y)); }
    engine::math::Vec2 world_high() const { return place(ImVec2(low.x + size.x, low.y)); }
};

// What is drawn onto.
struct Sheet : MapScale {
    Ui& ui;
    ImDrawList& list;
    std::vector<ImVec4> labels = {};  // drawn so far: left, top, right, bottom
};

void draw_grid(const Sheet& sheet);
void draw_scale(const Sheet& sheet);
void draw_roads(const Sheet& sheet, const MapCache& cache);
void draw_crossings(const Sheet& sheet, const engine::world::World& world);
void draw_signals(const Sheet& sheet, const bridge::live::Moment& moment);
void draw_route(const Sheet& sheet, const engine::world::World& world);

}  // namespace huntsman::apps::editor
