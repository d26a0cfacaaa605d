#include "scenarios/openscenario/variants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/core/random.h"
#include "scenarios/openscenario/openscenario.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::openscenario {

using engine::core::Error;
using engine::core::Findings;
using engine::core::Key;
using engine::core::Result;
using engine::core::Severity;
using story::Element;

namespace {

std::string text(const Element& element, std::string_view attribute) {
    const std::string* value = element.attribute(attribute);
    return value != nullptr ? *value : "";
}
double number(const Element& element, std::string_view attribute, double fallback) {
    return story::to_number(text(element, attribute)).value_or(fallback);
}

struct Range {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
};
Range range_of(const Element& owner) {
    const Element* range = owner.child("Range");
    if (range == nullptr) return {};
    return {number(*range, "lowerLimit", -std::numeric_limits<double>::infinity()),
            number(*range, "upperLimit", std::numeric_limits<double>::infinity())};
}

class Distributions {
  public:
    explicit Distributions(Findings& findings) : findings_(findings) {}

    // The sets of values of one deterministic distribution.
    std::vector<ParameterValues> deterministic(const Element& element) {
        std::vector<ParameterValues> sets;
        if (element.name == "DeterministicMultiParameterDistribution") {
            const Element* list = element.child("ValueSetDistribution");
            for (const Element* set :
                 list != nullptr ? list->all("ParameterValueSet") : std::vector<const Element*>()) {
                ParameterValues& values = sets.emplace_back();
                for (const Element* item : set->all("ParameterAssignment")) {
                    values[text(*item, "parameterRef")] = text(*item, "value");
                }
            }
            return sets;
        }
        const std::string name = text(element, "parameterName");
        if (const Element* set = element.child("DistributionSet")) {
            for (const Element* item : set->all("Element")) {
                sets.push_back({{name, text(*item, "value")}});
            }
        } else if (const Element* steps = element.child("DistributionRange")) {
            const Range range = range_of(*steps);
            const double step = number(*steps, "stepWidth", 0);
            const double count = std::floor((range.high - range.low) / step + 1e-9) + 1;
            if (!(step > 0) || !(count >= 1) || count > static_cast<double>(kMaxVariants)) {
                report(element, fmt::format("\"{}\" runs from {} to {} by steps of {}", name,
                                            range.low, range.high, step));
                return sets;
            }
            for (int i = 0; i < static_cast<int>(count); ++i) {
                sets.push_back({{name, story::to_text(range.low + i * step)}});
            }
        } else {
            report(element, fmt::format("\"{}\" has a distribution that is not known", name));
        }
        return sets;
    }

    // One draw of a stochastic distribution.
    std::optional<std::string> draw(const Element& element, const Key& key) {
        const std::string name = text(element, "parameterName");
        if (const Element* set = element.child("ProbabilityDistributionSet")) {
            const auto items = set->all("Element");
            const std::optional<std::size_t> index = weighted(items, key);
            if (index) return text(*items[*index], "value");
        } else if (const Element* histogram = element.child("Histogram")) {
            const auto bins = histogram->all("Bin");
            const std::optional<std::size_t> index = weighted(bins, key.with("bin"));
            if (index) {
                const Range range = range_of(*bins[*index]);
                return story::to_text(key.with("within").uniform(range.low, range.high));
            }
        } else if (const Element* uniform = element.child("UniformDistribution")) {
            const Range range = range_of(*uniform);
            if (range.low <= range.high && std::isfinite(range.high - range.low)) {
                return story::to_text(key.uniform(range.low, range.high));
            }
        } else if (const Element* normal = element.child("NormalDistribution")) {
            const double mean = number(*normal, "expectedValue", 0);
            const double deviation = std::sqrt(std::max(0.0, number(*normal, "variance", 0)));
            return within(range_of(*normal),
                          [&](std::uint64_t k) { return mean + deviation * key.normal(k); });
        } else if (const Element* log_normal = element.child("LogNormalDistribution")) {
            // Mean and variance are those of the logarithm.
            const double mean = number(*log_normal, "expectedValue", 0);
            const double deviation = std::sqrt(std::max(0.0, number(*log_normal, "variance", 0)));
            return within(range_of(*log_normal), [&](std::uint64_t k) {
                return std::exp(mean + deviation * key.normal(k));
            });
        } else if (const Element* poisson = element.child("PoissonDistribution")) {
            return within(range_of(*poisson), [&](std::uint64_t k) {
                return draw_poisson(number(*poisson, "expectedValue", 1), key.with(k));
            });
        }
        report(element,
               fmt::format("\"{}\" has a distribution from which nothing can be drawn", name));
        return std::nullopt;
    }

