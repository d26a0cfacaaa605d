// Results files: what is put in comes out again, once, and parts become one.
#include "bridge/suite/store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "bridge/suite/compare.h"
#include "bridge/suite/table.h"
#include "engine/core/files.h"
#include "tests/support/mutation.h"

namespace huntsman::bridge::suite {
namespace {

namespace fs = std::filesystem;
using database::Access;

fs::path fresh(const std::string& name) {
    const fs::path file = fs::path(testing::TempDir()) / ("huntsman_store_" + name + ".sqlite");
    for (const char* more : {"", "-wal", "-shm"}) fs::remove(file.string() + more);
    return file;
}

Suite small_suite() {
    const auto suite = parse_suite(
        R"({"schema_version": 1, "gate": {"metric": "passed", "margin": 0.1},
            "groups": [{"situations": ["ccrs", "cpfa", "cpnco", "hard_brake"], "towns": ["1..3"]}]})",
        "small.json");
    EXPECT_TRUE(suite) << suite.error().text();
    return *suite;
}

Item item_of(const Suite& suite, std::size_t cell, const std::string& driver) {
    Item item{.cell = &suite.cells[cell], .suite = suite.name, .driver = driver};
    item.options = *with_driver(suite.cells[cell], driver, "");
    item.provenance = provenance_of(item.options, "");
    item.key = run_key(item.options, item.provenance);
    return item;
}

// A run as if it had been driven.
loop::RunResult result_of(const Item& item, bool passed, std::uint64_t hash = 7) {
    loop::RunResult result;
    result.options = item.options;
    result.driver = item.driver;
    result.scenario = item.options.scenario.name;
    result.seed = item.options.scenario.town.seed;
    result.sim_time_s = 12;
    result.wall_time_s = 3;
    result.state_hash = hash;
    result.progress_m = 80;
    result.carla.route_completion = passed ? 1 : 0.5;
    result.carla.vehicle_collisions = passed ? 0 : 1;
    result.end_reason = "route completed";
    result.verdict.passed = passed;
    if (!passed) {
        result.verdict.criteria.push_back(
            {.name = "no_collision", .kind = "no_collision", .passed = false, .reason = "it hit"});
        result.failures.push_back(
            {.infraction = {.kind = score::InfractionKind::kCollisionVehicle}, .other = "car"});
    }
    return result;
}

TEST(Store, WhatWasPutComesOutAgain) {
    const Suite suite = small_suite();
    const auto store = Store::open(fresh("put"), Access::kCreate);
    ASSERT_TRUE(store) << store.error().text();
    const Item good = item_of(suite, 0, "oracle"), bad = item_of(suite, 1, "oracle"),
               broken = item_of(suite, 2, "oracle");
    ASSERT_TRUE(store->put(good, result_of(good, true)));
    ASSERT_TRUE(store->put(bad, result_of(bad, false)));
    ASSERT_TRUE(store->put_failed(broken, "it crashed", 4.5));
    const auto runs = store->runs("small");
    ASSERT_TRUE(runs) << runs.error().text();
    ASSERT_EQ(runs->size(), 3U);
    const CellRun& first = runs->at(0);
    EXPECT_EQ(first.cell, "ccrs/town_1");
    EXPECT_EQ(first.cluster(), "ccrs at town_1");
    EXPECT_FALSE(first.failed);
    EXPECT_EQ(first.scores.at("passed"), 1);
    EXPECT_EQ(first.scores.at("carla_2_1.driving_score"), 100);
    EXPECT_EQ(first.scores.at("progress_m"), 80);
    const CellRun& second = runs->at(1);
    EXPECT_EQ(second.scores.at("collisions"), 1);
    EXPECT_EQ(second.infractions.at("collision_vehicle"), 1);
    EXPECT_EQ(second.broken_criteria, std::vector<std::string>{"it hit"});
    const CellRun& third = runs->at(2);
    EXPECT_TRUE(third.failed);
    EXPECT_EQ(third.reason, "it crashed");
    EXPECT_TRUE(third.scores.empty());
    EXPECT_TRUE(nlohmann::json::accept(*store->run_json(good.key)));

    // A failed one counts as there unless it is to be tried again; a new run replaces it.
    EXPECT_TRUE(*store->holds(broken.key, false));
    EXPECT_FALSE(*store->holds(broken.key, true));
    ASSERT_TRUE(store->put(broken, result_of(broken, true)));
    EXPECT_TRUE(*store->holds(broken.key, true));
    EXPECT_EQ(store->runs("small")->size(), 3U);
}

