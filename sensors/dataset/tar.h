// POSIX archives (ustar) of files, written one after the other and read in one pass. Owner, times
// and rights are constants, so equal contents give equal bytes.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::sensors::dataset {

class TarWriter {
  public:
    static engine::core::Result<TarWriter> create(const std::filesystem::path& path);
    // Names of at most 100 bytes.
    engine::core::Status add(const std::string& name, std::string_view content);
    engine::core::Status finish();
    std::uint64_t bytes() const { return bytes_; }  // written so far
    std::uint64_t hash() const { return hash_; }    // chain of the members' names and contents

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    engine::core::Status write(std::string_view bytes);

    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Close> file_;
    std::uint64_t bytes_ = 0, hash_ = 0;
};

// Where the members of an archive lie.
struct TarMember {
    std::string name;
    std::uint64_t offset = 0, size = 0;  // of the content in the file [bytes]
};
// What an archive holds up to where it is damaged; the error names the file and the byte.
struct TarListing {
    std::vector<TarMember> members;
    std::optional<engine::core::Error> damage;
};
// Reads headers only.
TarListing scan_tar(const std::filesystem::path& path);
engine::core::Result<std::string> read_member(const std::filesystem::path& path,
                                              const TarMember& member);
// What TarWriter::hash gave for an archive with these members.
std::uint64_t chain_member(std::uint64_t hash, const std::string& name, std::string_view content);

}  // namespace huntsman::sensors::dataset
