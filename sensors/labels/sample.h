// A sample: everything that is known of one moment, as dataset writers, the audit and the inspector
// take it.
//
// Images are rows from the top, height × width × channels, no padding. Pixel coordinates have the
// centre of the first pixel at (0.5, 0.5); writers whose format has it at (0, 0) convert with
// `first_pixel_at_zero`. Metres, seconds, radians; frames in monogram form.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/image.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::sensors::labels {

using engine::math::RigidTransform;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::ActorId;

constexpr Vec2 first_pixel_at_zero(const Vec2& pixel) { return {pixel.x - 0.5, pixel.y - 0.5}; }

// Columns [x0, x1) and rows [y0, y1) of a picture.
struct PixelBox {
    int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    bool empty() const { return x0 >= x1 || y0 >= y1; }
    int width() const { return x1 - x0; }
    int height() const { return y1 - y0; }
    bool operator==(const PixelBox&) const = default;
};

// The 17 points of COCO: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; left
// before right.
constexpr std::size_t kKeypoints = 17;
extern const std::array<const char*, kKeypoints> kKeypointNames;
enum class Seen : std::uint8_t { kOutside = 0, kHidden = 1, kVisible = 2 };  // COCO's numbers
struct Keypoint {
    Vec2 pixel{0, 0};
    Vec3 p_C{0, 0, 0};
    Seen seen = Seen::kOutside;
};

// An object as one camera has it. An object is listed when its silhouette, drawn alone, covers at
// least one pixel of the picture.
struct ObjectInCamera {
    ActorId id = engine::world::kNoActor;
    PixelBox visible;  // of the pixels that show it; empty when none does
    PixelBox amodal;   // of the whole silhouette, which may reach beyond the picture
    std::uint32_t visible_px = 0;
    std::uint32_t amodal_px = 0;         // of the silhouette, up to one picture beyond each border
    std::uint32_t amodal_inside_px = 0;  // of those, within the picture
    // Share of the silhouette's pixels within the picture that something else hides.
    double occlusion() const {
        return 1.0 - static_cast<double>(visible_px) / std::max(1U, amodal_inside_px);
    }
    // Share of the silhouette's pixels that lie outside of the picture.
    double truncation() const {
        return 1.0 - static_cast<double>(amodal_inside_px) / std::max(1U, amodal_px);
    }
    bool has_keypoints = false;  // people
    std::array<Keypoint, kKeypoints> keypoints;
};

struct CameraSample {
    engine::world::Camera camera;    // as it truly is
    engine::world::Camera stated;    // as its data file says
    std::int64_t time_us = 0;        // of the middle line's exposure
    RigidTransform X_WC;             // true, at time_us
    engine::core::Image image;       // RGB as the sensor developed it
    std::vector<std::uint16_t> raw;  // colour filter mosaic, empty unless asked
    std::vector<float> linear;       // RGB before the sensor [kcd/m²], empty unless asked
    // Labels, each height × width, each pixel of the moment at which its line was exposed.
    std::vector<std::uint32_t> ids;  // words of engine/world/ids.h
    std::vector<float> depth_m;      // along C's z for pinholes, else along the ray; infinite: sky
    std::vector<float> normals_C;    // × 3, unit, in C; zero for sky
    // × 2: where the point that a pixel shows is in this camera's next (former) picture, minus the
    // pixel. NaN where it is not seen there: outside, hidden, or there is no such picture.
    std::vector<float> flow_next, flow_previous;
    std::vector<ObjectInCamera> objects;  // sorted by id
    const ObjectInCamera* find(ActorId id) const;
};

// What an agent believes of another road user. All of it may be false, but for `id` and `error_m`.
struct BeliefLabel {
    ActorId id = engine::world::kNoActor;  // whom it is about
    double exists = 1;                     // believed probability that it is still there
    Vec3 p_W{0, 0, 0};        // of its body's origin: the rear axle's centre, or the person [m]
    Vec2 v_W{0, 0};           // [m/s]
    double yaw_rad = 0;       // its heading
    double place_sd_m = 0;    // of each axis
    double speed_sd_mps = 0;  // of each axis
    double unseen_s = 0;      // since it was last seen
    // True: how far on the ground the believed place is from the true one; nothing where there is
    // no such road user any more.
    std::optional<double> error_m;
};

// What an agent believes of the mind of the ego's driver.
struct EgoMindLabel {
    double has_seen_me = 0;  // probability that the ego has seen it
    engine::world::Goal goal = engine::world::Goal::kStraight;  // the likeliest, by its motion
    double goal_probability = 0;
};

// The mind of an agent. What it plans, where it looks and what it can see are true of it; what it
// believes of others may be false and is apart.
struct MindLabel {
    std::string profile;  // who it is, of assets/minds; empty: nobody in particular
    engine::world::Intention intention = engine::world::Intention::kFollow;
    // While it decides between going and giving way: with which probability it goes, see
    // `goes_probability`. Nothing while it does not.
    std::optional<double> goes;
    Vec3 gaze_W{1, 0, 0};       // unit vector of looking
    bool looks_away = false;    // down from there, at a telephone and the like
    std::vector<ActorId> seen;  // whom it has in its field of view now and nothing hides, sorted
    ActorId yields_to = engine::world::kNoActor;  // whom it follows or waits for
    double wanted_speed_mps = 0;
    double waited_s = 0;
    engine::world::Gesture gesture = engine::world::Gesture::kNothing;
    ActorId gesture_to = engine::world::kNoActor;  // whom that is meant for

