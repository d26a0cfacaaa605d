#include "scenarios/people/body.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/figure/ik.h"

namespace huntsman::scenarios::people {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::figure::Joint;
using engine::figure::KeyPoint;
using engine::figure::Skeleton;
using engine::math::Vec3;

namespace {

constexpr double kDensity_kg_m3 = 985;  // of the human body with air in the lungs

// Shares of a value between the anchors of a row of named shapes.
struct Shape {
    const char* name;  // empty: no target
    double share;
};
std::vector<Shape> between(const std::vector<std::pair<double, const char*>>& anchors,
                           double value) {
    if (value <= anchors.front().first) return {{anchors.front().second, 1.0}};
    for (std::size_t i = 1; i < anchors.size(); ++i) {
        if (value > anchors[i].first) continue;
        const double share =
            (value - anchors[i - 1].first) / (anchors[i].first - anchors[i - 1].first);
        return {{anchors[i - 1].second, 1 - share}, {anchors[i].second, share}};
    }
    return {{anchors.back().second, 1.0}};
}

// Adds targets to vertices; the first error stays.
class Blend {
  public:
    Blend(BodyData& data, std::vector<Vec3>& vertices) : data_(data), vertices_(vertices) {}
    void add(const std::string& name, double strength) {
        if (std::abs(strength) < 1e-4 || !status_.ok()) return;
        const auto target = data_.target(name);
        if (!target.ok()) {
            status_ = target.error();
            return;
        }
        const Target& of = *target.value();
        for (std::size_t i = 0; i < of.vertices.size(); ++i) {
            vertices_[of.vertices[i]] += of.shifts[i] * strength;
        }
    }
    const Status& status() const { return status_; }

