#include "sensors/overlay/canvas.h"

#include <algorithm>
#include <cmath>

#include "sensors/lens/lens.h"

namespace huntsman::sensors::overlay {

namespace {
constexpr Rgb kClear = {1, 2, 3};
}

Canvas::Canvas(int width, int height) : image_(encode::blank(width, height, kClear)) {}

void Canvas::line(const Vec2& a, const Vec2& b, const Rgb& colour, int width) {
    // Pixel centres are at one half; the drawing's at whole numbers.
    const bool flat = std::abs(b.x - a.x) > std::abs(b.y - a.y);
    for (int k = 0; k < width; ++k) {
        const double off = k - 0.5 * (width - 1) - 0.5;
        const double dx = flat ? -0.5 : off, dy = flat ? off : -0.5;
        encode::draw_line(image_, a.x + dx, a.y + dy, b.x + dx, b.y + dy, colour);
    }
}

void Canvas::disc(const Vec2& centre, double radius, const Rgb& colour) {
    for (double y = std::ceil(centre.y - radius); y <= centre.y + radius; ++y) {
        const double half =
            std::sqrt(std::max(0.0, radius * radius - (y - centre.y) * (y - centre.y)));
        encode::draw_line(image_, centre.x - half - 0.5, y - 0.5, centre.x + half - 0.5, y - 0.5,
                          colour);
    }
}

void Canvas::ring(const Vec2& centre, double radius, const Rgb& colour) {
    constexpr int kSides = 16;
    for (int k = 0; k < kSides; ++k) {
        const double a = 2 * engine::math::kPi * k / kSides;
        const double b = 2 * engine::math::kPi * (k + 1) / kSides;
        line(centre + radius * Vec2(std::cos(a), std::sin(a)),
             centre + radius * Vec2(std::cos(b), std::sin(b)), colour);
    }
}

void Canvas::text(double x, double y, std::string_view text, const Rgb& colour) {
    constexpr Rgb kGround = {20, 24, 30};
    const int width = encode::text_width(text.size()), height = encode::text_height();
    const int left = std::clamp(static_cast<int>(x), 1, std::max(1, image_.width - width - 2));
    const int top = std::clamp(static_cast<int>(y), 1, std::max(1, image_.height - height - 2));
    encode::fill_rect(image_, left - 1, top - 1, left + width - 1, top + height - 1, kGround);
    encode::draw_text(image_, left, top, text, colour);
}

Image Canvas::finished() const {
    Image out{.width = image_.width, .height = image_.height, .channels = 4};
    const std::size_t pixels = image_.pixels.size() / 3;
    out.pixels.resize(4 * pixels);
    for (std::size_t i = 0; i < pixels; ++i) {
        const std::uint8_t* from = image_.pixels.data() + 3 * i;
        if (std::equal(kClear.begin(), kClear.end(), from)) continue;
        std::copy(from, from + 3, out.pixels.data() + 4 * i);
        out.pixels[4 * i + 3] = 255;
    }
    return out;
}

bool pixel_of(const CameraSample& camera, const Vec3& p_W, Vec2& pixel) {
    const Vec3 p_C = camera.X_WC.inverse() * p_W;
    constexpr double kNearest_m = 0.05;
    if (glm::dot(p_C, p_C) < kNearest_m * kNearest_m) return false;
    if (!lens::project(camera.camera.lens, p_C, pixel)) return false;
    const double reach = 2.0 * std::max(camera.camera.width, camera.camera.height);
    return std::abs(pixel.x) < reach && std::abs(pixel.y) < reach;
}

void draw_path(Canvas& canvas, const CameraSample& camera, std::span<const Vec3> path, bool closed,
               const Rgb& colour, int width) {
    // Steps of a metre near by and of a share of the distance far away.
    const std::size_t count = path.size() < 2 ? 0 : closed ? path.size() : path.size() - 1;
    for (std::size_t i = 0; i < count; ++i) {
        const Vec3 &a = path[i], &b = path[(i + 1) % path.size()];
        const Vec3 middle = 0.5 * (a + b);
        const double step = std::max(0.25, 0.04 * glm::length(middle - camera.X_WC.p));
        const int steps = std::clamp(static_cast<int>(std::ceil(glm::length(b - a) / step)), 1, 64);
        Vec2 last{0, 0};
        bool drawn = false;
        for (int k = 0; k <= steps; ++k) {
            Vec2 pixel{0, 0};
            const bool seen =
                pixel_of(camera, a + (b - a) * (static_cast<double>(k) / steps), pixel);
            // A jump across the picture is the seam of a lens that sees all round.
            if (seen && drawn && glm::length(pixel - last) < 0.5 * camera.camera.width) {
                canvas.line(last, pixel, colour, width);
            }
            drawn = seen;
            last = pixel;
        }
    }
}

bool shows_object(const CameraSample& camera, const labels::ObjectLabel& object) {
    if (const auto* seen = camera.find(object.id); seen != nullptr) {
        // A silhouette without a size: its pixels were not counted, only its box is known.
        return seen->visible_px > 0 || seen->amodal_px == 0;
    }
    // Neither boxes nor ids of this camera: all that is known is whether some camera sees it.
    return camera.objects.empty() && camera.ids.empty() && object.visible_px > 0;
}

std::vector<labels::ActorId> actors_in(const CameraSample& camera) {
    std::vector<labels::ActorId> actors;
    std::uint32_t former = 0;
    for (const std::uint32_t word : camera.ids) {
        // Neighbours mostly show the same.
        if (word == former) continue;
        former = word;
        actors.push_back(engine::world::actor_of(word));
    }
    std::sort(actors.begin(), actors.end());
    actors.erase(std::unique(actors.begin(), actors.end()), actors.end());
    return actors;
}

}  // namespace huntsman::sensors::overlay
