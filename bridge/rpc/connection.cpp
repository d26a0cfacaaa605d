#include "bridge/rpc/connection.h"

#include <algorithm>

#include "bridge/rpc/address.h"
#include "bridge/rpc/answers.h"
#include "bridge/rpc/handover.h"

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using messages::FromDriver;
using messages::ToDriver;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds kServes{10};         // until a server that runs answers
constexpr seconds kStarts{120};        // until a started command serves: large libraries, networks
constexpr milliseconds kLeaves{2000};  // to end by itself
constexpr std::uint32_t kSlots = 4;    // of frames that a late driver may still read
constexpr std::size_t kMostGivenUp = 1000;

}  // namespace

Connection::Connection(const std::string& spec, const RemoteSettings& settings,
                       engine::world::Rig rig)
    : spec_(spec), settings_(settings), rig_(std::move(rig)) {}

Connection::~Connection() {
    if (link_) {
        const bool listens = dead_.empty() && missed_ == 0;
        if (listens) {
            ToDriver message;
            message.mutable_end()->set_reason("the run is over");
            link_->send(message, LinkClock::now() + milliseconds(200));
        }
        link_->close(LinkClock::now() + milliseconds(listens ? 1000 : 0));
        if (process_) process_->end(listens ? kLeaves : milliseconds(0));
    }
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& spec,
                                                     const RemoteSettings& settings,
                                                     const engine::world::Rig& rig) {
    auto target = parse_target(spec);
    if (!target) return Error{.message = "driver is " + spec + ", " + target.error().message};
    std::unique_ptr<Connection> connection(new Connection(spec, settings, rig));
    connection->target_ = std::move(*target);
    HM_TRY(connection->connect());
    HM_TRY(connection->shake_hands());
    connection->share_frames();
    return connection;
}

// ---- Beginning

Status Connection::connect() {
    HM_TAKE(LinkAddress address, link_address(spec_, target_, settings_));
    const auto fail = [&](const std::string& why) {
        return Error{.message = "driver " + spec_ + ": " + why};
    };
    std::function<std::string()> ended;
    if (!target_.command.empty()) {
        address.address = "unix-abstract:huntsman-driver-" + random_hex(32);
        address.token = random_hex(32);
        auto started = Process::start(target_.command, {{kAddressVariable, address.address},
                                                        {kTokenVariable, address.token}});
        if (!started) return fail(started.error().message);
        process_ = std::move(*started);
        ended = [this]() -> std::string {
            if (process_->running()) return "";
            return "it " + process_->how_it_ended() + " before it served";
        };
    }
    const seconds patience = process_ ? kStarts : kServes;
    auto link = Link::open(address, LinkClock::now() + patience, ended);
    if (!link) {
        // Whoever has exited says more than the connection that broke.
        if (process_ && process_->wait_for(milliseconds(200))) return fail(ended());
        const bool silent = link.error().message == "nobody answers";
        if (!silent) return fail(link.error().message);
        return fail(process_ ? fmt::format("it does not serve at ${} within {} s", kAddressVariable,
                                           patience.count())
                             : fmt::format("nobody answers there within {} s, expected a driver "
                                           "that serves",
                                           patience.count()));
    }
    link_ = std::move(*link);
    return {};
}

Status Connection::shake_hands() {
    ToDriver message;
    messages::Hello& hello = *message.mutable_hello();
    hello.set_version(kProtocolVersion);
    hello.set_program("huntsman");
    hello.set_rate_hz(rig_.rate_hz);
    for (const auto& camera : rig_.cameras) {
        describe_camera(camera, camera.width, camera.height, *hello.add_cameras());
    }
    hello.set_images(settings_.images);
    hello.set_shared_frames(target_.this_machine && settings_.shared_frames);
    hello.set_deadline_ms(static_cast<std::uint32_t>(settings_.link.deadline_ms));
    const auto until = LinkClock::now() + (process_ ? kStarts : kServes);
    const auto fail = [&](const std::string& why) {
        return Error{.message = "driver " + spec_ + ": " + why};
    };
    const auto sent = link_->send(message, until);
    if (sent == Link::State::kBroken) return fail(gone().message);
    auto reply = expect(FromDriver::kHello, until);
    if (!reply) return fail(reply.error().message);
    if (const auto status = accept(reply->hello()); !status) return fail(status.error().message);
    return {};
}

