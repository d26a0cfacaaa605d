#include "bridge/loop/story_notes.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

namespace huntsman::bridge::loop {

void note_warnings(const scenarios::openscenario::StoryFile& reading,
                   std::vector<std::string>& notes) {
    constexpr std::size_t kNamed = 10;
    std::size_t warnings = 0;
    for (const auto& finding : reading.findings) {
        if (finding.severity != engine::core::Severity::kWarning || warnings++ >= kNamed) continue;
        notes.push_back(scenarios::openscenario::text_of(finding, reading.document));
    }
    if (warnings > kNamed) {
        notes.push_back(fmt::format("{} more warnings; see scenario check", warnings - kNamed));
    }
}

void note_waiting_events(const scenarios::story::Story& story,
                         const engine::world::StoryState& state, std::vector<std::string>& notes) {
    std::vector<std::string> waiting;
    const auto& elements = story.elements;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const bool event = elements[i].kind == scenarios::story::ElementKind::kEvent;
        if (event && state.elements[i].executions == 0) waiting.push_back(elements[i].name);
    }
    if (!waiting.empty()) {
        constexpr std::size_t kNamed = 5;
        const std::size_t more = waiting.size() - std::min(kNamed, waiting.size());
        waiting.resize(std::min(kNamed, waiting.size()));
        notes.push_back(fmt::format("events of the story that never began: {}{}",
                                    fmt::join(waiting, ", "),
                                    more > 0 ? fmt::format(" and {} more", more) : ""));
    }
}

std::vector<std::pair<std::string, std::string>> story_values(
    const scenarios::openscenario::StoryFile& reading) {
    std::vector<std::pair<std::string, std::string>> values;
    for (const auto& variable : reading.story.variables) {
        if (variable.is_parameter) values.emplace_back(variable.name, variable.value);
    }
    const auto* header = reading.document.root.child("FileHeader");
    const auto* properties = header != nullptr ? header->child("Properties") : nullptr;
    if (properties == nullptr) return values;
    constexpr std::string_view kValue = "huntsman.value.";
    for (const auto* property : properties->all("Property")) {
        const std::string* name = property->attribute("name");
        const std::string* value = property->attribute("value");
        if (name == nullptr || value == nullptr || !name->starts_with(kValue)) continue;
        values.emplace_back(name->substr(kValue.size()), *value);
    }
    return values;
}

}  // namespace huntsman::bridge::loop
