// Field lists of the files in assets/models; see engine/core/describe.h.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/core/describe.h"
#include "engine/core/json_file.h"
#include "engine/world/names.h"
#include "scenarios/bodywork/body_fields.h"
#include "scenarios/models/description.h"

namespace huntsman::scenarios::models {

using engine::core::About;
using engine::core::Of;

constexpr int value_count(Of<Kind>) { return kKinds; }
constexpr int value_count(Of<Axis>) { return 6; }
constexpr int value_count(Of<Side>) { return 5; }

constexpr void describe(Of<Source>, auto&& field) {
    using S = Source;
    field("file", &S::file,
          {.doc = "the model, relative to the description's folder", .only_when_set = true});
    field("archive", &S::archive, {.doc = "or a zip archive that holds it", .only_when_set = true});
    field("member", &S::member, {.doc = "its name in the archive", .only_when_set = true});
    field("entry", &S::entry,
          {.low = 0,
           .high = 100000,
           .doc = "or its number in the archive's list of furniture (`model#N`)"});
    field("package", &S::package,
          {.doc = "the Debian package to install when it is missing", .only_when_set = true});
    field("author", &S::author, {.doc = "who made the model", .only_when_set = true});
    field("licence", &S::licence, {.doc = "and its licence", .only_when_set = true});
    field("origin", &S::origin, {.doc = "the collection it is of", .only_when_set = true});
}

// As a list of numbers, two for each corner.
void read_json(const engine::core::JsonNode& node, const char* key, Outline& outline);
void write_json(nlohmann::ordered_json& json, const char* key, const Outline& outline);

constexpr About place(const char* doc) { return {.low = -100, .high = 100, .doc = doc}; }

constexpr void describe(Of<Rule>, auto&& field) {
    using R = Rule;
    field("is", &R::is, {.doc = "what the faces are, see below", .required = true});
    field("material", &R::material, {.doc = "of this material; `*` at either end is anything"});
    field("object", &R::object, {.doc = "of this object or group; likewise"});
    field("piece", &R::piece,
          {.low = 0, .high = 1e6, .doc = "the piece of this number, by falling area, of these"});
    field("box_m", &R::box_m,
          place("pieces in this box: x, y, z of one corner, then of the opposite one"));
    field(
        "cut", &R::cut,
        {.doc = "what lies in the box of faces that are cut at its sides", .only_when_set = true});
    field("twin", &R::twin, {.doc = "also in the box's mirror image at -y", .only_when_set = true});
    field("colour", &R::colour,
          {.low = 0, .high = 1, .doc = "linear red, green, blue, if not the material's"});
    field("textured", &R::textured, {.doc = "in the colours of the material's texture"});
    field("picture", &R::picture,
          {.doc = "shows that texture itself, see below", .only_when_set = true});
}

constexpr void describe(Of<Patch>, auto&& field) {
    using P = Patch;
    field("is", &P::is, {.doc = "what it is, see below", .required = true});
    field("side", &P::side,
          {.doc = "from where it is laid on: `front`, `rear`, `left`, `right`, `top`",
           .required = true});
    field("at_m", &P::at_m,
          place("its middle: y, z from front and rear; x, z from the sides; x, y from above"));
    field("size_m", &P::size_m, {.low = 0.005, .high = 5, .doc = "width and height"});
    field("outline_m", &P::outline_m,
          place("or its corners, as a list of such places one after the other"));
    field("corner_m", &P::corner_m,
          {.low = 0, .high = 1, .doc = "radius of its corners; else a part of its size"});
    field("round", &P::round, {.doc = "an ellipse", .only_when_set = true});
    field("twin", &P::twin, {.doc = "another one at -y", .only_when_set = true});
    field("raise_m", &P::raise_m, {.low = 0, .high = 0.2, .doc = "above the surface"});
    field("rim_m", &P::rim_m,
          {.low = 0, .high = 0.1, .doc = "width of the dark rim that closes the gap below it"});
    field("colour", &P::colour, {.low = 0, .high = 1, .doc = "linear, if not that of its kind"});
}

constexpr void describe(Of<JointRule>, auto&& field) {
    field("joint", &JointRule::joint,
          {.doc = "of the program's skeleton, see below", .required = true});
    field("node", &JointRule::node, {.doc = "of the file", .required = true});
}

constexpr void describe(Of<Budgets>, auto&& field) {
    field("body", &Budgets::body,
          {.low = 10, .high = 200000, .doc = "triangles of the body, for each level of detail"});
    field("wheel", &Budgets::wheel, {.low = 4, .high = 20000, .doc = "of each wheel"});
}

constexpr void describe(Of<Description>, auto&& field) {
    using D = Description;
    About no_file;
    no_file.in_files = false;
    field("name", &D::name, no_file);
    field("folder", &D::folder, no_file);
    field("description", &D::description, {.doc = "what it is"});
    field("class", &D::semantic, {.doc = "semantic class of its labels", .required = true});
    field("source", &D::source, {.doc = "an object, see below"});
    field("body", &D::body, {.doc = "or a vehicle made of numbers: an object, see below"});
    field("forward", &D::forward,
          {.doc = "axis of the file that points ahead: `x`, `-x`, `y`, ..."});
    field("up", &D::up, {.doc = "axis of the file that points up"});
    field("unit_m", &D::unit_m, {.low = 1e-6, .high = 1000, .doc = "length of the file's unit"});
    field("length_m", &D::length_m, {.low = 0.1, .high = 40, .doc = "or the length to scale to"});
    field("height_m", &D::height_m,
          {.low = 0.5, .high = 2.5, .doc = "of people: or the height to scale to"});
    field("crease_deg", &D::crease_deg,
          {.low = 0, .high = 180, .doc = "faces that meet at less look smooth"});
    field("steered_axles", &D::steered_axles,
          {.low = 0, .high = 8, .doc = "how many axles steer, from the front"});
    field("parts", &D::parts, {.doc = "a list, see below; with a source"});
    field("patches", &D::patches, {.doc = "a list, see below"});
    field("eye_m", &D::eye_m, place("the driver's eye: x, y, z"));
    field("has_mirrors", &D::has_mirrors,
          {.doc = "that the width does not count; of cars, vans, lorries and buses"});
    field("joints", &D::joints, {.doc = "of people: a list, see below"});
    field("budgets", &D::budgets, {.doc = "an object, see below"});
}

}  // namespace huntsman::scenarios::models
