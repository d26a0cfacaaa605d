#include "scenarios/models/shell.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace huntsman::scenarios::models {

namespace {

constexpr int kSections = 120, kAngles = 60;  // of the samples to choose from
constexpr double kLowest_rad = -0.62;         // of the outline's ends, below level
constexpr double kOtherKind_m = 0.035;        // a change of kind counts as so much of a step
constexpr double kEnd_m = 0.01;               // of the first section behind the end
constexpr double kNose = 0.82;                // size of an end\'s inner ring over its outline

struct Sample {
    Vec3 p{0, 0, 0}, n{0, 0, 1};
    Kind kind = Kind::kPlastic;
    Rgb colour{};
};

// Samples by section from the rear, each by angle from the left over the top to the right.
using Grid = std::vector<std::vector<Sample>>;

class Sampler {
  public:
    Sampler(const Surface& surface, const Tree& tree, const std::vector<std::uint32_t>& numbers)
        : s_(surface), tree_(tree), numbers_(numbers) {
        for (const std::uint32_t f : numbers) {
            for (std::size_t k = 0; k < 3; ++k) {
                low_ = glm::min(low_, s_.point(s_.faces[f], k));
                high_ = glm::max(high_, s_.point(s_.faces[f], k));
            }
        }
    }
    // Sections from the rearmost to the foremost that have a whole outline.
    std::optional<Grid> samples() const {
        Grid grid;
        std::vector<int> hits;
        for (int i = 0; i <= kSections; ++i) {
            const double u = static_cast<double>(i) / kSections;
            const double x = low_.x + kEnd_m + u * (high_.x - low_.x - 2 * kEnd_m);
            int found = 0;
            if (auto section = section_at(x, found)) {
                grid.push_back(std::move(*section));
                hits.push_back(found);
            }
        }
        if (grid.size() < kSections / 2) return std::nullopt;
        std::vector<int> sorted = hits;
        std::sort(sorted.begin(), sorted.end());
        const int whole = sorted[sorted.size() / 2] * 95 / 100;
        // Ends reach in by a tenth of the length at most.
        std::size_t first = 0, last = grid.size() - 1;
        while (first < grid.size() / 10 && hits[first] < whole) ++first;
        while (last > grid.size() - grid.size() / 10 && hits[last] < whole) --last;
        return Grid(grid.begin() + static_cast<std::ptrdiff_t>(first),
                    grid.begin() + static_cast<std::ptrdiff_t>(last) + 1);
    }
    // A point of an end's inner ring: towards the section's middle, and out along x to the surface.
    Sample nose(const std::vector<Sample>& section, std::size_t j, bool front) const {
        Vec3 middle(0, 0, 0);
        for (const Sample& sample : section) {
            middle += sample.p / static_cast<double>(section.size());
        }
        middle.y = 0;
        Sample own = section[j];
        own.p = middle + kNose * (own.p - middle);
        const Vec3 out(front ? 1 : -1, 0, 0);
        constexpr double kBeyond_m = 20;
        const Vec3 from(front ? high_.x + kBeyond_m : low_.x - kBeyond_m, own.p.y, own.p.z);
        if (const auto hit = tree_.first_hit(from, -out, 0, 1e3)) {
            const double x = from.x - hit->t * out.x;
            // Not into the vehicle, where the ray slips over it.
            if ((x - own.p.x) * out.x > 0) own.p.x = x;
            const Face& face = s_.faces[numbers_[hit->triangle]];
            own.kind = face.kind;
            own.colour = face.colour[0];
        }
        own.n = out;
        return own;
    }
    static double angle_of(int j) {
        return kLowest_rad + (engine::math::kPi - 2 * kLowest_rad) * j / kAngles;
    }

