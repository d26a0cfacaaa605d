#include "agents/beliefs/track.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"
#include "engine/world/scene.h"

namespace huntsman::agents::beliefs {

using math::Vec2;
using math::Vec3;
using world::LaneId;

namespace {

constexpr double kStands_mps = 0.5;   // slower vehicles are believed to stand
constexpr double kStood_mps = 0.3;    // whose standing counts
constexpr double kStraight_s = 0.2;   // for so short a time a straight line is as good as a lane
constexpr double kLaneReach_m = 1.0;  // beyond a lane's edge
constexpr double kAlongLane_rad = math::kPi / 4;

bool lit(std::uint32_t lamps, world::Lamp lamp) {
    return (lamps >> static_cast<unsigned>(lamp) & 1U) != 0;
}

}  // namespace

LaneId believed_successor(const road::RoadMap& map, const world::Lane& lane, std::uint32_t lamps) {
    const bool left = lit(lamps, world::Lamp::kTurnLeft);
    const bool right = lit(lamps, world::Lamp::kTurnRight);
    const world::Turn wanted = left == right ? world::Turn::kStraight
                               : left        ? world::Turn::kLeft
                                             : world::Turn::kRight;
    const double from_rad = lane.samples.back().heading_rad;
    LaneId best = world::kNone;
    double least = 0;
    for (const LaneId id : lane.successors) {
        const world::Lane& next = map.lane(id);
        const double bend_rad =
            std::abs(math::wrap_angle(next.samples.back().heading_rad - from_rad));
        const double cost = bend_rad - (next.in_junction() && next.turn == wanted ? 10 : 0);
        if (best == world::kNone || cost < least) best = id, least = cost;
    }
    return best;
}

namespace {

void seek_lane(const road::RoadMap& map, Track& track) {
    track.lane_sought = true;
    const auto place = map.nearest_lane(track.p_W, track.yaw_rad, kLaneReach_m);
    if (!place) return;
    const double heading_rad = map.at(place->lane, place->s_m).heading_rad;
    const double off_rad = math::wrap_angle(std::atan2(track.v_W.y, track.v_W.x) - heading_rad);
    if (std::abs(off_rad) > kAlongLane_rad) return;
    track.lane = place->lane;
    track.lane_s_m = place->s_m;
    track.lane_t_m = place->t_m;
}

// Moves the mean along its lane, at its offset from the centre; where the lane ends without one
// that goes on, the rest of the way is straight.
void follow_lane(Track& track, double dt_s, const road::RoadMap& map) {
    const double speed_mps = glm::length(track.v_W);
    road::LanePlace place{track.lane, track.lane_s_m, track.lane_t_m};
    double s_m = place.s_m + speed_mps * dt_s;
    while (s_m > map.lane(place.lane).length_m) {
        const world::Lane& lane = map.lane(place.lane);
        const LaneId next = believed_successor(map, lane, track.lamps);
        if (next == world::kNone) break;
        s_m -= lane.length_m;
        place.lane = next;
    }
    const double beyond_m = std::max(0.0, s_m - map.lane(place.lane).length_m);
    place.s_m = s_m - beyond_m;
    const double heading_rad = map.at(place.lane, place.s_m).heading_rad;
    const Vec2 ahead = math::direction(heading_rad);
    track.p_W = map.point(place) + Vec3(beyond_m * ahead, 0);
    track.v_W = speed_mps * ahead;
    track.yaw_rad = heading_rad;
    track.lane = beyond_m > 0 ? world::kNone : place.lane;
    track.lane_s_m = place.s_m;
    track.lane_t_m = place.t_m;
}

void predict_place(Track& track, double dt_s, const road::RoadMap* map) {
    if (world::is_vehicle(track.kind) && glm::length(track.v_W) < kStands_mps) {
        track.v_W = {0, 0};
        return;
    }
    if (map != nullptr && world::is_vehicle(track.kind) && !track.lane_sought &&
        track.unseen_s > kStraight_s) {
        seek_lane(*map, track);
    }
    if (map != nullptr && track.lane != world::kNone && track.unseen_s > kStraight_s) {
        follow_lane(track, dt_s, *map);
    } else {
        track.p_W += Vec3(dt_s * track.v_W, 0);
        track.lane_s_m += dt_s * glm::length(track.v_W);
    }
}

void predict_variances(Track& track, double dt_s, double q) {
    const double pv = track.place_speed_covariance_m2ps, vv = track.speed_variance_m2ps2;
    track.place_variance_m2 += dt_s * (2 * pv + dt_s * (vv + q * dt_s / 3));
    track.place_speed_covariance_m2ps += dt_s * (vv + q * dt_s / 2);
    track.speed_variance_m2ps2 += q * dt_s;
}

// Variances of what a look measures of one axis.
struct Noise {
    double place_m2, speed_m2ps2;
};
Noise noise_of(const Seen& seen, const Vec3& eye_W, const TrackModel& model) {
    const double place_sd =
        std::max(model.place_sd_m, model.place_sd_share * glm::length(math::xy(seen.p_W - eye_W)));
    const double speed_sd =
        std::max(model.speed_sd_mps, model.speed_sd_share * glm::length(seen.v_W));
    return {place_sd * place_sd / seen.share, speed_sd * speed_sd / seen.share};
}

// One Kalman update with the measured place and speed.
void correct(Track& track, const Seen& seen, const Noise& noise) {
    const double pp = track.place_variance_m2, pv = track.place_speed_covariance_m2ps,
                 vv = track.speed_variance_m2ps2;
    // S = P + R, K = P / S, as 2 x 2 matrices.
    const double s_pp = pp + noise.place_m2, s_vv = vv + noise.speed_m2ps2;
    const double determinant = s_pp * s_vv - pv * pv;
    const double k_pp = (pp * s_vv - pv * pv) / determinant;
    const double k_pv = pv * noise.place_m2 / determinant;
    const double k_vp = pv * noise.speed_m2ps2 / determinant;
    const double k_vv = (vv * s_pp - pv * pv) / determinant;
    const Vec2 off_m = math::xy(seen.p_W - track.p_W), off_mps = seen.v_W - track.v_W;
    track.p_W = Vec3(math::xy(track.p_W) + k_pp * off_m + k_pv * off_mps, seen.p_W.z);
    track.v_W += k_vp * off_m + k_vv * off_mps;
    track.place_variance_m2 = (1 - k_pp) * pp - k_pv * pv;
    track.place_speed_covariance_m2ps = (1 - k_pp) * pv - k_pv * vv;
    track.speed_variance_m2ps2 = (1 - k_vv) * vv - k_vp * pv;
}

void take_in(Track& track, const Seen& seen) {
    track.kind = seen.kind;
    track.exists = 1;
    track.archetype = seen.archetype;
    track.yaw_rad = seen.yaw_rad;
    track.a_mps2 = seen.a_mps2;
    track.unseen_s = 0;
    track.lamps = seen.lamps;
    track.gaze_rad = seen.gaze_rad;
    track.gesture = seen.gesture;
    track.lane = seen.place.lane;
    track.lane_s_m = seen.place.s_m;
    track.lane_t_m = seen.place.t_m;
    track.lane_sought = seen.place.lane != world::kNone;
}

Track new_track(const Seen& seen, const Noise& noise) {
    Track track;
    track.id = seen.id;
    track.p_W = seen.p_W;
    track.v_W = seen.v_W;
    track.place_variance_m2 = noise.place_m2;
    track.speed_variance_m2ps2 = noise.speed_m2ps2;
    return track;
}

void drop_least_relevant(std::vector<Track>& tracks, std::size_t most, const Vec3& eye_W,
                         const core::Key& key) {
    if (tracks.size() <= most) return;
    struct Ranked {
        double relevance;
        std::uint64_t draw;
        world::ActorId id;
    };
    std::vector<Ranked> ranked;
    ranked.reserve(tracks.size());
    for (const Track& track : tracks) {
        ranked.push_back({relevance(track, eye_W), key.with(track.id).bits(), track.id});
    }
    const auto before = [](const Ranked& a, const Ranked& b) {
        if (a.relevance != b.relevance) return a.relevance > b.relevance;
        return a.draw != b.draw ? a.draw < b.draw : a.id < b.id;
    };
    std::ranges::sort(ranked, before);
    ranked.erase(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(most));
    std::erase_if(tracks, [&](const Track& track) {
        return std::ranges::find(ranked, track.id, &Ranked::id) != ranked.end();
    });
}

}  // namespace

double existence_after_miss(double exists, double detection) {
    const double missed = exists * (1 - detection);
    return missed + (1 - exists) > 0 ? missed / (missed + (1 - exists)) : 0;
}

double relevance(const Track& track, const Vec3& p_W) {
    const double distance_m = glm::length(math::xy(track.p_W - p_W));
    return track.exists / (1 + distance_m / std::max(1.0, glm::length(track.v_W)));
}

void predict(Track& track, double dt_s, const road::RoadMap* map, const TrackModel& model) {
    HM_CHECK(dt_s >= 0, "prediction over {} s", dt_s);
    track.unseen_s += dt_s;
    track.standing_s = glm::length(track.v_W) < kStood_mps ? track.standing_s + dt_s : 0;
    track.exists *= std::exp(-model.vanish_per_s * dt_s);
    predict_place(track, dt_s, map);
    predict_variances(track, dt_s, model.acceleration_noise_m2ps3);
}

void predict(Beliefs& beliefs, double dt_s, const road::RoadMap* map, const TrackModel& model) {
    for (Track& track : beliefs.tracks) predict(track, dt_s, map, model);
}

void observe(Beliefs& beliefs, const Look& look, const TrackModel& model, const core::Key& key) {
    for (const Missed& missed : look.missed) {
        if (Track* track = beliefs.find(missed.id)) {
            track->exists = existence_after_miss(track->exists, missed.detection);
        }
    }
    for (const Seen& seen : look.seen) {
        HM_CHECK(seen.share > 0, "actor {} was seen, but nothing of it", seen.id);
        const Noise noise = noise_of(seen, look.eye_W, model);
        Track* track = beliefs.find(seen.id);
        if (track != nullptr) {
            correct(*track, seen, noise);
        } else {
            const auto at = std::ranges::lower_bound(beliefs.tracks, seen.id, {}, &Track::id);
            track = &*beliefs.tracks.insert(at, new_track(seen, noise));
        }
        take_in(*track, seen);
    }
    std::erase_if(beliefs.tracks,
                  [&](const Track& track) { return track.exists < model.forget_below; });
    drop_least_relevant(beliefs.tracks, model.most_tracks, look.eye_W, key);
}

}  // namespace huntsman::agents::beliefs
