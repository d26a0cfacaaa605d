// Lines against pictures in closed form: a wall on flat ground, and boxes cast ray by ray, each
// line of the picture at its own moment.
#include "sensors/overlay/eye.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/math/geometry.h"

namespace huntsman::sensors::overlay {
namespace {

using engine::math::RigidTransform;
using engine::math::upright;
using engine::world::Semantic;

constexpr int kWidth = 320, kHeight = 240;
constexpr double kEye_m = 1.5, kFocal_px = 300;

// An ego at W's origin that looks along x, and its only camera.
Sample empty_sample() {
    Sample sample;
    labels::CameraSample c;
    c.camera.name = "front";
    c.camera.width = kWidth;
    c.camera.height = kHeight;
    c.camera.lens.fx = c.camera.lens.fy = kFocal_px;
    c.camera.lens.cx = 0.5 * kWidth;
    c.camera.lens.cy = 0.5 * kHeight;
    c.camera.X_BC = {engine::math::camera_rotation(0, 0), {0, 0, kEye_m}};
    c.X_WC = c.camera.X_BC;
    sample.cameras.push_back(c);
    return sample;
}

// Ground at z = 0, and a wall 15 m ahead, 4 m high, in the picture's left half.
constexpr double kWall_m = 15;
void put_wall(Sample& sample) {
    auto& c = sample.cameras.front();
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const double down = (y + 0.5 - 0.5 * kHeight) / kFocal_px;
            double depth = down > 0 ? kEye_m / down : INFINITY;
            const double at_wall = kEye_m - kWall_m * down;
            if (x < kWidth / 2 && depth > kWall_m && at_wall < 4) depth = kWall_m;
            c.depth_m.push_back(static_cast<float>(depth));
        }
    }
}

std::uint8_t alpha_at(const Image& layer, int x, int y) { return layer.row(y)[4 * x + 3]; }
// The strongest alpha within a pixel of a point.
int shown_near(const Image& layer, const Vec2& pixel, int reach = 1) {
    int most = 0;
    for (int dy = -reach; dy <= reach; ++dy) {
        for (int dx = -reach; dx <= reach; ++dx) {
            const int x = static_cast<int>(pixel.x) + dx, y = static_cast<int>(pixel.y) + dy;
            if (x < 0 || y < 0 || x >= layer.width || y >= layer.height) continue;
            most = std::max<int>(most, alpha_at(layer, x, y));
        }
    }
    return most;
}
Vec2 pixel_of(const Vec3& p_W) {
    return {0.5 * kWidth - kFocal_px * p_W.y / p_W.x,
            0.5 * kHeight + kFocal_px * (kEye_m - p_W.z) / p_W.x};
}

TEST(Eye, LanesAndMarksEndAtAWallAndGoOnBesideIt) {
    Sample sample = empty_sample();
    put_wall(sample);
    for (const double y : {2.0, -2.0}) {
        labels::LaneLabel lane;
        for (int k = 0; k <= 10; ++k) {
            const Vec3 p(4 + 6 * k, y, 0);
            lane.centre_W.push_back(p);
            lane.left_W.push_back(p);
            lane.right_W.push_back(p);
        }
        sample.lanes.push_back(lane);
        sample.marks.push_back({"crosswalk", {{4, y, 0}, {64, y, 0}}});
    }
    for (const Layer layer : {Layer::kLanes, Layer::kMarks}) {
        const Image drawn = draw_layer(sample, sample.cameras.front(), layer);
        // The line ends within a piece of 2 px and a neighbour's row beyond the wall's foot: that
        // of 15 m is row 150, that of 18 m row 145.
        for (double x = 6; x < 14; x += 0.5) {
            EXPECT_EQ(shown_near(drawn, pixel_of({x, 2, 0})), 255) << name(layer) << x;
        }
        for (double x = 18; x < 60; x += 0.5) {
            EXPECT_EQ(shown_near(drawn, pixel_of({x, 2, 0}), 0), 0) << name(layer) << x;
        }
        for (double x = 6; x < 60; x += 0.5) {
            EXPECT_EQ(shown_near(drawn, pixel_of({x, -2, 0})), 255) << name(layer) << x;
        }
    }
    // Formats without depth draw all.
    sample.cameras.front().depth_m.clear();
    const Image drawn = draw_layer(sample, sample.cameras.front(), Layer::kLanes);
    for (double x = 6; x < 60; x += 0.5) {
        EXPECT_EQ(shown_near(drawn, pixel_of({x, 2, 0})), 255) << x;
    }
}

