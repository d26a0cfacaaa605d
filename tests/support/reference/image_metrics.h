// How much two pictures differ.
//
//   [Wang 2004] Wang, Bovik, Sheikh, Simoncelli: Image quality assessment: from error visibility to
//     structural similarity, IEEE Transactions on Image Processing 13(4).
//   [Andersson 2020] Andersson, Nilsson, Akenine-Möller, Oskarsson, Åström, Fairchild: FLIP: a
//     difference evaluator for alternating images, HPG 2020.
//   [Sharma 2005] Sharma, Wu, Dalal: The CIEDE2000 color-difference formula, Color Research and
//     Application 30(1).
#pragma once

#include <vector>

#include "engine/math/vec.h"

namespace huntsman::tests::support {

using engine::math::Vec3;

// height × width colours from the top: linear light, or in 0..1 as sRGB where a function says so.
struct Picture {
    int width = 0, height = 0;
    std::vector<Vec3> pixels;
    const Vec3& at(int x, int y) const {
        return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
};

Vec3 srgb_to_linear(const Vec3& srgb);
Vec3 linear_to_srgb(const Vec3& linear);
Vec3 linear_to_lab(const Vec3& linear);  // sRGB primaries, D65
double luminance(const Vec3& linear);

// Colour difference of two CIELAB colours [Sharma 2005], with all weights 1.
double ciede2000(const Vec3& lab_a, const Vec3& lab_b);

// Mean structural similarity of the luma of two sRGB pictures: 1 for equal ones. Windows are
// Gaussian with a deviation of 1.5 pixels, 11 across, and lie wholly inside [Wang 2004]. Both sides
// must be at least 11 pixels.
double ssim(const Picture& a, const Picture& b);

// Mean LDR-FLIP error of two sRGB pictures, 0 for equal ones, 1 at most, as seen at
// `pixels_per_degree` [Andersson 2020]; 67 is a 0.7 m wide 3840 pixel display at 0.7 m. Fills
// `map`, if given, with the error of each pixel.
double flip(const Picture& reference, const Picture& test, double pixels_per_degree = 67,
            std::vector<double>* map = nullptr);

// How two linear pictures differ, summed over all channels of the pixels in `chosen`. Cells of
// `cell` × `cell` pixels are averaged first, so that neither noise nor an edge half a pixel aside
// counts much; pixels that are not chosen are left out of the averages.
struct LinearError {
    double mean_relative = 0;  // sum |test - reference| / sum reference
    double bias = 0;           // sum test / sum reference - 1
    // Mean of (test - reference)² / (reference² + (a hundredth of the reference's mean)²)
    // [Rousselle, Knaus, Zwicker 2011, relative MSE].
    double relative_mse = 0;
};
LinearError linear_error(const Picture& reference, const Picture& test,
                         const std::vector<bool>& chosen, int cell);

}  // namespace huntsman::tests::support
