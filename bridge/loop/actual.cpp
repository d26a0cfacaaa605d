#include "bridge/loop/actual.h"

#include <algorithm>

#include "bridge/loop/observe.h"

namespace huntsman::bridge::loop {

using engine::core::TimeUs;
using engine::math::Vec2;
using engine::world::ActorId;
using engine::world::State;

void Ways::note(const State& state) {
    for (const auto& actor : state.actors) {
        noted_[actor.id].push_back({state.time_us, engine::math::xy(actor.X_WB.p)});
    }
}

std::vector<Ways::Place> Ways::from(ActorId id, TimeUs now_us) const {
    constexpr TimeUs kHorizon_us = 4'000'000;
    std::vector<Place> places;
    const auto found = noted_.find(id);
    if (found == noted_.end()) return places;
    const auto& all = found->second;
    const auto now = std::ranges::find(all, now_us, &Noted::time_us);
    if (now == all.end()) return places;
    for (auto then = now + 1; then != all.end() && then->time_us <= now_us + kHorizon_us; ++then) {
        places.push_back({engine::core::seconds(then->time_us - now_us), then->p - now->p});
    }
    return places;
}

Actual::Actual(const engine::world::World& world, const Ways* ways)
    : world_(world), ways_(ways), map_(world) {}

messages::Perception Actual::at(const State& state, const messages::Route& route) {
    constexpr double kHorizon_m = kOracleReach_m + 20;
    bodies_.update(world_, state.actors, nullptr);
    const auto& ego = state.actors.front();
    std::vector<View> views;
    for (const auto& camera : world_.rig.cameras) {
        views.push_back({ego.X_WB * camera.X_BC.p, agents::senses::Sight(map_, bodies_)});
        views.back().sight.place(ego.id, views.back().eye_W, kHorizon_m);
    }
    messages::Perception all = true_perception(world_, state, route);
    auto& objects = *all.mutable_objects();
    const auto hidden = std::stable_partition(
        objects.begin(), objects.end(),
        [&](const auto& object) { return can_be_seen(views, state.time_us, object.track()); });
    objects.erase(hidden, objects.end());
    if (ways_ == nullptr) return all;
    const auto X_BW = ego.X_WB.inverse();
    for (auto& object : objects) {
        for (const Ways::Place& place : ways_->from(object.track(), state.time_us)) {
            const auto moved_B = X_BW.rotate({place.moved_m, 0});
            auto& expected = *object.add_way();
            expected.set_t_s(place.t_s);
            expected.set_x_m(object.x_m() + moved_B.x);
            expected.set_y_m(object.y_m() + moved_B.y);
        }
    }
    return all;
}

bool Actual::can_be_seen(const std::vector<View>& views, TimeUs now_us, ActorId id) {
    constexpr TimeUs kRemembered_us = 3'000'000;
    const agents::senses::Body* body = bodies_.find(id);
    if (body == nullptr) return true;
    for (const View& view : views) {
        const double distance =
            glm::length(engine::math::xy(body->middle_W) - engine::math::xy(view.eye_W));
        if (view.sight.seen(*body, distance, view.eye_W) == 0) continue;
        seen_us_[id] = now_us;
        return true;
    }
    const auto seen = seen_us_.find(id);
    return seen != seen_us_.end() && now_us - seen->second <= kRemembered_us;
}

}  // namespace huntsman::bridge::loop
