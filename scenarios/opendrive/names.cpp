#include "scenarios/opendrive/names.h"

#include <algorithm>
#include <initializer_list>

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

namespace {

template <typename E>
struct Word {
    const char* word;
    E value;
};

// The first word of a value is the one that is written.
constexpr Word<LaneType> kLaneTypes[] = {
    {"none", LaneType::kUnused},
    {"driving", LaneType::kDriving},
    {"stop", LaneType::kStop},
    {"shoulder", LaneType::kShoulder},
    {"biking", LaneType::kBiking},
    {"sidewalk", LaneType::kSidewalk},
    {"border", LaneType::kBorder},
    {"restricted", LaneType::kRestricted},
    {"parking", LaneType::kParking},
    {"bidirectional", LaneType::kBidirectional},
    {"median", LaneType::kMedian},
    {"curb", LaneType::kCurb},
    {"special1", LaneType::kSpecial1},
    {"special2", LaneType::kSpecial2},
    {"special3", LaneType::kSpecial3},
    {"roadWorks", LaneType::kRoadWorks},
    {"tram", LaneType::kTram},
    {"rail", LaneType::kRail},
    {"entry", LaneType::kEntry},
    {"exit", LaneType::kExit},
    {"offRamp", LaneType::kOffRamp},
    {"onRamp", LaneType::kOnRamp},
    {"connectingRamp", LaneType::kConnectingRamp},
    {"bus", LaneType::kBus},
    {"taxi", LaneType::kTaxi},
    {"HOV", LaneType::kHov},
    {"slipLane", LaneType::kSlipLane},
    {"shared", LaneType::kShared},
    {"walking", LaneType::kSidewalk},
    {"mwyEntry", LaneType::kEntry},
    {"mwyExit", LaneType::kExit},
};
constexpr Word<MarkType> kMarkTypes[] = {
    {"none", MarkType::kUnmarked},
    {"solid", MarkType::kSolid},
    {"broken", MarkType::kBroken},
    {"solid solid", MarkType::kSolidSolid},
    {"solid broken", MarkType::kSolidBroken},
    {"broken solid", MarkType::kBrokenSolid},
    {"broken broken", MarkType::kBrokenBroken},
    {"botts dots", MarkType::kBottsDots},
    {"grass", MarkType::kGrass},
    {"curb", MarkType::kCurb},
    {"custom", MarkType::kCustom},
    {"edge", MarkType::kEdge},
};
constexpr Word<MarkColour> kMarkColours[] = {
    {"standard", MarkColour::kStandard}, {"white", MarkColour::kWhite},
    {"yellow", MarkColour::kYellow},     {"red", MarkColour::kRed},
    {"blue", MarkColour::kBlue},         {"green", MarkColour::kGreen},
    {"orange", MarkColour::kOrange},     {"violet", MarkColour::kViolet},
    {"black", MarkColour::kBlack},
};
constexpr Word<LaneChange> kLaneChanges[] = {
    {"both", LaneChange::kBoth},
    {"increase", LaneChange::kIncrease},
    {"decrease", LaneChange::kDecrease},
    {"none", LaneChange::kForbidden},
};
constexpr Word<ModelLane::Direction> kDirections[] = {
    {"standard", ModelLane::Direction::kStandard},
    {"reversed", ModelLane::Direction::kReversed},
    {"both", ModelLane::Direction::kBoth},
};
constexpr Word<Orientation> kOrientations[] = {
    {"none", Orientation::kBoth},
    {"+", Orientation::kForward},
    {"-", Orientation::kBackward},
    {"both", Orientation::kBoth},
};
constexpr Word<ModelJunction::Kind> kJunctions[] = {
    {"default", ModelJunction::Kind::kCommon},
    {"direct", ModelJunction::Kind::kDirect},
    {"virtual", ModelJunction::Kind::kVirtual},
    {"crossing", ModelJunction::Kind::kCrossing},
};
constexpr Word<Crossfall::Side> kSides[] = {
    {"both", Crossfall::Side::kBoth},
    {"left", Crossfall::Side::kLeft},
    {"right", Crossfall::Side::kRight},
};
constexpr Word<PlanPiece::Kind> kPieces[] = {
    {"line", PlanPiece::Kind::kLine},
    {"arc", PlanPiece::Kind::kArc},
    {"spiral", PlanPiece::Kind::kSpiral},
    {"poly3", PlanPiece::Kind::kPoly3},
    {"paramPoly3", PlanPiece::Kind::kParamPoly3},
};

template <typename E, std::size_t n>
const char* find_name(const Word<E> (&words)[n], E value) {
    for (const Word<E>& word : words) {
        if (word.value == value) return word.word;
    }
    return "";
}

template <typename E, std::size_t n>
std::optional<E> find_value(const Word<E> (&words)[n], std::string_view given) {
    for (const Word<E>& word : words) {
        if (given == word.word) return word.value;
    }
    return std::nullopt;
}

}  // namespace