  private:
    // Between the ground and the top of a section.
    double spine(double x) const {
        constexpr double kFar_m = 20;
        double top = low_.z;
        for (const double share : {0.0, 0.3, -0.3}) {
            const Vec3 from(x, share * high_.y, kFar_m);
            if (const auto hit = tree_.first_hit(from, {0, 0, -1}, 0, kFar_m)) {
                top = std::max(top, kFar_m - hit->t);
            }
        }
        return low_.z + 0.42 * (top - low_.z);
    }
    std::optional<Sample> outline(double x, double spine_z, double angle) const {
        const Vec3 out(0, std::cos(angle), std::sin(angle));
        constexpr double kFar_m = 20;
        const Vec3 from = Vec3(x, 0, spine_z) + kFar_m * out;
        const auto hit = tree_.first_hit(from, -out, 0, kFar_m - 0.02);
        if (!hit) return std::nullopt;
        const Face& face = s_.faces[numbers_[hit->triangle]];
        Vec3 n = glm::normalize(s_.cross(face));
        if (glm::dot(n, out) < 0) n = -n;
        return Sample{from - hit->t * out, n, face.kind, face.colour[0]};
    }
    std::optional<std::vector<Sample>> section_at(double x, int& hits) const {
        std::vector<std::optional<Sample>> found;
        const double spine_z = spine(x);
        hits = 0;
        for (int j = 0; j <= kAngles; ++j) {
            found.push_back(outline(x, spine_z, angle_of(j)));
            hits += found.back().has_value();
        }
        if (hits < kAngles / 3) return std::nullopt;
        // What rays slip through is like its neighbour.
        std::vector<Sample> section;
        for (int j = 0; j <= kAngles; ++j) {
            int best = -1;
            for (int k = 0; k <= kAngles; ++k) {
                if (found[static_cast<std::size_t>(k)] &&
                    (best < 0 || std::abs(k - j) < std::abs(best - j))) {
                    best = k;
                }
            }
            section.push_back(*found[static_cast<std::size_t>(best)]);
        }
        return section;
    }

    const Surface& s_;
    const Tree& tree_;
    const std::vector<std::uint32_t>& numbers_;
    Vec3 low_{1e9, 1e9, 1e9}, high_{-1e9, -1e9, -1e9};
};

// What a choice of lines of a grid loses: the steps between its lines and those interpolated.
template <typename At>
double loss(const std::vector<std::size_t>& chosen, std::size_t across, At at) {
    double sum = 0;
    for (std::size_t c = 0; c + 1 < chosen.size(); ++c) {
        const std::size_t a = chosen[c], b = chosen[c + 1];
        for (std::size_t i = a + 1; i < b; ++i) {
            const double u = static_cast<double>(i - a) / static_cast<double>(b - a);
            for (std::size_t j = 0; j < across; j += 2) {
                const Sample &from = at(a, j), &to = at(b, j), &own = at(i, j);
                sum += glm::length(own.p - (from.p + u * (to.p - from.p)));
                if (own.kind != (u < 0.5 ? from : to).kind) sum += kOtherKind_m;
            }
        }
    }
    return sum;
}

// Chooses at most `count` of the lines of a grid: starts with the ends and adds what gains most
// each time. Twins are added with their mirror images.
template <typename At>
std::vector<std::size_t> choose(std::size_t lines, std::size_t across, std::size_t count,
                                bool twins, At at) {
    std::vector<std::size_t> chosen{0, lines - 1};
    while (chosen.size() + (twins ? 2 : 1) <= std::min(count, lines)) {
        double least = 1e300;
        std::vector<std::size_t> best;
        for (std::size_t i = 1; i + 1 < (twins ? lines / 2 : lines); ++i) {
            if (std::find(chosen.begin(), chosen.end(), i) != chosen.end()) continue;
            std::vector<std::size_t> tried = chosen;
            tried.push_back(i);
            if (twins) tried.push_back(lines - 1 - i);
            std::sort(tried.begin(), tried.end());
            const double lost = loss(tried, across, at);
            if (lost < least) least = lost, best = std::move(tried);
        }
        if (best.empty()) break;
        chosen = std::move(best);
    }
    return chosen;
}

// What most samples of a cell are, and their mean colour.
void fill(const Grid& grid, std::size_t i0, std::size_t i1, std::size_t j0, std::size_t j1,
          ShellQuad& quad) {
    std::array<int, kKinds> votes{};
    for (std::size_t i = i0; i <= i1; ++i) {
        for (std::size_t j = j0; j <= j1; ++j) {
            const bool inner = i > i0 && i < i1 && j > j0 && j < j1;
            votes[static_cast<std::size_t>(grid[i][j].kind)] += inner ? 3 : 1;
        }
    }
    // Lamps have lenses of their own.
    for (int k = 0; k < kKinds; ++k) {
        if (is_lamp(static_cast<Kind>(k))) votes[static_cast<std::size_t>(k)] = 0;
    }
    quad.kind = static_cast<Kind>(std::max_element(votes.begin(), votes.end()) - votes.begin());
    float count = 0;
    Rgb sum{};
    for (std::size_t i = i0; i <= i1; ++i) {
        for (std::size_t j = j0; j <= j1; ++j) {
            if (grid[i][j].kind != quad.kind) continue;
            for (std::size_t k = 0; k < 3; ++k) sum[k] += grid[i][j].colour[k];
            count += 1;
        }
    }
    for (std::size_t k = 0; k < 3; ++k) quad.colour[k] = count > 0 ? sum[k] / count : 0.05F;
}

}  // namespace

