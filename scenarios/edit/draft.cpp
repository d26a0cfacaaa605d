#include "scenarios/edit/draft.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/core/files.h"
#include "engine/core/json_file.h"
#include "scenarios/edit/canonical.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/openscenario/json_form.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/story/criteria.h"

namespace huntsman::scenarios::edit {

using engine::core::Error;
using engine::core::JsonFile;
using engine::core::Result;
using engine::core::Severity;
using engine::core::Status;
using nlohmann::ordered_json;
using story::Element;

bool same(const Draft& a, const Draft& b) {
    if ((a.story == nullptr) != (b.story == nullptr)) return false;
    if (a.story && a.story != b.story && a.story->root != b.story->root) return false;
    return scenario_json(a) == scenario_json(b);
}

Draft new_town(std::uint64_t seed) {
    Draft draft;
    draft.scenario.name = fmt::format("town_{}", seed);
    draft.scenario.town.seed = seed;
    return draft;
}

openscenario::StoryFile compile(const Draft& draft) {
    openscenario::ReadOptions options{.parameters = draft.scenario.story.parameters,
                                      .ego = draft.scenario.story.ego};
    story::Document document = *draft.story;
    // Whoever is named and is not there is a finding of its own.
    for (const std::string& name : draft.scenario.story.without) {
        static_cast<void>(openscenario::take_out(document, {name}));
    }
    for (const story::Criterion& criterion : draft.scenario.criteria) {
        if (story::check(criterion).ok()) story::add_criterion(document.root, criterion);
    }
    return openscenario::compile(std::move(document), options);
}

namespace {

void report(std::vector<Problem>* problems, const Error& error, std::string field = {}) {
    if (problems == nullptr) return;
    problems->push_back({.message = error.message,
                         .rule = "scenario.value",
                         .field = std::move(field),
                         .file = error.file,
                         .line = error.line});
}

// ---- Scenarios with errors

// Takes what can be read of a scenario part by part, and reports the rest.
class Salvage {
  public:
    explicit Salvage(std::vector<Problem>* problems) : problems_(problems) {}

    ordered_json run(const ordered_json& given, const std::string& name) {
        good_ = {{"schema_version", 1}, {"name", name}};
        // Others stand beside a story or situation only.
        for (const char* first : {"story", "situation"}) {
            if (given.contains(first)) try_whole(first, given[first]);
        }
        for (const auto& [key, value] : given.items()) {
            if (key == "story" || key == "situation") continue;
            if (key == "schema_version" && value == 1) continue;
            if (!try_whole(key, value)) take_parts(key, value);
        }
        return good_;
    }

  private:
    bool try_whole(const std::string& key, const ordered_json& value) {
        ordered_json trial = good_;
        trial[key] = value;
        return accept(std::move(trial));
    }
    bool accept(ordered_json trial) {
        const auto read = model::parse(trial.dump(), "");
        if (!read) {
            error_ = read.error();
            return false;
        }
        good_ = std::move(trial);
        return true;
    }
    void take_parts(const std::string& key, const ordered_json& value) {
        if (value.is_array()) {
            for (std::size_t i = 0; i < value.size(); ++i) {
                ordered_json trial = good_;
                trial[key].push_back(value[i]);
                if (!accept(std::move(trial))) {
                    edit::report(problems_, error_, fmt::format("{}[{}]", key, i));
                }
            }
            return;
        }
        if (!value.is_object()) return edit::report(problems_, error_, key);
        // Some fields need others beside them.
        std::vector<std::string> open;
        for (const auto& [inner, ignored] : value.items()) open.push_back(inner);
        std::size_t before = 0;
        do {
            before = open.size();
            std::erase_if(open, [&](const std::string& inner) {
                ordered_json trial = good_;
                trial[key][inner] = value[inner];
                return accept(std::move(trial));
            });
        } while (open.size() < before);
        for (const std::string& inner : open) {
            ordered_json trial = good_;
            trial[key][inner] = value[inner];
            if (!accept(std::move(trial))) {
                edit::report(problems_, error_, fmt::format("{}.{}", key, inner));
            }
        }
    }

