#include "scenarios/animals/organs.h"

#include <algorithm>
#include <cmath>

#include "scenarios/animals/coat.h"

namespace huntsman::scenarios::animals {

using engine::figure::Joint;
using engine::math::kPi;
using engine::math::Vec3;
using people::Piece;
using people::Point;

namespace {

Vec3 vec(const std::array<double, 3>& p) { return {p[0], p[1], p[2]}; }

// Appends the mirror image at -y; joints change sides.
void add_mirrored(Piece& piece) {
    const auto count = static_cast<std::uint32_t>(piece.points.size());
    for (std::uint32_t i = 0; i < count; ++i) {
        Point point = piece.points[i];
        point.p.y = -point.p.y;
        point.n.y = -point.n.y;
        point.weld += count;
        for (Joint& joint : point.carried.joints) joint = engine::figure::mirrored(joint);
        piece.points.push_back(point);
    }
    const std::size_t faces = piece.faces.size();
    for (std::size_t k = 0; k < faces; ++k) {
        const people::Face f = piece.faces[k];
        piece.faces.push_back({f[0] + count, f[2] + count, f[1] + count});
    }
}

}  // namespace

Piece ears_of(const Animal& animal, const Ear& ear) {
    constexpr int kRows = 9, kColumns = 6;  // along it; across, there and back
    const Vec3 root = vec(ear.root_m), along = vec(ear.tip_m) - root;
    const Vec3 axis = glm::normalize(along);
    Vec3 out = vec(ear.out);
    out = glm::normalize(out - axis * glm::dot(out, axis));
    const Vec3 across = glm::cross(axis, out);
    const Vec3 back = ear.colour ? colour_of(*ear.colour) : colour_of(animal.coat->colour);
    const Vec3 hollow = ear.inner ? colour_of(*ear.inner) : 0.55 * back;
    Piece piece;
    piece.name = "ears";
    const auto around = static_cast<std::uint32_t>(2 * kColumns);
    for (int row = 0; row < kRows; ++row) {
        const double t = static_cast<double>(row) / (kRows - 1);
        // A leaf is broadest at two fifths, a pointed ear near its root; both end round.
        const double leaf = std::pow(std::sin(kPi * (0.2 + 0.785 * t)), 0.75);
        const double pointed = 1.05 * std::pow(1.02 - t, 0.75) * (1 - 0.25 * std::pow(1 - t, 3));
        const double half = 0.5 * ear.width_m * (ear.pointed ? pointed : leaf);
        const double thick = 0.10 * ear.width_m * (1 - 0.6 * t);
        for (std::uint32_t k = 0; k < around; ++k) {
            const double turn = 2 * kPi * k / around;
            const double side = std::cos(turn), front = std::sin(turn);
            Point point;
            const double cup = 0.55 * half * (side * side - 0.5) * (1 - 0.4 * t);
            point.p = root + along * t + across * (half * side) + out * (cup + 0.5 * thick * front);
            point.carried =
                people::mixed(people::carried_by(Joint::kHead), people::carried_by(Joint::kLeftEye),
                              people::smooth_step(0.0, 0.3, t));
            point.matter = engine::figure::Matter::kHair;
            const double inside = people::smooth_step(0.2, 0.7, front) *
                                  people::smooth_step(1.0, 0.75, std::abs(side)) *
                                  people::smooth_step(1.0, 0.8, t);
            point.colour =
                glm::mix(back, hollow, inside) * (1 + 0.06 * people::noise(point.p * 45.0));
            point.weld = static_cast<std::uint32_t>(piece.points.size());
            piece.points.push_back(point);
        }
    }
    const auto corner = [&](std::uint32_t row, std::uint32_t k) {
        return row * around + k % around;
    };
    for (std::uint32_t row = 0; row + 1 < kRows; ++row) {
        for (std::uint32_t k = 0; k < around; ++k) {
            piece.faces.push_back({corner(row, k), corner(row + 1, k), corner(row + 1, k + 1)});
            piece.faces.push_back({corner(row, k), corner(row + 1, k + 1), corner(row, k + 1)});
        }
    }
    // The tip is closed; the root is within the head.
    for (std::uint32_t k = 1; k + 1 < around; ++k) {
        piece.faces.push_back(
            {corner(kRows - 1, 0), corner(kRows - 1, k + 1), corner(kRows - 1, k)});
    }
    // Outwards: the volume within is positive.
    double volume = 0;
    for (const people::Face& f : piece.faces) {
        const auto from_root = [&](std::uint32_t i) { return piece.points[i].p - root; };
        volume += glm::dot(from_root(f[0]), glm::cross(from_root(f[1]), from_root(f[2])));
    }
    if (volume < 0) {
        for (people::Face& face : piece.faces) std::swap(face[1], face[2]);
    }
    people::add_normals(piece);
    add_mirrored(piece);
    return piece;
}

Piece eyes_of(const Eye& eye, const Vec3& at, const Vec3& looks) {
    constexpr int kRings = 7, kAround = 12;
    const Vec3 aside =
        glm::normalize(glm::cross(looks, std::abs(looks.z) < 0.9 ? Vec3(0, 0, 1) : Vec3(1, 0, 0)));
    const Vec3 up = glm::cross(aside, looks);
    Piece piece;
    piece.name = "eyes";
    // The half that looks out, and a little more; from the middle outwards.
    for (int ring = 0; ring < kRings; ++ring) {
        const double turn = 0.62 * kPi * ring / (kRings - 1);
        const int count = ring == 0 ? 1 : kAround;
        for (int k = 0; k < count; ++k) {
            const double a = 2 * kPi * k / kAround;
            Point point;
            point.n =
                looks * std::cos(turn) + (aside * std::cos(a) + up * std::sin(a)) * std::sin(turn);
            point.p = at + point.n * eye.radius_m;
            point.carried = people::carried_by(Joint::kHead);
            point.matter = engine::figure::Matter::kEye;
            const bool pupil = eye.pupil && ring <= 2;
            point.colour = pupil ? colour_of(*eye.pupil) : colour_of(eye.colour);
            point.weld = static_cast<std::uint32_t>(piece.points.size());
            piece.points.push_back(point);
        }
    }
    const auto corner = [](int ring, int k) {
        return static_cast<std::uint32_t>(ring == 0 ? 0 : 1 + (ring - 1) * kAround + k % kAround);
    };
    for (int ring = 0; ring + 1 < kRings; ++ring) {
        for (int k = 0; k < kAround; ++k) {
            piece.faces.push_back({corner(ring, k), corner(ring + 1, k), corner(ring + 1, k + 1)});
            if (ring == 0) continue;
            piece.faces.push_back({corner(ring, k), corner(ring + 1, k + 1), corner(ring, k + 1)});
        }
    }
    const people::Face& f = piece.faces.front();
    const Vec3 n = glm::cross(piece.points[f[1]].p - piece.points[f[0]].p,
                              piece.points[f[2]].p - piece.points[f[0]].p);
    if (glm::dot(n, looks) < 0) {
        for (people::Face& face : piece.faces) std::swap(face[1], face[2]);
    }
    add_mirrored(piece);
    return piece;
}

}  // namespace huntsman::scenarios::animals
