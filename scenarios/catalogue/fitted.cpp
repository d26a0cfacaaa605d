#include "scenarios/catalogue/fitted.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/core/hash.h"
#include "engine/world/skin.h"
#include "scenarios/catalogue/cast.h"
#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using namespace engine::world;

namespace {

// ---- Which kind --------------------------------------------------------------------------------

// Words of a text in small letters: "SemiTruck_2" has "semi", "truck".
std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    bool within = false, small = false;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        const bool letter = std::isalpha(u) != 0, capital = std::isupper(u) != 0;
        if (letter) {
            if (!within || (capital && small)) words.emplace_back();
            words.back() += static_cast<char>(std::tolower(u));
        }
        within = letter;
        small = letter && !capital;
    }
    return words;
}

int common_words(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return static_cast<int>(std::count_if(a.begin(), a.end(), [&](const std::string& word) {
        return std::find(b.begin(), b.end(), word) != b.end();
    }));
}

Semantic semantic_of(const Model& model) {
    return std::visit([](const auto& own) { return own.semantic; }, model.of_kind);
}

bool of_kind(Semantic s, Wanted::Kind kind) {
    switch (kind) {
        case Wanted::Kind::kVehicle:
            return is_vehicle(s);
        case Wanted::Kind::kPedestrian:
            return is_person(s) || s == Semantic::kAnimal;
        case Wanted::Kind::kObject:
            return s == Semantic::kMovable;
    }
    return false;
}

// Classes that OpenSCENARIO's categories stand for. Trains and trams are the longest that there is.
const std::vector<Semantic>* classes_of(const std::string& category) {
    using S = Semantic;
    static const std::map<std::string, std::vector<Semantic>> kClasses = {
        {"car", {S::kCar}},
        {"van", {S::kVan}},
        {"truck", {S::kTruck}},
        {"bus", {S::kBus}},
        {"train", {S::kBus}},
        {"tram", {S::kBus}},
        {"trailer", {S::kTrailer}},
        {"semitrailer", {S::kTrailer}},
        {"motorbike", {S::kMotorcycle}},
        {"bicycle", {S::kBicycle, S::kScooter}},
        {"pedestrian", {S::kPedestrian}},
        {"wheelchair", {S::kWheelchair}},
        {"animal", {S::kAnimal}}};
    const auto found = kClasses.find(category);
    return found == kClasses.end() ? nullptr : &found->second;
}

// Sum of the ratios' logarithms: 0 for equal boxes. Of people only the height counts, since boxes
// leave them more or less room.
double difference(const Model& model, const Wanted::Box& box) {
    const Extent own = extent_of(model);
    const double height = std::abs(std::log(own.height_m / box.height_m));
    if (semantic_of(model) == Semantic::kPedestrian) return height;
    return height + std::abs(std::log(own.length_m() / box.length_m)) +
           std::abs(std::log(own.width_m / box.width_m));
}

}  // namespace

const Model* best_match(const Catalogue& catalogue, const Wanted& wanted) {
    auto named = words_of(wanted.role + " " + wanted.model);
    if (wanted.category == "semitrailer") named.emplace_back("semi");
    auto asked = words_of(wanted.category);
    asked.insert(asked.end(), named.begin(), named.end());
    const std::vector<Semantic>* classes = classes_of(wanted.category);
    struct Rank {
        int fits, words;  // class, special words and those of the name: more is better
        double difference;
    };
    const Model* best = nullptr;
    Rank best_rank{};
    const auto consider = [&](const Model& model) {
        const Semantic semantic = semantic_of(model);
        if (!of_kind(semantic, wanted.kind)) return;
        const int special = common_words(words_of(model.words), asked);
        if (!model.words.empty() && special == 0) return;
        // Police cars and the like have bodies of several categories.
        const bool motor = semantic == Semantic::kCar || semantic == Semantic::kVan ||
                           semantic == Semantic::kTruck;
        const bool by_role =
            special > 0 && motor &&
            (wanted.category == "car" || wanted.category == "van" || wanted.category == "truck");
        const bool in_class =
            classes == nullptr || by_role ||
            std::find(classes->begin(), classes->end(), semantic) != classes->end();
        // One who is asked for by its whole name comes first.
        const int whole = wanted.model == model.name ? 100 : 0;
        const Rank rank{in_class ? 1 : 0,
                        whole + 10 * special + common_words(words_of(model.name), named),
                        wanted.box ? difference(model, *wanted.box) : 0};
        const auto key = [](const Rank& r) { return std::tuple(-r.fits, -r.words, r.difference); };
        if (best != nullptr && key(rank) >= key(best_rank)) return;
        best = &model;
        best_rank = rank;
    };
    for (const Model& model : catalogue.models) consider(model);
    for (const Model& model : catalogue.for_stories) consider(model);
    return best;
}