TEST(Eye, ABoxHalfBehindAWallIsFaintThereAndABodyDoesNotHideItsOwnEdges) {
    Sample sample = empty_sample();
    put_wall(sample);
    auto& camera = sample.cameras.front();
    labels::ObjectLabel box;
    box.id = 9;
    box.semantic = Semantic::kBus;
    box.X_WO = upright({25, 0, 1.5}, 0);
    box.size_m = {8, 6, 3};
    sample.objects = {box};
    camera.objects.push_back({.id = 9, .visible_px = 1, .amodal_px = 1, .amodal_inside_px = 1});
    // Its near face in the right half.
    camera.ids.assign(camera.depth_m.size(), 0);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = kWidth / 2; x < kWidth; ++x) {
            const Vec3 p(21, -21 * (x + 0.5 - 0.5 * kWidth) / kFocal_px,
                         kEye_m - 21 * (y + 0.5 - 0.5 * kHeight) / kFocal_px);
            if (p.y < -3 || p.z < 0 || p.z > 3) continue;
            const std::size_t i = static_cast<std::size_t>(y * kWidth + x);
            camera.depth_m[i] = 21;
            camera.ids[i] = engine::world::id_word(Semantic::kBus, 9);
        }
    }
    const Image drawn = draw_layer(sample, camera, Layer::kBoxes3d);
    for (const double z : {0.5, 1.0, 2.0, 2.5}) {
        // Upright edges of the near face, and of the far one, which the body itself hides.
        EXPECT_EQ(shown_near(drawn, pixel_of({21, -3, z})), 255) << z;
        EXPECT_EQ(shown_near(drawn, pixel_of({29, -3, z})), 255) << z;
        EXPECT_EQ(shown_near(drawn, pixel_of({21, 3, z})), kFaintAlpha) << z;
    }
}

TEST(Eye, ABoneThatReachesBehindAWallIsFaintThere) {
    Sample sample = empty_sample();
    put_wall(sample);
    auto& camera = sample.cameras.front();
    labels::ObjectInCamera person{.id = 9, .visible_px = 1, .amodal_px = 1, .amodal_inside_px = 1};
    person.has_keypoints = true;
    // A left thigh of 2 m, 20 m away, half of it in the wall's half of the picture.
    for (const auto& [index, y] : {std::pair(11, 1.0), std::pair(13, -1.0)}) {
        auto& point = person.keypoints[static_cast<std::size_t>(index)];
        point.p_C = {-y, 0.5, 20};
        point.pixel = pixel_of({20, y, kEye_m - 0.5});
        point.seen = y > 0 ? labels::Seen::kHidden : labels::Seen::kVisible;
    }
    camera.objects.push_back(person);
    camera.ids.assign(camera.depth_m.size(), 0);
    const Image drawn = draw_layer(sample, camera, Layer::kKeypoints);
    EXPECT_EQ(shown_near(drawn, pixel_of({20, 0.6, 1})), kFaintAlpha);
    EXPECT_EQ(shown_near(drawn, pixel_of({20, -0.5, 1})), 255);
}

