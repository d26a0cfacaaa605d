#include "tests/support/box_scene.h"

#include <cmath>
#include <limits>

#include "sensors/lens/lens.h"

namespace huntsman::tests::support {

using engine::math::kPi;
using engine::math::RigidTransform;
using engine::math::upright;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::ActorId;
using engine::world::Semantic;
using sensors::labels::CameraSample;
using sensors::labels::Sample;
namespace world = engine::world;
namespace labels = sensors::labels;
namespace lens = sensors::lens;

namespace {

constexpr double kStep_s = 0.1, kEgo_mps = 6, kRoadHalf_m = 7;
constexpr float kInfinite = std::numeric_limits<float>::infinity();
constexpr float kNowhere = std::numeric_limits<float>::quiet_NaN();

struct Box {
    ActorId id;
    Semantic semantic;
    const char* kind;
    Vec3 start, size;  // centre on the ground; length, width, height
    double yaw_rad, speed_mps;
    bool parked;
};
const Box kBoxes[] = {
    {2, Semantic::kCar, "hatchback", {14, 0, 0}, {4.2, 1.8, 1.5}, 0, 8, false},
    {3, Semantic::kVan, "van", {40, 3.5, 0}, {5.2, 2.0, 2.3}, kPi, 7, false},
    {4, Semantic::kBus, "bus", {45, -3.5, 0}, {12, 2.5, 3.0}, 0, 0, false},
    {5, Semantic::kTruck, "truck", {30, 7.0, 0}, {8, 2.5, 3.2}, 0.1, 3, false},
    {6, Semantic::kMotorcycle, "motorcycle", {12, 3.4, 0}, {2.1, 0.8, 1.7}, 0, 6, false},
    {7, Semantic::kBicycle, "bicycle", {9, -3.0, 0}, {1.8, 0.6, 1.75}, 0, 4, false},
    {8, Semantic::kPedestrian, "adult", {18, -6.5, 0}, {0.5, 0.6, 1.8}, 0.5 * kPi, 1.3, false},
    {9, Semantic::kPedestrian, "child", {10, 6.5, 0}, {0.4, 0.4, 1.2}, 0, 0, false},
    {10, Semantic::kScooter, "scooter", {18, -1.9, 0}, {1.2, 0.55, 1.85}, 0, 4, false},
    {11, Semantic::kTrailer, "trailer", {25, -5.2, 0}, {4.0, 1.8, 1.6}, 0, 0, false},
    {12, Semantic::kWheelchair, "wheelchair", {21, 5.2, 0}, {1.1, 0.6, 1.35}, 0, 0.8, false},
    {13, Semantic::kAnimal, "dog", {16, 5.6, 0}, {1.2, 0.3, 0.75}, 0, 0, false},
    {14, Semantic::kMovable, "boxes", {20.4, 2.1, 0}, {0.9, 0.6, 0.75}, 0, 0, false},
    {15, Semantic::kMovable, "cone", {12, -4.2, 0}, {0.4, 0.4, 0.7}, 0, 0, false},
    {16, Semantic::kCar, "police_car", {28, -2.0, 0}, {4.5, 1.7, 1.55}, 0, 5, false},
    {17, Semantic::kVan, "ambulance", {34, 0.5, 0}, {5.4, 2.0, 2.6}, 0, 5, false},
    {10000, Semantic::kCar, "estate", {14, -5.6, 0}, {4.6, 1.8, 1.5}, 0, 0, true},
};

struct Posed {
    const Box* box;
    RigidTransform X_WO;  // of the box's centre
    Vec3 v_W;
};
std::vector<Posed> posed(double time_s) {
    std::vector<Posed> all;
    for (const Box& b : kBoxes) {
        const Vec3 v(b.speed_mps * std::cos(b.yaw_rad), b.speed_mps * std::sin(b.yaw_rad), 0);
        all.push_back(
            {&b, upright(b.start + v * time_s + Vec3(0, 0, 0.5 * b.size.z), b.yaw_rad), v});
    }
    return all;
}
RigidTransform ego_pose(double time_s) { return upright({kEgo_mps * time_s, 0, 0}, 0); }

struct Hit {
    double distance = std::numeric_limits<double>::infinity();
    const Posed* box = nullptr;
    Vec3 normal_W{0, 0, 1};
};
// Slabs [Kay and Kajiya 1986].
void cast_box(const Posed& p, const Vec3& origin, const Vec3& direction, Hit& hit) {
    const RigidTransform X_OW = p.X_WO.inverse();
    const Vec3 o = X_OW * origin, d = X_OW.rotate(direction), half = 0.5 * p.box->size;
    double from = 1e-6, to = hit.distance;
    Vec3 normal(0, 0, 0);
    for (int axis = 0; axis < 3; ++axis) {
        if (std::abs(d[axis]) < 1e-12) {
            if (std::abs(o[axis]) > half[axis]) return;
            continue;
        }
        const double side = d[axis] > 0 ? -1 : 1;
        const double near = (side * half[axis] - o[axis]) / d[axis];
        const double far = (-side * half[axis] - o[axis]) / d[axis];
        if (near > from) {
            from = near;
            normal = Vec3(0, 0, 0);
            normal[axis] = side;
        }
        to = std::min(to, far);
    }
    if (from >= to) return;
    hit = {from, &p, p.X_WO.rotate(normal)};
}
Hit cast(const std::vector<Posed>& boxes, const Vec3& origin, const Vec3& direction) {
    Hit hit;
    if (direction.z < 0) hit.distance = -origin.z / direction.z;
    for (const Posed& p : boxes) cast_box(p, origin, direction, hit);
    return hit;
}

std::uint32_t word_of(const Hit& hit, const Vec3& p_W) {
    if (hit.box != nullptr) return world::id_word(hit.box->box->semantic, hit.box->box->id);
    if (!std::isfinite(hit.distance)) return world::id_word(Semantic::kSky, 0);
    return world::id_word(std::abs(p_W.y) < kRoadHalf_m ? Semantic::kRoad : Semantic::kTerrain, 0);
}

void grow(labels::PixelBox& box, int x, int y) {
    if (box.empty()) {
        box = {x, y, x + 1, y + 1};
        return;
    }
    box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, x + 1),
           std::max(box.y1, y + 1)};
}

