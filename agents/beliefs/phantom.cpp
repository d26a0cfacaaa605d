#include "agents/beliefs/phantom.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/check.h"

namespace huntsman::agents::beliefs {

std::vector<Phantom> phantoms_behind(std::span<const HiddenStretch> stretches, double horizon_m,
                                     double least) {
    std::vector<Phantom> phantoms;
    for (const HiddenStretch& hidden : stretches) {
        HM_CHECK(hidden.speed_mps > 0, "phantoms of {} m/s", hidden.speed_mps);
        const double from_m = std::max(0.0, hidden.from_m);
        const double length_m = std::min(horizon_m, hidden.to_m) - from_m;
        if (length_m <= 0) continue;
        const double filled = 1 - std::exp(-hidden.hidden_s / kFills_s);
        const double exists = 1 - std::exp(-hidden.rate_per_m * length_m * filled);
        if (exists < least) continue;
        phantoms.push_back({.kind = hidden.kind,
                            .exists = exists,
                            .along_m = from_m,
                            .reach_s = hidden.beside_m / hidden.speed_mps});
    }
    return phantoms;
}

double people_per_m(KerbPlace place) {
    switch (place) {
        case KerbPlace::kOpenRoad:
            return 0.0005;
        case KerbPlace::kHomes:
            return 0.005;
        case KerbPlace::kShops:
            return 0.02;
        case KerbPlace::kBusStop:
            return 0.05;
        case KerbPlace::kSchool:
            return 0.05;
        case KerbPlace::kCrossing:
            return 0.1;
    }
    return 0;
}

double edge_speed_mps(const Phantom& phantom, const PhantomCost& cost) {
    const double probability = phantom.exists * cost.comes_out;
    if (probability <= 0) return std::numeric_limits<double>::infinity();
    const double harmless_mps =
        2 * cost.brake_mps2 * std::max(0.0, phantom.reach_s - cost.reaction_s);
    return 0.5 * (harmless_mps +
                  std::sqrt(harmless_mps * harmless_mps + 4 * cost.bound_m2ps2 / probability));
}

double phantom_speed_mps(std::span<const Phantom> phantoms, const PhantomCost& cost) {
    double speed_mps = std::numeric_limits<double>::infinity();
    for (const Phantom& phantom : phantoms) {
        const double edge_mps = edge_speed_mps(phantom, cost);
        speed_mps = std::min(
            speed_mps, std::sqrt(edge_mps * edge_mps + 2 * cost.comfort_mps2 * phantom.along_m));
    }
    return speed_mps;
}

}  // namespace huntsman::agents::beliefs
