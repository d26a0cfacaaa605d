#include "scenarios/models/skin.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <glm/mat4x4.hpp>
#include <map>
#include <unordered_map>

#include "engine/figure/ik.h"

namespace huntsman::scenarios::models {

using engine::core::Error;
using engine::core::Result;
using engine::figure::index;
using engine::figure::Joint;
using engine::figure::kJointCount;
using engine::import::kNoIndex;
using engine::import::Matrix;
using engine::import::Model;
using engine::math::Quat;
using engine::math::Vec3;

namespace {

glm::dmat4 matrix(const Matrix& m) {
    glm::dmat4 to;
    for (int row = 0; row < 4; ++row) {
        for (int column = 0; column < 4; ++column) {
            to[column][row] = static_cast<double>(m[static_cast<std::size_t>(4 * row + column)]);
        }
    }
    return to;
}

Vec3 axis_of(Axis axis) {
    Vec3 d(0);
    d[static_cast<int>(axis) / 2] = static_cast<int>(axis) % 2 == 0 ? 1 : -1;
    return d;
}

// The shares of joints at a point: the strongest four, the largest first.
class Shares {
  public:
    void add(Joint joint, float share) { sums_[index(joint)] += share; }
    people::Influences strongest() const {
        std::array<std::size_t, kJointCount> order{};
        for (std::size_t j = 0; j < kJointCount; ++j) order[j] = j;
        std::partial_sort(order.begin(), order.begin() + 4, order.end(),
                          [this](std::size_t a, std::size_t b) {
                              return sums_[a] != sums_[b] ? sums_[a] > sums_[b] : a < b;
                          });
        people::Influences strongest;
        float sum = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            strongest.joints[k] = static_cast<Joint>(order[k]);
            strongest.shares[k] = sums_[order[k]];
            sum += sums_[order[k]];
        }
        for (float& share : strongest.shares) share /= sum;
        return strongest;
    }

  private:
    std::array<float, kJointCount> sums_{};
};

// Reads parts of the skin out of a model's meshes.
class Reader {
  public:
    Reader(const Model& model, const Matched& matched, const Description& d)
        : model_(model), matched_(matched) {
        const Vec3 ahead = axis_of(d.forward), up = axis_of(d.up), left = glm::cross(up, ahead);
        for (int k = 0; k < 3; ++k) {
            turn_[k][0] = ahead[k];
            turn_[k][1] = left[k];
            turn_[k][2] = up[k];
        }
        for (const auto& node : model.nodes) {
            const glm::dmat4 own = matrix(node.X_PN);
            X_WN_.push_back(node.parent == kNoIndex ? own : X_WN_[node.parent] * own);
        }
    }

    void read(Skin& skin) {
        for (std::uint32_t n = 0; n < model_.nodes.size(); ++n) {
            for (const std::uint32_t m : model_.nodes[n].meshes) add(model_.meshes[m], n, skin);
        }
        for (std::size_t j = 0; j < kJointCount; ++j) {
            const std::uint32_t node = matched_.node_of[j];
            if (node == kNoIndex) continue;
            skin.known[j] = true;
            skin.joints[j] = place_of(static_cast<Joint>(j));
        }
    }

  private:
    Vec3 origin_of(std::uint32_t node) const {
        return turned(Vec3(X_WN_[node] * glm::dvec4(0, 0, 0, 1)));
    }
    // Its node's; of fingers, which are one joint, the middle of the nodes that begin it.
    Vec3 place_of(Joint joint) const {
        const bool fingers = joint == Joint::kLeftFingers || joint == Joint::kRightFingers ||
                             joint == Joint::kLeftFingertips || joint == Joint::kRightFingertips;
        if (!fingers) return origin_of(matched_.node_of[index(joint)]);
        Vec3 sum(0);
        double count = 0;
        for (std::uint32_t n = 0; n < model_.nodes.size(); ++n) {
            const std::uint32_t parent = model_.nodes[n].parent;
            if (matched_.joint_of[n] != joint) continue;
            if (parent != kNoIndex && matched_.joint_of[parent] == joint) continue;
            sum += origin_of(n);
            count += 1;
        }
        return count > 0 ? sum / count : origin_of(matched_.node_of[index(joint)]);
    }
    Vec3 turned(const Vec3& p) const { return turn_ * p; }

