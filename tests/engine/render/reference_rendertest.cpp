// The renderer beside the path tracer on ten fixed scenes: no figure may get worse than recorded.
//
// HUNTSMAN_REFERENCE=record in the environment writes what is measured as the new record
// (tests/engine/render/reference.json), with pictures and a table (docs/gallery/reference).
#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

#include "engine/core/files.h"
#include "sensors/encode/compose.h"
#include "sensors/encode/image_file.h"
#include "tests/support/reference/comparison.h"

namespace huntsman::tests::support {
namespace {

const std::filesystem::path kRoot = HUNTSMAN_SOURCE_DIR;
const std::filesystem::path kRecord = kRoot / "tests/engine/render/reference.json";
constexpr int kPaths = 128;  // a pixel

void record(const std::vector<Comparison>& comparisons) {
    ASSERT_TRUE(write_figures(kRecord, comparisons).ok());
    const std::filesystem::path folder = kRoot / "docs/gallery/reference";
    std::vector<engine::core::Image> images;
    std::vector<std::string> captions;
    for (const Comparison& c : comparisons) {
        images.insert(images.end(), c.images.begin(), c.images.end());
        captions.insert(captions.end(), {c.name + ": rasterised", "path traced", "difference",
                                         "indirect rasterised", "indirect path traced"});
    }
    const auto jpeg =
        sensors::encode::encode_jpeg(sensors::encode::contact_sheet(images, captions, 5), 85);
    ASSERT_TRUE(jpeg.ok()) << jpeg.error().text();
    ASSERT_TRUE(engine::core::write_file(folder / "reference.jpg", *jpeg).ok());
    const std::string page =
        "# Rasterised and path traced\n\nWritten by `docs/gallery/make.sh`; see "
        "[rendering](../../rendering.md) for what the figures mean.\n\n" +
        table_of(comparisons) + "\n![](reference.jpg)\n";
    ASSERT_TRUE(engine::core::write_file(folder / "README.md", page).ok());
}

TEST(Reference, NoSceneIsFartherFromThePathTracerThanRecorded) {
    auto renderer = engine::render::Renderer::create(engine::render::Quality::kStandard);
    ASSERT_TRUE(renderer.ok()) << renderer.error().text();
    engine::core::JobPool pool(0);
    std::vector<Comparison> comparisons;
    for (int i = 0; i < kReferenceScenes; ++i) {
        auto comparison = compare(**renderer, make_reference_scene(i), kPaths, pool);
        ASSERT_TRUE(comparison.ok()) << comparison.error().text();
        comparisons.push_back(std::move(*comparison));
    }
    const char* mode = std::getenv("HUNTSMAN_REFERENCE");
    if (mode != nullptr && std::string_view(mode) == "record") {
        record(comparisons);
        return;
    }
    const auto recorded = read_figures(kRecord);
    ASSERT_TRUE(recorded.ok()) << recorded.error().text();
    for (const Comparison& c : comparisons) {
        ASSERT_TRUE(recorded->count(c.name)) << c.name;
        for (const std::string& words : worsened(recorded->at(c.name), c.figures)) {
            ADD_FAILURE() << c.name << ": " << words;
        }
    }
}

}  // namespace
}  // namespace huntsman::tests::support
