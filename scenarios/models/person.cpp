#include "scenarios/models/person.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "engine/import/import.h"
#include "engine/import/picture.h"
#include "scenarios/models/build.h"
#include "scenarios/models/skin.h"
#include "scenarios/models/texture.h"
#include "scenarios/people/levels.h"

namespace huntsman::scenarios::models {

using engine::core::Error;
using engine::core::Findings;
using engine::core::Result;
using engine::core::Severity;
using engine::figure::index;
using engine::figure::Joint;
using engine::figure::KeyPoint;
using engine::figure::kJointCount;
using engine::figure::kKeyPointCount;
using engine::figure::Matter;
using FigureSide = engine::figure::Side;
using engine::figure::Skeleton;
using engine::import::Material;
using engine::math::Vec3;
using engine::world::Picture;

namespace {

// What a material without a texture is, by its name.
Matter matter_of(std::string_view name) {
    std::string small(name);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto has = [&](std::string_view part) { return small.find(part) != small.npos; };
    if (has("eye") && !has("brow") && !has("lash")) return Matter::kEye;
    if (has("skin") || has("body") || has("face") || has("head")) return Matter::kSkin;
    if (has("hair") || has("brow") || has("lash") || has("beard")) return Matter::kHair;
    if (has("shoe") || has("boot") || has("leather") || has("belt")) return Matter::kLeather;
    if (has("metal") || has("chrome")) return Matter::kMetal;
    if (has("glass") || has("plastic")) return Matter::kPlastic;
    return Matter::kCloth;
}

// Gives the points of a skin what they are made of.
class Dresser {
  public:
    Dresser(const engine::import::Files& files, const engine::import::Model& model,
            BuiltPerson& person, Findings& findings)
        : files_(files), model_(model), person_(person), findings_(findings) {
        numbers_.assign(model.materials.size(), kUnread);
    }

    void dress(Skin& skin) {
        for (Skin::Part& part : skin.parts) {
            const Material& material = model_.materials[part.material];
            const int picture = part.has_uv ? number_of(part.material) : kNone;
            for (people::Point& point : part.piece.points) {
                point.importance = importance(point);
                if (picture >= 0) {
                    point.matter = Matter::kPicture;
                    point.colour = {picture / 65535.0, 0, 0};
                    continue;
                }
                point.matter = matter_of(material.name);
                for (int k = 0; k < 3; ++k) {
                    point.colour[k] =
                        static_cast<double>(material.colour[static_cast<std::size_t>(k)]);
                }
            }
        }
    }

  private:
    static constexpr int kUnread = -2, kNone = -1;

    // Faces and hands are looked at most.
    static double importance(const people::Point& point) {
        const Joint joint = point.carried.joints[0];
        return joint == Joint::kHead || joint == Joint::kLeftHand || joint == Joint::kRightHand
                   ? 2.5
                   : 1;
    }

    int number_of(std::uint32_t material) {
        int& number = numbers_[material];
        if (number != kUnread) return number;
        number = kNone;
        const Material& own = model_.materials[material];
        if (own.texture.empty()) return number;
        const auto image = engine::import::read_texture(files_, model_, own);
        if (!image) {
            findings_.add(Severity::kWarning, 0, "model.texture", image.error().text());
            return number;
        }
        number = static_cast<int>(person_.pictures.size());
        person_.pictures.push_back(make_picture(*image, own, Picture::Gloss::kDielectric));
        return number;
    }

