#include "engine/render/render_scene.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/core/check.h"
#include "engine/texture/noise.h"
#include "engine/world/pose.h"

namespace huntsman::engine::render {

using math::Vec3;
using shader::GpuDraw;
using shader::GpuVertex;

namespace {

std::int16_t snorm16(float x) {
    return static_cast<std::int16_t>(std::lround(std::clamp(x, -1.0F, 1.0F) * 32767.0F));
}

std::uint32_t pack_sqrt_colour(const float (&c)[3]) {
    std::uint32_t packed = 0xff000000U;
    for (unsigned i = 0; i < 3; ++i) {
        const float value = std::sqrt(std::clamp(c[i], 0.0F, 1.0F)) * 255.0F + 0.5F;
        packed |= static_cast<std::uint32_t>(value) << (8 * i);
    }
    return packed;
}

GpuVertex pack(const world::Vertex& v) {
    GpuVertex packed{};
    std::copy_n(v.p, 3, packed.p);
    std::copy_n(v.uv, 2, packed.uv);
    for (std::size_t i = 0; i < 3; ++i) packed.normal[i] = snorm16(v.n[i]);
    packed.colour = pack_sqrt_colour(v.colour);
    return packed;
}

// Share of a tree's geometric error that shows.
constexpr float kLeavesErrorShare = 0.3F;

// A luminance [kcd/m²] as the G-buffer holds it, by its logarithm.
std::uint32_t luminance_parameter(float luminance) {
    const float steps = shader::kEmitterSteps * std::log2(luminance / shader::kEmitterLowest);
    constexpr auto kMost = static_cast<float>(shader::kParameterMost);
    return static_cast<std::uint32_t>(std::clamp(steps + 0.5F, 0.0F, kMost));
}

float sqrt_channel(float x) { return std::sqrt(std::max(0.0F, x)); }

// Four numbers in [0, 1] as bytes, from the low end.
std::uint32_t bytes(const std::array<double, 4>& x) {
    std::uint32_t packed = 0;
    for (unsigned i = 0; i < 4; ++i) {
        packed |= static_cast<std::uint32_t>(std::lround(std::clamp(x[i], 0.0, 1.0) * 255.0))
                  << (8 * i);
    }
    return packed;
}
// Products of bytes as shares.
std::uint32_t scaled_bytes(std::uint32_t a, std::uint32_t b) {
    std::uint32_t packed = 0;
    for (unsigned i = 0; i < 32; i += 8) {
        packed |= ((a >> i & 255U) * (b >> i & 255U) + 127U) / 255U << i;
    }
    return packed;
}

// How much a surface takes of each kind of weather.
std::uint32_t weather_bits(const Look& look) {
    return bytes({look.wettable, look.wettable, look.snowable, 1.0});
}

// The kind of a surface that shows a picture.
std::uint32_t kind_of(world::Picture::Gloss gloss) {
    switch (gloss) {
        case world::Picture::Gloss::kMetal:
            return shader::kKindMetal;
        case world::Picture::Gloss::kCoated:
            return shader::kKindCoated;
        case world::Picture::Gloss::kDielectric:
            break;
    }
    return shader::kKindDielectric;
}

// The second word of a record, see GpuDraw.
std::uint32_t gloss_word(world::Material material, const Look& look) {
    if (look.surface == SurfaceClass::kGround) {
        return static_cast<std::uint32_t>(look.macro) |
               static_cast<std::uint32_t>(look.macro_per_m * 65536.0F) << 8 |
               (look.along_lane ? 1U << 31 : 0U);
    }
    if (look.surface == SurfaceClass::kFacade) {
        const texture::Opening opening = texture::opening_of(look.layer);
        const double shop = material == world::Material::kShop ? 1.0 : 0.0;
        return bytes({opening.width, opening.height, opening.sill, shop});
    }
    return static_cast<std::uint32_t>(look.roughness * 255.0F) << 24;
}

// Lamps that shine at a moment, each vehicle in its own time: indicators blink at 1.5 Hz, blue
// lamps at 2.5 Hz (UN Regulation 65: 2 to 4 Hz).
std::uint32_t shown_lamps(const world::ActorState& actor, core::TimeUs time_us) {
    using world::Lamp;
    constexpr core::TimeUs kTurns_us = 666'667, kBlue_us = 400'000;
    const core::TimeUs own_us = time_us + actor.id * core::TimeUs{137'911};
    std::uint32_t dark = 0;
    if (2 * (own_us % kTurns_us) >= kTurns_us) {
        dark |= world::bit(Lamp::kTurnLeft) | world::bit(Lamp::kTurnRight);
    }
    if (2 * (own_us % kBlue_us) >= kBlue_us) dark |= world::bit(Lamp::kBlue);
    return actor.lamps & ~dark;
}

// Which of the plates of the texture a vehicle has, as a shift; see GpuDraw::packed.
std::uint32_t plate_word(std::uint32_t id) {
    constexpr auto kPlates =
        static_cast<std::uint32_t>(texture::kPlateColumns * texture::kPlateRows);
    const auto plate = static_cast<std::uint32_t>(texture::hash01(id, 0x91a7U) * kPlates);
    return plate % texture::kPlateColumns * (256U / texture::kPlateColumns) |
           plate / texture::kPlateColumns * (256U / texture::kPlateRows) << 8;
}

// Somebody is in, and turns the head to where they look; see GpuDraw::packed.
std::uint32_t driver_word(const world::ActorState& actor) {
    constexpr double kMost_rad = 1.3;
    double look_rad = 0;
    if (actor.mind.thought_us >= 0) {
        look_rad = std::clamp(math::wrap_angle(actor.mind.gaze_rad() - actor.X_WB.yaw_rad()),
                              -kMost_rad, kMost_rad);
    }
    const auto turn = static_cast<std::int32_t>(std::lround(look_rad / (2 * math::kPi) * 256));
    return 1U | static_cast<std::uint32_t>(turn + 128) << 8;
}

// Tells the street lamps of one district from those of others.
std::uint32_t district_of(const Vec3& p_W) {
    constexpr double kDistrict_m = 180;
    const auto cell = [](double m) {
        return static_cast<std::uint32_t>(static_cast<std::int32_t>(std::floor(m / kDistrict_m)));
    };
    return cell(p_W.x) * 73U + cell(p_W.y);
}

// Lamps of a mesh: for each kind the middle of its faces, left and right, front and rear apart.
std::vector<MeshLamp> find_lamps(const world::MeshLod& lod) {
    using world::Lamp;
    std::vector<MeshLamp> lamps;
    for (const world::Submesh& s : lod.submeshes) {
        if (s.material != world::Material::kLamp || s.index_count == 0) continue;
        Vec3 low(1e9), high(-1e9);
        const auto point = [&](std::uint32_t i) {
            const float(&p)[3] = lod.vertices[lod.indices[s.first_index + i]].p;
            return Vec3(p[0], p[1], p[2]);
        };
        for (std::uint32_t i = 0; i < s.index_count; ++i) {
            low = glm::min(low, point(i));
            high = glm::max(high, point(i));
        }
        constexpr double kApart_m = 0.7;
        const Vec3 middle = 0.5 * (low + high);
        const bool split_x = high.x - low.x > kApart_m && s.lamp != Lamp::kStreet;
        const bool split_y = high.y - low.y > kApart_m && s.lamp != Lamp::kStreet;
        for (unsigned part = 0; part < 4; ++part) {
            const bool front = (part & 1U) != 0, left = (part & 2U) != 0;
            if ((!split_x && front) || (!split_y && left)) continue;
            Vec3 sum(0);
            double count = 0;
            for (std::uint32_t i = 0; i < s.index_count; ++i) {
                const Vec3 p = point(i);
                if (split_x && (p.x > middle.x) != front) continue;
                if (split_y && (p.y > middle.y) != left) continue;
                sum += p;
                count += 1;
            }
            if (count == 0) continue;
            MeshLamp lamp{.lamp = s.lamp, .p_M = sum / count};
            const bool rear = s.lamp == Lamp::kTail || s.lamp == Lamp::kBrake ||
                              s.lamp == Lamp::kReverse || (split_x && !front);
            lamp.axis_M = s.lamp == Lamp::kStreet ? Vec3(0, 0, -1) : Vec3(rear ? -1 : 1, 0, 0);
            // Just before the glass, so that the lamp does not light its own housing.
            lamp.p_M += lamp.axis_M * 0.06;
            lamps.push_back(lamp);
        }
    }
    return lamps;
}

}  // namespace

Surroundings surroundings_of(const world::Environment& environment, double lit_windows) {
    // The sky alone gives a wall some 0.4 klx when the sun stands on the horizon, 15 at noon, and
    // loses two decades in the six degrees below [Meinel 1983, twilight illuminance].
    const double e = environment.sun_elevation_rad, e_deg = e * 180.0 / math::kPi;
    const double klx = e > 0 ? 0.4 + 14.0 * std::sin(e) : 0.4 * std::pow(10.0, 0.35 * e_deg);
    return {.weather = bytes(
                {environment.wetness, environment.puddles, environment.snow_cover, lit_windows}),
            .daylight = luminance_parameter(static_cast<float>(std::max(1e-7, klx / math::kPi)))};
}

std::uint32_t RenderScene::number_of(const std::shared_ptr<const world::Picture>& picture) {
    const auto at = std::find(pictures_.begin(), pictures_.end(), picture);
    if (at == pictures_.end()) {
        pictures_.push_back(picture);
        return static_cast<std::uint32_t>(pictures_.size() - 1);
    }
    return static_cast<std::uint32_t>(at - pictures_.begin());
}

MeshDraw RenderScene::pack_mesh(const world::Mesh& mesh, bool uploaded) {
    MeshDraw draw{.centre = mesh.centre, .radius_m = mesh.radius_m};
    HM_CHECK(!mesh.lods.empty(), "mesh {} has no level of detail", mesh.name);
    if (!uploaded) return draw;
    draw.low_M = math::Vec3(1e30);
    draw.high_M = math::Vec3(-1e30);
    for (const world::MeshLod& lod : mesh.lods) {
        for (const world::Vertex& v : lod.vertices) {
            const math::Vec3 p(v.p[0], v.p[1], v.p[2]);
            draw.low_M = glm::min(draw.low_M, p);
            draw.high_M = glm::max(draw.high_M, p);
        }
        LodDraw level{.vertex_offset = static_cast<std::int32_t>(vertices.size()),
                      .first_index = static_cast<std::uint32_t>(indices.size()),
                      .index_count = static_cast<std::uint32_t>(lod.indices.size()),
                      .error_m = lod.error_m,
                      .first_record = draw.record_count};
        std::size_t leaf_indices = 0;
        for (const world::Submesh& s : lod.submeshes) {
            HM_CHECK(s.first_index + s.index_count <= lod.indices.size(),
                     "mesh {}: a submesh ends beyond the indices", mesh.name);
            level.submeshes.push_back({.first_index = level.first_index + s.first_index,
                                       .index_count = s.index_count,
                                       .material = s.material,
                                       .lamp = s.lamp,
                                       .semantic = s.semantic,
                                       .surface = look_of(s.material).surface});
            if (s.material == world::Material::kPicture) {
                HM_CHECK(s.picture < mesh.pictures.size(), "mesh {} has no picture {}", mesh.name,
                         s.picture);
                level.submeshes.back().picture = number_of(mesh.pictures[s.picture]);
            }
            if (s.material == world::Material::kLeaves) leaf_indices += s.index_count;
        }
        // Nobody can tell where exactly a crown ends: its error counts less.
        if (2 * leaf_indices > lod.indices.size()) level.error_m *= kLeavesErrorShare;
        draw.record_count += static_cast<std::uint32_t>(level.submeshes.size());
        if (lod.bindings.empty()) {
            for (const world::Vertex& v : lod.vertices) vertices.push_back(pack(v));
        } else {
            SkinLevel skin{.bindings = lod.bindings};
            for (const world::Vertex& v : lod.vertices) skin.rest.push_back(pack(v));
            draw.skin.push_back(std::move(skin));
        }
        indices.insert(indices.end(), lod.indices.begin(), lod.indices.end());
        draw.lods.push_back(std::move(level));
    }
    HM_CHECK(draw.skin.size() <= kMostSkinLevels, "skin {} has {} levels, at most {} are possible",
             mesh.name, draw.skin.size(), kMostSkinLevels);
    draw.lamps = find_lamps(mesh.lods.front());
    return draw;
}

RenderScene::RenderScene(const world::World& world)
    : surroundings_(surroundings_of(world.environment, 0)) {
    static_assert(shader::kCabinWidest == world::kCabinWidest &&
                  shader::kCabinLongest == world::kCabinLongest);
    // Meshes: one vertex and one index buffer for all. Pieces of skins are not drawn.
    std::vector<bool> drawn(world.scene.meshes.size(), true);
    for (const world::Archetype& archetype : world.archetypes) {
        for (const world::Part& part : archetype.parts) {
            if (world::of_skin(part)) drawn[part.mesh] = false;
        }
    }
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        meshes_.push_back(pack_mesh(world.scene.meshes[i], drawn[i]));
    }

