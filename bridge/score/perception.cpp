#include "bridge/score/perception.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace huntsman::bridge::score {

using engine::math::Vec2;
using engine::math::Vec3;
using sensors::labels::TrueObject;

namespace {

constexpr double kClose_m = 20;  // objects nearer than this must not be missed
constexpr double kMatch_m = 2.0;
constexpr double kSeenScore = 0.3;  // a perceived object that counts as seen
constexpr double kInventedScore = 0.5;
constexpr double kInventedReach_m = 3;  // nothing true of its class within this
constexpr double kSameGhost_m = 2;      // what is perceived so near is the same one as before
constexpr int kFramesInARow = 5;        // half a second at 10 Hz
constexpr double kCounted_m = 30;       // what a report's rows count

bool same_class(const messages::PerceivedObject& perceived, PerceivedClass c) {
    return perceived.object_class() == (c == PerceivedClass::kPedestrian
                                            ? messages::OBJECT_PEDESTRIAN
                                            : messages::OBJECT_VEHICLE);
}

// Size matters: a bus may be matched anywhere along its length.
bool is_near(const Vec2& p_B, const TrueObject& object, double reach_m) {
    constexpr double kCarLength_m = 5.0;
    const double reach = reach_m + 0.5 * std::max(0.0, object.size_m.x - kCarLength_m);
    return glm::length(p_B - engine::math::xy(object.centre_B)) <= reach;
}

}  // namespace

const char* name(PerceivedClass c) {
    return c == PerceivedClass::kVehicle ? "vehicle" : "pedestrian";
}

bool perceived_class(engine::world::Semantic semantic, PerceivedClass& out) {
    if (is_vulnerable(semantic)) {
        out = PerceivedClass::kPedestrian;
        return true;
    }
    if (is_vehicle(semantic)) {
        out = PerceivedClass::kVehicle;
        return true;
    }
    return false;
}

bool visible(const TrueObject& object) {
    return object.pixels >= kVisiblePixels && object.visible_share >= kVisibleShare;
}

double PerceptionJudge::reach_m(PerceivedClass c) {
    return c == PerceivedClass::kVehicle ? 50.0 : 40.0;
}

void PerceptionJudge::observe(const engine::world::State& state,
                              const messages::Perception& perception,
                              const std::vector<TrueObject>& truth) {
    any_ = true;
    frames_.push_back({.time_s = engine::core::seconds(state.time_us)});
    add_truths(truth);
    add_detections(perception);
    find_missed(state, perception, truth);
    find_invented(state, perception, truth);
    ++frame_;
}

void PerceptionJudge::add_truths(const std::vector<TrueObject>& truth) {
    FrameRow& row = frames_.back();
    for (const TrueObject& object : truth) {
        PerceivedClass c;
        if (!perceived_class(object.semantic, c)) continue;
        ClassSamples& data = data_[static_cast<std::size_t>(c)];
        data.truths.push_back({frame_, engine::math::xy(object.centre_B), !visible(object)});
        data.truth_distance_m.push_back(object.distance_m);
        data.truth_boxes.push_back({.frame = frame_,
                                    .centre = engine::math::xy(object.centre_B),
                                    .size_m = object.size_m,
                                    .yaw_rad = object.yaw_rad,
                                    .velocity_mps = object.velocity_B,
                                    .ignore = !visible(object)});
        if (visible(object) && object.distance_m <= kCounted_m) {
            ++(c == PerceivedClass::kVehicle ? row.true_vehicles : row.true_people);
        }
    }
}

void PerceptionJudge::add_detections(const messages::Perception& perception) {
    FrameRow& row = frames_.back();
    for (const auto& object : perception.objects()) {
        if (object.object_class() == messages::OBJECT_UNSPECIFIED) continue;
        const bool person = object.object_class() == messages::OBJECT_PEDESTRIAN;
        ClassSamples& data = data_[person ? 1 : 0];
        const Vec2 p(object.x_m(), object.y_m());
        data.detections.push_back({frame_, p, object.score()});
        data.detection_distance_m.push_back(glm::length(p));
        data.detection_boxes.push_back(
            {.frame = frame_,
             .centre = p,
             .size_m = Vec3(object.length_m(), object.width_m(), object.height_m()),
             .yaw_rad = object.yaw_rad(),
             .velocity_mps = Vec2(object.velocity_x_mps(), object.velocity_y_mps()),
             .score = object.score()});
        if (object.score() >= kSeenScore && glm::length(p) <= kCounted_m) {
            ++(person ? row.perceived_people : row.perceived_vehicles);
        }
    }
}

void PerceptionJudge::find_missed(const engine::world::State& state,
                                  const messages::Perception& perception,
                                  const std::vector<TrueObject>& truth) {
    for (const TrueObject& object : truth) {
        PerceivedClass c;
        if (!perceived_class(object.semantic, c)) continue;
        const bool seen = std::any_of(
            perception.objects().begin(), perception.objects().end(), [&](const auto& perceived) {
                return perceived.score() >= kSeenScore && same_class(perceived, c) &&
                       is_near(Vec2(perceived.x_m(), perceived.y_m()), object, kMatch_m);
            });
        int& missed = missed_frames_[object.id];
        if (seen || !visible(object) || object.distance_m > kClose_m) {
            missed = 0;
        } else if (++missed == kFramesInARow) {
            report(state, InfractionKind::kMissedObject, object.id, object.distance_m,
                   object.visible_share);
        }
    }
}

