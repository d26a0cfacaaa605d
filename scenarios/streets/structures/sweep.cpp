#include "scenarios/streets/structures/sweep.h"

#include <algorithm>

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using catalogue::Colour;
using catalogue::MeshBuilder;
using world::Material;

namespace {

constexpr Colour kSteel{0.55F, 0.57F, 0.58F};
constexpr double kPiece_m = 60.0;  // of one mesh
constexpr double kBent_m = 0.15;   // how far a box may lie beside the body

std::vector<Vec2> rectangle(double left, double right, double low, double high) {
    return {{left, low}, {left, high}, {right, high}, {right, low}};
}

}  // namespace

Profile2 guard_rail_profile(double height) {
    // Two beams back to back, between them the posts.
    return {{{rectangle(0.1, 0.06, height - 0.31, height), Material::kMetal, kSteel},
             {rectangle(-0.06, -0.1, height - 0.31, height), Material::kMetal, kSteel}}};
}

Profile2 jersey_profile(double width, double height) {
    const double half = 0.5 * width;
    return {{{{{half, 0},
               {half, 0.08},
               {0.55 * half, 0.35 * height},
               {0.35 * half, height},
               {-0.35 * half, height},
               {-0.55 * half, 0.35 * height},
               {-half, 0.08},
               {-half, 0}},
              Material::kConcrete,
              {0.85F, 0.84F, 0.82F}}}};
}

Profile2 rails_profile(double height) {
    Profile2 profile;
    for (const double share : {0.4, 0.7, 1.0}) {
        const double z = share * height;
        profile.parts.push_back({rectangle(0.025, -0.025, z - 0.05, z), Material::kMetal, kSteel});
    }
    return profile;
}

Profile2 block_profile(double width, double height, Material material, Colour colour) {
    return {{{rectangle(0.5 * width, -0.5 * width, -0.1, height), material, colour}}};
}

void sweep(MeshBuilder& builder, const std::vector<Vec3>& path, const Profile2& profile) {
    const std::size_t n = path.size();
    // Left of the way at each point: across the bisector.
    std::vector<Vec2> lefts(n);
    for (std::size_t i = 0; i < n; ++i) {
        const Vec2 before = math::xy(path[i] - path[i == 0 ? 0 : i - 1]);
        const Vec2 after = math::xy(path[i + 1 < n ? i + 1 : i] - path[i]);
        const Vec2 way = before + after;
        lefts[i] = glm::length(way) > 1e-9 ? math::perp(glm::normalize(way)) : Vec2(0, 1);
    }
    for (const Profile2::Part& part : profile.parts) {
        builder.use(part.material, part.colour);
        const auto at = [&](std::size_t i, std::size_t k) {
            const Vec2& q = part.points[k];
            return path[i] + Vec3(q.x * lefts[i], q.y);
        };
        const std::size_t count = part.points.size();
        for (std::size_t k = 0; k < count; ++k) {
            const std::size_t m = (k + 1) % count;
            const double across = glm::length(part.points[m] - part.points[k]);
            double u = 0;
            for (std::size_t i = 0; i + 1 < n; ++i) {
                const double step = glm::length(path[i + 1] - path[i]);
                if (step < 1e-6) continue;
                builder.quad(at(i + 1, k), at(i, k), at(i, m), at(i + 1, m), {u + step, 0},
                             {u, across});
                u += step;
            }
        }
        std::vector<Vec3> first, last;
        for (std::size_t k = 0; k < count; ++k) {
            first.push_back(at(0, count - 1 - k));
            last.push_back(at(n - 1, k));
        }
        builder.face(first);
        builder.face(last);
    }
}

