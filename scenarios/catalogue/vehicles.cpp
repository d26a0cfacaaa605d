#include <algorithm>
#include <cmath>

#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/catalogue/meshes.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::Archetype;
using engine::world::MeshLod;
using engine::world::Part;
using engine::world::PartRole;
using engine::world::StaticScene;

namespace {

constexpr Colour kPaint{1, 1, 1}, kTrim{0.03F, 0.03F, 0.032F}, kGlassTint{0.16F, 0.17F, 0.17F};

// The silhouette of a body; x from the rear axle, z from the ground [m].
struct Shape {
    double rear, front;  // ends of the painted body
    double half_width;
    double sill;                                           // lower edge
    double nose, hood, belt, boot, tail;                   // deck heights from front to rear
    double screen_base, roof_front, roof_rear, back_base;  // x of the cabin's corners
    double roof;                                           // its top
    double roof_share;            // half width of the roof over that of the body
    double roof_band;             // painted edge above the side windows
    double glass_from, glass_to;  // side windows
    std::vector<double> pillars;  // x of posts between them
    std::vector<double> wheels;   // x of axles under this body
    double lamp_z, tail_z;
};

Shape shape_of(std::uint32_t kind, const Archetype& a) {
    const double f = a.extent.front_m - 0.02, r = -a.extent.rear_m + 0.02, h = a.extent.height_m;
    const double w = 0.5 * a.extent.width_m, axle = a.vehicle.wheelbase_m;
    switch (kind) {
        case kSedan:
            return {r,    f,        w,        0.19,      0.66,  0.80, 0.89, 0.93,
                    0.84, f - 1.12, f - 1.92, 0.28,      -0.52, h,    0.76, 0.07,
                    0.0,  f - 1.2,  {1.02},   {0, axle}, 0.60,  0.74};
        case kHatchback:
            return {r,        f,        w,        0.19,      0.68,     0.84, 0.94, 0.96,
                    0.86,     f - 0.98, f - 1.78, r + 0.62,  r + 0.10, h,    0.77, 0.08,
                    r + 0.55, f - 1.05, {1.0},    {0, axle}, 0.64,     0.84};
        case kSuv:
            return {r,        f,        w,          0.26,      0.82,     0.98, 1.06, 1.06,
                    0.98,     f - 1.10, f - 1.85,   r + 0.50,  r + 0.10, h,    0.78, 0.09,
                    r + 0.50, f - 1.2,  {1.1, 0.1}, {0, axle}, 0.76,     0.92};
        case kVan:
            return {r,        f,        w,         0.26,      0.86,     1.06, 1.22, 1.22,
                    1.20,     f - 0.62, f - 1.42,  r + 0.12,  r + 0.02, h,    0.88, 0.42,
                    f - 1.95, f - 0.75, {f - 1.5}, {0, axle}, 0.78,     1.05};
        case kTruck:
            return {f - 1.75, f,        w,         0.42,     1.20,     1.36, 1.48, 1.48,
                    1.46,     f - 0.06, f - 0.42,  f - 1.70, f - 1.73, 2.78, 0.92, 0.30,
                    f - 1.35, f - 0.12, {f - 0.5}, {axle},   0.72,     0.9};
        default:
            return {r,
                    f,
                    w,
                    0.34,
                    1.12,
                    1.16,
                    1.18,
                    1.18,
                    1.16,
                    f - 0.04,
                    f - 0.32,
                    r + 0.22,
                    r + 0.04,
                    h,
                    0.95,
                    0.46,
                    r + 0.5,
                    f - 0.10,
                    {-1.4, 0.2, 1.8, 3.4, 5.0, 6.6, 7.6},
                    {0, axle},
                    0.66,
                    1.0};
    }
}

// A value between given points, linear.
double between(const std::vector<Vec2>& points, double x) {
    if (x <= points.front().x) return points.front().y;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        if (x > points[i + 1].x) continue;
        const double u = (x - points[i].x) / (points[i + 1].x - points[i].x);
        return points[i].y + u * (points[i + 1].y - points[i].y);
    }
    return points.back().y;
}

