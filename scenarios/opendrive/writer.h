// The parts of the writer, by element.
#pragma once

#include "engine/world/road_model.h"
#include "scenarios/opendrive/names.h"
#include "scenarios/opendrive/xml_writer.h"

namespace huntsman::scenarios::opendrive {

void write_cubic(XmlWriter& xml, const char* element, const char* start,
                 const engine::world::Cubic& cubic);
void write_validity(XmlWriter& xml, const std::vector<engine::world::LaneRange>& ranges);
void write_link(XmlWriter& xml, const char* element, const engine::world::RoadLink& link);

// Words that the schema lacks are not written; the fallback stands for them where the attribute is
// mandatory.
inline void write_word(XmlWriter& xml, const char* attribute, Words words, const std::string& given,
                       const char* fallback = nullptr) {
    if (in_schema(words, given)) {
        xml.text(attribute, given);
    } else if (fallback != nullptr) {
        xml.text(attribute, fallback);
    }
}

void write_road(XmlWriter& xml, const engine::world::Road& road);
void write_lanes(XmlWriter& xml, const engine::world::Road& road);
void write_objects(XmlWriter& xml, const engine::world::Road& road);
void write_signals(XmlWriter& xml, const engine::world::Road& road);
void write_junction(XmlWriter& xml, const engine::world::ModelJunction& junction);

}  // namespace huntsman::scenarios::opendrive