    void add(const engine::import::Mesh& mesh, std::uint32_t node, Skin& skin) {
        Skin::Part part{.material = mesh.material, .has_uv = !mesh.uvs.empty()};
        part.piece.name = mesh.name;
        // Joints as matrices once.
        std::vector<glm::dmat4> bones;
        if (!mesh.skin.empty()) {
            for (const auto& joint : model_.joints) {
                bones.push_back(joint.node == kNoIndex ? glm::dmat4(1)
                                                       : X_WN_[joint.node] * matrix(joint.X_JM));
            }
        }
        std::map<std::array<std::int64_t, 3>, std::uint32_t> places;
        for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
            glm::dmat4 X(0);
            Shares shares;
            double sum = 0;
            for (std::size_t k = 0; !mesh.skin.empty() && k < 4; ++k) {
                const float weight = mesh.skin[i].weights[k];
                const std::uint16_t bone = mesh.skin[i].joints[k];
                if (weight <= 0 || bone >= bones.size()) continue;
                const std::uint32_t carrier = model_.joints[bone].node;
                X += static_cast<double>(weight) * bones[bone];
                sum += static_cast<double>(weight);
                shares.add(carrier == kNoIndex ? Joint::kPelvis : matched_.joint_of[carrier],
                           weight);
            }
            if (sum <= 0) {
                X = X_WN_[node];
                sum = 1;
                shares.add(matched_.joint_of[node], 1);
            }
            people::Point point;
            const auto& p = mesh.positions[i];
            point.p = turned(Vec3(X * glm::dvec4(p[0], p[1], p[2], 1)) / sum);
            if (!mesh.normals.empty()) {
                const auto& n = mesh.normals[i];
                point.n = turned(Vec3(X * glm::dvec4(n[0], n[1], n[2], 0)));
            }
            if (!mesh.uvs.empty()) point.uv = {mesh.uvs[i][0], mesh.uvs[i][1]};
            point.carried = shares.strongest();
            const auto [at, is_new] = places.try_emplace(
                {std::llround(1e6 * p[0]), std::llround(1e6 * p[1]), std::llround(1e6 * p[2])},
                static_cast<std::uint32_t>(i));
            point.weld = at->second;
            part.piece.points.push_back(point);
        }
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
            part.piece.faces.push_back({mesh.indices[i], mesh.indices[i + 1], mesh.indices[i + 2]});
        }
        if (mesh.normals.empty()) people::add_normals(part.piece);
        if (!part.piece.faces.empty()) skin.parts.push_back(std::move(part));
    }

    const Model& model_;
    const Matched& matched_;
    glm::dmat3 turn_{1};
    std::vector<glm::dmat4> X_WN_;
};

// The axis along which a way leads most, of those that are not `taken`.
Axis along(const Vec3& way, int taken) {
    int best = taken == 0 ? 1 : 0;
    for (int k = 0; k < 3; ++k) {
        if (k != taken && std::abs(way[k]) > std::abs(way[best])) best = k;
    }
    return static_cast<Axis>(2 * best + (way[best] < 0 ? 1 : 0));
}

void scale(Skin& skin, double factor) {
    for (auto& part : skin.parts) {
        for (auto& point : part.piece.points) point.p *= factor;
    }
    for (Vec3& joint : skin.joints) joint *= factor;
}

void shift(Skin& skin, const Vec3& by) {
    for (auto& part : skin.parts) {
        for (auto& point : part.piece.points) point.p += by;
    }
    for (Vec3& joint : skin.joints) joint += by;
}

}  // namespace

Axes axes_of(const Model& model, const Matched& matched) {
    Description as_it_is;
    as_it_is.forward = Axis::kX;
    as_it_is.up = Axis::kZ;
    Skin skin;
    Reader(model, matched, as_it_is).read(skin);
    const auto at = [&](Joint joint) { return skin.joints[index(joint)]; };
    const auto known = [&](Joint joint) { return skin.known[index(joint)]; };
    Axes axes;
    axes.up = along(at(Joint::kHead) - at(Joint::kPelvis), -1);
    const int up = static_cast<int>(axes.up) / 2;
    if (known(Joint::kLeftToes)) {
        axes.forward = along(at(Joint::kLeftToes) - at(Joint::kLeftFoot), up);
        return axes;
    }
    // To the right of what leads from the right hip to the left.
    Vec3 up_axis(0);
    up_axis[up] = static_cast<int>(axes.up) % 2 == 0 ? 1 : -1;
    const Vec3 left = at(Joint::kLeftThigh) - at(Joint::kRightThigh);
    axes.forward = along(glm::cross(left, up_axis), up);
    return axes;
}

Box box_of(const Skin& skin) {
    Box box;
    for (const auto& part : skin.parts) {
        for (const auto& face : part.piece.faces) {
            for (const std::uint32_t i : face) {
                box.low = glm::min(box.low, part.piece.points[i].p);
                box.high = glm::max(box.high, part.piece.points[i].p);
            }
        }
    }
    return box;
}

