// Objects of the road model as bodies.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>

#include "scenarios/catalogue/furniture.h"
#include "scenarios/catalogue/props.h"
#include "scenarios/streets/furniture/object_kinds.h"
#include "scenarios/streets/street_scene.h"
#include "scenarios/streets/structures/sweep.h"
#include "scenarios/streets/surface/polygons.h"
#include "scenarios/streets/surface/triangulation.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using catalogue::Colour;
using catalogue::MeshBuilder;
using world::ActorId;
using world::Material;
using world::ModelObject;
using world::ObjectRepeat;
using world::Semantic;

namespace {

constexpr double kLongestPiece_m = 300.0;

struct Size {
    double length, width, height;
};
double given(double value, double otherwise) {
    return value > 0.01 && value < 200 ? value : otherwise;
}
// What the object says of itself, and what is usual of its kind.
Size size_of(const ModelObject& object, const Size& usual) {
    const double diameter = 2 * object.radius_m;
    return {given(object.length_m, given(diameter, usual.length)),
            given(object.width_m, given(diameter, usual.width)),
            given(object.height_m, usual.height)};
}

// A thing of one mesh and the box that is solid of it.
struct Piece {
    const char* name;
    Size size;
    Semantic semantic;
    std::function<world::Mesh(const Size&)> make;
    double solid_length, solid_width;
};

std::optional<Piece> post_of(ObjectKind kind, const ModelObject& object) {
    switch (kind) {
        case ObjectKind::kPole: {
            const Size size = size_of(object, {0.2, 0.2, 6.0});
            const double r = std::clamp(0.5 * std::min(size.length, size.width), 0.03, 0.4);
            return Piece{"pole",
                         {2 * r, 2 * r, size.height},
                         Semantic::kPole,
                         [r](const Size& s) { return catalogue::plain_pole(s.height, r, false); },
                         2 * r,
                         2 * r};
        }
        case ObjectKind::kLamp:
            return Piece{"lamp",
                         {0.17, 0.17, catalogue::kStreetLampHeight_m},
                         Semantic::kPole,
                         [](const Size&) { return catalogue::street_lamp(); },
                         0.17,
                         0.17};
        case ObjectKind::kBollard: {
            const Size size = size_of(object, {0.16, 0.16, 1.0});
            const double r = std::clamp(0.5 * std::min(size.length, size.width), 0.03, 0.3);
            return Piece{
                "bollard",       {2 * r, 2 * r, size.height},
                Semantic::kPole, [r](const Size& s) { return catalogue::bollard(s.height, r); },
                2 * r,           2 * r};
        }
        case ObjectKind::kGuidePost: {
            const Size size = size_of(object, {0.12, 0.12, 1.0});
            return Piece{"guide post",
                         {0.12, 0.12, size.height},
                         Semantic::kPole,
                         [](const Size& s) { return catalogue::guide_post(s.height); },
                         0.12,
                         0.12};
        }
        default:
            return std::nullopt;
    }
}

std::optional<Piece> furniture_of(ObjectKind kind, const ModelObject& object) {
    switch (kind) {
        case ObjectKind::kBush: {
            const Size size = size_of(object, {1.2, 1.2, 1.0});
            return Piece{"bush",
                         size,
                         Semantic::kVegetation,
                         [](const Size& s) { return catalogue::bush(s.height, s.width); },
                         0.6 * size.length,
                         0.6 * size.width};
        }
        case ObjectKind::kCone: {
            const Size size = size_of(object, {0.36, 0.36, 0.75});
            return Piece{
                "cone",           size,
                Semantic::kOther, [](const Size& s) { return catalogue::traffic_cone(s.height); },
                size.length,      size.width};
        }
        case ObjectKind::kWorksBarrier: {
            const Size size = size_of(object, {0.1, 2.0, 1.0});
            return Piece{"works barrier",
                         size,
                         Semantic::kFence,
                         [](const Size& s) { return catalogue::works_barrier(s.width, s.height); },
                         size.length,
                         size.width};
        }
        case ObjectKind::kShelter: {
            const Size size = size_of(object, {4.0, 1.4, 2.5});
            return Piece{"shelter",
                         size,
                         Semantic::kOther,
                         [](const Size& s) { return catalogue::bus_shelter(s.length, s.width, s.height); },
                         size.length,
                         size.width};
        }
        case ObjectKind::kHeap: {
            const Size size = size_of(object, {2.0, 1.5, 0.6});
            return Piece{"heap",
                         size,
                         Semantic::kOther,
                         [](const Size& s) { return catalogue::heap(s.length, s.width, s.height); },
                         size.length,
                         size.width};
        }
        case ObjectKind::kBench:
            return Piece{"bench",
                         {0.6, 1.8, 0.8},
                         Semantic::kOther,
                         [](const Size&) { return catalogue::bench(); },
                         0.6,
                         1.8};
        case ObjectKind::kBin:
            return Piece{"bin",
                         {0.5, 0.5, 0.9},
                         Semantic::kOther,
                         [](const Size&) { return catalogue::bin(); },
                         0.5,
                         0.5};
        default:
            return post_of(kind, object);
    }
}

class ObjectSetter {
  public:
    explicit ObjectSetter(StreetScene& scene) : scene_(scene), ground_(scene.ground()) {}
    void all();

