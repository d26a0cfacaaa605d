// Masks as COCO writes them: lengths of runs down the columns, first those outside, differences of
// every second one in digits of 32 from '0' on [cocoapi, maskApi.c, rleToString].
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace huntsman::sensors::dataset::coco {

class Runs {
  public:
    // Pixels in ascending order, each once: x · height + y.
    void add(std::uint32_t at) {
        if (!runs_.empty() && runs_.back().second == at) {
            ++runs_.back().second;
        } else {
            runs_.emplace_back(at, at + 1);
        }
    }
    template <typename Body>
    void for_each_pixel(Body&& body) const {
        for (const auto& [from, to] : runs_) {
            for (std::uint32_t at = from; at < to; ++at) body(at);
        }
    }
    // Of a picture with so many pixels.
    std::string text(std::uint32_t pixels) const;

  private:
    std::vector<std::pair<std::uint32_t, std::uint32_t>> runs_;  // [from, to)
};

// Pixels inside of a mask, or -1 where the text is no mask of a picture with so many pixels.
std::int64_t area_of_runs(const std::string& text, std::int64_t pixels);

}  // namespace huntsman::sensors::dataset::coco
