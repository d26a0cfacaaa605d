#include "bridge/database/database.h"

#include <sqlite3.h>

#include <cmath>
#include <limits>
#include <utility>

namespace huntsman::bridge::database {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr int kWaits_ms = 60'000;  // for other writers

int flags_of(Access access) {
    switch (access) {
        case Access::kReadOnly:
            return SQLITE_OPEN_READONLY;
        case Access::kExisting:
            return SQLITE_OPEN_READWRITE;
        case Access::kCreate:
            return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    }
    return SQLITE_OPEN_READONLY;
}

}  // namespace

Result<Database> Database::open(const std::filesystem::path& path, const Schema& schema,
                                Access access) {
    Database database;
    database.path_ = path.string();
    database.what_ = schema.what;
    std::error_code ignored;
    if (access != Access::kCreate && !std::filesystem::exists(path, ignored)) {
        return Error{
            .message = fmt::format("does not exist, expected {}; {}", schema.what, schema.origin),
            .file = database.path_};
    }
    if (access == Access::kCreate && path.has_parent_path()) {
        // A folder that cannot be made shows when the file is opened.
        std::filesystem::create_directories(path.parent_path(), ignored);
    }
    if (sqlite3_open_v2(path.c_str(), &database.db_, flags_of(access), nullptr) != SQLITE_OK) {
        return database.error("cannot be opened");
    }
    sqlite3_busy_timeout(database.db_, kWaits_ms);
    HM_TRY(database.check(schema, access));
    return database;
}

// A foreign file or another version is not touched. Of several processes that find the file new,
// one makes its tables.
Status Database::check(const Schema& schema, Access access) const {
    const auto number = [&](const char* sql) -> std::optional<std::int64_t> {
        Statement select = statement(sql);
        if (!select.row()) return std::nullopt;
        return select.integer(0);
    };
    const auto foreign = [&](std::int64_t version) {
        return Error{.message = fmt::format("is an SQLite file of version {}, expected {} of "
                                            "version {}",
                                            version, schema.what, schema.version),
                     .file = path_};
    };
    const auto version = number("PRAGMA user_version");
    const auto tables = number("SELECT count(*) FROM sqlite_master");
    if (!version || !tables) {
        return Error{.message = fmt::format("is not an SQLite file, expected {}; {}", schema.what,
                                            schema.origin),
                     .file = path_};
    }
    if (*version == schema.version) {
        if (*schema.table == '\0') return {};
        Statement select =
            statement("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?");
        select.bind(schema.table);
        if (select.row() && select.integer(0) > 0) return {};
        return Error{.message = fmt::format("is an SQLite file of another kind, expected {}; {}",
                                            schema.what, schema.origin),
                     .file = path_};
    }
    if (*version != 0 || *tables != 0 || access != Access::kCreate) return foreign(*version);
    if (schema.write_ahead) HM_TRY(execute("PRAGMA journal_mode = WAL"));
    return transaction([&]() -> Status {
        if (number("PRAGMA user_version") == schema.version) return {};
        HM_TRY(execute(schema.create));
        return execute(fmt::format("PRAGMA user_version = {}", schema.version));
    });
}

Database::Database(Database&& other) noexcept
    : db_(std::exchange(other.db_, nullptr)),
      path_(std::move(other.path_)),
      what_(std::move(other.what_)) {}

Database& Database::operator=(Database&& other) noexcept {
    std::swap(db_, other.db_);
    std::swap(path_, other.path_);
    std::swap(what_, other.what_);
    return *this;
}

Database::~Database() { sqlite3_close(db_); }

Error Database::error(const std::string& what) const {
    return {.message = fmt::format("{}: {}", what, sqlite3_errmsg(db_)), .file = path_};
}

Status Database::execute(const std::string& sql) const {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return error("cannot be written");
}

Status Database::transaction(const std::function<Status()>& body) const {
    HM_TRY(execute("BEGIN IMMEDIATE"));
    auto status = body();
    if (status) status = execute("COMMIT");
    if (!status) sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
    return status;
}

Statement Database::statement(const std::string& sql) const { return {*this, db_, sql}; }

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(db_); }

Statement::Statement(const Database& database, sqlite3* db, const std::string& sql)
    : database_(&database) {
    code_ = sqlite3_prepare_v2(db, sql.c_str(), -1, &statement_, nullptr);
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      bound_(other.bound_),
      code_(other.code_) {}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(std::int64_t value) {
    sqlite3_bind_int64(statement_, ++bound_, value);
    return *this;
}
Statement& Statement::bind(double value) {
    if (std::isnan(value)) return bind_null();
    sqlite3_bind_double(statement_, ++bound_, value);
    return *this;
}
Statement& Statement::bind(std::string_view value) {
    sqlite3_bind_text(statement_, ++bound_, value.data(), static_cast<int>(value.size()),
                      SQLITE_TRANSIENT);
    return *this;
}
Statement& Statement::bind_null() {
    sqlite3_bind_null(statement_, ++bound_);
    return *this;
}

bool Statement::row() {
    if (statement_ == nullptr) return false;
    code_ = sqlite3_step(statement_);
    return code_ == SQLITE_ROW;
}

Status Statement::run() {
    while (row()) {
    }
    auto result = status();
    sqlite3_reset(statement_);
    bound_ = 0;
    return result;
}

Status Statement::status() const {
    if (code_ == SQLITE_OK || code_ == SQLITE_ROW || code_ == SQLITE_DONE) return {};
    return database_->error("cannot be read or written");
}

bool Statement::null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}
double Statement::real(int column) const {
    return null(column) ? std::numeric_limits<double>::quiet_NaN()
                        : sqlite3_column_double(statement_, column);
}
std::string Statement::text(int column) const {
    const auto* value = sqlite3_column_text(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return value != nullptr
               ? std::string(reinterpret_cast<const char*>(value), static_cast<std::size_t>(size))
               : std::string();
}

}  // namespace huntsman::bridge::database
