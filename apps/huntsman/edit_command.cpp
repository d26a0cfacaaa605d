// huntsman edit: the scenario editor.
#include "apps/editor/app.h"
#include "apps/huntsman/common.h"
#include "bridge/live/live_run.h"
#include "bridge/run/settings.h"

namespace huntsman::apps {

void add_edit(CLI::App& app, Body& chosen) {
    auto settings = std::make_shared<editor::AppSettings>();
    auto window = std::make_shared<std::string>("1600x900");
    auto* command = app.add_subcommand(
        "edit",
        "The scenario editor: a town, map, story, run or failure to look at, change and drive.\n"
        "Example: huntsman edit runs/demonstration-1003-network");
    command->add_option("what", settings->open,
                        "A scenario (.json), story (.xosc), map (.xodr), a run's folder, or a "
                        "failure as CATALOGUE.db#ID");
    command->add_option("--script", settings->script,
                        "Plays the steps of this file and ends (docs/editor.md)");
    command->add_option("--shots", settings->shots,
                        "Folder of a script's screenshots (default: beside the script)");
    command->add_flag("--offscreen", settings->offscreen, "With --script: without a window");
    command->add_option("--window", *window, "Size of the window: WxH")->capture_default_str();
    command->add_option("--catalogue", settings->catalogue,
                        "Catalogue of failures to browse (default: runs/failures.db)");
    command->add_option("--rig", settings->rig, "Rig of the ego: a file or a shipped one")
        ->capture_default_str();
    command->add_option("--size", settings->size, "Size of the cameras' pictures: WxH")
        ->capture_default_str();
    command->add_option("--state", settings->state_folder,
                        "Folder of autosaves, recent files and layout "
                        "(default: ~/.local/state/huntsman)");
    command->callback([settings, window, &chosen] {
        chosen = [settings, window] {
            const auto size = bridge::run::parse_size(*window, "--window");
            if (!size) return fail(size.error());
            settings->width = size->first;
            settings->height = size->second;
            settings->stop = &stop_flag();
            const auto status = editor::run_app(*settings);
            bridge::live::wait_for_builds();
            return status ? 0 : fail(status.error());
        };
    });
}

}  // namespace huntsman::apps
