#include "bridge/rpc/address.h"

#include <algorithm>

#include "engine/core/files.h"

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::Result;

namespace {

Result<std::string> first_line(const std::filesystem::path& file) {
    HM_TAKE(const auto content, engine::core::read_file(file));
    const std::string text(content.begin(), content.end());
    const std::string line = text.substr(0, text.find_first_of("\r\n"));
    const bool plain = std::ranges::all_of(line, [](char c) { return c > 0x20 && c < 0x7f; });
    if (!line.empty() && plain) return line;
    return Error{.message =
                     "holds no token, expected one word of printable characters in its "
                     "first line",
                 .file = file.string()};
}

}  // namespace

Result<LinkAddress> link_address(const std::string& spec, const Target& target,
                                 const RemoteSettings& settings) {
    LinkAddress address{.address = target.address, .certificate_authority = {}, .token = {}};
    if (!target.this_machine && settings.link.tls_ca.empty()) {
        return Error{.message = "driver " + spec +
                                " is on another machine, expected --driver-tls-ca FILE beside it"};
    }
    if (!settings.link.tls_ca.empty()) {
        HM_TAKE(const auto pem, engine::core::read_file(settings.link.tls_ca));
        address.certificate_authority.assign(pem.begin(), pem.end());
        if (address.certificate_authority.find("-----BEGIN CERTIFICATE-----") ==
            std::string::npos) {
            return Error{.message = "holds no certificate, expected PEM",
                         .file = settings.link.tls_ca.string()};
        }
    }
    if (!settings.link.token_file.empty()) {
        HM_TAKE(address.token, first_line(settings.link.token_file));
    }
    return address;
}

std::string quoted(std::string text) {
    constexpr std::size_t kLongest = 300;
    if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return text;
}

}  // namespace huntsman::bridge::rpc
