// Distinct failures: what many points found in common.
#pragma once

#include <compare>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "bridge/mine/search.h"

namespace huntsman::bridge::mine {

// What makes two failures the same, in words of whoever evaluates; empty: nothing to say.
struct Signature {
    std::string kind;      // as "collision"
    std::string other;     // who with, as "pedestrian"
    std::string geometry;  // from where, as "from the right"
    std::string cause;     // as "seen too late"
    auto operator<=>(const Signature&) const = default;
};

// The parts that are not empty, as "collision, pedestrian, from the right".
std::string text(const Signature& signature);

struct Distinct {
    Signature signature;
    std::size_t worst = 0;  // index into the points found
    std::size_t count = 0;  // of the points found
    // Of the worst: severity times plausibility, in the unit of severity. A severity below 0 is
    // divided by it instead, as what is less plausible must not weigh more.
    double weight = 0;
};

// Merges the failures found (failed, valid) by their signatures; `signatures` has one for each
// point found, of which those of no failure are not looked at. The member of the highest weight
// stands for all, of those equal the first found. Sorted by weight, highest first, then by what was
// found first.
std::vector<Distinct> distinct(const Space& space, std::span<const Found> found,
                               std::span<const Signature> signatures);

}  // namespace huntsman::bridge::mine
