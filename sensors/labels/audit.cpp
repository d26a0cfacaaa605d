#include "sensors/labels/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "engine/core/array_view.h"
#include "engine/math/geometry.h"
#include "sensors/capture/plan.h"
#include "sensors/labels/minds.h"
#include "sensors/lens/model.h"

namespace huntsman::sensors::labels {

using engine::core::ArrayView;

namespace {

constexpr std::size_t kMostOfARule = 20;  // per sample and camera; the rest says nothing new

constexpr double kEdge_px = 2;  // by which masks and projections may differ

ArrayView<const std::uint32_t> ids_of(const CameraSample& camera) {
    return {camera.ids, std::size_t(camera.camera.height), std::size_t(camera.camera.width)};
}
ArrayView<const float> depth_of(const CameraSample& camera) {
    return {camera.depth_m, std::size_t(camera.camera.height), std::size_t(camera.camera.width)};
}
// Two numbers per pixel.
Vec2 flow_at(const CameraSample& camera, const std::vector<float>& flow, int x, int y) {
    const ArrayView<const float> view(flow, camera.camera.height,
                                      2 * std::size_t(camera.camera.width));
    return {static_cast<double>(view(y, 2 * std::size_t(x))),
            static_cast<double>(view(y, 2 * std::size_t(x) + 1))};
}

class Auditor {
  public:
    explicit Auditor(const Sample& sample) : sample_(sample) {}

    void sample_rules();
    void mind_rules(const ObjectLabel& object);
    void lidar_rules();
    void camera_rules(const CameraSample& camera);
    void flow_rules(const CameraSample& camera, const Sample& next);
    std::vector<Violation> violations;

  private:
    template <typename... Args>
    void fail(const char* rule, const std::string& camera, fmt::format_string<Args...> text,
              Args&&... args) {
        const auto same = std::count_if(violations.begin(), violations.end(), [&](const auto& v) {
            return v.rule == rule && v.camera == camera;
        });
        if (static_cast<std::size_t>(same) >= kMostOfARule) return;
        violations.push_back({rule, camera, fmt::format(text, std::forward<Args>(args)...)});
    }
    void belief_rules(const ObjectLabel& object, const BeliefLabel& belief);
    bool shapes(const CameraSample& camera);
    void masks(const CameraSample& camera);
    void points(const CameraSample& camera);
    void boxes(const CameraSample& camera);
    bool silhouette(const CameraSample& camera, const ObjectInCamera& object);
    void projection(const CameraSample& camera, const lens::Model& lens,
                    const ObjectInCamera& object, const ObjectLabel& label);
    // The pixel's point in W at its own moment, and that moment.
    Vec3 point_W(const CameraSample& camera, const lens::Model& lens, int x, int y,
                 double& time_s) const;
    RigidTransform pose_at(const CameraSample& camera, double time_s) const;

