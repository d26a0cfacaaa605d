// Wheels: tyres with rounded shoulders and grooves, rims of several kinds.
#pragma once

#include "scenarios/bodywork/body.h"
#include "scenarios/bodywork/mesh.h"

namespace huntsman::scenarios::bodywork {

// A wheel with its hub at the origin, turning about y, its outer side towards +y. `rear` rims of
// lorries are dished.
Mesh make_wheel(const BodyAxle& axle, Rim rim, bool rear);
// All wheels of a body, left and right, on the ground.
Mesh make_wheels(const Body& body);

}  // namespace huntsman::scenarios::bodywork
