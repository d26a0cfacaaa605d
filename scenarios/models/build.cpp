#include "scenarios/models/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>

#include "engine/import/import.h"
#include "engine/import/picture.h"
#include "scenarios/models/fit_out.h"
#include "scenarios/models/levels.h"
#include "scenarios/models/measure.h"
#include "scenarios/models/paint.h"
#include "scenarios/models/patches.h"
#include "scenarios/models/pick.h"
#include "scenarios/models/sight.h"
#include "scenarios/models/texture.h"
#include "scenarios/models/wheels.h"

namespace huntsman::scenarios::models {

using engine::core::Error;
using engine::core::Findings;
using engine::core::Result;
using engine::core::Severity;
using engine::import::Files;

namespace {

constexpr std::array<double, 2> kInteriorBudgets = {1800, 400};
constexpr double kRimShare = 0.66;

// The member that the archive's list of furniture gives to an entry.
Result<std::string> member_of_entry(const std::filesystem::path& path, std::int64_t entry) {
    HM_TAKE(const auto archive, engine::import::ZipArchive::open(path));
    constexpr const char* kList = "PluginFurnitureCatalog.properties";
    const auto* member = archive.find(kList);
    const auto wrong = [&](const std::string& what) {
        return Error{.message = what, .file = path.string()};
    };
    if (member == nullptr) return wrong(fmt::format("has no member {}", kList));
    HM_TAKE(const std::string list, archive.read(*member, engine::import::kMostFileBytes));
    const std::string key = fmt::format("\nmodel#{}=", entry);
    const std::size_t at = ('\n' + list).find(key);
    if (at == std::string::npos) return wrong(fmt::format("lists no model#{}", entry));
    const std::size_t from = at + key.size() - 1, to = list.find_first_of("\r\n", from);
    std::string name = list.substr(from, to == std::string::npos ? to : to - from);
    name.erase(0, name.find_first_not_of('/'));
    return name;
}

// Moves what is left into B. Wheels stand on the ground.
void move_to_body(const Description& d, Surface& surface, std::vector<FoundWheel>& wheels,
                  Findings& findings) {
    double x = 0, y = 0, z = 0;
    std::size_t fixed = 0;
    const std::size_t axles = wheels.back().axle + 1;
    // At least one axle does not steer.
    const auto steered =
        std::min<std::size_t>(static_cast<std::size_t>(d.steered_axles), axles - 1);
    std::vector<double> axle_x(axles);
    for (const FoundWheel& wheel : wheels) {
        axle_x[wheel.axle] = wheel.hub.x;
        y += wheel.hub.y / static_cast<double>(wheels.size());
        z += (wheel.hub.z - wheel.radius_m) / static_cast<double>(wheels.size());
    }
    for (std::size_t i = steered; i < axles; ++i, ++fixed) x += axle_x[i];
    const Vec3 origin(x / static_cast<double>(fixed), y, z);
    for (Vec3& p : surface.points) p -= origin;
    for (FoundWheel& wheel : wheels) {
        wheel.hub -= origin;
        const double lift = wheel.hub.z - wheel.radius_m;
        if (std::abs(lift) > 0.02) {
            findings.add(Severity::kWarning, 0, "model.ground",
                         fmt::format("a wheel of axle {} hangs {:.0f} mm over the ground; it is "
                                     "set down",
                                     wheel.axle, 1e3 * lift));
        }
    }
    find_pieces(surface);
}

// The wheels of an axle are given one track and one radius, so that the vehicle is straight.
void straighten(std::vector<FoundWheel>& wheels) {
    for (std::size_t i = 0; i < wheels.size(); ++i) {
        const bool pair = i + 1 < wheels.size() && wheels[i].axle == wheels[i + 1].axle;
        if (!pair) continue;
        FoundWheel &left = wheels[i], &right = wheels[i + 1];
        const double y = 0.5 * (left.hub.y - right.hub.y), x = 0.5 * (left.hub.x + right.hub.x);
        const double radius = 0.5 * (left.radius_m + right.radius_m);
        left.hub = {x, y, radius}, right.hub = {x, -y, radius};
        left.radius_m = right.radius_m = radius;
        left.width_m = right.width_m = 0.5 * (left.width_m + right.width_m);
        ++i;
    }
}

Vec3 hub_of(const Surface& surface, std::int32_t wheel) {
    Vec3 low(1e9, 1e9, 1e9), high = -low;
    for (const Face& face : surface.faces) {
        if (face.wheel != wheel || face.kind != Kind::kTyre) continue;
        for (std::size_t k = 0; k < 3; ++k) {
            low = glm::min(low, surface.point(face, k));
            high = glm::max(high, surface.point(face, k));
        }
    }
    return 0.5 * (low + high);
}

// The share of a wheel's disc that one sees through.
bool is_open(const Surface& surface, std::int32_t wheel, const FoundWheel& found) {
    std::vector<std::array<Vec3, 3>> faces;
    for (const Face& face : surface.faces) {
        if (face.wheel == wheel) {
            faces.push_back(
                {surface.point(face, 0), surface.point(face, 1), surface.point(face, 2)});
        }
    }
    const Tree tree(std::move(faces));
    const Vec3 hub = hub_of(surface, wheel);
    int through = 0;
    constexpr int kTries = 60;
    for (int i = 0; i < kTries; ++i) {
        const double angle = 2.39996 * i;  // the golden angle
        const double r = found.radius_m * (0.25 + 0.4 * i / kTries);
        const Vec3 from = hub + Vec3(r * std::cos(angle), 2, r * std::sin(angle));
        through += !tree.first_hit(from, {0, -1, 0}, 0, 4);
    }
    return through > kTries / 2;
}

// What is seen of a wheel from its inner side only, behind the tyre, gives way to a dark disc.
void close_inner_side(Surface& surface, std::int32_t wheel, const FoundWheel& found) {
    std::vector<std::array<Vec3, 3>> faces;
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t f = 0; f < surface.faces.size(); ++f) {
        const Face& face = surface.faces[f];
        if (face.wheel != wheel) continue;
        faces.push_back({surface.point(face, 0), surface.point(face, 1), surface.point(face, 2)});
        numbers.push_back(f);
    }
    const Vec3 hub = hub_of(surface, wheel);
    const double out = found.hub.y > 0 ? 1 : -1;
    const Tree tree(std::move(faces));
    std::vector<bool> goes(surface.faces.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const Face& face = surface.faces[numbers[i]];
        if (face.kind == Kind::kTyre) continue;
        const Vec3 n = glm::normalize(surface.cross(face));
        const Vec3 from = surface.middle(face) + 3e-4 * n;
        bool seen = false;
        for (int ray = 0; ray < 24 && !seen; ++ray) {
            // About the axle, up to 75 degrees off it.
            const double turn = 2.39996 * ray, off = 1.3 * std::sqrt((ray + 0.5) / 24);
            const Vec3 d(std::sin(off) * std::cos(turn), out * std::cos(off),
                         std::sin(off) * std::sin(turn));
            seen = (glm::dot(d, n) > 0 || face.backing) && !tree.first_hit(from, d, 0, 9);
        }
        goes[numbers[i]] = !seen;
    }
    // A disc within the tyre's inner wall.
    constexpr int kSides = 14;
    const double y = hub.y - out * 0.4 * found.width_m, r = 0.8 * found.radius_m;
    Face disc{.kind = Kind::kPlastic, .wheel = wheel};
    for (auto& colour : disc.colour) colour = {0.012F, 0.012F, 0.012F};
    for (auto& n : disc.normal) n = {0, -out, 0};
    for (const Face& face : surface.faces) {
        if (face.wheel == wheel) disc.object = face.object, disc.material = face.material;
    }
    const auto first = static_cast<std::uint32_t>(surface.points.size());
    for (int i = 0; i < kSides; ++i) {
        const double a = 2 * engine::math::kPi * i / kSides;
        surface.points.emplace_back(hub.x + r * std::sin(a), y, hub.z + r * std::cos(a));
    }
    std::vector<Face> added;
    for (std::uint32_t i = 1; i + 1 < kSides; ++i) {
        disc.corner = {first, first + i, first + i + 1};
        if (glm::dot(surface.cross(disc), Vec3(0, -out, 0)) < 0) {
            std::swap(disc.corner[1], disc.corner[2]);
        }
        added.push_back(disc);
    }
    std::size_t f = 0;
    std::erase_if(surface.faces, [&](const Face&) { return goes[f++]; });
    surface.faces.insert(surface.faces.end(), added.begin(), added.end());
}

engine::world::Mesh wheel_mesh(const std::string& name, const Surface& fine, const Surface& coarse,
                               std::int32_t wheel, const FoundWheel& found,
                               const std::array<double, 4>& budgets) {
    const bool left = found.hub.y > -0.01, open = is_open(coarse, wheel, found);
    LevelJob job{.fine = &fine,
                 .coarse = &coarse,
                 .takes = [wheel](const Face& face) { return face.wheel == wheel; },
                 .lenses = {},
                 .origin = hub_of(coarse, wheel),
                 .flat_lamps = false};
    const Tree around = [&] {
        std::vector<std::array<Vec3, 3>> faces;
        for (const Face& face : coarse.faces) {
            if (face.wheel != wheel) continue;
            faces.push_back({coarse.point(face, 0), coarse.point(face, 1), coarse.point(face, 2)});
        }
        return Tree(std::move(faces));
    }();
    job.around = &around;
    engine::world::Mesh mesh = make_levels(name, job, std::span(budgets).first(2));
    // Round again from afar: as many sides as the budget has triangles for.
    for (std::size_t k = 2; k < budgets.size(); ++k) {
        const double each = open ? 6 : k == 2 ? 6 : 4;
        const int sides = std::clamp(static_cast<int>((budgets[k] + 4) / each), open ? 6 : 5, 16);
        mesh.lods.push_back(
            plain_wheel(found.radius_m, found.width_m, kRimShare, sides, open, left));
        const std::size_t last = mesh.lods.size() - 1;
        if (last > 0 && triangles(mesh.lods[last]) >= triangles(mesh.lods[last - 1])) {
            mesh.lods.pop_back();
        }
    }
    measure_errors(mesh, &around, job.origin);
    engine::world::update_bounds(mesh);
    return mesh;
}

// Wheels of the same axle side that look alike share a mesh: the first axle's of a radius.
void add_wheels(const Description& d, const Surface& fine, const Surface& coarse,
                const std::vector<FoundWheel>& wheels, BuiltModel& built) {
    for (std::size_t w = 0; w < wheels.size(); ++w) {
        const FoundWheel& own = wheels[w];
        BuiltWheel wheel{.p_B = {own.hub.x, own.hub.y},
                         .radius_m = own.radius_m,
                         .width_m = own.width_m,
                         .axle = static_cast<std::uint32_t>(own.axle)};
        const auto faces = [&](std::size_t i) {
            return std::count_if(coarse.faces.begin(), coarse.faces.end(), [&](const Face& face) {
                return face.wheel == static_cast<std::int32_t>(i);
            });
        };
        bool shared = false;
        for (std::size_t other = 0; other < w && !shared; ++other) {
            const FoundWheel& twin = wheels[other];
            shared = (twin.hub.y > -0.01) == (own.hub.y > -0.01) &&
                     std::abs(twin.radius_m - own.radius_m) < 0.004 * own.radius_m &&
                     std::abs(twin.width_m - own.width_m) < 0.01 &&
                     std::abs(faces(other) - faces(w)) * 20 < faces(w);
            if (shared) wheel.mesh = built.wheels[other].mesh;
        }
        if (!shared) {
            wheel.mesh = static_cast<std::uint32_t>(built.wheel_meshes.size());
            built.wheel_meshes.push_back(wheel_mesh(fmt::format("{} wheel {}", d.name, w), fine,
                                                    coarse, static_cast<std::int32_t>(w), own,
                                                    d.budgets.wheel));
        }
        built.wheels.push_back(wheel);
    }
}

bool has_mirrors(const Description& d) {
    return d.has_mirrors && !engine::world::is_two_wheeler(d.semantic) &&
           d.semantic != engine::world::Semantic::kTrailer;
}

engine::world::Extent measure(const Description& d, const Surface& surface) {
    std::vector<Vec3> points;
    for (const Face& face : surface.faces) {
        for (std::size_t k = 0; k < 3; ++k) points.push_back(surface.point(face, k));
    }
    return box_of(points, has_mirrors(d));
}

// Of what is drawn at the finest level, so that labels follow the meshes.
engine::world::Extent measure(const Description& d, const BuiltModel& built) {
    std::vector<Vec3> points;
    const auto add = [&](const engine::world::Mesh& mesh, const Vec3& at) {
        for (const auto& v : mesh.lods.front().vertices) {
            points.push_back(at + Vec3(v.p[0], v.p[1], v.p[2]));
        }
    };
    add(built.body, {0, 0, 0});
    for (const BuiltWheel& wheel : built.wheels) {
        add(built.wheel_meshes[wheel.mesh], {wheel.p_B, wheel.radius_m});
    }
    return box_of(points, has_mirrors(d));
}

// Behind the wheel where it is known, else where drivers of such vehicles sit.
Vec3 eye_of(const Description& d, const Surface& surface, const engine::world::Extent& extent) {
    if (d.eye_m) return {(*d.eye_m)[0], (*d.eye_m)[1], (*d.eye_m)[2]};
    Vec3 sum(0, 0, 0);
    double count = 0;
    for (const Face& face : surface.faces) {
        if (face.kind == Kind::kSteeringWheel) sum += surface.middle(face), count += 1;
    }
    if (count > 0) return sum / count + Vec3(-0.45, 0, 0.3);
    const double height = std::min(0.86 * extent.height_m, 2.3);
    const bool long_nose = d.semantic == engine::world::Semantic::kCar;
    return {long_nose ? extent.centre_x_m() : extent.front_m - 1.6, 0.2 * extent.width_m, height};
}

void count_findings(const SightCount& count, Findings& findings) {
    const auto note = [&](std::size_t number, const char* what) {
        if (number == 0) return;
        findings.add(Severity::kNote, 0, "model.sight", fmt::format("{} faces {}", number, what));
    };
    note(count.turned, "looked inwards; they are turned");
    note(count.hidden, "cannot be seen from anywhere; they are left out");
    note(count.inside, "are seen through glass only; they are the interior");
    note(count.from_both, "are seen from both sides; they get a far side");
}

}  // namespace

