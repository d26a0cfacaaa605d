#include "scenarios/edit/variations.h"

#include <fmt/format.h>

#include "engine/core/files.h"
#include "scenarios/edit/canonical.h"
#include "scenarios/edit/parameters.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/situations/kinds.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using situations::element;
using situations::text;
using story::Element;

engine::core::Status save_variations(const Draft& draft, const std::filesystem::path& scenario_file,
                                     const std::filesystem::path& path, std::uint32_t runs,
                                     std::uint32_t seed) {
    Element stochastic = element("Stochastic", {{"numberOfTestRuns", fmt::format("{}", runs)},
                                                {"randomSeed", fmt::format("{}", seed)}});
    const Element* list = draft.story ? draft.story->root.child("ParameterDeclarations") : nullptr;
    if (list != nullptr) {
        for (const Element& each : list->children) {
            const std::string* name = each.attribute("name");
            const std::string* value = each.attribute("value");
            const std::string word = name ? distribution_of(draft.story->root, *name) : "";
            const ParameterRange range = range_of(each);
            if (word.empty() || value == nullptr || !range.low || !range.high) continue;
            Element limits = element(
                "Range", {{"lowerLimit", text(*range.low)}, {"upperLimit", text(*range.high)}});
            const double deviation = (*range.high - *range.low) / 4;
            Element drawn = word == "normal" ? element("NormalDistribution",
                                                       {{"expectedValue", *value},
                                                        {"variance", text(deviation * deviation)}})
                                             : element("UniformDistribution", {});
            drawn.children.push_back(std::move(limits));
            stochastic.children.push_back(
                element("StochasticDistribution", {{"parameterName", *name}}, {std::move(drawn)}));
        }
    }
    if (stochastic.children.empty()) {
        return engine::core::Error{.message = "no parameter of the story has a distribution",
                                   .file = path.string()};
    }
    const auto folder = std::filesystem::absolute(path).lexically_normal().parent_path();
    const auto scenario = std::filesystem::absolute(scenario_file).lexically_normal();
    const Element root =
        element("OpenSCENARIO", {},
                {element("FileHeader", {{"author", "Huntsman"},
                                        {"date", "2026-01-01T00:00:00"},
                                        {"description", "distributions of " + draft.scenario.name},
                                        {"revMajor", "1"},
                                        {"revMinor", "3"}}),
                 element("ParameterValueDistribution", {},
                         {element("ScenarioFile", {{"filepath", relative_to(scenario, folder)}}),
                          std::move(stochastic)})});
    return engine::core::write_file(path, openscenario::write_xml(root));
}

}  // namespace huntsman::scenarios::edit
