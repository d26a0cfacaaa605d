// Quality of the inference about other minds on made trajectories. The generator is another model
// than the inference assumes: people differ, gaze is noticed within a sharp cone, nobody forgets,
// drivers brake evenly to their own speed in the turn. The parameters of the inference are not
// fitted to it; the logistic regression that it must beat is, on as many cases of the same
// generator.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "agents/beliefs/other_mind.h"
#include "engine/core/dice.h"

namespace huntsman::agents::beliefs {
namespace {

using engine::core::Dice;
using engine::core::Key;
using engine::world::Semantic;

constexpr std::size_t kCases = 8000;
constexpr std::size_t kBins = 15;

double normal(Dice& dice) {
    const double u = std::max(dice.uniform(0, 1), 1e-300), v = dice.uniform(0, 1);
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * engine::math::kPi * v);
}
double exponential(Dice& dice, double mean) {
    return -mean * std::log(std::max(dice.uniform(0, 1), 1e-300));
}

struct Case {
    std::vector<double> features;  // a summary of the cues that the inference gets
    std::vector<double> inferred;  // probability of each class
    std::size_t truth = 0;
};

// --- Logistic regression by Newton's method ---

// Solves A x = b by Gaussian elimination with pivots; A is n x n, row by row.
std::vector<double> solved(std::vector<double> a, std::vector<double> b) {
    const std::size_t n = b.size();
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        for (std::size_t i = k + 1; i < n; ++i) {
            if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k])) pivot = i;
        }
        for (std::size_t j = 0; j < n; ++j) std::swap(a[k * n + j], a[pivot * n + j]);
        std::swap(b[k], b[pivot]);
        for (std::size_t i = k + 1; i < n; ++i) {
            const double factor = a[i * n + k] / a[k * n + k];
            for (std::size_t j = k; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
            b[i] -= factor * b[k];
        }
    }
    for (std::size_t k = n; k-- > 0;) {
        for (std::size_t j = k + 1; j < n; ++j) b[k] -= a[k * n + j] * b[j];
        b[k] /= a[k * n + k];
    }
    return b;
}

double logistic(const std::vector<double>& weights, const std::vector<double>& features) {
    double z = weights.back();
    for (std::size_t i = 0; i < features.size(); ++i) z += weights[i] * features[i];
    return 1 / (1 + std::exp(-z));
}

std::vector<double> fitted(const std::vector<Case>& cases, std::size_t of_class) {
    const std::size_t n = cases[0].features.size() + 1;
    std::vector<double> weights(n, 0.0);
    for (int round = 0; round < 12; ++round) {
        std::vector<double> gradient(n, 0.0), hessian(n * n, 0.0);
        for (std::size_t i = 0; i < n; ++i) {
            hessian[i * n + i] = 1e-3;  // a weak prior keeps it regular
            gradient[i] = -1e-3 * weights[i];
        }
        for (const Case& c : cases) {
            std::vector<double> x = c.features;
            x.push_back(1);
            const double p = logistic(weights, c.features);
            const double off = (c.truth == of_class ? 1 : 0) - p;
            for (std::size_t i = 0; i < n; ++i) {
                gradient[i] += off * x[i];
                for (std::size_t j = 0; j < n; ++j) hessian[i * n + j] += p * (1 - p) * x[i] * x[j];
            }
        }
        const std::vector<double> step = solved(hessian, gradient);
        for (std::size_t i = 0; i < n; ++i) weights[i] += step[i];
    }
    return weights;
}

TEST(LogisticRegression, FindsTheWeightsOfItsOwnModel) {
    std::vector<Case> cases;
    for (std::uint64_t i = 0; i < 20000; ++i) {
        Dice dice(Key(5).with(i));
        Case c{.features = {normal(dice), normal(dice)}, .inferred = {}};
        c.truth = dice.chance(logistic({1.5, -0.7, 0.3}, c.features)) ? 1 : 0;
        cases.push_back(c);
    }
    const std::vector<double> weights = fitted(cases, 1);
    EXPECT_NEAR(weights[0], 1.5, 0.08);
    EXPECT_NEAR(weights[1], -0.7, 0.08);
    EXPECT_NEAR(weights[2], 0.3, 0.08);
}

// --- Figures ---

