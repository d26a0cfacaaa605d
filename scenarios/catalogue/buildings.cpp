#include "scenarios/catalogue/buildings.h"

#include <algorithm>
#include <array>

#include "engine/core/random.h"
#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {

using engine::core::Key;
using engine::world::MeshLod;

namespace {

constexpr double kStorey_m = 3.0, kGround_m = 3.9;  // ground floors with shops are higher
constexpr double kPlinth_m = 0.35;
constexpr double kParapet_m = 0.7;

bool pitched(HouseKind kind) {
    return kind == HouseKind::kBrick || kind == HouseKind::kVilla || kind == HouseKind::kTerraced;
}
double roof_rise_m(const House& house) {
    return pitched(house.kind) ? 0.42 * 0.5 * (house.depth_m + 0.8) * 1.5 : kParapet_m;
}
double ground_m(const House& house) { return house.shop ? kGround_m : kStorey_m + kPlinth_m; }

// Colour of the walls and what their windows are like.
struct Walls {
    Material facade = Material::kFacade;
    Colour colour;
};
Walls walls_of(const House& house, const Key& key) {
    // White and cream first, as in most towns; strong colours are rare.
    constexpr std::array<Colour, 12> kPlasters{{{0.92F, 0.90F, 0.86F},
                                                {0.86F, 0.80F, 0.68F},
                                                {0.88F, 0.86F, 0.83F},
                                                {0.80F, 0.70F, 0.50F},
                                                {0.78F, 0.77F, 0.74F},
                                                {0.74F, 0.55F, 0.42F},
                                                {0.66F, 0.70F, 0.62F},
                                                {0.84F, 0.74F, 0.64F},
                                                {0.58F, 0.60F, 0.62F},
                                                {0.72F, 0.66F, 0.54F},
                                                {0.62F, 0.44F, 0.34F},
                                                {0.60F, 0.66F, 0.72F}}};
    constexpr std::array<Colour, 6> kBricks{{{0.82F, 0.46F, 0.34F},
                                             {0.70F, 0.40F, 0.33F},
                                             {0.92F, 0.72F, 0.52F},
                                             {0.56F, 0.42F, 0.38F},
                                             {0.90F, 0.55F, 0.40F},
                                             {0.66F, 0.58F, 0.52F}}};
    constexpr std::array<Colour, 5> kModerns{{{0.95F, 0.95F, 0.94F},
                                              {0.62F, 0.63F, 0.64F},
                                              {0.85F, 0.76F, 0.63F},
                                              {0.68F, 0.74F, 0.78F},
                                              {0.45F, 0.46F, 0.48F}}};
    const auto of = [&](Material facade, const auto& palette) {
        Colour colour = palette[key.index(palette.size(), 1)];
        // No two houses got the same paint, nor the same sun since.
        const auto fade = static_cast<float>(key.uniform(0.88, 1.08, 11));
        const auto warm = static_cast<float>(key.uniform(-0.03, 0.03, 12));
        colour = {colour.r * (fade + warm), colour.g * fade, colour.b * (fade - warm)};
        return Walls{facade, colour};
    };
    const double draw = key.uniform(10);
    switch (house.kind) {
        case HouseKind::kBrick:
            return of(Material::kFacadeBrick, kBricks);
        case HouseKind::kTerraced:
            return draw < 0.6 ? of(Material::kFacadeBrick, kBricks)
                              : of(Material::kFacade, kPlasters);
        case HouseKind::kModern:
            return draw < 0.5 ? of(Material::kFacadeModern, kModerns)
                              : of(Material::kFacadePanel, kModerns);
        case HouseKind::kVilla:
            return draw < 0.45   ? of(Material::kFacadeShutter, kPlasters)
                   : draw < 0.75 ? of(Material::kFacade, kPlasters)
                                 : of(Material::kFacadeBrick, kBricks);
        default:
            return draw < 0.45   ? of(Material::kFacadeStucco, kPlasters)
                   : draw < 0.75 ? of(Material::kFacade, kPlasters)
                   : draw < 0.9  ? of(Material::kFacadeBrick, kBricks)
                                 : of(Material::kFacadePanel, kModerns);
    }
}

// One side of the house: from a to b (left to right as seen from outside) between two heights.
void wall(MeshBuilder& builder, const Vec2& a, const Vec2& b, double z0, double z1, double bays,
          double v0, double v1) {
    builder.quad(Vec3(a, z0), Vec3(b, z0), Vec3(b, z1), Vec3(a, z1), {0, v0}, {bays, v1});
}

double bays_of(double length_m) { return std::max(1.0, std::round(length_m / 2.9)); }

class HouseBuilder {
  public:
    explicit HouseBuilder(const House& house)
        : house_(house),
          key_(Key(house.variant).with("house")),
          w_(0.5 * house.width_m),
          d_(house.depth_m),
          ground_(ground_m(house)),
          eaves_(eaves_m(house)),
          walls_(walls_of(house, key_)) {}
    MeshLod level(bool fine);

