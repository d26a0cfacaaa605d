// Folders of exports and what is in them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "engine/core/files.h"

namespace huntsman::bridge::exporting {

// An empty place; the dataset's own folder has the same name in each, which manifests say.
inline std::filesystem::path fresh(const std::string& name) {
    const auto folder = std::filesystem::path(testing::TempDir()) / ("huntsman-export-" + name);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder / "dataset";
}

// Two small parallel cameras, as a file in this folder.
inline constexpr char kSmallRig[] =
    R"({"name": "small", "description": "two small cameras", "rate_hz": 4,
 "cameras": [
  {"name": "left", "position_m": [1.45, 0.27, 1.65], "yaw_deg": 0, "range_m": 80,
   "size": [160, 96], "lens": {"model": "pinhole", "fx": 100, "fy": 100, "cx": 80, "cy": 48,
                               "for_size": [160, 96]}},
  {"name": "right", "position_m": [1.45, -0.27, 1.65], "yaw_deg": 0, "range_m": 80,
   "size": [160, 96], "lens": {"model": "pinhole", "fx": 100, "fy": 100, "cx": 80, "cy": 48,
                               "for_size": [160, 96]}}]})";
inline std::filesystem::path small_rig(const std::filesystem::path& folder) {
    const auto path = folder / "huntsman-export-rig.json";
    EXPECT_TRUE(engine::core::write_file(path, kSmallRig).ok());
    return path;
}

using Files = std::map<std::string, std::string>;  // content by path below the folder

inline Files files_of(const std::filesystem::path& folder) {
    Files files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const auto content = engine::core::read_file(entry.path());
        EXPECT_TRUE(content.ok()) << entry.path();
        files[std::filesystem::relative(entry.path(), folder).string()] = *content;
    }
    return files;
}

inline void expect_same(const std::filesystem::path& a, const std::filesystem::path& b) {
    const Files first = files_of(a), second = files_of(b);
    ASSERT_GT(first.size(), 4U);
    for (const auto& [name, content] : first) {
        ASSERT_TRUE(second.count(name)) << name << " is missing";
        EXPECT_TRUE(second.at(name) == content) << name << " differs";
    }
    for (const auto& [name, content] : second) EXPECT_TRUE(first.count(name)) << name << " is left";
}

}  // namespace huntsman::bridge::exporting
