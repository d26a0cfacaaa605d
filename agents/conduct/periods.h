// How often agents think and act.
#pragma once

#include "engine/core/time.h"

namespace huntsman::agents::conduct {

constexpr engine::core::TimeUs kThinkPeriod_us = 50'000;
constexpr engine::core::TimeUs kActPeriod_us = 10'000;
constexpr engine::core::TimeUs kPopulatePeriod_us = 50'000;

}  // namespace huntsman::agents::conduct
