#include "scenarios/animals/flesh.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "engine/figure/quadruped.h"
#include "scenarios/animals/joints.h"

namespace huntsman::scenarios::animals {

namespace figure = engine::figure;
using engine::math::Vec3;
using figure::Joint;
using people::Influences;
using people::Piece;
using people::Point;

namespace {

// Nearness to one stretch of a strand.
double from_stretch_m(const Station& from, const Station& to, const Vec3& p) {
    const Vec3 way = to.p - from.p;
    const double size = glm::dot(way, way);
    const double t = size > 0 ? std::clamp(glm::dot(p - from.p, way) / size, 0.0, 1.0) : 0.0;
    const double radius_m = std::lerp(from.radius_m, to.radius_m, t);
    Vec3 off = p - from.p - way * t;
    off.y /= std::lerp(from.wide, to.wide, t);
    return glm::length(off) - radius_m;
}

// The smaller of two, rounded where they differ by less than `k` [Quilez 2013].
double melted(double a, double b, double k) {
    if (k <= 0) return std::min(a, b);
    const double h = std::max(0.0, k - std::abs(a - b)) / k;
    return std::min(a, b) - 0.25 * k * h * h;
}

Vec3 on_left(const Vec3& p) { return {p.x, std::abs(p.y), p.z}; }

constexpr double kFar_m = 10;  // where there is no flesh near

}  // namespace

double distance_m(const std::vector<Station>& stations, const Vec3& p) {
    if (stations.size() == 1) return from_stretch_m(stations[0], stations[0], p);
    double least = kFar_m;
    for (std::size_t k = 0; k + 1 < stations.size(); ++k) {
        least = std::min(least, from_stretch_m(stations[k], stations[k + 1], p));
    }
    return least;
}

Flesh::Flesh(const Animal& animal, Surface surface) {
    for (const Strand& strand : animal.flesh) {
        if (strand.of != surface) continue;
        std::istringstream words(strand.carriers);
        std::string word;
        Joint joint = Joint::kPelvis;
        const std::size_t count = std::max<std::size_t>(1, strand.stations.size() - 1);
        for (std::size_t k = 0; k < count; ++k) {
            if (words >> word) joint = joint_named(word).value_or(joint);
            const Station& from = strand.stations[k];
            const Station& to = strand.stations[std::min(k + 1, strand.stations.size() - 1)];
            const bool of_head = k == 0 ? joint == Joint::kHead : stretches_.back().of_head;
            stretches_.push_back({from, to, joint, strand.blend_m, k == 0, of_head, {}, {}});
        }
        // All stretches of a strand reach as far, so that it is one.
        Vec3 low(kFar_m), high(-kFar_m);
        for (const Station& at : strand.stations) {
            const double reach =
                at.radius_m * std::max(1.0, at.wide) + 1.1 * strand.blend_m + 0.004;
            low = glm::min(low, at.p - Vec3(reach));
            high = glm::max(high, at.p + Vec3(reach));
        }
        for (std::size_t k = stretches_.size() - count; k < stretches_.size(); ++k) {
            stretches_[k].low = low;
            stretches_[k].high = high;
        }
    }
}

double Flesh::at(const Vec3& place) const {
    const Vec3 p = on_left(place);
    double field = kFar_m, strand = kFar_m, blend_m = 0;
    bool reached = false;
    const auto close = [&] {
        if (reached) field = melted(field, strand, blend_m);
    };
    for (const Stretch& s : stretches_) {
        if (s.first) {
            close();
            strand = kFar_m;
            blend_m = s.blend_m;
            reached = p.x > s.low.x && p.x < s.high.x && p.y > s.low.y && p.y < s.high.y &&
                      p.z > s.low.z && p.z < s.high.z;
        }
        if (reached) strand = std::min(strand, from_stretch_m(s.from, s.to, p));
    }
    close();
    return field;
}

Vec3 Flesh::normal(const Vec3& p) const {
    constexpr double kStep_m = 5e-4;
    Vec3 slope;
    for (int k = 0; k < 3; ++k) {
        Vec3 step(0);
        step[k] = kStep_m;
        slope[k] = at(p + step) - at(p - step);
    }
    const double size = glm::length(slope);
    return size > 1e-12 ? slope / size : Vec3(0, 0, 1);
}

Influences Flesh::carried(const Vec3& p) const {
    std::array<double, figure::kJointCount> sum{};
    for (const Stretch& s : stretches_) {
        for (const figure::Side side : {figure::Side::kLeft, figure::Side::kRight}) {
            const bool middle = is_middle(s.joint);
            if (middle && (side == figure::Side::kLeft) != (p.y >= 0)) continue;
            const Vec3 q(p.x, figure::sign(side) * p.y, p.z);
            // Nearness over the flesh's own thickness.
            const double soft_m = 0.25 * (s.from.radius_m + s.to.radius_m);
            const double away = std::max(0.0, from_stretch_m(s.from, s.to, q)) / soft_m;
            const double weight = 1 / engine::math::square(0.08 + away * away);
            const Joint joint =
                middle || side == figure::Side::kLeft ? s.joint : figure::mirrored(s.joint);
            // Strands that share a joint do not add up.
            sum[figure::index(joint)] = std::max(sum[figure::index(joint)], weight);
        }
    }
    std::array<std::size_t, figure::kJointCount> order{};
    for (std::size_t j = 0; j < order.size(); ++j) order[j] = j;
    std::partial_sort(
        order.begin(), order.begin() + 4, order.end(),
        [&](std::size_t i, std::size_t j) { return sum[i] != sum[j] ? sum[i] > sum[j] : i < j; });
    double total = 0;
    for (std::size_t k = 0; k < 4; ++k) total += sum[order[k]];
    Influences carried;
    for (std::size_t k = 0; k < 4; ++k) {
        carried.joints[k] = static_cast<Joint>(order[k]);
        carried.shares[k] = static_cast<float>(sum[order[k]] / total);
    }
    return carried;
}

// The planes between cells along an axis: finer where the head is, and, in height, the feet.
std::vector<double> Flesh::lines(int axis, double cell_m) const {
    double low = kFar_m, high = -kFar_m;
    struct Range {
        double low, high;
    };
    Range head{kFar_m, -kFar_m}, feet{kFar_m, -kFar_m};
    for (const Stretch& s : stretches_) {
        low = std::min(low, s.low[axis]);
        high = std::max(high, s.high[axis]);
        Range* fine = s.of_head ? &head : nullptr;
        if (axis == 2 && (s.joint == Joint::kLeftFingers || s.joint == Joint::kLeftToes)) {
            fine = &feet;
        }
        if (fine == nullptr) continue;
        fine->low = std::min(fine->low, std::min(s.from.p[axis], s.to.p[axis]) - s.to.radius_m);
        fine->high = std::max(fine->high, std::max(s.from.p[axis], s.to.p[axis]) + s.to.radius_m);
    }
    // Room for cells around the surface.
    low -= 2 * cell_m;
    high += 2 * cell_m;
    if (axis == 1) low = 0.5 * cell_m;  // the other side mirrors it
    std::vector<double> lines;
    for (double at = low; at < high;) {
        lines.push_back(at);
        const auto within = [&](const Range& r) { return at >= r.low && at < r.high; };
        at += within(head) || within(feet) ? 0.5 * cell_m : cell_m;
    }
    if (axis != 1) return lines;
    // No plane lies in the middle, so that both sides get the same cells.
    if (head.low < head.high) {
        for (double& at : lines) at -= 0.25 * cell_m;
    }
    std::vector<double> both;
    for (std::size_t k = lines.size(); k-- > 0;) both.push_back(-lines[k]);
    both.insert(both.end(), lines.begin(), lines.end());
    return both;
}

namespace {

// Cells between planes, and the field at their corners.
struct Grid {
    std::array<std::vector<double>, 3> lines;
    std::vector<float> field;

