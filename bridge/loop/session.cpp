#include "bridge/loop/run.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "bridge/loop/control.h"
#include "bridge/loop/observe.h"
#include "bridge/torch/drivers.h"
#include "engine/core/hash.h"
#include "engine/core/wall_time.h"
#include "sensors/eyes/eyes.h"

namespace huntsman::bridge::loop {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::core::TimeUs;
using engine::world::State;

namespace {

using Clock = engine::core::WallClock;
using engine::core::seconds_since;

constexpr const char* kLoopTrack = "loop";  // where the phases of the tick are too

Result<std::unique_ptr<driver::Driver>> make_driver(const RunOptions& options, std::size_t cameras,
                                                    std::function<messages::Perception()> truth) {
    const std::string& spec = options.driver;
    if (spec == "none") return driver::make_none_driver();
    if (spec == "oracle") return driver::make_oracle_driver(std::move(truth));
    if (spec == "network") return torch::make_network_driver(options.network);
    if (spec.starts_with("torch:")) {
        return torch::make_contract_driver(spec.substr(6), static_cast<int>(cameras), options.width,
                                           options.height);
    }
    return Error{.message =
                     "driver is " + spec + ", expected oracle, network, torch:FILE.pt or none"};
}

// Everything a run needs while it goes on; its methods are the run's hooks.
class Session {
  public:
    Session(Runner& runner, const RunOptions& options, const RunCallbacks& callbacks)
        : runner_(runner), options_(options), callbacks_(callbacks) {}

    Result<RunResult> run();

  private:
    Status sense(State& state);
    Status render(State& state);
    Status look(State& state, bool driven);
    Status drive(State& state);
    Status take_inputs(State& state);
    Status show(const State& state);  // to the sink
    void collect_failures();
    void trace_rendering(const engine::render::Timing& timing);
    void finish(RunResult& result);

    Runner& runner_;
    const RunOptions& options_;
    const RunCallbacks& callbacks_;

    std::unique_ptr<Assembly> assembly_;
    std::unique_ptr<driver::Driver> driver_;
    std::unique_ptr<Controller> controller_;
    engine::render::Renderer* renderer_ = nullptr;
    std::unique_ptr<sensors::eyes::Eyes> eyes_;  // none: a plain rig
    TimeUs camera_us_ = 0;                       // the rig's period

    // Of the present camera tick.
    std::uint64_t frame_ = 0;
    bool has_images_ = false;
    std::vector<engine::render::Frame> frames_;
    std::vector<sensors::labels::TrueObject> truth_;
    messages::Observation observation_;
    messages::Action action_;
    std::vector<std::uint64_t> frame_hashes_;

