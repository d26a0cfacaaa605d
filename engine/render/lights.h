// Lamps that light their surroundings: street lamps, head, tail, brake, turn and signal lamps.
//
// The lamps near the rig are gathered each frame from the instances and actors whose lamps are lit,
// and listed per tile of each picture, nearest first, so that a pixel meets only those that can
// reach it [Olsson and Assarsson 2011]. Intensities are in kcd, luminances in kcd/m².
//   Olsson, O., Assarsson, U.: Tiled shading, Journal of Graphics, GPU, and Game Tools 15, 2011.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/render/render_scene.h"
#include "engine/render/shader_types.h"
#include "engine/render/view.h"

namespace huntsman::engine::render {

// How a lamp throws its light.
struct LampBeam {
    double intensity_kcd = 0;  // along the axis; beams: scale of the beam table
    double range_m = 0;        // beyond it the light is cut off
    std::uint32_t shape = 0;   // shader::kLight...
};
LampBeam beam_of(world::Lamp lamp);

// Intensity of a dipped headlamp [kcd] in a direction: h to the left, v upwards from the lamp's
// axis, both as tangents. A cut-off half a degree below the horizon that rises on the right, the
// brightest place just below it, and a wide foreground [after UN Regulation 149, class C limits].
double dipped_beam_kcd(double h, double v);

// The beam as the shaders read it: kBeamColumns × kBeamRows roots of kcd, rows from the top, over
// tangents of ± kBeamWide and from kBeamHigh down to kBeamLow.
std::vector<float> beam_table();

class LightList {
  public:
    std::vector<shader::GpuLight> lights;  // at most kMostLights, nearest to the rig first
    std::vector<shader::uvec4> tiles;      // of all views; 16 indices of lights each, 255: none

    // Tiles of one view, and their first one in `tiles`.
    static int columns(int width);
    static int rows(int height);

    // Collects what is lit around the rig and lists it for each view.
    void build(std::span<const LitLamp> fixed, std::span<const LitLamp> moving,
               std::span<const View> views, const math::Vec3& rig_W);
};

}  // namespace huntsman::engine::render
