#include "bridge/trace/output_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "engine/core/files.h"

namespace huntsman::bridge::trace {
namespace {

namespace fs = std::filesystem;

struct OutputFileTest : testing::Test {
    fs::path folder = fs::path(testing::TempDir()) / "output_file";
    void SetUp() override {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }
};

TEST_F(OutputFileTest, HasItsNameOnlyWhenItIsFinished) {
    auto file = OutputFile::create(folder / "a");
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("one"));
    EXPECT_FALSE(fs::exists(folder / "a"));
    ASSERT_TRUE(file->write("two"));
    ASSERT_TRUE(file->finish());
    EXPECT_EQ(*engine::core::read_file(folder / "a"), "onetwo");
    EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFileTest, WhatIsNotFinishedLeavesTheOldFile) {
    ASSERT_TRUE(engine::core::write_file(folder / "a", "old"));
    {
        auto file = OutputFile::create(folder / "a");
        ASSERT_TRUE(file && file->write("new"));
    }
    EXPECT_EQ(*engine::core::read_file(folder / "a"), "old");
    EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFileTest, CrcIsThatOfTheCatalogue) {
    // The check value of CRC-32 [RFC 1952, ISO 3309].
    auto file = OutputFile::create(folder / "a");
    ASSERT_TRUE(file && file->write("1234") && file->write("56789"));
    EXPECT_EQ(file->crc(), 0xCBF43926U);
    EXPECT_EQ(file->size(), 9U);
}

TEST_F(OutputFileTest, MissingFolderIsAnError) {
    const auto file = OutputFile::create(folder / "missing" / "a");
    ASSERT_FALSE(file);
    EXPECT_NE(file.error().text().find("missing/a: cannot be written: No such file"),
              std::string::npos)
        << file.error().text();
}

TEST_F(OutputFileTest, AFolderIsAnError) {
    const auto file = OutputFile::create(folder);
    ASSERT_FALSE(file);
    EXPECT_NE(file.error().text().find("is a folder, expected a file"), std::string::npos);
}

TEST_F(OutputFileTest, FullDiskIsAnError) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
    auto file = OutputFile::create("/dev/full");
    ASSERT_TRUE(file);
    // Small pieces wait in a buffer until the end.
    ASSERT_TRUE(file->write("a"));
    const auto end = file->finish();
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().text(),
              "/dev/full: cannot be written completely: No space left on device");

    auto large = OutputFile::create("/dev/full");
    ASSERT_TRUE(large);
    EXPECT_FALSE(large->write(std::string(1 << 20, 'a')));
}

}  // namespace
}  // namespace huntsman::bridge::trace
