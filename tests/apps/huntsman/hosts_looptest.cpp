// A suite over several hosts: GNU parallel and real SSH servers on ports of this machine.
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/apps/huntsman/program.h"

namespace huntsman {
namespace {

namespace fs = std::filesystem;
using huntsman::tests::call;
using huntsman::tests::call_folder;
using huntsman::tests::Outcome;
using huntsman::tests::shell;
using huntsman::tests::text_of;

// An SSH server for this user alone, on a port of the loopback device.
class Server {
  public:
    explicit Server(int port) : port_(port) {
        const fs::path folder = call_folder() / ("sshd_" + std::to_string(port));
        fs::create_directories(folder);
        shell("ssh-keygen -q -t ed25519 -N '' -f " + (folder / "host").string());
        std::ofstream(folder / "config")
            << "Port " << port << "\nListenAddress 127.0.0.1\nHostKey "
            << (folder / "host").string() << "\nAuthorizedKeysFile "
            << (call_folder() / "user.pub").string()
            << "\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
               "PermitRootLogin yes\n";
        pid_file_ = folder / "pid";
        // As root it wants a folder for privilege separation. It stays in the foreground: as a
        // daemon it cannot start itself again in some containers.
        shell(
            "if [ \"$(id -u)\" -eq 0 ]; then mkdir -p /run/sshd; fi; (exec $(command -v sshd || "
            "echo /usr/sbin/sshd) -D -f " +
            (folder / "config").string() + " -E " + (folder / "log").string() +
            " >/dev/null 2>&1 & echo $! >" + pid_file_.string() + ")");
        for (int i = 0; i < 250 && !started_; ++i) {
            ::usleep(20'000);
            started_ = text_of(folder / "log").find("listening") != std::string::npos;
        }
    }
    ~Server() {
        const std::string pid = text_of(pid_file_);
        if (!pid.empty()) ::kill(std::stoi(pid), SIGTERM);
    }
    bool started() const { return started_; }
    // As --sshlogin takes it.
    static std::string login(int port) {
        return " --sshlogin '1/ssh -p " + std::to_string(port) + " -i " +
               (call_folder() / "user").string() +
               " -o BatchMode=yes -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no "
               "-o LogLevel=ERROR 127.0.0.1'";
    }
    std::string login() const { return login(port_); }

  private:
    int port_ = 0;
    bool started_ = false;
    fs::path pid_file_;
};

std::string scores(const std::string& file) {
    const Outcome shown = call("suite show " + file + " --json");
    if (shown.code != 0) return shown.err;
    std::string text;
    for (const auto& run : nlohmann::json::parse(shown.out)["runs"]) {
        text += run["cell"].get<std::string>() + " " + run["scores"].dump() + "\n";
    }
    return text;
}

TEST(SuiteOnHosts, ShardsOnSeveralHostsAreTheSuiteThoughOneHostIsDown) {
    if (shell("command -v parallel && command -v ssh && (command -v sshd || ls /usr/sbin/sshd)")
            .code != 0) {
        GTEST_SKIP() << "needs GNU parallel and an SSH server";
    }
    std::ofstream(call_folder() / "six.json")
        << R"({"schema_version": 1, "defaults": {"seconds": 2},
        "groups": [{"situations": ["ccrs", "cpfa"], "towns": ["2001..2003"]}]})";
    ASSERT_EQ(shell("ssh-keygen -q -t ed25519 -N '' -f user").code, 0);
    const int port = 20'000 + ::getpid() % 20'000;
    const Server first(port), second(port + 1);
    ASSERT_TRUE(first.started() && second.started());
    const std::string suite = "suite run six.json --drivers oracle ";
    ASSERT_EQ(call(suite + "--out hosts_all.sqlite").code, 0);
    // Nobody listens at the third one: its shards are run again by the others.
    const Outcome run = shell("parallel --will-cite --retries 6" + first.login() + second.login() +
                              Server::login(port + 2) + " --workdir " + call_folder().string() +
                              " " HUNTSMAN_PROGRAM " " + suite +
                              "--shards 3 --shard {} --out hosts_part_{}.sqlite ::: 0 1 2");
    ASSERT_EQ(run.code, 0) << run.err;
    const Outcome merged = call(
        "suite merge --out hosts_merged.sqlite hosts_part_0.sqlite hosts_part_1.sqlite "
        "hosts_part_2.sqlite");
    ASSERT_EQ(merged.code, 0) << merged.err;
    EXPECT_EQ(scores("hosts_merged.sqlite"), scores("hosts_all.sqlite"));
    EXPECT_EQ(
        merged.out,
        "hosts_part_0.sqlite: 2 runs\nhosts_part_1.sqlite: 2 runs\nhosts_part_2.sqlite: 2 runs\n");
}

}  // namespace
}  // namespace huntsman