TEST(Store, AKeyIsOfAllThatTheResultDependsOn) {
    const Suite suite = small_suite();
    const Item item = item_of(suite, 0, "oracle");
    std::set<std::string> keys{item.key};
    Provenance other = item.provenance;
    other.program = "another";
    keys.insert(run_key(item.options, other));
    other = item.provenance;
    other.assets = "others";
    keys.insert(run_key(item.options, other));
    other = item.provenance;
    other.driver_file = "another";
    keys.insert(run_key(item.options, other));
    loop::RunOptions options = item.options;
    options.latency = loop::ConstantLatency{60};
    keys.insert(run_key(options, item.provenance));
    options = item.options;
    options.scenario.town.seed = 99;
    keys.insert(run_key(options, item.provenance));
    EXPECT_EQ(keys.size(), 6U);
    options = item.options;
    options.threads = 3;  // changes no result
    EXPECT_EQ(run_key(options, item.provenance), item.key);
}

TEST(Store, PartsBecomeOneAndNothingIsTwice) {
    const Suite suite = small_suite();
    const fs::path files[] = {fresh("part0"), fresh("part1"), fresh("whole")};
    for (int part = 0; part < 2; ++part) {
        const auto store = Store::open(files[part], Access::kCreate);
        ASSERT_TRUE(store->declare(suite));
        // Both have the third cell.
        for (std::size_t i = part == 0 ? 0 : 2; i < (part == 0 ? 3U : 5U); ++i) {
            const Item item = item_of(suite, i, "oracle");
            ASSERT_TRUE(store->put(item, result_of(item, i % 2 == 0)));
        }
    }
    const auto whole = Store::open(files[2], Access::kCreate);
    ASSERT_TRUE(whole);
    EXPECT_EQ(*whole->merge(files[0]), 3);
    EXPECT_EQ(*whole->merge(files[1]), 2);
    EXPECT_EQ(*whole->merge(files[1]), 0);
    const auto runs = whole->runs("small");
    ASSERT_EQ(runs->size(), 5U);
    for (const CellRun& run : *runs) EXPECT_GT(run.scores.size(), 4U) << run.cell;
    EXPECT_EQ(whole->gate("small")->value().metric, "passed");
}

TEST(Store, FindingsAreReplacedAndMerged) {
    const fs::path a_path = fresh("findings_a"), b_path = fresh("findings_b");
    const auto a = Store::open(a_path, Access::kCreate);
    ASSERT_TRUE(a) << a.error().text();
    EXPECT_EQ(*a->finding("k1", "shrink"), "");
    ASSERT_TRUE(a->keep_finding("k1", "shrink", "{\"n\":1}"));
    ASSERT_TRUE(a->keep_finding("k1", "shrink", "{\"n\":2}"));
    EXPECT_EQ(*a->finding("k1", "shrink"), "{\"n\":2}");
    EXPECT_EQ(*a->finding("k1", "blame"), "");
    {
        const auto b = Store::open(b_path, Access::kCreate);
        ASSERT_TRUE(b) << b.error().text();
        ASSERT_TRUE(b->keep_finding("k1", "shrink", "{\"n\":3}"));
        ASSERT_TRUE(b->keep_finding("k1", "blame", "{\"n\":4}"));
    }
    const auto merged = a->merge(b_path);
    ASSERT_TRUE(merged) << merged.error().text();
    EXPECT_EQ(*a->finding("k1", "shrink"), "{\"n\":2}") << "what is there stays";
    EXPECT_EQ(*a->finding("k1", "blame"), "{\"n\":4}");
}

