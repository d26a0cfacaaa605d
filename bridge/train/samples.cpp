#include <algorithm>
#include <cmath>
#include <cstring>

#include "bridge/loop/observe.h"
#include "bridge/score/perception.h"
#include "bridge/train/train.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"

namespace huntsman::bridge::train {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::math::Vec3;
using torch::kCropSide;
using torch::kInputHeight;
using torch::kInputWidth;
using torch::Sample;
using torch::TrainingBox;

namespace {

constexpr std::size_t kPlane = static_cast<std::size_t>(kInputWidth * kInputHeight);
constexpr std::size_t kCropPlane = static_cast<std::size_t>(kCropSide * kCropSide);
constexpr double kSignalReach_m = 70;
constexpr char kMagic[8] = {'H', 'M', 'S', 'H', 'A', 'R', 'D', '1'};

// Share of a head's own rectangle in the picture that really shows the head.
double head_visibility(const engine::render::Frame& frame, const torch::CropPlace& place,
                       double aspect_ratio, engine::world::ActorId id) {
    const int width = frame.image.width, height = frame.image.height;
    const double half_h = 0.5 * place.height_px, half_w = half_h * aspect_ratio;
    int inside = 0, shown = 0;
    for (int v = std::max(0, static_cast<int>(place.v - half_h));
         v < std::min<double>(height, place.v + half_h); ++v) {
        for (int u = std::max(0, static_cast<int>(place.u - half_w));
             u < std::min<double>(width, place.u + half_w); ++u) {
            ++inside;
            shown += engine::world::actor_of(
                         frame.ids[static_cast<std::size_t>(v) * static_cast<std::size_t>(width) +
                                   static_cast<std::size_t>(u)]) == id;
        }
    }
    return inside > 0 ? static_cast<double>(shown) / inside : 0.0;
}

void append_bytes(std::string& to, const void* data, std::size_t size) {
    to.append(static_cast<const char*>(data), size);
}
template <typename T>
void append_vector(std::string& to, const std::vector<T>& values) {
    const std::uint64_t count = values.size();
    append_bytes(to, &count, sizeof count);
    append_bytes(to, values.data(), count * sizeof(T));
}
template <typename T>
bool take_vector(const std::string& from, std::size_t& at, std::vector<T>& values) {
    std::uint64_t count = 0;
    if (from.size() - at < sizeof count) return false;
    std::memcpy(&count, from.data() + at, sizeof count);
    at += sizeof count;
    if (count > (from.size() - at) / sizeof(T)) return false;
    values.resize(count);
    std::memcpy(values.data(), from.data() + at, count * sizeof(T));
    at += count * sizeof(T);
    return true;
}

}  // namespace

Sample make_sample(const loop::FrameView& view) {
    Sample sample;
    const auto& cameras = view.world.rig.cameras;
    sample.pictures.resize(cameras.size() * 3 * kPlane);
    std::vector<torch::CameraGeometry> geometry;
    for (std::size_t c = 0; c < cameras.size(); ++c) {
        const auto& image = view.frames[c].image;
        torch::reduce_picture(image.pixels.data(), image.width, image.height,
                              sample.pictures.data() + c * 3 * kPlane);
        geometry.push_back(torch::geometry_of(cameras[c]));
    }

    // Boxes: hidden things are left out, hardly visible ones teach nothing.
    for (const auto& object : view.truth) {
        score::PerceivedClass c;
        if (!score::perceived_class(object.semantic, c) || object.pixels == 0) continue;
        sample.boxes.push_back({.person = c == score::PerceivedClass::kPedestrian,
                                .x_m = static_cast<float>(object.centre_B.x),
                                .y_m = static_cast<float>(object.centre_B.y),
                                .z_m = static_cast<float>(object.centre_B.z),
                                .length_m = static_cast<float>(object.size_m.x),
                                .width_m = static_cast<float>(object.size_m.y),
                                .height_m = static_cast<float>(object.size_m.z),
                                .yaw_rad = static_cast<float>(object.yaw_rad),
                                .ignore = !score::visible(object)});
    }

    // Signal heads, on the route or not; what is hidden is to be called unknown.
    const auto& ego = view.state.actors.front();
    const auto X_BW = ego.X_WB.inverse();
    for (const auto& head : view.world.roads.signal_heads) {
        if (view.world.roads.signal_groups[head.group].for_pedestrians) continue;
        const Vec3 p_B = X_BW * head.p;
        if (glm::length(p_B) > kSignalReach_m) continue;
        messages::SignalPlace message;
        message.set_x_m(p_B.x);
        message.set_y_m(p_B.y);
        message.set_z_m(p_B.z);
        message.set_height_m(head.height_m);
        message.set_heading_rad(head.heading_rad - ego.X_WB.yaw_rad());
        torch::CropPlace place;
        if (!torch::place_crop(message, geometry, place)) continue;
        const auto& frame = view.frames[static_cast<std::size_t>(place.camera)];
        const double visible =
            head_visibility(frame, place, head.width_m / head.height_m, head.object);
        auto state = torch::kSignalUnknown;
        if (visible > 0.5) {
            switch (loop::signal_state(view.state.signals[head.group])) {
                case messages::SIGNAL_RED:
                    state = torch::kSignalRed;
                    break;
                case messages::SIGNAL_YELLOW:
                    state = torch::kSignalYellow;
                    break;
                case messages::SIGNAL_GREEN:
                    state = torch::kSignalGreen;
                    break;
                default:
                    break;
            }
        } else if (visible > 0.15) {
            continue;  // neither clearly seen nor clearly hidden
        }
        sample.crops.resize(sample.crops.size() + 3 * kCropPlane);
        torch::cut_crop(frame.image.pixels.data(), frame.image.width, frame.image.height, place,
                        sample.crops.data() + sample.crops.size() - 3 * kCropPlane);
        sample.crop_classes.push_back(static_cast<std::uint8_t>(state));
    }
    return sample;
}

Status write_shard(const std::filesystem::path& path, const std::vector<Sample>& samples) {
    std::string content(kMagic, sizeof kMagic);
    const std::uint64_t count = samples.size();
    append_bytes(content, &count, sizeof count);
    for (const Sample& sample : samples) {
        append_vector(content, sample.pictures);
        append_vector(content, sample.boxes);
        append_vector(content, sample.crops);
        append_vector(content, sample.crop_classes);
    }
    const std::uint64_t check = engine::core::hash_bytes(content.data(), content.size());
    append_bytes(content, &check, sizeof check);
    return engine::core::write_file(path, content);
}

Result<std::vector<Sample>> read_shard(const std::filesystem::path& path) {
    HM_TAKE(auto content, engine::core::read_file(path));
    const Error damaged{.message = "is not a complete shard of samples; remove it to make it again",
                        .file = path.string()};
    std::uint64_t check = 0, count = 0;
    if (content.size() < sizeof kMagic + sizeof count + sizeof check ||
        std::memcmp(content.data(), kMagic, sizeof kMagic) != 0) {
        return damaged;
    }
    std::memcpy(&check, content.data() + content.size() - sizeof check, sizeof check);
    content.resize(content.size() - sizeof check);
    if (check != engine::core::hash_bytes(content.data(), content.size())) return damaged;
    std::size_t at = sizeof kMagic;
    std::memcpy(&count, content.data() + at, sizeof count);
    at += sizeof count;
    std::vector<Sample> samples;
    for (std::uint64_t i = 0; i < count; ++i) {
        Sample sample;
        if (!take_vector(content, at, sample.pictures) || !take_vector(content, at, sample.boxes) ||
            !take_vector(content, at, sample.crops) ||
            !take_vector(content, at, sample.crop_classes)) {
            return damaged;
        }
        samples.push_back(std::move(sample));
    }
    return samples;
}

std::vector<std::size_t> mirror_partners(const engine::world::Rig& rig) {
    constexpr double kPlace_m = 0.2;
    const double kAngle = std::cos(2.0 * engine::math::kPi / 180.0);
    std::vector<std::size_t> partners;
    for (const auto& camera : rig.cameras) {
        const auto& X = camera.X_BC;
        const Vec3 place(X.p.x, -X.p.y, X.p.z);
        const Vec3 z = X.q * Vec3(0, 0, 1);
        const Vec3 look(z.x, -z.y, z.z);
        std::size_t best = rig.cameras.size();
        double nearest = kPlace_m;
        for (std::size_t k = 0; k < rig.cameras.size(); ++k) {
            const auto& other = rig.cameras[k];
            if (other.lens.fx != camera.lens.fx) continue;
            if (glm::dot(other.X_BC.q * Vec3(0, 0, 1), look) < kAngle) continue;
            const double distance = glm::length(other.X_BC.p - place);
            if (distance < nearest) {
                nearest = distance;
                best = k;
            }
        }
        if (best == rig.cameras.size()) return {};
        partners.push_back(best);
    }
    return partners;
}

Sample mirrored(const Sample& sample, const std::vector<std::size_t>& partners) {
    Sample result = sample;
    const auto flip = [](const std::uint8_t* from, std::uint8_t* to, int width, int rows) {
        for (int y = 0; y < rows; ++y) {
            std::reverse_copy(from + y * width, from + (y + 1) * width, to + y * width);
        }
    };
    for (std::size_t c = 0; c < partners.size(); ++c) {
        flip(sample.pictures.data() + c * 3 * kPlane,
             result.pictures.data() + partners[c] * 3 * kPlane, kInputWidth, 3 * kInputHeight);
    }
    for (TrainingBox& box : result.boxes) {
        box.y_m = -box.y_m;
        box.yaw_rad = -box.yaw_rad;
    }
    for (std::size_t i = 0; i < sample.crop_classes.size(); ++i) {
        flip(sample.crops.data() + i * 3 * kCropPlane, result.crops.data() + i * 3 * kCropPlane,
             kCropSide, 3 * kCropSide);
    }
    return result;
}

}  // namespace huntsman::bridge::train