// What a rolling camera on a moving ego shows of a moving box: `sample` gets ids and depth.
void cast(Sample& sample) {
    auto& c = sample.cameras.front();
    const auto& object = sample.objects.front();
    c.ids.assign(static_cast<std::size_t>(kWidth) * kHeight, 0);
    c.depth_m.assign(c.ids.size(), INFINITY);
    for (int y = 0; y < kHeight; ++y) {
        const double t = 1e-6 * static_cast<double>(c.camera.shutter.readout_us) *
                         (static_cast<double>(y) / (kHeight - 1) - 0.5);
        const RigidTransform X_WC =
            upright(sample.ego.X_WB.p + t * sample.ego.v_B, t * sample.ego.w_B.z) * c.camera.X_BC;
        const RigidTransform X_WO =
            upright(object.X_WO.p + t * object.v_W, object.X_WO.yaw_rad() + t * object.w_W.z);
        const RigidTransform X_OC = X_WO.inverse() * X_WC;
        for (int x = 0; x < kWidth; ++x) {
            const Vec3 ray = X_OC.rotate(
                {(x + 0.5 - 0.5 * kWidth) / kFocal_px, (y + 0.5 - 0.5 * kHeight) / kFocal_px, 1});
            double from = 0, to = 1e9;
            for (int axis = 0; axis < 3; ++axis) {
                const double half = 0.5 * object.size_m[axis];
                const double a = (-half - X_OC.p[axis]) / ray[axis];
                const double b = (half - X_OC.p[axis]) / ray[axis];
                from = std::max(from, std::min(a, b));
                to = std::min(to, std::max(a, b));
            }
            if (from >= to) continue;
            const std::size_t i = static_cast<std::size_t>(y * kWidth + x);
            c.ids[i] = engine::world::id_word(Semantic::kCar, object.id);
            c.depth_m[i] = static_cast<float>(from);
        }
    }
}

// How far the outline of a body's pixels and the drawn edges are apart [px]: each pixel of the
// outline from the nearest drawn one, and each drawn one from the nearest of the body.
double apart(const labels::CameraSample& c, const Image& drawn) {
    const auto body = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < kWidth && y < kHeight &&
               c.ids[static_cast<std::size_t>(y * kWidth + x)] != 0;
    };
    const auto line = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < kWidth && y < kHeight && alpha_at(drawn, x, y) != 0;
    };
    const auto nearest = [](int x, int y, const auto& is) {
        for (int reach = 0; reach < 20; ++reach) {
            for (int dy = -reach; dy <= reach; ++dy) {
                for (int dx = -reach; dx <= reach; ++dx) {
                    if (is(x + dx, y + dy)) return static_cast<double>(reach);
                }
            }
        }
        return 20.0;
    };
    double worst = 0;
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const bool outline = body(x, y) && !(body(x - 1, y) && body(x + 1, y) &&
                                                 body(x, y - 1) && body(x, y + 1));
            if (outline) worst = std::max(worst, nearest(x, y, line));
            if (line(x, y)) worst = std::max(worst, nearest(x, y, body));
        }
    }
    return worst;
}

