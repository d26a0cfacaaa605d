// The models of assets/models as vehicles show them.
//
// Those that are shipped were built with the program and are part of it. A description that differs
// from what was built, or that another assets folder has, is built when it is asked for, which
// takes seconds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "scenarios/models/build.h"

namespace huntsman::scenarios::catalogue {

struct CastMember;

using ImportedModel = std::shared_ptr<const models::BuiltModel>;

// Errors: no description of this name; those of models::load_description and models::build_model.
engine::core::Result<ImportedModel> imported_model(const std::string& name);
// Without meshes where the model is part of the program, which takes no time. `with_meshes` then
// gives it whole, in a millisecond or two.
engine::core::Result<ImportedModel> imported_measures(const std::string& name);
ImportedModel with_meshes(const ImportedModel& model);

// A person of assets/models, built when it is asked for. Errors: no description of this name; one
// of a vehicle; those of models::build_person.
engine::core::Result<std::shared_ptr<const CastMember>> imported_person(const std::string& name);

// Names of those that are part of the program, sorted.
std::vector<std::string> baked_model_names();

}  // namespace huntsman::scenarios::catalogue
