#include "tests/support/reference/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/files.h"
#include "engine/core/json_file.h"
#include "tests/support/reference/path_tracer.h"

namespace huntsman::tests::support {

namespace render = engine::render;
namespace shader = engine::render::shader;
using engine::core::Image;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr int kCell = 4;
// The level of detail at which the renderer's standard quality draws.
constexpr double kLodError_px = 2.0;

Vec3 vec3_of(const float (&v)[3]) { return {v[0], v[1], v[2]}; }

// The factor that shows the mean of a picture's surfaces, the brightest twentieth apart, as middle
// grey.
double exposure_of(const Picture& picture, const std::vector<bool>& surface) {
    std::vector<double> values;
    for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
        if (surface[i]) values.push_back(luminance(picture.pixels[i]));
    }
    if (values.empty()) return 1;
    std::sort(values.begin(), values.end());
    values.resize(std::max<std::size_t>(1, values.size() * 19 / 20));
    double sum = 0;
    for (const double v : values) sum += v;
    return 0.16 * static_cast<double>(values.size()) / std::max(sum, 1e-9);
}

// A filmic curve whose result is encoded for display [Hejl and Burgess-Dawson 2010].
Picture displayed(const Picture& linear, double exposure) {
    Picture shown = linear;
    for (Vec3& c : shown.pixels) {
        const Vec3 x = glm::max(c * exposure - 0.004, Vec3(0));
        c = x * (6.2 * x + 0.5) / (x * (6.2 * x + 1.7) + 0.06);
    }
    return shown;
}

Image image_of(const Picture& shown) {
    Image image{.width = shown.width, .height = shown.height};
    for (const Vec3& c : shown.pixels) {
        for (int i = 0; i < 3; ++i) {
            image.pixels.push_back(
                static_cast<std::uint8_t>(std::clamp(c[i], 0.0, 1.0) * 255 + 0.5));
        }
    }
    return image;
}

// The figures with their names, in the order of the file.
struct Entry {
    const char* name;
    double ComparisonFigures::*own = nullptr;
    LinearError ComparisonFigures::*error = nullptr;
    double LinearError::*part = nullptr;
    double& of(ComparisonFigures& f) const { return own != nullptr ? f.*own : f.*error.*part; }
    double of(const ComparisonFigures& f) const { return own != nullptr ? f.*own : f.*error.*part; }
};
const std::array<Entry, 9> kEntries = {{
    {"direct_share", &ComparisonFigures::direct_share},
    {"direct_error", nullptr, &ComparisonFigures::direct, &LinearError::mean_relative},
    {"direct_bias", nullptr, &ComparisonFigures::direct, &LinearError::bias},
    {"direct_relative_mse", nullptr, &ComparisonFigures::direct, &LinearError::relative_mse},
    {"indirect_error", nullptr, &ComparisonFigures::indirect, &LinearError::mean_relative},
    {"indirect_bias", nullptr, &ComparisonFigures::indirect, &LinearError::bias},
    {"indirect_relative_mse", nullptr, &ComparisonFigures::indirect, &LinearError::relative_mse},
    {"flip", &ComparisonFigures::flip},
    {"ssim", &ComparisonFigures::ssim},
}};

}  // namespace

