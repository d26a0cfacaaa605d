#include <fmt/format.h>

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

class ParkedVehicles {
  public:
    explicit ParkedVehicles(Scene& scene)
        : scene_(scene),
          dice_(scene.parameters.key.with("parked")),
          driven_(scene.builder.world()),
          model_(scene.geometry.model()) {}

    void add() {
        for (std::uint32_t r = 0; r < model_.roads.size(); ++r) {
            const bool marked = fill_marked_places(r);
            if (!marked && model_.roads[r].junction == kNone) fill_parking_lanes(r);
        }
    }

  private:
    // False where the road has none.
    bool fill_marked_places(std::uint32_t road) {
        bool marked = false;
        for (const ModelObject& object : model_.roads[road].objects) {
            if (object.type != "parkingSpace" && object.type != "parking") continue;
            marked = true;
            if (std::max(object.length_m, object.width_m) < 4.4 ||
                std::min(object.length_m, object.width_m) < kLeastWidth_m) {
                continue;
            }
            const bool lengthways = object.length_m >= object.width_m;
            park(road, object.s_m, object.t_m,
                 object.heading_rad + (lengthways ? 0.0 : 0.5 * math::kPi));
        }
        return marked;
    }

    // Place by place.
    void fill_parking_lanes(std::uint32_t road) {
        const auto& sections = model_.roads[road].sections;
        for (std::uint32_t section = 0; section < sections.size(); ++section) {
            const double begin = sections[section].s_m;
            const double end = scene_.geometry.section_end_m(road, section);
            for (const ModelLane& lane : sections[section].lanes) {
                if (lane.type != LaneType::kParking) continue;
                for (double s = begin + 0.5 * kPlace_m; s + 0.5 * kPlace_m < end; s += kPlace_m) {
                    park_in_lane(road, section, lane.id, s);
                }
            }
        }
    }

    void park_in_lane(std::uint32_t road, std::uint32_t section, int lane, double s_m) {
        const engine::road::RoadGeometry& geometry = scene_.geometry;
        double width = 1e30;
        for (const double off : {-0.5, 0.0, 0.5}) {
            width = std::min(width, geometry.width_m(road, section, lane, s_m + off * kPlace_m));
        }
        if (width < kLeastWidth_m) return;
        const double t = 0.5 * (geometry.inner_t_m(road, section, lane, s_m) +
                                geometry.outer_t_m(road, section, lane, s_m));
        const bool with_road = (lane < 0) != model_.roads[road].left_hand;
        const bool across = width > 4.4;
        park(road, s_m, t, across ? 0.5 * math::kPi : with_road ? 0.0 : math::kPi);
    }

    // A vehicle or none, by chance, where it stands on no lane and in nothing else.
    void park(std::uint32_t road, double s_m, double t_m, double heading_rad) {
        const bool taken = dice_.chance(scene_.parameters.parked_share);
        const std::uint32_t kind = scene_.catalogue.parked.pick(dice_.uniform(0, 1));
        const double shade = dice_.uniform(0, 1), which = dice_.uniform(0, 1);
        const auto tint = scene_.catalogue.paints.pick(which, shade);
        const double slip = dice_.uniform(-0.25, 0.25), aside = dice_.uniform(-0.04, 0.04);
        const double turn = dice_.uniform(-0.012, 0.012);
        if (!taken) return;
        World& world = scene_.builder.world();
        const auto pose = scene_.geometry.pose({road, s_m, t_m, 0});
        const double yaw = math::wrap_angle(pose.heading_rad + heading_rad + turn);
        const Archetype& archetype = world.archetypes[kind];
        const Vec2 forward = math::direction(yaw);
        const Vec2 middle = math::xy(pose.p) + slip * forward + aside * math::perp(forward);
        const math::Box2 box{
            middle, yaw, {0.5 * archetype.extent.length_m(), 0.5 * archetype.extent.width_m}};
        if (reaches_lane(box, pose.p.z) || !scene_.builder.occupied.take(box)) return;

        // On the slope of its road.
        const Vec2 origin = middle - archetype.extent.centre_x_m() * forward;
        const double uphill = -std::tan(pose.pitch_rad) * std::cos(heading_rad);
        const double z = pose.p.z + uphill * (slip - archetype.extent.centre_x_m());
        math::RigidTransform X_WB = math::upright(Vec3(origin, z), yaw);
        const double pitch = -std::atan(uphill);
        X_WB.q = X_WB.q * math::Quat(std::cos(0.5 * pitch), 0, std::sin(0.5 * pitch), 0);
        const ActorId id =
            scene_.builder.add_object(archetype.semantic, X_WB, archetype.extent, true);
        world.objects.back().archetype = kind;
        world.objects.back().labelled = true;
        const auto mesh = scene_.builder.mesh(fmt::format("parked {}", kind),
                                              [&] { return parked_mesh(archetype, world.scene); });
        scene_.builder.add_instance(mesh, X_WB, archetype.semantic, id).tint = tint;
    }

    // Maps have parking lanes that driven ones run into; nobody parks there.
    bool reaches_lane(const math::Box2& box, double z_m) const {
        const auto corners = box.corners();
        return std::any_of(corners.begin(), corners.end(), [&](const Vec2& p) {
            return driven_.on_road(Vec3(p, z_m), -kOverLane_m);
        });
    }

    Scene& scene_;
    Dice dice_;
    engine::road::RoadMap driven_;
    const RoadModel& model_;
};

}  // namespace

void add_parked(Scene& scene) { ParkedVehicles(scene).add(); }

}  // namespace huntsman::scenarios::dressing
