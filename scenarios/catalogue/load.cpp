#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include "engine/core/assets.h"
#include "engine/core/describe_json.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "scenarios/catalogue/baked_models.h"
#include "scenarios/catalogue/cast.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/meshes.h"
#include "scenarios/catalogue/models_fields.h"
#include "scenarios/catalogue/riders.h"

namespace huntsman::scenarios::catalogue {

using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;
using engine::world::Semantic;

namespace {

void check_place(const JsonNode& node, const Along& place) {
    const int given =
        place.origin_m.has_value() + place.front_m.has_value() + place.rear_m.has_value();
    if (given != 1) node.fail("names no one place, expected one of origin_m, front_m and rear_m");
}

}  // namespace

// A place must be one; found by describe_json.h.
void read_json(const JsonNode& parent, const char* key, Along& place) {
    const JsonNode node = parent.object(key);
    place = {};
    read_fields(node, place);
    check_place(node, place);
}
void write_json(nlohmann::ordered_json& parent, const char* key, const Along& place) {
    engine::core::write_fields(place, parent[key]);
}

namespace {

void check_axles(const JsonNode& root, const VehicleModel& model) {
    const auto nodes = root.array("axles");
    if (nodes.empty())
        return root.fail("axles is empty, expected at least one steered axle and one that is not");
    double drive = 0, brake = 0, fixed_x = 0;
    int fixed = 0, steered = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Axle& axle = model.axles[i];
        if (i > 0 && axle.x_m >= model.axles[i - 1].x_m) {
            nodes[i].fail("does not lie behind the axle before it, expected falling x_m");
        }
        drive += axle.drive_share;
        brake += axle.brake_share;
        (axle.steered ? steered : fixed) += 1;
        if (!axle.steered) fixed_x += axle.x_m;
    }
    const auto is_one = [](double sum) { return std::abs(sum - 1) < 1e-9; };
    if (steered == 0 || fixed == 0) {
        root.fail("axles are all steered or none is, expected one of either at least");
    } else if (std::abs(fixed_x) > 1e-9) {
        root.fail("axles that are not steered have their middle off x_m 0, where the origin is");
    } else if (!is_one(drive) || !is_one(brake)) {
        root.fail(
            fmt::format("axles have drive shares of {} and brake shares of {} together, "
                        "expected 1 and 1",
                        drive, brake));
    }
    const double rear_m = model.length_m - model.front_m();
    if (rear_m < -model.axles.back().x_m) {
        root.fail(
            fmt::format("length_m is {}, expected the rearmost axle within it", model.length_m));
    }
}

// Solids have a size.
void check_solids(const JsonNode& part, const std::vector<Solid>& solids) {
    for (std::size_t i = 0; i < solids.size(); ++i) {
        const Solid& solid = solids[i];
        const bool round = solid.shape == SolidShape::kTube || solid.shape == SolidShape::kLimb;
        bool flat = round && solid.from_m == solid.to_m;
        for (std::size_t k = 0; k < 3; ++k) {
            flat = flat || (!round && solid.from_m[k] == solid.to_m[k]);
        }
        if (flat) part.array("solids")[i].fail("has no size, expected from_m and to_m that differ");
    }
}

// Each part shows a mesh that there is; a wheel's says which wheel, a limb's at which joint.
void check_parts(const JsonNode& root, const std::vector<PartModel>& parts,
                 const std::vector<const char*>& meshes, std::int64_t wheels,
                 const std::vector<const char*>& joints) {
    const auto nodes = root.array("parts");
    if (nodes.empty() || nodes.size() > engine::world::kMostParts) {
        root.fail(
            fmt::format("parts are {}, expected 1 to {}", nodes.size(), engine::world::kMostParts));
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const PartModel& part = parts[i];
        nodes[i].one_of("mesh", meshes);
        const bool is_wheel = part.mesh == kWheelMesh, is_solids = part.mesh == kSolidsMesh;
        if (is_wheel != part.wheel.has_value()) {
            nodes[i].fail(is_wheel ? "does not say which wheel it shows, expected wheel"
                                   : "shows no wheel, expected no key wheel");
        } else if (is_wheel && *part.wheel >= wheels) {
            nodes[i].fail(fmt::format("shows wheel {}, expected 0 to {} as the axles have them",
                                      *part.wheel, wheels - 1));
        }
        if (joints.empty() && part.at) {
            nodes[i].fail("hangs at a joint, which only people on foot have");
        } else if (joints.empty() && part.swing && !is_solids) {
            nodes[i].fail("swings, which only solids and limbs of people do");
        }
        if (!joints.empty()) nodes[i].one_of("at", joints);
        if (is_solids && part.solids.empty()) nodes[i].fail("shows solids and lists none");
        if (!is_solids && part.at_m != std::array<double, 3>{}) {
            nodes[i].fail("has the key at_m, which only parts that show solids have");
        }
        if (!is_solids && part.mesh != kBodyMesh && !part.solids.empty()) {
            nodes[i].fail("lists solids, expected a part that shows solids or the body");
        }
        check_solids(nodes[i], part.solids);
    }
}

std::int64_t wheels_of(const std::vector<Axle>& axles) {
    std::int64_t count = 0;
    for (const Axle& axle : axles) count += axle.track_m > 0 ? 2 : 1;
    return count;
}

// A rider sits, holds and steps somewhere.
void check_rider(const JsonNode& root, const std::optional<RiderModel>& rider) {
    if (!rider) return;
    const JsonNode node = root.object("rider");
    const auto lacks = [&](const char* key, const char* what) {
        if (!node.has(key)) node.fail(fmt::format("lacks {}, expected {}", key, what));
    };
    if (rider->who.find_first_not_of(' ') == std::string::npos) {
        node.fail("who is empty, expected kinds of the cast, such as cyclist");
    }
    switch (rider->activity) {
        case Riding::kRide:
            lacks("grip_m", "where its hands are");
            if (!rider->circle_m) lacks("foot_m", "it or circle_m, where its feet are");
            break;
        case Riding::kWheelchair:
            lacks("seat_m", "where it sits");
            lacks("foot_m", "where its feet are");
            lacks("circle_m", "where the rims are that its hands push");
            break;
        case Riding::kPush:
            lacks("grip_m", "where its left hand is");
            lacks("seat_m", "where its right hand is");
            lacks("walks_m", "where it walks");
            break;
        case Riding::kPushBefore:
        case Riding::kPull:
            lacks("grip_m", "where its hands are");
            lacks("walks_m", "where it walks");
            break;
        case Riding::kLead:
            lacks("walks_m", "where it walks");
            lacks("animal", "the animal that it leads");
            lacks("animal_m", "where the animal goes");
            if (rider->animal && shipped_animal(*rider->animal) == nullptr) {
                node.fail(fmt::format("leads animal {}, expected one of {}", *rider->animal,
                                      fmt::join(shipped_animals(), ", ")));
            }
            break;
    }
    if (rider->animal && rider->activity != Riding::kLead) {
        node.fail("has an animal, which only those have whose activity is lead");
    }
}

void check_vehicle(const JsonNode& root, const VehicleModel& vehicle) {
    const bool shows_body = std::any_of(vehicle.parts.begin(), vehicle.parts.end(),
                                        [](const auto& part) { return part.mesh == kBodyMesh; });
    if (vehicle.model && vehicle.body) {
        root.fail("has a model and a body, expected one of them");
    } else if (vehicle.body) {
        for (std::size_t i = 0; i < vehicle.body->pillars.size(); ++i) {
            check_place(root.object("body").array("pillars")[i], vehicle.body->pillars[i]);
        }
    } else if (shows_body && !vehicle.model) {
        root.fail("has a part that shows the body, expected the key body or model");
    }
    check_axles(root, vehicle);
    const bool shows_interior =
        std::any_of(vehicle.parts.begin(), vehicle.parts.end(),
                    [](const auto& part) { return part.mesh == kInteriorMesh; });
    if (shows_interior && !vehicle.model) {
        root.fail("has a part that shows the interior, expected the key model");
    }
    check_parts(root, vehicle.parts, vehicle_meshes(), wheels_of(vehicle.axles), {});
    if (vehicle.rider && !engine::world::is_two_wheeler(vehicle.semantic)) {
        root.fail("has a rider, which only two-wheelers and wheelchairs have");
    } else {
        check_rider(root, vehicle.rider);
    }
}

// A vehicle's measures and those of the model that shows it agree within 1 %.
void check_imported(const JsonNode& root, const VehicleModel& vehicle,
                    const models::BuiltModel& imported) {
    const auto agree = [&](const std::string& what, double own, double of_model, double scale) {
        constexpr double kWithin = 0.01;
        if (std::abs(own - of_model) <= kWithin * scale) return;
        root.fail(fmt::format("{} is {:.3f}, expected {:.3f} as its model has it, within 1 %", what,
                              own, of_model));
    };
    // Loads reach beyond the model.
    const bool more = std::any_of(vehicle.parts.begin(), vehicle.parts.end(),
                                  [](const auto& part) { return part.mesh == kSolidsMesh; });
    if (!more) {
        agree("length_m", vehicle.length_m, imported.extent.length_m(), vehicle.length_m);
        agree("width_m", vehicle.width_m, imported.extent.width_m, vehicle.width_m);
        agree("height_m", vehicle.height_m, imported.extent.height_m, vehicle.height_m);
        agree("front end", vehicle.front_m(), imported.extent.front_m, vehicle.length_m);
    }
    std::size_t wheel = 0;
    for (const Axle& axle : vehicle.axles) {
        for (const double side : {1.0, -1.0}) {
            if (side < 0 && axle.track_m == 0) continue;
            if (wheel >= imported.wheels.size()) break;
            const models::BuiltWheel& own = imported.wheels[wheel];
            const std::string name = fmt::format("of wheel {} ", wheel);
            agree(name + "x_m", axle.x_m, own.p_B.x, vehicle.length_m);
            agree(name + "y", 0.5 * side * axle.track_m, own.p_B.y, vehicle.width_m);
            agree(name + "radius", axle.wheel_radius_m, own.radius_m, own.radius_m);
            ++wheel;
        }
    }
    if (static_cast<std::size_t>(wheels_of(vehicle.axles)) != imported.wheels.size()) {
        root.fail(fmt::format("axles have {} wheels, expected {} as its model has them",
                              wheels_of(vehicle.axles), imported.wheels.size()));
    }
    for (const PartModel& part : vehicle.parts) {
        if (part.mesh == kInteriorMesh && !imported.has_interior) {
            root.fail("has a part that shows the interior, which its model lacks");
        }
    }
}

// The room of a model's riders; who they are is added to it.
engine::world::Extent room_of_riders(const RiderModel& rider, Model& model) {
    constexpr double kMean_m = 1.72, kReach_m = 0.02;
    model.members = members_of(rider.who);
    std::erase_if(model.members,
                  [&](const auto& member) { return most_off_m(*member, rider) > kReach_m; });
    // As in builds without the data of bodies.
    if (model.members.empty()) model.members.push_back(plain_member("plain", kMean_m));
    engine::world::Extent room;
    for (const auto& member : model.members) {
        const engine::world::Extent own = rider_extent(*member, rider);
        room.front_m = std::max(room.front_m, own.front_m);
        room.rear_m = std::max(room.rear_m, own.rear_m);
        room.width_m = std::max(room.width_m, own.width_m);
        room.height_m = std::max(room.height_m, own.height_m);
    }
    return room;
}

// Riders of a model that has one, and measures that hold each of them.
void add_riders(Model& model) {
    if (auto* vehicle = std::get_if<VehicleModel>(&model.of_kind)) {
        if (!vehicle->rider) return;
        const engine::world::Extent room = room_of_riders(*vehicle->rider, model);
        const double front_m = vehicle->front_m(), rear_m = vehicle->length_m - front_m;
        vehicle->front_overhang_m += std::max(0.0, room.front_m - front_m);
        vehicle->length_m = std::max(front_m, room.front_m) + std::max(rear_m, room.rear_m);
        vehicle->width_m = std::max(vehicle->width_m, room.width_m);
        vehicle->height_m = std::max(vehicle->height_m, room.height_m);
    } else if (auto* solid = std::get_if<SolidModel>(&model.of_kind)) {
        if (!solid->rider) return;
        const engine::world::Extent room = room_of_riders(*solid->rider, model);
        solid->length_m = std::max(solid->length_m, 2 * std::max(room.front_m, room.rear_m));
        solid->width_m = std::max(solid->width_m, room.width_m);
        solid->height_m = std::max(solid->height_m, room.height_m);
    }
}

// Measures of an animal, and those of the one that shows it, agree within 1 %.
void check_animal(const JsonNode& root, const SolidModel& solid, const CastMember* animal) {
    if (animal == nullptr) {
        return root.fail(fmt::format("shows animal {}, expected one of {}", *solid.animal,
                                     fmt::join(shipped_animals(), ", ")));
    }
    if (solid.semantic != Semantic::kAnimal || !solid.parts.empty() || !solid.axles.empty()) {
        return root.fail("shows an animal, expected the class animal, no parts and no axles");
    }
    const auto& size = animal->size_m;
    for (const auto& [what, own, shown] : {std::tuple("length_m", solid.length_m, size.x),
                                           std::tuple("width_m", solid.width_m, size.y),
                                           std::tuple("height_m", solid.height_m, size.z)}) {
        if (std::abs(own - shown) <= 0.01 * shown) continue;
        root.fail(fmt::format("{} is {}, expected {:.3f} as the animal has it, within 1 %", what,
                              own, shown));
    }
}

// A person's height and that of the model that shows it agree within 1 %.
void check_person(const JsonNode& root, const PersonModel& person, const CastMember& shown) {
    if (!person.parts.empty()) root.fail("has a model and parts, expected one of them");
    if (std::abs(person.height_m - shown.height_m) <= 0.01 * shown.height_m) return;
    root.fail(fmt::format("height_m is {}, expected {:.3f} as its model has it, within 1 %",
                          person.height_m, shown.height_m));
}

Result<Model> load_model(const std::filesystem::path& path, const std::string& name) {
    HM_TAKE(const auto file, JsonFile::read(path));
    const JsonNode root = file->root();
    root.integer("schema_version", 1, 1);
    Model model{.name = name, .of_kind = VehicleModel{}};
    const auto semantic = engine::core::value_named<Semantic>(
        root.one_of("class", engine::core::names_of<Semantic>()));
    if (semantic && engine::world::is_vehicle(*semantic)) {
        VehicleModel& vehicle = model.of_kind.emplace<VehicleModel>();
        read_fields(root, vehicle, {"schema_version"});
        HM_TRY(file->status());
        check_vehicle(root, vehicle);
        if (vehicle.model) {
            auto imported = imported_measures(*vehicle.model);
            if (imported) {
                model.imported = std::move(*imported);
                check_imported(root, vehicle, *model.imported);
            } else {
                root.fail("shows model " + *vehicle.model + ": " + imported.error().text());
            }
        }
    } else if (semantic == Semantic::kPedestrian && !root.has("rider")) {
        PersonModel& person = model.of_kind.emplace<PersonModel>();
        read_fields(root, person, {"schema_version"});
        HM_TRY(file->status());
        if (person.model) {
            auto shown = imported_person(*person.model);
            if (shown) {
                model.person = std::move(*shown);
                check_person(root, person, *model.person);
            } else {
                root.fail("shows model " + *person.model + ": " + shown.error().text());
            }
        } else {
            check_parts(root, person.parts, person_meshes(), 0, person_joints());
        }
    } else if (semantic && engine::world::is_actor(*semantic)) {
        SolidModel& solid = model.of_kind.emplace<SolidModel>();
        read_fields(root, solid, {"schema_version"});
        HM_TRY(file->status());
        if (solid.animal) {
            model.animal = shipped_animal(*solid.animal);
            check_animal(root, solid, model.animal.get());
        } else if (root.has("parts") || !solid.rider || solid.rider->activity != Riding::kLead) {
            check_parts(root, solid.parts, solid_meshes(), wheels_of(solid.axles), {});
        }
        check_rider(root, solid.rider);
        const bool walks = solid.rider && on_foot(solid.rider->activity);
        if (walks != (semantic == Semantic::kPedestrian)) {
            root.fail(walks ? "has a rider on foot, expected the class pedestrian"
                            : "is of the class pedestrian, expected a rider on foot");
        }
    } else {
        root.fail(
            "class is that of no actor, expected that of a vehicle, a person, an animal or a "
            "movable object");
    }
    HM_TRY(file->status());
    add_riders(model);
    return model;
}

// How often each actor is drawn, for each of its roles.
struct Listed {
    std::string name, words;
    std::optional<double> moving, parked, walking;
};
constexpr void describe(Of<Listed>, auto&& field) {
    constexpr double kMost = 1e6;
    field("name", &Listed::name, {.required = true});
    field("words", &Listed::words);
    field("moving", &Listed::moving, {.low = 0, .high = kMost});
    field("parked", &Listed::parked, {.low = 0, .high = kMost});
    field("walking", &Listed::walking, {.low = 0, .high = kMost});
}

// Actors that only stories ask for.
struct ForStories {
    std::string name, words;
};
constexpr void describe(Of<ForStories>, auto&& field) {
    field("name", &ForStories::name, {.required = true});
    field("words", &ForStories::words);
}

// The file of an actor that `node` lists; names differ from those so far.
Result<Model> load_listed(const JsonNode& node, const std::string& name,
                          const std::filesystem::path& folder, std::set<std::string>& names) {
    const auto path = folder / (name + ".json");
    std::error_code ignored;
    if (!names.insert(name).second) {
        node.fail("repeats the name " + name + ", expected names that differ");
        return Model{};
    }
    if (!std::filesystem::is_regular_file(path, ignored)) {
        node.fail(fmt::format("is {}, expected a file {}", name, path.string()));
        return Model{};
    }
    return load_model(path, name);
}

void read_palette(const JsonNode& root, const char* key, Palette& palette) {
    const JsonNode node = root.object(key);
    read_fields(node, palette);
    double sum = 0;
    for (const Palette::Shade& shade : palette.colours) sum += shade.weight;
    if (sum <= 0) node.fail("has no colour with a weight above 0");
}

}  // namespace

