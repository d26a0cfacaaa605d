// Which sign a signal of the road model is, and how it looks.
#pragma once

#include <optional>
#include <string>

#include "engine/world/road_model.h"
#include "scenarios/catalogue/signs.h"

namespace huntsman::scenarios::streets {

// The face of a static signal by country, type and subtype: numbers of the German catalogue
// (VzKat), which stands for all countries of the Vienna convention, and codes of the US one
// (MUTCD). Unknown types give a blank white plate with the signal's text. Nothing for signals
// without a plate: stop lines and other paint.
std::optional<catalogue::SignFace> sign_face(const engine::world::ModelSignal& signal);

// What the sign says to a driver, in a few words of plain English: "yield", "speed limit 50 km/h".
// Unknown types give their text or, without one, "sign" and the type.
std::string sign_meaning(const engine::world::ModelSignal& signal);

}  // namespace huntsman::scenarios::streets
