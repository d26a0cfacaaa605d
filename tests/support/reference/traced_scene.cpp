#include "tests/support/reference/traced_scene.h"

#include <embree3/rtcore.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/core/check.h"
#include "engine/render/draw_list.h"
#include "engine/render/render_scene.h"

namespace huntsman::tests::support {

using engine::math::square;
namespace render = engine::render;
namespace shader = engine::render::shader;
using render::SurfaceClass;

namespace {

Vec3 vec3_of(const shader::vec4& v) { return {v.x, v.y, v.z}; }
Vec3 unpack_colour(std::uint32_t packed) {
    return Vec3(packed & 0xffU, packed >> 8 & 0xffU, packed >> 16 & 0xffU) / 255.0;
}
double luminance(const Vec3& c) { return 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z; }

struct Triangle {
    std::uint32_t vertex[3];  // of RenderScene::vertices
    std::uint32_t record = 0;
    float uv_per_m = 0;  // how fast texture coordinates run
    std::uint32_t emitter = 0;
    SurfaceClass surface = SurfaceClass::kPlain;
};

}  // namespace

struct TracedScene::Impl {
    render::RenderScene scene;
    render::BakedTextures textures;
    render::Sky sky;
    std::vector<shader::GpuDraw> records;
    std::vector<Triangle> triangles;
    std::vector<EmitterTriangle> emitters;
    std::vector<render::LitLamp> lamps;
    std::vector<float> positions;  // three a corner, three corners a triangle
    RTCDevice device = nullptr;
    RTCScene rays = nullptr;

    Impl(const engine::world::World& world, const render::BakedTextures& texture_set)
        : scene(world), textures(texture_set) {}
    ~Impl() {
        if (rays != nullptr) rtcReleaseScene(rays);
        if (device != nullptr) rtcReleaseDevice(device);
    }

