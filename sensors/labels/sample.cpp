#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

const std::array<const char*, kKeypoints> kKeypointNames = {
    "nose",           "left_eye",   "right_eye",   "left_ear",   "right_ear",   "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
    "right_hip",      "left_knee",  "right_knee",  "left_ankle", "right_ankle"};

namespace {
// In a list that is sorted by id.
template <typename T>
const T* find_in(const std::vector<T>& sorted, ActorId id) {
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), id,
                                        [](const T& a, ActorId b) { return a.id < b; });
    return found != sorted.end() && found->id == id ? &*found : nullptr;
}
}  // namespace

const ObjectInCamera* CameraSample::find(ActorId id) const { return find_in(objects, id); }
const ObjectLabel* Sample::find(ActorId id) const { return find_in(objects, id); }

}  // namespace huntsman::sensors::labels