// Where a point of the scene is in the picture `step_s` later.
Vec2 flow_of(const CameraSample& c, const Vec3& p_W, const Vec3& v_W, const Vec2& pixel,
             double step_s) {
    const RigidTransform X_moved{c.X_WC.q, c.X_WC.p + Vec3(kEgo_mps * step_s, 0, 0)};
    Vec2 there;
    const bool inside =
        lens::project(c.camera.lens, X_moved.inverse() * (p_W + v_W * step_s), there) &&
        there.x >= 0 && there.y >= 0 && there.x < c.camera.width && there.y < c.camera.height;
    return inside ? there - pixel : Vec2(kNowhere, kNowhere);
}

void add_object(CameraSample& c, const Posed& p) {
    labels::ObjectInCamera o{.id = p.box->id};
    const int w = c.camera.width, h = c.camera.height;
    for (int y = -h; y < 2 * h; ++y) {
        for (int x = -w; x < 2 * w; ++x) {
            Vec3 ray;
            if (!lens::unproject(c.camera.lens, {x + 0.5, y + 0.5}, ray)) continue;
            Hit hit;
            cast_box(p, c.X_WC.p, c.X_WC.rotate(ray), hit);
            if (hit.box == nullptr) continue;
            ++o.amodal_px;
            grow(o.amodal, x, y);
            if (x < 0 || y < 0 || x >= w || y >= h) continue;
            ++o.amodal_inside_px;
            if (world::actor_of(c.ids[static_cast<std::size_t>(y * w + x)]) != p.box->id) continue;
            ++o.visible_px;
            grow(o.visible, x, y);
        }
    }
    if (o.amodal_inside_px == 0) return;
    if (p.box->semantic == Semantic::kPedestrian) {
        o.has_keypoints = true;
        for (std::size_t k = 0; k < labels::kKeypoints; ++k) {
            // From the head down, left and right of the middle.
            const double down = static_cast<double>(k) / labels::kKeypoints;
            const Vec3 p_O(0, (k % 2 == 0 ? -0.3 : 0.3) * p.box->size.y,
                           (0.48 - 0.95 * down) * p.box->size.z);
            labels::Keypoint& point = o.keypoints[k];
            point.p_C = c.X_WC.inverse() * (p.X_WO * p_O);
            if (!lens::project(c.camera.lens, point.p_C, point.pixel)) continue;
            const int x = static_cast<int>(std::floor(point.pixel.x));
            const int y = static_cast<int>(std::floor(point.pixel.y));
            if (x < 0 || y < 0 || x >= w || y >= h) continue;
            const ActorId seen = world::actor_of(c.ids[static_cast<std::size_t>(y * w + x)]);
            point.seen = seen == p.box->id ? labels::Seen::kVisible : labels::Seen::kHidden;
        }
    }
    c.objects.push_back(o);
}

