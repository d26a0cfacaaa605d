// Parameter-value files: the values that they give to a scenario's parameters, one set a variant.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/core/findings.h"
#include "engine/core/result.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::openscenario {

using ParameterValues = std::map<std::string, std::string>;

struct Variants {
    std::filesystem::path scenario;  // the file that they vary, absolute or beside the given one
    std::vector<ParameterValues> values;
    std::vector<engine::core::Finding> findings;
};

// At most this many variants are made of one file.
constexpr std::size_t kMaxVariants = 100'000;

// Deterministic distributions: every combination of their values, the last distribution running
// fastest. Stochastic ones: `count` sets, or as many as the file says where `count` is 0, drawn by
// a key of `seed` and the file's own seed, so that variant k is the same whatever the count.
//
// Errors: a file that cannot be read or holds no distribution, and more than kMaxVariants.
engine::core::Result<Variants> read_variants(const std::filesystem::path& path, std::size_t count,
                                             std::uint64_t seed);

// Writes the values into the document's parameter declarations. Error: one is not declared.
engine::core::Status set_parameters(story::Document& document, const ParameterValues& values);

}  // namespace huntsman::scenarios::openscenario
