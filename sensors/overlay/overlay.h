// Labels drawn over pictures, for people to look at.
//
// A layer is what one label shows in one camera's picture: RGBA of the picture's size, with an
// alpha of 0 where it has nothing to show. Labels that a sample lacks give an empty layer.
//
// What lies in space is drawn at the moment at which the line is exposed that it falls on. Where
// the sample has depth, lanes, marks, signals, signs and lidar points end at what stands before
// them; edges of boxes, bones, gazes and ties between minds go on faintly. A thing without any
// visible pixel is not drawn. Without depth all lines are drawn whole.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "engine/core/image.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::overlay {

enum class Layer : std::uint8_t {
    kDepth,       // colour by distance with a scale
    kSemantic,    // Cityscapes's colours
    kInstance,    // a colour for each actor and object
    kNormals,     // x, y, z of C as red, green, blue
    kFlow,        // to the next picture: direction as hue, length as saturation, with a wheel
    kBoxes,       // 2D: visible thick, amodal thin, with class, id and hidden share
    kBoxes3d,     // through the lens, with the front face crossed
    kKeypoints,   // skeletons, hidden points hollow, and where people look
    kLanes,       // borders and centre lines
    kMarks,       // stop lines, crossings, arrows
    kSignals,     // heads with their aspect
    kSigns,       // with what they mean
    kLidar,       // points by distance
    kMinds,       // gaze, lines to whom an agent sees, what it knows of the ego and plans
    kLidarClass,  // lidar points in the colours of what they hit
};
constexpr std::size_t kLayers = 15;
const char* name(Layer layer);  // "depth", "semantic", ...
std::optional<Layer> layer_of(std::string_view name);
// Layers that cover the whole picture; others are lines and points.
constexpr bool is_dense(Layer layer) { return layer <= Layer::kFlow; }

engine::core::Image draw_layer(const labels::Sample& sample, const labels::CameraSample& camera,
                               Layer layer);
// Several layers of lines as one, so that their texts stand clear of each other.
engine::core::Image draw_lines(const labels::Sample& sample, const labels::CameraSample& camera,
                               std::span<const Layer> layers);

// The layer over the picture (RGB), times `opacity` 0..1.
void blend(engine::core::Image& picture, const engine::core::Image& layer, double opacity);

// Drivable ground, what stands, what is seen, free space, objects with headings and lanes from
// above; ahead is up. RGB, `side` pixels; empty if the sample has no grid.
engine::core::Image draw_birds_eye(const labels::Sample& sample, int side);

}  // namespace huntsman::sensors::overlay
