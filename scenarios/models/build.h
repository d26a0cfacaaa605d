// A vehicle's meshes and measures from a description. Stages: read the file (engine/import), turn
// it into one surface in metres, name its parts, find the wheels, move it into B, turn its faces
// outwards, smooth normals, paint, thin.
#pragma once

#include <memory>
#include <vector>

#include "engine/core/findings.h"
#include "engine/core/job_pool.h"
#include "engine/core/result.h"
#include "engine/import/files.h"
#include "engine/import/model.h"
#include "engine/world/world.h"
#include "scenarios/models/description.h"
#include "scenarios/models/surface.h"

namespace huntsman::scenarios::models {

struct BuiltWheel {
    engine::math::Vec2 p_B{0, 0};  // of its foot
    double radius_m = 0, width_m = 0;
    std::uint32_t axle = 0;
    std::uint32_t mesh = 0;  // of BuiltModel::wheel_meshes
};

struct BuiltModel {
    std::string name;
    engine::world::Semantic semantic = engine::world::Semantic::kCar;
    engine::world::Extent extent;    // width without mirrors
    std::vector<BuiltWheel> wheels;  // axle by axle from the front, left before right
    engine::world::Mesh body;        // in B
    engine::world::Mesh interior;    // in B; without levels where there is none
    bool has_interior = false;
    std::vector<engine::world::Mesh> wheel_meshes;  // turn about y, hub at the origin
    engine::math::Vec3 eye_B{0, 0, 0};              // the driver's
    std::vector<std::shared_ptr<const engine::world::Picture>> pictures;  // of all meshes
};

// What stands before the parts are named: for `check` and `propose`.
struct OpenedModel {
    engine::import::Model model;
    Surface surface;  // in M
};

// Those of the description; of a body of numbers one for each material, which is named by its kind,
// or "kind:N" where it has a colour of its own.
std::vector<Rule> rules_of(const Description& description, const engine::import::Model& model);
// Of a body of numbers: nothing in memory.
engine::core::Result<engine::import::Files> open_files(const Description& description);
engine::core::Result<OpenedModel> open_model(const Description& description,
                                             engine::core::Findings& findings);

// Errors: what open_model, apply_rules and find_wheels say; a model without a body. The result
// depends on the description and the model's files alone.
engine::core::Result<BuiltModel> build_model(const Description& description,
                                             engine::core::JobPool& pool,
                                             engine::core::Findings& findings);

}  // namespace huntsman::scenarios::models
