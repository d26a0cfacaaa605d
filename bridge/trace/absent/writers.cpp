#include "bridge/trace/writers.h"

namespace huntsman::bridge::trace {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;

namespace {

Error no_definitions(const std::filesystem::path& path) {
    return {.message =
                "cannot be written, since this program was built without the definitions of "
                "OSI and Foxglove: \"python3 cmake/fetch_definitions.py build/definitions\" "
                "fetches them for the next build",
            .kind = ErrorKind::kMachine,
            .file = path.string()};
}

}  // namespace

Result<std::unique_ptr<Writer>> make_osi_writer(const std::filesystem::path& path) {
    return no_definitions(path);
}

Result<std::unique_ptr<Writer>> make_foxglove_writer(const std::filesystem::path& path,
                                                     engine::core::JobPool*) {
    return no_definitions(path);
}

}  // namespace huntsman::bridge::trace
