#include "bridge/failures/catalogue.h"

#include <sqlite3.h>

namespace huntsman::bridge::failures {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr int kSchemaVersion = 1;
constexpr const char* kColumns =
    "id, kind, tick, time_s, scenario, seed, driver, actor, actor_class, light, weather, "
    "occlusion, distance_m, speed_mps, value, picture, run, command, rerun";
constexpr const char* kCreate =
    "CREATE TABLE IF NOT EXISTS failures (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT "
    "NULL, tick INTEGER NOT NULL, time_s REAL NOT NULL, scenario TEXT NOT NULL, seed INTEGER NOT "
    "NULL, driver TEXT NOT NULL, actor INTEGER NOT NULL, actor_class TEXT NOT NULL, light TEXT "
    "NOT NULL, weather TEXT NOT NULL, occlusion REAL NOT NULL, distance_m REAL NOT NULL, "
    "speed_mps REAL NOT NULL, value REAL NOT NULL, picture TEXT NOT NULL, run TEXT NOT NULL, "
    "command TEXT NOT NULL, rerun TEXT NOT NULL);"
    "CREATE INDEX IF NOT EXISTS failures_kind ON failures (kind);"
    "CREATE INDEX IF NOT EXISTS failures_run ON failures (run);";

}  // namespace

struct Catalogue::Impl {
    sqlite3* db = nullptr;
    std::string path;

    ~Impl() { sqlite3_close(db); }
    Error error(const std::string& what) const {
        return {.message = what + ": " + sqlite3_errmsg(db), .file = path};
    }
    Status execute(const char* sql) const {
        if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
            return error("the failure catalogue cannot be written");
        }
        return {};
    }
};

namespace {

// A prepared statement with its parameters bound in order.
class Statement {
  public:
    Statement(sqlite3* db, const std::string& sql) {
        sqlite3_prepare_v2(db, sql.c_str(), -1, &statement_, nullptr);
    }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    bool ok() const { return statement_ != nullptr; }
    void bind(std::int64_t value) { sqlite3_bind_int64(statement_, ++bound_, value); }
    void bind(double value) { sqlite3_bind_double(statement_, ++bound_, value); }
    void bind(const std::string& value) {
        sqlite3_bind_text(statement_, ++bound_, value.c_str(), -1, SQLITE_TRANSIENT);
    }
    int step() { return sqlite3_step(statement_); }

    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    double real(int column) const { return sqlite3_column_double(statement_, column); }
    std::string text(int column) const {
        const auto* value = sqlite3_column_text(statement_, column);
        return value != nullptr ? reinterpret_cast<const char*>(value) : "";
    }

  private:
    sqlite3_stmt* statement_ = nullptr;
    int bound_ = 0;
};

Row read_row(const Statement& s) {
    int c = 0;
    Row row;
    row.id = s.integer(c++);
    row.kind = s.text(c++);
    row.tick = s.integer(c++);
    row.time_s = s.real(c++);
    row.scenario = s.text(c++);
    row.seed = static_cast<std::uint64_t>(s.integer(c++));
    row.driver = s.text(c++);
    row.actor = static_cast<std::uint32_t>(s.integer(c++));
    row.actor_class = s.text(c++);
    row.light = s.text(c++);
    row.weather = s.text(c++);
    row.occlusion = s.real(c++);
    row.distance_m = s.real(c++);
    row.speed_mps = s.real(c++);
    row.value = s.real(c++);
    row.picture = s.text(c++);
    row.run = s.text(c++);
    row.command = s.text(c++);
    row.rerun = s.text(c++);
    return row;
}

}  // namespace

std::string shell_word(const std::string& text) {
    constexpr const char* kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=+,@%";
    if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
    std::string word = "'";
    for (const char c : text) {
        if (c == '\'') {
            word += "'\\''";
        } else {
            word += c;
        }
    }
    return word + "'";
}