    void add(const render::Item& item, const render::LodDraw& lod);
    void build();
    void find_emitters();
    Vec3 corner(std::size_t triangle, std::size_t i) const {
        const float* p = &positions[9 * triangle + 3 * i];
        return {p[0], p[1], p[2]};
    }
    std::array<double, 4> texel(int layer, double u, double v, double level) const;
    bool cut_out(const Triangle& t, const double (&weight)[3]) const;
    void look_at(const Triangle& t, const double (&weight)[3], double footprint_m,
                 RayHit& hit) const;
    RTCRayHit intersect(const Vec3& origin, const Vec3& direction, double from_m,
                        double to_m) const;
};

TracedScene::TracedScene(const engine::world::World& world, const engine::world::State& state,
                         const render::BakedTextures& textures, const render::View* view,
                         double lod_error_px)
    : impl_(std::make_unique<Impl>(world, textures)) {
    Impl& impl = *impl_;
    const engine::world::Environment environment =
        engine::world::environment_at(world, state.time_us);
    impl.sky = render::make_sky(environment);
    const render::Darkness dark = render::darkness_of(impl.sky);
    impl.scene.set_surroundings(environment, dark.lit_windows);
    impl.scene.follow_lamps(state.signals, dark.street_lamps);
    render::RenderScene::Placed actors;
    impl.scene.place_actors(world, state, 0, actors);
    // Figures at their finest level, their vertices behind those of the scene.
    for (render::PosedFigure& figure : actors.figures) figure.finest = 0;
    std::vector<shader::GpuVertex> skins(render::place_skins(impl.scene, actors.figures));
    engine::core::JobPool pool(0);
    render::skin_figures(impl.scene, actors.figures, pool, skins.data());
    const auto behind = static_cast<std::int32_t>(impl.scene.vertices.size());
    impl.scene.vertices.insert(impl.scene.vertices.end(), skins.begin(), skins.end());
    if (dark.lamps_matter) {
        impl.lamps = impl.scene.lit_lamps();
        impl.lamps.insert(impl.lamps.end(), actors.lamps.begin(), actors.lamps.end());
    }
    impl.records = impl.scene.static_records();
    impl.records.insert(impl.records.end(), actors.records.begin(), actors.records.end());

    // Triangles in W.
    const auto add_all = [&](std::span<const render::Item> items) {
        for (const render::Item& item : items) {
            const render::MeshDraw& mesh = impl.scene.meshes()[item.mesh];
            std::size_t level = 0;
            if (view != nullptr) {
                const double depth =
                    render::Frustum(*view).nearest_depth(item.centre, item.radius_m);
                level = render::choose_lod(mesh, depth, std::max(view->fx, view->fy), lod_error_px);
            }
            const auto chosen = render::lod_of(impl.scene, item, level, actors.figures);
            render::LodDraw lod = *chosen.lod;
            lod.vertex_offset = chosen.vertex_offset;
            if (item.figure != render::kNoFigure) lod.vertex_offset += behind;
            impl.add(item, lod);
        }
    };
    add_all(impl.scene.static_items());
    add_all(actors.items.front());
    impl.find_emitters();
    impl.build();
}
TracedScene::~TracedScene() = default;
TracedScene::TracedScene(TracedScene&&) noexcept = default;

std::span<const EmitterTriangle> TracedScene::emitters() const { return impl_->emitters; }
std::span<const render::LitLamp> TracedScene::lamps() const { return impl_->lamps; }
const render::Sky& TracedScene::sky() const { return impl_->sky; }

void TracedScene::Impl::add(const render::Item& item, const render::LodDraw& lod) {
    for (std::size_t s = 0; s < lod.submeshes.size(); ++s) {
        const render::SubmeshDraw& submesh = lod.submeshes[s];
        const auto record = item.first_record + lod.first_record + static_cast<std::uint32_t>(s);
        const shader::GpuDraw& draw = records[record];
        const engine::math::Quat q(draw.q.w, draw.q.x, draw.q.y, draw.q.z);
        for (std::uint32_t i = 0; i + 2 < submesh.index_count; i += 3) {
            Triangle t{.record = record, .surface = submesh.surface};
            Vec3 p[3];
            engine::math::Vec2 uv[3];
            for (std::size_t j = 0; j < 3; ++j) {
                const std::uint32_t at = scene.indices[submesh.first_index + i + j];
                t.vertex[j] =
                    static_cast<std::uint32_t>(lod.vertex_offset + static_cast<std::int32_t>(at));
                const shader::GpuVertex& v = scene.vertices[t.vertex[j]];
                p[j] = q * Vec3(v.p[0], v.p[1], v.p[2]) + vec3_of(draw.p_layer);
                uv[j] = {v.uv[0], v.uv[1]};
                for (std::size_t c = 0; c < 3; ++c) {
                    positions.push_back(static_cast<float>(p[j][static_cast<int>(c)]));
                }
            }
            const double area = glm::length(glm::cross(p[1] - p[0], p[2] - p[0]));
            const double uv_area = std::abs(engine::math::cross(uv[1] - uv[0], uv[2] - uv[0]));
            t.uv_per_m = static_cast<float>(std::sqrt(uv_area / std::max(area, 1e-12)) *
                                            std::abs(static_cast<double>(draw.tint_uv.w)));
            triangles.push_back(t);
        }
    }
}

// Triangles of lit lamps, with their shares of the power of all.
void TracedScene::Impl::find_emitters() {
    double power = 0;
    for (std::size_t i = 0; i < triangles.size(); ++i) {
        const std::uint32_t shape = records[triangles[i].record].packed.z;
        if ((shape >> shader::kKindShift & 7U) != shader::kKindEmitter) continue;
        EmitterTriangle e{.p = {corner(i, 0), corner(i, 1), corner(i, 2)}};
        const Vec3 normal = glm::cross(e.p[1] - e.p[0], e.p[2] - e.p[0]);
        e.area_m2 = 0.5 * glm::length(normal);
        if (e.area_m2 <= 0) continue;
        e.normal = glm::normalize(normal);
        RayHit hit;
        look_at(triangles[i], {1.0 / 3, 1.0 / 3, 1.0 / 3}, 0, hit);
        e.radiance = hit.emitted;
        e.share = e.area_m2 * luminance(e.radiance);
        e.below = power;
        power += e.share;
        emitters.push_back(e);
        triangles[i].emitter = static_cast<std::uint32_t>(emitters.size());
    }
    for (EmitterTriangle& e : emitters) {
        e.share /= power;
        e.below /= power;
    }
}

void TracedScene::Impl::build() {
    device = rtcNewDevice("threads=1");
    HM_CHECK(device != nullptr, "Embree has no device: error {}",
             static_cast<int>(rtcGetDeviceError(nullptr)));
    rays = rtcNewScene(device);
    rtcSetSceneFlags(rays, RTC_SCENE_FLAG_ROBUST);
    // An empty scene is allowed: all rays then see the sky.
    if (!triangles.empty()) {
        RTCGeometry geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE);
        void* vertices =
            rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3,
                                    3 * sizeof(float), positions.size() / 3);
        auto* indices = static_cast<std::uint32_t*>(
            rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3,
                                    3 * sizeof(std::uint32_t), triangles.size()));
        HM_CHECK(vertices != nullptr && indices != nullptr, "Embree has no memory");
        std::copy(positions.begin(), positions.end(), static_cast<float*>(vertices));
        for (std::uint32_t i = 0; i < 3 * triangles.size(); ++i) indices[i] = i;
        rtcCommitGeometry(geometry);
        rtcAttachGeometry(rays, geometry);
        rtcReleaseGeometry(geometry);
    }
    rtcCommitScene(rays);
}

