// The bodies of each family, without their wheels; half of a body is one side with y >= 0.
#pragma once

#include "scenarios/bodywork/body.h"
#include "scenarios/bodywork/mesh.h"

namespace huntsman::scenarios::bodywork {

Mesh make_van(const Body& body);
Mesh make_bus(const Body& body);
Mesh make_tram(const Body& body);
Mesh make_lorry(const Body& body);
Mesh make_tractor_unit(const Body& body);
Mesh make_semi_trailer(const Body& body);
Mesh make_trailer(const Body& body);
Mesh make_drawbar_trailer(const Body& body);
Mesh make_saloon(const Body& body);
Mesh make_bicycle(const Body& body);
Mesh make_cargo_bicycle(const Body& body);
Mesh make_scooter(const Body& body);
Mesh make_tractor(const Body& body);

// A body of two halves: of the left side, and of the right as its mirror image.
Mesh joined(const Mesh& left, const Mesh& right);
// x of the middle of the axle, and the room between its tyres' inner sides.
double inner_of(const BodyAxle& axle, double liner_m = 0.03);

}  // namespace huntsman::scenarios::bodywork
