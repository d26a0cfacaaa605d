#include "bridge/mine/space.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

namespace huntsman::bridge::mine {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

// Of the values of a normal dimension, before they are cut off at the range.
boost::math::normal normal_of(const Dimension& d) { return {d.nominal, (d.high - d.low) / 4.0}; }

double weight(const Dimension& d, std::size_t choice) {
    return d.weights.empty() ? 1.0 / static_cast<double>(d.choices.size()) : d.weights[choice];
}

std::size_t choice_at(const Dimension& d, double u) {
    double below = 0;
    for (std::size_t c = 0; c + 1 < d.choices.size(); ++c) {
        below += weight(d, c);
        if (u < below) return c;
    }
    return d.choices.size() - 1;  // also where weights add up to a little less than 1
}

double value(const Dimension& d, double u) {
    switch (d.distribution) {
        case Dimension::kUniform:
            return d.low + u * (d.high - d.low);
        case Dimension::kNormal: {
            const auto normal = normal_of(d);
            const double from = cdf(normal, d.low), to = cdf(normal, d.high);
            return std::clamp(quantile(normal, from + u * (to - from)), d.low, d.high);
        }
        case Dimension::kChoice:
            return d.choices[choice_at(d, u)];
    }
    return d.nominal;
}

double plausibility_of(const Dimension& d, double u) {
    switch (d.distribution) {
        case Dimension::kUniform:
            return 1.0;
        case Dimension::kNormal: {
            const double off = (value(d, u) - d.nominal) / normal_of(d).standard_deviation();
            return std::exp(-0.5 * off * off);
        }
        case Dimension::kChoice:
            if (d.weights.empty()) return 1.0;
            return d.weights[choice_at(d, u)] / *std::ranges::max_element(d.weights);
    }
    return 1.0;
}

Status check_choices(const Dimension& d) {
    if (d.choices.empty()) return Error{fmt::format("parameter '{}' has no choices", d.name)};
    std::set<double> seen;
    for (const double c : d.choices) {
        if (!std::isfinite(c)) {
            return Error{fmt::format("parameter '{}' has a choice that is not finite", d.name)};
        }
        if (!seen.insert(c).second) {
            return Error{fmt::format("parameter '{}' has the choice {} twice", d.name, c)};
        }
    }
    if (!seen.contains(d.nominal)) {
        return Error{fmt::format("the nominal value {} of parameter '{}' is not among its choices",
                                 d.nominal, d.name)};
    }
    if (d.weights.empty()) return {};
    if (d.weights.size() != d.choices.size()) {
        return Error{fmt::format("parameter '{}' has {} weights for {} choices", d.name,
                                 d.weights.size(), d.choices.size())};
    }
    if (!std::ranges::all_of(d.weights, [](double w) { return w > 0 && std::isfinite(w); })) {
        return Error{fmt::format("parameter '{}' has a weight that is not positive", d.name)};
    }
    const double sum = std::accumulate(d.weights.begin(), d.weights.end(), 0.0);
    if (std::abs(sum - 1.0) > 1e-9) {  // decimal fractions in files round off by less
        return Error{
            fmt::format("the weights of parameter '{}' add up to {}, expected 1", d.name, sum)};
    }
    return {};
}

Status check(const Dimension& d) {
    if (d.name.empty()) return Error{"a parameter has no name"};
    if (!std::isfinite(d.nominal)) {
        return Error{fmt::format("the nominal value of parameter '{}' is not finite", d.name)};
    }
    if (d.distribution == Dimension::kChoice) return check_choices(d);
    if (!std::isfinite(d.high - d.low)) {
        return Error{fmt::format("the range of parameter '{}' is not finite", d.name)};
    }
    if (!(d.low < d.high)) {
        return Error{fmt::format("parameter '{}' has the range {} to {}, expected low below high",
                                 d.name, d.low, d.high)};
    }
    if (d.nominal < d.low || d.nominal > d.high) {
        return Error{
            fmt::format("the nominal value {} of parameter '{}' is outside its range {} to {}",
                        d.nominal, d.name, d.low, d.high)};
    }
    return {};
}

// Nothing: not a value of the dimension.
std::optional<double> unit_of(const Dimension& d, double value) {
    constexpr double kLast = 1.0 - 0x1.0p-53;  // the largest number below 1
    if (d.distribution == Dimension::kChoice) {
        double below = 0;
        for (std::size_t c = 0; c < d.choices.size(); ++c) {
            if (d.choices[c] == value) return below + 0.5 * weight(d, c);
            below += weight(d, c);
        }
        return {};
    }
    if (!(value >= d.low && value <= d.high)) return {};
    if (d.distribution == Dimension::kUniform) {
        return std::min((value - d.low) / (d.high - d.low), kLast);
    }
    const auto normal = normal_of(d);
    const double from = cdf(normal, d.low), to = cdf(normal, d.high);
    return std::clamp((cdf(normal, value) - from) / (to - from), 0.0, kLast);
}

}  // namespace

Result<Space> Space::create(std::vector<Dimension> dimensions) {
    if (dimensions.empty()) return Error{"the space has no parameters, expected at least one"};
    std::set<std::string> names;
    for (const Dimension& d : dimensions) {
        HM_TRY(check(d));
        if (!names.insert(d.name).second) {
            return Error{fmt::format("parameter '{}' comes twice", d.name)};
        }
    }
    return Space(std::move(dimensions));
}

std::vector<double> Space::values(const Point& u) const {
    HM_CHECK(u.size() == size(), "{} coordinates for {} parameters", u.size(), size());
    std::vector<double> values;
    for (std::size_t j = 0; j < size(); ++j) values.push_back(value(dimensions_[j], u[j]));
    return values;
}

Result<Point> Space::unit(const std::vector<double>& values) const {
    if (values.size() != size()) {
        return Error{fmt::format("{} values for {} parameters", values.size(), size())};
    }
    Point u;
    for (std::size_t j = 0; j < size(); ++j) {
        const auto at = unit_of(dimensions_[j], values[j]);
        if (!at) {
            return Error{
                fmt::format("{} is not a value of parameter '{}'", values[j], dimensions_[j].name)};
        }
        u.push_back(*at);
    }
    return u;
}

double Space::plausibility(const Point& u) const {
    HM_CHECK(u.size() == size(), "{} coordinates for {} parameters", u.size(), size());
    double product = 1;
    for (std::size_t j = 0; j < size(); ++j) product *= plausibility_of(dimensions_[j], u[j]);
    return product;
}

}  // namespace huntsman::bridge::mine