// One body at one level of detail: 0 all, 1 fewer rings and no small parts, 2 a block.
class Body {
  public:
    Body(const Shape& shape, double wheel_radius_m, double tyre_inside_m, int detail,
         MeshBuilder& builder)
        : s_(shape),
          wheel_(wheel_radius_m),
          inside_(tyre_inside_m),
          arch_(wheel_radius_m + 0.065),
          detail_(detail),
          builder_(builder) {
        deck_ = {{s_.rear, s_.tail},
                 {s_.rear + 0.10, s_.boot},
                 {std::max(s_.back_base, s_.rear + 0.12), s_.belt + 0.02},
                 {s_.screen_base, s_.belt},
                 {std::max(s_.front - 0.38, s_.screen_base + 0.01), s_.hood},
                 {s_.front - 0.09, 0.5 * (s_.hood + s_.nose)},
                 {s_.front, s_.nose}};
        std::sort(deck_.begin(), deck_.end(),
                  [](const Vec2& a, const Vec2& b) { return a.x < b.x; });
        width_ = {{s_.rear, 0.88},        {s_.rear + 0.08, 0.95},   {s_.rear + 0.35, 1.0},
                  {s_.front - 0.60, 1.0}, {s_.front - 0.30, 0.975}, {s_.front - 0.09, 0.925},
                  {s_.front, 0.84}};
    }

    void build() {
        hull();
        cabin();
        wells();
    }
    double deck(double x) const { return between(deck_, x); }

  private:
    // Lower edge of the side: the sill, or the wheel arch.
    double edge(double x) const {
        double z = s_.sill + 0.10 * std::max(0.0, 1.0 - (s_.front - x) / 0.25) +
                   0.12 * std::max(0.0, 1.0 - (x - s_.rear) / 0.3);
        if (detail_ == 2) return z;
        for (const double axle : s_.wheels) {
            const double d = std::abs(x - axle);
            if (d < arch_) z = std::max(z, wheel_ + std::sqrt(arch_ * arch_ - d * d));
        }
        return z;
    }
    std::vector<double> stations() const {
        std::vector<double> xs;
        for (const Vec2& p : deck_) xs.push_back(p.x);
        for (const Vec2& p : width_) xs.push_back(p.x);
        if (detail_ < 2) {
            std::vector<double> around{-1, -0.7, 0, 0.7, 1};
            if (detail_ == 0) around = {-1, -0.96, -0.8, -0.55, -0.2, 0.2, 0.55, 0.8, 0.96, 1};
            for (const double axle : s_.wheels) {
                for (const double u : around) xs.push_back(axle + u * (arch_ - 1e-4));
                xs.push_back(axle - arch_ - 1e-4);
                xs.push_back(axle + arch_ + 1e-4);
            }
        }
        std::erase_if(xs, [&](double x) { return x < s_.rear - 1e-9 || x > s_.front + 1e-9; });
        std::sort(xs.begin(), xs.end());
        xs.erase(std::unique(xs.begin(), xs.end(), [](double a, double b) { return b - a < 5e-5; }),
                 xs.end());
        return xs;
    }
    // Mirrors the left half so that points run from the lower left over the top to the lower right.
    static std::vector<Vec3> ring(double x, const std::vector<Vec2>& left) {
        std::vector<Vec3> out;
        for (const Vec2& p : left) out.push_back({x, p.x, p.y});
        for (auto p = left.rbegin(); p != left.rend(); ++p) out.push_back({x, -p->x, p->y});
        return out;
    }
    // Part of a loft: points first..last of every ring from ring a to ring b.
    void patch(const std::vector<std::vector<Vec3>>& rings, std::size_t a, std::size_t b,
               std::size_t first, std::size_t last) {
        std::vector<std::vector<Vec3>> part;
        for (std::size_t r = a; r <= b; ++r) {
            part.emplace_back(rings[r].begin() + static_cast<std::ptrdiff_t>(first),
                              rings[r].begin() + static_cast<std::ptrdiff_t>(last + 1));
        }
        builder_.loft(part, false);
    }