  private:
    void report(const Element& at, std::string message) {
        findings_.add(Severity::kError, at.origin.line, "distribution", std::move(message));
    }
    static std::optional<std::size_t> weighted(const std::vector<const Element*>& items,
                                               const Key& key) {
        double sum = 0;
        for (const Element* item : items) sum += std::max(0.0, number(*item, "weight", 0));
        if (!(sum > 0)) return std::nullopt;
        double left = key.uniform() * sum;
        for (std::size_t i = 0; i < items.size(); ++i) {
            left -= std::max(0.0, number(*items[i], "weight", 0));
            if (left < 0) return i;
        }
        return items.size() - 1;
    }
    // The first of many draws that lies within the range: the distribution cut off there.
    template <typename Draw>
    static std::optional<std::string> within(const Range& range, Draw draw) {
        constexpr std::uint64_t kMostDraws = 10'000;
        for (std::uint64_t k = 0; k < kMostDraws; ++k) {
            const double value = draw(k);
            if (value >= range.low && value <= range.high && std::isfinite(value)) {
                return story::to_text(value);
            }
        }
        return std::nullopt;
    }
    // By counting products of uniform numbers [Knuth 1997, 3.4.1]; normal for large means.
    static double draw_poisson(double mean, const Key& key) {
        constexpr double kLarge = 500;
        if (mean > kLarge) return std::max(0.0, std::round(mean + std::sqrt(mean) * key.normal()));
        const double bound = std::exp(-mean);
        double product = key.uniform(0);
        double count = 0;
        for (std::uint64_t k = 1; product > bound; ++k) {
            product *= key.uniform(k);
            ++count;
        }
        return count;
    }

    Findings& findings_;
};

Error at_file(const std::filesystem::path& path, int line, std::string message) {
    return {.message = std::move(message), .file = path.string(), .line = line};
}

}  // namespace

Result<Variants> read_variants(const std::filesystem::path& path, std::size_t count,
                               std::uint64_t seed) {
    HM_TAKE(const story::Document document, read_document(path));
    const Element* root = document.root.child("ParameterValueDistribution");
    if (root == nullptr) {
        return at_file(path, document.root.origin.line,
                       "holds no <ParameterValueDistribution>: there is nothing to vary");
    }
    Findings findings;
    check(document.root, Standard::kRootType, findings);
    Variants variants;
    if (const Element* file = root->child("ScenarioFile")) {
        variants.scenario = text(*file, "filepath");
        if (variants.scenario.is_relative()) {
            variants.scenario = path.parent_path() / variants.scenario;
        }
    }
    Distributions distributions(findings);
    if (const Element* deterministic = root->child("Deterministic")) {
        variants.values.emplace_back();
        for (const Element& element : deterministic->children) {
            std::vector<ParameterValues> combined;
            const auto sets = distributions.deterministic(element);
            if (sets.size() * variants.values.size() > kMaxVariants) {
                return at_file(path, element.origin.line,
                               fmt::format("gives more than {} variants", kMaxVariants));
            }
            for (const ParameterValues& before : variants.values) {
                for (const ParameterValues& set : sets) {
                    combined.push_back(before);
                    for (const auto& [key, value] : set) combined.back()[key] = value;
                }
            }
            variants.values = std::move(combined);
        }
    } else if (const Element* stochastic = root->child("Stochastic")) {
        const double own = number(*stochastic, "numberOfTestRuns", 0);
        if (count == 0) count = own > 0 ? static_cast<std::size_t>(std::min(own, 1e9)) : 0;
        if (count > kMaxVariants) {
            return at_file(
                path, stochastic->origin.line,
                fmt::format("{} variants are asked for, expected at most {}", count, kMaxVariants));
        }
        const Key key = Key(seed).with(text(*stochastic, "randomSeed"));
        for (std::size_t k = 0; k < count && findings.first_error() == nullptr; ++k) {
            ParameterValues& values = variants.values.emplace_back();
            for (const Element* element : stochastic->all("StochasticDistribution")) {
                const std::string parameter = text(*element, "parameterName");
                const auto value = distributions.draw(*element, key.with(k).with(parameter));
                if (value) values[parameter] = *value;
            }
        }
    }
    variants.findings = findings.take();
    return variants;
}

engine::core::Status set_parameters(story::Document& document, const ParameterValues& values) {
    Element* list = document.root.child("ParameterDeclarations");
    for (const auto& [name, value] : values) {
        bool found = false;
        if (list != nullptr) {
            for (Element& declaration : list->children) {
                if (text(declaration, "name") != name) continue;
                declaration.set("value", value);
                found = true;
            }
        }
        if (!found) {
            return at_file(document.files.front(), 0,
                           fmt::format("declares no parameter \"{}\" that could be varied", name));
        }
    }
    return {};
}

}  // namespace huntsman::scenarios::openscenario