  private:
    void place(ObjectKind kind, const ModelObject& object, const math::RigidTransform& X);
    void tree(const math::RigidTransform& X);
    void box(bool building, const ModelObject& object, const math::RigidTransform& X);
    void continuous(ObjectKind kind, std::uint32_t road, const ModelObject& object,
                    const ObjectRepeat& repeat);
    void outlined(ObjectKind kind, std::uint32_t road, const ModelObject& object);
    void extrude(const std::vector<Vec3>& corners, double height, Material side, Colour side_colour,
                 Material top, Colour top_colour, Semantic semantic, bool solid);
    // `id` of an object that goes on along the road and ends where vehicles drive; a single one
    // stands where it stands.
    void body(ObjectKind kind, const std::vector<Vec3>& path, double height, double width,
              const std::string* id = nullptr);
    // Whether an object is no obstacle although it covers a driven lane; says so.
    bool passable(ObjectKind kind, const ModelObject& object, const math::RigidTransform& X);
    void leave_out(const std::string& id, const std::string& why);
    math::RigidTransform upright(std::uint32_t road, double s, double t, double z,
                                 const ModelObject& object) const {
        return ground_.pose(road, s, t, z, object.heading_rad, object.pitch_rad, object.roll_rad);
    }

    StreetScene& scene_;
    const Ground& ground_;
    std::uint32_t road_ = 0;   // whose objects are placed
    std::uint64_t count_ = 0;  // of things so far: makes equal kinds differ
};

void ObjectSetter::leave_out(const std::string& id, const std::string& why) {
    scene_.leave_out(
        fmt::format("road {}: object {}: {}", ground_.model().roads[road_].id, id, why));
}

bool ObjectSetter::passable(ObjectKind kind, const ModelObject& object,
                            const math::RigidTransform& X) {
    // Boxes without a height are paint of an unknown type, and vehicles pass below gantries.
    const bool gantry = object.type == "gantry", flat = object.height_m < 0.05;
    if (kind != ObjectKind::kBox || !(gantry || flat)) return false;
    const Size size = size_of(object, {1.0, 1.0, 1.0});
    if (scene_.free(X, size.length, size.width)) return false;
    leave_out(object.id, gantry ? "it is a gantry over driven lanes, which is not built"
                                : "it covers a driven lane but says no height, as paint does");
    return true;
}

void ObjectSetter::place(ObjectKind kind, const ModelObject& object,
                         const math::RigidTransform& X) {
    if (passable(kind, object, X)) return;
    ++count_;
    if (const auto piece = furniture_of(kind, object)) {
        const Size& size = piece->size;
        char key[96];
        std::snprintf(key, sizeof key, "%s %.2f %.2f %.2f", piece->name, size.length, size.width,
                      size.height);
        const std::uint32_t mesh = scene_.mesh(key, [&] { return piece->make(size); });
        scene_.add(mesh, X, piece->semantic, piece->solid_length, piece->solid_width, size.height);
        return;
    }
    switch (kind) {
        case ObjectKind::kTree:
            tree(X);
            return;
        case ObjectKind::kGuardRail:
        case ObjectKind::kJersey:
        case ObjectKind::kFence:
        case ObjectKind::kRailing:
        case ObjectKind::kWall:
        case ObjectKind::kHedge: {
            const Size size = size_of(object, {2.0, 0.2, 0.9});
            body(kind, {X * Vec3(-0.5 * size.length, 0, 0), X * Vec3(0.5 * size.length, 0, 0)},
                 size.height, size.width);
            return;
        }
        case ObjectKind::kBuilding:
        case ObjectKind::kBox:
            box(kind == ObjectKind::kBuilding, object, X);
            return;
        default:  // paint and islands do not stand
            return;
    }
}

void ObjectSetter::tree(const math::RigidTransform& X) {
    char key[96];
    const int species = static_cast<int>(count_ % catalogue::kTreeKinds);
    const std::uint64_t variant = count_ / catalogue::kTreeKinds % 4;
    const double r = catalogue::trunk_radius_m(species);
    std::snprintf(key, sizeof key, "tree %d %d", species, static_cast<int>(variant));
    scene_.add(scene_.mesh(key, [&] { return catalogue::tree(species, variant); }), X,
               Semantic::kVegetation, 2 * r, 2 * r, catalogue::tree_height_m(species));
}

void ObjectSetter::box(bool building, const ModelObject& object, const math::RigidTransform& X) {
    const Size size = size_of(object, {1.0, 1.0, 1.0});
    if (size.height < 0.05) return;
    const double x = 0.5 * size.length, y = 0.5 * size.width;
    const std::vector<Vec3> corners{X * Vec3(x, y, 0), X * Vec3(-x, y, 0), X * Vec3(-x, -y, 0),
                                    X * Vec3(x, -y, 0)};
    extrude(corners, size.height, building ? Material::kPlaster : Material::kConcrete,
            {0.8F, 0.78F, 0.74F}, building ? Material::kRoof : Material::kConcrete,
            {0.7F, 0.7F, 0.7F}, building ? Semantic::kBuilding : Semantic::kOther, true);
}

void ObjectSetter::body(ObjectKind kind, const std::vector<Vec3>& path, double height, double width,
                        const std::string* id) {
    Profile2 profile;
    double post_every = 0, post_height = 0;
    Semantic semantic = Semantic::kFence;
    switch (kind) {
        case ObjectKind::kGuardRail:
            profile = guard_rail_profile(given(height, 0.75));
            post_every = 4.0;
            post_height = given(height, 0.75) - 0.05;
            width = std::max(width, 0.15);
            height = given(height, 0.75);
            break;
        case ObjectKind::kJersey:
            height = given(height, 0.85);
            width = std::clamp(given(width, 0.6), 0.3, 1.0);
            profile = jersey_profile(width, height);
            break;
        case ObjectKind::kFence:
        case ObjectKind::kRailing:
            height = given(height, 1.1);
            profile = rails_profile(height);
            post_every = 2.0;
            post_height = height;
            width = 0.08;
            break;
        case ObjectKind::kHedge:
            height = given(height, 1.1);
            width = given(width, 0.7);
            profile = block_profile(width, height, Material::kLeaves, {0.62F, 0.85F, 0.6F});
            semantic = Semantic::kVegetation;
            break;
        default:
            height = given(height, 2.0);
            width = std::max(0.15, given(width, 0.3));
            profile = block_profile(width, height, Material::kConcrete, {0.8F, 0.79F, 0.77F});
            break;
    }
    std::vector<Vec3> run;
    double left_out_m = 0;
    const auto finish = [&] {
        if (run.size() >= 2)
            sweep_body(scene_, run, profile, semantic, width, height, post_every, post_height);
        run.clear();
    };
    for (const Vec3& p : path) {
        // Only pieces that a map may mean.
        if (!run.empty() && glm::length(p - run.back()) > kLongestPiece_m) finish();
        if (id != nullptr && scene_.driven().at(p + Vec3(0, 0, 0.1), 0.5 * width - 0.02)) {
            if (&p != &path.front()) left_out_m += glm::length(p - *(&p - 1));
            finish();
        } else {
            run.push_back(p);
        }
    }
    finish();
    if (left_out_m > 0) {
        leave_out(*id,
                  fmt::format("{:.1f} m of it lie on driven lanes and were left out", left_out_m));
    }
}

void ObjectSetter::continuous(ObjectKind kind, std::uint32_t road, const ModelObject& object,
                              const ObjectRepeat& repeat) {
    const double road_length = ground_.model().roads[road].length_m;
    const double from = std::clamp(repeat.s_m, 0.0, road_length);
    const double to = std::clamp(repeat.s_m + repeat.length_m, 0.0, road_length);
    if (to - from < 0.2) return;
    const int steps = std::max(1, static_cast<int>(std::ceil((to - from) / 2.0)));
    std::vector<Vec3> path;
    for (int i = 0; i <= steps; ++i) {
        const double u = static_cast<double>(i) / steps;
        const double t = repeat.t_start_m + u * (repeat.t_end_m - repeat.t_start_m);
        const double z = repeat.z_start_m + u * (repeat.z_end_m - repeat.z_start_m);
        path.push_back(ground_.point(road, from + u * (to - from), t) + Vec3(0, 0, z));
    }
    const double height =
        given(0.5 * (repeat.height_start_m + repeat.height_end_m), object.height_m);
    const double width = given(0.5 * (repeat.width_start_m + repeat.width_end_m), object.width_m);
    switch (kind) {
        case ObjectKind::kGuardRail:
        case ObjectKind::kJersey:
        case ObjectKind::kFence:
        case ObjectKind::kRailing:
        case ObjectKind::kWall:
        case ObjectKind::kHedge:
            body(kind, path, height, width, &object.id);
            return;
        case ObjectKind::kPaint:
            return;
        default:
            // Something else without gaps: a wall of its height.
            if (height > 0.1) body(ObjectKind::kWall, path, height, width, &object.id);
            return;
    }
}

void ObjectSetter::extrude(const std::vector<Vec3>& corners, double height, Material side,
                           Colour side_colour, Material top, Colour top_colour, Semantic semantic,
                           bool solid) {
    Ring ring;
    double base = 1e30, roof = -1e30;
    Vec3 centre(0);
    for (const Vec3& c : corners) {
        const LatticePoint p = to_lattice(math::xy(c));
        if (!ring.empty() && ring.back() == p) continue;
        ring.push_back(p);
        base = std::min(base, c.z);
        roof = std::max(roof, c.z + height);
        centre += c / static_cast<double>(corners.size());
    }
    const Bounds extent = bounds_of(ring);
    if (ring.size() < 3 || !Triangulation::fits(extent.lo, extent.hi)) return;
    if (area_m2(ring) < 0) std::reverse(ring.begin(), ring.end());
    centre.z = base;
    MeshBuilder builder;
    builder.place({math::Quat(1, 0, 0, 0), -centre});
    builder.use(side, side_colour);
    Bounds bounds;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec2 a = to_metres(ring[i]), b = to_metres(ring[(i + 1) % ring.size()]);
        const Vec3 face[] = {Vec3(a, base - 0.2), Vec3(b, base - 0.2), Vec3(b, roof),
                             Vec3(a, roof)};
        if (glm::length(b - a) > 1e-3) builder.face(face);
        bounds.add(ring[i]);
    }
    builder.use(top, top_colour);
    Triangulation mesh(bounds.lo, bounds.hi);
    mesh.add_rings({ring});
    for (const Triangulation::Triangle& t : mesh.triangles()) {
        Vec2 p[3];
        for (unsigned i = 0; i < 3; ++i) p[i] = to_metres(mesh.points()[t.points[i]]);
        if (!contains({ring}, (p[0] + p[1] + p[2]) / 3.0)) continue;
        const auto v = [&](const Vec2& q) {
            return builder.vertex(Vec3(q, roof), {0, 0, 1}, q - math::xy(centre));
        };
        const auto a = v(p[0]), b = v(p[1]), c = v(p[2]);
        builder.triangle(a, b, c);
    }
    world::Mesh body;
    body.name = "body";
    body.lods.push_back(builder.finish());
    world::update_bounds(body);
    const std::uint32_t name = catalogue::add_mesh(scene_.world().scene, std::move(body));
    ActorId id = world::kNoActor;
    if (solid) {
        // The box along the longest side.
        Vec2 along(1, 0);
        double longest = 0;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const Vec2 d = to_metres(ring[(i + 1) % ring.size()]) - to_metres(ring[i]);
            if (glm::length(d) > longest) {
                longest = glm::length(d);
                along = glm::normalize(d);
            }
        }
        Vec2 lo(1e30), hi(-1e30);
        for (const LatticePoint& p : ring) {
            const Vec2 d = to_metres(p) - math::xy(centre);
            const Vec2 q(glm::dot(d, along), glm::dot(d, math::perp(along)));
            lo = glm::min(lo, q);
            hi = glm::max(hi, q);
        }
        const Vec2 middle = 0.5 * (lo + hi);
        const Vec2 p = math::xy(centre) + middle.x * along + middle.y * math::perp(along);
        const Vec2 half = 0.5 * (hi - lo);
        id = scene_.add_object(semantic, math::upright(Vec3(p, base), std::atan2(along.y, along.x)),
                               {half.x, half.x, 2 * half.y, roof - base});
    }
    scene_.add_instance(name, {math::Quat(1, 0, 0, 0), centre}, semantic, id);
}

