#include "bridge/rpc/target.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::Result;

namespace {

// sockaddr_un::sun_path with its final zero byte.
constexpr std::size_t kLongestSocketPath = 107;

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "[::1]" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

std::optional<int> port_of(const std::string& text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && port >= 0 && port <= 65535 ? std::optional(port) : std::nullopt;
}

// `before` stands before the address where people write it; `least_port`: 0 where any will do.
Result<Target> parse_address(const std::string& text, const std::string& before, int least_port) {
    Target target;
    if (text.starts_with("unix:")) {
        const std::string path = text.substr(5);
        if (!path.starts_with("/") || path.size() > kLongestSocketPath) {
            return Error{.message = fmt::format("expected an absolute path of at most {} bytes "
                                                "after {}unix:",
                                                kLongestSocketPath, before)};
        }
        target.address = text;
        return target;
    }
    const std::string forms = fmt::format("expected {0}HOST:PORT or {0}unix:/PATH", before);
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) return Error{.message = forms};
    const std::string host = text.substr(0, colon);
    const bool bracketed = host.starts_with("[") && host.ends_with("]");
    const bool plain = host.find_first_of(":/[] ") == std::string::npos;
    if (!bracketed && !plain) return Error{.message = forms};
    if (port_of(text.substr(colon + 1)).value_or(-1) < least_port) {
        return Error{.message = fmt::format(
                         "expected a port from {} to 65535 after {}HOST:", least_port, before)};
    }
    target.address = text;
    target.this_machine = is_loopback(host);
    return target;
}

}  // namespace

Result<std::vector<std::string>> split_words(const std::string& command) {
    std::vector<std::string> words;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < command.size(); ++i) {
        const char c = command[i];
        if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
            in_word = false;
            continue;
        }
        if (!in_word) words.emplace_back();
        in_word = true;
        if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
        } else if (c == quote) {
            quote = 0;
        } else if (c == '\\' && quote != '\'' && i + 1 < command.size()) {
            words.back() += command[++i];
        } else {
            words.back() += c;
        }
    }
    if (quote != 0) return Error{.message = fmt::format("expected a closing {}", quote)};
    if (words.empty() || words.front().empty()) {
        return Error{.message = "expected a command after exec:"};
    }
    return words;
}

Result<Target> parse_listening(const std::string& address) {
    if (address.find('\0') != std::string::npos) {
        return Error{.message = "expected text without zero bytes"};
    }
    if (!address.starts_with("unix-abstract:")) return parse_address(address, "", 0);
    if (address.size() == 14 || address.size() - 14 > kLongestSocketPath) {
        return Error{.message = fmt::format("expected a name of at most {} bytes after "
                                            "unix-abstract:",
                                            kLongestSocketPath)};
    }
    return Target{.address = address, .command = {}};
}

Result<Target> parse_target(const std::string& driver) {
    if (driver.find('\0') != std::string::npos) {
        return Error{.message = "expected text without zero bytes"};
    }
    for (const std::string scheme : {"grpc:", "alpasim:"}) {
        if (driver.starts_with(scheme)) {
            return parse_address(driver.substr(scheme.size()), scheme, 1);
        }
    }
    Target target;
    HM_TAKE(target.command, split_words(driver.substr(std::min<std::size_t>(5, driver.size()))));
    return target;
}

}  // namespace huntsman::bridge::rpc
