#include "apps/editor/kind_pictures.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "bridge/live/cameras.h"
#include "bridge/live/live_run.h"
#include "bridge/live/views.h"
#include "bridge/run/settings.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/world/boxes.h"
#include "scenarios/edit/commands.h"
#include "sensors/encode/image_file.h"

namespace huntsman::apps::editor {

using engine::core::Image;
using engine::math::Vec3;
namespace edit = scenarios::edit;
namespace fs = std::filesystem;
namespace live = bridge::live;

namespace {

constexpr int kWidth = 160, kHeight = 96;
constexpr double kSpacing_m = 25;  // nobody is in another one's picture
constexpr int kVersion = 1;        // of what the pictures look like

// A straight road on which they stand.
std::string straight_road(double length_m) {
    return fmt::format(R"(<?xml version="1.0"?>
<OpenDRIVE>
 <header revMajor="1" revMinor="7" name="kinds" version="1"/>
 <road name="" length="{0}" id="1" junction="-1" rule="RHT">
  <type s="0" type="town"><speed max="50" unit="km/h"/></type>
  <planView><geometry s="0" x="0" y="0" hdg="0" length="{0}"><line/></geometry></planView>
  <lanes><laneSection s="0">
   <left><lane id="1" type="driving" level="false"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane></left>
   <center><lane id="0" type="none" level="false"/></center>
   <right><lane id="-1" type="driving" level="false"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane></right>
  </laneSection></lanes>
 </road>
</OpenDRIVE>
)",
                       length_m);
}

// Half from the front, half from the side, as large as it fits.
engine::math::RigidTransform camera_of(const engine::world::World& world,
                                       const engine::world::ActorState& actor) {
    const auto& extent = world.archetypes[actor.archetype].extent;
    const double size = std::max({extent.length_m() * 0.8, extent.height_m * 1.4, extent.width_m});
    live::Orbit orbit;
    orbit.target_W = engine::world::box_centre(extent, actor.X_WB);
    orbit.yaw_rad = actor.X_WB.yaw_rad() + 2.45;
    orbit.pitch_rad = -0.28;
    orbit.distance_m = 1.25 * size + 0.8;
    return live::pose(orbit);
}

}  // namespace

KindPictures::KindPictures(fs::path state_folder) {
    std::string names;
    for (const auto& kind : edit::actor_kinds()) {
        names += fmt::format("{} {} {};", kind.name, kind.length_m, kind.height_m);
    }
    const auto hash = engine::core::hash_bytes(names.data(), names.size(), kVersion);
    folder_ = std::move(state_folder) / ("kinds-" + engine::core::hex(hash));
    thread_ = std::thread([this] { work(); });
}

KindPictures::~KindPictures() {
    stop_ = true;
    thread_.join();
}

std::map<std::string, std::shared_ptr<const Image>> KindPictures::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(made_, {});
}

void KindPictures::publish(const std::string& kind, Image image) {
    const std::lock_guard lock(mutex_);
    made_[kind] = std::make_shared<const Image>(std::move(image));
}

void KindPictures::work() {
    if (read()) return;
    render();
}

bool KindPictures::read() {
    for (const auto& kind : edit::actor_kinds()) {
        const auto bytes = engine::core::read_file(folder_ / (kind.name + ".png"));
        if (!bytes.ok()) return false;
        auto image = sensors::encode::decode_png(bytes.value());
        if (!image.ok()) return false;
        publish(kind.name, std::move(image.value()));
    }
    return true;
}

// Without them the palette shows icons: whatever fails is left at that.
void KindPictures::render() {
    const auto& kinds = edit::actor_kinds();
    std::error_code ignored;
    fs::create_directories(folder_, ignored);
    const fs::path map = folder_ / "road.xodr", file = folder_ / "kinds.json";
    const double length = kSpacing_m * static_cast<double>(kinds.size() + 3);
    if (!engine::core::write_file(map, straight_road(length)).ok()) return;
    edit::Draft draft = edit::new_town(1);
    const auto apply = [&](const nlohmann::json& command, const edit::Context& context) {
        auto next = edit::apply(draft, context, command);
        if (next.ok()) draft = std::move(next.value());
    };
    apply({{"do", "map"}, {"file", map.string()}}, {});
    for (const char* none : {"town.vehicles", "town.pedestrians", "town.parked_share"}) {
        apply({{"do", "set"}, {"field", none}, {"value", 0}}, {});
    }
    auto place = scenarios::model::build_place(draft.scenario);
    if (!place.ok() || stop_) return;
    const edit::Context context{
        std::make_shared<const scenarios::model::Place>(std::move(place.value()))};
    double x = 2 * kSpacing_m;
    for (const auto& kind : kinds) {
        apply({{"do", "add_actor"},
               {"kind", kind.name},
               {"name", kind.name},
               {"x", x},
               {"y", -1.75},
               {"heading_deg", 0},
               {"speed", 0}},
              context);
        x += kSpacing_m;
    }
    const auto text = edit::to_text(draft, file);
    if (!text.ok() || !engine::core::write_file(file, text.value()).ok() || stop_) return;
    auto options = bridge::run::to_options(
        {.scenario = file.string(), .driver = "none", .size = "64x40", .no_images = true});
    if (!options.ok()) return;
    live::LiveRun run({.threads = 1, .kept_places = 1, .thumbnail_width = 0});
    run.prepare(std::move(options.value()));
    while (!stop_ && !run.moment() && run.progress().error.empty()) run.wait(0.2);
    const auto moment = run.moment();
    if (!moment || !moment->state.story) return;
    live::ViewWorker views({.quality = engine::render::Quality::kStandard, .smallest = 1});
    views.show(moment);
    std::vector<live::ViewWanted> wanted;
    std::map<std::uint32_t, std::string> names;
    for (const auto& actor : moment->state.actors) {
        if (actor.id == engine::world::kEgo) continue;
        // Entities are in the order in which they were added; the actor's place tells which.
        const auto index =
            static_cast<std::size_t>(std::lround((actor.X_WB.p.x - 2 * kSpacing_m) / kSpacing_m));
        if (index >= kinds.size()) continue;
        names[actor.id] = kinds[index].name;
        wanted.push_back({.id = actor.id,
                          .X_WC = camera_of(*moment->world, actor),
                          .horizontal_fov_rad = 0.9,
                          .camera = {},
                          .width = kWidth,
                          .height = kHeight,
                          .ids = false,
                          .depth = false,
                          .layers = {}});
    }
    views.want(wanted);
    while (!stop_ && !views.wait(0.2) && views.status().error.empty()) {
    }
    for (const auto& picture : views.take()) {
        const auto bytes = sensors::encode::encode_png(picture->image);
        const std::string& name = names[picture->id];
        if (bytes.ok()) {
            // A file that cannot be written only costs the time to render it again.
            static_cast<void>(engine::core::write_file(folder_ / (name + ".png"), bytes.value()));
        }
        publish(name, picture->image);
    }
}

}  // namespace huntsman::apps::editor
