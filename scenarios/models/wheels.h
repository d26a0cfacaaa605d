// Wheels of a model, found by its tyres.
#pragma once

#include "engine/core/findings.h"
#include "engine/core/result.h"
#include "scenarios/models/surface.h"

namespace huntsman::scenarios::models {

struct FoundWheel {
    Vec3 hub{0, 0, 0};       // middle of the tyres, on the axle
    double radius_m = 0;     // of the circle through the tread
    double width_m = 0;      // over all tyres on this side of the axle
    double roundness_m = 0;  // largest distance of the tread from that circle
    std::size_t axle = 0;    // from the front
};

// Circle through points by least squares [Kasa 1976]; radius 0 where they lie on a line.
//   Kasa, I.: A circle fitting procedure and its error analysis, IEEE Trans. Instrum. Meas. 25.
struct Circle {
    Vec2 middle{0, 0};
    double radius = 0, largest_error = 0;
};
Circle fit_circle(const std::vector<Vec2>& points);

// Finds wheels from the faces of kind `tyre`: tyres whose middles lie within a tyre's radius along
// the vehicle, on one side of it, are one wheel (twin tyres). Wheels are sorted axle by axle from
// the front, left before right. Then gives each piece that lies within the cylinder of a wheel to
// it (Face::wheel), but no glass, lamps or plates. Wheels that are tyre all over get a rim.
// Errors: no tyre; tyres that are not round; an axle with more than one wheel on a side.
engine::core::Result<std::vector<FoundWheel>> find_wheels(Surface& surface,
                                                          engine::core::Findings& findings);

}  // namespace huntsman::scenarios::models
