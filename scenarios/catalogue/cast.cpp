#include "scenarios/catalogue/cast.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <span>

#include "engine/core/check.h"
#include "engine/core/hash.h"
#include "engine/figure/cast_file.h"
#include "engine/figure/quadruped.h"
#include "scenarios/catalogue/mesh_builder.h"

// The assembler puts the files that were baked into the program's read-only data.
__asm__(
    ".pushsection .rodata\n"
    ".balign 64\n"
    "huntsman_cast_begin:\n"
    ".incbin \"" HUNTSMAN_CAST
    "\"\n"
    "huntsman_cast_end:\n"
    ".byte 0\n"
    ".balign 64\n"
    "huntsman_animals_begin:\n"
    ".incbin \"" HUNTSMAN_ANIMALS
    "\"\n"
    "huntsman_animals_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" const char huntsman_cast_begin[];
extern "C" const char huntsman_cast_end[];
extern "C" const char huntsman_animals_begin[];
extern "C" const char huntsman_animals_end[];

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
// Of animals; see engine/figure/quadruped.h.
constexpr std::array<Joint, 17> kPiecesOfAnimals = {
    Joint::kPelvis,        Joint::kSpine2,        Joint::kSpine3,       Joint::kHead,
    Joint::kLeftThumb,     Joint::kLeftUpperArm,  Joint::kLeftLowerArm, Joint::kLeftHand,
    Joint::kRightUpperArm, Joint::kRightLowerArm, Joint::kRightHand,    Joint::kLeftThigh,
    Joint::kLeftCalf,      Joint::kLeftFoot,      Joint::kRightThigh,   Joint::kRightCalf,
    Joint::kRightFoot};

std::span<const Joint> pieces_of(const figure::Skeleton& skeleton) {
    if (figure::four_legged(skeleton)) return kPiecesOfAnimals;
    return kPieces;
}

// The piece of each joint: its own, or that of the nearest of its ancestors that has one.
using PieceOf = std::array<std::size_t, figure::kJointCount>;
PieceOf piece_of_joints(const figure::Skeleton& skeleton) {
    const bool person = !figure::four_legged(skeleton);
    const auto pieces = pieces_of(skeleton);
    const figure::Parents& parents = figure::parents_of(skeleton);
    PieceOf piece_of{};
    for (std::size_t j = 0; j < piece_of.size(); ++j) {
        auto joint = static_cast<Joint>(j);
        if (person && (joint == Joint::kSpine2 || joint == Joint::kNeck)) joint = Joint::kSpine3;
        auto at = std::find(pieces.begin(), pieces.end(), joint);
        while (at == pieces.end()) {
            joint = parents[figure::index(joint)];
            at = std::find(pieces.begin(), pieces.end(), joint);
        }
        piece_of[j] = static_cast<std::size_t>(at - pieces.begin());
    }
    return piece_of;
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
        case figure::Matter::kPicture:
            return Material::kPicture;
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
        if (v.matter == figure::Matter::kPicture) {
            to.colour[k] = 1;
            continue;
        }
        to.colour[k] = static_cast<float>(v.colour[k]) / 65535.0F;
        if (v.tint == figure::Tint::kBottom) to.colour[k] *= model.tints[1][k];
    }
    return to;
}

// The piece that carries most of a triangle.
std::size_t piece_of_triangle(const figure::Level& level, const PieceOf& piece_of,
                              std::size_t first) {
    std::array<int, kPieces.size()> weight{};
    for (std::size_t i = first; i < first + 3; ++i) {
        const figure::Vertex& v = level.vertices[level.indices[i]];
        for (std::size_t k = 0; k < 4; ++k) {
            weight[piece_of[v.joints[k]]] += v.weights[k];
        }
    }
    return static_cast<std::size_t>(std::max_element(weight.begin(), weight.end()) -
                                    weight.begin());
}

