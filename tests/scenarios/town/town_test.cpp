#include "scenarios/town/town.h"

#include <gtest/gtest.h>

namespace huntsman::scenarios::town {
namespace {

TEST(Town, X) { EXPECT_TRUE(generate({}).ok()); }

}  // namespace
}  // namespace huntsman::scenarios::town
