// Vehicles, people and other actors as their files in assets/actors describe them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/world/world.h"
#include "scenarios/catalogue/solids.h"

namespace huntsman::scenarios::catalogue {

using Rgb = std::array<float, 3>;  // linear

// A place along a vehicle: from the origin, or from an end of the painted body, forward positive.
// Exactly one of them is given.
struct Along {
    std::optional<double> origin_m, front_m, rear_m;
    double x_m(double front, double rear) const {
        return front_m ? front + *front_m : rear_m ? rear + *rear_m : origin_m.value_or(0);
    }
};

// Two wheels, or one where the track is 0.
struct Axle {
    double x_m = 0;  // from the origin, which lies below the middle of the axles that do not steer
    double track_m = 0;
    double wheel_radius_m = 0, tyre_width_m = 0.2;
    double rim_share = 0.66;   // radius of the rim over the wheel's
    bool wire_spokes = false;  // one sees through
    bool steered = false;
    double drive_share = 0, brake_share = 0;  // of the vehicle's forces
};

// The silhouette of a body and what is fixed to it. Heights are from the ground.
struct BodyModel {
    Along rear{.rear_m = 0};  // where the painted body begins; a lorry's cab does farther ahead
    double sill_m = 0;        // lower edge
    double nose_m = 0, hood_m = 0, belt_m = 0, boot_m = 0, tail_m = 0;  // deck, front to rear
    Along screen_base, roof_front, roof_rear, back_base;                // the cabin's corners
    std::optional<double> roof_m;  // its top, if not the height
    double roof_share = 0.8;       // half width of the roof over that of the body
    double roof_band_m = 0.08;     // painted edge above the side windows
    Along glass_from, glass_to;    // side windows
    std::vector<Along> pillars;    // posts between them
    double lamp_m = 0, tail_lamp_m = 0;
    double lamp_scale = 1;
    double mirror_above_belt_m = 0.07, mirror_half_height_m = 0.075;
    bool painted_mirrors = true;
    bool door_handles = true;
    std::optional<double> rear_plate_m;  // below the tail lamps if not given
    bool load_space = false;             // a box behind the cab, up to the vehicle's height
    std::optional<Rgb> livery;           // colour of the paint whatever the actor's tint is
};

// A part and the mesh it shows.
struct PartModel {
    std::string mesh;                   // of those that the kind of model makes
    std::optional<std::int64_t> wheel;  // counted axle by axle, left before right
    std::optional<std::string> at;      // joint of a person
    std::optional<double> swing;        // share of the gait's angle, see world::Part
    std::array<double, 3> at_m{};       // kSolidsMesh: where it hangs, in B
    std::vector<Solid> solids;          // kSolidsMesh: what it shows; bodies: what they have more
};

// How a rider is borne, or what one who walks has in its hands.
enum class Riding : std::uint8_t {
    kRide,        // sits or stands on the vehicle
    kWheelchair,  // sits in it
    kPush,        // walks beside it, with the hands on handlebar and saddle
    kPushBefore,  // walks behind it, with both hands on a bar: a pram
    kPull,        // walks before it, with the right hand on its handle: a suitcase
    kLead,        // walks beside an animal, with its lead in the right hand
};
const char* name(Riding riding);  // "ride", "wheelchair", "push", "push_before", "pull", "lead"
constexpr int value_count(engine::core::Of<Riding>) { return 6; }
constexpr bool on_foot(Riding riding) { return riding >= Riding::kPush; }

// A person of the cast on a vehicle or in a wheelchair. Places are in the vehicle's frame; of those
// that come in pairs the left one is given, and the right one lies at -y.
struct RiderModel {
    std::string who;  // kinds of the cast, separated by spaces
    Riding activity = Riding::kRide;
    std::optional<std::array<double, 3>> seat_m;  // its top below the hips; none: stands
    std::array<double, 3> grip_m{};               // middle of the handlebar's grip
    double sweep_rad = 0;                         // by how much grips point back
    // Middle of the circle of the pedal, or of the rim that the hand pushes, and its radius.
    std::optional<std::array<double, 3>> circle_m;
    double circle_radius_m = 0.17;
    std::optional<std::array<double, 3>> foot_m, right_foot_m;  // below the soles' middles
    std::optional<std::array<double, 3>> walks_m;               // where one on foot walks
    // Of kLead: the file of assets/animals, where it goes, and its cycles to one of the person's.
    std::optional<std::string> animal;
    std::optional<std::array<double, 3>> animal_m;
    std::int64_t animal_cycles = 2;
};

struct VehicleModel {
    std::string description;
    engine::world::Semantic semantic = engine::world::Semantic::kCar;
    double length_m = 0, width_m = 0, height_m = 0;
    double front_overhang_m = 0;  // before the foremost axle
    double mass_kg = 0;
    std::optional<double> yaw_inertia_kg_m2;  // that of a box of length and width if not given
    double centre_of_gravity_share = 0;       // its distance from the origin over the wheelbase
    double centre_of_gravity_m = 0;           // height
    double max_steer_rad = 0.7, max_steer_rate_rad_s = 0.8;
    double max_drive_force_n = 0, max_power_w = 0, max_brake_force_n = 0;
    double drag_area_m2 = 0, rolling_resistance = 0;
    std::vector<Axle> axles;           // from the front to the rear
    std::optional<std::string> model;  // of assets/models: shows the body and the wheels
    std::optional<BodyModel> body;     // else
    std::optional<RiderModel> rider;
    std::vector<PartModel> parts;

    double front_m() const { return axles.front().x_m + front_overhang_m; }
};

// Proportions as shares of the body height.
struct Figure {
    double hip = 0.505, shoulder = 0.815, head = 0.935, head_radius = 0.058;
    double shoulder_half = 0.118, chest = 0.098, waist = 0.083, hips = 0.092;
    double limb = 1.0;  // thickness of limbs
    double lean = 0.0;  // of the shoulders before the hips
    bool long_hair = false;
    Rgb hair{0.06F, 0.035F, 0.02F}, skin{0.60F, 0.38F, 0.27F};
    Rgb trousers{0.35F, 0.37F, 0.45F}, shoes{0.04F, 0.03F, 0.03F};
};

struct PersonModel {
    std::string description;
    engine::world::Semantic semantic = engine::world::Semantic::kPedestrian;
    double height_m = 0, radius_m = 0, walk_speed_mps = 0;
    std::optional<std::string> model;  // of assets/models: shows it
    Figure figure;                     // else, with the parts
    std::vector<PartModel> parts;
};

// Animals, people in wheelchairs and with things on wheels or with dogs, loose things. The origin
// is on the ground below the middle.
struct SolidModel {
    std::string description;
    engine::world::Semantic semantic = engine::world::Semantic::kMovable;
    double length_m = 0, width_m = 0, height_m = 0;
    double walk_speed_mps = 1.34;
    std::optional<double> radius_m;     // of the cylinder it takes; else half the smaller side
    std::vector<Axle> axles;            // of wheelchairs, prams
    std::optional<RiderModel> rider;    // the same, and of dogs on leads
    std::optional<std::string> animal;  // of assets/animals: shows it
    std::vector<PartModel> parts;       // else
};

}  // namespace huntsman::scenarios::catalogue
