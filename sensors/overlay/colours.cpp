#include "sensors/overlay/colours.h"

#include <algorithm>
#include <cmath>

#include "engine/core/random.h"
#include "engine/math/geometry.h"

namespace huntsman::sensors::overlay {

using engine::world::Semantic;

namespace {

std::uint8_t byte(double share) {
    return static_cast<std::uint8_t>(std::clamp(share, 0.0, 1.0) * 255 + 0.5);
}

Rgb of_hue(double hue, double saturation, double value) {
    const double h = (hue - std::floor(hue)) * 6;
    const auto channel = [&](double offset) {
        const double k = std::fmod(offset + h, 6.0);
        return byte(value - value * saturation * std::clamp(std::min(k, 4 - k), 0.0, 1.0));
    };
    return {channel(5), channel(3), channel(1)};
}

}  // namespace

Rgb turbo(double share) {
    const double x = std::clamp(share, 0.0, 1.0);
    const auto polynomial = [x](double a, double b, double c, double d, double e, double f) {
        return byte(a + x * (b + x * (c + x * (d + x * (e + x * f)))));
    };
    return {
        polynomial(0.13572138, 4.61539260, -42.66032258, 132.13108234, -152.94239396, 59.28637943),
        polynomial(0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604),
        polynomial(0.10667330, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973)};
}

Rgb semantic_colour(Semantic semantic) {
    switch (semantic) {
        case Semantic::kNothing:
            return {0, 0, 0};
        case Semantic::kSky:
            return {70, 130, 180};
        case Semantic::kRoad:
            return {128, 64, 128};
        case Semantic::kRoadMark:
            return {220, 200, 240};
        case Semantic::kSidewalk:
            return {244, 35, 232};
        case Semantic::kKerb:
            return {190, 120, 200};
        case Semantic::kTerrain:
            return {152, 251, 152};
        case Semantic::kBuilding:
            return {70, 70, 70};
        case Semantic::kFence:
            return {190, 153, 153};
        case Semantic::kVegetation:
            return {107, 142, 35};
        case Semantic::kPole:
            return {153, 153, 153};
        case Semantic::kTrafficSignal:
            return {250, 170, 30};
        case Semantic::kTrafficSign:
            return {220, 220, 0};
        case Semantic::kCar:
            return {0, 0, 142};
        case Semantic::kVan:
            return {40, 40, 190};
        case Semantic::kTruck:
            return {0, 0, 70};
        case Semantic::kBus:
            return {0, 60, 100};
        case Semantic::kMotorcycle:
            return {0, 0, 230};
        case Semantic::kBicycle:
            return {119, 11, 32};
        case Semantic::kPedestrian:
            return {220, 20, 60};
        case Semantic::kOther:
            return {81, 0, 81};
        case Semantic::kScooter:
            return {0, 90, 230};
        case Semantic::kTrailer:
            return {0, 0, 110};
        case Semantic::kWheelchair:
            return {250, 80, 130};
        case Semantic::kAnimal:
            return {111, 74, 0};
        case Semantic::kMovable:
            return {170, 120, 30};
    }
    return {255, 0, 255};
}

Rgb instance_colour(std::uint32_t id) {
    const engine::core::Key key(id);
    return of_hue(key.uniform(0), key.uniform(0.55, 0.95, 1), key.uniform(0.75, 1, 2));
}

Rgb flow_colour(double x, double y) {
    const double hue = std::atan2(y, x) / (2 * engine::math::kPi);
    return of_hue(hue, std::min(1.0, std::hypot(x, y)), 1);
}

}  // namespace huntsman::sensors::overlay
