#include "bridge/trace/output_file.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/core/files.h"

namespace huntsman::bridge::trace {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

Result<OutputFile> OutputFile::create(const std::filesystem::path& path) {
    OutputFile out;
    out.path_ = path;
    std::error_code absent;
    if (std::filesystem::is_directory(path, absent)) {
        return Error{.message = "is a folder, expected a file", .file = path.string()};
    }
    if (std::filesystem::is_other(std::filesystem::status(path, absent))) {
        out.target_ = out.temporary_ = path;
    } else {
        out.target_ = std::filesystem::canonical(path, absent);
        if (absent) out.target_ = path;
        out.temporary_ = engine::core::temporary_name(out.target_);
    }
    out.file_ = std::fopen(out.temporary_.c_str(), "wb");
    if (out.file_ == nullptr) return out.error("cannot be written", errno);
    return out;
}

OutputFile::OutputFile(OutputFile&& other) noexcept { *this = std::move(other); }

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
    if (this == &other) return *this;
    abandon();
    path_ = std::move(other.path_);
    target_ = std::move(other.target_);
    temporary_ = std::move(other.temporary_);
    file_ = std::exchange(other.file_, nullptr);
    size_ = other.size_;
    crc_ = other.crc_;
    return *this;
}

OutputFile::~OutputFile() { abandon(); }

void OutputFile::abandon() {
    if (file_ == nullptr) return;
    std::fclose(std::exchange(file_, nullptr));
    if (temporary_ != target_) std::remove(temporary_.c_str());
}

Error OutputFile::error(const char* what, int code) const {
    return {.message = std::string(what) + ": " + std::strerror(code), .file = path_.string()};
}

Status OutputFile::write(std::string_view bytes) {
    HM_CHECK(file_ != nullptr, "{} is written to after its end", path_.string());
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
        return error("cannot be written completely", errno);
    }
    size_ += bytes.size();
    crc_ = static_cast<std::uint32_t>(
        ::crc32_z(crc_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    return {};
}

Status OutputFile::finish() {
    HM_CHECK(file_ != nullptr, "{} is finished twice", path_.string());
    // Some file systems say only at the end that they had no room.
    if (std::fflush(file_) != 0) return error("cannot be written completely", errno);
    if (std::fclose(std::exchange(file_, nullptr)) != 0) {
        const int code = errno;
        if (temporary_ != target_) std::remove(temporary_.c_str());
        return error("cannot be written completely", code);
    }
    if (temporary_ != target_ && std::rename(temporary_.c_str(), target_.c_str()) != 0) {
        const int code = errno;
        std::remove(temporary_.c_str());
        return error("cannot be put in place", code);
    }
    return {};
}

}  // namespace huntsman::bridge::trace
