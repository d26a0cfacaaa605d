#include "apps/huntsman/model_view.h"

#include <algorithm>
#include <cmath>

#include "agents/traffic/control.h"
#include "engine/math/geometry.h"
#include "engine/render/renderer.h"
#include "sensors/encode/compose.h"

namespace huntsman::apps {

namespace math = engine::math;
namespace world = engine::world;
using engine::core::Image;
using engine::core::Result;
using math::Vec3;

namespace {

constexpr double kGround_m = 300;  // half the side of the ground

world::Mesh ground_mesh() {
    world::MeshLod lod;
    for (const auto& [x, y] : {std::pair(-1.0, -1.0), {1.0, -1.0}, {1.0, 1.0}, {-1.0, 1.0}}) {
        const auto px = static_cast<float>(kGround_m * x), py = static_cast<float>(kGround_m * y);
        lod.vertices.push_back({{px, py, 0}, {0, 0, 1}, {px, py}, {1, 1, 1}});
    }
    lod.indices = {0, 1, 2, 0, 2, 3};
    lod.submeshes.push_back({.material = world::Material::kConcrete, .index_count = 6});
    world::Mesh mesh{.name = "ground", .lods = {std::move(lod)}};
    world::update_bounds(mesh);
    return mesh;
}

world::World studio(const ModelViews& views) {
    world::World w;
    w.scene = views.scene;
    w.size_m = 2 * kGround_m;
    w.scene.meshes.push_back(ground_mesh());
    w.scene.instances.push_back({.mesh = static_cast<std::uint32_t>(w.scene.meshes.size() - 1),
                                 .semantic = world::Semantic::kRoad});
    w.archetypes = views.archetypes;
    w.archetypes.push_back({.name = "nothing"});
    w.environment.cloud_cover = 0.1;
    w.environment.sun_azimuth_rad = -0.9;
    w.environment.sun_elevation_rad = views.night ? -0.14 : 0.75;
    return w;
}

// Whether its limbs move as it goes.
bool has_cycle(const world::Archetype& a) {
    return a.figure && (a.figure->activity == engine::figure::Activity::kOnFoot ||
                        !a.figure->mount || a.figure->mount->circle);
}
bool is_pedestrian(const world::Archetype& a) { return a.semantic == world::Semantic::kPedestrian; }

// Looks at a box from `azimuth_rad`, so near that it fills the picture.
engine::render::View view_of(const ModelViews& views, const world::Archetype& a,
                             double azimuth_rad) {
    const world::Extent& e = a.extent;
    const bool upper = views.close && is_pedestrian(a);
    const double fx = 1.6 * views.width;
    double across_m = std::hypot(0.5 * e.length_m(), 0.5 * e.width_m) * 2, high_m = e.height_m;
    Vec3 middle(e.centre_x_m(), 0, 0.5 * e.height_m);
    const bool with_things = a.figure && (a.figure->mount || a.figure->companion);
    if (is_pedestrian(a) && !with_things) across_m = 0.6 * e.height_m;
    if (upper) {
        high_m = 0.34 * e.height_m;
        across_m = high_m;
        middle.z = 0.86 * e.height_m;
    }
    const double scale = std::max(across_m / views.width, high_m / views.height);
    const double away_m = 1.15 * scale * fx + (upper ? 0.0 : 0.5 * e.length_m());
    // Eyes are at 1.5 m; vehicles are looked down upon a little.
    const double up_m = upper              ? 0.0
                        : is_pedestrian(a) ? 0.3
                                           : std::max(0.0, 1.5 - middle.z) + 0.06 * away_m;
    const Vec3 eye = middle + Vec3(away_m * math::direction(azimuth_rad), up_m);
    const Vec3 ahead = middle - eye;
    return {.X_WC = {math::camera_rotation(std::atan2(ahead.y, ahead.x),
                                           std::atan2(ahead.z, std::hypot(ahead.x, ahead.y))),
                     eye},
            .width = views.width,
            .height = views.height,
            .fx = fx,
            .fy = fx,
            .cx = 0.5 * views.width,
            .cy = 0.5 * views.height};
}

// The archetype alone at the origin; the ego is nothing.
world::State alone(world::World& w, std::uint32_t archetype, const ModelViews& views,
                   double phase_rad) {
    const auto nothing = static_cast<std::uint32_t>(w.archetypes.size() - 1);
    w.spawns = {{.id = 1, .archetype = nothing, .X_WB = math::upright({-200, 0, 0}, 0)},
                {.id = 2, .archetype = archetype, .tint = views.tints[archetype]}};
    world::State state = world::initial_state(w);
    world::ActorState& actor = state.actors.back();
    if (views.speed_mps > 0 && has_cycle(w.archetypes[archetype])) {
        actor.v_W = {views.speed_mps, 0, 0};
        actor.gait_rad = phase_rad;
    }
    if (world::is_vehicle(w.archetypes[archetype].semantic)) {
        actor.lamps = agents::traffic::lamps_of(actor, views.night);
        const bool rides = world::is_two_wheeler(w.archetypes[archetype].semantic);
        if (!views.night && !rides) actor.steer_rad = 0.3;
    }
    return state;
}

}  // namespace

Result<Image> view_models(const ModelViews& views, engine::render::Quality quality) {
    world::World w = studio(views);
    HM_TAKE(const auto renderer, engine::render::Renderer::create(quality));
    HM_TRY(renderer->load(w));
    std::vector<Image> pictures;
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < views.archetypes.size(); ++i) {
        const world::Archetype& a = views.archetypes[i];
        for (int k = 0; k < views.directions; ++k) {
            const double turn = 2 * math::kPi * k / views.directions;
            const bool walks = views.speed_mps > 0 && has_cycle(a);
            const engine::render::View view =
                view_of(views, a, walks ? -0.5 * math::kPi : (views.close ? -0.35 : -0.6) + turn);
            std::vector<engine::render::Frame> frames;
            renderer->forget_exposure();
            HM_TRY(renderer->render(alone(w, i, views, turn), {.views = {&view, 1}, .ids = false},
                                    frames));
            pictures.push_back(std::move(frames[0].image));
            names.push_back(k == 0 ? a.name : "");
        }
    }
    const int columns = views.directions > 1 ? std::min(8, views.directions)
                                             : std::min<int>(6, static_cast<int>(pictures.size()));
    return sensors::encode::contact_sheet(pictures, names, columns);
}

}  // namespace huntsman::apps