    bool has_seen_ego = false;                      // it knows of the ego: there is such a belief
    std::optional<BeliefLabel> believed_ego;        // the ego's origin is that of B
    std::optional<EgoMindLabel> believed_ego_mind;  // where it thinks about it
    // Its beliefs about others that are off by more than kWrong_m, have been without a look for
    // more than kStale_s, or are about somebody who is not there any more; sorted by id.
    std::vector<BeliefLabel> wrong_beliefs;
};
constexpr double kWrong_m = 2, kStale_s = 1;

// A road user or parked vehicle.
struct ObjectLabel {
    ActorId id = engine::world::kNoActor;
    engine::world::Semantic semantic = engine::world::Semantic::kNothing;
    std::string kind;      // the archetype's name
    RigidTransform X_WO;   // O: centre of the box, x forward, y left, z up
    Vec3 size_m{0, 0, 0};  // length, width, height: the posed mesh fits tightly
    Vec3 v_W{0, 0, 0};     // of the body's point that is at the centre [m/s]
    Vec3 w_W{0, 0, 0};     // [rad/s]
    bool parked = false;
    double distance_m = 0;                        // on the ground, from the ego's B
    std::uint32_t visible_px = 0, amodal_px = 0;  // in all cameras; the latter within pictures
    std::uint32_t lidar_points = 0;
    bool has_mind = false;
    MindLabel mind;
};

struct SignalLabel {
    std::uint32_t head = 0;  // index into RoadNetwork::signal_heads
    ActorId object = engine::world::kNoActor;
    Vec3 p_W{0, 0, 0};       // centre of the housing
    double heading_rad = 0;  // to which its lamps shine
    double width_m = 0, height_m = 0;
    bool for_pedestrians = false;
    engine::world::Aspect aspect = engine::world::Aspect::kOff;
    std::vector<engine::world::LaneId> governs;
};
struct SignLabel {
    ActorId object = engine::world::kNoActor;
    Vec3 p_W{0, 0, 0};
    double heading_rad = 0;  // to which it faces
    std::string type;        // as the road model says, such as "205"
    std::string meaning;     // "yield", "speed limit 50", ...
};
struct LaneLabel {
    engine::world::LaneId lane = engine::world::kNone;
    engine::world::LaneKind kind = engine::world::LaneKind::kDriving;
    bool in_junction = false;
    engine::world::Turn turn = engine::world::Turn::kStraight;
    double speed_limit_mps = 0;
    std::vector<Vec3> centre_W, left_W, right_W;  // same number of points, along the lane
    std::string left_mark, right_mark;            // "solid", "broken", ..., "none"
    std::vector<engine::world::LaneId> successors, predecessors;
    engine::world::LaneId left = engine::world::kNone, right = engine::world::kNone;
};
struct MarkLabel {
    std::string type;             // "stop_line", "crosswalk", "arrow", ...
    std::vector<Vec3> outline_W;  // polygon
};

// Seen from above, in the ego's body frame B: square of `cells`² cells, row 0 at the far left
// corner's x, as a picture that shows ahead at the top: cell (row, column) has its centre at
// x = (cells / 2 - row - 0.5) cell_m, y = (cells / 2 - column - 0.5) cell_m.
struct BirdsEye {
    double cell_m = 0.5;
    int cells = 200;
    std::vector<std::uint8_t> drivable;       // 1 where vehicles may drive, by the map
    std::vector<std::uint8_t> occupied;       // 1 where something stands, whether seen or not
    std::vector<std::uint8_t> seen;           // 1 where a camera sees ground or what stands there
    std::vector<std::uint8_t> seen_occupied;  // 1 where a camera sees what stands there
    // Distance to the first occupied cell in each direction, counter-clockwise from ahead, from B;
    // the edge of the grid where there is none.
    std::vector<float> free_m;
};

struct LidarPoint {
    float x = 0, y = 0, z = 0;  // in the lidar's frame L at the sweep's end: x right, y forward
    float intensity = 0;        // 0..255
    std::uint8_t ring = 0;
    std::uint32_t id = 0;  // word of engine/world/ids.h
};
struct LidarSweep {
    RigidTransform X_BL;
    std::vector<LidarPoint> points;
};

struct EgoMotion {
    RigidTransform X_WB;
    Vec3 v_B{0, 0, 0}, w_B{0, 0, 0}, a_B{0, 0, 0};
    double steer_rad = 0;
};

struct Sample {
    std::string scene;         // name of the scene it belongs to
    std::uint64_t frame = 0;   // within the scene
    std::int64_t time_us = 0;  // of the state all cameras of this sample were taken from
    std::uint64_t state_hash = 0;
    engine::world::Environment environment;
    EgoMotion ego;
    std::vector<CameraSample> cameras;  // that were due, in the rig's order
    std::vector<ObjectLabel> objects;   // sorted by id
    double box_range_m = 100;           // up to which distance objects are labelled
    std::vector<SignalLabel> signals;
    std::vector<SignLabel> signs;
    std::vector<LaneLabel> lanes;
    std::vector<MarkLabel> marks;
    BirdsEye birds_eye;
    LidarSweep lidar;  // empty unless asked
    const ObjectLabel* find(ActorId id) const;
};

}  // namespace huntsman::sensors::labels
