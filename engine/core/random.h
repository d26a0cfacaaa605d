// Keyed random numbers: a value is a pure function of (seed, actor, purpose, tick), so the order in
// which actors or threads draw never matters. [Salmon et al. 2011] describe the counter-based idea;
// the mixing function is SplitMix64's finaliser [Steele et al. 2014].
//
//   Key key = Key(seed).with(actor_id).with("reaction_time");
//   double u = key.uniform(draw_index);
#pragma once

#include <cstdint>
#include <string_view>

namespace huntsman::engine::core {

class Key {
  public:
    constexpr explicit Key(std::uint64_t seed) : state_(mix(seed ^ 0x9e3779b97f4a7c15ULL)) {}

    // A child key; children of different words are independent.
    constexpr Key with(std::uint64_t word) const {
        Key child = *this;
        child.state_ = mix(state_ + 0x9e3779b97f4a7c15ULL * (word + 1));
        return child;
    }
    constexpr Key with(std::string_view purpose) const {
        std::uint64_t word = 0xcbf29ce484222325ULL;  // FNV-1a
        for (const char c : purpose) {
            word = (word ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        }
        return with(word);
    }

    // The `draw`-th 64 random bits of this key.
    constexpr std::uint64_t bits(std::uint64_t draw = 0) const {
        return mix(state_ ^ mix(draw + 0x632be59bd9b4e019ULL));
    }
    // Uniform in [0, 1), 53 bits.
    constexpr double uniform(std::uint64_t draw = 0) const {
        return static_cast<double>(bits(draw) >> 11) * 0x1.0p-53;
    }
    constexpr double uniform(double low, double high, std::uint64_t draw = 0) const {
        return low + (high - low) * uniform(draw);
    }
    // Uniform in {0, ..., count-1}; count > 0. The bias of the modulo is below 2^-32 for count <
    // 2^32.
    constexpr std::uint64_t index(std::uint64_t count, std::uint64_t draw = 0) const {
        return bits(draw) % count;
    }
    // Standard normal by Box–Muller; one value per draw index.
    double normal(std::uint64_t draw = 0) const;

  private:
    static constexpr std::uint64_t mix(std::uint64_t z) {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
};

}  // namespace huntsman::engine::core
