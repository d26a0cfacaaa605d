#include "sensors/lidar/lidar.h"

#include <embree3/rtcore.h>

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"
#include "engine/core/random.h"
#include "engine/world/pose.h"

namespace huntsman::sensors::lidar {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;
using engine::math::kPi;
using engine::math::RigidTransform;
using engine::math::Vec3;
namespace world = engine::world;

namespace {

// The coarsest level of detail that is finer than the range's noise.
constexpr float kLodError_m = 0.02F;
constexpr double kRetroGain = 8;  // of sheeting against a white wall, before saturation

struct ReleaseDevice {
    void operator()(RTCDevice device) const { rtcReleaseDevice(device); }
};
struct ReleaseScene {
    void operator()(RTCScene scene) const { rtcReleaseScene(scene); }
};
using Device = std::unique_ptr<RTCDeviceTy, ReleaseDevice>;
using Scene = std::unique_ptr<RTCSceneTy, ReleaseScene>;

// A mesh as rays meet it, in its own frame.
struct RayMesh {
    Scene scene;
    std::vector<std::uint32_t> first_triangle;  // of each submesh
    std::vector<world::Submesh> submeshes;
    Vec3 centre{0, 0, 0};
    double radius_m = 0;
    const world::Submesh& submesh_of(std::uint32_t triangle) const {
        const auto after = std::upper_bound(first_triangle.begin(), first_triangle.end(), triangle);
        return submeshes[static_cast<std::size_t>(after - first_triangle.begin()) - 1];
    }
};

RayMesh make_ray_mesh(RTCDevice device, const world::Mesh& mesh) {
    const world::MeshLod* lod = &mesh.lods.front();
    for (const world::MeshLod& level : mesh.lods) {
        if (level.error_m <= kLodError_m) lod = &level;
    }
    RayMesh rays{
        .scene = Scene(rtcNewScene(device)), .centre = mesh.centre, .radius_m = mesh.radius_m};
    // Triangles of all submeshes one after the other.
    std::vector<std::uint32_t> indices;
    for (const world::Submesh& s : lod->submeshes) {
        rays.first_triangle.push_back(static_cast<std::uint32_t>(indices.size() / 3));
        rays.submeshes.push_back(s);
        const auto from = lod->indices.begin() + static_cast<std::ptrdiff_t>(s.first_index);
        indices.insert(indices.end(), from, from + static_cast<std::ptrdiff_t>(s.index_count));
    }
    if (!indices.empty()) {
        RTCGeometry geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE);
        auto* vertices = static_cast<float*>(
            rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3,
                                    3 * sizeof(float), lod->vertices.size()));
        HM_CHECK(vertices != nullptr, "out of memory");
        for (std::size_t i = 0; i < lod->vertices.size(); ++i) {
            std::copy(lod->vertices[i].p, lod->vertices[i].p + 3, vertices + 3 * i);
        }
        auto* corners = static_cast<std::uint32_t*>(
            rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3,
                                    3 * sizeof(std::uint32_t), indices.size() / 3));
        HM_CHECK(corners != nullptr, "out of memory");
        std::copy(indices.begin(), indices.end(), corners);
        rtcCommitGeometry(geometry);
        rtcAttachGeometry(rays.scene.get(), geometry);
        rtcReleaseGeometry(geometry);
    }
    rtcCommitScene(rays.scene.get());
    return rays;
}

RTCRayHit make_ray(const Vec3& origin, const Vec3& direction, double from_m, double to_m) {
    RTCRayHit ray{};
    ray.ray.org_x = static_cast<float>(origin.x);
    ray.ray.org_y = static_cast<float>(origin.y);
    ray.ray.org_z = static_cast<float>(origin.z);
    ray.ray.dir_x = static_cast<float>(direction.x);
    ray.ray.dir_y = static_cast<float>(direction.y);
    ray.ray.dir_z = static_cast<float>(direction.z);
    ray.ray.tnear = static_cast<float>(from_m);
    ray.ray.tfar = static_cast<float>(to_m);
    ray.ray.mask = ~0U;
    ray.hit.geomID = RTC_INVALID_GEOMETRY_ID;
    ray.hit.instID[0] = RTC_INVALID_GEOMETRY_ID;
    return ray;
}

