#include "bridge/check/check.h"
#include "bridge/loop/session.h"

namespace huntsman::bridge::check {

using engine::core::Result;

namespace {

// Keeps what it is given, and drives on.
class Recorder final : public driver::Driver {
  public:
    Recorder(std::vector<Moment>& moments, bool images)
        : moments_(moments), images_(images), driver_(driver::make_constant_driver()) {}
    std::string name() const override { return driver_->name(); }
    bool needs_images() const override { return images_; }
    bool needs_truth() const override { return true; }
    void reset() override { driver_->reset(); }
    Result<messages::Action> drive(const driver::DriverInput& input) override {
        Moment& moment = moments_.emplace_back();
        moment.observation = input.observation;
        if (input.truth != nullptr) moment.truth = *input.truth;
        for (const driver::CameraPicture& picture : input.pictures) {
            moment.pictures.emplace_back(picture.rgb.begin(), picture.rgb.end());
        }
        return driver_->drive(input);
    }

  private:
    std::vector<Moment>& moments_;
    bool images_;
    std::unique_ptr<driver::Driver> driver_;
};

}  // namespace

Result<std::vector<Moment>> record_moments(loop::Resources& resources,
                                           const loop::RunOptions& options, std::size_t count) {
    std::vector<Moment> moments;
    auto recorded = options;
    recorded.driver = "constant";
    HM_TAKE(auto session,
            loop::Session::create(resources, recorded,
                                  {.driver = std::make_unique<Recorder>(moments, options.images),
                                   .whole_time = true}));
    while (!session->ended() && moments.size() < count) HM_TRY(session->step());
    if (moments.size() >= count) return moments;
    return engine::core::Error{.message =
                                   fmt::format("the run ends after {} camera ticks, expected "
                                               "{}: {}",
                                               moments.size(), count, session->end_reason())};
}

}  // namespace huntsman::bridge::check
