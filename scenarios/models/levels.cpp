#include "scenarios/models/levels.h"

#include <meshoptimizer.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "scenarios/models/shell.h"
#include "scenarios/models/sight.h"

namespace huntsman::scenarios::models {

using engine::world::Lamp;
using engine::world::Material;
using engine::world::Mesh;
using engine::world::MeshLod;
using engine::world::Submesh;
using engine::world::Vertex;

namespace {

constexpr double kDarkest = 0.35;  // what is left of a colour where no light gets to

// How a level meets its budget: the first way that does is taken, the last in any case.
struct Thinning {
    double stands_out_m;  // pieces that stand out of larger ones by less are left out
    double moves_m;       // what a surface may move by
    double over;          // of the budget, which still meets it
};
constexpr std::array<std::array<Thinning, 5>, 4> kWays = {{
    {{{-1, 0.006, 1.05},
      {0.003, 0.008, 1.1},
      {0.008, 0.012, 1.2},
      {0.02, 0.016, 1.3},
      {0.02, 0.03, 1.5}}},
    {{{0.008, 0.03, 1.1},
      {0.016, 0.03, 1.1},
      {0.03, 0.03, 1.2},
      {0.06, 0.04, 1.3},
      {0.06, 0.08, 2}}},
    {{{0.03, 0.08, 1.1}, {0.06, 0.08, 1.1}, {0.12, 0.1, 1.1}, {0.24, 0.12, 1.1}, {0.24, 10, 1.1}}},
    {{{0.12, 0.3, 1.1}, {0.24, 0.3, 1.1}, {0.24, 0.4, 1.1}, {0.5, 0.5, 1.1}, {0.5, 10, 1.1}}},
}};
constexpr Rgb kShade{0.02F, 0.02F, 0.02F};  // of far sides in the dark

constexpr Rgb kRim{0.018F, 0.018F, 0.02F};  // of lamps' housings

// Corners that thinning keeps apart: a place of one look.
struct Look {
    Kind kind = Kind::kPlastic;
    bool left = false;
    std::array<int, 3> colour{};  // in steps of a 255th
    std::uint32_t picture = 0;    // see Face
    std::array<int, 2> uv{};      // where it shows a picture, in steps of kUvStep
    friend auto operator<=>(const Look&, const Look&) = default;
};

struct Corner {
    std::uint32_t point = 0;
    Look look;
    friend auto operator<=>(const Corner&, const Corner&) = default;
};

constexpr float kUvStep = 1.0F / 16384;

Look look_of(const Surface& surface, const Face& face, std::size_t k) {
    Look look{.kind = face.kind};
    if (is_lamp(face.kind)) {
        // A piece about the middle is divided there.
        constexpr double kMiddle_m = 0.05;
        const Piece& piece = surface.pieces[face.piece];
        const bool both = piece.low.y < -kMiddle_m && piece.high.y > kMiddle_m;
        look.left = both ? surface.middle(face).y > 0 : piece.low.y > -kMiddle_m;
    }
    look.picture = face.picture;
    if (face.picture != 0) {
        constexpr float kMost = 8192;
        for (std::size_t c = 0; c < 2; ++c) {
            const float uv = std::clamp(face.uv[k][c], -kMost, kMost);
            look.uv[c] = static_cast<int>(std::lround(uv / kUvStep));
        }
        look.colour.fill(255);
        return look;
    }
    for (std::size_t c = 0; c < 3; ++c) {
        look.colour[c] = static_cast<int>(std::lround(255 * std::sqrt(face.colour[k][c])));
    }
    return look;
}

Rgb colour_of(const Look& look) {
    Rgb colour;
    for (std::size_t c = 0; c < 3; ++c) {
        const float root = static_cast<float>(look.colour[c]) / 255.0F;
        colour[c] = root * root;
    }
    return colour;
}

// The texture of a triangle, if it shows one: see Face, and a place in it for each corner.
struct Wear {
    std::uint32_t picture = 0;
    std::array<std::array<float, 2>, 3> uv{};
};

// Triangles by finish, then one mesh of them.
class LodBuilder {
  public:
    explicit LodBuilder(const Vec3& origin, const Tree* around)
        : origin_(origin), around_(around) {}

