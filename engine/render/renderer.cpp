#include "engine/render/renderer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "engine/core/job_pool.h"
#include "engine/gpu/check.h"
#include "engine/gpu/frame_runner.h"
#include "engine/render/ambient_volume.h"
#include "engine/render/baked_textures.h"
#include "engine/render/contact_map.h"
#include "engine/render/exposure.h"
#include "engine/render/lamp_shadows.h"
#include "engine/render/lights.h"
#include "engine/render/picture_pass.h"
#include "engine/render/picture_textures.h"
#include "engine/render/precipitation.h"
#include "engine/render/probe.h"
#include "engine/render/quality.h"
#include "engine/render/shader_vec.h"
#include "engine/render/shadow_pass.h"
#include "engine/render/shared_pictures.h"
#include "engine/render/sky.h"
#include "engine/render/supersample.h"
#include "engine/render/surface_pipelines.h"

namespace huntsman::engine::render {

using core::Error;
using core::Result;
using core::Status;

namespace {

using Clock = std::chrono::steady_clock;
double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// RGBA words to packed RGB bytes, four pixels to three words.
void write_rgb(std::span<const std::uint32_t> pixels, std::uint8_t* out) {
    std::size_t i = 0;
    for (; i + 4 <= pixels.size(); i += 4, out += 12) {
        const std::uint32_t a = pixels[i], b = pixels[i + 1], c = pixels[i + 2], d = pixels[i + 3];
        const std::uint32_t words[3] = {(a & 0xffffffU) | b << 24, (b >> 8 & 0xffffU) | c << 16,
                                        (c >> 16 & 0xffU) | d << 8};
        std::memcpy(out, words, sizeof words);
    }
    for (; i < pixels.size(); ++i, out += 3) std::memcpy(out, &pixels[i], 3);
}

// From the cameras to where the probe stands: above the roof that carries them.
constexpr math::Vec3 kProbeAbove(0, 0, 1.0);

Error bad_view(const std::string& what) { return Error{.message = "cannot render: " + what}; }

}  // namespace

struct Renderer::Impl {
    QualitySettings settings;
    DeviceReport report;
    Timing timing;
    std::unique_ptr<gpu::Device> own_device;  // none where it is shared
    gpu::Device* device = nullptr;
    std::optional<SharedPictures> shared;
    gpu::FrameRunner runner;
    gpu::FrameGraph graph;  // of the call of render; kept for its memory
    std::optional<ShadowPass> shadows;
    std::optional<LampShadows> lamp_shadows;
    ShadowMaps maps() const { return {shadows->map(), lamp_shadows->map()}; }
    std::optional<PicturePass> picture;
    core::JobPool pool{0};

    // Of the loaded world.
    std::optional<world::World> kept;  // what is needed of it after load
    std::optional<RenderScene> scene;
    GpuScene gpu_scene;
    Sky sky;
    core::TimeUs sky_time_us = 0;    // the moment that the sky was made for
    world::Environment environment;  // of the picture

    // Of the call of render.
    std::vector<double> moments;  // of the views, sorted: seconds after the state
    RenderScene::Placed actors;   // items of each moment
    std::vector<DrawList> lists;
    std::vector<View> drawn;  // the views of the request, then the probe's
    Occluders occluders;
    LightList lights;
    HeightField heights;
    AmbientVolume ambient;
    ContactMap contact;

    std::vector<AutoExposure> exposures;  // by the view's index

