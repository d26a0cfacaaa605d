// Whole-file input and output. A file is written under a temporary name and renamed, so a reader
// sees the old file or the new one and never a half.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace huntsman::engine::core {

Result<std::string> read_file(const std::filesystem::path& path);
Status write_file(const std::filesystem::path& path, std::string_view content);

// The name under which a file is written until it is whole: NAME.PROCESS.tmp in the same folder.
std::filesystem::path temporary_name(const std::filesystem::path& path);
// Whether a file of this name is one that is not whole yet, or the probe of a folder.
bool is_temporary(const std::string& name);
// Removes what a killed program left of unfinished writing in this folder, not in those below.
Status remove_temporaries(const std::filesystem::path& folder);

// Creates the folder with its parents and checks that a file can be written in it.
Status make_writable_folder(const std::filesystem::path& folder);

}  // namespace huntsman::engine::core