    void add(const std::array<Vec3, 3>& p, std::array<Vec3, 3> n, Kind kind, bool left,
             const std::array<Rgb, 3>& colours, const Wear& wear = {}) {
        const Vec3 cross = glm::cross(p[1] - p[0], p[2] - p[0]);
        // Neither without an area nor thinner than positions are precise.
        constexpr double kThin_m = 5e-6;
        const double longest = std::max(
            {glm::length(p[1] - p[0]), glm::length(p[2] - p[1]), glm::length(p[0] - p[2])});
        if (glm::length(cross) < std::max(2e-8, kThin_m * longest)) return;
        // Normals of a surface that bends away more than its faces show.
        if (glm::dot(n[0] + n[1] + n[2], cross) < 0.1 * glm::length(cross)) {
            n.fill(glm::normalize(cross));
        }
        const Finish finish =
            wear.picture != 0 ? Finish{.material = Material::kPicture} : finish_of(kind, left);
        auto& bucket = buckets_[{finish.material, finish.lamp, wear.picture}];
        for (std::size_t k = 0; k < 3; ++k) {
            const auto* uv = wear.picture != 0 ? &wear.uv[k] : nullptr;
            bucket.indices.push_back(vertex(bucket, p[k], n[k], finish, colours[k], uv));
        }
    }
    MeshLod finish() const {
        MeshLod lod;
        for (const auto& [key, bucket] : buckets_) {
            const auto base = static_cast<std::uint32_t>(lod.vertices.size());
            lod.submeshes.push_back(
                {.material = std::get<Material>(key),
                 .lamp = std::get<Lamp>(key),
                 .first_index = static_cast<std::uint32_t>(lod.indices.size()),
                 .index_count = static_cast<std::uint32_t>(bucket.indices.size()),
                 .picture = std::max(std::get<std::uint32_t>(key), 1U) - 1});
            lod.vertices.insert(lod.vertices.end(), bucket.vertices.begin(), bucket.vertices.end());
            for (const std::uint32_t index : bucket.indices) lod.indices.push_back(base + index);
        }
        return lod;
    }

  private:
    struct Bucket {
        std::vector<Vertex> vertices;
        std::vector<std::uint32_t> indices;
        std::map<std::array<int, 11>, std::uint32_t> known;
    };

    std::uint32_t vertex(Bucket& bucket, const Vec3& at, const Vec3& n, const Finish& finish,
                         const Rgb& colour, const std::array<float, 2>* own_uv) {
        std::array<int, 11> key{};
        const Vec3 p = at - origin_;
        for (std::size_t k = 0; k < 3; ++k) {
            const int axis = static_cast<int>(k);
            key[k] = static_cast<int>(std::lround(p[axis] / kWeld_m));
            key[3 + k] = static_cast<int>(std::lround(100 * n[axis]));
            key[6 + k] = static_cast<int>(std::lround(255 * std::sqrt(colour[k])));
        }
        for (std::size_t k = 0; own_uv != nullptr && k < 2; ++k) {
            key[9 + k] = static_cast<int>(std::lround((*own_uv)[k] / kUvStep));
        }
        const auto [found, is_new] =
            bucket.known.try_emplace(key, static_cast<std::uint32_t>(bucket.vertices.size()));
        if (!is_new) return found->second;
        const Vec3 a = glm::abs(n);
        const Vec2 uv = a.x > a.y && a.x > a.z ? Vec2(p.y, p.z)
                        : a.y > a.z            ? Vec2(p.x, p.z)
                                               : Vec2(p.x, p.y);
        double light = 1;
        if (around_ != nullptr && finish.material != Material::kLamp &&
            finish.material != Material::kWindow && finish.material != Material::kPlate) {
            // A side over the ground sees half of the sphere.
            const double open = openness(*around_, at, n, bucket.vertices.size());
            light = std::min(1.0, kDarkest + (1 - kDarkest) * open / 0.45);
        }
        Vertex v;
        for (int k = 0; k < 3; ++k) {
            v.p[k] = static_cast<float>(p[k]);
            v.n[k] = static_cast<float>(n[k]);
            const double albedo = std::clamp<double>(colour[static_cast<std::size_t>(k)], 0.003, 1);
            v.colour[k] = static_cast<float>(light * albedo / finish.base);
        }
        v.uv[0] = own_uv != nullptr ? (*own_uv)[0] : static_cast<float>(uv.x);
        v.uv[1] = own_uv != nullptr ? (*own_uv)[1] : static_cast<float>(uv.y);
        bucket.vertices.push_back(v);
        return found->second;
    }

