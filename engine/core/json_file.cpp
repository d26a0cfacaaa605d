#include "engine/core/json_file.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/core/files.h"
#include "engine/core/json_keys.h"
#include "engine/core/json_progress.h"

namespace huntsman::engine::core {

using nlohmann::json;

struct JsonFile::Content {
    std::string name;
    json value;
    std::map<std::string, int> lines;  // JSON pointer → line
    std::optional<Error> error;
};

namespace {

// Walks the text once more to learn on which line each key and element stands.
class LineFinder : public nlohmann::json_sax<json> {
  public:
    // `read` is where the parser stands in the text.
    LineFinder(const char* const* read, std::map<std::string, int>* lines)
        : read_(read), counted_(*read), lines_(lines) {}

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t&) override { return value(); }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override { return open(false); }
    bool key(string_t& name) override {
        levels_.back().key = name;
        lines_->emplace(pointer(), line());
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(true); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }

  private:
    struct Level {
        bool is_array;
        std::size_t index;
        std::string key;
    };
    std::string pointer() const {
        std::string text;
        for (const Level& level : levels_) {
            text += "/" + (level.is_array ? std::to_string(level.index) : level.key);
        }
        return text;
    }
    int line() {
        line_ += static_cast<int>(std::count(counted_, *read_, '\n'));
        counted_ = *read_;
        return line_;
    }
    bool value() {
        lines_->emplace(pointer(), line());
        if (!levels_.empty() && levels_.back().is_array) ++levels_.back().index;
        return true;
    }
    bool open(bool is_array) {
        lines_->emplace(pointer(), line());
        levels_.push_back({is_array, 0, {}});
        return true;
    }
    bool close() {
        levels_.pop_back();
        if (!levels_.empty() && levels_.back().is_array) ++levels_.back().index;
        return true;
    }

    const char* const* read_;
    const char* counted_;  // up to here lines are counted
    int line_ = 1;
    std::map<std::string, int>* lines_;
    std::vector<Level> levels_;
};

std::string shown(const json& value) {
    std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() > 40) text = text.substr(0, 37) + "...";
    return text;
}

}  // namespace

JsonFile::JsonFile(std::unique_ptr<Content> content) : content_(std::move(content)) {}
JsonFile::~JsonFile() = default;

Result<std::unique_ptr<JsonFile>> JsonFile::read(const std::filesystem::path& path) {
    HM_TAKE(const std::string text, read_file(path));
    return parse(text, path.string());
}

Result<std::unique_ptr<JsonFile>> JsonFile::parse(const std::string& text,
                                                  const std::string& name) {
    auto content = std::make_unique<Content>();
    content->name = name;
    try {
        content->value = json::parse(text);
    } catch (const json::parse_error& error) {
        const std::size_t end =
            std::min<std::size_t>(error.byte > 0 ? error.byte - 1 : 0, text.size());
        const auto until = text.begin() + static_cast<std::ptrdiff_t>(end);
        const int line = 1 + static_cast<int>(std::count(text.begin(), until, '\n'));
        const std::size_t newline = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
        const std::size_t column = newline == std::string::npos ? end + 1 : end - newline;
        return Error{.message = "is not JSON at this place",
                     .file = name,
                     .line = line,
                     .column = static_cast<int>(column)};
    } catch (const json::exception&) {
        return Error{.message = "holds a number that is too large", .file = name};
    }
    if (const auto twice = repeated_key(text)) {
        return Error{.message = twice->message(),
                     .file = name,
                     .line = twice->line,
                     .column = twice->column};
    }
    if (!content->value.is_object()) {
        return Error{.message = "holds " + shown(content->value) + ", expected a JSON object {...}",
                     .file = name,
                     .line = 1};
    }
    const char* read = text.data();
    LineFinder finder(&read, &content->lines);
    json::sax_parse(PositionIterator{text.data(), &read},
                    PositionIterator{text.data() + text.size(), &read}, &finder);
    return std::unique_ptr<JsonFile>(new JsonFile(std::move(content)));
}

JsonNode JsonFile::root() { return {this, &content_->value, ""}; }

Status JsonFile::status() const {
    if (content_->error) return *content_->error;
    return {};
}

void JsonNode::fail_at(const std::string& key, const std::string& message) const {
    auto& content = *file_->content_;
    if (content.error) return;
    std::string pointer = key.empty() ? pointer_ : pointer_ + "/" + key;
    auto found = content.lines.find(pointer);
    if (found == content.lines.end()) found = content.lines.find(pointer_);
    std::string where = pointer.empty() ? "the file" : pointer.substr(1);
    std::replace(where.begin(), where.end(), '/', '.');
    content.error = Error{.message = where + " " + message,
                          .file = content.name,
                          .line = found == content.lines.end() ? 1 : found->second};
}

void JsonNode::fail(const std::string& message) const { fail_at("", message); }

const json* JsonNode::find(const std::string& key, bool required) const {
    if (value_->is_object()) {
        const auto found = value_->find(key);
        if (found != value_->end()) return &*found;
    }
    if (required) fail_at(key, "is missing");
    return nullptr;
}

bool JsonNode::has(const std::string& key) const { return find(key, false) != nullptr; }

double JsonNode::number(const std::string& key, double low, double high) const {
    const json* value = find(key, true);
    if (value == nullptr) return low;
    if (value->is_number()) {
        const double number = value->get<double>();
        if (std::isfinite(number) && number >= low && number <= high) return number;
    }
    fail_at(key, fmt::format("is {}, expected a number from {} to {}", shown(*value), low, high));
    return low;
}

