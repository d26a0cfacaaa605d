// Files of animals.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "engine/core/describe_json.h"
#include "scenarios/animals/animal.h"
#include "scenarios/animals/animal_fields.h"
#include "scenarios/animals/joints.h"

namespace huntsman::scenarios::animals {

using engine::core::Error;
using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;
using engine::math::Vec3;

const char* name(Surface surface) {
    constexpr const char* kNames[] = {"body", "tail", "antlers"};
    return kNames[static_cast<int>(surface)];
}
const char* name(Matter matter) {
    constexpr const char* kNames[] = {"hair", "skin", "leather", "horn"};
    return kNames[static_cast<int>(matter)];
}
const char* name(Pattern pattern) {
    constexpr const char* kNames[] = {"plain", "patches", "stripes"};
    return kNames[static_cast<int>(pattern)];
}

// Stations are lists of five numbers.
void read_json(const JsonNode& parent, const char* key, Stations& stations) {
    stations.clear();
    for (const auto& [name, list] : parent.members()) {
        if (name != key) continue;
        for (const JsonNode& node : list.items()) {
            std::array<double, 5> v{};
            bool sound = node.value().is_array() && node.value().size() == v.size();
            for (std::size_t k = 0; sound && k < v.size(); ++k) {
                const auto& number = node.value()[k];
                sound = number.is_number() && std::abs(number.get<double>()) <= 5;
                if (sound) v[k] = number.get<double>();
            }
            if (!sound || v[3] <= 0 || v[4] <= 0) {
                node.fail(
                    "is no station, expected x, y, z, and a radius and a width over depth "
                    "above 0, none beyond 5");
                return;
            }
            stations.push_back({{v[0], v[1], v[2]}, v[3], v[4]});
        }
    }
    if (stations.empty()) parent.fail(fmt::format("{} is empty, expected stations", key));
}
void write_json(nlohmann::ordered_json& parent, const char* key, const Stations& stations) {
    auto& list = parent[key] = nlohmann::ordered_json::array();
    for (const Station& s : stations) list.push_back({s.p.x, s.p.y, s.p.z, s.radius_m, s.wide});
}

namespace {

void check_flesh(const JsonNode& root, const Animal& animal) {
    for (std::size_t k = 0; k < animal.flesh.size(); ++k) {
        std::istringstream words(animal.flesh[k].carriers);
        std::string word;
        bool any = false;
        while (words >> word) {
            any = true;
            if (joint_named(word)) continue;
            std::string names;
            for (const NamedJoint& known : named_joints()) {
                names += fmt::format("{}{}", names.empty() ? "" : ", ", known.name);
            }
            return root.array("flesh")[k].fail(
                fmt::format("carriers has {}, expected joints of {}", word, names));
        }
        if (!any) return root.array("flesh")[k].fail("carriers is empty, expected a joint");
    }
}

// How many cells the flesh of an animal is sampled in.
double cells_of(const Animal& animal) {
    double cells = 0;
    for (int k = 0; k < kSurfaces; ++k) {
        Vec3 low(1e30), high(-1e30);
        for (const Strand& strand : animal.flesh) {
            if (strand.of != static_cast<Surface>(k)) continue;
            for (const Station& s : strand.stations) {
                const Vec3 reach(s.radius_m * std::max(1.0, s.wide) + strand.blend_m);
                low = glm::min(low, s.p - reach);
                high = glm::max(high, s.p + reach);
            }
        }
        if (low.x > high.x) continue;
        const Vec3 along = (high - low) / cell_of(animal, static_cast<Surface>(k));
        cells += (along.x + 4) * (along.y + 4) * (along.z + 4);
    }
    return cells;
}

// What a whole animal has.
void check_whole(const JsonNode& root, const Animal& animal) {
    if (!animal.joints || !animal.coat || !animal.cell_m || animal.flesh.empty()) {
        return root.fail("lacks joints_m, flesh, coat or cell_m, expected them, or like");
    }
    constexpr double kMostCells = 20e6;  // some 10 s
    if (const double cells = cells_of(animal); !(cells <= kMostCells)) {
        root.fail(
            fmt::format("has flesh of {:.0f} million cells of cell_m, expected at most "
                        "{:.0f} million",
                        1e-6 * cells, 1e-6 * kMostCells));
    }
    const Joints& j = *animal.joints;
    for (const auto& [name, tip] : {std::pair("toe", j.toe), std::pair("hind_toe", j.hind_toe)}) {
        if (tip[2] != 0) {
            root.fail(fmt::format("{} is at a height of {}, expected 0", name, tip[2]));
        }
    }
    for (const double z : {j.fetlock[2], j.hind_fetlock[2], j.hip[2], j.shoulder_blade[2]}) {
        if (!(z > 0)) root.fail("has a joint of a leg below the ground, expected it above");
    }
}

void scale_place(std::array<double, 3>& p, const std::array<double, 3>& by) {
    for (std::size_t k = 0; k < 3; ++k) p[k] *= by[k];
}

void scale_stations(Stations& stations, const std::array<double, 3>& by, double size) {
    for (Station& s : stations) {
        s.p *= Vec3(by[0], by[1], by[2]);
        s.radius_m *= size;
    }
}

// Another animal of other size.
void scale_animal(Animal& animal, const std::array<double, 3>& by) {
    const double size = std::cbrt(by[0] * by[1] * by[2]);
    for (const NamedJoint& known : named_joints()) scale_place((*animal.joints).*known.at, by);
    scale_place(animal.joints->hind_toe, by);
    for (Strand& strand : animal.flesh) {
        scale_stations(strand.stations, by, size);
        strand.blend_m *= size;
    }
    for (Eye& eye : animal.eyes) {
        scale_place(eye.at_m, by);
        eye.radius_m *= size;
    }
    for (Ear& ear : animal.ears) {
        scale_place(ear.root_m, by);
        scale_place(ear.tip_m, by);
        ear.width_m *= size;
    }
    for (Mark& mark : animal.coat->marks) {
        scale_stations(mark.stations, by, size);
        mark.edge_m *= size;
        mark.ragged_m *= size;
        mark.size_m *= size;
    }
    *animal.cell_m *= size;
}

// What an animal has of its own, over what it is like.
void put_over(const Animal& own, Animal& like) {
    like.description = own.description;
    like.like = own.like;
    if (own.joints) like.joints = own.joints;
    like.flesh.insert(like.flesh.end(), own.flesh.begin(), own.flesh.end());
    if (!own.eyes.empty()) like.eyes = own.eyes;
    if (!own.ears.empty()) like.ears = own.ears;
    if (own.coat) like.coat = own.coat;
    if (own.cell_m) like.cell_m = own.cell_m;
    if (own.triangles != Animal{}.triangles) like.triangles = own.triangles;
}

}  // namespace

Result<Animal> read_animal(const std::filesystem::path& path) {
    HM_TAKE(const auto file, JsonFile::read(path));
    const JsonNode root = file->root();
    root.integer("schema_version", 1, 1);
    Animal animal;
    read_fields(root, animal, {"schema_version"});
    HM_TRY(file->status());
    check_flesh(root, animal);
    HM_TRY(file->status());
    if (animal.like) {
        auto like = read_animal(path.parent_path() / (*animal.like + ".json"));
        if (!like) {
            root.fail("is like " + *animal.like + ": " + like.error().text());
        } else if (like->like) {
            root.fail("is like " + *animal.like +
                      ", which is like another, expected one that is "
                      "whole");
        }
        HM_TRY(file->status());
        scale_animal(*like, animal.scale);
        put_over(animal, *like);
        animal = std::move(*like);
    }
    check_whole(root, animal);
    HM_TRY(file->status());
    return animal;
}

}  // namespace huntsman::scenarios::animals
