#include "scenarios/models/propose.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>

#include "engine/import/import.h"
#include "scenarios/models/joint_names.h"
#include "scenarios/models/pick.h"
#include "scenarios/models/skin.h"
#include "scenarios/models/wheels.h"

namespace huntsman::scenarios::models {

using engine::core::Findings;
using engine::core::Result;
using engine::world::Semantic;

namespace {

struct Word {
    const char* part;
    Kind kind;
};

// The first that occurs in a name counts: the special ones stand before the general.
constexpr Word kWords[] = {
    {"steering", Kind::kSteeringWheel},
    {"tire", Kind::kTyre},
    {"tyre", Kind::kTyre},
    {"neumatic", Kind::kTyre},
    {"pneu", Kind::kTyre},
    {"reifen", Kind::kTyre},
    {"mirror", Kind::kMetal},
    {"rim", Kind::kRim},
    {"wheel", Kind::kRim},
    {"llanta", Kind::kRim},
    {"felge", Kind::kRim},
    {"headl", Kind::kHeadLamp},
    {"front-light", Kind::kHeadLamp},
    {"front_light", Kind::kHeadLamp},
    {"faros_blan", Kind::kHeadLamp},
    {"turn", Kind::kTurnLamp},
    {"signal", Kind::kTurnLamp},
    {"orange-light", Kind::kTurnLamp},
    {"brake_light", Kind::kBrakeLamp},
    {"brakelight", Kind::kBrakeLamp},
    {"taill", Kind::kTailLamp},
    {"rear-light", Kind::kTailLamp},
    {"back-light", Kind::kTailLamp},
    {"faros_roj", Kind::kTailLamp},
    {"glass_red", Kind::kTailLamp},
    {"redlight", Kind::kTailLamp},
    {"reverse", Kind::kReverseLamp},
    {"reflector", Kind::kReflector},
    {"license", Kind::kPlate},
    {"plate", Kind::kPlate},
    {"matricula", Kind::kPlate},
    {"car-number", Kind::kPlate},
    {"window", Kind::kGlass},
    {"glass", Kind::kGlass},
    {"cristal", Kind::kGlass},
    {"defroster", Kind::kGlass},
    {"seat", Kind::kInterior},
    {"asiento", Kind::kInterior},
    {"interior", Kind::kInterior},
    {"inside", Kind::kInterior},
    {"rubber", Kind::kRubber},
    {"gasket", Kind::kRubber},
    {"chrome", Kind::kMetal},
    {"metal", Kind::kMetal},
    {"alumin", Kind::kMetal},
    {"paint", Kind::kPaint},
    {"chapa", Kind::kPaint},
    {"firstcolor", Kind::kPaint},
    {"first-color", Kind::kPaint},
    {"color-ext", Kind::kPaint},
    {"plastic", Kind::kPlastic},
    {"black", Kind::kPlastic},
    {"lowpart", Kind::kPlastic},
};

std::string lower(std::string_view text) {
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return small;
}

// Whether a piece is an upright disc or ring that stands on the ground.
bool stands_like_a_tyre(const Surface& surface, const Piece& piece) {
    const Vec3 size = piece.high - piece.low;
    const double radius = 0.25 * (size.x + size.z);
    if (radius < 0.05 || radius > 0.8 || std::abs(size.x - size.z) > 0.1 * radius) return false;
    if (piece.low.z > 0.1 * radius || size.y > 1.5 * radius) return false;
    const Vec3 middle = 0.5 * (piece.low + piece.high);
    std::vector<Vec2> points;
    for (const std::uint32_t f : piece.faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            const Vec3 d = surface.point(surface.faces[f], k) - middle;
            if (std::hypot(d.x, d.z) > 0.95 * radius) points.emplace_back(d.x, d.z);
        }
    }
    const Circle circle = fit_circle(points);
    return points.size() >= 24 && circle.largest_error < 0.04 * radius;
}

std::vector<double> areas_by_material(const Surface& surface) {
    std::vector<double> areas(surface.materials.size());
    for (const Piece& piece : surface.pieces) areas[piece.material] += piece.area_m2;
    return areas;
}

// Parts of a body, whose texture is better shown than turned into colours.
bool shows_pictures(Kind kind) {
    return kind == Kind::kPaint || kind == Kind::kLivery || kind == Kind::kMetal ||
           kind == Kind::kPlastic || kind == Kind::kFabric || kind == Kind::kInterior ||
           kind == Kind::kRim || kind == Kind::kTyre;
}

// Rules by material. The largest that no word tells of is the paint, if no word tells of paint.
std::vector<Rule> rules_for(const OpenedModel& opened, std::vector<std::string>& doubts) {
    const Surface& surface = opened.surface;
    const std::vector<double> areas = areas_by_material(surface);
    std::vector<std::optional<Kind>> kinds(areas.size());
    bool paint = false, tyres = false;
    for (std::size_t i = 0; i < areas.size(); ++i) {
        kinds[i] = kind_by_name(surface.materials[i]);
        if (!kinds[i] && opened.model.materials[i].opacity < 0.9F) kinds[i] = Kind::kGlass;
        paint = paint || (areas[i] > 0 && kinds[i] == Kind::kPaint);
    }
    for (const Piece& piece : surface.pieces) {
        if (tyres || !stands_like_a_tyre(surface, piece)) continue;
        // A word told of it, or the material of the first round piece on the ground is theirs.
        const bool told = std::any_of(kinds.begin(), kinds.end(),
                                      [](const auto& kind) { return kind == Kind::kTyre; });
        if (!told) kinds[piece.material] = Kind::kTyre;
        tyres = true;
    }
    if (!tyres) doubts.push_back("no piece looks like a tyre on the ground; name the tyres");
    std::size_t largest = areas.size();
    for (std::size_t i = 0; i < areas.size(); ++i) {
        if (kinds[i] || areas[i] == 0) continue;
        if (largest == areas.size() || areas[i] > areas[largest]) largest = i;
    }
    if (!paint && largest < areas.size()) {
        kinds[largest] = Kind::kPaint;
        doubts.push_back(fmt::format("material '{}' is taken for the paint for its area",
                                     surface.materials[largest]));
    }
    std::vector<Rule> rules;
    for (std::size_t i = 0; i < areas.size(); ++i) {
        if (areas[i] == 0) continue;
        if (!kinds[i]) {
            doubts.push_back(
                fmt::format("material '{}' is taken for plastic", surface.materials[i]));
        }
        rules.push_back(
            {.is = kinds[i].value_or(Kind::kPlastic), .material = surface.materials[i]});
        rules.back().picture = surface.textured[i] && shows_pictures(rules.back().is);
    }
    return rules;
}

// By the places of lamps; false where they do not tell.
bool faces_backwards(const Surface& surface, const std::vector<Rule>& rules, bool& known) {
    std::map<std::string, Kind> kinds;
    for (const Rule& rule : rules) kinds[*rule.material] = rule.is;
    double head = 0, tail = 0, heads = 0, tails = 0;
    for (const Face& face : surface.faces) {
        const auto found = kinds.find(surface.materials[face.material]);
        if (found == kinds.end()) continue;
        const double x = surface.middle(face).x, area = glm::length(surface.cross(face));
        if (found->second == Kind::kHeadLamp) head += area * x, heads += area;
        if (found->second == Kind::kTailLamp) tail += area * x, tails += area;
    }
    known = heads > 0 || tails > 0;
    return (heads > 0 ? head / heads : 0) < (tails > 0 ? tail / tails : 0);
}

Semantic class_of(const Vec3& size, bool two_wheels) {
    if (two_wheels) return size.x > 1.85 ? Semantic::kMotorcycle : Semantic::kBicycle;
    if (size.z < 2.0 && size.x < 5.6) return Semantic::kCar;
    if (size.x < 7.2 && size.z < 2.9) return Semantic::kVan;
    return size.y > 2.3 && size.z < 3.4 && size.x > 9 ? Semantic::kBus : Semantic::kTruck;
}

Axis opposite(Axis axis) { return static_cast<Axis>(static_cast<int>(axis) ^ 1); }

// A description of a file whose skeleton is that of a person; false where it is not.
Result<bool> propose_person(Description& d, Proposal& proposal, Findings& findings) {
    HM_TAKE(const auto files, open_files(d));
    HM_TAKE(const auto model, engine::import::read_model(files));
    if (model.joints.empty()) return false;
    const auto matched = match_joints(model, {});
    if (!matched) {
        proposal.doubts.push_back("its skeleton " + matched.error().message);
        return false;
    }
    for (const auto& f : model.findings) findings.add(f.severity, f.line, f.rule, f.message);
    d.semantic = Semantic::kPedestrian;
    const Axes axes = axes_of(model, *matched);
    d.forward = axes.forward;
    d.up = axes.up;
    for (const double unit : {1.0, 0.01, 0.0254, 0.001, 0.1, 0.3048}) {
        d.unit_m = unit;
        const auto skin = skin_of(model, *matched, d);
        if (!skin) continue;
        d.description = "Proposed by the program from a file.";
        return true;
    }
    return engine::core::Error{.message =
                                   "has the skeleton of a person, but no unit of m, cm, inch, "
                                   "mm, dm or foot makes it as high as one"};
}

}  // namespace

