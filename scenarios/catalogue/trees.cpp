#include <algorithm>

#include "engine/core/random.h"
#include "scenarios/catalogue/furniture.h"
#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::MeshLod;

namespace {

struct Shape {
    double height_m, crown_from_m, crown_radius_m, trunk_m;
    int blobs;
    Colour leaves;
};
constexpr Shape kShapes[kTreeKinds] = {
    {9.0, 2.6, 2.5, 0.17, 7, {0.85F, 1.0F, 0.75F}},    // broad, like a lime
    {11.5, 2.3, 1.7, 0.19, 6, {0.72F, 0.92F, 0.70F}},  // tall, like a hornbeam
    {5.2, 2.0, 1.5, 0.10, 4, {1.0F, 1.0F, 0.70F}},     // small, like a cherry
};

constexpr int kTreeLevels = 4;
constexpr int kRings[] = {8, 6, 4}, kAround[] = {12, 8, 6};  // of a blob
constexpr int kSprays[] = {150, 60, 0};                      // on a blob

// A blob's radius over the direction from its middle.
auto bumps(double phase) {
    return [phase](const Vec3& d) {
        return 1.0 + 0.09 * std::sin(5.0 * d.x + 3.0 * d.z + phase) +
               0.08 * std::sin(6.0 * d.y - 5.0 * d.z + 1.7 * phase) +
               0.05 * std::sin(9.0 * d.z + 8.0 * d.x + phase);
    };
}

// Little light reaches the inside and the underside; leaves at the top are young and light.
struct CrownLight {
    Vec3 middle, extent;

    Colour operator()(const Vec3& p, const Vec3& n) const {
        const Vec3 q = (p - middle) / extent;
        const double out = std::clamp(glm::length(q), 0.0, 1.15);
        const double up = std::clamp(0.5 + 0.35 * q.z + 0.25 * n.z, 0.0, 1.0);
        const auto f = static_cast<float>((0.30 + 0.52 * out * out) * (0.62 + 0.55 * up));
        const auto young = static_cast<float>(0.14 * up);
        return {f * (1 + young), f, f * (1 - young)};
    }
};

// A tree at one level of detail; the last has one blob and no branches.
class TreeLevel {
  public:
    TreeLevel(const Shape& shape, const engine::core::Key& key, int level)
        : shape_(shape), key_(key), level_(level) {}

    MeshLod build() {
        add_wood();
        builder_.use(Material::kLeaves, shape_.leaves);
        builder_.shade(light_);
        if (level_ == kTreeLevels - 1) {
            builder_.blob(middle_, {shape_.crown_radius_m, shape_.crown_radius_m, 0.52 * crown_m_},
                          5, 7, bumps(key_.uniform(0, 6, 50)));
        } else {
            for (std::size_t i = 0; i < centres_.size(); ++i) add_blob(i);
        }
        return builder_.finish();
    }

  private:
    // Trunk with a slight lean, and a branch to the middle of every blob of the crown.
    void add_wood() {
        builder_.use(Material::kBark);
        const int sides = level_ == 0 ? 8 : level_ == 1 ? 5 : 3;
        const double trunk = shape_.trunk_m;
        const Vec3 fork(key_.uniform(-0.12, 0.12, 1), key_.uniform(-0.12, 0.12, 2),
                        shape_.crown_from_m + 0.12 * crown_m_);
        builder_.tube({0, 0, -0.1}, fork, 1.25 * trunk, 0.8 * trunk, sides, false);
        builder_.tube(fork, fork + Vec3(0, 0, 0.5 * crown_m_), 0.8 * trunk, 0.2 * trunk, sides,
                      false);
        for (int i = 0; i < shape_.blobs; ++i) {
            // Blobs wind up around the axis and shrink towards the top.
            const double share = (i + 0.5) / shape_.blobs;
            const double turn = 2.4 * i + key_.uniform(0, 1.2, static_cast<std::uint64_t>(10 + i));
            const double out = shape_.crown_radius_m * (0.62 - 0.45 * share);
            centres_.push_back(Vec3(std::cos(turn) * out, std::sin(turn) * out,
                                    shape_.crown_from_m + crown_m_ * (0.2 + 0.62 * share)));
            if (level_ < kTreeLevels - 1) {
                builder_.tube(fork, centres_.back(), 0.4 * trunk, 0.12 * trunk, level_ == 0 ? 4 : 3,
                              false);
            }
        }
    }

