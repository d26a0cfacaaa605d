// Noise taken away, as the image processors of cameras do: what differs from the neighbourhood's
// mean is taken back where it is no more than noise, and left where it is more [Lee 1980]. Colours
// (what differs from grey) are averaged wholly; of brightness a share stays, since all of it gone
// looks like wax.
//
// References
//   [Lee 1980] J.-S. Lee, "Digital image enhancement and noise filtering by use of local
//              statistics", IEEE Transactions on Pattern Analysis and Machine Intelligence 2 (2).
#pragma once

#include <array>
#include <vector>

#include "sensors/imager/pixels.h"
#include "sensors/imager/plane.h"

namespace huntsman::sensors::imager {

// Variance of a pixel of each channel: at_dark + per_light × light [(kcd/m²)², kcd/m²], after white
// balance.
struct ChannelNoise {
    std::array<double, 3> at_dark{}, per_light{};
};
// `shading_gain` below is what each pixel was multiplied with since; empty: 1.
//
// Of the first capture, with the stages that make noise.
ChannelNoise channel_noise(const SensorProfile& profile, const Development& how,
                           const Exposure& exposure, const std::array<double, 3>& gains);

// Red and blue of a demosaiced plane, by 9 × 9 pixels, before the colour matrix; `scratch` is a
// buffer. About 60 ms a megapixel on one thread.
void denoise_colours(engine::core::JobPool& pool, const ChannelNoise& noise,
                     const std::vector<float>& shading_gain, Plane& plane, Plane& scratch);
// Green (or clear), with which red and blue are moved alike, by 5 × 5 pixels.
void denoise_brightness(engine::core::JobPool& pool, const ChannelNoise& noise,
                        const std::vector<float>& shading_gain, Plane& plane, Plane& scratch);

}  // namespace huntsman::sensors::imager