namespace {

// ---- Which size --------------------------------------------------------------------------------

Status check(const Wanted& wanted) {
    constexpr double kSmallest_m = 0.01, kFar_m = 300, kHeaviest_kg = 1e6;
    const auto fail = [&](const char* what, double value, const std::string& expected) {
        return Error{.message = fmt::format("the {} of \"{}\" is {}, expected {}", what,
                                            wanted.name, value, expected)};
    };
    if (!(wanted.mass_kg >= 0 && wanted.mass_kg <= kHeaviest_kg)) {
        return fail("mass", wanted.mass_kg, fmt::format("0 to {} kg", kHeaviest_kg));
    }
    if (!wanted.box) return {};
    const Wanted::Box& box = *wanted.box;
    for (const auto& [what, size_m] :
         {std::pair("length", box.length_m), std::pair("width", box.width_m),
          std::pair("height", box.height_m)}) {
        if (!(size_m >= kSmallest_m && size_m <= kFar_m)) {
            return fail(what, size_m, fmt::format("{} to {} m", kSmallest_m, kFar_m));
        }
    }
    if (!(std::abs(box.centre_x_m) <= kFar_m)) {
        return fail("box's centre", box.centre_x_m, fmt::format("at most {} m away", kFar_m));
    }
    return {};
}

Extent extent_of(const Wanted::Box& box) {
    return {0.5 * box.length_m + box.centre_x_m, 0.5 * box.length_m - box.centre_x_m, box.width_m,
            box.height_m};
}

bool within_a_centimetre(const Extent& a, const Extent& b) {
    constexpr double kSame_m = 0.01;
    return std::abs(a.front_m - b.front_m) < kSame_m && std::abs(a.rear_m - b.rear_m) < kSame_m &&
           std::abs(a.width_m - b.width_m) < kSame_m && std::abs(a.height_m - b.height_m) < kSame_m;
}

// From points of a kind's body to those of the fitted one: p' = scale * p + (shift, 0, 0).
struct Stretch {
    Vec3 scale{1, 1, 1};
    double shift_m = 0;
    Vec3 operator()(const Vec3& p) const { return scale * p + Vec3(shift_m, 0, 0); }
};

// The box in x and y of a person who stands.
struct Room {
    Vec2 low{1e9}, high{-1e9};
};
Room room_of(const Archetype& person, const StaticScene& scene) {
    Room room;
    for (const Part& part : person.parts) {
        for (const Vertex& v : scene.meshes[part.mesh].lods.front().vertices) {
            const Vec2 p(v.p[0] + part.p_BP.x, v.p[1] + part.p_BP.y);
            room.low = glm::min(room.low, p);
            room.high = glm::max(room.high, p);
        }
    }
    return room;
}

Stretch stretch_of(const Archetype& own, const StaticScene& scene, const Extent& wanted) {
    const Extent& e = own.extent;
    Stretch stretch;
    stretch.scale = {wanted.length_m() / e.length_m(), wanted.width_m / e.width_m,
                     wanted.height_m / e.height_m};
    double centre_m = e.centre_x_m();
    if (own.semantic == Semantic::kPedestrian && own.figure) {
        stretch.scale = Vec3(stretch.scale.z);
        centre_m = 0;
    } else if (own.semantic == Semantic::kPedestrian) {
        const Room room = room_of(own, scene);
        const Vec2 size = room.high - room.low;
        const double tall = stretch.scale.z;
        stretch.scale.x = std::min(tall, wanted.length_m() / size.x);
        stretch.scale.y = std::min(tall, wanted.width_m / size.y);
        centre_m = 0.5 * (room.low.x + room.high.x);
    }
    stretch.shift_m = wanted.centre_x_m() - stretch.scale.x * centre_m;
    return stretch;
}

// The windows of a stretched body say where things are in the cabin, see world::Cabin.
void scale_cabin(engine::world::MeshLod& lod, const Vec3& scale) {
    std::vector<bool> done(lod.vertices.size());
    for (const engine::world::Submesh& submesh : lod.submeshes) {
        if (submesh.material != engine::world::Material::kWindow) continue;
        for (std::uint32_t i = 0; i < submesh.index_count; ++i) {
            const std::uint32_t at = lod.indices[submesh.first_index + i];
            if (done[at]) continue;
            done[at] = true;
            engine::world::Vertex& v = lod.vertices[at];
            const auto x = static_cast<float>(scale.x), y = static_cast<float>(scale.y);
            v.uv[0] *= x;
            v.uv[1] *= static_cast<float>(scale.z);
            v.colour[0] = std::min(1.0F, v.colour[0] * y);
            v.colour[1] = std::clamp(0.5F + (v.colour[1] - 0.5F) * y, 0.0F, 1.0F);
            v.colour[2] = std::min(1.0F, v.colour[2] * x);
        }
    }
}

void scale_mesh(Mesh& mesh, const Vec3& scale) {
    for (MeshLod& lod : mesh.lods) {
        for (Vertex& v : lod.vertices) {
            const Vec3 n = glm::normalize(Vec3(v.n[0], v.n[1], v.n[2]) / scale);
            for (int k = 0; k < 3; ++k) {
                v.p[k] = static_cast<float>(v.p[k] * scale[k]);
                v.n[k] = static_cast<float>(n[k]);
            }
        }
        scale_cabin(lod, scale);
        lod.error_m *= static_cast<float>(std::max({scale.x, scale.y, scale.z}));
    }
    update_bounds(mesh);
}

// A skeleton of another size.
std::shared_ptr<const engine::figure::Skeleton> scaled(const engine::figure::Skeleton& skeleton,
                                                       const Vec3& scale) {
    auto other = std::make_shared<engine::figure::Skeleton>(skeleton);
    for (Vec3& p : other->joints) p *= scale;
    for (Vec3& p : other->key_points) p *= scale;
    for (auto* soles : {&other->heels, &other->balls, &other->tips}) {
        for (Vec3& p : *soles) p *= scale;
    }
    other->height_m *= scale.z;
    return other;
}

// Stretches the parts of an archetype, and its wheels; figures of people grow by the height's
// factor.
class Stretcher {
  public:
    Stretcher(const Stretch& stretch, Archetype& archetype)
        : stretch_(stretch),
          archetype_(archetype),
          // The smaller factor keeps wheels within their arches.
          round_(std::min(stretch.scale.x, stretch.scale.z)) {}