    Vec3 origin_;
    const Tree* around_;
    std::map<std::tuple<Material, Lamp, std::uint32_t>, Bucket> buckets_;
};

// The far side of a face: of thin things like the near one, of walls of a dark hollow dark.
void add_face(LodBuilder& builder, const std::array<Vec3, 3>& p, const std::array<Vec3, 3>& n,
              Kind kind, bool left, const std::array<Rgb, 3>& colours, bool backing,
              const Wear& wear = {}) {
    builder.add(p, n, kind, left, colours, wear);
    // What shows a picture is drawn from both sides.
    if (!backing || wear.picture != 0) return;
    const bool skin = kind == Kind::kPaint || kind == Kind::kLivery || is_lamp(kind);
    const std::array<Rgb, 3> dark{kShade, kShade, kShade};
    builder.add({p[0], p[2], p[1]}, {-n[0], -n[2], -n[1]}, skin ? Kind::kPlastic : kind, left,
                skin ? dark : std::array<Rgb, 3>{colours[0], colours[2], colours[1]});
}

// How far each piece stands out of pieces at least twice its size; infinite for large ones.
std::vector<double> stand_out(const Surface& s, const std::function<bool(const Face&)>& takes) {
    constexpr double kSizes_m[] = {0.1, 0.2, 0.4, 0.8};
    const auto size_of = [](const Piece& piece) { return glm::length(piece.high - piece.low); };
    std::vector<double> distances(s.pieces.size(), 1e9);
    for (std::size_t c = 0; c < std::size(kSizes_m); ++c) {
        std::vector<std::array<Vec3, 3>> larger;
        for (const Face& face : s.faces) {
            if (takes(face) && size_of(s.pieces[face.piece]) > 2 * kSizes_m[c]) {
                larger.push_back({s.point(face, 0), s.point(face, 1), s.point(face, 2)});
            }
        }
        const Tree tree(std::move(larger));
        for (std::size_t p = 0; p < s.pieces.size(); ++p) {
            const double size = size_of(s.pieces[p]);
            if (size > kSizes_m[c] || (c > 0 && size <= kSizes_m[c - 1])) continue;
            if (!takes(s.faces[s.pieces[p].faces.front()])) continue;
            distances[p] = 0;
            for (const std::uint32_t f : s.pieces[p].faces) {
                for (std::size_t k = 0; k < 3; ++k) {
                    distances[p] = std::max(distances[p], tree.distance(s.point(s.faces[f], k)));
                }
            }
        }
    }
    return distances;
}

// One level of a job.
class Level {
  public:
    Level(const LevelJob& job, std::size_t number)
        : job_(job),
          number_(number),
          s_(number == 0 ? *job.fine : *job.coarse),
          builder_(job.origin, job.around) {}

    MeshLod make(double budget) {
        const bool flat = job_.flat_lamps && number_ >= 2;
        std::size_t fixed = flat ? 0 : add_lenses();
        if (number_ == 0) fixed += add_painted();
        if (flat) {
            const std::vector<LampBox> lamps = flat_lamps();
            for (const Lens& lens : job_.lenses) fixed += is_shown(lens.kind) ? 2 : 0;
            fixed += 2 * lamps.size();
            const double left = std::max(16.0, budget - static_cast<double>(fixed));
            const auto quads = job_.shell ? shell_quads(left) : std::vector<ShellQuad>();
            const Tree skin = tree_of_quads(quads);
            add_flat_lamps(lamps, skin);
            add_flat_lenses(skin);
            if (!quads.empty()) return builder_.finish();
        }
        // What is painted does not starve the rest.
        const double left =
            std::max((number_ == 0 ? 0.5 : 0.1) * budget, budget - static_cast<double>(fixed));
        const std::vector<double> stands_out = stand_out(s_, job_.takes);
        std::vector<std::uint32_t> thinned;
        for (const Thinning& way : kWays[number_]) {
            take_all(flat, stands_out, way.stands_out_m);
            if (thin(left, way, thinned)) break;
        }
        for (std::size_t i = 0; i + 2 < thinned.size(); i += 3) emit(thinned.data() + i);
        return builder_.finish();
    }

  private:
    bool left_of(const Face& face) const { return look_of(s_, face, 0).left; }