    std::size_t size(int axis) const { return lines[static_cast<std::size_t>(axis)].size(); }
    std::size_t corner(std::size_t x, std::size_t y, std::size_t z) const {
        return (z * size(1) + y) * size(0) + x;
    }
    Vec3 place(std::size_t x, std::size_t y, std::size_t z) const {
        return {lines[0][x], lines[1][y], lines[2][z]};
    }
};

// The mean of where the surface crosses a cell's edges; none where it does not [Gibson 1998].
bool crossing(const Grid& grid, std::size_t x, std::size_t y, std::size_t z, Vec3& mean) {
    std::array<float, 8> value{};
    int inside = 0;
    for (std::size_t k = 0; k < 8; ++k) {
        value[k] = grid.field[grid.corner(x + (k & 1), y + (k >> 1 & 1), z + (k >> 2))];
        inside += value[k] < 0 ? 1 : 0;
    }
    if (inside == 0 || inside == 8) return false;
    Vec3 sum(0);
    double count = 0;
    for (std::size_t a = 0; a < 8; ++a) {
        for (const std::size_t bit : {1U, 2U, 4U}) {
            const std::size_t b = a | bit;
            if (a == b || (value[a] < 0) == (value[b] < 0)) continue;
            const double t = static_cast<double>(value[a] / (value[a] - value[b]));
            const Vec3 pa = grid.place(x + (a & 1), y + (a >> 1 & 1), z + (a >> 2));
            const Vec3 pb = grid.place(x + (b & 1), y + (b >> 1 & 1), z + (b >> 2));
            sum += glm::mix(pa, pb, t);
            count += 1;
        }
    }
    mean = sum / count;
    return true;
}

// Two faces for each edge of the grid that the surface crosses, between the four cells around it.
void add_faces(const Grid& grid, const std::vector<std::uint32_t>& point_of, Piece& piece) {
    const auto cell = [&](std::size_t x, std::size_t y, std::size_t z) {
        return point_of[grid.corner(x, y, z)];
    };
    for (std::size_t z = 1; z + 1 < grid.size(2); ++z) {
        for (std::size_t y = 1; y + 1 < grid.size(1); ++y) {
            for (std::size_t x = 1; x + 1 < grid.size(0); ++x) {
                const bool here = grid.field[grid.corner(x, y, z)] < 0;
                const auto quad = [&](bool beyond, std::uint32_t a, std::uint32_t b,
                                      std::uint32_t c, std::uint32_t d) {
                    if (here == beyond) return;
                    if (!here) std::swap(b, d);
                    people::add_quad(piece, a, b, c, d);
                };
                quad(grid.field[grid.corner(x + 1, y, z)] < 0, cell(x, y - 1, z - 1),
                     cell(x, y, z - 1), cell(x, y, z), cell(x, y - 1, z));
                quad(grid.field[grid.corner(x, y + 1, z)] < 0, cell(x - 1, y, z - 1),
                     cell(x - 1, y, z), cell(x, y, z), cell(x, y, z - 1));
                quad(grid.field[grid.corner(x, y, z + 1)] < 0, cell(x - 1, y - 1, z),
                     cell(x, y - 1, z), cell(x, y, z), cell(x - 1, y, z));
            }
        }
    }
}

}  // namespace

Piece Flesh::surface(double cell_m) const {
    Grid grid;
    for (int axis = 0; axis < 3; ++axis) {
        grid.lines[static_cast<std::size_t>(axis)] = lines(axis, cell_m);
    }
    const std::size_t nx = grid.size(0), ny = grid.size(1), nz = grid.size(2);
    grid.field.resize(nx * ny * nz);
    for (std::size_t z = 0; z < nz; ++z) {
        for (std::size_t y = ny / 2; y < ny; ++y) {
            for (std::size_t x = 0; x < nx; ++x) {
                const auto value = static_cast<float>(at(grid.place(x, y, z)));
                grid.field[grid.corner(x, y, z)] = value;
                grid.field[grid.corner(x, ny - 1 - y, z)] = value;
            }
        }
    }
    Piece piece;
    std::vector<std::uint32_t> point_of(grid.field.size(), ~0U);
    for (std::size_t z = 0; z + 1 < nz; ++z) {
        for (std::size_t y = 0; y + 1 < ny; ++y) {
            for (std::size_t x = 0; x + 1 < nx; ++x) {
                Point point;
                if (!crossing(grid, x, y, z, point.p)) continue;
                // Onto the surface, within the cell.
                const Vec3 low = grid.place(x, y, z), high = grid.place(x + 1, y + 1, z + 1);
                for (int step = 0; step < 3; ++step) {
                    point.p = glm::clamp(point.p - normal(point.p) * at(point.p), low, high);
                }
                point.n = normal(point.p);
                point.carried = carried(point.p);
                point.weld = static_cast<std::uint32_t>(piece.points.size());
                point_of[grid.corner(x, y, z)] = point.weld;
                piece.points.push_back(point);
            }
        }
    }
    add_faces(grid, point_of, piece);
    return piece;
}

// References
// [Gibson 1998] S. F. F. Gibson, Constrained elastic surface nets, MICCAI.
// [Quilez 2013] I. Quilez, Smooth minimum, iquilezles.org/articles/smin.

}  // namespace huntsman::scenarios::animals