struct Return {
    double distance_m = 0;
    double cosine = 0;  // of the incidence
    std::uint32_t id = 0;
    Echo echo;
    bool any = false;
};

void take(const RayMesh& mesh, const RTCRayHit& ray, world::Semantic own, world::ActorId id,
          std::uint32_t part, Return& best) {
    const world::Submesh& submesh = mesh.submesh_of(ray.hit.primID);
    const double x = static_cast<double>(ray.hit.Ng_x), y = static_cast<double>(ray.hit.Ng_y);
    const double z = static_cast<double>(ray.hit.Ng_z);
    const double along = x * static_cast<double>(ray.ray.dir_x) +
                         y * static_cast<double>(ray.ray.dir_y) +
                         z * static_cast<double>(ray.ray.dir_z);
    const auto semantic = submesh.semantic == world::Semantic::kNothing ? own : submesh.semantic;
    best = {static_cast<double>(ray.ray.tfar),
            std::abs(along) / std::max(1e-30, std::sqrt(x * x + y * y + z * z)),
            world::id_word(semantic, id, part), echo_of(submesh.material), true};
}

// A moving actor: where its parts may be during the sweep, and where they are in a column.
struct Mover {
    const world::ActorState* actor = nullptr;
    const world::Archetype* archetype = nullptr;
    double radius_m = 0;  // about the origin of B, of all parts in any posture
    std::vector<RigidTransform> X_PW;
};

// A column of beams at the moment when it is fired.
struct Column {
    double dt_s = 0;          // to the sweep's end, not above 0
    RigidTransform X_WL;      // of the sensor
    Vec3 forward_L{0, 1, 0};  // horizontal direction of the beams
};

// Light that comes back from a surface, as a share of what a white wall would send from there.
double strength_of(const Return& seen, double extinction_per_m) {
    return seen.echo.reflectance * (seen.echo.retro ? kRetroGain : seen.cosine) *
           std::exp(-2 * extinction_per_m * seen.distance_m);
}

// Calibrated reflectance up to 100, returns of retro-reflectors above [HDL-32E manual].
double intensity_of(const Return& seen, double strength) {
    return seen.echo.retro ? std::min(255.0, 100 + 20 * strength) : 100 * std::min(1.0, strength);
}

// Extinction of fog and rain [1/m], from decibels a kilometre.
double extinction_of(const world::Environment& environment) {
    return environment.fog_per_m +
           1.076 * std::pow(std::max(0.0, environment.rain_mm_h), 0.67) * std::log(10.0) / 1e4;
}

double reach_of(const world::Archetype& archetype, const std::vector<RayMesh>& ray_meshes) {
    double reach = 0;
    for (const world::Part& part : archetype.parts) {
        const RayMesh& mesh = ray_meshes[part.mesh];
        // A wheel rolls and a limb swings about its pivot; springs move by less than the margin.
        constexpr double kSpring_m = 0.5;
        reach = std::max(
            reach, glm::length(part.p_BP) + glm::length(mesh.centre) + mesh.radius_m + kSpring_m);
    }
    return reach;
}

}  // namespace

Model hdl32e() {
    Model model;
    for (int ring = 0; ring < 32; ++ring) {
        model.elevations_rad.push_back((-30.67 + 41.34 * ring / 31) * kPi / 180);
    }
    return model;
}