Result<Catalogue> load(const std::filesystem::path& folder) {
    HM_TAKE(const auto file, JsonFile::read(folder / "catalogue.json"));
    const JsonNode root = file->root();
    root.only({"schema_version", "description", "actors", "stories", "ego", "ego_colour", "paints",
               "cloths"});
    root.integer("schema_version", 1, 1);
    Catalogue catalogue;
    std::set<std::string> names;
    for (const JsonNode& node : root.array("actors")) {
        Listed listed;
        read_fields(node, listed);
        if (!file->status()) break;
        HM_TAKE(Model model, load_listed(node, listed.name, folder, names));
        HM_TRY(file->status());
        const auto index = static_cast<std::uint32_t>(catalogue.models.size());
        const bool vehicle = std::holds_alternative<VehicleModel>(model.of_kind);
        if (const auto* solid = std::get_if<SolidModel>(&model.of_kind);
            solid != nullptr && solid->semantic != Semantic::kPedestrian) {
            node.fail("is neither a vehicle nor a person on foot, expected it under stories");
        } else if (vehicle ? listed.walking.has_value() : listed.moving || listed.parked) {
            node.fail(vehicle ? "is a vehicle, expected moving and parked but no walking"
                              : "is a person, expected walking but no moving or parked");
        }
        catalogue.moving.add(index, listed.moving.value_or(0));
        catalogue.parked.add(index, listed.parked.value_or(0));
        catalogue.walking.add(index, listed.walking.value_or(0));
        model.words = listed.words;
        catalogue.models.push_back(std::move(model));
    }
    for (const JsonNode& node :
         root.has("stories") ? root.array("stories") : std::vector<JsonNode>()) {
        ForStories listed;
        read_fields(node, listed);
        HM_TRY(file->status());
        HM_TAKE(Model model, load_listed(node, listed.name, folder, names));
        HM_TRY(file->status());
        model.words = listed.words;
        catalogue.for_stories.push_back(std::move(model));
    }
    const std::string ego = root.text("ego");
    const auto found = std::find_if(catalogue.models.begin(), catalogue.models.end(),
                                    [&](const Model& model) { return model.name == ego; });
    if (found == catalogue.models.end() || !std::holds_alternative<VehicleModel>(found->of_kind)) {
        root.fail("ego is " + ego + ", expected the name of a vehicle of the list");
    }
    catalogue.ego = static_cast<std::uint32_t>(found - catalogue.models.begin());
    const auto colour = root.numbers("ego_colour", 3, 0, 1);
    for (std::size_t i = 0; i < 3; ++i) catalogue.ego_colour[i] = static_cast<float>(colour[i]);
    read_palette(root, "paints", catalogue.paints);
    read_palette(root, "cloths", catalogue.cloths);
    if (catalogue.moving.empty() || catalogue.parked.empty() || catalogue.walking.empty()) {
        root.fail("actors lack one that moves, one that parks or one that walks");
    }
    HM_TRY(file->status());
    return catalogue;
}