// Bilinear look-up in the level nearest to `level`; repeats.
std::array<double, 4> TracedScene::Impl::texel(int layer, double u, double v, double level) const {
    std::size_t offset = 0;
    int size = textures.size;
    for (int l = std::clamp(static_cast<int>(std::lround(level)), 0, textures.levels - 1); l > 0;
         --l) {
        offset += static_cast<std::size_t>(size * size * textures.layers) * 4;
        size /= 2;
    }
    offset += static_cast<std::size_t>(layer * size * size) * 4;
    const double x = (u - std::floor(u)) * size - 0.5, y = (v - std::floor(v)) * size - 0.5;
    const double fx = x - std::floor(x), fy = y - std::floor(y);
    std::array<double, 4> sum{};
    for (int j = 0; j < 2; ++j) {
        for (int i = 0; i < 2; ++i) {
            const int tx = (static_cast<int>(std::floor(x)) + i + size) % size;
            const int ty = (static_cast<int>(std::floor(y)) + j + size) % size;
            const std::byte* t =
                textures.texels.data() + offset + 4 * static_cast<std::size_t>(ty * size + tx);
            const double weight = (i == 1 ? fx : 1 - fx) * (j == 1 ? fy : 1 - fy);
            for (std::size_t c = 0; c < 4; ++c) {
                sum[c] += weight * std::to_integer<int>(t[c]) / 255.0;
            }
        }
    }
    return sum;
}

bool TracedScene::Impl::cut_out(const Triangle& t, const double (&weight)[3]) const {
    if (t.surface != SurfaceClass::kLeaves) return false;
    const shader::GpuDraw& draw = records[t.record];
    double u = 0, v = 0;
    for (std::size_t j = 0; j < 3; ++j) {
        const shader::GpuVertex& vertex = scene.vertices[t.vertex[j]];
        u += weight[j] * static_cast<double>(vertex.uv[0] * draw.tint_uv.w);
        v += weight[j] * static_cast<double>(vertex.uv[1] * draw.tint_uv.w);
    }
    return texel(static_cast<int>(draw.p_layer.w), u, v, 0)[3] < 0.5;
}

