#include "sensors/dataset/file_set.h"

#include "engine/core/files.h"
#include "engine/core/hash.h"

namespace huntsman::sensors::dataset {

using engine::core::Error;
using engine::core::Status;
namespace fs = std::filesystem;

fs::path FileSet::fresh_name(const fs::path& path) {
    fs::path fresh = path;
    fresh += ".new";
    return fresh;
}

bool FileSet::is_fresh_name(const fs::path& path) { return path.extension() == ".new"; }

FileSet::~FileSet() {
    std::error_code ignored;
    for (const fs::path& path : paths_) fs::remove_all(fresh_name(path), ignored);
}

Status FileSet::add(const fs::path& path, std::string_view content) {
    HM_TRY(engine::core::make_writable_folder(path.parent_path()));
    Status written = engine::core::write_file(fresh_name(path), content);
    if (!written) {
        // Named by its place, not by the name it has until then.
        return Error{.message = written.error().message, .file = path.string()};
    }
    paths_.push_back(path);
    note(path, content);
    return {};
}

void FileSet::note(const fs::path& path, std::string_view content) {
    written_.push_back(
        {path, content.size(), engine::core::hash_bytes(content.data(), content.size())});
}

Status FileSet::commit() {
    for (; !paths_.empty(); paths_.erase(paths_.begin())) {
        const fs::path& path = paths_.front();
        std::error_code code;
        if (fs::is_directory(path, code)) fs::remove_all(path, code);
        fs::rename(fresh_name(path), path, code);
        if (code) {
            return Error{.message = "cannot be put in place: " + code.message(),
                         .file = path.string()};
        }
    }
    return {};
}

}  // namespace huntsman::sensors::dataset
