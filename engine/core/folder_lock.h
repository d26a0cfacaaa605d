// Keeps other processes out of a folder.
#pragma once

#include <filesystem>

#include "engine/core/result.h"

namespace huntsman::engine::core {

// Holds the folder as long as it lives; the system lets go of it when the process dies.
class FolderLock {
  public:
    // `what` holds it in the words of an error for the next: "another export".
    static Result<FolderLock> take(const std::filesystem::path& folder, const char* what);
    FolderLock(FolderLock&& other) noexcept;
    ~FolderLock();

  private:
    FolderLock() = default;
    int descriptor_ = -1;
};

}  // namespace huntsman::engine::core
