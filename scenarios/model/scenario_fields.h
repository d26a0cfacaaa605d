// Field lists of scenarios; see engine/core/describe.h.
#pragma once

#include "engine/core/describe.h"
#include "engine/world/weather_fields.h"
#include "scenarios/journey/way_fields.h"
#include "scenarios/model/scenario.h"
#include "scenarios/town/town_fields.h"

namespace huntsman::scenarios::model {

constexpr void describe(engine::core::Of<Scenario>, auto&& field) {
    field("name", &Scenario::name,
          {.doc = "in results and catalogues; required unless there is a story"});
    field("town", &Scenario::town, {.doc = "character, traffic and people: an object, see below"});
    field("map", &Scenario::map,
          {.doc = "OpenDRIVE file, from this file's folder, in place of a town",
           .only_when_set = true});
    field("minds", &Scenario::minds,
          {.doc = "mix of profiles of the others: a name, or a file beside this one",
           .only_when_set = true});
    field("weather", &Scenario::weather, {.doc = "what changes with time: an object, see below"});
    field("environment", &Scenario::environment, {.doc = "what stays: an object, see below"});
    field("story", &Scenario::story, {.in_files = false});      // written in its own words
    field("removed", &Scenario::removed, {.in_files = false});  // a list of numbers
    field("bright_clothes", &Scenario::bright_clothes,
          {.doc = "all people wear high-visibility yellow", .only_when_set = true});
    field("criteria", &Scenario::criteria, {.in_files = false});
    field("duration_s", &Scenario::duration_s,
          {.low = 0.1, .high = 24 * 3600, .doc = "simulated time"});
}

}  // namespace huntsman::scenarios::model

namespace huntsman::engine::world {

constexpr void describe(core::Of<WeatherProgramme>, auto&& field) {
    field("states", &WeatherProgramme::states, {.doc = "list of states, see below"});
    field("sun", &WeatherProgramme::sun, {.in_files = false});  // beside the states
}

}  // namespace huntsman::engine::world