CameraSample take(const world::Camera& camera, const std::vector<Posed>& boxes, Sample& sample) {
    CameraSample c{.camera = camera, .stated = camera, .time_us = sample.time_us};
    c.X_WC = sample.ego.X_WB * camera.X_BC;
    c.image = {.width = camera.width, .height = camera.height, .channels = 3};
    for (int y = 0; y < camera.height; ++y) {
        for (int x = 0; x < camera.width; ++x) {
            const Vec2 pixel(x + 0.5, y + 0.5);
            Vec3 ray;
            lens::unproject(camera.lens, pixel, ray);
            const Hit hit = cast(boxes, c.X_WC.p, c.X_WC.rotate(ray));
            const Vec3 p_W = c.X_WC.p + c.X_WC.rotate(ray) * hit.distance;
            const std::uint32_t word = word_of(hit, p_W);
            const bool sky = !std::isfinite(hit.distance);
            c.ids.push_back(word);
            c.depth_m.push_back(sky ? kInfinite : static_cast<float>(ray.z * hit.distance));
            const Vec3 n = sky ? Vec3(0, 0, 0) : c.X_WC.inverse().rotate(hit.normal_W);
            for (int i = 0; i < 3; ++i) c.normals_C.push_back(static_cast<float>(n[i]));
            const Vec3 v = hit.box != nullptr ? hit.box->v_W : Vec3(0, 0, 0);
            const Vec2 none(kNowhere, kNowhere);
            const Vec2 next = sky ? none : flow_of(c, p_W, v, pixel, kStep_s);
            const Vec2 previous = sky ? none : flow_of(c, p_W, v, pixel, -kStep_s);
            for (int i = 0; i < 2; ++i) {
                c.flow_next.push_back(static_cast<float>(next[i]));
                c.flow_previous.push_back(static_cast<float>(previous[i]));
            }
            for (unsigned i = 0; i < 3; ++i) {
                const auto shade = static_cast<unsigned>(60.0 + 80.0 * std::abs(n.z) +
                                                         10.0 * (world::actor_of(word) % 10U));
                c.image.pixels.push_back(static_cast<std::uint8_t>(shade + 20 * i));
            }
        }
    }
    for (const Posed& p : boxes) add_object(c, p);
    return c;
}

labels::LidarSweep sweep(const std::vector<Posed>& boxes, const RigidTransform& X_WB) {
    // L: x right, y forward, z up.
    labels::LidarSweep s{.X_BL = {engine::math::yaw_rotation(-0.5 * kPi), {0.9, 0, 1.84}}};
    const RigidTransform X_WL = X_WB * s.X_BL;
    constexpr int kRings = 32, kSteps = 360;
    for (int ring = 0; ring < kRings; ++ring) {
        const double pitch = (-30.67 + 1.333 * ring) * kPi / 180;
        for (int step = 0; step < kSteps; ++step) {
            const double yaw = 2 * kPi * step / kSteps;
            const Vec3 d(std::cos(pitch) * std::cos(yaw), std::cos(pitch) * std::sin(yaw),
                         std::sin(pitch));
            const Hit hit = cast(boxes, X_WL.p, X_WL.rotate(d));
            if (hit.distance > 80) continue;
            const Vec3 p = d * hit.distance;
            s.points.push_back({static_cast<float>(p.x), static_cast<float>(p.y),
                                static_cast<float>(p.z), 20.0F, static_cast<std::uint8_t>(ring),
                                word_of(hit, X_WL * p)});
        }
    }
    return s;
}

