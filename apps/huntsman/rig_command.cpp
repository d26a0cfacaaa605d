// huntsman rig: camera rigs checked, described and drawn.
#include <cstdio>

#include "apps/huntsman/common.h"
#include "bridge/run/assets.h"
#include "bridge/run/settings.h"
#include "engine/core/files.h"
#include "scenarios/catalogue/catalogue.h"
#include "sensors/lens/field.h"
#include "sensors/rig/plot.h"
#include "sensors/rig/rig.h"

namespace huntsman::apps {

using engine::core::Error;
using engine::core::Result;
using sensors::rig::azimuth_text;
using sensors::rig::Coverage;

namespace {

struct RigArguments {
    std::string file, out, size = "640x400";
};

Result<engine::world::Rig> read(const RigArguments& arguments) {
    HM_TAKE(const auto size, bridge::run::parse_size(arguments.size));
    HM_TAKE(const auto path, bridge::run::find_rig(arguments.file));
    return sensors::rig::load(path, size.first, size.second);
}

void print_arcs(const char* what, double sum_deg, const std::vector<sensors::rig::Arc>& arcs) {
    std::string text;
    for (const auto& arc : arcs) {
        if (arc.to - arc.from == sensors::rig::kAzimuths) {
            text = "all around";
            break;
        }
        text += fmt::format("{}{} to {} ({:.1f}°)", text.empty() ? "" : "; ",
                            azimuth_text(arc.from), azimuth_text(arc.to), arc.degrees());
    }
    std::printf("  %-12s%.1f°%s%s\n", what, sum_deg, text.empty() ? "" : ": ", text.c_str());
}

void print_summary(const engine::world::Rig& rig, const Coverage& coverage) {
    std::printf("  %-12s%zu, %g Hz\n", "cameras", rig.cameras.size(), rig.rate_hz);
    std::printf("  %-12s%.1f° of 360°\n", "horizon", coverage.covered_deg);
    print_arcs("blind", 360 - coverage.covered_deg, coverage.gaps);
    double largest_deg = 0;
    for (const auto& gap : coverage.gaps) largest_deg = std::max(largest_deg, gap.degrees());
    if (largest_deg > 0) std::printf("  %-12s%.1f°\n", "largest gap", largest_deg);
    print_arcs("overlap", coverage.overlap_deg, coverage.overlaps);
    std::printf("  %-12s%d camera%s\n", "at most", coverage.most, coverage.most == 1 ? "" : "s");
}

int plot(const RigArguments& arguments) {
    const std::filesystem::path out = arguments.out;
    const bool svg = out.extension() == ".svg";
    if (!svg && out.extension() != ".png") {
        return fail(
            Error{.message = fmt::format("--out is {}, expected a name that ends in .png or .svg",
                                         out.string())});
    }
    const auto rig = read(arguments);
    if (!rig) return fail(rig.error());
    const auto catalogue = scenarios::catalogue::load_shipped();
    if (!catalogue) return fail(catalogue.error());
    engine::world::StaticScene scene;
    const auto car = scenarios::catalogue::archetypes(*catalogue, scene)[catalogue->ego].extent;
    const Coverage coverage = sensors::rig::coverage(*rig);
    const auto drawing = sensors::rig::plot(*rig, coverage, car);
    const auto saved = svg ? engine::core::write_file(out, engine::draw::to_svg(drawing))
                           : engine::draw::save_png(drawing, out);
    if (!saved) return fail(saved.error());
    std::printf("%s: %d x %d pixels\n", out.string().c_str(), drawing.width_px, drawing.height_px);
    print_summary(*rig, coverage);
    return 0;
}

int check(const RigArguments& arguments) {
    const auto rig = read(arguments);
    if (!rig) return fail(rig.error());
    constexpr double kDegrees = 180 / engine::math::kPi;
    std::printf("%s: %s\n", bridge::run::find_rig(arguments.file)->string().c_str(),
                rig->name.c_str());
    for (const auto& camera : rig->cameras) {
        const auto view = sensors::lens::field_of_view(camera.lens, camera.width, camera.height);
        std::printf(
            "  %-16s%-16s%5d x %-5d%6.1f° x %5.1f°  %5.1f px/°  %s\n", camera.name.c_str(),
            name(camera.lens.model), camera.width, camera.height, view.horizontal_rad * kDegrees,
            view.vertical_rad * kDegrees, sensors::rig::px_per_degree(camera),
            camera.sensor.empty() ? "ideal"
                                  : std::filesystem::path(camera.sensor).stem().string().c_str());
    }
    print_summary(*rig, sensors::rig::coverage(*rig));
    return 0;
}

}  // namespace

void add_rig(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<RigArguments>();
    CLI::App* command = app.add_subcommand(
        "rig", "Check and draw camera rigs.\nExample: huntsman rig plot six_cameras --out rig.png");
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, int (*body)(const RigArguments&)) {
        CLI::App* sub = command->add_subcommand(name, help);
        sub->add_option("RIG", arguments->file, "Rig file, or the name of one in assets/rigs")
            ->required();
        sub->add_option("--size", arguments->size,
                        "Picture of the cameras without a size of their own")
            ->capture_default_str();
        sub->callback([arguments, &chosen, body] {
            chosen = [arguments, body] { return body(*arguments); };
        });
        return sub;
    };
    CLI::App* plot_command =
        add("plot",
            "Draw mounting, fields, reach and coverage, and say what is blind.\nExample: huntsman "
            "rig plot eight_cameras --out rig.svg",
            plot);
    plot_command->add_option("--out", arguments->out, "Picture to write: .png or .svg")->required();
    add("check",
        "Read a rig file and say what it holds, or what is wrong with it and where.\nExample: "
        "huntsman rig check my_rig.json",
        check);
}

}  // namespace huntsman::apps
