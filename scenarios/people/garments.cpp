#include "scenarios/people/garments.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "scenarios/people/drape.h"

namespace huntsman::scenarios::people {

using engine::figure::Joint;
using engine::math::kPi;
using engine::math::Vec2;
using engine::math::Vec3;

namespace {

// Metres along a limb for a share of 0 to 2 of its two bones.
double limb_m(double share, double upper_m, double whole_m) {
    return share <= 1 ? share * upper_m : upper_m + (share - 1) * (whole_m - upper_m);
}

double tail_end(const Places& places, const Cut& cut) {
    return places.crotch_m() - cut.tail_m * places.scale();
}

// Takes the cloth off the body: along smoothed normals, without the body's small hollows.
void lift(Piece& piece, double offset_m) {
    Piece soft = piece;
    smooth(soft, 8, 0.5, true);
    add_normals(soft);
    for (std::size_t i = 0; i < piece.points.size(); ++i) {
        const Vec3& n = soft.points[i].n;
        const double proud = std::max(0.0, glm::dot(piece.points[i].p - soft.points[i].p, n));
        piece.points[i].p = soft.points[i].p + n * (proud + offset_m);
    }
}

// The trunk's cloth hangs from what is widest above.
void drape_trunk(Piece& piece, const Places& places, const Cut& cut) {
    const double low = places.crotch_m() + std::min(0.0, cut.hem_m) * places.scale() - 0.05;
    const Drape drape(places, piece, low, places.chest_m() + 0.05, cut.hang);
    for (Point& point : piece.points) {
        const double share = places.torso_share(point) +
                             (point.p.z > places.crotch_m() ? places.leg_share(point) : 0.0);
        const Vec3 axis = places.torso_axis(point.p.z);
        const Vec3 out = point.p - axis;
        const double radius = std::hypot(out.x, out.y);
        const double fade =
            share * smooth_step(places.chest_m() + 0.05, places.chest_m(), point.p.z);
        const double wanted = drape.radius_m(std::atan2(out.y, out.x), point.p.z);
        if (wanted <= radius || radius < 1e-6) continue;
        point.p = axis + out * (1 + fade * (wanted / radius - 1));
    }
}

// Sleeves and legs are wider than what they hold.
void widen_limbs(Piece& piece, const Places& places, const Cut& cut) {
    const double leg_end = limb_m(cut.legs, places.thigh_m(), places.whole_leg_m());
    for (Point& point : piece.points) {
        const double arm = places.arm_share(point), leg = places.leg_share(point);
        if (arm > 0.3 && cut.sleeves > 0) {
            const double s = places.arm_m(point);
            const Vec3 axis = places.arm_axis(point.p);
            const double wide = smooth_step(0.3, 0.9, arm) * smooth_step(0.0, 0.12, s);
            point.p += (point.p - axis) * ((cut.sleeve_width - 1) * wide);
        }
        if (leg > 0.3 && cut.legs > 0 && cut.leg_width_m > 0) {
            const double s = places.leg_m(point);
            const Vec3 axis = places.leg_axis(point.p);
            const Vec3 out = point.p - axis;
            const double radius = glm::length(out);
            const double down = std::clamp(s / leg_end, 0.0, 1.0);
            // From the thigh's own width to that of the hem.
            const double least = cut.leg_width_m * places.scale() * (1 + 0.25 * (1 - down)) *
                                 smooth_step(0.12, 0.45, down);
            if (radius > 1e-6 && radius < least) point.p = axis + out * (least / radius);
        }
    }
}

// Folds: around limbs where they bend and gather, across the trunk at the waist.
void fold(Piece& piece, const Places& places, const Cut& cut, std::uint64_t seed) {
    const Vec3 shift(static_cast<double>(seed % 97), static_cast<double>(seed % 89), 0);
    const double size = places.scale();
    const double arm_end = limb_m(cut.sleeves, places.upper_arm_m(), places.whole_arm_m());
    const double leg_end = limb_m(cut.legs, places.thigh_m(), places.whole_leg_m());
    for (Point& point : piece.points) {
        const double arm = places.arm_m(point), leg = places.leg_m(point);
        double height = 0;
        if (arm > 0 && cut.sleeves > 0) {
            const double elbow = std::exp(-std::pow((arm - places.upper_arm_m()) / 0.09, 2));
            const double cuff = smooth_step(arm_end - 0.14, arm_end - 0.03, arm);
            const Vec3 round = point.p - places.arm_axis(point.p);
            height = (0.3 + 0.9 * elbow + 0.8 * cuff) *
                     noise(Vec3(arm / 0.022 / size, round.x * 18, round.y * 18) + shift);
        } else if (leg > 0 && cut.legs > 0) {
            const double knee = std::exp(-std::pow((leg - places.thigh_m()) / 0.10, 2));
            const double ankle = smooth_step(leg_end - 0.20, leg_end - 0.05, leg);
            const double groin = smooth_step(0.25, 0.05, leg);
            const Vec3 round = point.p - places.leg_axis(point.p);
            height = (0.3 + 0.8 * knee + 1.3 * ankle + 0.5 * groin) *
                     noise(Vec3(leg / 0.035 / size, round.x * 14, round.y * 14) + shift);
        } else if (places.torso_share(point) > 0.5) {
            const double waist = std::exp(-std::pow((point.p.z - places.waist_m()) / 0.12, 2));
            height = (0.25 + 1.0 * waist) * noise(Vec3(point.p.x * 9, point.p.y * 11,
                                                       point.p.z / 0.05 / size + point.p.y * 9) +
                                                  shift);
        }
        point.p += point.n * (height * cut.fold_m * size);
    }
}

// An upright collar on the border around the neck.
void add_collar(Piece& piece, const Places& places, const Cut& cut) {
    if (cut.collar_m <= 0) return;
    std::unordered_map<std::uint64_t, int> count;
    const auto key = [&](std::uint32_t a, std::uint32_t b) {
        a = piece.points[a].weld;
        b = piece.points[b].weld;
        return (static_cast<std::uint64_t>(std::min(a, b)) << 32) | std::max(a, b);
    };
    for (const Face& f : piece.faces) {
        for (std::size_t k = 0; k < 3; ++k) ++count[key(f[k], f[(k + 1) % 3])];
    }
    const Vec3& neck = places.skeleton().at(Joint::kNeck);
    const Vec3& head = places.skeleton().at(Joint::kHead);
    const Vec3 up = glm::normalize(head - neck);
    std::uint32_t next = 0;
    for (const Point& point : piece.points) next = std::max(next, point.weld + 1);
    std::unordered_map<std::uint32_t, std::uint32_t> welds, made;
    const auto raised = [&](std::uint32_t i, int ring) {
        const auto [at, added] = made.try_emplace(4 * i + static_cast<std::uint32_t>(ring), 0U);
        if (!added) return at->second;
        Point point = piece.points[i];
        Vec3 out = point.p - neck;
        out -= up * glm::dot(out, up);
        const double share = 0.5 * (ring + 1);
        const double height = cut.collar_m * places.scale() * share;
        point.p += up * height + glm::normalize(out) * (height * cut.collar_flare);
        const auto [weld, fresh] =
            welds.try_emplace(4 * point.weld + static_cast<std::uint32_t>(ring), next);
        if (fresh) ++next;
        point.weld = weld->second;
        point.carried = mixed(point.carried, carried_by(Joint::kNeck), 0.35 * share);
        at->second = static_cast<std::uint32_t>(piece.points.size());
        piece.points.push_back(point);
        return at->second;
    };
    const std::vector<Face> faces = piece.faces;
    for (const Face& f : faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint32_t a = f[k], b = f[(k + 1) % 3];
            if (count[key(a, b)] != 1) continue;
            const Vec3& p = piece.points[a].p;
            if (glm::distance(p, neck) > 0.22 * places.scale() || p.z < places.chest_m()) continue;
            const std::uint32_t a1 = raised(a, 0), b1 = raised(b, 0);
            const std::uint32_t a2 = raised(a, 1), b2 = raised(b, 1);
            piece.faces.insert(piece.faces.end(),
                               {Face{b, a, a1}, {b, a1, b1}, {b1, a1, a2}, {b1, a2, b2}});
        }
    }
}

// Tails, skirts: rings that hang from the waist around both legs.
Piece make_tail(const BodyData& data, const Body& body, const Places& places, const Cut& cut,
                std::uint64_t seed) {
    constexpr int kAround = 48, kDown = 16;
    Piece cover = take(data, body, "helper-tights");
    lift(cover, cut.offset_m);
    const double top = places.waist_m() + cut.top_m * places.scale();
    const double bottom = tail_end(places, cut);
    const Drape drape(places, cover, bottom - 0.02, top + 0.05, cut.hang * 0.3);
    const double hip_z = places.skeleton().at(Joint::kLeftThigh).z;
    const double knee_z = places.skeleton().at(Joint::kLeftCalf).z;
    const double width = 0.06 * places.scale();
    Piece piece;
    for (int down = 0; down <= kDown; ++down) {
        const double t = static_cast<double>(down) / kDown;
        const double z = top + (bottom - top) * t;
        const double below = std::max(0.0, hip_z - z);
        for (int around = 0; around <= kAround; ++around) {
            const double angle = 2 * kPi * around / kAround;
            const double flare = cut.tail_flare * below;
            const double wave =
                std::sin(angle * 9 + static_cast<double>(seed % 7)) *
                    (0.006 + 0.05 * cut.tail_flare) * smooth_step(0.05, 0.5, below) +
                cut.fold_m * noise(Vec3(std::cos(angle) * 2, std::sin(angle) * 2, z * 9));
            const double radius = drape.radius_m(angle, z) + flare + wave;
            Point point;
            const Vec3 axis = places.torso_axis(z);
            point.p = axis + Vec3(std::cos(angle), std::sin(angle), 0) * radius;
            point.uv = Vec2(angle * 0.17, z);
            point.weld = static_cast<std::uint32_t>(down * kAround + around % kAround);
            // Each side follows its own leg, the more the lower it hangs.
            const double left = smooth_step(-width, width, point.p.y);
            const double legs = smooth_step(-0.02, 0.16, below);
            const double calf = 0.75 * smooth_step(knee_z + 0.02, knee_z - 0.2, z);
            const Influences thighs =
                mixed(carried_by(Joint::kRightThigh), carried_by(Joint::kLeftThigh), left);
            const Influences calves =
                mixed(carried_by(Joint::kRightCalf), carried_by(Joint::kLeftCalf), left);
            const Influences trunk = mixed(carried_by(Joint::kPelvis), carried_by(Joint::kSpine1),
                                           0.6 * smooth_step(hip_z, top, z));
            point.carried = mixed(trunk, mixed(thighs, calves, calf), legs);
            piece.points.push_back(point);
        }
    }
    for (int down = 0; down < kDown; ++down) {
        for (int around = 0; around < kAround; ++around) {
            const auto i = static_cast<std::uint32_t>(down * (kAround + 1) + around);
            const std::uint32_t j = i + kAround + 1;
            piece.faces.push_back({i, j, j + 1});
            piece.faces.push_back({i, j + 1, i + 1});
        }
    }
    add_normals(piece);
    return piece;
}

}  // namespace

