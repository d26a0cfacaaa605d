// Labels that check themselves: each rule compares two that were made in different ways.
#pragma once

#include <string>
#include <vector>

#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

struct Violation {
    std::string rule;    // one of the names below
    std::string camera;  // empty where the rule is about the whole sample
    std::string what;    // one sentence with the numbers
};

// Checks what the sample holds; parts that are empty are not asked for. `next`, if given, is the
// sample after it in the same scene. Rules, and how near is near enough:
//   shapes       buffers have height × width entries; numbers are finite where they must be
//   one_state    all cameras have the sample's time, and their poses are the ego's times mounting
//   visible_mask an object's visible pixels and box are those of the id buffer, pixel for pixel
//   identity     whatever vehicle or person shows in the id buffer within range has a label of its
//                class
//   amodal       the visible box lies in the amodal box; visible <= amodal <= all pixels
//   extent       boxes have positive size
//   inside_box   points of visible pixels lie in the object's 3D box, within 5 cm and 0.5 % of
//                their depth, but for one in a hundred and one more
//   box_to_mask  the silhouette lies in the projected 3D box (2 px), and fills a fifth of it where
//                that has ten pixels a side
//   key_points   visible ones lie in the picture and in the amodal box (2 px)
//   normals      unit length (1e-3)
//   flow         what stands moves as its depth and the camera's motion say (0.1 px + 0.5 %); what
//                is seen in both pictures flows back to where it came from (1.5 px)
//   birds_eye    what is seen to stand there does stand there
//   signals      lanes that a signal governs are listed, where lanes are
//   lidar        points are finite; those of vehicles and people have a label of their id and class
//                within range; each object counts as many points as hit it
//   minds        probabilities lie in 0..1; nobody sees itself; whom an agent sees or believes in
//                is listed within range, or gone; errors of beliefs are distances to what is true
//                (1 mm for the ego, half their diagonal for others, whose box's centre is listed)
//   order        ids are sorted and unique; sums over cameras agree
std::vector<Violation> audit(const Sample& sample, const Sample* next = nullptr);

// Objects that the rules were applied to: pairs of an object and a camera that has it, or the
// sample's objects where cameras list none.
std::size_t audited_objects(const Sample& sample);

}  // namespace huntsman::sensors::labels
