#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/catalogue/meshes.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::Archetype;
using engine::world::MeshLod;
using engine::world::Motion;
using engine::world::StaticScene;

namespace {

constexpr Colour kPaint{1, 1, 1}, kTrim{0.03F, 0.03F, 0.032F}, kGlassTint{0.16F, 0.17F, 0.17F};

// An axle under the painted body.
struct Arch {
    double x;
    double wheel;   // radius of its wheels
    double radius;  // of the arch around them
    double inside;  // half of the room between the tyres
};

// The silhouette of a body; x from the origin, z from the ground [m].
struct Shape {
    const BodyModel& look;
    double rear, front;  // ends of the painted body
    double tail_end;     // rear end of the vehicle
    double half_width;
    double screen_base, roof_front, roof_rear, back_base;  // x of the cabin's corners
    double roof;                                           // its top
    double glass_from, glass_to;                           // side windows
    std::vector<double> pillars;                           // x of posts between them
    std::vector<Arch> arches;                              // from the rear
    double inside;                                         // the narrowest of theirs
};

constexpr double kPost_m = 0.045;  // half the width of a post between windows
constexpr double kSkin_m = 0.02;   // by which lamps and bumpers stand out of the ends

Shape shape_of(const VehicleModel& model, const Archetype& a) {
    const BodyModel& look = *model.body;
    const double f = a.extent.front_m - kSkin_m, r = -a.extent.rear_m + kSkin_m;
    const auto x = [&](const Along& place) { return place.x_m(f, r); };
    const double half_width = 0.5 * a.extent.width_m;
    Shape s{.look = look,
            .rear = x(look.rear),
            .front = f,
            .tail_end = r,
            .half_width = half_width,
            .screen_base = x(look.screen_base),
            .roof_front = x(look.roof_front),
            .roof_rear = x(look.roof_rear),
            .back_base = x(look.back_base),
            .roof = look.roof_m.value_or(a.extent.height_m),
            .glass_from = x(look.glass_from),
            .glass_to = x(look.glass_to),
            .pillars = {},
            .arches = {},
            .inside = half_width};
    for (const Along& pillar : look.pillars) s.pillars.push_back(x(pillar));
    constexpr double kArchGap_m = 0.065, kLiner_m = 0.03;
    for (auto axle = model.axles.rbegin(); axle != model.axles.rend(); ++axle) {
        const double inside =
            std::max(0.0, 0.5 * axle->track_m - 0.5 * axle->tyre_width_m - kLiner_m);
        s.inside = std::min(s.inside, inside);
        if (axle->x_m < s.rear) continue;
        s.arches.push_back(
            {axle->x_m, axle->wheel_radius_m, axle->wheel_radius_m + kArchGap_m, inside});
    }
    return s;
}

// What follows is paint in the actor's tint, or in a colour of its own.
void use_paint(const BodyModel& look, MeshBuilder& builder) {
    if (look.livery) {
        builder.use(Material::kLivery, {(*look.livery)[0], (*look.livery)[1], (*look.livery)[2]});
    } else {
        builder.use(Material::kCarPaint, kPaint);
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
class BodyBuilder {
  public:
    BodyBuilder(const Shape& shape, int detail, MeshBuilder& builder)
        : s_(shape), look_(shape.look), detail_(detail), builder_(builder) {
        deck_ = {{s_.rear, look_.tail_m},
                 {s_.rear + 0.10, look_.boot_m},
                 {std::max(s_.back_base, s_.rear + 0.12), look_.belt_m + 0.02},
                 {s_.screen_base, look_.belt_m},
                 {std::max(s_.front - 0.38, s_.screen_base + 0.01), look_.hood_m},
                 {s_.front - 0.09, 0.5 * (look_.hood_m + look_.nose_m)},
                 {s_.front, look_.nose_m}};
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
        double z = look_.sill_m + 0.10 * std::max(0.0, 1.0 - (s_.front - x) / 0.25) +
                   0.12 * std::max(0.0, 1.0 - (x - s_.rear) / 0.3);
        if (detail_ == 2) return z;
        for (const Arch& arch : s_.arches) {
            const double d = std::abs(x - arch.x);
            if (d < arch.radius) {
                z = std::max(z, arch.wheel + std::sqrt(arch.radius * arch.radius - d * d));
            }
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
            for (const Arch& arch : s_.arches) {
                for (const double u : around) xs.push_back(arch.x + u * (arch.radius - 1e-4));
                xs.push_back(arch.x - arch.radius - 1e-4);
                xs.push_back(arch.x + arch.radius + 1e-4);
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
        out.reserve(2 * left.size());
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
        use_paint(look_, builder_);
        builder_.shade([this](const Vec3& p, const Vec3& n3) {
            double dirt = std::clamp((look_.sill_m + 0.42 - p.z) / 0.42, 0.0, 1.0);
            for (const Arch& arch : s_.arches) {
                dirt += 0.35 * std::exp(-8.0 * std::pow(p.x - arch.x + 0.45, 2)) *
                        std::clamp((look_.sill_m + 0.6 - p.z) / 0.6, 0.0, 1.0);
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

    // The cabin's cross-sections.
    struct Cabin {
        std::vector<double> xs;
        std::vector<std::vector<Vec3>> rings;

        std::size_t nearest(double x) const {
            const auto closer = [&](double a, double b) {
                return std::abs(a - x) < std::abs(b - x);
            };
            return static_cast<std::size_t>(std::min_element(xs.begin(), xs.end(), closer) -
                                            xs.begin());
        }
    };

    void cabin() {
        const Cabin cabin = cabin_rings();
        cabin_sides(cabin);
        cabin_roof(cabin);
    }

    Cabin cabin_rings() const {
        const std::vector<Vec2> top{
            {s_.back_base, deck(s_.back_base) - 0.02},
            {s_.roof_rear, s_.roof - 0.045},
            {s_.roof_rear + 0.25 * (s_.roof_front - s_.roof_rear), s_.roof - 0.01},
            {s_.roof_rear + 0.65 * (s_.roof_front - s_.roof_rear), s_.roof - 0.01},
            {s_.roof_front, s_.roof - 0.05},
            {s_.screen_base, deck(s_.screen_base) - 0.02}};
        Cabin cabin;
        std::vector<double>& xs = cabin.xs;
        for (const Vec2& p : top) xs.push_back(p.x);
        if (detail_ < 2) {
            for (const double p : s_.pillars) xs.insert(xs.end(), {p - kPost_m, p + kPost_m});
        }
        for (const double p : {s_.glass_from, s_.glass_to}) {
            if (p > s_.back_base && p < s_.screen_base) xs.push_back(p);
        }
        std::sort(xs.begin(), xs.end());
        for (const double x : xs) {
            const double low = std::min(deck(x) - 0.03, between(top, x)), high = between(top, x);
            const double w0 = 0.905 * s_.half_width * std::min(1.0, between(width_, x) + 0.04);
            const double full = s_.roof - deck(x);
            const double w1 = w0 + (look_.roof_share * s_.half_width - w0) * (high - low) / full;
            const double band = std::min(look_.roof_band_m, 0.35 * (high - low));
            const double wb = w0 + (w1 - w0) * (1.0 - band / std::max(0.05, high - low));
            std::vector<Vec2> left{{w0, low},
                                   {0.5 * (w0 + wb) + 0.012, 0.5 * (low + high - band)},
                                   {wb, high - band},
                                   {w1 - 0.05, high - 0.25 * band + 0.01},
                                   {0.45 * w1, high + 0.012}};
            cabin.rings.push_back(ring(x, left));
        }
        return cabin;
    }

    // Behind the panes: seats and doors below, towards the roof the light of the far windows.
    auto interior() const {
        return [this](const Vec3& p, const Vec3&) {
            const double u = (p.z - look_.belt_m) / std::max(0.2, s_.roof - look_.belt_m);
            const auto f = static_cast<float>(0.25 + 1.1 * std::clamp(u, 0.0, 1.0));
            return Colour{f, f, f};
        };
    }

    // Windows and the posts between them.
    void cabin_sides(const Cabin& cabin) {
        const auto& [xs, rings] = cabin;
        const std::size_t n = rings[0].size();
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
                builder_.shade(interior());
            } else {
                use_paint(look_, builder_);
            }
            patch(rings, i, i + 1, 0, 2);
            patch(rings, i, i + 1, n - 3, n - 1);
        }
    }

    // Roof edges and roof over the whole length; front and rear screens.
    void cabin_roof(const Cabin& cabin) {
        const auto& rings = cabin.rings;
        const std::size_t n = rings[0].size(), last = rings.size() - 1;
        const std::size_t rear = cabin.nearest(s_.roof_rear), front = cabin.nearest(s_.roof_front);
        use_paint(look_, builder_);
        patch(rings, 0, last, 2, 3);
        patch(rings, 0, last, n - 4, n - 3);
        patch(rings, rear, front, 3, n - 4);
        // A panel van, whose side windows end far from its rear, has none there either.
        const bool panel = s_.glass_from > s_.roof_rear + 1.0;
        if (panel) patch(rings, 0, rear, 3, n - 4);
        builder_.use(Material::kGlass, kGlassTint);
        builder_.shade(interior());
        if (!panel) patch(rings, 0, rear, 3, n - 4);
        patch(rings, front, last, 3, n - 4);
        builder_.shade({});
    }

    // Dark floor, and liners that close the wheel arches to the inside.
    void wells() {
        builder_.use(Material::kPlastic, {0.012F, 0.012F, 0.013F});
        const double x0 = s_.rear + 0.06, x1 = s_.front - 0.06;
        const double top = std::min(look_.sill_m + 0.45, look_.belt_m - 0.12);
        builder_.box({0.5 * (x0 + x1), 0, 0.5 * (look_.sill_m + top)},
                     {0.5 * (x1 - x0), s_.inside, 0.5 * (top - look_.sill_m)}, 0, true);
        const double w = 0.93 * s_.half_width;
        for (const Arch& arch : s_.arches) {
            for (const double side : {1.0, -1.0}) {
                std::vector<std::vector<Vec3>> rings(2);
                const int steps = detail_ == 0 ? 10 : detail_ == 1 ? 5 : 3;
                for (int i = 0; i <= steps; ++i) {
                    const double a = math::kPi * i / steps;
                    const double x = arch.x - arch.radius * std::cos(a);
                    const double z = arch.wheel + arch.radius * std::sin(a);
                    rings[0].push_back({x, side * arch.inside, z});
                    rings[1].push_back({x, side * w, z});
                }
                if (side > 0) std::swap(rings[0], rings[1]);  // seen from the wheel
                builder_.loft(rings, false);
            }
        }
    }

    const Shape& s_;
    const BodyModel& look_;
    int detail_;
    MeshBuilder& builder_;
    std::vector<Vec2> deck_, width_;  // height, and share of the half width, over x
};

// Lamps, plates, grille, mirrors: boxes that stand a little out of the ends.
class TrimBuilder {
  public:
    TrimBuilder(const Shape& shape, int detail, MeshBuilder& builder)
        : s_(shape), look_(shape.look), detail_(detail), builder_(builder) {}

    void build() {
        if (detail_ < 2) {
            head_lamps();
            tail_glass();
        } else {
            lamps(Lamp::kHead, s_.front, 0.62 * w_, look_.lamp_m, 0.15 * w_, 0.055 * big_);
        }
        lamps(Lamp::kTail, s_.tail_end, 0.74 * w_, look_.tail_lamp_m, 0.11 * w_, 0.06 * big_);
        lamps(Lamp::kBrake, s_.tail_end, 0.56 * w_, look_.tail_lamp_m, 0.07 * w_, 0.06 * big_);
        turn_lamps();
        mirrors();
        if (detail_ < 2) grille_and_plates();
        if (detail_ == 0 && look_.door_handles) door_handles();
    }

  private:
    // Unlit lamps show the colour of their glass.
    static constexpr Colour kClear{1, 1, 1}, kRedGlass{1.0F, 0.10F, 0.08F},
        kAmberGlass{1.0F, 0.45F, 0.08F};

    // One on either side.
    void lamps(Lamp which, double x, double y, double z, double half_y, double half_z) {
        builder_.use(Material::kLamp, which == Lamp::kHead ? kClear : kRedGlass, Semantic::kNothing,
                     which);
        builder_.box({x, y, z}, {0.02, half_y, half_z}, 0, true);
        builder_.box({x, -y, z}, {0.02, half_y, half_z}, 0, true);
    }

    // Dark housings behind clear glass, in them two round lenses in rings of chrome.
    void head_lamps() {
        for (const double side : {1.0, -1.0}) {
            builder_.use(Material::kPlastic, {0.4F, 0.4F, 0.42F});
            builder_.box({s_.front - 0.004, side * 0.63 * w_, look_.lamp_m},
                         {0.02, 0.185 * w_, 0.072 * big_}, 0, true);
            for (const double y : {0.54, 0.71}) {
                const Vec3 from(s_.front + 0.012, side * y * w_, look_.lamp_m),
                    to = from + Vec3(0.012, 0, 0);
                builder_.use(Material::kRim, {0.8F, 0.8F, 0.82F});
                builder_.tube(from, to - Vec3(0.004, 0, 0), 0.062 * big_, 0.058 * big_, 10);
                builder_.use(Material::kLamp, kClear, Semantic::kNothing, Lamp::kHead);
                builder_.tube(from, to, 0.048 * big_, 0.042 * big_, 10);
            }
        }
    }

    // One dark red lens around the lamps at the rear.
    void tail_glass() {
        for (const double side : {1.0, -1.0}) {
            builder_.use(Material::kLamp, {0.55F, 0.035F, 0.03F}, Semantic::kNothing, Lamp::kTail);
            builder_.box({s_.tail_end + 0.006, side * 0.69 * w_, look_.tail_lamp_m},
                         {0.02, 0.20 * w_, 0.078 * big_}, 0, true);
        }
    }

    // Left and right are lit by their own bits.
    void turn_lamps() {
        for (const double side : {1.0, -1.0}) {
            builder_.use(Material::kLamp, kAmberGlass, Semantic::kNothing,
                         side > 0 ? Lamp::kTurnLeft : Lamp::kTurnRight);
            builder_.box({s_.front - 0.01, side * 0.81 * w_, look_.lamp_m},
                         {0.02, 0.035 * w_, 0.05 * big_}, 0, true);
            builder_.box({s_.tail_end, side * 0.74 * w_, look_.tail_lamp_m - 0.10 * big_},
                         {0.02, 0.11 * w_, 0.035 * big_}, 0, true);
        }
    }

    // On short arms.
    void mirrors() {
        const double x = std::min(s_.screen_base, s_.front - 0.35) - 0.18,
                     z = look_.belt_m + look_.mirror_above_belt_m;
        const double tall = look_.mirror_half_height_m;
        for (const double side : {1.0, -1.0}) {
            if (look_.painted_mirrors) {
                use_paint(look_, builder_);
            } else {
                builder_.use(Material::kPlastic, kTrim);
            }
            if (detail_ == 0) {
                builder_.ellipsoid({x, side * (w_ + 0.06), z}, {0.07, 0.11, tall}, 6, 8);
            } else {
                builder_.box({x, side * (w_ + 0.06), z}, {0.05, 0.09, 0.8 * tall}, 0, true);
            }
            builder_.use(Material::kPlastic, kTrim);
            builder_.box({x + 0.02, side * (w_ - 0.06), z - 0.03}, {0.03, 0.08, 0.02}, 0, true);
        }
    }

    void grille_and_plates() {
        const double f = s_.front, r = s_.tail_end;
        builder_.use(Material::kLamp, kClear, Semantic::kNothing, Lamp::kReverse);
        builder_.box({r, 0.42 * w_, look_.tail_lamp_m}, {0.018, 0.05 * w_, 0.045}, 0, true);
        builder_.use(Material::kPlastic, kTrim);
        builder_.box({f, 0, look_.lamp_m - 0.02}, {0.012, 0.42 * w_, 0.065}, 0, true);
        builder_.box({f, 0, look_.sill_m + 0.20}, {0.012, 0.6 * w_, 0.05}, 0, true);
        builder_.use(Material::kReflector, {0.9F, 0.9F, 0.9F});
        builder_.box({f, 0, look_.sill_m + 0.31}, {0.018, 0.26, 0.055}, 0, true);
        builder_.box({r, 0, look_.rear_plate_m.value_or(look_.tail_lamp_m - 0.12)},
                     {0.018, 0.26, 0.055}, 0, true);
    }

    void door_handles() {
        builder_.use(Material::kPlastic, kTrim);
        for (const double side : {1.0, -1.0}) {
            for (const double p : s_.pillars) {
                builder_.box({p + 0.16, side * 0.975 * w_, look_.belt_m - 0.13},
                             {0.08, 0.03, 0.013}, 0, true);
            }
        }
    }

    const Shape& s_;
    const BodyModel& look_;
    int detail_;
    MeshBuilder& builder_;
    const double w_ = s_.half_width, big_ = look_.lamp_scale;
};

// A truck's load space, frame and under-run guards.
void add_cargo(const Archetype& a, const Shape& cab, MeshBuilder& builder) {
    const double rear = -a.extent.rear_m, front = cab.rear - 0.12, w = 0.5 * a.extent.width_m;
    const double top = a.extent.height_m, floor = 1.05;
    use_paint(cab.look, builder);
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

}  // namespace

std::vector<const char*> vehicle_meshes() {
    return {kBodyMesh, kWheelMesh, kSolidsMesh, kInteriorMesh};
}

namespace {

// Parts of an imported model. Wheels turn where the axles of the vehicle have them.
class ImportedParts {
  public:
    ImportedParts(const models::BuiltModel& model, Archetype& archetype, StaticScene& scene)
        : model_(model), archetype_(archetype), scene_(scene), wheels_(model.wheel_meshes.size()) {}

    void add(const PartModel& part) {
        if (part.wheel) {
            const auto number = static_cast<std::size_t>(*part.wheel);
            const std::uint32_t mesh = model_.wheels[number].mesh;
            const engine::world::Wheel& own = archetype_.vehicle.wheels[number];
            archetype_.parts.push_back({.motion = Motion::kWheel,
                                        .mesh = once(wheels_[mesh], model_.wheel_meshes[mesh]),
                                        .p_BP = {own.p_B, own.radius_m},
                                        .wheel = static_cast<std::uint32_t>(number)});
        } else {
            const bool interior = part.mesh == kInteriorMesh;
            archetype_.parts.push_back({.motion = Motion::kFixed,
                                        .mesh = once(interior ? interior_ : body_,
                                                     interior ? model_.interior : model_.body)});
        }
    }

  private:
    // Parts with one mesh share it.
    std::uint32_t once(std::optional<std::uint32_t>& known, const engine::world::Mesh& mesh) {
        if (!known) known = add_mesh(scene_, mesh);
        return *known;
    }

    const models::BuiltModel& model_;
    Archetype& archetype_;
    StaticScene& scene_;
    std::optional<std::uint32_t> body_, interior_;
    std::vector<std::optional<std::uint32_t>> wheels_;
};

}  // namespace

void add_vehicle_parts(const VehicleModel& model, const models::BuiltModel* imported,
                       Archetype& archetype, StaticScene& scene) {
    PartBuilder builder(model.axles, archetype, scene);
    if (imported != nullptr) {
        ImportedParts parts(*imported, archetype, scene);
        for (const PartModel& part : model.parts) {
            if (part.mesh == kSolidsMesh) {
                builder.add_solids(part);
            } else {
                parts.add(part);
            }
        }
        return;
    }
    std::optional<std::uint32_t> body;  // parts with one body share it
    const auto body_mesh = [&](const PartModel& part) {
        const Shape shape = shape_of(model, archetype);
        std::vector<MeshLod> lods;
        for (int detail = 0; detail < 3; ++detail) {
            MeshBuilder level;
            BodyBuilder(shape, detail, level).build();
            TrimBuilder(shape, detail, level).build();
            if (model.body->load_space) add_cargo(archetype, shape, level);
            add_solids(part.solids, kSides[static_cast<std::size_t>(detail)], level);
            lods.push_back(level.finish());
        }
        return make_mesh((archetype.name + " body").c_str(), std::move(lods));
    };
    for (const PartModel& part : model.parts) {
        if (part.wheel) {
            builder.add_wheel(static_cast<std::size_t>(*part.wheel));
        } else if (part.mesh == kSolidsMesh) {
            builder.add_solids(part);
        } else {
            if (!body) body = add_mesh(scene, body_mesh(part));
            archetype.parts.push_back({.motion = Motion::kFixed, .mesh = *body});
        }
    }
}

}  // namespace huntsman::scenarios::catalogue
