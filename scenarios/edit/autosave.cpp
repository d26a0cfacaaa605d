#include "scenarios/edit/autosave.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/core/json_file.h"
#include "scenarios/edit/canonical.h"

namespace huntsman::scenarios::edit {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using nlohmann::ordered_json;

namespace {

constexpr int kVersion = 1;
constexpr const char* kEnding = ".autosave.json";
// Drafts in autosaves are written as if they lay here: their paths do not depend on folders.
constexpr const char* kNowhere = "/draft.json";

// When a process began, in the kernel's words; empty where it does not live.
std::string begin_of(long pid) {
    const auto stat = engine::core::read_file(fmt::format("/proc/{}/stat", pid));
    const auto boot = engine::core::read_file("/proc/sys/kernel/random/boot_id");
    if (!stat) return {};
    // The name in brackets may hold blanks; the 20th field after it is the time.
    constexpr int kFieldsAfterName = 20;
    std::size_t at = stat->rfind(')');
    for (int i = 0; i < kFieldsAfterName && at != std::string::npos; ++i) {
        at = stat->find(' ', at + 1);
    }
    if (at == std::string::npos) return {};
    const std::string began = stat->substr(at + 1, stat->find(' ', at + 1) - at - 1);
    return fmt::format("{} {}", boot ? boot->substr(0, boot->find('\n')) : "", began);
}

bool is_zombie(long pid) {
    const auto stat = engine::core::read_file(fmt::format("/proc/{}/stat", pid));
    const std::size_t at = stat ? stat->rfind(')') : std::string::npos;
    return at != std::string::npos && at + 2 < stat->size() && (*stat)[at + 2] == 'Z';
}

bool lives(long pid, const std::string& began) {
    const std::string now = begin_of(pid);
    return !now.empty() && now == began && !is_zombie(pid);
}

std::int64_t unix_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// What killed processes have left half written: NAME.PID.tmp.
void remove_halves(const std::filesystem::path& folder) {
    std::error_code code;
    std::vector<std::filesystem::path> halves;
    for (std::filesystem::directory_iterator at(folder, code), end; !code && at != end;
         at.increment(code)) {
        std::string name = at->path().filename().string();
        if (!engine::core::is_temporary(name) || !name.ends_with(".tmp")) continue;
        name.resize(name.size() - std::string_view(".tmp").size());
        const std::size_t dot = name.rfind('.');
        long pid = 0;
        std::from_chars(name.data() + dot + 1, name.data() + name.size(), pid);
        if (pid > 0 && begin_of(pid).empty()) halves.push_back(at->path());
    }
    for (const auto& half : halves) std::filesystem::remove(half, code);
}

// Letters that are safe in names of files.
std::string plain(const std::string& text) {
    constexpr std::size_t kMost = 60;
    std::string result;
    for (const char c : text.substr(0, kMost)) {
        const bool fine = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
        result += fine ? c : '_';
    }
    return result.empty() ? "draft" : result;
}

}  // namespace

std::filesystem::path autosave_folder() {
    const char* state = std::getenv("XDG_STATE_HOME");
    const char* home = std::getenv("HOME");
    std::filesystem::path base;
    if (state != nullptr && std::filesystem::path(state).is_absolute()) {
        base = state;
    } else {
        base = std::filesystem::path(home != nullptr && *home != '\0' ? home : "/tmp") /
               ".local/state";
    }
    return base / "huntsman" / "autosave";
}

Autosave::Autosave(std::filesystem::path folder, std::string document,
                   std::filesystem::path original)
    : folder_(std::move(folder)), original_(std::move(original)) {
    file_ = folder_ / fmt::format("{}-{}{}", ::getpid(), plain(document), kEnding);
}

Autosave::~Autosave() {
    if (!keep_) static_cast<void>(discard());
}

Status Autosave::write(const Draft& draft) {
    std::error_code code;
    if (!std::filesystem::is_directory(folder_, code)) {
        HM_TRY(engine::core::make_writable_folder(folder_));
        remove_halves(folder_);
    }
    HM_TAKE(const std::string text, to_text(draft, kNowhere));
    ordered_json json{{"huntsman_autosave", kVersion}, {"pid", ::getpid()},
                      {"began", begin_of(::getpid())}, {"original", original_.string()},
                      {"saved_unix_s", unix_now()},    {"draft", ordered_json::parse(text)}};
    return engine::core::write_file(
        file_, json.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

void Autosave::set_original(std::filesystem::path original) { original_ = std::move(original); }

Status Autosave::discard() {
    std::error_code code;
    std::filesystem::remove(file_, code);
    if (!code) return {};
    return Error{.message = "cannot be removed: " + code.message(), .file = file_.string()};
}

void Autosave::keep() { keep_ = true; }

namespace {

// Nothing where the file is not an autosave that is whole.
std::optional<Recoverable> read_left(const std::filesystem::path& path) {
    const auto file = engine::core::JsonFile::read(path);
    if (!file) return std::nullopt;
    const auto root = (*file)->root();
    root.integer("huntsman_autosave", kVersion, kVersion);
    const auto pid = root.integer("pid", 1, std::numeric_limits<std::int32_t>::max());
    const std::string began = root.text("began");
    Recoverable left{.file = path};
    left.saved_unix_s = root.integer("saved_unix_s", 0, std::numeric_limits<std::int64_t>::max());
    const auto& original = root.value().value("original", nlohmann::json(""));
    if (original.is_string()) left.original = original.get<std::string>();
    left.name = root.object("draft").text_or("name", "scenario");
    if (!(*file)->status().ok() || lives(pid, began)) return std::nullopt;
    return left;
}

}  // namespace

std::vector<Recoverable> find_recoverable(const std::filesystem::path& folder) {
    std::vector<Recoverable> found;
    std::error_code code;
    for (std::filesystem::directory_iterator at(folder, code), end; !code && at != end;
         at.increment(code)) {
        if (!at->path().filename().string().ends_with(kEnding)) continue;
        if (auto left = read_left(at->path())) found.push_back(std::move(*left));
    }
    std::ranges::sort(found, [](const Recoverable& a, const Recoverable& b) {
        return std::tie(b.saved_unix_s, a.file) < std::tie(a.saved_unix_s, b.file);
    });
    return found;
}

Result<Draft> recover(const Recoverable& left) {
    HM_TAKE(const std::string text, engine::core::read_file(left.file));
    const auto json = ordered_json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("draft")) {
        return Error{.message = "is not an autosave, expected one", .file = left.file.string()};
    }
    return from_text(json["draft"].dump(), kNowhere);
}

Status discard(const Recoverable& left) {
    std::error_code code;
    std::filesystem::remove(left.file, code);
    if (!code) return {};
    return Error{.message = "cannot be removed: " + code.message(), .file = left.file.string()};
}

// ---- Files that others change

namespace {

struct Seen {
    bool exists = false;
    std::int64_t modified_ns = 0;
    std::uint64_t size = 0;
};
Seen look(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {};
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    return {true, status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec,
            static_cast<std::uint64_t>(status.st_size)};
}

}  // namespace

FileStamp stamp_of(const std::filesystem::path& path) {
    const Seen seen = look(path);
    FileStamp stamp{seen.exists, seen.modified_ns, seen.size, 0};
    if (const auto content = engine::core::read_file(path)) {
        stamp.hash = engine::core::hash_bytes(content->data(), content->size());
    }
    return stamp;
}

bool differs_now(const FileStamp& stamp, const std::filesystem::path& path) {
    const Seen seen = look(path);
    if (seen.exists != stamp.exists) return true;
    if (seen.modified_ns == stamp.modified_ns && seen.size == stamp.size) return false;
    return seen.size != stamp.size || stamp_of(path).hash != stamp.hash;
}

}  // namespace huntsman::scenarios::edit
