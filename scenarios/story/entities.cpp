// Who takes part.

#include <algorithm>

#include "scenarios/story/compiler.h"

namespace huntsman::scenarios::story {

using engine::core::Severity;

namespace {

// Guards against files that would fill the memory.
constexpr std::size_t kMostEntities = 10'000;

}  // namespace

void Compiler::name_entities() {
    const Element* list = document_.root.child("Entities");
    if (list == nullptr) return;
    for (const Element* item : list->all("ScenarioObject")) {
        if (story_.entities.size() >= kMostEntities) {
            error(*item, "entity.many",
                  fmt::format("there are more than {} entities", kMostEntities));
            return;
        }
        Entity entity;
        entity.name = text(*item, "name");
        entity.origin = item->origin;
        if (story_.entity(entity.name) != kNoIndex) {
            error(*item, "entity.twice",
                  fmt::format("the entity \"{}\" is declared twice", entity.name));
        }
        story_.entities.push_back(std::move(entity));
    }
    for (const Element* item : list->all("EntitySelection")) {
        report(Severity::kWarning, *item, "entity.selection",
               fmt::format("the selection \"{}\" is kept and not played", text(*item, "name")));
    }
}

void Compiler::entities() {
    const Element* list = document_.root.child("Entities");
    if (list == nullptr) return;
    const auto items = list->all("ScenarioObject");
    for (std::size_t i = 0; i < items.size() && i < kMostEntities; ++i) {
        // Trailers that are described inside vehicles add entities at the end.
        Entity entity = story_.entities[i];
        entity_objects(*items[i], entity);
        object_controllers(*items[i], entity);
        story_.entities[i] = std::move(entity);
    }
}

void Compiler::entity_objects(const Element& object, Entity& result) {
    for (const char* kind : {"Vehicle", "Pedestrian", "MiscObject"}) {
        if (const Element* inside = object.child(kind)) {
            ScopeGuard guard(*this);
            declare(*inside, guard.scope(), {});
            describe_entity(*inside, result);
            return;
        }
    }
    if (const Element* reference = object.child("CatalogReference")) {
        // The entry's kind is not said: the first catalogue entry of that name.
        load_all_catalogues();
        const auto catalogue = catalogues_.find(text(*reference, "catalogName"));
        const std::string name = text(*reference, "entryName");
        const char* wanted = "Vehicle";
        if (catalogue != catalogues_.end()) {
            for (const char* kind : {"Vehicle", "Pedestrian", "MiscObject"}) {
                if (catalogue->second.contains({kind, name})) {
                    wanted = kind;
                    break;
                }
            }
        }
        with_entry(*reference, wanted,
                   [&](const Element& entry) { describe_entity(entry, result); });
        return;
    }
    result.kind = EntityKind::kExternal;
    if (const Element* external = object.child("ExternalObjectReference")) {
        result.model = text(*external, "name");
    }
}

void Compiler::describe_entity(const Element& object, Entity& result) {
    const bool vehicle = object.name == "Vehicle", pedestrian = object.name == "Pedestrian";
    result.kind = vehicle      ? EntityKind::kVehicle
                  : pedestrian ? EntityKind::kPedestrian
                               : EntityKind::kObject;
    result.category = text(object, vehicle      ? "vehicleCategory"
                                   : pedestrian ? "pedestrianCategory"
                                                : "miscObjectCategory");
    result.model = text(object, "name");
    result.model_file = text(object, "model3d");
    if (result.model_file.empty()) result.model_file = text(object, "model");
    result.role = text(object, "role");
    result.mass_kg = amount_or(object, "mass", 0);
    if (const Element* box = object.child("BoundingBox")) {
        if (const Element* centre = box->child("Center")) {
            result.box.x_m = number_or(*centre, "x", 0);
            result.box.y_m = number_or(*centre, "y", 0);
            result.box.z_m = number_or(*centre, "z", 0);
        }
        if (const Element* size = box->child("Dimensions")) {
            result.box.length_m = amount_or(*size, "length", 0);
            result.box.width_m = amount_or(*size, "width", 0);
            result.box.height_m = amount_or(*size, "height", 0);
        }
    }
    if (const Element* performance = object.child("Performance")) {
        result.performance = limits(performance);
    }
    if (const Element* axles = object.child("Axles")) {
        for (const char* name : {"FrontAxle", "RearAxle", "AdditionalAxle"}) {
            for (const Element* axle : axles->all(name)) {
                result.axles.push_back({.max_steer_rad = number_or(*axle, "maxSteering", 0),
                                        .wheel_diameter_m = amount_or(*axle, "wheelDiameter", 0),
                                        .track_m = amount_or(*axle, "trackWidth", 0),
                                        .x_m = number_or(*axle, "positionX", 0),
                                        .z_m = number_or(*axle, "positionZ", 0)});
            }
        }
    }
    result.properties = properties(object);
    if (const Element* hitch = object.child("TrailerHitch")) {
        result.hitch_x_m = number_or(*hitch, "dx", 0);
    }
    if (const Element* coupler = object.child("TrailerCoupler")) {
        result.coupler_x_m = number_or(*coupler, "dx", 0);
    }
    const Element* trailer = object.child("Trailer");
    if (trailer == nullptr) return;
    if (const Element* reference = trailer->child("TrailerRef")) {
        // Parameters leave the reference empty where nothing is coupled.
        if (!text(*reference, "entityRef").empty()) result.trailer = entity(*reference);
    } else if (const Element* inside = trailer->child("Trailer")) {
        if (story_.entities.size() >= kMostEntities) return;
        Entity towed;
        // Trailers described inside vehicles are called after them.
        towed.name = result.name + "+";
        towed.origin = inside->origin;
        result.trailer = static_cast<Index>(story_.entities.size());
        story_.entities.push_back(towed);
        entity_objects(*inside, towed);
        story_.entities[result.trailer] = std::move(towed);
    }
}

std::vector<Attribute> Compiler::properties(const Element& owner) {
    std::vector<Attribute> result;
    if (const Element* list = owner.child("Properties")) {
        for (const Element* item : list->all("Property")) {
            result.push_back({text(*item, "name"), text(*item, "value")});
        }
    }
    return result;
}

Controller Compiler::controller(const Element& element) {
    return {.name = text(element, "name"),
            .type = text(element, "controllerType"),
            .properties = properties(element)};
}

void Compiler::object_controllers(const Element& object, Entity& result) {
    for (const Element* item : object.all("ObjectController")) {
        inline_or_catalogue(*item, "Controller", [&](const Element& element) {
            result.controllers.push_back(controller(element));
        });
    }
}

Limits Compiler::limits(const Element* element) {
    Limits result;
    if (element == nullptr) return result;
    result.max_speed_mps = limit(*element, "maxSpeed");
    result.max_acceleration_mps2 = limit(*element, "maxAcceleration");
    result.max_deceleration_mps2 = limit(*element, "maxDeceleration");
    result.max_acceleration_rate_mps3 = limit(*element, "maxAccelerationRate");
    result.max_deceleration_rate_mps3 = limit(*element, "maxDecelerationRate");
    return result;
}

}  // namespace huntsman::scenarios::story
