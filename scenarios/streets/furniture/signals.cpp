// Traffic lights and signs with what carries them.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "engine/road/signal_role.h"
#include "scenarios/catalogue/furniture.h"
#include "scenarios/catalogue/signs.h"
#include "scenarios/streets/furniture/sign_types.h"
#include "scenarios/streets/street_scene.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using engine::road::role_of;
using engine::road::SignalRole;
using world::ActorId;
using world::kNone;
using world::ModelSignal;
using world::Orientation;
using world::Semantic;

namespace {

constexpr double kPoleRadius_m = 0.07;
constexpr double kSamePole_m = 0.7;   // heads this close share a pole
constexpr double kArmAbove_m = 0.35;  // pole's top above a head's middle
constexpr double kHeadGap_m = 0.18;   // head's middle before the pole's
constexpr double kLongestArm_m = 16.0;
constexpr double kSamePost_m = 0.35;

double rounded(double v, double step) { return step * std::round(v / step); }

// Heading that a signal's face looks to: against the traffic it is for.
double facing(const Ground& ground, std::uint32_t road, double s, Orientation orientation,
              double h_offset) {
    const double along = ground.geometry().reference(road, s).heading_rad;
    const double against = orientation == Orientation::kBackward ? 0.0 : math::kPi;
    return math::wrap_angle(along + against + h_offset);
}

class SignalSetter {
  public:
    explicit SignalSetter(StreetScene& scene) : scene_(scene), ground_(scene.ground()) {}

    void heads();
    void signs();

  private:
    struct Head {
        std::uint32_t road, signal;
        Vec3 p{0, 0, 0};
        double heading_rad = 0;
        bool walkers = false;
        std::uint32_t group = kNone;
        ActorId* object = nullptr;
    };
    void place_head(const Head& head);

    // A sign's face on its post.
    struct MountedSign {
        std::uint32_t road;
        const ModelSignal* signal;
        catalogue::SignFace face;
        Vec3 foot;
        double heading_rad;
        double middle_m;  // above the foot
    };
    using Post = std::vector<MountedSign>;
    std::vector<Post> posts() const;
    std::optional<MountedSign> mounted(std::uint32_t road, const ModelSignal& signal) const;
    void place_post(Post& post);
    void place_sign(const MountedSign& sign);
    // Stacks the signs of one direction so that none covers another; the post's height.
    static double stack(Post& post);
    // Where a pole for a head may stand, and whether the head needs an arm.
    bool find_pole(const Head& head, Vec3& pole) const;
    double ground_z(std::uint32_t road, double s, const Vec2& p) const {
        return ground_.at(road, s, p).z_m;
    }