    void fit(const StaticScene& from, StaticScene& scene) {
        const Vec3 wheel_scale(round_, stretch_.scale.y, round_);
        const double tall = stretch_.scale.z;
        const bool animal = archetype_.semantic == Semantic::kAnimal;
        const Vec3 figure_scale = animal ? stretch_.scale : Vec3(tall);
        std::map<std::pair<std::uint32_t, bool>, std::uint32_t> meshes;  // parts may share one
        for (Part& part : archetype_.parts) {
            const bool wheel = part.motion == Motion::kWheel;
            const bool joint = of_skin(part);
            const bool round = part.motion == Motion::kCrank || part.motion == Motion::kPedal;
            if (part.motion == Motion::kPedal) part.swing *= round_;
            part.p_BP = wheel ? hub(part.p_BP, archetype_.vehicle.wheels[part.wheel].radius_m)
                              : stretch_(part.p_BP);
            const auto [at, added] = meshes.try_emplace({part.mesh, wheel}, 0U);
            if (added) {
                Mesh mesh = from.meshes[part.mesh];
                scale_mesh(mesh, wheel || round ? wheel_scale
                                 : joint        ? figure_scale
                                                : stretch_.scale);
                at->second = add_mesh(scene, std::move(mesh));
            }
            part.mesh = at->second;
        }
        if (archetype_.figure) {
            engine::world::Figure& own = *archetype_.figure;
            Mesh skin = from.meshes[own.skin];
            const Vec3 centre = figure_scale * skin.centre;  // of all poses
            const double radius_m =
                std::max({figure_scale.x, figure_scale.y, figure_scale.z}) * skin.radius_m;
            scale_mesh(skin, figure_scale);
            skin.centre = centre;
            skin.radius_m = radius_m;
            own.skin = add_mesh(scene, std::move(skin));
            own.skeleton = scaled(*own.skeleton, figure_scale);
            own.p_BF = stretch_(own.p_BF);
            if (own.mount) fit(*own.mount);
            if (own.companion) {
                own.companion->skeleton = scaled(*own.companion->skeleton, figure_scale);
                own.companion->p_FC *= stretch_.scale;
            }
        }
        for (BodyPoint& point : archetype_.body_points) {
            point.p_P = archetype_.figure ? tall * point.p_P : stretch_.scale * point.p_P;
            point.depth_m *= std::min(stretch_.scale.x, stretch_.scale.y);
        }
        for (Wheel& wheel : archetype_.vehicle.wheels) {
            wheel.p_B = engine::math::xy(hub(Vec3(wheel.p_B, wheel.radius_m), wheel.radius_m));
            wheel.radius_m *= round_;
        }
    }

