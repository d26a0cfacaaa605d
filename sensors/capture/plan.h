// Which perspective views make up one camera's picture, and where each of its pixels lies in them.
//
// A lens without distortion and with a global shutter is one view, pixel for pixel. Other lenses
// are resampled from one view, or from up to six that look along the axes of C as the sides of a
// cube do, each drawn a little beyond its edge, so that no pixel reads across an edge. A rolling
// shutter is cut into bands of lines, each drawn for its own moment; what is left within a band, at
// most half its time, is made up for pixel by pixel, see resample.h.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/result.h"
#include "engine/render/view.h"
#include "engine/world/rig.h"

namespace huntsman::sensors::capture {

// When a line is exposed, relative to the middle line [s]. Lines are rows or, for sideways
// read-out, columns.
double line_time_s(const engine::world::Camera& camera, int line);
// The line of a pixel.
int line_of(engine::world::Readout readout, int x, int y);

struct PlannedView {
    engine::math::Quat R_CF{1, 0, 0, 0};    // from the view's axes to C
    int width = 0, height = 0;              // pixels
    double fx = 0, fy = 0, cx = 0, cy = 0;  // of the view
    double after_s = 0;                     // its moment, relative to the middle line
};

// Where a pixel of the picture lies in a view; view is kNoView where the lens sees nothing.
struct PlannedPixel {
    float x = 0, y = 0;  // pixels of the view, the first one's centre at (0.5, 0.5)
    std::uint32_t view = 0;
};
constexpr std::uint32_t kNoView = 0xffffffffU;

struct CameraPlan {
    engine::world::Camera camera;
    std::vector<PlannedView> views;
    std::vector<PlannedPixel> pixels;  // height × width
    bool direct = false;               // one view that is the picture: `pixels` is empty
    bool joined = false;               // views look to several sides
};

// Bands are as many as keep half a band's time below `residual_s`, at most kMostBands.
constexpr int kMostBands = 48;
// Errors: the lens sees nothing of the picture, or the views would be larger than a device draws.
engine::core::Result<CameraPlan> plan_camera(const engine::world::Camera& camera,
                                             double residual_s);

}  // namespace huntsman::sensors::capture
