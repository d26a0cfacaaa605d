// How far beside its line a vehicle drives: smooth moves out and back around what stands there.
#pragma once

#include <vector>

namespace huntsman::engine::driving {

// One move out, along and back. All places are s of one line; 0 outside [begin, end].
struct Swerve {
    double begin_m = 0, full_m = 0;  // moves out over this stretch
    double hold_m = 0, end_m = 0;    // and back over this one
    double offset_m = 0;             // between full and hold, left positive

    double at(double s_m) const;
    double slope(double s_m) const;  // of the offset over s
};

// The offset that the swerves ask for together: at each place that of the widest.
class OffsetProfile {
  public:
    void add(const Swerve& swerve) { swerves_.push_back(swerve); }
    const std::vector<Swerve>& swerves() const { return swerves_; }
    double at(double s_m) const;
    double slope(double s_m) const;

  private:
    const Swerve* widest(double s_m) const;
    std::vector<Swerve> swerves_;
};

// Length over which a car at `speed_mps` moves aside by `offset_m` with the lateral acceleration
// `lateral_mps2` at most, and its inverse: the speed at which that length is comfortable.
double move_length_m(double offset_m, double speed_mps, double lateral_mps2);
double move_speed_mps(double offset_m, double length_m, double lateral_mps2);
// The shortest length for a car that can drive arcs of this curvature.
double shortest_move_m(double offset_m, double curvature_per_m);

}  // namespace huntsman::engine::driving
