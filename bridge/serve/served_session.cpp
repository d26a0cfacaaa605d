#include "bridge/serve/served_session.h"

#include <cmath>
#include <filesystem>

#include "bridge/loop/observe.h"
#include "bridge/report/run_json.h"
#include "bridge/rpc/answers.h"
#include "bridge/run/settings.h"
#include "engine/core/files.h"

namespace huntsman::bridge::serve {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using messages::FromSimulator;
using messages::ToSimulator;

namespace {

constexpr std::uint32_t kSlots = 4;  // of frames that a client may still look at
constexpr std::uint32_t kMostFrames = 1000;

run::RunSettings run_settings(const messages::Settings& given) {
    run::RunSettings settings;
    settings.scenario = given.scenario();
    settings.map = given.map();
    settings.driver = "none";
    settings.rig = given.rig();
    if (!given.size().empty()) settings.size = given.size();
    if (!given.quality().empty()) settings.quality = given.quality();
    settings.minds = given.minds();
    if (given.has_seed()) settings.seed = given.seed();
    if (given.has_traffic()) settings.traffic = given.traffic();
    if (given.has_pedestrians()) settings.pedestrians = given.pedestrians();
    if (given.has_seconds()) settings.seconds = given.seconds();
    settings.from = given.from();
    settings.to = given.to();
    settings.route = given.route();
    settings.endless = given.endless();
    settings.parameters.assign(given.parameters().begin(), given.parameters().end());
    settings.ego = given.ego();
    settings.physical = given.physical();
    if (given.has_latency_ms()) settings.latency_ms = given.latency_ms();
    return settings;
}

// Through a file that is gone at once.
Result<engine::sim::Recording> recording_from(const std::string& bytes) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("huntsman-recording-" + rpc::random_hex(32) + ".hmr");
    const auto written = engine::core::write_file(file, bytes);
    auto recording = written ? engine::sim::read_recording(file)
                             : Result<engine::sim::Recording>(written.error());
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    if (!recording) return Error{.message = recording.error().message};
    return recording;
}
Result<std::string> bytes_of(const engine::sim::Recording& recording) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("huntsman-recording-" + rpc::random_hex(32) + ".hmr");
    HM_TRY(engine::sim::write_recording(file, recording));
    auto bytes = engine::core::read_file(file);
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return bytes;
}

Status check_recorded(const loop::RunOptions& options) {
    if (is_measured(options.latency)) {
        return Error{.message = "the recording's latency was measured, expected a declared one"};
    }
    if (options.driver == loop::kScripted) {
        return Error{.message = "the recording's ego is the story's, expected one that was driven"};
    }
    return {};
}

void fill_pose(const engine::math::RigidTransform& X, messages::Pose& pose) {
    pose.set_qw(X.q.w);
    pose.set_qx(X.q.x);
    pose.set_qy(X.q.y);
    pose.set_qz(X.q.z);
    pose.set_x(X.p.x);
    pose.set_y(X.p.y);
    pose.set_z(X.p.z);
}

void fill_event(const score::Infraction& infraction, messages::JudgedEvent& event) {
    event.set_kind(score::name(infraction.kind));
    event.set_time_us(infraction.time_us);
    event.set_other(infraction.other);
    event.set_ego_speed_mps(infraction.ego_speed_mps);
    event.set_distance_m(infraction.distance_m);
    event.set_value(infraction.value);
    event.set_at_fault(infraction.at_fault);
}

}  // namespace

bool ServedSession::answer(const ToSimulator& message, FromSimulator& reply) {
    if (message.has_end() || message.what_case() == ToSimulator::WHAT_NOT_SET) return false;
    if (const auto status = reply_to(message, reply); !status) {
        reply.mutable_failure()->set_message(status.error().text());
    }
    return true;
}

Status ServedSession::reply_to(const ToSimulator& message, FromSimulator& reply) {
    if (message.has_begin()) return begin(message.begin(), *reply.mutable_begun());
    if (!session_) return Error{.message = "there is no session, expected one to begin"};
    const std::lock_guard lock(entry_->mutex);
    switch (message.what_case()) {
        case ToSimulator::kObserve:
            if (message.observe().not_shared().empty()) break;
            handover_.reset();  // before the memory that it hands over
            ring_.reset();
            break;
        case ToSimulator::kStep:
            HM_TRY(step(message.step()));
            break;
        case ToSimulator::kSnapshot:
            return snapshot(*reply.mutable_recorded());
        case ToSimulator::kFinish:
            return finish(*reply.mutable_finished());
        default:
            return Error{.message = "the message is of no known kind"};
    }
    fill(*reply.mutable_moment());
    return {};
}

// ---- Beginning

