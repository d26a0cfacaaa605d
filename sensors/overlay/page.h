// Samples with their labels as one self-contained HTML page: sliders for the sample and for the
// opacity of the labels, a choice of cameras and labels. Opens from a file without a network.
#pragma once

#include <span>
#include <string>

#include "engine/core/result.h"
#include "sensors/overlay/overlay.h"

namespace huntsman::sensors::overlay {

class Page {
  public:
    // `layers` are offered; those of `shown` are switched on at first. `opacity`, 0 to 1, is that
    // of layers that cover the picture, at first.
    Page(std::string title, std::span<const Layer> layers, std::span<const Layer> shown,
         bool birds_eye, double opacity = 0.7);
    // Draws all layers of all cameras; `place` is the slider's caption.
    engine::core::Status add(const std::string& place, const labels::Sample& sample);
    std::string html() const;

  private:
    std::string title_;
    std::vector<Layer> layers_, shown_;
    bool birds_eye_;
    double opacity_;
    std::string samples_;  // as JSON, so far
};

}  // namespace huntsman::sensors::overlay
