// World: everything that is fixed once a run starts. See state.h for everything that changes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/figure/motion.h"
#include "engine/figure/skeleton.h"
#include "engine/math/transform.h"
#include "engine/world/ids.h"
#include "engine/world/rig.h"
#include "engine/world/road_model.h"
#include "engine/world/road_network.h"
#include "engine/world/scene.h"
#include "engine/world/terrain.h"
#include "engine/world/weather.h"

namespace huntsman::engine::world {

// A box in a body's frame: x from -rear to +front of the origin, centred in y, z from 0 to height.
struct Extent {
    double front_m = 0, rear_m = 0;  // distances from the origin, both positive
    double width_m = 0, height_m = 0;
    double length_m() const { return front_m + rear_m; }
    double centre_x_m() const { return 0.5 * (front_m - rear_m); }
};

// A wheel of a vehicle.
struct Wheel {
    math::Vec2 p_B{0, 0};  // of its foot at rest
    double radius_m = 0.344;
    bool steered = false;
    double drive_share = 0;  // of the vehicle's drive force
    double brake_share = 0;  // of the vehicle's brake force
};

// Two axles of two wheels, the front one steered, the rear one driven: front left, front right,
// rear left, rear right. Of the brake force the front takes 65 %.
std::vector<Wheel> four_wheels(double wheelbase_m, double track_m, double radius_m);

// Chassis of a vehicle. Origin of B: on the ground below the middle of the wheels that are not
// steered (of a car: below the rear axle's centre).
struct VehicleSpec {
    double mass_kg = 1093.3;
    double yaw_inertia_kg_m2 = 1791.6;
    double wheelbase_m = 2.579;   // from the origin to the middle of the steered wheels
    double cg_to_rear_m = 1.423;  // from the origin, along x
    double cg_height_m = 0.575;
    double max_steer_rad = 0.7;         // of the road wheels
    double max_steer_rate_rad_s = 0.8;  // of the road wheels
    double max_drive_force_n = 5000;    // all driven wheels together
    double max_power_w = 90e3;
    double max_brake_force_n = 11000;  // all wheels together
    double drag_area_m2 = 0.65;        // Cd·A
    double rolling_resistance = 0.012;
    std::vector<Wheel> wheels = four_wheels(2.579, 1.4, 0.344);

