// Traffic that comes and goes: sources, sinks, swarms and areas.

#include <algorithm>
#include <limits>

#include "scenarios/story/compiler.h"

namespace huntsman::scenarios::story {

// Either a definition by categories or a distribution of templates, of which the category counts.
TrafficMix Compiler::traffic_mix(const Element& element) {
    TrafficMix mix;
    if (const Element* definition = element.child("TrafficDefinition")) {
        if (const Element* list = definition->child("VehicleCategoryDistribution")) {
            for (const Element* entry : list->all("VehicleCategoryDistributionEntry")) {
                mix.kinds.push_back({text(*entry, "category"), amount_or(*entry, "weight", 0)});
            }
        }
    }
    const Element* distribution = element.child("TrafficDistribution");
    if (distribution == nullptr) return mix;
    for (const Element* entry : distribution->all("TrafficDistributionEntry")) {
        const double weight = amount_or(*entry, "weight", 0);
        const Element* entities = entry->child("EntityDistribution");
        if (entities == nullptr) continue;
        for (const Element* of : entities->all("EntityDistributionEntry")) {
            const double share = weight * amount_or(*of, "weight", 0);
            const Element* object = of->child("ScenarioObjectTemplate");
            if (object == nullptr) continue;
            Entity entity;
            entity_objects(*object, entity);
            if (entity.kind == EntityKind::kPedestrian) {
                mix.kinds.push_back({"pedestrian", share});
            } else if (entity.kind == EntityKind::kVehicle) {
                mix.kinds.push_back({entity.category, share});
            } else {
                report(engine::core::Severity::kWarning, *object, "traffic.template",
                       "only vehicles and pedestrians come with traffic; this template is left "
                       "out");
            }
        }
    }
    return mix;
}

TrafficArea Compiler::traffic_area(const Element& element) {
    TrafficArea area;
    const Element* where = element.child("TrafficArea");
    if (where == nullptr) return area;
    if (const Element* polygon = where->child("Polygon")) {
        for (const Element* position : polygon->all("Position")) {
            area.border.push_back(place(*position));
        }
        return area;
    }
    for (const Element* range : where->all("RoadRange")) {
        // Two cursors of one road are the ends of a stretch; a single one means the whole road.
        const auto cursors = range->all("RoadCursor");
        for (std::size_t i = 0; i < cursors.size(); ++i) {
            const Element& cursor = *cursors[i];
            TrafficArea::Stretch stretch{.road = text(cursor, "roadId"),
                                         .low_m = 0,
                                         .high_m = std::numeric_limits<double>::infinity(),
                                         .lanes = {}};
            for (const Element* lane : cursor.all("Lane")) {
                stretch.lanes.push_back(integer(*lane, "id").value_or(0));
            }
            if (i + 1 < cursors.size() && text(*cursors[i + 1], "roadId") == stretch.road) {
                const double a = number_or(cursor, "s", 0);
                const double b = number_or(*cursors[++i], "s", stretch.high_m);
                stretch.low_m = std::min(a, b);
                stretch.high_m = std::max(a, b);
            }
            area.stretches.push_back(std::move(stretch));
        }
    }
    return area;
}

ActionKind Compiler::traffic_action(const Element& element) {
    TrafficAction action{.name = value(element, "trafficName").value_or(""), .kind = {}};
    const auto place_of = [&](const Element& e) {
        const Element* position = e.child("Position");
        return position != nullptr ? place(*position) : Place(WorldPlace{});
    };
    if (const Element* e = element.child("TrafficSourceAction")) {
        TrafficSource source{.place = place_of(*e),
                             .radius_m = amount_or(*e, "radius", 0),
                             .rate_per_s = amount_or(*e, "rate", 0),
                             .speed_mps = number(*e, "speed"),
                             .mix = traffic_mix(*e)};
        if (!source.speed_mps) source.speed_mps = number(*e, "velocity");
        action.kind = std::move(source);
    } else if (const Element* sink = element.child("TrafficSinkAction")) {
        action.kind = TrafficSink{.place = place_of(*sink),
                                  .radius_m = amount_or(*sink, "radius", 0),
                                  .rate_per_s = number(*sink, "rate"),
                                  .mix = traffic_mix(*sink)};
    } else if (const Element* swarm = element.child("TrafficSwarmAction")) {
        TrafficSwarm result{.semi_major_m = amount_or(*swarm, "semiMajorAxis", 0),
                            .semi_minor_m = amount_or(*swarm, "semiMinorAxis", 0),
                            .inner_radius_m = amount_or(*swarm, "innerRadius", 0),
                            .offset_m = number_or(*swarm, "offset", 0),
                            .vehicles = integer(*swarm, "numberOfVehicles").value_or(0),
                            .low_mps = number(*swarm, "velocity"),
                            .high_mps = number(*swarm, "velocity"),
                            .mix = traffic_mix(*swarm)};
        if (const Element* central = swarm->child("CentralObject")) {
            result.entity = entity(*central);
        }
        if (const Element* range = swarm->child("InitialSpeedRange")) {
            result.low_mps = number(*range, "lowerLimit");
            result.high_mps = number(*range, "upperLimit");
        }
        action.kind = std::move(result);
    } else if (const Element* area = element.child("TrafficAreaAction")) {
        TrafficArea result = traffic_area(*area);
        result.entities = integer(*area, "numberOfEntities").value_or(0);
        result.continuous = flag_or(*area, "continuous", false);
        result.mix = traffic_mix(*area);
        action.kind = std::move(result);
    }
    return action;
}

}  // namespace huntsman::scenarios::story
