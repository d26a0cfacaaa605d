// Experiments in two arms that differ in one thing, over many seeds.
#pragma once

#include <cmath>
#include <cstdlib>
#include <vector>

namespace huntsman::agents::traffic {

// How many pairs: HUNTSMAN_PAIRS, else `usual`.
inline int pairs(int usual) {
    const char* asked = std::getenv("HUNTSMAN_PAIRS");
    return asked != nullptr ? std::atoi(asked) : usual;
}

// Mean of paired differences with its interval of 95 %.
struct Difference {
    double mean = 0, low = 0, high = 0;
};
inline Difference difference_of(const std::vector<double>& differences) {
    const auto n = static_cast<double>(differences.size());
    double sum = 0, squares = 0;
    for (const double d : differences) sum += d;
    const double mean = sum / n;
    for (const double d : differences) squares += (d - mean) * (d - mean);
    const double half = 1.96 * std::sqrt(squares / (n - 1) / n);
    return {mean, mean - half, mean + half};
}

}  // namespace huntsman::agents::traffic
