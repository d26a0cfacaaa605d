#include "scenarios/catalogue/cast.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "engine/core/check.h"
#include "engine/core/hash.h"
#include "engine/figure/cast_file.h"
#include "scenarios/catalogue/mesh_builder.h"

// The assembler puts the file that bake_people wrote into the program's read-only data.
__asm__(
    ".pushsection .rodata\n"
    ".balign 64\n"
    "huntsman_cast_begin:\n"
    ".incbin \"" HUNTSMAN_CAST
    "\"\n"
    "huntsman_cast_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" const char huntsman_cast_begin[];
extern "C" const char huntsman_cast_end[];

namespace huntsman::scenarios::catalogue {

namespace figure = engine::figure;
using engine::math::Vec3;
using namespace engine::world;
using figure::Joint;

namespace {

// Joints that move as one piece, where rigid bodies are needed.
constexpr std::array<Joint, 17> kPieces = {
    Joint::kPelvis,        Joint::kSpine3,    Joint::kHead,         Joint::kLeftUpperArm,
    Joint::kLeftLowerArm,  Joint::kLeftHand,  Joint::kLeftFingers,  Joint::kRightUpperArm,
    Joint::kRightLowerArm, Joint::kRightHand, Joint::kRightFingers, Joint::kLeftThigh,
    Joint::kLeftCalf,      Joint::kLeftFoot,  Joint::kRightThigh,   Joint::kRightCalf,
    Joint::kRightFoot};

// The piece that a joint belongs to: its own, or that of the nearest of its ancestors that is one.
std::size_t piece_of(Joint joint) {
    if (joint == Joint::kSpine2 || joint == Joint::kNeck) joint = Joint::kSpine3;
    while (true) {
        const auto at = std::find(kPieces.begin(), kPieces.end(), joint);
        if (at != kPieces.end()) return static_cast<std::size_t>(at - kPieces.begin());
        joint = figure::parent(joint);
    }
}

Material material_of(const figure::Vertex& v) {
    switch (v.matter) {
        case figure::Matter::kSkin:
            return Material::kSkin;
        case figure::Matter::kHair:
            return Material::kHair;
        case figure::Matter::kCloth:
            return v.tint == figure::Tint::kTop ? Material::kCloth : Material::kFabric;
        case figure::Matter::kLeather:
            return Material::kLeather;
        case figure::Matter::kEye:
            return Material::kEye;
        case figure::Matter::kMetal:
            return Material::kMetal;
        case figure::Matter::kPlastic:
            return Material::kGear;
        case figure::Matter::kReflective:
            return Material::kReflector;
        case figure::Matter::kCount:
            break;
    }
    return Material::kGear;
}

Vertex vertex_of(const figure::Vertex& v, const figure::Model& model) {
    Vertex to{};
    std::copy_n(v.p, 3, to.p);
    std::copy_n(v.n, 3, to.n);
    std::copy_n(v.uv, 2, to.uv);
    for (std::size_t k = 0; k < 3; ++k) {
        to.colour[k] = static_cast<float>(v.colour[k]) / 65535.0F;
        if (v.tint == figure::Tint::kBottom) to.colour[k] *= model.tints[1][k];
    }
    return to;
}

// The piece that carries most of a triangle.
std::size_t piece_of_triangle(const figure::Level& level, std::size_t first) {
    std::array<int, kPieces.size()> weight{};
    for (std::size_t i = first; i < first + 3; ++i) {
        const figure::Vertex& v = level.vertices[level.indices[i]];
        for (std::size_t k = 0; k < 4; ++k) {
            weight[piece_of(static_cast<Joint>(v.joints[k]))] += v.weights[k];
        }
    }
    return static_cast<std::size_t>(std::max_element(weight.begin(), weight.end()) -
                                    weight.begin());
}

// A level as the world has it. Triangles stand by material; each begins with a vertex that says
// its piece, of which there may be several in one place.
MeshLod skin_level(const figure::Model& model, const figure::Level& level) {
    MeshLod lod{.error_m = level.error_m};
    std::map<std::pair<std::uint16_t, int>, std::uint32_t> known;  // vertex and piece; -1: any
    const auto vertex = [&](std::uint16_t index, int piece) {
        const auto [at, added] =
            known.try_emplace({index, piece}, static_cast<std::uint32_t>(lod.vertices.size()));
        if (added) {
            const figure::Vertex& v = level.vertices[index];
            lod.vertices.push_back(vertex_of(v, model));
            Binding binding{.part = static_cast<std::uint8_t>(std::max(0, piece))};
            std::copy_n(v.joints, 4, binding.joints);
            std::copy_n(v.weights, 4, binding.weights);
            lod.bindings.push_back(binding);
        }
        return at->second;
    };
    // The vertex that first says a piece is the one that the others share.
    std::map<std::uint16_t, int> says;
    for (std::uint32_t m = 0; m < static_cast<std::uint32_t>(Material::kCount); ++m) {
        Submesh submesh{.material = static_cast<Material>(m),
                        .first_index = static_cast<std::uint32_t>(lod.indices.size())};
        for (std::size_t t = 0; t + 2 < level.indices.size(); t += 3) {
            if (material_of(level.vertices[level.indices[t]]) != submesh.material) continue;
            const int piece = static_cast<int>(piece_of_triangle(level, t));
            // Begin with a corner that says this piece already, or says none yet.
            std::size_t begin = 0;
            for (const bool new_ones : {false, true}) {
                bool found = false;
                for (std::size_t k = 0; k < 3 && !found; ++k) {
                    const auto at = says.find(level.indices[t + k]);
                    found = new_ones ? at == says.end() : at != says.end() && at->second == piece;
                    if (found) begin = k;
                }
                if (found) break;
            }
            for (std::size_t k = 0; k < 3; ++k) {
                const std::uint16_t index = level.indices[t + (begin + k) % 3];
                const auto [at, added] = says.try_emplace(index, piece);
                lod.indices.push_back(vertex(index, k == 0 ? piece : at->second));
            }
        }
        submesh.index_count = static_cast<std::uint32_t>(lod.indices.size()) - submesh.first_index;
        if (submesh.index_count > 0) lod.submeshes.push_back(submesh);
    }
    return lod;
}

// The triangles of a piece, in its joint's frame.
MeshLod piece_level(const figure::Model& model, const MeshLod& skin, std::size_t piece) {
    MeshLod lod{.error_m = skin.error_m};
    std::map<std::uint32_t, std::uint32_t> known;
    const Vec3& origin = model.skeleton.at(kPieces[piece]);
    for (const Submesh& of_skin : skin.submeshes) {
        Submesh submesh{.material = of_skin.material,
                        .first_index = static_cast<std::uint32_t>(lod.indices.size())};
        const std::uint32_t end = of_skin.first_index + of_skin.index_count;
        for (std::uint32_t t = of_skin.first_index; t < end; t += 3) {
            if (skin.bindings[skin.indices[t]].part != piece) continue;
            for (std::uint32_t k = t; k < t + 3; ++k) {
                const auto [at, added] = known.try_emplace(
                    skin.indices[k], static_cast<std::uint32_t>(lod.vertices.size()));
                if (added) {
                    Vertex v = skin.vertices[skin.indices[k]];
                    for (int i = 0; i < 3; ++i) v.p[i] -= static_cast<float>(origin[i]);
                    lod.vertices.push_back(v);
                }
                lod.indices.push_back(at->second);
            }
        }
        submesh.index_count = static_cast<std::uint32_t>(lod.indices.size()) - submesh.first_index;
        if (submesh.index_count > 0) lod.submeshes.push_back(submesh);
    }
    return lod;
}

// How far below the skin, hair and cloth the points lie.
double depth_m(figure::KeyPoint point) {
    using figure::KeyPoint;
    constexpr std::array<double, 9> kDepths = {0.03, 0.03, 0.08, 0.11, 0.09,
                                               0.08, 0.16, 0.11, 0.10};
    const auto k = static_cast<std::size_t>(point);
    return kDepths[(k + 1) / 2];
}

}  // namespace

std::shared_ptr<const CastMember> cast_member(const figure::Model& model) {
    auto member = std::make_shared<CastMember>();
    member->name = model.name;
    member->skeleton = std::make_shared<const figure::Skeleton>(model.skeleton);
    member->hold = model.hold;
    member->skin.name = model.name;
    for (const figure::Level& level : model.levels) {
        member->skin.lods.push_back(skin_level(model, level));
    }
    for (const Vertex& v : member->skin.lods.front().vertices) {
        member->height_m = std::max(member->height_m, static_cast<double>(v.p[2]));
    }
    member->skin.centre = {0, 0, 0.5 * model.skeleton.height_m};
    member->skin.radius_m = static_cast<double>(model.radius_m);
    // Rays ask for no more than the second level.
    const std::size_t level = std::min<std::size_t>(1, member->skin.lods.size() - 1);
    for (std::size_t piece = 0; piece < kPieces.size(); ++piece) {
        Mesh mesh{.name = fmt::format("{} {}", model.name, figure::name(kPieces[piece]))};
        mesh.lods.push_back(piece_level(model, member->skin.lods[level], piece));
        HM_CHECK(!mesh.lods.front().vertices.empty(), "{} has nothing", mesh.name);
        update_bounds(mesh);
        member->parts.push_back({.motion = Motion::kJoint,
                                 .mesh = static_cast<std::uint32_t>(piece),
                                 .p_BP = model.skeleton.at(kPieces[piece]),
                                 .joint = kPieces[piece]});
        member->pieces.push_back(std::move(mesh));
    }
    for (std::size_t k = 0; k < figure::kKeyPointCount; ++k) {
        const auto point = static_cast<figure::KeyPoint>(k);
        const std::size_t piece = piece_of(figure::carrier(point));
        member->body_points.push_back(
            {.part = static_cast<std::uint32_t>(piece),
             .p_P = model.skeleton.key_points[k] - model.skeleton.at(kPieces[piece]),
             .depth_m = depth_m(point)});
    }
    return member;
}

namespace {

std::string_view cast_bytes() {
    return {huntsman_cast_begin, static_cast<std::size_t>(huntsman_cast_end - huntsman_cast_begin)};
}

std::vector<std::shared_ptr<const CastMember>> load_cast() {
    std::vector<std::shared_ptr<const CastMember>> cast;
    if (cast_bytes().empty()) return cast;
    const auto models = figure::read_cast(cast_bytes(), "the program's cast");
    HM_CHECK(models.ok(), "{}", models.error().text());
    for (const figure::Model& model : *models) cast.push_back(cast_member(model));
    return cast;
}

}  // namespace

const std::vector<std::shared_ptr<const CastMember>>& shipped_cast() {
    static const auto cast = load_cast();
    return cast;
}

std::uint64_t shipped_cast_hash() {
    return engine::core::hash_bytes(cast_bytes().data(), cast_bytes().size());
}

void add_figure(const CastMember& member, figure::Activity activity, const Vec3& p_BF,
                Archetype& archetype, StaticScene& scene) {
    const auto first = static_cast<std::uint32_t>(archetype.parts.size());
    archetype.figure = engine::world::Figure{.skeleton = member.skeleton,
                                             .skin = add_mesh(scene, Mesh(member.skin)),
                                             .first_part = first,
                                             .activity = activity,
                                             .hold = member.hold,
                                             .p_BF = p_BF};
    for (Part part : member.parts) {
        part.mesh = add_mesh(scene, Mesh(member.pieces[part.mesh]));
        part.p_BP += p_BF;
        archetype.parts.push_back(part);
    }
    archetype.body_points = member.body_points;
    for (BodyPoint& point : archetype.body_points) point.part += first;
}

}  // namespace huntsman::scenarios::catalogue
