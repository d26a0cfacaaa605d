// The palette: kinds of the situations' library, and all models of the catalogue.

#include "scenarios/edit/kinds.h"

#include <algorithm>
#include <set>

#include "scenarios/catalogue/catalogue.h"
#include "scenarios/edit/elements.h"

namespace huntsman::scenarios::edit {

using engine::world::Semantic;
using situations::ActorKind;
using situations::ActorKinds;

namespace {

// The words of OpenSCENARIO for a class.
ActorKind kind_of_class(Semantic semantic) {
    switch (semantic) {
        case Semantic::kCar:
            return {.type = "vehicle", .category = "car"};
        case Semantic::kVan:
            return {.type = "vehicle", .category = "van"};
        case Semantic::kTruck:
            return {.type = "vehicle", .category = "truck"};
        case Semantic::kBus:
            return {.type = "vehicle", .category = "bus"};
        case Semantic::kTrailer:
            return {.type = "vehicle", .category = "trailer"};
        case Semantic::kMotorcycle:
            return {.type = "vehicle", .category = "motorbike"};
        case Semantic::kBicycle:
        case Semantic::kScooter:
            return {.type = "vehicle", .category = "bicycle"};
        case Semantic::kWheelchair:
            return {.type = "pedestrian", .category = "wheelchair"};
        case Semantic::kAnimal:
            return {.type = "pedestrian", .category = "animal"};
        case Semantic::kMovable:
            return {.type = "object", .category = "obstacle"};
        default:
            return {.type = "pedestrian", .category = "pedestrian"};
    }
}

ActorKind kind_of_model(const catalogue::Model& model) {
    const engine::world::Extent extent = catalogue::extent_of(model);
    const auto semantic = std::visit([](const auto& own) { return own.semantic; }, model.of_kind);
    double mass_kg = 0;
    if (const auto* vehicle = std::get_if<catalogue::VehicleModel>(&model.of_kind)) {
        mass_kg = vehicle->mass_kg;
    }
    return kind_of(semantic, model.name, extent, mass_kg);
}

struct Kinds {
    ActorKinds by_name;
    std::vector<ActorKindInfo> palette;
};

double usual_speed(const std::string& name, const ActorKind& kind) {
    constexpr double kDrive_mps = 8.0, kRide_mps = 4.5, kWalk_mps = 1.3;
    if (kind.type == "object" || name == "lying_person") return 0;
    if (kind.type == "pedestrian") return kWalk_mps;
    return kind.category == "bicycle" ? kRide_mps : kDrive_mps;
}

Kinds load() {
    Kinds kinds;
    std::vector<std::string> order;
    const auto add = [&](const std::string& name, ActorKind kind) {
        if (kinds.by_name.emplace(name, std::move(kind)).second) order.push_back(name);
    };
    // What the assets lack is reported where they are built.
    if (auto library = situations::load_kinds()) {
        for (auto& [name, kind] : *library) add(name, kind);
    }
    if (const auto catalogue = catalogue::load_shipped()) {
        for (const auto* list : {&catalogue->models, &catalogue->for_stories}) {
            for (const auto& model : *list) add(model.name, kind_of_model(model));
        }
    }
    // Words of others for the same.
    const std::pair<const char*, const char*> aliases[] = {{"pedestrian", "adult"},
                                                           {"motorcycle", "motorbike"}};
    for (const auto& [alias, name] : aliases) {
        const auto at = kinds.by_name.find(name);
        if (at != kinds.by_name.end()) kinds.by_name.emplace(alias, at->second);
    }
    std::erase(order, "motorcycle");
    for (const std::string& name : order) {
        const ActorKind& kind = kinds.by_name.at(name);
        const char* group = kind.type == "vehicle"      ? "vehicles"
                            : kind.type == "pedestrian" ? "people"
                                                        : "things";
        kinds.palette.push_back({name, group, label_of_name(name), kind.length_m, kind.width_m,
                                 kind.height_m, usual_speed(name, kind)});
    }
    // Usual ones first.
    const auto rank = [](const ActorKindInfo& info) {
        constexpr const char* kUsual[] = {"car",       "van",   "truck",  "bus",  "bicycle",
                                          "motorbike", "adult", "child",  "deer", "dog",
                                          "ball",      "cone",  "barrier"};
        const auto at = std::ranges::find(kUsual, std::string_view(info.name));
        const int group = info.group == "vehicles" ? 0 : info.group == "people" ? 1 : 2;
        return std::pair(group, at - std::begin(kUsual));
    };
    std::ranges::stable_sort(kinds.palette, {}, rank);
    return kinds;
}

const Kinds& loaded() {
    static const Kinds kKinds = load();
    return kKinds;
}

}  // namespace

ActorKind kind_of(Semantic semantic, const std::string& model, const engine::world::Extent& extent,
                  double mass_kg) {
    constexpr double kPerson_kg_m = 42, kThing_kg = 20;  // of height; whatever it weighs
    ActorKind kind = kind_of_class(semantic);
    kind.role = "none";
    kind.model = model;
    kind.length_m = extent.length_m();
    kind.width_m = extent.width_m;
    kind.height_m = extent.height_m;
    kind.x_m = extent.centre_x_m();
    kind.mass_kg = mass_kg > 0                 ? mass_kg
                   : kind.type == "pedestrian" ? kPerson_kg_m * extent.height_m
                                               : kThing_kg;
    kind.max_speed_mps = 70;
    kind.max_acceleration_mps2 = kind.max_deceleration_mps2 = 10;
    return kind;
}

const ActorKind* kind_named(const std::string& name) {
    const auto at = loaded().by_name.find(name);
    return at == loaded().by_name.end() ? nullptr : &at->second;
}

const std::vector<ActorKindInfo>& actor_kinds() { return loaded().palette; }

}  // namespace huntsman::scenarios::edit
