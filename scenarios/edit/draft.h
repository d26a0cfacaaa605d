// A draft: a scenario in the making, as a value that can be copied, compared and kept.
//
// A draft holds absolute paths only, and its story in the order of the standard; the functions here
// see to both. Criteria are those of the scenario, none stand in the story's header.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "scenarios/edit/problem.h"
#include "scenarios/model/scenario.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::edit {

struct Draft {
    model::Scenario scenario;  // story.file is empty where `story` is set
    // A story that the editor owns. Null: there is none, or it is scenario.story.situation.
    std::shared_ptr<const story::Document> story;
};

// Equal for whoever runs or saves them; lines and folders of the files they came from do not count.
bool same(const Draft& a, const Draft& b);

// The town of a seed with everyday traffic.
Draft new_town(std::uint64_t seed);

// A scenario or situation (.json), a story (.xosc) or a map (.xodr). What is wrong with its content
// is added to `problems` and left out or at its default. Errors: a file that cannot be read, or
// whose syntax is broken.
engine::core::Result<Draft> open(const std::filesystem::path& path,
                                 std::vector<Problem>* problems = nullptr);
// The same from the text of a .json file; `path` is where it would lie.
engine::core::Result<Draft> from_text(const std::string& text, const std::filesystem::path& path,
                                      std::vector<Problem>* problems = nullptr);

// The draft as a scenario file with its story inside and paths as seen from where `path` lies:
// `open` reads back the same draft, and `model::load` what it means. Errors: values that JSON or
// the checks of files do not take.
engine::core::Result<std::string> to_text(const Draft& draft, const std::filesystem::path& path);

// Writes a .json or .xosc file, by the ending; the old file is kept whole where that fails. A town
// saved as .xosc is written as .xodr beside it. `notes` gets a sentence for all that .xosc cannot
// hold.
engine::core::Status save(const Draft& draft, const std::filesystem::path& path,
                          std::vector<std::string>* notes = nullptr);
// These sentences beforehand.
std::vector<std::string> lost_in_xosc(const Draft& draft);

// What the story means with the scenario's parameters, as findings allow; the draft has a story.
openscenario::StoryFile compile(const Draft& draft);

}  // namespace huntsman::scenarios::edit
