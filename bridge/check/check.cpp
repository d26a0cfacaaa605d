#include "bridge/check/check.h"

#include <algorithm>
#include <cmath>

#include "bridge/check/difference.h"
#include "bridge/rpc/answers.h"
#include "engine/core/dice.h"
#include "engine/core/wall_time.h"

namespace huntsman::bridge::check {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

void fill(Moment& moment, std::uint8_t value) {
    for (auto& picture : moment.pictures) std::fill(picture.begin(), picture.end(), value);
}

void fill_with_noise(Moment& moment) {
    engine::core::Dice dice(engine::core::Key(1).with("noise"));
    for (auto& picture : moment.pictures) {
        for (auto& value : picture) value = static_cast<std::uint8_t>(dice.integer(0, 255));
    }
}

struct Damage {
    const char* what;
    bool of_pictures;
    void (*apply)(Moment& moment, const Moment& before);
};

// Each is the moment after the one before it, but for what is said.
constexpr Damage kDamages[] = {
    {"black pictures", true, [](Moment& m, const Moment&) { fill(m, 0); }},
    {"white pictures", true, [](Moment& m, const Moment&) { fill(m, 255); }},
    {"pictures of noise", true, [](Moment& m, const Moment&) { fill_with_noise(m); }},
    {"frozen pictures", true, [](Moment& m, const Moment& b) { m.pictures = b.pictures; }},
    {"no route", false, [](Moment& m, const Moment&) { m.observation.mutable_route()->Clear(); }},
    {"a stand", false, [](Moment& m, const Moment&) { m.observation.mutable_motion()->Clear(); }},
    {"60 m/s", false,
     [](Moment& m, const Moment&) { m.observation.mutable_motion()->set_speed_mps(60); }},
    {"a gap of 2 s", false,
     [](Moment& m, const Moment&) {
         m.observation.set_time_us(m.observation.time_us() + 2'000'000);
     }},
    {"the same time again", false,
     [](Moment& m, const Moment& b) { m.observation.set_time_us(b.observation.time_us()); }},
};

Result<messages::Action> asked(driver::Driver& driver, const engine::world::Rig& rig,
                               const Moment& moment) {
    std::vector<driver::CameraPicture> pictures;
    for (std::size_t i = 0; i < moment.pictures.size() && driver.needs_images(); ++i) {
        pictures.push_back({.camera = &rig.cameras[i], .rgb = moment.pictures[i]});
    }
    return driver.drive({.observation = moment.observation,
                         .pictures = pictures,
                         .truth = driver.needs_truth() ? &moment.truth : nullptr,
                         .ideal = {}});
}

class Checker {
  public:
    Checker(driver::Driver& driver, const Trial& trial) : driver_(driver), trial_(trial) {}

    Result<Report> check() {
        report_.driver = driver_.name();
        report_.pictures = driver_.needs_images();
        report_.truth = driver_.needs_truth();
        std::vector<messages::Action> first, second;
        HM_TRY(run("recorded moments", first, &times_ms_));
        const auto after = trial_.memory_mb ? trial_.memory_mb() : std::nullopt;
        HM_TRY(run("recorded moments after a reset", second, nullptr));
        compare(first, second);
        if (trial_.reference != nullptr) compare_with(*trial_.reference, first);
        HM_TRY(damage());
        set_times();
        set_memory(after);
        for (const std::string& note : driver_.notes()) report_.notes.push_back("it " + note);
        return std::move(report_);
    }

  private:
    // What it is asked; an answer that breaks the contract is no answer.
    std::optional<messages::Action> ask(const Moment& moment, const std::string& what) {
        const auto action = asked(driver_, trial_.rig, moment);
        if (!action) {
            violation(fmt::format("given {}, it fails: {}", what, action.error().message));
            return std::nullopt;
        }
        ++report_.answers;
        if (const auto fine = rpc::check_answer(*action, false); !fine) {
            violation(fmt::format("given {}, it {}", what, fine.error().message));
            return std::nullopt;
        }
        if (action->has_pedals()) {
            const std::string odd = rpc::excess_of(action->pedals(), moment.observation.vehicle());
            if (!odd.empty()) note("it " + odd);
        }
        return *action;
    }

    Status run(const std::string& what, std::vector<messages::Action>& actions,
               std::vector<double>* times_ms) {
        driver_.reset();
        for (const Moment& moment : trial_.moments) {
            HM_TRY(go_on());
            const auto start = engine::core::WallClock::now();
            auto action = ask(moment, what);
            if (times_ms != nullptr) times_ms->push_back(1e3 * engine::core::seconds_since(start));
            actions.push_back(action ? std::move(*action) : messages::Action());
        }
        return {};
    }

