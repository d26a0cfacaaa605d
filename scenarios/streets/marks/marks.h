// Road marks: lines along lanes, and what is painted on them.
#pragma once

#include "scenarios/streets/marks/paint.h"
#include "scenarios/streets/surface/places.h"

namespace huntsman::scenarios::streets {

// Lines of one mark: offset of the middle from the border (to the left), width, dashes.
struct MarkStripe {
    double offset_m = 0, width_m = 0.12;
    double dash_m = 0, gap_m = 0;  // gap 0: solid
    double start_m = 0;            // station of the first dash
    bool once = false;             // one dash only
    bool dots = false;             // Botts' dots at every `gap_m`
    engine::world::MarkColour colour = engine::world::MarkColour::kStandard;
};

// What a country paints: lengths of broken lines.
struct MarkStyle {
    double dash_m = 3, gap_m = 6;
};
MarkStyle mark_style(const engine::world::Road& road, double s_m, bool american);

// The stripes of a mark of a lane that begins at `s_m`; none for kerbs, edges and grass, which are
// no paint (but painted kerbs).
std::vector<MarkStripe> stripes_of(const engine::world::RoadMark& mark, int lane, double s_m,
                                   const MarkStyle& style);

// Whether the rules of the map are those of North America: a country code says so, or where none
// is given yellow lines between opposite lanes.
bool is_american(const engine::world::RoadModel& model);

// Paints all lane marks of a tile. They leave out the places where people cross.
void add_lane_marks(const Ground& ground, std::size_t tile, bool american, TileMesh& mesh);

}  // namespace huntsman::scenarios::streets
