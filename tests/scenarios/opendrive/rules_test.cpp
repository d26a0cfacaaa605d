// docs/opendrive.md names the rules of the findings: all of them, and no others.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "engine/core/files.h"

namespace {

namespace fs = std::filesystem;
const fs::path kRoot = HUNTSMAN_SOURCE_DIR;

std::string text_of(const fs::path& path) {
    return huntsman::engine::core::read_file(path).value();
}
std::set<std::string> matches(const std::string& text, const std::string& pattern) {
    std::set<std::string> found;
    const std::regex regex(pattern);
    for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at)
        found.insert((*at)[1]);
    return found;
}

TEST(Rules, DocumentationAndSourcesNameTheSame) {
    const std::string rule =
        "((?:road|lane|junction|signal|object|controller|header|records|number|attribute|word|text|"
        "element|mark)\\.[a-z.-]+)";
    std::set<std::string> sources;
    for (const auto& entry : fs::directory_iterator(kRoot / "scenarios/opendrive")) {
        if (entry.path().extension() != ".cpp") continue;
        sources.merge(matches(text_of(entry.path()), "\"" + rule + "\""));
    }
    // Joints of lanes are reported by what joins them.
    for (const std::string joint : {"lane.link", "junction.lane-link"}) {
        EXPECT_EQ(sources.erase(joint), 1U) << joint;
        for (const char* kind : {".gap", ".kink", ".side"}) sources.insert(joint + kind);
    }
    const std::string docs = text_of(kRoot / "docs/opendrive.md");
    EXPECT_EQ(sources, matches(docs, "`" + rule + "`"));
}

}  // namespace