  private:
    // Places of what a rider touches move as the vehicle's do; the figure's place has been added.
    void fit(engine::figure::Mount& mount) const {
        const auto to = [&](Vec3& p) { p = stretch_.scale * p; };
        if (mount.seat) to(*mount.seat);
        to(mount.grip);
        if (mount.circle) to(*mount.circle);
        for (Vec3& foot : mount.feet) to(foot);
        mount.circle_m *= round_;
    }
    // Where a wheel's hub comes to lie: under its arch, or, where the wheel is the body's end as
    // that of a bicycle is, so that it remains the end.
    Vec3 hub(const Vec3& p_B, double radius_m) const {
        constexpr double kAtEnd_m = 0.02;
        const Extent& e = archetype_.extent;
        Vec3 to = stretch_(p_B);
        to.z = round_ * radius_m + stretch_.scale.z * (p_B.z - radius_m);
        const double slack = (stretch_.scale.x - round_) * radius_m;
        if (p_B.x + radius_m > e.front_m - kAtEnd_m) to.x += slack;
        if (p_B.x - radius_m < -e.rear_m + kAtEnd_m) to.x -= slack;
        return to;
    }

    const Stretch& stretch_;
    Archetype& archetype_;  // its extent is that of the kind until all is fitted
    double round_;
};

// Chassis of a body that has been stretched; its wheels have been moved.
void fit_chassis(const Stretch& stretch, const Extent& before, const Extent& after, double mass_kg,
                 VehicleSpec& spec) {
    const auto& scale = stretch.scale;
    const double grown = mass_kg > 0 ? mass_kg / spec.mass_kg : scale.x * scale.y * scale.z;
    const auto square = [](const Extent& e) {
        return e.length_m() * e.length_m() + e.width_m * e.width_m;
    };
    spec.mass_kg *= grown;
    spec.yaw_inertia_kg_m2 *= grown * square(after) / square(before);
    spec.wheelbase_m *= scale.x;
    spec.cg_to_rear_m = scale.x * spec.cg_to_rear_m + stretch.shift_m;
    spec.cg_height_m *= scale.z;
    spec.max_drive_force_n *= grown;
    spec.max_power_w *= grown;
    spec.max_brake_force_n *= grown;
    spec.drag_area_m2 *= scale.y * scale.z;
}

}  // namespace