    Status prepare(Quality quality);
    Status check(const RenderRequest& request) const;
    Status run_graph(bool time_passes);
    Result<FrameTargets> declare_pictures(std::span<const View> views);
    Status upload_textures();
    Status load(const world::World& world);
    Status make_light(const world::World& world);
    Status warm_up();
    shader::FrameConstants frame_constants(const ShadowFit& fit, const math::Vec3& rig_W) const;
    std::vector<View> with_probe(std::span<const View> views, const math::Vec3& rig_W) const;
    Status draw_and_resolve(const world::State& state, const RenderRequest& request);
    Status resolve(core::TimeUs time_us, const RenderRequest& request);
    void share(const FrameTargets& targets, const RenderRequest& request) {
        if (!shared || !request.picture) return;
        shared->declare(graph, targets.picture, picture->pictures(), picture->layout());
    }
    Status place_records(const world::State& state, std::span<const View> views);
    std::span<const Item> items_of(const View& view) const;
    Status place_figures(std::size_t pictures);
    double lod_error_px(std::size_t view, std::size_t pictures) const {
        // What a mirror shows may be coarser.
        return (view < pictures ? 1 : 6) * settings.lod_error_px;
    }
    Result<gpu::Image> upload_sky() const;
    core::TimeUs picture_time_us = 0;
    std::optional<world::Environment> from_outside;  // that the sky is made of
    Status follow_weather(const world::State& state);
    Status show_sky(const world::Environment& of);
    void read_back(const RenderRequest& request, std::vector<Frame>& out) const;
    ShadowFit fit(const math::Vec3& rig_W) const;
};

Renderer::Renderer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Renderer::~Renderer() = default;
const Timing& Renderer::timing() const { return impl_->timing; }
const DeviceReport& Renderer::device() const { return impl_->report; }
std::uint64_t Renderer::validation_messages() const { return impl_->device->validation_messages(); }

Result<std::unique_ptr<Renderer>> Renderer::create(Quality quality) {
    auto impl = std::make_unique<Impl>();
    HM_TAKE(impl->own_device, gpu::Device::create());
    impl->device = impl->own_device.get();
    HM_TRY(impl->prepare(quality));
    return std::unique_ptr<Renderer>(new Renderer(std::move(impl)));
}

Result<std::unique_ptr<Renderer>> Renderer::create(Quality quality, gpu::Device& shared) {
    auto impl = std::make_unique<Impl>();
    impl->device = &shared;
    impl->shared.emplace();
    HM_TRY(impl->prepare(quality));
    return std::unique_ptr<Renderer>(new Renderer(std::move(impl)));
}

Status Renderer::Impl::prepare(Quality quality) {
    settings = settings_of(quality);
    const gpu::DeviceInfo& info = device->info();
    report = {
        .device = info.name,
        .driver = info.driver,
        .api_version = info.api_version,
        .software = info.software,
        .limits = {{"largest picture side", fmt::format("{}", info.limits.maxImageDimension2D)},
                   {"device memory", fmt::format("{} MiB", info.device_memory_bytes >> 20)},
                   {"multi-draw indirect", info.multi_draw_indirect ? "yes" : "no"},
                   {"shaders write to host memory", info.unified_host_memory ? "yes" : "no"}}};
    HM_TAKE(runner, gpu::FrameRunner::create(*device));
    ShadowPass shadow_pass;
    HM_TAKE(shadow_pass, ShadowPass::create(*device, settings.shadow_map_size));
    shadows = std::move(shadow_pass);
    LampShadows of_lamps;
    HM_TAKE(of_lamps, LampShadows::create(*device));
    lamp_shadows = std::move(of_lamps);
    PicturePass picture_pass;
    HM_TAKE(picture_pass, PicturePass::create(*device, maps(), settings, shared.has_value()));
    picture = std::move(picture_pass);
    HM_TRY(upload_textures());
    HM_TRY(warm_up());
    device->save_pipeline_cache();
    return {};
}

const SharedPicture* Renderer::shared_picture(std::size_t view) const {
    return impl_->shared ? impl_->shared->picture(view) : nullptr;
}

Status Renderer::load(const world::World& world) { return impl_->load(world); }

Status Renderer::Impl::upload_textures() {
    const BakedTextures baked = baked_textures();
    const auto u32 = [](int n) { return static_cast<std::uint32_t>(n); };
    gpu::Image textures;
    HM_TAKE(textures, gpu::upload_image(*device,
                                        {.width = u32(baked.size),
                                         .height = u32(baked.size),
                                         .layers = u32(baked.layers),
                                         .levels = u32(baked.levels),
                                         .array = true},
                                        baked.texels));
    return picture->set_textures(*device, std::move(textures));
}

Status Renderer::Impl::load(const world::World& world) {
    // Keep what later calls need; the geometry goes to the device.
    world::World kept_part;
    kept_part.archetypes = world.archetypes;
    kept_part.objects = world.objects;
    kept_part.environment = world.environment;
    kept_part.weather = world.weather;
    kept_part.size_m = world.size_m;
    kept = std::move(kept_part);
    scene.emplace(world);
    occluders = Occluders(world);
    HM_TAKE(gpu_scene, GpuScene::create(*device, *scene));
    scene->release_geometry();
    if (!scene->pictures().empty()) {
        HM_TAKE(gpu::Image pictures, upload_pictures(*device, scene->pictures()));
        HM_TRY(picture->set_pictures(*device, std::move(pictures)));
    }
    heights = HeightField(world, baked_textures());
    return make_light(world);
}

// Sky and weather of the world's beginning.
Status Renderer::Impl::make_light(const world::World& world) {
    environment = world::environment_at(world, 0);
    from_outside.reset();
    sky_time_us = 0;
    sky = make_sky(environment);
    ambient.reset(sky);
    HM_TAKE(gpu::Image image, upload_sky());
    picture->set_sky(std::move(image));
    shadows->forget();
    exposures.clear();
    return {};
}

Status Renderer::light_with(const Sky& sky) {
    if (!impl_->scene) return bad_view("no world is loaded");
    impl_->sky = sky;
    impl_->ambient.reset(sky);
    HM_TAKE(gpu::Image image, impl_->upload_sky());
    impl_->picture->set_sky(std::move(image));
    impl_->shadows->forget();
    impl_->exposures.clear();
    return {};
}

Status Renderer::relight(const world::World& world) {
    if (!impl_->scene) return bad_view("no world is loaded");
    impl_->kept->environment = world.environment;
    impl_->kept->weather = world.weather;
    return impl_->make_light(world);
}

void Renderer::forget_exposure() { impl_->exposures.clear(); }

// Declares what draws `lists` into the G-buffer and measures its light.
Result<FrameTargets> Renderer::Impl::declare_pictures(std::span<const View> views) {
    graph.clear();
    FrameTargets targets;
    targets.shadow_map = shadows->declare(graph, *device, gpu_scene);
    targets.lamp_shadows = lamp_shadows->declare(graph, *device, gpu_scene);
    picture->declare_targets(graph, targets, false);
    picture->declare_surfaces(graph, targets, *device, gpu_scene, drawn, lists);
    if (drawn.size() > views.size()) {
        const std::span<const View> probe = std::span(drawn).subspan(views.size());
        HM_TRY(picture->declare_probe(graph, targets, *device, probe));
    }
    HM_TRY(picture->declare_meter(graph, targets, *device, views));
    return targets;
}

Status Renderer::Impl::run_graph(bool time_passes) {
    const auto start = Clock::now();
    const auto how = time_passes ? runner.best_timing() : gpu::PassTiming::kNone;
    HM_TAKE(const gpu::FrameTiming frame, runner.run(graph, how));
    timing.record_ms += frame.record_ms;
    timing.gpu_ms += frame.gpu_ms;
    if (!time_passes) return {};
    timing.stages.push_back({"record commands", start, frame.submitted});
    timing.stages.push_back({"submit and wait", frame.submitted, frame.finished});
    timing.passes.insert(timing.passes.end(), frame.passes.begin(), frame.passes.end());
    return {};
}

Result<gpu::Image> Renderer::Impl::upload_sky() const {
    return gpu::upload_image(
        *device, {.width = Sky::kSize, .height = Sky::kRows, .format = VK_FORMAT_R32_UINT},
        std::as_bytes(std::span(sky.texels)));
}

// Weather and sun of the moment. The sky is made anew every few seconds of the run, so that a
// picture depends on its time and not on the pictures before.
Status Renderer::Impl::follow_weather(const world::State& state) {
    if (state.environment) {
        if (from_outside == state.environment) return {};
        environment = *state.environment;
        from_outside = state.environment;
        return show_sky(environment);
    }
    if (kept->weather.constant() && !from_outside) return {};
    constexpr core::TimeUs kSkyPeriod_us = 10 * core::kMicrosPerSecond;
    environment = world::environment_at(*kept, state.time_us);
    const core::TimeUs period = state.time_us / kSkyPeriod_us * kSkyPeriod_us;
    if (period == sky_time_us && !from_outside) return {};
    from_outside.reset();
    sky_time_us = period;
    return show_sky(world::environment_at(*kept, period));
}

Status Renderer::Impl::show_sky(const world::Environment& of) {
    sky = make_sky(of);
    ambient.reset(sky);
    HM_TAKE(gpu::Image image, upload_sky());
    picture->set_sky(std::move(image));
    shadows->forget();
    return {};
}

// Software drivers compile a pipeline at its first draw: draw a triangle with each now, by day.
// They have other variants for sizes that are powers of two, which pictures seldom are.
Status Renderer::Impl::warm_up() {
    world::World triangle;
    triangle.size_m = 1;
    world::MeshLod lod;
    for (const auto& [x, y] : {std::pair(-1.0F, -1.0F), {1.0F, -1.0F}, {0.0F, 1.0F}}) {
        lod.vertices.push_back({{x, y, 5}, {0, 0, -1}, {x, y}, {1, 1, 1}});
    }
    lod.indices = {0, 1, 2};
    lod.submeshes.push_back({.index_count = 3});
    triangle.scene.meshes.push_back(
        {.name = "triangle", .lods = {lod}, .centre = {0, 0, 5}, .radius_m = 2});
    triangle.scene.instances.push_back({.mesh = 0});
    HM_TRY(load(triangle));
    const View view{.width = 80, .height = 48, .fx = 32, .fy = 32, .cx = 40, .cy = 24};
    drawn = with_probe({&view, 1}, {0, 0, 0});
    HM_TRY(picture->set_layout(*device, layout_atlas(drawn, 80, drawn.size() - 1), maps()));
    DrawList list;
    for (std::uint32_t c = 0; c <= static_cast<std::uint32_t>(SurfaceClass::kCount); ++c) {
        list.begin[c] = std::min<std::uint32_t>(c, kPipelineClasses);
        if (c > 0) list.figures[c - 1] = list.begin[c];
    }
    list.commands.assign(kPipelineClasses, {.index_count = 3});
    const ShadowFit shadow_fit = fit({0, 0, 0});
    contact.share.assign(static_cast<std::size_t>(ContactMap::kSize) * ContactMap::kSize, 0);
    HM_TRY(shadows->prepare(*device, shadow_fit, *scene, {}, {}));
    lists.assign(drawn.size(), list);
    HM_TRY(picture->prepare(*device, {.constants = frame_constants(shadow_fit, {0, 0, 0}),
                                      .contact = contact.share,
                                      .lists = lists,
                                      .ambient = ambient.texels,
                                      .ambient_changed = true}));
    ambient.changed = true;
    const double ev = 0;
    for (const PicturePass::Outputs outputs : {PicturePass::Outputs{.ids = true}, {}}) {
        FrameTargets targets;
        HM_TAKE(targets, declare_pictures({&view, 1}));
        HM_TRY(picture->declare_resolve(graph, targets, *device, {&view, 1}, {&ev, 1}, outputs));
        picture->declare_readback(graph, targets, {.outputs = outputs});
        HM_TRY(run_graph(false));
    }
    scene.reset();  // no world is loaded yet
    kept.reset();
    return {};
}

ShadowFit Renderer::Impl::fit(const math::Vec3& rig_W) const {
    // A sun at the horizon would make endless shadows; its light is faint then anyway.
    math::Vec3 sun = sky.sun_direction;
    sun.z = std::max(sun.z, 0.03);
    const double reach = std::max(1000.0, 2.0 * kept->size_m);
    return fit_shadows(glm::normalize(sun), rig_W, settings.shadow_map_size, reach);
}

shader::FrameConstants Renderer::Impl::frame_constants(const ShadowFit& shadow_fit,
                                                       const math::Vec3& rig_W) const {
    shader::FrameConstants c;
    c.sun_direction = vec4_of(sky.sun_direction);
    c.sun_light = vec4_of(sky.sun_light_klx);
    for (std::size_t i = 0; i < 9; ++i) c.irradiance[i] = vec4_of(sky.irradiance[i]);
    // Haze of clear air by turbidity; thick fog takes the colour of the whole sky.
    const double haze = 3.5e-5 * std::max(0.0, environment.turbidity - 1.0);
    const double thick = std::clamp(environment.fog_per_m / 0.01, 0.0, 1.0);
    c.fog = vec4_of(glm::mix(sky.horizon, sky.irradiance[0], 0.6 * thick),
                    environment.fog_per_m + haze);
    // The sky shines through about 1.5 km of the lowest air.
    c.weather.y = static_cast<float>(std::exp(-1500.0 * (environment.fog_per_m + haze)));
    const double falls = environment.rain_mm_h;
    const bool flakes = falls > 0 && environment.snow_cover > 0.5;
    const bool lies = environment.wetness + environment.puddles + environment.snow_cover > 0;
    c.weather.z = lies ? 1.0F : 0.0F;
    c.rain = {static_cast<float>(falls), flakes ? 1.0F : 0.0F,
              static_cast<float>(picture_time_us / 1000 % 65536), 0};
    c.rain_light = vec4_of(sky.irradiance[0]);
    c.fog.w += static_cast<float>(rain_extinction_per_m(falls, flakes));
    c.ambient = vec4_of({rig_W.x, rig_W.y, ambient.base_m}, ambient.scale);
    c.probe = vec4_of(rig_W + kProbeAbove);
    c.light_x = vec4_of(shadow_fit.x);
    c.light_y = vec4_of(shadow_fit.y);
    c.light_z = vec4_of(shadow_fit.z);
    c.light_depth = {static_cast<float>(shadow_fit.depth_scale),
                     static_cast<float>(shadow_fit.depth_offset), 0, 0};
    for (std::size_t i = 0; i < shader::kCascades; ++i) {
        const Cascade& cascade = shadow_fit.cascades[i];
        const double scale = 0.5 / cascade.half_m;
        c.cascades[i] =
            vec4_of({0.5 - cascade.centre.x * scale, 0.5 - cascade.centre.y * scale, scale},
                    cascade.texel_m);
    }
    return c;
}

// The views, and after them those of the probe, where the quality has one.
std::vector<View> Renderer::Impl::with_probe(std::span<const View> views,
                                             const math::Vec3& rig_W) const {
    std::vector<View> all(views.begin(), views.end());
    if (!settings.probe) return all;
    // As things are at the middle of the views' moments.
    const auto probe = probe_views(rig_W + kProbeAbove, views[views.size() / 2].after_s);
    all.insert(all.end(), probe.begin(), probe.end());
    return all;
}

Status Renderer::Impl::check(const RenderRequest& request) const {
    if (!scene) return bad_view("no world is loaded");
    if (request.views.empty() || request.views.size() > kMostViews) {
        return bad_view(fmt::format("{} views were asked for, 1 to {} are possible",
                                    request.views.size(), kMostViews));
    }
    const auto most = static_cast<int>(device->info().limits.maxImageDimension2D);
    for (const View& view : request.views) {
        const bool finite = std::isfinite(view.fx) && std::isfinite(view.fy) &&
                            std::isfinite(view.cx) && std::isfinite(view.cy) &&
                            std::isfinite(view.after_s);
        if (!finite || view.fx <= 0 || view.fy <= 0) {
            return bad_view("a view's focal length or centre is not a positive number");
        }
        if (view.width < 1 || view.height < 1 || view.width > most || view.height > most) {
            return bad_view(fmt::format("{}×{} pixels are outside of 1×1 to {}×{}", view.width,
                                        view.height, most, most));
        }
    }
    const AtlasLayout layout =
        layout_atlas(with_probe(request.views, {0, 0, 0}), static_cast<std::uint32_t>(most));
    if (layout.width > static_cast<std::uint32_t>(most)) {
        return bad_view(fmt::format("{} views, {} pixels in all, exceed what {} can draw at once",
                                    request.views.size(), layout.pixels, report.device));
    }
    return {};
}

// Writes the records that changed since the last call: signals, and actors at each of the views'
// moments.
Status Renderer::Impl::place_records(const world::State& state, std::span<const View> views) {
    const Darkness dark = darkness_of(sky);
    const RenderScene::Range all = scene->set_surroundings(environment, dark.lit_windows);
    RenderScene::Range changed = scene->follow_lamps(state.signals, dark.street_lamps);
    if (all.end > 0) changed = all;
    moments.clear();
    for (const View& view : views) moments.push_back(view.after_s);
    std::sort(moments.begin(), moments.end());
    moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
    actors.items.clear();
    actors.records.clear();
    actors.figures.clear();
    for (const double after_s : moments) scene->place_actors(*kept, state, after_s, actors);
    const auto& fixed = scene->static_records();
    const std::size_t bytes = (fixed.size() + actors.records.size()) * sizeof(shader::GpuDraw);
    const VkBuffer before = gpu_scene.records.handle();
    HM_TRY(reserve_upload(*device, gpu_scene.records, bytes, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT));
    auto* target = gpu_scene.records.mapped<shader::GpuDraw>();
    if (gpu_scene.records.handle() != before) {
        std::copy(fixed.begin(), fixed.end(), target);
    } else {
        std::copy(fixed.begin() + changed.first, fixed.begin() + changed.end,
                  target + changed.first);
    }
    std::copy(actors.records.begin(), actors.records.end(), target + fixed.size());
    return {};
}

std::span<const Item> Renderer::Impl::items_of(const View& view) const {
    const auto at = std::lower_bound(moments.begin(), moments.end(), view.after_s);
    return actors.items[static_cast<std::size_t>(at - moments.begin())];
}

// Skins the figures as finely as the views want them.
Status Renderer::Impl::place_figures(std::size_t pictures) {
    if (actors.figures.empty()) return {};
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        want_levels(drawn[i], lod_error_px(i, pictures), *scene, items_of(drawn[i]),
                    actors.figures);
    }
    const std::size_t count = place_skins(*scene, actors.figures);
    HM_TRY(reserve_upload(*device, gpu_scene.skins, count * sizeof(shader::GpuVertex),
                          VK_BUFFER_USAGE_VERTEX_BUFFER_BIT));
    skin_figures(*scene, actors.figures, pool, gpu_scene.skins.mapped<shader::GpuVertex>());
    return {};
}

