#include "engine/draw/drawing.h"

#include <cairo/cairo.h>
#include <fmt/format.h>

#include <memory>

#include "engine/core/files.h"
#include "engine/core/markup.h"

namespace huntsman::engine::draw {

using core::Error;
using core::Status;
using math::Vec2;

namespace {

constexpr Colour kHalo{255, 255, 255, 0.85};
constexpr double kHaloShare = 0.22;  // of the text's height
constexpr const char* kFont = "DejaVu Sans, Helvetica, Arial, sans-serif";

const auto escaped = engine::core::markup_escaped;

std::string css(const Colour& c) { return fmt::format("#{:02x}{:02x}{:02x}", c.r, c.g, c.b); }

// A tenth of a pixel is finer than eyes are.
std::string number(double value) {
    std::string text = fmt::format("{:.1f}", value);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text == "-0" ? "0" : text;
}

void append_paths(std::string& out, const Shape& shape, bool closed) {
    out += "d=\"";
    for (const Path& path : shape.paths) {
        for (std::size_t i = 0; i < path.size(); ++i) {
            out += i == 0 ? 'M' : i == 1 ? 'L' : ' ';
            out += number(path[i].x);
            out += ',';
            out += number(path[i].y);
        }
        if (closed) out += 'Z';
    }
    out += '"';
}

void append_shape(std::string& out, const Shape& shape) {
    switch (shape.kind) {
        case Shape::Kind::kFill:
            out += fmt::format("<path fill=\"{}\" fill-rule=\"evenodd\" ", css(shape.colour));
            if (shape.colour.alpha < 1)
                out += fmt::format("fill-opacity=\"{}\" ", shape.colour.alpha);
            append_paths(out, shape, true);
            out += "/>\n";
            break;
        case Shape::Kind::kStroke:
            out += fmt::format("<path fill=\"none\" stroke=\"{}\" stroke-width=\"{:.2f}\" ",
                               css(shape.colour), shape.size_px);
            if (shape.colour.alpha < 1)
                out += fmt::format("stroke-opacity=\"{}\" ", shape.colour.alpha);
            if (shape.dash_px > 0)
                out += fmt::format("stroke-dasharray=\"{}\" ", number(shape.dash_px));
            append_paths(out, shape, false);
            out += "/>\n";
            break;
        case Shape::Kind::kText: {
            const char* anchor = shape.anchor == Shape::Anchor::kLeft     ? "start"
                                 : shape.anchor == Shape::Anchor::kMiddle ? "middle"
                                                                          : "end";
            out += fmt::format(
                "<text x=\"{}\" y=\"{}\" font-family=\"{}\" font-size=\"{:.1f}\" fill=\"{}\" "
                "text-anchor=\"{}\"",
                number(shape.paths[0][0].x), number(shape.paths[0][0].y), kFont, shape.size_px,
                css(shape.colour), anchor);
            if (shape.bold) out += " font-weight=\"bold\"";
            if (shape.halo)
                out += fmt::format(
                    " stroke=\"{}\" stroke-opacity=\"{}\" stroke-width=\"{:.1f}\" "
                    "paint-order=\"stroke\" stroke-linejoin=\"round\"",
                    css(kHalo), kHalo.alpha, kHaloShare * shape.size_px);
            out += ">" + escaped(shape.text) + "</text>\n";
            break;
        }
    }
}

struct Release {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
};

void set_colour(cairo_t* context, const Colour& c) {
    cairo_set_source_rgba(context, c.r / 255.0, c.g / 255.0, c.b / 255.0, c.alpha);
}

void trace(cairo_t* context, const Shape& shape, bool closed) {
    cairo_new_path(context);
    for (const Path& path : shape.paths) {
        for (std::size_t i = 0; i < path.size(); ++i) {
            if (i == 0) {
                cairo_move_to(context, path[i].x, path[i].y);
            } else {
                cairo_line_to(context, path[i].x, path[i].y);
            }
        }
        if (closed) cairo_close_path(context);
    }
}

void paint(cairo_t* context, const Shape& shape) {
    set_colour(context, shape.colour);
    switch (shape.kind) {
        case Shape::Kind::kFill:
            trace(context, shape, true);
            cairo_fill(context);
            break;
        case Shape::Kind::kStroke:
            trace(context, shape, false);
            cairo_set_line_width(context, shape.size_px);
            cairo_set_dash(context, &shape.dash_px, shape.dash_px > 0 ? 1 : 0, 0);
            cairo_stroke(context);
            break;
        case Shape::Kind::kText: {
            cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                                   shape.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
            cairo_set_font_size(context, shape.size_px);
            cairo_text_extents_t extents;
            cairo_text_extents(context, shape.text.c_str(), &extents);
            const double share = shape.anchor == Shape::Anchor::kLeft     ? 0.0
                                 : shape.anchor == Shape::Anchor::kMiddle ? 0.5
                                                                          : 1.0;
            const Vec2 at = shape.paths[0][0];
            cairo_new_path(context);
            cairo_move_to(context, at.x - share * extents.x_advance, at.y);
            cairo_text_path(context, shape.text.c_str());
            if (shape.halo) {
                cairo_set_dash(context, nullptr, 0, 0);
                set_colour(context, kHalo);
                cairo_set_line_width(context, kHaloShare * shape.size_px);
                cairo_stroke_preserve(context);
                set_colour(context, shape.colour);
            }
            cairo_fill(context);
            break;
        }
    }
}

}  // namespace

std::string to_svg(const Drawing& drawing) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + to_svg_element(drawing);
}

std::string to_svg_element(const Drawing& drawing) {
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\">\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"{2}\"/>\n",
        drawing.width_px, drawing.height_px, css(drawing.background));
    for (const Shape& shape : drawing.shapes) append_shape(out, shape);
    out += "</svg>\n";
    return out;
}

Status save_png(const Drawing& drawing, const std::filesystem::path& path) {
    const std::unique_ptr<cairo_surface_t, Release> surface(
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, drawing.width_px, drawing.height_px));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        return Error{.message =
                         fmt::format("a picture of {} x {} pixels cannot be made: {}",
                                     drawing.width_px, drawing.height_px,
                                     cairo_status_to_string(cairo_surface_status(surface.get())))};
    const std::unique_ptr<cairo_t, Release> context(cairo_create(surface.get()));
    set_colour(context.get(), drawing.background);
    cairo_paint(context.get());
    cairo_set_fill_rule(context.get(), CAIRO_FILL_RULE_EVEN_ODD);
    cairo_set_line_join(context.get(), CAIRO_LINE_JOIN_ROUND);
    for (const Shape& shape : drawing.shapes) paint(context.get(), shape);

    std::string png;
    const auto append = [](void* closure, const unsigned char* data, unsigned int length) {
        static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
        return CAIRO_STATUS_SUCCESS;
    };
    const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), append, &png);
    if (status != CAIRO_STATUS_SUCCESS)
        return Error{.message = fmt::format("the picture cannot be encoded: {}",
                                            cairo_status_to_string(status)),
                     .file = path.string()};
    return core::write_file(path, png);
}

}  // namespace huntsman::engine::draw
