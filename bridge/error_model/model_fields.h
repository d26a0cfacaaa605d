// Field lists of the error model's file; see engine/core/describe.h.
#pragma once

#include "bridge/error_model/model.h"

namespace huntsman::bridge::error_model {

constexpr void describe(engine::core::Of<Band>, auto&& field) {
    field("to_m", &Band::to_m,
          {.low = 0.1, .high = 1000, .doc = "where the band ends", .required = true});
    field("miss", &Band::miss,
          {.low = 0, .high = 1, .doc = "probability of a miss", .required = true});
    field("position_sd_m", &Band::position_sd_m,
          {.low = 0, .high = 10, .doc = "standard deviation along each axis"});
    field("false_per_frame", &Band::false_per_frame,
          {.low = 0, .high = 100, .doc = "mean number of objects that are not there"});
    field("truths", &Band::truths,
          {.low = 0, .high = 1e15, .doc = "objects that `miss` stands on"});
    field("pairs", &Band::pairs,
          {.low = 0, .high = 1e15, .doc = "pairs that `position_sd_m` stands on"});
    field("false_objects", &Band::false_objects,
          {.low = 0, .high = 1e15, .doc = "detections that `false_per_frame` stands on"});
}
constexpr void describe(engine::core::Of<ClassErrors>, auto&& field) {
    using C = ClassErrors;
    field("bands", &C::bands);
    field("persistence_s", &C::persistence_s,
          {.low = 0, .high = 60, .doc = "mean time until errors are drawn again"});
    field("night_odds", &C::night_odds,
          {.low = 0, .high = 1e12, .doc = "factor on the odds of a miss at night"});
    field("hidden_odds", &C::hidden_odds,
          {.low = 0, .high = 1e12, .doc = "the same where it is wholly hidden"});
    field("velocity_sd_mps", &C::velocity_sd_mps,
          {.low = 0, .high = 50, .doc = "standard deviation along each axis"});
    field("heading_sd_deg", &C::heading_sd_deg,
          {.low = 0, .high = 180, .doc = "standard deviation"});
    field("size_sd_share", &C::size_sd_share,
          {.low = 0, .high = 0.5, .doc = "standard deviation of length and width"});
    field("night_truths", &C::night_truths,
          {.low = 0, .high = 1e15, .doc = "objects that `night_odds` stands on"});
    field("links", &C::links,
          {.low = 0, .high = 1e15, .doc = "pairs of frames that `persistence_s` stands on"});
}
constexpr void describe(engine::core::Of<Model>, auto&& field) {
    field("summary", &Model::summary, {.doc = "what it was made from", .only_when_set = true});
    field("not_measured", &Model::not_measured,
          {.doc = "what the samples do not say", .only_when_set = true});
    field("latency_ms", &Model::latency_ms, {.low = 0, .high = 2000, .doc = "age of perception"});
    field("sees_things", &Model::sees_things, {.doc = "whether things and animals are seen"});
    field("vehicle", &Model::vehicle);
    field("pedestrian", &Model::pedestrian);
}

}  // namespace huntsman::bridge::error_model
