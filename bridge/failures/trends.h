// Failures over drivers: how many runs failed, and which failures came and went.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "bridge/failures/runs.h"

namespace huntsman::bridge::failures {

struct Share {
    double value = 0;             // 0..1; 0 where there is no run
    double lower = 0, upper = 1;  // 95 % interval [Wilson 1927]
};
Share share_of(std::size_t failed, std::size_t runs);

struct DriverTrend {
    std::string driver;
    std::size_t runs = 0, failed = 0;
    Share share;
    std::vector<std::string> signatures;  // distinct ones in words, sorted
    // Against the driver before; of the first both are empty.
    std::vector<std::string> appeared, gone;
};

// Of each driver in this order; by their names where `order` is empty. The share is of the runs
// that are there: those of a hunt were chosen to fail, so that it is no rate.
std::vector<DriverTrend> trends_of(std::span<const JudgedRun> runs,
                                   std::span<const std::string> order);

std::string text(std::span<const DriverTrend> trends);
nlohmann::ordered_json to_json(std::span<const DriverTrend> trends);

// [Wilson 1927] E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference,
//   Journal of the American Statistical Association 22.
}  // namespace huntsman::bridge::failures
