#include "bridge/driver/lines.h"

#include <algorithm>

#include "engine/driving/motion.h"

namespace huntsman::bridge::driver {

namespace {

constexpr double kStanding_mps = 0.3;
constexpr double kGoing_mps = 3.0;  // the car has got going, not only moved its first metre
constexpr double kMemory_s = 1.5;   // a signal's state is trusted this long unseen
constexpr double kUnknownPatience_s = 20.0;  // an unreadable signal then becomes a give-way line
constexpr double kPassed_m = 1.0;            // the bumper so far over a line has passed it
constexpr double kInside_m = 12.0;           // behind a line; others still have precedence there
constexpr double kAtSignal_m = 10.0;         // so near a driver waits for it

// Behind a green line where the ego turns across the oncoming traffic, it waits inside.
constexpr double kTurnAhead_m = 12.0, kTurnInside_m = 4.0;

// Slowing for a give-way line so that one sees and can stop.
void at_yield_sign(const messages::RouteEvent& event, Duties& duties, Demand& demand) {
    constexpr double kAhead_m = 25.0, kLeast_mps = 4.0, kBeyond_m = 4.0, kSlowing_mps2 = 2.0;
    const double to_line = event.s_m() - demand.front_m();
    if (to_line <= -kInside_m || to_line >= kAhead_m) return;
    duties.gives_way = true;
    if (to_line <= -kPassed_m) return;
    duties.line_s_m = std::min(duties.line_s_m, event.s_m());
    demand.keep_to(
        std::max(kLeast_mps, engine::driving::stoppable_mps(to_line + kBeyond_m, kSlowing_mps2)));
}

}  // namespace

void LineWatch::advance(double dt_s, double speed_mps) {
    odometer_m_ += speed_mps * dt_s;
    const bool yielding = before_.gives_way && !before_.red && !before_.unreadable;
    if (speed_mps < kStanding_mps && yielding) waiting_s_ += dt_s;
    if (speed_mps > kGoing_mps || !yielding) waiting_s_ = 0.0;
    unreadable_s_ = speed_mps < kStanding_mps && before_.unreadable ? unreadable_s_ + dt_s : 0.0;
}

void LineWatch::see(const messages::Perception& perception, std::int64_t time_us) {
    for (const auto& seen : perception.signals()) {
        if (seen.state() != messages::SIGNAL_UNKNOWN) {
            signals_[seen.head()] = {seen.state(), time_us};
        }
    }
}

Duties LineWatch::weigh(const messages::Route& route, std::int64_t time_us, Demand& demand) {
    Duties duties;
    for (const auto& event : route.events()) {
        switch (event.kind()) {
            case messages::EVENT_SIGNAL:
                at_signal(event, time_us, duties, demand);
                break;
            case messages::EVENT_STOP:
                at_stop_sign(event, duties, demand);
                break;
            case messages::EVENT_YIELD:
                at_yield_sign(event, duties, demand);
                break;
            case messages::EVENT_GOAL:
                // With the rear axle, which is where the route is measured.
                demand.stop_before(event.s_m() + demand.front_m());
                break;
            default:
                break;
        }
    }
    before_ = duties;
    return duties;
}

// The most recent certain sight among the heads that rule the line; of two seen at once the more
// restrictive (red before yellow before green).
messages::SignalState LineWatch::state_of(const messages::RouteEvent& event,
                                          std::int64_t time_us) const {
    Sight latest;
    for (const auto& head : event.heads()) {
        const auto known = signals_.find(head.head());
        if (known == signals_.end()) continue;
        const Sight& sight = known->second;
        if (latest.state == messages::SIGNAL_UNKNOWN || sight.seen_us > latest.seen_us ||
            (sight.seen_us == latest.seen_us && sight.state < latest.state)) {
            latest = sight;
        }
    }
    const double age = 1e-6 * static_cast<double>(time_us - latest.seen_us);
    return age > kMemory_s ? messages::SIGNAL_UNKNOWN : latest.state;
}

void LineWatch::at_signal(const messages::RouteEvent& event, std::int64_t time_us, Duties& duties,
                          Demand& demand) const {
    constexpr double kLateShare = 0.7, kLate_m = 0.5;  // of the comfortable stop, if need be
    constexpr double kUnknownAhead_m = 8.0;            // before the stop: the state may yet be seen
    constexpr double kSlow_mps = 3.0;                  // stops anywhere
    constexpr double kOver_m = 0.2;                    // so little over the line one still stops
    const double to_line = event.s_m() - demand.front_m();
    if (to_line < -kPassed_m) {
        duties.gives_way = duties.gives_way || event.turns_across();
        return;
    }
    if (event.turns_across() && to_line < kTurnAhead_m) {
        duties.gives_way = true;
        duties.line_s_m = std::min(duties.line_s_m, event.s_m() + kTurnInside_m);
    }
    const messages::SignalState state = state_of(event, time_us);
    const bool unknown = state == messages::SIGNAL_UNKNOWN;
    duties.unreadable = duties.unreadable || (unknown && to_line < kAtSignal_m);
    if (unknown && unreadable_s_ > kUnknownPatience_s) {
        duties.gives_way = true;
        return;
    }
    duties.red = duties.red || (state == messages::SIGNAL_RED && to_line < kAtSignal_m);
    const double braking = demand.speed_mps() * demand.speed_mps() / (2.0 * kComfortBrake_mps2);
    const bool can_stop = to_line > kLateShare * braking - kLate_m;
    const bool stop = state == messages::SIGNAL_RED ||
                      (state == messages::SIGNAL_YELLOW && can_stop) ||
                      (unknown && to_line < braking + kUnknownAhead_m);
    if (stop && (can_stop || demand.speed_mps() < kSlow_mps || to_line > -kOver_m)) {
        demand.stop_before(event.s_m());
    }
}

void LineWatch::at_stop_sign(const messages::RouteEvent& event, Duties& duties, Demand& demand) {
    constexpr double kStood_mps = 0.25, kAtLine_m = 2.5;  // has stood at this line
    constexpr double kSameLine_m = 4.0;                   // driven since: it is still this one
    constexpr double kAhead_m = 15.0;
    const double to_line = event.s_m() - demand.front_m();
    if (to_line < -kPassed_m) {
        if (to_line > -kInside_m) duties.gives_way = true;
        return;
    }
    if (demand.speed_mps() < kStood_mps && to_line < kAtLine_m) stopped_odometer_m_ = odometer_m_;
    if (odometer_m_ - stopped_odometer_m_ > kSameLine_m) demand.stop_before(event.s_m());
    duties.gives_way = duties.gives_way || to_line < kAhead_m;
    duties.line_s_m = std::min(duties.line_s_m, event.s_m());
}

}  // namespace huntsman::bridge::driver
