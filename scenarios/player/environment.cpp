// Light, weather, road and the time of day, as the story sets them.

#include <algorithm>

#include "engine/math/constants.h"
#include "scenarios/player/stage.h"
#include "scenarios/story/date_time.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::player {

using engine::world::ScriptedEnvironment;
using story::Element;

namespace {

// Nothing where the element or the attribute is not there.
std::optional<double> number_of(const Element* element, std::string_view attribute) {
    const std::string* text = element != nullptr ? element->attribute(attribute) : nullptr;
    return text != nullptr ? story::to_number(*text) : std::nullopt;
}
std::string word_of(const Element* element, std::string_view attribute) {
    const std::string* text = element != nullptr ? element->attribute(attribute) : nullptr;
    return text != nullptr ? *text : "";
}

// Azimuths of the standard count from north to the east, ours from east to the north.
void set_sun(const Element* sun, ScriptedEnvironment& now) {
    if (const auto azimuth = number_of(sun, "azimuth")) {
        now.sun_azimuth_rad = wrap_angle(kPi / 2 - *azimuth);
    }
    if (const auto elevation = number_of(sun, "elevation")) {
        now.sun_elevation_rad = std::clamp(wrap_angle(*elevation), -kPi / 2, kPi / 2);
    }
}

void set_clouds(const Element& weather, ScriptedEnvironment& now) {
    constexpr const char* kOktas[] = {"zeroOktas",  "oneOktas",  "twoOktas", "threeOktas",
                                      "fourOktas",  "fiveOktas", "sixOktas", "sevenOktas",
                                      "eightOktas", "nineOktas"};
    constexpr std::pair<const char*, double> kStates[] = {
        {"free", 0.0}, {"cloudy", 0.5}, {"overcast", 1.0}, {"rainy", 1.0}};
    const std::string state = word_of(&weather, "cloudState");
    for (const auto& [word, cover] : kStates) {
        if (state == word) now.cloud_cover = cover;
    }
    const std::string oktas = word_of(&weather, "fractionalCloudCover");
    for (int i = 0; i < 10; ++i) {
        if (oktas == kOktas[i]) now.cloud_cover = std::min(1.0, i / 8.0);
    }
}

void set_fog(const Element* fog, ScriptedEnvironment& now) {
    constexpr double kContrast = 3.912;  // −ln 0.02, of the faintest contrast seen [Koschmieder]
    constexpr double kLeast_m = 1.0;
    if (const auto range_m = number_of(fog, "visualRange")) {
        now.fog_per_m = kContrast / std::max(kLeast_m, *range_m);
    }
}

void set_precipitation(const Element* fall, ScriptedEnvironment& now) {
    constexpr double kHeaviest_mm_h = 50;  // of revision 1.0, which gives shares
    if (fall == nullptr) return;
    const auto share = number_of(fall, "intensity");
    const double mm_h = std::max(
        0.0,
        number_of(fall, "precipitationIntensity").value_or(share.value_or(0) * kHeaviest_mm_h));
    const std::string type = word_of(fall, "precipitationType");
    now.rain_mm_h = type == "rain" ? mm_h : 0.0;
    now.snow_cover = type == "snow" && mm_h > 0 ? 1.0 : 0.0;
}

void set_road(const Element* road, ScriptedEnvironment& now) {
    constexpr double kLeast = 0.05, kMost = 1.2;  // that physics takes
    if (const auto factor = number_of(road, "frictionScaleFactor")) {
        now.friction = std::clamp(*factor, kLeast, kMost);
    }
    struct Wet {
        const char* word;
        double wetness, puddles;
    };
    constexpr Wet kWet[] = {{"dry", 0, 0},
                            {"moist", 0.3, 0},
                            {"wetWithPuddles", 1, 0.5},
                            {"lowFlooded", 1, 0.8},
                            {"highFlooded", 1, 1}};
    const std::string given = word_of(road, "wetness");
    for (const Wet& wet : kWet) {
        if (given != wet.word) continue;
        now.wetness = wet.wetness;
        now.puddles = wet.puddles;
    }
}

}  // namespace

// What the action does not name stays as it is.
void Step::perform(const story::EnvironmentAction& action, Index) {
    ScriptedEnvironment& now = state_.environment;
    if (const Element* time = action.environment.child("TimeOfDay")) {
        now.clock_s = story::parse_date_time(word_of(time, "dateTime"));
        now.clock_runs = story::to_flag(word_of(time, "animation")).value_or(false);
    }
    if (const Element* weather = action.environment.child("Weather")) {
        set_clouds(*weather, now);
        set_sun(weather->child("Sun"), now);
        set_fog(weather->child("Fog"), now);
        set_precipitation(weather->child("Precipitation"), now);
    }
    set_road(action.environment.child("RoadCondition"), now);
}

void Step::run_clock() {
    ScriptedEnvironment& now = state_.environment;
    if (now.clock_s && now.clock_runs) *now.clock_s += dt_s_;
}

}  // namespace huntsman::scenarios::player