std::vector<Rule> rules_of(const Description& d, const engine::import::Model& model) {
    if (!d.body) return d.parts;
    std::vector<Rule> rules;
    for (std::uint32_t m = 0; m < model.materials.size(); ++m) {
        const bool used = std::any_of(model.meshes.begin(), model.meshes.end(),
                                      [m](const auto& mesh) { return mesh.material == m; });
        if (!used) continue;
        const auto& material = model.materials[m];
        const std::string kind = material.name.substr(0, material.name.find(':'));
        Rule rule{.material = material.name};
        for (int k = 0; k < kKinds; ++k) {
            if (kind == name(static_cast<Kind>(k))) rule.is = static_cast<Kind>(k);
        }
        if (kind != material.name) rule.colour = material.colour;
        rules.push_back(std::move(rule));
    }
    return rules;
}

Result<Files> open_files(const Description& d) {
    if (d.body) return Files::of_memory(d.name + ".json", "");
    const Source& source = d.source;
    const std::filesystem::path path =
        d.folder / (source.archive.empty() ? source.file : source.archive);
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) {
        return Error{
            .message = fmt::format(
                "is missing, expected the file of model {}{}", d.name,
                source.package.empty() ? std::string() : "; install the package " + source.package),
            .file = path.string()};
    }
    if (source.archive.empty()) return Files::of_file(path);
    std::string member = source.member;
    if (source.entry > 0) {
        HM_TAKE(member, member_of_entry(path, source.entry));
    }
    return Files::of_member(path, member);
}

