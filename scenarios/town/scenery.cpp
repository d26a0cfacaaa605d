#include "scenarios/town/scenery.h"

#include <algorithm>

#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/town/dice.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using namespace engine::world;

ActorId Stage::add_object(Semantic semantic, const math::RigidTransform& X_WB, const Extent& extent,
                          bool collides) {
    StaticObject object;
    object.id = next_object++;
    object.semantic = semantic;
    object.X_WB = X_WB;
    object.extent = extent;
    object.collides = collides;
    world.objects.push_back(object);
    return object.id;
}

Instance& Stage::add_instance(std::uint32_t mesh, const math::RigidTransform& X_WM,
                              Semantic semantic, ActorId object) {
    Instance instance;
    instance.mesh = mesh;
    instance.X_WM = X_WM;
    instance.semantic = semantic;
    instance.object = object;
    world.scene.instances.push_back(instance);
    return world.scene.instances.back();
}

namespace {

// Body and wheels at rest as one mesh, level by level: a parked vehicle is drawn as one instance.
std::uint32_t parked_mesh(const Archetype& archetype, StaticScene& scene) {
    Mesh merged;
    merged.name = archetype.name + " parked";
    for (const Part& part : archetype.parts) {
        const Mesh& mesh = scene.meshes[part.mesh];
        merged.lods.resize(std::max(merged.lods.size(), mesh.lods.size()));
        for (std::size_t i = 0; i < merged.lods.size(); ++i) {
            const MeshLod& from = mesh.lods[std::min(i, mesh.lods.size() - 1)];
            catalogue::append(merged.lods[i], from, {math::Quat(1, 0, 0, 0), part.p_BP});
        }
    }
    update_bounds(merged);
    scene.meshes.push_back(std::move(merged));
    return static_cast<std::uint32_t>(scene.meshes.size() - 1);
}

}  // namespace

void add_parked(const Layout& layout, double share, const engine::core::Key& key, Stage& stage) {
    Dice dice(key.with("parked"));
    std::vector<std::uint32_t> meshes(stage.world.archetypes.size(), kNone);  // made when needed
    for (const Street& street : layout.streets) {
        for (const bool left : {true, false}) {
            for (const Span& bay : street.side(left).bays) {
                const int places =
                    static_cast<int>(std::lround((bay.end_m - bay.begin_m) / kPlace_m));
                for (int i = 0; i < places; ++i) {
                    const bool taken = dice.chance(share);
                    const std::uint32_t kind = catalogue::pick_vehicle(dice.uniform(0, 1), true);
                    const auto tint = catalogue::paint(dice.uniform(0, 1), dice.uniform(0, 1));
                    const double slip_m = dice.uniform(-0.25, 0.25);
                    const double across_m = dice.uniform(-0.03, 0.05);
                    const double turn_rad = dice.uniform(-0.012, 0.012);
                    if (!taken) continue;
                    // Beside the lane, facing with its traffic.
                    const double s = bay.begin_m + (i + 0.5) * kPlace_m + slip_m;
                    const double offset = street.kerb_m() + 0.5 * kBay_m + across_m;
                    const PathPoint q = street.path.at(s);
                    const double yaw =
                        math::wrap_angle(q.heading_rad + turn_rad + (left ? math::kPi : 0.0));
                    const Archetype& archetype = stage.world.archetypes[kind];
                    const Vec2 middle = q.left(left ? offset : -offset);
                    const Vec2 origin =
                        middle - archetype.extent.centre_x_m() * math::direction(yaw);
                    const auto X_WB = math::upright(Vec3(origin, 0), yaw);
                    const ActorId id =
                        stage.add_object(archetype.semantic, X_WB, archetype.extent, true);
                    stage.world.objects.back().archetype = kind;
                    stage.world.objects.back().labelled = true;
                    if (meshes[kind] == kNone) {
                        meshes[kind] = parked_mesh(archetype, stage.world.scene);
                    }
                    stage.add_instance(meshes[kind], X_WB, archetype.semantic, id).tint = tint;
                }
            }
        }
    }
}

void add_scenery(const TownParameters& parameters, const engine::core::Key& key,
                 const Layout& layout, const std::vector<SignalMast>& masts, World& world) {
    const std::vector<Block> blocks = find_blocks(layout);
    add_ground(layout, blocks, key, world);
    Stage stage{world};
    add_parked(layout, parameters.parked_share, key, stage);
    const auto houses = add_houses(layout, blocks, key, stage);
    add_furniture(layout, blocks, masts, houses, key, stage);
}

}  // namespace huntsman::scenarios::town
