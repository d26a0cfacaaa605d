#include "scenarios/models/wheels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "scenarios/models/pick.h"

namespace huntsman::scenarios::models {

using engine::core::Error;
using engine::core::Findings;
using engine::core::Result;
using engine::core::Severity;

namespace {

constexpr double kSingle_m = 0.12;  // wheels closer to the middle have no side
constexpr double kRound = 0.05;     // largest error of a tyre's circle, of its radius

struct Group {
    std::vector<std::uint32_t> pieces;
    Vec3 low{0, 0, 0}, high{0, 0, 0};
    Vec3 middle() const { return 0.5 * (low + high); }
    double radius() const { return 0.25 * (high.x - low.x + high.z - low.z); }
};

int side_of(const Vec3& middle) {
    return middle.y > kSingle_m ? 1 : middle.y < -kSingle_m ? -1 : 0;
}

// Tyres that are one wheel.
std::vector<Group> groups_of(const Surface& surface) {
    std::vector<Group> groups;
    for (std::uint32_t i = 0; i < surface.pieces.size(); ++i) {
        const Piece& piece = surface.pieces[i];
        if (surface.faces[piece.faces.front()].kind != Kind::kTyre) continue;
        const Group own{{i}, piece.low, piece.high};
        Group* same = nullptr;
        for (Group& group : groups) {
            const double reach = std::max(group.radius(), own.radius());
            if (std::abs(group.middle().x - own.middle().x) < 0.7 * reach &&
                side_of(group.middle()) == side_of(own.middle())) {
                same = &group;
            }
        }
        if (same == nullptr) {
            groups.push_back(own);
            continue;
        }
        same->pieces.push_back(i);
        same->low = glm::min(same->low, own.low);
        same->high = glm::max(same->high, own.high);
    }
    return groups;
}

// The circle of the tread: points far from the middle of the box.
Circle tread_of(const Surface& surface, const Group& group) {
    std::vector<Vec2> points;
    const Vec2 middle(group.middle().x, group.middle().z);
    for (const std::uint32_t p : group.pieces) {
        for (const std::uint32_t f : surface.pieces[p].faces) {
            for (std::size_t k = 0; k < 3; ++k) {
                const Vec3& at = surface.point(surface.faces[f], k);
                const Vec2 point(at.x, at.z);
                if (glm::length(point - middle) > 0.97 * group.radius()) points.push_back(point);
            }
        }
    }
    return fit_circle(points);
}

// The yaw of a tyre's axle against y, from the spread of its corners seen from above.
double yaw_of(const Surface& surface, const Group& group) {
    const Vec3 middle = group.middle();
    double xx = 0, xy = 0, yy = 0;
    for (const std::uint32_t p : group.pieces) {
        for (const std::uint32_t f : surface.pieces[p].faces) {
            for (std::size_t k = 0; k < 3; ++k) {
                const Vec3 d = surface.point(surface.faces[f], k) - middle;
                xx += d.x * d.x, xy += d.x * d.y, yy += d.y * d.y;
            }
        }
    }
    // The longer axis of the spread lies along the tyre.
    return 0.5 * std::atan2(2 * xy, xx - yy);
}

// Turns wheels that the model shows steered straight again, with all that lies within them.
std::size_t unsteer(Surface& surface, const std::vector<Group>& groups) {
    constexpr double kSteered_rad = 0.02;
    std::size_t turned = 0;
    for (const Group& group : groups) {
        const double yaw = yaw_of(surface, group);
        if (std::abs(yaw) < kSteered_rad || std::abs(yaw) > 0.9) continue;
        const Vec3 hub = group.middle();
        const double c = std::cos(yaw), s = std::sin(yaw);
        const auto straight = [&](const Vec3& p) {
            const Vec3 d = p - hub;
            return hub + Vec3(c * d.x + s * d.y, c * d.y - s * d.x, d.z);
        };
        // The tyre's own size once it is straight.
        double radius = 0.5 * (group.high.z - group.low.z), half_width = 0;
        for (const std::uint32_t p : group.pieces) {
            for (const std::uint32_t f : surface.pieces[p].faces) {
                for (std::size_t k = 0; k < 3; ++k) {
                    const Vec3 d = straight(surface.point(surface.faces[f], k)) - hub;
                    half_width = std::max(half_width, std::abs(d.y));
                }
            }
        }
        for (const Piece& piece : surface.pieces) {
            bool within = true;
            for (std::size_t i = 0; within && i < piece.faces.size(); ++i) {
                for (std::size_t k = 0; k < 3; ++k) {
                    const Vec3 d = straight(surface.point(surface.faces[piece.faces[i]], k)) - hub;
                    within = within && std::abs(d.y) < 1.3 * half_width + 0.03 &&
                             std::hypot(d.x, d.z) < 1.01 * radius + 0.002;
                }
            }
            if (!within) continue;
            std::map<std::uint32_t, std::uint32_t> moved;
            for (const std::uint32_t f : piece.faces) {
                for (std::uint32_t& corner : surface.faces[f].corner) {
                    const auto [found, is_new] = moved.try_emplace(
                        corner, static_cast<std::uint32_t>(surface.points.size()));
                    if (is_new) surface.points.push_back(straight(surface.points[corner]));
                    corner = found->second;
                }
            }
        }
        ++turned;
    }
    return turned;
}

void take_pieces(Surface& surface, const std::vector<FoundWheel>& wheels) {
    for (const Piece& piece : surface.pieces) {
        const Kind kind = surface.faces[piece.faces.front()].kind;
        if (kind == Kind::kGlass || kind == Kind::kPlate || is_lamp(kind)) continue;
        for (std::size_t w = 0; w < wheels.size(); ++w) {
            const FoundWheel& wheel = wheels[w];
            // Hubs and nuts stand out of the tyre a little.
            const double margin = 0.03 + 0.15 * wheel.width_m;
            bool within = piece.low.y > wheel.hub.y - 0.5 * wheel.width_m - margin &&
                          piece.high.y < wheel.hub.y + 0.5 * wheel.width_m + margin;
            for (std::size_t i = 0; within && i < piece.faces.size(); ++i) {
                for (std::size_t k = 0; k < 3; ++k) {
                    const Vec3 d = surface.point(surface.faces[piece.faces[i]], k) - wheel.hub;
                    within = within && std::hypot(d.x, d.z) < 1.005 * wheel.radius_m + 0.002;
                }
            }
            if (!within) continue;
            for (const std::uint32_t f : piece.faces) {
                surface.faces[f].wheel = static_cast<std::int32_t>(w);
            }
            break;
        }
    }
}

// Where a wheel is tyre all over, what lies within its rim's edge is rim.
void find_rims(Surface& surface, const std::vector<FoundWheel>& wheels) {
    constexpr double kEdge = 0.64;  // of the tyre's radius
    std::vector<bool> plain(wheels.size(), true);
    for (const Face& face : surface.faces) {
        if (face.wheel < 0) continue;
        const bool shines = face.kind == Kind::kRim || face.kind == Kind::kMetal ||
                            face.kind == Kind::kLivery || face.kind == Kind::kPaint;
        if (shines) plain[static_cast<std::size_t>(face.wheel)] = false;
    }
    for (Face& face : surface.faces) {
        if (face.wheel < 0 || !plain[static_cast<std::size_t>(face.wheel)]) continue;
        if (face.kind != Kind::kTyre) continue;
        const FoundWheel& wheel = wheels[static_cast<std::size_t>(face.wheel)];
        bool within = true;
        for (std::size_t k = 0; k < 3; ++k) {
            const Vec3 d = surface.point(face, k) - wheel.hub;
            within = within && std::hypot(d.x, d.z) < kEdge * wheel.radius_m;
        }
        if (!within) continue;
        face.kind = Kind::kRim;
        face.painted = false;
        face.colour.fill(own_colour(Kind::kRim).value());
    }
}

}  // namespace

Circle fit_circle(const std::vector<Vec2>& points) {
    if (points.size() < 3) return {};
    Vec2 mean(0, 0);
    for (const Vec2& p : points) mean += p / static_cast<double>(points.size());
    double uu = 0, uv = 0, vv = 0, uq = 0, vq = 0, q = 0;
    for (const Vec2& p : points) {
        const Vec2 d = p - mean;
        const double square = glm::dot(d, d);
        uu += d.x * d.x, uv += d.x * d.y, vv += d.y * d.y;
        uq += d.x * square, vq += d.y * square, q += square;
    }
    const double determinant = uu * vv - uv * uv;
    if (determinant < 1e-12 * (uu + vv) * (uu + vv) || determinant <= 0) return {};
    const Vec2 c(0.5 * (uq * vv - vq * uv) / determinant, 0.5 * (vq * uu - uq * uv) / determinant);
    Circle circle{.middle = mean + c,
                  .radius = std::sqrt(glm::dot(c, c) + q / static_cast<double>(points.size()))};
    for (const Vec2& p : points) {
        circle.largest_error = std::max(circle.largest_error,
                                        std::abs(glm::length(p - circle.middle) - circle.radius));
    }
    return circle;
}

Result<std::vector<FoundWheel>> find_wheels(Surface& surface, Findings& findings) {
    if (const std::size_t turned = unsteer(surface, groups_of(surface)); turned > 0) {
        findings.add(Severity::kNote, 0, "model.steered",
                     fmt::format("{} wheels are shown steered; they are turned straight", turned));
        find_pieces(surface);
    }
    std::vector<FoundWheel> wheels;
    for (const Group& group : groups_of(surface)) {
        const Circle circle = tread_of(surface, group);
        const Vec3 at = group.middle();
        const double oval = std::abs(group.high.x - group.low.x - (group.high.z - group.low.z));
        if (circle.radius < 0.02 || circle.largest_error > kRound * circle.radius ||
            oval > 2 * kRound * circle.radius) {
            return Error{
                .message = fmt::format(
                    "the tyre at x {:.2f}, y {:.2f}, z {:.2f} m is not round: it is {:.0f} "
                    "mm long and {:.0f} mm high, its tread up to {:.0f} mm off a circle",
                    at.x, at.y, at.z, 1e3 * (group.high.x - group.low.x),
                    1e3 * (group.high.z - group.low.z), 1e3 * circle.largest_error)};
        }
        wheels.push_back({.hub = {circle.middle.x, at.y, circle.middle.y},
                          .radius_m = circle.radius,
                          .width_m = group.high.y - group.low.y,
                          .roundness_m = circle.largest_error});
    }
    if (wheels.empty()) return Error{.message = "has no part of kind tyre, expected its wheels"};
    std::stable_sort(wheels.begin(), wheels.end(),
                     [](const FoundWheel& a, const FoundWheel& b) { return a.hub.x > b.hub.x; });
    // Wheels of an axle lie side by side.
    for (std::size_t i = 1; i < wheels.size(); ++i) {
        const bool same = wheels[i - 1].hub.x - wheels[i].hub.x < 0.5 * wheels[i].radius_m;
        wheels[i].axle = wheels[i - 1].axle + (same ? 0 : 1);
    }
    std::stable_sort(wheels.begin(), wheels.end(), [](const FoundWheel& a, const FoundWheel& b) {
        return a.axle != b.axle ? a.axle < b.axle : a.hub.y > b.hub.y;
    });
    for (std::size_t i = 0; i + 2 < wheels.size(); ++i) {
        if (wheels[i].axle == wheels[i + 2].axle) {
            return Error{.message =
                             fmt::format("axle {} has more than two wheels", wheels[i].axle)};
        }
    }
    for (const FoundWheel& wheel : wheels) {
        if (wheel.roundness_m > 0.02 * wheel.radius_m) {
            findings.add(Severity::kWarning, 0, "model.round",
                         fmt::format("the tyre of axle {} is {:.0f} mm off its circle", wheel.axle,
                                     1e3 * wheel.roundness_m));
        }
    }
    take_pieces(surface, wheels);
    find_rims(surface, wheels);
    return wheels;
}

}  // namespace huntsman::scenarios::models
