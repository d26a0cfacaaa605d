// Members of a zip archive, read one by one. Methods: stored and deflated; no encryption, no parts.
// Every offset and size is checked against the file, and each member against its checksum.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::engine::import {

class ZipArchive {
  public:
    struct Member {
        std::string name;
        std::uint64_t offset = 0;  // of its local header
        std::uint64_t packed_bytes = 0, bytes = 0;
        std::uint32_t checksum = 0;
        std::uint16_t method = 0;
    };
    // Reads the directory of the archive only.
    static core::Result<ZipArchive> open(const std::filesystem::path& path);
    const std::vector<Member>& members() const { return members_; }
    const Member* find(std::string_view name) const;
    // An error where it unpacks to more than `most_bytes`.
    core::Result<std::string> read(const Member& member, std::uint64_t most_bytes) const;

  private:
    std::filesystem::path path_;
    std::vector<Member> members_;
};

}  // namespace huntsman::engine::import
