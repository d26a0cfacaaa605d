#include <algorithm>
#include <cmath>

#include "engine/core/check.h"
#include "scenarios/catalogue/baked_models.h"
#include "scenarios/catalogue/cast.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/meshes.h"
#include "scenarios/catalogue/riders.h"

namespace huntsman::scenarios::catalogue {

using namespace engine::world;

namespace {

// Wheels axle by axle, left before right; the wheelbase runs to the middle of those that steer.
void add_axles(const std::vector<Axle>& axles, VehicleSpec& v) {
    v.wheels.clear();
    double steered_x = 0, steered = 0;
    for (const Axle& axle : axles) {
        if (axle.steered) {
            steered_x += axle.x_m;
            steered += 1;
        }
        const double wheels = axle.track_m > 0 ? 2 : 1;
        for (const double side : {1.0, -1.0}) {
            if (side < 0 && wheels == 1) continue;
            v.wheels.push_back({.p_B = {axle.x_m, wheels == 1 ? 0.0 : side * 0.5 * axle.track_m},
                                .radius_m = axle.wheel_radius_m,
                                .steered = axle.steered,
                                .drive_share = axle.drive_share / wheels,
                                .brake_share = axle.brake_share / wheels});
        }
    }
    if (steered > 0) v.wheelbase_m = steered_x / steered;
}

VehicleSpec spec_of(const VehicleModel& m) {
    VehicleSpec v;
    v.mass_kg = m.mass_kg;
    // Without a measured value that of a box.
    v.yaw_inertia_kg_m2 = m.yaw_inertia_kg_m2.value_or(
        m.mass_kg * (m.length_m * m.length_m + m.width_m * m.width_m) / 12.0);
    add_axles(m.axles, v);
    v.cg_to_rear_m = m.centre_of_gravity_share * v.wheelbase_m;
    v.cg_height_m = m.centre_of_gravity_m;
    v.max_steer_rad = m.max_steer_rad;
    v.max_steer_rate_rad_s = m.max_steer_rate_rad_s;
    v.max_drive_force_n = m.max_drive_force_n;
    v.max_power_w = m.max_power_w;
    v.max_brake_force_n = m.max_brake_force_n;
    v.drag_area_m2 = m.drag_area_m2;
    v.rolling_resistance = m.rolling_resistance;
    return v;
}

Extent box_of(const VehicleModel& m) {
    return {m.front_m(), m.length_m - m.front_m(), m.width_m, m.height_m};
}
Extent box_of(const PersonModel& m) {
    // A man of 1.78 m is half a metre deep in stride.
    const double reach_m = 0.25 * m.height_m / 1.78;
    return {reach_m, reach_m, 2 * m.radius_m, m.height_m};
}
Extent box_of(const SolidModel& m) {
    return {0.5 * m.length_m, 0.5 * m.length_m, m.width_m, m.height_m};
}

Archetype make(const std::string& name, const VehicleModel& m, const models::BuiltModel* imported,
               const CastMember* rider, StaticScene& scene) {
    Archetype a;
    a.name = name;
    a.semantic = m.semantic;
    a.extent = box_of(m);
    a.vehicle = spec_of(m);
    add_vehicle_parts(m, imported, a, scene);
    if (rider != nullptr) add_rider(*rider, *m.rider, a, scene);
    return a;
}

Archetype make(const std::string& name, const PersonModel& m, const CastMember* member,
               StaticScene& scene) {
    Archetype a;
    a.name = name;
    a.semantic = m.semantic;
    a.extent = box_of(m);
    a.pedestrian = {.radius_m = m.radius_m, .walk_speed_mps = m.walk_speed_mps};
    a.vehicle.wheels.clear();
    if (member != nullptr) {
        a.extent.height_m = member->height_m;
        add_figure(*member, engine::figure::Activity::kOnFoot, {0, 0, 0}, a, scene);
    } else {
        add_person_parts(m, a, scene);
    }
    return a;
}

Archetype make(const std::string& name, const SolidModel& m, const CastMember* rider,
               const CastMember* animal, StaticScene& scene) {
    Archetype a;
    a.name = name;
    a.semantic = m.semantic;
    a.extent = box_of(m);
    a.pedestrian = {.radius_m = m.radius_m.value_or(0.5 * std::min(m.length_m, m.width_m)),
                    .walk_speed_mps = m.walk_speed_mps};
    add_axles(m.axles, a.vehicle);
    if (animal != nullptr) {
        add_figure(*animal, engine::figure::Activity::kOnFoot, {0, 0, 0}, a, scene);
    } else {
        add_solid_parts(m, a, scene);
    }
    if (rider != nullptr) add_rider(*rider, *m.rider, a, scene);
    return a;
}

}  // namespace

Extent extent_of(const Model& model) {
    return std::visit([](const auto& own) { return box_of(own); }, model.of_kind);
}

Archetype archetype_of(const Model& model, StaticScene& scene, std::size_t member) {
    const CastMember* who =
        model.members.empty() ? nullptr : model.members[member % model.members.size()].get();
    if (const auto* vehicle = std::get_if<VehicleModel>(&model.of_kind)) {
        if (!model.imported) return make(model.name, *vehicle, nullptr, who, scene);
        return make(model.name, *vehicle, with_meshes(model.imported).get(), who, scene);
    }
    if (const auto* person = std::get_if<PersonModel>(&model.of_kind)) {
        return make(model.name, *person, who != nullptr ? who : model.person.get(), scene);
    }
    return make(model.name, std::get<SolidModel>(model.of_kind), who, model.animal.get(), scene);
}

std::vector<Archetype> archetypes(const Catalogue& catalogue, StaticScene& scene) {
    std::vector<Archetype> all;
    for (const Model& model : catalogue.models) {
        all.push_back(archetype_of(model, scene));
    }
    return all;
}

void Weights::add(std::uint32_t index, double weight) {
    if (weight <= 0) return;
    up_to_.push_back({index, (up_to_.empty() ? 0.0 : up_to_.back().sum) + weight});
}

double Weights::of(std::uint32_t index) const {
    double before = 0, weight = 0;
    for (const Entry& entry : up_to_) {
        if (entry.index == index) weight += entry.sum - before;
        before = entry.sum;
    }
    return weight;
}

std::uint32_t Weights::pick(double draw) const {
    HM_CHECK(!up_to_.empty(), "nothing to draw from");
    for (const Entry& entry : up_to_) {
        // Sums of decimal weights, rounded to the decimals they would have on paper.
        constexpr double kDigits = 1e12;
        if (draw < std::round(entry.sum / up_to_.back().sum * kDigits) / kDigits) {
            return entry.index;
        }
    }
    return up_to_.back().index;
}

std::array<float, 3> Palette::pick(double which, double shade) const {
    Weights weights;
    for (std::uint32_t i = 0; i < colours.size(); ++i) weights.add(i, colours[i].weight);
    const auto factor = static_cast<float>(darkest + spread * shade);
    std::array<float, 3> colour = colours[weights.pick(which)].colour;
    for (float& x : colour) x = std::min(static_cast<float>(most), x * factor);
    return colour;
}

}  // namespace huntsman::scenarios::catalogue
