#include "scenarios/situations/finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/core/random.h"
#include "engine/math/geometry.h"
#include "scenarios/situations/finder_parts.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::situations {

using engine::core::Error;
using engine::core::Result;
using engine::math::kPi;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::math::wrap_angle;
using engine::world::Crossing;

Result<std::vector<Site>> PlaceFinder::find(const Needs& needs, std::uint64_t seed,
                                            std::size_t most) const {
    std::vector<Candidate> all = impl_->candidates(needs);
    // An order drawn from the seed.
    const engine::core::Key key = engine::core::Key(seed).with("situation-place");
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[key.index(i, i)]);
    return impl_->first_sites(std::move(all), needs, most);
}

Result<std::vector<Site>> PlaceFinder::find_near(const Needs& needs, const Vec2& near_W,
                                                 std::size_t most) const {
    std::vector<Candidate> all = impl_->candidates(needs);
    const auto off_m2 = [&](const Candidate& at) {
        const Vec2 d = engine::math::xy(impl_->map.at(at.lane, at.s_m).p) - near_W;
        return glm::dot(d, d);
    };
    std::ranges::stable_sort(all, {}, off_m2);
    return impl_->first_sites(std::move(all), needs, most);
}

Result<std::vector<Site>> PlaceFinder::Impl::first_sites(std::vector<Candidate> all,
                                                         const Needs& needs,
                                                         std::size_t most) const {
    const std::vector<Check> every_check = checks(needs);
    std::vector<std::size_t> passed(every_check.size(), 0);
    std::vector<Site> sites;
    for (Candidate& at : all) {
        if (sites.size() >= most) break;
        follow(at, needs);
        const auto failed = [&] {
            for (std::size_t i = 0; i < every_check.size(); ++i) {
                if (!every_check[i].holds(at)) return true;
                ++passed[i];
            }
            return false;
        };
        if (!failed()) sites.push_back(site(at));
    }
    if (!sites.empty()) return sites;
    if (all.empty()) {
        return Error{"the map has no place of this kind: nothing to pass as the situation needs"};
    }
    std::string text = fmt::format("no place on the map fits: of {} places", all.size());
    for (std::size_t i = 0; i < every_check.size(); ++i) {
        text += fmt::format(", {} have {}", passed[i], every_check[i].what);
        if (passed[i] == 0) break;
    }
    return Error{text};
}

std::map<std::string, std::string> PlaceFinder::Impl::values(const Candidate& at,
                                                             const SitePath* walk) const {
    std::map<std::string, std::string> values;
    const auto set = [&](const char* name, double value) { values[name] = story::to_text(value); };
    const CrossSection& section = at.section;
    const PathPoint here = at.ego.at(0);
    set("lane_width", here.width_m);
    set("speed_limit", std::min(lane(at.lane).speed_limit_mps, 60.0));
    set("near_edge_t", section.near_edge_m);
    set("far_edge_t", section.far_edge_m);
    set("near_lane_t", section.near_lane.t_m);
    set("far_lane_t", section.far_lane.t_m);
    set("parking_t", section.parking.value_or(Beside{}).t_m);
    set("parking_width", section.parking.value_or(Beside{}).width_m);
    set("cycle_t", section.cycle.value_or(Beside{}).t_m);
    set("pavement_t", section.pavement.value_or(Beside{section.near_edge_m - 1, 0}).t_m);
    set("walk_near_s", walk != nullptr ? walk->first_s_m() : section.near_edge_m);
    set("walk_far_s", walk != nullptr ? walk->last_s_m() : section.far_edge_m);
    set("heading", here.heading_rad);
    set("curvature", here.curvature_per_m);
    // Clockwise from north.
    set("sun_azimuth", std::fmod(2.5 * kPi - here.heading_rad, 2 * kPi));
    set("left_hand", network.left_hand ? 1 : 0);
    set("other_limit", at.other != kNone ? std::min(lane(at.other).speed_limit_mps, 60.0) : 0);
    // The stop line, and the lights, of the junction that the ego enters.
    double stop_s = 0;
    std::string signal;
    for (std::size_t i = 0; i <= at.conflict; ++i) {
        const Lane& entered = lane(at.ego.lanes()[i]);
        if (!entered.in_junction() || i == 0) continue;
        stop_s = at.ego.lane_begin_m(i - 1) + entered.stop_s_m;
        signal.clear();
        for (const auto& head : network.signal_heads) {
            if (std::ranges::find(head.governs, entered.id) == head.governs.end()) continue;
            if (head.road == kNone || head.signal == kNone) continue;
            signal = model.roads[head.road].signals[head.signal].id;
            break;
        }
    }
    set("stop_s", stop_s);
    values["signal"] = signal;
    return values;
}

Site PlaceFinder::Impl::site(const Candidate& at) const {
    Site site;
    site.conflict_W = at.p_W;
    site.paths["ego"] = at.ego;
    if (at.other != kNone) site.paths["other"] = at.other_path;
    std::optional<SitePath> walk;
    if (at.crossing != kNone) {
        const Crossing& crossing = network.crossings[at.crossing];
        Vec2 a(crossing.a.x, crossing.a.y), b(crossing.b.x, crossing.b.y);
        const Vec2 far = side() * engine::math::perp(engine::math::direction(at.heading_rad));
        if (glm::dot(b - a, far) < 0) std::swap(a, b);
        const Vec2 along = glm::normalize(b - a);
        const double before = glm::dot(Vec2(at.p_W.x, at.p_W.y) - a, along);
        walk = SitePath(at.p_W, std::atan2(along.y, along.x), before, glm::length(b - a) - before,
                        network.left_hand);
    } else {
        walk = SitePath(at.p_W, wrap_angle(at.heading_rad + side() * kPi / 2),
                        -at.section.near_edge_m, at.section.far_edge_m, network.left_hand);
    }
    site.paths["walk"] = *walk;
    site.values = values(at, &*walk);
    const Lane& on = lane(at.lane);
    const auto place = geometry.project(on.road, at.p_W);
    site.description =
        fmt::format("road {} at s = {:.1f} m, lane {}, x = {:.1f}, y = {:.1f}",
                    model.roads[on.road].id, place.s_m, on.model_lane, at.p_W.x, at.p_W.y);
    return site;
}

PlaceFinder::PlaceFinder(const engine::world::RoadModel& model) : impl_(new Impl(model)) {}
PlaceFinder::~PlaceFinder() = default;
const engine::road::RoadGeometry& PlaceFinder::geometry() const { return impl_->geometry; }
const engine::world::RoadNetwork& PlaceFinder::network() const { return impl_->network; }

}  // namespace huntsman::scenarios::situations
