#include "scenarios/models/description.h"

#include <fmt/format.h>

#include "engine/core/assets.h"
#include "engine/core/describe_json.h"
#include "scenarios/models/description_fields.h"

namespace huntsman::scenarios::models {

using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;

const char* name(Kind kind) {
    constexpr const char* kNames[kKinds] = {
        "paint",        "livery",    "glass",     "tyre",           "rim",
        "rubber",       "metal",     "plastic",   "fabric",         "plate",
        "reflector",    "head_lamp", "tail_lamp", "brake_lamp",     "turn_lamp",
        "reverse_lamp", "blue_lamp", "interior",  "steering_wheel", "nothing"};
    return kNames[static_cast<std::size_t>(kind)];
}

bool is_lamp(Kind kind) { return kind >= Kind::kHeadLamp && kind <= Kind::kBlueLamp; }

const char* name(Axis axis) {
    constexpr const char* kNames[] = {"x", "-x", "y", "-y", "z", "-z"};
    return kNames[static_cast<std::size_t>(axis)];
}

const char* name(Side side) {
    constexpr const char* kNames[] = {"front", "rear", "left", "right", "top"};
    return kNames[static_cast<std::size_t>(side)];
}

void read_json(const JsonNode& node, const char* key, Outline& outline) {
    constexpr std::size_t kMost = 64;
    const std::vector<double> numbers = node.numbers_up_to(key, kMost, -100, 100);
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
        outline.corners.push_back({numbers[i], numbers[i + 1]});
    }
    if (numbers.size() < 6 || numbers.size() % 2 != 0) {
        node.fail(fmt::format("{} has {} numbers, expected two for each of at least three corners",
                              key, numbers.size()));
    }
}

void write_json(nlohmann::ordered_json& json, const char* key, const Outline& outline) {
    if (outline.corners.empty()) return;
    auto& list = json[key] = nlohmann::ordered_json::array();
    for (const auto& corner : outline.corners) list.push_back(corner[0]), list.push_back(corner[1]);
}

namespace {

void check_source(const JsonNode& root, const Source& source) {
    const JsonNode node = root.object("source");
    if (source.file.empty() == source.archive.empty()) {
        node.fail("names no one file, expected one of file and archive");
    } else if (!source.archive.empty() && source.member.empty() != (source.entry > 0)) {
        node.fail("names no one member of the archive, expected one of member and entry");
    } else if (source.archive.empty() && (!source.member.empty() || source.entry > 0)) {
        node.fail("has a member without an archive");
    }
}

void check_parts(const JsonNode& root, const Description& d) {
    const auto nodes = root.array("parts");
    if (nodes.empty()) root.fail("parts is empty, expected at least one");
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Rule& rule = d.parts[i];
        if ((rule.cut || rule.twin) && !rule.box_m) {
            nodes[i].fail("says cut or twin without a box, expected box_m");
        }
        for (std::size_t k = 0; rule.box_m && k < 3; ++k) {
            if ((*rule.box_m)[k] >= (*rule.box_m)[k + 3]) {
                nodes[i].fail("box_m has no size, expected its second corner beyond the first");
                break;
            }
        }
    }
}

void check_patches(const JsonNode& root, const Description& d) {
    if (d.patches.empty()) return;
    const auto nodes = root.array("patches");
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Patch& patch = d.patches[i];
        if (patch.is == Kind::kTyre || patch.is == Kind::kNothing) {
            nodes[i].fail("is no patch, expected a lamp, a plate or a finish");
        }
        const bool outlined = !patch.outline_m.corners.empty();
        if (outlined ? patch.at_m || patch.size_m || patch.round : !patch.at_m || !patch.size_m) {
            nodes[i].fail("has no one shape, expected either at_m and size_m, or outline_m");
        }
    }
}

// A body of numbers says itself where ahead is, how large it is, and what its parts are.
void check_body(const JsonNode& root) {
    for (const char* key : {"source", "forward", "up", "unit_m", "length_m", "parts"}) {
        if (root.has(key)) root.fail(fmt::format("has a body and {}, expected one of them", key));
    }
}

constexpr const char* kOfVehicles[] = {"body",        "length_m", "steered_axles",
                                       "parts",       "patches",  "eye_m",
                                       "has_mirrors", "budgets",  "crease_deg"};

// People have a skin and joints, and nothing that only vehicles have.
void check_person(const JsonNode& root, const Description& d) {
    for (const char* key : kOfVehicles) {
        if (root.has(key))
            root.fail(fmt::format("is a person and has {}, which vehicles have", key));
    }
    if (!root.has("source")) {
        root.fail("has no source, expected the file of the person");
    } else {
        check_source(root, d.source);
    }
}

void check_vehicle(const JsonNode& root, const Description& d) {
    if (d.body) {
        check_body(root);
    } else if (!root.has("source")) {
        root.fail("has neither a source nor a body, expected one of them");
    } else {
        check_source(root, d.source);
        root.array("parts");
        if (root.has("parts")) check_parts(root, d);
    }
    for (const char* key : {"joints", "height_m"}) {
        if (root.has(key))
            root.fail(fmt::format("is a vehicle and has {}, which people have", key));
    }
    if (d.unit_m && d.length_m) root.fail("has unit_m and length_m, expected one of them");
    for (const auto& budget : {d.budgets.body, d.budgets.wheel}) {
        for (std::size_t k = 1; k < budget.size(); ++k) {
            if (budget[k] > budget[k - 1]) root.object("budgets").fail("has a budget that grows");
        }
    }
    check_patches(root, d);
}

void check(const JsonNode& root, const Description& d) {
    if (is_person(d)) {
        check_person(root, d);
    } else if (engine::world::is_vehicle(d.semantic)) {
        check_vehicle(root, d);
    } else {
        root.fail("class is that of no vehicle and no person");
    }
    if (static_cast<int>(d.forward) / 2 == static_cast<int>(d.up) / 2) {
        root.fail(fmt::format("forward is {} and up is {}, expected two different axes",
                              name(d.forward), name(d.up)));
    }
    if (d.unit_m && d.height_m) root.fail("has unit_m and height_m, expected one of them");
}

// Axes and unit of frame B; parts are told by their materials, see rules_of.
void take_body(Description& d) { d.forward = Axis::kX, d.up = Axis::kZ, d.unit_m = 1; }

}  // namespace

Result<Description> load_description(const std::filesystem::path& path) {
    HM_TAKE(const auto file, JsonFile::read(path));
    const JsonNode root = file->root();
    root.integer("schema_version", 1, 1);
    Description description;
    read_fields(root, description, {"schema_version"});
    HM_TRY(file->status());
    check(root, description);
    HM_TRY(file->status());
    description.name = path.stem().string();
    description.folder = path.parent_path();
    if (description.body) take_body(description);
    return description;
}

std::filesystem::path description_path(const std::string& name) {
    return engine::core::assets_folder() / "models" / (name + ".json");
}

std::string to_json(const Description& description) {
    nlohmann::ordered_json json;
    json["schema_version"] = 1;
    engine::core::write_fields(description, json);
    if (is_person(description)) {
        for (const char* key : kOfVehicles) json.erase(key);
    }
    for (const char* list : {"joints", "patches"}) {
        if (json.contains(list) && json[list].empty()) json.erase(list);
    }
    return json.dump(1) + "\n";
}

}  // namespace huntsman::scenarios::models
