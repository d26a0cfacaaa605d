// Files that belong together: put in place when all of them could be written, so that a full disk
// leaves the old ones as they were.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::sensors::dataset {

class FileSet {
  public:
    FileSet() = default;
    FileSet(const FileSet&) = delete;
    FileSet& operator=(const FileSet&) = delete;
    ~FileSet();  // what was not put in place is removed

    // Written as NAME.new beside its place, whose folder is made.
    engine::core::Status add(const std::filesystem::path& path, std::string_view content);
    // A folder that takes the place of an old one with all that is in it: give what was made under
    // the name that `fresh_name` gives.
    void add_folder(const std::filesystem::path& path) { paths_.push_back(path); }
    // A file of such a folder, written by other means, by the name it will have.
    void note(const std::filesystem::path& path, std::string_view content);
    static std::filesystem::path fresh_name(const std::filesystem::path& path);
    static bool is_fresh_name(const std::filesystem::path& path);
    // In the order in which they came.
    engine::core::Status commit();

    struct Written {
        std::filesystem::path path;
        std::uint64_t bytes = 0, hash = 0;
    };
    // All that was added or noted so far, in that order.
    const std::vector<Written>& written() const { return written_; }

  private:
    std::vector<Written> written_;
    std::vector<std::filesystem::path> paths_;  // still to be put in place
};

}  // namespace huntsman::sensors::dataset