    const engine::import::Files& files_;
    const engine::import::Model& model_;
    BuiltPerson& person_;
    Findings& findings_;
    std::vector<int> numbers_;  // of pictures, by material
};

// The point of the skin that lies farthest along `way` in a window about a place; the place itself
// where there is none.
Vec3 outermost(const Skin& skin, Joint carrier, const Vec3& about, const Vec3& half,
               const Vec3& way) {
    Vec3 best = about;
    double most = -1e9;
    for (const auto& part : skin.parts) {
        for (const auto& point : part.piece.points) {
            const Vec3 away = glm::abs(point.p - about);
            if (point.carried.joints[0] != carrier || away.x > half.x || away.y > half.y ||
                away.z > half.z) {
                continue;
            }
            if (glm::dot(point.p, way) > most) most = glm::dot(point.p, way), best = point.p;
        }
    }
    return best;
}

// Those of the face lie on the skin, the others at the joints.
void set_key_points(const Skin& skin, Skeleton& skeleton) {
    const Skeleton mean = engine::figure::mean_skeleton(skeleton.height_m);
    const Vec3 head = skeleton.at(Joint::kHead);
    const double factor = (skeleton.height_m - head.z) / (mean.height_m - mean.at(Joint::kHead).z);
    for (std::size_t k = 0; k < kKeyPointCount; ++k) {
        const Joint carrier = engine::figure::carrier(static_cast<KeyPoint>(k));
        const Vec3 away = mean.key_points[k] - mean.at(carrier);
        skeleton.key_points[k] =
            skeleton.at(carrier) + (carrier == Joint::kHead ? factor : 1) * away;
    }
    const auto point = [&](KeyPoint key) -> Vec3& {
        return skeleton.key_points[static_cast<std::size_t>(key)];
    };
    point(KeyPoint::kLeftEye) = skeleton.at(Joint::kLeftEye);
    point(KeyPoint::kRightEye) = skeleton.at(Joint::kRightEye);
    point(KeyPoint::kNose) =
        outermost(skin, Joint::kHead, point(KeyPoint::kNose), {0.08, 0.02, 0.03}, {1, 0, 0});
    for (const auto& [ear, way] :
         {std::pair(KeyPoint::kLeftEar, 1.0), {KeyPoint::kRightEar, -1.0}}) {
        const Vec3 found =
            outermost(skin, Joint::kHead, point(ear), {0.03, 0.06, 0.03}, {0, way, 0});
        point(ear).y = found.y - 0.01 * way;
    }
}

// Where the soles touch the ground.
void set_soles(const Skin& skin, Skeleton& skeleton) {
    constexpr double kSole_m = 0.03;  // above the ground
    for (const FigureSide side : {FigureSide::kLeft, FigureSide::kRight}) {
        const Joint foot = engine::figure::of(side, Joint::kLeftFoot);
        const Joint toes = engine::figure::of(side, Joint::kLeftToes);
        Vec3 low(1e9), high(-1e9);
        for (const auto& part : skin.parts) {
            for (const auto& point : part.piece.points) {
                const Joint carrier = point.carried.joints[0];
                if ((carrier != foot && carrier != toes) || point.p.z > kSole_m) continue;
                low = glm::min(low, point.p);
                high = glm::max(high, point.p);
            }
        }
        const Vec3 ankle = skeleton.at(foot), ball = skeleton.at(toes);
        if (low.x > high.x) {
            low = ankle - Vec3(0.06, 0, 0);
            high = ball + Vec3(0.06, 0, 0);
        }
        const std::size_t k = side == FigureSide::kLeft ? 0 : 1;
        skeleton.heels[k] = {low.x, ankle.y, 0};
        skeleton.balls[k] = {std::min(ball.x, high.x), ball.y, 0};
        skeleton.tips[k] = {high.x, ball.y, 0};
    }
}

// Each part of the body that moves has a triangle, so that rays and labels find it.
engine::core::Status check_parts(const engine::figure::Model& model) {
    for (const Joint joint : {Joint::kHead, Joint::kLeftUpperArm, Joint::kLeftLowerArm,
                              Joint::kLeftHand, Joint::kLeftFingers, Joint::kLeftThigh,
                              Joint::kLeftCalf, Joint::kLeftFoot, Joint::kPelvis}) {
        for (const Joint own : {joint, engine::figure::mirrored(joint)}) {
            const auto& vertices = model.levels[1].vertices;
            const bool found = std::any_of(vertices.begin(), vertices.end(), [own](const auto& v) {
                return static_cast<Joint>(v.joints[0]) == own;
            });
            if (found) continue;
            return Error{.message = fmt::format("has no part of its skin that moves with {} most, "
                                                "expected weights for it",
                                                engine::figure::name(own))};
        }
    }
    return {};
}

}  // namespace

Result<BuiltPerson> build_person(const Description& d, Findings& findings) {
    const auto error = [&](const Error& e) {
        return Error{.message = e.message,
                     .kind = e.kind,
                     .file = e.file.empty() ? (d.folder / (d.name + ".json")).string() : e.file};
    };
    HM_TAKE(const auto files, open_files(d));
    HM_TAKE(const auto model, engine::import::read_model(files));
    for (const auto& f : model.findings) findings.add(f.severity, f.line, f.rule, f.message);
    const auto matched = match_joints(model, d.joints);
    if (!matched) return error(matched.error());
    auto skin = skin_of(model, *matched, d);
    if (!skin) return error(skin.error());
    complete_joints(*skin);
    bring_to_rest(*skin);

    BuiltPerson person;
    for (std::size_t j = 0; j < kJointCount; ++j) {
        const std::uint32_t node = matched->node_of[j];
        if (node == engine::import::kNoIndex) continue;
        person.nodes.emplace_back(static_cast<Joint>(j), model.nodes[node].name);
    }
    Dresser(files, model, person, findings).dress(*skin);
    const Box box = box_of(*skin);
    person.length_m = box.high.x - box.low.x;
    person.width_m = box.high.y - box.low.y;
    person.model.name = d.name;
    Skeleton& skeleton = person.model.skeleton;
    skeleton.joints = skin->joints;
    skeleton.height_m = box.high.z;
    set_key_points(*skin, skeleton);
    set_soles(*skin, skeleton);
    std::vector<people::Piece> pieces;
    for (Skin::Part& part : skin->parts) {
        part.piece.most.fill(part.piece.faces.size());
        pieces.push_back(std::move(part.piece));
    }
    people::add_levels(person.model, pieces, kPersonBudgets);
    if (const auto status = check_parts(person.model); !status) return error(status.error());
    return person;
}

std::string person_report(const BuiltPerson& person) {
    const Skeleton& s = person.model.skeleton;
    std::string text = fmt::format("height {:.3f} m, {:.2f} m wide and {:.2f} m long at rest\n",
                                   s.height_m, person.width_m, person.length_m);
    text += "joints\n";
    for (const auto& [joint, node] : person.nodes) {
        const Vec3& p = s.at(joint);
        text += fmt::format("  {:<16} {:<28} {:7.3f} {:7.3f} {:7.3f} m\n",
                            engine::figure::name(joint), node, p.x, p.y, p.z);
    }
    text += fmt::format("textures {}\n", person.pictures.size());
    for (const auto& picture : person.pictures) {
        text += fmt::format("  {:<24} {} x {} pixels\n", picture->name, picture->size_px,
                            picture->size_px);
    }
    text += "triangles";
    for (const auto& level : person.model.levels) {
        text += fmt::format(" {}", level.indices.size() / 3);
    }
    return text + '\n';
}

}  // namespace huntsman::scenarios::models
