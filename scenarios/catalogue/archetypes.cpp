#include <algorithm>

#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/meshes.h"

namespace huntsman::scenarios::catalogue {

using namespace engine::world;
using engine::math::Vec3;

namespace {

// A vehicle's measures; the rest follows from them.
struct Measures {
    const char* name;
    Semantic semantic;
    double length_m, width_m, height_m, wheelbase_m, front_overhang_m;
    double mass_kg, wheel_radius_m, track_m, cg_height_m, cg_share;  // cg: share of wheelbase
    double drive_n, power_w, drag_m2, steer_rad;
};

// The sedan is the BMW 320i of CommonRoad's vehicle 2; the others are typical of their kind.
constexpr Measures kMeasures[] = {
    {"sedan", Semantic::kCar, 4.508, 1.610, 1.42, 2.579, 0.85, 1093.3, 0.344, 1.387, 0.575,
     1.423 / 2.579, 5000, 90e3, 0.65, 1.066},
    {"hatchback", Semantic::kCar, 4.18, 1.76, 1.47, 2.60, 0.82, 1240, 0.315, 1.52, 0.56, 0.56, 5200,
     80e3, 0.66, 0.70},
    {"suv", Semantic::kCar, 4.64, 1.87, 1.67, 2.70, 0.90, 1720, 0.36, 1.60, 0.68, 0.53, 7200, 125e3,
     0.83, 0.68},
    {"van", Semantic::kVan, 5.40, 2.02, 2.42, 3.30, 1.00, 2350, 0.345, 1.72, 0.85, 0.50, 8000,
     110e3, 1.35, 0.68},
    {"truck", Semantic::kTruck, 7.90, 2.45, 3.35, 4.40, 1.25, 8200, 0.48, 2.02, 1.25, 0.45, 22000,
     160e3, 4.5, 0.78},
    {"bus", Semantic::kBus, 11.90, 2.55, 3.10, 5.85, 2.65, 13000, 0.48, 2.10, 1.20, 0.42, 32000,
     210e3, 5.0, 0.88},
};

Archetype vehicle(const Measures& m) {
    Archetype a;
    a.name = m.name;
    a.semantic = m.semantic;
    a.extent.front_m = m.wheelbase_m + m.front_overhang_m;
    a.extent.rear_m = m.length_m - a.extent.front_m;
    a.extent.width_m = m.width_m;
    a.extent.height_m = m.height_m;
    VehicleSpec& v = a.vehicle;
    v.mass_kg = m.mass_kg;
    // A box of the body's length and width; the sedan has its measured value.
    v.yaw_inertia_kg_m2 =
        m.mass_kg == 1093.3 ? 1791.6
                            : m.mass_kg * (m.length_m * m.length_m + m.width_m * m.width_m) / 12.0;
    v.wheelbase_m = m.wheelbase_m;
    v.cg_to_rear_m = m.cg_share * m.wheelbase_m;
    v.cg_height_m = m.cg_height_m;
    v.track_m = m.track_m;
    v.wheel_radius_m = m.wheel_radius_m;
    v.max_steer_rad = m.steer_rad;
    v.max_drive_force_n = m.drive_n;
    v.max_power_w = m.power_w;
    v.max_brake_force_n = 10.0 * m.mass_kg;
    v.drag_area_m2 = m.drag_m2;
    v.rolling_resistance = m.mass_kg > 5000 ? 0.008 : 0.012;
    return a;
}

Archetype person(const char* name, double height_m, double walk_mps, double radius_m) {
    Archetype a;
    a.name = name;
    a.semantic = Semantic::kPedestrian;
    a.extent = {0.25 * height_m / 1.78, 0.25 * height_m / 1.78, 2 * radius_m, height_m};
    a.pedestrian.radius_m = radius_m;
    a.pedestrian.walk_speed_mps = walk_mps;
    return a;
}

using Colour = std::array<float, 3>;

}  // namespace

std::vector<Archetype> archetypes(StaticScene& scene) {
    std::vector<Archetype> all;
    for (const Measures& m : kMeasures) {
        all.push_back(vehicle(m));
        add_vehicle_parts(static_cast<std::uint32_t>(all.size() - 1), all.back(), scene);
    }
    all.push_back(person("man", 1.79, 1.38, 0.26));
    all.push_back(person("woman", 1.67, 1.33, 0.24));
    all.push_back(person("child", 1.28, 1.15, 0.19));
    all.push_back(person("elder", 1.68, 0.98, 0.26));
    for (std::uint32_t i = kMan; i < kArchetypes; ++i) add_person_parts(i, all[i], scene);
    return all;
}

std::uint32_t pick_vehicle(double draw, bool parked) {
    if (parked) {
        constexpr double kUpTo[] = {0.36, 0.68, 0.92};  // sedan, hatchback, SUV; else van
        for (std::uint32_t i = 0; i < 3; ++i) {
            if (draw < kUpTo[i]) return i;
        }
        return kVan;
    }
    constexpr double kUpTo[] = {0.34, 0.60, 0.79, 0.90, 0.95};
    for (std::uint32_t i = 0; i < 5; ++i) {
        if (draw < kUpTo[i]) return i;
    }
    return kBus;
}

std::uint32_t pick_person(double draw) {
    return draw < 0.36 ? kMan : draw < 0.74 ? kWoman : draw < 0.86 ? kChild : kElder;
}

std::array<float, 3> paint(double which, double shade) {
    // Shares as on European roads: white, greys, black, blue, red, and a few others.
    constexpr struct {
        double up_to;
        Colour colour;
    } kPaints[] = {{0.27, {0.72F, 0.72F, 0.70F}},  {0.42, {0.36F, 0.37F, 0.38F}},
                   {0.56, {0.13F, 0.135F, 0.14F}}, {0.76, {0.018F, 0.018F, 0.02F}},
                   {0.84, {0.02F, 0.07F, 0.26F}},  {0.92, {0.34F, 0.02F, 0.02F}},
                   {0.95, {0.03F, 0.14F, 0.07F}},  {0.98, {0.42F, 0.30F, 0.16F}},
                   {1.01, {0.55F, 0.40F, 0.03F}}};
    const float factor = static_cast<float>(0.8 + 0.4 * shade);
    for (const auto& entry : kPaints) {
        if (which >= entry.up_to) continue;
        Colour c = entry.colour;
        for (float& x : c) x = std::min(0.8F, x * factor);
        return c;
    }
    return {0.3F, 0.3F, 0.3F};
}

std::array<float, 3> cloth(double which, double shade) {
    constexpr Colour kCloths[] = {
        {0.05F, 0.06F, 0.09F}, {0.30F, 0.05F, 0.05F}, {0.06F, 0.12F, 0.30F}, {0.35F, 0.33F, 0.30F},
        {0.04F, 0.16F, 0.10F}, {0.55F, 0.52F, 0.48F}, {0.42F, 0.26F, 0.08F}, {0.25F, 0.09F, 0.22F},
        {0.60F, 0.45F, 0.06F}, {0.02F, 0.02F, 0.02F}};
    Colour c = kCloths[std::min<std::size_t>(9, static_cast<std::size_t>(which * 10))];
    for (float& x : c) x *= static_cast<float>(0.7 + 0.6 * shade);
    return c;
}

}  // namespace huntsman::scenarios::catalogue