struct Quality {
    double base = 0, regression = 0, inference = 0;  // log-loss [nats]
    double calibration_error = 0;                    // expected, of the likeliest class
};

double loss(double p) { return -std::log(std::max(p, 1e-12)); }

// Mean over the bins of |share that was right - mean confidence|.
double expected_calibration_error(const std::vector<Case>& cases) {
    struct Answer {
        double confidence;
        bool right;
    };
    std::vector<Answer> answers;
    for (const Case& c : cases) {
        // Two classes: the probability of the second; more: that of the likeliest.
        const std::size_t best =
            c.inferred.size() == 2 ? 1
                                   : static_cast<std::size_t>(std::ranges::max_element(c.inferred) -
                                                              c.inferred.begin());
        answers.push_back({c.inferred[best], c.truth == best});
    }
    std::ranges::stable_sort(answers, {}, &Answer::confidence);
    double error = 0;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
        const std::size_t from = bin * answers.size() / kBins,
                          to = (bin + 1) * answers.size() / kBins;
        double off = 0;
        for (std::size_t i = from; i < to; ++i)
            off += (answers[i].right ? 1 : 0) - answers[i].confidence;
        error += std::abs(off) / static_cast<double>(answers.size());
    }
    return error;
}

Quality quality(const char* what, const std::function<Case(const Key&)>& make) {
    std::vector<Case> training, cases;
    for (std::uint64_t i = 0; i < kCases; ++i) {
        training.push_back(make(Key(21).with(what).with(i)));
        cases.push_back(make(Key(22).with(what).with(i)));
    }
    const std::size_t classes = cases[0].inferred.size();
    std::vector<double> rates(classes, 0.0);
    for (const Case& c : cases) rates[c.truth] += 1.0 / static_cast<double>(kCases);
    std::vector<std::vector<double>> weights;
    for (std::size_t k = 0; k < classes; ++k) weights.push_back(fitted(training, k));
    Quality q;
    for (const Case& c : cases) {
        double sum = 0;
        for (const auto& w : weights) sum += logistic(w, c.features);
        q.base += loss(rates[c.truth]) / static_cast<double>(kCases);
        q.regression +=
            loss(logistic(weights[c.truth], c.features) / sum) / static_cast<double>(kCases);
        q.inference += loss(c.inferred[c.truth]) / static_cast<double>(kCases);
    }
    q.calibration_error = expected_calibration_error(cases);
    fmt::print(
        "{}: {} cases, log-loss {:.3f} base rate, {:.3f} logistic regression, {:.3f} "
        "inference ({:.0f} % below base rate), calibration error {:.3f}\n",
        what, kCases, q.base, q.regression, q.inference, 100 * (1 - q.inference / q.base),
        q.calibration_error);
    return q;
}

void expect_good(const Quality& q) {
    EXPECT_LE(q.inference, 0.8 * q.base);
    EXPECT_LT(q.inference, q.regression);
    EXPECT_LE(q.calibration_error, 0.05);
}

// --- Has it seen me ---