Result<OpenedModel> open_model(const Description& d, Findings& findings) {
    HM_TAKE(const Files files, open_files(d));
    OpenedModel opened;
    HM_TAKE(opened.model,
            d.body ? bodywork::make_body(*d.body) : engine::import::read_model(files));
    for (const auto& f : opened.model.findings) {
        findings.add(f.severity, f.line, f.rule, f.message);
    }
    auto surface = surface_of(opened.model, d, findings);
    if (!surface) return Error{.message = surface.error().message, .file = files.label()};
    opened.surface = std::move(*surface);
    return opened;
}

namespace {

// Leaves out triangles without an area, as slicing and thinning may make.
void drop_flat(engine::world::Mesh& mesh) {
    constexpr double kLeast_m2 = 2e-9;  // of the parallelogram
    for (engine::world::MeshLod& lod : mesh.lods) {
        std::vector<std::uint32_t> kept;
        const auto place = [&](std::uint32_t i) {
            const float(&p)[3] = lod.vertices[i].p;
            return engine::math::Vec3(p[0], p[1], p[2]);
        };
        for (engine::world::Submesh& submesh : lod.submeshes) {
            const std::uint32_t end = submesh.first_index + submesh.index_count;
            const auto first = static_cast<std::uint32_t>(kept.size());
            for (std::uint32_t i = submesh.first_index; i + 2 < end; i += 3) {
                const std::uint32_t* t = lod.indices.data() + i;
                const engine::math::Vec3 a = place(t[0]);
                if (glm::length(glm::cross(place(t[1]) - a, place(t[2]) - a)) < kLeast_m2) continue;
                kept.insert(kept.end(), t, t + 3);
            }
            submesh.first_index = first;
            submesh.index_count = static_cast<std::uint32_t>(kept.size()) - first;
        }
        lod.indices = std::move(kept);
    }
}

// The textures that faces show themselves: one for each material and gloss. Faces whose texture
// cannot be read show its colours, if it has any, as those of other parts do.
void take_pictures(const Files& files, const engine::import::Model& model, Surface& surface,
                   BuiltModel& built) {
    using engine::world::Picture;
    std::map<std::pair<std::uint32_t, Picture::Gloss>, std::uint32_t> numbers;
    for (Face& face : surface.faces) {
        if (face.picture == 0) continue;
        const bool paint = face.kind == Kind::kPaint || face.kind == Kind::kLivery;
        const auto gloss = paint ? Picture::Gloss::kCoated : Picture::Gloss::kDielectric;
        const auto [at, is_new] = numbers.try_emplace({face.material, gloss}, 0);
        const auto& material = model.materials[face.material];
        if (is_new) {
            const auto image = engine::import::read_texture(files, model, material);
            if (image) {
                built.pictures.push_back(make_picture(*image, material, gloss));
                at->second = static_cast<std::uint32_t>(built.pictures.size());
            }
        }
        face.picture = at->second;
    }
}

void give_pictures(BuiltModel& built) {
    built.body.pictures = built.interior.pictures = built.pictures;
    for (engine::world::Mesh& mesh : built.wheel_meshes) mesh.pictures = built.pictures;
}

}  // namespace