Result<Comparison> compare(render::Renderer& renderer, const ReferenceScene& scene, int paths,
                           engine::core::JobPool& pool) {
    // Both pictures. The rasterised one tells the path tracer what its pixels show.
    HM_TRY(renderer.load(scene.world));
    std::vector<render::Frame> frames;
    const render::RenderRequest request{
        .views = {&scene.view, 1}, .ids = false, .depth = true, .parts = true};
    HM_TRY(renderer.render(scene.state, request, frames));
    const render::Frame& frame = frames[0];
    const TracedScene traced_scene(scene.world, scene.state, render::baked_textures(), &scene.view,
                                   kLodError_px);
    const TracedPicture traced =
        trace(traced_scene, scene.view, {.paths = paths, .guide = &frame}, pool);

    // Parts of both, behind the same air.
    const std::size_t pixels = frame.parts.size();
    const Picture empty{scene.view.width, scene.view.height, std::vector<Vec3>(pixels)};
    Picture total[2] = {empty, empty}, direct[2] = {empty, empty}, indirect[2] = {empty, empty};
    std::vector<bool> surface(pixels);
    for (std::size_t i = 0; i < pixels; ++i) {
        const shader::PixelParts& parts = frame.parts[i];
        const double through = parts.through;
        surface[i] = std::isfinite(frame.depth_m[i]);
        total[0].pixels[i] = vec3_of(parts.radiance);
        direct[0].pixels[i] = vec3_of(parts.direct);
        indirect[0].pixels[i] = total[0].pixels[i] - direct[0].pixels[i] - vec3_of(parts.air);
        direct[1].pixels[i] = traced.direct[i] * through;
        indirect[1].pixels[i] = traced.indirect[i] * through;
        total[1].pixels[i] = direct[1].pixels[i] + indirect[1].pixels[i] + vec3_of(parts.air);
    }

    // Figures.
    Comparison comparison{.name = scene.name, .shows = scene.shows};
    ComparisonFigures& figures = comparison.figures;
    figures.direct = linear_error(direct[1], direct[0], surface, kCell);
    figures.indirect = linear_error(indirect[1], indirect[0], surface, kCell);
    double sum_direct = 0, sum = 0;
    for (std::size_t i = 0; i < pixels; ++i) {
        if (!surface[i]) continue;
        sum_direct += luminance(direct[1].pixels[i]);
        sum += luminance(direct[1].pixels[i]) + luminance(indirect[1].pixels[i]);
    }
    figures.direct_share = sum > 0 ? sum_direct / sum : 0;
    const double exposure = exposure_of(total[1], surface);
    const Picture shown[2] = {displayed(total[0], exposure), displayed(total[1], exposure)};
    figures.flip = flip(shown[1], shown[0]);
    figures.ssim = ssim(shown[1], shown[0]);

    // Pictures.
    Picture difference = empty;
    for (std::size_t i = 0; i < pixels; ++i) {
        difference.pixels[i] = Vec3(0.5) + 0.5 * (shown[0].pixels[i] - shown[1].pixels[i]);
    }
    comparison.images = {image_of(shown[0]), image_of(shown[1]), image_of(difference),
                         image_of(displayed(indirect[0], exposure)),
                         image_of(displayed(indirect[1], exposure))};
    return comparison;
}

Result<std::map<std::string, ComparisonFigures>> read_figures(const std::filesystem::path& path) {
    const auto read = engine::core::JsonFile::read(path);
    if (!read.ok()) return read.error();
    engine::core::JsonFile& file = **read;
    const engine::core::JsonNode root = file.root();
    root.only({"schema_version", "scenes"});
    root.integer("schema_version", 1, 1);
    std::map<std::string, ComparisonFigures> all;
    for (const engine::core::JsonNode& node : root.array("scenes")) {
        ComparisonFigures figures;
        for (const Entry& entry : kEntries) entry.of(figures) = node.number(entry.name, -1e3, 1e6);
        const std::string name = node.text("name");
        if (!all.emplace(name, figures).second) node.fail("scene " + name + " stands here twice");
    }
    HM_TRY(file.status());
    return all;
}

Status write_figures(const std::filesystem::path& path,
                     const std::vector<Comparison>& comparisons) {
    std::string text = "{\n  \"schema_version\": 1,\n  \"scenes\": [";
    for (std::size_t i = 0; i < comparisons.size(); ++i) {
        text += fmt::format("{}\n    {{\"name\": \"{}\"", i == 0 ? "" : ",", comparisons[i].name);
        for (const Entry& entry : kEntries) {
            text += fmt::format(", \"{}\": {:.4f}", entry.name, entry.of(comparisons[i].figures));
        }
        text += "}";
    }
    return engine::core::write_file(path, text + "\n  ]\n}\n");
}

std::vector<std::string> worsened(const ComparisonFigures& recorded, const ComparisonFigures& now) {
    std::vector<std::string> words;
    for (const Entry& entry : kEntries) {
        if (entry.own == &ComparisonFigures::direct_share) continue;
        // Errors may have a sign; similarity is an error when taken from one.
        const bool similarity = entry.own == &ComparisonFigures::ssim;
        const auto error = [&](const ComparisonFigures& f) {
            return similarity ? 1 - entry.of(f) : std::abs(entry.of(f));
        };
        if (error(now) <= error(recorded) * 1.03 + 0.004) continue;
        words.push_back(fmt::format("{} is {:.4f}, recorded {:.4f}", entry.name, entry.of(now),
                                    entry.of(recorded)));
    }
    return words;
}

std::string table_of(const std::vector<Comparison>& comparisons) {
    std::string text =
        "| scene | shows | direct light: share, error, bias | indirect light: error, bias | FLIP | "
        "SSIM |\n|---|---|---|---|---|---|\n";
    const auto percent = [](double x) { return fmt::format("{:+.0f} %", 100 * x); };
    for (const Comparison& c : comparisons) {
        const ComparisonFigures& f = c.figures;
        text += fmt::format(
            "| `{}` | {} | {:.0f} %, {:.0f} %, {} | {:.0f} %, {} | {:.3f} | {:.3f} |\n", c.name,
            c.shows, 100 * f.direct_share, 100 * f.direct.mean_relative, percent(f.direct.bias),
            100 * f.indirect.mean_relative, percent(f.indirect.bias), f.flip, f.ssim);
    }
    return text;
}

}  // namespace huntsman::tests::support
