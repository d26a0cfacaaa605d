// Ranges and distributions of a story's parameters as a parameter-value file.
#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/core/result.h"
#include "scenarios/edit/draft.h"

namespace huntsman::scenarios::edit {

// Writes the distributions of the draft's parameters for the scenario file, which is an .xosc that
// the draft was saved as: `huntsman scenario variants` draws from it. Normal distributions have
// their mean at the parameter's value and a quarter of the range as standard deviation. Errors: no
// parameter has a distribution, I/O.
engine::core::Status save_variations(const Draft& draft, const std::filesystem::path& scenario_file,
                                     const std::filesystem::path& path, std::uint32_t runs,
                                     std::uint32_t seed);

}  // namespace huntsman::scenarios::edit
