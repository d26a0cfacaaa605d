// The include arrows of the house: each room includes only rooms below it, and each third-party
// library is seen in its own rooms only.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path kRoot = HUNTSMAN_SOURCE_DIR;

// Rooms of the engine from bottom to top with what each may include. The wheels stand on the road
// model, so physics sees road.
const std::map<std::string, std::set<std::string>> kEngine = {
    {"core", {"core"}},
    {"math", {"core", "math"}},
    {"draw", {"core", "math", "draw"}},
    {"driving", {"math", "driving"}},
    {"world", {"core", "math", "world"}},
    {"road", {"core", "math", "world", "road"}},
    {"physics", {"core", "math", "world", "road", "physics"}},
    {"gpu", {"core", "gpu"}},
    {"render", {"core", "math", "world", "gpu", "render"}},
    {"sim", {"core", "math", "world", "physics", "sim"}},
};
const std::map<std::string, std::set<std::string>> kFolders = {
    {"engine", {"engine"}},
    {"scenarios", {"engine", "scenarios"}},
    {"agents", {"engine", "agents"}},
    {"sensors", {"engine", "sensors"}},
    {"bridge", {"engine", "scenarios", "agents", "sensors", "bridge"}},
    {"apps", {"engine", "scenarios", "agents", "sensors", "bridge", "apps"}},
};

struct Include {
    std::string file;  // relative to the root
    std::string target;
    bool quoted;
};

std::vector<Include> all_includes() {
    std::vector<Include> includes;
    const std::regex pattern(R"(^\s*#include\s+([<"])([^>"]+)[>"])");
    for (const auto& [folder, allowed] : kFolders) {
        for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
            const auto extension = entry.path().extension();
            if (extension != ".h" && extension != ".cpp") continue;
            std::ifstream file(entry.path());
            std::smatch match;
            for (std::string line; std::getline(file, line);) {
                if (std::regex_search(line, match, pattern)) {
                    includes.push_back(
                        {fs::relative(entry.path(), kRoot).string(), match[2], match[1] == "\""});
                }
            }
        }
    }
    return includes;
}

std::string part(const std::string& path, std::size_t index) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < index; ++i) begin = path.find('/', begin) + 1;
    return path.substr(begin, path.find('/', begin) - begin);
}

TEST(Architecture, ArrowsPointDownOnly) {
    const auto includes = all_includes();
    ASSERT_GT(includes.size(), 300U);  // the walk really found the sources
    for (const Include& include : includes) {
        if (!include.quoted || include.target.find('/') == std::string::npos) continue;
        const std::string from = part(include.file, 0), to = part(include.target, 0);
        if (kFolders.count(to) == 0) continue;  // generated messages and local headers
        EXPECT_TRUE(kFolders.at(from).count(to)) << include.file << " includes " << include.target;
        if (from == "engine" && to == "engine") {
            const std::string room = part(include.file, 1), other = part(include.target, 1);
            ASSERT_TRUE(kEngine.count(room)) << include.file;
            EXPECT_TRUE(kEngine.at(room).count(other))
                << include.file << " includes " << include.target;
        }
    }
}

TEST(Architecture, OnlyRunAndTrainKnowTheRoomThatOpensLibTorch) {
    const std::set<std::string> allowed = {"torch", "run", "train"};
    for (const Include& include : all_includes()) {
        if (!include.quoted || !include.target.starts_with("bridge/torch/")) continue;
        if (!include.file.starts_with("bridge/")) continue;
        EXPECT_TRUE(allowed.count(part(include.file, 1)))
            << include.file << " includes " << include.target;
    }
}

TEST(Architecture, ThirdPartyLibrariesStayInTheirRooms) {
    const std::vector<std::pair<std::regex, std::vector<std::string>>> homes = {
        {std::regex("^(btBullet|Bullet|LinearMath)"), {"engine/physics/"}},
        {std::regex("^(vulkan|vk_)"), {"engine/gpu/", "engine/render/"}},
        {std::regex("^(torch|ATen|c10)/"), {"bridge/torch/"}},
        {std::regex("^embree3/"), {"sensors/lidar/", "tests/support/reference/"}},
        {std::regex("^sqlite3"), {"bridge/failures/"}},
        {std::regex("^lib(av|sw)"), {"sensors/encode/"}},
        {std::regex("^libdeflate"), {"sensors/encode/"}},
        {std::regex("^(OpenEXR|Imath)/|^half"), {"sensors/encode/"}},
        {std::regex("^CLI/"), {"apps/"}},
        {std::regex("^polyclipping/"), {"scenarios/streets/"}},
        {std::regex("^pugixml"), {"scenarios/opendrive/"}},
        {std::regex("^cairo/"), {"engine/draw/"}},
    };
    for (const Include& include : all_includes()) {
        for (const auto& [library, rooms] : homes) {
            if (!std::regex_search(include.target, library)) continue;
            bool home = false;
            for (const std::string& room : rooms) home = home || include.file.starts_with(room);
            EXPECT_TRUE(home) << include.file << " includes " << include.target;
        }
    }
}

}  // namespace