namespace {

// Those of the cast who are the people that only stories ask for.
void cast_for_stories(Catalogue& catalogue) {
    for (Model& model : catalogue.for_stories) {
        auto* person = std::get_if<PersonModel>(&model.of_kind);
        if (person == nullptr || model.person) continue;
        model.members = members_of(model.name);
        double height_m = 0;
        for (const auto& member : model.members) height_m = std::max(height_m, member->height_m);
        if (height_m > 0) person->height_m = height_m;
    }
}

// Those of the cast who a kind of people are: each with its measures; and those who walk with
// something, each with it.
std::vector<Model> people_of(const Model& kind) {
    std::vector<Model> people;
    if (std::holds_alternative<SolidModel>(kind.of_kind)) {
        for (const auto& member : kind.members) {
            Model& person = people.emplace_back(kind);
            person.members = {member};
            std::get<SolidModel>(person.of_kind).height_m = member->height_m;
            if (people.size() > 1) person.name += fmt::format("_{}", people.size());
        }
        return people;
    }
    if (kind.person) return people;  // shows a model of its own
    for (const auto& member : shipped_cast()) {
        if (member->kind() != kind.name) continue;
        Model& person = people.emplace_back(kind);
        person.name = member->name;
        person.person = member;
        auto& model = std::get<PersonModel>(person.of_kind);
        model.radius_m *= member->height_m / model.height_m;
        model.height_m = member->height_m;
    }
    return people;
}

// The cast in place of the kinds of people.
void cast_people(Catalogue& catalogue) {
    const Weights of_kinds = std::exchange(catalogue.walking, {});
    const std::size_t kinds = catalogue.models.size();
    for (std::uint32_t i = 0; i < kinds; ++i) {
        if (std::holds_alternative<VehicleModel>(catalogue.models[i].of_kind)) continue;
        std::vector<Model> people = people_of(catalogue.models[i]);
        if (people.empty()) {
            catalogue.walking.add(i, of_kinds.of(i));
            continue;
        }
        const double weight = of_kinds.of(i) / static_cast<double>(people.size());
        for (Model& person : people) {
            const bool first = &person == people.data();
            const auto at = first ? i : static_cast<std::uint32_t>(catalogue.models.size());
            catalogue.walking.add(at, weight);
            if (first) {
                catalogue.models[i] = std::move(person);
            } else {
                catalogue.models.push_back(std::move(person));
            }
        }
    }
}

}  // namespace

Result<Catalogue> load_shipped() {
    HM_TAKE(Catalogue catalogue, load(engine::core::assets_folder() / "actors"));
    cast_people(catalogue);
    cast_for_stories(catalogue);
    return catalogue;
}

std::string shipped_hash() {
    std::uint64_t hash = shipped_cast_hash();
    for (const char* folder : {"actors", "models"}) {
        for (const std::string& name : engine::core::shipped(folder)) {
            const auto text =
                engine::core::read_file(engine::core::assets_folder() / folder / (name + ".json"));
            const std::string content = name + '\n' + (text ? *text : std::string());
            hash = engine::core::hash_bytes(content.data(), content.size(), hash);
        }
    }
    return engine::core::hex(hash);
}

}  // namespace huntsman::scenarios::catalogue
