#include "bridge/loop/session.h"

#include <algorithm>
#include <cmath>
#include <future>

#include "bridge/faults/injection.h"
#include "bridge/loop/assembly.h"
#include "bridge/loop/control.h"
#include "bridge/loop/observe.h"
#include "bridge/loop/sight.h"
#include "bridge/loop/story_notes.h"
#include "bridge/score/perceived.h"
#include "engine/core/hash.h"
#include "engine/core/wall_time.h"
#include "sensors/eyes/eyes.h"

namespace huntsman::bridge::loop {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Key;
using engine::core::Result;
using engine::core::Status;
using engine::core::TimeUs;
using engine::sim::PhaseOrder;
using engine::world::State;

namespace {

using Clock = engine::core::WallClock;
using engine::core::seconds_since;

constexpr const char* kLoopTrack = "loop";  // where the phases of the tick are too

}  // namespace

struct Session::Impl {
    Impl(Resources& r, const RunOptions& o, Setup s)
        : resources(r),
          options(o),
          faults(parts::left(o.faults, o.ideal)),
          latency(latency_of(o)),
          setup(std::move(s)) {}

    Status prepare();
    Status open_eyes();
    Status step();
    Status begin_tick();
    Status end_tick();
    void note_story();
    void note_end_of_story();
    void end(std::string reason, bool valid = true);
    Status end_with(const Error& error);
    bool replaying() const;

    // Hooks of the tick.
    Status sense(State& state);
    Status look(const State& state, bool driven);
    void label();
    Status drive(State& state);
    Status take_inputs(State& state);
    void take_recorded();
    void change_moment();
    Status add_change(const engine::sim::ExternalInput& input);

    void call_driver();
    void miss_answer(const std::string& why);
    // `measured_us`: what the driver's call took.
    void apply(messages::Action given, TimeUs measured_us = 0);
    void watch_plans();
    Status conclude_frame();
    void collect_failures();
    Status show();
    FrameView view() const;
    void trace_rendering(const engine::render::Timing& timing);
    Result<RunResult> finish();
    void fill_result();

    Resources& resources;
    const RunOptions options;
    const std::vector<faults::Fault> faults;  // that do something in spite of ideal parts
    const Latency latency;
    Setup setup;
    std::vector<Observer> observers;

    std::unique_ptr<Assembly> assembly;
    std::unique_ptr<Controller> controller;
    std::optional<DriverTime> driver_time;
    engine::render::Renderer* renderer = nullptr;
    std::unique_ptr<sensors::eyes::Eyes> eyes;  // none: without images
    TimeUs camera_us = 0;                       // the rig's period
    TimeUs end_us = 0;

    bool begun = false;  // stands at a moment
    bool ended = false, at_frame = false;
    bool looked = false;  // through the cameras
    std::string driver_failure;
    std::vector<bool> left_script;  // by entity of the story

    std::optional<DriverSight> sight;

    // Of the last camera tick.
    std::uint64_t frame = 0;
    bool has_images = false;
    std::vector<engine::render::Frame> frames;
    std::vector<sensors::labels::TrueObject> truth;
    messages::Observation observation;  // as the driver is told
    messages::Action action;
    std::vector<std::uint64_t> frame_hashes;

