#include "bridge/report/output.h"

#include <map>
#include <optional>
#include <thread>

#include "bridge/report/boxes.h"
#include "bridge/report/html.h"
#include "bridge/report/run_json.h"
#include "bridge/report/top_view.h"
#include "engine/core/bounded_queue.h"
#include "engine/core/files.h"
#include "scenarios/town/plan.h"
#include "sensors/encode/compose.h"
#include "sensors/encode/image_file.h"
#include "sensors/encode/video.h"
#include "sensors/eyes/eyes.h"
#include "sensors/lens/lens.h"

namespace huntsman::bridge::report {

using engine::core::Image;
using engine::core::Status;
using engine::math::Vec3;
using loop::FrameView;
using loop::RunResult;
namespace encode = sensors::encode;

namespace {

constexpr int kSheetQuality = 82, kFrameQuality = 90;
constexpr int kWidestTile = 400;  // pictures wider than this are halved on sheets
constexpr int kColumns = 4;
constexpr std::size_t kSheetsInReport = 3;
constexpr std::uint64_t kFirstSheet = 10;  // frame; the next come later each time
constexpr std::size_t kMostWaiting = 4;    // sheets for the video
constexpr std::size_t kMostFailurePictures = 200;

Image halved(const Image& image) {
    Image half{.width = image.width / 2, .height = image.height / 2, .channels = 3, .pixels = {}};
    half.pixels.resize(static_cast<std::size_t>(half.width) *
                       static_cast<std::size_t>(half.height) * 3);
    for (int y = 0; y < half.height; ++y) {
        const std::uint8_t* a = image.row(2 * y);
        const std::uint8_t* b = image.row(2 * y + 1);
        std::uint8_t* to = half.row(y);
        for (int x = 0; x < half.width; ++x, a += 6, b += 6) {
            for (int c = 0; c < 3; ++c) {
                *to++ = static_cast<std::uint8_t>((a[c] + a[c + 3] + b[c] + b[c + 3] + 2) / 4);
            }
        }
    }
    return half;
}

encode::Rgb colour_of(const messages::PerceivedObject& object) {
    const bool person = object.object_class() == messages::OBJECT_PEDESTRIAN;
    return person ? encode::Rgb{255, 90, 200} : encode::Rgb{255, 170, 0};
}

}  // namespace

Image camera_sheet(const engine::world::Rig& rig, std::span<const engine::render::Frame> frames,
                   const messages::Perception& perceived,
                   std::span<const sensors::labels::TrueObject> truth) {
    constexpr double kShownScore = 0.3;
    constexpr encode::Rgb kSeen{70, 230, 100}, kHidden{30, 110, 50};
    std::vector<Image> tiles;
    std::vector<std::string> captions;
    for (std::size_t c = 0; c < frames.size(); ++c) {
        const auto& camera = rig.cameras[c];
        const bool half = camera.width > kWidestTile;
        Image tile = half ? halved(frames[c].image) : frames[c].image;
        const double scale = half ? 0.5 : 1.0;
        for (const auto& object : truth) {
            draw_box(tile, camera, scale, object, object.pixels > 0 ? kSeen : kHidden);
        }
        for (const auto& object : perceived.objects()) {
            if (object.score() < kShownScore) continue;
            draw_box(tile, camera, scale, object, colour_of(object));
        }
        tiles.push_back(std::move(tile));
        captions.push_back(camera.name);
    }
    return encode::contact_sheet(tiles, captions, kColumns);
}

engine::core::Result<std::string> session_sheet(loop::Resources& resources,
                                                const loop::Session& session,
                                                engine::render::Quality quality) {
    const auto& world = session.world();
    HM_TAKE(auto renderer, resources.show(nullptr, quality, world));
    HM_TAKE(auto eyes, sensors::eyes::Eyes::create(world.rig, world.seed, resources.pool()));
    std::vector<engine::render::Frame> frames(world.rig.cameras.size());
    // Automatic exposure settles over a few pictures of the same moment.
    for (int i = 0; i < 8; ++i) {
        HM_TAKE(auto taken, eyes->look(*renderer, world, session.state(),
                                       {.ids = false, .labels = false, .all = true}));
        for (auto& one : taken) frames[one.camera].image = std::move(one.picture.image);
    }
    return encode::encode_jpeg(camera_sheet(world.rig, frames, {}), 90);
}

struct Output::Impl {
    std::filesystem::path folder;
    OutputOptions options;
    engine::core::JobPool* pool = nullptr;

