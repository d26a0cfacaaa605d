#include <algorithm>

#include "engine/road/road_map.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/dressing/greenery.h"

namespace huntsman::scenarios::dressing {

namespace math = engine::math;
using namespace engine::world;

namespace {

constexpr double kOverLane_m = 0.1;    // that a parked vehicle may reach over a driven lane
constexpr double kPlace_m = 6.2;       // of a parking lane without marked places
constexpr double kLeastWidth_m = 1.9;  // of a lane or place that takes a car

// Body and wheels at rest as one mesh, level by level: a parked vehicle is drawn as one instance.
Mesh parked_mesh(const Archetype& archetype, const StaticScene& scene) {
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
    return merged;
}

}  // namespace

void add_parked(Scene& scene) {
    Dice dice(scene.parameters.key.with("parked"));
    World& world = scene.stage.world;
    const engine::road::RoadMap driven(world);
    const auto park = [&](std::uint32_t road, double s, double t, double heading_rad) {
        const bool taken = dice.chance(scene.parameters.parked_share);
        const std::uint32_t kind = scene.catalogue.parked.pick(dice.uniform(0, 1));
        const double shade = dice.uniform(0, 1), which = dice.uniform(0, 1);
        const auto tint = scene.catalogue.paints.pick(which, shade);
        const double slip = dice.uniform(-0.25, 0.25), aside = dice.uniform(-0.04, 0.04);
        const double turn = dice.uniform(-0.012, 0.012);
        if (!taken) return;
        const auto pose = scene.geometry.pose({road, s, t, 0});
        const double yaw = math::wrap_angle(pose.heading_rad + heading_rad + turn);
        const Archetype& archetype = world.archetypes[kind];
        // On the slope of its road.
        const Vec2 forward = math::direction(yaw);
        const Vec2 middle = math::xy(pose.p) + slip * forward + aside * math::perp(forward);
        const Vec2 origin = middle - archetype.extent.centre_x_m() * forward;
        const double uphill = -std::tan(pose.pitch_rad) * std::cos(heading_rad);
        const double z = pose.p.z + uphill * (slip - archetype.extent.centre_x_m());
        const math::Box2 box{
            middle, yaw, {0.5 * archetype.extent.length_m(), 0.5 * archetype.extent.width_m}};
        // Maps have parking lanes that driven ones run into; nobody parks there.
        const auto corners = box.corners();
        if (std::any_of(corners.begin(), corners.end(), [&](const Vec2& p) {
                return driven.on_road(Vec3(p, pose.p.z), -kOverLane_m);
            })) {
            return;
        }
        if (!scene.stage.occupied.take(box)) return;
        math::RigidTransform X_WB = math::upright(Vec3(origin, z), yaw);
        const double pitch = -std::atan(uphill);
        X_WB.q = X_WB.q * math::Quat(std::cos(0.5 * pitch), 0, std::sin(0.5 * pitch), 0);
        const ActorId id = scene.stage.add_object(archetype.semantic, X_WB, archetype.extent, true);
        world.objects.back().archetype = kind;
        world.objects.back().labelled = true;
        const auto mesh = scene.shelf.get("parked", static_cast<int>(kind),
                                          [&] { return parked_mesh(archetype, world.scene); });
        scene.stage.add_instance(mesh, X_WB, archetype.semantic, id).tint = tint;
    };

    const RoadModel& model = scene.geometry.model();
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        const Road& road = model.roads[r];
        bool marked = false;
        for (const ModelObject& object : road.objects) {
            if (object.type != "parkingSpace" && object.type != "parking") continue;
            marked = true;
            if (std::max(object.length_m, object.width_m) < 4.4 ||
                std::min(object.length_m, object.width_m) < kLeastWidth_m) {
                continue;
            }
            const bool lengthways = object.length_m >= object.width_m;
            park(r, object.s_m, object.t_m,
                 object.heading_rad + (lengthways ? 0.0 : 0.5 * math::kPi));
        }
        if (marked || road.junction != kNone) continue;
        // Parking lanes, place by place.
        for (std::uint32_t section = 0; section < road.sections.size(); ++section) {
            const double begin = road.sections[section].s_m;
            const double end = scene.geometry.section_end_m(r, section);
            for (const ModelLane& lane : road.sections[section].lanes) {
                if (lane.type != LaneType::kParking) continue;
                for (double s = begin + 0.5 * kPlace_m; s + 0.5 * kPlace_m < end; s += kPlace_m) {
                    double width = 1e30;
                    for (const double off : {-0.5, 0.0, 0.5}) {
                        width = std::min(
                            width, scene.geometry.width_m(r, section, lane.id, s + off * kPlace_m));
                    }
                    if (width < kLeastWidth_m) continue;
                    const double t = 0.5 * (scene.geometry.inner_t_m(r, section, lane.id, s) +
                                            scene.geometry.outer_t_m(r, section, lane.id, s));
                    const bool with_road = (lane.id < 0) != road.left_hand;
                    if (width > 4.4) {
                        park(r, s, t, 0.5 * math::kPi);  // across the lane
                    } else {
                        park(r, s, t, with_road ? 0.0 : math::kPi);
                    }
                }
            }
        }
    }
}

}  // namespace huntsman::scenarios::dressing