std::vector<ShellQuad> shell_of(const Surface& surface, const Tree& tree,
                                const std::vector<std::uint32_t>& numbers, double budget) {
    if (numbers.empty()) return {};
    const Sampler sampler(surface, tree, numbers);
    const auto samples = sampler.samples();
    if (!samples) return {};
    const Grid& grid = *samples;
    // Cells along and around in the ratio that suits vehicles. Ends take their share.
    const double cells = 0.5 * budget;
    const bool noses = cells > 60;
    const std::size_t around = cells > 90 ? 11 : noses ? 9 : 5;
    const double ends = static_cast<double>(around - 1 + (noses ? 2 * around : 0));
    const auto along = static_cast<std::size_t>(
        std::clamp((cells - ends) / static_cast<double>(around), 3.0, 24.0));
    const auto sections =
        choose(grid.size(), grid[0].size(), along + 1, false,
               [&](std::size_t i, std::size_t j) -> const Sample& { return grid[i][j]; });
    const auto angles =
        choose(grid[0].size(), grid.size(), around + 1, true,
               [&](std::size_t j, std::size_t i) -> const Sample& { return grid[i][j]; });
    std::vector<ShellQuad> quads;
    const auto add = [&](std::array<Vec3, 4> p, std::array<Vec3, 4> n, ShellQuad quad) {
        const Vec3 cross = glm::cross(p[2] - p[0], p[3] - p[1]);
        for (Vec3& normal : n) {
            if (glm::length(cross) > 1e-9 && glm::dot(normal, glm::normalize(cross)) < 0.5) {
                normal = glm::normalize(cross);
            }
        }
        quad.p = p, quad.n = n;
        quad.left = p[0].y + p[2].y > 0;
        quads.push_back(quad);
    };
    for (std::size_t i = 0; i + 1 < sections.size(); ++i) {
        for (std::size_t j = 0; j + 1 < angles.size(); ++j) {
            const Sample &a = grid[sections[i]][angles[j]], &b = grid[sections[i + 1]][angles[j]],
                         &c = grid[sections[i + 1]][angles[j + 1]],
                         &d = grid[sections[i]][angles[j + 1]];
            ShellQuad quad;
            fill(grid, sections[i], sections[i + 1], angles[j], angles[j + 1], quad);
            // From the left over the top, seen from outside: ahead comes first on the left.
            add({a.p, d.p, c.p, b.p}, {a.n, d.n, c.n, b.n}, quad);
        }
    }
    // Ends: a ring that leads to the inner one, and strips across that from left to right.
    for (const bool front : {true, false}) {
        const auto& section = grid[front ? sections.back() : sections.front()];
        std::vector<Sample> inner;
        for (const std::size_t j : angles) {
            inner.push_back(noses ? sampler.nose(section, j, front) : section[j]);
            inner.back().n = Vec3(front ? 1 : -1, 0, 0);
        }
        const auto quad_of = [&](const Sample& a, const Sample& b, const Sample& c, const Sample& d,
                                 const Sample& like) {
            ShellQuad quad;
            quad.kind = is_lamp(like.kind) ? Kind::kPaint : like.kind;
            quad.colour = is_lamp(like.kind) ? Rgb{1, 1, 1} : like.colour;
            if (front) {
                add({a.p, b.p, c.p, d.p}, {a.n, b.n, c.n, d.n}, quad);
            } else {
                add({b.p, a.p, d.p, c.p}, {b.n, a.n, d.n, c.n}, quad);
            }
        };
        for (std::size_t j = 0; noses && j + 1 < angles.size(); ++j) {
            quad_of(section[angles[j]], inner[j], inner[j + 1], section[angles[j + 1]],
                    section[angles[j]]);
        }
        if (noses) {  // the gap below
            const std::size_t last = angles.size() - 1;
            quad_of(section[angles[0]], section[angles[last]], inner[last], inner[0], inner[0]);
        }
        for (std::size_t l = 0, r = inner.size() - 1; l + 1 < r; ++l, --r) {
            quad_of(inner[l], inner[r], inner[r - 1], inner[l + 1], inner[l]);
        }
    }
    return quads;
}

}  // namespace huntsman::scenarios::models