TEST(Store, FilesFromBeforeFindingsAreReadWrittenAndMerged) {
    const auto old_file = [](const std::string& name) {
        fs::path path = fresh(name);
        (void)Store::open(path, Access::kCreate);
        const auto file = database::Database::open(
            path, {.what = "results", .origin = "", .version = 1, .create = ""}, Access::kExisting);
        EXPECT_TRUE(file->execute("DROP TABLE findings"));
        return path;
    };
    const fs::path old = old_file("before_findings"), part = old_file("part_before_findings");
    {
        const auto reader = Store::open(old, Access::kReadOnly);
        ASSERT_TRUE(reader) << reader.error().text();
        const auto none = reader->finding("k1", "shrink");
        ASSERT_TRUE(none) << none.error().text();
        EXPECT_EQ(*none, "");
    }
    const auto writer = Store::open(old, Access::kExisting);
    ASSERT_TRUE(writer) << writer.error().text();
    ASSERT_TRUE(writer->keep_finding("k1", "shrink", "{}"));
    EXPECT_EQ(*writer->finding("k1", "shrink"), "{}");
    const auto merged = writer->merge(part);
    EXPECT_TRUE(merged) << merged.error().text();
}

TEST(Store, AMergeOfDifferentResultsForOneKeyIsRefusedAndChangesNothing) {
    const Suite suite = small_suite();
    const fs::path a = fresh("same_a"), b = fresh("same_b");
    const Item item = item_of(suite, 0, "oracle"), more = item_of(suite, 1, "oracle");
    const auto first = Store::open(a, Access::kCreate), second = Store::open(b, Access::kCreate);
    ASSERT_TRUE(first->put(item, result_of(item, true, 7)));
    ASSERT_TRUE(second->put(item, result_of(item, true, 8)));
    ASSERT_TRUE(second->put(more, result_of(more, true)));
    const auto merged = first->merge(b);
    ASSERT_FALSE(merged);
    EXPECT_NE(merged.error().message.find("expected the same bits"), std::string::npos);
    EXPECT_EQ(first->runs()->size(), 1U);
    // And a file that is none.
    const fs::path text = fs::path(testing::TempDir()) / "huntsman_store_text.sqlite";
    std::ofstream(text) << "not a database, but long enough to be taken for one by its size";
    EXPECT_NE(first->merge(text).error().text().find("expected results of a suite"),
              std::string::npos);
}

TEST(Compare, FindsWhatIsWorseAndWhere) {
    const Suite suite = small_suite();
    const fs::path a = fresh("main"), b = fresh("change");
    const auto first = Store::open(a, Access::kCreate), second = Store::open(b, Access::kCreate);
    ASSERT_TRUE(first->declare(suite));
    ASSERT_TRUE(second->declare(suite));
    for (std::size_t i = 0; i < suite.cells.size(); ++i) {
        const Item item = item_of(suite, i, "oracle");
        ASSERT_TRUE(first->put(item, result_of(item, true)));
        const bool pedestrian = item.cell->situation == "cpfa" || item.cell->situation == "cpnco";
        ASSERT_TRUE(second->put(item, result_of(item, !pedestrian)));
    }
    const auto compared = compare({.a = a.string(), .b = b.string()});
    ASSERT_TRUE(compared) << compared.error().text();
    EXPECT_EQ(compared->report.verdict, gate::Verdict::kWorse);
    EXPECT_FALSE(compared->passed());
    EXPECT_EQ(compared->report.new_failures.size(), 6U);
    // Both tags are of the same cells.
    const auto& first_two = std::span(compared->report.findings).first(2);
    EXPECT_TRUE(
        std::ranges::any_of(first_two, [](const auto& f) { return f.name == "pedestrian"; }));
    EXPECT_NE(text(*compared).find("cpfa/town_2"), std::string::npos);
    EXPECT_NE(junit(*compared).find("<failure "), std::string::npos);
    EXPECT_NE(markdown(*compared).find("**worse**"), std::string::npos);
    EXPECT_NE(html(*compared).find("cpnco/town_3"), std::string::npos);
    EXPECT_EQ(to_json(*compared)["verdict"], "worse");

    const auto same = compare({.a = a.string(), .b = a.string()});
    ASSERT_TRUE(same) << same.error().text();
    EXPECT_EQ(same->report.verdict, gate::Verdict::kNotWorse);
    EXPECT_EQ(junit(*same).find("<failure "), std::string::npos);
}

