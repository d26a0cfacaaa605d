#include "bridge/failures/pictures.h"

#include <algorithm>
#include <cmath>

#include "bridge/loop/observe.h"
#include "bridge/report/boxes.h"
#include "bridge/report/moment_plan.h"
#include "bridge/run/settings.h"
#include "engine/core/hash.h"
#include "scenarios/model/scenario.h"
#include "sensors/encode/image_file.h"
#include "sensors/eyes/eyes.h"
#include "sensors/labels/ground_truth.h"

namespace huntsman::bridge::failures {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;
using engine::world::ActorId;
using loop::RunOptions;
using sensors::labels::TrueObject;

namespace {

constexpr int kWidth = 640, kHeight = 400;
constexpr auto kQuality = engine::render::Quality::kStandard;
constexpr double kBefore_s = 1;
constexpr int kJpegQuality = 88;

// Who the run failed with: of the infraction nearest to the failure that has another in it.
ActorId other_of(const loop::RunResult& result, std::int64_t tick) {
    ActorId other = engine::world::kNoActor;
    std::int64_t nearest = 0;
    for (const loop::Failure& failure : result.failures) {
        const auto& i = failure.infraction;
        const std::int64_t away = std::abs(i.tick - tick);
        if (i.other == engine::world::kNoActor) continue;
        if (other != engine::world::kNoActor && away >= nearest) continue;
        other = i.other;
        nearest = away;
    }
    return other;
}

// The camera in which the object is largest, where any shows it; else the one that is turned
// towards it, and the first one where there is no object.
std::size_t best_camera(const engine::world::Rig& rig, const TrueObject* object, bool& seen) {
    std::size_t best = 0, nearest = 0;
    double largest_px = 0, straightest = -2;
    for (std::size_t c = 0; object != nullptr && c < rig.cameras.size(); ++c) {
        const auto& camera = rig.cameras[c];
        const auto X_CB = camera.X_BC.inverse();
        const double area_px = sensors::labels::projected_area_px(camera, X_CB, object->centre_B,
                                                                  object->size_m, object->yaw_rad);
        if (area_px > largest_px) {
            largest_px = area_px;
            best = c;
        }
        const engine::math::Vec3 p_C = X_CB * object->centre_B;
        const double along = p_C.z / std::max(1e-6, glm::length(p_C));  // cosine to its axis
        if (along > straightest) {
            straightest = along;
            nearest = c;
        }
    }
    seen = largest_px > 0;
    return seen ? best : nearest;
}

// The session's moment through the camera that sees the other best.
Result<Picture> picture_of(loop::Resources& resources, const loop::Session& session, ActorId other,
                           double fails_s) {
    const auto& world = session.world();
    const auto objects =
        sensors::labels::objects_around(world, session.state(), loop::kTruthReach_m);
    const auto at = std::ranges::find(objects, other, &TrueObject::id);
    const TrueObject* object = at == objects.end() ? nullptr : &*at;
    engine::world::Rig rig = world.rig;
    bool seen = false;
    const std::size_t camera = best_camera(rig, object, seen);
    rig.cameras = {world.rig.cameras[camera]};
    HM_TAKE(auto renderer, resources.show(nullptr, kQuality, world));
    HM_TAKE(auto eyes, sensors::eyes::Eyes::create(rig, world.seed, resources.pool()));
    engine::core::Image image;
    // Automatic exposure settles over a few pictures of the same moment.
    for (int i = 0; i < 8; ++i) {
        HM_TAKE(auto taken, eyes->look(*renderer, world, session.state(),
                                       {.ids = false, .labels = false, .all = true}));
        if (!taken.empty()) image = std::move(taken.front().picture.image);
    }
    if (object != nullptr) {
        report::draw_box(image, rig.cameras.front(), 1, *object, {255, 90, 200});
    }
    HM_TAKE(std::string jpeg, sensors::encode::encode_jpeg(image, kJpegQuality));
    const double away_s = fails_s - engine::core::seconds(session.state().time_us);
    return Picture{
        fmt::format("{}, camera {}{}",
                    away_s > 0.05 ? fmt::format("{:.1f} s before", away_s) : "when it fails",
                    rig.cameras.front().name,
                    object != nullptr && !seen ? "; no camera sees the other" : ""),
        std::move(jpeg)};
}

// What was there a second before as outlines, what is there now filled.
std::string plan_of(const loop::Session* before, const loop::Session& now, ActorId other) {
    const auto place = now.state().actors.front().X_WB.p;
    const auto middle = engine::math::xy(place);
    std::string svg = report::plan_begin() + report::plan_lanes(now, place);
    if (before != nullptr) {
        constexpr const char* kDashed =
            "fill=\"none\" stroke=\"{}\" stroke-width=\"0.2\" stroke-dasharray=\"0.6 0.4\"";
        svg += report::plan_actor(*before, engine::world::kEgo, middle,
                                  fmt::format(kDashed, "#2a5d9f"));
        svg += report::plan_actor(*before, other, middle, fmt::format(kDashed, "#b3261e"));
    }
    svg += report::plan_actors(now, middle, "fill=\"#2a5d9f\"", "fill=\"#8a94a3\"");
    svg += report::plan_actor(now, other, middle, "fill=\"#b3261e\"");
    if (const auto* actor = now.state().find(other)) {
        const auto p = engine::math::xy(actor->X_WB.p) - middle;
        svg += fmt::format(
            "<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"2\" fill=\"none\" stroke=\"#b3261e\" "
            "stroke-width=\"0.25\"/>",
            p.x, -p.y);
    }
    return svg + "</svg>";
}

Error interrupted() { return {.message = "interrupted", .kind = ErrorKind::kInvalid}; }

}  // namespace

Result<RunOptions> options_of(const JudgedRun& run) {
    const auto named = [&](const std::string& why) {
        return Error{
            .message = fmt::format("run {} cannot be driven again: {}", run.key.substr(0, 12), why),
            .file = run.file.string()};
    };
    HM_TAKE(const auto store, suite::Store::open(run.file, database::Access::kReadOnly));
    HM_TAKE(const std::string inputs, store.inputs(run.key));
    if (inputs.empty()) return named("the file does not hold it any more");
    auto options = loop::options_from_json(inputs, "its options");
    if (!options) return named(options.error().text());
    return std::move(*options);
}

Result<Shown> show(run::Runner& runner, const JudgedRun& run, const RunOptions& options,
                   const std::function<void(double share)>& progress,
                   const std::atomic<bool>* stop) {
    const auto stopped = [&] { return stop != nullptr && stop->load(); };
    run::RunCallbacks callbacks;
    callbacks.stop = stop;
    callbacks.progress = [&](double share) { progress(0.5 * share); };
    HM_TAKE(const loop::RunResult result, runner.run(options, callbacks));
    if (stopped()) return interrupted();
    Shown shown;
    if (engine::core::hex(result.state_hash) != run.state_hash) {
        shown.note =
            "Driven again it is another run: the result is of another program or other assets.";
    }
    const double tick_s = engine::core::seconds(engine::core::kTick_us);
    const std::int64_t last =
        result.recording.chain.empty() ? 0 : result.recording.chain.back().tick;
    const std::int64_t fails =
        std::min(last, static_cast<std::int64_t>(std::llround(run.facts.failed_at_s / tick_s)));
    const std::int64_t before = std::max<std::int64_t>(
        0, fails - static_cast<std::int64_t>(std::llround(kBefore_s / tick_s)));
    const ActorId other = other_of(result, fails);

    RunOptions seen = options;
    seen.width = kWidth;
    seen.height = kHeight;
    seen.quality = kQuality;
    const engine::sim::Recording recording{.inputs = to_json(seen),
                                           .external = result.recording.external,
                                           .chain = result.recording.chain};
    std::unique_ptr<loop::Session> earlier;
    for (const std::int64_t tick : {before, fails}) {
        HM_TAKE(auto session, loop::replay(runner.resources(), recording, tick));
        if (stopped()) return interrupted();
        HM_TAKE(auto picture, picture_of(runner.resources(), *session, other,
                                         static_cast<double>(fails) * tick_s));
        if (stopped()) return interrupted();
        shown.pictures.push_back(std::move(picture));
        if (tick == fails) shown.plan = plan_of(earlier.get(), *session, other);
        earlier = std::move(session);
        progress(tick == fails ? 1.0 : 0.75);
    }
    return shown;
}

}  // namespace huntsman::bridge::failures
