#include "bridge/export/scene.h"

#include <chrono>
#include <optional>
#include <thread>

#include "bridge/loop/session.h"
#include "engine/core/bounded_queue.h"
#include "engine/core/files.h"
#include "engine/core/wall_time.h"
#include "sensors/encode/image_file.h"
#include "sensors/eyes/eyes.h"
#include "sensors/imager/profile.h"
#include "sensors/labels/audit.h"
#include "sensors/labels/labeller.h"
#include "sensors/lidar/lidar.h"

namespace huntsman::bridge::exporting {

using engine::core::BoundedQueue;
using engine::core::Result;
using engine::core::Status;
using engine::core::TimeUs;
using engine::world::Camera;
using engine::world::State;
using sensors::dataset::Wanted;
using sensors::labels::Moment;
using sensors::labels::Sample;

namespace {

using Clock = engine::core::WallClock;
using engine::core::seconds_since;

// A moment between the two threads.
struct Seen {
    State state;
    sensors::eyes::Exposed exposed;
};
// One waits while another is labelled. Each holds all buffers of its cameras.
constexpr std::size_t kMomentsWaiting = 1;

// The side that renders; lives on the caller's thread.
class Taker {
  public:
    Taker(const SceneRequest& request, const sensors::dataset::Format& format,
          engine::render::Renderer& renderer, sensors::eyes::Eyes& eyes, TimeUs first_us,
          BoundedQueue<Seen>& queue, SceneTimes& times)
        : request_(request),
          format_(format),
          renderer_(renderer),
          eyes_(eyes),
          first_us_(first_us),
          queue_(queue),
          times_(times) {}

    // At the rig's rate, or whenever a camera is due.
    loop::Observer observer() {
        if (request_.own_times) {
            return {.sense = [this](const engine::world::World& world, const State& state) {
                return take(world, state);
            }};
        }
        return {
            .frame = [this](const loop::FrameView& view) { return take(view.world, view.state); }};
    }

    // The other side has failed and says why.
    bool gave_up() const { return gave_up_; }

  private:
    Status take(const engine::world::World& world, const State& state) {
        if (state.time_us < first_us_) return {};
        const Wanted wanted = format_.wanted(previous_us_, state.time_us);
        HM_TAKE(auto exposed, eyes_.expose(renderer_, world, state,
                                           {.ids = !request_.only_pictures,
                                            .labels = !request_.only_pictures,
                                            .radiance = wanted.linear,
                                            .raw = wanted.raw,
                                            .all = !request_.own_times}));
        if (exposed.cameras.empty()) return {};
        times_.render_s += eyes_.render_s();
        times_.sensor_s += eyes_.lens_s();
        previous_us_ = state.time_us;
        const auto full = Clock::now();
        if (!queue_.push({state, std::move(exposed)})) gave_up_ = true;
        times_.waited_s += seconds_since(full);
        return {};
    }

    const SceneRequest& request_;
    const sensors::dataset::Format& format_;
    engine::render::Renderer& renderer_;
    sensors::eyes::Eyes& eyes_;
    const TimeUs first_us_;
    BoundedQueue<Seen>& queue_;
    SceneTimes& times_;
    bool gave_up_ = false;
    TimeUs previous_us_ = -1;
};

// The side that develops, labels and writes; lives on a thread of its own.
class Scribe {
  public:
    Scribe(const SceneRequest& request, const sensors::dataset::Format& format,
           const std::filesystem::path& folder, engine::core::JobPool& pool,
           const std::function<void()>& frame_done, SceneTimes& times)
        : request_(request),
          format_(format),
          folder_(folder),
          pool_(pool),
          frame_done_(frame_done),
          times_(times) {}

    // What is given must outlive the object.
    Status open(const loop::Session& session, sensors::eyes::Eyes& eyes) {
        const engine::world::World& world = session.world();
        eyes_ = &eyes;
        if (request_.only_pictures) return engine::core::make_writable_folder(folder_);
        const Wanted most = format_.wanted(-1, 0);
        world_ = &world;
        sensors::labels::LabelOptions options;
        options.lod_error_px = engine::render::lod_error_px(request_.run.quality);
        // Road users are labelled as far as any camera is meant to see.
        for (const Camera& camera : world.rig.cameras) {
            options.box_range_m = std::max(options.box_range_m, camera.range_m);
        }
        options.normals = most.normals;
        options.flow = most.flow;
        options.birds_eye = most.birds_eye;
        options.profiles = session.profiles();
        labeller_ =
            std::make_unique<sensors::labels::Labeller>(world, session.road_map(), pool_, options);
        if (most.lidar) {
            HM_TAKE(auto lidar, sensors::lidar::Lidar::create(world, sensors::lidar::hdl32e()));
            lidar_ = std::make_unique<sensors::lidar::Lidar>(std::move(lidar));
        }
        HM_TAKE(writer_, format_.open_scene({.name = request_.name,
                                             .seed = request_.run.scenario.town.seed,
                                             .scenario = request_.run.scenario.name,
                                             .world = world,
                                             .description = {},
                                             .conditions = request_.conditions},
                                            folder_, &pool_));
        return {};
    }