Status Connection::accept(const messages::HelloReply& reply) {
    if (reply.version() != kProtocolVersion) {
        return Error{.message = fmt::format("it speaks version {} of the protocol, expected {}",
                                            reply.version(), kProtocolVersion)};
    }
    if (!reply.refusal().empty()) {
        return Error{.message = "it refuses to drive: " + quoted(reply.refusal())};
    }
    hello_ = reply;
    const auto& wants = reply.wants();
    if (wants.track() && !wants.perception_alone()) {
        return Error{.message =
                         "it wants its objects tracked, expected that only of drivers that "
                         "answer perception alone"};
    }
    if (!wants.images()) return {};
    if (!settings_.images) {
        return Error{.message = "it needs images, but images are switched off"};
    }
    auto given = given_cameras(wants, rig_);
    if (!given) return Error{.message = "it " + given.error().message};
    given_ = std::move(*given);
    return {};
}

void Connection::share_frames() {
    const bool wanted = wants().images() && wants().shared_frames() && settings_.shared_frames &&
                        settings_.images && target_.this_machine && !given_.empty();
    if (wanted) not_shared_ = try_to_share();
    if (!not_shared_.empty()) ring_.reset();
}

// Empty, or why not.
std::string Connection::try_to_share() {
    auto ring = FrameRing::create(given_.back().offset + given_.back().bytes(), kSlots);
    if (!ring) return ring.error().message;
    ring_ = std::move(*ring);
    const auto handover = Handover::offer(ring_->descriptor());
    if (!handover) return handover.error().message;
    ToDriver message;
    messages::Attach& attach = *message.mutable_attach();
    attach.set_socket((*handover)->socket());
    attach.set_bytes(ring_->bytes());
    attach.set_slots(ring_->slots());
    attach.set_slot_bytes(ring_->slot_bytes());
    attach.set_slots_offset(kSlotsOffset);
    attach.set_pixels_offset(kPixelsOffset);
    for (const Given& given : given_) {
        messages::FramePlace& place = *attach.add_places();
        place.set_camera(rig_.cameras[given.camera].name);
        place.set_width(static_cast<std::uint32_t>(given.width));
        place.set_height(static_cast<std::uint32_t>(given.height));
        place.set_offset(given.offset);
    }
    const auto until = LinkClock::now() + kServes;
    if (link_->send(message, until) == Link::State::kBroken) return gone().message;
    const auto reply = expect(FromDriver::kAttach, until);
    return reply ? quoted(reply->attach().failure()) : reply.error().message;
}

void Connection::reset() {
    missed_ = 0;
    if (!dead_.empty()) return;
    ToDriver message;
    message.mutable_reset();
    const auto until = LinkClock::now() + kStarts;
    if (link_->send(message, until) == Link::State::kBroken) {
        gone();
        return;
    }
    const auto reply = expect(FromDriver::kReset, until);
    if (!reply) {
        dead(reply.error().message);
    } else if (!reply->reset().failure().empty()) {
        dead("it cannot be reset: " + quoted(reply->reset().failure()));
    }
    // What was asked before has been answered by now.
    given_up_.clear();
}

// ---- Frames and answers

Result<FromDriver> Connection::expect(FromDriver::WhatCase what, LinkClock::time_point until) {
    for (;;) {
        FromDriver message;
        switch (link_->receive(message, until)) {
            case Link::State::kLate:
                return dead("it does not answer");
            case Link::State::kBroken:
                return gone();
            case Link::State::kDone:
                break;
        }
        if (message.what_case() == what) return message;
        if (message.what_case() != FromDriver::kAnswer) {
            return dead("it sent a message that it was not asked for");
        }
    }
}