Fitting::Fitting(const Catalogue& catalogue) : catalogue_(catalogue) {}

const Fitting::Made& Fitting::made(const Model& model, std::size_t member) {
    const auto [at, added] = made_.try_emplace({&model, member});
    if (added) at->second.archetype = archetype_of(model, at->second.scene, member);
    return at->second;
}

namespace {

// Who of a model's members an entity gets.
std::size_t member_for(const Model& model, const std::string& entity) {
    if (model.members.empty()) return 0;
    return engine::core::hash_bytes(entity.data(), entity.size()) % model.members.size();
}

// Whether a box is that of somebody who lies on the ground, along the box.
bool lies(const Wanted& wanted) {
    constexpr double kLonger = 1.5;  // than high; walking people are not
    return wanted.kind == Wanted::Kind::kPedestrian && wanted.box &&
           wanted.box->length_m > kLonger * wanted.box->height_m;
}

// The same person before it lay down.
Wanted standing(const Wanted& wanted) {
    Wanted up = wanted;
    up.box = {wanted.box->height_m, wanted.box->width_m, wanted.box->length_m, 0};
    return up;
}

// Lays a person on its back, the head away from the front of the box; its meshes are the world's
// from `first` on.
void lay_down(const Extent& box, std::size_t first, Archetype& archetype, StaticScene& scene) {
    if (archetype.figure) {
        engine::world::Figure& own = *archetype.figure;
        own.activity = engine::figure::Activity::kLie;
        own.p_BF = {0, 0, 0};
        const auto rows = skinning_of(archetype, ActorState{});
        const MeshLod& skin = scene.meshes[own.skin].lods.front();
        double low_m = 1e9, high_m = -1e9, lowest_m = 1e9;
        for (std::size_t i = 0; i < skin.vertices.size(); ++i) {
            const Vec3 p = skinned_point(rows, skin.vertices[i], skin.bindings[i]);
            low_m = std::min(low_m, p.x);
            high_m = std::max(high_m, p.x);
            lowest_m = std::min(lowest_m, p.z);
        }
        own.p_BF = {box.centre_x_m() - 0.5 * (low_m + high_m), 0, -lowest_m};
        archetype.extent = box;
        return;
    }
    const double back_m = -room_of(archetype, scene).low.x;
    const auto turned = [](const Vec3& p) { return Vec3(-p.z, p.y, p.x); };
    const Vec3 shift(box.front_m, 0, back_m);
    for (Part& part : archetype.parts) {
        part.p_BP = turned(part.p_BP) + shift;
        part.motion = Motion::kFixed;
    }
    for (BodyPoint& point : archetype.body_points) point.p_P = turned(point.p_P);
    for (std::size_t i = first; i < scene.meshes.size(); ++i) {
        for (MeshLod& lod : scene.meshes[i].lods) {
            for (Vertex& v : lod.vertices) {
                const Vec3 p = turned({v.p[0], v.p[1], v.p[2]});
                const Vec3 n = turned({v.n[0], v.n[1], v.n[2]});
                for (int k = 0; k < 3; ++k) {
                    v.p[k] = static_cast<float>(p[k]);
                    v.n[k] = static_cast<float>(n[k]);
                }
            }
        }
        update_bounds(scene.meshes[i]);
    }
    archetype.extent = box;
}

}  // namespace

