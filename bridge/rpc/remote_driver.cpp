#include "bridge/driver/perceiving.h"
#include "bridge/driver/tracker.h"
#include "bridge/rpc/connection.h"
#include "bridge/rpc/remote.h"

namespace huntsman::bridge::rpc {

using engine::core::Result;

namespace {

// Answers actions.
class RemoteDriver final : public driver::Driver {
  public:
    RemoteDriver(std::string spec, std::unique_ptr<Connection> connection)
        : spec_(std::move(spec)), connection_(std::move(connection)) {}

    std::string name() const override { return spec_; }
    bool needs_images() const override { return connection_->wants().images(); }
    bool needs_truth() const override { return connection_->wants().truth(); }
    std::vector<std::string> notes() const override { return connection_->notes(); }
    void reset() override { connection_->reset(); }
    Result<messages::Action> drive(const driver::DriverInput& input) override {
        return connection_->ask(input);
    }

  private:
    std::string spec_;
    std::unique_ptr<Connection> connection_;
};

// Answers what it perceives; the shared planner drives.
class RemotePerceiver final : public driver::PerceivingDriver {
  public:
    RemotePerceiver(std::string spec, std::unique_ptr<Connection> connection)
        : spec_(std::move(spec)), connection_(std::move(connection)) {}

    std::string name() const override { return spec_; }
    bool needs_images() const override { return connection_->wants().images(); }
    bool needs_truth() const override { return connection_->wants().truth(); }
    std::vector<std::string> notes() const override { return connection_->notes(); }

  protected:
    void forget() override {
        connection_->reset();
        tracker_.reset();
    }
    Result<Perceived> perceive(const driver::DriverInput& input) override {
        HM_TAKE(messages::Action action, connection_->ask(input));
        if (connection_->wants().track()) {
            tracker_.update(input.observation, *action.mutable_perception());
        }
        return Perceived{std::move(*action.mutable_perception()), input.observation.time_us()};
    }

  private:
    std::string spec_;
    std::unique_ptr<Connection> connection_;
    driver::Tracker tracker_;  // of drivers that want it
};

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_remote_driver(const std::string& spec,
                                                           const RemoteSettings& settings,
                                                           const engine::world::Rig& rig) {
    HM_TAKE(auto connection, Connection::open(spec, settings, rig));
    std::unique_ptr<driver::Driver> made;
    if (connection->wants().perception_alone()) {
        made = std::make_unique<RemotePerceiver>(spec, std::move(connection));
    } else {
        made = driver::with_ideal_planning(
            std::make_unique<RemoteDriver>(spec, std::move(connection)));
    }
    return made;
}

}  // namespace huntsman::bridge::rpc
