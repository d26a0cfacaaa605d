// Traces for Foxglove and other viewers of its schemas.
#include <fmt/format.h>
#include <google/protobuf/message.h>

#include <optional>

#include "bridge/trace/foxglove/primitives.h"
#include "bridge/trace/foxglove/scenes.h"
#include "bridge/trace/mcap_writer.h"
#include "bridge/trace/schema.h"
#include "bridge/trace/writers.h"
#include "foxglove/CompressedImage.pb.h"
#include "foxglove/Log.pb.h"
#include "sensors/encode/image_file.h"
#include "sensors/eyes/eyes.h"

namespace huntsman::bridge::trace {

using engine::core::Result;
using engine::core::Status;
using engine::core::TimeUs;
using loop::FrameView;

namespace {

constexpr int kJpegQuality = 90;  // as pictures of --save-frames

class FoxgloveWriter : public Writer {
  public:
    FoxgloveWriter(McapWriter file, engine::core::JobPool* pool)
        : file_(std::move(file)), pool_(pool) {}

    Status add(const FrameView& view) override {
        const TimeUs time_us = view.state.time_us;
        const bool first = !last_us_;
        last_us_ = time_us;
        if (first) HM_TRY(begin(view));
        if (at_camera_tick(view)) {
            HM_TRY(write("/tf", time_us, fox::transforms(view)));
            HM_TRY(write("/actors", time_us, fox::actor_scene(view, first, shown_)));
            if (!view.world.roads.signal_heads.empty()) {
                HM_TRY(write("/signals", time_us, fox::signal_scene(view)));
            }
            HM_TRY(write("/route", time_us, fox::route(view)));
            HM_TRY(add_driver(view));
            if (view.has_images) HM_TRY(add_pictures(view));
        }
        for (const loop::Failure& failure : view.new_failures) {
            HM_TRY(log(time_us, foxglove::Log::WARNING, text_of(failure)));
        }
        return {};
    }

    Status end(const loop::RunResult& result) override {
        const auto level = result.valid ? foxglove::Log::INFO : foxglove::Log::ERROR;
        HM_TRY(log(last_us_.value_or(0), level, "the run has ended: " + result.end_reason));
        return file_.finish();
    }

  private:
    // What never changes: the map, and what the cameras are.
    Status begin(const FrameView& view) {
        const TimeUs time_us = view.state.time_us;
        HM_TRY(write("/map", time_us, fox::map_scene(view.world, time_us)));
        for (const auto& camera : view.world.rig.cameras) {
            foxglove::CameraCalibration calibration;
            if (!fox::set_calibration(camera, time_us, calibration)) continue;
            HM_TRY(write("/camera/" + camera.name + "/calibration", time_us, calibration));
        }
        return log(time_us, foxglove::Log::INFO, "the run begins: " + view.world.scenario);
    }

    // Where the driver says what it sees and where it wants to go.
    Status add_driver(const FrameView& view) {
        const TimeUs time_us = view.state.time_us;
        if (view.action.has_perception()) {
            HM_TRY(write("/perceived", time_us, fox::perceived_scene(view)));
        }
        if (view.action.has_trajectory()) HM_TRY(write("/plan", time_us, fox::plan(view)));
        return {};
    }

    // Of the cameras that have taken a picture at this tick.
    Status add_pictures(const FrameView& view) {
        const auto& cameras = view.world.rig.cameras;
        std::vector<Result<std::string>> jpegs(cameras.size(), std::string());
        pool_->run(cameras.size(), [&](std::size_t c) {
            if (!sensors::eyes::due(view.world.rig, cameras[c], view.state.time_us) ||
                view.frames[c].image.pixels.empty()) {
                return;
            }
            jpegs[c] = sensors::encode::encode_jpeg(view.frames[c].image, kJpegQuality);
        });
        for (std::size_t c = 0; c < cameras.size(); ++c) {
            if (!jpegs[c]) return jpegs[c].error();
            if (jpegs[c]->empty()) continue;
            foxglove::CompressedImage picture;
            fox::set(picture.mutable_timestamp(), view.state.time_us);
            picture.set_frame_id(fox::camera_frame(cameras[c].name));
            picture.set_format("jpeg");
            picture.set_data(std::move(*jpegs[c]));
            HM_TRY(write("/camera/" + cameras[c].name + "/image", view.state.time_us, picture));
        }
        return {};
    }

    static std::string text_of(const loop::Failure& failure) {
        const auto& infraction = failure.infraction;
        std::string text = fmt::format("{} at {:.2f} s", score::name(infraction.kind),
                                       engine::core::seconds(infraction.time_us));
        if (infraction.other != engine::world::kNoActor) {
            text += fmt::format(", {} {}", failure.other.empty() ? "other" : failure.other,
                                infraction.other);
        }
        return text;
    }

    Status log(TimeUs time_us, foxglove::Log::Level level, const std::string& text) {
        foxglove::Log message;
        fox::set(message.mutable_timestamp(), time_us);
        message.set_level(level);
        message.set_message(text);
        message.set_name("huntsman");
        return write("/log", time_us, message);
    }

    // Channels are declared when they are first written to.
    Status write(const std::string& topic, TimeUs time_us,
                 const google::protobuf::Message& message) {
        auto found = channels_.find(topic);
        if (found == channels_.end()) {
            const auto& type = *message.GetDescriptor();
            auto [schema, is_new] = schemas_.try_emplace(type.full_name(), std::uint16_t{0});
            if (is_new) {
                schema->second = file_.add_schema(type.full_name(), "protobuf", schema_of(type));
            }
            found = channels_.emplace(topic, file_.add_channel(schema->second, topic, "protobuf"))
                        .first;
        }
        serialize(message, bytes_);
        return file_.add_message(found->second, time_us, bytes_);
    }

    McapWriter file_;
    engine::core::JobPool* pool_;
    std::map<std::string, std::uint16_t> schemas_, channels_;  // by name and topic
    std::set<engine::world::ActorId> shown_;
    std::optional<TimeUs> last_us_;
    std::string bytes_;
};

}  // namespace

Result<std::unique_ptr<Writer>> make_foxglove_writer(const std::filesystem::path& path,
                                                     engine::core::JobPool* pool) {
    HM_TAKE(McapWriter file, McapWriter::create(path, {.profile = {}, .library = "Huntsman"}));
    return std::unique_ptr<Writer>(std::make_unique<FoxgloveWriter>(std::move(file), pool));
}

}  // namespace huntsman::bridge::trace