    // Faces in the colours of a texture are cut finely already, and stay as they are.
    std::size_t add_painted() {
        std::size_t count = 0;
        for (const Face& face : s_.faces) {
            if (!job_.takes(face) || !face.painted) continue;
            const std::array<Vec3, 3> p{s_.point(face, 0), s_.point(face, 1), s_.point(face, 2)};
            add_face(builder_, p, face.normal, face.kind, left_of(face), face.colour, face.backing);
            count += face.backing ? 2 : 1;
        }
        return count;
    }

    // Adds a skin over what is left, and returns it; empty where there is none.
    std::vector<ShellQuad> shell_quads(double budget) {
        std::vector<std::uint32_t> numbers;
        std::vector<std::array<Vec3, 3>> faces;
        for (std::uint32_t f = 0; f < s_.faces.size(); ++f) {
            const Face& face = s_.faces[f];
            if (!job_.takes(face)) continue;
            numbers.push_back(f);
            faces.push_back({s_.point(face, 0), s_.point(face, 1), s_.point(face, 2)});
        }
        auto quads = shell_of(s_, Tree(std::move(faces)), numbers, budget);
        for (const ShellQuad& q : quads) {
            const std::array<Rgb, 3> colours{q.colour, q.colour, q.colour};
            builder_.add({q.p[0], q.p[1], q.p[2]}, {q.n[0], q.n[1], q.n[2]}, q.kind, q.left,
                         colours);
            builder_.add({q.p[0], q.p[2], q.p[3]}, {q.n[0], q.n[2], q.n[3]}, q.kind, q.left,
                         colours);
        }
        return quads;
    }

    void take_all(bool flat, const std::vector<double>& stands_out, double least_m) {
        known_.clear();
        corners_.clear();
        normals_.clear();
        backing_.clear();
        positions_.clear();
        indices_.clear();
        for (const Face& face : s_.faces) {
            if (!job_.takes(face) || (flat && is_lamp(face.kind))) continue;
            if ((number_ == 0 && face.painted) || stands_out[face.piece] < least_m) continue;
            take(face);
        }
    }

    void take(const Face& face) {
        for (std::size_t k = 0; k < 3; ++k) {
            const Corner corner{face.corner[k], look_of(s_, face, k)};
            const auto [found, is_new] =
                known_.try_emplace(corner, static_cast<std::uint32_t>(corners_.size()));
            if (is_new) {
                corners_.push_back(corner);
                normals_.emplace_back();
                backing_.push_back(false);
                for (int axis = 0; axis < 3; ++axis) {
                    positions_.push_back(static_cast<float>(s_.points[face.corner[k]][axis]));
                }
            }
            indices_.push_back(found->second);
            normals_[found->second].push_back(face.normal[k]);
            if (face.backing) backing_[found->second] = true;
        }
    }

    // False where the budget is not met.
    bool thin(double budget, const Thinning& way, std::vector<std::uint32_t>& thinned) {
        thinned = indices_;
        if (indices_.empty()) return true;
        // Faces with a far side count twice.
        std::size_t doubled = 0;
        for (std::size_t i = 0; i < indices_.size(); i += 3) {
            doubled += has_far_side(indices_.data() + i);
        }
        const double share =
            static_cast<double>(doubled) / (static_cast<double>(indices_.size()) / 3);
        const auto target = static_cast<std::size_t>(budget / (1 + share)) * 3;
        if (thinned.size() <= target) return true;
        const float extent = meshopt_simplifyScale(positions_.data(), corners_.size(), kStride);
        thinned.resize(meshopt_simplify(thinned.data(), indices_.data(), indices_.size(),
                                        positions_.data(), corners_.size(), kStride, target,
                                        static_cast<float>(way.moves_m) / extent, 0, nullptr));
        if (static_cast<double>(thinned.size()) <= way.over * static_cast<double>(target)) {
            return true;
        }
        constexpr double kAnyMove_m = 10;
        if (way.moves_m < kAnyMove_m) return false;
        // Much that hangs together nowhere: clusters of corners.
        std::vector<std::uint32_t> clusters(thinned.size());
        clusters.resize(meshopt_simplifySloppy(clusters.data(), thinned.data(), thinned.size(),
                                               positions_.data(), corners_.size(), kStride, target,
                                               1.0F, nullptr));
        if (!clusters.empty()) thinned = std::move(clusters);
        return true;
    }

