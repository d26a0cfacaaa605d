// The ground of junctions: the area of all connecting roads, lane kind by lane kind.
#pragma once

#include "scenarios/streets/surface/lane_field.h"
#include "scenarios/streets/surface/polygons.h"
#include "scenarios/streets/surface/sheet.h"

namespace huntsman::scenarios::streets {

// Builds the sheet of a junction. `taken` is the area of the roads that meet here, `kept` are the
// stations of each span of the field at this level. `carriageway`, if asked for, becomes the area
// of asphalt.
Sheet junction_sheet(const engine::road::RoadGeometry& geometry,
                     const std::vector<std::vector<std::uint32_t>>& kept, const LaneField& field,
                     const Rings& taken, const Tolerance& tolerance, std::uint32_t patch,
                     Rings* carriageway = nullptr);

}  // namespace huntsman::scenarios::streets
