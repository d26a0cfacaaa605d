#include "bridge/suite/store.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "bridge/report/run_json.h"
#include "engine/core/describe.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"

namespace huntsman::bridge::suite {

namespace fs = std::filesystem;
using database::Database;
using database::Statement;
using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using loop::RunOptions;
using loop::RunResult;
using nlohmann::ordered_json;
using score::PerceptionJudge;

namespace {

constexpr const char* kCreate = R"(
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, status TEXT NOT NULL, reason TEXT NOT NULL,
  driver TEXT NOT NULL, scenario TEXT NOT NULL, seed INTEGER NOT NULL, ticks INTEGER NOT NULL,
  frames INTEGER NOT NULL, sim_time_s REAL NOT NULL, wall_time_s REAL NOT NULL,
  peak_memory_mb REAL NOT NULL, state_hash TEXT, image_hash TEXT, program TEXT NOT NULL,
  assets TEXT NOT NULL, driver_file TEXT NOT NULL, device TEXT NOT NULL, inputs TEXT NOT NULL,
  result TEXT, perception_samples TEXT);
CREATE TABLE suites (
  suite TEXT PRIMARY KEY, metric TEXT NOT NULL, margin REAL NOT NULL, cells INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE cells (
  suite TEXT NOT NULL, cell TEXT NOT NULL, driver TEXT NOT NULL, run_key TEXT NOT NULL,
  situation TEXT NOT NULL, place TEXT NOT NULL, condition TEXT NOT NULL, variant INTEGER NOT NULL,
  seed INTEGER NOT NULL, tags TEXT NOT NULL, PRIMARY KEY (suite, cell, driver)) WITHOUT ROWID;
CREATE INDEX cells_run ON cells (run_key);
CREATE TABLE scores (
  run INTEGER NOT NULL REFERENCES runs (id), metric TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (run, metric)) WITHOUT ROWID;
CREATE TABLE infractions (
  run INTEGER NOT NULL REFERENCES runs (id), kind TEXT NOT NULL, tick INTEGER NOT NULL,
  time_s REAL NOT NULL, other INTEGER NOT NULL, other_class TEXT NOT NULL,
  ego_speed_mps REAL NOT NULL, distance_m REAL NOT NULL, value REAL, at_fault INTEGER NOT NULL,
  occlusion REAL NOT NULL);
CREATE INDEX infractions_run ON infractions (run);
CREATE TABLE criteria (
  run INTEGER NOT NULL REFERENCES runs (id), name TEXT NOT NULL, kind TEXT NOT NULL,
  note INTEGER NOT NULL, passed INTEGER NOT NULL, extreme REAL, tick INTEGER,
  reason TEXT NOT NULL);
CREATE INDEX criteria_run ON criteria (run);
CREATE TABLE perception (
  run INTEGER NOT NULL REFERENCES runs (id), class TEXT NOT NULL, match_m REAL NOT NULL,
  range_m REAL NOT NULL, average_precision REAL, PRIMARY KEY (run, class, match_m, range_m))
  WITHOUT ROWID;
CREATE TABLE parameters (
  run INTEGER NOT NULL REFERENCES runs (id), name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (run, name)) WITHOUT ROWID;
CREATE TABLE environment (
  run INTEGER NOT NULL REFERENCES runs (id), name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (run, name)) WITHOUT ROWID;
CREATE TABLE notes (run INTEGER NOT NULL REFERENCES runs (id), note TEXT NOT NULL);
CREATE INDEX notes_run ON notes (run);
)";
// Files of this version that were made before there was such a table get it when they are opened
// for writing.
constexpr const char* kCreateFindings =
    "CREATE TABLE IF NOT EXISTS findings (run_key TEXT NOT NULL, kind TEXT NOT NULL, json TEXT NOT "
    "NULL, PRIMARY KEY (run_key, kind)) WITHOUT ROWID";
constexpr std::array kOfRuns = {"scores",     "infractions", "criteria", "perception",
                                "parameters", "environment", "notes"};
constexpr database::Schema kSchema{.what = "results of a suite",
                                   .origin = "'huntsman suite run' writes them",
                                   .version = 1,
                                   .create = kCreate,
                                   .table = "cells",
                                   .write_ahead = true};

// Samples as flat lists of numbers: a truth is [frame, x, y, ignored, distance], a detection
// [frame, x, y, score, distance].
std::string samples_text(const PerceptionJudge& judge) {
    const PerceptionJudge::Samples samples = judge.samples();
    ordered_json json = {{"frames", samples.frames}};
    for (const auto c : score::kPerceivedClasses) {
        const auto& of_class = samples.classes[static_cast<std::size_t>(c)];
        ordered_json truths = ordered_json::array(), detections = ordered_json::array();
        for (std::size_t i = 0; i < of_class.truths.size(); ++i) {
            const auto& t = of_class.truths[i];
            truths.push_back(
                {t.frame, t.centre.x, t.centre.y, t.ignore ? 1 : 0, of_class.truth_distance_m[i]});
        }
        for (std::size_t i = 0; i < of_class.detections.size(); ++i) {
            const auto& d = of_class.detections[i];
            detections.push_back(
                {d.frame, d.centre.x, d.centre.y, d.score, of_class.detection_distance_m[i]});
        }
        json[name(c)] = {{"truths", std::move(truths)}, {"detections", std::move(detections)}};
    }
    return json.dump();
}

Result<PerceptionJudge::Samples> samples_of(const std::string& text, const std::string& file) try {
    const auto json = ordered_json::parse(text);
    PerceptionJudge::Samples samples;
    samples.frames = json.at("frames").get<std::uint32_t>();
    for (const auto c : score::kPerceivedClasses) {
        auto& of_class = samples.classes[static_cast<std::size_t>(c)];
        const auto& both = json.at(name(c));
        for (const auto& row : both.at("truths")) {
            const auto t = row.get<std::array<double, 5>>();
            of_class.truths.push_back({static_cast<std::uint32_t>(t[0]), {t[1], t[2]}, t[3] != 0});
            of_class.truth_distance_m.push_back(t[4]);
        }
        for (const auto& row : both.at("detections")) {
            const auto d = row.get<std::array<double, 5>>();
            of_class.detections.push_back({static_cast<std::uint32_t>(d[0]), {d[1], d[2]}, d[3]});
            of_class.detection_distance_m.push_back(d[4]);
        }
    }
    return samples;
} catch (const nlohmann::json::exception&) {
    return Error{.message = "holds perception samples that cannot be read", .file = file};
}

// Every number and every yes or no of a tree by its place in it: "bench2drive.success".
void flatten(const ordered_json& node, const std::string& place,
             std::vector<std::pair<std::string, double>>& into) {
    if (node.is_object()) {
        for (const auto& [key, value] : node.items()) {
            flatten(value, place.empty() ? key : place + "." + key, into);
        }
    } else if (node.is_boolean()) {
        into.emplace_back(place, node.get<bool>() ? 1.0 : 0.0);
    } else if (node.is_number()) {
        into.emplace_back(place, node.get<double>());
    }
}

// The figures of a run that suites compare, by name: all scores of run.json and some more.
std::vector<std::pair<std::string, double>> metrics(const RunResult& result,
                                                    const std::string& run_json) {
    std::vector<std::pair<std::string, double>> rows = {
        {"passed", result.verdict.passed ? 1.0 : 0.0},
        {"progress_m", result.progress_m},
        {"collisions",
         static_cast<double>(result.carla.pedestrian_collisions + result.carla.vehicle_collisions +
                             result.carla.static_collisions)},
        {"red_lights", static_cast<double>(result.carla.red_lights)},
    };
    flatten(ordered_json::parse(run_json).at("scores"), "", rows);
    return rows;
}

}  // namespace

