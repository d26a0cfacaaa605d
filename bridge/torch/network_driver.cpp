#include <algorithm>
#include <vector>

#include "bridge/driver/perceiving.h"
#include "bridge/driver/tracker.h"
#include "bridge/torch/drivers.h"
#include "bridge/torch/network.h"

namespace huntsman::bridge::torch {

using engine::core::Error;
using engine::core::Result;

namespace {

constexpr double kLowestScore = 0.1;  // kept for the precision curve; the planner asks for more
constexpr double kSignalScore = 0.6;  // below it a signal's state counts as not seen
constexpr std::size_t kPictureBytes = 3 * kInputWidth * kInputHeight;
constexpr std::size_t kCropBytes = 3 * kCropSide * kCropSide;

bool same(const CameraGeometry& a, const CameraGeometry& b) {
    return a.width == b.width && a.height == b.height && a.lens == b.lens && a.X_BC.p == b.X_BC.p &&
           a.X_BC.q == b.X_BC.q;
}

class NetworkDriver final : public driver::PerceivingDriver {
  public:
    explicit NetworkDriver(std::unique_ptr<Network> network) : network_(std::move(network)) {}

    std::string name() const override { return "network"; }
    bool needs_images() const override { return true; }

  protected:
    void forget() override { tracker_.reset(); }

    Result<Perceived> perceive(const driver::DriverInput& input) override {
        const messages::Observation& observation = input.observation;
        // The lift follows the calibration, which rarely changes.
        std::vector<CameraGeometry> cameras;
        for (const auto& picture : input.pictures) {
            cameras.push_back(geometry_of(*picture.camera));
        }
        if (cameras.empty()) return Error{.message = "the network driver was given no picture"};
        const bool known = cameras.size() == cameras_.size() &&
                           std::equal(cameras.begin(), cameras.end(), cameras_.begin(), same);
        if (!known) {
            network_->set_lift(make_lift(cameras));
            cameras_ = cameras;
        }

        // Reduced pictures, and a crop for each mapped signal head that can be seen.
        pictures_.resize(cameras.size() * kPictureBytes);
        for (std::size_t c = 0; c < cameras.size(); ++c) {
            reduce_picture(input.pictures[c].rgb.data(), cameras[c].width, cameras[c].height,
                           pictures_.data() + c * kPictureBytes);
        }
        crops_.clear();
        std::vector<std::uint32_t> heads;
        for (const auto& event : observation.route().events()) {
            for (const auto& head : event.heads()) {
                CropPlace place;
                if (!place_crop(head, cameras, place)) continue;
                const auto c = static_cast<std::size_t>(place.camera);
                crops_.resize(crops_.size() + kCropBytes);
                cut_crop(input.pictures[c].rgb.data(), cameras[c].width, cameras[c].height, place,
                         crops_.data() + crops_.size() - kCropBytes);
                heads.push_back(head.head());
            }
        }

        HM_TRY(network_->infer(pictures_, crops_, inference_));
        Perceived perceived{.perception = {}, .time_us = observation.time_us()};
        messages::Perception& perception = perceived.perception;
        decode_boxes(inference_.maps, kLowestScore, perception);
        tracker_.update(observation, perception);
        for (std::size_t i = 0; i < heads.size(); ++i) {
            const auto& scores = inference_.signals[i];
            const auto best = std::max_element(scores.begin(), scores.end());
            if (*best < kSignalScore || best == scores.begin()) continue;
            auto* signal = perception.add_signals();
            signal->set_head(heads[i]);
            signal->set_score(*best);
            constexpr messages::SignalState kStates[] = {
                messages::SIGNAL_UNKNOWN, messages::SIGNAL_RED, messages::SIGNAL_YELLOW,
                messages::SIGNAL_GREEN};
            signal->set_state(kStates[best - scores.begin()]);
        }
        return perceived;
    }

  private:
    std::unique_ptr<Network> network_;
    std::vector<CameraGeometry> cameras_;  // the lift's
    std::vector<std::uint8_t> pictures_, crops_;
    Inference inference_;
    driver::Tracker tracker_;
};

}  // namespace

Result<std::unique_ptr<driver::Driver>> make_network_driver(const std::filesystem::path& network) {
    HM_TAKE(auto loaded, Network::load(network));
    return std::unique_ptr<driver::Driver>(std::make_unique<NetworkDriver>(std::move(loaded)));
}

}  // namespace huntsman::bridge::torch