Status ServedSession::begin(const messages::Begin& begin, messages::Begun& begun) {
    if (begin.version() != rpc::kSimulatorVersion) {
        return Error{.message = fmt::format("the client speaks version {} of the protocol, "
                                            "expected {}",
                                            begin.version(), rpc::kSimulatorVersion)};
    }
    const auto& top = begin.top_view();
    if (top.pixels() > 0 && !BirdsEye::can_draw(top.pixels(), top.metres())) {
        return Error{.message = fmt::format("the view from above has {} pixels for {:g} m, "
                                            "expected 16 to 1024 for 10 to 400 m",
                                            top.pixels(), top.metres())};
    }
    HM_TAKE(Start start, start_of(begin));
    leave();
    wants_ = begin.wants();
    birds_eye_.reset();
    if (top.pixels() > 0) birds_eye_.emplace(static_cast<int>(top.pixels()), top.metres());
    const auto opened = open(std::move(start), begun);
    if (!opened) leave();
    return opened;
}

Result<ServedSession::Start> ServedSession::start_of(const messages::Begin& begin) {
    Start start;
    if (begin.has_settings()) {
        HM_TAKE(start.options, run::to_options(run_settings(begin.settings())));
    } else if (begin.has_fork()) {
        start.fork_tick = begin.fork().tick();
        HM_TAKE(start.recording, host_.recording_of(begin.fork().session(), start.fork_tick));
    } else if (begin.has_recorded()) {
        HM_TAKE(start.recording, recording_from(begin.recorded().recording()));
        const auto& chain = start.recording->chain;
        const std::int64_t last = chain.empty() ? 0 : chain.back().tick;
        start.fork_tick = begin.recorded().has_tick() ? begin.recorded().tick() : last;
        if (start.fork_tick < 0 || start.fork_tick > last) {
            return Error{.message = fmt::format("the tick of the fork is {}, expected 0 to {}",
                                                start.fork_tick, last)};
        }
    } else {
        return Error{.message = "the session begins with nothing, expected settings or a fork"};
    }
    if (start.recording) {
        HM_TAKE(start.options, loop::options_from_json(start.recording->inputs, "the recording"));
        HM_TRY(check_recorded(start.options));
    }
    start.options.driver = kClient;
    start.options.images = begin.wants().images();
    start.options.image_stride = 1;
    return start;
}

Status ServedSession::open(Start start, messages::Begun& begun) {
    std::vector<std::string> notes;
    HM_TAKE(auto world, host_.build(start.options, &notes));
    resources_ = host_.borrow(start.options.images);
    quality_ = start.options.quality;
    loop::Setup setup{.world = std::move(world), .recording = std::move(start.recording)};
    if (setup.recording) setup.fork_tick = start.fork_tick;
    HM_TAKE(session_, loop::Session::create(*resources_, start.options, std::move(setup)));
    do HM_TRY(session_->step());
    while (session_->replaying());
    if (!session_->at_frame() && !session_->ended()) HM_TRY(session_->step_to_frame());
    told_ = session_->judge().infractions().size();

    const auto& world_now = session_->world();
    begun.set_version(rpc::kSimulatorVersion);
    begun.set_program(host_.settings().program);
    begun.set_rate_hz(world_now.rig.rate_hz);
    begun.set_scenario(world_now.scenario);
    begun.set_seed(start.options.scenario.town.seed);
    begun.set_seconds(start.options.scenario.duration_s);
    begun.set_route_m(session_->route().length_m());
    begun.mutable_notes()->Assign(notes.begin(), notes.end());
    if (start.options.images) HM_TRY(give_pictures(begun));
    entry_ = std::make_shared<Host::Entry>();
    entry_->session = session_.get();
    id_ = host_.add(entry_);
    begun.set_session(id_);
    return {};
}

Status ServedSession::give_pictures(messages::Begun& begun) {
    const auto& rig = session_->world().rig;
    auto given = rpc::given_cameras(wants_, rig);
    if (!given) return Error{.message = "the client " + given.error().message};
    given_ = std::move(*given);
    for (const rpc::Given& one : given_) {
        auto& image = *begun.add_cameras();
        rpc::describe_camera(rig.cameras[one.camera], one.width, one.height, image);
    }
    const auto renderer = resources_->renderer(quality_);
    if (renderer) begun.set_device((*renderer)->device().device);
    if (wants_.shared_frames() && this_machine_) share_pictures(begun);
    return {};
}

// Where the memory cannot be had pictures go through messages.
void ServedSession::share_pictures(messages::Begun& begun) {
    auto ring = rpc::FrameRing::create(given_.back().offset + given_.back().bytes(), kSlots);
    if (!ring) return begun.add_notes("pictures come in messages: " + ring.error().message), void();
    auto handover = rpc::Handover::offer((*ring)->descriptor());
    if (!handover) {
        return begun.add_notes("pictures come in messages: " + handover.error().message), void();
    }
    ring_ = std::move(*ring);
    handover_ = std::move(*handover);
    messages::Attach& attach = *begun.mutable_attach();
    attach.set_socket(handover_->socket());
    attach.set_bytes(ring_->bytes());
    attach.set_slots(ring_->slots());
    attach.set_slot_bytes(ring_->slot_bytes());
    attach.set_slots_offset(rpc::kSlotsOffset);
    attach.set_pixels_offset(rpc::kPixelsOffset);
    for (const rpc::Given& one : given_) {
        messages::FramePlace& place = *attach.add_places();
        place.set_camera(session_->world().rig.cameras[one.camera].name);
        place.set_width(static_cast<std::uint32_t>(one.width));
        place.set_height(static_cast<std::uint32_t>(one.height));
        place.set_offset(one.offset);
    }
}

