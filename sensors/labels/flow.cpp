#include "sensors/labels/flow.h"

#include <cmath>
#include <glm/gtc/quaternion.hpp>
#include <limits>
#include <map>

#include "engine/core/array_view.h"
#include "engine/world/pose.h"
#include "engine/world/skin.h"
#include "sensors/capture/plan.h"
#include "sensors/labels/silhouette.h"
#include "sensors/lens/model.h"

namespace huntsman::sensors::labels {

using engine::core::ArrayView;
using engine::world::ActorState;
using engine::world::Camera;
using engine::world::State;
using engine::world::World;

namespace {

constexpr float kNowhere = std::numeric_limits<float>::quiet_NaN();
constexpr double kFar_m = 1e7;  // stands for the sky's distance
constexpr double kSameDepthShare = 0.02, kSameDepth_m = 0.05;

// How a thing gets from its place at one state to that at another.
struct Change {
    bool there = true;
    RigidTransform X_W1W0;
    // Of a piece of a figure's skin: its vertices at both states, in W.
    std::vector<Vec3> skin_0, skin_1;

    // A point of a skin goes with the nearest vertex, and turns about it as the piece does.
    Vec3 moved(const Vec3& p_W0) const {
        if (skin_0.empty()) return X_W1W0 * p_W0;
        std::size_t nearest = 0;
        double least = std::numeric_limits<double>::max();
        for (std::size_t i = 0; i < skin_0.size(); ++i) {
            const Vec3 apart = p_W0 - skin_0[i];
            const double square = glm::dot(apart, apart);
            if (square < least) {
                least = square;
                nearest = i;
            }
        }
        return skin_1[nearest] + X_W1W0.rotate(p_W0 - skin_0[nearest]);
    }
};

// The vertices of a piece of a figure's skin, in W.
std::vector<Vec3> vertices_of(const World& world, const engine::world::Archetype& archetype,
                              std::uint32_t part, const ActorState& actor) {
    const engine::world::Figure& own = *archetype.figure;
    const auto rows = engine::world::skinning_of(archetype, actor);
    const auto& lods = world.scene.meshes[own.skin].lods;
    const auto& lod = lods[std::min<std::size_t>(1, lods.size() - 1)];
    std::vector<bool> wanted(lod.vertices.size());
    for (std::size_t t = 0; t + 2 < lod.indices.size(); t += 3) {
        if (own.first_part + lod.bindings[lod.indices[t]].part != part) continue;
        for (std::size_t k = 0; k < 3; ++k) wanted[lod.indices[t + k]] = true;
    }
    std::vector<Vec3> points;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!wanted[i]) continue;
        points.push_back(actor.X_WB *
                         engine::world::skinned_point(rows, lod.vertices[i], lod.bindings[i]));
    }
    return points;
}

Change change_of(const World& world, const State& from, const State& to, std::uint32_t word) {
    const ActorId id = engine::world::actor_of(word);
    if (id == engine::world::kNoActor || id >= engine::world::kFirstStaticObject) return {};
    const ActorState *a = from.find(id), *b = to.find(id);
    if (a == nullptr || b == nullptr) return {.there = false};
    const auto& archetype = world.archetypes[a->archetype];
    const std::uint32_t part = engine::world::part_of(word);
    if (part >= archetype.parts.size())
        return {.there = true, .X_W1W0 = b->X_WB * a->X_WB.inverse()};
    Change change{.there = true,
                  .X_W1W0 = engine::world::part_poses(archetype, *b)[part] *
                            engine::world::part_poses(archetype, *a)[part].inverse()};
    if (engine::world::of_skin(archetype.parts[part])) {
        change.skin_0 = vertices_of(world, archetype, part, *a);
        change.skin_1 = vertices_of(world, archetype, part, *b);
    }
    return change;
}

bool rolls(const Camera& camera) {
    return camera.shutter.readout != engine::world::Readout::kGlobal &&
           camera.shutter.readout_us > 0;
}

// What a picture shows.
struct ShownThings {
    int width, height;
    ArrayView<const std::uint32_t> ids;
    ArrayView<const float> depth_m;

    explicit ShownThings(const CameraSample& sample)
        : width(sample.camera.width),
          height(sample.camera.height),
          ids(sample.ids, height, width),
          depth_m(sample.depth_m, height, width) {}
};

// Whether the picture shows this thing at this depth near the pixel.
bool shows(const ShownThings& shown, std::uint32_t word, double depth_m, const Vec2& pixel) {
    const int width = shown.width, height = shown.height;
    if (!(pixel.x >= 0 && pixel.y >= 0 && pixel.x < width && pixel.y < height)) return false;
    const auto depth = static_cast<float>(depth_m);
    const auto near = static_cast<float>(kSameDepthShare * depth_m + kSameDepth_m);
    const ActorId id = engine::world::actor_of(word);
    const auto matches = [&](int x, int y) {
        if (engine::world::actor_of(shown.ids(y, x)) != id) return false;
        const float there = shown.depth_m(y, x);
        return std::abs(there - depth) <= near || (std::isinf(there) && depth_m >= 0.5 * kFar_m);
    };
    // The pixel that holds it; then the others around it.
    const int x = static_cast<int>(pixel.x), y = static_cast<int>(pixel.y);
    if (matches(x, y)) return true;
    const int beside = x + (pixel.x - x < 0.5 ? -1 : 1), across = y + (pixel.y - y < 0.5 ? -1 : 1);
    const bool has_beside = beside >= 0 && beside < width;
    const bool has_across = across >= 0 && across < height;
    return (has_beside && matches(beside, y)) || (has_across && matches(x, across)) ||
           (has_beside && has_across && matches(beside, across));
}

