// Random numbers of an image sensor: one counter per pixel, so that neither the order of pixels nor
// the other stages change a draw.
#pragma once

#include <cstdint>

#include "engine/core/random.h"

namespace huntsman::sensors::imager {

// The stream of one stage of one picture: 32 random bits for each pixel.
class Stream {
  public:
    explicit Stream(const engine::core::Key& key) : base_(key.bits()) {}
    std::uint32_t bits(std::uint64_t pixel) const {
        std::uint64_t z = base_ + (pixel + 1) * 0x9e3779b97f4a7c15ULL;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return static_cast<std::uint32_t>(z >> 32);
    }

  private:
    std::uint64_t base_;
};

// The standard normal variable at the quantile (bits + 1/2) / 2³²: from a table with linear
// interpolation, within 2e-4; exact in the tails.
float normal_at(std::uint32_t bits);

// A Poisson variable of the given mean >= 0 at the quantile (bits + 1/2) / 2³². Exact inversion
// below a mean of 12; above, the expansion of [Giles 2016, eq. 7], whose error is below the
// rounding to an integer except for 1e-3 of draws, where it is one.
float poisson_at(float mean, std::uint32_t bits);

// References
//   [Giles 2016] M. B. Giles, "Algorithm 955: approximation of the inverse Poisson cumulative
//     distribution function", ACM Transactions on Mathematical Software 42 (1), 2016.

}  // namespace huntsman::sensors::imager
