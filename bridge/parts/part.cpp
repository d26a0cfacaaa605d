#include "bridge/parts/part.h"

#include <nlohmann/json.hpp>

#include "bridge/parts/part_fields.h"
#include "engine/core/describe_words.h"

namespace huntsman::bridge::parts {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using faults::Fault;

namespace {

template <typename... Faults>
bool is_one_of(const Fault& fault) {
    return (std::holds_alternative<Faults>(fault) || ...);
}

// Whether one of the parts makes this fault do nothing.
bool is_mended(const Fault& fault, std::span<const Part> parts) {
    if (is_one_of<faults::Drop, faults::Freeze, faults::Late, faults::Reorder, faults::LateAction>(
            fault)) {
        return has<Latency>(parts);
    }
    if (is_one_of<faults::RouteShift, faults::SpeedLimit>(fault)) return has<Map>(parts);
    if (is_one_of<faults::Clip, faults::WeakBrakes, faults::SteerOffset>(fault)) {
        return has<Actions>(parts);
    }
    const auto* dirt = std::get_if<faults::DirtyCamera>(&fault);
    const auto* drift = std::get_if<faults::Drift>(&fault);
    if (dirt == nullptr && drift == nullptr) return false;
    const std::string& camera = dirt != nullptr ? dirt->camera : drift->camera;
    return std::ranges::find(parts, Part(Camera{camera})) != parts.end();
}

}  // namespace

Result<Part> parse(const std::string& text) {
    auto part = engine::core::parse_kind<Part>(text, "part");
    if (!part) return Error{.message = fmt::format("part {}: {}", text, part.error().message)};
    return part;
}

std::string text(const Part& part) {
    return std::visit([](const auto& one) { return engine::core::text_of_kind(one); }, part);
}

std::vector<std::string> part_names() { return engine::core::kind_names<Part>(); }

void read_json(const engine::core::JsonNode& node, const char* key, std::vector<Part>& parts) {
    engine::core::read_texts(node, key, parts, parse);
}

void write_json(nlohmann::ordered_json& json, const char* key, const std::vector<Part>& parts) {
    engine::core::write_texts(json, key, parts, [](const Part& part) { return text(part); });
}

bool needs_actual(std::span<const Part> parts) {
    return has<Perception>(parts) || has<Tracks>(parts) || has<Velocities>(parts) ||
           has<Signals>(parts) || has<Prediction>(parts);
}

std::vector<Fault> left(std::span<const Fault> faults, std::span<const Part> parts) {
    std::vector<Fault> left(faults.begin(), faults.end());
    for (Fault& fault : left) {
        if (is_mended(fault, parts)) fault = faults::Drop{.share = 0};
    }
    return left;
}

Status mend(std::span<const Part> parts, engine::world::Rig& rig) {
    for (const Part& part : parts) {
        const auto* wanted = std::get_if<Camera>(&part);
        if (wanted == nullptr) continue;
        const auto camera =
            std::ranges::find(rig.cameras, wanted->camera, &engine::world::Camera::name);
        if (camera == rig.cameras.end()) {
            std::string names;
            for (const auto& one : rig.cameras) names += (names.empty() ? "" : ", ") + one.name;
            return Error{.message =
                             fmt::format("part {} has name {}, expected a camera of the rig: {}",
                                         text(part), wanted->camera, names)};
        }
        camera->sensor.clear();
        camera->error = {};
    }
    return {};
}

}  // namespace huntsman::bridge::parts