// A level as the world has it. Triangles stand by material; each begins with a vertex that says
// its piece, of which there may be several in one place.
MeshLod skin_level(const figure::Model& model, const figure::Level& level,
                   const PieceOf& piece_of) {
    MeshLod lod{.error_m = level.error_m};
    // What was made of each vertex for each piece.
    std::vector<std::uint32_t> made(level.vertices.size() * kPieces.size(), kNone);
    const auto vertex = [&](std::uint16_t index, std::size_t piece) {
        std::uint32_t& at = made[index * kPieces.size() + piece];
        if (at == kNone) {
            at = static_cast<std::uint32_t>(lod.vertices.size());
            const figure::Vertex& v = level.vertices[index];
            lod.vertices.push_back(vertex_of(v, model));
            Binding binding{.part = static_cast<std::uint8_t>(piece)};
            std::copy_n(v.joints, 4, binding.joints);
            std::copy_n(v.weights, 4, binding.weights);
            lod.bindings.push_back(binding);
        }
        return at;
    };
    // The vertex that first says a piece is the one that the others share.
    constexpr std::size_t kSilent = kPieces.size();
    std::vector<std::size_t> says(level.vertices.size(), kSilent);
    std::map<std::pair<Material, std::uint32_t>, std::vector<std::size_t>> triangles;
    for (std::size_t t = 0; t + 2 < level.indices.size(); t += 3) {
        const figure::Vertex& v = level.vertices[level.indices[t]];
        const Material material = material_of(v);
        triangles[{material, material == Material::kPicture ? v.colour[0] : 0U}].push_back(t);
    }
    for (const auto& [key, of_key] : triangles) {
        Submesh submesh{.material = key.first,
                        .first_index = static_cast<std::uint32_t>(lod.indices.size()),
                        .picture = key.second};
        for (const std::size_t t : of_key) {
            const std::size_t piece = piece_of_triangle(level, piece_of, t);
            // Begin with a corner that says this piece already, or says none yet.
            std::size_t begin = 0;
            for (const bool new_ones : {false, true}) {
                bool found = false;
                for (std::size_t k = 0; k < 3 && !found; ++k) {
                    found = says[level.indices[t + k]] == (new_ones ? kSilent : piece);
                    if (found) begin = k;
                }
                if (found) break;
            }
            for (std::size_t k = 0; k < 3; ++k) {
                const std::uint16_t index = level.indices[t + (begin + k) % 3];
                if (says[index] == kSilent) says[index] = piece;
                lod.indices.push_back(vertex(index, k == 0 ? piece : says[index]));
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
    const Vec3& origin = model.skeleton.at(pieces_of(model.skeleton)[piece]);
    for (const Submesh& of_skin : skin.submeshes) {
        Submesh submesh{.material = of_skin.material,
                        .first_index = static_cast<std::uint32_t>(lod.indices.size()),
                        .picture = of_skin.picture};
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

void add_body_points(const figure::Model& model, const PieceOf& piece_of, CastMember& member) {
    for (std::size_t k = 0; k < figure::kKeyPointCount; ++k) {
        const auto point = static_cast<figure::KeyPoint>(k);
        const std::size_t piece = piece_of[figure::index(figure::carrier(point))];
        member.body_points.push_back(
            {.part = static_cast<std::uint32_t>(piece),
             .p_P = model.skeleton.key_points[k] - model.skeleton.at(kPieces[piece]),
             .depth_m = depth_m(point)});
    }
}

}  // namespace

std::shared_ptr<const CastMember> cast_member(const figure::Model& model,
                                              const Pictures& pictures) {
    auto member = std::make_shared<CastMember>();
    const PieceOf piece_of = piece_of_joints(model.skeleton);
    member->name = model.name;
    member->skeleton = std::make_shared<const figure::Skeleton>(model.skeleton);
    member->hold = model.hold;
    member->skin.name = model.name;
    member->skin.pictures = pictures;
    for (const figure::Level& level : model.levels) {
        member->skin.lods.push_back(skin_level(model, level, piece_of));
    }
    Vec3 low(1e9), high(-1e9);
    for (const Vertex& v : member->skin.lods.front().vertices) {
        const Vec3 p(v.p[0], v.p[1], v.p[2]);
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    member->height_m = high.z;
    member->size_m = high - low;
    member->skin.centre = {0, 0, 0.5 * model.skeleton.height_m};
    member->skin.radius_m = static_cast<double>(model.radius_m);
    // Rays ask for no more than the second level.
    const std::size_t level = std::min<std::size_t>(1, member->skin.lods.size() - 1);
    const auto pieces = pieces_of(model.skeleton);
    for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
        Mesh mesh{.name = fmt::format("{} {}", model.name, figure::name(pieces[piece])),
                  .pictures = pictures};
        mesh.lods.push_back(piece_level(model, member->skin.lods[level], piece));
        HM_CHECK(!mesh.lods.front().vertices.empty(), "{} has nothing", mesh.name);
        update_bounds(mesh);
        member->parts.push_back({.motion = Motion::kJoint,
                                 .mesh = static_cast<std::uint32_t>(piece),
                                 .p_BP = model.skeleton.at(pieces[piece]),
                                 .joint = pieces[piece]});
        member->pieces.push_back(std::move(mesh));
    }
    if (!figure::four_legged(model.skeleton)) add_body_points(model, piece_of, *member);
    return member;
}

namespace {

std::string_view cast_bytes() {
    return {huntsman_cast_begin, static_cast<std::size_t>(huntsman_cast_end - huntsman_cast_begin)};
}

std::string_view animal_bytes() {
    return {huntsman_animals_begin,
            static_cast<std::size_t>(huntsman_animals_end - huntsman_animals_begin)};
}

// Those of the file, by name.
std::map<std::string, figure::Model, std::less<>> load_animals() {
    const auto models = figure::read_cast(animal_bytes(), "the program's animals");
    HM_CHECK(models.ok(), "{}", models.error().text());
    std::map<std::string, figure::Model, std::less<>> animals;
    for (const figure::Model& model : *models) animals.emplace(model.name, model);
    return animals;
}

const std::map<std::string, figure::Model, std::less<>>& animal_models() {
    static const auto animals = load_animals();
    return animals;
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

const std::vector<std::string>& shipped_animals() {
    static const auto names = [] {
        std::vector<std::string> list;
        for (const auto& [name, model] : animal_models()) list.push_back(name);
        return list;
    }();
    return names;
}

std::shared_ptr<const CastMember> shipped_animal(std::string_view name) {
    static std::mutex mutex;
    static std::map<std::string, std::shared_ptr<const CastMember>, std::less<>> made;
    const std::scoped_lock lock(mutex);
    const auto known = made.find(name);
    if (known != made.end()) return known->second;
    const auto model = animal_models().find(name);
    if (model == animal_models().end()) return nullptr;
    return made.emplace(name, cast_member(model->second)).first->second;
}

std::uint64_t shipped_cast_hash() {
    const std::uint64_t people = engine::core::hash_bytes(cast_bytes().data(), cast_bytes().size());
    return engine::core::hash_bytes(animal_bytes().data(), animal_bytes().size(), people);
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
    scene.meshes[archetype.figure->skin].centre += p_BF;
    for (Part part : member.parts) {
        part.mesh = add_mesh(scene, Mesh(member.pieces[part.mesh]));
        part.p_BP += p_BF;
        archetype.parts.push_back(part);
    }
    archetype.body_points = member.body_points;
    for (BodyPoint& point : archetype.body_points) point.part += first;
}

}  // namespace huntsman::scenarios::catalogue