Status Renderer::Impl::draw_and_resolve(const world::State& state, const RenderRequest& request) {
    const auto start = Clock::now();
    picture_time_us = state.time_us;
    HM_TRY(follow_weather(state));
    // What is where.
    math::Vec3 rig_W(0);
    for (const View& view : request.views) rig_W += view.X_WC.p;
    rig_W /= static_cast<double>(request.views.size());
    drawn = with_probe(request.views, rig_W);
    HM_TRY(picture->set_layout(*device,
                               layout_atlas(drawn, device->info().limits.maxImageDimension2D,
                                            drawn.size() - request.views.size()),
                               maps()));
    HM_TRY(place_records(state, request.views));
    HM_TRY(place_figures(request.views.size()));
    contact.build(*kept, state, rig_W);
    lists.resize(drawn.size());
    for (std::size_t i = 0; i < lists.size(); ++i) {
        build_draw_list(drawn[i], lod_error_px(i, request.views.size()), *scene, items_of(drawn[i]),
                        actors.figures, occluders, lists[i]);
        timing.triangles += lists[i].triangles;
        timing.draws += lists[i].items;
    }
    const ShadowFit shadow_fit = fit(rig_W);
    // Shadows fall as at the middle of the views' moments.
    HM_TRY(shadows->prepare(*device, shadow_fit, *scene, actors.items[moments.size() / 2],
                            actors.figures));
    ambient.update(heights, sky, rig_W, pool);
    const bool lamps_matter = darkness_of(sky).lamps_matter;
    std::vector<LampView> shadowed;
    if (lamps_matter) {
        lights.build(scene->lit_lamps(), actors.lamps, drawn, rig_W);
        shadowed = choose_shadowed(lights.lights, rig_W);
    }
    HM_TRY(lamp_shadows->prepare(*device, std::move(shadowed), *scene,
                                 actors.items[moments.size() / 2], actors.figures));
    HM_TRY(picture->prepare(*device, {.constants = frame_constants(shadow_fit, rig_W),
                                      .contact = contact.share,
                                      .lists = lists,
                                      .ambient = ambient.texels,
                                      .ambient_changed = std::exchange(ambient.changed, false),
                                      .lights = lamps_matter ? &lights : nullptr}));
    if (request.linear || request.parts) {
        HM_TRY(picture->prepare_linear(*device, maps(), request.parts));
    }

    timing.record_ms = milliseconds_since(start);
    if (request.time_passes) timing.stages.push_back({"cull and sort", start, Clock::now()});
    return resolve(state.time_us, request);
}

