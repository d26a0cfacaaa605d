// JSON files with strict reading: unknown keys, missing keys, wrong types and values out of range
// are reported with file, line and what was expected.
//
//   auto file = JsonFile::read(path);
//   JsonNode root = file->root();
//   double rate = root.number("rate_hz", 0.1, 100);
//   for (JsonNode camera : root.array("cameras")) ...
//   root.only({"rate_hz", "cameras"});
//   if (!file->status().ok()) return file->status().error();
//
// Reading goes on after an error with the lower bound or an empty value; the first error stays.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::engine::core {

class JsonFile;

class JsonNode {
  public:
    bool has(const std::string& key) const;
    double number(const std::string& key, double low, double high) const;
    double number_or(const std::string& key, double fallback, double low, double high) const;
    std::int64_t integer(const std::string& key, std::int64_t low, std::int64_t high) const;
    std::string text(const std::string& key) const;
    std::string text_or(const std::string& key, const std::string& fallback) const;
    bool flag(const std::string& key) const;        // true or false
    JsonNode object(const std::string& key) const;  // empty object when missing (an error)
    std::vector<JsonNode> array(const std::string& key) const;
    // An array of exactly `count` numbers.
    std::vector<double> numbers(const std::string& key, std::size_t count, double low,
                                double high) const;
    // An array of at most `most` numbers.
    std::vector<double> numbers_up_to(const std::string& key, std::size_t most, double low,
                                      double high) const;
    // A text that must be one of these.
    std::string one_of(const std::string& key, const std::vector<const char*>& names) const;
    // Every key of this object must be one of these.
    void only(const std::vector<const char*>& keys) const;
    // Reports that what stands here is wrong.
    void fail(const std::string& message) const;

    // For readers of values whose shape depends on others.
    const nlohmann::json& value() const { return *value_; }
    // The members of an object, sorted by key, and the items of a list, which must be those.
    std::vector<std::pair<std::string, JsonNode>> members() const;
    std::vector<JsonNode> items() const;
    // Where this stands in the file, from 1.
    int line() const;

  private:
    friend class JsonFile;
    JsonNode(JsonFile* file, const nlohmann::json* value, std::string pointer)
        : file_(file), value_(value), pointer_(std::move(pointer)) {}
    const nlohmann::json* find(const std::string& key, bool required) const;
    void fail_at(const std::string& key, const std::string& message) const;

    JsonFile* file_;
    const nlohmann::json* value_;
    std::string pointer_;  // JSON pointer of this node
};

class JsonFile {
  public:
    static Result<std::unique_ptr<JsonFile>> read(const std::filesystem::path& path);
    static Result<std::unique_ptr<JsonFile>> parse(const std::string& text,
                                                   const std::string& name);
    ~JsonFile();

    JsonNode root();
    Status status() const;  // the first error met so far

  private:
    friend class JsonNode;
    struct Content;
    explicit JsonFile(std::unique_ptr<Content> content);
    std::unique_ptr<Content> content_;
};

}  // namespace huntsman::engine::core
