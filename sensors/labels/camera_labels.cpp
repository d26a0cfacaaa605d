#include "sensors/labels/camera_labels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/array_view.h"
#include "engine/render/view.h"
#include "engine/world/pose.h"
#include "sensors/labels/silhouette.h"
#include "sensors/lens/lens.h"

namespace huntsman::sensors::labels {

using engine::core::ArrayView;
using engine::world::ActorState;
using engine::world::State;

namespace {

// Pixels that show an object.
struct Shown {
    ActorId id = engine::world::kNoActor;
    std::uint32_t pixels = 0;
    PixelBox box{std::numeric_limits<int>::max(), std::numeric_limits<int>::max(), 0, 0};
};

// Run by run, since neighbours mostly show the same thing.
std::vector<Shown> count_shown(const CameraSample& sample, std::span<const ObjectLabel> labels) {
    std::vector<Shown> shown;
    for (const ObjectLabel& label : labels) shown.push_back({.id = label.id});
    const int width = sample.camera.width, height = sample.camera.height;
    const std::uint32_t* row = sample.ids.data();
    for (int y = 0; y < height; ++y, row += width) {
        for (int x = 0; x < width;) {
            const ActorId id = engine::world::actor_of(row[x]);
            int end = x + 1;
            while (end < width && engine::world::actor_of(row[end]) == id) ++end;
            if (id != engine::world::kNoActor) {
                const auto found =
                    std::lower_bound(shown.begin(), shown.end(), id,
                                     [](const Shown& a, ActorId b) { return a.id < b; });
                if (found != shown.end() && found->id == id) {
                    found->pixels += static_cast<std::uint32_t>(end - x);
                    PixelBox& box = found->box;
                    box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, end), y + 1};
                }
            }
            x = end;
        }
    }
    for (Shown& s : shown) {
        if (s.pixels == 0) s.box = {};
    }
    return shown;
}

// Whether anything of a sphere may fall into the picture or one picture beyond its border.
bool may_fall_in(const engine::world::Camera& camera, const lens::Model& lens, const Vec3& centre_C,
                 double radius_m) {
    const double away = glm::length(centre_C);
    if (away <= radius_m) return true;
    const double angle = std::acos(std::clamp(centre_C.z / away, -1.0, 1.0));
    const double half = std::asin(std::min(1.0, radius_m / away));
    if (angle - half > camera.lens.max_angle_rad) return false;
    Vec2 pixel;
    if (!lens::project(lens, centre_C, pixel)) return true;
    // Pixels of the radius: the lens's own scale there, and some more.
    const double focal = std::max(camera.lens.fx, camera.lens.fy);
    const double z = camera.lens.model == engine::world::LensModel::kPinhole
                         ? std::max(0.05, centre_C.z - radius_m)
                         : std::max(0.05, away - radius_m);
    const double reach = 2.0 * focal * radius_m / z + 8;
    return pixel.x > -reach && pixel.y > -reach && pixel.x < camera.width + reach &&
           pixel.y < camera.height + reach;
}

void label_keypoints(const Bodies& bodies, const ActorState& actor,
                     const capture::SceneMotion& twists, const capture::CameraMotion& motion,
                     const CameraSample& sample, const lens::Model& lens, ObjectInCamera& object) {
    const auto& archetype = bodies.world().archetypes[actor.archetype];
    if (archetype.body_points.size() != kKeypoints) return;
    object.has_keypoints = true;
    const int width = sample.camera.width, height = sample.camera.height;
    const ArrayView<const std::uint32_t> ids(sample.ids, height, width);
    const ArrayView<const float> depth_m(sample.depth_m, height, width);
    const auto X_WP = engine::world::part_poses(archetype, actor);
    for (std::size_t k = 0; k < kKeypoints; ++k) {
        const auto& point = archetype.body_points[k];
        const Vec3 p_W = X_WP[point.part] * point.p_P;
        const auto& twist =
            twists.of(engine::world::id_word(archetype.semantic, actor.id, point.part));
        Keypoint& keypoint = object.keypoints[k];
        if (!project_moving(sample.camera, lens, motion, p_W, twist.velocity_at(p_W),
                            keypoint.pixel, keypoint.p_C)) {
            continue;
        }
        const int x = static_cast<int>(std::floor(keypoint.pixel.x));
        const int y = static_cast<int>(std::floor(keypoint.pixel.y));
        if (x < 0 || y < 0 || x >= width || y >= height) continue;
        const double depth =
            lens::depth_along_z(sample.camera.lens) ? keypoint.p_C.z : glm::length(keypoint.p_C);
        // The same person's skin lies just before it.
        const bool own = engine::world::actor_of(ids(y, x)) == actor.id;
        const bool seen = own && static_cast<double>(depth_m(y, x)) >= depth - point.depth_m;
        keypoint.seen = seen ? Seen::kVisible : Seen::kHidden;
    }
}

}  // namespace

