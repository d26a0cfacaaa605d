// OSI traces: SensorView one after the other (.osi), or three channels in MCAP (.mcap).
#include <array>
#include <optional>

#include "bridge/trace/mcap_writer.h"
#include "bridge/trace/osi/convert.h"
#include "bridge/trace/osi/lanes.h"
#include "bridge/trace/osi/movers.h"
#include "bridge/trace/osi/sensors.h"
#include "bridge/trace/osi/surroundings.h"
#include "bridge/trace/osi/weather.h"
#include "bridge/trace/output_file.h"
#include "bridge/trace/schema.h"
#include "bridge/trace/writers.h"
#include "osi3/osi_sensorview.pb.h"

namespace huntsman::bridge::trace {

using engine::core::Result;
using engine::core::Status;
using engine::world::State;
using engine::world::World;

namespace {

// The messages of a moment. The map and what stands along the road are made once.
class Moment {
  public:
    void set(const World& world, const State& state) {
        osi3::GroundTruth& truth = *view_.mutable_global_ground_truth();
        if (!map_) begin(world, truth);
        osi::set(truth.mutable_timestamp(), state.time_us);
        truth.clear_moving_object();
        osi::add_movers(world, *map_, state, truth);
        osi::set_lights(world, state, truth);
        osi::set_conditions(truth.mutable_environmental_conditions(), world,
                            engine::world::environment_at(world, state), state.time_us);
        set_host_lane(truth);

        osi::set(view_.mutable_timestamp(), state.time_us);
        view_.clear_host_vehicle_data();
        osi::set_host(world, state, view_.mutable_host_vehicle_data());
    }
    const osi3::SensorView& view() const { return view_; }

  private:
    void begin(const World& world, osi3::GroundTruth& truth) {
        map_.emplace(world);
        osi::set_version(truth.mutable_version());
        truth.mutable_host_vehicle_id()->set_value(engine::world::kEgo);
        osi::add_lanes(world, truth);
        osi::add_stationary_objects(world, truth);
        osi::add_signs(world, truth);
        osi::add_markings(world, truth);
        osi::add_lights(world, truth);
        if (!world.road_model.geo_reference.empty()) {
            truth.set_proj_string(world.road_model.geo_reference);
            const auto& offset = world.road_model.offset;
            osi::set(truth.mutable_proj_frame_offset()->mutable_position(),
                     {offset.x_m, offset.y_m, offset.z_m});
            truth.mutable_proj_frame_offset()->set_yaw(offset.heading_rad);
        }
        osi::set_version(view_.mutable_version());
        osi::set_sensors(world, &view_);
    }
    // Of the lanes, the one that the ego is assigned to.
    static void set_host_lane(osi3::GroundTruth& truth) {
        const auto& ego = truth.moving_object(0).moving_object_classification();
        for (osi3::Lane& lane : *truth.mutable_lane()) {
            bool here = false;
            for (const auto& id : ego.assigned_lane_id()) here |= id.value() == lane.id().value();
            lane.mutable_classification()->set_is_host_vehicle_lane(here);
        }
    }

    std::optional<engine::road::RoadMap> map_;
    osi3::SensorView view_;
};

class SingleChannel : public Writer {
  public:
    explicit SingleChannel(OutputFile file) : file_(std::move(file)) {}

    Status add(const loop::FrameView& view) override {
        if (!at_camera_tick(view)) return {};
        moment_.set(view.world, view.state);
        serialize(moment_.view(), bytes_);
        std::array<char, 4> length{};  // little-endian
        for (std::size_t i = 0; i < length.size(); ++i) {
            length[i] = static_cast<char>(bytes_.size() >> (8 * i) & 0xFFU);
        }
        HM_TRY(file_.write({length.data(), length.size()}));
        return file_.write(bytes_);
    }
    Status end(const loop::RunResult&) override { return file_.finish(); }

  private:
    OutputFile file_;
    Moment moment_;
    std::string bytes_;
};

class MultiChannel : public Writer {
  public:
    explicit MultiChannel(McapWriter file) : file_(std::move(file)) {
        truth_ = channel<osi3::GroundTruth>("GroundTruth", "What is truly there");
        view_ = channel<osi3::SensorView>("SensorView", "Ground truth and cameras of the ego");
        host_ = channel<osi3::HostVehicleData>("HostVehicleData", "The ego's own state");
    }

    Status begin() {
        const std::string protobuf = protobuf_version(), osi = osi::version_text();
        return file_.add_metadata("net.asam.osi.trace", {{"version", osi},
                                                         {"min_osi_version", osi},
                                                         {"max_osi_version", osi},
                                                         {"min_protobuf_version", protobuf},
                                                         {"max_protobuf_version", protobuf},
                                                         {"description", "A run of Huntsman"},
                                                         {"data_sources", "Huntsman"}});
    }
    Status add(const loop::FrameView& view) override {
        if (!at_camera_tick(view)) return {};
        moment_.set(view.world, view.state);
        const auto& all = moment_.view();
        HM_TRY(write(truth_, view.state.time_us, all.global_ground_truth()));
        HM_TRY(write(view_, view.state.time_us, all));
        return write(host_, view.state.time_us, all.host_vehicle_data());
    }
    Status end(const loop::RunResult&) override { return file_.finish(); }

  private:
    template <typename Message>
    std::uint16_t channel(const std::string& topic, const std::string& what) {
        const auto& type = *Message::descriptor();
        const auto schema = file_.add_schema(type.full_name(), "protobuf", schema_of(type));
        return file_.add_channel(
            schema, topic, "protobuf",
            {{"net.asam.osi.trace.channel.osi_version", osi::version_text()},
             {"net.asam.osi.trace.channel.protobuf_version", protobuf_version()},
             {"net.asam.osi.trace.channel.description", what}});
    }
    Status write(std::uint16_t to, engine::core::TimeUs time_us,
                 const google::protobuf::MessageLite& message) {
        serialize(message, bytes_);
        return file_.add_message(to, time_us, bytes_);
    }

    McapWriter file_;
    Moment moment_;
    std::uint16_t truth_ = 0, view_ = 0, host_ = 0;
    std::string bytes_;
};

}  // namespace

Result<std::unique_ptr<Writer>> make_osi_writer(const std::filesystem::path& path) {
    if (path.extension() == ".osi") {
        HM_TAKE(OutputFile file, OutputFile::create(path));
        return std::unique_ptr<Writer>(std::make_unique<SingleChannel>(std::move(file)));
    }
    HM_TAKE(McapWriter file, McapWriter::create(path, {.profile = {}, .library = "Huntsman"}));
    auto writer = std::make_unique<MultiChannel>(std::move(file));
    HM_TRY(writer->begin());
    return std::unique_ptr<Writer>(std::move(writer));
}

}  // namespace huntsman::bridge::trace