    void emit(const std::uint32_t* corner) {
        std::array<std::uint32_t, 3> c{corner[0], corner[1], corner[2]};
        const auto at = [&](std::size_t k) { return s_.points[corners_[c[k]].point]; };
        Vec3 cross = glm::cross(at(1) - at(0), at(2) - at(0));
        if (glm::length(cross) < 2e-8) return;
        Vec3 mean(0, 0, 0);
        for (const std::uint32_t index : c) mean += best_normal(index, cross);
        // Clusters may turn a face over.
        if (glm::dot(mean, cross) < 0) {
            std::swap(c[1], c[2]);
            cross = -cross;
        }
        const Vec3 flat = glm::normalize(cross);
        std::array<Vec3, 3> p, n;
        std::array<Rgb, 3> colours;
        Wear wear;
        for (std::size_t k = 0; k < 3; ++k) {
            p[k] = at(k);
            n[k] = best_normal(c[k], cross);
            // A corner of another surface would shade this one wrongly.
            constexpr double kLeast = 0.35;
            if (glm::dot(n[k], flat) < kLeast) n[k] = flat;
            const Look& own = corners_[c[k]].look;
            colours[k] = colour_of(own);
            for (std::size_t i = 0; i < 2; ++i) {
                wear.uv[k][i] = static_cast<float>(own.uv[i]) * kUvStep;
            }
        }
        const Look& look = corners_[c[0]].look;
        wear.picture = look.picture;
        add_face(builder_, p, n, look.kind, look.left, colours, has_far_side(corner), wear);
    }

    // A face has a far side where one had it at each of its corners.
    bool has_far_side(const std::uint32_t* c) const {
        return backing_[c[0]] && backing_[c[1]] && backing_[c[2]];
    }

    // Of the normals at a corner before thinning the one nearest to a face's.
    Vec3 best_normal(std::uint32_t index, const Vec3& cross) const {
        const Vec3* best = nullptr;
        for (const Vec3& n : normals_[index]) {
            if (best == nullptr || glm::dot(n, cross) > glm::dot(*best, cross)) best = &n;
        }
        return *best;
    }

    // Returns the triangles that count for the budget.
    std::size_t add_lenses() {
        std::size_t count = 0;
        for (const Lens& lens : job_.lenses) {
            const std::array<Rgb, 3> colours{lens.colour, lens.colour, lens.colour};
            const auto& own = number_ == 0 ? lens.fine : lens.coarse;
            for (const auto& [p, n] : own) builder_.add(p, n, lens.kind, lens.left, colours);
            if (number_ > 0) {
                count += own.size();
                continue;
            }
            const std::array<Rgb, 3> dark{kRim, kRim, kRim};
            for (const auto& [p, n] : lens.rim) {
                builder_.add(p, n, Kind::kPlastic, lens.left, dark);
            }
        }
        return count;
    }
    void add_flat_lenses(const Tree& skin) {
        for (const Lens& lens : job_.lenses) {
            if (!is_shown(lens.kind)) continue;
            add_quad(lens.quad, lens.normal, lens.kind, lens.left, lens.colour, skin);
        }
    }
    // Brought out of the skin where that covers it.
    void add_quad(std::array<Vec3, 4> q, const Vec3& out, Kind kind, bool left, const Rgb& colour,
                  const Tree& skin) {
        constexpr int kSteps = 4;
        constexpr double kFar_m = 50, kLift_m = 0.015, kMost_m = 0.2;
        double lift = 0;
        for (int i = 0; i <= kSteps; ++i) {
            for (int j = 0; j <= kSteps; ++j) {
                const double u = static_cast<double>(i) / kSteps;
                const double v = static_cast<double>(j) / kSteps;
                const Vec3 p =
                    (1 - v) * ((1 - u) * q[0] + u * q[1]) + v * ((1 - u) * q[3] + u * q[2]);
                const auto hit = skin.first_hit(p + kFar_m * out, -out, 0, 2 * kFar_m);
                if (hit) lift = std::max(lift, kFar_m - hit->t + kLift_m);
            }
        }
        for (Vec3& p : q) p += std::min(lift, kMost_m) * out;
        const std::array<Vec3, 3> n{out, out, out};
        const std::array<Rgb, 3> colours{colour, colour, colour};
        builder_.add({q[0], q[1], q[2]}, n, kind, left, colours);
        builder_.add({q[0], q[2], q[3]}, n, kind, left, colours);
    }
    static Tree tree_of_quads(const std::vector<ShellQuad>& quads) {
        std::vector<std::array<Vec3, 3>> faces;
        for (const ShellQuad& q : quads) {
            faces.push_back({q.p[0], q.p[1], q.p[2]});
            faces.push_back({q.p[0], q.p[2], q.p[3]});
        }
        return Tree(std::move(faces));
    }
    // Not all lamps are, from afar.
    bool is_shown(Kind kind) const {
        return number_ < 3 || kind == Kind::kHeadLamp || kind == Kind::kTailLamp ||
               kind == Kind::kBrakeLamp || kind == Kind::kBlueLamp;
    }

