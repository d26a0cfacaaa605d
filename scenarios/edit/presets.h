// Weather and light by a word.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

namespace huntsman::scenarios::edit {

struct WeatherPreset {
    const char* name;
    bool sky;                    // sets clouds, rain and road; else the light alone
    nlohmann::json environment;  // as in scenario files
};
const std::vector<WeatherPreset>& weather_presets();  // in the order of a menu

}  // namespace huntsman::scenarios::edit
