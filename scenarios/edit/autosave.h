// Drafts that are kept against crashes, and files that somebody else has changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "scenarios/edit/draft.h"

namespace huntsman::scenarios::edit {

// $XDG_STATE_HOME/huntsman/autosave, else ~/.local/state/huntsman/autosave.
std::filesystem::path autosave_folder();

// Keeps one document of this process: at any moment its file holds the last draft that was written,
// whole. Removed when the object goes, unless `keep`.
class Autosave {
  public:
    // `document` tells documents of one process apart; `original` is the file that the draft was
    // opened from, or empty.
    Autosave(std::filesystem::path folder, std::string document, std::filesystem::path original);
    ~Autosave();
    Autosave(const Autosave&) = delete;
    Autosave& operator=(const Autosave&) = delete;

    engine::core::Status write(const Draft& draft);
    void set_original(std::filesystem::path original);
    engine::core::Status discard();  // what is written; later drafts are written again
    void keep();
    const std::filesystem::path& file() const { return file_; }

  private:
    std::filesystem::path folder_, file_, original_;
    bool keep_ = false;
};

// What a process that no longer lives has left.
struct Recoverable {
    std::filesystem::path file, original;
    std::string name;  // of the scenario
    std::int64_t saved_unix_s = 0;
};
std::vector<Recoverable> find_recoverable(const std::filesystem::path& folder);  // newest first
engine::core::Result<Draft> recover(const Recoverable& left);
engine::core::Status discard(const Recoverable& left);

// A file as it was when it was read or written.
struct FileStamp {
    bool exists = false;
    std::int64_t modified_ns = 0;
    std::uint64_t size = 0, hash = 0;
};
FileStamp stamp_of(const std::filesystem::path& path);
// Whether the file's content is another one now. Reads it only where time or size differ.
bool differs_now(const FileStamp& stamp, const std::filesystem::path& path);

}  // namespace huntsman::scenarios::edit
