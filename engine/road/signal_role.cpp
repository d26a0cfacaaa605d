#include "engine/road/signal_role.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace huntsman::engine::road {

using namespace std::string_view_literals;

SignalRole role_of(const world::ModelSignal& signal) {
    // Codes are written R1-1, R1_1 or r1.1.
    std::string type;
    for (const char c : signal.type) {
        if (c == '-' || c == '_' || c == '.' || c == ' ') continue;
        type += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    const auto one_of = [&](const auto& list) {
        return std::find(list.begin(), list.end(), std::string_view(type)) != list.end();
    };
    // Lights that vehicles heed: three lamps, arrows, two lamps.
    constexpr std::array kLights = {"1000001"sv, "1000008"sv, "1000009"sv, "1000010"sv,
                                    "1000011"sv, "1000012"sv, "1000020"sv};
    constexpr std::array kWalkers = {"1000002"sv, "1000007"sv, "1000013"sv, "1000015"sv};
    constexpr std::array kStops = {"206"sv, "R11"sv, "B2"sv, "AB4"sv, "6011"sv};
    constexpr std::array kYields = {"205"sv, "R12"sv, "B1"sv, "AB3A"sv, "602"sv};
    constexpr std::array kPriorities = {"301"sv, "306"sv, "B4"sv, "AB6"sv};
    if (one_of(kLights)) return SignalRole::kTrafficLight;
    if (one_of(kWalkers)) return SignalRole::kPedestrianLight;
    if (signal.dynamic) return SignalRole::kOther;  // signs that change say so otherwise
    if (one_of(kStops)) return SignalRole::kStop;
    if (one_of(kYields)) return SignalRole::kYield;
    if (one_of(kPriorities)) return SignalRole::kPriority;
    if (type == "294"sv || type == "STOPLINE"sv) return SignalRole::kStopLine;
    return SignalRole::kOther;
}

}  // namespace huntsman::engine::road