double covered_m(const Places& places, const Cut& cut, const Point& point) {
    const double size = places.scale();
    double inside = -1;
    if (cut.torso) {
        const double hem =
            cut.tail_m > 0 ? places.waist_m() - 0.02 : places.crotch_m() + cut.hem_m * size;
        double part = point.p.z - hem;
        part = std::min(
            part, std::max(places.below_neck_m(point.p, cut.neck_drop_m * size) - cut.neck_m * size,
                           places.from_neck_m(point.p) - 1.2 * cut.neck_m * size));
        if (cut.v_neck_m > 0 && point.p.x > places.torso_axis(point.p.z).x) {
            const double tip = places.skeleton().at(Joint::kNeck).z - cut.v_neck_m * size;
            part = std::min(part, tip + 2.2 * std::abs(point.p.y) - point.p.z);
        }
        const double arm = places.arm_m(point);
        if (cut.sleeves > 0) {
            part = std::min(part,
                            limb_m(cut.sleeves, places.upper_arm_m(), places.whole_arm_m()) - arm);
        } else {
            part = std::min(part, 0.03 * size - arm);
        }
        inside = std::max(inside, part);
    }
    if (cut.legs > 0) {
        const double top = places.waist_m() + cut.top_m * size - point.p.z;
        const double end =
            limb_m(cut.legs, places.thigh_m(), places.whole_leg_m()) - places.leg_m(point);
        inside = std::max(inside, std::min({top, end, 0.1 - places.arm_m(point)}));
    }
    if (cut.tail_m > 0) {
        const double top = places.waist_m() + cut.top_m * size - point.p.z;
        const double shy = point.p.z - tail_end(places, cut) - 0.07;
        inside = std::max(inside, std::min({top, shy, 0.05 - places.arm_m(point)}));
    }
    return inside;
}

