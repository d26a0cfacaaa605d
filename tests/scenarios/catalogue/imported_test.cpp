// Vehicles that show imported models: box, wheels and lamps are where the vehicle's file has them,
// and their surfaces are sound at every level of detail.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "engine/core/assets.h"
#include "engine/core/files.h"
#include "scenarios/catalogue/baked_models.h"
#include "scenarios/catalogue/catalogue.h"

namespace huntsman::scenarios::catalogue {
namespace {

using engine::world::Archetype;
using engine::world::Lamp;
using engine::world::Material;
using engine::world::Mesh;
using engine::world::MeshLod;
using engine::world::Motion;
using engine::world::StaticScene;
using engine::world::Vertex;

engine::math::Vec3 place_of(const Vertex& v) { return {v.p[0], v.p[1], v.p[2]}; }

std::vector<Model> imported_models() {
    const auto catalogue = load_shipped();
    EXPECT_TRUE(catalogue.ok()) << catalogue.error().text();
    std::vector<Model> found;
    for (const auto& list : {catalogue->models, catalogue->for_stories}) {
        for (const Model& model : list) {
            if (model.imported) found.push_back(model);
        }
    }
    return found;
}

TEST(ImportedVehicles, AreAFleet) { EXPECT_GE(imported_models().size(), 16U); }

TEST(ImportedVehicles, FillTheirBoxesAndStandOnTheirWheels) {
    for (const Model& model : imported_models()) {
        StaticScene scene;
        const Archetype a = archetype_of(model, scene);
        engine::math::Vec3 low(1e9, 1e9, 1e9), high = -low;
        std::size_t wheels = 0;
        for (const auto& part : a.parts) {
            engine::math::Vec3 part_low(1e9, 1e9, 1e9), part_high = -part_low;
            double roundest = 0, flattest = 1e9;
            for (const Vertex& v : scene.meshes[part.mesh].lods.front().vertices) {
                part_low = glm::min(part_low, part.p_BP + place_of(v));
                part_high = glm::max(part_high, part.p_BP + place_of(v));
            }
            low = glm::min(low, part_low), high = glm::max(high, part_high);
            if (part.motion != Motion::kWheel) continue;
            ++wheels;
            const double radius = a.vehicle.wheels[part.wheel].radius_m;
            EXPECT_NEAR(part_low.z, 0, 0.01 * 2 * radius) << a.name;
            EXPECT_NEAR(part_high.z, 2 * radius, 0.01 * 2 * radius) << a.name;
            EXPECT_NEAR(part_high.x - part_low.x, 2 * radius, 0.02 * 2 * radius) << a.name;
            // The tread in steps of 15 degrees.
            for (int i = 0; i < 24; ++i) {
                double reach = 0;
                const double angle = i * engine::math::kPi / 12;
                for (const Vertex& v : scene.meshes[part.mesh].lods.front().vertices) {
                    reach = std::max(reach, v.p[0] * std::cos(angle) + v.p[2] * std::sin(angle));
                }
                roundest = std::max(roundest, reach), flattest = std::min(flattest, reach);
            }
            EXPECT_GT(flattest, 0.96 * roundest) << a.name;
        }
        EXPECT_EQ(wheels, a.vehicle.wheels.size()) << a.name;
        if (a.figure) continue;  // see riders_test.cpp
        EXPECT_NEAR(high.x, a.extent.front_m, 0.01 * a.extent.length_m()) << a.name;
        EXPECT_NEAR(-low.x, a.extent.rear_m, 0.01 * a.extent.length_m()) << a.name;
        EXPECT_NEAR(high.z, a.extent.height_m, 0.01 * a.extent.height_m) << a.name;
        EXPECT_NEAR(low.z, 0, 0.01 * a.extent.height_m) << a.name;
    }
}

TEST(ImportedVehicles, HaveTheLampsThatTrafficShows) {
    for (const Model& model : imported_models()) {
        std::set<Lamp> lamps;
        bool paint = false, glass = false;
        const ImportedModel whole = with_meshes(model.imported);
        for (const auto& s : whole->body.lods.front().submeshes) {
            if (s.material == Material::kLamp && s.index_count > 0) lamps.insert(s.lamp);
            paint = paint || s.material == Material::kCarPaint || s.material == Material::kLivery ||
                    s.material == Material::kMetal;
            glass = glass || s.material == Material::kWindow || s.material == Material::kGlass;
        }
        const engine::world::Semantic kind = model.imported->semantic;
        const bool trailer = kind == engine::world::Semantic::kTrailer;
        EXPECT_TRUE(paint && (glass || trailer || engine::world::is_two_wheeler(kind)))
            << model.name;
        if (kind == engine::world::Semantic::kBicycle || kind == engine::world::Semantic::kScooter)
            continue;
        for (const Lamp lamp :
             {Lamp::kHead, Lamp::kTail, Lamp::kBrake, Lamp::kTurnLeft, Lamp::kTurnRight}) {
            const bool turns = lamp == Lamp::kTurnLeft || lamp == Lamp::kTurnRight;
            if (turns && engine::world::is_two_wheeler(kind)) continue;
            if (trailer && lamp == Lamp::kHead) continue;
            EXPECT_EQ(lamps.count(lamp), 1U) << model.name << " lamp " << static_cast<int>(lamp);
        }
    }
}

// No triangle without an area, none whose normals look away from it, all indices used.
void expect_sound(const Mesh& mesh) {
    double error_m = 0;
    for (const MeshLod& lod : mesh.lods) {
        EXPECT_GE(lod.error_m, error_m) << mesh.name;
        error_m = lod.error_m;
        std::size_t turned = 0, flat = 0, covered = 0;
        for (const auto& s : lod.submeshes) covered += s.index_count;
        EXPECT_EQ(covered, lod.indices.size()) << mesh.name;
        for (std::size_t i = 0; i + 2 < lod.indices.size(); i += 3) {
            const Vertex &a = lod.vertices[lod.indices[i]], &b = lod.vertices[lod.indices[i + 1]],
                         &c = lod.vertices[lod.indices[i + 2]];
            const engine::math::Vec3 cross =
                glm::cross(place_of(b) - place_of(a), place_of(c) - place_of(a));
            const engine::math::Vec3 n = engine::math::Vec3(
                a.n[0] + b.n[0] + c.n[0], a.n[1] + b.n[1] + c.n[1], a.n[2] + b.n[2] + c.n[2]);
            flat += glm::length(cross) < 1e-9;
            turned += glm::dot(cross, n) < 0;
        }
        EXPECT_EQ(flat, 0U) << mesh.name;
        EXPECT_EQ(turned, 0U) << mesh.name;
        for (const Vertex& v : lod.vertices) {
            EXPECT_NEAR(std::hypot(v.n[0], v.n[1], v.n[2]), 1, 1e-3) << mesh.name;
            for (const float x : v.colour) EXPECT_TRUE(x >= 0 && x < 40) << mesh.name << ' ' << x;
        }
    }
}

TEST(ImportedVehicles, SurfacesAreSound) {
    for (const std::string& name : baked_model_names()) {
        const auto model = imported_model(name);
        ASSERT_TRUE(model.ok()) << model.error().text();
        expect_sound((*model)->body);
        expect_sound((*model)->interior);
        for (const Mesh& mesh : (*model)->wheel_meshes) expect_sound(mesh);
        EXPECT_GE((*model)->body.lods.size(), 3U) << name;
    }
}

// Another assets folder: with a vehicle whose model is missing, and one whose measures are wrong.
TEST(ImportedVehicles, WhatDoesNotAgreeIsNamed) {
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) / "huntsman_imported";
    std::filesystem::remove_all(folder);
    std::filesystem::copy(engine::core::assets_folder() / "actors", folder);
    const auto change = [&](const std::string& from, const std::string& to) {
        const std::filesystem::path path = folder / "panel_van.json";
        std::string text =
            engine::core::read_file(engine::core::assets_folder() / "actors" / "panel_van.json")
                .value();
        text.replace(text.find(from), from.size(), to);
        std::ofstream(path) << text;
        const auto read = load(folder);
        return read ? std::string("none") : read.error().text();
    };
    EXPECT_NE(
        change("\"model\": \"panel_van\"", "\"model\": \"none\"").find("there is no model none"),
        std::string::npos);
    EXPECT_NE(change("\"track_m\": 1.", "\"track_m\": 2.").find("as its model has it"),
              std::string::npos);
    EXPECT_NE(change("{\"mesh\": \"body\"}", "{\"mesh\": \"bonnet\"}").find("bonnet"),
              std::string::npos);
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace huntsman::scenarios::catalogue
