#include "bridge/failures/catalogue.h"

#include "bridge/database/database.h"
#include "engine/core/shell.h"

namespace huntsman::bridge::failures {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

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
constexpr database::Schema kSchema{.what = "a failure catalogue",
                                   .origin = "'huntsman run' writes one",
                                   .version = 1,
                                   .create = kCreate,
                                   .table = "failures"};

}  // namespace

struct Catalogue::Impl {
    database::Database file;
};

namespace {

Row read_row(const database::Statement& s) {
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
    using database::Access;
    HM_TAKE(auto file,
            database::Database::open(path, kSchema, create ? Access::kCreate : Access::kExisting));
    return std::unique_ptr<Catalogue>(new Catalogue(std::make_unique<Impl>(Impl{std::move(file)})));
}

Status Catalogue::store(const loop::RunResult& result, const std::filesystem::path& run,
                        const std::string& program, const std::string& rerun) {
    const database::Database& file = impl_->file;
    return file.transaction([&]() -> Status {
        HM_TRY(file.statement("DELETE FROM failures WHERE run = ?").bind(run.string()).run());
        auto insert = file.statement(
            "INSERT INTO failures (kind, tick, time_s, scenario, seed, driver, actor, actor_class, "
            "light, weather, occlusion, distance_m, speed_mps, value, picture, run, command, "
            "rerun) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        for (const auto& failure : result.failures) {
            const auto& i = failure.infraction;
            insert.bind(score::name(i.kind)).bind(i.tick).bind(engine::core::seconds(i.time_us));
            insert.bind(result.scenario).bind(result.seed).bind(result.driver);
            insert.bind(static_cast<std::int64_t>(i.other)).bind(failure.other);
            insert.bind(result.environment.light).bind(result.environment.weather);
            insert.bind(failure.occlusion).bind(i.distance_m).bind(i.ego_speed_mps).bind(i.value);
            insert.bind(failure.picture.empty() ? std::string() : (run / failure.picture).string());
            insert.bind(run.string());
            insert.bind(fmt::format("{} replay {} --show-tick {}", program,
                                    engine::core::shell_word(run.string()), i.tick));
            insert.bind(rerun);
            HM_TRY(insert.run());
        }
        return {};
    });
}

Result<std::vector<Row>> Catalogue::list(const Filter& filter) const {
    std::string sql = std::string("SELECT ") + kColumns + " FROM failures WHERE 1";
    if (!filter.kind.empty()) sql += " AND kind = ?";
    if (!filter.driver.empty()) sql += " AND driver = ?";
    if (!filter.scenario.empty()) sql += " AND scenario = ?";
    sql += " ORDER BY id DESC LIMIT ?";
    auto select = impl_->file.statement(sql);
    for (const std::string* value : {&filter.kind, &filter.driver, &filter.scenario}) {
        if (!value->empty()) select.bind(*value);
    }
    select.bind(filter.limit);
    std::vector<Row> rows;
    while (select.row()) rows.push_back(read_row(select));
    HM_TRY(select.status());
    return rows;
}

Result<Row> Catalogue::find(std::int64_t id) const {
    auto select =
        impl_->file.statement(std::string("SELECT ") + kColumns + " FROM failures WHERE id = ?");
    select.bind(id);
    if (select.row()) return read_row(select);
    HM_TRY(select.status());
    return Error{.message = fmt::format("holds no failure {}; 'huntsman failures list' names "
                                        "those it holds",
                                        id),
                 .file = impl_->file.path()};
}

}  // namespace huntsman::bridge::failures