// Near enough to surface.vert and surface.frag for what rays meet after their first reflection;
// where they start, the G-buffer itself is used.
void TracedScene::Impl::look_at(const Triangle& t, const double (&weight)[3], double footprint_m,
                                RayHit& hit) const {
    const shader::GpuDraw& draw = records[t.record];
    Vec3 normal(0), colour(0);
    double raw_u = 0, raw_v = 0;
    for (std::size_t j = 0; j < 3; ++j) {
        const shader::GpuVertex& vertex = scene.vertices[t.vertex[j]];
        normal += weight[j] * Vec3(vertex.normal[0], vertex.normal[1], vertex.normal[2]);
        colour += weight[j] * unpack_colour(vertex.colour);
        raw_u += weight[j] * static_cast<double>(vertex.uv[0]);
        raw_v += weight[j] * static_cast<double>(vertex.uv[1]);
    }
    const engine::math::Quat q(draw.q.w, draw.q.x, draw.q.y, draw.q.z);
    hit.look.n = glm::normalize(q * normal);
    hit.look.kind = draw.packed.z >> shader::kKindShift & 7U;
    colour *= vec3_of(draw.tint_uv);
    const auto byte = [](std::uint32_t word, unsigned i) { return (word >> 8 * i & 255U) / 255.0; };
    const double parameter = draw.packed.z >> shader::kParameterShift;
    const double own =
        static_cast<double>(shader::kEmitterLowest) * std::exp2(parameter / shader::kEmitterSteps);

    // Texture. Where uv belongs to the layer that modulates, the surface's own lies in W.
    double roughness = byte(draw.packed.y, 3);
    const double repeats = draw.tint_uv.w;
    const bool along_lane = t.surface == SurfaceClass::kGround && repeats < 0;
    if (t.surface != SurfaceClass::kPlain && t.surface != SurfaceClass::kCabin) {
        const double u = along_lane ? -repeats * hit.p.x : raw_u * repeats;
        const double v = along_lane ? -repeats * hit.p.y : raw_v * repeats;
        const double level =
            std::log2(std::max(1.0, footprint_m * static_cast<double>(t.uv_per_m) * textures.size));
        const auto [r, g, b, a] = texel(static_cast<int>(draw.p_layer.w), u, v, level);
        colour *= Vec3(r, g, b);
        if (t.surface != SurfaceClass::kLeaves) roughness = a;
    }
    if (t.surface == SurfaceClass::kGround) {
        // A layer of tens of metres modulates the ground.
        const double per_metre = (draw.packed.y >> 8 & 0x7fffffU) / 65536.0;
        const double mu = along_lane ? raw_u : hit.p.x * per_metre;
        const double mv = along_lane ? raw_v : hit.p.y * per_metre;
        const auto [r, g, b, a] = texel(static_cast<int>(draw.packed.y & 0xffU), mu, mv, 0);
        // Water as in surface.frag; none of the reference scenes has snow.
        const double wetness = (draw.packed.w & 255U) / 255.0,
                     filled = (draw.packed.w >> 8 & 255U) / 255.0;
        const double wet = std::clamp(wetness * (0.6 + 0.8 * a), 0.0, 1.0);
        const double porous = std::clamp(2.0 * roughness - 0.8, 0.2, 1.0);
        const double level = std::max(filled, 0.6 * (wetness - 0.45));
        const double puddle = std::clamp((a + 0.85 * level - 1.0) * 9.0, 0.0, 1.0);
        const bool any = draw.packed.w << 8 != 0;  // of the four bytes the last is no weather
        colour *= 2.0 * Vec3(r, g, b);
        if (any) {
            colour *= (1.0 - 0.34 * wet * porous) * (1.0 - 0.30 * puddle);
            roughness += (0.30 - roughness) * 0.8 * wet;
            roughness += (0.05 - roughness) * puddle;
        }
    }
    // Openings of façades: panes before dim rooms.
    if (t.surface == SurfaceClass::kFacade) {
        const double x = raw_u - std::floor(raw_u), y = raw_v - std::floor(raw_v);
        const double sill = byte(draw.packed.y, 2);
        const bool open = std::abs(x - 0.5) < 0.5 * byte(draw.packed.y, 0) && y > sill &&
                          y < sill + byte(draw.packed.y, 1);
        if (open) {
            hit.look.kind = shader::kKindGlass;
            colour = Vec3(0.2);
        }
    }
    // Windows of vehicles: a dim cabin below the pane.
    if (t.surface == SurfaceClass::kCabin) {
        hit.look.kind = shader::kKindCoated;
        colour = Vec3(0.2);
    }
    colour = glm::min(colour, Vec3(1));
    hit.look.albedo = colour * colour;
    hit.look.roughness = roughness;
    hit.emitted = Vec3(0);
    if (hit.look.kind == shader::kKindEmitter || hit.look.kind == shader::kKindGlass) {
        hit.emitted = hit.look.albedo * own;
    }
    // What lies behind a pane is lit by what is behind it; the pane itself only mirrors.
    if (hit.look.kind == shader::kKindGlass) hit.look.albedo = Vec3(0);
}