// Somebody at the roadside whose gaze wanders between me, the road and elsewhere.
Case seen_me_case(const Key& key) {
    Dice dice(key);
    constexpr double kStep_s = 0.1;
    const double attention_per_s = dice.uniform(1.0, 4.5), cone_rad = dice.uniform(0.4, 0.6);
    const double looks_at_me = dice.uniform(0.02, 0.35), dwell_s = dice.uniform(0.3, 1.2);
    const bool face_visible = dice.chance(0.85), conflict = dice.chance(0.8);
    const double clear_from_s = dice.chance(0.6) ? dice.uniform(0, 3.5) : 0;
    const int steps = dice.integer(15, 45);
    const double delay_s = 0.8 * std::exp(0.4 * normal(dice));
    const bool would_react = dice.chance(0.75);
    const double chance_s = exponential(dice, 15);
    bool seen = dice.chance(0.15);
    double seen_at_s = seen ? -1.5 : 1e9, gaze_until_s = 0, gaze_rad = 0;

    OtherMind mind = first_thought_of(Semantic::kPedestrian);
    std::vector<double> sums(4, 0.0), last(4, 0.0);
    for (int i = 0; i < steps; ++i) {
        const double time_s = i * kStep_s;
        if (time_s >= gaze_until_s) {
            gaze_until_s = time_s + exponential(dice, dwell_s);
            gaze_rad =
                dice.chance(looks_at_me) ? std::abs(0.15 * normal(dice)) : dice.uniform(0.5, 3);
        }
        const bool clear = time_s >= clear_from_s;
        if (!seen && clear && gaze_rad < cone_rad && dice.chance(attention_per_s * kStep_s)) {
            seen = true;
            seen_at_s = time_s;
        }
        const bool reacts = (would_react && conflict && time_s > seen_at_s + delay_s) ||
                            (time_s > chance_s && time_s < chance_s + 1);
        SeenMeCue cue{.dt_s = kStep_s, .clear = clear, .conflict = conflict, .reacts = reacts};
        if (face_visible) cue.gaze_off_rad = std::abs(gaze_rad + 0.08 * normal(dice));
        update_seen_me(mind, cue, {});
        last = {std::cos(cue.gaze_off_rad.value_or(1.5)), clear ? 1.0 : 0.0, conflict ? 1.0 : 0.0,
                reacts ? 1.0 : 0.0};
        for (std::size_t k = 0; k < last.size(); ++k) sums[k] += last[k] * kStep_s;
    }
    Case c{.features = sums, .inferred = {1 - mind.has_seen_me, mind.has_seen_me}};
    c.features.insert(c.features.end(), last.begin(), last.end());
    c.features.push_back(face_visible ? 1 : 0);
    c.features.push_back(steps * kStep_s);
    c.truth = seen ? 1 : 0;
    return c;
}

TEST(InferenceQuality, HasSeenMe) { expect_good(quality("has seen me", seen_me_case)); }

// --- What does it want ---

// A vehicle that comes to a junction and is watched until it is 3 to 30 m before the line.
Case goal_case(const Key& key) {
    Dice dice(key);
    constexpr double kStep_s = 0.2;
    const double share = dice.uniform(0, 1);
    const std::size_t truth = share < 0.35 ? 0 : share < 0.58 ? 1 : share < 0.8 ? 2 : 3;
    const double cruise_mps = dice.uniform(8.5, 14);
    const double turn_mps[] = {cruise_mps, dice.uniform(5, 8.5), dice.uniform(3.5, 6.5), 0};
    const double at_line_mps = std::min(cruise_mps, turn_mps[truth]);
    const double comfort_mps2 = dice.uniform(1.2, 3.2), until_m = dice.uniform(3, 30);
    const bool indicates = dice.chance(0.8);
    const double indicates_from_m = dice.uniform(15, 60);
    const bool wrong = dice.chance(0.04), wrong_left = dice.chance(0.5);
    const double cruise_guess_mps = cruise_mps * (1 + 0.06 * normal(dice));

    const GoalModel model = goal_model_of(Semantic::kCar);
    GoalStates states = any_goal_of(Semantic::kCar);
    double distance_m = dice.uniform(45, 70), speed_mps = cruise_mps * dice.uniform(0.85, 1.05);
    double wander_mps2 = 0;
    Indicator shown = Indicator::kNone;
    std::vector<double> sums(2, 0.0), last;
    int steps = 0;
    while (distance_m > until_m && steps < 100) {
        const double needed_mps2 =
            (speed_mps * speed_mps - at_line_mps * at_line_mps) / (2 * std::max(0.5, distance_m));
        wander_mps2 += kStep_s * (-wander_mps2 / 0.8) + 0.45 * std::sqrt(kStep_s) * normal(dice);
        double a = needed_mps2 >= comfort_mps2 ? -needed_mps2 : 0.5 * (cruise_mps - speed_mps);
        a = std::clamp(a + wander_mps2, -5.0, 1.5);
        speed_mps = std::max(0.3, speed_mps + a * kStep_s);
        distance_m -= speed_mps * kStep_s;
        const bool lit = (truth == 1 || truth == 2) && indicates && distance_m < indicates_from_m;
        shown = lit     ? truth == 1 ? Indicator::kLeft : Indicator::kRight
                : wrong ? wrong_left ? Indicator::kLeft : Indicator::kRight
                        : Indicator::kNone;
        const GoalCue cue{.dt_s = kStep_s,
                          .speed_mps = speed_mps + 0.2 * normal(dice),
                          .acceleration_mps2 = a + 0.3 * normal(dice),
                          .distance_m = std::max(0.0, distance_m),
                          .cruise_mps = cruise_guess_mps};
        update_goal(states, Semantic::kCar, cue, model);
        last = {cue.speed_mps,
                cue.acceleration_mps2,
                cue.distance_m,
                cue.cruise_mps,
                shown == Indicator::kLeft ? 1.0 : 0.0,
                shown == Indicator::kRight ? 1.0 : 0.0};
        sums[0] += cue.speed_mps * kStep_s, sums[1] += cue.acceleration_mps2 * kStep_s;
        ++steps;
    }
    const GoalBelief all =
        with_indicator(goals_of(states), shown, std::max(0.0, distance_m), model);
    Case c{.features = last, .inferred = {all.begin(), all.begin() + 4}, .truth = truth};
    for (const double sum : sums) c.features.push_back(sum / (steps * kStep_s));
    return c;
}

