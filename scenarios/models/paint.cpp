#include "scenarios/models/paint.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "engine/core/image.h"
#include "engine/import/picture.h"
#include "scenarios/models/divide.h"
#include "scenarios/models/texture.h"

namespace huntsman::scenarios::models {

using engine::core::Findings;
using engine::core::Image;
using engine::core::Severity;

namespace {

using Uv = std::array<float, 2>;
constexpr float kPlainStep = 0.035F;  // a change of colour that asks for a cut

class Texture {
  public:
    explicit Texture(Image image) : image_(std::move(image)) {
        for (int i = 0; i < 256; ++i) table_[i] = linear_of(static_cast<std::uint8_t>(i));
    }
    // The mean about a place, over a square of `half` texture widths either way.
    Rgb at(const Uv& uv, float half) const {
        constexpr int kTaps = 5;
        Rgb sum{};
        for (int i = 0; i < kTaps; ++i) {
            for (int j = 0; j < kTaps; ++j) {
                const auto shift = [&](int k) {
                    return half * (2.0F * static_cast<float>(k) / (kTaps - 1) - 1.0F);
                };
                const Rgb texel = nearest({uv[0] + shift(i), uv[1] + shift(j)});
                for (std::size_t k = 0; k < 3; ++k) sum[k] += texel[k] / (kTaps * kTaps);
            }
        }
        return sum;
    }

  private:
    Rgb nearest(const Uv& uv) const {
        const auto index = [](float at, int size) {
            const float part = at - std::floor(at);
            return std::clamp(static_cast<int>(part * static_cast<float>(size)), 0, size - 1);
        };
        const std::uint8_t* texel =
            image_.row(index(uv[1], image_.height)) + index(uv[0], image_.width) * image_.channels;
        return {table_[texel[0]], table_[texel[1]], table_[texel[2]]};
    }
    Image image_;
    std::array<float, 256> table_{};
};

float difference(const Rgb& a, const Rgb& b) {
    float most = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        // Of lightness as the eye has it.
        most = std::max(most, std::abs(std::sqrt(a[k]) - std::sqrt(b[k])));
    }
    return most;
}

Uv between(const Uv& a, const Uv& b, float to_b) {
    return {(1 - to_b) * a[0] + to_b * b[0], (1 - to_b) * a[1] + to_b * b[1]};
}

class Cutter {
  public:
    Cutter(std::vector<std::optional<Texture>> textures, double finest_m, Surface& surface)
        : textures_(std::move(textures)), finest_m_(finest_m), s_(surface) {}

    const Texture* texture_of(const Face& face) const {
        return face.painted && face.has_uv && textures_[face.material] ? &*textures_[face.material]
                                                                       : nullptr;
    }
    // Colours of the corners from the texture, smoothed to the size of the face. `inwards` is the
    // share of the way to the face's middle at which they are taken: beside a border that the face
    // ends at, not on it.
    void colour(Face& face, float inwards) const {
        const Texture* texture = texture_of(face);
        if (texture == nullptr) return;
        const float half = (inwards > 0 ? 0.1F : 0.25F) * span(face);
        const Uv middle = between(between(face.uv[0], face.uv[1], 0.5F), face.uv[2], 1.0F / 3);
        for (std::size_t k = 0; k < 3; ++k) {
            face.colour[k] = texture->at(between(face.uv[k], middle, inwards), half);
        }
    }
    // One round of cuts through the middles of edges; false where nothing is left to cut.
    bool cut() {
        EdgeCuts cuts;
        for (const Face& face : s_.faces) mark(face, cuts);
        divide_at(cuts, s_);
        return !cuts.empty();
    }
    // Cuts edges where the picture has a border, which then runs along edges.
    void cut_at_borders() {
        EdgeCuts cuts;
        for (const Face& face : s_.faces) mark_borders(face, cuts);
        divide_at(cuts, s_);
    }

