#include "bridge/trace/osi/movers.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <vector>

#include "bridge/trace/osi/convert.h"
#include "bridge/trace/osi/lanes.h"
#include "engine/world/boxes.h"

namespace huntsman::bridge::trace::osi {

using engine::math::Vec3;
using engine::world::ActorState;
using engine::world::Archetype;
using engine::world::Extent;
using engine::world::Lamp;
using engine::world::Semantic;
using engine::world::World;
using Vehicle = osi3::MovingObject::VehicleClassification;
using Lights = Vehicle::LightState;

namespace {

osi3::MovingObject::Type type_of(Semantic semantic) {
    using Object = osi3::MovingObject;
    if (engine::world::is_vehicle(semantic) || semantic == Semantic::kWheelchair) {
        return Object::TYPE_VEHICLE;
    }
    if (semantic == Semantic::kPedestrian) return Object::TYPE_PEDESTRIAN;
    if (semantic == Semantic::kAnimal) return Object::TYPE_ANIMAL;
    return Object::TYPE_OTHER;
}

Vehicle::Type vehicle_type(const Archetype& archetype) {
    switch (archetype.semantic) {
        case Semantic::kCar:
            return Vehicle::TYPE_CAR;
        case Semantic::kVan:
            return Vehicle::TYPE_VAN;
        case Semantic::kTruck:
            // "tractor_unit", "tractor_european": they pull trailers.
            if (archetype.name == "farm_tractor") return Vehicle::TYPE_WORK_MACHINE;
            return archetype.name.starts_with("tractor") ? Vehicle::TYPE_SEMITRACTOR
                                                         : Vehicle::TYPE_HEAVY_TRUCK;
        case Semantic::kBus:
            return archetype.name == "tram" ? Vehicle::TYPE_TRAM : Vehicle::TYPE_BUS;
        case Semantic::kMotorcycle:
            return Vehicle::TYPE_MOTORCYCLE;
        case Semantic::kBicycle:
            return Vehicle::TYPE_BICYCLE;
        case Semantic::kScooter:
            return Vehicle::TYPE_STANDUP_SCOOTER;
        case Semantic::kTrailer:
            return archetype.name == "semi_trailer" ? Vehicle::TYPE_SEMITRAILER
                                                    : Vehicle::TYPE_TRAILER;
        case Semantic::kWheelchair:
            return Vehicle::TYPE_WHEELCHAIR;
        default:
            return Vehicle::TYPE_OTHER;
    }
}

Vehicle::Role role_of(const Archetype& archetype) {
    struct Named {
        std::string_view name;
        Vehicle::Role role;
    };
    for (const Named& each :
         {Named{"ambulance", Vehicle::ROLE_AMBULANCE}, Named{"fire_engine", Vehicle::ROLE_FIRE},
          Named{"police_car", Vehicle::ROLE_POLICE}, Named{"bus", Vehicle::ROLE_PUBLIC_TRANSPORT},
          Named{"city_bus", Vehicle::ROLE_PUBLIC_TRANSPORT},
          Named{"tram", Vehicle::ROLE_PUBLIC_TRANSPORT},
          Named{"taxi", Vehicle::ROLE_PUBLIC_TRANSPORT}}) {
        if (archetype.name == each.name) return each.role;
    }
    return Vehicle::ROLE_CIVIL;
}

void set_lamps(Lights* to, std::uint32_t lamps, bool emergency) {
    const auto lit = [&](Lamp lamp) { return (lamps & engine::world::bit(lamp)) != 0; };
    const auto state = [&](Lamp lamp) {
        return lit(lamp) ? Lights::GENERIC_LIGHT_STATE_ON : Lights::GENERIC_LIGHT_STATE_OFF;
    };
    const bool left = lit(Lamp::kTurnLeft), right = lit(Lamp::kTurnRight);
    to->set_indicator_state(left && right ? Lights::INDICATOR_STATE_WARNING
                            : left        ? Lights::INDICATOR_STATE_LEFT
                            : right       ? Lights::INDICATOR_STATE_RIGHT
                                          : Lights::INDICATOR_STATE_OFF);
    to->set_front_fog_light(Lights::GENERIC_LIGHT_STATE_OFF);  // no vehicle has any
    to->set_rear_fog_light(Lights::GENERIC_LIGHT_STATE_OFF);
    to->set_high_beam(Lights::GENERIC_LIGHT_STATE_OFF);
    to->set_head_light(state(Lamp::kHead));
    to->set_tail_light(state(Lamp::kTail));
    to->set_license_plate_illumination_rear(state(Lamp::kTail));
    to->set_reversing_light(state(Lamp::kReverse));
    to->set_brake_light_state(lit(Lamp::kBrake) ? Lights::BRAKE_LIGHT_STATE_NORMAL
                                                : Lights::BRAKE_LIGHT_STATE_OFF);
    if (emergency) {
        to->set_emergency_vehicle_illumination(lit(Lamp::kBlue)
                                                   ? Lights::GENERIC_LIGHT_STATE_FLASHING_BLUE
                                                   : Lights::GENERIC_LIGHT_STATE_OFF);
    }
}

// Axle from the front and index from the right of each wheel.
struct WheelPlace {
    std::uint32_t axle = 0, index = 0;
};
std::vector<WheelPlace> wheel_places(const std::vector<engine::world::Wheel>& wheels) {
    constexpr double kSameAxle_m = 0.05;
    std::vector<double> axles;
    for (const auto& wheel : wheels) {
        if (std::none_of(axles.begin(), axles.end(),
                         [&](double x) { return std::abs(x - wheel.p_B.x) < kSameAxle_m; })) {
            axles.push_back(wheel.p_B.x);
        }
    }
    std::sort(axles.rbegin(), axles.rend());
    std::vector<WheelPlace> places(wheels.size());
    for (std::size_t i = 0; i < wheels.size(); ++i) {
        while (std::abs(axles[places[i].axle] - wheels[i].p_B.x) >= kSameAxle_m) ++places[i].axle;
        for (const auto& other : wheels) {
            places[i].index += std::abs(other.p_B.x - wheels[i].p_B.x) < kSameAxle_m &&
                               other.p_B.y < wheels[i].p_B.y;
        }
    }
    return places;
}

// From the middle of the box to a point of B.
Vec3 from_middle(const Extent& extent, const Vec3& p_B) {
    return p_B - Vec3(extent.centre_x_m(), 0, 0.5 * extent.height_m);
}

void set_attributes(osi3::MovingObject::VehicleAttributes* to, const Archetype& archetype,
                    double steer_rad, const std::vector<engine::world::WheelState>* states) {
    const auto& wheels = archetype.vehicle.wheels;
    const double radius = rear_radius_m(archetype.vehicle);
    to->set_number_wheels(static_cast<std::uint32_t>(wheels.size()));
    set(to->mutable_bbcenter_to_rear(), from_middle(archetype.extent, {0, 0, radius}));
    set(to->mutable_bbcenter_to_front(),
        from_middle(archetype.extent, {archetype.vehicle.wheelbase_m, 0, radius}));
    const auto places = wheel_places(wheels);
    for (std::size_t i = 0; i < wheels.size(); ++i) {
        auto* wheel = to->add_wheel_data();
        wheel->set_axle(places[i].axle);
        wheel->set_index(places[i].index);
        set(wheel->mutable_position(),
            from_middle(archetype.extent, {wheels[i].p_B.x, wheels[i].p_B.y, wheels[i].radius_m}));
        wheel->set_wheel_radius(wheels[i].radius_m);
        set(wheel->mutable_orientation(), {.yaw = wheels[i].steered ? steer_rad : 0.0});
        const bool turns = states != nullptr && i < states->size();
        wheel->set_rotation_rate(turns ? (*states)[i].spin_rad_s : 0.0);
    }
}

// What all have: a box that moves.
void set_base(osi3::BaseMoving* to, const Extent& extent, const engine::math::RigidTransform& X_WB,
              const Vec3& v_W, const Vec3& w_W, const Vec3& a_W, const Vec3& p_BG) {
    set_dimension(to->mutable_dimension(), extent);
    set(to->mutable_position(), engine::world::box_centre(extent, X_WB));
    const Angles angles = angles_of(X_WB.q);
    set(to->mutable_orientation(), angles);
    const Vec3 middle_B(extent.centre_x_m(), 0, 0.5 * extent.height_m);
    const Vec3 r = X_WB.rotate(middle_B), from_cg = X_WB.rotate(middle_B - p_BG);
    set(to->mutable_velocity(), v_W + glm::cross(w_W, r));
    set(to->mutable_acceleration(), a_W + glm::cross(w_W, glm::cross(w_W, from_cg)));
    set(to->mutable_orientation_rate(), rates_of(angles, w_W, X_WB.q));
}

Vec3 centre_of_gravity(const Archetype& archetype) {
    if (!engine::world::is_vehicle(archetype.semantic)) {
        return {0, 0, 0.5 * archetype.extent.height_m};
    }
    return {archetype.vehicle.cg_to_rear_m, 0, archetype.vehicle.cg_height_m};
}

void set_vehicle(osi3::MovingObject* to, const Archetype& archetype, std::uint32_t lamps,
                 double steer_rad, const std::vector<engine::world::WheelState>* wheels) {
    Vehicle* vehicle = to->mutable_vehicle_classification();
    vehicle->set_type(vehicle_type(archetype));
    const Vehicle::Role role = role_of(archetype);
    vehicle->set_role(role);
    vehicle->set_has_trailer(false);  // trailers are vehicles of their own; nothing couples them
    const bool emergency = role == Vehicle::ROLE_AMBULANCE || role == Vehicle::ROLE_FIRE ||
                           role == Vehicle::ROLE_POLICE;
    set_lamps(vehicle->mutable_light_state(), lamps, emergency);
    if (engine::world::is_vehicle(archetype.semantic)) {
        set_attributes(to->mutable_vehicle_attributes(), archetype, steer_rad, wheels);
    } else {
        to->mutable_vehicle_attributes()->set_number_wheels(4);  // a wheelchair's
    }
}

void add_actor(const World& world, const engine::road::RoadMap& map, const ActorState& actor,
               osi3::GroundTruth& to) {
    const Archetype& archetype = world.archetypes[actor.archetype];
    osi3::MovingObject* object = to.add_moving_object();
    object->mutable_id()->set_value(actor.id);
    set_base(object->mutable_base(), archetype.extent, actor.X_WB, actor.v_W, actor.w_W, actor.a_W,
             centre_of_gravity(archetype));
    object->set_type(type_of(archetype.semantic));
    object->set_model_reference(archetype.name);
    if (object->type() != osi3::MovingObject::TYPE_VEHICLE) return;
    set_vehicle(object, archetype, actor.lamps, actor.steer_rad, &actor.wheels);
    const Vec3 middle = engine::world::box_centre(archetype.extent, actor.X_WB);
    if (const auto place = map.nearest_lane(middle, actor.X_WB.yaw_rad(), 0.0)) {
        object->mutable_moving_object_classification()->add_assigned_lane_id()->set_value(
            lane_id(map.lane(place->lane)));
    }
}

void add_parked(const World& world, const engine::world::StaticObject& parked,
                osi3::GroundTruth& to) {
    osi3::MovingObject* object = to.add_moving_object();
    object->mutable_id()->set_value(parked.id);
    set_base(object->mutable_base(), parked.extent, parked.X_WB, Vec3(0), Vec3(0), Vec3(0),
             Vec3(0));
    object->set_type(osi3::MovingObject::TYPE_VEHICLE);
    if (parked.archetype >= world.archetypes.size()) return;
    const Archetype& archetype = world.archetypes[parked.archetype];
    object->set_model_reference(archetype.name);
    set_vehicle(object, archetype, 0, 0, nullptr);
}

}  // namespace

double rear_radius_m(const engine::world::VehicleSpec& vehicle) {
    double radius = 0.3, nearest = 1e9;
    for (const auto& wheel : vehicle.wheels) {
        if (std::abs(wheel.p_B.x) < nearest)
            nearest = std::abs(wheel.p_B.x), radius = wheel.radius_m;
    }
    return radius;
}

void add_movers(const World& world, const engine::road::RoadMap& map,
                const engine::world::State& state, osi3::GroundTruth& to) {
    for (const ActorState& actor : state.actors) {
        const bool hidden = (actor.hidden_from & engine::world::kSensors) != 0;
        if (!hidden || actor.id == engine::world::kEgo) add_actor(world, map, actor, to);
    }
    for (const auto& object : world.objects) {
        if (engine::world::is_vehicle(object.semantic)) add_parked(world, object, to);
    }
}

void set_host(const World& world, const engine::world::State& state, osi3::HostVehicleData* to) {
    const ActorState& ego = state.actors.front();
    const Archetype& archetype = world.archetypes[ego.archetype];
    set_version(to->mutable_version());
    set(to->mutable_timestamp(), state.time_us);
    to->mutable_host_vehicle_id()->set_value(ego.id);
    using Data = osi3::HostVehicleData;
    to->mutable_vehicle_basics()->set_curb_weight(archetype.vehicle.mass_kg);
    to->mutable_vehicle_basics()->set_operating_state(Data::VehicleBasics::OPERATING_STATE_DRIVING);
    to->mutable_vehicle_powertrain()->set_pedal_position_acceleration(ego.vehicle.throttle);
    to->mutable_vehicle_powertrain()->set_gear_transmission(ego.vehicle.reverse ? -1 : 1);
    to->mutable_vehicle_brake_system()->set_pedal_position_brake(ego.vehicle.brake);
    const auto places = wheel_places(archetype.vehicle.wheels);
    for (std::size_t i = 0; i < places.size() && i < ego.wheels.size(); ++i) {
        auto* wheel = to->mutable_vehicle_wheels()->add_wheel_data();
        wheel->set_axle(places[i].axle);
        wheel->set_index(places[i].index);
        wheel->set_rotation_rate(ego.wheels[i].spin_rad_s);
    }
    const Angles angles = angles_of(ego.X_WB.q);
    set(to->mutable_vehicle_localization()->mutable_position(),
        engine::world::box_centre(archetype.extent, ego.X_WB));
    set(to->mutable_vehicle_localization()->mutable_orientation(), angles);

    const Vec3 axle_B(0, 0, rear_radius_m(archetype.vehicle));
    const auto q_BW = glm::conjugate(ego.X_WB.q);
    const Vec3 w_B = q_BW * ego.w_W;
    auto* motion = to->mutable_vehicle_motion();
    set(motion->mutable_position(), ego.X_WB * axle_B);
    set(motion->mutable_orientation(), angles);
    const Vec3 v_B = q_BW * ego.v_W + glm::cross(w_B, axle_B);
    set(motion->mutable_velocity(), v_B);
    set(motion->mutable_orientation_rate(), {.roll = w_B.x, .pitch = w_B.y, .yaw = w_B.z});
    const Vec3 from_cg = axle_B - centre_of_gravity(archetype);
    set(motion->mutable_acceleration(), q_BW * ego.a_W + glm::cross(w_B, glm::cross(w_B, from_cg)));
    // At walking pace and below the steering tells it better than the motion.
    constexpr double kSlow_mps = 1;
    motion->set_current_curvature(std::abs(v_B.x) > kSlow_mps
                                      ? w_B.z / v_B.x
                                      : std::tan(ego.steer_rad) / archetype.vehicle.wheelbase_m);
}

}  // namespace huntsman::bridge::trace::osi
