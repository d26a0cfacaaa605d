#include "sensors/dataset/nuscenes/npz.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "sensors/dataset/pixels.h"

namespace huntsman::sensors::dataset::nuscenes {

using engine::core::Error;
using engine::core::Result;

namespace {

constexpr std::string_view kName = "data.npy";
constexpr std::size_t kLocalHeader = 30;

// CRC-32 of ZIP, a byte at a time [PKWARE APPNOTE 4.4.7].
std::uint32_t crc32(std::string_view bytes) {
    static constexpr auto kTable = [] {
        std::array<std::uint32_t, 256> table{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit) {
                value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
            }
            table[i] = value;
        }
        return table;
    }();
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : bytes) {
        crc = kTable[(crc ^ static_cast<std::uint8_t>(c)) & 0xFFU] ^ (crc >> 8);
    }
    return ~crc;
}

void put(std::string& to, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) to.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}

std::string header_of(std::size_t count) { return npy_header("'<u2'", fmt::format("{},", count)); }

}  // namespace

std::string encode_npz(std::span<const std::uint16_t> values) {
    std::string array = header_of(values.size());
    array.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    const auto size = static_cast<std::uint32_t>(array.size());
    const std::uint32_t crc = crc32(array);
    // What both headers of the only entry share: needs version 2.0, stored, of 1980-01-01.
    std::string entry;
    put(entry, 20, 2);
    put(entry, 0, 2);     // flags
    put(entry, 0, 2);     // method
    put(entry, 0, 2);     // time
    put(entry, 0x21, 2);  // date
    put(entry, crc, 4);
    put(entry, size, 4);
    put(entry, size, 4);
    put(entry, static_cast<std::uint32_t>(kName.size()), 2);
    put(entry, 0, 2);  // extra field

    std::string bytes("PK\x03\x04");
    bytes += entry;
    bytes += kName;
    bytes += array;
    const auto directory = static_cast<std::uint32_t>(bytes.size());
    bytes += "PK\x01\x02";
    put(bytes, 20, 2);
    bytes += entry;
    for (const int width : {2, 2, 2, 4, 4}) put(bytes, 0, width);  // comment ... offset
    bytes += kName;
    const auto end = static_cast<std::uint32_t>(bytes.size());
    bytes += "PK\x05\x06";
    put(bytes, 0, 4);  // disks
    put(bytes, 1, 2);
    put(bytes, 1, 2);
    put(bytes, end - directory, 4);
    put(bytes, directory, 4);
    put(bytes, 0, 2);
    return bytes;
}

Result<std::vector<std::uint16_t>> decode_npz(std::string_view bytes, std::size_t count) {
    std::vector<std::uint16_t> values(count);
    const std::size_t at = kLocalHeader + kName.size() + header_of(count).size();
    const std::size_t size = count * sizeof(std::uint16_t);
    if (bytes.size() >= at + size) std::memcpy(values.data(), bytes.data() + at, size);
    if (encode_npz(values) != bytes) {
        return Error{.message = fmt::format("is not an archive of {} numbers of 16 bits", count)};
    }
    return values;
}

}  // namespace huntsman::sensors::dataset::nuscenes
