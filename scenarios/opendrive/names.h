// The standard's words for the enumerations of the road model.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/world/road_model.h"

namespace huntsman::scenarios::opendrive {

// The word that is written. Words read but not written are older or newer ones for the same thing:
// "walking" for a pavement, "mwyEntry" for an entry.
const char* name(engine::world::LaneType type);
const char* name(engine::world::MarkType type);
const char* name(engine::world::MarkColour colour);
const char* name(engine::world::LaneChange change);
const char* name(engine::world::ModelLane::Direction direction);
const char* name(engine::world::Orientation orientation);  // "+", "-", "none"
const char* name(engine::world::ModelJunction::Kind kind);
const char* name(engine::world::Crossfall::Side side);
const char* name(engine::world::PlanPiece::Kind kind);

// Enumerations of which the road model keeps the file's own word.
enum class Words : std::uint8_t {
    kObjectType,
    kFillType,
    kLaneType,
    kSide,
    kParkingAccess,
    kLineRule,
    kRestriction,
    kRoadType,
    kBridgeType,
    kTunnelType,
    kGroupType,
    kConnectionType,
    kReferenceElement,
    kUnit,
};
// Whether the schema of 1.8 has the word.
bool in_schema(Words words, std::string_view word);

std::optional<engine::world::LaneType> lane_type(std::string_view word);
std::optional<engine::world::MarkType> mark_type(std::string_view word);
std::optional<engine::world::MarkColour> mark_colour(std::string_view word);
std::optional<engine::world::LaneChange> lane_change(std::string_view word);
std::optional<engine::world::ModelLane::Direction> lane_direction(std::string_view word);
std::optional<engine::world::Orientation> orientation(std::string_view word);
std::optional<engine::world::ModelJunction::Kind> junction_kind(std::string_view word);
std::optional<engine::world::Crossfall::Side> crossfall_side(std::string_view word);

}  // namespace huntsman::scenarios::opendrive