Result<Skin> skin_of(const Model& model, const Matched& matched, const Description& d) {
    Skin skin;
    Reader(model, matched, d).read(skin);
    if (skin.parts.empty()) return Error{.message = "has no triangle that a node shows"};
    const Box box = box_of(skin);
    const double high = box.high.z - box.low.z;
    const double unit_m = d.height_m && high > 0 ? *d.height_m / high
                          : d.unit_m             ? *d.unit_m
                          : model.unit_m > 0     ? model.unit_m
                                                 : 1.0;
    constexpr double kLeast_m = 0.5, kMost_m = 2.5;
    if (!(high * unit_m >= kLeast_m && high * unit_m <= kMost_m)) {
        return Error{.message =
                         fmt::format("is {:.3g} m high with a unit of {:g} m, expected {} to "
                                     "{} m; set unit_m or height_m",
                                     high * unit_m, unit_m, kLeast_m, kMost_m)};
    }
    scale(skin, unit_m);
    shift(skin, {0, 0, -box.low.z * unit_m});
    return skin;
}

namespace {

// Where `joint` is if it lies between two others as in a mean body.
Vec3 between(const Skin& skin, const engine::figure::Skeleton& mean, Joint joint, Joint from,
             Joint to) {
    const Vec3 way = mean.at(to) - mean.at(from);
    const double share = glm::dot(mean.at(joint) - mean.at(from), way) / glm::dot(way, way);
    return glm::mix(skin.joints[index(from)], skin.joints[index(to)], share);
}

// Gives what of `carrier` lies beyond a plane to another joint.
void cut_off(Skin& skin, Joint carrier, Joint to, const Vec3& at, const Vec3& way) {
    for (auto& part : skin.parts) {
        for (auto& point : part.piece.points) {
            if (glm::dot(point.p - at, way) < 0) continue;
            for (Joint& joint : point.carried.joints) {
                if (joint == carrier) joint = to;
            }
        }
    }
}

// How far points that a joint carries reach along a direction.
double reach(const Skin& skin, Joint joint, const Vec3& from, const Vec3& way) {
    double most = 0;
    for (const auto& part : skin.parts) {
        for (const auto& point : part.piece.points) {
            if (point.carried.joints[0] == joint) {
                most = std::max(most, glm::dot(point.p - from, way));
            }
        }
    }
    return most;
}

void complete_hand(Skin& skin, engine::figure::Side side) {
    using engine::figure::of;
    const auto at = [&](Joint left) -> Vec3& { return skin.joints[index(of(side, left))]; };
    const auto known = [&](Joint left) -> bool& { return skin.known[index(of(side, left))]; };
    const Vec3 wrist = at(Joint::kLeftHand);
    const Vec3 way = glm::normalize(wrist - at(Joint::kLeftLowerArm));
    const double long_m =
        std::max(0.05, reach(skin,
                             known(Joint::kLeftFingers) ? of(side, Joint::kLeftFingers)
                                                        : of(side, Joint::kLeftHand),
                             wrist, way));
    // Shares of a hand's length from the wrist [Winter 2009].
    constexpr double kKnuckles = 0.5, kMiddles = 0.75;
    if (!known(Joint::kLeftFingers)) {
        at(Joint::kLeftFingers) = wrist + kKnuckles * long_m * way;
        cut_off(skin, of(side, Joint::kLeftHand), of(side, Joint::kLeftFingers),
                at(Joint::kLeftFingers), way);
    }
    if (!known(Joint::kLeftFingertips)) {
        at(Joint::kLeftFingertips) = glm::mix(at(Joint::kLeftFingers), wrist + long_m * way,
                                              (kMiddles - kKnuckles) / (1 - kKnuckles));
    }
    const Vec3 ahead(0.02, 0, 0);
    if (!known(Joint::kLeftThumb)) at(Joint::kLeftThumb) = wrist + 0.2 * long_m * way + ahead;
    if (!known(Joint::kLeftThumbTip)) {
        at(Joint::kLeftThumbTip) = at(Joint::kLeftThumb) + 0.2 * long_m * way + ahead;
    }
}

void complete_foot(Skin& skin, engine::figure::Side side) {
    using engine::figure::of;
    const Joint toes = of(side, Joint::kLeftToes), foot = of(side, Joint::kLeftFoot);
    if (skin.known[index(toes)]) return;
    const Vec3 ankle = skin.joints[index(foot)], ahead(1, 0, 0);
    const double long_m = reach(skin, foot, ankle, ahead);
    skin.joints[index(toes)] = {ankle.x + 0.68 * long_m, ankle.y, 0.25 * ankle.z};
    cut_off(skin, foot, toes, skin.joints[index(toes)], ahead);
}

}  // namespace

