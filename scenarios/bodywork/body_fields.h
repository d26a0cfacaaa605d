// Field list of `body` in the files of assets/models; see engine/core/describe.h.
#pragma once

#include "engine/core/describe.h"
#include "scenarios/bodywork/body.h"

namespace huntsman::scenarios::bodywork {

using engine::core::About;
using engine::core::Of;

constexpr int value_count(Of<Family>) { return kFamilies; }
constexpr int value_count(Of<Equipment>) { return kEquipments; }
constexpr int value_count(Of<Rim>) { return kRims; }

constexpr void describe(Of<BodyAxle>, auto&& field) {
    using A = BodyAxle;
    field("x_m", &A::x_m,
          {.low = -30,
           .high = 30,
           .doc = "from the middle of the axles that do not steer",
           .required = true});
    field("track_m", &A::track_m,
          {.low = 0,
           .high = 5,
           .doc = "between the wheels' middles; 0: a single wheel",
           .required = true});
    field("wheel_radius_m", &A::wheel_radius_m,
          {.low = 0.05, .high = 2, .doc = "of its wheels", .required = true});
    field(
        "tyre_width_m", &A::tyre_width_m,
        {.low = 0.01, .high = 1, .doc = "over both tyres where they are twins", .required = true});
    field("twin", &A::twin, {.doc = "two tyres on each side", .only_when_set = true});
}

constexpr void describe(Of<Body>, auto&& field) {
    using B = Body;
    field("family", &B::family, {.doc = "what it is, see below", .required = true});
    field("length_m", &B::length_m, {.low = 0.5, .high = 30, .doc = "overall", .required = true});
    field("width_m", &B::width_m,
          {.low = 0.3, .high = 4, .doc = "overall, without mirrors", .required = true});
    field("height_m", &B::height_m, {.low = 0.5, .high = 6, .doc = "overall", .required = true});
    field("front_overhang_m", &B::front_overhang_m,
          {.low = 0, .high = 5, .doc = "before the foremost axle", .required = true});
    field("sill_m", &B::sill_m, {.low = 0.05, .high = 2, .doc = "height of the body's lower edge"});
    field("axles", &B::axles, {.doc = "a list from the front, see below", .required = true});
    field("rim", &B::rim, {.doc = "of its wheels: `alloy`, `steel`, `trim`, `lorry`, `wire`"});
    field("equipment", &B::equipment,
          {.doc = "lights and marks: `none`, `ambulance`, `police`, `taxi`, `fire`"});
    field("estate", &B::estate,
          {.doc = "a saloon's roof goes on to its rear", .only_when_set = true});
    field(
        "livery", &B::livery,
        {.low = 0, .high = 1, .doc = "colour of the paint, linear, whatever the actor's tint is"});
    field("stripe", &B::stripe, {.low = 0, .high = 1, .doc = "colour of bands, linear"});
    field("cab_m", &B::cab_m, {.low = 0.5, .high = 5, .doc = "length of a lorry's cab"});
    field("roof_m", &B::roof_m,
          {.low = 0.3, .high = 6, .doc = "top of the body or cab, if not the vehicle's height"});
    field("floor_m", &B::floor_m,
          {.low = 0.2, .high = 2, .doc = "height of the load space's floor"});
}

}  // namespace huntsman::scenarios::bodywork
