// Field list of an export's options, by the flags that set them; see engine/core/describe.h.
#pragma once

#include "bridge/export/export.h"
#include "engine/core/describe.h"

namespace huntsman::bridge::exporting {

constexpr void describe(engine::core::Of<ExportOptions>, auto&& field) {
    using E = ExportOptions;
    field("format", &E::format);
    field("content", &E::content);
    field("first_seed", &E::first_seed);
    field("last_seed", &E::last_seed);
    field("seconds", &E::seconds,
          {.low = 0.1, .high = 3600, .doc = "length of a scene", .key = "--seconds"});
    field("warm_up_s", &E::warm_up_s,
          {.low = 0,
           .high = 600,
           .doc = "seconds that the world runs before the first sample, so that traffic and people "
                  "are under way",
           .key = "--warm-up"});
    field("rate_hz", &E::rate_hz,
          {.low = 0.1, .high = 100, .doc = "samples a second", .key = "--rate"});
    field("own_times", &E::own_times);
    field("workers", &E::workers,
          {.low = 1, .high = 64, .doc = "scenes made at once", .key = "--workers"});
    field("threads", &E::threads);
    field("out", &E::out);
    field("mix", &E::mix);
    field("run", &E::run);
    field("version", &E::version);
    field("request", &E::request);
    field("about", &E::about);
}

}  // namespace huntsman::bridge::exporting
