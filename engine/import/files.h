// The files that a model may read: those of its own folder, on disk or inside a zip archive, and
// none outside of it, whatever names the model writes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/import/zip.h"

namespace huntsman::engine::import {

// A larger file of a model is refused.
inline constexpr std::uint64_t kMostFileBytes = 256ULL << 20;

// A name as a model's file gives it, relative to the model's folder: separators become '/', "." and
// "x/.." go. Nothing where it leads out of the folder, is absolute, empty or holds control
// characters.
std::optional<std::string> inner_name(std::string_view name);

class Files {
  public:
    // The folder of a file on disk, or of a member of an archive. The model's name in it is
    // `main()`.
    static core::Result<Files> of_file(const std::filesystem::path& path);
    static core::Result<Files> of_member(const std::filesystem::path& archive,
                                         const std::string& member);
    // One file that is in memory already.
    static Files of_memory(std::string name, std::string content);

    const std::string& main() const { return main_; }
    // What errors name: "path" or "archive: member".
    const std::string& label() const { return label_; }
    // Content of a file of the folder. Symbolic links that lead out of it count as outside.
    core::Result<std::string> read(std::string_view name) const;
    bool has(std::string_view name) const;

  private:
    std::string main_, label_;
    std::filesystem::path folder_;                // on disk
    std::shared_ptr<const ZipArchive> archive_;   // or in an archive
    std::string prefix_;                          // there
    std::shared_ptr<const std::string> content_;  // or in memory
};

}  // namespace huntsman::engine::import
