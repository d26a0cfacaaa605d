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
        const bool with_file = kind.network == NetworkFile::kInName;
        const std::string name = std::string(kind.name) + (with_file ? ":some/file.pt" : "");
        const auto found = find_driver("--driver is", name);
        ASSERT_TRUE(found) << found.error().text();
        EXPECT_EQ(*found, &kind);
        EXPECT_NE(driver_names().find(kind.name), std::string::npos);
        EXPECT_NE(driver_help().find(kind.what), std::string::npos);
    }
}

TEST(DriverSpec, DriversNeedThePicturesThatTheTableSays) {
    for (const DriverKind& kind : driver_kinds()) {
        if (kind.network == NetworkFile::kInName) continue;       // the file is the user's
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
                ", expected oracle, network, torch:FILE.pt, errors:FILE.json, constant, r157, "
                "scripted or none");
        EXPECT_FALSE(make_driver(driven_by(name)));
    }
}

TEST(DriverSpec, TheNetworksFileIsTheOptionOrPartOfTheNameOrNone) {
    EXPECT_EQ(network_file(driven_by("network")), driven_by("network").network);
    EXPECT_EQ(network_file(driven_by("torch:a:b.pt")), "a:b.pt");
    EXPECT_EQ(network_file(driven_by("oracle")), "");
    EXPECT_EQ(network_file(driven_by("mine")), "");
}

}  // namespace
}  // namespace huntsman::bridge::run
