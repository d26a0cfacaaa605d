// huntsman look: one picture of a world, from anywhere, or all cameras of the rig at a place.
#include <cmath>
#include <cstdio>
#include <future>

#include "agents/traffic/control.h"
#include "apps/huntsman/common.h"
#include "apps/huntsman/run_flags.h"
#include "bridge/loop/run.h"
#include "bridge/run/numbers.h"
#include "engine/core/files.h"
#include "engine/math/geometry.h"
#include "engine/render/renderer.h"
#include "engine/road/lane_curve.h"
#include "engine/road/signals.h"
#include "sensors/encode/compose.h"
#include "sensors/encode/exr_file.h"
#include "sensors/encode/image_file.h"
#include "sensors/eyes/eyes.h"

namespace huntsman::apps {

namespace {

using engine::core::Error;
using engine::core::Result;
using engine::math::Vec2;
using engine::math::Vec3;

constexpr double kEyeHeight_m = 1.5;

struct LookArguments {
    bridge::run::RunSettings run;
    std::string from, to;
    double along_m = 0;
    bool aerial = false, cameras = false;
    double fov_deg = 60;
    std::string out = "look.png";
};

Result<Vec3> parse_point(const char* flag, const std::string& text) {
    const auto p = bridge::run::parse_numbers(text, ',');
    if (!p || p->size() != 3) {
        return Error{.message = fmt::format("{} is {}, expected X,Y,Z in metres", flag, text)};
    }
    return Vec3((*p)[0], (*p)[1], (*p)[2]);
}

// Where to look from and to: as asked, or over the whole map, or from the ego's seat.
Result<std::pair<Vec3, Vec3>> viewpoint(const LookArguments& args,
                                        const engine::world::World& world) {
    if (!args.from.empty() || !args.to.empty()) {
        HM_TAKE(auto from, parse_point("--from", args.from));
        HM_TAKE(auto to, parse_point("--to", args.to));
        if (glm::length(to - from) < 1e-3) {
            return Error{.message = "--from and --to are the same point, expected two"};
        }
        return std::pair(from, to);
    }
    if (args.aerial) {
        Vec3 low(1e30), high(-1e30);
        for (const auto& lane : world.roads.lanes) {
            for (const auto& q : lane.samples) {
                low = glm::min(low, q.p);
                high = glm::max(high, q.p);
            }
        }
        const Vec3 middle = 0.5 * (low + high);
        const double reach = 0.5 * glm::length(high - low);
        return std::pair(middle + reach * Vec3(-0.55, -1.0, 0.75), middle);
    }
    // At eye height on the route, looking ahead along it.
    double left = std::max(0.0, args.along_m) + world.spawns.front().lane_s_m;
    for (std::size_t i = 0; i < world.ego_route.size(); ++i) {
        const auto& lane = world.roads.lanes[world.ego_route[i]];
        const bool last = i + 1 == world.ego_route.size();
        if (left > lane.length_m && !last) {
            left -= lane.length_m;
            continue;
        }
        const auto q = engine::road::lane_at(lane, left);
        const Vec3 eye = q.p + Vec3(0, 0, kEyeHeight_m);
        return std::pair(eye, eye + Vec3(20.0 * engine::math::direction(q.heading_rad), -0.6));
    }
    return Error{.message = "the world has no route to look along; give --from and --to"};
}

// The ego moved to where a view looks from, with its lamps and all others' as the light asks for.
void take_seat(const engine::world::World& world, const Vec3& eye, const Vec3& ahead,
               engine::world::State& state) {
    state.actors.front().X_WB =
        engine::math::upright(eye - Vec3(0, 0, kEyeHeight_m), std::atan2(ahead.y, ahead.x));
    const bool dipped = agents::traffic::wants_dipped_beam(engine::world::environment_at(world, 0));
    for (auto& actor : state.actors) {
        const auto semantic = world.archetypes[actor.archetype].semantic;
        if (engine::world::is_vehicle(semantic)) {
            actor.lamps = agents::traffic::lamps_of(actor, dipped);
        }
    }
}

// What each camera of the rig sees at once, with its name.
Result<engine::core::Image> camera_sheet(engine::render::Renderer& renderer,
                                         const engine::world::World& world,
                                         const engine::world::State& state) {
    engine::core::JobPool pool(0);
    HM_TAKE(auto eyes, sensors::eyes::Eyes::create(world.rig, world.seed, pool));
    HM_TAKE(auto taken,
            eyes->look(renderer, world, state, {.ids = false, .labels = false, .all = true}));
    std::vector<engine::core::Image> pictures;
    std::vector<std::string> names;
    for (auto& one : taken) {
        pictures.push_back(std::move(one.picture.image));
        names.push_back(world.rig.cameras[one.camera].name);
    }
    return sensors::encode::contact_sheet(pictures, names, 4);
}

int look(const LookArguments& args) {
    auto options = bridge::run::to_options(args.run);
    if (!options) return fail(options.error());
    const std::string extension = std::filesystem::path(args.out).extension().string();
    if (extension != ".png" && extension != ".jpg" && extension != ".exr") {
        return fail(
            {.message = fmt::format("--out is {}, expected a name that ends in .png, .jpg or .exr",
                                    args.out)});
    }
    if (extension == ".exr" && args.cameras) {
        return fail({.message = "--cameras makes a sheet of pictures, expected .png or .jpg"});
    }
    if (!(args.fov_deg >= 5 && args.fov_deg <= 150)) {
        return fail(
            {.message = fmt::format("--fov is {}, expected 5 to 150 degrees", args.fov_deg)});
    }
    // The device gets ready while the world is built.
    auto opening = std::async(std::launch::async,
                              [&] { return engine::render::Renderer::create(options->quality); });
    auto built = bridge::loop::build_world(*options);
    auto renderer = opening.get();
    if (!built) return fail(built.error());
    const engine::world::World* world = &built->world;
    const auto view_points = viewpoint(args, *world);
    if (!view_points) return fail(view_points.error());

    const auto& [from, to] = *view_points;
    const Vec3 ahead = to - from;
    engine::render::View view;
    view.width = options->width;
    view.height = options->height;
    view.fx = view.fy = 0.5 * view.width / std::tan(0.5 * args.fov_deg * engine::math::kPi / 180.0);
    view.cx = 0.5 * view.width;
    view.cy = 0.5 * view.height;
    view.X_WC = {engine::math::camera_rotation(std::atan2(ahead.y, ahead.x),
                                               std::atan2(ahead.z, std::hypot(ahead.x, ahead.y))),
                 from};

    if (!renderer) return fail(renderer.error());
    if (const auto status = (*renderer)->load(*world); !status.ok()) return fail(status.error());
    auto state = engine::world::initial_state(*world);
    engine::road::signal_aspects(world->roads, 0, state.signals);
    engine::core::Image picture;
    if (args.cameras) {
        take_seat(*world, from, ahead, state);
        auto sheet = camera_sheet(**renderer, *world, state);
        if (!sheet) return fail(sheet.error());
        picture = std::move(*sheet);
    } else {
        // A view's first picture is metered before it is exposed.
        std::vector<engine::render::Frame> frames;
        const bool linear = extension == ".exr";
        if (const auto status = (*renderer)->render(
                state, {.views = {&view, 1}, .ids = false, .linear = linear}, frames);
            !status.ok()) {
            return fail(status.error());
        }
        if (linear) {
            if (const auto status = sensors::encode::write_exr(
                    args.out, {view.width, view.height, std::move(frames[0].linear)},
                    sensors::encode::ExrDepth::kFloat);
                !status.ok()) {
                return fail(status.error());
            }
            std::printf("%s\n", args.out.c_str());
            return 0;
        }
        picture = std::move(frames[0].image);
    }
    constexpr int kJpegQuality = 88;
    const auto bytes = extension == ".png" ? sensors::encode::encode_png(picture)
                                           : sensors::encode::encode_jpeg(picture, kJpegQuality);
    if (!bytes) return fail(bytes.error());
    if (const auto status = engine::core::write_file(args.out, *bytes); !status.ok()) {
        return fail(status.error());
    }
    std::printf("%s\n", args.out.c_str());
    return 0;
}

}  // namespace

void add_look(CLI::App& app, Body& chosen) {
    auto args = std::make_shared<LookArguments>();
    auto* command = app.add_subcommand(
        "look",
        "Take one picture of a world, from anywhere.\n"
        "Example: huntsman look --seed 1003 --aerial --size 1280x800 --out town.png");
    add_world_flags(*command, args->run);
    command->add_option("--from", args->from, "Where the camera is: X,Y,Z [m]");
    command->add_option("--to", args->to, "What it looks at: X,Y,Z [m]");
    command
        ->add_option("--along", args->along_m,
                     "Without --from: metres along the ego's route, at eye height")
        ->capture_default_str();
    command->add_flag("--cameras", args->cameras,
                      "All cameras of the rig on the ego at that place, as a contact sheet");
    command->add_flag("--aerial", args->aerial, "Over the whole map");
    command->add_option("--fov", args->fov_deg, "Horizontal field of view [deg]")
        ->capture_default_str();
    command->add_option("--out", args->out, "PNG or JPEG file to write, or EXR: linear [kcd/m²]")
        ->capture_default_str();
    command->callback([args, &chosen] { chosen = [args] { return look(*args); }; });
}

}  // namespace huntsman::apps