Result<std::uint32_t> Fitting::add(const Wanted& wanted, World& world) {
    HM_TRY(check(wanted));
    const Model* best = lies(wanted) ? best_match(catalogue_, standing(wanted)) : nullptr;
    // With a pram one is long and stands all the same.
    if (best == nullptr || !std::holds_alternative<PersonModel>(best->of_kind)) {
        return add_standing(wanted, world);
    }
    const Extent box = extent_of(*wanted.box);
    for (std::uint32_t i = 0; i < world.archetypes.size(); ++i) {
        const Archetype& known = world.archetypes[i];
        const Extent& e = known.extent;
        if (known.name == best->name && e.front_m == box.front_m && e.rear_m == box.rear_m &&
            e.width_m == box.width_m && e.height_m == box.height_m) {
            return i;
        }
    }
    const std::size_t first = world.scene.meshes.size(), before = world.archetypes.size();
    HM_TAKE(const std::uint32_t index, add_standing(standing(wanted), world));
    // One who stands already in this size is another.
    if (index < before) {
        world.archetypes.push_back(world.archetypes[index]);
        Archetype& copy = world.archetypes.back();
        for (Part& part : copy.parts) {
            world.scene.meshes.push_back(Mesh(world.scene.meshes[part.mesh]));
            part.mesh = static_cast<std::uint32_t>(world.scene.meshes.size() - 1);
        }
    }
    lay_down(box, first, world.archetypes.back(), world.scene);
    return static_cast<std::uint32_t>(world.archetypes.size() - 1);
}

Result<std::uint32_t> Fitting::add_standing(const Wanted& wanted, World& world) {
    const Model* best = best_match(catalogue_, wanted);
    if (best == nullptr) {
        return Error{.message = fmt::format(
                         "the list of actors has nothing for \"{}\", expected a {} among them",
                         wanted.name,
                         wanted.kind == Wanted::Kind::kObject    ? "movable_object"
                         : wanted.kind == Wanted::Kind::kVehicle ? "car"
                                                                 : "pedestrian")};
    }
    const Model& model = *best;
    const Extent own = extent_of(model);
    const Extent asked = wanted.box ? extent_of(*wanted.box) : own;
    const bool fits = within_a_centimetre(own, asked);
    const Extent extent = fits ? own : asked;
    const std::size_t member = member_for(model, wanted.name);
    const auto& known = world.archetypes;
    const auto same = std::find_if(known.begin(), known.end(), [&](const Archetype& a) {
        if (a.name != model.name) return false;
        const Extent& e = a.extent;
        const bool mass = fits || wanted.mass_kg <= 0 || a.vehicle.mass_kg == wanted.mass_kg;
        // Worlds that are only checked have no meshes.
        const auto& meshes = world.scene.meshes;
        const bool own_member = model.members.size() <= 1 ||
                                (a.figure && a.figure->skin < meshes.size() &&
                                 meshes[a.figure->skin].name == model.members[member]->skin.name);
        return own_member && mass && e.front_m == extent.front_m && e.rear_m == extent.rear_m &&
               e.width_m == extent.width_m && e.height_m == extent.height_m;
    });
    if (same != known.end()) return static_cast<std::uint32_t>(same - known.begin());
    const Made& kind = made(model, member);
    Archetype archetype = kind.archetype;
    const Stretch stretch = fits ? Stretch{} : stretch_of(archetype, kind.scene, extent);
    Stretcher(stretch, archetype).fit(kind.scene, world.scene);
    if (!fits) fit_chassis(stretch, own, extent, wanted.mass_kg, archetype.vehicle);
    archetype.pedestrian.radius_m *= stretch.scale.y;
    archetype.extent = extent;
    world.archetypes.push_back(std::move(archetype));
    return static_cast<std::uint32_t>(world.archetypes.size() - 1);
}

}  // namespace huntsman::scenarios::catalogue
