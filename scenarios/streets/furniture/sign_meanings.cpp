#include <cmath>
#include <span>
#include <string_view>

#include "scenarios/streets/furniture/sign_types.h"

namespace huntsman::scenarios::streets {

namespace {

struct SignMeaning {
    std::string_view type, words;
};

// By the main number of the German catalogue.
constexpr SignMeaning kViennaMeanings[] = {
    {"101", "danger"},
    {"102", "crossroads, give way to the right"},
    {"103", "bend"},
    {"105", "double bend"},
    {"108", "steep descent"},
    {"110", "steep ascent"},
    {"112", "uneven road"},
    {"114", "slippery road"},
    {"120", "road narrows"},
    {"121", "road narrows on one side"},
    {"123", "road works"},
    {"124", "congestion"},
    {"125", "two-way traffic"},
    {"131", "traffic lights ahead"},
    {"133", "pedestrians"},
    {"134", "pedestrian crossing ahead"},
    {"136", "children"},
    {"138", "cyclists"},
    {"142", "deer"},
    {"151", "level crossing"},
    {"201", "level crossing, give way to trains"},
    {"205", "yield"},
    {"206", "stop"},
    {"208", "give way to oncoming traffic"},
    {"209", "turn as shown"},
    {"211", "turn here as shown"},
    {"214", "straight or turn as shown"},
    {"215", "roundabout"},
    {"220", "one-way street"},
    {"222", "pass by as shown"},
    {"224", "bus stop"},
    {"229", "taxi rank"},
    {"237", "cycle path"},
    {"239", "footpath"},
    {"240", "shared foot and cycle path"},
    {"241", "separate foot and cycle path"},
    {"242", "pedestrian zone"},
    {"244", "cycle street"},
    {"245", "bus lane"},
    {"250", "no vehicles"},
    {"251", "no motor vehicles"},
    {"253", "no lorries"},
    {"254", "no cycles"},
    {"259", "no pedestrians"},
    {"260", "no motor vehicles or motorcycles"},
    {"262", "weight limit"},
    {"263", "axle load limit"},
    {"264", "width limit"},
    {"265", "height limit"},
    {"266", "length limit"},
    {"267", "no entry"},
    {"272", "no U-turn"},
    {"276", "no overtaking"},
    {"277", "no overtaking by lorries"},
    {"280", "end of no overtaking"},
    {"281", "end of no overtaking by lorries"},
    {"282", "end of all restrictions"},
    {"283", "no stopping"},
    {"286", "no parking"},
    {"290", "no parking zone"},
    {"301", "right of way at the next junction"},
    {"306", "priority road"},
    {"307", "end of priority road"},
    {"308", "right of way over oncoming traffic"},
    {"310", "town entry"},
    {"311", "town exit"},
    {"314", "parking"},
    {"325", "home zone"},
    {"327", "tunnel"},
    {"330", "motorway"},
    {"331", "expressway"},
    {"350", "pedestrian crossing"},
    {"354", "water protection area"},
    {"357", "dead end"},
    {"358", "first aid"},
    {"365", "information"},
    {"385", "place name"},
    {"418", "direction sign"},
    {"432", "direction sign"},
    {"438", "direction sign"},
    {"448", "motorway exit ahead"},
    {"449", "motorway exit ahead"},
    {"450", "motorway exit countdown"},
    {"453", "distances"},
    {"625", "sharp bend marker"},
};

constexpr SignMeaning kAmericanMeanings[] = {
    {"R1-1", "stop"},
    {"R1-2", "yield"},
    {"R1-3", "all-way stop"},
    {"R3-1", "no right turn"},
    {"R3-2", "no left turn"},
    {"R3-4", "no U-turn"},
    {"R3-5", "left turn only"},
    {"R3-7", "right lane must turn right"},
    {"R3-17", "bike lane"},
    {"R4-1", "do not pass"},
    {"R4-7", "keep right"},
    {"R5-1", "do not enter"},
    {"R5-1a", "wrong way"},
    {"R6-1", "one-way street"},
    {"R6-2", "one-way street"},
    {"R6-5", "roundabout circulation"},
    {"R6-5P", "roundabout circulation"},
    {"R7-1", "no parking"},
    {"R7-8", "reserved parking"},
    {"R7-107", "bus stop"},
    {"W1-1", "sharp turn"},
    {"W1-2", "curve"},
    {"W1-4", "double curve"},
    {"W1-5", "winding road"},
    {"W1-6", "large arrow at a turn"},
    {"W1-8", "chevron at a curve"},
    {"W2-1", "crossroads ahead"},
    {"W2-2", "side road ahead"},
    {"W2-6", "roundabout ahead"},
    {"W3-1", "stop ahead"},
    {"W3-2", "yield ahead"},
    {"W3-3", "signals ahead"},
    {"W4-1", "merge"},
    {"W5-1", "road narrows"},
    {"W6-3", "two-way traffic"},
    {"W8-5", "slippery when wet"},
    {"W11-1", "cyclists"},
    {"W11-2", "pedestrians"},
    {"W14-1", "dead end"},
    {"W14-2", "no outlet"},
    {"W15-1", "playground"},
    {"W20-1", "road work ahead"},
    {"W21-1", "workers"},
    {"W21-5", "shoulder work"},
    {"S1-1", "school"},
    {"M1-1", "route number"},
};

// "30" of the value or of the digits of a text.
std::string number_of(const engine::world::ModelSignal& signal, const std::string& subtype) {
    if (signal.has_value && signal.value > 0) {
        return std::to_string(std::lround(signal.value));
    }
    for (const std::string& text : {signal.text, subtype}) {
        std::string digits;
        for (const char c : text) {
            if (c >= '0' && c <= '9') digits += c;
        }
        if (!digits.empty()) return digits;
    }
    return {};
}

}  // namespace

std::string sign_meaning(const engine::world::ModelSignal& signal) {
    const std::string& type = signal.type;
    const bool american = !type.empty() && type[0] >= 'A' && type[0] <= 'Z';
    const std::size_t dash = american ? std::string::npos : type.find('-');
    const std::string subtype = dash == std::string::npos ? signal.subtype : type.substr(dash + 1);
    const std::string number = number_of(signal, subtype);
    const std::string main = american ? type : type.substr(0, type.find_first_of("-."));
    const auto with = [&](const std::string& words, const char* unit) {
        return number.empty() ? words : words + " " + number + unit;
    };
    // Signs that say a number.
    if (main == "274") {
        const bool zone = type.starts_with("274.1"), end = type.starts_with("274.2");
        return with(end    ? "end of speed limit zone"
                    : zone ? "speed limit zone"
                           : "speed limit",
                    " km/h");
    }
    if (main == "275") return with("minimum speed", " km/h");
    if (main == "278") return with("end of speed limit", " km/h");
    if (main == "279") return with("end of minimum speed", " km/h");
    if (main == "R2-1") return with("speed limit", " mph");
    const std::span<const SignMeaning> meanings =
        american ? std::span<const SignMeaning>(kAmericanMeanings) : kViennaMeanings;
    for (const SignMeaning& meaning : meanings) {
        if (meaning.type != main) continue;
        std::string words(meaning.words);
        if (signal.text.empty() || words == "stop" || words == "yield") return words;
        return words + ": " + signal.text;
    }
    return signal.text.empty() ? "sign " + type : signal.text;
}

}  // namespace huntsman::scenarios::streets
