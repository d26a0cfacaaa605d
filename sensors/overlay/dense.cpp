// Layers that give every pixel a colour.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sensors/overlay/canvas.h"

namespace huntsman::sensors::overlay {

using engine::world::Semantic;

namespace {

constexpr double kFarthest_m = 100;
constexpr Rgb kInk = {240, 240, 240};

void put(Image& image, std::size_t i, const Rgb& colour) {
    std::copy(colour.begin(), colour.end(),
              image.pixels.begin() + static_cast<std::ptrdiff_t>(3 * i));
}

// Logarithmic, so that near things differ too: 1 m is 0, 100 m is 1.
double depth_share(double depth_m) {
    return std::log(std::max(depth_m, 1.0)) / std::log(kFarthest_m);
}

void draw_depth(const CameraSample& camera, Canvas& canvas) {
    for (std::size_t i = 0; i < camera.depth_m.size(); ++i) {
        const double depth = static_cast<double>(camera.depth_m[i]);
        if (std::isfinite(depth)) put(canvas.image(), i, turbo(1 - depth_share(depth)));
    }
    // The scale.
    const int width = std::min(260, camera.camera.width - 20), y = camera.camera.height - 26;
    for (int x = 0; x < width; ++x) {
        encode::fill_rect(canvas.image(), 10 + x, y, 10 + x, y + 9,
                          turbo(1 - static_cast<double>(x) / (width - 1)));
    }
    for (const int metres : {1, 2, 5, 10, 20, 50, 100}) {
        const std::string text = metres == 100 ? "100 m" : std::to_string(metres);
        const double x = 10 + depth_share(metres) * (width - 1);
        canvas.text(x - 3 * static_cast<double>(text.size()), y + 12, text, kInk);
    }
}

void draw_ids(const CameraSample& camera, bool semantic, Canvas& canvas) {
    for (std::size_t i = 0; i < camera.ids.size(); ++i) {
        const std::uint32_t word = camera.ids[i];
        const auto actor = engine::world::actor_of(word);
        if (semantic) {
            put(canvas.image(), i, semantic_colour(engine::world::semantic_of(word)));
        } else if (actor != engine::world::kNoActor) {
            put(canvas.image(), i, instance_colour(actor));
        }
    }
    if (!semantic) return;
    ClassSet present{};
    for (const std::uint32_t word : camera.ids) present[word >> 24 & 31U] = true;
    draw_legend(present, canvas);
}

void draw_normals(const CameraSample& camera, Canvas& canvas) {
    for (std::size_t i = 0; i + 2 < camera.normals_C.size(); i += 3) {
        const float* n = camera.normals_C.data() + i;
        if (n[0] == 0 && n[1] == 0 && n[2] == 0) continue;
        Rgb colour;
        for (std::size_t c = 0; c < 3; ++c) {
            // Towards the camera is bright: C's z looks away from it.
            const float v = c == 2 ? -n[c] : n[c];
            colour[c] = static_cast<std::uint8_t>(std::clamp(127.5F + 127.5F * v, 0.0F, 255.0F));
        }
        put(canvas.image(), i / 3, colour);
    }
}

void draw_flow(const CameraSample& camera, Canvas& canvas) {
    // The longest of all but the top 2 % has full colour.
    std::vector<float> lengths;
    for (std::size_t i = 0; i + 1 < camera.flow_next.size(); i += 2) {
        const float length = std::hypot(camera.flow_next[i], camera.flow_next[i + 1]);
        if (std::isfinite(length)) lengths.push_back(length);
    }
    if (lengths.empty()) return;
    const auto top = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() * 98 / 100);
    std::nth_element(lengths.begin(), top, lengths.end());
    const double full = std::max(1.0, static_cast<double>(*top));
    for (std::size_t i = 0; i + 1 < camera.flow_next.size(); i += 2) {
        const double x = static_cast<double>(camera.flow_next[i]);
        const double y = static_cast<double>(camera.flow_next[i + 1]);
        if (std::isfinite(x + y)) put(canvas.image(), i / 2, flow_colour(x / full, y / full));
    }
    constexpr int kRadius = 24;
    const Vec2 centre(kRadius + 8, camera.camera.height - kRadius - 18);
    canvas.disc(centre, kRadius + 1, {20, 24, 30});
    for (int y = -kRadius; y <= kRadius; ++y) {
        for (int x = -kRadius; x <= kRadius; ++x) {
            if (x * x + y * y > kRadius * kRadius) continue;
            const int u = static_cast<int>(centre.x) + x, v = static_cast<int>(centre.y) + y;
            encode::fill_rect(
                canvas.image(), u, v, u, v,
                flow_colour(static_cast<double>(x) / kRadius, static_cast<double>(y) / kRadius));
        }
    }
    canvas.text(6, camera.camera.height - 11, fmt::format("{:.0f} px a picture", full), kInk);
}

}  // namespace

void draw_legend(const ClassSet& present, Canvas& canvas) {
    const int width = canvas.image().width;
    int x = 6, y = canvas.image().height - 14;
    for (std::size_t k = 1; k < present.size(); ++k) {
        if (!present[k] || k >= static_cast<std::size_t>(engine::world::kSemantics)) continue;
        const auto of = static_cast<Semantic>(k);
        const std::string_view text = engine::world::name(of);
        const int wide = encode::text_width(text.size()) + 20;
        if (x + wide > width) {
            x = 6;
            y -= 14;
        }
        canvas.text(x + 12, y + 1, text, kInk);
        encode::fill_rect(canvas.image(), x, y, x + 9, y + 9, {235, 235, 235});
        encode::fill_rect(canvas.image(), x + 1, y + 1, x + 8, y + 8, semantic_colour(of));
        x += wide;
    }
}

void draw_dense(const CameraSample& camera, Layer layer, Canvas& canvas) {
    switch (layer) {
        case Layer::kDepth:
            if (!camera.depth_m.empty()) draw_depth(camera, canvas);
            break;
        case Layer::kSemantic:
        case Layer::kInstance:
            if (!camera.ids.empty()) draw_ids(camera, layer == Layer::kSemantic, canvas);
            break;
        case Layer::kNormals:
            draw_normals(camera, canvas);
            break;
        case Layer::kFlow:
            draw_flow(camera, canvas);
            break;
        default:
            break;
    }
}

}  // namespace huntsman::sensors::overlay