    void compare(const std::vector<messages::Action>& first,
                 const std::vector<messages::Action>& second) {
        std::size_t differ = 0;
        double most = 0;
        for (std::size_t i = 0; i < first.size(); ++i) {
            if (first[i].SerializeAsString() == second[i].SerializeAsString()) continue;
            ++differ;
            most = std::max(most, difference(first[i], second[i]).most);
        }
        if (differ == 0) return;
        report_.same_twice = false;
        violation(
            fmt::format("given the same moments twice, it answers otherwise at {} of {}, by up "
                        "to {:.3g}; expected the same answers after a reset",
                        differ, first.size(), most));
    }

    void compare_with(const Reference& reference, const std::vector<messages::Action>& answers) {
        Comparison comparison{.driver = reference.driver};
        std::string example;
        for (std::size_t i = 0; i < std::min(answers.size(), reference.answers.size()); ++i) {
            const Difference apart = difference(answers[i], reference.answers[i]);
            if (!apart.other.empty()) {
                ++comparison.other;
                if (example.empty()) example = fmt::format("moment {}: {}", i, apart.other);
            } else if (apart.most > comparison.most) {
                comparison.most = apart.most;
                comparison.field = apart.field;
            }
        }
        comparison.moments = answers.size();
        if (comparison.other > 0) {
            violation(fmt::format("it answers otherwise than {} at {} of {} moments ({})",
                                  reference.driver, comparison.other, answers.size(), example));
        }
        if (comparison.most > reference.tolerance) {
            violation(fmt::format("{} differs by {:.3g} from that of {}, expected at most {}",
                                  comparison.field, comparison.most, reference.driver,
                                  reference.tolerance));
        }
        report_.comparison = std::move(comparison);
    }

    Status damage() {
        for (const Damage& damage : kDamages) {
            HM_TRY(go_on());
            if (damage.of_pictures &&
                (!driver_.needs_images() || trial_.moments[0].pictures.empty())) {
                continue;
            }
            driver_.reset();
            const Moment& before = trial_.moments[0];
            Moment moment = trial_.moments[std::min<std::size_t>(1, trial_.moments.size() - 1)];
            damage.apply(moment, before);
            if (ask(before, "a recorded moment")) ask(moment, damage.what);
        }
        driver_.reset();
        Moment blank = trial_.moments[0];
        fill(blank, 0);
        messages::Observation empty;
        *empty.mutable_vehicle() = blank.observation.vehicle();
        blank.observation = empty;
        blank.truth.Clear();
        ask(blank, "a blank observation");
        return {};
    }

    void set_times() {
        std::sort(times_ms_.begin(), times_ms_.end());
        const auto at = [&](double share) {
            return times_ms_[static_cast<std::size_t>(share *
                                                      static_cast<double>(times_ms_.size() - 1))];
        };
        report_.min_ms = at(0);
        report_.median_ms = at(0.5);
        report_.p95_ms = at(0.95);
        report_.max_ms = at(1);
        if (report_.median_ms > 1e3 * trial_.period_s) {
            note(
                fmt::format("its median answer takes {:.0f} ms, more than the {:.0f} ms between "
                            "camera ticks; simulated time waits, a car would not",
                            report_.median_ms, 1e3 * trial_.period_s));
        }
    }

    // `after` the first moments, when all that is loaded lazily is there.
    void set_memory(std::optional<double> after) {
        if (!after) return;
        report_.memory_mb = trial_.memory_mb();
        report_.growth_mb = *report_.memory_mb - *after;
        constexpr double kMuch_mb = 64;
        if (report_.growth_mb > kMuch_mb) {
            note(fmt::format("its memory has grown by {:.0f} MB while it answered {} times",
                             *report_.growth_mb, report_.answers));
        }
    }

    void violation(std::string text) { add(report_.violations, std::move(text)); }
    void note(std::string text) { add(report_.notes, std::move(text)); }
    // Each sentence once.
    static void add(std::vector<std::string>& to, std::string text) {
        if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(std::move(text));
    }
    Status go_on() const {
        if (trial_.stop == nullptr || !*trial_.stop) return {};
        return Error{.message = "interrupted"};
    }

    driver::Driver& driver_;
    const Trial& trial_;
    Report report_;
    std::vector<double> times_ms_;
};

}  // namespace

Result<Reference> reference_of(driver::Driver& driver, const Trial& trial) {
    Reference reference{.driver = driver.name()};
    driver.reset();
    for (const Moment& moment : trial.moments) {
        if (trial.stop != nullptr && *trial.stop) return Error{.message = "interrupted"};
        HM_TAKE(auto action, asked(driver, trial.rig, moment));
        reference.answers.push_back(std::move(action));
    }
    return reference;
}

Result<Report> check_driver(driver::Driver& driver, const Trial& trial) {
    return Checker(driver, trial).check();
}

}  // namespace huntsman::bridge::check