    StreetScene& scene_;
    const Ground& ground_;
    struct Pole {
        Vec2 p;
        double top_z = 0;
    };
    std::vector<Pole> poles_;
};

bool SignalSetter::find_pole(const Head& head, Vec3& pole) const {
    const ModelSignal& signal = ground_.model().roads[head.road].signals[head.signal];
    const Vec2 ahead = math::direction(head.heading_rad), side = math::perp(ahead);
    // Behind the head, else to the nearer side, as far as it takes.
    for (double reach = 0; reach <= kLongestArm_m; reach += 0.5) {
        for (const double sign : {1.0, -1.0}) {
            const Vec2 q = math::xy(head.p) - kHeadGap_m * ahead + sign * reach * side;
            const double z = ground_z(head.road, signal.s_m, q);
            if (scene_.driven().carriageway(Vec3(q, z), reach > 0 ? 0.4 : 0.05)) continue;
            pole = Vec3(q, z);
            return true;
        }
    }
    return false;
}

void SignalSetter::place_head(const Head& head) {
    auto& scene = scene_;
    const bool walkers = head.walkers;
    const std::uint32_t mesh = walkers ? scene.mesh("walk head", catalogue::walk_head)
                                       : scene.mesh("signal head", catalogue::signal_head);
    const double width = walkers ? 0.3 : 0.35, height = walkers ? 0.6 : 1.0;
    // The box stands on its lower face.
    const auto X_head = math::upright(head.p, head.heading_rad);
    const auto X_box = math::upright(head.p - Vec3(0, 0, 0.5 * height), head.heading_rad);
    const ActorId id =
        scene.add_object(Semantic::kTrafficSignal, X_box, {0.05, 0.16, width, height}, false);
    if (head.object != nullptr) *head.object = id;
    scene.add_instance(mesh, X_head, Semantic::kTrafficSignal, id).signal_group = head.group;

    // A pole of the map's own carries it.
    const auto& road = ground_.model().roads[head.road];
    for (const world::ModelObject& object : road.objects) {
        if (object.type != "pole") continue;
        const Vec3 p = ground_.point(head.road, object.s_m, object.t_m);
        if (glm::length(math::xy(p - head.p)) < kSamePole_m) return;
    }
    Vec3 pole(0);
    if (!find_pole(head, pole)) return;
    const Vec2 at_head = math::xy(head.p) - kHeadGap_m * math::direction(head.heading_rad);
    const double reach = glm::length(at_head - math::xy(pole));
    const double top = head.p.z + 0.5 * height + (reach > 0.3 ? kArmAbove_m : -0.1);
    // A pole that stands there already carries this head too.
    for (const Pole& other : poles_) {
        if (glm::length(other.p - math::xy(pole)) < kSamePole_m && other.top_z >= top - 0.6 &&
            reach < 0.3) {
            return;
        }
    }
    poles_.push_back({math::xy(pole), top});
    const double pole_height = rounded(std::max(1.0, top - pole.z), 0.05);
    const double arm = reach > 0.3 ? rounded(reach, 0.1) : 0.0;
    char key[64];
    std::snprintf(key, sizeof key, "signal pole %.2f %.1f", pole_height, arm);
    const double yaw = arm > 0 ? std::atan2(at_head.y - pole.y, at_head.x - pole.x) : 0.0;
    const auto X_pole = math::upright(pole, yaw);
    const ActorId pole_id = scene.add_object(
        Semantic::kPole, X_pole, {kPoleRadius_m, kPoleRadius_m, 2 * kPoleRadius_m, pole_height});
    scene.add_instance(scene.mesh(key, [&] { return catalogue::signal_pole(pole_height, arm); }),
                       X_pole, Semantic::kPole, pole_id);
}

void SignalSetter::heads() {
    auto& network = scene_.world().roads;
    const auto& roads = ground_.model().roads;
    std::vector<Head> heads;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> done;
    // Heads that traffic obeys, where the network knows them.
    for (world::SignalHead& head : network.signal_heads) {
        if (head.road >= roads.size() || head.signal >= roads[head.road].signals.size()) continue;
        done.emplace_back(head.road, head.signal);
        const bool walkers = head.group < network.signal_groups.size() &&
                             network.signal_groups[head.group].for_pedestrians;
        heads.push_back(
            {head.road, head.signal, head.p, head.heading_rad, walkers, head.group, &head.object});
    }
    std::sort(done.begin(), done.end());
    for (std::uint32_t r = 0; r < roads.size(); ++r) {
        for (std::uint32_t i = 0; i < roads[r].signals.size(); ++i) {
            const ModelSignal& signal = roads[r].signals[i];
            const SignalRole role = role_of(signal);
            const bool light =
                role == SignalRole::kTrafficLight || role == SignalRole::kPedestrianLight;
            if (!light || std::binary_search(done.begin(), done.end(), std::pair(r, i))) continue;
            Head head{r, i, {}, 0, role == SignalRole::kPedestrianLight, kNone, nullptr};
            const double half = head.walkers ? 0.3 : 0.5;
            head.p = ground_.point(r, signal.s_m, signal.t_m) +
                     Vec3(0, 0, std::max(1.8, signal.z_offset_m) + half);
            head.heading_rad =
                facing(ground_, r, signal.s_m, signal.orientation, signal.h_offset_rad);
            heads.push_back(head);
        }
    }
    // The highest first: their poles carry those below.
    std::stable_sort(heads.begin(), heads.end(),
                     [](const Head& a, const Head& b) { return a.p.z > b.p.z; });
    for (const Head& head : heads) place_head(head);
}

std::optional<SignalSetter::MountedSign> SignalSetter::mounted(std::uint32_t road,
                                                               const ModelSignal& signal) const {
    const SignalRole role = role_of(signal);
    if (signal.dynamic || role == SignalRole::kTrafficLight ||
        role == SignalRole::kPedestrianLight || role == SignalRole::kStopLine) {
        return std::nullopt;
    }
    const auto face = sign_face(signal);
    if (!face) return std::nullopt;
    const double low = signal.z_offset_m > 0.3 ? signal.z_offset_m : 2.1;
    return MountedSign{road,
                       &signal,
                       *face,
                       ground_.point(road, signal.s_m, signal.t_m),
                       facing(ground_, road, signal.s_m, signal.orientation, signal.h_offset_rad),
                       low + 0.5 * face->height_m};
}

// Signs of a road at one place share a post.
std::vector<SignalSetter::Post> SignalSetter::posts() const {
    std::vector<Post> posts;
    const auto& roads = ground_.model().roads;
    for (std::uint32_t r = 0; r < roads.size(); ++r) {
        const auto first = static_cast<std::ptrdiff_t>(posts.size());
        for (const ModelSignal& signal : roads[r].signals) {
            const auto sign = mounted(r, signal);
            if (!sign) continue;
            const auto post =
                std::find_if(posts.begin() + first, posts.end(), [&](const Post& other) {
                    return glm::length(math::xy(other.front().foot - sign->foot)) < kSamePost_m;
                });
            if (post == posts.end()) {
                posts.push_back({*sign});
            } else {
                post->push_back(*sign);
            }
        }
    }
    return posts;
}

double SignalSetter::stack(Post& post) {
    std::stable_sort(post.begin(), post.end(), [](const MountedSign& a, const MountedSign& b) {
        return a.middle_m - 0.5 * a.face.height_m < b.middle_m - 0.5 * b.face.height_m;
    });
    double top = 0;
    for (std::size_t i = 0; i < post.size(); ++i) {
        MountedSign& sign = post[i];
        for (std::size_t k = 0; k < i; ++k) {
            const bool same = std::cos(sign.heading_rad - post[k].heading_rad) > 0.5;
            const double clear =
                post[k].middle_m + 0.5 * post[k].face.height_m + 0.5 * sign.face.height_m + 0.03;
            if (same) sign.middle_m = std::max(sign.middle_m, clear);
        }
        top = std::max(top, sign.middle_m + 0.4 * sign.face.height_m);
    }
    return top;
}

void SignalSetter::place_post(Post& post) {
    const Vec3 foot = post.front().foot;
    const bool overhead =
        post.front().middle_m - 0.5 * post.front().face.height_m > 4.0 && scene_.driven().at(foot);
    if (!overhead && scene_.driven().at(foot)) {
        for (const MountedSign& sign : post) {
            scene_.leave_out(
                fmt::format("road {}: signal {}: its post would stand on a driven lane",
                            ground_.model().roads[sign.road].id, sign.signal->id));
        }
        return;
    }
    const double height = rounded(stack(post), 0.05);
    if (!overhead) {
        char key[32];
        std::snprintf(key, sizeof key, "sign post %.2f", height);
        scene_.add(scene_.mesh(key, [&] { return catalogue::sign_post(height); }),
                   math::upright(foot, 0), Semantic::kPole, 0.08, 0.08, height);
    }
    for (MountedSign& sign : post) {
        sign.foot = foot;
        place_sign(sign);
    }
}

void SignalSetter::place_sign(const MountedSign& sign) {
    const catalogue::SignFace& f = sign.face;
    char size[96];
    std::snprintf(size, sizeof size, "sign %d %d %.2f %.2f %d ", static_cast<int>(f.shape),
                  static_cast<int>(f.symbol), f.width_m, f.height_m, f.crossed ? 1 : 0);
    char colours[96];
    std::snprintf(colours, sizeof colours, "%.2f %.2f %.2f %.2f ", f.border.r + 2 * f.border.g,
                  f.border.b, f.face.r + 2 * f.face.g, f.face.b);
    const std::uint32_t mesh =
        scene_.mesh(size + std::string(colours) + f.text, [&] { return catalogue::sign_plate(f); });
    std::vector<double> headings{sign.heading_rad};
    if (sign.signal->orientation == Orientation::kBoth) {
        headings.push_back(sign.heading_rad + math::kPi);
    }
    const auto& signals = ground_.model().roads[sign.road].signals;
    for (const double heading : headings) {
        const Vec3 p = sign.foot + Vec3(0.04 * math::direction(heading), sign.middle_m);
        const ActorId id = scene_.add_object(
            Semantic::kTrafficSign, math::upright(p - Vec3(0, 0, 0.5 * f.height_m), heading),
            {0.02, 0.02, f.width_m, f.height_m}, false);
        scene_.add_instance(mesh, math::upright(p, heading), Semantic::kTrafficSign, id);
        scene_.world().sign_plates.push_back(
            {.object = id,
             .p_W = p,
             .heading_rad = heading,
             .width_m = f.width_m,
             .height_m = f.height_m,
             .road = sign.road,
             .signal = static_cast<std::uint32_t>(sign.signal - signals.data()),
             .meaning = sign_meaning(*sign.signal)});
    }
}

void SignalSetter::signs() {
    for (Post& post : posts()) place_post(post);
}

}  // namespace

void add_signals(StreetScene& scene) {
    SignalSetter setter(scene);
    setter.heads();
    setter.signs();
}

}  // namespace huntsman::scenarios::streets
