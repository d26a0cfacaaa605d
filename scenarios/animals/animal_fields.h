// Field lists of the files in assets/animals; see engine/core/describe.h.
#pragma once

#include "engine/core/describe.h"
#include "scenarios/animals/animal.h"

namespace huntsman::scenarios::animals {

using engine::core::About;
using engine::core::Of;

constexpr int value_count(Of<Surface>) { return kSurfaces; }
constexpr int value_count(Of<Matter>) { return kMatters; }
constexpr int value_count(Of<Pattern>) { return kPatterns; }

namespace about {
constexpr About place(const char* doc) {
    return {.low = -5, .high = 5, .doc = doc, .required = true};
}
constexpr About length(double high, const char* doc) {
    return {.low = 0, .high = high, .doc = doc};
}
constexpr About linear(const char* doc) { return {.low = 0, .high = 1, .doc = doc}; }
constexpr About needed(About about) {
    about.required = true;
    return about;
}
}  // namespace about

constexpr void describe(Of<Strand>, auto&& field) {
    using S = Strand;
    field("carriers", &S::carriers,
          {.doc = "joint of each stretch between stations, separated by spaces; the last goes on",
           .required = true});
    field("blend_m", &S::blend_m,
          about::needed(
              about::length(1, "within which it melts into what is before it in the list")));
    field("of", &S::of, {.doc = "`body`, or a surface by itself: `tail`, `antlers`"});
    field("stations_m", &S::stations,
          {.doc = "a list of x, y, z, radius and width over depth", .required = true});
}

constexpr void describe(Of<Mark>, auto&& field) {
    using M = Mark;
    field("colour", &M::colour, about::needed(about::linear("linear red, green, blue")));
    field("stations_m", &M::stations, {.doc = "the strand that it covers; without it, all"});
    field("edge_m", &M::edge_m, about::length(1, "half width of its border"));
    field("ragged_m", &M::ragged_m, about::length(1, "by how much the border wanders"));
    field("strength", &M::strength, {.low = 0, .high = 1, .doc = "how much of it is seen"});
    field("pattern", &M::pattern, {.doc = "`plain`, `patches` or `stripes` across x"});
    field("size_m", &M::size_m,
          {.low = 0.001, .high = 5, .doc = "of patches, or from stripe to stripe"});
    field("level", &M::level,
          {.low = -1, .high = 1, .doc = "of noise or wave, from which on patches or stripes show"});
    field("of", &M::of, {.doc = "the surface that it is on"});
    field("matter", &M::matter, {.doc = "`hair`, `skin`, `leather` (noses), `horn`"});
}

constexpr void describe(Of<Coat>, auto&& field) {
    field("colour", &Coat::colour, about::needed(about::linear("linear red, green, blue")));
    field("marks", &Coat::marks, {.doc = "a list, each over those before, see below"});
}

constexpr void describe(Of<Eye>, auto&& field) {
    field("at_m", &Eye::at_m, about::place("about its middle: it is brought onto the surface"));
    field("radius_m", &Eye::radius_m, about::needed(about::length(0.2, "of the ball")));
    field("colour", &Eye::colour, about::needed(about::linear("linear red, green, blue")));
    field("pupil", &Eye::pupil, about::linear("colour of the pupil, where it differs"));
}

constexpr void describe(Of<Ear>, auto&& field) {
    field("root_m", &Ear::root_m, about::place("middle of its root"));
    field("tip_m", &Ear::tip_m, about::place("its tip"));
    field("out", &Ear::out, about::place("direction of its hollow side"));
    field("width_m", &Ear::width_m, about::needed(about::length(1, "where it is widest")));
    field("pointed", &Ear::pointed, {.doc = "broadest at its root, not in the middle"});
    field("colour", &Ear::colour, about::linear("of its back, if not the coat's"));
    field("inner", &Ear::inner, about::linear("of its hollow side, if not darker than the back"));
}

constexpr void describe(Of<Joints>, auto&& field) {
    using J = Joints;
    field("pelvis", &J::pelvis, about::place("croup"));
    field("loin", &J::loin, about::place("where the back bends before it"));
    field("chest", &J::chest, about::place("where it bends behind the chest"));
    field("neck", &J::neck, about::place("where the neck begins"));
    field("neck_middle", &J::neck_middle, about::place("its middle"));
    field("head", &J::head, about::place("where the skull begins"));
    field("ear", &J::ear, about::place("root of the ear"));
    field("shoulder_blade", &J::shoulder_blade, about::place("top of the shoulder blade"));
    field("shoulder", &J::shoulder, about::place("point of the shoulder"));
    field("elbow", &J::elbow, about::place("elbow"));
    field("carpus", &J::carpus, about::place("wrist, a cow's \"knee\""));
    field("fetlock", &J::fetlock, about::place("where toes or pastern begin"));
    field("toe", &J::toe, about::place("tip of the toes, on the ground"));
    field("hip", &J::hip, about::place("hip"));
    field("stifle", &J::stifle, about::place("knee of the hind leg"));
    field("hock", &J::hock, about::place("heel of the hind leg"));
    field("hind_fetlock", &J::hind_fetlock, about::place("where its toes or pastern begin"));
    field("hind_toe", &J::hind_toe, about::place("tip of its toes, on the ground"));
    field("tail_1", &J::tail_1, about::place("where the tail begins"));
    field("tail_2", &J::tail_2, about::place("end of its first third"));
    field("tail_3", &J::tail_3, about::place("end of its second third"));
}

constexpr void describe(Of<Animal>, auto&& field) {
    using A = Animal;
    field("description", &A::description, {.doc = "what it is and where its measures come from"});
    field("like", &A::like,
          {.doc = "name of another file, from which it has all that this one lacks; `flesh` here "
                  "comes on top"});
    field("scale", &A::scale,
          {.low = 0.1, .high = 10, .doc = "of what comes from there, along x, y and z"});
    field("joints_m", &A::joints, {.doc = "an object, see below"});
    field("flesh", &A::flesh, {.doc = "a list of strands, see below"});
    field("eyes", &A::eyes, {.doc = "a list, see below"});
    field("ears", &A::ears, {.doc = "a list, see below"});
    field("coat", &A::coat, {.doc = "an object, see below"});
    field("cell_m", &A::cell_m,
          {.low = 0.001,
           .high = 0.05,
           .doc = "of the cells that the surface is found in; half of "
                  "that at head and feet"});
    field("triangles", &A::triangles,
          {.low = 50, .high = 20000, .doc = "of the levels of detail at most, finest first"});
}

}  // namespace huntsman::scenarios::animals