Echo echo_of(world::Material material) {
    using world::Material;
    switch (material) {
        case Material::kAsphalt:
        case Material::kCarriageway:
            return {0.17};
        case Material::kRoadMark:
            return {0.6, true};
        case Material::kSign:
        case Material::kReflector:
        case Material::kPlate:
            return {0.8, true};
        case Material::kGrass:
        case Material::kLeaves:
            return {0.5};
        case Material::kGlass:
        case Material::kWindow:
            return {0.06};
        case Material::kRubber:
        case Material::kPlastic:
            return {0.06};
        case Material::kLeather:
            return {0.12};
        case Material::kCarPaint:
        case Material::kLivery:
        case Material::kCloth:
        case Material::kFabric:
        case Material::kSkin:
        case Material::kPicture:
        case Material::kPlaster:
            return {0.45};
        case Material::kMetal:
        case Material::kRim:
            return {0.35};
        default:
            return {0.3};
    }
}

struct Lidar::Impl {
    const world::World* town = nullptr;
    Model model;
    Device device;
    std::vector<RayMesh> ray_meshes;  // by mesh
    Scene fixed;
    std::vector<std::pair<double, double>> elevation;  // sine and cosine of each ring

    std::vector<Mover> movers_near(const world::State& state, const world::ActorState& ego) const;
    Column column_at(std::size_t index, const world::ActorState& ego,
                     const RigidTransform& X_BL) const;
    Return cast(const Column& column, const Vec3& direction_L,
                const std::vector<const Mover*>& ahead) const;
    void cast_fixed(const Vec3& origin, const Vec3& direction, Return& best) const;
    void cast_mover(const Mover& mover, const Vec3& origin, const Vec3& direction,
                    Return& best) const;
};