    void hull() {
        std::vector<std::vector<Vec3>> rings;
        for (const double x : stations()) {
            const double w = s_.half_width * between(width_, x), top = deck(x), low = edge(x);
            const double rise = top - low;
            std::vector<Vec2> left{
                {0.945 * w, low},        {0.985 * w, low + std::min(0.15, 0.25 * rise)},
                {w, low + 0.58 * rise},  {0.985 * w, top - std::min(0.09, 0.2 * rise)},
                {0.93 * w, top - 0.012}, {0.5 * w, top + 0.02}};
            if (detail_ == 2) left = {left[0], left[1], left[2], left[4]};
            rings.push_back(ring(x, left));
        }
        const std::size_t last = rings.size() - 1, n = rings[0].size();
        builder_.use(Material::kPlastic, kTrim);
        patch(rings, 0, last, 0, 1);
        patch(rings, 0, last, n - 2, n - 1);
        // Spray from the road dulls the paint towards the sills and behind the wheels.
        builder_.use(Material::kCarPaint, kPaint);
        builder_.shade([this](const Vec3& p, const Vec3& n3) {
            double dirt = std::clamp((s_.sill + 0.42 - p.z) / 0.42, 0.0, 1.0);
            for (const double axle : s_.wheels) {
                dirt += 0.35 * std::exp(-8.0 * std::pow(p.x - axle + 0.45, 2)) *
                        std::clamp((s_.sill + 0.6 - p.z) / 0.6, 0.0, 1.0);
            }
            // What faces the ground sees little light.
            const double low = std::clamp(-n3.z, 0.0, 1.0);
            const double f = (1 - 0.30 * std::min(1.0, dirt)) * (1 - 0.5 * low);
            return Colour{static_cast<float>(f), static_cast<float>(0.985 * f),
                          static_cast<float>(0.95 * f)};
        });
        patch(rings, 0, last, 1, n - 2);
        builder_.face(rings.back());
        const std::vector<Vec3> back(rings.front().rbegin(), rings.front().rend());
        builder_.face(back);
        builder_.shade({});
    }