    // For the report.
    std::map<std::size_t, std::string> failure_jpegs;  // by index of the failure
    std::size_t failures_seen = 0;
    std::vector<ReportPicture> sheets;
    std::uint64_t next_sheet = kFirstSheet;
    std::optional<engine::world::World> world;
    std::optional<TopView> top_view;

    // The video's thread. `video_status` is its own until it has ended or abandoned the queue.
    std::optional<encode::VideoWriter> video;
    engine::core::BoundedQueue<Image> video_queue{kMostWaiting};
    Status video_status;
    std::thread video_thread;

    void copy_world(const engine::world::World& world);
    Status add_failure_pictures(const FrameView& view, const Image& sheet);
    Status add_sheet(const FrameView& view, const Image& sheet);
    Status write_frames(const FrameView& view);
    Status add_to_video(const FrameView& view, Image sheet);
    void encode_video();
    void close_video();
};

// The plan needs all but the meshes, which are by far the largest part, and of those who are about
// at the start only the ego: the view from above has the others over time.
void Output::Impl::copy_world(const engine::world::World& from) {
    engine::world::World& copy = world.emplace();
    copy.roads = from.roads;
    copy.archetypes = from.archetypes;
    copy.objects = from.objects;
    copy.spawns.assign(1, from.spawns.front());
    copy.ego_route = from.ego_route;
    copy.ego_goal_s_m = from.ego_goal_s_m;
    copy.size_m = from.size_m;
}

// Failures found since the frame before are shown by this one.
Status Output::Impl::add_failure_pictures(const FrameView& view, const Image& sheet) {
    for (std::size_t i = 0; i < view.new_failures.size(); ++i) {
        const std::size_t index = failures_seen++;
        if (index >= kMostFailurePictures) continue;
        HM_TAKE(std::string jpeg, encode::encode_jpeg(sheet, kSheetQuality));
        HM_TRY(engine::core::make_writable_folder(folder / "failures"));
        HM_TRY(
            engine::core::write_file(folder / "failures" / fmt::format("{}.jpg", index + 1), jpeg));
        failure_jpegs[index] = std::move(jpeg);
    }
    return {};
}

// A few sheets for the report, until there are enough.
Status Output::Impl::add_sheet(const FrameView& view, const Image& sheet) {
    if (view.frame != next_sheet || sheets.size() >= kSheetsInReport) return {};
    HM_TAKE(std::string jpeg, encode::encode_jpeg(sheet, kSheetQuality));
    sheets.push_back({fmt::format("{:.1f} s; orange and pink boxes are what the driver perceived",
                                  engine::core::seconds(view.state.time_us)),
                      std::move(jpeg)});
    next_sheet = view.frame * 3 + 20;
    return {};
}

Status Output::Impl::write_frames(const FrameView& view) {
    const engine::core::TraceSpan span(options.trace, "loop", "encode pictures");
    HM_TRY(engine::core::make_writable_folder(folder / "frames"));
    std::vector<Status> written(view.frames.size());
    pool->run(view.frames.size(), [&](std::size_t c) {
        const std::string name =
            fmt::format("{:06}_{}.jpg", view.frame, view.world.rig.cameras[c].name);
        const auto jpeg = encode::encode_jpeg(view.frames[c].image, kFrameQuality);
        written[c] =
            jpeg ? engine::core::write_file(folder / "frames" / name, *jpeg) : Status(jpeg.error());
    });
    for (const Status& status : written) HM_TRY(status);
    return {};
}

Status Output::Impl::add_to_video(const FrameView& view, Image sheet) {
    if (!video) {
        HM_TAKE(auto writer, encode::VideoWriter::create(folder / "run.mp4", sheet.width,
                                                         sheet.height, view.world.rig.rate_hz));
        video.emplace(std::move(writer));
        video_thread = std::thread([this] { encode_video(); });
    }
    return video_queue.push(std::move(sheet)) ? Status() : video_status;
}

void Output::Impl::encode_video() {
    while (const auto sheet = video_queue.pop()) {
        const engine::core::TraceSpan span(options.trace, "video", "encode");
        video_status = video->add(*sheet);
        if (!video_status) return video_queue.abandon();
    }
}

void Output::Impl::close_video() {
    video_queue.close();
    if (video_thread.joinable()) video_thread.join();
}

Output::Output(std::filesystem::path folder, OutputOptions options, engine::core::JobPool* pool)
    : impl_(std::make_unique<Impl>()) {
    impl_->folder = std::move(folder);
    impl_->options = options;
    impl_->top_view.emplace(options.minds);
    impl_->pool = pool;
}

Output::~Output() { impl_->close_video(); }

Status Output::begin(const loop::RunOptions& options) {
    const auto& folder = impl_->folder;
    for (const char* name :
         {"failures", "frames", "report.html", "run.mp4", engine::sim::kRecordingFile}) {
        std::error_code ignored;  // what cannot be removed shows when it is written
        std::filesystem::remove_all(folder / name, ignored);
    }
    HM_TRY(engine::core::remove_temporaries(folder));
    loop::RunResult open = loop::failed_run(
        options, "the run has not ended: it is going on, or the program was stopped");
    open.incomplete = true;
    return engine::core::write_file(folder / "run.json", run_json(open));
}

Status Output::fail(const loop::RunOptions& options, const engine::core::Error& error) {
    return engine::core::write_file(impl_->folder / "run.json",
                                    run_json(loop::failed_run(options, error.text())));
}

loop::Observer Output::observer(std::string command) {
    return {.frame = [this](const FrameView& view) { return frame(view); },
            .finished = [this, again = std::move(command)](
                            RunResult& result) { return finish(result, again); }};
}

Status Output::frame(const FrameView& view) {
    Impl& o = *impl_;
    if (!o.world) o.copy_world(view.world);
    o.top_view->add(view);
    if (!view.has_images) {
        o.failures_seen += view.new_failures.size();
        return {};
    }
    const bool wants_sheet =
        o.options.video || !view.new_failures.empty() || view.frame == o.next_sheet;
    Image sheet;
    if (wants_sheet) {
        const engine::core::TraceSpan span(o.options.trace, "loop", "compose sheet");
        sheet = camera_sheet(view.world.rig, view.frames, view.action.perception());
    }
    HM_TRY(o.add_failure_pictures(view, sheet));
    HM_TRY(o.add_sheet(view, sheet));
    if (o.options.frames) HM_TRY(o.write_frames(view));
    if (o.options.video) HM_TRY(o.add_to_video(view, std::move(sheet)));
    return {};
}

Status Output::finish(RunResult& result, const std::string& command) {
    Impl& o = *impl_;
    o.close_video();
    HM_TRY(o.video_status);
    if (o.video) HM_TRY(o.video->finish());
    std::vector<std::string> failure_jpegs(result.failures.size());
    for (auto& [index, jpeg] : o.failure_jpegs) {
        if (index >= result.failures.size()) continue;
        result.failures[index].picture = fmt::format("failures/{}.jpg", index + 1);
        failure_jpegs[index] = jpeg;
    }
    HM_TRY(engine::sim::write_recording(o.folder / engine::sim::kRecordingFile, result.recording));
    std::string plan;
    if (o.world) {
        std::vector<engine::math::Vec2> track;
        for (const auto& row : result.timeline) track.push_back(row.p_W);
        plan = scenarios::town::plan_svg(*o.world, track);
    }
    HM_TRY(engine::core::write_file(o.folder / "report.html",
                                    report_html(result, command,
                                                {.plan = std::move(plan),
                                                 .road_users = o.top_view->html(),
                                                 .sheets = o.sheets,
                                                 .failure_pictures = failure_jpegs,
                                                 .has_video = o.video.has_value()})));
    return engine::core::write_file(o.folder / "run.json", run_json(result));
}

}  // namespace huntsman::bridge::report
