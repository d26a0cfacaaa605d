#include "bridge/live/view_renderer.h"

#include <algorithm>
#include <cmath>

#include "bridge/live/cameras.h"
#include "bridge/live/scene_key.h"
#include "bridge/report/boxes.h"
#include "engine/render/device_picture.h"

namespace huntsman::bridge::live {

using engine::core::Result;
using engine::core::Status;
using engine::math::RigidTransform;
using engine::world::ActorId;
using engine::world::Camera;
using engine::world::LensModel;
using sensors::overlay::Layer;

namespace {

constexpr double kNear_m = 60;  // views as close as this share their shadows and their call

// A pinhole that sees about what the camera does.
double horizontal_fov_rad(const Camera& camera) {
    constexpr double kWidest_rad = 2.2;  // a pinhole of more shows little in its middle
    const double half_px = 0.5 * camera.width;
    const bool pinhole = camera.lens.model == LensModel::kPinhole;
    const double half = pinhole ? std::atan(half_px / camera.lens.fx) : half_px / camera.lens.fx;
    return std::min(2 * half, kWidest_rad);
}

void make_pinhole(Camera& camera, double fov_rad) {
    camera.lens = {};
    camera.lens.fx = camera.lens.fy = 0.5 * camera.width / std::tan(0.5 * fov_rad);
    camera.lens.cx = 0.5 * camera.width;
    camera.lens.cy = 0.5 * camera.height;
    camera.sensor.clear();
    camera.shutter = {};
    camera.error = {};
}

void resize(Camera& camera, int width, int height) {
    const double across = static_cast<double>(width) / camera.width;
    const double down = static_cast<double>(height) / camera.height;
    camera.lens.fx *= across;
    camera.lens.cx *= across;
    camera.lens.fy *= down;
    camera.lens.cy *= down;
    camera.width = width;
    camera.height = height;
}

int scaled(int size, double scale) {
    constexpr int kSmallest = 16;  // [px]
    return std::max(kSmallest, static_cast<int>(std::lround(size * scale)));
}

engine::render::View view_of(const Viewpoint& at) {
    const auto& lens = at.camera.lens;
    return {.X_WC = at.X_WC,
            .width = at.camera.width,
            .height = at.camera.height,
            .fx = lens.fx,
            .fy = lens.fy,
            .cx = lens.cx,
            .cy = lens.cy};
}

bool wants_labels(const ViewWanted& view) { return !view.layers.empty(); }

}  // namespace

std::optional<Viewpoint> viewpoint_of(const ViewWanted& view, const Moment& moment, double scale) {
    const RigidTransform X_BW = moment.state.actors.front().X_WB.inverse();
    Viewpoint at;
    if (!view.camera) {
        at.X_WC = view.X_WC;
        at.camera.name = "view";
        at.camera.X_BC = X_BW * view.X_WC;
        at.camera.width = scaled(view.width, scale);
        at.camera.height = scaled(view.height, scale);
        make_pinhole(at.camera, view.horizontal_fov_rad);
        return at;
    }
    const auto& cameras = moment.world->rig.cameras;
    if (*view.camera >= cameras.size()) return std::nullopt;
    at.camera = cameras[*view.camera];
    at.X_WC = on_ego(*moment.world, moment.state, *view.camera);
    // Its proportions, within the size that is asked for.
    const double fit = std::min(static_cast<double>(view.width) / at.camera.width,
                                static_cast<double>(view.height) / at.camera.height);
    const double fov = horizontal_fov_rad(at.camera);
    resize(at.camera, scaled(at.camera.width, fit * scale), scaled(at.camera.height, fit * scale));
    if (view.lens) {
        at.camera.error = {};
    } else {
        make_pinhole(at.camera, fov);
    }
    return at;
}

void ViewRenderer::forget() {
    lenses_.clear();
    renderer_.reset();
    world_.reset();
    scene_key_ = light_key_ = 0;
}

void ViewRenderer::use(engine::gpu::Device* shared) {
    forget();
    shared_ = shared;
}

Status ViewRenderer::open() {
    if (renderer_) return {};
    HM_TAKE(renderer_, shared_ != nullptr ? engine::render::Renderer::create(quality_, *shared_)
                                          : engine::render::Renderer::create(quality_));
    return {};
}

// Uploads only what differs from what is there.
Status ViewRenderer::load(const Moment& moment) {
    if (moment.world == world_) return {};
    const std::uint64_t scene = scene_key(*moment.world), light = light_key(*moment.world);
    if (!world_ || scene != scene_key_) {
        world_.reset();  // what an error leaves is nothing to draw with
        HM_TRY(renderer_->load(*moment.world));
        ++loads_;
    } else if (light != light_key_) {
        HM_TRY(renderer_->relight(*moment.world));
    }
    world_ = moment.world;
    scene_key_ = scene;
    light_key_ = light;
    return {};
}

Result<std::vector<std::shared_ptr<ViewPicture>>> ViewRenderer::render(
    const MomentPtr& moment, std::span<const ViewWanted> views, double scale, bool settle) {
    HM_TRY(open());
    HM_TRY(load(*moment));
    std::vector<Work> works(views.size());
    std::vector<Work*> pinholes;
    for (std::size_t i = 0; i < views.size(); ++i) {
        const auto at = viewpoint_of(views[i], *moment, scale);
        if (!at) continue;
        works[i].view = &views[i];
        works[i].at = *at;
        works[i].picture = std::make_shared<ViewPicture>();
        ViewPicture& picture = *works[i].picture;
        picture.id = views[i].id;
        picture.X_WC = at->X_WC;
        picture.camera = at->camera;
        picture.moment = moment;
        if (views[i].lens && views[i].camera) {
            HM_TRY(render_lens(*moment, works[i], settle));
        } else {
            pinholes.push_back(&works[i]);
        }
    }
    // Views that are near each other and show the same actors are drawn at once.
    while (!pinholes.empty()) {
        const Work& first = *pinholes.front();
        const auto others = std::stable_partition(pinholes.begin(), pinholes.end(), [&](Work* w) {
            return w->view->without == first.view->without &&
                   glm::length(w->at.X_WC.p - first.at.X_WC.p) < kNear_m;
        });
        const auto count = static_cast<std::size_t>(others - pinholes.begin());
        HM_TRY(render_pinholes(*moment, std::span(pinholes).first(count), settle));
        pinholes.erase(pinholes.begin(), others);
        settle = true;  // exposures are kept by a view's place in its call
    }
    draw_over(*moment, works);
    std::vector<std::shared_ptr<ViewPicture>> pictures;
    for (Work& work : works) pictures.push_back(std::move(work.picture));
    return pictures;
}

Status ViewRenderer::render_pinholes(const Moment& moment, std::span<Work* const> group,
                                     bool settle) {
    std::vector<engine::render::View> views;
    engine::render::RenderRequest request{.ids = false};
    for (const Work* work : group) {
        views.push_back(view_of(work->at));
        const bool labels = wants_labels(*work->view);
        request.ids = request.ids || work->view->ids || labels;
        request.depth = request.depth || work->view->depth || labels;
        request.shape = request.shape || labels;
    }
    request.views = views;
    const ActorId without = group.front()->view->without;
    engine::world::State changed;
    const engine::world::State* state = &moment.state;
    if (without != engine::world::kNoActor) {
        changed = moment.state;
        if (auto* actor = changed.find(without)) {
            actor->hidden_from =
                static_cast<std::uint8_t>(actor->hidden_from | engine::world::kPictures);
        }
        state = &changed;
    }
    if (settle) renderer_->forget_exposure();
    // What is drawn over pictures is drawn on the host.
    const bool stays = shared_ != nullptr && std::ranges::none_of(group, [](const Work* work) {
                           return wants_labels(*work->view) || work->view->perceived;
                       });
    request.read_pictures = !stays;
    HM_TRY(renderer_->render(*state, request, frames_));
    std::vector<std::shared_ptr<const engine::render::DevicePicture>> kept;
    if (stays) {
        std::vector<const engine::render::SharedPicture*> shared;
        for (std::size_t i = 0; i < group.size(); ++i) {
            shared.push_back(renderer_->shared_picture(i));
        }
        HM_TAKE(kept, engine::render::keep_pictures(*shared_, shared));
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
        Work& work = *group[i];
        engine::render::Frame& frame = frames_[i];
        if (stays) {
            work.picture->on_device = kept[i];
        } else {
            work.picture->image = std::move(frame.image);
        }
        if (wants_labels(*work.view)) {
            work.taken.shot.width = work.at.camera.width;
            work.taken.shot.height = work.at.camera.height;
            work.taken.shot.ids = frame.ids;
            work.taken.shot.depth_m = frame.depth_m;
            work.taken.shot.shape = std::move(frame.shape);
        }
        if (work.view->ids) work.picture->ids = std::move(frame.ids);
        if (work.view->depth) work.picture->depth_m = std::move(frame.depth_m);
    }
    return {};
}

Status ViewRenderer::render_lens(const Moment& moment, Work& work, bool settle) {
    auto& kept = lenses_[work.view->id];
    const Camera& camera = work.at.camera;
    const bool same = kept && kept->rig.cameras.front().name == camera.name &&
                      kept->rig.cameras.front().width == camera.width &&
                      kept->rig.cameras.front().height == camera.height &&
                      kept->rig.cameras.front().lens == camera.lens;
    const auto since_us = kept ? moment.state.time_us - kept->time_us : 0;
    constexpr engine::core::TimeUs kCut_us = 2'000'000;  // of automatic exposure
    int looks = settle ? 2 : 1;                          // of a moment: exposure settles over a few
    if (!same || since_us < 0 || since_us > kCut_us) {
        kept = std::make_unique<Lens>();
        kept->rig = {.name = "view", .cameras = {camera}, .rate_hz = moment.world->rig.rate_hz};
        HM_TAKE(kept->eyes, sensors::eyes::Eyes::create(kept->rig, moment.world->seed, pool_));
        looks = 3;
    }
    if (camera.sensor.empty()) looks = 1;
    kept->rig.cameras.front().X_BC = camera.X_BC;
    kept->time_us = moment.state.time_us;
    const bool labels = wants_labels(*work.view) || work.view->depth;
    for (int i = 0; i < looks; ++i) {
        HM_TAKE(auto taken,
                kept->eyes->look(*renderer_, *moment.world, moment.state,
                                 {.ids = work.view->ids || labels, .labels = labels, .all = true}));
        if (taken.empty()) continue;  // the sensor dropped it
        work.taken = std::move(taken.front().picture);
    }
    work.picture->image = work.taken.image;
    if (work.view->ids) work.picture->ids = work.taken.shot.ids;
    if (work.view->depth) work.picture->depth_m = work.taken.shot.depth_m;
    return {};
}

// Labels and what the driver perceived, over the pictures.
void ViewRenderer::draw_over(const Moment& moment, std::span<Work> works) {
    for (Work& work : works) {
        if (!work.picture || work.picture->image.pixels.empty()) continue;
        ViewPicture& picture = *work.picture;
        if (wants_labels(*work.view)) {
            if (labelled_ != moment.world) {
                labeller_.reset();
                map_ = std::make_unique<engine::road::RoadMap>(*moment.world);
                sensors::labels::LabelOptions options{.flow = false, .birds_eye = false};
                options.lod_error_px = engine::render::lod_error_px(quality_);
                if (moment.profiles) options.profiles = *moment.profiles;
                labeller_ = std::make_unique<sensors::labels::Labeller>(*moment.world, *map_, pool_,
                                                                        options);
                labelled_ = moment.world;
            }
            sensors::labels::Moment labelled{.scene = {},
                                             .frame = moment.frame,
                                             .state = moment.state,
                                             .pictures = {},
                                             .lidar = {}};
            work.taken.camera = work.taken.stated = work.at.camera;
            labelled.pictures.push_back(std::move(work.taken));
            labeller_->add(std::move(labelled));
            for (const auto& sample : labeller_->finish()) {
                std::vector<Layer> lines;
                for (const Layer layer : work.view->layers) {
                    if (!sensors::overlay::is_dense(layer)) {
                        lines.push_back(layer);
                        continue;
                    }
                    sensors::overlay::blend(
                        picture.image,
                        sensors::overlay::draw_layer(sample, sample.cameras.front(), layer),
                        work.view->opacity);
                }
                if (lines.empty()) continue;
                sensors::overlay::blend(
                    picture.image,
                    sensors::overlay::draw_lines(sample, sample.cameras.front(), lines), 1.0);
            }
        }
        if (!work.view->perceived) continue;
        constexpr double kShownScore = 0.3;
        constexpr sensors::encode::Rgb kThing{255, 170, 0}, kPerson{255, 90, 200};
        for (const auto& object : moment.perceived().objects()) {
            if (object.score() < kShownScore) continue;
            const bool person = object.object_class() == messages::OBJECT_PEDESTRIAN;
            report::draw_box(picture.image, picture.camera, 1.0, object, person ? kPerson : kThing);
        }
    }
}

}  // namespace huntsman::bridge::live
