#include "bridge/live/moment.h"

#include <algorithm>
#include <cmath>

#include "bridge/live/moment_of.h"
#include "bridge/score/encounter.h"
#include "engine/world/pose.h"
#include "sensors/encode/image_file.h"

namespace huntsman::bridge::live {

using engine::core::Image;
using engine::math::Box2;
using engine::math::Vec2;
using engine::world::ActorState;
using engine::world::State;
using engine::world::World;

namespace {

constexpr double kReach_m = 60;  // of the judge
constexpr int kThumbnailQuality = 75;

std::size_t bytes_of(const Moment& moment) {
    std::size_t bytes = sizeof(Moment);
    for (const ActorState& actor : moment.state.actors) {
        bytes += sizeof(ActorState) + actor.wheels.size() * sizeof(engine::world::WheelState) +
                 actor.mind.beliefs.tracks.size() * sizeof(engine::world::Track) +
                 actor.mind.beliefs.signals.size();
    }
    for (const std::string& jpeg : moment.thumbnails) bytes += jpeg.size();
    bytes += moment.observation.SpaceUsedLong() + moment.action.SpaceUsedLong() +
             moment.truth.SpaceUsedLong();
    return bytes;
}

}  // namespace

Image shrunk(const Image& image, int width) {
    if (image.width <= width) return image;
    const int height = std::max(1, image.height * width / image.width);
    Image small{.width = width, .height = height, .channels = 3, .pixels = {}};
    small.pixels.resize(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        const int y0 = y * image.height / height;
        const int y1 = std::max(y0 + 1, (y + 1) * image.height / height);
        std::uint8_t* to = small.row(y);
        for (int x = 0; x < width; ++x) {
            const int x0 = x * image.width / width;
            const int x1 = std::max(x0 + 1, (x + 1) * image.width / width);
            for (int c = 0; c < 3; ++c) {
                int sum = 0;
                for (int v = y0; v < y1; ++v) {
                    const std::uint8_t* row = image.row(v);
                    for (int u = x0; u < x1; ++u) sum += row[u * image.channels + c];
                }
                *to++ = static_cast<std::uint8_t>(sum / ((y1 - y0) * (x1 - x0)));
            }
        }
    }
    return small;
}

Image thumbnail(const Moment& moment, std::size_t camera) {
    if (camera >= moment.thumbnails.size() || moment.thumbnails[camera].empty()) return {};
    auto image = sensors::encode::decode_jpeg(moment.thumbnails[camera]);
    return image ? std::move(*image) : Image();
}

PlotValues plot_values(const World& world, const State& state, double progress_m) {
    const ActorState& ego = state.actors.front();
    PlotValues values;
    const Vec2 v = engine::math::xy(ego.v_W);
    const double yaw = ego.X_WB.yaw_rad();
    values.time_s = engine::core::seconds(state.time_us);
    values.speed_mps = glm::length(v);
    values.acceleration_mps2 = glm::dot(engine::math::xy(ego.a_W), engine::math::direction(yaw));
    values.steer_rad = ego.steer_rad;
    values.progress_m = progress_m;
    const Box2 own = engine::world::footprint(world.archetypes[ego.archetype].extent, ego.X_WB);
    for (const ActorState& actor : state.actors) {
        if (actor.id == ego.id || !score::same_level(ego.X_WB.p, actor.X_WB.p)) continue;
        const auto& archetype = world.archetypes[actor.archetype];
        const Box2 box = engine::world::footprint(archetype.extent, actor.X_WB);
        const Vec2 between = box.centre - own.centre;
        if (glm::length(between) > kReach_m) continue;
        if (glm::dot(between, engine::math::direction(yaw)) < 0) continue;  // behind
        values.gap_m = std::min(values.gap_m, engine::math::distance(own, box));
        values.ttc_s =
            std::min(values.ttc_s, score::contact_time_s(own, v, box, engine::math::xy(actor.v_W)));
    }
    return values;
}

MomentPtr moment_of(const loop::Session& session, std::shared_ptr<const World> world,
                    const MomentPtr& before, int thumbnail_width) {
    auto made = std::make_shared<Moment>();
    Moment& moment = *made;
    moment.world = std::move(world);
    moment.state = session.state();
    moment.tick = moment.state.tick;
    moment.at_frame = session.at_frame();
    const loop::FrameView view = session.view();
    moment.frame = view.frame;
    moment.observation = view.observation;
    if (moment.at_frame) {
        moment.action = view.action;
        moment.driven = moment.action.has_pedals() || moment.action.has_trajectory();
        moment.truth = session.true_perception();
        if (view.has_images && thumbnail_width > 0) {
            for (const auto& frame : view.frames) {
                auto jpeg = sensors::encode::encode_jpeg(shrunk(frame.image, thumbnail_width),
                                                         kThumbnailQuality);
                moment.thumbnails.push_back(jpeg ? std::move(*jpeg) : std::string());
            }
        }
    } else if (before) {
        moment.action = before->action;
        moment.truth = before->truth;
        moment.thumbnails = before->thumbnails;
    }
    // Lists that have not changed are shared.
    const auto& failures = session.failures();
    moment.failures = before && before->failures->size() == failures.size()
                          ? before->failures
                          : std::make_shared<const std::vector<loop::Failure>>(failures);
    const auto& profiles = session.profiles();
    moment.profiles = before && before->profiles && *before->profiles == profiles
                          ? before->profiles
                          : std::make_shared<const std::vector<std::string>>(profiles);
    moment.plots = plot_values(*moment.world, moment.state, session.route_s_m());
    moment.bytes = bytes_of(moment);
    return made;
}

MomentPtr with_environment(const MomentPtr& moment, const engine::world::Environment& environment) {
    auto changed = std::make_shared<Moment>(*moment);
    changed->state.environment = environment;
    return changed;
}

MomentPtr with_actor_at(const MomentPtr& moment, engine::world::ActorId actor,
                        const engine::math::RigidTransform& X_WB) {
    auto changed = std::make_shared<Moment>(*moment);
    if (auto* moved = changed->state.find(actor)) moved->X_WB = X_WB;
    return changed;
}

MomentPtr moment_at(const Moments& moments, std::int64_t tick) {
    const auto after =
        std::ranges::upper_bound(moments, tick, {}, [](const MomentPtr& m) { return m->tick; });
    return after == moments.begin() ? nullptr : *(after - 1);
}

std::vector<PathPoint> path_of(const Moments& moments, engine::world::ActorId actor,
                               std::int64_t from, std::int64_t to, double step_s) {
    std::vector<PathPoint> path;
    if (!(step_s > 0) || to < from) return path;
    // Where it was at the moments, from the one before `from` to the one after `to`.
    std::vector<PathPoint> seen;
    for (const MomentPtr& moment : moments) {
        const ActorState* state = moment->state.find(actor);
        if (state == nullptr) continue;
        seen.push_back(
            {engine::core::seconds(moment->state.time_us), state->X_WB, glm::length(state->v_W)});
    }
    const double tick_s = engine::core::seconds(engine::core::kTick_us);
    const double first_s = static_cast<double>(from) * tick_s;
    const double last_s = static_cast<double>(to) * tick_s;
    constexpr double kSame_s = 1e-9;
    std::size_t next = 0;
    for (std::size_t i = 0;; ++i) {
        const double t = std::min(first_s + static_cast<double>(i) * step_s, last_s);
        while (next < seen.size() && seen[next].time_s < t - kSame_s) ++next;
        if (next == seen.size()) break;
        const PathPoint& b = seen[next];
        if (b.time_s < t + kSame_s) {
            path.push_back(b);
        } else if (next > 0) {
            const PathPoint& a = seen[next - 1];
            const double share = (t - a.time_s) / (b.time_s - a.time_s);
            path.push_back({t,
                            {glm::normalize(glm::slerp(a.X_WB.q, b.X_WB.q, share)),
                             glm::mix(a.X_WB.p, b.X_WB.p, share)},
                            glm::mix(a.speed_mps, b.speed_mps, share)});
        }
        if (t >= last_s) break;
    }
    return path;
}

}  // namespace huntsman::bridge::live