    score::PerceivedLately lately;
    RunResult result;
    engine::sim::InputLog inputs;
    std::int64_t inputs_tick = -1;  // for which they were taken
    std::size_t replayed = 0;       // inputs of the recording that were taken
    std::size_t changed = 0;        // inputs whose changes the state has
    std::size_t judged = 0;         // infractions of the judge already turned into failures
    std::size_t shown = 0;          // failures that observers have been shown
    Clock::time_point loop_start{};
    double prepare_s = 0, render_s = 0, sensor_s = 0, record_s = 0, gpu_s = 0, readback_s = 0,
           labels_s = 0, driver_s = 0, plans_s = 0, observers_s = 0;
};

// ---- Beginning

Status Session::Impl::prepare() {
    const auto start = Clock::now();
    const driver::Driver* driver = setup.driver.get();
    if (driver != nullptr && driver->needs_images() &&
        (!options.images || options.image_stride != 1)) {
        return Error{.message =
                         "driver " + driver->name() + " needs images, but images are switched off"};
    }
    if (is_measured(latency) && driver == nullptr && !setup.recording &&
        !setup.traffic_drives_ego && options.driver != kScripted) {
        return Error{.message =
                         "the latency is to be measured, expected a driver that the session calls"};
    }
    // The device gets ready while the world is built.
    std::future<Result<engine::render::Renderer*>> opening;
    if (options.images) {
        opening =
            std::async(std::launch::async, [&] { return resources.renderer(options.quality); });
    }
    if (!setup.world) {
        HM_TAKE(setup.world, build_world(options, &result.notes, &resources));
    }
    Hooks hooks{.sense = [this](State& s) { return sense(s); },
                .drive = [this](State& s) { return drive(s); },
                .inputs = [this](State& s) { return take_inputs(s); },
                .traffic_drives_ego = setup.traffic_drives_ego,
                .endless = options.endless};
    if (options.scenario.story.given()) {
        hooks.physical = options.scenario.story.physical;
        hooks.ego = options.driver == kScripted || setup.traffic_drives_ego
                        ? Hooks::Scripted::kAlways
                    : options.takeover == Takeover::kController ? Hooks::Scripted::kUntilController
                                                                : Hooks::Scripted::kNever;
    } else if (options.driver == kScripted) {
        return Error{.message = "driver scripted needs a scenario with a story"};
    }
    if (setup.world->story) note_warnings(*setup.world->story, result.notes);
    HM_TRY(parts::mend(options.ideal, setup.world->world.rig));
    HM_TRY(faults::unsettle(faults, setup.world->world.rig));
    HM_TAKE(assembly, Assembly::create(std::move(*setup.world), std::move(hooks)));
    setup.world.reset();
    assembly->simulation->set_trace(setup.trace);
    camera_us = static_cast<TimeUs>(1e6 / assembly->world.rig.rate_hz + 0.5);
    end_us = engine::core::from_seconds(options.scenario.duration_s);
    controller = std::make_unique<Controller>(
        assembly->world.archetype_of(assembly->world.spawns.front()), faults::actuation_of(faults));
    driver_time.emplace(latency, Key(assembly->world.seed).with("latency"));
    sight.emplace(faults, options.ideal, setup.ways ? &*setup.ways : nullptr, assembly->world,
                  engine::core::seconds(camera_us));
    if (setup.driver) setup.driver->reset();
    if (options.images) {
        HM_TRY(opening.get());
        HM_TRY(open_eyes());
    }
    prepare_s = seconds_since(start);
    if (setup.trace) setup.trace->add(kLoopTrack, {"prepare", start, Clock::now()});
    return {};
}

Status Session::Impl::open_eyes() {
    const auto& world = assembly->world;
    HM_TAKE(renderer, resources.show(this, options.quality, world));
    result.device = renderer->device().device;
    HM_TAKE(eyes, sensors::eyes::Eyes::create(world.rig, world.seed, resources.pool()));
    // Black until a camera's first picture has arrived.
    for (const auto& camera : world.rig.cameras) {
        const std::size_t pixels =
            static_cast<std::size_t>(camera.width) * static_cast<std::size_t>(camera.height);
        auto& black = frames.emplace_back();
        black.image = {camera.width, camera.height, 3, {}};
        black.image.pixels.resize(3 * pixels);
        black.ids.resize(pixels);
    }
    return {};
}

// ---- Stepping

Status Session::Impl::step() {
    HM_CHECK(!ended, "the session has ended: {}", result.end_reason);
    if (!begun) {
        begun = true;
        loop_start = Clock::now();
        return begin_tick();
    }
    HM_TRY(end_tick());
    return ended ? Status() : begin_tick();
}

// To the moment of the tick.
Status Session::Impl::begin_tick() {
    const State& state = assembly->simulation->state();
    const bool recording_ends =
        setup.recording && !setup.fork_tick &&
        (setup.recording->chain.empty() || state.tick > setup.recording->chain.back().tick);
    if (state.time_us >= end_us) {
        end(kTimeIsUp);
    } else if (recording_ends) {
        end("the recording ends");
    } else if (setup.stop != nullptr && setup.stop->load()) {
        result.incomplete = true;
        end("interrupted");
    }
    if (ended) return {};
    const auto status = assembly->simulation->run_to(PhaseOrder::kDrive);
    return status ? Status() : end_with(status.error());
}

// What acts on the moment; then it is asked whether this was the last tick.
Status Session::Impl::end_tick() {
    const bool was_replaying = replaying();
    watch_plans();
    HM_TRY(conclude_frame());
    change_moment();
    if (const auto status = assembly->simulation->tick(); !status) return end_with(status.error());
    note_story();
    if (!driver_failure.empty()) {
        end(driver_failure, false);
    } else if (!was_replaying && !setup.whole_time) {
        const State& state = assembly->simulation->state();
        const bool driven = !state.actors.front().scripted;
        if (driven && !assembly->judge.end_reason().empty()) {
            end(assembly->judge.end_reason());
        } else if (state.story && state.story->finished) {
            end("the story ends");
        }
    }
    return {};
}

// Who has left its script, which the verdict alone does not tell.
void Session::Impl::note_story() {
    const State& state = assembly->simulation->state();
    if (!state.story) return;
    const auto& entities = state.story->entities;
    left_script.resize(entities.size());
    for (std::size_t i = 0; i < entities.size(); ++i) {
        if (!entities[i].released || left_script[i]) continue;
        left_script[i] = true;
        const auto& entity = assembly->story->story.entities[i];
        const bool handed_over = std::ranges::any_of(
            entity.properties, [](const auto& p) { return p.name == "after_story"; });
        if (handed_over) continue;
        result.notes.push_back(
            fmt::format("\"{}\" left its script after {:.2f} s: it was hit, or could not follow",
                        entity.name, engine::core::seconds(state.time_us)));
    }
}

// What the story was still to do when the run ended.
void Session::Impl::note_end_of_story() {
    const State& state = assembly->simulation->state();
    if (!state.story || replaying()) return;
    if (options.takeover == Takeover::kController && options.driver != kScripted &&
        state.actors.front().scripted) {
        result.notes.push_back(
            fmt::format("driver {} never had the ego: the story did not activate its controller",
                        options.driver));
    }
    note_waiting_events(assembly->story->story, *state.story, result.notes);
}

void Session::Impl::end(std::string reason, bool valid) {
    ended = true;
    result.end_reason = std::move(reason);
    result.valid = valid;
}

// Numeric trouble ends the run, other errors are the caller's.
Status Session::Impl::end_with(const Error& error) {
    if (error.kind != ErrorKind::kInvalid) return error;
    end(error.message, false);
    return {};
}

bool Session::Impl::replaying() const {
    if (!setup.recording || ended) return false;
    return !setup.fork_tick || !begun || assembly->simulation->state().tick < *setup.fork_tick;
}

// ---- The tick's phases

Status Session::Impl::sense(State& state) {
    for (const Observer& observer : observers) {
        if (observer.sense) HM_TRY(observer.sense(assembly->world, state));
    }
    const bool driven = engine::sim::due(state.time_us, camera_us);
    has_images =
        eyes && !replaying() && frame % static_cast<std::uint64_t>(options.image_stride) == 0;
    if (has_images) HM_TRY(look(state, driven));
    if (!driven) return {};
    truth = sensors::labels::objects_around(assembly->world, state, kTruthReach_m);
    if (has_images) label();
    return {};
}

// Each camera when it is due; the others keep their picture. The first look has all.
Status Session::Impl::look(const State& state, bool driven) {
    HM_CHECK(resources.shown_for(this), "the renderer shows another session's world");
    const auto start = Clock::now();
    HM_TAKE(auto taken, eyes->look(*renderer, assembly->world, state,
                                   {.labels = false,
                                    .all = !looked || (driven && options.image_stride > 1),
                                    .time_passes = setup.trace != nullptr}));
    looked = true;
    if (!taken.empty()) {
        const auto& timing = renderer->timing();
        trace_rendering(timing);
        render_s += eyes->render_s();
        sensor_s += seconds_since(start) - eyes->render_s();
        record_s += 1e-3 * timing.record_ms;
        gpu_s += 1e-3 * timing.gpu_ms;
        readback_s += 1e-3 * timing.readback_ms;
    }
    for (auto& one : taken) {
        std::swap(frames[one.camera].image, one.picture.image);
        std::swap(frames[one.camera].ids, one.picture.shot.ids);
    }
    eyes->reuse(std::move(taken));
    return {};
}

// The call of render with its stages, and the device's passes on a track of their own.
void Session::Impl::trace_rendering(const engine::render::Timing& timing) {
    if (setup.trace == nullptr || timing.stages.empty()) return;
    setup.trace->add(kLoopTrack, {"render", timing.stages.front().start, timing.stages.back().end});
    for (const auto& stage : timing.stages) setup.trace->add(kLoopTrack, stage);
    for (const auto& pass : timing.passes) setup.trace->add("device", pass);
}

// Hashes of the pictures and counts of visible pixels, camera by camera.
void Session::Impl::label() {
    const auto start = Clock::now();
    const engine::core::TraceSpan span(setup.trace, kLoopTrack, "labels");
    frame_hashes.resize(frames.size());
    resources.pool().run(frames.size(), [&](std::size_t c) {
        const auto& pixels = frames[c].image.pixels;
        frame_hashes[c] = engine::core::hash_bytes(pixels.data(), pixels.size());
    });
    for (const std::uint64_t hash : frame_hashes) {
        result.image_hash = engine::core::hash_chain(result.image_hash, hash);
    }
    std::vector<std::span<const std::uint32_t>> ids;
    for (const auto& one : frames) ids.emplace_back(one.ids);
    sensors::labels::count_visible(assembly->world, ids, truth);
    labels_s += seconds_since(start);
}

Status Session::Impl::drive(State& state) {
    const auto start = Clock::now();
    at_frame = true;
    action.Clear();
    observe(assembly->world, state, assembly->route, assembly->judge.route_s_m(), frame,
            observation);
    sight->misplace(observation);
    if (replaying()) {
        // Counts what was dropped; the answers' times come with the recorded inputs.
        if (!sight->lost(frame)) driver_time->takes_frame(state.time_us);
    } else if (setup.driver) {
        call_driver();
    }
    driver_s += seconds_since(start);
    return {};
}

void Session::Impl::call_driver() {
    driver::Driver& driver = *setup.driver;
    const State& state = assembly->simulation->state();
    const driver::DriverInput input = sight->of(driver, state, observation, frame, frames);
    if (sight->lost(frame)) return;
    if (!driver_time->takes_frame(state.time_us)) return;
    const auto start = Clock::now();
    auto answer = [&]() -> Result<messages::Action> {
        const engine::core::TraceSpan span(setup.trace, kLoopTrack, "driver");
        try {
            return driver.drive(input);
        } catch (const std::bad_alloc&) {
            throw;  // the machine's trouble, not the driver's
        } catch (const std::exception& error) {
            return Error{.message = error.what()};
        }
    }();
    const auto measured_us = static_cast<TimeUs>(std::ceil(1e6 * seconds_since(start)));
    if (answer) {
        apply(std::move(*answer), measured_us);
    } else {
        miss_answer(answer.error().text());
    }
}

// What the run does without an answer is recorded as what came of it: commands, and that there was
// none.
void Session::Impl::miss_answer(const std::string& why) {
    const State& state = assembly->simulation->state();
    inputs.no_answer(state.tick, state.actors.front().id);
    result.driver_faults.add(why, engine::core::seconds(state.time_us));
    switch (options.on_driver_fault.value_or(OnDriverFault::kStop)) {
        case OnDriverFault::kStop:
            // The tick goes to its end without it, so that the recording ends with a whole tick.
            driver_failure = "the driver failed: " + why;
            break;
        case OnDriverFault::kBrake:
            apply(braking(observation.motion()));
            break;
        case OnDriverFault::kHold:
            break;
    }
}

void Session::Impl::apply(messages::Action given, TimeUs measured_us) {
    const State& state = assembly->simulation->state();
    const auto& ego = state.actors.front();
    const std::uint64_t seen = at_frame || frame == 0 ? frame : frame - 1;
    const TimeUs latency_us = driver_time->latency_us(seen, measured_us);
    if (is_measured(latency)) inputs.latency(state.tick, ego.id, latency_us);
    driver_time->answered(state.time_us, latency_us);
    driver_time->late(controller->add(given, state.time_us, state.time_us + latency_us, ego.X_WB));
    action = std::move(given);
}

// The recording's inputs up to this tick.
void Session::Impl::take_recorded() {
    if (!replaying()) return;
    const State& state = assembly->simulation->state();
    const auto& recorded = setup.recording->external;
    while (replayed < recorded.size() && recorded[replayed].tick <= state.tick) {
        const auto& input = recorded[replayed++];
        inputs.add(input);
        if (input.kind == engine::sim::InputKind::kLatency) {
            driver_time->answered(state.time_us, static_cast<TimeUs>(input.values[0]));
        }
        if (input.kind == engine::sim::InputKind::kNoAnswer) ++result.driver_faults.frames;
    }
}

// Who is put elsewhere, and another weather.
void Session::Impl::change_moment() {
    take_recorded();
    for (; changed < inputs.inputs().size(); ++changed) assembly->change(inputs.inputs()[changed]);
}

Status Session::Impl::add_change(const engine::sim::ExternalInput& input) {
    HM_CHECK(begun && !ended && !replaying(), "a change where there is no moment of one's own");
    HM_TRY(engine::sim::check(input));
    inputs.add(input);
    return {};
}

Status Session::Impl::take_inputs(State& state) {
    if (state.tick != inputs_tick) {  // the second call of a tick only applies
        inputs_tick = state.tick;
        const auto& ego = state.actors.front();
        if (replaying()) {
            take_recorded();
        } else if (!setup.traffic_drives_ego && !ego.scripted) {
            // From a fork on the car goes on doing what it did until somebody acts.
            if (setup.fork_tick == state.tick && state.tick > 0) controller->hold(ego.vehicle);
            inputs.command(state.tick, ego.id, controller->command(ego, state.time_us));
        }
    }
    inputs.apply(state);
    return {};
}

// ---- What becomes of a camera tick

// Before anything acts on the moment.
void Session::Impl::watch_plans() {
    const auto start = Clock::now();
    const bool planned = at_frame && action.has_trajectory();
    assembly->plans.observe(assembly->simulation->state(), assembly->judge.route_s_m(),
                            planned ? &action.trajectory() : nullptr);
    plans_s += seconds_since(start);
}

Status Session::Impl::conclude_frame() {
    if (!std::exchange(at_frame, false) || !driver_failure.empty()) return {};
    // How well it perceived; without pictures there is no measure of what could be seen.
    if (action.has_perception()) lately.observe(action.perception(), truth);
    if (action.has_perception() && has_images) {
        result.perception.observe(assembly->simulation->state(), action.perception(), truth);
    }
    collect_failures();
    HM_TRY(show());
    ++frame;
    return {};
}

void Session::Impl::collect_failures() {
    const auto& infractions = assembly->judge.infractions();
    std::vector<score::Infraction> found(infractions.begin() + static_cast<long>(judged),
                                         infractions.end());
    judged = infractions.size();
    for (const auto& finding : result.perception.take_findings()) found.push_back(finding);
    for (const score::Infraction& infraction : found) {
        Failure failure{.infraction = infraction, .perceived = lately.share(infraction.other)};
        for (const auto& object : truth) {
            if (object.id != infraction.other) continue;
            failure.other = engine::world::name(object.semantic);
            failure.occlusion = has_images ? 1.0 - object.visible_share : 0.0;
            if (failure.infraction.distance_m == 0.0) {
                failure.infraction.distance_m = object.distance_m;
            }
        }
        if (failure.other.empty() && infraction.other >= engine::world::kFirstStaticObject) {
            for (const auto& object : assembly->world.objects) {
                if (object.id == infraction.other) {
                    failure.other = engine::world::name(object.semantic);
                }
            }
        }
        result.failures.push_back(std::move(failure));
    }
}

FrameView Session::Impl::view() const {
    return {.world = assembly->world,
            .state = assembly->simulation->state(),
            .frame = frame,
            .has_images = has_images,
            .frames = frames,
            .truth = truth,
            .observation = observation,
            .action = action,
            .new_failures = std::span(result.failures).subspan(shown),
            .profiles = assembly->traffic.profiles()};
}

Status Session::Impl::show() {
    const engine::core::TraceSpan span(setup.trace, kLoopTrack, "output");
    const auto start = Clock::now();
    for (const Observer& observer : observers) {
        if (observer.frame) HM_TRY(observer.frame(view()));
    }
    shown = result.failures.size();
    observers_s += seconds_since(start);
    return {};
}

// ---- The end

Result<RunResult> Session::Impl::finish() {
    if (begun && !ended) {
        HM_TRY(end_tick());
        result.incomplete = !ended;
        if (!ended) end("finished early");
    }
    // What failed after the last camera tick is shown with that tick's pictures.
    collect_failures();
    if (shown < result.failures.size()) HM_TRY(show());
    note_end_of_story();
    fill_result();
    for (const Observer& observer : observers) {
        if (observer.finished) HM_TRY(observer.finished(result));
    }
    return std::move(result);
}

void Session::Impl::fill_result() {
    const auto& simulation = *assembly->simulation;
    result.options = options;
    result.driver = setup.driver ? setup.driver->name() : options.driver;
    if (setup.driver) {
        const auto notes = setup.driver->notes();
        result.notes.insert(result.notes.end(), notes.begin(), notes.end());
        const auto idle = faults::idle_faults(options.faults, setup.driver->needs_images(),
                                              setup.driver->needs_truth());
        result.notes.insert(result.notes.end(), idle.begin(), idle.end());
    }
    for (const auto& fault : options.faults) {
        result.notes.push_back("has the fault " + faults::text(fault));
    }
    for (const auto& part : options.ideal) {
        result.notes.push_back("has the ideal part " + parts::text(part));
    }
    // A run that ended with it says so as its reason.
    if (driver_failure.empty()) {
        for (std::string& note : result.driver_faults.notes(frame)) {
            result.notes.push_back(std::move(note));
        }
    }
    if (is_measured(latency)) {
        result.notes.push_back(
            "is not comparable: the latency was measured, and another run has other times");
    }
    result.scenario = assembly->world.scenario;
    result.seed = options.scenario.town.seed;
    result.environment = assembly->world.environment;
    result.ticks = simulation.state().tick;
    result.frames = frame;
    result.sim_time_s = engine::core::seconds(simulation.state().time_us);
    result.wall_time_s = begun ? seconds_since(loop_start) : 0.0;
    result.state_hash = simulation.state_hash();
    result.route_m = assembly->route.length_m();
    result.collision_disagreements = assembly->judge.collision_disagreements();
    result.carla = assembly->judge.carla();
    result.nuplan = assembly->judge.nuplan();
    result.bench2drive_smoothness = score::bench2drive_smoothness(assembly->judge.motion());
    result.progress_m = result.carla.route_completion * result.route_m;
    result.timeline = assembly->judge.timeline();
    result.plans = assembly->plans.result();
    if (result.plans.unusable > 0) {
        result.notes.push_back(fmt::format("{} of the driver's plans cannot be scored: {}",
                                           result.plans.unusable, result.plans.why_unusable));
    }
    result.verdict = assembly->criteria.verdict(assembly->judge.motion());
    result.smallest_ttc_s = assembly->judge.smallest_time_to_collision_s();
    result.smallest_gap_m = assembly->judge.smallest_gap_m();
    result.room_s = result.verdict.passed ? result.smallest_ttc_s : 0.0;
    result.latency = driver_time->log();
    if (assembly->story) result.story_values = story_values(*assembly->story);
    result.recording.inputs = to_json(options);
    result.recording.external = inputs.inputs();
    result.recording.chain = simulation.chain();
    result.peak_memory_mb = peak_memory_mb();

    // Mean times a camera tick; the phases in the order in which the assembly declares them.
    const double per_frame = frame > 0 ? 1e3 / static_cast<double>(frame) : 0.0;
    result.stage_ms = {{"prepare_total", 1e3 * prepare_s},
                       {"render", render_s * per_frame},
                       {"render_record", record_s * per_frame},
                       {"render_gpu", gpu_s * per_frame},
                       {"render_readback", readback_s * per_frame},
                       {"sensor", sensor_s * per_frame},
                       {"labels", labels_s * per_frame},
                       {"think", simulation.seconds_in(PhaseOrder::kThink) * per_frame},
                       {"driver", driver_s * per_frame},
                       {"plans", plans_s * per_frame},
                       {"output", observers_s * per_frame},
                       {"act", simulation.seconds_in(PhaseOrder::kAct) * per_frame},
                       {"move", simulation.seconds_in(PhaseOrder::kMove) * per_frame},
                       {"judge", simulation.seconds_in(PhaseOrder::kJudge) * per_frame},
                       {"total", result.wall_time_s * per_frame}};
}

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

// ---- The public side

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::create(Resources& resources, const RunOptions& options,
                                                 Setup setup) {
    auto impl = std::make_unique<Impl>(resources, options, std::move(setup));
    HM_TRY(impl->prepare());
    return std::unique_ptr<Session>(new Session(std::move(impl)));
}

void Session::subscribe(Observer observer) { impl_->observers.push_back(std::move(observer)); }

Status Session::step() { return impl_->step(); }
Status Session::step_to_frame() {
    do HM_TRY(impl_->step());
    while (!impl_->ended && !impl_->at_frame);
    return {};
}

bool Session::ended() const { return impl_->ended; }
const std::string& Session::end_reason() const { return impl_->result.end_reason; }
bool Session::valid() const { return impl_->result.valid; }
bool Session::at_frame() const { return impl_->at_frame; }
bool Session::replaying() const { return impl_->replaying(); }

void Session::apply(const messages::Action& action) {
    HM_CHECK(impl_->begun && !impl_->ended, "an action where there is no moment");
    HM_CHECK(!replaying() && !impl_->setup.traffic_drives_ego && !impl_->setup.driver &&
                 impl_->options.driver != kScripted,
             "an action, but another drives");
    HM_CHECK(!is_measured(impl_->latency), "an action whose latency nobody has measured");
    impl_->apply(action);
}

void Session::command(engine::world::ActorId actor, const engine::world::VehicleCommand& command) {
    HM_CHECK(!replaying() && actor != engine::world::kEgo, "a command to actor {}", actor);
    impl_->inputs.command(state().tick, actor, command);
}
void Session::release(engine::world::ActorId actor) {
    HM_CHECK(!replaying() && actor != engine::world::kEgo, "a release of actor {}", actor);
    impl_->inputs.release(state().tick, actor);
}

Status Session::place(engine::world::ActorId actor, const engine::sim::Placement& placement) {
    if (state().find(actor) == nullptr) {
        return Error{.message = fmt::format("there is no actor {} to be placed", actor)};
    }
    return impl_->add_change(engine::sim::place_input(state().tick, actor, placement));
}
Status Session::set_environment(const engine::world::Environment& environment) {
    return impl_->add_change(engine::sim::environment_input(state().tick, environment));
}

const engine::world::World& Session::world() const { return impl_->assembly->world; }
const engine::road::RoadMap& Session::road_map() const { return impl_->assembly->map; }
const route::EgoRoute& Session::route() const { return impl_->assembly->route; }
const State& Session::state() const { return impl_->assembly->simulation->state(); }
const std::vector<std::string>& Session::profiles() const {
    return impl_->assembly->traffic.profiles();
}
const messages::Observation& Session::observation() const { return impl_->observation; }
const std::vector<engine::render::Frame>& Session::frames() const { return impl_->frames; }
const std::vector<sensors::labels::TrueObject>& Session::truth() const { return impl_->truth; }
FrameView Session::view() const { return impl_->view(); }
messages::Perception Session::true_perception() const {
    return loop::true_perception(world(), state(), impl_->sight->true_route(impl_->observation));
}
const std::vector<engine::sim::ChainLink>& Session::chain() const {
    return impl_->assembly->simulation->chain();
}
std::uint64_t Session::state_hash() const { return impl_->assembly->simulation->state_hash(); }

engine::sim::Recording Session::recording() const {
    return {.inputs = to_json(impl_->options),
            .external = impl_->inputs.inputs(),
            .chain = impl_->assembly->simulation->chain()};
}
const std::vector<Failure>& Session::failures() const { return impl_->result.failures; }
double Session::route_s_m() const { return impl_->assembly->judge.route_s_m(); }
const score::Judge& Session::judge() const { return impl_->assembly->judge; }

Result<RunResult> Session::finish() { return impl_->finish(); }

Result<std::unique_ptr<Session>> replay(Resources& resources,
                                        const engine::sim::Recording& recording,
                                        std::optional<std::int64_t> until_tick,
                                        const std::function<void(double)>& progress,
                                        std::vector<Observer> observers) {
    HM_TAKE(auto options, options_from_json(recording.inputs, "the recording's inputs"));
    options.images = false;
    HM_TAKE(auto session,
            Session::create(resources, options, {.recording = recording, .fork_tick = until_tick}));
    for (Observer& observer : observers) session->subscribe(std::move(observer));
    const double last = recording.chain.empty()
                            ? 1.0
                            : static_cast<double>(until_tick.value_or(recording.chain.back().tick));
    while (session->replaying()) {
        HM_TRY(session->step());
        const auto tick = session->state().tick;
        if (progress && tick % 200 == 0) progress(static_cast<double>(tick) / std::max(1.0, last));
    }
    return session;
}

}  // namespace huntsman::bridge::loop
