// A sample without its pixels and lidar points as JSON, and back; cameras and rigs alike. Doubles
// survive exactly. Enumerations are written as words.
#pragma once

#include "engine/core/result.h"
#include "sensors/dataset/dataset.h"
#include "sensors/dataset/fields.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::dataset {

Json to_json(const engine::world::Camera& camera);
Json to_json(const engine::world::Rig& rig);
Json to_json(const labels::Sample& sample);
Json to_json(const Values& values);

// These throw BadField.
engine::world::Camera camera_from_json(const Json& json);
engine::world::Rig rig_from_json(const Json& json);
labels::Sample sample_from_json(const Json& json);

// Text of a JSON file; throws BadField when it is none, or when a key stands twice.
Json parse_json(const std::string& text);
// A row a line; BadField names the line.
std::vector<Json> parse_json_lines(const std::string& text);
std::vector<std::string> lines_of(const std::string& text);

// The class of a name that engine/world/ids.h gives; throws BadField.
engine::world::Semantic semantic_from_name(const std::string& name);

}  // namespace huntsman::sensors::dataset
