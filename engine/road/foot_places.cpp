#include "engine/road/foot_places.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include "engine/math/geometry.h"
#include "engine/math/grid_index.h"
#include "engine/world/pose.h"

namespace huntsman::engine::road {

using math::Vec2;
using math::Vec3;
using namespace world;

namespace {

constexpr double kAlong_m = 1.3, kAcross_m = 1.15;  // between places of a walkway
constexpr double kPlay_m = 0.15;  // by which people stand beside a place's middle, each way
constexpr double kBody_m = 0.28;  // radius that a person takes
constexpr double kClear_m = kBody_m + kPlay_m + 0.1;
constexpr double kEdge_m = 0.15;  // kept from the borders of a walkway, besides the body
constexpr double kOffRoad_m = 0.2;

// How far what draws people reaches, and how many it draws to each place within that.
struct Reach {
    double distance_m, busy;
};
constexpr Reach reach_of(Draw draw) {
    switch (draw) {
        case Draw::kCrossing:
            return {8.0, 3.0};
        case Draw::kBusStop:
            return {6.0, 12.0};
        case Draw::kShop:
            return {6.0, 3.0};
        case Draw::kSchool:
            return {40.0, 5.0};
        case Draw::kNothing:
            break;
    }
    return {0.0, 0.0};
}
constexpr Draw kAllDraws[] = {Draw::kCrossing, Draw::kBusStop, Draw::kShop, Draw::kSchool};

math::Bounds2 around(const Vec2& p, double reach_m) {
    return {p - Vec2(reach_m), p + Vec2(reach_m)};
}

// What draws people, as boxes on the ground, found by place.
class Attractions {
  public:
    explicit Attractions(const World& world) {
        for (const Crossing& crossing : world.roads.crossings) {
            add(Draw::kCrossing, {math::xy(crossing.a), 0, {0, 0}});
            add(Draw::kCrossing, {math::xy(crossing.b), 0, {0, 0}});
        }
        for (const SignPlate& plate : world.sign_plates) {
            if (plate.meaning == "bus stop") {
                add(Draw::kBusStop, {math::xy(plate.p_W), 0, {0, 0}});
            } else if (plate.meaning == "school") {
                add(Draw::kSchool, {math::xy(plate.p_W), 0, {0, 0}});
            }
        }
        add_meshes(world);
        std::vector<math::Bounds2> bounds;
        for (const auto& [draw, box] : boxes_) {
            bounds.push_back(around(box.centre, glm::length(box.half) + reach_of(draw).distance_m));
        }
        if (!bounds.empty()) near_ = math::GridIndex(bounds, 16.0);
    }

    // Sets what draws people to p, and how busy that makes it.
    void weigh(const Vec2& p, FootPlace& place) const {
        bool here[std::size(kAllDraws)] = {};
        for (const std::uint32_t i : near_.at(p)) {
            const auto& [draw, box] = boxes_[i];
            if (math::distance({p, 0, {0, 0}}, box) > reach_of(draw).distance_m) continue;
            here[static_cast<std::size_t>(draw) - 1] = true;
        }
        double strongest = 0;
        for (const Draw draw : kAllDraws) {
            if (!here[static_cast<std::size_t>(draw) - 1]) continue;
            const double busy = reach_of(draw).busy;
            place.busy += busy;
            if (busy > strongest) place.draw = draw;
            strongest = std::max(strongest, busy);
        }
    }

  private:
    void add(Draw draw, const math::Box2& box) { boxes_.emplace_back(draw, box); }

    // Shelters of bus stops, and houses with shop fronts.
    void add_meshes(const World& world) {
        const auto draw_of = [](const Mesh& mesh) {
            if (mesh.name == "bus shelter") return Draw::kBusStop;
            const bool shop =
                !mesh.lods.empty() &&
                std::any_of(mesh.lods.front().submeshes.begin(), mesh.lods.front().submeshes.end(),
                            [](const Submesh& part) { return part.material == Material::kShop; });
            return shop ? Draw::kShop : Draw::kNothing;
        };
        std::vector<Draw> of_mesh;
        for (const Mesh& mesh : world.scene.meshes) of_mesh.push_back(draw_of(mesh));
        for (const Instance& instance : world.scene.instances) {
            const Draw draw = of_mesh[instance.mesh];
            if (draw == Draw::kNothing) continue;
            const auto object =
                std::lower_bound(world.objects.begin(), world.objects.end(), instance.object,
                                 [](const StaticObject& o, ActorId id) { return o.id < id; });
            if (object == world.objects.end() || object->id != instance.object) continue;
            add(draw, footprint(object->extent, object->X_WB));
        }
    }

