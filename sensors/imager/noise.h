// Random numbers of an image sensor: one counter per pixel, so that neither the order of pixels nor
// the other stages change a draw.
#pragma once

#include <algorithm>
#include <cmath>
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
inline float normal_at(std::uint32_t bits);

// A Poisson variable of the given mean >= 0 at the quantile (bits + 1/2) / 2³². Exact inversion
// below a mean of 12; above, the expansion of [Giles 2016, eq. 7], whose error is below the
// rounding to an integer except for 1e-3 of draws, where it is one.
inline float poisson_at(float mean, std::uint32_t bits);

namespace detail {
constexpr std::uint32_t kNormalCells = 4096, kNormalTail = 16;
constexpr int kNormalShift = 20;      // of 32 bits, to the cell
extern const float* const kNormalAt;  // kNormalCells + 1 values
constexpr float kSmallMean = 12;
float normal_in_tail(std::uint32_t bits);
float small_poisson(float mean, std::uint32_t bits);
}  // namespace detail

inline float normal_at(std::uint32_t bits) {
    const std::uint32_t cell = bits >> detail::kNormalShift;
    if (cell < detail::kNormalTail || cell >= detail::kNormalCells - detail::kNormalTail)
        [[unlikely]] {
        return detail::normal_in_tail(bits);
    }
    const float share = static_cast<float>(bits & ((1U << detail::kNormalShift) - 1)) * 0x1p-20F;
    const float low = detail::kNormalAt[cell], high = detail::kNormalAt[cell + 1];
    return low + (high - low) * share;
}

inline float poisson_at(float mean, std::uint32_t bits) {
    if (mean < detail::kSmallMean) return mean > 0 ? detail::small_poisson(mean, bits) : 0.0F;
    const float w = normal_at(bits), root = std::sqrt(mean);
    const float q = mean + root * w + (1.0F / 3 + w * w / 6) - (w / 36 + w * w * w / 72) / root;
    // Truncation is the floor of what is not negative; means beyond 2³⁰ would overflow.
    return static_cast<float>(static_cast<std::int32_t>(std::clamp(q, 0.0F, 0x1p30F)));
}

// References
//   [Giles 2016] M. B. Giles, "Algorithm 955: approximation of the inverse Poisson cumulative
//     distribution function", ACM Transactions on Mathematical Software 42 (1), 2016.

}  // namespace huntsman::sensors::imager