Lidar::Lidar(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Lidar::~Lidar() = default;
Lidar::Lidar(Lidar&&) noexcept = default;
Lidar& Lidar::operator=(Lidar&&) noexcept = default;

Result<Lidar> Lidar::create(const world::World& town, const Model& model) {
    const auto rings = model.elevations_rad.size();
    if (rings < 1 || rings > 256 || model.columns < 1 || model.columns > 100'000 ||
        model.period_us < 1 || !(model.range_m > model.nearest_m) || !(model.nearest_m >= 0) ||
        !(model.reference_range_m > 0) || !(model.range_noise_m >= 0)) {
        return Error{.message = fmt::format("a lidar of {} rings, {} columns and {} m of range "
                                            "cannot be",
                                            rings, model.columns, model.range_m)};
    }
    auto impl = std::make_unique<Impl>();
    impl->town = &town;
    impl->model = model;
    for (const double angle : model.elevations_rad) {
        impl->elevation.emplace_back(std::sin(angle), std::cos(angle));
    }
    impl->device.reset(rtcNewDevice("threads=1"));
    if (!impl->device) {
        return Error{.message = "Embree gives no device for rays", .kind = ErrorKind::kMachine};
    }
    for (const world::Mesh& mesh : town.scene.meshes) {
        impl->ray_meshes.push_back(make_ray_mesh(impl->device.get(), mesh));
    }
    impl->fixed.reset(rtcNewScene(impl->device.get()));
    for (std::size_t i = 0; i < town.scene.instances.size(); ++i) {
        const world::Instance& instance = town.scene.instances[i];
        RTCGeometry geometry = rtcNewGeometry(impl->device.get(), RTC_GEOMETRY_TYPE_INSTANCE);
        rtcSetGeometryInstancedScene(geometry, impl->ray_meshes[instance.mesh].scene.get());
        // Three columns of the rotation, then the origin.
        const engine::math::Mat3 R = glm::mat3_cast(instance.X_WM.q);
        float matrix[12];
        for (int column = 0; column < 3; ++column) {
            for (int row = 0; row < 3; ++row) {
                matrix[3 * column + row] = static_cast<float>(R[column][row]);
            }
            matrix[9 + column] = static_cast<float>(instance.X_WM.p[column]);
        }
        rtcSetGeometryTransform(geometry, 0, RTC_FORMAT_FLOAT3X4_COLUMN_MAJOR, matrix);
        rtcCommitGeometry(geometry);
        rtcAttachGeometryByID(impl->fixed.get(), geometry, static_cast<unsigned>(i));
        rtcReleaseGeometry(geometry);
    }
    rtcCommitScene(impl->fixed.get());
    if (const RTCError code = rtcGetDeviceError(impl->device.get()); code != RTC_ERROR_NONE) {
        return Error{.message = fmt::format("Embree cannot build the scene: error {}",
                                            static_cast<int>(code)),
                     .kind = ErrorKind::kMachine};
    }
    return Lidar(std::move(impl));
}

RigidTransform Lidar::mounting(const world::Extent& extent) {
    constexpr double kAboveRoof_m = 0.35;
    return {engine::math::yaw_rotation(-0.5 * kPi),
            {extent.centre_x_m(), 0, extent.height_m + kAboveRoof_m}};
}

void Lidar::Impl::cast_fixed(const Vec3& origin, const Vec3& direction, Return& best) const {
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    RTCRayHit ray = make_ray(origin, direction, model.nearest_m, model.range_m);
    rtcIntersect1(fixed.get(), &context, &ray);
    if (ray.hit.geomID == RTC_INVALID_GEOMETRY_ID) return;
    const world::Instance& instance = town->scene.instances[ray.hit.instID[0]];
    take(ray_meshes[instance.mesh], ray, instance.semantic, instance.object, 0, best);
    // The normal is in the mesh's frame.
    const Vec3 normal =
        instance.X_WM.rotate({static_cast<double>(ray.hit.Ng_x), static_cast<double>(ray.hit.Ng_y),
                              static_cast<double>(ray.hit.Ng_z)});
    best.cosine = std::abs(glm::dot(normal, direction)) / std::max(1e-30, glm::length(normal));
}

void Lidar::Impl::cast_mover(const Mover& mover, const Vec3& origin, const Vec3& direction,
                             Return& best) const {
    for (std::size_t i = 0; i < mover.X_PW.size(); ++i) {
        // Rays that miss the part's sphere need no tree.
        const RayMesh& mesh = ray_meshes[mover.archetype->parts[i].mesh];
        const Vec3 o = mover.X_PW[i] * origin, to = mesh.centre - o;
        const Vec3 d = mover.X_PW[i].rotate(direction);
        const double along = glm::dot(to, d);
        if (glm::dot(to, to) - along * along > mesh.radius_m * mesh.radius_m) continue;
        RTCIntersectContext context;
        rtcInitIntersectContext(&context);
        RTCRayHit ray = make_ray(o, d, model.nearest_m, best.any ? best.distance_m : model.range_m);
        rtcIntersect1(mesh.scene.get(), &context, &ray);
        if (ray.hit.geomID == RTC_INVALID_GEOMETRY_ID) continue;
        take(mesh, ray, mover.archetype->semantic, mover.actor->id, static_cast<std::uint32_t>(i),
             best);
    }
}

// Actors that are within reach at some moment of the sweep.
std::vector<Mover> Lidar::Impl::movers_near(const world::State& state,
                                            const world::ActorState& ego) const {
    const double period_s = engine::core::seconds(model.period_us);
    std::vector<Mover> movers;
    for (const world::ActorState& actor : state.actors) {
        if (actor.id == world::kEgo || (actor.hidden_from & world::kSensors) != 0) continue;
        const world::Archetype& archetype = town->archetypes[actor.archetype];
        const double radius = reach_of(archetype, ray_meshes);
        const double moved = (glm::length(actor.v_W) + glm::length(ego.v_W)) * period_s + radius;
        if (glm::length(actor.X_WB.p - ego.X_WB.p) > model.range_m + moved) continue;
        movers.push_back({&actor, &archetype, radius, {}});
    }
    return movers;
}

Column Lidar::Impl::column_at(std::size_t index, const world::ActorState& ego,
                              const RigidTransform& X_BL) const {
    const double turned = (static_cast<double>(index) + 1.0) / model.columns;
    const double azimuth = -kPi + 2 * kPi * turned;  // from y of L towards x
    Column column{.dt_s = (turned - 1) * engine::core::seconds(model.period_us)};
    column.X_WL = world::advanced(ego, column.dt_s).X_WB * X_BL;
    column.forward_L = {std::sin(azimuth), std::cos(azimuth), 0};
    return column;
}

namespace {

// Of the movers those whose sphere the column's half plane cuts, with their parts where they are
// then.
void find_ahead(const Column& column, std::vector<Mover>& movers,
                std::vector<const Mover*>& ahead) {
    const Vec3& forward_L = column.forward_L;
    const Vec3 side_W = column.X_WL.rotate({forward_L.y, -forward_L.x, 0});
    const Vec3 forward_W = column.X_WL.rotate(forward_L);
    ahead.clear();
    for (Mover& mover : movers) {
        const Vec3 to = mover.actor->X_WB.p + mover.actor->v_W * column.dt_s - column.X_WL.p;
        const double reach = mover.radius_m;
        if (std::abs(glm::dot(to, side_W)) > reach || glm::dot(to, forward_W) < -reach) continue;
        const world::ActorState then = world::advanced(*mover.archetype, *mover.actor, column.dt_s);
        mover.X_PW = world::part_poses(*mover.archetype, then);
        for (RigidTransform& X : mover.X_PW) X = X.inverse();
        ahead.push_back(&mover);
    }
}

}  // namespace

Return Lidar::Impl::cast(const Column& column, const Vec3& direction_L,
                         const std::vector<const Mover*>& ahead) const {
    const Vec3 direction_W = column.X_WL.rotate(direction_L);
    Return best;
    cast_fixed(column.X_WL.p, direction_W, best);
    for (const Mover* mover : ahead) cast_mover(*mover, column.X_WL.p, direction_W, best);
    return best;
}

labels::LidarSweep Lidar::sweep(const world::State& state, const RigidTransform& X_BL) const {
    const Impl& own = *impl_;
    const Model& model = own.model;
    const world::ActorState* ego = state.find(world::kEgo);
    HM_CHECK(ego != nullptr, "a state without the ego");
    const RigidTransform X_LW_end = (ego->X_WB * X_BL).inverse();
    const double extinction = extinction_of(world::environment_at(*own.town, state));
    const double threshold = 0.1 / engine::math::square(model.reference_range_m);
    const auto key = engine::core::Key(own.town->seed)
                         .with("lidar")
                         .with(static_cast<std::uint64_t>(state.time_us));

    labels::LidarSweep sweep{.X_BL = X_BL};
    const std::size_t rings = own.elevation.size();
    const auto columns = static_cast<std::size_t>(model.columns);
    sweep.points.reserve(rings * columns);
    std::vector<Mover> movers = own.movers_near(state, *ego);
    std::vector<const Mover*> ahead;
    for (std::size_t c = 0; c < columns; ++c) {
        const Column column = own.column_at(c, *ego, X_BL);
        find_ahead(column, movers, ahead);
        for (std::size_t ring = 0; ring < rings; ++ring) {
            const auto [sine, cosine] = own.elevation[ring];
            const Vec3 direction_L = column.forward_L * cosine + Vec3(0, 0, sine);
            const Return seen = own.cast(column, direction_L, ahead);
            if (!seen.any) continue;
            const double strength = strength_of(seen, extinction);
            if (strength < threshold * seen.distance_m * seen.distance_m) continue;
            const double distance =
                seen.distance_m + model.range_noise_m * key.normal(c * rings + ring);
            const Vec3 p_L = X_LW_end * (column.X_WL * (direction_L * distance));
            sweep.points.push_back({static_cast<float>(p_L.x), static_cast<float>(p_L.y),
                                    static_cast<float>(p_L.z),
                                    static_cast<float>(std::round(intensity_of(seen, strength))),
                                    static_cast<std::uint8_t>(ring), seen.id});
        }
    }
    return sweep;
}

}  // namespace huntsman::sensors::lidar
