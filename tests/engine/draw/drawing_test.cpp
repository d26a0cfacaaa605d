#include "engine/draw/drawing.h"

#include <gtest/gtest.h>

#include "engine/core/files.h"

namespace huntsman::engine::draw {
namespace {

Drawing stroke_of(double dash_px) {
    return {.width_px = 40,
            .height_px = 10,
            .background = {255, 255, 255},
            .shapes = {{.kind = Shape::Kind::kStroke,
                        .colour = {0, 0, 0},
                        .paths = {{{0, 5}, {40, 5}}},
                        .size_px = 4,
                        .dash_px = dash_px}}};
}

std::string png_of(const Drawing& drawing) {
    const auto path = std::filesystem::path(testing::TempDir()) / "huntsman_drawing_test.png";
    const auto saved = save_png(drawing, path);
    EXPECT_TRUE(saved) << saved.error().text();
    return *core::read_file(path);
}

TEST(Drawing, AFileIsAnElementAfterTheDeclaration) {
    const std::string file = to_svg(stroke_of(0)), element = to_svg_element(stroke_of(0));
    EXPECT_TRUE(element.starts_with("<svg "));
    EXPECT_EQ(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element);
}

TEST(Drawing, StrokesAreDashedWhereAskedFor) {
    EXPECT_NE(to_svg(stroke_of(3)).find("stroke-dasharray=\"3\""), std::string::npos);
    EXPECT_EQ(to_svg(stroke_of(0)).find("stroke-dasharray"), std::string::npos);
    EXPECT_NE(png_of(stroke_of(3)), png_of(stroke_of(0)));
}

TEST(Drawing, AStrokeAfterADashedOneIsSolid) {
    Drawing both = stroke_of(3), covered = stroke_of(0);
    both.shapes.push_back(stroke_of(0).shapes.front());
    covered.shapes.push_back(stroke_of(0).shapes.front());
    EXPECT_EQ(png_of(both), png_of(covered));
}

}  // namespace
}  // namespace huntsman::engine::draw
