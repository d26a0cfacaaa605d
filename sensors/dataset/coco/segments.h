// COCO's categories, and a picture's pixels by what they show.
#pragma once

#include <span>

#include "sensors/dataset/coco/runs.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::dataset::coco {

// Numbers and names of COCO where it has the class [Lin et al. 2014; Kirillov et al. 2019]; from
// 1001 on our own.
struct Category {
    int id;
    const char* name;
    const char* super;
    bool thing;
};
std::span<const Category> categories();  // "person" first
bool is_thing(int category);

// Pixels that show one thing, or all of one kind of stuff.
struct Segment {
    int category = 0;
    std::uint32_t word = 0;  // without part; stuff: without identity
    Runs runs;
    labels::PixelBox box;
    std::uint32_t area = 0;
};
// Segments in order of category and identity, so that numbers do not depend on where they appear.
std::vector<Segment> segments_of(const labels::CameraSample& camera);

}  // namespace huntsman::sensors::dataset::coco
