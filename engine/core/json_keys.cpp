#include "engine/core/json_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "engine/core/json_progress.h"

namespace huntsman::engine::core {

using nlohmann::json;

namespace {

// Stops at the first key that its object has already.
class KeyWatcher : public nlohmann::json_sax<json> {
  public:
    std::optional<std::string> found;

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override {
        objects_.emplace_back();
        return true;
    }
    bool key(string_t& name) override {
        if (objects_.back().insert(name).second) return true;
        found = name;
        return false;
    }
    bool end_object() override {
        objects_.pop_back();
        return true;
    }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }

  private:
    std::vector<std::set<std::string>> objects_;  // keys so far, from the outermost inwards
};

}  // namespace

std::string RepeatedKey::message() const {
    return fmt::format("the key \"{}\" stands twice in the same object", name);
}

std::optional<RepeatedKey> repeated_key(std::string_view text) {
    const char* read = text.data();
    KeyWatcher watcher;
    json::sax_parse(PositionIterator{text.data(), &read},
                    PositionIterator{text.data() + text.size(), &read}, &watcher);
    if (!watcher.found) return std::nullopt;

    // The parser stands behind the key's closing quote: back to the opening one, which no odd
    // number of backslashes precedes.
    auto quote = static_cast<std::size_t>(read - text.data()) - 1;
    for (bool escaped = true; escaped;) {
        quote = text.rfind('"', quote - 1);
        const std::size_t before = text.find_last_not_of('\\', quote - 1);
        escaped = (quote - 1 - before) % 2 == 1;
    }
    const std::string_view until = text.substr(0, quote);
    const std::size_t newline = until.rfind('\n');
    return RepeatedKey{
        *watcher.found, 1 + static_cast<int>(std::count(until.begin(), until.end(), '\n')),
        static_cast<int>(newline == std::string_view::npos ? quote + 1 : quote - newline)};
}

}  // namespace huntsman::engine::core