    // Static instances.
    for (std::uint32_t i = 0; i < world.scene.instances.size(); ++i) {
        const world::Instance& instance = world.scene.instances[i];
        HM_CHECK(instance.mesh < meshes_.size(), "instance {} has no mesh", i);
        const MeshDraw& mesh = meshes_[instance.mesh];
        const auto first = static_cast<std::uint32_t>(static_records_.size());
        static_items_.push_back({.centre = instance.X_WM * mesh.centre,
                                 .radius_m = mesh.radius_m,
                                 .bounds = bounds_of(instance.X_WM, mesh.low_M, mesh.high_M),
                                 .mesh = instance.mesh,
                                 .first_record = first,
                                 .casts_shadow = instance.casts_shadow});
        const Placement placement{.X_WM = instance.X_WM,
                                  .tint = instance.tint,
                                  .id = instance.object,
                                  .semantic = instance.semantic,
                                  .lamps = instance.lamps,
                                  .variety = district_of(instance.X_WM.p)};
        static_records_.resize(first + mesh.record_count);
        wettable_.resize(static_records_.size());
        write_records(mesh, placement, static_records_.data() + first, wettable_.data() + first);
        if (!mesh.lamps.empty() || instance.signal_group != world::kNone) {
            const auto& groups = world.roads.signal_groups;
            const bool walkers = instance.signal_group < groups.size() &&
                                 groups[instance.signal_group].for_pedestrians;
            lamp_items_.push_back({static_cast<std::uint32_t>(static_items_.size() - 1),
                                   instance.signal_group, instance.lamps, walkers});
            lamp_placements_.push_back(placement);
        }
    }
}

void RenderScene::release_geometry() {
    vertices = {};
    indices = {};
}

static_assert(shader::kFirstVehicle == static_cast<std::uint32_t>(world::Semantic::kCar));
static_assert(shader::kLastVehicle == static_cast<std::uint32_t>(world::Semantic::kMotorcycle));

void RenderScene::write_records(const MeshDraw& mesh, const Placement& placement, GpuDraw* records,
                                std::uint32_t* wettable) const {
    for (const LodDraw& lod : mesh.lods) {
        for (const SubmeshDraw& submesh : lod.submeshes) {
            Look look = look_of(submesh.material);
            auto layer = static_cast<float>(look.layer);
            if (look.surface == SurfaceClass::kPicture) {
                const world::Picture& picture = *pictures_[submesh.picture];
                look.roughness = picture.roughness;
                look.kind = kind_of(picture.gloss);
                layer = static_cast<float>(submesh.picture);
            }
            std::array<float, 3> albedo = look.albedo;
            if (look.tinted) {
                for (std::size_t i = 0; i < 3; ++i) albedo[i] *= placement.tint[i];
            }
            std::uint32_t kind = look.kind, parameter = shader::kParameterMost;
            // Rooms behind panes get some of the daylight.
            if (look.surface == SurfaceClass::kFacade || kind == shader::kKindGlass) {
                parameter = surroundings_.daylight;
            }
            // A lit lamp shines in its own colour whatever the glass looks like.
            if (submesh.material == world::Material::kLamp &&
                (placement.lamps & world::bit(submesh.lamp)) != 0) {
                const LampLight light = light_of(submesh.lamp, placement.variety);
                albedo = light.colour;
                kind = shader::kKindEmitter;
                parameter = luminance_parameter(light.luminance_kcd_m2);
            }
            const auto semantic = submesh.semantic == world::Semantic::kNothing ? placement.semantic
                                                                                : submesh.semantic;
            const std::uint32_t takes = weather_bits(look);
            if (wettable != nullptr) *wettable++ = takes;
            const float repeats = look.along_lane ? -look.repeats_per_uv : look.repeats_per_uv;
            const math::RigidTransform& X = placement.X_WM;
            const std::uint32_t own = look.surface == SurfaceClass::kCabin ? placement.driver
                                      : submesh.material == world::Material::kPlate
                                          ? plate_word(placement.id)
                                          : 0U;
            *records++ = {
                .q = {static_cast<float>(X.q.x), static_cast<float>(X.q.y),
                      static_cast<float>(X.q.z), static_cast<float>(X.q.w)},
                .p_layer = {static_cast<float>(X.p.x), static_cast<float>(X.p.y),
                            static_cast<float>(X.p.z), layer},
                .tint_uv = {sqrt_channel(albedo[0]), sqrt_channel(albedo[1]),
                            sqrt_channel(albedo[2]), repeats},
                .packed = {world::id_word(semantic, placement.id, placement.part),
                           gloss_word(submesh.material, look) | own,
                           kind << shader::kKindShift | parameter << shader::kParameterShift,
                           scaled_bytes(surroundings_.weather, takes)}};
        }
    }
}

void RenderScene::light_lamps(const MeshDraw& mesh, const Placement& placement,
                              std::vector<LitLamp>& lamps) const {
    for (const MeshLamp& lamp : mesh.lamps) {
        if ((placement.lamps & world::bit(lamp.lamp)) == 0) continue;
        lamps.push_back({.lamp = lamp.lamp,
                         .p_W = placement.X_WM * lamp.p_M,
                         .axis_W = placement.X_WM.rotate(lamp.axis_M),
                         .variety = placement.variety});
    }
}

RenderScene::Range RenderScene::follow_lamps(const std::vector<world::Aspect>& aspects, bool dark) {
    Range changed{};
    const std::uint32_t street = dark ? world::bit(world::Lamp::kStreet) : 0U;
    for (std::size_t i = 0; i < lamp_items_.size(); ++i) {
        const LampItem& lamp = lamp_items_[i];
        Placement& placement = lamp_placements_[i];
        std::uint32_t lamps = lamp.lamps | street;
        if (lamp.group != world::kNone) {
            const world::Aspect aspect =
                lamp.group < aspects.size() ? aspects[lamp.group] : world::Aspect::kOff;
            lamps |= signal_lamps(aspect, lamp.for_pedestrians);
        }
        if (lamps == placement.lamps) continue;
        placement.lamps = lamps;
        const Item& item = static_items_[lamp.item];
        const MeshDraw& mesh = meshes_[item.mesh];
        write_records(mesh, placement, static_records_.data() + item.first_record);
        if (changed.end == 0) changed.first = item.first_record;
        changed.first = std::min(changed.first, item.first_record);
        changed.end = std::max(changed.end, item.first_record + mesh.record_count);
    }
    if (changed.end > 0 || !lamps_followed_) {
        lamps_followed_ = true;
        lit_lamps_.clear();
        for (std::size_t i = 0; i < lamp_items_.size(); ++i) {
            light_lamps(meshes_[static_items_[lamp_items_[i].item].mesh], lamp_placements_[i],
                        lit_lamps_);
        }
    }
    return changed;
}

RenderScene::Range RenderScene::set_surroundings(const world::Environment& environment,
                                                 double lit_windows) {
    const Surroundings now = surroundings_of(environment, lit_windows);
    if (now == surroundings_) return {};
    const bool dawn = now.daylight != surroundings_.daylight;
    surroundings_ = now;
    for (std::size_t i = 0; i < static_records_.size(); ++i) {
        shader::uvec4& packed = static_records_[i].packed;
        packed.w = scaled_bytes(now.weather, wettable_[i]);
        // Of the static records only panes and façades have no other parameter than the most.
        if (dawn && packed.z >> shader::kParameterShift != shader::kParameterMost &&
            (packed.z >> shader::kKindShift & 7U) != shader::kKindEmitter) {
            packed.z = (packed.z & ((1U << shader::kParameterShift) - 1)) |
                       now.daylight << shader::kParameterShift;
        }
    }
    return {0, static_cast<std::uint32_t>(static_records_.size())};
}

void RenderScene::place(const Placement& placement, std::uint32_t mesh, std::uint32_t figure,
                        Placed& placed) const {
    HM_CHECK(mesh < meshes_.size(), "there is no mesh {}", mesh);
    const MeshDraw& draw = meshes_[mesh];
    const std::size_t first = placed.records.size();
    const math::Vec3 centre = placement.X_WM * draw.centre;
    // A figure moves within its sphere.
    const bool moves = figure != kNoFigure;
    placed.items.back().push_back(
        {.centre = centre,
         .radius_m = draw.radius_m,
         .bounds = moves ? bounds_of_sphere(centre, draw.radius_m)
                         : bounds_of(placement.X_WM, draw.low_M, draw.high_M),
         .mesh = mesh,
         .first_record = static_cast<std::uint32_t>(static_records_.size() + first),
         .figure = figure});
    placed.records.resize(first + draw.record_count);
    write_records(draw, placement, placed.records.data() + first);
    light_lamps(draw, placement, placed.lamps);
}

void RenderScene::place_actors(const world::World& world, const world::State& state, double after_s,
                               Placed& placed) const {
    placed.lamps.clear();
    placed.items.emplace_back();
    for (const world::ActorState& at_state : state.actors) {
        if (at_state.archetype >= world.archetypes.size()) continue;
        if ((at_state.hidden_from & world::kPictures) != 0) continue;
        const world::Archetype& archetype = world.archetypes[at_state.archetype];
        const world::ActorState actor = world::advanced(archetype, at_state, after_s);
        Placement placement{.tint = actor.tint,
                            .id = actor.id,
                            .semantic = archetype.semantic,
                            .lamps = shown_lamps(actor, state.time_us),
                            .driver = driver_word(actor),
                            .variety = actor.id};
        HM_CHECK(archetype.parts.size() <= world::kMostParts,
                 "archetype {} has {} parts, the id buffer tells {} apart", archetype.name,
                 archetype.parts.size(), world::kMostParts);
        for (std::size_t i = 0; i < archetype.parts.size(); ++i) {
            const world::Part& part = archetype.parts[i];
            if (world::of_skin(part)) continue;
            placement.part = static_cast<std::uint32_t>(i);
            placement.X_WM = world::part_pose(archetype, part, actor);
            place(placement, part.mesh, kNoFigure, placed);
        }
        if (!archetype.figure) continue;
        const world::Figure& own = *archetype.figure;
        placement.part = 0;  // the vertices say theirs
        placement.X_WM = actor.X_WB;
        place(placement, own.skin, static_cast<std::uint32_t>(placed.figures.size()), placed);
        placed.figures.push_back(
            {.own = &own, .movement = world::movement_of(archetype, actor), .mesh = own.skin});
    }
}

std::uint32_t signal_lamps(world::Aspect aspect, bool for_pedestrians) {
    using world::Aspect;
    using world::bit;
    using world::Lamp;
    if (for_pedestrians) {
        return aspect == Aspect::kOff
                   ? 0U
                   : bit(aspect == Aspect::kGreen ? Lamp::kWalk : Lamp::kDontWalk);
    }
    switch (aspect) {
        case Aspect::kRed:
            return bit(Lamp::kSignalRed);
        case Aspect::kRedYellow:
            return bit(Lamp::kSignalRed) | bit(Lamp::kSignalYellow);
        case Aspect::kGreen:
            return bit(Lamp::kSignalGreen);
        case Aspect::kYellow:
            return bit(Lamp::kSignalYellow);
        case Aspect::kOff:
            break;
    }
    return 0;
}

}  // namespace huntsman::engine::render