void decode_normals(const CameraSample& sample, const capture::CameraMotion& motion,
                    std::span<const std::uint32_t> shape, std::vector<float>& normals_C) {
    normals_C.resize(3 * shape.size());
    const auto R_CW = glm::conjugate(motion.X_WC.q);
    // Flat things have the same word over many pixels.
    std::uint32_t known = 0;
    float n[3] = {0, 0, 0};
    bool any = false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        float* out = normals_C.data() + 3 * i;
        if (!std::isfinite(sample.depth_m[i])) {
            std::fill_n(out, 3, 0.0F);
            continue;
        }
        const std::uint32_t word = shape[i] & 0x3fffffU;
        if (word != known || !any) {
            known = word;
            any = true;
            const Vec3 n_C = R_CW * engine::render::unpack_normal(word);
            for (int k = 0; k < 3; ++k) n[k] = static_cast<float>(n_C[k]);
        }
        std::copy_n(n, 3, out);
    }
}

std::vector<ObjectInCamera> label_camera(
    const Bodies& bodies, const State& state, const capture::SceneMotion& twists,
    const capture::CameraMotion& motion, std::span<const ObjectLabel> labels,
    const CameraSample& sample, const capture::CameraPlan* plan, bool amodal, double lod_error_px) {
    const std::vector<Shown> shown = count_shown(sample, labels);
    Silhouettes silhouettes(sample.camera, motion, lod_error_px, plan);
    const lens::Model lens(sample.camera.lens);
    const RigidTransform X_CW = motion.X_WC.inverse();
    const int width = sample.camera.width, height = sample.camera.height;
    std::vector<ObjectInCamera> objects;
    Mask mask;
    std::vector<capture::Twist> moving(1);
    for (std::size_t k = 0; k < labels.size(); ++k) {
        const ObjectLabel& label = labels[k];
        ObjectInCamera object{.id = label.id,
                              .visible = shown[k].box,
                              .amodal = shown[k].box,
                              .visible_px = shown[k].pixels,
                              .amodal_px = shown[k].pixels,
                              .amodal_inside_px = shown[k].pixels};
        const double radius = 0.5 * glm::length(label.size_m) + 0.2;
        if (object.visible_px == 0 &&
            (!amodal || !may_fall_in(sample.camera, lens, X_CW * label.X_WO.p, radius))) {
            continue;
        }
        const ActorState* actor = state.find(label.id);
        if (amodal) {
            std::vector<PlacedMesh> meshes;
            moving.assign(1, {});
            if (actor != nullptr) {
                meshes = bodies.meshes_of(*actor);
                const auto parts = bodies.world().archetypes[actor->archetype].parts.size();
                moving.resize(std::max<std::size_t>(1, parts));
                for (std::uint32_t part = 0; part < parts; ++part) {
                    moving[part] =
                        twists.of(engine::world::id_word(label.semantic, label.id, part));
                }
            } else {
                const auto& fixed = bodies.world().objects;
                const auto found =
                    std::lower_bound(fixed.begin(), fixed.end(), label.id,
                                     [](const auto& a, ActorId b) { return a.id < b; });
                if (found != fixed.end() && found->id == label.id)
                    meshes = bodies.meshes_of(*found);
            }
            silhouettes.draw(meshes, moving, mask);
            // What is visible belongs to it even where edges round another way.
            std::uint32_t all = 0, inside = 0;
            PixelBox box{std::numeric_limits<int>::max(), std::numeric_limits<int>::max(),
                         std::numeric_limits<int>::min(), std::numeric_limits<int>::min()};
            const auto add = [&](int x, int y) {
                ++all;
                if (x >= 0 && y >= 0 && x < width && y < height) ++inside;
                box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, x + 1),
                       std::max(box.y1, y + 1)};
            };
            const std::uint8_t* covered = mask.inside.data();
            for (int y = mask.box.y0; y < mask.box.y1 && !mask.inside.empty(); ++y) {
                for (int x = mask.box.x0; x < mask.box.x1; ++x) {
                    if (*covered++ != 0) add(x, y);
                }
            }
            for (int y = object.visible.y0; y < object.visible.y1; ++y) {
                const std::uint32_t* row =
                    sample.ids.data() + static_cast<std::ptrdiff_t>(y) * width;
                for (int x = object.visible.x0; x < object.visible.x1; ++x) {
                    if (engine::world::actor_of(row[x]) == label.id && !mask.at(x, y)) add(x, y);
                }
            }
            if (inside == 0) continue;
            object.amodal = box;
            object.amodal_px = all;
            object.amodal_inside_px = inside;
        }
        if (actor != nullptr) label_keypoints(bodies, *actor, twists, motion, sample, lens, object);
        objects.push_back(object);
    }
    return objects;
}

}  // namespace huntsman::sensors::labels