    std::vector<Problem>* problems_;
    ordered_json good_;
    Error error_;
};

// ---- Paths

std::filesystem::path folder_of(const std::filesystem::path& file) {
    return std::filesystem::absolute(file).lexically_normal().parent_path();
}

void make_absolute(model::Scenario& scenario, const std::filesystem::path& folder) {
    const auto absolute = [&](std::string& path) {
        if (!path.empty()) path = (folder / path).lexically_normal().generic_string();
    };
    absolute(scenario.map);
    absolute(scenario.story.file);
    // These may be names of shipped ones.
    for (std::string* file : {&scenario.minds, &scenario.story.situation}) {
        std::error_code ignored;
        const bool is_path = file->ends_with(".json") || file->find('/') != std::string::npos;
        if (is_path || (!file->empty() && std::filesystem::exists(folder / *file, ignored))) {
            absolute(*file);
        }
    }
}

// ---- Stories

// What JSON cannot hold (letters of other encodings) does not get into a draft.
Element through_json(const Element& root, std::vector<Problem>* problems) {
    Element sorted = root;
    openscenario::canonicalise(sorted, openscenario::Standard::kRootType);
    const std::string text =
        ordered_json{{"story", openscenario::to_json(sorted, openscenario::Standard::kRootType)}}
            .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    const auto file = JsonFile::parse(text, "");
    if (!file) return root;
    Element read = openscenario::from_json((*file)->root().object("story"),
                                           openscenario::Standard::kRootElement,
                                           openscenario::Standard::kRootType);
    if (!(*file)->status().ok()) report(problems, (*file)->status().error());
    // The lines of the file are better known.
    return read == sorted ? sorted : read;
}

Status take_story(story::Document document, Draft& draft, std::vector<Problem>* problems) {
    // What was JSON is so already.
    const bool xml = !document.files.empty() && document.files.front().extension() != ".json";
    if (xml) document.root = through_json(document.root, problems);
    draft.story = std::make_shared<const story::Document>(std::move(document));
    return settle(draft);
}

// The name of a file as a scenario's.
std::string stem_of(const std::filesystem::path& path) {
    const std::string stem = path.stem().string();
    return stem.empty() || !is_utf8(stem) ? "scenario" : stem;
}

Result<Draft> open_map(const std::filesystem::path& path, std::vector<Problem>* problems) {
    HM_TAKE(const opendrive::Reading reading, opendrive::read(path));
    if (problems != nullptr) {
        for (const auto& finding : reading.findings) {
            if (finding.severity == Severity::kNote) continue;
            // A map is mended as it is read: it can be driven all the same.
            problems->push_back({.severity = Severity::kWarning,
                                 .message = finding.message,
                                 .rule = finding.rule,
                                 .file = path.string(),
                                 .line = finding.line});
        }
    }
    Draft draft;
    draft.scenario.name = stem_of(path);
    draft.scenario.map = std::filesystem::absolute(path).lexically_normal().generic_string();
    HM_TRY(settle(draft));
    return draft;
}

}  // namespace

Result<Draft> from_text(const std::string& text, const std::filesystem::path& path,
                        std::vector<Problem>* problems) {
    HM_TAKE(const auto file, JsonFile::parse(text, path.string()));
    ordered_json given = ordered_json::parse(text);
    const std::string name = stem_of(path);
    Draft draft;
    if (given.contains("needs") && given.contains("actors")) {
        HM_TRY(set_scenario_json(
            {{"schema_version", 1}, {"name", name}, {"situation", path.string()}}, draft));
        make_absolute(draft.scenario, folder_of(path));
        HM_TRY(settle(draft));
        return draft;
    }
    const bool has_story = given.contains("story") && given["story"].is_object();
    if (has_story) given["story"] = kOwnStory;
    if (!given.contains("name")) given["name"] = name;
    // Errors with lines first; where there are any, what can be saved.
    auto scenario = model::parse(given.dump(), path.string());
    if (!scenario) {
        given = Salvage(problems).run(given, name);
        scenario = model::parse(given.dump(), path.string());
    }
    HM_TAKE(draft.scenario, std::move(scenario));
    if (has_story) draft.scenario.story.file.clear();
    make_absolute(draft.scenario, folder_of(path));
    if (has_story) {
        Element root = openscenario::from_json(file->root().object("story"),
                                               openscenario::Standard::kRootElement,
                                               openscenario::Standard::kRootType);
        if (!file->status().ok()) report(problems, file->status().error());
        HM_TRY(take_story({.root = std::move(root), .files = {path}}, draft, problems));
        return draft;
    }
    if (!draft.scenario.story.file.empty()) {
        auto document = openscenario::read_document(draft.scenario.story.file);
        if (document) {
            HM_TRY(take_story(std::move(*document), draft, problems));
            return draft;
        }
        report(problems, document.error(), "story");
    }
    HM_TRY(settle(draft));
    return draft;
}

Result<Draft> open(const std::filesystem::path& path, std::vector<Problem>* problems) {
    if (!is_utf8(path.string())) {
        return Error{.message = "has a name that is not UTF-8, expected one that is",
                     .file = path.string()};
    }
    if (path.extension() == ".xodr") return open_map(path, problems);
    if (path.extension() == ".xosc") {
        HM_TAKE(story::Document document, openscenario::read_document(path));
        Draft draft;
        HM_TAKE(draft.scenario, model::load(path));
        draft.scenario.name = stem_of(path);
        HM_TRY(take_story(std::move(document), draft, problems));
        return draft;
    }
    HM_TAKE(const std::string text, engine::core::read_file(path));
    return from_text(text, path, problems);
}

}  // namespace huntsman::scenarios::edit