Result<messages::Action> Connection::ask(const driver::DriverInput& input) {
    if (!dead_.empty()) return Error{.message = dead_};
    const auto until = LinkClock::now() + milliseconds(settings_.link.deadline_ms);
    fill(input);
    if (frame_.frame().observation().ByteSizeLong() > kMostSent_bytes) {
        return dead(
            fmt::format("its pictures do not fit into a message of {} MB, expected fewer "
                        "or smaller ones",
                        kMostSent_bytes >> 20));
    }
    const std::uint64_t frame = input.observation.frame();
    switch (link_->send(frame_, until)) {
        case Link::State::kLate:
            return late(frame);
        case Link::State::kBroken:
            return gone();
        case Link::State::kDone:
            break;
    }
    HM_TAKE(messages::Answer answer, answer_to(frame, until));
    missed_ = 0;
    if (!answer.failure().empty()) return Error{.message = "it says: " + quoted(answer.failure())};
    if (const auto status = check_answer(answer.action(), wants().perception_alone()); !status) {
        return Error{.message = "it " + status.error().message};
    }
    const std::string odd = excess_of(answer.action().pedals(), input.observation.vehicle());
    if (!odd.empty()) odd_.insert("the driver " + odd);
    return std::move(*answer.mutable_action());
}

void Connection::fill(const driver::DriverInput& input) {
    messages::Frame& frame = *frame_.mutable_frame();
    *frame.mutable_observation() = input.observation;
    frame.clear_truth();
    if (wants().truth() && input.truth != nullptr) *frame.mutable_truth() = *input.truth;
    frame.set_night(input.night);
    if (wants().images()) fill_pictures(input);
}

void Connection::fill_pictures(const driver::DriverInput& input) {
    messages::Frame& frame = *frame_.mutable_frame();
    if (ring_) {
        const auto pixels = ring_->begin();
        for (const Given& given : given_) {
            write_picture(input.pictures[given.camera], given, wants().format(),
                          pixels.subspan(given.offset, given.bytes()));
        }
        const RingPlace place = ring_->finish();
        frame.mutable_shared()->set_slot(place.slot);
        frame.mutable_shared()->set_generation(place.generation);
        return;
    }
    for (const Given& given : given_) {
        messages::CameraImage& image = *frame.mutable_observation()->add_cameras();
        image.set_name(rig_.cameras[given.camera].name);
        image.set_width(static_cast<std::uint32_t>(given.width));
        image.set_height(static_cast<std::uint32_t>(given.height));
        std::string& rgb = *image.mutable_rgb();
        rgb.resize(given.bytes());
        write_picture(input.pictures[given.camera], given, wants().format(),
                      {reinterpret_cast<std::uint8_t*>(rgb.data()), rgb.size()});
    }
}

Result<messages::Answer> Connection::answer_to(std::uint64_t frame, LinkClock::time_point until) {
    for (;;) {
        FromDriver message;
        switch (link_->receive(message, until)) {
            case Link::State::kLate:
                return late(frame);
            case Link::State::kBroken:
                return gone();
            case Link::State::kDone:
                break;
        }
        if (!message.has_answer()) return dead("it sent a message that it was not asked for");
        const std::uint64_t answered = message.answer().frame();
        if (answered == frame) return std::move(*message.mutable_answer());
        if (given_up_.erase(answered) == 0) {
            return dead(fmt::format("it answers frame {}, which it was never sent", answered));
        }
    }
}

Error Connection::late(std::uint64_t frame) {
    if (given_up_.size() < kMostGivenUp) given_up_.insert(frame);
    if (++missed_ >= kMostMissed) {
        return dead(fmt::format("it has answered none of {} frames in a row within {} ms",
                                kMostMissed, settings_.link.deadline_ms));
    }
    return {.message = fmt::format("it does not answer within {} ms", settings_.link.deadline_ms)};
}

Error Connection::gone() {
    if (process_ && process_->wait_for(milliseconds(500))) {
        return dead("it " + process_->how_it_ended());
    }
    const bool greeted = hello_.version() != 0;
    return dead((greeted ? "it is gone: " : "") + quoted(link_->why_broken()));
}

Error Connection::dead(std::string why) {
    if (dead_.empty()) dead_ = std::move(why);
    return {.message = dead_};
}

std::vector<std::string> Connection::notes() const {
    std::vector<std::string> notes(odd_.begin(), odd_.end());
    if (wants().truth()) notes.push_back("the driver was given the truth");
    if (!not_shared_.empty()) {
        notes.push_back(
            "pictures went to the driver through messages, since they could not be "
            "shared: " +
            not_shared_);
    }
    return notes;
}

}  // namespace huntsman::bridge::rpc