    Status add(Seen seen) {
        const auto developing = Clock::now();
        Moment moment{
            .scene = request_.name, .frame = times_.samples, .state = std::move(seen.state)};
        for (auto& one : eyes_->develop(std::move(seen.exposed), pool_)) {
            moment.pictures.push_back(std::move(one.picture));
        }
        times_.sensor_s += seconds_since(developing);
        if (moment.pictures.empty()) return {};
        const std::size_t pictures = moment.pictures.size();
        if (request_.only_pictures) {
            HM_TRY(write_pictures(moment));
        } else {
            if (lidar_ && format_.wanted(previous_us_, moment.state.time_us).lidar) {
                const auto start = Clock::now();
                const auto& ego = moment.state.actors.front();
                moment.lidar = lidar_->sweep(
                    moment.state,
                    sensors::lidar::Lidar::mounting(world_->archetypes[ego.archetype].extent));
                times_.lidar_s += seconds_since(start);
            }
            previous_us_ = moment.state.time_us;
            const auto start = Clock::now();
            std::vector<Sample> samples = labeller_->add(std::move(moment));
            times_.labels_s += seconds_since(start);
            HM_TRY(write(std::move(samples)));
        }
        ++times_.samples;
        times_.frames += pictures;
        for (std::size_t i = 0; i < pictures; ++i) frame_done_();
        return {};
    }

    Status finish() {
        if (request_.only_pictures) return {};
        const auto start = Clock::now();
        std::vector<Sample> samples = labeller_->finish();
        times_.labels_s += seconds_since(start);
        HM_TRY(write(std::move(samples)));
        if (held_) HM_TRY(write_held(nullptr));
        const auto closing = Clock::now();
        HM_TRY(writer_->finish());
        times_.write_s += seconds_since(closing);
        return {};
    }

  private:
    // A sample is written when the one after it has come, which its flow leads to.
    Status write(std::vector<Sample> samples) {
        for (Sample& sample : samples) {
            if (held_) HM_TRY(write_held(&sample));
            held_ = std::move(sample);
        }
        return {};
    }
    Status write_held(const Sample* next) {
        auto start = Clock::now();
        const auto violations = sensors::labels::audit(*held_, next);
        times_.objects += sensors::labels::audited_objects(*held_);
        times_.audit_s += seconds_since(start);
        if (!violations.empty()) {
            const auto& first = violations.front();
            return engine::core::Error{
                .message = fmt::format("sample {}{}{}: the labels contradict each other ({}): {}",
                                       held_->frame, first.camera.empty() ? "" : ", camera ",
                                       first.camera, first.rule, first.what)};
        }
        start = Clock::now();
        HM_TRY(writer_->add(*held_));
        times_.write_s += seconds_since(start);
        return {};
    }

    Status write_pictures(const Moment& moment) {
        const auto start = Clock::now();
        std::vector<Status> done(moment.pictures.size());
        pool_.run(moment.pictures.size(), [&](std::size_t c) {
            const auto& picture = moment.pictures[c];
            const auto bytes =
                sensors::encode::encode_jpeg(picture.image, format_.options().jpeg_quality);
            done[c] =
                bytes
                    ? engine::core::write_file(
                          folder_ / fmt::format("{}-{:06}.jpg", picture.camera.name, moment.frame),
                          *bytes)
                    : Status(bytes.error());
        });
        times_.write_s += seconds_since(start);
        for (const Status& status : done) HM_TRY(status);
        return {};
    }

