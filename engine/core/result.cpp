#include "engine/core/result.h"

namespace huntsman::engine::core {

std::string Error::text() const {
    std::string place = file;
    if (line > 0) place += fmt::format(":{}", line);
    if (line > 0 && column > 0) place += fmt::format(":{}", column);
    return place.empty() ? message : place + ": " + message;
}

int exit_code(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::kInput:
            return 2;
        case ErrorKind::kMachine:
            return 3;
        case ErrorKind::kInvalid:
            return 1;
    }
    return 1;
}

}  // namespace huntsman::engine::core