void complete_joints(Skin& skin) {
    using engine::figure::of;
    using engine::figure::Side;
    const Box box = box_of(skin);
    const auto mean = engine::figure::mean_skeleton(box.high.z);
    const auto known = [&](Joint joint) { return skin.known[index(joint)]; };
    const auto at = [&](Joint joint) -> Vec3& { return skin.joints[index(joint)]; };
    if (!known(Joint::kNeck)) {
        at(Joint::kNeck) = between(skin, mean, Joint::kNeck, Joint::kPelvis, Joint::kHead);
    }
    for (const Joint spine : {Joint::kSpine1, Joint::kSpine2, Joint::kSpine3}) {
        if (known(spine)) continue;
        at(spine) = between(skin, mean, spine, Joint::kPelvis, Joint::kNeck);
    }
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const Joint clavicle = of(side, Joint::kLeftClavicle);
        if (!known(clavicle)) {
            at(clavicle) = glm::mix(at(Joint::kNeck), at(of(side, Joint::kLeftUpperArm)), 0.2);
        }
        const Joint eye = of(side, Joint::kLeftEye);
        if (!known(eye)) {
            const double head_m = box.high.z - at(Joint::kHead).z;
            const double factor = head_m / (mean.height_m - mean.at(Joint::kHead).z);
            at(eye) = at(Joint::kHead) + factor * (mean.at(eye) - mean.at(Joint::kHead));
        }
        complete_hand(skin, side);
        complete_foot(skin, side);
    }
}

void bring_to_rest(Skin& skin) {
    using engine::figure::kNoJoint;
    const auto mean = engine::figure::mean_skeleton(1.7);
    // Turns of all joints against the file's pose.
    std::array<Quat, kJointCount> turns;
    turns.fill(Quat(1, 0, 0, 0));
    Places to = skin.joints;
    const auto bone = [&](Joint from) {
        switch (from) {
            case Joint::kLeftUpperArm:
                return Joint::kLeftLowerArm;
            case Joint::kLeftLowerArm:
                return Joint::kLeftHand;
            case Joint::kLeftHand:
                return Joint::kLeftFingers;
            case Joint::kLeftThigh:
                return Joint::kLeftCalf;
            case Joint::kLeftCalf:
                return Joint::kLeftFoot;
            default:
                return kNoJoint;
        }
    };
    for (std::size_t j = 0; j < kJointCount; ++j) {
        const auto joint = static_cast<Joint>(j);
        const Joint parent = engine::figure::parent(joint);
        if (parent == kNoJoint) continue;
        to[j] = to[index(parent)] +
                turns[index(parent)] * (skin.joints[j] - skin.joints[index(parent)]);
        const bool right = joint != engine::figure::mirrored(joint) && mean.at(joint).y < 0;
        const Joint left = right ? engine::figure::mirrored(joint) : joint;
        Joint end = bone(left);
        // The feet stay as flat as they are.
        const bool foot = left == Joint::kLeftFoot;
        turns[j] = foot ? Quat(1, 0, 0, 0) : turns[index(parent)];
        if (end == kNoJoint) continue;
        if (right) end = engine::figure::mirrored(end);
        const Vec3 own = skin.joints[index(end)] - skin.joints[j];
        const Vec3 wanted = mean.at(end) - mean.at(joint);
        if (glm::length(own) < 1e-6) continue;
        turns[j] = engine::figure::turn_between(turns[j] * own, wanted) * turns[j];
    }
    for (auto& part : skin.parts) {
        for (auto& point : part.piece.points) {
            Vec3 p(0), n(0);
            for (std::size_t k = 0; k < 4; ++k) {
                const std::size_t j = index(point.carried.joints[k]);
                const auto share = static_cast<double>(point.carried.shares[k]);
                p += share * (to[j] + turns[j] * (point.p - skin.joints[j]));
                n += share * (turns[j] * point.n);
            }
            point.p = p;
            point.n = glm::length(n) > 1e-9 ? glm::normalize(n) : Vec3(0, 0, 1);
        }
    }
    skin.joints = to;
    const Box box = box_of(skin);
    const Vec3 hips = 0.5 * (to[index(Joint::kLeftThigh)] + to[index(Joint::kRightThigh)]);
    shift(skin, {-hips.x, -hips.y, -box.low.z});
}

}  // namespace huntsman::scenarios::models
