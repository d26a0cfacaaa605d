#include "engine/import/zip.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>

namespace huntsman::engine::import {

using core::Error;
using core::Result;

namespace {

// Sizes and signatures of [APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16].
constexpr std::size_t kEndBytes = 22, kMostComment = 65535, kEntryBytes = 46, kLocalBytes = 30;
constexpr std::uint32_t kEnd = 0x06054b50, kEntry = 0x02014b50, kLocal = 0x04034b50;
constexpr std::uint16_t kStored = 0, kDeflated = 8;

std::uint32_t number(const std::string& bytes, std::size_t at, int size) {
    std::uint32_t value = 0;
    for (int i = size - 1; i >= 0; --i) {
        value = (value << 8) | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    }
    return value;
}

// Exactly `size` bytes from `offset`; empty where the file has fewer.
std::string part(std::ifstream& file, std::uint64_t offset, std::uint64_t size) {
    std::string bytes(size, '\0');
    file.clear();
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    if (static_cast<std::uint64_t>(file.gcount()) != size) return {};
    return bytes;
}

Error broken(const std::filesystem::path& path, const std::string& what) {
    return {.message = "is no readable zip archive: " + what, .file = path.string()};
}

}  // namespace

Result<ZipArchive> ZipArchive::open(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) return Error{.message = "cannot be opened, expected a file", .file = path.string()};
    const auto size = static_cast<std::uint64_t>(file.tellg());
    const std::uint64_t tail_size = std::min<std::uint64_t>(size, kEndBytes + kMostComment);
    if (size < kEndBytes) return broken(path, "it is too short");
    const std::string tail = part(file, size - tail_size, tail_size);
    // The end record stands before a comment of unknown length: the last that fits.
    std::size_t end = std::string::npos;
    for (std::size_t at = tail.size() < kEndBytes ? 0 : tail.size() - kEndBytes + 1; at-- > 0;) {
        if (number(tail, at, 4) == kEnd) {
            end = at;
            break;
        }
    }
    if (end == std::string::npos) return broken(path, "its directory is missing");
    const std::uint32_t count = number(tail, end + 10, 2);
    const std::uint32_t directory_size = number(tail, end + 12, 4);
    const std::uint32_t directory_at = number(tail, end + 16, 4);
    if (std::uint64_t{directory_at} + directory_size > size) {
        return broken(path, "its directory lies outside of the file");
    }
    const std::string directory = part(file, directory_at, directory_size);
    ZipArchive archive;
    archive.path_ = path;
    std::size_t at = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (at + kEntryBytes > directory.size() || number(directory, at, 4) != kEntry) {
            return broken(path, fmt::format("entry {} of its directory is damaged", i));
        }
        const std::size_t name_size = number(directory, at + 28, 2);
        const std::size_t next = at + kEntryBytes + name_size + number(directory, at + 30, 2) +
                                 number(directory, at + 32, 2);
        if (next > directory.size()) {
            return broken(path, fmt::format("entry {} of its directory is cut off", i));
        }
        archive.members_.push_back(
            {.name = directory.substr(at + kEntryBytes, name_size),
             .offset = number(directory, at + 42, 4),
             .packed_bytes = number(directory, at + 20, 4),
             .bytes = number(directory, at + 24, 4),
             .checksum = number(directory, at + 16, 4),
             .method = static_cast<std::uint16_t>(number(directory, at + 10, 2))});
        at = next;
    }
    return archive;
}

const ZipArchive::Member* ZipArchive::find(std::string_view name) const {
    for (const Member& member : members_) {
        if (member.name == name) return &member;
    }
    return nullptr;
}

Result<std::string> ZipArchive::read(const Member& member, std::uint64_t most_bytes) const {
    const auto wrong = [&](const std::string& what) {
        return Error{.message = fmt::format("member {} {}", member.name, what),
                     .file = path_.string()};
    };
    if (member.bytes > most_bytes || member.packed_bytes > most_bytes) {
        return wrong(fmt::format("has {} bytes, expected at most {}",
                                 std::max(member.bytes, member.packed_bytes), most_bytes));
    }
    std::ifstream file(path_, std::ios::binary);
    const std::string header = part(file, member.offset, kLocalBytes);
    if (header.size() != kLocalBytes || number(header, 0, 4) != kLocal) {
        return wrong("has no header");
    }
    const std::uint64_t data =
        member.offset + kLocalBytes + number(header, 26, 2) + number(header, 28, 2);
    std::string packed = part(file, data, member.packed_bytes);
    if (packed.size() != member.packed_bytes) return wrong("is cut off");
    std::string content;
    if (member.method == kStored) {
        content = std::move(packed);
    } else if (member.method == kDeflated) {
        content.resize(member.bytes);
        const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
            unpacker(libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
        std::size_t made = 0;
        if (libdeflate_deflate_decompress(unpacker.get(), packed.data(), packed.size(),
                                          content.data(), content.size(),
                                          &made) != LIBDEFLATE_SUCCESS ||
            made != content.size()) {
            return wrong("cannot be unpacked");
        }
    } else {
        return wrong(fmt::format("is packed with method {}, expected 0 or 8", member.method));
    }
    if (content.size() != member.bytes ||
        libdeflate_crc32(0, content.data(), content.size()) != member.checksum) {
        return wrong("does not have the content that its checksum says");
    }
    return content;
}

}  // namespace huntsman::engine::import