    void cabin() {
        const std::vector<Vec2> top{
            {s_.back_base, deck(s_.back_base) - 0.02},
            {s_.roof_rear, s_.roof - 0.045},
            {s_.roof_rear + 0.25 * (s_.roof_front - s_.roof_rear), s_.roof - 0.01},
            {s_.roof_rear + 0.65 * (s_.roof_front - s_.roof_rear), s_.roof - 0.01},
            {s_.roof_front, s_.roof - 0.05},
            {s_.screen_base, deck(s_.screen_base) - 0.02}};
        std::vector<double> xs;
        for (const Vec2& p : top) xs.push_back(p.x);
        constexpr double kPost_m = 0.045;
        if (detail_ < 2) {
            for (const double p : s_.pillars) xs.insert(xs.end(), {p - kPost_m, p + kPost_m});
        }
        for (const double p : {s_.glass_from, s_.glass_to}) {
            if (p > s_.back_base && p < s_.screen_base) xs.push_back(p);
        }
        std::sort(xs.begin(), xs.end());
        std::vector<std::vector<Vec3>> rings;
        for (const double x : xs) {
            const double low = std::min(deck(x) - 0.03, between(top, x)), high = between(top, x);
            const double w0 = 0.905 * s_.half_width * std::min(1.0, between(width_, x) + 0.04);
            const double full = s_.roof - deck(x);
            const double w1 = w0 + (s_.roof_share * s_.half_width - w0) * (high - low) / full;
            const double band = std::min(s_.roof_band, 0.35 * (high - low));
            const double wb = w0 + (w1 - w0) * (1.0 - band / std::max(0.05, high - low));
            std::vector<Vec2> left{{w0, low},
                                   {0.5 * (w0 + wb) + 0.012, 0.5 * (low + high - band)},
                                   {wb, high - band},
                                   {w1 - 0.05, high - 0.25 * band + 0.01},
                                   {0.45 * w1, high + 0.012}};
            rings.push_back(ring(x, left));
        }
        const std::size_t n = rings[0].size();
        // Behind the panes: seats and doors below, towards the roof the light of the far windows.
        const auto interior = [this](const Vec3& p, const Vec3&) {
            const double u = (p.z - s_.belt) / std::max(0.2, s_.roof - s_.belt);
            const auto f = static_cast<float>(0.25 + 1.1 * std::clamp(u, 0.0, 1.0));
            return Colour{f, f, f};
        };
        for (std::size_t i = 0; i + 1 < rings.size(); ++i) {
            builder_.shade({});
            const double x = 0.5 * (xs[i] + xs[i + 1]);
            if (xs[i + 1] - xs[i] < 1e-6) continue;
            const bool post = std::any_of(s_.pillars.begin(), s_.pillars.end(),
                                          [&](double p) { return std::abs(x - p) < kPost_m; });
            const bool glass = x > s_.glass_from && x < s_.glass_to;
            if (glass && post) {
                builder_.use(Material::kPlastic, kTrim);
            } else if (glass) {
                builder_.use(Material::kGlass, kGlassTint);
                builder_.shade(interior);
            } else {
                builder_.use(Material::kCarPaint, kPaint);
            }
            patch(rings, i, i + 1, 0, 2);
            patch(rings, i, i + 1, n - 3, n - 1);
        }
        // Roof edges and roof over the whole length; front and rear screens.
        const auto index = [&](double x) {
            return static_cast<std::size_t>(std::min_element(xs.begin(), xs.end(),
                                                             [&](double a, double b) {
                                                                 return std::abs(a - x) <
                                                                        std::abs(b - x);
                                                             }) -
                                            xs.begin());
        };
        const std::size_t rear = index(s_.roof_rear), front = index(s_.roof_front);
        const std::size_t last = rings.size() - 1;
        builder_.use(Material::kCarPaint, kPaint);
        patch(rings, 0, last, 2, 3);
        patch(rings, 0, last, n - 4, n - 3);
        patch(rings, rear, front, 3, n - 4);
        // A panel van, whose side windows end far from its rear, has none there either.
        const bool panel = s_.glass_from > s_.roof_rear + 1.0;
        if (panel) patch(rings, 0, rear, 3, n - 4);
        builder_.use(Material::kGlass, kGlassTint);
        builder_.shade(interior);
        if (!panel) patch(rings, 0, rear, 3, n - 4);
        patch(rings, front, last, 3, n - 4);
        builder_.shade({});
    }

    // Dark floor, and liners that close the wheel arches to the inside.
    void wells() {
        builder_.use(Material::kPlastic, {0.012F, 0.012F, 0.013F});
        const double x0 = s_.rear + 0.06, x1 = s_.front - 0.06;
        const double top = std::min(s_.sill + 0.45, s_.belt - 0.12);
        builder_.box({0.5 * (x0 + x1), 0, 0.5 * (s_.sill + top)},
                     {0.5 * (x1 - x0), inside_, 0.5 * (top - s_.sill)}, 0, true);
        const double w = 0.93 * s_.half_width;
        for (const double axle : s_.wheels) {
            for (const double side : {1.0, -1.0}) {
                std::vector<std::vector<Vec3>> rings(2);
                const int steps = detail_ == 0 ? 10 : detail_ == 1 ? 5 : 3;
                for (int i = 0; i <= steps; ++i) {
                    const double a = math::kPi * i / steps;
                    const double x = axle - arch_ * std::cos(a), z = wheel_ + arch_ * std::sin(a);
                    rings[0].push_back({x, side * inside_, z});
                    rings[1].push_back({x, side * w, z});
                }
                if (side > 0) std::swap(rings[0], rings[1]);  // seen from the wheel
                builder_.loft(rings, false);
            }
        }
    }