    double track_m() const;  // of the widest axle
};

struct PedestrianSpec {
    double radius_m = 0.25;
    double walk_speed_mps = 1.34;
};

// How a part of an articulated body moves against it; see pose.h.
enum class Motion : std::uint8_t {
    kFixed,
    kWheel,      // rolls, and steers where its wheel does
    kSwing,      // about the body's y axis, with the gait
    kJoint,      // with a joint of the figure
    kCrank,      // turns with the rider's cranks
    kPedal,      // goes around with them, tilted as a foot is
    kCompanion,  // with a joint of the figure's companion
};
struct Part {
    Motion motion = Motion::kFixed;
    std::uint32_t mesh = 0;    // index into StaticScene::meshes
    math::Vec3 p_BP{0, 0, 0};  // pivot in the body frame; wheels: hub at rest
    std::uint32_t wheel = 0;   // kWheel: index into VehicleSpec::wheels
    // kSwing: share of the gait's angle; left arm and right leg positive. kPedal: radius of its
    // circle [m]; right negative.
    double swing = 1;
    // kJoint, kCompanion: whose frame the mesh is in.
    figure::Joint joint = figure::Joint::kPelvis;
};

// A piece of a figure's skin, which says where it is itself.
constexpr bool of_skin(const Part& part) {
    return part.motion == Motion::kJoint || part.motion == Motion::kCompanion;
}

// A point of the body on one of its parts.
struct BodyPoint {
    std::uint32_t part = 0;   // index into Archetype::parts
    math::Vec3 p_P{0, 0, 0};  // in the part's mesh frame
    double depth_m = 0.1;     // how far at most it lies below the skin
};

// An animal that goes beside a figure, a dog on a lead: part of the same actor and of the same
// skin. It keeps step, a whole number of its cycles to each of the figure's, so that neither has
// feet that slide.
struct Companion {
    std::shared_ptr<const figure::Skeleton> skeleton;
    math::Vec3 p_FC{0, 0, 0};  // its place in the figure's frame
    int cycles = 2;            // in one of the figure's
};

// A person whose mesh bends: one on foot, or who rides or sits on what the other parts show.
// Pictures, boxes, amodal masks and flow take its skin. Its parts of Motion::kJoint are the skin's
// pieces, cut where another joint begins to carry most: ids, motion within a picture and lidar,
// which need rigid bodies, take these.
struct Figure {
    std::shared_ptr<const figure::Skeleton> skeleton;
    std::uint32_t skin = 0;        // index into StaticScene::meshes; its levels have bindings
    std::uint32_t first_part = 0;  // of its parts; those of the bindings count from here
    figure::Activity activity = figure::Activity::kOnFoot;
    figure::Gesture hold = figure::Gesture::kNone;  // of the arm that carries something
    math::Vec3 p_BF{0, 0, 0};                       // its place in the body's frame
    std::optional<figure::Mount> mount;             // what it rides, in the figure's own frame
    // Joints of the skin's bindings from figure::kJointCount on are the companion's.
    std::optional<Companion> companion;
};

// A kind of actor.
struct Archetype {
    std::string name;
    Semantic semantic = Semantic::kCar;
    Extent extent;
    VehicleSpec vehicle;        // for vehicles
    PedestrianSpec pedestrian;  // for people
    std::vector<Part> parts;    // at most kMostParts
    std::optional<Figure> figure;
    // People: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; left before right.
    std::vector<BodyPoint> body_points;
};

// A static thing that is labelled or collided with: a parked car, a wall, a pole, a trunk.
struct StaticObject {
    ActorId id = kNoActor;  // >= kFirstStaticObject
    Semantic semantic = Semantic::kOther;
    std::uint32_t archetype = kNone;  // for parked vehicles: index into World::archetypes
    math::RigidTransform X_WB;        // origin at the ground (vehicles: as VehicleSpec)
    Extent extent;                    // collision and label box
    bool collides = true;
    bool labelled = false;  // gets a box label (parked vehicles)
};

// A sign's plate that can be seen and labelled.
struct SignPlate {
    ActorId object = kNoActor;  // its id in the id buffer
    math::Vec3 p_W{0, 0, 0};    // middle of the plate
    double heading_rad = 0;     // to which it faces
    double width_m = 0, height_m = 0;
    std::uint32_t road = kNone, signal = kNone;  // of the source: RoadModel::roads, Road::signals
    std::string meaning;                         // "yield", "speed limit 50", ...
};

// Paint on the road with a meaning of its own; lines along lanes are in the road model.
struct RoadSymbol {
    // "stop_line", "yield_line", "crosswalk", "arrow_straight", "arrow_left_right", ...,
    // "parking_space", "word_BUS", "bicycle"
    std::string type;
    std::vector<math::Vec3> outline_W;  // the polygon that holds it
};

struct Environment {
    double sun_azimuth_rad = 0.8;    // direction to the sun, from east towards north
    double sun_elevation_rad = 0.9;  // above the horizon
    double turbidity = 3.0;
    double cloud_cover = 0.1;  // 0..1
    double fog_per_m = 0.0;    // extinction
    double wetness = 0.0;      // of the road, 0..1
    double rain_mm_h = 0.0;
    double puddles = 0.0;       // share of hollows that are filled, 0..1
    double snow_cover = 0.0;    // share of the ground that is white, 0..1
    double friction = 1.0;      // tyre-road coefficient of the dry or wet road
    std::string light = "day";  // words for catalogues: day, low sun, dusk
    std::string weather = "clear";
    friend bool operator==(const Environment&, const Environment&) = default;
};

// An actor as it appears: at the start of the run, or later.
struct Spawn {
    ActorId id = kNoActor;  // of a world's spawns; those that appear later get the next free one
    std::uint32_t archetype = 0;
    math::RigidTransform X_WB;
    double speed_mps = 0;
    std::array<float, 3> tint{0.5F, 0.5F, 0.5F};  // of paint or cloth, linear
    LaneId lane = kNone;                          // vehicles: lane and place on it
    double lane_s_m = 0;
    WalkwayId walkway = kNone;  // people: walkway and place on it
    double walkway_s_m = 0;
    bool walkway_forward = true;
    std::string profile;  // who it is, of assets/minds; empty: drawn from the world's mix
};

// How an entity of a run's story appears.
struct StoryRole {
    std::uint32_t archetype = 0;
    std::array<float, 3> tint{0.5F, 0.5F, 0.5F};  // of paint or cloth, linear
};

struct World {
    std::string scenario;  // name, for catalogues
    std::uint64_t seed = 0;
    RoadModel road_model;  // what `roads` was compiled from; empty in worlds that have lanes only
    RoadNetwork roads;
    Terrain terrain;
    StaticScene scene;
    std::vector<Archetype> archetypes;
    std::vector<StaticObject> objects;   // sorted by id
    std::vector<SignPlate> sign_plates;  // sorted by object
    std::vector<RoadSymbol> road_symbols;
    Environment environment;   // at the start, and for good unless the weather changes
    WeatherProgramme weather;  // see environment_at
    Rig rig;
    std::vector<Spawn> spawns;       // sorted by id; the first is the ego
    std::string minds = "everyday";  // mix of profiles of assets/minds/mixes, or a file
    std::vector<LaneId> ego_route;   // consecutive lanes, from the ego's spawn lane to the goal
    double ego_goal_s_m = 0;         // on the last lane of the route
    double size_m = 0;  // side of the square that holds the town, centred on the origin
    math::Vec2 story_origin_W{0, 0};     // of the coordinates that the story is written in
    std::vector<StoryRole> story_roles;  // by entity of the story; empty where there is none

    const Archetype& archetype_of(const Spawn& spawn) const { return archetypes[spawn.archetype]; }
};

// Index of the archetype of this name; kNone where there is none.
std::uint32_t archetype_named(const World& world, std::string_view name);

// Sets the words of an environment, light and weather, from its numbers.
void set_words(Environment& environment);

// Light, weather and friction of a moment of the run.
Environment environment_at(const World& world, core::TimeUs time_us);

}  // namespace huntsman::engine::world
