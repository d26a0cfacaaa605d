#include "sensors/overlay/canvas.h"

#include <algorithm>
#include <cmath>

namespace huntsman::sensors::overlay {

namespace {
constexpr Rgb kClear = {1, 2, 3};
}

Canvas::Canvas(int width, int height) : image_(encode::blank(width, height, kClear)) {}

void Canvas::line(const Vec2& a, const Vec2& b, const Rgb& colour, int width, bool faint) {
    if (faint && faint_.pixels.empty()) faint_ = encode::blank(image_.width, image_.height, kClear);
    Image& on = faint ? faint_ : image_;
    // Pixel centres are at one half; the drawing's at whole numbers.
    const bool flat = std::abs(b.x - a.x) > std::abs(b.y - a.y);
    for (int k = 0; k < width; ++k) {
        const double off = k - 0.5 * (width - 1) - 0.5;
        const double dx = flat ? -0.5 : off, dy = flat ? off : -0.5;
        encode::draw_line(on, a.x + dx, a.y + dy, b.x + dx, b.y + dy, colour);
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
    const int width = encode::text_width(text.size()), height = encode::text_height();
    const int left = std::clamp(static_cast<int>(x), 1, std::max(1, image_.width - width - 2));
    const auto kept = [&](double at) {
        return std::clamp(static_cast<int>(at), 1, std::max(1, image_.height - height - 2));
    };
    const auto free = [&](int at) {
        return std::none_of(texts_.begin(), texts_.end(), [&](const Text& t) {
            return left <= t.left + encode::text_width(t.letters.size()) &&
                   left + width >= t.left && at <= t.top + height && at + height >= t.top;
        });
    };
    int top = kept(y);
    for (const int rows : {0, -1, 1, -2, 2}) {
        top = kept(y + rows * (height + 1));
        if (free(top)) break;
    }
    if (free(top)) texts_.push_back({left, top, std::string(text), colour});
}

Image Canvas::finished() const {
    constexpr Rgb kGround = {20, 24, 30};
    Image drawn = image_;
    for (const Text& t : texts_) {
        encode::fill_rect(drawn, t.left - 1, t.top - 1,
                          t.left + encode::text_width(t.letters.size()) - 1,
                          t.top + encode::text_height() - 1, kGround);
        encode::draw_text(drawn, t.left, t.top, t.letters, t.colour);
    }
    Image out{.width = image_.width, .height = image_.height, .channels = 4};
    const std::size_t pixels = drawn.pixels.size() / 3;
    out.pixels.resize(4 * pixels);
    for (std::size_t i = 0; i < pixels; ++i) {
        const std::uint8_t* from = drawn.pixels.data() + 3 * i;
        std::uint8_t alpha = 255;
        if (std::equal(kClear.begin(), kClear.end(), from)) {
            if (faint_.pixels.empty()) continue;
            from = faint_.pixels.data() + 3 * i;
            if (std::equal(kClear.begin(), kClear.end(), from)) continue;
            alpha = kFaintAlpha;
        }
        std::copy(from, from + 3, out.pixels.data() + 4 * i);
        out.pixels[4 * i + 3] = alpha;
    }
    return out;
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