Piece make_garment(const BodyData& data, const Body& body, const Places& places, const Cut& cut,
                   std::uint64_t seed) {
    Piece piece;
    if (cut.torso || cut.legs > 0) {
        Cut shell = cut;
        shell.tail_m = 0;
        if (cut.tail_m > 0)
            shell.hem_m = (places.waist_m() - 0.02 - places.crotch_m()) / places.scale();
        piece = take(data, body, "helper-tights");
        subdivide(piece);
        std::vector<double> field;
        for (const Point& point : piece.points) field.push_back(covered_m(places, shell, point));
        clip(piece, field);
        if (!piece.faces.empty()) {
            lift(piece, cut.offset_m);
            if (cut.torso) drape_trunk(piece, places, cut);
            widen_limbs(piece, places, cut);
            add_normals(piece);
            fold(piece, places, cut, seed);
            metric_uv(piece);
            add_collar(piece, places, cut);
            add_normals(piece);
        }
    }
    if (cut.tail_m > 0) append(piece, make_tail(data, body, places, cut, seed));
    piece.name = cut.name;
    piece.rim_m = cut.thickness_m;
    piece.lining_m = (cut.tail_m > 0 ? 0.06 : 0.03) * places.scale();
    return piece;
}

}  // namespace huntsman::scenarios::people
