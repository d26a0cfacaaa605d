#include "bridge/driver/tracker.h"

#include <algorithm>
#include <tuple>

namespace huntsman::bridge::driver {

using engine::math::Vec2;
using engine::math::Vec3;

namespace {

constexpr double kVehicleGate_m = 3.0, kPersonGate_m = 1.5;
constexpr int kMostMisses = 3;
// Position and velocity gains of the alpha–beta filter; the first update after birth trusts the
// measured displacement more.
constexpr double kAlpha = 0.5, kBeta = 0.15, kFirstBeta = 0.5;
constexpr double kFadePerMiss = 0.7;
constexpr double kFastest_mps = 30, kFastestPerson_mps = 3;

}  // namespace

void Tracker::update(const messages::Observation& observation, messages::Perception& perception) {
    const double dt_s = advance(observation);
    std::vector<Vec2> seen;
    for (const auto& object : perception.objects()) {
        seen.push_back(engine::math::xy(X_OB_ * Vec3(object.x_m(), object.y_m(), 0)));
    }
    const Matches matches = match(perception, seen);
    correct(perception, seen, matches, dt_s);
    begin_tracks(perception, seen, matches);
    write(perception);
}

double Tracker::advance(const messages::Observation& observation) {
    double dt_s = 0.0;
    if (last_time_us_ >= 0) {
        // Dead reckoning on an arc.
        dt_s = 1e-6 * static_cast<double>(observation.time_us() - last_time_us_);
        const double turned = observation.motion().yaw_rate_rad_s() * dt_s;
        const double moved = observation.motion().speed_mps() * dt_s;
        X_OB_ = X_OB_ *
                engine::math::upright(
                    {moved * std::cos(0.5 * turned), moved * std::sin(0.5 * turned), 0}, turned);
    }
    last_time_us_ = observation.time_us();
    for (Track& track : tracks_) track.p += track.v * dt_s;
    return dt_s;
}

Tracker::Matches Tracker::match(const messages::Perception& perception,
                                const std::vector<Vec2>& seen) const {
    std::vector<std::tuple<double, std::size_t, int>> pairs;
    for (int i = 0; i < perception.objects_size(); ++i) {
        const auto& object = perception.objects(i);
        const bool person = object.object_class() == messages::OBJECT_PEDESTRIAN;
        const double gate = person ? kPersonGate_m : kVehicleGate_m;
        for (std::size_t t = 0; t < tracks_.size(); ++t) {
            if (tracks_[t].box.object_class() != object.object_class()) continue;
            const double distance = glm::length(tracks_[t].p - seen[static_cast<std::size_t>(i)]);
            if (distance < gate) pairs.emplace_back(distance, t, i);
        }
    }
    std::sort(pairs.begin(), pairs.end());
    Matches matches{.object_of = std::vector<int>(tracks_.size(), -1),
                    .taken = std::vector<bool>(seen.size(), false)};
    for (const auto& [distance, t, i] : pairs) {
        if (matches.object_of[t] >= 0 || matches.taken[static_cast<std::size_t>(i)]) continue;
        matches.object_of[t] = i;
        matches.taken[static_cast<std::size_t>(i)] = true;
    }
    return matches;
}

void Tracker::correct(const messages::Perception& perception, const std::vector<Vec2>& seen,
                      const Matches& matches, double dt_s) {
    const double yaw = X_OB_.yaw_rad();
    for (std::size_t t = 0; t < tracks_.size(); ++t) {
        Track& track = tracks_[t];
        const int found = matches.object_of[t];
        if (found < 0) {
            ++track.misses;
            track.score *= kFadePerMiss;
            continue;
        }
        const auto& object = perception.objects(found);
        const Vec2 residual = seen[static_cast<std::size_t>(found)] - track.p;
        track.p += residual * kAlpha;
        if (dt_s > 0.0) track.v += residual * ((track.hits == 1 ? kFirstBeta : kBeta) / dt_s);
        const double limit = object.object_class() == messages::OBJECT_PEDESTRIAN
                                 ? kFastestPerson_mps
                                 : kFastest_mps;
        const double speed = glm::length(track.v);
        if (speed > limit) track.v *= limit / speed;
        track.yaw_rad = object.yaw_rad() + yaw;
        track.box = object;
        track.score = object.score();
        track.misses = 0;
        ++track.hits;
    }
    std::erase_if(tracks_, [](const Track& track) {
        return track.misses > kMostMisses || (track.misses > 0 && track.hits < 2);
    });
}

void Tracker::begin_tracks(const messages::Perception& perception, const std::vector<Vec2>& seen,
                           const Matches& matches) {
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (matches.taken[i]) continue;
        const auto& object = perception.objects(static_cast<int>(i));
        tracks_.push_back({.number = next_number_++,
                           .box = object,
                           .p = seen[i],
                           .yaw_rad = object.yaw_rad() + X_OB_.yaw_rad(),
                           .score = object.score(),
                           .hits = 1});
    }
}

void Tracker::write(messages::Perception& perception) const {
    const double yaw = X_OB_.yaw_rad();
    const auto X_BO = X_OB_.inverse();
    perception.clear_objects();
    for (const Track& track : tracks_) {
        auto* object = perception.add_objects();
        *object = track.box;
        const Vec3 p_B = X_BO * Vec3(track.p, 0);
        const Vec3 v_B = X_BO.rotate(Vec3(track.v, 0));
        object->set_x_m(p_B.x);
        object->set_y_m(p_B.y);
        object->set_yaw_rad(engine::math::wrap_angle(track.yaw_rad - yaw));
        object->set_velocity_x_mps(v_B.x);
        object->set_velocity_y_mps(v_B.y);
        object->set_score(track.score);
        object->set_track(track.number);
    }
}

}  // namespace huntsman::bridge::driver