    const Shape& s_;
    double wheel_, inside_, arch_;
    int detail_;
    MeshBuilder& builder_;
    std::vector<Vec2> deck_, width_;  // height, and share of the half width, over x
};

// Lamps, plates, grille, mirrors: boxes that stand a little out of the ends.
void add_trim(const Shape& s, std::uint32_t kind, const Archetype& a, int detail,
              MeshBuilder& builder) {
    const double w = s.half_width, f = s.front,
                 r = kind == kTruck ? -a.extent.rear_m + 0.02 : s.rear;
    // Unlit lamps show the colour of their glass.
    constexpr Colour kClear{1, 1, 1}, kRedGlass{1.0F, 0.10F, 0.08F},
        kAmberGlass{1.0F, 0.45F, 0.08F};
    const auto lamp = [&](Lamp which, double x, double y, double z, double hy, double hz) {
        builder.use(Material::kLamp, which == Lamp::kHead ? kClear : kRedGlass, Semantic::kNothing,
                    which);
        builder.box({x, y, z}, {0.02, hy, hz}, 0, true);
        builder.box({x, -y, z}, {0.02, hy, hz}, 0, true);
    };
    const double big = kind >= kTruck ? 1.3 : 1.0;
    if (detail < 2) {
        // Dark housings behind clear glass, in them two round lenses in rings of chrome.
        for (const double side : {1.0, -1.0}) {
            builder.use(Material::kPlastic, {0.4F, 0.4F, 0.42F});
            builder.box({f - 0.004, side * 0.63 * w, s.lamp_z}, {0.02, 0.185 * w, 0.072 * big}, 0,
                        true);
            for (const double y : {0.54, 0.71}) {
                const Vec3 from(f + 0.012, side * y * w, s.lamp_z), to = from + Vec3(0.012, 0, 0);
                builder.use(Material::kRim, {0.8F, 0.8F, 0.82F});
                builder.tube(from, to - Vec3(0.004, 0, 0), 0.062 * big, 0.058 * big, 10);
                builder.use(Material::kLamp, kClear, Semantic::kNothing, Lamp::kHead);
                builder.tube(from, to, 0.048 * big, 0.042 * big, 10);
            }
        }
        // One dark red lens around the lamps at the rear.
        for (const double side : {1.0, -1.0}) {
            builder.use(Material::kLamp, {0.55F, 0.035F, 0.03F}, Semantic::kNothing, Lamp::kTail);
            builder.box({r + 0.006, side * 0.69 * w, s.tail_z}, {0.02, 0.20 * w, 0.078 * big}, 0,
                        true);
        }
    } else {
        lamp(Lamp::kHead, f, 0.62 * w, s.lamp_z, 0.15 * w, 0.055 * big);
    }
    lamp(Lamp::kTail, r, 0.74 * w, s.tail_z, 0.11 * w, 0.06 * big);
    lamp(Lamp::kBrake, r, 0.56 * w, s.tail_z, 0.07 * w, 0.06 * big);
    // Turn lamps: left and right are lit by their own bits.
    for (const double side : {1.0, -1.0}) {
        builder.use(Material::kLamp, kAmberGlass, Semantic::kNothing,
                    side > 0 ? Lamp::kTurnLeft : Lamp::kTurnRight);
        builder.box({f - 0.01, side * 0.81 * w, s.lamp_z}, {0.02, 0.035 * w, 0.05 * big}, 0, true);
        builder.box({r, side * 0.74 * w, s.tail_z - 0.10 * big}, {0.02, 0.11 * w, 0.035 * big}, 0,
                    true);
    }
    // Mirrors on short arms.
    const double x = std::min(s.screen_base, s.front - 0.35) - 0.18,
                 z = s.belt + (kind >= kTruck ? 0.55 : 0.07);
    const double tall = kind >= kVan ? 0.16 : 0.075;
    for (const double side : {1.0, -1.0}) {
        builder.use(kind >= kTruck ? Material::kPlastic : Material::kCarPaint,
                    kind >= kTruck ? kTrim : kPaint);
        if (detail == 0) {
            builder.ellipsoid({x, side * (w + 0.06), z}, {0.07, 0.11, tall}, 6, 8);
        } else {
            builder.box({x, side * (w + 0.06), z}, {0.05, 0.09, 0.8 * tall}, 0, true);
        }
        builder.use(Material::kPlastic, kTrim);
        builder.box({x + 0.02, side * (w - 0.06), z - 0.03}, {0.03, 0.08, 0.02}, 0, true);
    }
    if (detail > 1) return;
    builder.use(Material::kLamp, kClear, Semantic::kNothing, Lamp::kReverse);
    builder.box({r, 0.42 * w, s.tail_z}, {0.018, 0.05 * w, 0.045}, 0, true);
    builder.use(Material::kPlastic, kTrim);
    builder.box({f, 0, s.lamp_z - 0.02}, {0.012, 0.42 * w, 0.065}, 0, true);
    builder.box({f, 0, s.sill + 0.20}, {0.012, 0.6 * w, 0.05}, 0, true);
    builder.use(Material::kPlate, {0.9F, 0.9F, 0.9F});
    builder.box({f, 0, s.sill + 0.31}, {0.018, 0.26, 0.055}, 0, true);
    builder.box({r, 0, kind == kTruck ? 0.7 : s.tail_z - 0.12}, {0.018, 0.26, 0.055}, 0, true);
    if (detail > 0) return;
    // Door lines and handles.
    if (kind <= kVan) {
        builder.use(Material::kPlastic, kTrim);
        for (const double side : {1.0, -1.0}) {
            for (const double p : s.pillars) {
                builder.box({p + 0.16, side * 0.975 * w, s.belt - 0.13}, {0.08, 0.03, 0.013}, 0,
                            true);
            }
        }
    }
}

