// The huntsman command line.
#include <algorithm>
#include <cstdio>

#include "apps/huntsman/check_numbers.h"
#include "apps/huntsman/common.h"

int main(int argc, char** argv) {
    using namespace huntsman::apps;
    catch_signals();
    keep_command_line(argc, argv);
    CLI::App app{
        "Huntsman: a closed-loop driving simulator that sees with eight eyes and hunts the rare\n"
        "situations in which a driving network fails.\n"
        "Exit codes: 0 done, 1 ran and the verdict is negative, 2 bad input or usage, 3 the "
        "machine\n"
        "lacks something."};
    app.name("huntsman");
    app.set_version_flag("--version", HUNTSMAN_VERSION);
    app.require_subcommand(1);
    Body chosen;
    add_run(app, chosen);
    add_edit(app, chosen);
    add_replay(app, chosen);
    add_serve(app, chosen);
    add_driver(app, chosen);
    add_evaluate(app, chosen);
    add_suite(app, chosen);
    add_run_worker(app, chosen);
    add_hunt(app, chosen);
    add_rate(app, chosen);
    add_shrink(app, chosen);
    add_blame(app, chosen);
    add_compare(app, chosen);
    add_error_model(app, chosen);
    add_train(app, chosen);
    add_bench(app, chosen);
    add_failures(app, chosen);
    add_road(app, chosen);
    add_scenario(app, chosen);
    add_doctor(app, chosen);
    add_look(app, chosen);
    add_rig(app, chosen);
    add_model(app, chosen);
    add_export(app, chosen);
    add_audit(app, chosen);
    add_develop(app, chosen);
    add_inspect(app, chosen);
    const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
    const auto is_first = [&](const CLI::App* command) { return command->get_name() == argv[1]; };
    if (argc > 1 && argv[1][0] != '-' && std::none_of(commands.begin(), commands.end(), is_first)) {
        std::fprintf(stderr, "huntsman: there is no command %s (see 'huntsman --help')\n", argv[1]);
        return 2;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);  // help and version
        std::fprintf(stderr, "huntsman: %s (see 'huntsman --help')\n", error.what());
        return 2;
    }
    if (const auto status = check_numbers(app); !status) return fail(status.error());
    try {
        return chosen();
    } catch (const std::bad_alloc&) {
        std::fprintf(stderr, "huntsman: out of memory; fewer or smaller cameras need less\n");
        return 3;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "huntsman: %s\n", error.what());
        return 2;
    }
}
