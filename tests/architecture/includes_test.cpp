// The include arrows of the house: each room includes only rooms that its CMakeLists.txt declares,
// none of them in a folder above, and each third-party library is seen in its own rooms only.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path kRoot = HUNTSMAN_SOURCE_DIR;

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

std::string room_of(const std::string& path) { return part(path, 0) + "/" + part(path, 1); }

// The rooms that each room depends on: DEPENDS of hm_room, and for the program the libraries that
// it is linked with.
using Declared = std::map<std::string, std::set<std::string>>;

Declared declared_rooms() {
    const std::regex room(R"(hm_room\(([\w/]+)\s([^)]*)\))"), word(R"(\S+)");
    const std::regex program(
        R"(target_link_libraries\((huntsman|huntsman_example_driver)\s([^)]*)\))");
    const std::regex library(R"(huntsman_([a-z]+)_(\w+))");
    Declared declared;
    for (const auto& [folder, allowed] : kFolders) {
        for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
            if (entry.path().filename() != "CMakeLists.txt") continue;
            std::ifstream file(entry.path());
            const std::string text((std::istreambuf_iterator<char>(file)), {});
            for (auto call = std::sregex_iterator(text.begin(), text.end(), room);
                 call != std::sregex_iterator(); ++call) {
                auto& rooms = declared[(*call)[1]];
                const std::string words = (*call)[2];
                bool depends = false;
                for (auto w = std::sregex_iterator(words.begin(), words.end(), word);
                     w != std::sregex_iterator(); ++w) {
                    if (w->str().find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos) {
                        depends = w->str() == "DEPENDS";
                    } else if (depends) {
                        rooms.insert(w->str());
                    }
                }
            }
            std::smatch call;
            if (!std::regex_search(text, call, program)) continue;
            const std::string words = call[2];
            const fs::path own = fs::relative(entry.path().parent_path(), kRoot);
            for (auto l = std::sregex_iterator(words.begin(), words.end(), library);
                 l != std::sregex_iterator(); ++l) {
                declared[own.string()].insert((*l)[1].str() + "/" + (*l)[2].str());
            }
        }
    }
    return declared;
}

// What is included without being declared, or from a folder above.
std::vector<std::string> violations(const std::vector<Include>& includes,
                                    const Declared& declared) {
    std::vector<std::string> found;
    for (const Include& include : includes) {
        if (!include.quoted || std::count(include.target.begin(), include.target.end(), '/') < 2) {
            continue;  // of a library, or generated
        }
        const std::string to = part(include.target, 0);
        if (kFolders.count(to) == 0) continue;
        const std::string room = room_of(include.file), other = room_of(include.target);
        const std::string text = include.file + " includes " + include.target;
        if (kFolders.at(part(include.file, 0)).count(to) == 0) {
            found.push_back(text + ", of a folder above");
        } else if (room != other &&
                   (declared.count(room) == 0 || !declared.at(room).count(other))) {
            found.push_back(text + ", which " + room + " does not declare");
        }
    }
    return found;
}

TEST(Architecture, RoomsIncludeOnlyWhatTheyDeclare) {
    const auto includes = all_includes();
    ASSERT_GT(includes.size(), 300U);  // the walk really found the sources
    const Declared declared = declared_rooms();
    ASSERT_GT(declared.size(), 40U);
    for (const std::string& violation : violations(includes, declared)) ADD_FAILURE() << violation;
}

TEST(Architecture, AnIncludeThatIsNotDeclaredIsFound) {
    const Declared declared = declared_rooms();
    const auto found = violations({{"engine/math/planted.h", "engine/world/world.h", true},
                                   {"agents/traffic/planted.cpp", "bridge/loop/run.h", true},
                                   {"agents/traffic/planted.cpp", "engine/road/road_map.h", true}},
                                  declared);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0],
              "engine/math/planted.h includes engine/world/world.h, which engine/math does not "
              "declare");
    EXPECT_EQ(found[1], "agents/traffic/planted.cpp includes bridge/loop/run.h, of a folder above");
}

// Headers that a file includes, directly or through others.
std::set<std::string> reached_from(const std::string& file, const std::vector<Include>& includes) {
    std::set<std::string> reached{file};
    for (bool grown = true; grown;) {
        grown = false;
        for (const Include& include : includes) {
            if (include.quoted && reached.count(include.file) != 0) {
                grown = reached.insert(include.target).second || grown;
            }
        }
    }
    return reached;
}

// What agents decide from their beliefs cannot read the state: no file that decides sees its type.
TEST(Architecture, DecisionsOfAgentsCannotReachTheState) {
    const auto includes = all_includes();
    std::size_t decide = 0;
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / "agents/conduct")) {
        const std::string file = fs::relative(entry.path(), kRoot).string();
        if (!file.ends_with(".cpp") && !file.ends_with(".h")) continue;
        ++decide;
        EXPECT_EQ(reached_from(file, includes).count("engine/world/state.h"), 0U) << file;
    }
    EXPECT_GT(decide, 15U);
    // The same walk does find it where it is included, through other headers too.
    EXPECT_EQ(reached_from("agents/minds/perception.cpp", includes).count("engine/world/state.h"),
              1U);
}

TEST(Architecture, RoomsDependOnEachOtherInNoCircle) {
    Declared left = declared_rooms();
    for (bool changed = true; changed;) {
        changed = false;
        for (auto room = left.begin(); room != left.end();) {
            const bool free =
                std::none_of(room->second.begin(), room->second.end(),
                             [&](const std::string& other) { return left.count(other) != 0; });
            changed = changed || free;
            room = free ? left.erase(room) : std::next(room);
        }
    }
    for (const auto& [room, rooms] : left)
        ADD_FAILURE() << room << " depends on itself in a circle";
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
        {std::regex("^(vulkan|vk_)"), {"engine/gpu/", "engine/render/", "apps/editor/"}},
        {std::regex("^GLFW/|(^|/)(imgui|implot|ImGuizmo)"), {"apps/editor/"}},
        {std::regex("^(torch|ATen|c10)/"), {"bridge/torch/"}},
        {std::regex("^grpc(pp)?/|\\.grpc\\.pb\\.h$"), {"bridge/rpc/"}},
        {std::regex("^embree3/"), {"sensors/lidar/", "tests/support/reference/"}},
        {std::regex("^sqlite3"), {"bridge/database/"}},
        {std::regex("^lib(av|sw)"), {"sensors/encode/"}},
        {std::regex("^(zstd|zlib)\\.h$|^(osi3|foxglove)/"), {"bridge/trace/"}},
        {std::regex("^libdeflate"), {"sensors/encode/", "engine/import/"}},
        {std::regex("^(OpenEXR|Imath)/|^half"), {"sensors/encode/"}},
        {std::regex("^boost/"), {"bridge/gate/", "bridge/mine/"}},
        {std::regex("^pagmo/"), {"bridge/mine/"}},
        {std::regex("^CLI/"), {"apps/"}},
        {std::regex("^polyclipping/"), {"scenarios/streets/"}},
        {std::regex("^pugixml"), {"scenarios/opendrive/", "scenarios/openscenario/"}},
        {std::regex("^muParser"), {"scenarios/story/"}},
        {std::regex("^cairo/"), {"engine/draw/"}},
        {std::regex("^assimp/"), {"engine/import/"}},
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
