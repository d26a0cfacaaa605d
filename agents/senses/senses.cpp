#include "agents/senses/senses.h"

#include <algorithm>
#include <cmath>

namespace huntsman::agents::senses {

namespace {

using world::Lamp;

// Street lamps burn below this, and lamps of vehicles stand out.
constexpr double kDark_lx = 100;
constexpr double kOwnLamps_lx = 50;      // what is lit itself shows like something lit by this much
constexpr double kHeadTurned_rad = 0.5;  // from straight ahead: the head moves with the eyes
constexpr double kSunReach_m = 150;      // houses farther away do not shade anyone from the low sun
// Cloth and paint of middling reflectance; what is darker shows less of the light at night.
constexpr double kMiddlingReflectance = 0.3, kLeastReflectance = 0.05;

bool shines(std::uint32_t lamps) {
    return (lamps & (world::bit(Lamp::kHead) | world::bit(Lamp::kTail) | world::bit(Lamp::kBrake) |
                     world::bit(Lamp::kTurnLeft) | world::bit(Lamp::kTurnRight) |
                     world::bit(Lamp::kReverse) | world::bit(Lamp::kBlue))) != 0;
}

}  // namespace

Senses::Senses(const world::World& world)
    : world_(&world), map_(world), key_(engine::core::Key(world.seed).with("senses")) {
    for (const world::Archetype& archetype : world.archetypes) {
        eyes_.push_back(eyes_of(archetype, world.roads.left_hand));
    }
}

void Senses::begin(const world::State& state) {
    tick_ = state.tick;
    light_ = daylight(world::environment_at(*world_, state));
    bodies_.update(*world_, state.actors, light_.ambient_lx < kDark_lx ? &map_ : nullptr);
}

std::optional<Senses::Stance> Senses::stance(world::ActorId observer) const {
    const Body* body = bodies_.find(observer);
    if (body == nullptr || !eyes_[body->archetype].sees) return std::nullopt;
    const Eyes& eyes = eyes_[body->archetype];
    return Stance{.body = body,
                  .eyes = &eyes,
                  .eye_W = body->X_WB * eyes.p_B,
                  .yaw_rad = body->X_WB.yaw_rad()};
}

bool Senses::head_turned(const Stance& stance, const Gaze& gaze) {
    return std::abs(math::wrap_angle(gaze.yaw_rad - stance.yaw_rad)) > kHeadTurned_rad;
}

// Directly through a window, else in the first mirror that shows its middle, or the camera at the
// tail.
std::optional<Senses::Line> Senses::line_to(const Stance& stance, const Body& target,
                                            bool head_turned) const {
    const Eyes& eyes = *stance.eyes;
    const Vec2 d = math::xy(target.middle_W - stance.eye_W);
    const double aside = math::wrap_angle(std::atan2(d.y, d.x) - stance.yaw_rad);
    if (eyes.free(aside, head_turned)) {
        Line line{.from_W = stance.eye_W, .aside_rad = aside};
        if (eyes.sill_slope > 0) {
            for (unsigned i = 0; i < kSilhouettePoints; ++i) {
                const Vec3 p = target.points[i] - stance.eye_W;
                if (-p.z > eyes.sill_slope * glm::length(math::xy(p))) line.open &= ~(1U << i);
            }
        }
        return line;
    }
    const auto in = [&](const Mirror& mirror) -> std::optional<Line> {
        const Vec3 from = stance.body->X_WB * mirror.p_B;
        const Vec2 back = math::xy(target.middle_W - from);
        const double behind =
            math::wrap_angle(std::atan2(back.y, back.x) - stance.yaw_rad + math::kPi);
        if (!mirror.behind.holds(behind)) return std::nullopt;
        return Line{.from_W = from,
                    .aside_rad = mirror.direction_rad,
                    .scale = mirror.scale,
                    .in_mirror = true};
    };
    for (const Mirror& mirror : eyes.all_mirrors()) {
        if (const auto line = in(mirror)) return line;
    }
    const bool reverses = (stance.body->lamps & world::bit(Lamp::kReverse)) != 0;
    return reverses && eyes.reversing_camera ? in(*eyes.reversing_camera) : std::nullopt;
}

LookFactors Senses::factors(const Stance& stance, const Gaze& gaze, const Line& line,
                            const Body& target) const {
    const Vec3 d = target.middle_W - line.from_W;
    const double distance = std::max(glm::length(d), 0.5);
    const double size = std::sqrt(target.area_m2);
    LookFactors f;
    f.size_rad = line.scale * size / distance;
    const double off_rad = math::wrap_angle(stance.yaw_rad + line.aside_rad - gaze.yaw_rad);
    f.eccentricity_rad = gaze.down_rad == 0
                             ? std::abs(off_rad)
                             : std::acos(std::cos(off_rad) * std::cos(gaze.down_rad));
    f.attention = gaze.attention;
    f.motion_rad_s = line.scale * apparent_motion_rad_s(math::xy(d), target.v, size);
    f.contrast = std::exp(-light_.extinction_per_m * distance);
    if (stance.eyes->cabin) f.contrast *= light_.windscreen;
    if (stance.sun_free) {
        const double cosine = std::clamp(glm::dot(d, light_.to_sun_W) / distance, -1.0, 1.0);
        f.contrast *= contrast_in_glare(light_, std::acos(cosine));
    }
    f.light_lx = light_.ambient_lx;
    if (light_.ambient_lx < kDark_lx) {
        double lamps = target.street_light_lx;
        if (!line.in_mirror && (stance.body->lamps & world::bit(Lamp::kHead)) != 0) {
            lamps += dipped_light_lx(distance, line.aside_rad);
        }
        lamps *= std::max(target.reflectance, kLeastReflectance) / kMiddlingReflectance;
        f.light_lx = std::max(f.light_lx + lamps, shines(target.lamps) ? kOwnLamps_lx : 0);
    }
    return f;
}

void Senses::look(world::ActorId observer, const Gaze& gaze, Scratch& scratch,
                  std::vector<Sighting>& out) const {
    out.clear();
    auto who = stance(observer);
    if (!who) return;
    who->sun_free = light_.glare_lx > 0 &&
                    scratch.free_to(who->eye_W, who->eye_W + kSunReach_m * light_.to_sun_W);
    scratch.place(observer, who->eye_W, gaze.horizon_m);
    const LookDraws draws(key_, observer);
    const bool turned = head_turned(*who, gaze);
    const double highest = highest_probability(gaze.attention, !gaze.expected.empty());
    for (const Neighbour& near : scratch.neighbours()) {
        const Body& target = scratch.body(near);
        if (near.distance_m > gaze.people_m && !world::is_vehicle(target.semantic)) continue;
        const double draw = draws.draw(target.id, tick_);
        if (draw >= highest) continue;
        const auto line = line_to(*who, target, turned);
        if (!line) continue;
        LookFactors f = factors(*who, gaze, *line, target);
        f.expected = std::ranges::binary_search(gaze.expected, target.id);
        // What is not detected in full view is not detected in part either: rays only for the rest.
        if (draw >= detection_probability(f)) continue;
        const double share = share_of(scratch.seen(near, line->from_W, line->open));
        f.size_rad *= std::sqrt(share);
        const double p = detection_probability(f);
        if (draw >= p) continue;
        out.push_back({.body = near.body,
                       .distance_m = near.distance_m,
                       .share = share,
                       .probability = p,
                       .in_mirror = line->in_mirror});
    }
}

double Senses::detection(world::ActorId observer, const Gaze& gaze, const Body& remembered,
                         const Scratch& scratch) const {
    const auto who = stance(observer);
    if (!who) return 0;
    const double distance = glm::length(math::xy(remembered.middle_W - who->eye_W));
    const bool vehicle = world::is_vehicle(remembered.semantic);
    if (distance > (vehicle ? gaze.horizon_m : std::min(gaze.horizon_m, gaze.people_m))) return 0;
    const auto line = line_to(*who, remembered, head_turned(*who, gaze));
    if (!line) return 0;
    LookFactors f = factors(*who, gaze, *line, remembered);
    f.expected = std::ranges::binary_search(gaze.expected, remembered.id);
    if (detection_probability(f) < 0.01) return 0;
    f.size_rad *= std::sqrt(share_of(scratch.seen(remembered, distance, line->from_W, line->open)));
    return detection_probability(f);
}

double Senses::visible_share(world::ActorId observer, world::ActorId target,
                             Scratch& scratch) const {
    const auto who = stance(observer);
    const Body* body = bodies_.find(target);
    if (!who || body == nullptr || observer == target) return 0;
    const auto line = line_to(*who, *body, false);
    if (!line) return 0;
    const double distance = glm::length(math::xy(body->middle_W - who->eye_W));
    // Long bodies whose middle is farther away may hide it.
    scratch.place(observer, who->eye_W, distance + bodies_.largest_radius_m());
    const auto index = static_cast<std::uint32_t>(body - bodies_.all().data());
    return share_of(scratch.seen({index, distance}, line->from_W, line->open));
}

void Senses::sirens(std::vector<Sound>& out) const {
    out.clear();
    for (const Body& body : bodies_.all()) {
        if ((body.lamps & world::bit(Lamp::kBlue)) == 0) continue;
        out.push_back({SoundKind::kSiren, body.id, body.middle_W});
    }
}

void Senses::listen(world::ActorId listener, const Ears& ears, std::span<const Sound> sounds,
                    std::int64_t onset, const Scratch& scratch, std::vector<Heard>& out) const {
    out.clear();
    const auto who = stance(listener);
    if (!who) return;
    const Listener self{.id = listener,
                        .p_W = who->eye_W,
                        .cabin = who->eyes->cabin,
                        .speed_mps = glm::length(who->body->v),
                        .headphones = ears.headphones};
    for (const Sound& sound : sounds) {
        const bool screened = !scratch.free_to(self.p_W, sound.p_W);
        Heard heard;
        if (hears(key_, sound, self, screened, tick_, onset, heard)) out.push_back(heard);
    }
}

}  // namespace huntsman::agents::senses
