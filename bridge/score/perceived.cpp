#include "bridge/score/perceived.h"

#include <bit>
#include <cmath>

#include "bridge/score/perception.h"

namespace huntsman::bridge::score {

namespace {

constexpr double kNoticedScore = 0.3;  // the planner's floor

bool is_perceived(const messages::Perception& perception, PerceivedClass c,
                  const sensors::labels::TrueObject& object) {
    const bool person = c == PerceivedClass::kPedestrian;
    const double near_m = person ? 2 : 3;
    for (const auto& seen : perception.objects()) {
        const auto wanted = person ? messages::OBJECT_PEDESTRIAN : messages::OBJECT_VEHICLE;
        if (seen.object_class() != wanted || seen.score() < kNoticedScore) continue;
        const double apart =
            std::hypot(seen.x_m() - object.centre_B.x, seen.y_m() - object.centre_B.y);
        if (apart < near_m) return true;
    }
    return false;
}

}  // namespace

void PerceivedLately::observe(const messages::Perception& perception,
                              std::span<const sensors::labels::TrueObject> truth) {
    constexpr std::uint32_t kKept = (1U << kFrames) - 1;
    std::map<engine::world::ActorId, std::uint32_t> now;
    for (const auto& object : truth) {
        PerceivedClass c;
        if (!perceived_class(object.semantic, c)) continue;
        const auto before = seen_.find(object.id);
        const std::uint32_t bits = before != seen_.end() ? before->second << 1U : 0;
        now[object.id] = (bits | (is_perceived(perception, c, object) ? 1U : 0U)) & kKept;
    }
    seen_ = std::move(now);
}

std::optional<double> PerceivedLately::share(engine::world::ActorId id) const {
    const auto found = seen_.find(id);
    if (found == seen_.end()) return {};
    return std::popcount(found->second) / static_cast<double>(kFrames);
}

}  // namespace huntsman::bridge::score
