#include "scenarios/models/patches.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/models/pick.h"

namespace huntsman::scenarios::models {

using engine::core::Findings;
using engine::core::Severity;

namespace {

// Of a side: where patches look to, and their width and height as seen from there.
struct Frame {
    Vec3 out, across, up;
    Vec3 place(double a, double b, double depth) const {
        return a * glm::abs(across) + b * glm::abs(up) + depth * out;
    }
};

Frame frame_of(Side side) {
    switch (side) {
        case Side::kFront:
            return {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        case Side::kRear:
            return {{-1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
        case Side::kLeft:
            return {{0, 1, 0}, {-1, 0, 0}, {0, 0, 1}};
        case Side::kRight:
            return {{0, -1, 0}, {1, 0, 0}, {0, 0, 1}};
        case Side::kTop:
            break;
    }
    return {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}};
}

// How far out the surface is under a place of the patch's plane.
std::optional<double> depth_at(const Frame& frame, const Tree& tree, double a, double b) {
    constexpr double kFar_m = 50;
    const auto hit = tree.first_hit(frame.place(a, b, kFar_m), -frame.out, 0, 2 * kFar_m);
    if (!hit) return std::nullopt;
    return kFar_m - hit->t;
}

std::optional<Lens> lay(const Patch& patch, double a, double b, bool left, const Tree& tree) {
    const Frame frame = frame_of(patch.side);
    const auto middle = depth_at(frame, tree, a, b);
    if (!middle) return std::nullopt;
    const double half_a = 0.5 * patch.size_m[0], half_b = 0.5 * patch.size_m[1];
    // The surface may bend away by this much before the patch leaves it.
    const double reach = 0.5 * std::max(patch.size_m[0], patch.size_m[1]);
    const auto at = [&](double u, double v) {
        const double pa = a + u * half_a, pb = b + v * half_b;
        const double depth = depth_at(frame, tree, pa, pb).value_or(*middle);
        return frame.place(pa, pb,
                           std::clamp(depth, *middle - reach, *middle + reach) + patch.raise_m);
    };
    Lens lens{.kind = patch.is, .left = left};
    lens.colour = patch.colour.value_or(own_colour(patch.is).value_or(Rgb{0.05F, 0.05F, 0.05F}));
    lens.normal = frame.out;
    const auto add = [&](const Vec3& p, const Vec3& q, const Vec3& r) {
        const bool turned = glm::dot(glm::cross(q - p, r - p), frame.out) < 0;
        lens.fine.push_back({p, turned ? r : q, turned ? q : r});
    };
    if (patch.round) {
        constexpr int kSides = 14;
        for (int i = 0; i < kSides; ++i) {
            const auto rim = [&](int k) {
                const double angle = 2 * engine::math::kPi * k / kSides;
                return at(std::cos(angle), std::sin(angle));
            };
            add(at(0, 0), rim(i), rim(i + 1));
        }
    } else {
        constexpr int kColumns = 4, kRows = 2;
        for (int i = 0; i < kColumns; ++i) {
            for (int j = 0; j < kRows; ++j) {
                const auto corner = [&](int k, int l) {
                    return at(2.0 * (i + k) / kColumns - 1, 2.0 * (j + l) / kRows - 1);
                };
                add(corner(0, 0), corner(1, 0), corner(1, 1));
                add(corner(0, 0), corner(1, 1), corner(0, 1));
            }
        }
    }
    lens.quad = {at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)};
    if (glm::dot(glm::cross(lens.quad[1] - lens.quad[0], lens.quad[2] - lens.quad[0]), frame.out) <
        0) {
        std::swap(lens.quad[1], lens.quad[3]);
    }
    return lens;
}

}  // namespace

std::vector<Lens> lay_patch(const Patch& patch, const Tree& tree, Findings& findings) {
    std::vector<Lens> lenses;
    // y is what the patch gives first, but from the sides and the top.
    const bool ends = patch.side == Side::kFront || patch.side == Side::kRear;
    for (const bool twin : {false, true}) {
        if (twin && !patch.twin) continue;
        Patch own = patch;
        std::array<double, 2> at = patch.at_m;
        if (twin && ends) at[0] = -at[0];
        if (twin && patch.side == Side::kTop) at[1] = -at[1];
        if (twin && patch.side == Side::kLeft) own.side = Side::kRight;
        if (twin && patch.side == Side::kRight) own.side = Side::kLeft;
        const bool left = ends                     ? at[0] >= 0
                          : own.side == Side::kTop ? at[1] >= 0
                                                   : own.side == Side::kLeft;
        if (auto lens = lay(own, at[0], at[1], left, tree)) {
            lenses.push_back(std::move(*lens));
        } else {
            findings.add(Severity::kError, 0, "model.patch",
                         fmt::format("the {} at {:.2f}, {:.2f} m lies beside the model, seen from "
                                     "the {}; it is left out",
                                     name(patch.is), at[0], at[1], name(own.side)));
        }
    }
    return lenses;
}

}  // namespace huntsman::scenarios::models