  private:
    static float span(const Face& face) {
        float longest = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const Uv &a = face.uv[k], &b = face.uv[(k + 1) % 3];
            longest = std::max(longest, std::hypot(a[0] - b[0], a[1] - b[1]));
        }
        return std::min(longest, 0.2F);
    }
    // Marks the longest edges of a face whose picture its corners do not hold.
    void mark(const Face& face, EdgeCuts& cuts) const {
        const Texture* texture = texture_of(face);
        if (texture == nullptr || face.picture != 0) return;
        std::array<double, 3> length{};
        for (std::size_t k = 0; k < 3; ++k) {
            length[k] = glm::length(s_.point(face, k) - s_.point(face, (k + 1) % 3));
        }
        const double longest = *std::max_element(length.begin(), length.end());
        if (longest < finest_m_) return;
        // Compared on a lattice within the face.
        const float half = 0.1F * span(face);
        std::vector<Rgb> seen;
        constexpr int kSteps = 4;
        for (int i = 0; i <= kSteps; ++i) {
            for (int j = 0; j <= kSteps - i; ++j) {
                const float a = static_cast<float>(i) / kSteps, b = static_cast<float>(j) / kSteps;
                Uv uv;
                for (std::size_t k = 0; k < 2; ++k) {
                    uv[k] = (1 - a - b) * face.uv[0][k] + a * face.uv[1][k] + b * face.uv[2][k];
                }
                seen.push_back(texture->at(uv, half));
            }
        }
        float most = 0;
        for (const Rgb& one : seen) most = std::max(most, difference(one, seen.front()));
        if (most < kPlainStep) return;
        for (std::size_t k = 0; k < 3; ++k) {
            if (length[k] > 0.7 * longest) {
                cuts.try_emplace(edge_of(face.corner[k], face.corner[(k + 1) % 3]));
            }
        }
    }
    void mark_borders(const Face& face, EdgeCuts& cuts) const {
        const Texture* texture = texture_of(face);
        if (texture == nullptr || face.picture != 0) return;
        for (std::size_t k = 0; k < 3; ++k) {
            const std::size_t next = (k + 1) % 3;
            if (glm::length(s_.point(face, k) - s_.point(face, next)) < kShortest_m) continue;
            const auto at = border_between(*texture, face.uv[k], face.uv[next]);
            if (!at) continue;
            const bool forward = face.corner[k] < face.corner[next];
            cuts.try_emplace(edge_of(face.corner[k], face.corner[next]),
                             EdgeCut{.share = forward ? *at : 1 - *at});
        }
    }
    // Where the picture changes from the colour at one end to that at the other, once.
    static std::optional<double> border_between(const Texture& texture, const Uv& a, const Uv& b) {
        constexpr int kSteps = 16;
        const float half = std::hypot(a[0] - b[0], a[1] - b[1]) / (2 * kSteps);
        std::array<Rgb, kSteps + 1> row;
        for (int i = 0; i <= kSteps; ++i) {
            row[static_cast<std::size_t>(i)] =
                texture.at(between(a, b, static_cast<float>(i) / kSteps), half);
        }
        if (difference(row.front(), row.back()) < kBorderStep) return std::nullopt;
        // Nearer to the one end's colour, then to the other's.
        int first = kSteps + 1, changes = 0;
        bool before = true;
        for (int i = 0; i <= kSteps; ++i) {
            const Rgb& own = row[static_cast<std::size_t>(i)];
            const bool near_a = difference(own, row.front()) <= difference(own, row.back());
            if (near_a != before) ++changes, first = std::min(first, i);
            before = near_a;
        }
        const double share = (first - 0.5) / kSteps;
        if (changes != 1 || share < kNearest || share > 1 - kNearest) return std::nullopt;
        return share;
    }

