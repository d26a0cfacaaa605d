// OpenSCENARIO files as stories: XML (.xosc) of revision 1.0 to 1.3, or the JSON form (.json).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/core/findings.h"
#include "engine/core/result.h"
#include "engine/world/road_model.h"
#include "scenarios/story/element.h"
#include "scenarios/story/story.h"

namespace huntsman::scenarios::openscenario {

struct StoryFile {
    story::Document document;
    story::Story story;
    std::vector<engine::core::Finding> findings;  // of document.files[finding.file]
};

struct ReadOptions {
    std::map<std::string, std::string> parameters;  // values instead of those declared
    std::string ego;                                // empty: "Ego", else the first vehicle
    std::vector<std::string> without = {};          // entities that are left out, see take_out
};

// Reads a scenario, its catalogues, and what they mean. Errors: a file that cannot be read or is
// not OpenSCENARIO (see xml.h); all else is a finding. A story with findings that are errors is
// not to be played.
engine::core::Result<StoryFile> read(const std::filesystem::path& path,
                                     const ReadOptions& options = {});

// The same from a text; `path` is where it would lie, for messages and catalogues.
engine::core::Result<StoryFile> parse(const std::string& text, const std::filesystem::path& path,
                                      const ReadOptions& options = {});

// What a document means that has been read or made; with all its entities. Errors: none but
// findings.
StoryFile compile(story::Document document, const ReadOptions& options = {});

// The roads of a story: its map, beside the document's file unless absolute; no roads where it has
// none. Errors as those of OpenDRIVE files.
engine::core::Result<engine::world::RoadModel> read_map(const StoryFile& reading);

// The document alone, without its catalogues. JSON: {"schema_version": 1, "story": {...},
// "criteria": [...]}; see scenarios/story/criteria.h.
engine::core::Result<story::Document> read_document(const std::filesystem::path& path);
engine::core::Status write_document(const story::Document& document,
                                    const std::filesystem::path& path);

// Makes the relative paths of maps, catalogues and scenarios in a document that was read those seen
// from where `path` lies.
void move_document(story::Document& document, const std::filesystem::path& path);

// Leaves entities out: they are deleted at the start, and nothing adds them later. Error: no such
// entity.
engine::core::Status take_out(story::Document& document, const std::vector<std::string>& entities);

// "file.xosc:12: error: ..." of one finding.
std::string text_of(const engine::core::Finding& finding, const story::Document& document);

}  // namespace huntsman::scenarios::openscenario
