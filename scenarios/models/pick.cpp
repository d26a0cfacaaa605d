#include "scenarios/models/pick.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "scenarios/models/divide.h"

namespace huntsman::scenarios::models {

using engine::core::Error;
using engine::core::Status;

namespace {

// '*' at either end of a pattern stands for anything.
bool fits(const std::string& name, std::string_view pattern) {
    const bool open_begin = pattern.starts_with('*');
    if (open_begin) pattern.remove_prefix(1);
    const bool open_end = pattern.ends_with('*');
    if (open_end) pattern.remove_suffix(1);
    if (open_begin && open_end) return name.find(pattern) != std::string::npos;
    if (open_begin) return name.ends_with(pattern);
    return open_end ? name.starts_with(pattern) : name == pattern;
}

// The names that fit, as flags; an error that lists what there is where none does.
engine::core::Result<std::vector<bool>> matching(const std::vector<std::string>& names,
                                                 const std::optional<std::string>& pattern,
                                                 const char* what, std::size_t rule) {
    std::vector<bool> flags(names.size(), !pattern);
    if (!pattern) return flags;
    bool any = false;
    for (std::size_t i = 0; i < names.size(); ++i) {
        flags[i] = fits(names[i], *pattern);
        any = any || flags[i];
    }
    if (any) return flags;
    std::set<std::string> known(names.begin(), names.end());
    constexpr std::size_t kMost = 60;
    while (known.size() > kMost) known.erase(std::prev(known.end()));
    return Error{.message = fmt::format("parts[{}]: there is no {} '{}', expected one of: {}", rule,
                                        what, *pattern, fmt::join(known, ", "))};
}

bool in_box(const std::array<double, 6>& box, const Vec3& low, const Vec3& high, bool mirrored) {
    const double from_y = mirrored ? -box[4] : box[1], to_y = mirrored ? -box[1] : box[4];
    return low.x >= box[0] && high.x <= box[3] && low.y >= from_y && high.y <= to_y &&
           low.z >= box[2] && high.z <= box[5];
}

// The faces that a rule finds, before the piece is chosen among them.
class Finder {
  public:
    Finder(const Rule& rule, const Surface& surface, std::vector<bool> materials,
           std::vector<bool> objects)
        : rule_(rule),
          surface_(surface),
          materials_(std::move(materials)),
          objects_(std::move(objects)) {}

    bool finds(const Face& face) const {
        if (!materials_[face.material] || !objects_[face.object]) return false;
        if (!rule_.box_m) return true;
        const Piece& piece = surface_.pieces[face.piece];
        const Vec3 middle = surface_.middle(face);
        const Vec3& low = rule_.cut ? middle : piece.low;
        const Vec3& high = rule_.cut ? middle : piece.high;
        return in_box(*rule_.box_m, low, high, false) ||
               (rule_.twin && in_box(*rule_.box_m, low, high, true));
    }