namespace {

// The last point up to which a path is straight from point i, within 20 m.
std::size_t straight_until(const std::vector<Vec3>& path, std::size_t i) {
    std::size_t end = i + 1;
    while (end + 1 < path.size() && glm::length(path[end + 1] - path[i]) < 20.0) {
        for (std::size_t k = i + 1; k <= end; ++k) {
            const auto hit = math::closest_on_segment(math::xy(path[k]), math::xy(path[i]),
                                                      math::xy(path[end + 1]));
            if (hit.distance_m >= kBent_m) return end;
        }
        ++end;
    }
    return end;
}

// Without the points that lie on the line between their neighbours.
std::vector<Vec3> thinned(const std::vector<Vec3>& line) {
    constexpr double kOff_m = 0.03;
    std::vector<Vec3> out{line.front()};
    for (std::size_t k = 1; k + 1 < line.size(); ++k) {
        const Vec3 &p = out.back(), &q = line[k + 1];
        const double u = glm::dot(line[k] - p, q - p) / glm::dot(q - p, q - p);
        const bool far = glm::length(line[k] - p) > 12.0;
        if (far || glm::length(line[k] - p - u * (q - p)) > kOff_m) out.push_back(line[k]);
    }
    out.push_back(line.back());
    return out;
}

void add_posts(const std::vector<Vec3>& line, double every_m, double height_m,
               MeshBuilder& builder) {
    builder.use(Material::kMetal, kSteel);
    double next = 0.5 * every_m, walked = 0;
    for (std::size_t k = 0; k + 1 < line.size(); ++k) {
        const double step = glm::length(line[k + 1] - line[k]);
        const Vec2 way = math::xy(line[k + 1] - line[k]);
        while (next <= walked + step && step > 1e-6) {
            const Vec3 p = line[k] + (next - walked) / step * (line[k + 1] - line[k]);
            builder.box(p + Vec3(0, 0, 0.5 * height_m - 0.05), {0.04, 0.04, 0.5 * height_m + 0.05},
                        std::atan2(way.y, way.x));
            next += every_m;
        }
        walked += step;
    }
}

// Boxes as long as the path is straight. The id of the only one; no actor where there are several.
world::ActorId add_boxes(StreetScene& scene, const std::vector<Vec3>& path,
                         world::Semantic semantic, double width_m, double height_m) {
    world::ActorId only = world::kNoActor;
    std::size_t boxes = 0;
    for (std::size_t i = 0; i + 1 < path.size();) {
        const std::size_t end = straight_until(path, i);
        const Vec3 a = path[i], b = path[end];
        const Vec2 way = math::xy(b - a);
        const double half = 0.5 * glm::length(way);
        const double low = std::min(a.z, b.z);
        if (half > 0.01) {
            ++boxes;
            only = scene.add_object(
                semantic, math::upright(Vec3(0.5 * math::xy(a + b), low), std::atan2(way.y, way.x)),
                {half, half, width_m, height_m + std::abs(a.z - b.z)});
        }
        i = end;
    }
    return boxes == 1 ? only : world::kNoActor;
}

}  // namespace

void sweep_body(StreetScene& scene, const std::vector<Vec3>& path, const Profile2& profile,
                world::Semantic semantic, double width_m, double height_m, double post_every_m,
                double post_height_m) {
    // A body of one box is seen under its id.
    const world::ActorId only = add_boxes(scene, path, semantic, width_m, height_m);
    // Meshes of limited length.
    for (std::size_t i = 0; i + 1 < path.size();) {
        std::size_t end = i + 1;
        double length = glm::length(path[end] - path[i]);
        while (end + 1 < path.size() && length < kPiece_m) {
            length += glm::length(path[end + 1] - path[end]);
            ++end;
        }
        const std::vector<Vec3> piece(path.begin() + static_cast<std::ptrdiff_t>(i),
                                      path.begin() + static_cast<std::ptrdiff_t>(end) + 1);
        const Vec3 origin = piece.front();
        world::Mesh mesh;
        mesh.name = "long body";
        for (int level = 0; level < 2; ++level) {
            MeshBuilder builder;
            builder.place({math::Quat(1, 0, 0, 0), -origin});
            sweep(builder, level == 0 ? piece : thinned(piece), profile);
            if (level == 0 && post_every_m > 0) {
                add_posts(piece, post_every_m, post_height_m, builder);
            }
            mesh.lods.push_back(builder.finish());
        }
        mesh.lods[1].error_m = 0.08F;  // posts are as thick
        world::update_bounds(mesh);
        scene.add_instance(catalogue::add_mesh(scene.world().scene, std::move(mesh)),
                           {math::Quat(1, 0, 0, 0), origin}, semantic, only);
        i = end;
    }
}

}  // namespace huntsman::scenarios::streets