    const SceneRequest& request_;
    const sensors::dataset::Format& format_;
    const std::filesystem::path& folder_;
    engine::core::JobPool& pool_;
    const std::function<void()>& frame_done_;
    SceneTimes& times_;
    const engine::world::World* world_ = nullptr;
    sensors::eyes::Eyes* eyes_ = nullptr;
    std::unique_ptr<sensors::labels::Labeller> labeller_;
    std::unique_ptr<sensors::lidar::Lidar> lidar_;
    std::unique_ptr<sensors::dataset::SceneWriter> writer_;
    std::optional<Sample> held_;
    TimeUs previous_us_ = -1;
};

}  // namespace

void SceneTimes::add(const SceneTimes& other) {
    frames += other.frames;
    samples += other.samples;
    loop_s += other.loop_s;
    simulate_s += other.simulate_s;
    render_s += other.render_s;
    sensor_s += other.sensor_s;
    waited_s += other.waited_s;
    lidar_s += other.lidar_s;
    labels_s += other.labels_s;
    audit_s += other.audit_s;
    write_s += other.write_s;
    objects += other.objects;
}

TimeUs first_picture_us(double warm_up_s, double rate_hz) {
    const TimeUs period_us = engine::core::from_seconds(1 / rate_hz);
    return (engine::core::from_seconds(warm_up_s) + period_us - 1) / period_us * period_us;
}

Status check_sensors(const engine::world::Rig& rig) {
    for (const Camera& camera : rig.cameras) {
        if (camera.sensor.empty()) continue;
        HM_TAKE(const auto profile, sensors::imager::load_profile(camera.sensor));
    }
    return {};
}

SceneMaker::SceneMaker(int threads, std::size_t kept_places)
    : taking_(threads, kept_places), writing_(threads) {}
SceneMaker::~SceneMaker() = default;

Result<SceneEnd> SceneMaker::make(const SceneRequest& request,
                                  const sensors::dataset::Format& format,
                                  const std::filesystem::path& folder,
                                  const std::function<bool()>& stopped,
                                  const std::function<void()>& frame_done, SceneTimes& times) {
    // The world, with cameras that are due at the export's rate, and traffic that drives the ego.
    HM_TAKE(auto built, loop::build_world(request.run, nullptr, &taking_));
    if (!request.own_times) built.world.rig.rate_hz = request.rate_hz;
    const TimeUs first_us = first_picture_us(request.warm_up_s, built.world.rig.rate_hz);
    loop::RunOptions options = request.run;
    options.images = false;  // the eyes below see instead
    options.scenario.duration_s = engine::core::seconds(
        first_us + engine::core::from_seconds(request.run.scenario.duration_s));
    HM_TAKE(auto created, loop::Session::create(taking_, options,
                                                {.traffic_drives_ego = !request.recording,
                                                 .world = std::move(built),
                                                 .whole_time = true,
                                                 .recording = request.recording}));
    loop::Session& session = *created;
    HM_TAKE(auto renderer, taking_.show(this, options.quality, session.world()));
    HM_TAKE(auto eyes, sensors::eyes::Eyes::create(session.world().rig,
                                                   request.run.scenario.town.seed, taking_.pool()));

    BoundedQueue<Seen> queue(kMomentsWaiting);
    SceneTimes written;  // the other thread's, added when it has ended
    Taker taker(request, format, *renderer, *eyes, first_us, queue, times);
    session.subscribe(taker.observer());
    Scribe scribe(request, format, folder, writing_, frame_done, written);
    HM_TRY(scribe.open(session, *eyes));

    Status writing;
    std::atomic<bool> complete{false};
    std::thread thread([&] {
        while (auto moment = queue.pop()) {
            writing = scribe.add(std::move(*moment));
            if (!writing) {
                queue.abandon();
                return;
            }
        }
        if (complete.load() && !stopped()) writing = scribe.finish();
    });

    // Drive until the time is up, somebody stops it or a side fails.
    const auto elsewhere_s = [&] { return times.render_s + times.sensor_s + times.waited_s; };
    const double before_s = elsewhere_s();
    const auto driving = Clock::now();
    Status taking;
    while (taking.ok() && !session.ended() && !stopped() && !taker.gave_up()) {
        taking = session.step();
    }
    if (!session.valid()) {
        taking = engine::core::Error{.message = session.end_reason(),
                                     .kind = engine::core::ErrorKind::kInvalid};
    }
    times.simulate_s += seconds_since(driving) - (elsewhere_s() - before_s);
    complete = taking.ok();
    queue.close();
    thread.join();
    times.add(written);
    times.loop_s += seconds_since(driving);
    if (!writing) return writing.error();
    if (!taking) return taking.error();
    return stopped() ? SceneEnd::kStopped : SceneEnd::kDone;
}

}  // namespace huntsman::bridge::exporting
