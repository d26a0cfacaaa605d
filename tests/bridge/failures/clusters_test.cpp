// Failing runs become distinct failures, drivers' trends and pages.
#include "bridge/failures/clusters.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bridge/failures/gallery.h"
#include "bridge/failures/trends.h"

namespace huntsman::bridge::failures {
namespace {

// `geometry` empty: the run passes.
JudgedRun run_of(const std::string& key, const std::string& driver, const std::string& geometry,
                 double severity, bool confirmation = false) {
    JudgedRun run{.file = "r.sqlite",
                  .key = key,
                  .suite = "hunt cpnco",
                  .driver = driver,
                  .situation = "cpnco",
                  .place = "town_2001",
                  .light = severity > 1.5 ? "night" : "day",
                  .confirmation = confirmation};
    run.facts.evaluation.valid = true;
    run.facts.evaluation.severity = severity;
    run.facts.evaluation.failed = !geometry.empty();
    if (!geometry.empty()) {
        run.facts.signature = {
            .kind = "no_collision", .other = "pedestrian", .geometry = geometry, .cause = {}};
        run.facts.reason = "it hit <somebody>";
    }
    return run;
}

std::vector<JudgedRun> some_runs() {
    return {run_of("a", "old", "from the right", 1.2),
            run_of("b", "old", "from the right", 1.9),
            run_of("c", "old", "behind", 1.1),
            run_of("d", "old", "", 0.4),
            run_of("e", "new", "from the left", 1.3),
            run_of("f", "new", "from the right", 1.4),
            run_of("g", "new", "", 0.2),
            run_of("h", "new", "", 0.1)};
}

TEST(Clusters, GroupBySignatureTheMostSevereFirst) {
    const auto clusters = clusters_of(some_runs());
    ASSERT_EQ(clusters.size(), 3U);
    EXPECT_EQ(clusters[0].signature.geometry, "from the right");
    EXPECT_EQ(clusters[0].members.size(), 3U);
    EXPECT_EQ(clusters[0].first().key, "b");
    EXPECT_EQ(clusters[0].worst_severity(), 1.9);
    EXPECT_EQ(clusters[0].drivers.at("old"), 2);
    EXPECT_EQ(clusters[0].lights.at("night"), 1);
    EXPECT_EQ(clusters[1].signature.geometry, "from the left");
    EXPECT_EQ(clusters[2].signature.geometry, "behind");
    EXPECT_EQ(counts_text(clusters[0].lights), "day 2, night 1");
}

TEST(Clusters, AConfirmedRunStandsBeforeAMoreSevereOne) {
    auto runs = some_runs();
    runs[0].confirmation = true;
    EXPECT_EQ(clusters_of(runs)[0].first().key, "a");
}

TEST(Clusters, TheOrderOfRunsDoesNotMatter) {
    auto runs = some_runs();
    const auto before = to_json(clusters_of(runs), runs);
    std::reverse(runs.begin(), runs.end());
    EXPECT_EQ(to_json(clusters_of(runs), runs), before);
}

TEST(Trends, SayWhatCameAndWhatWent) {
    const std::vector<std::string> order = {"old", "new"};
    const auto trends = trends_of(some_runs(), order);
    ASSERT_EQ(trends.size(), 2U);
    EXPECT_EQ(trends[0].runs, 4U);
    EXPECT_EQ(trends[0].failed, 3U);
    EXPECT_TRUE(trends[0].appeared.empty());
    EXPECT_EQ(trends[1].appeared,
              std::vector<std::string>{"no_collision, pedestrian, from the left"});
    EXPECT_EQ(trends[1].gone, std::vector<std::string>{"no_collision, pedestrian, behind"});
    // Without an order by name; a driver without runs has none.
    EXPECT_EQ(trends_of(some_runs(), {})[0].driver, "new");
    const std::vector<std::string> nobody = {"nobody"};
    EXPECT_EQ(trends_of(some_runs(), nobody)[0].share.upper, 1);
}

// [Wilson 1927], by hand: p = 0.3, n = 10 gives 0.1078 to 0.6032; 0 of 10 reaches to
// z^2 / (n + z^2) = 0.2775.
TEST(Trends, IntervalsMatchTheClosedForm) {
    const Share share = share_of(3, 10);
    EXPECT_NEAR(share.lower, 0.1078, 1e-4);
    EXPECT_NEAR(share.upper, 0.6032, 1e-4);
    EXPECT_EQ(share_of(0, 10).lower, 0);
    EXPECT_NEAR(share_of(0, 10).upper, 0.2775, 1e-4);
    EXPECT_NEAR(share_of(10, 10).upper, 1, 1e-12);
}

TEST(Gallery, APageEscapesAndLeavesOutWhatIsNotThere) {
    const auto runs = some_runs();
    Gallery gallery{.files = {"r.sqlite"}, .runs = runs.size(), .failed = 5, .entries = {}};
    gallery.entries.push_back({.cluster = clusters_of(runs)[0]});
    const std::string bare = html(gallery);
    EXPECT_NE(bare.find("it hit &lt;somebody&gt;"), std::string::npos);
    EXPECT_NE(bare.find("huntsman blame "), std::string::npos) << "how to find it out";
    EXPECT_EQ(bare.find("In another world"), std::string::npos);
    EXPECT_NE(bare.find("huntsman shrink b --results r.sqlite"), std::string::npos);
    EXPECT_EQ(bare.find("<img"), std::string::npos);
    GalleryEntry& entry = gallery.entries[0];
    entry.needs.sentence = "needs cross_speed";
    entry.blame.parts = {{"perception:class=pedestrian", 0.83}};
    entry.blame.world = {{"by day", true}};
    entry.shown.pictures = {{"1.0 s before", "bytes"}};
    const std::string full = html(gallery);
    EXPECT_NE(full.find("needs cross_speed"), std::string::npos);
    EXPECT_EQ(full.find("huntsman shrink"), std::string::npos);
    EXPECT_NE(full.find("83 %"), std::string::npos);
    EXPECT_NE(full.find("by day"), std::string::npos);
    EXPECT_NE(full.find("<img"), std::string::npos);
    EXPECT_NE(full.find("</html>"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::bridge::failures
