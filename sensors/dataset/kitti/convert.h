// From our frames and pixels to those of KITTI's object labels [Geiger et al. 2012, object
// development kit, readme.txt].
//
// KITTI's camera frame is ours. A pixel's centre has whole coordinates, and a box names the first
// and the last pixel. A thing stands at the centre of its lower face; rotation_y is the angle from
// the camera's x to the thing's ahead about y, which points down: 0 heads right, -π/2 ahead, and
// alpha is rotation_y less the direction in which the thing is seen. The scanner's frame is x
// ahead, y left.
#pragma once

#include <optional>
#include <string>

#include "sensors/labels/sample.h"

namespace huntsman::sensors::dataset::kitti {

struct Label {
    std::string type;
    double truncated = 0;
    int occluded = 0;  // 0 up to a tenth hidden, 1 up to a half, 2 more
    double alpha = 0;
    double left = 0, top = 0, right = 0, bottom = 0;
    double height = 0, width = 0, length = 0;
    engine::math::Vec3 p_C{0, 0, 0};
    double rotation_y = 0;
};

// "Car", "Van", "Truck", "Pedestrian", "Cyclist", "Person_sitting" (in a wheelchair); "Misc" for
// all others that have boxes; nullptr: none.
const char* type_of(engine::world::Semantic semantic);
engine::world::Semantic semantic_of_type(const std::string& type);

// Nothing for objects of which the camera sees no pixel. X_CW is of the labels' moment.
std::optional<Label> to_label(const labels::ObjectLabel& object,
                              const labels::ObjectInCamera& in_camera, int width, int height,
                              const engine::math::RigidTransform& X_CW);
// The pose of the box's centre and its size: roll and pitch against the camera are lost.
engine::math::RigidTransform pose_of(const Label& label);

std::string text_of(const Label& label);                      // one line without its end
std::optional<Label> label_of_text(const std::string& line);  // nothing where it is no label

// A point of L in the frame of velodyne files.
inline engine::math::Vec3 to_velodyne(const engine::math::Vec3& p_L) {
    return {p_L.y, -p_L.x, p_L.z};
}

}  // namespace huntsman::sensors::dataset::kitti
