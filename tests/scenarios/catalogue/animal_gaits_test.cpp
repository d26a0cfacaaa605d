// Skins of the shipped animals over their gaits: paws and hooves stand on the ground.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/figure/quadruped.h"
#include "engine/world/pose.h"
#include "engine/world/skin.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/fitted.h"

namespace huntsman::scenarios::catalogue {
namespace {

namespace figure = engine::figure;
namespace math = engine::math;
using engine::math::Vec3;
using namespace engine::world;

TEST(AnimalGaits, NoPartSinksIntoTheGround) {
    const Catalogue catalogue = load_shipped().value();
    int animals = 0;
    for (const Model& model : catalogue.for_stories) {
        if (!model.animal) continue;
        StaticScene scene;
        const Archetype archetype = archetype_of(model, scene);
        ++animals;
        const MeshLod& skin = scene.meshes[archetype.figure->skin].lods.front();
        // Pads give way a little, and toes point down in the swing.
        const double allowed_m = 0.006 + 0.02 * archetype.extent.height_m;
        for (const double speed : {0.0, 0.6, 1.3, 2.0, 3.0, 4.5}) {
            double low_m = 1e9;
            for (int k = 0; k < 24; ++k) {
                ActorState actor;
                actor.gait_rad = 2 * math::kPi * k / 24;
                actor.v_W = {speed, 0, 0};
                const auto rows = skinning_of(archetype, actor);
                for (std::size_t i = 0; i < skin.vertices.size(); ++i) {
                    low_m =
                        std::min(low_m, skinned_point(rows, skin.vertices[i], skin.bindings[i]).z);
                }
            }
            EXPECT_GT(low_m, -allowed_m) << model.name << " at " << speed << " m/s";
            EXPECT_LT(low_m, allowed_m) << model.name << " at " << speed << " m/s";
        }
    }
    EXPECT_GE(animals, 10);
}

}  // namespace
}  // namespace huntsman::scenarios::catalogue