    // The largest lamp of a kind at one corner of the vehicle.
    struct LampBox {
        Kind kind = Kind::kHeadLamp;
        bool front = true, left = false;
        Vec3 low{1e9, 1e9, 1e9}, high{-1e9, -1e9, -1e9};
        Rgb colour{};
        double area_m2 = 0;
    };
    std::vector<LampBox> flat_lamps() const {
        // Faces of one kind, end and side that share a corner are one lamp.
        using Key = std::tuple<Kind, bool, bool>;
        std::vector<std::uint32_t> faces, of;
        std::vector<Key> keys;
        std::map<std::pair<Key, std::uint32_t>, std::uint32_t> first;
        double low_x = 1e9, high_x = -1e9;
        for (const Face& face : s_.faces) {
            if (!job_.takes(face)) continue;
            low_x = std::min(low_x, s_.middle(face).x),
            high_x = std::max(high_x, s_.middle(face).x);
        }
        const double middle_x = 0.5 * (low_x + high_x);
        const auto root = [&of](std::uint32_t i) {
            while (of[i] != i) i = of[i] = of[of[i]];
            return i;
        };
        for (std::uint32_t f = 0; f < s_.faces.size(); ++f) {
            const Face& face = s_.faces[f];
            if (!job_.takes(face) || !is_lamp(face.kind)) continue;
            if (!is_shown(face.kind)) continue;
            // Not the inner sides of lamps.
            if ((s_.cross(face).x > 0) != (s_.middle(face).x > middle_x)) continue;
            const auto own = static_cast<std::uint32_t>(of.size());
            faces.push_back(f), of.push_back(own);
            keys.emplace_back(face.kind, s_.cross(face).x > 0, s_.middle(face).y > 0);
            for (const std::uint32_t corner : face.corner) {
                const auto [found, is_new] = first.try_emplace({keys[own], corner}, own);
                if (!is_new) of[root(own)] = root(found->second);
            }
        }
        std::map<std::uint32_t, LampBox> boxes;
        for (std::uint32_t i = 0; i < of.size(); ++i) {
            const Face& face = s_.faces[faces[i]];
            LampBox& box = boxes[root(i)];
            std::tie(box.kind, box.front, box.left) = keys[i];
            for (std::size_t k = 0; k < 3; ++k) {
                box.low = glm::min(box.low, s_.point(face, k));
                box.high = glm::max(box.high, s_.point(face, k));
            }
            box.colour = face.colour[0];
            box.area_m2 += 0.5 * std::abs(s_.cross(face).x);
        }
        std::map<Key, LampBox> largest;
        for (const auto& [number, box] : boxes) {
            if (box.high.y - box.low.y < 0.01 || box.high.z - box.low.z < 0.01) continue;
            LampBox& own = largest[{box.kind, box.front, box.left}];
            if (box.area_m2 > own.area_m2) own = box;
        }
        std::vector<LampBox> all;
        for (const auto& [key, box] : largest) {
            if (box.area_m2 > 0) all.push_back(box);
        }
        return all;
    }

