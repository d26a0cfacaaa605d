// huntsman serve: sessions that other processes create, step, fork and end.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "apps/huntsman/common.h"
#include "bridge/serve/host.h"
#include "engine/core/files.h"

namespace huntsman::apps {

namespace {

struct ServeArguments {
    std::string listen = "127.0.0.1:5006", token_file, tls_certificate, tls_key;
    std::int64_t threads = 0, most_sessions = 64, kept_worlds = 4;
    bool with_parent = false;
};

using engine::core::Error;
using engine::core::Result;

Result<std::string> token_of(const ServeArguments& arguments) {
    if (arguments.token_file.empty()) {
        const char* given = std::getenv(bridge::rpc::kServeTokenVariable);
        return std::string(given != nullptr ? given : "");
    }
    HM_TAKE(const auto text, engine::core::read_file(arguments.token_file));
    const std::string line = text.substr(0, text.find_first_of("\r\n"));
    if (!line.empty()) return line;
    return Error{.message = "holds no token, expected one word in its first line",
                 .file = arguments.token_file};
}

Result<bridge::rpc::SimulatorServerOptions> options_of(const ServeArguments& arguments) {
    for (const auto& [flag, value, low, high] :
         {std::tuple("--threads", arguments.threads, 0, 256),
          {"--most-sessions", arguments.most_sessions, 1, 10'000},
          {"--kept-worlds", arguments.kept_worlds, 0, 1000}}) {
        if (value >= low && value <= high) continue;
        return Error{.message = fmt::format("{} is {}, expected {} to {}", flag, value, low, high)};
    }
    if (arguments.tls_certificate.empty() != arguments.tls_key.empty()) {
        return Error{.message = "--tls-certificate and --tls-key belong together, expected both"};
    }
    bridge::rpc::SimulatorServerOptions options;
    options.address = arguments.listen;
    options.name = std::string("huntsman ") + HUNTSMAN_VERSION;
    options.most_sessions = static_cast<std::uint32_t>(arguments.most_sessions);
    HM_TAKE(options.token, token_of(arguments));
    if (!arguments.tls_key.empty()) {
        HM_TAKE(options.tls_certificate, engine::core::read_file(arguments.tls_certificate));
        HM_TAKE(options.tls_key, engine::core::read_file(arguments.tls_key));
    }
    return options;
}

// Ends the process with whoever started it: that one holds the other end of standard input, and its
// id is our parent's while it lives.
void end_with_parent() {
    std::thread([] {
        char byte = 0;
        while (::read(STDIN_FILENO, &byte, 1) > 0) {
        }
        _exit(0);
    }).detach();
    std::thread([parent = getppid()] {
        while (getppid() == parent) std::this_thread::sleep_for(std::chrono::milliseconds(200));
        _exit(0);
    }).detach();
}

int serve(const ServeArguments& arguments) {
    if (arguments.with_parent) end_with_parent();
    auto options = options_of(arguments);
    if (!options) return fail(options.error());
    bridge::serve::Host host({.threads = static_cast<int>(arguments.threads),
                              .kept_places = static_cast<std::size_t>(arguments.kept_worlds),
                              .program = options->name});
    auto server = bridge::rpc::SimulatorServer::start(
        [&host](bool this_machine) { return host.converse(this_machine); }, *options);
    if (!server) return fail(server.error());
    std::printf("serving at %s\n", (*server)->address().c_str());
    std::fflush(stdout);
    while (!stop_flag()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return 0;
}

}  // namespace

void add_serve(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<ServeArguments>();
    CLI::App* command =
        app.add_subcommand("serve",
                           "Let other processes create, step, fork and end sessions, as Python's\n"
                           "huntsman.Simulator does (docs/howto/serve.md).\n"
                           "Example: huntsman serve --listen unix:/tmp/huntsman.sock");
    command
        ->add_option("--listen", arguments->listen,
                     "Where: HOST:PORT (port 0: any that is free, which the first line of output "
                     "tells), unix:/PATH or unix-abstract:NAME")
        ->capture_default_str();
    command->add_option("--token-file", arguments->token_file,
                        "File whose first line is a token that clients must send (default: "
                        "$HUNTSMAN_SERVE_TOKEN, or none)");
    command->add_option("--tls-certificate", arguments->tls_certificate,
                        "PEM file; without it only addresses of this machine are served, and with "
                        "it others need a token");
    command->add_option("--tls-key", arguments->tls_key, "PEM file of the certificate's key");
    command
        ->add_option("--threads", arguments->threads,
                     "Worker threads of each session that renders; 0 takes all cores")
        ->capture_default_str();
    command
        ->add_option("--most-sessions", arguments->most_sessions,
                     "Sessions at a time; further ones are refused")
        ->capture_default_str();
    command
        ->add_option("--kept-worlds", arguments->kept_worlds,
                     "Towns and maps that are kept for the next session")
        ->capture_default_str();
    command->add_flag("--with-parent", arguments->with_parent,
                      "End with the process that started this one, or when standard input ends");
    command->callback([arguments, &chosen] { chosen = [arguments] { return serve(*arguments); }; });
}

}  // namespace huntsman::apps
