#include "scenarios/edit/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/math/geometry.h"
#include "engine/road/road_map.h"
#include "engine/world/boxes.h"
#include "engine/world/pose.h"
#include "scenarios/edit/elements.h"
#include "scenarios/edit/parts.h"
#include "scenarios/edit/start.h"
#include "scenarios/model/removal.h"
#include "scenarios/model/story_world.h"
#include "scenarios/situations/situation.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using engine::core::Finding;
using engine::core::Severity;
using engine::world::World;
using openscenario::StoryFile;
using story::Element;

namespace {

// Numbers instead of lines, so that findings lead to elements wherever these came from.
void number_elements(Element& root) {
    int number = 0;
    for_each_element(root, [&](Element& each) { each.origin = {0, ++number}; });
}
const Element* numbered(const Element& root, int number) {
    const Element* found = nullptr;
    if (number <= 0) return nullptr;
    for_each_element(root, [&](const Element& each) {
        if (each.origin.line == number && each.origin.file == 0) found = &each;
    });
    return found;
}

// Who an element is about: the entity that it describes or whose actions it holds.
std::string actor_at(const Element& root, const Element* wanted) {
    std::string actor;
    for_each_element(root, [&](const Element& each) {
        const std::string* name = nullptr;
        if (each.name == "ScenarioObject") name = each.attribute("name");
        if (each.name == "Private") name = each.attribute("entityRef");
        const Element* actors = each.name == "ManeuverGroup" ? each.child("Actors") : nullptr;
        if (actors != nullptr && actors->children.size() == 1) {
            name = actors->children.front().attribute("entityRef");
        }
        if (name == nullptr) return;
        for_each_element(each, [&](const Element& below) {
            if (&below == wanted) actor = *name;
        });
    });
    return actor;
}

class Checking {
  public:
    Checking(const Draft& draft, const Context& context) : draft_(draft), context_(context) {}

    std::vector<Problem> run() {
        files();
        if (context_.place) removed();
        if (draft_.story) {
            story();
        } else if (!draft_.scenario.story.situation.empty()) {
            situation();
        } else if (!draft_.scenario.story.file.empty()) {
            add(Severity::kError, "story.file",
                fmt::format("The story {} cannot be read.", draft_.scenario.story.file))
                .field = "story";
        } else {
            criteria(nullptr);
        }
        if (context_.place) {
            for (const std::string& sentence : context_.place->left_out) {
                add(Severity::kNote, "map.left_out", sentence);
            }
        }
        return std::move(problems_);
    }

  private:
    Problem& add(Severity severity, const char* rule, std::string message) {
        problems_.push_back({.severity = severity, .message = std::move(message), .rule = rule});
        return problems_.back();
    }

    void files() {
        std::error_code ignored;
        const auto& map = draft_.scenario.map;
        if (!map.empty() && !std::filesystem::is_regular_file(map, ignored)) {
            add(Severity::kError, "map.file",
                fmt::format("The map {} is not a file; choose another one.", map))
                .field = "map";
        }
        const auto& minds = draft_.scenario.minds;
        if (std::filesystem::path(minds).is_absolute() &&
            !std::filesystem::is_regular_file(minds, ignored)) {
            add(Severity::kError, "minds.file",
                fmt::format("The mix of minds {} is not a file.", minds))
                .field = "minds";
        }
    }

    void removed() {
        World ids;
        ids.spawns = context_.place->world.spawns;
        ids.objects = context_.place->world.objects;
        const auto gone = model::remove_actors(draft_.scenario.removed, ids);
        if (!gone) add(Severity::kError, "removed.unknown", gone.error().message).field = "removed";
    }

    // ---- Stories

    void story() {
        Draft numbered_draft = draft_;
        auto document = std::make_shared<story::Document>(*draft_.story);
        number_elements(document->root);
        numbered_draft.story = std::move(document);
        const StoryFile reading = compile(numbered_draft);
        bool whole = true;
        for (const Finding& finding : reading.findings) {
            report(finding, reading.document);
            whole = whole && finding.severity != Severity::kError;
        }
        whole = entities(reading) && whole;
        criteria(&reading);
        if (whole && context_.place) on_roads(reading);
    }

