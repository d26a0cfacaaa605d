#include "scenarios/models/patches.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scenarios/models/pick.h"

namespace huntsman::scenarios::models {

using engine::core::Findings;
using engine::core::Severity;

namespace {

using Shape = std::vector<Vec2>;  // corners about the patch's middle, counter-clockwise

// Of a side: where patches look to, and their width and height as seen from there.
struct Frame {
    Vec3 out, across, up;
    Vec3 place(const Vec2& at, double depth) const {
        return at.x * across + at.y * up + depth * out;
    }
};

Frame frame_of(Side side) {
    switch (side) {
        case Side::kFront:
            return {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        case Side::kRear:
            return {{-1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        case Side::kLeft:
            return {{0, 1, 0}, {1, 0, 0}, {0, 0, 1}};
        case Side::kRight:
            return {{0, -1, 0}, {1, 0, 0}, {0, 0, 1}};
        case Side::kTop:
            break;
    }
    return {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}};
}

double area_of(const Shape& shape) {
    double twice = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const Vec2 &a = shape[i], &b = shape[(i + 1) % shape.size()];
        twice += a.x * b.y - a.y * b.x;
    }
    return 0.5 * twice;
}

// Corners rounded by curves of second degree, long sides in steps.
Shape rounded(const Shape& corners, double radius) {
    constexpr int kSteps = 3;             // of a corner
    constexpr double kLongest_m = 0.12;   // of a side, so that it follows the surface
    constexpr double kMostOfSide = 0.45;  // that a corner takes
    Shape shape;
    const auto add = [&](const Vec2& p) {
        if (!shape.empty()) {
            const Vec2 from = shape.back();
            const int steps = static_cast<int>(std::ceil(glm::length(p - from) / kLongest_m));
            for (int i = 1; i < steps; ++i) {
                shape.push_back(from + (p - from) * (static_cast<double>(i) / steps));
            }
        }
        shape.push_back(p);
    };
    const std::size_t count = corners.size();
    for (std::size_t i = 0; i < count; ++i) {
        const Vec2 at = corners[i];
        const Vec2 back = corners[(i + count - 1) % count] - at, on = corners[(i + 1) % count] - at;
        const double before = glm::length(back), after = glm::length(on);
        const double cosine = std::clamp(glm::dot(back, on) / (before * after), -1.0, 1.0);
        // From the corner to where a circle of the radius touches its sides.
        const double tangent = std::tan(0.5 * std::acos(cosine));
        const double reach =
            std::min(radius / std::max(tangent, 1e-6), kMostOfSide * std::min(before, after));
        const Vec2 from = at + back * (reach / before), to = at + on * (reach / after);
        for (int k = 0; k <= kSteps; ++k) {
            const double u = static_cast<double>(k) / kSteps;
            add((1 - u) * (1 - u) * from + 2 * u * (1 - u) * at + u * u * to);
        }
    }
    // The side back to the first corner.
    const Vec2 first = shape.front();
    add(first);
    shape.pop_back();
    return shape;
}

struct Laid {
    Vec2 middle;
    Vec2 half;
    Shape shape;
};

Laid shape_of(const Patch& patch) {
    Laid laid;
    Shape corners;
    if (patch.outline_m.corners.empty()) {
        laid.middle = {(*patch.at_m)[0], (*patch.at_m)[1]};
        laid.half = {0.5 * (*patch.size_m)[0], 0.5 * (*patch.size_m)[1]};
        const Vec2 h = laid.half;
        corners = {-h, {h.x, -h.y}, h, {-h.x, h.y}};
    } else {
        Vec2 low(1e9, 1e9), high = -low;
        for (const auto& c : patch.outline_m.corners) {
            low = glm::min(low, Vec2(c[0], c[1])), high = glm::max(high, Vec2(c[0], c[1]));
        }
        laid.middle = 0.5 * (low + high), laid.half = 0.5 * (high - low);
        for (const auto& c : patch.outline_m.corners) {
            corners.push_back(Vec2(c[0], c[1]) - laid.middle);
        }
        if (area_of(corners) < 0) std::reverse(corners.begin(), corners.end());
    }
    if (patch.round) {
        const int sides = std::max(laid.half.x, laid.half.y) > 0.05 ? 24 : 16;
        for (int i = 0; i < sides; ++i) {
            const double angle = 2 * engine::math::kPi * i / sides;
            laid.shape.emplace_back(laid.half.x * std::cos(angle), laid.half.y * std::sin(angle));
        }
        return laid;
    }
    const double smaller = 2 * std::min(laid.half.x, laid.half.y);
    const double share = is_lamp(patch.is) ? 0.22 : 0.06;
    laid.shape = rounded(corners, patch.corner_m.value_or(share * smaller));
    return laid;
}

// Of six equations, by elimination; the matrix is symmetric and positive definite.
std::array<double, 6> solved(std::array<std::array<double, 7>, 6> rows) {
    for (std::size_t k = 0; k < 6; ++k) {
        for (std::size_t i = k + 1; i < 6; ++i) {
            const double factor = rows[i][k] / rows[k][k];
            for (std::size_t j = k; j < 7; ++j) rows[i][j] -= factor * rows[k][j];
        }
    }
    std::array<double, 6> x{};
    for (std::size_t k = 6; k-- > 0;) {
        double rest = rows[k][6];
        for (std::size_t j = k + 1; j < 6; ++j) rest -= rows[k][j] * x[j];
        x[k] = rest / rows[k][k];
    }
    return x;
}

// The surface under a patch, as a depth over its plane.
class Ground {
  public:
    // `flat`: of plates, which do not bend.
    // Nothing lies farther out than `most`, where the vehicle ends.
    Ground(const Frame& frame, const Tree& tree, const Laid& laid, double middle, bool flat,
           double most)
        : frame_(frame), tree_(tree), laid_(laid), middle_(middle), most_(most), flat_(flat) {
        fit();
    }

    static std::optional<double> first(const Frame& frame, const Tree& tree, const Vec2& at) {
        constexpr double kFar_m = 50;
        const auto hit = tree.first_hit(frame.place(at, kFar_m), -frame.out, 0, 2 * kFar_m);
        if (!hit) return std::nullopt;
        return kFar_m - hit->t;
    }
    // Of the surface itself. It may bend away by the patch's own size before the patch leaves it.
    double depth(const Vec2& at) const {
        const double reach = std::max(laid_.half.x, laid_.half.y);
        const double own = first(frame_, tree_, laid_.middle + at).value_or(middle_);
        return std::clamp(own, middle_ - reach, middle_ + reach);
    }
    // Of what the patch lies on: a smooth surface over it where that is near enough.
    double base(const Vec2& at) const {
        return std::min(most_, smooth_ ? plain(at) + lift_ : depth(at));
    }
    Vec3 normal(const Vec2& at) const {
        constexpr double kStep_m = 0.012, kSteepest = 3;
        const auto slope = [&](const Vec2& step) {
            const double rise = base(at + step) - base(at - step);
            return std::clamp(rise / (2 * kStep_m), -kSteepest, kSteepest);
        };
        return glm::normalize(frame_.out - slope({kStep_m, 0}) * frame_.across -
                              slope({0, kStep_m}) * frame_.up);
    }

  private:
    using Terms = std::array<double, 6>;
    Terms terms(const Vec2& at) const {
        const double u = at.x / laid_.half.x, v = at.y / laid_.half.y;
        if (flat_) return {1, u, v, 0, 0, 0};
        return {1, u, v, u * u, u * v, v * v};
    }
    double fitted_at(const Vec2& at) const {
        const Terms t = terms(at);
        return std::inner_product(t.begin(), t.end(), fitted_.begin(), 0.0);
    }
    double plain(const Vec2& at) const { return middle_ + fitted_at(at); }

    // Least squares of second degree, or of a plane, with little weight for what lies off the rest:
    // seams, slots and what sticks out.
    void fit() {
        constexpr int kAlong = 9;
        constexpr double kNear_m = 0.003;
        const double near_enough_m = flat_ ? 0.05 : 0.016;
        std::vector<Vec2> places;
        std::vector<double> depths;
        for (int i = 0; i < kAlong; ++i) {
            for (int j = 0; j < kAlong; ++j) {
                const Vec2 at(laid_.half.x * (2.0 * i / (kAlong - 1) - 1),
                              laid_.half.y * (2.0 * j / (kAlong - 1) - 1));
                const auto own = first(frame_, tree_, laid_.middle + at);
                if (!own || !inside(at)) continue;
                places.push_back(at), depths.push_back(*own - middle_);
            }
        }
        if (places.size() < 12) return;
        std::vector<double> weights(places.size(), 1);
        constexpr int kRounds = 8;
        for (int round = 0; round < kRounds; ++round) {
            std::array<std::array<double, 7>, 6> rows{};
            for (std::size_t k = 0; k < 6; ++k) rows[k][k] = 1e-9;
            for (std::size_t i = 0; i < places.size(); ++i) {
                const Terms t = terms(places[i]);
                for (std::size_t k = 0; k < 6; ++k) {
                    for (std::size_t l = 0; l < 6; ++l) rows[k][l] += weights[i] * t[k] * t[l];
                    rows[k][6] += weights[i] * t[k] * depths[i];
                }
            }
            fitted_ = solved(rows);
            for (std::size_t i = 0; i < places.size(); ++i) {
                const double off = (depths[i] - fitted_at(places[i])) / kNear_m;
                weights[i] = 1 / (1 + off * off);
            }
        }
        std::size_t near = 0;
        for (std::size_t i = 0; i < places.size(); ++i) {
            const double off = depths[i] - fitted_at(places[i]);
            if (std::abs(off) > near_enough_m) continue;
            ++near;
            lift_ = std::max(lift_, off);
        }
        smooth_ = near * 10 >= places.size() * 7;
    }
    bool inside(const Vec2& at) const {
        bool in = false;
        for (std::size_t i = 0; i < laid_.shape.size(); ++i) {
            const Vec2 &a = laid_.shape[i], &b = laid_.shape[(i + 1) % laid_.shape.size()];
            if ((a.y > at.y) == (b.y > at.y)) continue;
            if (at.x < a.x + (b.x - a.x) * (at.y - a.y) / (b.y - a.y)) in = !in;
        }
        return in;
    }

    const Frame& frame_;
    const Tree& tree_;
    const Laid& laid_;
    double middle_ = 0, most_ = 0, lift_ = 0;
    bool flat_ = false;
    bool smooth_ = false;
    Terms fitted_{};
};

class Layer {
  public:
    Layer(const Patch& patch, const Frame& frame, const Laid& laid, const Ground& ground)
        : patch_(patch), frame_(frame), laid_(laid), ground_(ground) {}

    void lay(Lens& lens) const {
        const Shape& shape = laid_.shape;
        const std::size_t count = shape.size();
        // A ring between the middle and the outline, where the patch is large enough to bend.
        const bool ringed = std::max(laid_.half.x, laid_.half.y) > 0.04;
        const double inner = ringed ? 0.6 : 0;
        for (std::size_t i = 0; i < count; ++i) {
            const Vec2 &a = shape[i], &b = shape[(i + 1) % count];
            if (ringed) {
                add(lens.fine, corner({0, 0}, 0), corner(inner * a, inner),
                    corner(inner * b, inner));
                add(lens.fine, corner(inner * a, inner), corner(a, 1), corner(b, 1));
                add(lens.fine, corner(inner * a, inner), corner(b, 1), corner(inner * b, inner));
            } else {
                add(lens.fine, corner({0, 0}, 0), corner(a, 1), corner(b, 1));
            }
        }
        for (std::size_t i = 0; i < count; i += 2) {
            const Vec2 &a = shape[i], &b = shape[std::min(i + 2, count) % count];
            add(lens.coarse, corner({0, 0}, 0), corner(a, 1), corner(b, 1));
        }
        // Over the body below it, which is thinned at that level.
        constexpr double kOver_m = 0.008;
        for (Lens::Triangle& triangle : lens.coarse) {
            for (Vec3& p : triangle.p) p += kOver_m * frame_.out;
        }
        if (patch_.rim_m > 0) lay_rim(lens);
        const Vec2 h = laid_.half;
        lens.quad = {point({-h.x, -h.y}), point({h.x, -h.y}), point(h), point({-h.x, h.y})};
        const Vec3 across = lens.quad[1] - lens.quad[0], up = lens.quad[2] - lens.quad[0];
        if (glm::dot(glm::cross(across, up), frame_.out) < 0) std::swap(lens.quad[1], lens.quad[3]);
        lens.normal = frame_.out;
    }

  private:
    struct Corner {
        Vec3 p, n;
    };
    Vec3 point(const Vec2& at) const {
        return frame_.place(laid_.middle + at, ground_.base(at) + patch_.raise_m);
    }
    // `share` is that of the way from the middle to the outline: lenses are vaulted a little.
    Corner corner(const Vec2& at, double share) const {
        Vec3 n = ground_.normal(at);
        if (is_lamp(patch_.is) && share > 0) {
            constexpr double kVault = 0.22;
            const Vec2 away = glm::normalize(Vec2(at.x / laid_.half.x, at.y / laid_.half.y));
            n = glm::normalize(n + kVault * share * (away.x * frame_.across + away.y * frame_.up));
        }
        return {point(at), n};
    }
    void add(std::vector<Lens::Triangle>& to, const Corner& a, const Corner& b,
             const Corner& c) const {
        const bool turned = glm::dot(glm::cross(b.p - a.p, c.p - a.p), frame_.out) < 0;
        const Corner &second = turned ? c : b, &third = turned ? b : c;
        to.push_back({{a.p, second.p, third.p}, {a.n, second.n, third.n}});
    }
    void lay_rim(Lens& lens) const {
        const Shape& shape = laid_.shape;
        const std::size_t count = shape.size();
        const double width = std::min(patch_.rim_m, 0.4 * std::min(laid_.half.x, laid_.half.y));
        constexpr double kDeepest_m = 0.05;
        constexpr double kSunk_m = 0.004;  // so that no gap shows where the surface bends
        const auto pair = [&](std::size_t i) {
            const Vec2& at = shape[i % count];
            const Vec2 side = shape[(i + 1) % count] - shape[(i + count - 1) % count];
            const Vec2 away = glm::normalize(Vec2(side.y, -side.x));
            const Vec2 outer = at + width * away;
            const double base = ground_.base(at);
            // Down to the surface, but not after it where it ends.
            const double depth =
                std::clamp(ground_.depth(outer), base - kDeepest_m, base) - kSunk_m;
            Vec3 n = ground_.normal(at) + away.x * frame_.across + away.y * frame_.up;
            n = glm::normalize(n);
            return std::pair{Corner{point(at), n},
                             Corner{frame_.place(laid_.middle + outer, depth), n}};
        };
        for (std::size_t i = 0; i < count; ++i) {
            const auto [a, c] = pair(i);
            const auto [b, d] = pair(i + 1);
            add(lens.rim, a, c, d);
            add(lens.rim, a, d, b);
        }
    }

    const Patch& patch_;
    const Frame& frame_;
    const Laid& laid_;
    const Ground& ground_;
};

std::optional<Lens> lay(const Patch& patch, const Laid& laid, bool left, const Tree& tree,
                        const engine::world::Extent& extent) {
    const Frame frame = frame_of(patch.side);
    const auto middle = Ground::first(frame, tree, laid.middle);
    if (!middle) return std::nullopt;
    const double most = patch.side == Side::kFront  ? extent.front_m
                        : patch.side == Side::kRear ? extent.rear_m
                                                    : 1e9;
    const Ground ground(frame, tree, laid, *middle, patch.is == Kind::kPlate, most);
    Lens lens{.kind = patch.is, .left = left};
    lens.colour = patch.colour.value_or(own_colour(patch.is).value_or(Rgb{0.05F, 0.05F, 0.05F}));
    Layer(patch, frame, laid, ground).lay(lens);
    return lens;
}

// The mirror image at -y.
void mirror(Patch& patch, Laid& laid) {
    const bool ends = patch.side == Side::kFront || patch.side == Side::kRear;
    if (patch.side == Side::kLeft) {
        patch.side = Side::kRight;
    } else if (patch.side == Side::kRight) {
        patch.side = Side::kLeft;
    } else {
        // y is what the patch gives first from the ends, second from the top.
        const Vec2 turn = ends ? Vec2(-1, 1) : Vec2(1, -1);
        laid.middle *= turn;
        for (Vec2& p : laid.shape) p *= turn;
        std::reverse(laid.shape.begin(), laid.shape.end());
    }
}

}  // namespace

std::vector<Lens> lay_patch(const Patch& patch, const Tree& tree,
                            const engine::world::Extent& extent, Findings& findings) {
    std::vector<Lens> lenses;
    for (const bool twin : {false, true}) {
        if (twin && !patch.twin) continue;
        Patch own = patch;
        Laid laid = shape_of(patch);
        if (twin) mirror(own, laid);
        const bool ends = own.side == Side::kFront || own.side == Side::kRear;
        const bool left = ends                     ? laid.middle.x >= 0
                          : own.side == Side::kTop ? laid.middle.y >= 0
                                                   : own.side == Side::kLeft;
        if (auto lens = lay(own, laid, left, tree, extent)) {
            lenses.push_back(std::move(*lens));
        } else {
            findings.add(Severity::kError, 0, "model.patch",
                         fmt::format("the {} at {:.2f}, {:.2f} m lies beside the model, seen from "
                                     "the {}; it is left out",
                                     name(patch.is), laid.middle.x, laid.middle.y, name(own.side)));
        }
    }
    return lenses;
}

}  // namespace huntsman::scenarios::models
