// The maps of others that the tests read, where they are at hand.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace huntsman::scenarios::opendrive {

inline std::filesystem::path interop_folder() {
    return std::filesystem::path(HUNTSMAN_SOURCE_DIR) / "../shared/interop/opendrive";
}
inline const std::vector<std::string>& interop_maps() {
    static const std::vector<std::string> maps = {"Town01",
                                                  "Town03",
                                                  "curve_r100",
                                                  "curves_elevation",
                                                  "e6mini",
                                                  "fabriksgatan_traffic_lights",
                                                  "jolengatan",
                                                  "simple_4way_intersection",
                                                  "straight_500m_roadmarks",
                                                  "velodrome"};
    return maps;
}

class InteropMap : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(path())) GTEST_SKIP() << path() << " is not at hand";
    }
    std::filesystem::path path() const { return interop_folder() / (GetParam() + ".xodr"); }
    std::filesystem::path expected() const {
        return interop_folder() / "expected" / (GetParam() + ".csv");
    }
};

}  // namespace huntsman::scenarios::opendrive
