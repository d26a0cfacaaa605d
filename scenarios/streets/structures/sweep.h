// Long bodies: a cross-section drawn along a line.
#pragma once

#include "scenarios/streets/street_scene.h"

namespace huntsman::scenarios::streets {

// Parts of a cross-section: closed polygons, x to the left of the way, y up; clockwise as seen
// along the way, so that outsides face out.
struct Profile2 {
    struct Part {
        std::vector<Vec2> points;
        engine::world::Material material;
        catalogue::Colour colour;
    };
    std::vector<Part> parts;
};

Profile2 guard_rail_profile(double height_m);
Profile2 jersey_profile(double width_m, double height_m);
Profile2 rails_profile(double height_m);  // of fences and railings
Profile2 block_profile(double width_m, double height_m, engine::world::Material material,
                       catalogue::Colour colour);

// Draws a profile along points on the ground, ends closed.
void sweep(catalogue::MeshBuilder& builder, const std::vector<Vec3>& path, const Profile2& profile);

// A body along points on the ground: meshes of some 60 m with posts, and boxes that collide.
void sweep_body(StreetScene& scene, const std::vector<Vec3>& path, const Profile2& profile,
                engine::world::Semantic semantic, double width_m, double height_m,
                double post_every_m, double post_height_m);

}  // namespace huntsman::scenarios::streets