    static constexpr double kShortest_m = 0.006;  // of edges that are cut at a border
    static constexpr float kBorderStep = 0.15F;   // a change of colour that is a border
    static constexpr double kNearest = 0.06;      // of a cut to an edge's end, over its length
    std::vector<std::optional<Texture>> textures_;
    double finest_m_;
    Surface& s_;
};

// Gives the painted corners at a place one colour where theirs differ by less than `step`, so that
// thinning sees no border there and shading none within a picture's plain parts.
void blend_corners(Surface& surface, float step) {
    struct Sum {
        Rgb first{}, colour{};
        float count = 0;
    };
    std::map<std::array<std::uint32_t, 3>, std::vector<Sum>> sums;
    const auto sum_of = [&](const Face& face, std::size_t k) -> Sum& {
        auto& own = sums[{face.corner[k], face.material, face.object}];
        for (Sum& sum : own) {
            if (difference(sum.first, face.colour[k]) < step) return sum;
        }
        return own.emplace_back(Sum{.first = face.colour[k]});
    };
    for (const Face& face : surface.faces) {
        for (std::size_t k = 0; face.painted && k < 3; ++k) {
            Sum& sum = sum_of(face, k);
            for (std::size_t c = 0; c < 3; ++c) sum.colour[c] += face.colour[k][c];
            sum.count += 1;
        }
    }
    for (Face& face : surface.faces) {
        for (std::size_t k = 0; face.painted && k < 3; ++k) {
            const Sum& sum = sum_of(face, k);
            for (std::size_t c = 0; c < 3; ++c) face.colour[k][c] = sum.colour[c] / sum.count;
        }
    }
}

}  // namespace

Surface paint_textures(const engine::import::Files& files, const engine::import::Model& model,
                       double finest_m, std::size_t most_faces, Surface& surface,
                       Findings& findings) {
    std::vector<bool> used(model.materials.size());
    for (const Face& face : surface.faces) {
        if (face.painted && face.has_uv) used[face.material] = true;
    }
    std::vector<std::optional<Texture>> textures(model.materials.size());
    for (std::size_t i = 0; i < textures.size(); ++i) {
        if (!used[i] || model.materials[i].texture.empty()) continue;
        auto image = engine::import::read_texture(files, model, model.materials[i]);
        if (image) {
            textures[i].emplace(std::move(*image));
        } else {
            findings.add(Severity::kWarning, 0, "model.texture", image.error().text());
        }
    }
    Surface fine = surface;
    Cutter cutter(textures, finest_m, fine);
    std::size_t painted = 0;
    for (Face& face : fine.faces) {
        face.painted = cutter.texture_of(face) != nullptr;
        painted += face.painted && face.picture == 0;
    }
    // Part of the faces is for the borders.
    constexpr int kRounds = 12;
    const std::size_t most_cut = most_faces * 6 / 10;
    for (int round = 0; painted > 0 && round < kRounds; ++round) {
        const std::vector<Face> before = fine.faces;
        if (!cutter.cut()) break;
        std::size_t now = 0;
        for (const Face& face : fine.faces) now += face.painted && face.picture == 0;
        if (now > most_cut) {
            fine.faces = before;
            break;
        }
    }
    cutter.cut_at_borders();
    constexpr float kInwards = 0.35F, kSameStep = 0.14F, kAnyStep = 10;
    for (Face& face : fine.faces) cutter.colour(face, kInwards);
    blend_corners(fine, kSameStep);
    // The coarse surface has what its corners show on average.
    Cutter flat(std::move(textures), finest_m, surface);
    for (Face& face : surface.faces) {
        face.painted = flat.texture_of(face) != nullptr;
        if (!face.painted) continue;
        flat.colour(face, 0);
    }
    blend_corners(surface, kAnyStep);
    // What shows its texture is thinned as what has none.
    for (Surface* each : {&fine, &surface}) {
        for (Face& face : each->faces) face.painted = face.painted && face.picture == 0;
    }
    find_pieces(fine);
    return fine;
}

}  // namespace huntsman::scenarios::models
