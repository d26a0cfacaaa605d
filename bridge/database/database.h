// SQLite files: opened with a check of what they are, written in transactions, safe for many
// processes at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace huntsman::bridge::database {

// What a file must be.
struct Schema {
    const char* what = "";     // "a failure catalogue", as errors call it
    const char* origin = "";   // "'huntsman run' writes one"
    int version = 1;           // kept as the file's user_version
    const char* create = "";   // statements that make the tables of a new file
    const char* table = "";    // one that no file of another kind has; empty: not looked for
    bool write_ahead = false;  // keeps a write-ahead log, so that readers never wait for writers
};

enum class Access { kReadOnly, kExisting, kCreate };

class Statement;

class Database {
  public:
    // Opens the file; with kCreate one that is not there, with its folder, is made. Errors: not
    // there, no SQLite file, a file of another kind or version.
    static engine::core::Result<Database> open(const std::filesystem::path& path,
                                               const Schema& schema, Access access);
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;
    ~Database();

    // Statements that return no rows.
    engine::core::Status execute(const std::string& sql) const;
    // All that `body` writes, or nothing of it. Waits up to a minute for other writers.
    engine::core::Status transaction(const std::function<engine::core::Status()>& body) const;

    Statement statement(const std::string& sql) const;
    std::int64_t last_row() const;  // its id
    const std::string& path() const { return path_; }
    // `what` with SQLite's own words.
    engine::core::Error error(const std::string& what) const;

  private:
    Database() = default;
    engine::core::Status check(const Schema& schema, Access access) const;

    sqlite3* db_ = nullptr;
    std::string path_, what_;
};

// A prepared statement with its parameters bound in order.
//
//   Statement select = database.statement("SELECT name FROM cells WHERE seed = ?");
//   select.bind(7);
//   while (select.row()) use(select.text(0));
//   HM_TRY(select.status());
class Statement {
  public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    Statement& bind(std::int64_t value);
    Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(double value);  // one that is no number becomes NULL
    Statement& bind(std::string_view value);
    Statement& bind(const char* value) { return bind(std::string_view(value)); }
    template <typename T>
    Statement& bind(const std::optional<T>& value) {
        return value ? bind(*value) : bind_null();
    }
    Statement& bind_null();

    // Steps to the next row; false at the end and after an error.
    bool row();
    // For statements without rows; the parameters can be bound anew after it.
    engine::core::Status run();
    engine::core::Status status() const;

    bool null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;  // NaN for NULL
    std::string text(int column) const;

  private:
    friend class Database;
    Statement(const Database& database, sqlite3* db, const std::string& sql);

    const Database* database_ = nullptr;
    sqlite3_stmt* statement_ = nullptr;
    int bound_ = 0;
    int code_ = 0;  // of the last step
};

}  // namespace huntsman::bridge::database
