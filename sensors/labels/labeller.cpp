#include "sensors/labels/labeller.h"

#include <algorithm>
#include <limits>

#include "engine/core/check.h"
#include "sensors/labels/camera_labels.h"
#include "sensors/labels/map_labels.h"
#include "sensors/labels/minds.h"

namespace huntsman::sensors::labels {

using engine::world::State;
using engine::world::World;

struct Labeller::Pending {
    Sample sample;
    State state;
    capture::SceneMotion twists;
    std::vector<capture::CameraMotion> motions;  // of the sample's cameras
    std::vector<bool> followed;                  // has another picture after it

    Pending(const World& world, State taken) : state(std::move(taken)), twists(world, state) {}
    PictureAt picture(std::size_t camera) const {
        return {&sample.cameras[camera], &state, &twists, motions[camera]};
    }
};

Labeller::Labeller(const World& world, const engine::road::RoadMap& map,
                   engine::core::JobPool& pool, const LabelOptions& options)
    : world_(world), pool_(pool), options_(options), bodies_(world), ground_(world, map) {}
Labeller::~Labeller() = default;

std::vector<Sample> Labeller::add(Moment moment) {
    auto pending = std::make_unique<Pending>(world_, std::move(moment.state));
    Sample& sample = pending->sample;
    sample.scene = std::move(moment.scene);
    sample.frame = moment.frame;
    sample.lidar = std::move(moment.lidar);
    label(*pending, moment.pictures);
    connect(*pending);
    pending_.push_back(std::move(pending));
    return take_complete(false);
}

std::vector<Sample> Labeller::finish() { return take_complete(true); }

// What is known without other moments.
void Labeller::label(Pending& pending, std::vector<TakenPicture>& pictures) {
    Sample& sample = pending.sample;
    const State& state = pending.state;
    const auto& ego = state.actors.front();
    sample.time_us = state.time_us;
    sample.state_hash = engine::world::hash(state);
    sample.environment = engine::world::environment_at(world_, state);
    const RigidTransform X_BW = ego.X_WB.inverse();
    sample.ego = {ego.X_WB, X_BW.rotate(ego.v_W), X_BW.rotate(ego.w_W), X_BW.rotate(ego.a_W),
                  ego.steer_rad};
    sample.objects = label_objects(bodies_, state, options_.box_range_m);
    sample.box_range_m = options_.box_range_m;
    if (options_.minds) label_minds(world_, state, options_.profiles, sample.objects);
    sample.signals = label_signals(world_, state, options_.box_range_m);
    if (options_.map) {
        sample.lanes = label_lanes(world_, ego.X_WB.p, options_.map_range_m, sample.signals);
        sample.marks = label_marks(world_, ego.X_WB.p, options_.map_range_m);
    }
    sample.signs = label_signs(world_, ego.X_WB.p, options_.box_range_m);

    sample.cameras.resize(pictures.size());
    pending.motions.resize(pictures.size());
    pending.followed.assign(pictures.size(), false);
    pool_.run(pictures.size(), [&](std::size_t c) {
        TakenPicture& taken = pictures[c];
        CameraSample& camera = sample.cameras[c];
        camera.camera = std::move(taken.camera);
        camera.stated = std::move(taken.stated);
        camera.time_us = state.time_us;
        pending.motions[c] = capture::camera_motion(camera.camera, state);
        camera.X_WC = pending.motions[c].X_WC;
        camera.image = std::move(taken.image);
        camera.raw = std::move(taken.raw);
        if (taken.keep_linear) camera.linear = std::move(taken.shot.radiance);
        camera.ids = std::move(taken.shot.ids);
        camera.depth_m = std::move(taken.shot.depth_m);
        if (camera.ids.empty()) return;  // pictures alone were wanted
        if (options_.normals) {
            decode_normals(camera, pending.motions[c], taken.shot.shape, camera.normals_C);
        }
        camera.objects =
            label_camera(bodies_, state, pending.twists, pending.motions[c], sample.objects, camera,
                         taken.shot.plan.get(), options_.amodal, options_.lod_error_px);
    });
    for (const CameraSample& camera : sample.cameras) {
        for (const ObjectInCamera& seen : camera.objects) {
            const auto object =
                std::lower_bound(sample.objects.begin(), sample.objects.end(), seen.id,
                                 [](const ObjectLabel& a, ActorId b) { return a.id < b; });
            object->visible_px += seen.visible_px;
            object->amodal_px += seen.amodal_inside_px;
        }
    }
    for (const LidarPoint& point : sample.lidar.points) {
        const ActorId id = engine::world::actor_of(point.id);
        const auto object =
            std::lower_bound(sample.objects.begin(), sample.objects.end(), id,
                             [](const ObjectLabel& a, ActorId b) { return a.id < b; });
        if (object != sample.objects.end() && object->id == id) ++object->lidar_points;
    }
    const bool labelled = !sample.cameras.empty() && !sample.cameras.front().ids.empty();
    if (options_.birds_eye && labelled) {
        sample.birds_eye =
            label_birds_eye(ground_, state, sample.objects, sample.cameras, pending.motions, pool_,
                            options_.birds_eye_cell_m, options_.birds_eye_cells);
    }
}

// Flow between each of the new pictures and the same camera's one before.
void Labeller::connect(Pending& later) {
    struct Job {
        PictureAt from, to;
        std::vector<float>* flow;
        int first, last;
    };
    constexpr int kRows = 32;  // of one job
    std::vector<Job> jobs;
    for (std::size_t c = 0; c < later.sample.cameras.size(); ++c) {
        CameraSample& camera = later.sample.cameras[c];
        Pending* before = nullptr;
        std::size_t at = 0;
        for (auto p = pending_.rbegin(); p != pending_.rend() && before == nullptr; ++p) {
            const auto& cameras = (*p)->sample.cameras;
            for (std::size_t k = 0; k < cameras.size(); ++k) {
                if (cameras[k].camera.name != camera.camera.name) continue;
                before = p->get();
                at = k;
            }
        }
        const bool wanted = options_.flow && !camera.ids.empty();
        const std::size_t numbers = wanted ? 2 * camera.ids.size() : 0;
        camera.flow_next.assign(numbers, std::numeric_limits<float>::quiet_NaN());
        camera.flow_previous.assign(numbers, std::numeric_limits<float>::quiet_NaN());
        if (before == nullptr) continue;
        before->followed[at] = true;
        if (!wanted) continue;
        const PictureAt old_picture = before->picture(at), new_picture = later.picture(c);
        for (int row = 0; row < camera.camera.height; row += kRows) {
            const int last = std::min(row + kRows, camera.camera.height);
            jobs.push_back(
                {old_picture, new_picture, &before->sample.cameras[at].flow_next, row, last});
            jobs.push_back({new_picture, old_picture, &camera.flow_previous, row, last});
        }
    }
    pool_.run(jobs.size(), [&](std::size_t i) {
        const Job& job = jobs[i];
        flow_rows(world_, job.from, job.to, job.first, job.last, *job.flow);
    });
}

// Flow leads forward and back: the newest picture of each camera waits for its successor.
std::vector<Sample> Labeller::take_complete(bool all) {
    std::vector<Sample> samples;
    while (!pending_.empty()) {
        Pending& first = *pending_.front();
        const bool complete =
            !options_.flow ||
            std::all_of(first.followed.begin(), first.followed.end(), [](bool f) { return f; });
        if (!complete && !all) break;
        samples.push_back(std::move(first.sample));
        pending_.pop_front();
    }
    return samples;
}

}  // namespace huntsman::sensors::labels
