#include "scenarios/edit/environment_action.h"

#include <array>
#include <cmath>
#include <limits>

#include "engine/math/geometry.h"
#include "scenarios/edit/parts.h"

namespace huntsman::scenarios::edit {

using engine::math::kPi;
using engine::world::Environment;
using situations::element;
using situations::text;
using story::Element;

namespace {

constexpr std::array kOktas{"zeroOktas", "oneOktas", "twoOktas",   "threeOktas", "fourOktas",
                            "fiveOktas", "sixOktas", "sevenOktas", "eightOktas"};

Element weather_of(const GivenEnvironment& given) {
    Element weather = element("Weather");
    if (const double* cover = given.get(&Environment::cloud_cover)) {
        weather.set("fractionalCloudCover",
                    kOktas.at(static_cast<std::size_t>(std::lround(8 * *cover))));
    }
    const double* azimuth = given.get(&Environment::sun_azimuth_rad);
    const double* elevation = given.get(&Environment::sun_elevation_rad);
    if (azimuth != nullptr || elevation != nullptr) {
        // The standard's azimuths count from north to the east. It wants both.
        const Environment usual;
        const double turned =
            engine::math::wrap_angle(kPi / 2 - (azimuth ? *azimuth : usual.sun_azimuth_rad));
        weather.children.push_back(element(
            "Sun", {{"azimuth", text(turned < 0 ? turned + 2 * kPi : turned)},
                    {"elevation", text(elevation ? *elevation : usual.sun_elevation_rad)}}));
    }
    if (const double* fog = given.get(&Environment::fog_per_m)) {
        constexpr double kContrast = 3.912, kFurthest_m = 100'000;
        weather.children.push_back(element(
            "Fog", {{"visualRange",
                     text(*fog > kContrast / kFurthest_m ? kContrast / *fog : kFurthest_m)}}));
    }
    const double* rain = given.get(&Environment::rain_mm_h);
    const double* snow = given.get(&Environment::snow_cover);
    if (rain != nullptr || snow != nullptr) {
        const bool snows = snow != nullptr && *snow > 0.5;
        const double mm_h = rain != nullptr ? *rain : 0;
        weather.children.push_back(element(
            "Precipitation", {{"precipitationType", snows      ? "snow"
                                                    : mm_h > 0 ? "rain"
                                                               : "dry"},
                              {"precipitationIntensity", text(snows && mm_h == 0 ? 1.0 : mm_h)}}));
    }
    return weather;
}

// The word whose wetness and puddles come closest.
const char* wetness_word(double wetness, double puddles) {
    struct Wet {
        const char* word;
        double wetness, puddles;
    };
    constexpr std::array<Wet, 5> kWet{{{"dry", 0, 0},
                                       {"moist", 0.3, 0},
                                       {"wetWithPuddles", 1, 0.5},
                                       {"lowFlooded", 1, 0.8},
                                       {"highFlooded", 1, 1}}};
    const char* best = "dry";
    double least = std::numeric_limits<double>::infinity();
    for (const Wet& wet : kWet) {
        const double distance = std::hypot(wet.wetness - wetness, wet.puddles - puddles);
        if (distance < least) best = wet.word;
        least = std::min(least, distance);
    }
    return best;
}

}  // namespace

void add_environment_action(const GivenEnvironment& given, Element& root) {
    Element environment = element("Environment", {{"name", "environment"}});
    Element weather = weather_of(given);
    if (!weather.children.empty() || !weather.attributes.empty()) {
        environment.children.push_back(std::move(weather));
    }
    const double* friction = given.get(&Environment::friction);
    const double* wetness = given.get(&Environment::wetness);
    const double* puddles = given.get(&Environment::puddles);
    if (friction != nullptr || wetness != nullptr || puddles != nullptr) {
        Element road =
            element("RoadCondition", {{"frictionScaleFactor", text(friction ? *friction : 1.0)}});
        if (wetness != nullptr || puddles != nullptr) {
            road.set("wetness", wetness_word(wetness ? *wetness : 0.0, puddles ? *puddles : 0.0));
        }
        environment.children.push_back(std::move(road));
    }
    if (environment.children.empty()) return;
    init_actions(root).children.push_back(
        element("GlobalAction", {}, {element("EnvironmentAction", {}, {std::move(environment)})}));
}

std::vector<std::string> lost_of_environment(const GivenEnvironment& given) {
    std::vector<std::string> lost;
    if (given.get(&Environment::turbidity) != nullptr) lost.push_back("turbidity");
    if (given.get(&Environment::light) != nullptr) lost.push_back("word for the light");
    if (given.get(&Environment::weather) != nullptr) lost.push_back("word for the weather");
    const double* snow = given.get(&Environment::snow_cover);
    if (snow != nullptr && *snow > 0 && *snow < 1) lost.push_back("exact cover of snow");
    const double* puddles = given.get(&Environment::puddles);
    if (puddles != nullptr && *puddles > 0) lost.push_back("exact share of puddles");
    const double* wetness = given.get(&Environment::wetness);
    if (wetness != nullptr && *wetness > 0 && *wetness < 1) lost.push_back("exact wetness");
    return lost;
}

}  // namespace huntsman::scenarios::edit