void ServedSession::leave() {
    if (entry_) {
        host_.remove(id_);
        const std::lock_guard lock(entry_->mutex);
        entry_->session = nullptr;
    }
    entry_.reset();
    session_.reset();
    if (resources_ && wants_.images()) host_.give_back(std::move(resources_));
    resources_.reset();
    handover_.reset();  // before the memory that it hands over
    ring_.reset();
    given_.clear();
}

// ---- Going on

Status ServedSession::step(const messages::Step& step) {
    handover_.reset();  // who steps has taken it, or never will
    if (session_->ended()) {
        return Error{.message = fmt::format("the session has ended ({}), expected another to begin",
                                            session_->end_reason())};
    }
    const std::uint32_t frames = std::max(1U, step.frames());
    if (frames > kMostFrames) {
        return Error{.message = fmt::format("the step is of {} camera ticks, expected 1 to {}",
                                            frames, kMostFrames)};
    }
    if (step.has_action()) {
        if (const auto status = rpc::check_answer(step.action(), false); !status) {
            return Error{.message = "the client " + status.error().message};
        }
        session_->apply(step.action());
    }
    told_ = session_->judge().infractions().size();
    for (std::uint32_t i = 0; i < frames && !session_->ended(); ++i) {
        if (auto status = session_->step_to_frame(); !status) {
            entry_->session = nullptr;  // it is of no use any more
            session_.reset();
            return status;
        }
    }
    return {};
}

Status ServedSession::snapshot(messages::Recorded& recorded) {
    HM_TAKE(*recorded.mutable_recording(), bytes_of(session_->recording()));
    recorded.set_tick(session_->state().tick);
    return {};
}

Status ServedSession::finish(messages::Finished& finished) {
    entry_->session = nullptr;
    auto result = session_->finish();
    session_.reset();
    if (!result) return result.error();
    finished.set_run_json(report::run_json(*result));
    return {};
}

// ---- Where it stands

void ServedSession::fill(messages::Moment& moment) {
    const loop::Session& session = *session_;
    const auto& state = session.state();
    const auto& ego = state.actors.front();
    moment.set_tick(state.tick);
    messages::Observation& observation = *moment.mutable_observation();
    if (session.at_frame()) {
        observation = session.observation();
    } else {  // the end may lie between two camera ticks
        loop::observe(session.world(), state, session.route(), session.route_s_m(),
                      session.view().frame, observation);
    }
    moment.set_night(loop::is_night(engine::world::environment_at(session.world(), state)));
    if (wants_.truth()) *moment.mutable_truth() = session.true_perception();
    fill_pose(ego.X_WB, *moment.mutable_x_wb());
    const score::Judge& judge = session.judge();
    moment.set_progress_m(session.route_s_m());
    moment.set_outside_lanes(judge.outside_lanes());
    for (std::size_t i = told_; i < judge.infractions().size(); ++i) {
        fill_event(judge.infractions()[i], *moment.add_events());
    }
    moment.set_ended(session.ended());
    moment.set_time_is_up(session.ended() && session.end_reason() == loop::kTimeIsUp);
    moment.set_end_reason(session.end_reason());
    moment.set_valid(session.valid());
    moment.set_state_hash(session.state_hash());
    if (!given_.empty()) fill_pictures(moment);
    if (birds_eye_) birds_eye_->draw(session, observation.route(), *moment.mutable_top_view());
}

void ServedSession::fill_pictures(messages::Moment& moment) {
    const auto& rig = session_->world().rig;
    const auto picture = [&](const rpc::Given& one) {
        return driver::CameraPicture{&rig.cameras[one.camera],
                                     session_->frames()[one.camera].image.pixels};
    };
    if (ring_) {
        const auto pixels = ring_->begin();
        for (const rpc::Given& one : given_) {
            rpc::write_picture(picture(one), one, wants_.format(),
                               pixels.subspan(one.offset, one.bytes()));
        }
        const rpc::RingPlace place = ring_->finish();
        moment.mutable_shared()->set_slot(place.slot);
        moment.mutable_shared()->set_generation(place.generation);
        return;
    }
    for (const rpc::Given& one : given_) {
        auto& image = *moment.mutable_observation()->add_cameras();
        image.set_name(rig.cameras[one.camera].name);
        image.set_width(static_cast<std::uint32_t>(one.width));
        image.set_height(static_cast<std::uint32_t>(one.height));
        std::string& rgb = *image.mutable_rgb();
        rgb.resize(one.bytes());
        rpc::write_picture(picture(one), one, wants_.format(),
                           {reinterpret_cast<std::uint8_t*>(rgb.data()), rgb.size()});
    }
}

}  // namespace huntsman::bridge::serve