double JsonNode::number_or(const std::string& key, double fallback, double low, double high) const {
    return has(key) ? number(key, low, high) : fallback;
}

std::int64_t JsonNode::integer(const std::string& key, std::int64_t low, std::int64_t high) const {
    const json* value = find(key, true);
    if (value == nullptr) return low;
    // Unsigned numbers beyond the signed range would become negative.
    const bool fits = value->is_number_unsigned()
                          ? value->get<std::uint64_t>() <=
                                static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
                          : value->is_number_integer();
    if (fits) {
        const auto number = value->get<std::int64_t>();
        if (number >= low && number <= high) return number;
    }
    fail_at(key,
            fmt::format("is {}, expected a whole number from {} to {}", shown(*value), low, high));
    return low;
}

bool JsonNode::flag(const std::string& key) const {
    const nlohmann::json* value = find(key, true);
    if (value == nullptr) return false;
    if (!value->is_boolean()) {
        fail_at(key, "is " + value->dump() + ", expected true or false");
        return false;
    }
    return value->get<bool>();
}

std::string JsonNode::text(const std::string& key) const {
    const json* value = find(key, true);
    if (value == nullptr) return {};
    if (value->is_string() && !value->get_ref<const std::string&>().empty()) {
        return value->get<std::string>();
    }
    fail_at(key, "is " + shown(*value) + ", expected a text that is not empty");
    return {};
}

std::string JsonNode::text_or(const std::string& key, const std::string& fallback) const {
    return has(key) ? text(key) : fallback;
}

JsonNode JsonNode::object(const std::string& key) const {
    static const json kEmpty = json::object();
    const json* value = find(key, true);
    if (value != nullptr && value->is_object()) return {file_, value, pointer_ + "/" + key};
    if (value != nullptr) fail_at(key, "is " + shown(*value) + ", expected an object {...}");
    return {file_, &kEmpty, pointer_ + "/" + key};
}

std::vector<JsonNode> JsonNode::array(const std::string& key) const {
    std::vector<JsonNode> nodes;
    const json* value = find(key, true);
    if (value == nullptr) return nodes;
    if (!value->is_array()) {
        fail_at(key, "is " + shown(*value) + ", expected a list [...]");
        return nodes;
    }
    for (std::size_t i = 0; i < value->size(); ++i) {
        JsonNode node(file_, &(*value)[i], fmt::format("{}/{}/{}", pointer_, key, i));
        if (!(*value)[i].is_object()) node.fail("is not an object {...}");
        nodes.push_back(node);
    }
    return nodes;
}

std::vector<double> JsonNode::numbers(const std::string& key, std::size_t count, double low,
                                      double high) const {
    std::vector<double> result(count, low);
    const json* value = find(key, true);
    if (value == nullptr) return result;
    bool good = value->is_array() && value->size() == count;
    for (std::size_t i = 0; good && i < count; ++i) {
        good = (*value)[i].is_number();
        if (good) result[i] = (*value)[i].get<double>();
        good = good && std::isfinite(result[i]) && result[i] >= low && result[i] <= high;
    }
    if (!good) {
        fail_at(key, fmt::format("is {}, expected {} numbers from {} to {}", shown(*value), count,
                                 low, high));
    }
    return result;
}

std::vector<double> JsonNode::numbers_up_to(const std::string& key, std::size_t most, double low,
                                            double high) const {
    const json* value = find(key, true);
    if (value == nullptr) return {};
    if (!value->is_array() || value->size() > most) {
        fail_at(key, fmt::format("is {}, expected at most {} numbers from {} to {}", shown(*value),
                                 most, low, high));
        return {};
    }
    return numbers(key, value->size(), low, high);
}

std::string JsonNode::one_of(const std::string& key, const std::vector<const char*>& names) const {
    const std::string given = text(key);
    if (std::find(names.begin(), names.end(), given) == names.end()) {
        fail_at(key, fmt::format("is {}, expected one of {}", given, fmt::join(names, ", ")));
    }
    return given;
}

void JsonNode::only(const std::vector<const char*>& keys) const {
    for (const auto& [key, value] : value_->items()) {
        if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
        fail_at(key, fmt::format("is not known here; known are: {}", fmt::join(keys, ", ")));
    }
}

std::vector<std::pair<std::string, JsonNode>> JsonNode::members() const {
    std::vector<std::pair<std::string, JsonNode>> list;
    if (!value_->is_object()) {
        fail("is " + shown(*value_) + ", expected an object {...}");
        return list;
    }
    for (const auto& [key, value] : value_->items()) {
        list.emplace_back(key, JsonNode(file_, &value, pointer_ + "/" + key));
    }
    return list;
}

std::vector<JsonNode> JsonNode::items() const {
    std::vector<JsonNode> list;
    if (!value_->is_array()) {
        fail("is " + shown(*value_) + ", expected a list [...]");
        return list;
    }
    for (std::size_t i = 0; i < value_->size(); ++i) {
        list.push_back(JsonNode(file_, &(*value_)[i], fmt::format("{}/{}", pointer_, i)));
    }
    return list;
}

int JsonNode::line() const {
    const auto& lines = file_->content_->lines;
    const auto found = lines.find(pointer_);
    return found == lines.end() ? 1 : found->second;
}

}  // namespace huntsman::engine::core