  private:
    BodyData& data_;
    std::vector<Vec3>& vertices_;
    Status status_;
};

// The macro targets: products of the shares of their words.
void add_macros(Blend& blend, const BodyParameters& p, double weight) {
    const auto ages =
        between({{1, "baby"}, {11, "child"}, {25, "young"}, {90, "old"}}, p.age_years);
    const std::array<Shape, 2> sexes{{{"female", 1 - p.male}, {"male", p.male}}};
    const auto muscles =
        between({{0, "minmuscle"}, {0.5, "averagemuscle"}, {1, "maxmuscle"}}, p.muscle);
    const auto weights =
        between({{0, "minweight"}, {0.5, "averageweight"}, {1, "maxweight"}}, weight);
    const auto proportions =
        between({{0, "uncommonproportions"}, {0.5, ""}, {1, "idealproportions"}}, p.proportions);
    const double sum = std::max(1e-9, p.african + p.asian + p.european);
    const std::array<Shape, 3> origins{
        {{"african", p.african / sum}, {"asian", p.asian / sum}, {"caucasian", p.european / sum}}};
    for (const Shape& age : ages) {
        for (const Shape& sex : sexes) {
            for (const Shape& origin : origins) {
                blend.add(fmt::format("macrodetails/{}-{}-{}", origin.name, sex.name, age.name),
                          origin.share * sex.share * age.share);
            }
            for (const Shape& muscle : muscles) {
                for (const Shape& fat : weights) {
                    const double share = age.share * sex.share * muscle.share * fat.share;
                    const std::string build =
                        fmt::format("{}-{}-{}-{}", sex.name, age.name, muscle.name, fat.name);
                    blend.add("macrodetails/universal-" + build, share);
                    for (const Shape& proportion : proportions) {
                        // Of babies there are none.
                        if (*proportion.name == '\0' || age.name == std::string_view("baby")) {
                            continue;
                        }
                        blend.add(
                            fmt::format("macrodetails/proportions/{}-{}", build, proportion.name),
                            share * proportion.share);
                    }
                }
            }
        }
    }
}

Vec3 middle_of(const BodyData& data, const std::vector<Vec3>& vertices, const std::string& group) {
    const auto& quads = data.group(group);
    HM_CHECK(!quads.empty(), "the base mesh has no group {}", group);
    Vec3 low(1e9), high(-1e9);
    for (const Quad& quad : quads) {
        for (const Corner& corner : quad) {
            low = glm::min(low, vertices[corner.vertex]);
            high = glm::max(high, vertices[corner.vertex]);
        }
    }
    return 0.5 * (low + high);
}

// Brings the fingers together: at rest the base mesh spreads them, and here they move as one.
void close_fingers(const BodyData& data, std::vector<Vec3>& vertices) {
    constexpr double kClosed = 0.75;
    for (const engine::figure::Side side :
         {engine::figure::Side::kLeft, engine::figure::Side::kRight}) {
        const char* prefix = side == engine::figure::Side::kLeft ? "joint-l" : "joint-r";
        std::array<Vec3, 4> roots, ways;
        for (std::size_t k = 0; k < 4; ++k) {
            roots[k] = middle_of(data, vertices, fmt::format("{}-finger-{}-1", prefix, k + 2));
            ways[k] = glm::normalize(
                middle_of(data, vertices, fmt::format("{}-finger-{}-4", prefix, k + 2)) - roots[k]);
        }
        const Vec3 middle = glm::normalize(ways[1] + ways[2]);
        // Only sideways, in the plane of the palm.
        const Vec3 across = glm::normalize(roots[3] - roots[0]);
        for (std::size_t k = 0; k < 4; ++k) {
            const Vec3 aim = ways[k] - across * (kClosed * glm::dot(ways[k] - middle, across));
            const auto turn = engine::figure::turn_between(ways[k], aim);
            const std::vector<float>& share = data.finger(side, k);
            for (std::size_t v = 0; v < vertices.size(); ++v) {
                if (share[v] <= 0) continue;
                const Vec3 moved = roots[k] + turn * (vertices[v] - roots[k]);
                vertices[v] =
                    glm::mix(vertices[v], moved, std::min(1.0, static_cast<double>(share[v])));
            }
        }
    }
}

// The groups of cubes whose middles are a joint's place.
const std::vector<std::pair<Joint, std::vector<const char*>>>& cubes() {
    static const std::vector<std::pair<Joint, std::vector<const char*>>> kCubes = {
        {Joint::kPelvis, {"pelvis"}},
        {Joint::kSpine1, {"spine-4"}},
        {Joint::kSpine2, {"spine-3"}},
        {Joint::kSpine3, {"spine-2"}},
        {Joint::kNeck, {"neck"}},
        {Joint::kHead, {"head"}},
        {Joint::kLeftEye, {"l-eye"}},
        {Joint::kLeftClavicle, {"l-clavicle"}},
        {Joint::kLeftUpperArm, {"l-shoulder"}},
        {Joint::kLeftLowerArm, {"l-elbow"}},
        {Joint::kLeftHand, {"l-hand"}},
        {Joint::kLeftFingers, {"l-finger-2-1", "l-finger-3-1", "l-finger-4-1", "l-finger-5-1"}},
        {Joint::kLeftFingertips, {"l-finger-2-2", "l-finger-3-2", "l-finger-4-2", "l-finger-5-2"}},
        {Joint::kLeftThumb, {"l-finger-1-1"}},
        {Joint::kLeftThumbTip, {"l-finger-1-3"}},
        {Joint::kLeftThigh, {"l-upper-leg"}},
        {Joint::kLeftCalf, {"l-knee"}},
        {Joint::kLeftFoot, {"l-ankle"}},
        {Joint::kLeftToes, {"l-foot-1"}}};
    return kCubes;
}

void fit_joints(const BodyData& data, const std::vector<Vec3>& vertices, Skeleton& skeleton) {
    for (const auto& [joint, names] : cubes()) {
        Vec3 left(0), right(0);
        for (const std::string name : names) {
            const std::string other = name.starts_with("l-") ? "r-" + name.substr(2) : name;
            left += middle_of(data, vertices, "joint-" + name);
            right += middle_of(data, vertices, "joint-" + other);
        }
        const double count = static_cast<double>(names.size());
        skeleton.joints[index(joint)] = left / count;
        skeleton.joints[index(engine::figure::mirrored(joint))] = right / count;
    }
}

// Soles and key points from the body's surface.
void fit_points(const BodyData& data, const Body& body, Skeleton& skeleton) {
    double nose_x = -1e9;
    Vec3 nose(0);
    std::array<Vec3, 2> ears{Vec3(0), Vec3(0)};
    std::array<double, 2> ear_counts{0, 0};
    std::array<double, 2> heel_x{1e9, 1e9}, tip_x{-1e9, -1e9};
    const double eye_z = skeleton.at(Joint::kLeftEye).z;
    const double head_z = skeleton.at(Joint::kHead).z;
    const double foot_z = skeleton.at(Joint::kLeftFoot).z;
    const auto& ear_mask = data.mask("ears");
    for (const Quad& quad : data.group("body")) {
        for (const Corner& corner : quad) {
            const Vec3& v = body.vertices[corner.vertex];
            const std::size_t side = v.y > 0 ? 0 : 1;
            if (v.z < eye_z && v.z > 0.6 * head_z + 0.4 * eye_z && std::abs(v.y) < 0.02 &&
                v.x > nose_x) {
                nose_x = v.x;
                nose = v;
            }
            if (ear_mask[corner.vertex] > 0.5F) {
                ears[side] += v;
                ear_counts[side] += 1;
            }
            if (v.z < foot_z) {
                heel_x[side] = std::min(heel_x[side], v.x);
                tip_x[side] = std::max(tip_x[side], v.x);
            }
        }
    }
    for (std::size_t k = 0; k < engine::figure::kKeyPointCount; ++k) {
        skeleton.key_points[k] = skeleton.at(carrier(static_cast<KeyPoint>(k)));
    }
    const auto set = [&](KeyPoint key, const Vec3& p) {
        skeleton.key_points[static_cast<std::size_t>(key)] = p;
    };
    set(KeyPoint::kNose, nose - Vec3(0.008, 0, 0));
    // Just below the pupils.
    const double eyes = glm::distance(skeleton.at(Joint::kLeftEye), skeleton.at(Joint::kRightEye));
    set(KeyPoint::kLeftEye, skeleton.at(Joint::kLeftEye) + Vec3(0.14 * eyes, 0, 0));
    set(KeyPoint::kRightEye, skeleton.at(Joint::kRightEye) + Vec3(0.14 * eyes, 0, 0));
    for (std::size_t side = 0; side < 2; ++side) {
        set(side == 0 ? KeyPoint::kLeftEar : KeyPoint::kRightEar,
            ears[side] / std::max(1.0, ear_counts[side]));
        const Vec3& ankle = skeleton.at(side == 0 ? Joint::kLeftFoot : Joint::kRightFoot);
        const Vec3& toes = skeleton.at(side == 0 ? Joint::kLeftToes : Joint::kRightToes);
        skeleton.heels[side] = {heel_x[side] + 0.02, ankle.y, 0};
        skeleton.balls[side] = {toes.x, toes.y, 0};
        skeleton.tips[side] = {tip_x[side], toes.y, 0};
    }
}

void add_normals(const BodyData& data, Body& body) {
    body.normals.assign(body.vertices.size(), Vec3(0));
    for (const Quad& q : data.group("body")) {
        const Vec3 n = glm::cross(body.vertices[q[2].vertex] - body.vertices[q[0].vertex],
                                  body.vertices[q[3].vertex] - body.vertices[q[1].vertex]);
        for (const Corner& corner : q) body.normals[corner.vertex] += n;
    }
    for (Vec3& n : body.normals) {
        if (glm::dot(n, n) > 0) n = glm::normalize(n);
    }
}

// Shapes the vertices with a weight of 0 to 1 and brings them to the stature.
Status shape(BodyData& data, const BodyParameters& p, double weight, std::vector<Vec3>& vertices) {
    vertices = data.vertices();
    Blend blend(data, vertices);
    add_macros(blend, p, weight);
    for (const auto& [name, strength] : p.features) {
        blend.add(name, strength);
        const std::size_t at = name.find("/l-");
        if (at == std::string::npos) continue;
        std::string other = name;
        blend.add(other.replace(at, 3, "/r-"), strength);
    }
    if (!blend.status().ok()) return blend.status();
    double low = 1e9, high = -1e9;
    for (const Quad& quad : data.group("body")) {
        for (const Corner& corner : quad) {
            low = std::min(low, vertices[corner.vertex].z);
            high = std::max(high, vertices[corner.vertex].z);
        }
    }
    const Vec3 ground = middle_of(data, vertices, "joint-pelvis");
    const double scale = p.height_m / (high - low);
    for (Vec3& v : vertices) v = (v - Vec3(ground.x, 0, low)) * scale;
    return {};
}

}  // namespace

double volume_m3(const BodyData& data, const std::vector<Vec3>& vertices) {
    double six = 0;
    for (const Quad& q : data.group("body")) {
        const Vec3 &a = vertices[q[0].vertex], &b = vertices[q[1].vertex],
                   &c = vertices[q[2].vertex], &d = vertices[q[3].vertex];
        six += glm::dot(a, glm::cross(b, c)) + glm::dot(a, glm::cross(c, d));
    }
    return six / 6;
}

Result<Body> make_body(BodyData& data, const BodyParameters& parameters) {
    const BodyParameters& p = parameters;
    for (const double value : {p.age_years, p.male, p.height_m, p.mass_kg, p.muscle, p.proportions,
                               p.african + p.asian + p.european}) {
        if (!std::isfinite(value)) return Error{.message = "a body's parameter is not finite"};
    }
    if (p.height_m < 0.4 || p.height_m > 2.5) {
        return Error{.message = fmt::format("a stature of {} m, expected 0.4 to 2.5", p.height_m)};
    }
    Body body;
    body.parameters = p;
    // Build that gives the mass: first the weight grows, then muscle gives way to fat, which is
    // how the targets reach heavy bodies. The volume grows with both.
    double low = 0, high = 2;
    for (int round = 0; round < 14; ++round) {
        const double build = 0.5 * (low + high);
        BodyParameters with = p;
        with.muscle = p.muscle * std::min(1.0, 2 - build);
        HM_TRY(shape(data, with, std::min(1.0, build), body.vertices));
        body.mass_kg = kDensity_kg_m3 * volume_m3(data, body.vertices);
        (body.mass_kg < p.mass_kg ? low : high) = build;
    }
    close_fingers(data, body.vertices);
    add_normals(data, body);
    body.skeleton.height_m = p.height_m;
    body.skeleton.age_years = p.age_years;
    fit_joints(data, body.vertices, body.skeleton);
    fit_points(data, body, body.skeleton);
    // Arms hang beside the hips: how far these stand out beyond the shoulders' joints.
    double wide = 0;
    const Skeleton& s = body.skeleton;
    for (const Quad& quad : data.group("helper-skirt")) {
        const Vec3& v = body.vertices[quad[0].vertex];
        const double hip = s.at(Joint::kLeftThigh).z;
        if (v.z > hip - 0.06 * p.height_m && v.z < hip + 0.08 * p.height_m) {
            wide = std::max(wide, v.y);
        }
    }
    const Vec3& shoulder = s.at(Joint::kLeftUpperArm);
    body.skeleton.girth_rad = std::clamp(
        std::atan((wide + 0.035 - shoulder.y) / (shoulder.z - s.at(Joint::kLeftThigh).z)) - 0.11,
        -0.05, 0.35);
    return body;
}

const std::vector<Feature>& face_features() {
    static const std::vector<Feature> kFeatures = {
        {"nose/nose-hump-decr", "nose/nose-hump-incr", 0.3},
        {"nose/nose-scale-vert-decr", "nose/nose-scale-vert-incr", 0.25},
        {"nose/nose-scale-horiz-decr", "nose/nose-scale-horiz-incr", 0.25},
        {"nose/nose-scale-depth-decr", "nose/nose-scale-depth-incr", 0.25},
        {"nose/nose-point-down", "nose/nose-point-up", 0.25},
        {"nose/nose-base-down", "nose/nose-base-up", 0.2},
        {"chin/chin-height-decr", "chin/chin-height-incr", 0.25},
        {"chin/chin-width-decr", "chin/chin-width-incr", 0.25},
        {"chin/chin-prominent-decr", "chin/chin-prominent-incr", 0.2},
        {"chin/chin-bones-decr", "chin/chin-bones-incr", 0.25},
        {"mouth/mouth-scale-horiz-decr", "mouth/mouth-scale-horiz-incr", 0.2},
        {"mouth/mouth-upperlip-volume-decr", "mouth/mouth-upperlip-volume-incr", 0.25},
        {"mouth/mouth-lowerlip-volume-decr", "mouth/mouth-lowerlip-volume-incr", 0.25},
        {"mouth/mouth-angles-down", "mouth/mouth-angles-up", 0.2},
        {"eyes/l-eye-scale-decr", "eyes/l-eye-scale-incr", 0.2},
        {"eyes/l-eye-trans-in", "eyes/l-eye-trans-out", 0.2},
        {"eyes/l-eye-corner2-down", "eyes/l-eye-corner2-up", 0.3},
        {"eyebrows/eyebrows-trans-down", "eyebrows/eyebrows-trans-up", 0.25},
        {"cheek/l-cheek-volume-decr", "cheek/l-cheek-volume-incr", 0.3},
        {"cheek/l-cheek-bones-decr", "cheek/l-cheek-bones-incr", 0.3},
        {"ears/l-ear-scale-decr", "ears/l-ear-scale-incr", 0.25},
        {"ears/l-ear-wing-decr", "ears/l-ear-wing-incr", 0.25},
        {"forehead/forehead-scale-vert-decr", "forehead/forehead-scale-vert-incr", 0.25},
        {"head/head-scale-horiz-decr", "head/head-scale-horiz-incr", 0.2},
        {"head/head-scale-vert-decr", "head/head-scale-vert-incr", 0.2},
        {"head/head-fat-decr", "head/head-fat-incr", 0.15},
        {"stomach/stomach-tone-incr", "stomach/stomach-tone-decr", 0.25},
    };
    return kFeatures;
}

}  // namespace huntsman::scenarios::people
