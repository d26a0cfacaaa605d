// Painted marks of a street.
#pragma once

#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/town/layout.h"

namespace huntsman::scenarios::town {

// Adds all marks of a street that begin between two stations: centre and lane lines, edge lines,
// stop lines, yield teeth, zebra bars, arrows. They lie 4 mm above the road.
void add_marks(const Layout& layout, std::uint32_t street, double from_m, double to_m,
               catalogue::MeshBuilder& builder);

}  // namespace huntsman::scenarios::town
