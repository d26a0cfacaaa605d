#include "sensors/dataset/nuscenes/tables.h"

#include <algorithm>
#include <cmath>

#include "engine/core/array_view.h"
#include "engine/core/hash.h"
#include "engine/math/geometry.h"

namespace huntsman::sensors::dataset::nuscenes {

using engine::math::Vec2;
namespace world = engine::world;

bool is_key_frame(engine::core::TimeUs previous_us, engine::core::TimeUs time_us) {
    return previous_us < 0 || previous_us / kKeyPeriod_us != time_us / kKeyPeriod_us;
}

std::string token_of_text(const std::string& text) {
    return engine::core::hex(engine::core::hash_bytes(text.data(), text.size(), 1)) +
           engine::core::hex(engine::core::hash_bytes(text.data(), text.size(), 2));
}

int visibility_level(double share) {
    return share <= 0.4 ? 1 : share <= 0.6 ? 2 : share <= 0.8 ? 3 : 4;
}

MapMask map_mask(const world::World& town) {
    constexpr double kPerMetre = 10, kMargin_m = 20;
    // The carriageways' bounds, cut to the ego's surroundings.
    const Vec2 start = town.spawns.empty() ? Vec2(0, 0) : engine::math::xy(town.spawns[0].X_WB.p);
    Vec2 low = start, high = start;
    for (const world::Lane& lane : town.roads.lanes) {
        for (const world::LaneSample& s : lane.samples) {
            low = glm::min(low, engine::math::xy(s.p));
            high = glm::max(high, engine::math::xy(s.p));
        }
    }
    low = glm::floor(glm::max(low - kMargin_m, start - kMaskReach_m));
    high = glm::ceil(glm::min(high + kMargin_m, start + kMaskReach_m));
    MapMask mask;
    mask.p_MW = {-low.x, -low.y, 0};
    mask.width = static_cast<int>((high.x - low.x) * kPerMetre);
    mask.height = static_cast<int>((high.y - low.y) * kPerMetre);
    mask.pixels.resize(static_cast<std::size_t>(mask.width) *
                       static_cast<std::size_t>(mask.height));
    const engine::core::ArrayView<std::uint8_t> pixels(mask.pixels, mask.height, mask.width);

    // The area between each two samples of a lane.
    for (const world::Lane& lane : town.roads.lanes) {
        if (lane.kind != world::LaneKind::kDriving) continue;
        for (std::size_t i = 1; i < lane.samples.size(); ++i) {
            std::array<Vec2, 4> quad;
            for (std::size_t end = 0; end < 2; ++end) {
                const world::LaneSample& s = lane.samples[i - 1 + end];
                const Vec2 left =
                    engine::math::perp(engine::math::direction(s.heading_rad)) * (0.5 * s.width_m);
                quad[end] = (engine::math::xy(s.p) + left - low) * kPerMetre;
                quad[3 - end] = (engine::math::xy(s.p) - left - low) * kPerMetre;
            }
            Vec2 from = quad[0], to = quad[0];
            for (const Vec2& corner : quad) {
                from = glm::min(from, corner);
                to = glm::max(to, corner);
            }
            const int x1 = std::min(mask.width - 1, static_cast<int>(std::floor(to.x)));
            const int y1 = std::min(mask.height - 1, static_cast<int>(std::floor(to.y)));
            for (int y = std::max(0, static_cast<int>(std::floor(from.y))); y <= y1; ++y) {
                for (int x = std::max(0, static_cast<int>(std::floor(from.x))); x <= x1; ++x) {
                    if (!engine::math::inside_polygon({x + 0.5, y + 0.5}, quad)) continue;
                    pixels(mask.height - 1 - y, x) = 255;
                }
            }
        }
    }
    return mask;
}

}  // namespace huntsman::sensors::dataset::nuscenes
