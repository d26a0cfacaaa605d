#include "bridge/torch/bev.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"
#include "sensors/lens/lens.h"

namespace huntsman::bridge::torch {

using engine::math::RigidTransform;
using engine::math::Vec2;
using engine::math::Vec3;

namespace {

constexpr int kFeatureWidth = kInputWidth / kFeatureStride;
constexpr int kFeatureHeight = kInputHeight / kFeatureStride;
constexpr double kNear_m = 0.3;
constexpr double kSmallestHead_px = 5;

std::size_t cell(int i, int j) { return static_cast<std::size_t>(i * kColumns + j); }
// What an object's size in the picture falls with.
double depth_of(const engine::world::Lens& lens, const Vec3& p_C) {
    return sensors::lens::depth_along_z(lens) ? p_C.z : glm::length(p_C);
}

constexpr std::size_t kCells = static_cast<std::size_t>(kRows * kColumns);

}  // namespace

CameraGeometry geometry_of(const engine::world::Camera& camera) {
    return {
        .width = camera.width, .height = camera.height, .lens = camera.lens, .X_BC = camera.X_BC};
}

Lift make_lift(std::span<const CameraGeometry> cameras) {
    struct Tap {
        std::int64_t row;
        double weight;
    };
    std::vector<RigidTransform> X_CB;
    for (const auto& camera : cameras) X_CB.push_back(camera.X_BC.inverse());

    Lift lift;
    lift.offset.push_back(0);
    std::vector<Tap> taps;
    for (int i = 0; i < kRows; ++i) {
        for (int j = 0; j < kColumns; ++j) {
            for (const double z : kHeights_m) {
                const Vec3 p_B(kX0_m + (i + 0.5) * kCell_m, kY0_m + (j + 0.5) * kCell_m, z);
                taps.clear();
                double total = 0.0;
                for (std::size_t c = 0; c < cameras.size(); ++c) {
                    const Vec3 p_C = X_CB[c] * p_B;
                    const auto& camera = cameras[c];
                    const double depth_m = depth_of(camera.lens, p_C);
                    Vec2 pixel;
                    if (depth_m < kNear_m || !sensors::lens::project(camera.lens, p_C, pixel)) {
                        continue;
                    }
                    const double u = pixel.x, v = pixel.y;
                    if (u < 0 || v < 0 || u >= camera.width || v >= camera.height) continue;
                    // In cells of the feature map, whose first centre is at (0.5, 0.5).
                    const double x = u / camera.width * kFeatureWidth - 0.5;
                    const double y = v / camera.height * kFeatureHeight - 0.5;
                    const int x0 = static_cast<int>(std::floor(x));
                    const int y0 = static_cast<int>(std::floor(y));
                    // Where several cameras see a place, the sharper one counts more.
                    const double sharpness = camera.lens.fx / camera.width / depth_m;
                    total += sharpness;
                    for (int dy = 0; dy <= 1; ++dy) {
                        for (int dx = 0; dx <= 1; ++dx) {
                            const int xi = std::clamp(x0 + dx, 0, kFeatureWidth - 1);
                            const int yi = std::clamp(y0 + dy, 0, kFeatureHeight - 1);
                            const double wx = dx == 1 ? x - x0 : 1.0 - (x - x0);
                            const double wy = dy == 1 ? y - y0 : 1.0 - (y - y0);
                            taps.push_back({(static_cast<std::int64_t>(c) * kFeatureHeight + yi) *
                                                    kFeatureWidth +
                                                xi,
                                            sharpness * wx * wy});
                        }
                    }
                }
                for (const Tap& tap : taps) {
                    lift.index.push_back(tap.row);
                    lift.weight.push_back(static_cast<float>(tap.weight / total));
                }
                lift.offset.push_back(static_cast<std::int64_t>(lift.index.size()));
            }
        }
    }
    return lift;
}

void reduce_picture(const std::uint8_t* rgb, int width, int height, std::uint8_t* planes) {
    constexpr int kPlane = kInputWidth * kInputHeight;
    const bool whole = width % kInputWidth == 0 && height % kInputHeight == 0;
    if (whole) {
        // Whole blocks of pixels: plain sums.
        const int bx = width / kInputWidth, by = height / kInputHeight;
        const unsigned area = static_cast<unsigned>(bx * by);
        std::array<unsigned, 3 * kInputWidth> sums;
        for (int y = 0; y < kInputHeight; ++y) {
            sums.fill(area / 2);
            for (int r = 0; r < by; ++r) {
                const std::uint8_t* p = rgb + static_cast<std::ptrdiff_t>(y * by + r) * width * 3;
                for (int x = 0; x < kInputWidth; ++x) {
                    unsigned* sum = &sums[static_cast<std::size_t>(3 * x)];
                    for (int k = 0; k < bx; ++k, p += 3) {
                        sum[0] += p[0];
                        sum[1] += p[1];
                        sum[2] += p[2];
                    }
                }
            }
            for (int x = 0; x < kInputWidth; ++x) {
                for (int c = 0; c < 3; ++c) {
                    planes[c * kPlane + y * kInputWidth + x] =
                        static_cast<std::uint8_t>(sums[static_cast<std::size_t>(3 * x + c)] / area);
                }
            }
        }
        return;
    }
    // Any other size: average over the pixels whose centres fall into the cell, at least the
    // nearest.
    for (int y = 0; y < kInputHeight; ++y) {
        const int y0 = y * height / kInputHeight;
        const int y1 = std::max(y0 + 1, (y + 1) * height / kInputHeight);
        for (int x = 0; x < kInputWidth; ++x) {
            const int x0 = x * width / kInputWidth;
            const int x1 = std::max(x0 + 1, (x + 1) * width / kInputWidth);
            unsigned sum[3] = {0, 0, 0};
            for (int yy = y0; yy < y1; ++yy) {
                for (int xx = x0; xx < x1; ++xx) {
                    const std::uint8_t* p =
                        rgb + (static_cast<std::ptrdiff_t>(yy) * width + xx) * 3;
                    for (int c = 0; c < 3; ++c) sum[c] += p[c];
                }
            }
            const auto area = static_cast<unsigned>((y1 - y0) * (x1 - x0));
            for (int c = 0; c < 3; ++c) {
                planes[c * kPlane + y * kInputWidth + x] =
                    static_cast<std::uint8_t>((sum[c] + area / 2) / area);
            }
        }
    }
}

bool place_crop(const messages::SignalPlace& head, std::span<const CameraGeometry> cameras,
                CropPlace& place) {
    const Vec3 p_B(head.x_m(), head.y_m(), head.z_m());
    const Vec3 shine(std::cos(head.heading_rad()), std::sin(head.heading_rad()), 0);
    place = {};
    for (std::size_t c = 0; c < cameras.size(); ++c) {
        const auto& camera = cameras[c];
        // It must shine towards the camera, by more than 30 degrees from sideways.
        const Vec3 to_camera = camera.X_BC.p - p_B;
        const double distance = glm::length(to_camera);
        if (glm::dot(shine, to_camera) < 0.5 * distance) continue;
        const Vec3 p_C = camera.X_BC.inverse() * p_B;
        const double depth_m = depth_of(camera.lens, p_C);
        Vec2 pixel;
        if (depth_m < 1.0 || !sensors::lens::project(camera.lens, p_C, pixel)) continue;
        const double u = pixel.x, v = pixel.y;
        const double height = camera.lens.fy * head.height_m() / depth_m;
        const double margin = 0.6 * height;
        if (u < margin || v < margin || u > camera.width - margin || v > camera.height - margin) {
            continue;
        }
        if (height >= kSmallestHead_px && height > place.height_px) {
            place = {.camera = static_cast<int>(c),
                     .u = u,
                     .v = v,
                     .side_px = 1.6 * height,
                     .height_px = height};
        }
    }
    return place.camera >= 0;
}

void cut_crop(const std::uint8_t* rgb, int width, int height, const CropPlace& place,
              std::uint8_t* planes) {
    const double step = place.side_px / kCropSide;
    for (int y = 0; y < kCropSide; ++y) {
        for (int x = 0; x < kCropSide; ++x) {
            // Bilinear between pixel centres, clamped at the rim.
            const double u = place.u + (x + 0.5 - 0.5 * kCropSide) * step - 0.5;
            const double v = place.v + (y + 0.5 - 0.5 * kCropSide) * step - 0.5;
            const int u0 = static_cast<int>(std::floor(u)), v0 = static_cast<int>(std::floor(v));
            const double fu = u - u0, fv = v - v0;
            const auto at = [&](int uu, int vv, int c) {
                uu = std::clamp(uu, 0, width - 1);
                vv = std::clamp(vv, 0, height - 1);
                return static_cast<double>(
                    rgb[(static_cast<std::ptrdiff_t>(vv) * width + uu) * 3 + c]);
            };
            for (int c = 0; c < 3; ++c) {
                const double value =
                    (1 - fv) * ((1 - fu) * at(u0, v0, c) + fu * at(u0 + 1, v0, c)) +
                    fv * ((1 - fu) * at(u0, v0 + 1, c) + fu * at(u0 + 1, v0 + 1, c));
                planes[(c * kCropSide + y) * kCropSide + x] =
                    static_cast<std::uint8_t>(std::lround(value));
            }
        }
    }
}

void decode_boxes(std::span<const float> maps, double lowest_score,
                  messages::Perception& perception) {
    HM_CHECK(maps.size() == kChannels * kCells, "maps hold {} values", maps.size());
    std::vector<messages::PerceivedObject> found;
    const auto value = [&](int channel, int i, int j) {
        return maps[static_cast<std::size_t>(channel) * kCells + cell(i, j)];
    };
    for (int i = 0; i < kRows; ++i) {
        for (int j = 0; j < kColumns; ++j) {
            for (const int channel : {kHeatVehicle, kHeatPerson}) {
                const float score = value(channel, i, j);
                if (score < lowest_score) continue;
                // A peak: no neighbour is higher; of equal ones the first wins.
                bool peak = true;
                for (int di = -1; di <= 1 && peak; ++di) {
                    for (int dj = -1; dj <= 1; ++dj) {
                        const int ni = i + di, nj = j + dj;
                        if (ni < 0 || nj < 0 || ni >= kRows || nj >= kColumns) continue;
                        const float other = value(channel, ni, nj);
                        const bool before = di < 0 || (di == 0 && dj < 0);
                        if (other > score || (before && other == score)) {
                            peak = false;
                            break;
                        }
                    }
                }
                if (!peak) continue;
                messages::PerceivedObject object;
                object.set_object_class(channel == kHeatPerson ? messages::OBJECT_PEDESTRIAN
                                                               : messages::OBJECT_VEHICLE);
                object.set_score(score);
                object.set_x_m(kX0_m + (i + 0.5 + value(kOffsetX, i, j)) * kCell_m);
                object.set_y_m(kY0_m + (j + 0.5 + value(kOffsetY, i, j)) * kCell_m);
                object.set_z_m(value(kHeightZ, i, j));
                object.set_length_m(std::exp(std::clamp(value(kLogLength, i, j), -3.0F, 3.0F)));
                object.set_width_m(std::exp(std::clamp(value(kLogWidth, i, j), -3.0F, 2.0F)));
                object.set_height_m(std::exp(std::clamp(value(kLogHeight, i, j), -3.0F, 2.0F)));
                object.set_yaw_rad(std::atan2(value(kSinYaw, i, j), value(kCosYaw, i, j)));
                found.push_back(object);
            }
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.score() > b.score(); });
    // Peaks that the offsets moved onto each other are one object.
    for (const auto& object : found) {
        const bool person = object.object_class() == messages::OBJECT_PEDESTRIAN;
        const double apart = person ? 0.7 : 2.0;
        const bool doubled = std::any_of(
            perception.objects().begin(), perception.objects().end(), [&](const auto& kept) {
                return kept.object_class() == object.object_class() &&
                       std::hypot(kept.x_m() - object.x_m(), kept.y_m() - object.y_m()) < apart;
            });
        if (!doubled) *perception.add_objects() = object;
        if (perception.objects_size() >= 200) break;
    }
}

void make_target(std::span<const TrainingBox> boxes, Target& target) {
    target.maps.assign(kChannels * kCells, 0.0F);
    target.box_mask.assign(kCells, 0.0F);
    target.heat_mask.assign(2 * kCells, 1.0F);
    for (const TrainingBox& box : boxes) {
        const double x = (box.x_m - kX0_m) / kCell_m, y = (box.y_m - kY0_m) / kCell_m;
        const int i = static_cast<int>(std::floor(x)), j = static_cast<int>(std::floor(y));
        if (i < 0 || j < 0 || i >= kRows || j >= kColumns) continue;
        const std::size_t channel = box.person ? kHeatPerson : kHeatVehicle;
        // Heat falls off around the centre: people 0.7 cells, vehicles 1.0 [Zhou et al. 2019].
        const double sigma = box.person ? 0.7 : 1.0;
        for (int di = -3; di <= 3; ++di) {
            for (int dj = -3; dj <= 3; ++dj) {
                const int ni = i + di, nj = j + dj;
                if (ni < 0 || nj < 0 || ni >= kRows || nj >= kColumns) continue;
                const double d2 = di * di + dj * dj;
                const auto heat = static_cast<float>(std::exp(-d2 / (2 * sigma * sigma)));
                if (box.ignore) {
                    if (d2 <= 4) target.heat_mask[channel * kCells + cell(ni, nj)] = 0.0F;
                    continue;
                }
                float& at = target.maps[channel * kCells + cell(ni, nj)];
                at = std::max(at, heat);
            }
        }
        if (box.ignore) continue;
        const std::size_t c = cell(i, j);
        target.box_mask[c] = 1.0F;
        const auto set = [&](std::size_t k, double v) {
            target.maps[k * kCells + c] = static_cast<float>(v);
        };
        set(kOffsetX, x - (i + 0.5));
        set(kOffsetY, y - (j + 0.5));
        set(kLogLength, std::log(box.length_m));
        set(kLogWidth, std::log(box.width_m));
        set(kLogHeight, std::log(box.height_m));
        set(kSinYaw, std::sin(box.yaw_rad));
        set(kCosYaw, std::cos(box.yaw_rad));
        set(kHeightZ, box.z_m);
    }
}

}  // namespace huntsman::bridge::torch
