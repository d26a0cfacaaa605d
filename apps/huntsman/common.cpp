#include "apps/huntsman/common.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace huntsman::apps {

namespace {

std::atomic<bool> stop_requested{false};

extern "C" void on_signal(int signal) {
    // The first asks for a clean end, the second takes the default way out.
    stop_requested.store(true);
    std::signal(signal, SIG_DFL);
}

std::string clock_text(double seconds) {
    const int total = static_cast<int>(std::max(0.0, seconds) + 0.5);
    if (total >= 3600)
        return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
    return fmt::format("{}:{:02}", total / 60, total % 60);
}

}  // namespace

const std::atomic<bool>& stop_flag() { return stop_requested; }

void catch_signals() {
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe shows as a failed write
    std::signal(SIGXFSZ, SIG_IGN);  // and so does a file that grows beyond the shell's limit
}

int fail(const engine::core::Error& error) {
    std::fprintf(stderr, "huntsman: %s\n", error.text().c_str());
    return engine::core::exit_code(error.kind);
}

Progress::Progress(std::string what)
    : what_(std::move(what)),
      start_(std::chrono::steady_clock::now()),
      last_(start_ - std::chrono::seconds(1)),
      terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
    if (terminal_ && drawn_) std::fprintf(stderr, "\r\033[K");
}

void Progress::show(double share, const std::string& detail) {
    share = std::clamp(share, 0.0, 1.0);
    const auto now = std::chrono::steady_clock::now();
    if (terminal_) {
        if (now - last_ < std::chrono::milliseconds(100) && share < 1.0) return;
        last_ = now;
        draw(share, detail);
        return;
    }
    const int tenth = static_cast<int>(share * 10);
    if (tenth == last_tenth_) return;
    last_tenth_ = tenth;
    draw(share, detail);
}

void Progress::draw(double share, const std::string& detail) {
    const double spent =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    const std::string left = share > 0.02 ? clock_text(spent * (1 - share) / share) + " left" : "";
    constexpr int kWidth = 24;
    const int full = static_cast<int>(share * kWidth);
    const std::string bar(static_cast<std::size_t>(full), '#');
    const std::string rest(static_cast<std::size_t>(kWidth - full), '.');
    const std::string line =
        fmt::format("{} [{}{}] {:3.0f} %  {}  {}", what_, bar, rest, 100 * share, left, detail);
    if (terminal_) {
        std::fprintf(stderr, "\r\033[K%s", line.c_str());
    } else {
        std::fprintf(stderr, "%s\n", line.c_str());
    }
    std::fflush(stderr);
    drawn_ = true;
}

engine::core::Result<std::filesystem::path> find_asset(const std::string& given, const char* folder,
                                                       const char* what) {
    std::error_code ignored;
    if (!given.empty() && std::filesystem::exists(given, ignored))
        return std::filesystem::path(given);
    const auto named = assets_folder() / folder / (given + ".json");
    if (std::filesystem::is_regular_file(named, ignored)) return named;
    return engine::core::Error{
        .message = fmt::format("is no {} file, and no shipped {} has this name; shipped are: {}",
                               what, what, fmt::join(engine::core::shipped(folder), ", ")),
        .file = given.empty() ? "\"\"" : given};
}

engine::core::Result<scenarios::model::Scenario> find_scenario(const std::string& given) {
    const auto path = find_asset(given.empty() ? "demonstration" : given, "scenarios", "scenario");
    if (!path) return path.error();
    return scenarios::model::load(*path);
}

}  // namespace huntsman::apps