void PerceptionJudge::find_invented(const engine::world::State& state,
                                    const messages::Perception& perception,
                                    const std::vector<TrueObject>& truth) {
    for (Ghost& ghost : ghosts_) ghost.seen_now = false;
    for (const auto& perceived : perception.objects()) {
        const Vec2 at(perceived.x_m(), perceived.y_m());
        if (perceived.object_class() == messages::OBJECT_UNSPECIFIED) continue;
        if (perceived.score() < kInventedScore || glm::length(at) > kClose_m) continue;
        const bool real = std::any_of(truth.begin(), truth.end(), [&](const TrueObject& object) {
            PerceivedClass c;
            return perceived_class(object.semantic, c) && same_class(perceived, c) &&
                   is_near(at, object, kInventedReach_m);
        });
        if (real) continue;
        const Vec2 p_W = engine::math::xy(state.actors.front().X_WB * Vec3(at, 0));
        auto known = std::find_if(ghosts_.begin(), ghosts_.end(), [&](const Ghost& ghost) {
            return glm::length(ghost.p_W - p_W) < kSameGhost_m;
        });
        if (known == ghosts_.end()) known = ghosts_.insert(ghosts_.end(), Ghost{});
        known->p_W = p_W;
        known->seen_now = true;
        if (++known->frames == kFramesInARow && !known->reported) {
            known->reported = true;
            report(state, InfractionKind::kInventedObject, engine::world::kNoActor, glm::length(at),
                   perceived.score());
        }
    }
    std::erase_if(ghosts_, [](const Ghost& ghost) { return !ghost.seen_now; });
}

void PerceptionJudge::report(const engine::world::State& state, InfractionKind kind,
                             engine::world::ActorId other, double distance_m, double value) {
    const auto& ego = state.actors.front();
    findings_.push_back({.kind = kind,
                         .tick = state.tick,
                         .time_us = state.time_us,
                         .other = other,
                         .p_W = ego.X_WB.p,
                         .ego_speed_mps = glm::length(engine::math::xy(ego.v_W)),
                         .distance_m = distance_m,
                         .value = value});
}

double PerceptionJudge::average_precision(PerceivedClass c, double match_distance_m,
                                          double range_m) const {
    const ClassSamples& data = data_[static_cast<std::size_t>(c)];
    std::vector<DetectionTruth> truths = data.truths;
    // Beyond the range truths are neither asked for nor held against the driver.
    for (std::size_t i = 0; i < truths.size(); ++i) {
        if (data.truth_distance_m[i] > range_m) truths[i].ignore = true;
    }
    std::vector<Detection> detections;
    for (std::size_t i = 0; i < data.detections.size(); ++i) {
        if (data.detection_distance_m[i] <= range_m) detections.push_back(data.detections[i]);
    }
    return score::average_precision(std::move(detections), truths, match_distance_m);
}

TruePositiveErrors PerceptionJudge::true_positive_errors(PerceivedClass c, double range_m) const {
    const ClassSamples& data = data_[static_cast<std::size_t>(c)];
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (data.truth_boxes.size() != data.truths.size() ||
        data.detection_boxes.size() != data.detections.size()) {
        return {nan, nan, nan, nan};
    }
    std::vector<DetectionBox> truths = data.truth_boxes, detections;
    for (std::size_t i = 0; i < truths.size(); ++i) {
        if (data.truth_distance_m[i] > range_m) truths[i].ignore = true;
    }
    for (std::size_t i = 0; i < data.detections.size(); ++i) {
        if (data.detection_distance_m[i] <= range_m) detections.push_back(data.detection_boxes[i]);
    }
    return score::true_positive_errors(std::move(detections), truths);
}

PerceptionJudge PerceptionJudge::of(Samples samples) {
    PerceptionJudge judge;
    judge.data_ = std::move(samples.classes);
    judge.frame_ = samples.frames;
    judge.any_ = samples.frames > 0;
    return judge;
}

std::vector<Infraction> PerceptionJudge::take_findings() { return std::exchange(findings_, {}); }

void PerceptionJudge::append(const PerceptionJudge& other) {
    for (std::size_t c = 0; c < data_.size(); ++c) {
        for (DetectionTruth truth : other.data_[c].truths) {
            truth.frame += frame_;
            data_[c].truths.push_back(truth);
        }
        for (Detection detection : other.data_[c].detections) {
            detection.frame += frame_;
            data_[c].detections.push_back(detection);
        }
        const auto& from = other.data_[c];
        for (DetectionBox box : from.truth_boxes) {
            box.frame += frame_;
            data_[c].truth_boxes.push_back(box);
        }
        for (DetectionBox box : from.detection_boxes) {
            box.frame += frame_;
            data_[c].detection_boxes.push_back(box);
        }
        data_[c].truth_distance_m.insert(data_[c].truth_distance_m.end(),
                                         from.truth_distance_m.begin(),
                                         from.truth_distance_m.end());
        data_[c].detection_distance_m.insert(data_[c].detection_distance_m.end(),
                                             from.detection_distance_m.begin(),
                                             from.detection_distance_m.end());
    }
    frame_ += other.frame_;
    any_ = any_ || other.any_;
}

}  // namespace huntsman::bridge::score