TEST(Eye, BoxesSitOnTheirPixelsUnderARollingShutter) {
    struct Case {
        const char* what;
        Vec3 v_W, w_W;    // of the box
        Vec3 v_B, w_B;    // of the ego
        double still_px;  // without rolling, the edges are off by more than this
    };
    const Case cases[] = {
        {"crossing at 15 m/s", {0, 15, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, 2},
        {"turning on the spot", {0, 0, 0}, {0, 0, 4}, {0, 0, 0}, {0, 0, 0}, 1},
        {"ego at 30 m/s, turning", {0, 0, 0}, {0, 0, 0}, {30, 0, 0}, {0, 0, 0.8}, 2},
        {"both", {-15, 10, 0}, {0, 0, 1}, {20, 0, 0}, {0, 0, 0.5}, 2}};
    for (const Case& one : cases) {
        Sample sample = empty_sample();
        auto& camera = sample.cameras.front();
        camera.camera.shutter = {engine::world::Readout::kTopToBottom, 40'000};
        sample.ego.v_B = one.v_B;
        sample.ego.w_B = one.w_B;
        labels::ObjectLabel box;
        box.id = 9;
        // No caption, which is drawn for whatever is higher than 14 pixels: class and distance
        // stand above the box. Only its own lines are compared.
        box.X_WO = upright({9, 0.5, 1.2}, 0.6);
        box.size_m = {4.5, 1.8, 3.4};
        box.v_W = one.v_W;
        box.w_W = one.w_W;
        sample.objects = {box};
        cast(sample);
        const auto draw = [&] {
            Canvas canvas(kWidth, kHeight);
            const Eye eye(sample, camera);
            const capture::Twist twist{box.X_WO.p, box.v_W, box.w_W};
            for (unsigned i = 0; i < 8; ++i) {
                for (const unsigned bit : {1U, 2U, 4U}) {
                    if ((i & bit) != 0) continue;
                    const auto corner = [&](unsigned k) {
                        return box.X_WO *
                               (0.5 * box.size_m *
                                Vec3((k & 1U) ? 1 : -1, (k & 2U) ? 1 : -1, (k & 4U) ? 1 : -1));
                    };
                    const std::array<Vec3, 2> edge = {corner(i), corner(i | bit)};
                    eye.draw(canvas, edge, false, {{255, 0, 0}, 1, Behind::kDrawn}, twist);
                }
            }
            return canvas.finished();
        };
        EXPECT_LE(apart(camera, draw()), 1) << one.what;
        // The layer holds the same lines.
        camera.objects.push_back({.id = 9, .visible_px = 1, .amodal_px = 1, .amodal_inside_px = 1});
        const Image edges = draw(), layer = draw_layer(sample, camera, Layer::kBoxes3d);
        for (int y = 0; y < kHeight; ++y) {
            for (int x = 0; x < kWidth; ++x) {
                if (alpha_at(edges, x, y) == 0) continue;
                EXPECT_NE(alpha_at(layer, x, y), 0) << one.what << ' ' << x << ' ' << y;
            }
        }
        camera.camera.shutter = {};
        EXPECT_GT(apart(camera, draw()), one.still_px) << one.what;
    }
}

TEST(Eye, DepthOfAMovingPointIsThatOfItsLine) {
    Sample sample = empty_sample();
    auto& camera = sample.cameras.front();
    camera.camera.shutter = {engine::world::Readout::kTopToBottom, 40'000};
    sample.ego.v_B = {30, 0, 0};
    const Eye eye(sample, camera);
    Spot spot;
    // On the ground 12 m ahead: in row 157.5 for t = 0, and nearer by 30 m/s times that row's time.
    ASSERT_TRUE(eye.place({12, 0, 0}, spot));
    double z = 12;
    for (int k = 0; k < 20; ++k) {
        const double row = 0.5 * kHeight + kFocal_px * kEye_m / z - 0.5;
        z = 12 - 30 * 0.04 * (row / (kHeight - 1) - 0.5);
    }
    EXPECT_NEAR(spot.pixel.y, 0.5 * kHeight + kFocal_px * kEye_m / z, 0.01);
    EXPECT_NEAR(spot.depth_m, z, 30 * 0.04 / kHeight);  // of the row that holds it
}

TEST(Canvas, TextsStandClearOfEachOtherOrAreLeftOut) {
    const auto pixels = [](const Image& image) {
        std::size_t count = 0;
        for (std::size_t i = 3; i < image.pixels.size(); i += 4) count += image.pixels[i] != 0;
        return count;
    };
    Canvas canvas(100, 100);
    canvas.text(20, 50, "one", {255, 255, 255});
    const std::size_t alone = pixels(canvas.finished());
    // Four more find room above and below, a sixth does not.
    for (std::size_t k = 2; k <= 5; ++k) {
        canvas.text(20, 50, "two", {255, 255, 255});
        EXPECT_GT(pixels(canvas.finished()), (k - 1) * alone + alone / 2) << k;
    }
    const std::size_t full = pixels(canvas.finished());
    canvas.text(20, 50, "six", {255, 255, 255});
    EXPECT_EQ(pixels(canvas.finished()), full);
}

}  // namespace
}  // namespace huntsman::sensors::overlay
