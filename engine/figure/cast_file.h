// A file of models, written when the program is built and read when it starts.
//
// Little-endian: "HMFIGURE", the version, the size of a Vertex and the number of models (32 bits
// each); of each model its name (length, bytes), its skeleton (64-bit numbers), tints, hold, radius
// and levels (counts, then vertices and indices as they are in memory).
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/figure/model.h"

namespace huntsman::engine::figure {

core::Status write_cast(const std::filesystem::path& path, const std::vector<Model>& models);

// Fails with a clear sentence where the file is missing, of another version, cut short, or holds
// what no model can: indices of vertices or joints that are not there, weights that do not sum to
// 255, numbers that are not finite. Cost: some 25 ms for 48 people.
core::Result<std::vector<Model>> read_cast(const std::filesystem::path& path);
// The same of a file's content; errors name `path`.
core::Result<std::vector<Model>> read_cast(std::string_view bytes,
                                           const std::filesystem::path& path);

}  // namespace huntsman::engine::figure