  private:
    void walls(bool fine);
    void top_of_wall(const Vec2& a, const Vec2& b, double bays);
    void gable_roof(bool fine);
    void flat_roof(bool fine);
    void cornice();
    void door();
    void balconies();
    Material plain() const {
        return walls_.facade == Material::kFacadeBrick ? Material::kBrick : Material::kPlaster;
    }

    const House& house_;
    const Key key_;
    const double w_, d_;  // half the width, the depth
    const double ground_, eaves_;
    const Walls walls_;
    MeshBuilder builder_;
};

MeshLod HouseBuilder::level(bool fine) {
    walls(fine);
    if (pitched(house_.kind)) {
        gable_roof(fine);
    } else {
        flat_roof(fine);
    }
    if (!fine) return builder_.finish();
    if (house_.kind == HouseKind::kBlock || house_.kind == HouseKind::kBrick) cornice();
    if (!house_.shop) door();
    if (house_.kind == HouseKind::kModern ||
        (house_.kind == HouseKind::kBlock && key_.uniform(7) < 0.4)) {
        balconies();
    }
    return builder_.finish();
}

// Walls, side by side: plinth, ground floor, upper floors with windows.
void HouseBuilder::walls(bool fine) {
    const Vec2 corners[] = {{-w_, 0}, {w_, 0}, {w_, d_}, {-w_, d_}};
    for (std::size_t i = 0; i < 4; ++i) {
        const Vec2 a = corners[i], b = corners[(i + 1) % 4];
        const double length = glm::length(b - a), bays = bays_of(length);
        const bool shop_side = house_.shop && i == 0;
        if (shop_side) {
            builder_.use(Material::kShop, {0.8F, 0.8F, 0.8F});
            wall(builder_, a, b, -0.3, ground_, std::max(1.0, std::round(length / 4.5)),
                 -0.3 / ground_, 1.0);
        } else {
            builder_.use(Material::kConcrete, {0.6F, 0.6F, 0.6F});
            wall(builder_, a, b, -0.3, kPlinth_m, length, 0, kPlinth_m + 0.3);
            builder_.use(walls_.facade, walls_.colour);
            wall(builder_, a, b, kPlinth_m, ground_, bays, 0, 1);
        }
        builder_.use(walls_.facade, walls_.colour);
        if (fine && house_.storeys > 1) {
            top_of_wall(a, b, bays);
        } else {
            wall(builder_, a, b, ground_, eaves_, bays, 1, house_.storeys);
        }
    }
}

// The upper floors' wall, whose uppermost strip lies in the shade of eaves or cornice.
void HouseBuilder::top_of_wall(const Vec2& a, const Vec2& b, double bays) {
    constexpr double kStrip_m = 0.7;
    constexpr float kDarkest = 0.62F;
    const double from = eaves_ - kStrip_m, v = house_.storeys - kStrip_m / kStorey_m;
    wall(builder_, a, b, ground_, from, bays, 1, v);
    builder_.shade([from, this](const Vec3& p, const Vec3&) {
        return p.z > from + 0.5 * (eaves_ - from) ? Colour{kDarkest, kDarkest, kDarkest} : Colour{};
    });
    wall(builder_, a, b, from, eaves_, bays, v, house_.storeys);
    builder_.shade({});
}

// Gable roof along x with eaves that stand out; its underside is seen from the street.
void HouseBuilder::gable_roof(bool fine) {
    const double rise = roof_rise_m(house_), out = 0.4, ridge_y = 0.5 * d_;
    const double slope = rise / ridge_y, low = eaves_ - slope * out, top = eaves_ + rise;
    const double x = w_ + 0.25;
    builder_.use(plain(), walls_.colour);
    const Vec3 right[] = {{w_, 0, eaves_}, {w_, d_, eaves_}, {w_, ridge_y, top}};
    const Vec3 left[] = {{-w_, d_, eaves_}, {-w_, 0, eaves_}, {-w_, ridge_y, top}};
    builder_.face(right);
    builder_.face(left);
    const bool dark = key_.uniform(2) < 0.45;
    const auto age = static_cast<float>(key_.uniform(0.75, 1.1, 13));
    builder_.use(Material::kRoof, dark ? Colour{0.20F * age, 0.20F * age, 0.215F * age}
                                       : Colour{0.50F * age, 0.215F * age, 0.14F * age});
    constexpr double kThick = 0.14;
    for (const double side : {0.0, 1.0}) {
        // Front slope, then back slope, each with upper and lower face and its edge.
        const double y_low = side == 0.0 ? -out : d_ + out;
        const Vec3 a(side == 0.0 ? -x : x, y_low, low + kThick),
            b(side == 0.0 ? x : -x, y_low, low + kThick), c(b.x, ridge_y, top + kThick),
            e(a.x, ridge_y, top + kThick);
        const Vec3 down(0, 0, -kThick);
        const Vec3 upper[] = {a, b, c, e};
        const Vec3 lower[] = {b + down, a + down, e + down, c + down};
        const Vec3 edge[] = {a + down, b + down, b, a};
        const Vec3 end_b[] = {b + down, c + down, c, b};
        const Vec3 end_a[] = {e + down, a + down, a, e};
        builder_.face(upper);
        builder_.face(lower);
        builder_.face(edge);
        builder_.face(end_b);
        builder_.face(end_a);
    }
    if (fine) {
        builder_.use(Material::kBrick, {0.42F, 0.22F, 0.17F});
        const double cx = key_.uniform(-0.6, 0.6, 3) * w_;
        builder_.box({cx, 0.62 * d_, top - 0.1}, {0.35, 0.3, 0.9});
    }
}

// Flat roof behind a parapet.
void HouseBuilder::flat_roof(bool fine) {
    builder_.use(Material::kAsphalt, {1.0F, 1.0F, 1.0F});
    const Vec3 roof[] = {{-w_, 0, eaves_ + 0.05},
                         {w_, 0, eaves_ + 0.05},
                         {w_, d_, eaves_ + 0.05},
                         {-w_, d_, eaves_ + 0.05}};
    builder_.face(roof);
    builder_.use(plain(), walls_.colour);
    constexpr double kThick = 0.15;
    const double z = eaves_ + 0.5 * kParapet_m, hz = 0.5 * kParapet_m;
    builder_.box({0, kThick, z}, {w_, kThick, hz});
    builder_.box({0, d_ - kThick, z}, {w_, kThick, hz});
    builder_.box({w_ - kThick, 0.5 * d_, z}, {kThick, 0.5 * d_ - 2 * kThick, hz});
    builder_.box({-w_ + kThick, 0.5 * d_, z}, {kThick, 0.5 * d_ - 2 * kThick, hz});
    if (fine && key_.uniform(4) < 0.6) {
        // A lift or stair head.
        builder_.use(Material::kPlaster, {0.6F, 0.6F, 0.6F});
        builder_.box({key_.uniform(-0.4, 0.4, 5) * w_, 0.55 * d_, eaves_ + 1.2}, {1.6, 1.5, 1.2});
    }
}

// Cornice and string course.
void HouseBuilder::cornice() {
    builder_.use(Material::kPlaster, {0.8F, 0.78F, 0.74F});
    builder_.box({0, -0.12, eaves_ - 0.15}, {w_ + 0.1, 0.14, 0.15}, 0, true);
    builder_.box({0, -0.04, ground_}, {w_ + 0.03, 0.06, 0.1}, 0, true);
}

// Door with a step; shops have theirs in the front's texture.
void HouseBuilder::door() {
    const double bays = bays_of(house_.width_m);
    const double bay = house_.width_m / bays;
    const double x = -w_ + bay * (std::floor(0.5 * bays) + 0.5);
    builder_.use(Material::kWood,
                 {0.30F + 0.3F * static_cast<float>(key_.uniform(6)), 0.22F, 0.16F});
    builder_.box({x, -0.02, 1.25}, {0.55, 0.06, 1.1});
    builder_.use(Material::kPlaster, {0.82F, 0.80F, 0.76F});
    builder_.box({x - 0.62, -0.03, 1.3}, {0.07, 0.09, 1.2});
    builder_.box({x + 0.62, -0.03, 1.3}, {0.07, 0.09, 1.2});
    builder_.box({x, -0.03, 2.45}, {0.69, 0.09, 0.09}, 0, true);
    builder_.use(Material::kConcrete, {0.6F, 0.6F, 0.6F});
    builder_.box({x, -0.25, 0.02}, {0.8, 0.25, 0.13});
}

// Balconies over each other, on some of the bays.
void HouseBuilder::balconies() {
    const int bays = static_cast<int>(bays_of(house_.width_m));
    const double bay = house_.width_m / bays;
    for (int b = 0; b < bays; ++b) {
        if (b % 3 != static_cast<int>(key_.index(2, 8))) continue;
        const double x = -w_ + bay * (b + 0.5);
        for (int s = 1; s < house_.storeys; ++s) {
            const double z = ground_ + (s - 1) * kStorey_m + 0.05;
            builder_.use(Material::kConcrete, {0.68F, 0.68F, 0.67F});
            builder_.box({x, -0.55, z}, {0.5 * bay - 0.2, 0.55, 0.08}, 0, true);
            builder_.use(Material::kMetal, {0.2F, 0.21F, 0.22F});
            builder_.box({x, -1.08, z + 0.57}, {0.5 * bay - 0.2, 0.02, 0.5}, 0, true);
            builder_.box({x - 0.5 * bay + 0.22, -0.54, z + 0.57}, {0.02, 0.52, 0.5}, 0, true);
            builder_.box({x + 0.5 * bay - 0.22, -0.54, z + 0.57}, {0.02, 0.52, 0.5}, 0, true);
        }
    }
}

}  // namespace

double eaves_m(const House& house) { return ground_m(house) + (house.storeys - 1) * kStorey_m; }
double height_m(const House& house) { return eaves_m(house) + roof_rise_m(house); }

engine::world::Mesh house_mesh(const House& house) {
    return make_mesh("house", {HouseBuilder(house).level(true), HouseBuilder(house).level(false)});
}

}  // namespace huntsman::scenarios::catalogue
