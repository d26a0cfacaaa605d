#include "bridge/run/driver_spec.h"

#include <gtest/gtest.h>

namespace huntsman::bridge::run {
namespace {

loop::RunOptions driven_by(const std::string& driver) {
    loop::RunOptions options;
    options.driver = driver;
    options.network = HUNTSMAN_SOURCE_DIR "/assets/networks/perception.pt";
    return options;
}

TEST(DriverSpec, EveryKindOfTheTableIsFoundByItsName) {
    for (const DriverKind& kind : driver_kinds()) {
        const std::string text = kind.network == NetworkFile::kInName ? ":some/file.pt" : ":host:5";
        const std::string name = kind.name + (kind.takes_text() ? text : "");
        const auto found = find_driver("--driver is", name);
        ASSERT_TRUE(found) << found.error().text();
        EXPECT_EQ(*found, &kind);
        EXPECT_NE(driver_names().find(kind.name), std::string::npos);
        EXPECT_NE(driver_help().find(kind.what), std::string::npos);
    }
}

TEST(DriverSpec, DriversNeedThePicturesThatTheTableSays) {
    for (const DriverKind& kind : driver_kinds()) {
        if (kind.takes_text()) continue;                          // the file is the user's
        if (kind.name == std::string(loop::kScripted)) continue;  // the story drives
        const auto made = make_driver(driven_by(kind.name));
        ASSERT_TRUE(made) << made.error().text();
        EXPECT_EQ((*made)->name(), kind.name);
        EXPECT_EQ((*made)->needs_images(), kind.needs_images) << kind.name;
    }
}

TEST(DriverSpec, UnknownNamesAreErrorsThatListTheDrivers) {
    for (const char* name : {"", "magic", "oracle2", "oracle:x", "torch", "torch:", "errors"}) {
        const auto found = find_driver("--driver is", name);
        ASSERT_FALSE(found) << name;
        EXPECT_EQ(
            found.error().message,
            std::string("--driver is ") + name +
                ", expected oracle, network, torch:FILE.pt, errors:FILE.json, grpc:HOST:PORT, "
                "exec:COMMAND, alpasim:HOST:PORT, constant, r157, scripted or none");
        EXPECT_FALSE(make_driver(driven_by(name)));
    }
}

TEST(DriverSpec, TheNetworksFileIsTheOptionOrPartOfTheNameOrNone) {
    EXPECT_EQ(network_file(driven_by("network")), driven_by("network").network);
    EXPECT_EQ(network_file(driven_by("torch:a:b.pt")), "a:b.pt");
    EXPECT_EQ(network_file(driven_by("oracle")), "");
    EXPECT_EQ(network_file(driven_by("mine")), "");
    EXPECT_EQ(network_file(driven_by("exec:mine.pt")), "");
}

TEST(DriverSpec, FilesOfACommandAreThoseOfItsWords) {
    const std::string file = HUNTSMAN_SOURCE_DIR "/README.md";
    const auto files = driver_files(driven_by("exec:python3 " + file + " --fast"));
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0], file);
    EXPECT_TRUE(driver_files(driven_by("grpc:127.0.0.1:5005")).empty());
    EXPECT_EQ(driver_files(driven_by("torch:a.pt")).at(0), "a.pt");
}

TEST(DriverSpec, TheTextOfADriverInAnotherProcessIsChecked) {
    for (const auto& [name, expected] :
         {std::pair("grpc:host", "expected grpc:HOST:PORT or grpc:unix:/PATH"),
          {"grpc:host:0", "expected a port from 1 to 65535 after grpc:HOST:"},
          {"alpasim:host", "expected alpasim:HOST:PORT or alpasim:unix:/PATH"},
          {"exec:  ", "expected a command after exec:"},
          {"exec:'a", "expected a closing '"}}) {
        const auto found = find_driver("--driver is", name);
        ASSERT_FALSE(found) << name;
        EXPECT_EQ(found.error().message, std::string("--driver is ") + name + ", " + expected);
    }
}

}  // namespace
}  // namespace huntsman::bridge::run