Result<Store> Store::open(const fs::path& path, database::Access access) {
    HM_TAKE(auto file, Database::open(path, kSchema, access));
    if (access != database::Access::kReadOnly) HM_TRY(file.execute(kCreateFindings));
    return Store(std::move(file));
}

Status Store::declare(const Suite& suite) const {
    return file_
        .statement("INSERT OR REPLACE INTO suites (suite, metric, margin, cells) VALUES (?,?,?,?)")
        .bind(suite.name)
        .bind(suite.gate.metric)
        .bind(suite.gate.margin)
        .bind(static_cast<std::int64_t>(suite.cells.size()))
        .run();
}

Result<std::optional<GateMetric>> Store::gate(const std::string& suite) const {
    auto select = file_.statement("SELECT metric, margin FROM suites WHERE suite = ?");
    select.bind(suite);
    std::optional<GateMetric> gate;
    if (select.row()) gate = GateMetric{select.text(0), select.real(1)};
    HM_TRY(select.status());
    return gate;
}

Result<bool> Store::holds(const std::string& key, bool retry) const {
    auto select = file_.statement(retry ? "SELECT 1 FROM runs WHERE key = ? AND status = 'done'"
                                        : "SELECT 1 FROM runs WHERE key = ?");
    select.bind(key);
    const bool there = select.row();
    HM_TRY(select.status());
    return there;
}