Catalogue::Catalogue(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Catalogue::~Catalogue() = default;

Result<std::unique_ptr<Catalogue>> Catalogue::open(const std::filesystem::path& path) {
    return open_with(path, true);
}

Result<std::unique_ptr<Catalogue>> Catalogue::open_existing(const std::filesystem::path& path) {
    return open_with(path, false);
}

Result<std::unique_ptr<Catalogue>> Catalogue::open_with(const std::filesystem::path& path,
                                                        bool create) {
    if (!create && !std::filesystem::exists(path)) {
        return Error{.message = "is not a failure catalogue; 'huntsman run' writes one",
                     .file = path.string()};
    }
    if (create && path.has_parent_path()) {
        std::error_code ignored;  // a folder that cannot be made shows when the file is opened
        std::filesystem::create_directories(path.parent_path(), ignored);
    }
    auto impl = std::make_unique<Impl>();
    impl->path = path.string();
    const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(path.c_str(), &impl->db, flags, nullptr) != SQLITE_OK) {
        return impl->error("the failure catalogue cannot be opened");
    }
    sqlite3_busy_timeout(impl->db, 10000);  // other runs may be writing

    // A foreign database or another version is not touched.
    Statement version(impl->db, "PRAGMA user_version");
    Statement tables(impl->db, "SELECT count(*) FROM sqlite_master");
    if (!version.ok() || !tables.ok() || version.step() != SQLITE_ROW ||
        tables.step() != SQLITE_ROW) {
        return Error{.message = "is no SQLite file, expected a failure catalogue",
                     .file = path.string()};
    }
    const bool fresh = version.integer(0) == 0 && tables.integer(0) == 0;
    if (!fresh && version.integer(0) != kSchemaVersion) {
        return Error{.message = fmt::format("is an SQLite file of version {}, expected a failure "
                                            "catalogue of version {}",
                                            version.integer(0), kSchemaVersion),
                     .file = path.string()};
    }
    if (fresh) {
        HM_TRY(impl->execute(kCreate));
        HM_TRY(impl->execute(fmt::format("PRAGMA user_version = {}", kSchemaVersion).c_str()));
    }
    return std::unique_ptr<Catalogue>(new Catalogue(std::move(impl)));
}

Status Catalogue::store(const loop::RunResult& result, const std::filesystem::path& run,
                        const std::string& program, const std::string& rerun) {
    HM_TRY(impl_->execute("BEGIN IMMEDIATE"));
    const auto write = [&]() -> Status {
        {
            Statement erase(impl_->db, "DELETE FROM failures WHERE run = ?");
            erase.bind(run.string());
            if (erase.step() != SQLITE_DONE) return impl_->error("old rows cannot be removed");
        }
        for (const auto& failure : result.failures) {
            const auto& i = failure.infraction;
            Statement insert(impl_->db,
                             "INSERT INTO failures (kind, tick, time_s, scenario, seed, driver, "
                             "actor, actor_class, light, weather, occlusion, distance_m, "
                             "speed_mps, value, picture, run, command, rerun) VALUES "
                             "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
            insert.bind(std::string(score::name(i.kind)));
            insert.bind(i.tick);
            insert.bind(engine::core::seconds(i.time_us));
            insert.bind(result.scenario);
            insert.bind(static_cast<std::int64_t>(result.seed));
            insert.bind(result.driver);
            insert.bind(static_cast<std::int64_t>(i.other));
            insert.bind(failure.other);
            insert.bind(result.environment.light);
            insert.bind(result.environment.weather);
            insert.bind(failure.occlusion);
            insert.bind(i.distance_m);
            insert.bind(i.ego_speed_mps);
            insert.bind(i.value);
            insert.bind(failure.picture.empty() ? std::string() : (run / failure.picture).string());
            insert.bind(run.string());
            insert.bind(fmt::format("{} replay {} --show-tick {}", program,
                                    shell_word(run.string()), i.tick));
            insert.bind(rerun);
            if (insert.step() != SQLITE_DONE) return impl_->error("a row cannot be written");
        }
        return {};
    };
    if (auto status = write(); !status) {
        static_cast<void>(impl_->execute("ROLLBACK"));
        return status;
    }
    return impl_->execute("COMMIT");
}

Result<std::vector<Row>> Catalogue::list(const Filter& filter) const {
    std::string sql = std::string("SELECT ") + kColumns + " FROM failures WHERE 1";
    if (!filter.kind.empty()) sql += " AND kind = ?";
    if (!filter.driver.empty()) sql += " AND driver = ?";
    if (!filter.scenario.empty()) sql += " AND scenario = ?";
    sql += " ORDER BY id DESC LIMIT ?";
    Statement select(impl_->db, sql);
    if (!select.ok()) return impl_->error("the failure catalogue cannot be read");
    for (const std::string* value : {&filter.kind, &filter.driver, &filter.scenario}) {
        if (!value->empty()) select.bind(*value);
    }
    select.bind(static_cast<std::int64_t>(filter.limit));
    std::vector<Row> rows;
    while (select.step() == SQLITE_ROW) rows.push_back(read_row(select));
    return rows;
}

Result<Row> Catalogue::find(std::int64_t id) const {
    Statement select(impl_->db, std::string("SELECT ") + kColumns + " FROM failures WHERE id = ?");
    if (!select.ok()) return impl_->error("the failure catalogue cannot be read");
    select.bind(id);
    if (select.step() != SQLITE_ROW) {
        return Error{.message = fmt::format("holds no failure {}; 'huntsman failures list' names "
                                            "those it holds",
                                            id),
                     .file = impl_->path};
    }
    return read_row(select);
}

}  // namespace huntsman::bridge::failures
