// Result<T>: a value, or one clear sentence about bad input, a lacking machine or failed I/O.
//
// The error's kind decides the program's exit code (see `exit_code`): 2 for input, 3 for a machine
// that lacks something. A programmer's mistake is no Result, see check.h.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "engine/core/check.h"

namespace huntsman::engine::core {

enum class ErrorKind {
    kInput,    // bad file, option or value; unwritable folder; full disk
    kMachine,  // no Vulkan device, missing codec, too little memory
    kInvalid,  // the run became numerically invalid (NaN, runaway body)
};

struct Error {
    std::string message;  // what was found and what was expected, one sentence
    ErrorKind kind = ErrorKind::kInput;
    std::string file = {};  // empty: not about a file
    int line = 0;           // 1-based; 0: unknown
    int column = 0;         // 1-based; 0: unknown

    // "file:line:column: message" with the parts that are known.
    std::string text() const;
};

int exit_code(ErrorKind kind);

template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return content_.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() & {
        HM_CHECK(ok(), "Result holds an error: {}", std::get<1>(content_).text());
        return std::get<0>(content_);
    }
    const T& value() const& {
        HM_CHECK(ok(), "Result holds an error: {}", std::get<1>(content_).text());
        return std::get<0>(content_);
    }
    T&& value() && { return std::move(value()); }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const {
        HM_CHECK(!ok(), "Result holds a value");
        return std::get<1>(content_);
    }

  private:
    std::variant<T, Error> content_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), ok_(false) {}

    bool ok() const { return ok_; }
    explicit operator bool() const { return ok_; }
    const Error& error() const {
        HM_CHECK(!ok_, "Result holds a value");
        return error_;
    }

  private:
    Error error_;
    bool ok_ = true;
};

using Status = Result<void>;

}  // namespace huntsman::engine::core

// Returns the error of a Status or Result expression from the enclosing function.
#define HM_TRY(expression)                                     \
    do {                                                       \
        auto hm_try_result = (expression);                     \
        if (!hm_try_result.ok()) return hm_try_result.error(); \
    } while (false)

// Takes the value of a Result expression into a new or an existing variable, or returns the error
// from the enclosing function: `HM_TAKE(const Scene scene, load_scene(file));`. Several statements:
// not for the body of an `if` without braces.
#define HM_TAKE(declaration, expression) HM_TAKE_LINE(declaration, expression, __LINE__)
#define HM_TAKE_LINE(declaration, expression, line) HM_TAKE_NAMED(declaration, expression, line)
#define HM_TAKE_NAMED(declaration, expression, line)           \
    auto hm_taken_##line = (expression);                       \
    if (!hm_taken_##line.ok()) return hm_taken_##line.error(); \
    declaration = std::move(hm_taken_##line).value()