// A truck's load space, frame and under-run guards.
void add_cargo(const Archetype& a, const Shape& cab, MeshBuilder& builder) {
    const double rear = -a.extent.rear_m, front = cab.rear - 0.12, w = 0.5 * a.extent.width_m;
    const double top = a.extent.height_m, floor = 1.05;
    builder.use(Material::kCarPaint, {1.0F, 1.0F, 1.0F});
    builder.box({0.5 * (rear + front), 0, 0.5 * (floor + top)},
                {0.5 * (front - rear), w, 0.5 * (top - floor)}, 0, true);
    builder.use(Material::kMetal, {0.12F, 0.12F, 0.13F});
    builder.box({0.5 * (rear + front), 0, 0.85}, {0.5 * (front - rear) - 0.05, 0.45, 0.2}, 0, true);
    builder.box({rear + 0.12, 0, 0.62}, {0.06, 0.9 * w, 0.09}, 0, true);
    for (const double side : {1.0, -1.0}) {
        builder.box({0.5 * (front + 0.9), side * (w - 0.12), 0.72},
                    {0.5 * (front - 0.9), 0.04, 0.14}, 0, true);
        // Mudguards over the rear wheels.
        builder.box({0, side * (w - 0.2), 1.02}, {0.62, 0.2, 0.03}, 0, true);
    }
}

