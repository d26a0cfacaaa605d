#include "scenarios/catalogue/companions.h"

#include <algorithm>
#include <cmath>
#include <glm/mat3x3.hpp>
#include <glm/matrix.hpp>

#include "engine/core/check.h"
#include "engine/world/pose.h"
#include "engine/world/skin.h"
#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {

namespace figure = engine::figure;
namespace math = engine::math;
using figure::Joint;
using namespace engine::world;

namespace {

constexpr std::array<float, 3> kCollarColour{0.26F, 0.025F, 0.02F};
constexpr std::array<float, 3> kStrapColour{0.045F, 0.028F, 0.018F};

// A band of leather in the pose in which it is made: points with what carries them, in B.
struct Band {
    struct Corner {
        Vec3 p, n;
        double of_animal;  // share of the animal's neck; the rest is the hand's
    };
    std::array<float, 3> colour;
    std::vector<Corner> corners;
    std::vector<std::uint32_t> indices;
};

// Quads between two rings of so many corners each, the second one behind the first.
void join_rings(std::uint32_t first, std::uint32_t around, Band& band) {
    for (std::uint32_t k = 0; k < around; ++k) {
        const std::uint32_t a = first + k, b = first + (k + 1) % around;
        band.indices.insert(band.indices.end(), {a, b, b + around, a, b + around, a + around});
    }
}

// How far the animal's skin reaches from a line about each of so many directions, near a place of
// it; at rest.
std::vector<double> girth_m(const MeshLod& skin, const Vec3& place, const Vec3& axis, const Vec3& x,
                            const Vec3& y, std::size_t around) {
    constexpr double kSlab_m = 0.02, kFar_m = 0.3;
    std::vector<double> radius(around, 0.0);
    for (const Vertex& v : skin.vertices) {
        const Vec3 from = Vec3(v.p[0], v.p[1], v.p[2]) - place;
        if (std::abs(glm::dot(from, axis)) > kSlab_m || glm::length(from) > kFar_m) continue;
        const double a = glm::dot(from, x), b = glm::dot(from, y);
        const double turn = std::atan2(b, a) / (2 * math::kPi) + 1;
        const auto at = static_cast<std::size_t>(turn * static_cast<double>(around) + 0.5) % around;
        radius[at] = std::max(radius[at], std::hypot(a, b));
    }
    // A collar is round: no direction has much less than its neighbours.
    std::vector<double> smooth(around);
    for (std::size_t k = 0; k < around; ++k) {
        const double before = radius[(k + around - 1) % around], after = radius[(k + 1) % around];
        smooth[k] = std::max(radius[k], 0.97 * std::max(before, after));
        HM_CHECK(smooth[k] > 0, "an animal has no neck about direction {}", k);
    }
    return smooth;
}

// The animal's collar at rest, and where the strap is fixed to it.
struct Collar {
    Band band;
    Vec3 ring{0, 0, 0};
};
Collar collar_of(const CastMember& animal, std::size_t around) {
    constexpr double kHalf_m = 0.012, kThick_m = 0.004, kWithin_m = 0.003;
    const figure::Skeleton& s = *animal.skeleton;
    const Vec3 middle = s.at(Joint::kNeck);
    const Vec3 axis = glm::normalize(s.at(Joint::kHead) - s.at(Joint::kSpine3));
    const Vec3 x = glm::normalize(Vec3(0, 0, 1) - axis * axis.z), y = glm::cross(axis, x);
    const MeshLod& skin = animal.skin.lods.front();
    Collar collar{.band = {.colour = kCollarColour, .corners = {}, .indices = {}}};
    const auto ring = [&](double along_m, double out_m, double ahead) {
        const auto radius = girth_m(skin, middle + along_m * axis, axis, x, y, around);
        for (std::size_t k = 0; k < around; ++k) {
            const double turn =
                2 * math::kPi * static_cast<double>(k) / static_cast<double>(around);
            const Vec3 out = std::cos(turn) * x + std::sin(turn) * y;
            collar.band.corners.push_back({middle + along_m * axis + (radius[k] + out_m) * out,
                                           glm::normalize(out + ahead * axis), 1.0});
        }
    };
    ring(-kHalf_m, -kWithin_m, -2);
    ring(-kHalf_m, kThick_m, -0.3);
    ring(kHalf_m, kThick_m, 0.3);
    ring(kHalf_m, -kWithin_m, 2);
    const auto count = static_cast<std::uint32_t>(around);
    for (std::uint32_t r = 0; r < 3; ++r) join_rings(r * count, count, collar.band);
    collar.ring = 0.5 * (collar.band.corners[around].p + collar.band.corners[2 * around].p);
    return collar;
}

// A flat strap that hangs between two places.
Band strap_between(const Vec3& hand, const Vec3& collar, std::size_t steps) {
    constexpr double kHalf_m = 0.008, kThick_m = 0.002, kSag = 0.10;  // over the distance
    Band band{.colour = kStrapColour, .corners = {}, .indices = {}};
    const double sag_m = kSag * glm::distance(hand, collar);
    const auto at = [&](double t) {
        return glm::mix(hand, collar, t) - Vec3(0, 0, 4 * sag_m * t * (1 - t));
    };
    const Vec3 across = glm::normalize(glm::cross(collar - hand, Vec3(0, 0, 1)));
    for (std::size_t k = 0; k <= steps; ++k) {
        const double t = static_cast<double>(k) / static_cast<double>(steps), small = 0.01;
        const Vec3 along = glm::normalize(at(t + small) - at(t - small));
        const Vec3 up = glm::cross(across, along);
        for (const auto& [a, b] : {std::pair(1, 1), {1, -1}, {-1, -1}, {-1, 1}}) {
            band.corners.push_back({at(t) + a * kHalf_m * across + b * kThick_m * up,
                                    glm::normalize(0.4 * a * across + static_cast<double>(b) * up),
                                    t});
        }
    }
    for (std::size_t k = 0; k < steps; ++k) {
        join_rings(static_cast<std::uint32_t>(4 * k), 4, band);
    }
    return band;
}

// What a figure and its companion are, in the pose in which leather is made for them.
struct Pair {
    const Archetype& archetype;
    JointFrames frames;
    SkinRows rows;
    std::size_t hand = 0, neck = 0;  // parts that carry the strap's halves and the collar
};

Pair pair_of(const Archetype& archetype) {
    const engine::world::Figure& own = *archetype.figure;
    const figure::Movement still{.gesture = own.hold};
    Pair pair{archetype, figure_frames(own, still), {}, 0, 0};
    pair.rows = skinning_of(own, pair.frames);
    const auto part = [&](Motion motion, Joint joint) {
        const auto at = std::ranges::find_if(
            archetype.parts, [&](const Part& p) { return p.motion == motion && p.joint == joint; });
        HM_CHECK(at != archetype.parts.end(), "{} lacks {}", archetype.name, figure::name(joint));
        return static_cast<std::size_t>(at - archetype.parts.begin());
    };
    pair.hand = part(Motion::kJoint, Joint::kRightHand);
    pair.neck = part(Motion::kCompanion, Joint::kSpine3);
    return pair;
}

Vertex vertex_at(const Vec3& p, const Vec3& n, const std::array<float, 3>& colour) {
    Vertex v{};
    for (int k = 0; k < 3; ++k) {
        v.p[k] = static_cast<float>(p[k]);
        v.n[k] = static_cast<float>(n[k]);
        v.colour[k] = colour[static_cast<std::size_t>(k)];
    }
    return v;
}

Submesh& leather_of(MeshLod& lod) {
    lod.submeshes.push_back({.material = Material::kLeather,
                             .first_index = static_cast<std::uint32_t>(lod.indices.size())});
    return lod.submeshes.back();
}

// Adds a band to a level of the skin: places at rest from which the joints bring it to where it is.
void add_to_skin(const Band& band, const Pair& pair, MeshLod& lod) {
    const auto first = static_cast<std::uint32_t>(lod.vertices.size());
    const std::uint32_t first_part = pair.archetype.figure->first_part;
    for (const Band::Corner& corner : band.corners) {
        const auto share = static_cast<std::uint8_t>(std::lround(255 * corner.of_animal));
        Binding binding;
        binding.joints[0] = static_cast<std::uint8_t>(Joint::kRightHand);
        binding.joints[1] =
            static_cast<std::uint8_t>(figure::kJointCount + figure::index(Joint::kNeck));
        binding.weights[0] = static_cast<std::uint8_t>(255 - share);
        binding.weights[1] = share;
        const bool hand = corner.of_animal < 0.5;
        binding.part = static_cast<std::uint8_t>((hand ? pair.hand : pair.neck) - first_part);
        const std::array<float, 12> m = blended_rows(pair.rows, binding);
        const auto row = [&](std::size_t k) {
            return glm::dvec3(m[4 * k], m[4 * k + 1], m[4 * k + 2]);
        };
        const glm::dmat3 linear = glm::transpose(glm::dmat3(row(0), row(1), row(2)));
        // Hand and neck would have to look opposite ways for there to be no way back.
        HM_CHECK(std::abs(glm::determinant(linear)) > 0.02, "the lead of {} has no place at rest",
                 pair.archetype.name);
        const glm::dmat3 back = glm::inverse(linear);
        lod.vertices.push_back(vertex_at(back * (corner.p - Vec3(m[3], m[7], m[11])),
                                         glm::normalize(back * corner.n), band.colour));
        lod.bindings.push_back(binding);
    }
    Submesh& submesh = leather_of(lod);
    for (const std::uint32_t i : band.indices) lod.indices.push_back(first + i);
    submesh.index_count = static_cast<std::uint32_t>(band.indices.size());
}

// Adds the triangles of a band that a part carries to its mesh, in the part's frame.
void add_to_piece(const Band& band, const Pair& pair, std::size_t part, MeshLod& lod) {
    const Part& own = pair.archetype.parts[part];
    const std::size_t shift = own.motion == Motion::kCompanion ? figure::kJointCount : 0;
    const auto X_PB = pair.frames[shift + figure::index(own.joint)].inverse();
    const auto first = static_cast<std::uint32_t>(lod.vertices.size());
    for (const Band::Corner& corner : band.corners) {
        lod.vertices.push_back(vertex_at(X_PB * corner.p, X_PB.rotate(corner.n), band.colour));
    }
    Submesh& submesh = leather_of(lod);
    for (std::size_t t = 0; t + 2 < band.indices.size(); t += 3) {
        const bool hand = band.corners[band.indices[t]].of_animal < 0.5;
        if ((hand ? pair.hand : pair.neck) != part) continue;
        for (std::size_t k = t; k < t + 3; ++k) lod.indices.push_back(first + band.indices[k]);
    }
    submesh.index_count = static_cast<std::uint32_t>(lod.indices.size()) - submesh.first_index;
    if (submesh.index_count > 0) return;
    lod.submeshes.pop_back();
    lod.vertices.resize(first);
}

// The middle of what the right fist encloses, in B.
Vec3 right_fist(const JointFrames& frames) {
    Vec3 sum(0);
    for (const Joint joint :
         {Joint::kRightFingers, Joint::kRightFingertips, Joint::kRightThumbTip}) {
        sum += frames[figure::index(joint)].p;
    }
    return sum / 3.0;
}

void add_leather(const CastMember& animal, const Archetype& archetype, StaticScene& scene) {
    constexpr std::array<std::size_t, 3> kSteps = {14, 8, 4}, kAround = {18, 12, 8};
    const Pair pair = pair_of(archetype);
    const std::size_t neck = figure::kJointCount + figure::index(Joint::kNeck);
    const Vec3 at_rest = animal.skeleton->at(Joint::kNeck);
    Mesh& skin = scene.meshes[archetype.figure->skin];
    for (std::size_t i = 0; i < skin.lods.size(); ++i) {
        const std::size_t detail = std::min(i, kSteps.size() - 1);
        Collar collar = collar_of(animal, kAround[detail]);
        const auto placed = [&](const Vec3& p) { return pair.frames[neck] * (p - at_rest); };
        for (Band::Corner& corner : collar.band.corners) {
            corner.p = placed(corner.p);
            corner.n = pair.frames[neck].rotate(corner.n);
        }
        const Band strap =
            strap_between(right_fist(pair.frames), placed(collar.ring), kSteps[detail]);
        for (const Band* band : {&strap, &std::as_const(collar.band)}) {
            add_to_skin(*band, pair, skin.lods[i]);
            // Rays ask for no more than the second level.
            if (i != std::min<std::size_t>(1, skin.lods.size() - 1)) continue;
            for (const std::size_t part : {pair.hand, pair.neck}) {
                Mesh& piece = scene.meshes[archetype.parts[part].mesh];
                add_to_piece(*band, pair, part, piece.lods.front());
                update_bounds(piece);
            }
        }
    }
}

// Appends a level of a skin to another one's; joints and parts count on by so many.
void append_skin(const MeshLod& from, std::size_t joints, std::size_t parts, MeshLod& to) {
    const auto first = static_cast<std::uint32_t>(to.vertices.size());
    const auto first_index = static_cast<std::uint32_t>(to.indices.size());
    to.vertices.insert(to.vertices.end(), from.vertices.begin(), from.vertices.end());
    for (Binding binding : from.bindings) {
        for (std::uint8_t& joint : binding.joints) {
            joint = static_cast<std::uint8_t>(joint + joints);
        }
        binding.part = static_cast<std::uint8_t>(binding.part + parts);
        to.bindings.push_back(binding);
    }
    for (const std::uint32_t i : from.indices) to.indices.push_back(first + i);
    for (Submesh submesh : from.submeshes) {
        submesh.first_index += first_index;
        to.submeshes.push_back(submesh);
    }
    to.error_m = std::max(to.error_m, from.error_m);
}

// The sphere that holds two.
void hold_both(const Vec3& centre, double radius_m, Mesh& mesh) {
    const Vec3 way = centre - mesh.centre;
    const double away = glm::length(way);
    const double radius = std::max(0.5 * (away + radius_m + mesh.radius_m), mesh.radius_m);
    if (away > 0) mesh.centre += way / away * (radius - mesh.radius_m);
    mesh.radius_m = radius;
}

}  // namespace

void add_companion(const CastMember& animal, const Vec3& p_FC, int cycles, Archetype& archetype,
                   StaticScene& scene) {
    engine::world::Figure& own = *archetype.figure;
    own.hold = figure::Gesture::kLead;
    own.companion = Companion{.skeleton = animal.skeleton, .p_FC = p_FC, .cycles = cycles};
    const std::size_t before = archetype.parts.size() - own.first_part;
    for (Part part : animal.parts) {
        part.motion = Motion::kCompanion;
        part.mesh = add_mesh(scene, Mesh(animal.pieces[part.mesh]));
        part.p_BP += own.p_BF + p_FC;
        archetype.parts.push_back(part);
    }
    Mesh& skin = scene.meshes[own.skin];
    for (std::size_t i = 0; i < skin.lods.size(); ++i) {
        const std::size_t level = std::min(i, animal.skin.lods.size() - 1);
        append_skin(animal.skin.lods[level], figure::kJointCount, before, skin.lods[i]);
    }
    hold_both(own.p_BF + p_FC + animal.skin.centre, animal.skin.radius_m, skin);
    add_leather(animal, archetype, scene);
}

}  // namespace huntsman::scenarios::catalogue