RTCRayHit TracedScene::Impl::intersect(const Vec3& origin, const Vec3& direction, double from_m,
                                       double to_m) const {
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
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
    rtcIntersect1(rays, &context, &ray);
    return ray;
}

std::optional<RayHit> TracedScene::hit(const Vec3& origin, const Vec3& direction, double from_m,
                                       double spread) const {
    constexpr double kFar = 1e5;
    for (;;) {
        const RTCRayHit ray = impl_->intersect(origin, direction, from_m, kFar);
        if (ray.hit.geomID == RTC_INVALID_GEOMETRY_ID) return std::nullopt;
        const std::size_t at = ray.hit.primID;
        const Triangle& t = impl_->triangles[at];
        const double u = ray.hit.u, v = ray.hit.v, weight[3] = {1 - u - v, u, v};
        RayHit hit{.distance_m = ray.ray.tfar};
        if (impl_->cut_out(t, weight)) {
            from_m = hit.distance_m * (1 + 1e-5) + 1e-5;
            continue;
        }
        const Vec3 a = impl_->corner(at, 0), b = impl_->corner(at, 1), c = impl_->corner(at, 2);
        hit.p = weight[0] * a + weight[1] * b + weight[2] * c;
        hit.facet = glm::normalize(glm::cross(b - a, c - a));
        const bool front = glm::dot(hit.facet, direction) < 0;
        // Surfaces look the same from behind, but lamps shine to the front only.
        impl_->look_at(t, weight, hit.distance_m * spread, hit);
        hit.emitter = front ? t.emitter : 0;
        if (!front) {
            hit.facet = -hit.facet;
            hit.look.n = -hit.look.n;
            hit.emitted = Vec3(0);
        }
        return hit;
    }
}

bool TracedScene::open(const Vec3& origin, const Vec3& direction, double distance_m) const {
    double from_m = 0;
    for (;;) {
        const RTCRayHit ray = impl_->intersect(origin, direction, from_m, distance_m);
        if (ray.hit.geomID == RTC_INVALID_GEOMETRY_ID) return true;
        const double u = ray.hit.u, v = ray.hit.v, weight[3] = {1 - u - v, u, v};
        if (!impl_->cut_out(impl_->triangles[ray.hit.primID], weight)) return false;
        from_m = static_cast<double>(ray.ray.tfar) * (1 + 1e-5) + 1e-5;
    }
}

Vec3 TracedScene::sky_seen(const Vec3& direction) const { return impl_->sky.radiance(direction); }

Vec3 TracedScene::sky_light(const Vec3& direction) const {
    // Beside the disc instead of in it.
    constexpr double kBeside_rad = 0.02;
    const Vec3& sun = impl_->sky.sun_direction;
    if (glm::dot(direction, sun) < std::cos(kBeside_rad)) return impl_->sky.radiance(direction);
    Vec3 x, y;
    make_frame(sun, x, y);
    const double angle = std::atan2(glm::dot(direction, y), glm::dot(direction, x));
    return impl_->sky.radiance(
        glm::normalize(sun + (x * std::cos(angle) + y * std::sin(angle)) * std::tan(kBeside_rad)));
}

}  // namespace huntsman::tests::support