Status Store::enter(const Item& item) const {
    const Cell& cell = *item.cell;
    return file_
        .statement(
            "INSERT OR REPLACE INTO cells (suite, cell, driver, run_key, situation, place, "
            "condition, variant, seed, tags) VALUES (?,?,?,?,?,?,?,?,?,?)")
        .bind(item.suite)
        .bind(cell.name)
        .bind(item.driver)
        .bind(item.key)
        .bind(cell.situation)
        .bind(cell.place)
        .bind(cell.condition)
        .bind(cell.variant)
        .bind(item.options.scenario.town.seed)
        .bind(ordered_json(cell.tags).dump())
        .run();
}

Status Store::enter_all(std::span<const Item* const> items, bool only_these) const {
    return file_.transaction([&]() -> Status {
        std::set<std::string> suites;
        for (const Item* item : items) {
            if (!only_these || !suites.insert(item->suite).second) continue;
            HM_TRY(file_.statement("DELETE FROM cells WHERE suite = ?").bind(item->suite).run());
        }
        for (const Item* item : items) HM_TRY(enter(*item));
        return {};
    });
}

Status Store::put(const Item& item, const RunResult& result) const {
    return file_.transaction([&]() -> Status {
        std::optional<std::int64_t> old;
        {
            auto select = file_.statement("SELECT id FROM runs WHERE key = ?");
            select.bind(item.key);
            if (select.row()) old = select.integer(0);
            HM_TRY(select.status());
        }
        if (old) {
            for (const char* table : kOfRuns) {
                HM_TRY(file_.statement(fmt::format("DELETE FROM {} WHERE run = ?", table))
                           .bind(*old)
                           .run());
            }
            HM_TRY(file_.statement("DELETE FROM runs WHERE id = ?").bind(*old).run());
        }
        HM_TRY(insert_run(item, result));
        return enter(item);
    });
}

Status Store::put_failed(const Item& item, const std::string& reason, double sim_time_s) const {
    return put(item, loop::failed_run(item.options, reason, sim_time_s));
}

