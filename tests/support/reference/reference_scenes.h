// Ten fixed scenes in which the renderer is compared with the path tracer.
#pragma once

#include <string>
#include <vector>

#include "engine/render/view.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::tests::support {

struct ReferenceScene {
    std::string name;   // in file names and tables
    std::string shows;  // what it is there for
    engine::world::World world;
    engine::world::State state;
    engine::render::View view;  // 160 × 100
};

// Made anew on each call; `index` from 0 to kReferenceScenes - 1.
constexpr int kReferenceScenes = 10;
ReferenceScene make_reference_scene(int index);

}  // namespace huntsman::tests::support
