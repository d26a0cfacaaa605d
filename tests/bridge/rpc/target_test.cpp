#include "bridge/rpc/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace huntsman::bridge::rpc {
namespace {

using testing::ElementsAre;

std::string expected(const std::string& driver) {
    const auto target = parse_target(driver);
    return target ? "" : target.error().message;
}

TEST(Target, AddressesOfThisMachineAndOthers) {
    for (const auto& [driver, address, here] :
         {std::tuple("grpc:127.0.0.1:5005", "127.0.0.1:5005", true),
          {"grpc:127.8.9.10:1", "127.8.9.10:1", true},
          {"grpc:localhost:65535", "localhost:65535", true},
          {"grpc:[::1]:5005", "[::1]:5005", true},
          {"grpc:[2001:db8::1]:5005", "[2001:db8::1]:5005", false},
          {"grpc:127.0.0.1.example.org:5005", "127.0.0.1.example.org:5005", false},
          {"grpc:robot:5005", "robot:5005", false},
          {"grpc:unix:/run/driver.sock", "unix:/run/driver.sock", true}}) {
        const auto target = parse_target(driver);
        ASSERT_TRUE(target) << driver << ": " << target.error().text();
        EXPECT_EQ(target->address, address);
        EXPECT_EQ(target->this_machine, here) << driver;
        EXPECT_TRUE(target->command.empty());
    }
}

TEST(Target, OtherAddressesAreErrors) {
    for (const char* driver : {"grpc:host", "grpc::5005", "grpc:a:b:5005", "grpc:http://a:5005",
                               "grpc:a b:5005", "grpc:dns:///a:5005"}) {
        EXPECT_EQ(expected(driver), "expected grpc:HOST:PORT or grpc:unix:/PATH") << driver;
    }
    for (const char* driver : {"grpc:host:", "grpc:host:0", "grpc:host:65536", "grpc:host:-1",
                               "grpc:host:80x", "grpc:host:99999999999999999999"}) {
        EXPECT_EQ(expected(driver), "expected a port from 1 to 65535 after grpc:HOST:") << driver;
    }
    for (const std::string& driver : {std::string("grpc:unix:"), std::string("grpc:unix:relative"),
                                      "grpc:unix:/" + std::string(200, 'x')}) {
        EXPECT_EQ(expected(driver),
                  "expected an absolute path of at most 107 bytes after "
                  "grpc:unix:");
    }
    EXPECT_EQ(expected(std::string("exec:a\0b", 8)), "expected text without zero bytes");
}

TEST(Target, CommandsAreSplitAsAShellDoesIt) {
    const auto words = [](const std::string& command) {
        const auto target = parse_target("exec:" + command);
        EXPECT_TRUE(target) << target.error().text();
        EXPECT_TRUE(target->this_machine);
        return target ? target->command : std::vector<std::string>();
    };
    EXPECT_THAT(words("python3 my_driver.py"), ElementsAre("python3", "my_driver.py"));
    EXPECT_THAT(words("  a\t b  "), ElementsAre("a", "b"));
    EXPECT_THAT(words("'a b' \"c 'd\" e\\ f"), ElementsAre("a b", "c 'd", "e f"));
    EXPECT_THAT(words("a'b'\"c\"d ''"), ElementsAre("abcd", ""));
    EXPECT_THAT(words(R"("a\"b" 'c\d')"), ElementsAre("a\"b", "c\\d"));
    EXPECT_THAT(words("a $HOME *"), ElementsAre("a", "$HOME", "*"));
    EXPECT_EQ(expected("exec:"), "expected a command after exec:");
    EXPECT_EQ(expected("exec:  "), "expected a command after exec:");
    EXPECT_EQ(expected("exec:'' a"), "expected a command after exec:");
    EXPECT_EQ(expected("exec:a 'b"), "expected a closing '");
    EXPECT_EQ(expected("exec:a \"b"), "expected a closing \"");
}

}  // namespace
}  // namespace huntsman::bridge::rpc