const char* name(LaneType type) { return find_name(kLaneTypes, type); }
const char* name(MarkType type) { return find_name(kMarkTypes, type); }
const char* name(MarkColour colour) { return find_name(kMarkColours, colour); }
const char* name(LaneChange change) { return find_name(kLaneChanges, change); }
const char* name(ModelLane::Direction direction) { return find_name(kDirections, direction); }
const char* name(Orientation orientation) { return find_name(kOrientations, orientation); }
const char* name(ModelJunction::Kind kind) { return find_name(kJunctions, kind); }
const char* name(Crossfall::Side side) { return find_name(kSides, side); }
const char* name(PlanPiece::Kind kind) { return find_name(kPieces, kind); }

bool in_schema(Words words, std::string_view word) {
    const auto among = [&](std::initializer_list<std::string_view> list) {
        return std::find(list.begin(), list.end(), word) != list.end();
    };
    switch (words) {
        case Words::kObjectType:
            return among({"none",          "obstacle",   "car",       "pole",       "tree",
                          "vegetation",    "barrier",    "building",  "patch",      "parkingSpace",
                          "trafficIsland", "railing",    "crosswalk", "streetLamp", "soundBarrier",
                          "gantry",        "van",        "bus",       "motorbike",  "trailer",
                          "bike",          "tram",       "train",     "pedestrian", "wind",
                          "roadMark",      "roadSurface"});
        case Words::kFillType:
            return among(
                {"grass", "concrete", "cobble", "asphalt", "pavement", "gravel", "soil", "paint"});
        case Words::kLaneType:
            return lane_type(word).has_value();
        case Words::kSide:
            return among({"left", "right", "front", "rear"});
        case Words::kParkingAccess:
            return among(
                {"all", "car", "women", "handicapped", "bus", "truck", "electric", "residents"});
        case Words::kLineRule:
            return among({"no passing", "caution", "none"});
        case Words::kRestriction:
            return among({"simulator", "autonomousTraffic", "pedestrian", "passengerCar", "bus",
                          "delivery", "emergency", "taxi", "throughTraffic", "truck", "bicycle",
                          "motorcycle", "none", "trucks", "HOV"});
        case Words::kRoadType:
            return among({"unknown", "rural", "motorway", "town", "lowSpeed", "pedestrian",
                          "bicycle", "townExpressway", "townCollector", "townArterial",
                          "townPrivate", "townLocal", "townPlayStreet"});
        case Words::kBridgeType:
            return among({"concrete", "steel", "brick", "wood"});
        case Words::kTunnelType:
            return among({"standard", "underpass"});
        case Words::kGroupType:
            return among({"roundabout", "unknown", "complexJunction", "highwayInterchange"});
        case Words::kConnectionType:
            return among({"default", "virtual"});
        case Words::kReferenceElement:
            return among({"object", "signal"});
        case Words::kUnit:
            return among({"m", "km", "ft", "mile", "m/s", "mph", "km/h", "kg", "t", "%"});
    }
    return false;
}

std::optional<LaneType> lane_type(std::string_view word) { return find_value(kLaneTypes, word); }
std::optional<MarkType> mark_type(std::string_view word) { return find_value(kMarkTypes, word); }
std::optional<MarkColour> mark_colour(std::string_view word) {
    return find_value(kMarkColours, word);
}
std::optional<LaneChange> lane_change(std::string_view word) {
    return find_value(kLaneChanges, word);
}
std::optional<ModelLane::Direction> lane_direction(std::string_view word) {
    return find_value(kDirections, word);
}
std::optional<Orientation> orientation(std::string_view word) {
    return find_value(kOrientations, word);
}
std::optional<ModelJunction::Kind> junction_kind(std::string_view word) {
    return find_value(kJunctions, word);
}
std::optional<Crossfall::Side> crossfall_side(std::string_view word) {
    return find_value(kSides, word);
}

}  // namespace huntsman::scenarios::opendrive