TEST(Compare, SaysWhatItDoesNotKnow) {
    const Suite suite = small_suite();
    const fs::path a = fresh("known");
    const auto store = Store::open(a, Access::kCreate);
    const Item item = item_of(suite, 0, "oracle");
    ASSERT_TRUE(store->put(item, result_of(item, true)));
    const auto error_of = [](const CompareSettings& settings) {
        const auto compared = compare(settings);
        return compared ? std::string() : compared.error().text();
    };
    const std::string file = a.string();
    EXPECT_NE(error_of({.a = file, .b = "/nowhere.sqlite"}).find("does not exist"),
              std::string::npos);
    EXPECT_NE(error_of({.a = "oracle", .b = "magic", .results = file}).find("expected one of them"),
              std::string::npos);
    EXPECT_NE(error_of({.a = file, .b = file, .metric = "beauty"}).find("--metric is beauty"),
              std::string::npos);
    EXPECT_NE(error_of({.a = file, .b = file, .metric = "collisions"}).find("expected --margin"),
              std::string::npos);
    EXPECT_NE(error_of({.a = file, .b = file, .suite = "other"}).find("--suite"),
              std::string::npos);
}

// HUNTSMAN_MUTATIONS: how many files.
TEST(Store, DamagedFilesAreReadOrRefused) {
    const Suite suite = small_suite();
    const fs::path whole = fresh("whole");
    {
        const auto store = Store::open(whole, Access::kCreate);
        ASSERT_TRUE(store) << store.error().text();
        std::vector<Item> items;
        for (std::size_t i = 0; i < suite.cells.size(); ++i) {
            items.push_back(item_of(suite, i, "oracle"));
            loop::RunResult result = result_of(items.back(), i % 3 != 0);
            result.perception = score::PerceptionJudge::of({.frames = 20});
            ASSERT_TRUE(store->put(items.back(), result));
        }
        ASSERT_TRUE(store->declare(suite));
        std::vector<const Item*> all;
        for (const Item& item : items) all.push_back(&item);
        ASSERT_TRUE(store->enter_all(all));
    }
    const auto bytes = engine::core::read_file(whole);
    ASSERT_TRUE(bytes);
    int read = 0, refused = 0;
    for (std::uint64_t i = 0; i < tests::mutations(100); ++i) {
        engine::core::Dice dice{engine::core::Key(i)};
        std::string bad = *bytes;
        if (i % 4 == 0) bad.resize(dice.index(bad.size()));
        for (int n = dice.integer(1, 10); n > 0 && !bad.empty(); --n) {
            // Pages begin with what leads to everything else in them.
            const std::size_t page = dice.index(bad.size()) / 4096 * 4096;
            const std::size_t at = page + dice.index(dice.integer(0, 1) == 0 ? 64 : 4096);
            if (at < bad.size()) bad[at] = static_cast<char>(dice.integer(0, 255));
        }
        const fs::path file = fresh("damaged");
        ASSERT_TRUE(engine::core::write_file(file, bad));
        const auto refuses = [&](const auto& result) {
            if (result) return false;
            EXPECT_FALSE(result.error().message.empty());
            return true;
        };
        bool faulty = false;
        {
            const auto store = Store::open(file, Access::kReadOnly);
            faulty = refuses(store);
            if (!faulty) {
                faulty = refuses(store->suites());
                faulty |= refuses(store->runs("small"));
                faulty |= refuses(store->perception("small", "oracle"));
                faulty |= refuses(store->run_samples("oracle"));
                faulty |= refuses(compare({.a = whole.string(), .b = file.string()}));
            }
        }
        const auto into = Store::open(fresh("into"), Access::kCreate);
        ASSERT_TRUE(into);
        const bool merged = !refuses(into->merge(file));
        // All of the other or nothing of it.
        const auto held = into->runs();
        ASSERT_TRUE(held) << i << ": " << held.error().text();
        if (!merged) EXPECT_TRUE(held->empty()) << i;
        ++(faulty ? refused : read);
    }
    EXPECT_GT(refused, 0);
    EXPECT_GT(read, 0);
}

}  // namespace
}  // namespace huntsman::bridge::suite