    std::vector<std::pair<Draw, math::Box2>> boxes_;
    math::GridIndex near_;
};

// Things that nobody can stand in.
class Solids {
  public:
    explicit Solids(const World& world) {
        std::vector<math::Bounds2> bounds;
        for (const StaticObject& object : world.objects) {
            if (!object.collides) continue;
            math::Box2 box = footprint(object.extent, object.X_WB);
            box.half += Vec2(kClear_m);
            bounds.push_back(around(box.centre, glm::length(box.half)));
            boxes_.push_back({box, object.X_WB.p.z, object.X_WB.p.z + object.extent.height_m});
        }
        if (!bounds.empty()) near_ = math::GridIndex(bounds, 8.0);
    }
    bool free(const Vec3& p) const {
        constexpr double kHead_m = 2.0;
        const math::Box2 point{math::xy(p), 0, {0, 0}};
        const auto cell = near_.at(math::xy(p));
        return std::none_of(cell.begin(), cell.end(), [&](std::uint32_t i) {
            return boxes_[i].low_m < p.z + kHead_m && boxes_[i].high_m > p.z &&
                   math::overlap(boxes_[i].plan, point);
        });
    }

  private:
    struct Solid {
        math::Box2 plan;
        double low_m, high_m;
    };
    std::vector<Solid> boxes_;
    math::GridIndex near_;
};

// Places so far, in squares as wide as any two must be apart.
class Apart {
  public:
    explicit Apart(double least_m) : least_m_(least_m) {}
    bool take(const Vec3& p) {
        const std::pair here(cell(p.x), cell(p.y));
        for (int x = here.first - 1; x <= here.first + 1; ++x) {
            for (int y = here.second - 1; y <= here.second + 1; ++y) {
                const auto found = cells_.find({x, y});
                if (found == cells_.end()) continue;
                for (const Vec3& other : found->second) {
                    if (glm::length(other - p) < least_m_) return false;
                }
            }
        }
        cells_[here].push_back(p);
        return true;
    }

  private:
    int cell(double v) const { return static_cast<int>(std::floor(v / least_m_)); }
    double least_m_;
    std::map<std::pair<int, int>, std::vector<Vec3>> cells_;
};

// The direction from a place to the carriageway, as far as there is one near.
double towards_road(const RoadMap& map, const FootPlace& place) {
    constexpr double kReach_m = 12.0;
    const auto lane = map.nearest_lane(place.p_W, place.along_rad, kReach_m);
    if (!lane) return place.along_rad;
    const Vec3 to = map.at(lane->lane, lane->s_m).p - place.p_W;
    return std::atan2(to.y, to.x);
}

constexpr double kBin_m = 16.0;

}  // namespace

FootPlaces::FootPlaces(const World& world, const RoadMap& map) {
    find_places(world, map);
    fill_bins();
}

void FootPlaces::find_places(const World& world, const RoadMap& map) {
    const Attractions attractions(world);
    const Solids solids(world);
    Apart apart(kApart_m + 2 * std::numbers::sqrt2 * kPlay_m);
    const auto add = [&](const Walkway& walkway, std::size_t segment, double start_m, double s_m) {
        const Vec3 a = walkway.points[segment], ab = walkway.points[segment + 1] - a;
        const double length = glm::length(ab);
        const Vec2 left = math::perp(math::xy(ab) / glm::length(math::xy(ab)));
        const double half = std::max(0.0, 0.5 * walkway.width_m - kBody_m - kEdge_m - kPlay_m);
        const int gaps = static_cast<int>(2 * half / kAcross_m);
        for (int i = 0; i <= gaps; ++i) {
            FootPlace place;
            place.walkway = walkway.id;
            place.s_m = s_m;
            place.t_m = gaps == 0 ? 0.0 : half * (2.0 * i / gaps - 1.0);
            place.p_W = a + (s_m - start_m) / length * ab + Vec3(place.t_m * left, 0);
            place.along_rad = std::atan2(ab.y, ab.x);
            if (!solids.free(place.p_W) || map.on_road(place.p_W, kOffRoad_m + kPlay_m) ||
                !apart.take(place.p_W)) {
                continue;
            }
            attractions.weigh(math::xy(place.p_W), place);
            towards_road_rad_.push_back(towards_road(map, place));
            places_.push_back(place);
        }
    };
    for (const Walkway& walkway : world.roads.walkways) {
        if (walkway.crossing != kNone) continue;
        double start = 0, s = 0.5 * kAlong_m;
        for (std::size_t k = 0; k + 1 < walkway.points.size(); ++k) {
            const Vec3 ab = walkway.points[k + 1] - walkway.points[k];
            const double end = start + glm::length(ab);
            const bool upright = glm::length(math::xy(ab)) < 1e-6;
            for (; s < end && s + 0.5 * kAlong_m < walkway.length_m; s += kAlong_m) {
                if (!upright) add(walkway, k, start, s);
            }
            start = end;
        }
    }
}

void FootPlaces::fill_bins() {
    std::map<std::pair<int, int>, Bin> bins;
    const auto cell = [](double v) { return static_cast<int>(std::floor(v / kBin_m)); };
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
        const std::pair at(cell(places_[i].p_W.x), cell(places_[i].p_W.y));
        Bin& bin = bins[at];
        bin.centre = kBin_m * Vec2(at.first + 0.5, at.second + 0.5);
        bin.busy += places_[i].busy;
        bin.places.push_back(i);
    }
    for (auto& [at, bin] : bins) bins_.push_back(std::move(bin));
}

