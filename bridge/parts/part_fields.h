// Field lists of parts; see engine/core/describe.h.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "bridge/parts/part.h"
#include "engine/core/json_file.h"

namespace huntsman::bridge::parts {

using engine::core::Of;

constexpr const char* name(Seen seen) {
    constexpr const char* kNames[] = {"any", "vehicle", "pedestrian", "thing"};
    return kNames[static_cast<int>(seen)];
}
constexpr int value_count(Of<Seen>) { return 4; }

constexpr const char* name_of(Of<Perception>) { return "perception"; }
constexpr void describe(Of<Perception>, auto&& field) {
    field("class", &Perception::of_class, {.doc = "any, vehicle, pedestrian or thing"});
}
constexpr const char* name_of(Of<Tracks>) { return "tracks"; }
constexpr void describe(Of<Tracks>, auto&&) {}
constexpr const char* name_of(Of<Velocities>) { return "velocities"; }
constexpr void describe(Of<Velocities>, auto&&) {}
constexpr const char* name_of(Of<Signals>) { return "signals"; }
constexpr void describe(Of<Signals>, auto&&) {}
constexpr const char* name_of(Of<Prediction>) { return "prediction"; }
constexpr void describe(Of<Prediction>, auto&&) {}
constexpr const char* name_of(Of<Planning>) { return "planning"; }
constexpr void describe(Of<Planning>, auto&&) {}
constexpr const char* name_of(Of<Map>) { return "map"; }
constexpr void describe(Of<Map>, auto&&) {}
constexpr const char* name_of(Of<Camera>) { return "camera"; }
constexpr void describe(Of<Camera>, auto&& field) {
    field("name", &Camera::camera, {.doc = "a camera of the rig", .required = true});
}
constexpr const char* name_of(Of<Latency>) { return "latency"; }
constexpr void describe(Of<Latency>, auto&&) {}
constexpr const char* name_of(Of<Actions>) { return "actions"; }
constexpr void describe(Of<Actions>, auto&&) {}

// Lists of parts as files hold them: texts. One without parts is not written.
void read_json(const engine::core::JsonNode& node, const char* key, std::vector<Part>& parts);
void write_json(nlohmann::ordered_json& json, const char* key, const std::vector<Part>& parts);

}  // namespace huntsman::bridge::parts