    RunResult result_;
    std::string driver_failure_;
    engine::sim::InputLog inputs_;
    std::int64_t inputs_tick_ = -1;  // for which they were asked for
    std::size_t judged_ = 0;         // infractions of the judge already turned into failures
    std::size_t shown_ = 0;          // failures the sink has been shown
    double render_s_ = 0, sensor_s_ = 0, record_s_ = 0, gpu_s_ = 0, readback_s_ = 0, labels_s_ = 0,
           driver_s_ = 0, sink_s_ = 0;
};

Status Session::sense(State& state) {
    const bool driven = engine::sim::due(state.time_us, camera_us_);
    has_images_ =
        renderer_ != nullptr && frame_ % static_cast<std::uint64_t>(options_.image_stride) == 0;
    if (has_images_) HM_TRY(eyes_ ? look(state, driven) : render(state));
    if (!driven) return {};
    truth_ = sensors::labels::objects_around(assembly_->world, state, kTruthReach_m);
    if (!has_images_) return {};
    auto start = Clock::now();
    // Hashes of the pictures and counts of visible pixels, camera by camera.
    const engine::core::TraceSpan span(callbacks_.trace, kLoopTrack, "labels");
    frame_hashes_.resize(frames_.size());
    runner_.pool().run(frames_.size(), [&](std::size_t c) {
        const auto& pixels = frames_[c].image.pixels;
        frame_hashes_[c] = engine::core::hash_bytes(pixels.data(), pixels.size());
    });
    for (const std::uint64_t hash : frame_hashes_) {
        result_.image_hash = engine::core::hash_chain(result_.image_hash, hash);
    }
    std::vector<std::span<const std::uint32_t>> ids;
    for (const auto& frame : frames_) ids.emplace_back(frame.ids);
    sensors::labels::count_visible(assembly_->world, ids, truth_);
    labels_s_ += seconds_since(start);
    return {};
}

// All cameras of a plain rig at once.
Status Session::render(State& state) {
    const auto start = Clock::now();
    const auto views = camera_views(assembly_->world, state);
    HM_TRY(renderer_->render(
        state, {.views = views, .ids = true, .time_passes = callbacks_.trace != nullptr}, frames_));
    render_s_ += seconds_since(start);
    const auto& timing = renderer_->timing();
    trace_rendering(timing);
    record_s_ += 1e-3 * timing.record_ms;
    gpu_s_ += 1e-3 * timing.gpu_ms;
    readback_s_ += 1e-3 * timing.readback_ms;
    return {};
}

// Each camera when it is due; the others keep their picture. The driver's first look has all.
Status Session::look(State& state, bool driven) {
    const bool all = frames_.empty() || (driven && options_.image_stride > 1);
    const auto& cameras = assembly_->world.rig.cameras;
    if (frames_.empty()) {
        // Black until a camera's first picture has arrived.
        frames_.resize(cameras.size());
        for (std::size_t c = 0; c < cameras.size(); ++c) {
            const std::size_t pixels = static_cast<std::size_t>(cameras[c].width) *
                                       static_cast<std::size_t>(cameras[c].height);
            frames_[c].image = {cameras[c].width, cameras[c].height, 3, {}};
            frames_[c].image.pixels.resize(3 * pixels);
            frames_[c].ids.resize(pixels);
        }
    }
    const auto start = Clock::now();
    auto taken = eyes_->look(*renderer_, assembly_->world, state, {.all = all});
    if (!taken) return taken.error();
    if (!taken->empty()) {
        render_s_ += eyes_->render_s();
        sensor_s_ += seconds_since(start) - eyes_->render_s();
        const auto& timing = renderer_->timing();
        record_s_ += 1e-3 * timing.record_ms;
        gpu_s_ += 1e-3 * timing.gpu_ms;
        readback_s_ += 1e-3 * timing.readback_ms;
    }
    for (auto& one : *taken) {
        frames_[one.camera].image = std::move(one.picture.image);
        frames_[one.camera].ids = std::move(one.picture.shot.ids);
    }
    return {};
}

Status Session::drive(State& state) {
    auto start = Clock::now();
    observe(assembly_->world, state, assembly_->route, assembly_->judge.route_s_m(), frame_,
            observation_);
    if (driver_->needs_images()) add_images(assembly_->world, frames_, observation_);
    auto action = [&]() -> Result<messages::Action> {
        const engine::core::TraceSpan span(callbacks_.trace, kLoopTrack, "driver");
        try {
            return driver_->drive(observation_);
        } catch (const std::bad_alloc&) {
            throw;  // the machine's trouble, not the driver's
        } catch (const std::exception& error) {
            return Error{.message = error.what()};
        }
    }();
    if (!action) {
        // The tick goes to its end without it, so that the recording ends with a whole tick.
        driver_failure_ = "the driver failed: " + action.error().text();
        return {};
    }
    driver_s_ += seconds_since(start);
    controller_->add(*action, state.time_us, state.time_us + 1000LL * options_.latency_ms,
                     state.actors.front().X_WB);

    // How well it perceived; without pictures there is no measure of what could be seen.
    if (action->has_perception() && has_images_) {
        result_.perception.observe(state, action->perception(), truth_);
    }
    action_ = std::move(*action);
    collect_failures();
    HM_TRY(show(state));
    ++frame_;
    return {};
}

// The call of render with its stages, and the device's passes on a track of their own.
void Session::trace_rendering(const engine::render::Timing& timing) {
    if (callbacks_.trace == nullptr || timing.stages.empty()) return;
    callbacks_.trace->add(kLoopTrack,
                          {"render", timing.stages.front().start, timing.stages.back().end});
    for (const auto& stage : timing.stages) callbacks_.trace->add(kLoopTrack, stage);
    for (const auto& pass : timing.passes) callbacks_.trace->add("device", pass);
}

Status Session::show(const State& state) {
    const engine::core::TraceSpan span(callbacks_.trace, kLoopTrack, "output");
    const auto start = Clock::now();
    if (callbacks_.sink) {
        const std::span<const Failure> fresh(result_.failures.begin() + static_cast<long>(shown_),
                                             result_.failures.end());
        HM_TRY(callbacks_.sink({assembly_->world, state, frame_, has_images_, frames_, truth_,
                                observation_, action_, fresh}));
    }
    shown_ = result_.failures.size();
    sink_s_ += seconds_since(start);
    return {};
}

Status Session::take_inputs(State& state) {
    if (state.tick != inputs_tick_) {  // the second call of a tick only applies
        inputs_tick_ = state.tick;
        const auto& ego = state.actors.front();
        inputs_.command(state.tick, ego.id, controller_->command(ego, state.time_us));
        if (callbacks_.inputs) callbacks_.inputs(state, inputs_);
    }
    inputs_.apply(state);
    return {};
}

void Session::collect_failures() {
    const auto& infractions = assembly_->judge.infractions();
    std::vector<score::Infraction> found(infractions.begin() + static_cast<long>(judged_),
                                         infractions.end());
    judged_ = infractions.size();
    for (const auto& finding : result_.perception.take_findings()) found.push_back(finding);
    for (const score::Infraction& infraction : found) {
        Failure failure{.infraction = infraction};
        for (const auto& object : truth_) {
            if (object.id != infraction.other) continue;
            failure.other = engine::world::name(object.semantic);
            failure.occlusion = has_images_ ? 1.0 - object.visible_share : 0.0;
            if (failure.infraction.distance_m == 0.0) {
                failure.infraction.distance_m = object.distance_m;
            }
        }
        if (failure.other.empty() && infraction.other >= engine::world::kFirstStaticObject) {
            for (const auto& object : assembly_->world.objects) {
                if (object.id == infraction.other) {
                    failure.other = engine::world::name(object.semantic);
                }
            }
        }
        result_.failures.push_back(std::move(failure));
    }
}

Result<RunResult> Session::run() {
    const auto start = Clock::now();
    // The device gets ready while the world is built.
    std::future<Result<engine::render::Renderer*>> opening;
    if (options_.images) {
        opening =
            std::async(std::launch::async, [&] { return runner_.renderer(options_.quality); });
    }
    auto world = build_world(options_, &result_.notes);
    if (!world) return world.error();
    auto assembly =
        Assembly::create(std::move(*world), {.sense = [this](State& s) { return sense(s); },
                                             .drive = [this](State& s) { return drive(s); },
                                             .inputs = [this](State& s) { return take_inputs(s); },
                                             .endless = options_.endless});
    if (!assembly) return assembly.error();
    assembly_ = std::move(*assembly);
    camera_us_ = static_cast<TimeUs>(1e6 / assembly_->world.rig.rate_hz + 0.5);
    auto& simulation = *assembly_->simulation;
    simulation.set_trace(callbacks_.trace);

    auto driver = make_driver(options_, assembly_->world.rig.cameras.size(), [this] {
        return true_perception(assembly_->world, assembly_->simulation->state(),
                               observation_.route());
    });
    if (!driver) return driver.error();
    driver_ = std::move(*driver);
    driver_->reset();
    if (driver_->needs_images() && (!options_.images || options_.image_stride != 1)) {
        return Error{.message = "driver " + driver_->name() +
                                " needs images, but images are switched off"};
    }
    controller_ = std::make_unique<Controller>(
        assembly_->world.archetype_of(assembly_->world.spawns.front()));
    if (options_.images) {
        auto renderer = opening.get();
        if (!renderer) return renderer.error();
        renderer_ = *renderer;
        HM_TRY(renderer_->load(assembly_->world));
        result_.device = renderer_->device().device;
        if (!sensors::eyes::plain(assembly_->world.rig)) {
            auto eyes = sensors::eyes::Eyes::create(assembly_->world.rig, assembly_->world.seed,
                                                    runner_.pool());
            if (!eyes) return eyes.error();
            eyes_ = std::move(*eyes);
        }
    }
    const double prepare_s = seconds_since(start);
    if (callbacks_.trace) callbacks_.trace->add(kLoopTrack, {"prepare", start, Clock::now()});

    // The loop.
    const auto loop_start = Clock::now();
    const TimeUs end_us = engine::core::from_seconds(options_.scenario.duration_s);
    result_.end_reason = "time is up";
    while (simulation.state().time_us < end_us) {
        if (callbacks_.stop != nullptr && callbacks_.stop->load()) {
            result_.incomplete = true;
            result_.end_reason = "interrupted";
            break;
        }
        if (auto status = simulation.tick(); !status) {
            if (status.error().kind != engine::core::ErrorKind::kInvalid) return status.error();
            result_.valid = false;
            result_.end_reason = status.error().message;
            break;
        }
        if (!driver_failure_.empty()) {
            result_.valid = false;
            result_.end_reason = driver_failure_;
            break;
        }
        if (!assembly_->judge.end_reason().empty()) {
            result_.end_reason = assembly_->judge.end_reason();
            break;
        }
        if (callbacks_.progress && simulation.state().tick % 20 == 0) {
            callbacks_.progress(static_cast<double>(simulation.state().time_us) /
                                static_cast<double>(end_us));
        }
    }
    // What failed after the last camera tick is shown with that tick's pictures.
    collect_failures();
    if (shown_ < result_.failures.size()) HM_TRY(show(simulation.state()));
    result_.wall_time_s = seconds_since(loop_start);
    finish(result_);
    result_.stage_ms.insert(result_.stage_ms.begin(), {"prepare_total", 1e3 * prepare_s});
    return std::move(result_);
}

void Session::finish(RunResult& result) {
    const auto& simulation = *assembly_->simulation;
    result.options = options_;
    result.driver = driver_->name();
    const auto notes = driver_->notes();
    result.notes.insert(result.notes.end(), notes.begin(), notes.end());
    result.scenario = assembly_->world.scenario;
    result.seed = options_.scenario.town.seed;
    result.environment = assembly_->world.environment;
    result.ticks = simulation.state().tick;
    result.frames = frame_;
    result.sim_time_s = engine::core::seconds(simulation.state().time_us);
    result.state_hash = simulation.state_hash();
    result.route_m = assembly_->route.length_m();
    result.collision_disagreements = assembly_->judge.collision_disagreements();
    result.carla = assembly_->judge.carla();
    result.nuplan = assembly_->judge.nuplan();
    result.progress_m = result.carla.route_completion * result.route_m;
    result.timeline = assembly_->judge.timeline();
    result.recording.inputs = to_json(options_);
    result.recording.external = inputs_.inputs();
    result.recording.chain = simulation.chain();
    result.peak_memory_mb = peak_memory_mb();

    // Mean times a camera tick; the phases in the order in which the assembly declares them.
    const double per_frame = frame_ > 0 ? 1e3 / static_cast<double>(frame_) : 0.0;
    const auto& phases = simulation.phase_seconds();
    HM_CHECK(phases.size() == 8, "the assembly has {} phases", phases.size());
    result.stage_ms = {
        {"render", render_s_ * per_frame},        {"render_record", record_s_ * per_frame},
        {"render_gpu", gpu_s_ * per_frame},       {"render_readback", readback_s_ * per_frame},
        {"sensor", sensor_s_ * per_frame},        {"labels", labels_s_ * per_frame},
        {"think", phases[1] * per_frame},         {"driver", driver_s_ * per_frame},
        {"output", sink_s_ * per_frame},          {"act", (phases[4] + phases[5]) * per_frame},
        {"move", phases[6] * per_frame},          {"judge", phases[7] * per_frame},
        {"total", result.wall_time_s * per_frame}};
}

}  // namespace

RunResult failed_run(const RunOptions& options, std::string reason, double time_s) {
    RunResult result;
    result.options = options;
    result.driver = options.driver;
    result.scenario = options.scenario.name;
    result.seed = options.scenario.town.seed;
    result.sim_time_s = time_s;
    result.valid = false;
    result.end_reason = std::move(reason);
    return result;
}

Runner::Runner(int threads) : pool_(threads) {}
Runner::~Runner() = default;

Result<engine::render::Renderer*> Runner::renderer(engine::render::Quality quality) {
    if (!renderer_ || renderer_quality_ != quality) {
        renderer_.reset();
        auto created = engine::render::Renderer::create(quality);
        if (!created) return created.error();
        renderer_ = std::move(*created);
        renderer_quality_ = quality;
    }
    return renderer_.get();
}

Result<RunResult> Runner::run(const RunOptions& options, const RunCallbacks& callbacks) {
    return Session(*this, options, callbacks).run();
}

Result<Runner::Replay> Runner::replay(const engine::sim::Recording& recording,
                                      std::optional<std::int64_t> until_tick,
                                      const std::function<void(double)>& progress,
                                      const std::function<Status(Assembly&)>& at_end) {
    auto options = options_from_json(recording.inputs, "the recording's inputs");
    if (!options) return options.error();
    auto world = build_world(*options);
    if (!world) return world.error();

    // The recorded inputs stand in for whoever gave them.
    std::size_t next = 0;
    engine::sim::InputLog inputs;
    auto assembly =
        Assembly::create(std::move(*world), {.inputs =
                                                 [&](State& state) {
                                                     const auto& recorded = recording.external;
                                                     while (next < recorded.size() &&
                                                            recorded[next].tick <= state.tick) {
                                                         inputs.add(recorded[next++]);
                                                     }
                                                     inputs.apply(state);
                                                     return Status();
                                                 },
                                             .endless = options->endless});
    if (!assembly) return assembly.error();
    auto& simulation = *(*assembly)->simulation;
    // An altered recording may claim any tick; the scenario's duration bounds what can be true.
    const std::int64_t longest = engine::core::from_seconds(options->scenario.duration_s) / 5000;
    const std::int64_t last = recording.chain.empty() ? -1 : recording.chain.back().tick;
    const std::int64_t end = std::clamp<std::int64_t>(
        until_tick ? std::min(*until_tick, longest) : std::min(last, longest - 1) + 1, 0, longest);
    while (simulation.state().tick < end) {
        // A numerically invalid run ends where it ended when it was recorded.
        if (auto status = simulation.tick(); !status) break;
        if (progress && simulation.state().tick % 200 == 0) {
            progress(static_cast<double>(simulation.state().tick) / static_cast<double>(end));
        }
    }
    if (at_end) HM_TRY(at_end(**assembly));
    return Replay{std::move(*options), simulation.chain(), simulation.state_hash()};
}

}  // namespace huntsman::bridge::loop