Status Store::insert_run(const Item& item, const RunResult& r) const {
    auto insert = file_.statement(
        "INSERT INTO runs (key, status, reason, driver, scenario, seed, ticks, frames, sim_time_s, "
        "wall_time_s, peak_memory_mb, state_hash, image_hash, program, assets, driver_file, "
        "device, inputs, result, perception_samples) VALUES "
        "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    insert.bind(item.key).bind(r.valid ? "done" : "failed").bind(r.end_reason).bind(item.driver);
    insert.bind(item.options.scenario.name).bind(item.options.scenario.town.seed).bind(r.ticks);
    insert.bind(r.frames).bind(r.sim_time_s).bind(r.wall_time_s).bind(r.peak_memory_mb);
    insert.bind(engine::core::hex(r.state_hash)).bind(engine::core::hex(r.image_hash));
    insert.bind(item.provenance.program).bind(item.provenance.assets);
    insert.bind(item.provenance.driver_file).bind(item.provenance.device);
    const std::string run_json = report::run_json(r);
    insert.bind(to_json(item.options)).bind(run_json);
    if (r.perception.any()) {
        insert.bind(samples_text(r.perception));
    } else {
        insert.bind_null();
    }
    HM_TRY(insert.run());
    const std::int64_t run = file_.last_row();
    const auto add = [&](const char* sql, const auto&... values) {
        auto row = file_.statement(sql);
        row.bind(run);
        (row.bind(values), ...);
        return row.run();
    };
    if (r.valid) {
        for (const auto& [metric, value] : metrics(r, run_json)) {
            HM_TRY(add("INSERT INTO scores VALUES (?,?,?)", metric, value));
        }
        for (const auto& c : r.verdict.criteria) {
            HM_TRY(add("INSERT INTO criteria VALUES (?,?,?,?,?,?,?,?)", c.name, c.kind, c.note,
                       c.passed, c.extreme, c.tick, c.reason));
        }
    }
    for (const auto& failure : r.failures) {
        const auto& i = failure.infraction;
        HM_TRY(add("INSERT INTO infractions VALUES (?,?,?,?,?,?,?,?,?,?,?)", score::name(i.kind),
                   i.tick, engine::core::seconds(i.time_us), static_cast<std::int64_t>(i.other),
                   failure.other, i.ego_speed_mps, i.distance_m, i.value, i.at_fault,
                   failure.occlusion));
    }
    if (r.perception.any()) {
        for (const auto c : score::kPerceivedClasses) {
            for (const double range_m : {30.0, PerceptionJudge::reach_m(c)}) {
                for (const double match_m : score::kMatchDistances_m) {
                    HM_TRY(add("INSERT INTO perception VALUES (?,?,?,?,?)", name(c), match_m,
                               range_m, r.perception.average_precision(c, match_m, range_m)));
                }
            }
        }
    }
    for (const auto& [name, value] : r.story_values) {
        HM_TRY(add("INSERT OR REPLACE INTO parameters VALUES (?,?,?)", name, value));
    }
    const std::pair<const char*, std::string> environment[] = {
        {"light", r.environment.light},
        {"weather", r.environment.weather},
        {"friction", fmt::format("{}", r.environment.friction)},
        {"sun_elevation_rad", fmt::format("{}", r.environment.sun_elevation_rad)}};
    for (const auto& [name, value] : environment) {
        HM_TRY(add("INSERT INTO environment VALUES (?,?,?)", name, value));
    }
    for (const std::string& note : r.notes) HM_TRY(add("INSERT INTO notes VALUES (?,?)", note));
    return {};
}

Result<std::vector<std::string>> Store::suites() const {
    std::vector<std::string> names;
    auto select = file_.statement("SELECT DISTINCT suite FROM cells ORDER BY suite");
    while (select.row()) names.push_back(select.text(0));
    HM_TRY(select.status());
    return names;
}

Result<std::vector<CellRun>> Store::runs(const std::string& suite) const {
    const char* of_suite = suite.empty() ? "" : " WHERE c.suite = ?";
    const auto select = [&](const std::string& what, const std::string& more) {
        auto statement =
            file_.statement("SELECT c.suite, c.driver, c.cell, " + what +
                            " FROM cells c JOIN runs r ON r.key = c.run_key" + more + of_suite);
        if (!suite.empty()) statement.bind(suite);
        return statement;
    };
    std::map<std::array<std::string, 3>, CellRun> found;
    auto runs = select(
        "c.situation, c.place, c.condition, c.variant, c.seed, c.tags, r.key, r.status, r.reason, "
        "r.sim_time_s, r.wall_time_s, r.state_hash",
        "");
    while (runs.row()) {
        int k = 3;
        CellRun run{.suite = runs.text(0), .cell = runs.text(2), .driver = runs.text(1)};
        run.situation = runs.text(k++);
        run.place = runs.text(k++);
        run.condition = runs.text(k++);
        run.variant = static_cast<int>(runs.integer(k++));
        run.seed = static_cast<std::uint64_t>(runs.integer(k++));
        const auto tags = ordered_json::parse(runs.text(k++), nullptr, false);
        if (tags.is_array()) run.tags = tags.get<std::vector<std::string>>();
        run.key = runs.text(k++);
        run.failed = runs.text(k++) != "done";
        run.reason = runs.text(k++);
        run.sim_time_s = runs.real(k++);
        run.wall_time_s = runs.real(k++);
        run.state_hash = runs.text(k++);
        found[{run.suite, run.driver, run.cell}] = std::move(run);
    }
    HM_TRY(runs.status());
    const auto each = [&](Statement statement, const auto& take) -> Status {
        while (statement.row()) {
            const auto at = found.find({statement.text(0), statement.text(1), statement.text(2)});
            if (at != found.end()) take(at->second, statement);
        }
        return statement.status();
    };
    HM_TRY(each(select("s.metric, s.value", " JOIN scores s ON s.run = r.id"),
                [](CellRun& run, const Statement& s) { run.scores[s.text(3)] = s.real(4); }));
    HM_TRY(each(select("i.kind", " JOIN infractions i ON i.run = r.id"),
                [](CellRun& run, const Statement& s) { ++run.infractions[s.text(3)]; }));
    HM_TRY(each(select("k.reason, k.passed, k.note", " JOIN criteria k ON k.run = r.id"),
                [](CellRun& run, const Statement& s) {
                    if (s.integer(4) == 0 && s.integer(5) == 0) {
                        run.broken_criteria.push_back(s.text(3));
                    }
                }));
    HM_TRY(each(select("n.note", " JOIN notes n ON n.run = r.id"),
                [](CellRun& run, const Statement& s) { run.notes.push_back(s.text(3)); }));
    std::vector<CellRun> result;
    for (auto& [key, run] : found) result.push_back(std::move(run));
    return result;
}

Result<PerceptionJudge> Store::perception(const std::string& suite,
                                          const std::string& driver) const {
    PerceptionJudge all;
    auto select = file_.statement(
        "SELECT r.perception_samples FROM cells c JOIN runs r ON r.key = c.run_key WHERE c.suite = "
        "? AND c.driver = ? AND r.perception_samples IS NOT NULL ORDER BY c.cell");
    select.bind(suite).bind(driver);
    while (select.row()) {
        HM_TAKE(auto samples, samples_of(select.text(0), file_.path()));
        all.append(PerceptionJudge::of(std::move(samples)));
    }
    HM_TRY(select.status());
    return all;
}

Result<std::vector<error_model::RunSamples>> Store::run_samples(const std::string& driver,
                                                                const std::string& suite) const {
    // Civil twilight is over, as for drivers; see bridge/loop/observe.h.
    constexpr double kNight_rad = -6.0 * engine::core::kRadiansInDegree;
    auto select = file_.statement(
        "SELECT r.perception_samples, r.frames, r.sim_time_s, CAST(e.value AS REAL) FROM runs r "
        "JOIN environment e ON e.run = r.id AND e.name = 'sun_elevation_rad' WHERE "
        "r.perception_samples IS NOT NULL AND r.key IN (SELECT run_key FROM cells WHERE driver = "
        "?1 AND (?2 = '' OR suite = ?2)) ORDER BY r.key");
    select.bind(driver).bind(suite);
    std::vector<error_model::RunSamples> runs;
    while (select.row()) {
        error_model::RunSamples run;
        HM_TAKE(run.samples, samples_of(select.text(0), file_.path()));
        if (select.integer(1) > 0) {
            run.frame_s = select.real(2) / static_cast<double>(select.integer(1));
        }
        run.night = select.real(3) < kNight_rad;
        runs.push_back(std::move(run));
    }
    HM_TRY(select.status());
    if (runs.empty()) {
        return Error{.message = fmt::format("has no run of driver {}{} with perception samples, "
                                            "expected runs with pictures",
                                            driver, suite.empty() ? "" : " in suite " + suite),
                     .file = file_.path()};
    }
    return runs;
}

Result<std::optional<PerceptionJudge::Samples>> Store::perception_of(const std::string& key) const {
    HM_TAKE(const std::string text, of_run("perception_samples", key));
    if (text.empty()) return std::optional<PerceptionJudge::Samples>();
    HM_TAKE(auto samples, samples_of(text, file_.path()));
    return std::optional(std::move(samples));
}

Result<std::string> Store::run_json(const std::string& key) const { return of_run("result", key); }

Result<std::string> Store::reason(const std::string& key) const { return of_run("reason", key); }

Result<std::string> Store::inputs(const std::string& key) const { return of_run("inputs", key); }

Result<std::string> Store::key_of(const std::string& beginning) const {
    auto select = file_.statement("SELECT key FROM runs WHERE substr(key, 1, ?1) = ?2 LIMIT 2");
    select.bind(static_cast<std::int64_t>(beginning.size())).bind(beginning);
    std::vector<std::string> keys;
    while (select.row()) keys.push_back(select.text(0));
    HM_TRY(select.status());
    if (keys.size() == 1) return keys.front();
    return Error{.message = fmt::format("has {} whose key begins with \"{}\", expected one",
                                        keys.empty() ? "no run" : "several runs", beginning),
                 .file = file_.path()};
}

Status Store::keep_finding(const std::string& key, const std::string& kind,
                           const std::string& json) const {
    return file_.statement("INSERT OR REPLACE INTO findings (run_key, kind, json) VALUES (?,?,?)")
        .bind(key)
        .bind(kind)
        .bind(json)
        .run();
}

Result<std::string> Store::finding(const std::string& key, const std::string& kind) const {
    HM_TAKE(const bool any, has_findings("main"));
    if (!any) return std::string();
    auto select = file_.statement("SELECT json FROM findings WHERE run_key = ? AND kind = ?");
    select.bind(key).bind(kind);
    std::string json;
    if (select.row()) json = select.text(0);
    HM_TRY(select.status());
    return json;
}

Result<bool> Store::has_findings(const std::string& schema) const {
    auto select = file_.statement(fmt::format(
        "SELECT 1 FROM {}.sqlite_master WHERE type = 'table' AND name = 'findings'", schema));
    const bool there = select.row();
    HM_TRY(select.status());
    return there;
}

Result<std::string> Store::of_run(const char* column, const std::string& key) const {
    auto select = file_.statement(fmt::format("SELECT {} FROM runs WHERE key = ?", column));
    select.bind(key);
    std::string text;
    if (select.row()) text = select.text(0);
    HM_TRY(select.status());
    return text;
}

Result<int> Store::merge(const fs::path& other) const {
    // Checked by its own before it is attached: SQLite copies a damaged file's records as they are.
    {
        HM_TAKE(const Store checked, Store::open(other, database::Access::kReadOnly));
        auto check = checked.file_.statement("PRAGMA integrity_check(1)");
        if (!check.row() || check.text(0) != "ok") {
            return Error{.message = "is damaged, expected whole results of a suite",
                         .file = other.string()};
        }
    }
    HM_TRY(file_.statement("ATTACH DATABASE ? AS other").bind(fs::absolute(other).string()).run());
    std::int64_t before = 0, after = 0;
    const auto count = [&](std::int64_t& into) -> Status {
        auto select = file_.statement("SELECT count(*) FROM main.runs");
        if (select.row()) into = select.integer(0);
        return select.status();
    };
    const auto status = file_.transaction([&]() -> Status {
        auto differs = file_.statement(
            "SELECT o.key FROM other.runs o JOIN main.runs m ON m.key = o.key WHERE m.status = "
            "'done' AND o.status = 'done' AND (m.state_hash <> o.state_hash OR m.image_hash <> "
            "o.image_hash) LIMIT 1");
        if (differs.row()) {
            return Error{.message = fmt::format("has another result than {} for the run of key {}, "
                                                "expected the same bits for the same inputs",
                                                file_.path(), differs.text(0)),
                         .file = other.string()};
        }
        HM_TRY(differs.status());
        HM_TRY(count(before));
        // A failed run gives way to one that was done.
        const std::string replaced =
            "SELECT m.id FROM main.runs m JOIN other.runs o ON o.key = m.key WHERE m.status <> "
            "'done' AND o.status = 'done'";
        for (const char* table : kOfRuns) {
            HM_TRY(file_.execute(
                fmt::format("DELETE FROM main.{} WHERE run IN ({})", table, replaced)));
        }
        HM_TRY(file_.execute("DELETE FROM main.runs WHERE id IN (" + replaced + ")"));
        const std::string columns =
            "key, status, reason, driver, scenario, seed, ticks, frames, sim_time_s, wall_time_s, "
            "peak_memory_mb, state_hash, image_hash, program, assets, driver_file, device, inputs, "
            "result, perception_samples";
        HM_TRY(
            file_.execute("CREATE TEMP TABLE taken AS SELECT key FROM other.runs WHERE key NOT "
                          "IN (SELECT key FROM main.runs)"));
        HM_TRY(
            file_.execute(fmt::format("INSERT INTO main.runs ({0}) SELECT {0} FROM other.runs "
                                      "WHERE key IN (SELECT key FROM taken) ORDER BY key",
                                      columns)));
        for (const char* table : kOfRuns) {
            // All have the run in their first column.
            std::string rest;
            auto info =
                file_.statement(fmt::format("SELECT name FROM pragma_table_info('{}')", table));
            while (info.row()) {
                if (info.text(0) != "run") rest += ", t." + info.text(0);
            }
            HM_TRY(info.status());
            HM_TRY(file_.execute(fmt::format(
                "INSERT INTO main.{0} SELECT m.id{1} FROM other.{0} t JOIN other.runs o ON o.id = "
                "t.run JOIN main.runs m ON m.key = o.key WHERE o.key IN (SELECT key FROM taken)",
                table, rest)));
        }
        HM_TRY(file_.execute("INSERT OR REPLACE INTO main.cells SELECT * FROM other.cells"));
        HM_TRY(file_.execute("INSERT OR REPLACE INTO main.suites SELECT * FROM other.suites"));
        HM_TAKE(const bool findings, has_findings("other"));
        if (findings) {
            HM_TRY(
                file_.execute("INSERT OR IGNORE INTO main.findings SELECT run_key, kind, json FROM "
                              "other.findings"));
        }
        HM_TRY(count(after));
        return file_.execute("DROP TABLE temp.taken");
    });
    HM_TRY(file_.execute("DETACH DATABASE other"));
    if (!status) return status.error();
    return static_cast<int>(after - before);
}

}  // namespace huntsman::bridge::suite
