// Pictures of actors and models by themselves: turntables, and sheets of many.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/render/view.h"
#include "engine/world/world.h"

namespace huntsman::apps {

struct ModelViews {
    std::vector<engine::world::Archetype> archetypes;  // their meshes are those of `scene`
    engine::world::StaticScene scene;
    std::vector<std::array<float, 3>> tints;  // of each archetype
    int width = 480, height = 400;
    int directions = 8;    // pictures around each; 1: from three quarters ahead
    bool close = false;    // the upper part of people, the front of others
    bool night = false;    // after dusk, with dipped headlights
    double speed_mps = 0;  // people and riders: with a cycle of their limbs instead of a turn
};

// A sheet of the archetypes' pictures with their names, on open ground under a clear sky.
engine::core::Result<engine::core::Image> view_models(const ModelViews& views,
                                                      engine::render::Quality quality);

}  // namespace huntsman::apps