MeshLod wheel_level(double radius, double width, int sides, bool spokes) {
    MeshBuilder builder;
    // Revolves a profile of (radius, y) about y.
    const auto turn = [&](std::initializer_list<Vec2> profile) {
        std::vector<std::vector<Vec3>> rings;
        for (const Vec2& p : profile) {
            std::vector<Vec3> ring;
            for (int i = 0; i < sides; ++i) {
                const double a = 2 * math::kPi * i / sides;
                ring.push_back({p.x * std::sin(a), p.y, p.x * std::cos(a)});
            }
            rings.push_back(std::move(ring));
        }
        builder.loft(rings, true);
    };
    const double h = 0.5 * width, rim = 0.66 * radius;
    builder.use(Material::kRubber, {0.03F, 0.03F, 0.03F});
    turn({{rim, -0.9 * h},
          {0.9 * radius, -h},
          {radius, -0.7 * h},
          {radius, 0.7 * h},
          {0.9 * radius, h},
          {rim, 0.9 * h}});
    for (const double side : {1.0, -1.0}) {
        const auto disc = [&](double y, double r, int n) {
            std::vector<Vec3> points;
            for (int i = 0; i < n; ++i) {
                const double a = side * 2 * math::kPi * i / n;
                points.push_back({r * std::sin(a), side * y, r * std::cos(a)});
            }
            builder.face(points);
        };
        if (!spokes) {
            builder.use(Material::kRim, {0.5F, 0.5F, 0.52F});
            disc(0.72 * h, rim, sides);
            continue;
        }
        builder.use(Material::kPlastic, {0.02F, 0.02F, 0.02F});
        disc(0.45 * h, rim, sides);
        builder.use(Material::kRim, {0.62F, 0.63F, 0.65F});
        constexpr int kSpokes = 5;
        for (int i = 0; i < kSpokes; ++i) {
            const double a = 2 * math::kPi * i / kSpokes, half = 0.16 * rim;
            const Vec3 out(std::sin(a), 0, std::cos(a));
            const Vec3 across = side * Vec3(std::cos(a), 0, -std::sin(a));
            const Vec3 y0(0, side * 0.82 * h, 0), y1(0, side * 0.7 * h, 0);
            const Vec3 corners[] = {y0 - half * across, y0 + half * across,
                                    y1 + rim * out + 0.8 * half * across,
                                    y1 + rim * out - 0.8 * half * across};
            const Vec3 flipped[] = {corners[1], corners[0], corners[3], corners[2]};
            // Whichever winding looks outwards.
            const Vec3 n = glm::cross(corners[1] - corners[0], corners[2] - corners[0]);
            if (n.y * side > 0) {
                builder.face(corners);
            } else {
                builder.face(flipped);
            }
        }
        disc(0.84 * h, 0.24 * rim, 10);
    }
    return builder.finish();
}

}  // namespace

void add_vehicle_parts(std::uint32_t kind, Archetype& archetype, StaticScene& scene) {
    const Shape shape = shape_of(kind, archetype);
    const double radius = archetype.vehicle.wheel_radius_m;
    const double tyre = kind >= kTruck ? 0.28 : 0.20;
    const double inside = 0.5 * archetype.vehicle.track_m - 0.5 * tyre - 0.03;
    std::vector<MeshLod> lods;
    for (int detail = 0; detail < 3; ++detail) {
        MeshBuilder builder;
        Body(shape, radius, inside, detail, builder).build();
        add_trim(shape, kind, archetype, detail, builder);
        if (kind == kTruck) add_cargo(archetype, shape, builder);
        lods.push_back(builder.finish());
    }
    const auto body =
        add_mesh(scene, make_mesh((archetype.name + " body").c_str(), std::move(lods)));
    archetype.parts.push_back({PartRole::kBody, body, {0, 0, 0}});
    const auto wheel = add_mesh(
        scene, make_mesh((archetype.name + " wheel").c_str(),
                         {wheel_level(radius, tyre, 24, true), wheel_level(radius, tyre, 12, false),
                          wheel_level(radius, tyre, 7, false)}));
    const double y = 0.5 * archetype.vehicle.track_m, x = archetype.vehicle.wheelbase_m;
    archetype.parts.push_back({PartRole::kWheelFrontLeft, wheel, {x, y, radius}});
    archetype.parts.push_back({PartRole::kWheelFrontRight, wheel, {x, -y, radius}});
    archetype.parts.push_back({PartRole::kWheelRearLeft, wheel, {0, y, radius}});
    archetype.parts.push_back({PartRole::kWheelRearRight, wheel, {0, -y, radius}});
}

}  // namespace huntsman::scenarios::catalogue
