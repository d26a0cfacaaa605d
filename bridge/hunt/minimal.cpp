#include "bridge/hunt/minimal.h"

#include "bridge/parts/part.h"
#include "bridge/run/settings.h"
#include "engine/core/files.h"
#include "engine/core/shell.h"
#include "engine/math/constants.h"
#include "scenarios/model/story_world.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/openscenario/openscenario.h"

namespace huntsman::bridge::hunt {

namespace openscenario = scenarios::openscenario;
namespace fs = std::filesystem;
using engine::core::Error;
using engine::core::Status;
using engine::world::Environment;
using scenarios::model::Scenario;
using scenarios::story::Element;

namespace {

// Of what a scenario says of light and weather, what OpenSCENARIO has words for.
Element environment_action(const engine::core::Partial<Environment>& given) {
    const auto value = [&](auto member, double otherwise) {
        const auto* said = given.get(member);
        return said != nullptr ? *said : otherwise;
    };
    const auto text = [](double number) { return fmt::format("{}", number); };
    const Environment plain;
    Element weather{.name = "Weather"};
    if (given.get(&Environment::sun_elevation_rad) != nullptr) {
        const double azimuth = value(&Environment::sun_azimuth_rad, plain.sun_azimuth_rad);
        // Azimuths of the standard count from north to the east.
        weather.children.push_back(
            {.name = "Sun",
             .attributes = {{"azimuth", text(engine::math::kPi / 2 - azimuth)},
                            {"elevation", text(value(&Environment::sun_elevation_rad, 0))},
                            {"illuminance", "100000"}}});
    }
    constexpr double kContrast = 3.912;  // of the faintest contrast seen, as the player has it
    if (const double fog = value(&Environment::fog_per_m, 0); fog > 0) {
        weather.children.push_back(
            {.name = "Fog", .attributes = {{"visualRange", text(kContrast / fog)}}});
    }
    if (const double rain = value(&Environment::rain_mm_h, 0); rain > 0) {
        weather.children.push_back({.name = "Precipitation",
                                    .attributes = {{"precipitationType", "rain"},
                                                   {"precipitationIntensity", text(rain)}}});
    }
    Element road{.name = "RoadCondition",
                 .attributes = {
                     {"frictionScaleFactor", text(value(&Environment::friction, plain.friction))}}};
    if (value(&Environment::wetness, 0) > 0) road.set("wetness", "moist");
    Element environment{.name = "Environment", .attributes = {{"name", "as it was"}}};
    environment.children = {std::move(weather), std::move(road)};
    Element action{.name = "EnvironmentAction"};
    action.children.push_back(std::move(environment));
    Element global{.name = "GlobalAction"};
    global.children.push_back(std::move(action));
    return global;
}

bool says_anything(const engine::core::Partial<Environment>& environment) {
    bool any = false;
    engine::core::for_each_field<Environment>([&](const char*, auto member, const auto&) {
        any = any || environment.get(member) != nullptr;
    });
    return any;
}

Element& child_of(Element& parent, const char* name) {
    if (Element* child = parent.child(name)) return *child;
    parent.children.push_back({.name = name});
    return parent.children.back();
}

// The story as it is placed, its roads in a file beside it.
engine::core::Result<openscenario::StoryFile> placed_story(const Scenario& scenario,
                                                           const fs::path& path) {
    if (!scenario.story.file.empty()) {
        HM_TAKE(auto reading, scenarios::model::read_story(scenario));
        openscenario::move_document(reading.document, path);
        return reading;
    }
    HM_TAKE(auto place, scenarios::model::build_place(scenario));
    HM_TAKE(auto reading, scenarios::model::place_situation(scenario, *place.sites, place.world));
    fs::path roads = fs::path(path).replace_extension(".xodr");
    if (scenario.map.empty()) {
        HM_TRY(scenarios::opendrive::save(place.world.road_model, roads));
        roads = roads.filename();
    } else {
        roads = fs::absolute(scenario.map).lexically_relative(fs::absolute(path).parent_path());
    }
    Element& network = child_of(reading.document.root, "RoadNetwork");
    child_of(network, "LogicFile").set("filepath", roads.generic_string());
    return reading;
}

}  // namespace

Status save_scenario(const Scenario& scenario, const fs::path& path) {
    if (path.extension() != ".xosc") {
        return engine::core::write_file(path, scenarios::model::to_json(scenario));
    }
    if (!scenario.story.given()) {
        return Error{.message = "is to be an OpenSCENARIO file, expected a scenario with a story",
                     .file = path.string()};
    }
    HM_TAKE(auto reading, placed_story(scenario, path));
    if (says_anything(scenario.environment)) {
        Element* storyboard = reading.document.root.child("Storyboard");
        HM_CHECK(storyboard != nullptr, "a placed story has no storyboard");
        Element& actions = child_of(child_of(*storyboard, "Init"), "Actions");
        actions.children.insert(actions.children.begin(), environment_action(scenario.environment));
    }
    return openscenario::write_document(reading.document, path);
}

namespace {

// What is not the command's own default.
void add_settings(const loop::RunOptions& options, std::string& line) {
    using engine::core::shell_word;
    const auto plain = run::to_options({});
    if (!plain) return;
    const auto differs = [](const fs::path& a, const fs::path& b) {
        return fs::absolute(a) != fs::absolute(b);
    };
    if (differs(options.rig, plain->rig)) line += " --rig " + shell_word(options.rig.string());
    if (differs(options.network, plain->network)) {
        line += " --network " + shell_word(options.network.string());
    }
    const std::string latency = loop::text(options.latency);
    if (latency != loop::text(plain->latency)) line += " --latency-ms " + shell_word(latency);
    if (options.takeover != plain->takeover) {
        line += std::string(" --takeover ") + loop::name(options.takeover);
    }
    if (options.endless) line += " --endless";
}

}  // namespace

std::string run_command(const loop::RunOptions& options, const fs::path& scenario) {
    using engine::core::shell_word;
    std::string line = fmt::format("huntsman run {} --driver {}", shell_word(scenario.string()),
                                   shell_word(options.driver));
    if (options.images) {
        line += fmt::format(" --size {}x{} --quality {}", options.width, options.height,
                            engine::render::name(options.quality));
    } else {
        line += " --no-images";
    }
    if (scenario.extension() == ".xosc") {
        line += fmt::format(" --seconds {:g} --seed {}", options.scenario.duration_s,
                            options.scenario.town.seed);
    }
    add_settings(options, line);
    for (const faults::Fault& fault : options.faults)
        line += " --fault " + shell_word(faults::text(fault));
    for (const parts::Part& part : options.ideal)
        line += " --ideal " + shell_word(parts::text(part));
    return line;
}

}  // namespace huntsman::bridge::hunt