std::optional<Kind> kind_by_name(std::string_view name) {
    const std::string small = lower(name);
    for (const Word& word : kWords) {
        if (small.find(word.part) != std::string::npos) return word.kind;
    }
    return std::nullopt;
}

Result<Proposal> propose(const Source& source, const std::string& name,
                         const std::filesystem::path& folder, Findings& findings) {
    Proposal proposal;
    Description& d = proposal.description;
    d.name = name;
    d.folder = folder;
    d.source = source;
    HM_TAKE(const bool person, propose_person(d, proposal, findings));
    if (person) return proposal;
    // Of the units that files come in the one that gives a vehicle's size.
    constexpr std::array kUnits = {1.0, 0.01, 0.0254, 0.001, 0.1, 0.3048};
    std::optional<OpenedModel> opened;
    engine::core::Error last{.message = "has no size"};
    for (const double unit : kUnits) {
        d.unit_m = unit;
        Findings own;
        auto tried = open_model(d, own);
        if (!tried) {
            last = tried.error();
            if (last.message.find("large with a unit") == std::string::npos) return last;
            continue;
        }
        Vec3 low(0, 0, 0), high(0, 0, 0);
        for (const Vec3& p : tried->surface.points)
            low = glm::min(low, p), high = glm::max(high, p);
        const Vec3 size = high - low;
        const double length = std::max(size.x, size.y);
        if (length < 1.2 || length > 26) continue;
        // The longest way along the ground is ahead.
        d.forward = size.x >= size.y ? Axis::kZ : Axis::kX;
        for (auto& f : own.take()) findings.add(f.severity, f.line, f.rule, f.message);
        HM_TAKE(opened, open_model(d, findings));
        break;
    }
    if (!opened) {
        return engine::core::Error{
            .message =
                last.message + "; no unit of m, cm, inch, mm, dm or foot makes it a vehicle's"};
    }
    d.parts = rules_for(*opened, proposal.doubts);
    bool known = false;
    if (faces_backwards(opened->surface, d.parts, known)) {
        d.forward = opposite(d.forward);
        HM_TAKE(opened, open_model(d, findings));
    }
    if (!known) proposal.doubts.push_back("no lamp tells which end is the front; check forward");
    Surface named = opened->surface;
    if (apply_rules(d.parts, named)) {
        Findings unused;
        const auto wheels = find_wheels(named, unused);
        if (!wheels) {
            proposal.doubts.push_back(wheels.error().message);
        } else {
            Vec3 low(0, 0, 0), high(0, 0, 0);
            for (const Vec3& p : named.points) low = glm::min(low, p), high = glm::max(high, p);
            d.semantic = class_of(high - low, wheels->size() == 2);
        }
    }
    d.description = fmt::format("Proposed by the program from {}.",
                                source.file.empty() ? "a member of an archive" : "a file");
    return proposal;
}

}  // namespace huntsman::scenarios::models