// Draws what the lists hold. Exposure follows the picture before; a view without one is metered
// first.
Status Renderer::Impl::resolve(core::TimeUs time_us, const RenderRequest& request) {
    const PicturePass::Outputs outputs{.picture = request.picture,
                                       .ids = request.ids,
                                       .depth = request.depth,
                                       .shape = request.shape,
                                       .linear = request.linear,
                                       .parts = request.parts};
    PicturePass::Outputs to_host = outputs;
    to_host.picture = outputs.picture && request.read_pictures;
    if (shared) {
        shared->clear();
        if (request.picture) HM_TRY(shared->begin(*device, picture->layout()));
    }
    // Without a picture exposure only tells what is an edge.
    const math::Vec3 lit = 0.3 * sky.sun_light_klx / math::kPi + sky.irradiance[0];
    const double about = ev100_of(1e3 * std::max(0.2 * lit.y, 3e-4));
    std::vector<double> ev(request.views.size(), about);
    bool metered = true;
    if (request.picture) {
        exposures.resize(std::max(exposures.size(), ev.size()));
        for (std::size_t i = 0; i < ev.size(); ++i) {
            const auto follows = exposures[i].at(time_us);
            metered = metered && follows;
            ev[i] = follows.value_or(0.0);
        }
    }
    FrameTargets targets;
    HM_TAKE(targets, declare_pictures(request.views));
    if (metered) {
        HM_TRY(picture->declare_resolve(graph, targets, *device, request.views, ev, outputs));
        share(targets, request);
        picture->declare_readback(graph, targets, {.meter = request.picture, .outputs = to_host});
    } else {
        picture->declare_readback(graph, targets, {.outputs = {.picture = false}});
    }
    HM_TRY(run_graph(request.time_passes));
    if (!request.picture) return {};

    // Views without history take what was just measured and are shaded then.
    const auto wanted = [&](std::size_t i) { return wanted_ev100(picture->meter(i)); };
    if (!metered) {
        for (std::size_t i = 0; i < ev.size(); ++i) ev[i] = wanted(i);
        graph.clear();
        targets.shadow_map = graph.add_resource(shadows->finished_map());
        targets.lamp_shadows = graph.add_resource(lamp_shadows->finished_map());
        picture->declare_targets(graph, targets, true);
        HM_TRY(picture->declare_resolve(graph, targets, *device, request.views, ev, outputs));
        share(targets, request);
        picture->declare_readback(graph, targets, {.meter = false, .outputs = to_host});
        HM_TRY(run_graph(request.time_passes));
    }
    for (std::size_t i = 0; i < ev.size(); ++i) {
        exposures[i].keep(ev[i], wanted(i), time_us);
    }
    return {};
}