labels::BirdsEye birds_eye(const std::vector<Posed>& boxes, const RigidTransform& X_WB) {
    labels::BirdsEye eye{.cell_m = 1, .cells = 40};
    for (int row = 0; row < eye.cells; ++row) {
        for (int column = 0; column < eye.cells; ++column) {
            const Vec3 p_B((20 - row - 0.5) * eye.cell_m, (20 - column - 0.5) * eye.cell_m, 0.5);
            const Vec3 p_W = X_WB * p_B;
            bool occupied = false;
            for (const Posed& p : boxes) {
                const Vec3 p_O = p.X_WO.inverse() * p_W;
                occupied = occupied || (std::abs(p_O.x) < 0.5 * p.box->size.x &&
                                        std::abs(p_O.y) < 0.5 * p.box->size.y);
            }
            const bool seen = glm::length(p_B) < 15;
            eye.drivable.push_back(std::abs(p_W.y) < kRoadHalf_m);
            eye.occupied.push_back(occupied);
            eye.seen.push_back(seen);
            eye.seen_occupied.push_back(seen && occupied);
        }
    }
    for (int i = 0; i < 72; ++i) eye.free_m.push_back(3.0F + 0.125F * static_cast<float>(i));
    return eye;
}

}  // namespace

world::World make_box_world(int width, int height) {
    world::World w{.scenario = "boxes", .seed = 7};
    const double offsets[] = {1.75, 5.25, -1.75, -5.25};
    for (std::uint32_t i = 0; i < 4; ++i) {
        world::Lane lane{.id = i};
        const bool against = offsets[i] > 0;
        for (int k = 0; k <= 20; ++k) {
            const double x = against ? 150 - 15 * k : -150 + 15 * k;
            lane.samples.push_back({15.0 * k, {x, offsets[i], 0}, against ? kPi : 0.0, 0, 3.5});
        }
        lane.length_m = 300;
        w.roads.lanes.push_back(lane);
    }
    w.spawns.push_back({.id = world::kEgo, .X_WB = ego_pose(0), .speed_mps = kEgo_mps});
    w.rig = {.name = "boxes", .rate_hz = 10};
    const auto camera = [&](const char* name, double yaw) {
        world::Camera c{.name = name, .width = width, .height = height};
        c.X_BC = {engine::math::camera_rotation(yaw, 0), {1.5, 0, 1.5}};
        c.lens = {.fx = 0.5 * width, .fy = 0.5 * width, .cx = 0.5 * width, .cy = 0.5 * height};
        return c;
    };
    w.rig.cameras = {camera("front", 0), camera("left", 0.5 * kPi)};
    return w;
}

