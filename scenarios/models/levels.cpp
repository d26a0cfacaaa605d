#include "scenarios/models/levels.h"

#include <meshoptimizer.h>

#include <algorithm>
#include <cmath>
#include <map>

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
// Pieces smaller than this are left out of a level [m].
constexpr double kSmallest_m[4] = {0.0, 0.05, 0.16, 0.4};
constexpr Rgb kShade{0.02F, 0.02F, 0.02F};  // of far sides in the dark

// Corners that thinning keeps apart: a place of one look.
struct Look {
    Kind kind = Kind::kPlastic;
    bool left = false, backing = false;
    std::array<int, 3> colour{};  // in steps of a 255th
    friend auto operator<=>(const Look&, const Look&) = default;
};

struct Corner {
    std::uint32_t point = 0;
    Look look;
    friend auto operator<=>(const Corner&, const Corner&) = default;
};

Look look_of(const Surface& surface, const Face& face, std::size_t k) {
    Look look{.kind = face.kind, .backing = face.backing};
    if (is_lamp(face.kind)) look.left = surface.pieces[face.piece].low.y > -0.05;
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

// Triangles by finish, then one mesh of them.
class LodBuilder {
  public:
    explicit LodBuilder(const Vec3& origin, const Tree* around)
        : origin_(origin), around_(around) {}

    void add(const std::array<Vec3, 3>& p, const std::array<Vec3, 3>& n, Kind kind, bool left,
             const std::array<Rgb, 3>& colours) {
        const Vec3 cross = glm::cross(p[1] - p[0], p[2] - p[0]);
        if (glm::length(cross) < 2e-8) return;
        const Finish finish = finish_of(kind, left);
        auto& bucket = buckets_[{finish.material, finish.lamp}];
        for (std::size_t k = 0; k < 3; ++k) {
            bucket.indices.push_back(vertex(bucket, p[k], n[k], finish, colours[k]));
        }
    }
    MeshLod finish() const {
        MeshLod lod;
        for (const auto& [key, bucket] : buckets_) {
            const auto base = static_cast<std::uint32_t>(lod.vertices.size());
            lod.submeshes.push_back(
                {.material = key.first,
                 .lamp = key.second,
                 .first_index = static_cast<std::uint32_t>(lod.indices.size()),
                 .index_count = static_cast<std::uint32_t>(bucket.indices.size())});
            lod.vertices.insert(lod.vertices.end(), bucket.vertices.begin(), bucket.vertices.end());
            for (const std::uint32_t index : bucket.indices) lod.indices.push_back(base + index);
        }
        return lod;
    }

  private:
    struct Bucket {
        std::vector<Vertex> vertices;
        std::vector<std::uint32_t> indices;
        std::map<std::array<int, 9>, std::uint32_t> known;
    };

    std::uint32_t vertex(Bucket& bucket, const Vec3& at, const Vec3& n, const Finish& finish,
                         const Rgb& colour) {
        std::array<int, 9> key;
        const Vec3 p = at - origin_;
        for (std::size_t k = 0; k < 3; ++k) {
            const int axis = static_cast<int>(k);
            key[k] = static_cast<int>(std::lround(p[axis] / kWeld_m));
            key[3 + k] = static_cast<int>(std::lround(100 * n[axis]));
            key[6 + k] = static_cast<int>(std::lround(255 * std::sqrt(colour[k])));
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
            finish.material != Material::kGlass && finish.material != Material::kPlate) {
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
        v.uv[0] = static_cast<float>(uv.x);
        v.uv[1] = static_cast<float>(uv.y);
        bucket.vertices.push_back(v);
        return found->second;
    }

    Vec3 origin_;
    const Tree* around_;
    std::map<std::pair<Material, Lamp>, Bucket> buckets_;
};

// The far side of a face: of thin things like the near one, of walls of a dark hollow dark.
void add_face(LodBuilder& builder, const std::array<Vec3, 3>& p, const std::array<Vec3, 3>& n,
              Kind kind, bool left, const std::array<Rgb, 3>& colours, bool backing) {
    builder.add(p, n, kind, left, colours);
    if (!backing) return;
    const bool skin = kind == Kind::kPaint || kind == Kind::kLivery || is_lamp(kind);
    const std::array<Rgb, 3> dark{kShade, kShade, kShade};
    builder.add({p[0], p[2], p[1]}, {-n[0], -n[2], -n[1]}, skin ? Kind::kPlastic : kind, left,
                skin ? dark : std::array<Rgb, 3>{colours[0], colours[2], colours[1]});
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
        std::size_t fixed = add_lenses(flat);
        if (flat) fixed += add_flat_lamps();
        for (const Face& face : s_.faces) {
            if (!job_.takes(face) || (flat && is_lamp(face.kind))) continue;
            const Piece& piece = s_.pieces[face.piece];
            const Vec3 size = piece.high - piece.low;
            if (glm::length(size) < kSmallest_m[number_] && !is_lamp(face.kind)) continue;
            if (number_ == 0 && face.painted) {
                std::array<Vec3, 3> p{s_.point(face, 0), s_.point(face, 1), s_.point(face, 2)};
                add_face(builder_, p, face.normal, face.kind, left_of(face), face.colour,
                         face.backing);
                fixed += face.backing ? 2 : 1;
                continue;
            }
            take(face);
        }
        thin(std::max(8.0, budget - static_cast<double>(fixed)));
        return builder_.finish();
    }

  private:
    bool left_of(const Face& face) const { return look_of(s_, face, 0).left; }

    void take(const Face& face) {
        for (std::size_t k = 0; k < 3; ++k) {
            const Corner corner{face.corner[k], look_of(s_, face, k)};
            const auto [found, is_new] =
                known_.try_emplace(corner, static_cast<std::uint32_t>(corners_.size()));
            if (is_new) {
                corners_.push_back(corner);
                normals_.emplace_back();
                for (int axis = 0; axis < 3; ++axis) {
                    positions_.push_back(static_cast<float>(s_.points[face.corner[k]][axis]));
                }
            }
            indices_.push_back(found->second);
            normals_[found->second].push_back(face.normal[k]);
        }
    }

    void thin(double budget) {
        if (indices_.empty()) return;
        // Faces with a far side count twice.
        std::size_t doubled = 0;
        for (std::size_t i = 0; i < indices_.size(); i += 3) {
            doubled += corners_[indices_[i]].look.backing;
        }
        const double share =
            static_cast<double>(doubled) / (static_cast<double>(indices_.size()) / 3);
        const auto target = static_cast<std::size_t>(budget / (1 + share)) * 3;
        std::vector<std::uint32_t> thinned = indices_;
        if (thinned.size() > target) {
            constexpr float kAnyError = 1.0F;
            thinned.resize(meshopt_simplify(thinned.data(), indices_.data(), indices_.size(),
                                            positions_.data(), corners_.size(), 3 * sizeof(float),
                                            target, kAnyError, 0, nullptr));
        }
        // Much that hangs together nowhere: clusters of corners.
        constexpr double kOver = 1.25;
        if (static_cast<double>(thinned.size()) > kOver * static_cast<double>(target)) {
            std::vector<std::uint32_t> clusters(thinned.size());
            clusters.resize(meshopt_simplifySloppy(clusters.data(), thinned.data(), thinned.size(),
                                                   positions_.data(), corners_.size(),
                                                   3 * sizeof(float), target, 1.0F, nullptr));
            if (!clusters.empty()) thinned = std::move(clusters);
        }
        for (std::size_t i = 0; i + 2 < thinned.size(); i += 3) emit(thinned.data() + i);
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
        for (std::size_t k = 0; k < 3; ++k) {
            p[k] = at(k);
            n[k] = best_normal(c[k], cross);
            // A corner of another surface would shade this one wrongly.
            constexpr double kLeast = 0.35;
            if (glm::dot(n[k], flat) < kLeast) n[k] = flat;
            colours[k] = colour_of(corners_[c[k]].look);
        }
        const Look& look = corners_[c[0]].look;
        add_face(builder_, p, n, look.kind, look.left, colours, look.backing);
    }

    // Of the normals at a corner before thinning the one nearest to a face's.
    Vec3 best_normal(std::uint32_t index, const Vec3& cross) const {
        const Vec3* best = nullptr;
        for (const Vec3& n : normals_[index]) {
            if (best == nullptr || glm::dot(n, cross) > glm::dot(*best, cross)) best = &n;
        }
        return *best;
    }

    std::size_t add_lenses(bool flat) {
        std::size_t count = 0;
        for (const Lens& lens : job_.lenses) {
            if (number_ >= 3 && !shown_from_afar(lens.kind)) continue;
            const std::array<Vec3, 3> n{lens.normal, lens.normal, lens.normal};
            const std::array<Rgb, 3> colours{lens.colour, lens.colour, lens.colour};
            if (!flat) {
                for (const auto& p : lens.fine) builder_.add(p, n, lens.kind, lens.left, colours);
                count += lens.fine.size();
                continue;
            }
            const auto& q = lens.quad;
            builder_.add({q[0], q[1], q[2]}, n, lens.kind, lens.left, colours);
            builder_.add({q[0], q[2], q[3]}, n, lens.kind, lens.left, colours);
            count += 2;
        }
        return count;
    }
    static bool shown_from_afar(Kind kind) {
        return kind == Kind::kHeadLamp || kind == Kind::kTailLamp || kind == Kind::kBrakeLamp ||
               kind == Kind::kBlueLamp;
    }

    // A quad for the lamps of a kind at each corner of the vehicle, before their outermost points.
    std::size_t add_flat_lamps() {
        struct Box {
            Vec3 low{1e9, 1e9, 1e9}, high{-1e9, -1e9, -1e9};
            Rgb colour{};
        };
        std::map<std::tuple<Kind, bool, bool>, Box> boxes;  // kind, front, left
        for (const Face& face : s_.faces) {
            if (!job_.takes(face) || !is_lamp(face.kind)) continue;
            if (number_ >= 3 && !shown_from_afar(face.kind)) continue;
            const Vec3 middle = s_.middle(face);
            const double ahead = s_.cross(face).x;
            if (ahead == 0) continue;
            Box& box = boxes[{face.kind, ahead > 0, middle.y > 0}];
            for (std::size_t k = 0; k < 3; ++k) {
                box.low = glm::min(box.low, s_.point(face, k));
                box.high = glm::max(box.high, s_.point(face, k));
            }
            box.colour = face.colour[0];
        }
        std::size_t count = 0;
        for (const auto& [key, box] : boxes) {
            const auto& [kind, front, left] = key;
            const double x = front ? box.high.x + 0.004 : box.low.x - 0.004;
            const double near = front ? box.low.y : box.high.y,
                         far = front ? box.high.y : box.low.y;
            const std::array<Vec3, 4> q{Vec3(x, near, box.low.z), Vec3(x, far, box.low.z),
                                        Vec3(x, far, box.high.z), Vec3(x, near, box.high.z)};
            const Vec3 normal(front ? 1 : -1, 0, 0);
            const std::array<Vec3, 3> n{normal, normal, normal};
            const std::array<Rgb, 3> colours{box.colour, box.colour, box.colour};
            builder_.add({q[0], q[1], q[2]}, n, kind, left, colours);
            builder_.add({q[0], q[2], q[3]}, n, kind, left, colours);
            count += 2;
        }
        return count;
    }

    const LevelJob& job_;
    std::size_t number_;
    const Surface& s_;
    LodBuilder builder_;
    std::map<Corner, std::uint32_t> known_;
    std::vector<Corner> corners_;
    std::vector<std::vector<Vec3>> normals_;  // before thinning, by corner
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
            return {Material::kGlass, Lamp::kHead, 1};
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
    measure_errors(mesh);
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
    }
    return builder.finish();
}

void measure_errors(Mesh& mesh) {
    if (mesh.lods.size() < 2) return;
    const Tree finest = tree_of_lod(mesh.lods.front());
    for (std::size_t k = 1; k < mesh.lods.size(); ++k) {
        const Tree coarse = tree_of_lod(mesh.lods[k]);
        double error = mesh.lods[k - 1].error_m;
        for (const Vertex& v : mesh.lods.front().vertices) {
            error = std::max(error, coarse.distance(point(v)));
        }
        for (const Vertex& v : mesh.lods[k].vertices) {
            error = std::max(error, finest.distance(point(v)));
        }
        mesh.lods[k].error_m = static_cast<float>(error);
    }
}

}  // namespace huntsman::scenarios::models
