#include "bridge/report/top_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bridge/report/top_view_page.h"
#include "engine/world/mind_names.h"
#include "engine/world/names.h"
#include "engine/world/pose.h"
#include "scenarios/town/plan.h"
#include "sensors/labels/minds.h"

namespace huntsman::bridge::report {

using engine::math::Vec2;
using engine::world::ActorState;
using engine::world::World;
using sensors::labels::BeliefLabel;

namespace {

void add_to(std::string& list, const std::string& item) {
    if (!list.empty()) list += ',';
    list += item;
}

// A place and heading: x, y [m] and yaw [rad] in W.
std::string place(const engine::math::Box2& box) {
    return fmt::format("{:.1f},{:.1f},{:.2f}", box.centre.x, box.centre.y, box.yaw_rad);
}

// Ghosts that matter most first.
double weight(const BeliefLabel& belief) {
    return belief.exists * std::min(belief.error_m.value_or(100), 100.0);
}

// Text that is safe within a script element.
std::string in_quotes(const std::string& text) {
    std::string json =
        nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    for (std::size_t at = 0; (at = json.find('<', at)) != std::string::npos;) {
        json.replace(at, 1, "\\u003c");
    }
    return json;
}

}  // namespace

std::size_t TopView::shape_of(const World& world, std::uint32_t archetype) {
    const auto found = std::find(shapes_.begin(), shapes_.end(), archetype);
    if (found != shapes_.end()) return static_cast<std::size_t>(found - shapes_.begin());
    const auto& known = world.archetypes[archetype];
    add_to(shape_rows_, fmt::format("[{:.2f},{:.2f},\"{}\"]", known.extent.length_m(),
                                    known.extent.width_m, engine::world::name(known.semantic)));
    shapes_.push_back(archetype);
    return shapes_.size() - 1;
}

// Beliefs that are drawn apart from what they are about.
std::string TopView::ghost_rows(const loop::FrameView& view, const ActorState& agent) {
    auto beliefs = sensors::labels::beliefs_of(view.state, agent);
    std::erase_if(beliefs,
                  [](const BeliefLabel& b) { return b.error_m && *b.error_m <= kGhost_m; });
    std::stable_sort(beliefs.begin(), beliefs.end(), [](const auto& a, const auto& b) {
        // The ego's first.
        const bool ego_a = a.id == engine::world::kEgo, ego_b = b.id == engine::world::kEgo;
        return ego_a != ego_b ? ego_a : weight(a) > weight(b);
    });
    beliefs.resize(std::min(beliefs.size(), kMostGhosts));
    std::string ghosts;
    for (const BeliefLabel& belief : beliefs) {
        const auto* track = agent.mind.beliefs.find(belief.id);
        const auto& extent = view.world.archetypes[track->archetype].extent;
        std::string ghost = fmt::format(
            "[{},{},{},{:.1f},{:.2f}", belief.id, shape_of(view.world, track->archetype),
            place(engine::world::footprint(extent,
                                           engine::math::upright(belief.p_W, belief.yaw_rad))),
            belief.place_sd_m, belief.exists);
        if (const ActorState* truly = view.state.find(belief.id)) {
            const Vec2 p = engine::world::footprint(view.world.archetypes[truly->archetype].extent,
                                                    truly->X_WB)
                               .centre;
            ghost += fmt::format(",{:.1f},{:.1f}", p.x, p.y);
        }
        add_to(ghosts, ghost + "]");
    }
    return ghosts;
}

// Short keys: they are repeated for every road user of every moment. top_view_page.h reads them.
std::string TopView::mind_row(const loop::FrameView& view, const ActorState& agent) {
    const auto mind =
        sensors::labels::mind_of(view.world, view.state, agent, std::span<const std::string>());
    std::string row =
        fmt::format("\"g\":{:.2f},\"i\":\"{}\"", std::atan2(mind.gaze_W.y, mind.gaze_W.x),
                    engine::world::name(mind.intention));
    if (mind.has_seen_ego) row += ",\"s\":1";
    if (mind.believed_ego && mind.believed_ego->unseen_s >= 0.05) {
        row += fmt::format(",\"u\":{:.1f}", mind.believed_ego->unseen_s);
    }
    if (mind.goes) row += fmt::format(",\"p\":{:.2f}", *mind.goes);
    if (mind.looks_away) row += ",\"a\":1";
    if (agent.profile < view.profiles.size()) row += fmt::format(",\"n\":{}", agent.profile);
    if (mind.gesture != engine::world::Gesture::kNothing) {
        row += fmt::format(",\"q\":\"{}\"", engine::world::name(mind.gesture));
    }
    if (mind.believed_ego_mind) {
        row += fmt::format(",\"m\":[{:.2f},\"{}\",{:.2f}]", mind.believed_ego_mind->has_seen_me,
                           engine::world::name(mind.believed_ego_mind->goal),
                           mind.believed_ego_mind->goal_probability);
    }
    const std::string ghosts = ghost_rows(view, agent);
    if (!ghosts.empty()) row += ",\"w\":[" + ghosts + "]";
    return "{" + row + "}";
}

std::string TopView::agent_row(const loop::FrameView& view, const ActorState& actor) {
    const auto& extent = view.world.archetypes[actor.archetype].extent;
    std::string row =
        fmt::format("[{},{},{},{:.1f}", actor.id, shape_of(view.world, actor.archetype),
                    place(engine::world::footprint(extent, actor.X_WB)),
                    glm::length(engine::math::xy(actor.v_W)));
    if (minds_ && actor.id != engine::world::kEgo) row += "," + mind_row(view, actor);
    return row + "]";
}

void TopView::add(const loop::FrameView& view) {
    if (seen_++ % stride_ != 0) return;
    if (moments_.empty()) {
        side_m_ = scenarios::town::plan_side_m(view.world);
        profiles_.assign(view.profiles.begin(), view.profiles.end());
    }
    const ActorState& ego = view.state.actors.front();
    std::vector<std::pair<double, const ActorState*>> near;
    for (const ActorState& actor : view.state.actors) {
        if (actor.id == ego.id || (actor.hidden_from & engine::world::kPictures) != 0) continue;
        const double away = glm::length(engine::math::xy(actor.X_WB.p - ego.X_WB.p));
        if (away <= kReach_m) near.emplace_back(away, &actor);
    }
    std::stable_sort(near.begin(), near.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    near.resize(std::min(near.size(), kMostShown));
    std::string agents = agent_row(view, ego);
    for (const auto& [away, actor] : near) add_to(agents, agent_row(view, *actor));
    moments_.push_back(
        fmt::format("[{:.2f},[{}]]", engine::core::seconds(view.state.time_us), agents));
    if (moments_.size() <= kMostMoments) return;
    for (std::size_t i = 1; 2 * i < moments_.size(); ++i) moments_[i] = std::move(moments_[2 * i]);
    moments_.resize((moments_.size() + 1) / 2);
    stride_ *= 2;
}

std::string TopView::html() const {
    if (moments_.empty()) return "";
    std::string moments, profiles;
    for (const std::string& moment : moments_) add_to(moments, "\n" + moment);
    for (const std::string& profile : profiles_) add_to(profiles, in_quotes(profile));
    return fmt::format(
        "{}<script>const T={{\"side\":{:.1f},\"reach\":{:.0f},\"minds\":{},\"shapes\":[{}],"
        "\"profiles\":[{}],\"moments\":[{}]}};{}</script>\n",
        top_view_body(minds_), side_m_, kReach_m, minds_, shape_rows_, profiles, moments,
        kTopViewScript);
}

}  // namespace huntsman::bridge::report