// The rays of a row's pixels, of any length; zero where the lens sees nothing.
void find_rays(const Camera& camera, bool plain, int y, std::vector<Vec3>& rays) {
    if (!plain) {
        lens::unproject_rows(camera.lens, camera.width, y, y + 1, rays);
        return;
    }
    const double down = (y + 0.5 - camera.lens.cy) / camera.lens.fy;
    for (std::size_t x = 0; x < rays.size(); ++x) {
        const double across = static_cast<double>(x) + 0.5 - camera.lens.cx;
        rays[x] = {across / camera.lens.fx, down, 1};
    }
}

}  // namespace

void flow_rows(const World& world, const PictureAt& from, const PictureAt& to, int first, int last,
               std::vector<float>& flow) {
    const CameraSample &a = *from.sample, &b = *to.sample;
    const Camera& camera = a.camera;
    const auto width = static_cast<std::size_t>(camera.width);
    const ShownThings shown(a), shown_then(b);
    const ArrayView<float> vectors(flow, camera.height, 2 * width);
    const bool along_z = lens::depth_along_z(camera.lens);
    const bool rolling_from = rolls(camera), rolling_to = rolls(b.camera);
    const RigidTransform X_CW1 = to.motion.X_WC.inverse();
    const lens::Model to_lens(b.camera.lens);
    const bool plain = lens::plain_pinhole(camera.lens);
    const bool plain_to = lens::plain_pinhole(b.camera.lens);
    std::vector<Vec3> rays(width);
    std::uint32_t known = 0xffffffffU;
    std::map<std::uint32_t, Change> changes;  // by word
    const Change* change = nullptr;
    RigidTransform X_C1C0;  // for what does not move within a picture
    glm::dmat3 R_C1C0(1.0);
    for (int y = first; y < last; ++y) {
        find_rays(camera, plain, y, rays);
        for (int x = 0; x < camera.width; ++x) {
            float* out = &vectors(y, 2 * std::size_t(x));
            out[0] = out[1] = kNowhere;
            Vec3 ray = rays[static_cast<std::size_t>(x)];
            if (ray == Vec3(0)) continue;
            const std::uint32_t word = shown.ids(y, x);
            if (word != known) {
                known = word;
                const auto [at, added] = changes.try_emplace(word);
                if (added) at->second = change_of(world, *from.state, *to.state, word);
                change = &at->second;
                X_C1C0 = X_CW1 * change->X_W1W0 * from.motion.X_WC;
                R_C1C0 = glm::mat3_cast(X_C1C0.q);
            }
            if (!change->there) continue;
            const float depth_m = shown.depth_m(y, x);
            const double depth = std::isfinite(depth_m) ? static_cast<double>(depth_m) : kFar_m;
            Vec3 p_C0 = ray * (along_z ? depth / ray.z : depth);
            Vec3 p_C1;
            Vec2 pixel;
            if (plain && plain_to && !rolling_from && !rolling_to) {
                p_C1 = change->skin_0.empty() ? R_C1C0 * p_C0 + X_C1C0.p
                                              : X_CW1 * change->moved(from.motion.X_WC * p_C0);
                if (!(p_C1.z > 0)) continue;
                const double inverse = 1 / p_C1.z;
                pixel = {to_lens.lens.fx * (p_C1.x * inverse) + to_lens.lens.cx,
                         to_lens.lens.fy * (p_C1.y * inverse) + to_lens.lens.cy};
            } else if (!rolling_from && !rolling_to) {
                p_C1 = change->skin_0.empty() ? X_C1C0 * p_C0
                                              : X_CW1 * change->moved(from.motion.X_WC * p_C0);
                if (!lens::project(to_lens, p_C1, pixel)) continue;
            } else {
                // Back to the state's moment, over to the other state, on to its line's moment.
                const double t =
                    capture::line_time_s(camera, capture::line_of(camera.shutter.readout, x, y));
                const Vec3 seen_W = from.motion.at(t) * p_C0;
                const capture::Twist& then = from.twists->of(word);
                Vec3 p_W0 = seen_W - t * then.velocity_at(seen_W);
                p_W0 = seen_W - t * then.velocity_at(p_W0);
                const Vec3 p_W1 = change->moved(p_W0);
                const Vec3 v_W1 = to.twists->of(word).velocity_at(p_W1);
                if (!project_moving(b.camera, to_lens, to.motion, p_W1, v_W1, pixel, p_C1))
                    continue;
                const double line =
                    capture::line_of(b.camera.shutter.readout, 0, 1) == 1 ? pixel.y : pixel.x;
                const double t1 = capture::line_time_s(b.camera, static_cast<int>(line));
                p_C1 = to.motion.at(t1).inverse() * (p_W1 + t1 * v_W1);
            }
            const double depth_1 = along_z ? p_C1.z : glm::length(p_C1);
            if (!shows(shown_then, word, depth_1, pixel)) continue;
            out[0] = static_cast<float>(pixel.x - (x + 0.5));
            out[1] = static_cast<float>(pixel.y - (y + 0.5));
        }
    }
}

}  // namespace huntsman::sensors::labels