double FootPlaces::presence(double distance_m) {
    constexpr double kFull_m = 40.0, kLeast = 0.02;
    const double share = (kPresent_m - distance_m) / (kPresent_m - kFull_m);
    return std::clamp(share, kLeast, 1.0);
}

Vec2 FootPlaces::middle(const math::RigidTransform& X_WE) {
    constexpr double kAhead_m = 30.0;
    return math::xy(X_WE.p) + kAhead_m * math::direction(X_WE.yaw_rad());
}

std::optional<std::uint32_t> FootPlaces::draw(const Vec2& middle, const core::Key& key) const {
    const auto weight = [&](const Bin& bin) {
        const double distance = glm::length(bin.centre - middle);
        return distance < kPresent_m ? bin.busy * presence(distance) : 0.0;
    };
    double sum = 0;
    for (const Bin& bin : bins_) sum += weight(bin);
    if (sum <= 0) return std::nullopt;
    double left = sum * key.uniform(0);
    const Bin* chosen = nullptr;
    for (const Bin& bin : bins_) {
        if (weight(bin) <= 0) continue;
        chosen = &bin;
        left -= weight(bin);
        if (left < 0) break;
    }
    left = chosen->busy * key.uniform(1);
    for (const std::uint32_t i : chosen->places) {
        left -= places_[i].busy;
        if (left < 0) return i;
    }
    return chosen->places.back();
}

void FootPlaces::put(std::uint32_t index, const core::Key& key, Spawn& spawn) const {
    const FootPlace& place = places_[index];
    const Vec2 along = math::direction(place.along_rad);
    const double ds = key.uniform(-kPlay_m, kPlay_m, 0), dt = key.uniform(-kPlay_m, kPlay_m, 1);
    const Vec3 p = place.p_W + Vec3(ds * along + dt * math::perp(along), 0);
    const double stands = place.draw == Draw::kBusStop ? 0.7 : place.draw == Draw::kShop ? 0.25 : 0;
    spawn.walkway_forward = key.uniform(3) < 0.5;
    double yaw = place.along_rad + (spawn.walkway_forward ? 0 : math::kPi);
    if (key.uniform(2) < stands) {
        spawn.walkway = kNone;
        yaw = place.draw == Draw::kBusStop ? towards_road_rad_[index]
                                           : key.uniform(-math::kPi, math::kPi, 4);
    } else {
        spawn.walkway = place.walkway;
        spawn.walkway_s_m = place.s_m + ds;
    }
    spawn.X_WB = math::upright(p, math::wrap_angle(yaw));
}

}  // namespace huntsman::engine::road
