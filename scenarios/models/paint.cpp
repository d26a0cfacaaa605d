#include "scenarios/models/paint.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "engine/core/image.h"
#include "engine/import/picture.h"

namespace huntsman::scenarios::models {

using engine::core::Findings;
using engine::core::Image;
using engine::core::Severity;

namespace {

using Uv = std::array<float, 2>;
constexpr float kPlainStep = 0.035F;  // a change of colour that asks for a cut

float linear(std::uint8_t value) {
    const float s = static_cast<float>(value) / 255.0F;
    return s <= 0.04045F ? s / 12.92F : std::pow((s + 0.055F) / 1.055F, 2.4F);
}

class Texture {
  public:
    explicit Texture(Image image) : image_(std::move(image)) {
        for (int i = 0; i < 256; ++i) table_[i] = linear(static_cast<std::uint8_t>(i));
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

Uv between(const Uv& a, const Uv& b) { return {0.5F * (a[0] + b[0]), 0.5F * (a[1] + b[1])}; }

class Cutter {
  public:
    Cutter(std::vector<std::optional<Texture>> textures, double finest_m, Surface& surface)
        : textures_(std::move(textures)), finest_m_(finest_m), s_(surface) {}

    const Texture* texture_of(const Face& face) const {
        return face.painted && face.has_uv && textures_[face.material] ? &*textures_[face.material]
                                                                       : nullptr;
    }
    // Colours of the corners from the texture, smoothed to the size of the face.
    void colour(Face& face) const {
        const Texture* texture = texture_of(face);
        if (texture == nullptr) return;
        const float half = 0.25F * span(face);
        for (std::size_t k = 0; k < 3; ++k) face.colour[k] = texture->at(face.uv[k], half);
    }
    // One round of cuts; false where nothing is left to cut.
    bool cut() {
        std::map<Edge, std::uint32_t> middles;
        for (const Face& face : s_.faces) mark(face, middles);
        if (middles.empty()) return false;
        for (auto& [edge, point] : middles) {
            point = static_cast<std::uint32_t>(s_.points.size());
            s_.points.push_back(0.5 * (s_.points[edge.first] + s_.points[edge.second]));
        }
        std::vector<Face> faces;
        for (const Face& face : s_.faces) divide(face, middles, faces);
        s_.faces = std::move(faces);
        return true;
    }

  private:
    using Edge = std::pair<std::uint32_t, std::uint32_t>;

    static float span(const Face& face) {
        float longest = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const Uv &a = face.uv[k], &b = face.uv[(k + 1) % 3];
            longest = std::max(longest, std::hypot(a[0] - b[0], a[1] - b[1]));
        }
        return std::min(longest, 0.2F);
    }
    // Marks the longest edges of a face whose picture its corners do not hold.
    void mark(const Face& face, std::map<Edge, std::uint32_t>& middles) const {
        const Texture* texture = texture_of(face);
        if (texture == nullptr) return;
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
                middles[std::minmax(face.corner[k], face.corner[(k + 1) % 3])] = 0;
            }
        }
    }
    void divide(const Face& face, const std::map<Edge, std::uint32_t>& middles,
                std::vector<Face>& to) const {
        std::array<const std::uint32_t*, 3> middle{};
        std::size_t cuts = 0, start = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const auto found = middles.find(std::minmax(face.corner[k], face.corner[(k + 1) % 3]));
            middle[k] = found == middles.end() ? nullptr : &found->second;
            cuts += middle[k] != nullptr;
        }
        if (cuts == 0) return to.push_back(face);
        // Corners 0 to 2 and the middles after them, 3 to 5, turned so that the pattern fits.
        while ((cuts == 1 && middle[start] == nullptr) ||
               (cuts == 2 && middle[(start + 2) % 3] != nullptr)) {
            ++start;
        }
        const auto part = [&](std::initializer_list<int> corners) {
            Face piece = face;
            std::size_t k = 0;
            for (const int c : corners) {
                const std::size_t i = (static_cast<std::size_t>(c % 3) + start) % 3,
                                  j = (i + 1) % 3;
                if (c < 3) {
                    piece.corner[k] = face.corner[i];
                    piece.uv[k] = face.uv[i];
                    piece.normal[k] = face.normal[i];
                    piece.colour[k] = face.colour[i];
                } else {
                    piece.corner[k] = *middle[i];
                    piece.uv[k] = between(face.uv[i], face.uv[j]);
                    piece.normal[k] =
                        glm::normalize(face.normal[i] + face.normal[j] + 1e-9 * s_.cross(face));
                    piece.colour[k] = face.colour[i];
                }
                ++k;
            }
            to.push_back(piece);
        };
        if (cuts == 1) {
            part({0, 3, 2}), part({3, 1, 2});
        } else if (cuts == 2) {
            part({0, 3, 2}), part({3, 4, 2}), part({3, 1, 4});
        } else {
            part({0, 3, 5}), part({3, 1, 4}), part({5, 4, 2}), part({3, 4, 5});
        }
    }

    std::vector<std::optional<Texture>> textures_;
    double finest_m_;
    Surface& s_;
};

// Gives the painted corners at a place one colour, so that thinning sees no border there.
void blend_corners(Surface& surface) {
    struct Sum {
        Rgb colour{};
        float count = 0;
    };
    std::map<std::array<std::uint32_t, 3>, Sum> sums;
    const auto key = [](const Face& face, std::size_t k) {
        return std::array{face.corner[k], face.material, face.object};
    };
    for (const Face& face : surface.faces) {
        for (std::size_t k = 0; face.painted && k < 3; ++k) {
            Sum& sum = sums[key(face, k)];
            for (std::size_t c = 0; c < 3; ++c) sum.colour[c] += face.colour[k][c];
            sum.count += 1;
        }
    }
    for (Face& face : surface.faces) {
        for (std::size_t k = 0; face.painted && k < 3; ++k) {
            const Sum& sum = sums[key(face, k)];
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
        painted += face.painted;
    }
    constexpr int kRounds = 12;
    for (int round = 0; painted > 0 && round < kRounds; ++round) {
        const std::vector<Face> before = fine.faces;
        if (!cutter.cut()) break;
        std::size_t now = 0;
        for (const Face& face : fine.faces) now += face.painted;
        if (now > most_faces) {
            fine.faces = before;
            break;
        }
    }
    for (Face& face : fine.faces) cutter.colour(face);
    // The coarse surface has what its corners show on average.
    Cutter flat(std::move(textures), finest_m, surface);
    for (Face& face : surface.faces) {
        face.painted = flat.texture_of(face) != nullptr;
        if (!face.painted) continue;
        flat.colour(face);
    }
    blend_corners(surface);
    find_pieces(fine);
    return fine;
}

}  // namespace huntsman::scenarios::models
