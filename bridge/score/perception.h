// How well a driver perceived: average precision per class and distance, and what it missed or
// invented close by.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "bridge/messages/huntsman.pb.h"
#include "bridge/score/formulas.h"
#include "bridge/score/judge.h"
#include "sensors/labels/ground_truth.h"

namespace huntsman::bridge::score {

enum class PerceivedClass : std::uint8_t { kVehicle, kPedestrian };
inline constexpr std::array kPerceivedClasses = {PerceivedClass::kVehicle,
                                                 PerceivedClass::kPedestrian};
const char* name(PerceivedClass c);

// Which class a semantic counts as; false for neither.
bool perceived_class(engine::world::Semantic semantic, PerceivedClass& out);

// An object is asked for when the cameras together show this many pixels of it, and at least this
// share of its box in one of them.
constexpr std::uint32_t kVisiblePixels = 40;
constexpr double kVisibleShare = 0.10;
bool visible(const sensors::labels::TrueObject& object);

class PerceptionJudge {
  public:
    // One camera frame: what was perceived, in B, and what is truly there.
    void observe(const engine::world::State& state, const messages::Perception& perception,
                 const std::vector<sensors::labels::TrueObject>& truth);

    // AP at `match_distance_m` of objects within `range_m`; NaN where none was to be seen.
    double average_precision(PerceivedClass c, double match_distance_m, double range_m) const;
    // Errors of true positives within `range_m`; NaN where none was to be seen, or where boxes were
    // not kept.
    TruePositiveErrors true_positive_errors(PerceivedClass c, double range_m) const;
    // Reaches of nuScenes: 50 m vehicles, 40 m people.
    static double reach_m(PerceivedClass c);

    // For the report: per frame, visible true objects within 30 m and perceived ones.
    struct FrameRow {
        double time_s = 0;
        int true_vehicles = 0, perceived_vehicles = 0;
        int true_people = 0, perceived_people = 0;
    };
    const std::vector<FrameRow>& frames() const { return frames_; }
    // Missed and invented close objects found since the last call.
    std::vector<Infraction> take_findings();
    bool any() const { return any_; }

    // Adds another run's frames, for scores over many runs.
    void append(const PerceptionJudge& other);

    // What average precision is computed from, to be kept and taken up again.
    struct ClassSamples {
        std::vector<DetectionTruth> truths;
        std::vector<double> truth_distance_m;  // of each truth
        std::vector<Detection> detections;
        std::vector<double> detection_distance_m;  // of each detection
        // Of each truth and detection; kept during a run, not in files.
        std::vector<DetectionBox> truth_boxes, detection_boxes;
    };
    struct Samples {
        std::uint32_t frames = 0;
        std::array<ClassSamples, 2> classes;  // in the order of kPerceivedClasses
    };
    Samples samples() const { return {frame_, data_}; }
    static PerceptionJudge of(Samples samples);

  private:
    // Of this frame: samples and counts, ...
    void add_truths(const std::vector<sensors::labels::TrueObject>& truth);
    void add_detections(const messages::Perception& perception);
    // ... close visible objects that nothing was perceived near, several frames in a row, ...
    void find_missed(const engine::world::State& state, const messages::Perception& perception,
                     const std::vector<sensors::labels::TrueObject>& truth);
    // ... and perceived close objects where nothing is, followed over frames by their place in W.
    void find_invented(const engine::world::State& state, const messages::Perception& perception,
                       const std::vector<sensors::labels::TrueObject>& truth);
    void report(const engine::world::State& state, InfractionKind kind,
                engine::world::ActorId other, double distance_m, double value);

    std::array<ClassSamples, 2> data_;
    std::vector<FrameRow> frames_;
    std::vector<Infraction> findings_;
    std::map<engine::world::ActorId, int> missed_frames_;
    struct Ghost {
        engine::math::Vec2 p_W{0, 0};
        int frames = 0;
        bool seen_now = false;
        bool reported = false;
    };
    std::vector<Ghost> ghosts_;
    std::uint32_t frame_ = 0;
    bool any_ = false;
};

}  // namespace huntsman::bridge::score