void ObjectSetter::outlined(ObjectKind kind, std::uint32_t road, const ModelObject& object) {
    for (const world::Outline& outline : object.outlines) {
        if (!outline.outer || outline.corners.size() < 2) continue;
        ModelObject one = object;
        one.outlines = {outline};
        double height = object.height_m;
        for (const world::OutlineCorner& c : outline.corners) height = std::max(height, c.height_m);
        const std::vector<Vec3> corners = object_corners(ground_, road, one);
        if (!outline.closed || corners.size() < 3) {
            if (height > 0.1)
                body(kind == ObjectKind::kBuilding ? ObjectKind::kWall : kind, corners, height, 0,
                     &object.id);
            continue;
        }
        if (kind == ObjectKind::kIsland) {
            extrude(corners, std::clamp(given(height, 0.12), 0.02, 0.4), Material::kKerb, {1, 1, 1},
                    Material::kPaving, {0.82F, 0.82F, 0.8F}, Semantic::kSidewalk, false);
            continue;
        }
        if (height < 0.05) continue;
        if (object.type == "gantry") {
            leave_out(object.id, "it is a gantry, which is not built");
            continue;
        }
        const bool green =
            kind == ObjectKind::kTree || kind == ObjectKind::kBush || kind == ObjectKind::kHedge;
        const bool building = kind == ObjectKind::kBuilding;
        const Colour leaves{0.62F, 0.85F, 0.6F}, grey{0.8F, 0.78F, 0.74F};
        extrude(corners, height,
                green      ? Material::kLeaves
                : building ? Material::kPlaster
                           : Material::kConcrete,
                green ? leaves : grey,
                green      ? Material::kLeaves
                : building ? Material::kRoof
                           : Material::kConcrete,
                green ? leaves : grey,
                green      ? Semantic::kVegetation
                : building ? Semantic::kBuilding
                           : Semantic::kOther,
                true);
    }
}

