// Noise of colours taken away, as the image processors of cameras do by night: what differs from
// grey is averaged over the neighbourhood where it is no more than noise, and left where it is more
// [Lee 1980]. Green (or clear), which carries detail and brightness, is not touched.
//
// References
//   [Lee 1980] J.-S. Lee, "Digital image enhancement and noise filtering by use of local
//              statistics", IEEE Transactions on Pattern Analysis and Machine Intelligence 2 (2).
#pragma once

#include <array>

#include "sensors/imager/pixels.h"
#include "sensors/imager/plane.h"

namespace huntsman::sensors::imager {

// Variance of a pixel of each channel: at_dark + per_light × light [(kcd/m²)², kcd/m²], after white
// balance.
struct ChannelNoise {
    std::array<double, 3> at_dark{}, per_light{};
};
// Of the first capture, with the stages that make noise.
ChannelNoise channel_noise(const SensorProfile& profile, const Development& how,
                           const Exposure& exposure, const std::array<double, 3>& gains);

// Red and blue of a demosaiced plane before the colour matrix; `scratch` is a buffer. About 60 ms a
// megapixel on one thread.
void denoise_colours(engine::core::JobPool& pool, const ChannelNoise& noise, Plane& plane,
                     Plane& scratch);

}  // namespace huntsman::sensors::imager