// A person who walks to the kerb and is watched until 0.2 to 1.5 m before it.
Case kerb_case(const Key& key) {
    Dice dice(key);
    constexpr double kStep_s = 0.2;
    const bool waits = dice.chance(0.5);
    const double walk_mps = 1.34 + 0.2 * normal(dice), comfort_mps2 = dice.uniform(0.25, 1.1);
    const double stops_before_m = dice.uniform(0, 0.4), until_m = dice.uniform(0.2, 1.5);
    // Those who cross slow down a little where they look.
    const double looks_at_m = dice.uniform(0.5, 2.5), looking_share = dice.uniform(0.6, 1);
    const double walk_guess_mps = walk_mps * (1 + 0.08 * normal(dice));

    const GoalModel model = goal_model_of(Semantic::kPedestrian);
    GoalStates states = any_goal_of(Semantic::kPedestrian);
    double distance_m = dice.uniform(4, 7), speed_mps = walk_mps, wander_mps2 = 0;
    std::vector<double> last;
    double summed_mps2 = 0;
    int steps = 0;
    for (; distance_m > until_m && speed_mps > 0.1 && steps < 60; ++steps) {
        const double way_m = std::max(0.1, distance_m - stops_before_m);
        const double needed_mps2 = speed_mps * speed_mps / (2 * way_m);
        const double free_mps =
            !waits && distance_m < looks_at_m ? looking_share * walk_mps : walk_mps;
        wander_mps2 += kStep_s * (-wander_mps2 / 0.5) + 0.25 * std::sqrt(kStep_s) * normal(dice);
        const double wanted_mps2 =
            waits && needed_mps2 >= comfort_mps2 ? -needed_mps2 : (free_mps - speed_mps) / 0.6;
        const double a = std::clamp(wanted_mps2 + wander_mps2, -2.5, 1.2);
        speed_mps = std::max(0.0, speed_mps + a * kStep_s);
        distance_m -= speed_mps * kStep_s;
        const GoalCue cue{.dt_s = kStep_s,
                          .speed_mps = std::max(0.0, speed_mps + 0.05 * normal(dice)),
                          .acceleration_mps2 = a + 0.2 * normal(dice),
                          .distance_m = std::max(0.0, distance_m),
                          .cruise_mps = walk_guess_mps};
        update_goal(states, Semantic::kPedestrian, cue, model);
        last = {cue.speed_mps, cue.acceleration_mps2, cue.distance_m, cue.cruise_mps};
        summed_mps2 += cue.acceleration_mps2;
    }
    const GoalBelief goal = goals_of(states);
    Case c{.features = last,
           .inferred = {goal[static_cast<std::size_t>(Goal::kCross)],
                        goal[static_cast<std::size_t>(Goal::kWait)]},
           .truth = waits ? std::size_t{1} : std::size_t{0}};
    c.features.push_back(summed_mps2 / steps);
    return c;
}

TEST(InferenceQuality, CrossOrWaitAtTheKerb) { expect_good(quality("kerb", kerb_case)); }

TEST(InferenceQuality, GoalAtAJunction) { expect_good(quality("goal", goal_case)); }

}  // namespace
}  // namespace huntsman::agents::beliefs
