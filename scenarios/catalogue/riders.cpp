#include "scenarios/catalogue/riders.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "engine/world/pose.h"
#include "engine/world/skin.h"
#include "scenarios/catalogue/companions.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/catalogue/meshes.h"

namespace huntsman::scenarios::catalogue {

namespace figure = engine::figure;
namespace math = engine::math;
using figure::Joint;
using namespace engine::world;

const char* name(Riding riding) {
    static constexpr const char* kNames[] = {"ride",        "wheelchair", "push",
                                             "push_before", "pull",       "lead"};
    return kNames[static_cast<std::size_t>(riding)];
}

namespace {

Vec3 place(const std::array<double, 3>& p) { return {p[0], p[1], p[2]}; }

figure::Activity activity_of(const RiderModel& rider) {
    switch (rider.activity) {
        case Riding::kWheelchair:
            return figure::Activity::kWheelchair;
        case Riding::kPush:
        case Riding::kPushBefore:
        case Riding::kPull:
        case Riding::kLead:
            return figure::Activity::kOnFoot;
        case Riding::kRide:
            break;
    }
    return figure::Activity::kRide;
}

}  // namespace

Vec3 place_of(const RiderModel& rider) {
    return rider.walks_m ? place(*rider.walks_m) : Vec3(0, 0, 0);
}

figure::Mount mount_of(const RiderModel& rider) {
    const Vec3 from = place_of(rider);
    figure::Mount mount{.grip = place(rider.grip_m) - from,
                        .sweep_rad = rider.sweep_rad,
                        .circle_m = rider.circle_radius_m};
    if (rider.activity == Riding::kPushBefore) mount.hands = figure::Hands::kBoth;
    if (rider.activity == Riding::kPull) {
        mount.hands = figure::Hands::kRight;
        // The handle lies at -y of the grip in the vehicle's frame.
        mount.grip.y = rider.grip_m[1] + from.y;
    }
    if (rider.seat_m) mount.seat = place(*rider.seat_m) - from;
    if (rider.circle_m) mount.circle = place(*rider.circle_m) - from;
    if (rider.foot_m) {
        const Vec3 left = place(*rider.foot_m);
        const Vec3 right =
            rider.right_foot_m ? place(*rider.right_foot_m) : Vec3(left.x, -left.y, left.z);
        mount.feet = {left - from, right - from};
    }
    return mount;
}

// ---- Plain figures -----------------------------------------------------------------------------

namespace {

struct Look {
    std::array<float, 3> colour;
    figure::Matter matter = figure::Matter::kCloth;
    figure::Tint tint = figure::Tint::kNone;
};
constexpr Look kTop{{1, 1, 1}, figure::Matter::kCloth, figure::Tint::kTop};
constexpr Look kTrousers{{0.06F, 0.09F, 0.17F}, figure::Matter::kCloth, figure::Tint::kNone};
constexpr Look kShoes{{0.04F, 0.03F, 0.03F}, figure::Matter::kLeather, figure::Tint::kNone};
constexpr Look kBare{{0.60F, 0.38F, 0.27F}, figure::Matter::kSkin, figure::Tint::kNone};

// Adds a spheroid between two places to a level; a joint carries it.
void add_limb(const Vec3& from, const Vec3& to, double radius_m, Joint joint, const Look& look,
              int sides, figure::Level& level) {
    const Vec3 along = to - from;
    const double half = 0.5 * glm::length(along) + 0.6 * radius_m;
    const Vec3 x = glm::normalize(along);
    const Vec3 y =
        glm::normalize(glm::cross(x, std::abs(x.z) < 0.9 ? Vec3(0, 0, 1) : Vec3(1, 0, 0)));
    const Vec3 z = glm::cross(x, y);
    const auto first = static_cast<std::uint16_t>(level.vertices.size());
    const int rings = sides / 2 + 1;
    for (int r = 0; r <= rings; ++r) {
        const double polar = math::kPi * r / rings;
        for (int s = 0; s < sides; ++s) {
            const double turn = 2 * math::kPi * s / sides;
            const Vec3 round = y * std::cos(turn) + z * std::sin(turn);
            const Vec3 p = 0.5 * (from + to) - x * (half * std::cos(polar)) +
                           round * (radius_m * std::sqrt(std::sin(polar)));
            const Vec3 n =
                glm::normalize(round * std::sin(polar) / radius_m - x * std::cos(polar) / half);
            figure::Vertex v{};
            for (int k = 0; k < 3; ++k) {
                v.p[k] = static_cast<float>(p[k]);
                v.n[k] = static_cast<float>(n[k]);
                v.colour[k] = static_cast<std::uint16_t>(
                    std::lround(65535.0F * look.colour[static_cast<std::size_t>(k)]));
            }
            v.matter = look.matter;
            v.tint = look.tint;
            v.joints[0] = static_cast<std::uint8_t>(joint);
            v.weights[0] = 255;
            level.vertices.push_back(v);
        }
    }
    for (int r = 0; r < rings; ++r) {
        for (int s = 0; s < sides; ++s) {
            const auto at = [&](int ring, int side) {
                return static_cast<std::uint16_t>(first + ring * sides + side % sides);
            };
            const std::uint16_t a = at(r, s), b = at(r, s + 1), c = at(r + 1, s + 1),
                                d = at(r + 1, s);
            if (r > 0) level.indices.insert(level.indices.end(), {a, b, c});
            if (r + 1 < rings) level.indices.insert(level.indices.end(), {a, c, d});
        }
    }
}

figure::Level plain_level(const figure::Skeleton& s, int sides) {
    figure::Level level;
    const double h = s.height_m;
    const auto limb = [&](Joint from, Joint to, double radius, const Look& look) {
        add_limb(s.at(from), s.at(to), radius * h, from, look, sides, level);
    };
    const Vec3 up(0, 0, h);
    add_limb(s.at(Joint::kPelvis) - 0.02 * up, s.at(Joint::kSpine1) + 0.01 * up, 0.085 * h,
             Joint::kPelvis, kTrousers, sides, level);
    add_limb(s.at(Joint::kSpine2) - 0.03 * up, s.at(Joint::kSpine3), 0.085 * h, Joint::kSpine2,
             kTop, sides, level);
    add_limb(s.at(Joint::kSpine3) - 0.02 * up, s.at(Joint::kNeck) - 0.02 * up, 0.098 * h,
             Joint::kSpine3, kTop, sides, level);
    limb(Joint::kNeck, Joint::kHead, 0.03, kBare);
    add_limb(s.at(Joint::kHead) + Vec3(0.008, 0, 0.045) * h,
             s.at(Joint::kHead) + Vec3(0.008, 0, 0.07) * h, 0.048 * h, Joint::kHead, kBare, sides,
             level);
    for (const figure::Side side : {figure::Side::kLeft, figure::Side::kRight}) {
        const auto own = [&](Joint joint) { return figure::of(side, joint); };
        limb(own(Joint::kLeftUpperArm), own(Joint::kLeftLowerArm), 0.03, kTop);
        limb(own(Joint::kLeftLowerArm), own(Joint::kLeftHand), 0.023, kTop);
        limb(own(Joint::kLeftHand), own(Joint::kLeftFingers), 0.02, kBare);
        limb(own(Joint::kLeftFingers), own(Joint::kLeftFingertips), 0.014, kBare);
        limb(own(Joint::kLeftThigh), own(Joint::kLeftCalf), 0.047, kTrousers);
        limb(own(Joint::kLeftCalf), own(Joint::kLeftFoot), 0.034, kTrousers);
        const Vec3 raised(0, 0, 0.018 * h);
        const std::size_t foot = side == figure::Side::kLeft ? 0 : 1;
        add_limb(s.heels[foot] + raised, s.tips[foot] + raised, 0.018 * h, own(Joint::kLeftFoot),
                 kShoes, sides, level);
    }
    return level;
}

}  // namespace

std::shared_ptr<const CastMember> plain_member(const std::string& name, double height_m) {
    figure::Model model{.name = name, .skeleton = figure::mean_skeleton(height_m)};
    for (const int sides : {10, 6}) model.levels.push_back(plain_level(model.skeleton, sides));
    model.levels[1].error_m = 0.02F;
    model.tints = {{{1, 1, 1}, {1, 1, 1}}};
    model.radius_m = static_cast<float>(1.2 * height_m);
    return cast_member(model);
}

std::vector<std::shared_ptr<const CastMember>> members_of(const std::string& kinds) {
    std::vector<std::shared_ptr<const CastMember>> members;
    std::istringstream words(kinds);
    for (std::string kind; words >> kind;) {
        for (const auto& member : shipped_cast()) {
            if (member->kind() == kind) members.push_back(member);
        }
    }
    return members;
}

double most_off_m(const CastMember& member, const RiderModel& rider) {
    const figure::Skeleton& s = *member.skeleton;
    figure::Movement movement{.activity = activity_of(rider), .mount = mount_of(rider)};
    const figure::Mount& mount = *movement.mount;
    constexpr int kPhases = 24;
    double most = 0;
    for (int k = 0; k < kPhases; ++k) {
        movement.phase_rad = 2 * math::kPi * k / kPhases;
        const figure::Frames frames = figure::forward(s, figure::pose_of(s, movement));
        for (const figure::Side side : {figure::Side::kLeft, figure::Side::kRight}) {
            const double y = figure::sign(side);
            const std::size_t foot = y > 0 ? 0 : 1;
            const auto X =
                figure::skinning_transform(s, frames, figure::of(side, Joint::kLeftFoot));
            if (rider.activity != Riding::kRide || !mount.circle) {
                const Vec3 sole = X * (0.5 * (s.heels[foot] + s.balls[foot]));
                if (rider.foot_m) most = std::max(most, glm::distance(sole, mount.feet[foot]));
            } else {
                const double turn = movement.phase_rad + (y > 0 ? 0.0 : math::kPi);
                const Vec3 pedal = Vec3(1, y, 1) * *mount.circle +
                                   mount.circle_m * Vec3(std::sin(turn), 0, std::cos(turn));
                most = std::max(most, glm::distance(X * s.balls[foot], pedal));
            }
            const bool right = rider.activity == Riding::kPull && y < 0;
            if (rider.activity != Riding::kRide && rider.activity != Riding::kPushBefore &&
                !right) {
                continue;
            }
            const auto at = [&](Joint joint) {
                return frames[figure::index(figure::of(side, joint))].p;
            };
            // Legs that are stretched have not quite reached.
            constexpr double kStretched = 0.996, kTooShort_m = 0.1;
            const double leg_m = glm::distance(at(Joint::kLeftThigh), at(Joint::kLeftFoot));
            if (rider.activity == Riding::kRide && leg_m > kStretched * s.leg_m()) {
                most = std::max(most, kTooShort_m);
            }
            const Vec3 fist =
                (at(Joint::kLeftFingers) + at(Joint::kLeftFingertips) + at(Joint::kLeftThumbTip)) /
                3.0;
            most = std::max(most, glm::distance(fist, Vec3(1, y, 1) * mount.grip));
        }
    }
    return most;
}

namespace {

// Makes an extent hold a skin in a movement.
void add_to(Extent& extent, const engine::world::Figure& own, const figure::Movement& movement,
            const MeshLod& skin) {
    const auto rows = skinning_of(own, figure_frames(own, movement));
    for (std::size_t i = 0; i < skin.vertices.size(); ++i) {
        const Vec3 p = skinned_point(rows, skin.vertices[i], skin.bindings[i]);
        extent.front_m = std::max(extent.front_m, p.x);
        extent.rear_m = std::max(extent.rear_m, -p.x);
        extent.width_m = std::max(extent.width_m, 2 * std::abs(p.y));
        extent.height_m = std::max(extent.height_m, p.z);
    }
}

}  // namespace

Extent rider_extent(const CastMember& member, const RiderModel& rider) {
    const engine::world::Figure own{.skeleton = member.skeleton,
                                    .activity = activity_of(rider),
                                    .p_BF = place_of(rider),
                                    .mount = mount_of(rider)};
    const figure::Movement still{.activity = own.activity, .mount = own.mount};
    Extent extent;
    add_to(extent, own, still, member.skin.lods[1]);
    if (rider.activity != Riding::kPushBefore && rider.activity != Riding::kPull &&
        rider.activity != Riding::kLead) {
        return extent;
    }
    // With the animal and its lead, over a cycle of the walk.
    Archetype archetype;
    StaticScene scene;
    add_rider(member, rider, archetype, scene);
    const engine::world::Figure& walker = *archetype.figure;
    constexpr int kPhases = 24;
    constexpr double kWalk_mps = 1.3;
    for (int k = 0; k < kPhases; ++k) {
        const figure::Movement walks{.activity = walker.activity,
                                     .phase_rad = 2 * math::kPi * k / kPhases,
                                     .speed_mps = kWalk_mps,
                                     .gesture = walker.hold,
                                     .mount = walker.mount};
        add_to(extent, walker, walks, scene.meshes[walker.skin].lods[1]);
    }
    return extent;
}

namespace {

// Cranks at their rest, the left one up, and pedals. Those of what is pushed stand still.
void add_cranks(const RiderModel& rider, Archetype& archetype, StaticScene& scene) {
    const Vec3 circle = place(*rider.circle_m);
    const double r = rider.circle_radius_m;
    constexpr double kHalfPedal_m = 0.0425, kGap_m = 0.012, kInner_m = 0.065;
    const double outer = circle.y - kHalfPedal_m - kGap_m;
    const std::array<float, 3> steel{0.35F, 0.35F, 0.36F}, black{0.02F, 0.02F, 0.022F};
    PartModel cranks{.mesh = kSolidsMesh, .at_m = {circle.x, 0, circle.z}};
    PartModel left{.mesh = kSolidsMesh, .at_m = {circle.x, circle.y, circle.z}};
    for (const double side : {1.0, -1.0}) {
        cranks.solids.push_back({.shape = SolidShape::kLimb,
                                 .from_m = {0, side * kInner_m, 0},
                                 .to_m = {0, side * outer, side * r},
                                 .radius_m = 0.012,
                                 .end_radius_m = 0.009,
                                 .finish = Finish::kMetal,
                                 .colour = steel});
        left.solids.push_back({.shape = SolidShape::kBox,
                               .from_m = {side > 0 ? 0.02 : -0.045, -kHalfPedal_m, -0.011},
                               .to_m = {side > 0 ? 0.045 : -0.02, kHalfPedal_m, 0.011},
                               .finish = Finish::kPlastic,
                               .colour = black});
    }
    left.solids.push_back({.shape = SolidShape::kTube,
                           .from_m = {0, -kHalfPedal_m - kGap_m, 0},
                           .to_m = {0, kHalfPedal_m, 0},
                           .radius_m = 0.009,
                           .finish = Finish::kMetal,
                           .colour = steel});
    PartModel right = left;
    right.at_m[1] = -circle.y;
    right.solids.back().from_m[1] = -kHalfPedal_m;
    right.solids.back().to_m[1] = kHalfPedal_m + kGap_m;
    PartBuilder builder({}, archetype, scene);
    const bool turns = rider.activity == Riding::kRide;
    for (const auto& [part, radius] : {std::pair(&cranks, 0.0), {&left, r}, {&right, -r}}) {
        builder.add_solids(*part);
        Part& added = archetype.parts.back();
        added.motion = !turns ? Motion::kFixed : radius == 0 ? Motion::kCrank : Motion::kPedal;
        added.swing = radius;
        if (!turns) added.p_BP.z += radius;
    }
}

}  // namespace

void add_rider(const CastMember& member, const RiderModel& rider, Archetype& archetype,
               StaticScene& scene) {
    if (rider.circle_m && rider.activity != Riding::kWheelchair) {
        add_cranks(rider, archetype, scene);
    }
    add_figure(member, activity_of(rider), place_of(rider), archetype, scene);
    if (rider.activity == Riding::kLead) {
        const Vec3 p_FC = place(*rider.animal_m) - place_of(rider);
        add_companion(*shipped_animal(*rider.animal), p_FC, static_cast<int>(rider.animal_cycles),
                      archetype, scene);
    } else {
        archetype.figure->mount = mount_of(rider);
    }
}

}  // namespace huntsman::scenarios::catalogue
