// The competent and careful human driver of UN R157, by which one tells which collisions could have
// been avoided.
//
// A person who keeps lane and speed until another road user becomes a risk: perceives that for
// 0.4 s, has the foot on the brake 0.75 s later, and brakes with up to 0.774 g, built up with
// 12.65 m/s³. Below a time to collision of 1.5 s with what is in the lane, the emergency brake of
// the car adds to 0.85 g, without that delay. It never steers aside.
//
// A risk is [R157, annex 4, appendix 3, and its three cases made one rule for any road]:
// - what is in the ego's path and would be hit within 4 s (a lead that was hidden: cut-out);
// - a lead that brakes with more than 5 m/s² within a headway of 2 s (deceleration);
// - a vehicle that has left the middle of the lane beside by more than 0.375 m towards the ego's
// and
//   would be hit within 4 s (cut-in);
// - whoever's predicted path crosses the ego's so that both would be there at one time, within 4 s.
//
// The brake is held until the ego is no faster than whom it was meant for, or that one is out of
// the way. Whom it has once reacted to it follows at a usual distance when the danger is over.
//
// [R157] UN Regulation No. 157, Automated Lane Keeping Systems.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "bridge/driver/demand.h"
#include "bridge/driver/road_users.h"
#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::driver {

constexpr double kR157Perception_s = 0.4;  // of a risk
constexpr double kR157Delay_s = 0.75;      // from then to the brake
constexpr double kR157Brake_mps2 = 0.774 * 9.81;
constexpr double kR157Jerk_mps3 = 12.65;
constexpr double kR157Emergency_mps2 = 0.85 * 9.81;
constexpr double kR157Emergency_s = 1.5;  // time to collision

class R157Reaction {
  public:
    void reset() { *this = R157Reaction(); }
    // How hard to brake now [m/s²], from 0; adds to `demand` whom to follow. To be called with each
    // observation in order.
    double brake_mps2(const messages::Observation& observation, const std::vector<RoadUser>& users,
                      Demand& demand);

  private:
    // What is known of a road user, by its track.
    struct Known {
        std::int64_t seen_us = 0;
        double along_mps = 0;
        std::optional<std::int64_t> risk_us;  // since when it is a risk
        bool reacted = false;                 // the foot has been on the brake for it
    };
    // What one road user means now; things are given in several pieces of one track.
    struct Danger {
        bool risk = false;     // as said above
        bool in_path = false;  // in the ego's path now
        // Time until it is hit, of those in the path.
        double collision_s = std::numeric_limits<double>::infinity();
        double along_mps = 0;
        void add(const Danger& other);
    };
    Danger judge(const messages::Observation& observation, const RoadUser& user,
                 const Demand& demand) const;
    bool brakes_hard(const RoadUser& user, std::int64_t now_us) const;
    // Whether the foot is on the brake for this one.
    bool react(Known& known, const Danger& danger, std::int64_t now_us) const;

    const Known* find(const RoadUser& user) const;  // nullptr: not seen before

    std::map<std::uint32_t, Known> known_;
    std::optional<std::int64_t> braking_us_;  // since when the foot is on the brake
    std::optional<std::int64_t> emergency_us_;
};

}  // namespace huntsman::bridge::driver
