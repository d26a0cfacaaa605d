#include "sensors/dataset/tar.h"

#include <array>
#include <cerrno>
#include <cstring>

#include "engine/core/check.h"
#include "engine/core/hash.h"

namespace huntsman::sensors::dataset {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr std::size_t kBlock = 512;
using Header = std::array<char, kBlock>;

// Offsets and lengths of a header's fields [POSIX.1-2017, pax, ustar Interchange Format].
struct Field {
    std::size_t at, size;
};
constexpr Field kName{0, 100}, kMode{100, 8}, kUid{108, 8}, kGid{116, 8}, kSize{124, 12},
    kTime{136, 12}, kSum{148, 8}, kType{156, 1}, kMagic{257, 8};
constexpr std::uint64_t kLargestMember = 077777777777;  // eleven octal digits

void put_octal(Header& header, const Field& field, std::uint64_t value) {
    const std::string digits = fmt::format("{:0{}o}", value, field.size - 1);
    std::memcpy(header.data() + field.at, digits.data(), digits.size());
}

// Of all bytes, with the sum itself taken as spaces.
std::uint64_t check_sum(const Header& header) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
        const bool own = i >= kSum.at && i < kSum.at + kSum.size;
        sum += own ? ' ' : static_cast<unsigned char>(header[i]);
    }
    return sum;
}

bool get_octal(const Header& header, const Field& field, std::uint64_t& value) {
    value = 0;
    bool any = false;
    for (std::size_t i = 0; i < field.size; ++i) {
        const char c = header[field.at + i];
        if (c == '\0' || c == ' ') {
            if (any) break;
            continue;
        }
        if (c < '0' || c > '7') return false;
        value = value << 3 | static_cast<std::uint64_t>(c - '0');
        any = true;
    }
    return any;
}

}  // namespace

std::uint64_t chain_member(std::uint64_t hash, const std::string& name, std::string_view content) {
    hash = engine::core::hash_chain(hash, engine::core::hash_bytes(name.data(), name.size()));
    return engine::core::hash_chain(hash, engine::core::hash_bytes(content.data(), content.size()));
}

Result<TarWriter> TarWriter::create(const std::filesystem::path& path) {
    TarWriter writer;
    writer.path_ = path;
    writer.file_.reset(std::fopen(path.c_str(), "wb"));
    if (!writer.file_) {
        return Error{.message = std::string("cannot be written: ") + std::strerror(errno),
                     .file = path.string()};
    }
    return writer;
}

Status TarWriter::write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
        return Error{
            .message = std::string("cannot be written completely: ") + std::strerror(errno),
            .file = path_.string()};
    }
    bytes_ += bytes.size();
    return {};
}

Status TarWriter::add(const std::string& name, std::string_view content) {
    HM_CHECK(!name.empty() && name.size() <= kName.size, "a member named '{}'", name);
    HM_CHECK(content.size() <= kLargestMember, "a member of {} bytes", content.size());
    Header header{};
    std::memcpy(header.data() + kName.at, name.data(), name.size());
    put_octal(header, kMode, 0644);
    put_octal(header, kUid, 0);
    put_octal(header, kGid, 0);
    put_octal(header, kSize, content.size());
    put_octal(header, kTime, 0);
    header[kType.at] = '0';
    std::memcpy(header.data() + kMagic.at, "ustar\00000", 8);
    // Six digits, a zero and a space.
    const std::string sum = fmt::format("{:06o}", check_sum(header));
    std::memcpy(header.data() + kSum.at, sum.data(), sum.size());
    header[kSum.at + 7] = ' ';

    HM_TRY(write({header.data(), header.size()}));
    HM_TRY(write(content));
    HM_TRY(write(std::string((kBlock - content.size() % kBlock) % kBlock, '\0')));
    hash_ = chain_member(hash_, name, content);
    return {};
}

Status TarWriter::finish() {
    HM_TRY(write(std::string(2 * kBlock, '\0')));
    // Some file systems say only at the close that they had no room.
    const bool flushed = std::fflush(file_.get()) == 0;
    const int code = errno;
    const bool closed = std::fclose(file_.release()) == 0;
    if (flushed && closed) return {};
    return Error{.message = std::string("cannot be written completely: ") +
                            std::strerror(flushed ? errno : code),
                 .file = path_.string()};
}

TarListing scan_tar(const std::filesystem::path& path) {
    TarListing listing;
    struct Close {
        void operator()(std::FILE* f) const { std::fclose(f); }
    };
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
    const auto failed = [&](std::uint64_t at, const char* what) {
        listing.damage = Error{.message = fmt::format("is damaged at byte {}: {}", at, what),
                               .file = path.string()};
        return listing;
    };
    std::error_code code;
    const std::uint64_t total = std::filesystem::file_size(path, code);
    if (!file || code) {
        listing.damage = Error{.message = std::string("cannot be read: ") + std::strerror(errno),
                               .file = path.string()};
        return listing;
    }
    for (std::uint64_t at = 0;;) {
        Header header;
        if (std::fseek(file.get(), static_cast<long>(at), SEEK_SET) != 0 ||
            std::fread(header.data(), 1, kBlock, file.get()) != kBlock) {
            return failed(at, "it ends early");
        }
        if (header == Header{}) return listing;
        std::uint64_t sum = 0, size = 0;
        if (!get_octal(header, kSum, sum) || sum != check_sum(header)) {
            return failed(at, "a header's check sum does not agree");
        }
        if (!get_octal(header, kSize, size) || header[kType.at] != '0') {
            return failed(at, "a header is not that of a file");
        }
        if (size > total || at + kBlock + size > total) return failed(at, "it ends early");
        const std::string_view name(header.data(), kName.size);
        listing.members.push_back(
            {std::string(name.substr(0, name.find('\0'))), at + kBlock, size});
        at += kBlock + (size + kBlock - 1) / kBlock * kBlock;
    }
}

Result<std::string> read_member(const std::filesystem::path& path, const TarMember& member) {
    struct Close {
        void operator()(std::FILE* f) const { std::fclose(f); }
    };
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
    std::error_code code;
    const std::uint64_t total = std::filesystem::file_size(path, code);
    if (!file || code || member.size > total || member.offset + member.size > total) {
        return Error{.message = member.name + " cannot be read from it", .file = path.string()};
    }
    std::string content(member.size, '\0');
    if (std::fseek(file.get(), static_cast<long>(member.offset), SEEK_SET) != 0 ||
        std::fread(content.data(), 1, content.size(), file.get()) != content.size()) {
        return Error{.message = member.name + " cannot be read from it", .file = path.string()};
    }
    return content;
}

}  // namespace huntsman::sensors::dataset
