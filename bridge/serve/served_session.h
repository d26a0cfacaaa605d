// One client's conversation: its session, the pictures that it is given, and its answers.
#pragma once

#include <optional>

#include "bridge/rpc/frame_ring.h"
#include "bridge/rpc/handover.h"
#include "bridge/rpc/pictures.h"
#include "bridge/serve/birds_eye.h"
#include "bridge/serve/host.h"

namespace huntsman::bridge::serve {

class ServedSession final : public rpc::Conversation {
  public:
    ServedSession(Host& host, bool this_machine) : host_(host), this_machine_(this_machine) {}
    ~ServedSession() override { leave(); }

    bool answer(const messages::ToSimulator& message, messages::FromSimulator& reply) override;

  private:
    // What a session is made from.
    struct Start {
        loop::RunOptions options;
        std::optional<engine::sim::Recording> recording;
        std::int64_t fork_tick = 0;
    };

    engine::core::Status reply_to(const messages::ToSimulator& message,
                                  messages::FromSimulator& reply);
    engine::core::Status begin(const messages::Begin& begin, messages::Begun& begun);
    engine::core::Result<Start> start_of(const messages::Begin& begin);
    engine::core::Status open(Start start, messages::Begun& begun);
    engine::core::Status give_pictures(messages::Begun& begun);
    void share_pictures(messages::Begun& begun);
    engine::core::Status step(const messages::Step& step);
    engine::core::Status snapshot(messages::Recorded& recorded);
    engine::core::Status finish(messages::Finished& finished);
    void fill(messages::Moment& moment);
    void fill_pictures(messages::Moment& moment);
    void leave();

    Host& host_;
    const bool this_machine_;

    std::shared_ptr<Host::Entry> entry_;  // its mutex is held while the session is at work
    std::string id_;
    std::unique_ptr<loop::Resources> resources_;
    std::unique_ptr<loop::Session> session_;
    engine::render::Quality quality_ = engine::render::Quality::kStandard;

    messages::Wants wants_;
    std::vector<rpc::Given> given_;
    std::unique_ptr<rpc::FrameRing> ring_;  // none: pictures go through messages
    std::unique_ptr<rpc::Handover> handover_;
    std::optional<BirdsEye> birds_eye_;
    std::size_t told_ = 0;  // infractions of the judge before the last step
};

}  // namespace huntsman::bridge::serve
