// The rasterised picture of a reference scene beside the path traced one, in figures and pictures.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/core/image.h"
#include "engine/core/job_pool.h"
#include "engine/core/result.h"
#include "engine/render/renderer.h"
#include "tests/support/reference/image_metrics.h"
#include "tests/support/reference/reference_scenes.h"

namespace huntsman::tests::support {

// Errors are those of linear radiance on surfaces, in cells of 4 × 4 pixels. `direct` comes from
// sun and lamps by one reflection, `indirect` from the sky or by several. FLIP (67 pixels per
// degree) and SSIM are of the pictures as displayed with one exposure.
struct ComparisonFigures {
    LinearError direct, indirect;
    double direct_share = 0;  // of the light on surfaces, path traced
    double flip = 0, ssim = 0;
};

struct Comparison {
    std::string name, shows;
    ComparisonFigures figures;
    // As displayed with the exposure that suits the path traced picture: rasterised, path traced,
    // their difference (grey where equal, brighter where the rasteriser gives too much), and the
    // indirect part of both.
    std::vector<engine::core::Image> images;
};

engine::core::Result<Comparison> compare(engine::render::Renderer& renderer,
                                         const ReferenceScene& scene, int paths,
                                         engine::core::JobPool& pool);

// The recorded figures of all scenes by name.
engine::core::Result<std::map<std::string, ComparisonFigures>> read_figures(
    const std::filesystem::path& path);
engine::core::Status write_figures(const std::filesystem::path& path,
                                   const std::vector<Comparison>& comparisons);

// Every figure of `now` that is worse than recorded by more than the margin, in words; empty when
// none is. The margin, 3 % of the figure and 0.004, covers what other processors' rounding does.
std::vector<std::string> worsened(const ComparisonFigures& recorded, const ComparisonFigures& now);

// A page with a table of the figures, in Markdown.
std::string table_of(const std::vector<Comparison>& comparisons);

}  // namespace huntsman::tests::support