Result<BuiltModel> build_model(const Description& d, engine::core::JobPool& pool,
                               Findings& findings) {
    const auto error = [&](const Error& e) {
        return Error{.message = e.message,
                     .kind = e.kind,
                     .file = e.file.empty() ? (d.folder / (d.name + ".json")).string() : e.file};
    };
    HM_TAKE(const Files files, open_files(d));
    HM_TAKE(OpenedModel opened, open_model(d, findings));
    Surface& coarse = opened.surface;
    if (const auto status = apply_rules(rules_of(d, opened.model), coarse); !status)
        return error(status.error());
    remove_faces(coarse, [](const Face& face) { return face.kind == Kind::kNothing; });
    auto wheels = find_wheels(coarse, findings);
    if (!wheels) return error(wheels.error());
    move_to_body(d, coarse, *wheels, findings);
    BuiltModel built{.name = d.name, .semantic = d.semantic};
    built.extent = measure(d, coarse);
    built.eye_B = eye_of(d, coarse, built.extent);
    count_findings(turn_outwards(coarse, pool), findings);
    smooth_normals(coarse, d.crease_deg);
    for (std::size_t w = 0; w < wheels->size(); ++w) {
        const auto number = static_cast<std::int32_t>(w);
        const bool single = std::abs((*wheels)[w].hub.y) < 0.05;
        if (!single && !is_open(coarse, number, (*wheels)[w])) {
            close_inner_side(coarse, number, (*wheels)[w]);
        }
    }
    find_pieces(coarse);
    straighten(*wheels);
    take_pictures(files, opened.model, coarse, built);
    const double finest_m = std::clamp(built.extent.length_m() / 150, 0.012, 0.06);
    constexpr std::size_t kMostPainted = 2600;
    const Surface fine =
        paint_textures(files, opened.model, finest_m, kMostPainted, coarse, findings);
    const Tree tree = tree_of(coarse);
    LevelJob body{.fine = &fine,
                  .coarse = &coarse,
                  .takes = [](const Face& face) { return face.wheel < 0 && !face.inside; },
                  .lenses = {},
                  .around = &tree,
                  .shell = !engine::world::is_two_wheeler(d.semantic)};
    for (const Patch& patch : d.patches) {
        for (Lens& lens : lay_patch(patch, tree, built.extent, findings))
            body.lenses.push_back(std::move(lens));
    }
    built.body = make_levels(d.name + " body", body, d.budgets.body);
    if (built.body.lods.empty()) return error({.message = "leaves no body beside the wheels"});
    set_cabin(built.body, built.eye_B, d.semantic);
    set_plates(built.body);
    LevelJob interior{.fine = &fine,
                      .coarse = &coarse,
                      .takes = [](const Face& face) { return face.wheel < 0 && face.inside; },
                      .lenses = {},
                      .around = &tree,
                      .flat_lamps = false};
    built.interior = make_levels(d.name + " interior", interior, kInteriorBudgets);
    built.has_interior = !built.interior.lods.empty();
    add_wheels(d, fine, coarse, *wheels, built);
    drop_flat(built.body);
    drop_flat(built.interior);
    for (engine::world::Mesh& mesh : built.wheel_meshes) drop_flat(mesh);
    built.extent = measure(d, built);
    give_pictures(built);
    return built;
}

}  // namespace huntsman::scenarios::models