    void report(const Finding& finding, const story::Document& document) {
        Problem& problem = add(finding.severity, "", finding.message);
        problem.rule = finding.rule;
        place(finding.file, finding.line, document, problem);
    }
    void place(std::uint32_t file, int line, const story::Document& document, Problem& problem) {
        if (file != 0) {
            problem.file = file < document.files.size() ? document.files[file].string() : "";
            problem.line = line;
            return;
        }
        const Element* element = numbered(document.root, line);
        if (element == nullptr) return;
        problem.element = path_of(document.root, element);
        problem.actor = actor_at(document.root, element);
    }

    // What `model::read_story` asks for beyond the story's own rules.
    bool entities(const StoryFile& reading) {
        const auto& source = draft_.scenario.story;
        bool fine = true;
        for (const std::string& name : source.without) {
            if (reading.story.entity(name) != story::kNoIndex) continue;
            add(Severity::kError, "without.unknown",
                fmt::format("\"{}\" is left out and is not there.", name))
                .field = "without";
            fine = false;
        }
        if (reading.story.ego == story::kNoIndex) {
            add(Severity::kError, "ego.none", "There is no vehicle that could be the ego.").field =
                "ego_entity";
            return false;
        }
        const auto& ego = reading.story.entities[reading.story.ego];
        if (ego.kind == story::EntityKind::kPedestrian || ego.kind == story::EntityKind::kObject) {
            add(Severity::kError, "ego.kind",
                fmt::format("The ego \"{}\" is not a vehicle.", ego.name))
                .actor = ego.name;
            fine = false;
        }
        if (std::ranges::find(source.without, ego.name) != source.without.end()) {
            add(Severity::kError, "ego.without",
                fmt::format("The ego \"{}\" is left out.", ego.name))
                .field = "without";
            fine = false;
        }
        return fine;
    }

    // Criteria speak of entities and monitors that the story has.
    void criteria(const StoryFile* reading) {
        const auto& criteria = draft_.scenario.criteria;
        for (std::size_t i = 0; i < criteria.size(); ++i) {
            const auto report = [&](std::string message) {
                add(Severity::kError, "criterion.unknown", std::move(message)).field =
                    fmt::format("criteria[{}]", i);
            };
            if (const auto fits = story::check(criteria[i]); !fits) report(fits.error().message);
            const std::string_view entity = story::entity_of(criteria[i].rule);
            if (!entity.empty() &&
                (reading == nullptr || reading->story.entity(entity) == story::kNoIndex)) {
                report(fmt::format("The criterion \"{}\" is about \"{}\", who is not there.",
                                   criteria[i].name, entity));
            }
            const auto* monitor = std::get_if<story::MonitorIs>(&criteria[i].rule);
            if (monitor == nullptr) continue;
            const auto named = [&](const auto& m) { return m.name == monitor->monitor; };
            if (reading == nullptr || std::ranges::none_of(reading->story.monitors, named)) {
                report(
                    fmt::format("The criterion \"{}\" is about the monitor \"{}\", which is not "
                                "there.",
                                criteria[i].name, monitor->monitor));
            }
        }
    }

    void situation() {
        const auto& source = draft_.scenario.story;
        const auto situation = situations::load(source.situation);
        if (!situation) {
            add(Severity::kError, "situation.file", situation.error().text()).field = "situation";
            return;
        }
        if (!context_.place) return;
        World world;
        world.story_origin_W = context_.place->world.story_origin_W;
        auto reading = model::place_situation(draft_.scenario, *context_.place->sites, world);
        if (!reading) {
            Problem& problem = add(Severity::kError, "situation.place", reading.error().message);
            problem.field = "situation";
            const auto at = model::point_of(source.at);
            if (at) problem.p_W = *at + context_.place->world.story_origin_W;
            return;
        }
        criteria(&*reading);
        // Its places are those of the world.
        add_to_world(*reading, {0, 0});
    }

    // ---- On the place's roads

    void on_roads(const StoryFile& reading) {
        const auto& world = context_.place->world;
        const Start start(reading, *context_.place, world.story_origin_W);
        bool known = true;
        for (const Finding& finding : start.player().check()) {
            report(finding, reading.document);
            known = known && finding.severity != Severity::kError;
        }
        if (!known) return;
        signals(reading);
        off_road(start);
        overlaps(start);
        add_to_world(reading, world.story_origin_W);
    }

