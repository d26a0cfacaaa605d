#include "bridge/rpc/handover.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "tests/bridge/rpc/leaks.h"

namespace huntsman::bridge::rpc {
namespace {

bool is_listened_at(const std::string& name) {
    std::ifstream file("/proc/net/unix");
    for (std::string line; std::getline(file, line);) {
        if (line.find(name) != std::string::npos) return true;
    }
    return false;
}

TEST(Handover, GivesTheDescriptorOnce) {
    const auto before = open_descriptors();
    const int memory = memfd_create("test", 0);
    ASSERT_EQ(write(memory, "hello", 5), 5);
    {
        const auto handover = Handover::offer(memory);
        ASSERT_TRUE(handover) << handover.error().text();
        const std::string name = (*handover)->socket();
        EXPECT_TRUE(is_listened_at(name));
        const auto taken = take_descriptor(name);
        ASSERT_TRUE(taken) << taken.error().text();
        EXPECT_NE(*taken, memory);
        char text[5] = {};
        EXPECT_EQ(pread(*taken, text, 5, 0), 5);
        EXPECT_EQ(std::string(text, 5), "hello");
        close(*taken);
    }
    close(memory);
    EXPECT_EQ(open_descriptors(), before);
}

TEST(Handover, WhatNobodyTookIsNotOfferedAnyMore) {
    const auto before = open_descriptors();
    std::string name;
    {
        const auto handover = Handover::offer(0);
        ASSERT_TRUE(handover) << handover.error().text();
        name = (*handover)->socket();
    }
    EXPECT_FALSE(is_listened_at(name));
    const auto taken = take_descriptor(name);
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().message.find("nobody hands them over"), std::string::npos);
    EXPECT_EQ(open_descriptors(), before);
}

TEST(Handover, NamesCannotBeGuessedAndAreNotTooLong) {
    EXPECT_EQ(random_hex(33).size(), 33U);
    EXPECT_NE(random_hex(32), random_hex(32));
    EXPECT_EQ(random_hex(64).find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_FALSE(take_descriptor(std::string(200, 'x')));
}

}  // namespace
}  // namespace huntsman::bridge::rpc