    const Sample& sample_;
};

RigidTransform Auditor::pose_at(const CameraSample& camera, double time_s) const {
    const auto& ego = sample_.ego;
    const Vec3 w_W = ego.X_WB.rotate(ego.w_B);
    const Vec3 v_W = ego.X_WB.rotate(ego.v_B) + glm::cross(w_W, camera.X_WC.p - ego.X_WB.p);
    RigidTransform X = camera.X_WC;
    X.p += v_W * time_s;
    const double rate = glm::length(w_W);
    if (rate > 0) {
        const Vec3 axis = w_W / rate * std::sin(0.5 * rate * time_s);
        X.q = engine::math::Quat(std::cos(0.5 * rate * time_s), axis.x, axis.y, axis.z) * X.q;
    }
    return X;
}

Vec3 Auditor::point_W(const CameraSample& camera, const lens::Model& lens, int x, int y,
                      double& time_s) const {
    Vec3 ray;
    time_s = 0;
    if (!lens::unproject(lens, Vec2(x + 0.5, y + 0.5), ray)) return Vec3(NAN);
    const auto readout = camera.camera.shutter.readout;
    time_s = capture::line_time_s(camera.camera, capture::line_of(readout, x, y));
    const auto depth = static_cast<double>(depth_of(camera)(y, x));
    const Vec3 p_C = ray * (lens::depth_along_z(camera.camera.lens) ? depth / ray.z : depth);
    return pose_at(camera, time_s) * p_C;
}

bool Auditor::shapes(const CameraSample& camera) {
    const std::string& name = camera.camera.name;
    const std::size_t pixels = static_cast<std::size_t>(std::max(0, camera.camera.width)) *
                               static_cast<std::size_t>(std::max(0, camera.camera.height));
    bool good = true;
    const auto expect = [&](const char* what, std::size_t has, std::size_t per_pixel) {
        if (has == 0 || has == per_pixel * pixels) return;
        fail("shapes", name, "{} has {} numbers, expected {}", what, has, per_pixel * pixels);
        good = false;
    };
    expect("ids", camera.ids.size(), 1);
    expect("depth", camera.depth_m.size(), 1);
    expect("normals", camera.normals_C.size(), 3);
    expect("forward flow", camera.flow_next.size(), 2);
    expect("backward flow", camera.flow_previous.size(), 2);
    expect("raw", camera.raw.size(), 1);
    expect("linear", camera.linear.size(), 3);
    if (!camera.image.pixels.empty() && (camera.image.width != camera.camera.width ||
                                         camera.image.height != camera.camera.height)) {
        fail("shapes", name, "the picture is {}×{}, the camera {}×{}", camera.image.width,
             camera.image.height, camera.camera.width, camera.camera.height);
        good = false;
    }
    for (std::size_t i = 0; i < camera.depth_m.size() && good; ++i) {
        if (camera.depth_m[i] > 0) continue;
        fail("shapes", name, "the depth of pixel {} is {}, expected above 0", i, camera.depth_m[i]);
        break;
    }
    for (std::size_t i = 0; i + 2 < camera.normals_C.size() && good; i += 3) {
        const float* n = camera.normals_C.data() + i;
        const double length =
            std::sqrt(static_cast<double>(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]));
        if (length == 0 || std::abs(length - 1) < 1e-3) continue;
        fail("normals", name, "the normal of pixel {} has length {}", i / 3, length);
        break;
    }
    return good;
}

// Visible pixels and boxes from the id buffer, and identities.
void Auditor::masks(const CameraSample& camera) {
    struct Count {
        std::uint32_t pixels = 0;
        PixelBox box{1 << 30, 1 << 30, -1, -1};
        engine::world::Semantic semantic = engine::world::Semantic::kNothing;
        int x = 0, y = 0;
    };
    const lens::Model lens(camera.camera.lens);
    std::map<ActorId, Count> counts;
    const ArrayView<const std::uint32_t> ids = ids_of(camera);
    std::uint32_t last_word = 0;
    Count* last = nullptr;
    for (int y = 0; y < camera.camera.height; ++y) {
        for (int x = 0; x < camera.camera.width; ++x) {
            const std::uint32_t word = ids(y, x);
            const ActorId id = engine::world::actor_of(word);
            if (id == engine::world::kNoActor) continue;
            if (word != last_word || last == nullptr) {
                last_word = word;
                last = &counts[id];
            }
            if (last->pixels == 0) {
                last->x = x;
                last->y = y;
            }
            if (last->semantic == engine::world::Semantic::kNothing) {
                last->semantic = engine::world::semantic_of(word);
            }
            ++last->pixels;
            last->box = {std::min(last->box.x0, x), std::min(last->box.y0, y),
                         std::max(last->box.x1, x + 1), std::max(last->box.y1, y + 1)};
        }
    }
    const std::string& name = camera.camera.name;
    for (const ObjectInCamera& object : camera.objects) {
        const auto found = counts.find(object.id);
        const std::uint32_t pixels = found == counts.end() ? 0 : found->second.pixels;
        if (pixels != object.visible_px) {
            fail("visible_mask", name, "object {} has {} visible pixels, its mask {}", object.id,
                 object.visible_px, pixels);
        } else if (pixels > 0 && !(found->second.box == object.visible)) {
            const PixelBox &a = object.visible, &b = found->second.box;
            fail("visible_mask", name,
                 "the visible box of object {} is [{} {} {} {}], that of its mask [{} {} {} {}]",
                 object.id, a.x0, a.y0, a.x1, a.y1, b.x0, b.y0, b.x1, b.y1);
        }
    }
    for (const auto& [id, count] : counts) {
        if (id == engine::world::kEgo) continue;
        const ObjectLabel* label = sample_.find(id);
        const bool user = engine::world::is_actor(count.semantic);
        if (label == nullptr) {
            if (!user || camera.depth_m.empty()) continue;
            // Beyond the labelled range there is no label.
            double time = 0;
            const Vec3 p = point_W(camera, lens, count.x, count.y, time);
            const double away = std::hypot(p.x - sample_.ego.X_WB.p.x, p.y - sample_.ego.X_WB.p.y);
            constexpr double kLongest_m = 12;
            if (away + kLongest_m > sample_.box_range_m) continue;
            fail("identity", name, "{} pixels show {} {} that no label names, {:.1f} m away",
                 count.pixels, engine::world::name(count.semantic), id, away);
        } else if (user && label->semantic != count.semantic) {
            fail("identity", name, "object {} is a {}, its pixels show a {}", id,
                 engine::world::name(label->semantic), engine::world::name(count.semantic));
        } else if (camera.find(id) == nullptr) {
            fail("identity", name, "{} pixels show object {}, which the camera does not list",
                 count.pixels, id);
        }
    }
}

// Points of visible pixels against 3D boxes.
void Auditor::points(const CameraSample& camera) {
    constexpr double kSlack_m = 0.05, kSlackShare = 0.005;
    const ArrayView<const std::uint32_t> ids = ids_of(camera);
    const ArrayView<const float> depth_m = depth_of(camera);
    const lens::Model lens(camera.camera.lens);
    for (const ObjectInCamera& object : camera.objects) {
        const ObjectLabel* label = sample_.find(object.id);
        if (label == nullptr || object.visible.empty()) continue;
        const RigidTransform X_OW = label->X_WO.inverse();
        // About a hundred points of each.
        const int step = std::max(1, static_cast<int>(std::sqrt(object.visible_px / 100.0)));
        std::uint32_t outside = 0, checked = 0;
        double worst = 0;
        std::pair<int, int> at;  // of the worst
        for (int y = object.visible.y0; y < object.visible.y1; y += step) {
            for (int x = object.visible.x0; x < object.visible.x1; x += step) {
                if (engine::world::actor_of(ids(y, x)) != object.id) continue;
                double time = 0;
                const Vec3 p_W = point_W(camera, lens, x, y, time);
                // Where the body was when this line was exposed.
                const Vec3 then_W = label->v_W + glm::cross(label->w_W, p_W - label->X_WO.p);
                const Vec3 p_O = X_OW * (p_W - time * then_W);
                const Vec3 over = glm::abs(p_O) - 0.5 * label->size_m;
                const double out = std::max({over.x, over.y, over.z});
                ++checked;
                if (out > kSlack_m + kSlackShare * static_cast<double>(depth_m(y, x))) {
                    ++outside;
                    if (out > worst) {
                        worst = out;
                        at = {x, y};
                    }
                }
            }
        }
        // A rasteriser extrapolates the depth of slivers: one point in a hundred may stray.
        if (outside > 1 + checked / 100) {
            fail("inside_box", camera.camera.name,
                 "{} of {} points of object {} ({}) lie outside of its box, by up to {:.2f} m at "
                 "pixel ({}, {})",
                 outside, checked, object.id, label->kind, worst, at.first, at.second);
        }
    }
}

// Sizes of masks and their boxes against each other, and key points. Whether there is a silhouette.
bool Auditor::silhouette(const CameraSample& camera, const ObjectInCamera& object) {
    const std::string& name = camera.camera.name;
    const PixelBox &v = object.visible, &a = object.amodal;
    if (a.empty() || object.amodal_inside_px == 0) {
        fail("amodal", name, "object {} has no amodal pixel", object.id);
        return false;
    }
    if (!v.empty() && (v.x0 < a.x0 || v.y0 < a.y0 || v.x1 > a.x1 || v.y1 > a.y1)) {
        fail("amodal", name, "the visible box of object {} leaves its amodal box", object.id);
    }
    if (object.visible_px > object.amodal_inside_px || object.amodal_inside_px > object.amodal_px) {
        fail("amodal", name, "object {} has {} visible, {} amodal pixels inside, {} in all",
             object.id, object.visible_px, object.amodal_inside_px, object.amodal_px);
    }
    for (std::size_t k = 0; k < kKeypoints && object.has_keypoints; ++k) {
        const Keypoint& point = object.keypoints[k];
        if (point.seen != Seen::kVisible) continue;
        if (point.pixel.x < a.x0 - kEdge_px || point.pixel.x > a.x1 + kEdge_px ||
            point.pixel.y < a.y0 - kEdge_px || point.pixel.y > a.y1 + kEdge_px ||
            point.pixel.x < 0 || point.pixel.y < 0 || point.pixel.x > camera.camera.width ||
            point.pixel.y > camera.camera.height) {
            fail("key_points", name, "the {} of person {} at ({:.1f}, {:.1f}) lies outside",
                 kKeypointNames[k], object.id, point.pixel.x, point.pixel.y);
        }
    }
    return true;
}

namespace {

// The rectangle around a projected 3D box.
struct ProjectedBox {
    double x0 = 1e30, y0 = 1e30, x1 = -1e30, y1 = -1e30;
    double width() const { return x1 - x0; }
    double height() const { return y1 - y0; }
};

// Nothing where a part of the box is not before the camera.
std::optional<ProjectedBox> project_box(const lens::Model& lens, const RigidTransform& X_CO,
                                        const Vec3& size_m) {
    ProjectedBox box;
    // Edges bend in wide lenses: points along them too.
    constexpr int kSteps = 8;
    for (unsigned corner = 0; corner < 8; ++corner) {
        for (int axis = 0; axis < 3; ++axis) {
            for (int s = 0; s <= kSteps; ++s) {
                Vec3 p(corner & 1U ? 0.5 : -0.5, corner & 2U ? 0.5 : -0.5,
                       corner & 4U ? 0.5 : -0.5);
                p[axis] = -0.5 + static_cast<double>(s) / kSteps;
                const Vec3 p_C = X_CO * (p * size_m);
                Vec2 pixel;
                if (!(p_C.z > 0.3 && lens::project(lens, p_C, pixel))) return std::nullopt;
                box.x0 = std::min(box.x0, pixel.x);
                box.x1 = std::max(box.x1, pixel.x);
                box.y0 = std::min(box.y0, pixel.y);
                box.y1 = std::max(box.y1, pixel.y);
            }
        }
    }
    return box;
}

}  // namespace

// An amodal mask against the projected 3D box.
void Auditor::projection(const CameraSample& camera, const lens::Model& lens,
                         const ObjectInCamera& object, const ObjectLabel& label) {
    // While lines are read one after another, things move against the box.
    if (camera.camera.shutter.readout != engine::world::Readout::kGlobal) return;
    const auto box = project_box(lens, camera.X_WC.inverse() * label.X_WO, label.size_m);
    const double width = camera.camera.width, height = camera.camera.height;
    if (!box || box->x0 < -width || box->y0 < -height || box->x1 > 2 * width ||
        box->y1 > 2 * height) {
        return;
    }
    const PixelBox& a = object.amodal;
    if (a.x0 < box->x0 - kEdge_px || a.y0 < box->y0 - kEdge_px || a.x1 > box->x1 + kEdge_px ||
        a.y1 > box->y1 + kEdge_px) {
        fail("box_to_mask", camera.camera.name,
             "the silhouette [{} {} {} {}] of object {} ({}) leaves its projected box [{:.1f} "
             "{:.1f} {:.1f} {:.1f}]",
             a.x0, a.y0, a.x1, a.y1, object.id, label.kind, box->x0, box->y0, box->x1, box->y1);
    }
    // Levels of detail take a pixel or two from each side of what is far.
    constexpr double kSmallest_px = 10;
    if (box->width() < kSmallest_px || box->height() < kSmallest_px) return;
    const double filled = (a.width() + 1.0) * (a.height() + 1.0);
    const double area = box->width() * box->height();
    if (filled < 0.2 * area) {
        fail("box_to_mask", camera.camera.name,
             "the silhouette of object {} ({}) fills {:.0f} % of its box", object.id, label.kind,
             100 * filled / area);
    }
}

void Auditor::boxes(const CameraSample& camera) {
    const lens::Model lens(camera.camera.lens);
    for (const ObjectInCamera& object : camera.objects) {
        if (!silhouette(camera, object)) continue;
        const ObjectLabel* label = sample_.find(object.id);
        if (label == nullptr) {
            fail("identity", camera.camera.name,
                 "the camera lists object {}, which the sample does not", object.id);
            continue;
        }
        projection(camera, lens, object, *label);
    }
}

void Auditor::camera_rules(const CameraSample& camera) {
    if (!shapes(camera)) return;
    const std::string& name = camera.camera.name;
    if (camera.time_us != sample_.time_us) {
        fail("one_state", name, "its time is {} us, the sample's {} us", camera.time_us,
             sample_.time_us);
    }
    const RigidTransform X_WC = sample_.ego.X_WB * camera.camera.X_BC;
    const double apart = glm::length(X_WC.p - camera.X_WC.p);
    const double turned = 1 - std::abs(glm::dot(X_WC.q, camera.X_WC.q));
    if (!(apart < 1e-6 && turned < 1e-9)) {
        fail("one_state", name, "it is {:.3f} m from where the ego carries it", apart);
    }
    if (!camera.ids.empty()) masks(camera);
    if (!camera.ids.empty() && !camera.depth_m.empty()) points(camera);
    boxes(camera);
}

void Auditor::flow_rules(const CameraSample& camera, const Sample& next) {
    const CameraSample* later = nullptr;
    for (const CameraSample& c : next.cameras) {
        if (c.camera.name == camera.camera.name) later = &c;
    }
    if (later == nullptr || camera.flow_next.empty() || camera.depth_m.empty()) return;
    if (camera.ids.empty() || later->ids.empty() || later->depth_m.empty() ||
        later->ids.size() != camera.ids.size() || later->depth_m.size() != camera.ids.size()) {
        return;
    }
    const bool rolling = camera.camera.shutter.readout != engine::world::Readout::kGlobal;
    const RigidTransform X_CW1 = later->X_WC.inverse();
    const lens::Model lens(camera.camera.lens), later_lens(later->camera.lens);
    const int width = camera.camera.width, height = camera.camera.height;
    const auto ids = ids_of(camera);
    const auto depth_m = depth_of(camera);
    const ArrayView<const std::uint32_t> later_ids(later->ids, height, width);
    const ArrayView<const float> later_depth_m(later->depth_m, height, width);
    constexpr int kStep = 7;
    std::uint32_t wrong = 0, wrong_back = 0, checked = 0;
    double worst = 0, worst_back = 0;
    for (int y = 3; y < height; y += kStep) {
        for (int x = 3; x < width; x += kStep) {
            const Vec2 flow = flow_at(camera, camera.flow_next, x, y);
            if (!std::isfinite(flow.x + flow.y)) continue;
            ++checked;
            const Vec2 target = Vec2(x + 0.5, y + 0.5) + flow;
            const ActorId id = engine::world::actor_of(ids(y, x));
            const bool fixed =
                id == engine::world::kNoActor || id >= engine::world::kFirstStaticObject;
            if (fixed && !rolling && std::isfinite(depth_m(y, x))) {
                double time = 0;
                Vec2 pixel;
                const Vec3 p_W = point_W(camera, lens, x, y, time);
                if (lens::project(later_lens, X_CW1 * p_W, pixel)) {
                    const double off = glm::length(pixel - target);
                    worst = std::max(worst, off);
                    wrong += off > 0.1 + 0.005 * glm::length(flow);
                }
            }
            // There and back again.
            const int tx = static_cast<int>(std::floor(target.x));
            const int ty = static_cast<int>(std::floor(target.y));
            if (tx < 0 || ty < 0 || tx >= width || ty >= height) {
                // Files round flow to 1/64 px.
                constexpr double kRounded_px = 0.02;
                wrong += target.x < -kRounded_px || target.y < -kRounded_px ||
                         target.x > width + kRounded_px || target.y > height + kRounded_px;
                continue;
            }
            if (later->flow_previous.size() != camera.flow_next.size()) continue;
            if (engine::world::actor_of(later_ids(ty, tx)) != id) continue;
            const Vec2 back = flow_at(camera, later->flow_previous, tx, ty);
            if (!std::isfinite(back.x + back.y)) continue;
            const Vec2 round = Vec2(tx + 0.5, ty + 0.5) + back - Vec2(x + 0.5, y + 0.5);
            // A pixel's half is more in the other picture where things grow: as much as flow
            // changes from pixel to pixel, and at edges of depth.
            const double off = glm::length(round);
            const bool edge = std::abs(static_cast<double>(later_depth_m(ty, tx)) /
                                           std::max(0.01F, depth_m(y, x)) -
                                       1) > 0.25;
            if (edge) continue;
            worst_back = std::max(worst_back, off);
            wrong_back += off > 1.5 + 0.35 * glm::length(flow);
        }
    }
    if (wrong > 0) {
        fail("flow", camera.camera.name,
             "{} of {} points do not flow as depth and motion say, by up to {:.2f} px", wrong,
             checked, worst);
    }
    // Thin things hide each other between the two pictures.
    if (wrong_back * 50 > checked) {
        fail("flow", camera.camera.name,
             "{} of {} points do not flow back to where they came from, by up to {:.2f} px",
             wrong_back, checked, worst_back);
    }
}

void Auditor::sample_rules() {
    for (std::size_t i = 0; i < sample_.objects.size(); ++i) {
        const ObjectLabel& o = sample_.objects[i];
        if (i > 0 && sample_.objects[i - 1].id >= o.id) {
            fail("order", "", "object {} follows object {}", o.id, sample_.objects[i - 1].id);
        }
        if (!(o.size_m.x > 0.05 && o.size_m.y > 0.05 && o.size_m.z > 0.05 && o.size_m.x < 40 &&
              o.size_m.y < 10 && o.size_m.z < 10)) {
            fail("extent", "", "object {} ({}) measures {:.3f} × {:.3f} × {:.3f} m", o.id, o.kind,
                 o.size_m.x, o.size_m.y, o.size_m.z);
        }
        if (!std::isfinite(glm::length(o.X_WO.p) + glm::length(o.v_W))) {
            fail("extent", "", "object {} has no finite place or speed", o.id);
        }
        std::uint64_t visible = 0, amodal = 0;
        bool counted = false;
        for (const CameraSample& camera : sample_.cameras) {
            counted = counted || !camera.objects.empty();
            if (const ObjectInCamera* in = camera.find(o.id)) {
                visible += in->visible_px;
                amodal += in->amodal_inside_px;
            }
        }
        if (counted && (visible != o.visible_px || amodal != o.amodal_px)) {
            fail("order", "", "object {} sums {} of {} pixels, its cameras {} of {}", o.id,
                 o.visible_px, o.amodal_px, visible, amodal);
        }
        if (o.has_mind) mind_rules(o);
    }
    const BirdsEye& b = sample_.birds_eye;
    const auto cells = static_cast<std::size_t>(std::max(0, b.cells)) *
                       static_cast<std::size_t>(std::max(0, b.cells));
    if (!b.occupied.empty()) {
        if (b.occupied.size() != cells || b.drivable.size() != cells || b.seen.size() != cells ||
            b.seen_occupied.size() != cells) {
            fail("birds_eye", "", "its layers do not have {} cells each", cells);
        } else {
            for (std::size_t i = 0; i < cells; ++i) {
                if (b.seen_occupied[i] == 0 || (b.occupied[i] != 0 && b.seen[i] != 0)) continue;
                fail("birds_eye", "", "cell {} is seen to be occupied and is not", i);
                break;
            }
        }
    }
    // Signals and what they govern.
    if (!sample_.lanes.empty()) {
        std::set<engine::world::LaneId> lanes;
        for (const LaneLabel& lane : sample_.lanes) lanes.insert(lane.lane);
        for (const SignalLabel& signal : sample_.signals) {
            for (const auto lane : signal.governs) {
                if (lanes.contains(lane)) continue;
                fail("signals", "", "signal head {} governs lane {}, which is not listed",
                     signal.head, lane);
            }
        }
    }
    lidar_rules();
}

// What is true of a mind, and that its beliefs are about the road users of the sample.
void Auditor::mind_rules(const ObjectLabel& object) {
    const MindLabel& mind = object.mind;
    const auto share = [&](double value, const char* what) {
        if (value >= 0 && value <= 1) return;
        fail("minds", "", "object {}: the probability {} is {}, not within 0..1", object.id, what,
             value);
    };
    if (mind.goes) share(*mind.goes, "that it goes");
    if (!(std::abs(glm::length(mind.gaze_W) - 1) < 1e-6)) {
        fail("minds", "", "object {}: its gaze has the length {}", object.id,
             glm::length(mind.gaze_W));
    }
    for (const ActorId other : mind.seen) {
        if (other == object.id) fail("minds", "", "object {} sees itself", object.id);
        if (other == engine::world::kEgo || sample_.find(other) != nullptr) continue;
        fail("minds", "", "object {} sees {}, which has no label", object.id, other);
    }
    if (mind.has_seen_ego != mind.believed_ego.has_value() ||
        (mind.believed_ego_mind && !mind.believed_ego)) {
        fail("minds", "", "object {} believes something of an ego that it has not seen, or nothing",
             object.id);
    }
    if (mind.believed_ego) {
        belief_rules(object, *mind.believed_ego);
        if (mind.believed_ego->id != engine::world::kEgo || !mind.believed_ego->error_m) {
            fail("minds", "", "object {}: its belief about the ego is about {}", object.id,
                 mind.believed_ego->id);
        }
    }
    if (mind.believed_ego_mind) {
        share(mind.believed_ego_mind->has_seen_me, "that the ego has seen it");
        share(mind.believed_ego_mind->goal_probability, "of the ego's goal");
    }
    ActorId before = engine::world::kEgo;  // which is not among them
    for (const BeliefLabel& belief : mind.wrong_beliefs) {
        belief_rules(object, belief);
        if (belief.id <= before || belief.id == object.id) {
            fail("minds", "", "object {}: its belief about {} follows that about {}", object.id,
                 belief.id, before);
        }
        before = belief.id;
        if (!is_wrong(belief)) {
            fail("minds", "", "object {}: its belief about {} is listed as wrong and is not",
                 object.id, belief.id);
        }
    }
}

// A belief's numbers, and its error against where the sample has whom it is about.
void Auditor::belief_rules(const ObjectLabel& object, const BeliefLabel& belief) {
    if (!(belief.exists >= 0 && belief.exists <= 1 && belief.place_sd_m >= 0 &&
          belief.speed_sd_mps >= 0 && belief.unseen_s >= 0)) {
        fail("minds", "", "object {}: its belief about {} has impossible numbers", object.id,
             belief.id);
        return;
    }
    const ObjectLabel* other = sample_.find(belief.id);
    if (!belief.error_m) {
        if (other == nullptr) return;
        fail("minds", "", "object {} believes in {} as in one who is gone, but it is there",
             object.id, belief.id);
        return;
    }
    const auto off = [&](const Vec3& p_W) {
        return glm::length(engine::math::xy(belief.p_W - p_W));
    };
    // Boxes are labelled by their centre, beliefs are about the body's origin within it.
    constexpr double kLongest_m = 12;
    double slack = 1e-3, error = *belief.error_m;
    if (belief.id == engine::world::kEgo) {
        error = off(sample_.ego.X_WB.p);
    } else if (other != nullptr) {
        error = off(other->X_WO.p);
        // The origin of who has been knocked over lies beside the centre by half of the height.
        const Vec3 up_W = other->X_WO.rotate(Vec3(0, 0, 1));
        slack += 0.5 * glm::length(engine::math::xy(other->size_m)) +
                 0.5 * glm::length(engine::math::xy(up_W)) * other->size_m.z;
    } else if (off(sample_.ego.X_WB.p) + *belief.error_m + kLongest_m < sample_.box_range_m) {
        fail("minds", "", "object {} believes in {}, which has no label", object.id, belief.id);
    }
    if (!(std::abs(error - *belief.error_m) <= slack)) {
        fail("minds", "", "object {}: its belief about {} is off by {:.3f} m, not by {:.3f} m",
             object.id, belief.id, error, *belief.error_m);
    }
}

// Points against the objects that they hit, where they tell them.
void Auditor::lidar_rules() {
    std::map<ActorId, std::uint32_t> counts;
    bool nameless = false;
    for (std::size_t i = 0; i < sample_.lidar.points.size(); ++i) {
        const LidarPoint& p = sample_.lidar.points[i];
        if (!std::isfinite(p.x + p.y + p.z + p.intensity)) {
            fail("lidar", "", "point {} is not finite", i);
        }
        const ActorId id = engine::world::actor_of(p.id);
        const auto semantic = engine::world::semantic_of(p.id);
        if (!engine::world::is_actor(semantic)) continue;
        if (id == engine::world::kNoActor) {
            nameless = true;
            continue;
        }
        ++counts[id];
        const ObjectLabel* label = sample_.find(id);
        constexpr double kLongest_m = 12;
        if (label == nullptr &&
            std::hypot(static_cast<double>(p.x), static_cast<double>(p.y)) + kLongest_m <
                sample_.box_range_m) {
            fail("lidar", "", "point {} hits {} {}, which has no label", i,
                 engine::world::name(semantic), id);
        } else if (label != nullptr && label->semantic != semantic) {
            fail("lidar", "", "point {} hits a {}, object {} is a {}", i,
                 engine::world::name(semantic), id, engine::world::name(label->semantic));
        }
    }
    // Formats that tell the objects of no points, or not of all, cannot be counted.
    if (counts.empty() || nameless) return;
    for (const ObjectLabel& o : sample_.objects) {
        const auto found = counts.find(o.id);
        const std::uint32_t points = found == counts.end() ? 0 : found->second;
        if (points != o.lidar_points) {
            fail("lidar", "", "object {} counts {} points, {} hit it", o.id, o.lidar_points,
                 points);
        }
    }
}

}  // namespace

std::vector<Violation> audit(const Sample& sample, const Sample* next) {
    Auditor auditor(sample);
    auditor.sample_rules();
    for (const CameraSample& camera : sample.cameras) {
        const std::size_t before = auditor.violations.size();
        auditor.camera_rules(camera);
        const bool sound = std::none_of(
            auditor.violations.begin() + static_cast<std::ptrdiff_t>(before),
            auditor.violations.end(), [](const Violation& v) { return v.rule == "shapes"; });
        if (sound && next != nullptr && next->scene == sample.scene) {
            auditor.flow_rules(camera, *next);
        }
    }
    return auditor.violations;
}

std::size_t audited_objects(const Sample& sample) {
    std::size_t count = 0;
    for (const CameraSample& camera : sample.cameras) count += camera.objects.size();
    return count > 0 ? count : sample.objects.size();
}

}  // namespace huntsman::sensors::labels
