// Field lists of the files in assets/actors; see engine/core/describe.h.
#pragma once

#include "engine/core/describe.h"
#include "engine/world/names.h"
#include "scenarios/catalogue/catalogue.h"

namespace huntsman::scenarios::catalogue {

using engine::core::About;
using engine::core::Of;

namespace about {

constexpr About length(double low_m, double high_m, const char* doc) {
    return {.low = low_m, .high = high_m, .doc = doc};
}
constexpr About needed(About about) {
    about.required = true;
    return about;
}
constexpr About along(const char* doc) {
    return {.low = -30, .high = 30, .doc = doc, .required = true};
}
constexpr About linear(const char* doc) { return {.low = 0, .high = 1, .doc = doc}; }

}  // namespace about

constexpr void describe(Of<Along>, auto&& field) {
    field("origin_m", &Along::origin_m, about::length(-30, 30, "from the origin"));
    field("front_m", &Along::front_m, about::length(-30, 30, "from the front end"));
    field("rear_m", &Along::rear_m, about::length(-30, 30, "from the rear end"));
}

constexpr void describe(Of<Axle>, auto&& field) {
    using about::length, about::needed;
    field("x_m", &Axle::x_m,
          needed(length(-30, 30, "from the middle of the axles that do not steer")));
    field("track_m", &Axle::track_m,
          needed(length(0, 5, "between the wheels' middles; 0: a single wheel")));
    field("wheel_radius_m", &Axle::wheel_radius_m, needed(length(0.05, 2, "under load")));
    field("tyre_width_m", &Axle::tyre_width_m, length(0.01, 1, "of each wheel"));
    field("rim_share", &Axle::rim_share,
          {.low = 0.2, .high = 0.97, .doc = "radius of the rim over the wheel's"});
    field("wire_spokes", &Axle::wire_spokes, {.doc = "thin spokes that one sees through"});
    field("steered", &Axle::steered, {.doc = "whether its wheels steer"});
    field("drive_share", &Axle::drive_share, engine::core::share("of the drive force"));
    field("brake_share", &Axle::brake_share, engine::core::share("of the brake force"));
}

constexpr void describe(Of<BodyModel>, auto&& field) {
    using B = BodyModel;
    using about::along, about::length, about::needed;
    field("rear", &B::rear, {.doc = "where the painted body begins, if not at the rear end"});
    field("sill_m", &B::sill_m, needed(length(0, 3, "lower edge")));
    field("nose_m", &B::nose_m, needed(length(0, 5, "height of the front end")));
    field("hood_m", &B::hood_m, needed(length(0, 5, "height of the bonnet")));
    field("belt_m", &B::belt_m, needed(length(0, 5, "height of the side windows' lower edge")));
    field("boot_m", &B::boot_m, needed(length(0, 5, "height of the boot")));
    field("tail_m", &B::tail_m, needed(length(0, 5, "height of the rear end")));
    field("screen_base", &B::screen_base, along("where the windscreen begins"));
    field("roof_front", &B::roof_front, along("where the roof begins"));
    field("roof_rear", &B::roof_rear, along("where the roof ends"));
    field("back_base", &B::back_base, along("where the rear window ends"));
    field("roof_m", &B::roof_m, length(0, 5, "height of the roof, if not the vehicle's"));
    field("roof_share", &B::roof_share,
          {.low = 0.1, .high = 1, .doc = "width of the roof over that of the body"});
    field("roof_band_m", &B::roof_band_m, length(0, 2, "painted edge above the side windows"));
    field("glass_from", &B::glass_from, along("where the side windows end"));
    field("glass_to", &B::glass_to, along("where the side windows begin"));
    field("pillars", &B::pillars, {.doc = "posts between side windows: a list of places"});
    field("lamp_m", &B::lamp_m, needed(length(0, 5, "height of the headlamps")));
    field("tail_lamp_m", &B::tail_lamp_m, needed(length(0, 5, "height of the tail lamps")));
    field("lamp_scale", &B::lamp_scale, {.low = 0.1, .high = 5, .doc = "size of the lamps"});
    field("mirror_above_belt_m", &B::mirror_above_belt_m, length(-1, 2, "middle of the mirrors"));
    field("mirror_half_height_m", &B::mirror_half_height_m, length(0.01, 1, "of the mirrors"));
    field("painted_mirrors", &B::painted_mirrors, {.doc = "in the colour of the body"});
    field("door_handles", &B::door_handles, {.doc = "behind each post"});
    field("rear_plate_m", &B::rear_plate_m,
          length(0, 5, "height of the plate, if not below the tail lamps"));
    field("load_space", &B::load_space,
          {.doc = "a box behind the cab, up to the vehicle's height"});
    field("livery", &B::livery, about::linear("colour of the paint whatever the actor's tint is"));
}

constexpr void describe(Of<Solid>, auto&& field) {
    using about::length, about::needed;
    constexpr double kFar_m = 30;
    field("shape", &Solid::shape,
          {.doc = "`box`, `tube` (flat ends), `limb` (round ends), `ball`, `pod` (a box with round "
                  "edges), `hood` (of a pram: closed at from_m's x, top at to_m's z)",
           .required = true});
    field("from_m", &Solid::from_m,
          needed(length(-kFar_m, kFar_m,
                        "x, y, z of a corner of the box, of the box around the "
                        "ball, or of the axis's beginning")));
    field("to_m", &Solid::to_m,
          needed(length(-kFar_m, kFar_m, "of the opposite corner, or of the axis's end")));
    field("radius_m", &Solid::radius_m, length(0.001, 5, "of a tube or limb where it begins"));
    field("end_radius_m", &Solid::end_radius_m, length(0.001, 5, "and where it ends"));
    field("finish", &Solid::finish,
          {.doc = "`paint` and `cloth` (in the actor's tint), `livery`, `matt`, `skin`, `metal`, "
                  "`plastic`, `rubber`, `glass`, `concrete`, `reflector`, `head_lamp`, "
                  "`tail_lamp`, `brake_lamp`, `turn_lamp`, `blue_lamp`"});
    field("colour", &Solid::colour, about::linear("linear red, green, blue"));
    field("mirrored", &Solid::mirrored, {.doc = "another one on the other side, at -y"});
}

constexpr void describe(Of<PartModel>, auto&& field) {
    field("mesh", &PartModel::mesh, {.doc = "one that the model makes", .required = true});
    field("wheel", &PartModel::wheel,
          {.low = 0, .high = 1000, .doc = "which wheel: axle by axle, left before right"});
    field("at", &PartModel::at, {.doc = "the joint of a person where it hangs"});
    field("swing", &PartModel::swing,
          {.low = -4, .high = 4, .doc = "share of the gait's angle; left arm and right leg 1"});
    field("at_m", &PartModel::at_m, about::length(-30, 30, "where solids hang: x, y, z"));
    field("solids", &PartModel::solids, {.doc = "a list, see below"});
}

constexpr void describe(Of<RiderModel>, auto&& field) {
    using R = RiderModel;
    using about::length, about::needed;
    constexpr double kFar_m = 10;
    field("who", &R::who,
          {.doc = "kinds of the cast, separated by spaces, such as `cyclist`", .required = true});
    field(
        "activity", &R::activity,
        {.doc = "`ride`, sitting or standing; `wheelchair`; on foot: `push`, beside it with a hand "
                "on grip and seat; `push_before`, both hands on a bar at the grip's y and -y; "
                "`pull`, the right hand at -y of the grip; `lead`, an animal"});
    field("seat_m", &R::seat_m,
          length(-kFar_m, kFar_m, "x, y, z of the seat's top below the hips; without: stands"));
    field("grip_m", &R::grip_m, length(-kFar_m, kFar_m, "x, y, z of the middle of the left grip"));
    field("sweep_rad", &R::sweep_rad,
          {.low = -1.6, .high = 1.6, .doc = "by how much grips point back from straight out"});
    field("circle_m", &R::circle_m,
          length(-kFar_m, kFar_m,
                 "middle of the circle of the left pedal, or of the left rim that hands push"));
    field("circle_radius_m", &R::circle_radius_m, length(0.02, 1, "of that circle"));
    field("foot_m", &R::foot_m,
          length(-kFar_m, kFar_m, "where the left foot rests, below the middle of its sole"));
    field("right_foot_m", &R::right_foot_m,
          length(-kFar_m, kFar_m, "the right one, if not at -y of the left one"));
    field("walks_m", &R::walks_m, length(-kFar_m, kFar_m, "where one on foot walks"));
    field("animal", &R::animal, {.doc = "name of a file in assets/animals that is led"});
    field("animal_m", &R::animal_m, length(-kFar_m, kFar_m, "where it goes"));
    field("animal_cycles", &R::animal_cycles,
          {.low = 1, .high = 8, .doc = "how many cycles of its gait one of the person's takes"});
}

constexpr void describe(Of<VehicleModel>, auto&& field) {
    using V = VehicleModel;
    using about::length, about::needed;
    field("description", &V::description, {.doc = "what it is and where its values come from"});
    field("class", &V::semantic, {.doc = "semantic class of its labels", .required = true});
    field("length_m", &V::length_m, needed(length(0.5, 30, "overall")));
    field("width_m", &V::width_m, needed(length(0.3, 4, "overall, without mirrors")));
    field("height_m", &V::height_m, needed(length(0.5, 6, "overall")));
    field("front_overhang_m", &V::front_overhang_m,
          needed(length(0, 5, "before the foremost axle")));
    field("mass_kg", &V::mass_kg, {.low = 50, .high = 1e5, .doc = "with load", .required = true});
    field("yaw_inertia_kg_m2", &V::yaw_inertia_kg_m2,
          {.low = 1, .high = 1e7, .doc = "about the centre of gravity; else that of a box"});
    field("centre_of_gravity_share", &V::centre_of_gravity_share,
          {.low = 0.05,
           .high = 0.95,
           .doc = "its distance from the origin over the wheelbase",
           .required = true});
    field("centre_of_gravity_m", &V::centre_of_gravity_m, needed(length(0.05, 4, "its height")));
    field("max_steer_rad", &V::max_steer_rad,
          {.low = 0.05, .high = 1.3, .doc = "of the road wheels"});
    field("max_steer_rate_rad_s", &V::max_steer_rate_rad_s,
          {.low = 0.05, .high = 5, .doc = "of the road wheels"});
    field("max_drive_force_n", &V::max_drive_force_n,
          {.low = 0, .high = 1e6, .doc = "all driven wheels together", .required = true});
    field("max_power_w", &V::max_power_w,
          {.low = 0, .high = 1e7, .doc = "of the engine", .required = true});
    field("max_brake_force_n", &V::max_brake_force_n,
          {.low = 0, .high = 1e7, .doc = "all wheels together", .required = true});
    field("drag_area_m2", &V::drag_area_m2,
          {.low = 0, .high = 20, .doc = "drag coefficient times frontal area", .required = true});
    field("rolling_resistance", &V::rolling_resistance,
          {.low = 0, .high = 0.1, .doc = "over the load", .required = true});
    field("axles", &V::axles, {.doc = "a list from the front to the rear", .required = true});
    field("model", &V::model,
          {.doc = "name of a file in assets/models that shows body and wheels, see models.md"});
    field("body", &V::body, {.doc = "an object, see below; for parts that show `body`"});
    field("rider", &V::rider, {.doc = "an object, see below; of two-wheelers"});
    field("parts", &V::parts, {.doc = "a list, see below", .required = true});
}

constexpr void describe(Of<Figure>, auto&& field) {
    using about::linear;
    const auto share = [](const char* doc) { return About{.low = 0.01, .high = 1.5, .doc = doc}; };
    field("hip", &Figure::hip, share("height of the hip joints"));
    field("shoulder", &Figure::shoulder, share("height of the shoulders"));
    field("head", &Figure::head, share("height of the head's middle"));
    field("head_radius", &Figure::head_radius, share("of the head"));
    field("shoulder_half", &Figure::shoulder_half, share("half width of the shoulders"));
    field("chest", &Figure::chest, share("half width of the chest"));
    field("waist", &Figure::waist, share("half width of the waist"));
    field("hips", &Figure::hips, share("half width of the hips"));
    field("limb", &Figure::limb, {.low = 0.2, .high = 3, .doc = "thickness of limbs"});
    field("lean", &Figure::lean, {.low = 0, .high = 0.3, .doc = "of the shoulders, forward"});
    field("long_hair", &Figure::long_hair, {.doc = "down to the shoulders"});
    field("hair", &Figure::hair, linear("colour, linear red, green, blue"));
    field("skin", &Figure::skin, linear("colour"));
    field("trousers", &Figure::trousers, linear("colour"));
    field("shoes", &Figure::shoes, linear("colour"));
}

constexpr void describe(Of<PersonModel>, auto&& field) {
    using P = PersonModel;
    using about::length, about::needed;
    field("description", &P::description, {.doc = "who it is and where its values come from"});
    field("class", &P::semantic, {.doc = "semantic class of its labels", .required = true});
    field("height_m", &P::height_m, needed(length(0.5, 2.5, "of the body")));
    field("radius_m", &P::radius_m, needed(length(0.05, 1, "of the cylinder it takes")));
    field("walk_speed_mps", &P::walk_speed_mps,
          {.low = 0.1, .high = 5, .doc = "mean of its kind in free walking", .required = true});
    field("model", &P::model,
          {.doc = "a person of `assets/models` ([models.md](models.md#people))"});
    field("figure", &P::figure, {.doc = "proportions over the height: an object, see below"});
    field("parts", &P::parts, {.doc = "a list, see below; without a model"});
}

constexpr void describe(Of<SolidModel>, auto&& field) {
    using S = SolidModel;
    using about::length, about::needed;
    field("description", &S::description, {.doc = "what it is and where its values come from"});
    field("class", &S::semantic, {.doc = "semantic class of its labels", .required = true});
    field("length_m", &S::length_m, needed(length(0.02, 30, "overall")));
    field("width_m", &S::width_m, needed(length(0.02, 30, "overall")));
    field("height_m", &S::height_m, needed(length(0.02, 10, "overall")));
    field("walk_speed_mps", &S::walk_speed_mps,
          {.low = 0.1, .high = 10, .doc = "at which legs swing as far as people's do"});
    field("radius_m", &S::radius_m,
          length(0.05, 1, "of the cylinder it takes on the way; else half the smaller side"));
    field("axles", &S::axles,
          {.doc = "of wheelchairs, prams, suitcases: a list from the front to the rear"});
    field(
        "rider", &S::rider,
        {.doc = "an object, see below; of wheelchairs, and of people with prams, suitcases, dogs"});
    field("animal", &S::animal,
          {.doc = "name of a file in assets/animals that shows it, see animals.md"});
    field("parts", &S::parts, {.doc = "else a list, see below"});
}

constexpr void describe(Of<Palette::Shade>, auto&& field) {
    field("weight", &Palette::Shade::weight,
          {.low = 0, .high = 1e6, .doc = "how often, over the sum of all", .required = true});
    field("colour", &Palette::Shade::colour,
          about::needed(about::linear("linear red, green, blue")));
}
constexpr void describe(Of<Palette>, auto&& field) {
    field("darkest", &Palette::darkest,
          {.low = 0, .high = 2, .doc = "factor of a colour's darkest shade"});
    field("spread", &Palette::spread,
          {.low = 0, .high = 2, .doc = "how much more its lightest shade has"});
    field("most", &Palette::most, {.low = 0, .high = 1, .doc = "what no channel exceeds"});
    field("colours", &Palette::colours, {.doc = "a list", .required = true});
}

}  // namespace huntsman::scenarios::catalogue
