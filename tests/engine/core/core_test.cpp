#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <vector>

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/core/job_pool.h"
#include "engine/core/random.h"

namespace huntsman::engine::core {
namespace {

TEST(Key, SameWordsGiveSameBitsAndOrderOfDrawsDoesNotMatter) {
    const Key key = Key(7).with(3).with("reaction");
    const std::uint64_t second = key.bits(1);
    const std::uint64_t first = key.bits(0);
    EXPECT_EQ(Key(7).with(3).with("reaction").bits(0), first);
    EXPECT_EQ(Key(7).with(3).with("reaction").bits(1), second);
    EXPECT_NE(first, second);
}

TEST(Key, ChildrenOfManyActorsDoNotCollide) {
    std::set<std::uint64_t> seen;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        for (std::uint64_t actor = 0; actor < 500; ++actor) {
            seen.insert(Key(seed).with(actor).bits());
        }
    }
    EXPECT_EQ(seen.size(), 10000U);
}

TEST(Key, UniformAndNormalHaveTheirMoments) {
    // 1e5 draws: the standard error of the mean is 0.0009 (uniform) and 0.0032 (normal); 5 sigma.
    const Key key(11);
    double sum = 0, normal_sum = 0, normal_square = 0;
    constexpr int kDraws = 100000;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
        const double u = key.uniform(i);
        ASSERT_GE(u, 0.0);
        ASSERT_LT(u, 1.0);
        sum += u;
        const double n = key.with("n").normal(i);
        normal_sum += n;
        normal_square += n * n;
    }
    EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
    EXPECT_NEAR(normal_sum / kDraws, 0.0, 0.016);
    EXPECT_NEAR(normal_square / kDraws, 1.0, 0.025);
}

TEST(Hasher, NegativeZeroEqualsZeroAndOrderCounts) {
    Hasher a, b, c, d;
    a.add(0.0);
    b.add(-0.0);
    EXPECT_EQ(a.digest(), b.digest());
    c.add(1.0);
    c.add(2.0);
    d.add(2.0);
    d.add(1.0);
    EXPECT_NE(c.digest(), d.digest());
    EXPECT_NE(hash_chain(hash_chain(0, 1), 2), hash_chain(hash_chain(0, 2), 1));
}

TEST(JobPool, RunsEachIndexOnceWhateverTheThreads) {
    for (const int threads : {1, 2, 7}) {
        JobPool pool(threads);
        EXPECT_EQ(pool.threads(), threads);
        for (const std::size_t count : {0UL, 1UL, 3UL, 1000UL}) {
            std::vector<std::atomic<int>> hits(count);
            pool.run(count, [&](std::size_t i) { ++hits[i]; });
            for (const auto& hit : hits) EXPECT_EQ(hit.load(), 1);
        }
    }
}

TEST(Files, WriteReadRoundTripAndClearErrors) {
    const auto folder = std::filesystem::temp_directory_path() / "huntsman_files_test";
    std::filesystem::remove_all(folder);
    ASSERT_TRUE(make_writable_folder(folder / "a" / "b"));
    const std::string content("one\0two", 7);
    ASSERT_TRUE(write_file(folder / "x", content));
    EXPECT_EQ(read_file(folder / "x").value(), content);
    EXPECT_FALSE(read_file(folder / "missing").ok());
    EXPECT_NE(read_file(folder / "missing").error().text().find("missing: cannot be read"),
              std::string::npos);
    EXPECT_FALSE(read_file(folder).ok());
    // A file where a folder should be.
    EXPECT_FALSE(make_writable_folder(folder / "x").ok());
    EXPECT_FALSE(write_file(folder / "none" / "x", "y").ok());
    // A link leads to what is replaced, and stays; a device is written into, and stays one.
    std::filesystem::create_symlink(folder / "x", folder / "link");
    ASSERT_TRUE(write_file(folder / "link", "through"));
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
    EXPECT_EQ(*read_file(folder / "x"), "through");
    const auto full = write_file("/dev/full", "text");
    ASSERT_FALSE(full);
    EXPECT_NE(full.error().message.find("cannot be written completely"), std::string::npos);
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
    EXPECT_TRUE(write_file("/dev/null", "text"));
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace huntsman::engine::core