    // A bumpy blob of the crown with sprays that stand out of it.
    void add_blob(std::size_t i) {
        const double share = static_cast<double>(i) / static_cast<double>(centres_.size());
        const double r = shape_.crown_radius_m * (0.62 - 0.14 * share);
        const Vec3 radii(r, r, std::max(0.8 * r, 0.24 * crown_m_));
        builder_.shade(light_);
        builder_.blob(centres_[i], radii, kRings[level_], kAround[level_],
                      bumps(key_.uniform(0, 6, 60 + i)));
        for (int k = 0; k < kSprays[level_]; ++k) {
            add_spray(key_.with(100 + i).with(static_cast<std::uint64_t>(k)), centres_[i], radii);
        }
    }

    void add_spray(const engine::core::Key& draw, const Vec3& centre, const Vec3& radii) {
        const double z = draw.uniform(-0.75, 1.0, 0), turn = draw.uniform(0, 2 * math::kPi, 1);
        const Vec3 d(std::sqrt(1 - z * z) * math::direction(turn), z);
        const Vec3 root = centre + d * radii * draw.uniform(0.86, 1.05, 2);
        // It lies about along the surface, hangs a little and points outwards.
        const Vec3 aside = glm::normalize(
            glm::cross(d, Vec3(draw.uniform(-1, 1, 3), draw.uniform(-1, 1, 4), 1.2)));
        const Vec3 along = glm::normalize(glm::cross(aside, d) * draw.uniform(-0.9, 0.9, 5) +
                                          0.75 * d - Vec3(0, 0, 0.25));
        const double size = draw.uniform(0.28, 0.52, 6) * (level_ == 0 ? 1.0 : 1.5);
        const auto tone = static_cast<float>(draw.uniform(0.75, 1.35, 7));
        const auto hue = static_cast<float>(draw.uniform(0.88, 1.16, 8));
        builder_.shade([light_at = light_, tone, hue](const Vec3& p, const Vec3& n) {
            const Colour c = light_at(p, n);
            return Colour{c.r * tone * hue, c.g * tone, c.b * tone};
        });
        const Vec2 uv(draw.uniform(0, 3, 9), draw.uniform(0, 3, 10));
        const auto a = builder_.vertex(root - 0.5 * size * aside, d, uv);
        builder_.vertex(root + 0.5 * size * aside, d, uv + Vec2(size, 0));
        builder_.vertex(root + 0.3 * size * aside + size * along, d, uv + Vec2(0.8 * size, size));
        builder_.vertex(root - 0.2 * size * aside + 0.8 * size * along, d,
                        uv + Vec2(0.3 * size, 0.8 * size));
        builder_.triangle(a, a + 1, a + 2);
        builder_.triangle(a, a + 2, a + 3);
    }

    const Shape& shape_;
    const engine::core::Key& key_;
    int level_;
    const double crown_m_ = shape_.height_m - shape_.crown_from_m;   // its height
    const Vec3 middle_{0, 0, shape_.crown_from_m + 0.5 * crown_m_};  // of the crown
    const CrownLight light_{middle_,
                            {shape_.crown_radius_m, shape_.crown_radius_m, 0.5 * crown_m_}};
    std::vector<Vec3> centres_;  // of its blobs
    MeshBuilder builder_;
};

}  // namespace

double trunk_radius_m(int kind) { return kShapes[kind].trunk_m; }
double tree_height_m(int kind) { return kShapes[kind].height_m; }

Mesh tree(int kind, std::uint64_t variant) {
    const auto key = engine::core::Key(variant).with("tree").with(static_cast<std::uint64_t>(kind));
    std::vector<MeshLod> lods;
    lods.reserve(kTreeLevels);
    for (int level = 0; level < kTreeLevels; ++level) {
        lods.push_back(TreeLevel(kShapes[kind], key, level).build());
    }
    return make_mesh("tree", std::move(lods));
}

}  // namespace huntsman::scenarios::catalogue