    // A quad for each, laid on the skin where there is one.
    void add_flat_lamps(const std::vector<LampBox>& boxes, const Tree& skin) {
        for (const LampBox& box : boxes) {
            const Vec3 out(box.front ? 1 : -1, 0, 0);
            const auto corner = [&](double y, double z) {
                constexpr double kFar_m = 50;
                double x = box.front ? box.high.x : box.low.x;
                const auto hit = skin.first_hit({out.x * kFar_m, y, z}, -out, 0, 2 * kFar_m);
                // Not to a far part of the skin, where it is open here.
                constexpr double kNear_m = 0.4;
                if (hit && std::abs(out.x * (kFar_m - hit->t) - x) < kNear_m) {
                    x = out.x * (kFar_m - hit->t);
                }
                return Vec3(x, y, z);
            };
            const double near = box.front ? box.low.y : box.high.y;
            const double far = box.front ? box.high.y : box.low.y;
            add_quad({corner(near, box.low.z), corner(far, box.low.z), corner(far, box.high.z),
                      corner(near, box.high.z)},
                     out, box.kind, box.left, box.colour, skin);
        }
    }

    static constexpr std::size_t kStride = 3 * sizeof(float);
    const LevelJob& job_;
    std::size_t number_;
    const Surface& s_;
    LodBuilder builder_;
    std::map<Corner, std::uint32_t> known_;
    std::vector<Corner> corners_;
    std::vector<std::vector<Vec3>> normals_;  // before thinning, by corner
    std::vector<bool> backing_;               // likewise: some face there is seen from behind
    std::vector<float> positions_;
    std::vector<std::uint32_t> indices_;
};

Vec3 point(const Vertex& v) { return {v.p[0], v.p[1], v.p[2]}; }

Tree tree_of_lod(const MeshLod& lod) {
    std::vector<std::array<Vec3, 3>> all;
    for (std::size_t i = 0; i + 2 < lod.indices.size(); i += 3) {
        all.push_back({point(lod.vertices[lod.indices[i]]), point(lod.vertices[lod.indices[i + 1]]),
                       point(lod.vertices[lod.indices[i + 2]])});
    }
    return Tree(std::move(all));
}

// A ring about the wheel's axle.
std::vector<Vec3> ring(double radius, double y, int sides) {
    std::vector<Vec3> points;
    for (int i = 0; i < sides; ++i) {
        const double a = 2 * engine::math::kPi * i / sides;
        points.emplace_back(radius * std::sin(a), y, radius * std::cos(a));
    }
    return points;
}

}  // namespace

Finish finish_of(Kind kind, bool left) {
    // The albedos of engine/render/materials.cpp, by which it multiplies.
    switch (kind) {
        case Kind::kPaint:
            return {Material::kCarPaint, Lamp::kHead, 1};
        case Kind::kLivery:
            return {Material::kLivery, Lamp::kHead, 1};
        case Kind::kGlass:
            return {Material::kWindow, Lamp::kHead, 1};
        case Kind::kTyre:
        case Kind::kRubber:
        case Kind::kFabric:  // as matt as rubber
        case Kind::kInterior:
            return {Material::kRubber, Lamp::kHead, 0.03};
        case Kind::kRim:
            return {Material::kRim, Lamp::kHead, 0.56};
        case Kind::kMetal:
            return {Material::kMetal, Lamp::kHead, 0.51};
        case Kind::kPlate:
            return {Material::kPlate, Lamp::kHead, 0.8};
        case Kind::kReflector:
            return {Material::kReflector, Lamp::kHead, 0.8};
        case Kind::kHeadLamp:
            return {Material::kLamp, Lamp::kHead, 1};
        case Kind::kTailLamp:
            return {Material::kLamp, Lamp::kTail, 1};
        case Kind::kBrakeLamp:
            return {Material::kLamp, Lamp::kBrake, 1};
        case Kind::kTurnLamp:
            return {Material::kLamp, left ? Lamp::kTurnLeft : Lamp::kTurnRight, 1};
        case Kind::kReverseLamp:
            return {Material::kLamp, Lamp::kReverse, 1};
        case Kind::kBlueLamp:
            return {Material::kLamp, Lamp::kBlue, 1};
        case Kind::kPlastic:
        case Kind::kSteeringWheel:
        case Kind::kNothing:
            break;
    }
    return {Material::kPlastic, Lamp::kHead, 0.05};
}

std::size_t triangles(const MeshLod& lod) { return lod.indices.size() / 3; }

Mesh make_levels(const std::string& name, const LevelJob& job, std::span<const double> budgets) {
    Mesh mesh;
    mesh.name = name;
    for (std::size_t k = 0; k < budgets.size(); ++k) {
        MeshLod lod = Level(job, k).make(budgets[k]);
        // A level that saves less than a quarter is not worth its memory.
        if (lod.indices.empty() ||
            (!mesh.lods.empty() && 4 * lod.indices.size() > 3 * mesh.lods.back().indices.size())) {
            continue;
        }
        mesh.lods.push_back(std::move(lod));
    }
    if (mesh.lods.empty()) return mesh;
    measure_errors(mesh, job.around, job.origin);
    engine::world::update_bounds(mesh);
    return mesh;
}

MeshLod plain_wheel(double radius_m, double width_m, double rim_share, int sides, bool open,
                    bool left) {
    LodBuilder builder({0, 0, 0}, nullptr);
    const double half = 0.5 * width_m, out = left ? half : -half, rim = rim_share * radius_m;
    // The corners of a polygon of the circle's area, so that the tread is not too low.
    const double angle = engine::math::kPi / sides;
    const double reach =
        radius_m * std::min(1.08, std::sqrt(angle / (std::sin(angle) * std::cos(angle))));
    const auto a = ring(reach, -half, sides), b = ring(reach, half, sides);
    const auto outer = ring(reach, out, sides), inner = ring(rim, out, sides);
    const Rgb rubber{0.028F, 0.028F, 0.03F}, metal{0.4F, 0.4F, 0.42F};
    const auto add = [&](const Vec3& p, const Vec3& q, const Vec3& r, const Vec3& n, Kind kind,
                         const Rgb& colour) {
        const bool turned = glm::dot(glm::cross(q - p, r - p), n) < 0;
        builder.add({p, turned ? r : q, turned ? q : r}, {n, n, n}, kind, left,
                    {colour, colour, colour});
    };
    for (int i = 0; i < sides; ++i) {
        const auto u = static_cast<std::size_t>(i), v = static_cast<std::size_t>((i + 1) % sides);
        const Vec3 n = glm::normalize(Vec3(a[u].x + a[v].x, 0, a[u].z + a[v].z));
        add(a[u], a[v], b[v], n, Kind::kTyre, rubber);
        add(a[u], b[v], b[u], n, Kind::kTyre, rubber);
        const Vec3 side(0, left ? 1 : -1, 0);
        if (open) {
            for (const double y : {half, -half}) {
                const Vec3 lift(0, y - out, 0), face(0, y > 0 ? 1 : -1, 0);
                add(outer[u] + lift, outer[v] + lift, inner[v] + lift, face, Kind::kTyre, rubber);
                add(outer[u] + lift, inner[v] + lift, inner[u] + lift, face, Kind::kTyre, rubber);
            }
        } else if (sides > 8) {
            add(outer[u], outer[v], inner[v], side, Kind::kTyre, rubber);
            add(outer[u], inner[v], inner[u], side, Kind::kTyre, rubber);
            if (i > 1) add(inner[0], inner[u - 1], inner[u], side, Kind::kRim, metal);
        } else if (i > 1) {
            add(outer[0], outer[u - 1], outer[u], side, Kind::kTyre, {0.1F, 0.1F, 0.1F});
        }
        const Vec3 lift(0, -2 * out, 0);
        if (!open && i > 1) {
            add(outer[0] + lift, outer[u - 1] + lift, outer[u] + lift, -side, Kind::kTyre, rubber);
        }
    }
    return builder.finish();
}

void measure_errors(Mesh& mesh, const Tree* around, const Vec3& origin) {
    if (mesh.lods.size() < 2) return;
    const Tree finest = tree_of_lod(mesh.lods.front());
    std::vector<Vec3> points;  // of the finest level that count
    for (const Vertex& v : mesh.lods.front().vertices) {
        const Vec3 p = point(v), n(v.n[0], v.n[1], v.n[2]);
        if (around == nullptr || seen_from_around(*around, p + origin, n)) points.push_back(p);
    }
    for (std::size_t k = 1; k < mesh.lods.size(); ++k) {
        const Tree coarse = tree_of_lod(mesh.lods[k]);
        double error = mesh.lods[k - 1].error_m;
        for (const Vec3& p : points) error = std::max(error, coarse.distance(p));
        for (const Vertex& v : mesh.lods[k].vertices) {
            error = std::max(error, finest.distance(point(v)));
        }
        mesh.lods[k].error_m = static_cast<float>(error);
    }
}

}  // namespace huntsman::scenarios::models
