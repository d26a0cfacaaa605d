#include "bridge/hunt/pictures.h"

#include "bridge/report/output.h"
#include "engine/core/files.h"
#include "sensors/encode/image_file.h"

namespace huntsman::bridge::hunt {

using engine::core::Result;
using engine::core::Status;
using loop::RunOptions;

Result<std::vector<std::string>> picture_failure(const RunOptions& options, double failed_at_s,
                                                 const PictureSettings& settings) {
    HM_TRY(engine::core::make_writable_folder(settings.folder));
    RunOptions with_pictures = options;
    with_pictures.images = true;
    // Nothing after the failure is shown.
    with_pictures.scenario.duration_s = std::min(options.scenario.duration_s, failed_at_s + 0.5);
    struct Sheet {
        double latest_s = 0;
        std::string jpeg;
    };
    constexpr double kBefore_s = 1;
    std::vector<Sheet> sheets{{failed_at_s - kBefore_s, {}}, {failed_at_s, {}}};
    const auto look = [&](const loop::FrameView& view) -> Status {
        const double now_s = engine::core::seconds(view.state.time_us);
        for (std::size_t i = 0; i < sheets.size(); ++i) {
            // The last frame that is not too late; those that cannot be it cost nothing.
            const double frame_s = 1 / view.world.rig.rate_hz;
            if (now_s > sheets[i].latest_s || now_s <= sheets[i].latest_s - frame_s - 1e-9) {
                continue;
            }
            const auto sheet = report::camera_sheet(view.world.rig, view.frames,
                                                    view.action.perception(), view.truth);
            HM_TAKE(sheets[i].jpeg, sensors::encode::encode_jpeg(sheet, 90));
        }
        return {};
    };
    run::Runner runner(settings.threads);
    HM_TRY(runner.run(with_pictures, {.progress = {},
                                      .stop = settings.stop,
                                      .observers = {{.sense = {}, .frame = look, .finished = {}}},
                                      .make_driver = settings.make_driver}));
    if (settings.stop != nullptr && settings.stop->load()) {
        return engine::core::Error{.message = "interrupted; the same command goes on from there",
                                   .kind = engine::core::ErrorKind::kInvalid};
    }
    std::vector<std::string> files;
    for (const Sheet& sheet : sheets) {
        if (sheet.jpeg.empty()) continue;
        const auto path =
            settings.folder / fmt::format("{}_{}.jpg", settings.name, files.size() + 1);
        HM_TRY(engine::core::write_file(path, sheet.jpeg));
        files.push_back(path.string());
    }
    return files;
}

}  // namespace huntsman::bridge::hunt
