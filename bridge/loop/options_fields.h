// Field list of a run's options; see engine/core/describe.h.
#pragma once

#include "bridge/faults/fault_fields.h"
#include "bridge/loop/latency_fields.h"
#include "bridge/loop/run.h"
#include "bridge/parts/part_fields.h"
#include "engine/core/describe.h"

namespace huntsman::engine::render {

constexpr int value_count(core::Of<Quality>) { return 3; }

}  // namespace huntsman::engine::render

namespace huntsman::bridge::driver {

constexpr void describe(engine::core::Of<RemoteLink>, auto&& field) {
    using R = RemoteLink;
    field("deadline_ms", &R::deadline_ms,
          {.low = 1,
           .high = R::kMostDeadline_ms,
           .doc = "for each answer, wall clock",
           .required = true});
    field("tls_ca", &R::tls_ca,
          {.doc = "certificates of who may sign the driver's", .only_when_set = true});
    field("token_file", &R::token_file,
          {.doc = "its first line is shown to the driver", .only_when_set = true});
}

}  // namespace huntsman::bridge::driver

namespace huntsman::bridge::loop {

constexpr int value_count(engine::core::Of<Takeover>) { return 2; }
constexpr int value_count(engine::core::Of<OnDriverFault>) { return 3; }

constexpr void describe(engine::core::Of<RunOptions>, auto&& field) {
    using R = RunOptions;
    field("scenario", &R::scenario, {.in_files = false});  // written in its own words
    field("driver", &R::driver, {.doc = "its name, as of --driver", .required = true});
    field("rig", &R::rig, {.doc = "file of the cameras", .required = true});
    field("network", &R::network, {.doc = "file of the network driver", .only_when_set = true});
    field("width", &R::width, {.low = 16, .high = 4096, .doc = "of pictures", .required = true});
    field("height", &R::height, {.low = 16, .high = 4096, .doc = "of pictures", .required = true});
    field("quality", &R::quality, {.doc = "fast, standard or high", .required = true});
    field("threads", &R::threads, {.in_files = false});  // never changes a result
    field("latency", &R::latency,
          {.doc = "from a frame to its action", .key = "latency_ms", .required = true});
    field("images", &R::images,
          {.doc = "0: nothing is rendered", .required = true, .as_number = true});
    field("endless", &R::endless,
          {.doc = "1: goes on behind the route's end", .as_number = true, .only_when_set = true});
    field("takeover", &R::takeover, {.doc = "start or controller", .only_when_set = true});
    field("faults", &R::faults, {.in_files = false});  // written in their own words
    field("ideal", &R::ideal, {.in_files = false});    // the same
    field("on_driver_fault", &R::on_driver_fault,
          {.doc = "stop, brake or hold where the driver gives no answer", .only_when_set = true});
    field("remote", &R::remote,
          {.doc = "how a driver in another process is reached", .only_when_set = true});
    field("image_stride", &R::image_stride, {.in_files = false});  // of training only
}

}  // namespace huntsman::bridge::loop
