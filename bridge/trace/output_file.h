// A file that is written bit by bit, under a temporary name until it is whole.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "engine/core/result.h"

namespace huntsman::bridge::trace {

// What is not finished is removed by the destructor; a program that is killed leaves it behind as
// NAME.PROCESS.tmp. A reader sees the old file or the new one and never a half. A device or a pipe
// is written into directly.
class OutputFile {
  public:
    // Errors: the folder is missing or cannot be written to.
    static engine::core::Result<OutputFile> create(const std::filesystem::path& path);
    OutputFile(OutputFile&& other) noexcept;
    OutputFile& operator=(OutputFile&& other) noexcept;
    ~OutputFile();

    // Errors: the disk is full.
    engine::core::Status write(std::string_view bytes);
    std::uint64_t size() const { return size_; }  // written so far
    // CRC-32 of what was written so far, as zlib's crc32.
    std::uint32_t crc() const { return crc_; }

    // Gives the file its name. Nothing may be written after.
    engine::core::Status finish();

  private:
    OutputFile() = default;
    engine::core::Error error(const char* what, int code) const;
    void abandon();

    std::filesystem::path path_, target_, temporary_;  // as given, behind links, while written
    std::FILE* file_ = nullptr;
    std::uint64_t size_ = 0;
    std::uint32_t crc_ = 0;
};

}  // namespace huntsman::bridge::trace
