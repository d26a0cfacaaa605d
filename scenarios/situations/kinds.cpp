#include "scenarios/situations/kinds.h"

#include <algorithm>

#include "engine/core/assets.h"
#include "engine/core/json_file.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::situations {

using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;
using story::Attribute;
using story::Element;

std::string text(double number) { return story::to_text(number); }

Element element(std::string name, std::vector<Attribute> attributes,
                std::vector<Element> children) {
    Element result;
    result.name = std::move(name);
    result.attributes = std::move(attributes);
    result.children = std::move(children);
    return result;
}

Element described(const ActorKind& kind) {
    Element box = element(
        "BoundingBox", {},
        {element("Center", {{"x", text(kind.x_m)}, {"y", "0"}, {"z", text(kind.height_m / 2)}}),
         element("Dimensions", {{"width", text(kind.width_m)},
                                {"length", text(kind.length_m)},
                                {"height", text(kind.height_m)}})});
    if (kind.type == "pedestrian") {
        return element("Pedestrian",
                       {{"mass", text(kind.mass_kg)},
                        {"name", kind.model},
                        {"pedestrianCategory", kind.category}},
                       {std::move(box)});
    }
    if (kind.type == "object") {
        return element("MiscObject",
                       {{"mass", text(kind.mass_kg)},
                        {"miscObjectCategory", kind.category},
                        {"name", kind.model}},
                       {std::move(box)});
    }
    const auto axle = [&](const char* name, double x_m, double steer_rad) {
        constexpr double kWheel_m = 0.65;
        return element(name, {{"maxSteering", text(steer_rad)},
                              {"wheelDiameter", text(kWheel_m)},
                              {"trackWidth", text(0.85 * kind.width_m)},
                              {"positionX", text(x_m)},
                              {"positionZ", text(kWheel_m / 2)}});
    };
    // The overhangs are alike: the front axle is as far before the box's centre as the rear behind.
    Element axles = element(
        "Axles", {}, {axle("FrontAxle", std::max(2 * kind.x_m, 0.5), 0.6), axle("RearAxle", 0, 0)});
    return element("Vehicle",
                   {{"name", kind.model},
                    {"vehicleCategory", kind.category},
                    {"role", kind.role},
                    {"mass", text(kind.mass_kg)}},
                   {std::move(box),
                    element("Performance", {{"maxSpeed", text(kind.max_speed_mps)},
                                            {"maxAcceleration", text(kind.max_acceleration_mps2)},
                                            {"maxDeceleration", text(kind.max_deceleration_mps2)}}),
                    std::move(axles)});
}

Result<ActorKinds> load_kinds() {
    HM_TAKE(const auto file, JsonFile::read(engine::core::assets_folder() /
                                            "scenarios/situations/library/kinds.json"));
    const JsonNode root = file->root();
    root.only({"schema_version", "kinds"});
    root.integer("schema_version", 1, 1);
    ActorKinds kinds;
    for (const auto& [name, node] : root.object("kinds").members()) {
        node.only({"type", "category", "role", "model", "length_m", "width_m", "height_m", "x_m",
                   "mass_kg", "max_speed_mps", "max_acceleration_mps2", "max_deceleration_mps2"});
        ActorKind& kind = kinds[name];
        kind.type = node.one_of("type", {"vehicle", "pedestrian", "object"});
        kind.category = node.text("category");
        kind.role = node.text_or("role", "none");
        kind.model = node.text_or("model", name);
        kind.length_m = node.number("length_m", 0.01, 60);
        kind.width_m = node.number("width_m", 0.01, 20);
        kind.height_m = node.number("height_m", 0.01, 20);
        kind.x_m = node.number_or("x_m", 0, -30, 30);
        kind.mass_kg = node.number("mass_kg", 0.01, 1e5);
        kind.max_speed_mps = node.number_or("max_speed_mps", 70, 0.1, 100);
        kind.max_acceleration_mps2 = node.number_or("max_acceleration_mps2", 10, 0.1, 100);
        kind.max_deceleration_mps2 = node.number_or("max_deceleration_mps2", 10, 0.1, 100);
    }
    HM_TRY(file->status());
    return kinds;
}

}  // namespace huntsman::scenarios::situations
