#include "bridge/trace/osi/surroundings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>
#include <span>
#include <string_view>

#include "bridge/trace/osi/convert.h"
#include "bridge/trace/osi/lanes.h"

namespace huntsman::bridge::trace::osi {

using engine::math::Vec3;
using engine::world::Aspect;
using engine::world::Semantic;
using engine::world::World;
using Sign = osi3::TrafficSign::MainSign::Classification;
using Light = osi3::TrafficLight::Classification;
using Marking = osi3::RoadMarking::Classification;

namespace {

osi3::StationaryObject::Classification::Type type_of(const engine::world::StaticObject& object) {
    using Kind = osi3::StationaryObject::Classification;
    // Crowns of trees hold no box: what collides of a tree is its trunk.
    constexpr double kThickestTrunk_m = 2;
    switch (object.semantic) {
        case Semantic::kBuilding:
            return Kind::TYPE_BUILDING;
        case Semantic::kFence:
            return Kind::TYPE_BARRIER;
        case Semantic::kVegetation:
            return std::max(object.extent.width_m, object.extent.length_m()) < kThickestTrunk_m
                       ? Kind::TYPE_TREE
                       : Kind::TYPE_VEGETATION;
        case Semantic::kPole:
            return Kind::TYPE_POLE;
        case Semantic::kKerb:
            return Kind::TYPE_CURBSTONE;
        default:
            return Kind::TYPE_OTHER;
    }
}

struct SignWords {
    std::string_view words;
    Sign::Type type;
};
// What a sign's meaning begins with; the first that fits. Longer words stand before their
// beginnings.
constexpr SignWords kSignWords[] = {
    {"all-way stop", Sign::TYPE_STOP},
    {"stop ahead", Sign::TYPE_OTHER},
    {"stop", Sign::TYPE_STOP},
    {"yield ahead", Sign::TYPE_OTHER},
    {"yield", Sign::TYPE_GIVE_WAY},
    {"speed limit zone", Sign::TYPE_SPEED_LIMIT_ZONE_BEGIN},
    {"speed limit", Sign::TYPE_SPEED_LIMIT_BEGIN},
    {"end of speed limit zone", Sign::TYPE_SPEED_LIMIT_ZONE_END},
    {"end of speed limit", Sign::TYPE_SPEED_LIMIT_END},
    {"minimum speed", Sign::TYPE_MINIMUM_SPEED_BEGIN},
    {"end of minimum speed", Sign::TYPE_MINIMUM_SPEED_END},
    {"danger", Sign::TYPE_DANGER_SPOT},
    {"crossroads, give way to the right", Sign::TYPE_RIGHT_BEFORE_LEFT_NEXT_INTERSECTION},
    {"steep descent", Sign::TYPE_HILL_DOWNWARDS},
    {"steep ascent", Sign::TYPE_HILL_UPWARDS},
    {"uneven road", Sign::TYPE_UNEVEN_ROAD},
    {"slippery", Sign::TYPE_ROAD_SLIPPERY_WET_OR_DIRTY},
    {"road narrows on one side", Sign::TYPE_OTHER},
    {"road narrows", Sign::TYPE_ROAD_NARROWING},
    {"road work", Sign::TYPE_ROAD_WORKS},
    {"congestion", Sign::TYPE_TRAFFIC_QUEUES},
    {"two-way traffic", Sign::TYPE_TWO_WAY_TRAFFIC},
    {"traffic lights ahead", Sign::TYPE_ATTENTION_TRAFFIC_LIGHT},
    {"signals ahead", Sign::TYPE_ATTENTION_TRAFFIC_LIGHT},
    {"pedestrian crossing", Sign::TYPE_ZEBRA_CROSSING},
    {"pedestrian zone", Sign::TYPE_PEDESTRIAN_ZONE_BEGIN},
    {"pedestrians", Sign::TYPE_PEDESTRIANS},
    {"children", Sign::TYPE_CHILDREN_CROSSING},
    {"cyclists", Sign::TYPE_CYCLE_ROUTE},
    {"deer", Sign::TYPE_DEER_CROSSING},
    {"level crossing, give way", Sign::TYPE_RAILWAY_TRAFFIC_PRIORITY},
    {"level crossing", Sign::TYPE_UNGATED_LEVEL_CROSSING},
    {"give way to oncoming traffic", Sign::TYPE_PRIORITY_TO_OPPOSITE_DIRECTION},
    {"right of way over oncoming", Sign::TYPE_PRIORITY_OVER_OPPOSITE_DIRECTION},
    {"right of way at the next junction", Sign::TYPE_RIGHT_OF_WAY_NEXT_INTERSECTION},
    {"priority road", Sign::TYPE_RIGHT_OF_WAY_BEGIN},
    {"end of priority road", Sign::TYPE_RIGHT_OF_WAY_END},
    {"roundabout ahead", Sign::TYPE_OTHER},
    {"roundabout", Sign::TYPE_ROUNDABOUT},
    {"one-way street", Sign::TYPE_ONEWAY_STREET},
    {"bus stop", Sign::TYPE_BUS_STOP},
    {"bus lane", Sign::TYPE_BUS_LANE},
    {"taxi rank", Sign::TYPE_TAXI_STAND},
    {"cycle path", Sign::TYPE_BICYCLES_ONLY},
    {"cycle street", Sign::TYPE_BICYCLE_ROAD_BEGIN},
    {"footpath", Sign::TYPE_PEDESTRIANS_ONLY},
    {"shared foot and cycle path", Sign::TYPE_BICYCLES_PEDESTRIANS_SHARED_ONLY},
    {"no vehicles", Sign::TYPE_ALL_PROHIBITED},
    {"no motor vehicles", Sign::TYPE_MOTOR_VEHICLES_PROHIBITED},
    {"no lorries", Sign::TYPE_TRUCKS_PROHIBITED},
    {"no cycles", Sign::TYPE_BICYCLES_PROHIBITED},
    {"no pedestrians", Sign::TYPE_PEDESTRIANS_PROHIBITED},
    {"weight limit", Sign::TYPE_OVER_WEIGHT_VEHICLES_PROHIBITED},
    {"axle load limit", Sign::TYPE_VEHICLES_AXLE_OVER_WEIGHT_PROHIBITED},
    {"width limit", Sign::TYPE_VEHICLES_EXCESS_WIDTH_PROHIBITED},
    {"height limit", Sign::TYPE_VEHICLES_EXCESS_HEIGHT_PROHIBITED},
    {"length limit", Sign::TYPE_VEHICLES_EXCESS_LENGTH_PROHIBITED},
    {"no entry", Sign::TYPE_DO_NOT_ENTER},
    {"do not enter", Sign::TYPE_DO_NOT_ENTER},
    {"no overtaking by lorries", Sign::TYPE_OVERTAKING_BAN_FOR_TRUCKS_BEGIN},
    {"no overtaking", Sign::TYPE_OVERTAKING_BAN_BEGIN},
    {"end of no overtaking by lorries", Sign::TYPE_OVERTAKING_BAN_FOR_TRUCKS_END},
    {"end of no overtaking", Sign::TYPE_OVERTAKING_BAN_END},
    {"end of all restrictions", Sign::TYPE_ALL_RESTRICTIONS_END},
    {"no stopping", Sign::TYPE_NO_STOPPING},
    {"no parking zone", Sign::TYPE_NO_PARKING_ZONE_BEGIN},
    {"no parking", Sign::TYPE_NO_PARKING},
    {"town entry", Sign::TYPE_TOWN_BEGIN},
    {"town exit", Sign::TYPE_TOWN_END},
    {"parking", Sign::TYPE_CAR_PARKING},
    {"home zone", Sign::TYPE_LIVING_STREET_BEGIN},
    {"tunnel", Sign::TYPE_TUNNEL},
    {"motorway exit countdown", Sign::TYPE_HIGHWAY_DISTANCE_BOARD},
    {"motorway exit ahead", Sign::TYPE_HIGHWAY_ANNOUNCEMENT},
    {"motorway", Sign::TYPE_HIGHWAY_BEGIN},
    {"expressway", Sign::TYPE_EXPRESSWAY_BEGIN},
    {"dead end", Sign::TYPE_DEADEND},
    {"first aid", Sign::TYPE_FIRST_AID_STATION},
    {"place name", Sign::TYPE_PLACE_NAME},
};

Sign::Type sign_type(std::string_view meaning) {
    for (const SignWords& each : kSignWords) {
        if (meaning.starts_with(each.words)) return each.type;
    }
    return Sign::TYPE_OTHER;
}

// "speed limit 50 km/h": the number at the end, with its unit.
void set_value(osi3::TrafficSignValue* to, std::string_view meaning) {
    using Value = osi3::TrafficSignValue;
    struct Unit {
        std::string_view words;
        Value::Unit unit;
    };
    for (const Unit& each :
         {Unit{" km/h", Value::UNIT_KILOMETER_PER_HOUR}, Unit{" mph", Value::UNIT_MILE_PER_HOUR}}) {
        if (!meaning.ends_with(each.words)) continue;
        const std::string_view rest = meaning.substr(0, meaning.size() - each.words.size());
        const std::string number(rest.substr(rest.find_last_of(' ') + 1));
        to->set_value(std::strtod(number.c_str(), nullptr));
        to->set_value_unit(each.unit);
        to->set_text(number);
        return;
    }
    to->set_value_unit(Value::UNIT_NO_UNIT);
}

// A plate or lamp that stands upright, its front towards x of its own frame.
void set_plate(osi3::BaseStationary* to, const Vec3& p_W, double heading_rad, double width_m,
               double height_m) {
    constexpr double kThickness_m = 0.02;  // of a plate; nothing is simulated of it
    to->mutable_dimension()->set_length(kThickness_m);
    to->mutable_dimension()->set_width(width_m);
    to->mutable_dimension()->set_height(height_m);
    set(to->mutable_position(), p_W);
    set(to->mutable_orientation(), {.yaw = engine::math::wrap_angle(heading_rad)});
}

// The lamps of a head from above.
struct Lamp {
    Light::Color color;
    Light::Icon icon;
};
constexpr std::array<Lamp, 3> kVehicleLamps{{{Light::COLOR_RED, Light::ICON_NONE},
                                             {Light::COLOR_YELLOW, Light::ICON_NONE},
                                             {Light::COLOR_GREEN, Light::ICON_NONE}}};
constexpr std::array<Lamp, 2> kPedestrianLamps{
    {{Light::COLOR_RED, Light::ICON_PEDESTRIAN}, {Light::COLOR_GREEN, Light::ICON_PEDESTRIAN}}};

std::span<const Lamp> lamps_of(const World& world, const engine::world::SignalHead& head) {
    const bool grouped = head.group < world.roads.signal_groups.size();
    if (grouped && world.roads.signal_groups[head.group].for_pedestrians) return kPedestrianLamps;
    return kVehicleLamps;
}

bool is_lit(Light::Color color, Aspect aspect) {
    switch (color) {
        case Light::COLOR_RED:
            return aspect == Aspect::kRed || aspect == Aspect::kRedYellow;
        case Light::COLOR_YELLOW:
            return aspect == Aspect::kYellow || aspect == Aspect::kRedYellow;
        default:
            return aspect == Aspect::kGreen;
    }
}

void set_marking_kind(Marking* to, const std::string& type) {
    to->set_monochrome_color(Marking::COLOR_WHITE);
    to->set_traffic_main_sign_type(Sign::TYPE_OTHER);
    if (type.starts_with("word_")) {
        to->set_type(Marking::TYPE_GENERIC_TEXT);
        to->set_value_text(type.substr(5));
    } else if (type == "stop_line") {
        to->set_type(Marking::TYPE_SYMBOLIC_TRAFFIC_SIGN);
        to->set_traffic_main_sign_type(Sign::TYPE_STOP);
    } else if (type == "yield_line") {
        to->set_type(Marking::TYPE_SYMBOLIC_TRAFFIC_SIGN);
        to->set_traffic_main_sign_type(Sign::TYPE_GIVE_WAY);
    } else if (type == "crosswalk") {
        to->set_type(Marking::TYPE_SYMBOLIC_TRAFFIC_SIGN);
        to->set_traffic_main_sign_type(Sign::TYPE_ZEBRA_CROSSING);
    } else if (type == "parking_space") {
        to->set_type(Marking::TYPE_GENERIC_LINE);
    } else {
        to->set_type(Marking::TYPE_GENERIC_SYMBOL);
        to->set_value_text(type);
    }
}

// The box around an outline, along its first edge.
void set_outline(osi3::BaseStationary* to, const std::vector<Vec3>& outline_W) {
    const Vec3 edge = outline_W[1] - outline_W[0];
    const double yaw = std::atan2(edge.y, edge.x);
    const engine::math::RigidTransform X_WO = engine::math::upright(outline_W[0], yaw);
    Vec3 low(0), high(0);
    for (const Vec3& p_W : outline_W) {
        const Vec3 p_O = X_WO.inverse() * p_W;
        low = glm::min(low, p_O);
        high = glm::max(high, p_O);
    }
    const Vec3 size = high - low, middle = 0.5 * (low + high);
    to->mutable_dimension()->set_length(size.x);
    to->mutable_dimension()->set_width(size.y);
    to->mutable_dimension()->set_height(size.z);
    set(to->mutable_position(), X_WO * middle);
    set(to->mutable_orientation(), {.yaw = yaw});
    // Counter-clockwise around the box's middle.
    double area = 0;
    std::vector<Vec3> corners;
    for (std::size_t i = 0; i < outline_W.size(); ++i) {
        const Vec3 a = X_WO.inverse() * outline_W[i] - middle;
        const Vec3 b = X_WO.inverse() * outline_W[(i + 1) % outline_W.size()] - middle;
        area += a.x * b.y - a.y * b.x;
        corners.push_back(a);
    }
    if (area < 0) std::reverse(corners.begin(), corners.end());
    for (const Vec3& corner : corners) {
        auto* point = to->add_base_polygon();
        point->set_x(corner.x);
        point->set_y(corner.y);
    }
}

}  // namespace

void add_stationary_objects(const World& world, osi3::GroundTruth& to) {
    // Signs and signal heads are messages of their own.
    std::set<engine::world::ActorId> others;
    for (const auto& plate : world.sign_plates) others.insert(plate.object);
    for (const auto& head : world.roads.signal_heads) others.insert(head.object);
    using Kind = osi3::StationaryObject::Classification;
    for (const auto& object : world.objects) {
        if (engine::world::is_vehicle(object.semantic) || others.contains(object.id)) continue;
        osi3::StationaryObject* result = to.add_stationary_object();
        result->mutable_id()->set_value(object.id);
        set_box(result->mutable_base(), object.extent, object.X_WB);
        result->mutable_classification()->set_type(type_of(object));
        result->mutable_classification()->set_material(Kind::MATERIAL_OTHER);
        result->mutable_classification()->set_density(Kind::DENSITY_SOLID);
        result->mutable_classification()->set_color(Kind::COLOR_OTHER);
    }
}

void add_signs(const World& world, osi3::GroundTruth& to) {
    for (std::size_t i = 0; i < world.sign_plates.size(); ++i) {
        const auto& plate = world.sign_plates[i];
        osi3::TrafficSign* sign = to.add_traffic_sign();
        sign->mutable_id()->set_value(id_of(IdKind::kSign, i));
        set_plate(sign->mutable_main_sign()->mutable_base(), plate.p_W, plate.heading_rad,
                  plate.width_m, plate.height_m);
        Sign* classification = sign->mutable_main_sign()->mutable_classification();
        classification->set_variability(osi3::TrafficSign::VARIABILITY_FIXED);
        classification->set_type(sign_type(plate.meaning));
        set_value(classification->mutable_value(), plate.meaning);
        classification->set_direction_scope(Sign::DIRECTION_SCOPE_NO_DIRECTION);
        if (plate.road >= world.road_model.roads.size()) continue;
        const auto& signals = world.road_model.roads[plate.road].signals;
        if (plate.signal >= signals.size()) continue;
        const auto& source = signals[plate.signal];
        classification->set_country(source.country);
        classification->set_country_revision(source.country_revision);
        classification->set_code(source.type);
        classification->set_sub_code(source.subtype);
        add_reference(sign->add_source_reference(), {source.id});
    }
}

void add_markings(const World& world, osi3::GroundTruth& to) {
    for (std::size_t i = 0; i < world.road_symbols.size(); ++i) {
        const auto& symbol = world.road_symbols[i];
        if (symbol.outline_W.size() < 3) continue;
        osi3::RoadMarking* marking = to.add_road_marking();
        marking->mutable_id()->set_value(id_of(IdKind::kMarking, i));
        set_outline(marking->mutable_base(), symbol.outline_W);
        set_marking_kind(marking->mutable_classification(), symbol.type);
    }
}

void add_lights(const World& world, osi3::GroundTruth& to) {
    for (std::size_t i = 0; i < world.roads.signal_heads.size(); ++i) {
        const auto& head = world.roads.signal_heads[i];
        const auto lamps = lamps_of(world, head);
        const double height = head.height_m / static_cast<double>(lamps.size());
        for (std::size_t k = 0; k < lamps.size(); ++k) {
            osi3::TrafficLight* light = to.add_traffic_light();
            light->mutable_id()->set_value(id_of(IdKind::kLight, 4 * i + k));
            const double up = 0.5 * head.height_m - (static_cast<double>(k) + 0.5) * height;
            set_plate(light->mutable_base(), head.p + Vec3(0, 0, up), head.heading_rad,
                      head.width_m, height);
            light->mutable_classification()->set_color(lamps[k].color);
            light->mutable_classification()->set_icon(lamps[k].icon);
            light->mutable_classification()->set_mode(Light::MODE_OFF);
            // Its lanes: those that end at the junction, of which it rules a way through it.
            std::set<std::uint64_t> lanes;
            for (const auto id : head.governs) {
                for (const auto before : world.roads.lanes[id].predecessors) {
                    lanes.insert(lane_id(world.roads.lanes[before]));
                }
            }
            for (const std::uint64_t lane : lanes) {
                light->mutable_classification()->add_assigned_lane_id()->set_value(lane);
            }
            if (head.road >= world.road_model.roads.size()) continue;
            const auto& signals = world.road_model.roads[head.road].signals;
            if (head.signal >= signals.size()) continue;
            add_reference(light->add_source_reference(), {signals[head.signal].id});
        }
    }
}

void set_lights(const World& world, const engine::world::State& state, osi3::GroundTruth& to) {
    int at = 0;
    for (const auto& head : world.roads.signal_heads) {
        const Aspect aspect =
            head.group < state.signals.size() ? state.signals[head.group] : Aspect::kOff;
        for (const Lamp& lamp : lamps_of(world, head)) {
            to.mutable_traffic_light(at++)->mutable_classification()->set_mode(
                is_lit(lamp.color, aspect) ? Light::MODE_CONSTANT : Light::MODE_OFF);
        }
    }
}

}  // namespace huntsman::bridge::trace::osi
