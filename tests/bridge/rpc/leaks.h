// What a test must leave as it was.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace huntsman::bridge::rpc {

// What this process's descriptors are of; without those of gRPC itself, which keeps a few for good
// once it has been used.
inline std::multiset<std::string> open_descriptors() {
    std::multiset<std::string> all;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const auto target = std::filesystem::read_symlink(entry.path(), ignored).string();
        if (!ignored && target.find("/proc/") != 0) all.insert(target.substr(0, target.find(':')));
    }
    return all;
}

// Ids of children that are there, zombies too.
inline std::string children() {
    std::string all;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream file(task.path() / "children");
        std::string line;
        std::getline(file, line);
        all += line;
    }
    return all;
}

}  // namespace huntsman::bridge::rpc