    // What the run would refuse, on a world without what it does not look at.
    void add_to_world(const StoryFile& reading, const engine::math::Vec2& origin_W) {
        const World& whole = context_.place->world;
        World world;
        world.seed = whole.seed;
        world.road_model = whole.road_model;
        world.roads = whole.roads;
        world.terrain = whole.terrain;
        world.archetypes = whole.archetypes;
        world.story_origin_W = origin_W;
        if (whole.spawns.empty()) return;
        world.spawns = {whole.spawns.front()};
        const auto added = model::add_story(reading, world);
        if (added) return;
        Problem& problem = add(Severity::kError, "story.world", added.error().message);
        place(0, added.error().line, reading.document, problem);
        if (problem.actor.empty()) problem.actor = reading.story.entities[reading.story.ego].name;
    }

    // Programmes of signals that the map does not have.
    void signals(const StoryFile& reading) {
        std::set<std::string> known;
        for (const auto& road : context_.place->world.road_model.roads) {
            for (const auto& signal : road.signals) known.insert(signal.id);
        }
        const story::Element* roads = reading.document.root.child("RoadNetwork");
        const story::Element* list = roads != nullptr ? roads->child("TrafficSignals") : nullptr;
        if (list == nullptr) return;
        std::set<std::string> said;
        for_each_element(*list, [&](const story::Element& each) {
            const std::string* id =
                each.name == "TrafficSignalState" ? each.attribute("trafficSignalId") : nullptr;
            if (id == nullptr || story::is_expression(*id) || known.contains(*id)) return;
            if (!said.insert(*id).second) return;
            Problem& problem = add(Severity::kWarning, "signal.unknown",
                                   fmt::format("The map has no signal \"{}\".", *id));
            problem.element = path_of(reading.document.root, &each);
        });
    }

    void off_road(const Start& start) {
        constexpr double kMargin_m = 1.0;
        const engine::road::RoadMap map(context_.place->world.roads);
        for (std::size_t i = 0; i < start.story().entities.size(); ++i) {
            const auto& entity = start.story().entities[i];
            const auto& state = start.state().entities[i];
            if (entity.kind != story::EntityKind::kVehicle || !state.present) continue;
            if (map.on_road(engine::math::xy(state.p_W), kMargin_m)) continue;
            // Parked ones stand beside lanes.
            if (state.speed_mps == 0 && i != start.story().ego) continue;
            Problem& problem = add(Severity::kWarning, "actor.off_road",
                                   fmt::format("\"{}\" starts off the road, at ({:.1f}, {:.1f}).",
                                               entity.name, state.p_W.x, state.p_W.y));
            problem.actor = entity.name;
            problem.p_W = engine::math::xy(state.p_W);
        }
    }

    void overlaps(const Start& start) {
        const auto& entities = start.story().entities;
        const auto box = [&](std::size_t i) {
            const auto& size = entities[i].box;
            const engine::world::Extent extent{.front_m = size.length_m / 2 + size.x_m,
                                               .rear_m = size.length_m / 2 - size.x_m,
                                               .width_m = size.width_m,
                                               .height_m = size.height_m};
            const auto& state = start.state().entities[i];
            return engine::world::footprint(extent,
                                            engine::math::upright(state.p_W, state.heading_rad));
        };
        for (std::size_t i = 0; i < entities.size(); ++i) {
            for (std::size_t k = i + 1; k < entities.size(); ++k) {
                const auto &a = start.state().entities[i], &b = start.state().entities[k];
                if (!a.present || !b.present || entities[i].trailer == k ||
                    entities[k].trailer == i)
                    continue;
                if (std::abs(a.p_W.z - b.p_W.z) > engine::road::kLevel_m) continue;
                if (!engine::math::overlap(box(i), box(k))) continue;
                Problem& problem = add(Severity::kWarning, "actor.overlap",
                                       fmt::format("\"{}\" and \"{}\" start inside each other.",
                                                   entities[i].name, entities[k].name));
                problem.actor = entities[k].name;
                problem.p_W = engine::math::xy(b.p_W);
            }
        }
    }

    const Draft& draft_;
    const Context& context_;
    std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> check(const Draft& draft, const Context& context) {
    return Checking(draft, context).run();
}

bool can_run(std::span<const Problem> problems) {
    return std::ranges::none_of(
        problems, [](const Problem& problem) { return problem.severity == Severity::kError; });
}

}  // namespace huntsman::scenarios::edit