void Renderer::Impl::read_back(const RenderRequest& request, std::vector<Frame>& out) const {
    const auto take = [](bool wanted, auto from, auto& to) {
        to.clear();
        if (wanted) to.assign(from.begin(), from.end());
    };
    out.resize(request.views.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const AtlasTile& tile = picture->layout().tiles[i];
        Frame& frame = out[i];
        frame.image.width = static_cast<int>(tile.width);
        frame.image.height = static_cast<int>(tile.height);
        frame.image.channels = 3;
        const bool read = request.picture && request.read_pictures;
        frame.image.pixels.resize(read ? 3 * tile.pixels() : 0);
        if (read) write_rgb(picture->pixels(i), frame.image.pixels.data());
        take(request.ids, picture->ids(i), frame.ids);
        take(request.depth, picture->depth(i), frame.depth_m);
        take(request.shape, picture->shape(i), frame.shape);
        frame.parts.clear();
        if (request.parts) take(true, picture->parts(i), frame.parts);
        frame.linear.clear();
        if (request.linear && !request.parts) {
            take(true, picture->linear(i), frame.linear);
        } else if (request.linear) {
            for (const shader::PixelParts& pixel : frame.parts) {
                frame.linear.insert(frame.linear.end(), pixel.radiance, pixel.radiance + 3);
            }
        }
    }
}

Status Renderer::render(const world::State& state, const RenderRequest& request,
                        std::vector<Frame>& out) {
    impl_->timing = {};
    HM_TRY(impl_->check(request));
    RenderRequest wanted = request;
    std::vector<View> fine;
    if (impl_->settings.supersample) {
        for (const View& view : request.views) fine.push_back(doubled(view));
        wanted.views = fine;
        HM_TRY(impl_->check(wanted));
    }
    HM_TRY(impl_->draw_and_resolve(state, wanted));
    const auto start = Clock::now();
    impl_->read_back(wanted, out);
    if (impl_->settings.supersample) {
        impl_->pool.run(out.size(), [&](std::size_t i) { halve(out[i]); });
    }
    impl_->timing.readback_ms = milliseconds_since(start);
    if (request.time_passes) impl_->timing.stages.push_back({"read back", start, Clock::now()});
    return {};
}

}  // namespace huntsman::engine::render
