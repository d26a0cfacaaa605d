#include "engine/core/shell.h"

#include <gtest/gtest.h>

namespace huntsman::engine::core {
namespace {

TEST(ShellWord, OnlyWhatNeedsQuotesIsQuoted) {
    EXPECT_EQ(shell_word("runs/a-1.0"), "runs/a-1.0");
    EXPECT_EQ(shell_word("my run"), "'my run'");
    EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
    EXPECT_EQ(shell_word(""), "''");
}

}  // namespace
}  // namespace huntsman::engine::core