namespace {

// Sees the ego half a metre beside where it is, and wonders whether to go.
labels::MindLabel mind_of_box(const Posed& p, const labels::EgoMotion& ego) {
    labels::MindLabel mind;
    mind.profile = "attentive";
    mind.goes = 0.25;
    mind.gaze_W = p.X_WO.rotate({1, 0, 0});
    mind.looks_away = p.box->id % 2 == 0;
    mind.seen = {world::kEgo};
    mind.wanted_speed_mps = p.box->speed_mps;
    mind.gesture = world::Gesture::kWave;
    mind.gesture_to = world::kEgo;
    mind.has_seen_ego = true;
    mind.believed_ego = {.id = world::kEgo,
                         .exists = 0.9,
                         .p_W = ego.X_WB.p + engine::math::Vec3(0.3, -0.4, 0),
                         .v_W = {5.5, 0.1},
                         .yaw_rad = 0.02,
                         .place_sd_m = 0.4,
                         .speed_sd_mps = 0.7,
                         .unseen_s = 0.05,
                         .error_m = 0.5};
    mind.believed_ego_mind = {
        .has_seen_me = 0.8, .goal = world::Goal::kYield, .goal_probability = 0.6};
    return mind;
}

// The first agent takes another for 3 m further on, and believes in one who is gone.
void add_wrong_beliefs(Sample& s) {
    const auto first =
        std::find_if(s.objects.begin(), s.objects.end(), [](const auto& o) { return o.has_mind; });
    if (first == s.objects.end() || first + 1 == s.objects.end()) return;
    const auto& other = *(first + 1);
    first->mind.wrong_beliefs = {{.id = other.id,
                                  .exists = 0.7,
                                  .p_W = other.X_WO.p + engine::math::Vec3(3, 0, 0),
                                  .place_sd_m = 1.5,
                                  .unseen_s = 2.5,
                                  .error_m = 3},
                                 {.id = 999, .exists = 0.2, .unseen_s = 8, .error_m = {}}};
}

}  // namespace

Sample make_box_sample(const world::World& w, const std::string& scene, std::uint64_t frame,
                       bool lidar) {
    Sample s{.scene = scene, .frame = frame, .time_us = static_cast<std::int64_t>(frame) * 100'000};
    const double time_s = kStep_s * static_cast<double>(frame);
    s.state_hash = 0x1234567890abcdefULL + frame;
    s.environment.weather = "clear";
    s.ego = {.X_WB = ego_pose(time_s), .v_B = {kEgo_mps, 0, 0}};
    const std::vector<Posed> boxes = posed(time_s);
    for (const world::Camera& camera : w.rig.cameras) s.cameras.push_back(take(camera, boxes, s));
    if (lidar) s.lidar = sweep(boxes, s.ego.X_WB);
    for (const Posed& p : boxes) {
        labels::ObjectLabel o{.id = p.box->id,
                              .semantic = p.box->semantic,
                              .kind = p.box->kind,
                              .X_WO = p.X_WO,
                              .size_m = p.box->size,
                              .v_W = p.v_W,
                              .parked = p.box->parked};
        o.distance_m = glm::length(engine::math::xy(p.X_WO.p - s.ego.X_WB.p));
        for (const CameraSample& c : s.cameras) {
            if (const labels::ObjectInCamera* in = c.find(o.id); in != nullptr) {
                o.visible_px += in->visible_px;
                o.amodal_px += in->amodal_inside_px;
            }
        }
        for (const labels::LidarPoint& point : s.lidar.points) {
            o.lidar_points += world::actor_of(point.id) == o.id;
        }
        o.has_mind = !o.parked;
        if (o.has_mind) o.mind = mind_of_box(p, s.ego);
        s.objects.push_back(o);
    }
    add_wrong_beliefs(s);
    s.signals.push_back({.head = 0,
                         .object = 10001,
                         .p_W = {60, -8, 3},
                         .heading_rad = kPi,
                         .width_m = 0.35,
                         .height_m = 1,
                         .aspect = world::Aspect::kRed,
                         .governs = {2}});
    s.signs.push_back({10002, {50, -8, 2}, kPi, "274-50", "speed limit 50"});
    labels::LaneLabel lane{.lane = 2, .speed_limit_mps = 13.9};
    for (int k = 0; k < 5; ++k) {
        lane.centre_W.push_back({10.0 * k, -1.75, 0});
        lane.left_W.push_back({10.0 * k, 0, 0});
        lane.right_W.push_back({10.0 * k, -3.5, 0});
    }
    lane.left_mark = "solid";
    lane.right_mark = "broken";
    lane.right = 3;
    s.lanes.push_back(lane);
    s.marks.push_back({"stop_line", {{58, -7, 0}, {58.5, -7, 0}, {58.5, 0, 0}, {58, 0, 0}}});
    s.birds_eye = birds_eye(boxes, s.ego.X_WB);
    return s;
}

}  // namespace huntsman::tests::support