  private:
    const Rule& rule_;
    const Surface& surface_;
    std::vector<bool> materials_, objects_;
};

// Rules with `cut` have their box's sides as borders.
Status cut_faces(const std::vector<Rule>& rules, Surface& surface) {
    bool any = false;
    for (std::size_t r = 0; r < rules.size(); ++r) {
        const Rule& rule = rules[r];
        if (!rule.cut || !rule.box_m) continue;
        any = true;
        HM_TAKE(const auto materials, matching(surface.materials, rule.material, "material", r));
        HM_TAKE(const auto objects, matching(surface.objects, rule.object, "object", r));
        const auto goes = [&](const Face& face) {
            return materials[face.material] && objects[face.object];
        };
        cut_at_box(*rule.box_m, false, goes, surface);
        if (rule.twin) cut_at_box(*rule.box_m, true, goes, surface);
    }
    if (any) find_pieces(surface);
    return {};
}

// Kinds with a colour of their own that a texture says more about.
bool shows_texture(Kind kind) { return kind == Kind::kRim || kind == Kind::kRubber; }

std::string text_of(const Rule& rule) {
    std::string text = name(rule.is);
    if (rule.material) text += fmt::format(", material '{}'", *rule.material);
    if (rule.object) text += fmt::format(", object '{}'", *rule.object);
    if (rule.box_m) text += fmt::format(", box {}", *rule.box_m);
    return text;
}

}  // namespace

std::optional<Rgb> own_colour(Kind kind) {
    switch (kind) {
        case Kind::kPaint:
            return Rgb{1, 1, 1};
        // As the windows of our own vehicles.
        case Kind::kGlass:
            return Rgb{0.16F, 0.17F, 0.17F};
        case Kind::kTyre:
        case Kind::kRubber:
            return Rgb{0.028F, 0.028F, 0.03F};
        case Kind::kRim:
            return Rgb{0.5F, 0.5F, 0.52F};
        case Kind::kPlate:
            return Rgb{0.72F, 0.72F, 0.7F};
        case Kind::kReflector:
            return Rgb{0.5F, 0.06F, 0.05F};
        // Unlit lamps show the colour of their glass.
        case Kind::kHeadLamp:
        case Kind::kReverseLamp:
            return Rgb{1, 1, 1};
        case Kind::kTailLamp:
            return Rgb{0.55F, 0.035F, 0.03F};
        case Kind::kBrakeLamp:
            return Rgb{1.0F, 0.10F, 0.08F};
        case Kind::kTurnLamp:
            return Rgb{1.0F, 0.45F, 0.08F};
        case Kind::kBlueLamp:
            return Rgb{0.05F, 0.15F, 1.0F};
        default:
            return std::nullopt;
    }
}

Status apply_rules(const std::vector<Rule>& rules, Surface& surface) {
    HM_TRY(cut_faces(rules, surface));
    std::vector<bool> taken(surface.faces.size());
    for (std::size_t r = 0; r < rules.size(); ++r) {
        const Rule& rule = rules[r];
        HM_TAKE(auto materials, matching(surface.materials, rule.material, "material", r));
        HM_TAKE(auto objects, matching(surface.objects, rule.object, "object", r));
        const Finder finder(rule, surface, std::move(materials), std::move(objects));
        std::vector<std::uint32_t> pieces;  // that have faces found, by falling area
        std::vector<bool> found(surface.faces.size());
        bool any = false;
        for (std::size_t f = 0; f < surface.faces.size(); ++f) {
            found[f] = finder.finds(surface.faces[f]);
            any = any || found[f];
            if (found[f]) pieces.push_back(surface.faces[f].piece);
        }
        if (!any) {
            return Error{.message = fmt::format("parts[{}] ({}) finds no face", r, text_of(rule))};
        }
        std::sort(pieces.begin(), pieces.end());
        pieces.erase(std::unique(pieces.begin(), pieces.end()), pieces.end());
        if (rule.piece && *rule.piece >= static_cast<std::int64_t>(pieces.size())) {
            return Error{.message = fmt::format("parts[{}] ({}) finds {} pieces, expected more "
                                                "than {} for its piece",
                                                r, text_of(rule), pieces.size(), *rule.piece)};
        }
        for (std::size_t f = 0; f < surface.faces.size(); ++f) {
            Face& face = surface.faces[f];
            if (taken[f] || !found[f]) continue;
            if (rule.piece && face.piece != pieces[static_cast<std::size_t>(*rule.piece)]) continue;
            taken[f] = true;
            face.kind = rule.is;
            face.painted = rule.textured && !rule.colour;
            face.picture = rule.picture && face.has_uv && surface.textured[face.material];
            if (face.picture != 0) continue;  // its texture says all
            if (rule.colour) {
                face.colour.fill(*rule.colour);
            } else if (const auto own = own_colour(rule.is);
                       own && !(face.painted && shows_texture(rule.is) &&
                                surface.textured[face.material])) {
                face.colour.fill(*own);
                face.painted = false;
            }
        }
    }
    std::set<std::string> left;
    for (std::size_t f = 0; f < surface.faces.size(); ++f) {
        if (!taken[f]) left.insert(surface.materials[surface.faces[f].material]);
    }
    if (left.empty()) return {};
    return Error{
        .message = fmt::format("no part takes faces of the materials: {}", fmt::join(left, ", "))};
}

}  // namespace huntsman::scenarios::models