void ObjectSetter::all() {
    const auto& roads = ground_.model().roads;
    constexpr int kMostCopies = 2000;  // of one object
    for (std::uint32_t r = 0; r < roads.size(); ++r) {
        road_ = r;
        for (const ModelObject& object : roads[r].objects) {
            const ObjectKind kind = kind_of(object);
            if (kind == ObjectKind::kPaint) continue;
            if (!object.repeats.empty()) {
                for (const ObjectRepeat& repeat : object.repeats) {
                    if (repeat.distance_m < 0.05) {
                        continuous(kind, r, object, repeat);
                        continue;
                    }
                    const int copies =
                        std::min(kMostCopies,
                                 static_cast<int>(repeat.length_m / repeat.distance_m + 1e-6) + 1);
                    for (int i = 0; i < copies; ++i) {
                        const double u =
                            repeat.length_m > 0
                                ? std::min(1.0, i * repeat.distance_m / repeat.length_m)
                                : 0.0;
                        const auto mix = [&](double a, double b) { return a + u * (b - a); };
                        ModelObject one = object;
                        one.height_m =
                            given(mix(repeat.height_start_m, repeat.height_end_m), object.height_m);
                        one.width_m =
                            given(mix(repeat.width_start_m, repeat.width_end_m), object.width_m);
                        one.length_m =
                            given(mix(repeat.length_start_m, repeat.length_end_m), object.length_m);
                        one.radius_m =
                            given(mix(repeat.radius_start_m, repeat.radius_end_m), object.radius_m);
                        const double s = repeat.s_m + i * repeat.distance_m;
                        if (s > roads[r].length_m + 1e-6) break;
                        place(kind, one,
                              upright(r, s, mix(repeat.t_start_m, repeat.t_end_m),
                                      mix(repeat.z_start_m, repeat.z_end_m), object));
                    }
                }
            } else if (!object.outlines.empty()) {
                outlined(kind, r, object);
            } else if (kind == ObjectKind::kIsland) {
                const std::vector<Vec3> corners = object_corners(ground_, r, object);
                if (corners.size() >= 3) {
                    extrude(corners, std::clamp(given(object.height_m, 0.12), 0.02, 0.4),
                            Material::kKerb, {1, 1, 1}, Material::kPaving, {0.82F, 0.82F, 0.8F},
                            Semantic::kSidewalk, false);
                }
            } else {
                place(kind, object, upright(r, object.s_m, object.t_m, object.z_offset_m, object));
            }
        }
    }
}

}  // namespace

void add_objects(StreetScene& scene) { ObjectSetter(scene).all(); }

}  // namespace huntsman::scenarios::streets
