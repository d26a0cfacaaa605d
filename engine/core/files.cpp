#include "engine/core/files.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

namespace huntsman::engine::core {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

constexpr char kProbe[] = ".huntsman-write-probe";

Error file_error(const std::filesystem::path& path, const std::string& what, int code) {
    return {.message = what + ": " + std::strerror(code), .file = path.string()};
}

}  // namespace

std::filesystem::path temporary_name(const std::filesystem::path& path) {
    std::filesystem::path temporary = path;
    temporary += fmt::format(".{}.tmp", ::getpid());
    return temporary;
}

bool is_temporary(const std::string& name) {
    if (name == kProbe) return true;
    constexpr std::string_view kEnd = ".tmp";
    if (!name.ends_with(kEnd)) return false;
    const std::size_t digits_end = name.size() - kEnd.size();
    const std::size_t dot = name.find_last_not_of("0123456789", digits_end - 1);
    return dot != std::string::npos && dot > 0 && name[dot] == '.' && dot + 1 < digits_end;
}

Result<std::string> read_file(const std::filesystem::path& path) {
    if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) {
        return Error{.message = "is a folder, expected a file", .file = path.string()};
    }
    const File file(std::fopen(path.c_str(), "rb"));
    if (!file) return file_error(path, "cannot be read", errno);
    std::string content;
    char buffer[1 << 16];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file.get())) {
        content.append(buffer, count);
    }
    if (std::ferror(file.get())) return file_error(path, "cannot be read to its end", errno);
    return content;
}

namespace {

// `path` is what a message names.
Status write_into(const std::filesystem::path& target, std::string_view content,
                  const std::filesystem::path& path) {
    File file(std::fopen(target.c_str(), "wb"));
    if (!file) return file_error(path, "cannot be written", errno);
    bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size() &&
                   std::fflush(file.get()) == 0;
    int code = errno;
    // Some file systems say only here that they had no room.
    if (std::fclose(file.release()) != 0 && written) {
        code = errno;
        written = false;
    }
    return written ? Status() : file_error(path, "cannot be written completely", code);
}

}  // namespace

Status write_file(const std::filesystem::path& path, std::string_view content) {
    // A device or a pipe is written into; a file put in its place would take it away.
    std::error_code absent;
    if (std::filesystem::is_other(std::filesystem::status(path, absent))) {
        return write_into(path, content, path);
    }
    // Behind a link the file that it leads to is replaced.
    std::filesystem::path target = std::filesystem::canonical(path, absent);
    if (absent) target = path;
    const std::filesystem::path temporary = temporary_name(target);
    if (const auto written = write_into(temporary, content, path); !written) {
        std::remove(temporary.c_str());
        return written;
    }
    if (std::rename(temporary.c_str(), target.c_str()) != 0) {
        const int code = errno;
        std::remove(temporary.c_str());
        return file_error(path, "cannot be put in place", code);
    }
    return {};
}

Status make_writable_folder(const std::filesystem::path& folder) {
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code && !std::filesystem::is_directory(folder)) {
        return Error{.message = "cannot be created as a folder: " + code.message(),
                     .file = folder.string()};
    }
    const std::filesystem::path probe = folder / kProbe;
    if (const Status written = write_file(probe, "probe"); !written) {
        return Error{
            .message = "is not a folder that can be written to (" + written.error().message + ")",
            .file = folder.string()};
    }
    std::filesystem::remove(probe, code);
    return {};
}

Status remove_temporaries(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> left;
    std::error_code code;
    for (std::filesystem::directory_iterator at(folder, code), end; !code && at != end;
         at.increment(code)) {
        if (is_temporary(at->path().filename().string())) left.push_back(at->path());
    }
    for (const auto& path : left) {
        if (!code) std::filesystem::remove(path, code);
    }
    if (code) {
        return Error{.message = "cannot be cleared: " + code.message(), .file = folder.string()};
    }
    return {};
}

}  // namespace huntsman::engine::core
