#include <algorithm>

#include "engine/math/geometry.h"
#include "scenarios/town/layout_parts.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using engine::world::Cubic;

namespace {

constexpr double kSteepest = 0.07;  // slope in the middle of a street at full hilliness
constexpr double kViaduct_m = 7.2;  // of the railway over the highest street

}  // namespace

void add_heights(Layout& layout, const engine::core::Key& key, const TownStyle& style) {
    // A few broad waves.
    Dice dice(key);
    struct Wave {
        Vec2 k;
        double phase, height;
    };
    std::vector<Wave> waves;
    for (int i = 0; i < 4; ++i) {
        const double length = dice.uniform(350, 900), turn = dice.uniform(-math::kPi, math::kPi);
        const double phase = dice.uniform(0, 2 * math::kPi);
        waves.push_back({(2 * math::kPi / length) * math::direction(turn), phase,
                         0.012 * length * style.hilliness});
    }
    const auto fixed = [&](const Node& node) {
        if (node.kind == Node::Kind::kGore) return true;
        return std::any_of(node.arms.begin(), node.arms.end(), [&](const Arm& arm) {
            const StreetKind kind = layout.streets[arm.street].kind;
            return kind == StreetKind::kMotorway || kind == StreetKind::kRamp;
        });
    };
    for (Node& node : layout.nodes) {
        node.z_m = 0;
        if (fixed(node)) continue;
        for (const Wave& wave : waves) {
            node.z_m += wave.height * std::sin(glm::dot(wave.k, node.p) + wave.phase);
        }
    }
    // Streets that would be too steep pull their ends together; a street is level at its ends, so
    // its middle is half as steep again as its mean.
    for (int round = 0; round < 200; ++round) {
        bool changed = false;
        for (const Street& street : layout.streets) {
            Node &a = layout.nodes[street.from], &b = layout.nodes[street.to];
            const double most = kSteepest / 1.5 * street.length_m();
            const double excess = std::abs(b.z_m - a.z_m) - most;
            if (excess <= 1e-6) continue;
            const double sign = b.z_m > a.z_m ? 1.0 : -1.0;
            const bool hold_a = fixed(a), hold_b = fixed(b);
            if (hold_a && hold_b) continue;
            const double share = hold_a || hold_b ? 1.0 : 0.5;
            if (!hold_a) a.z_m += sign * share * excess;
            if (!hold_b) b.z_m -= sign * share * excess;
            changed = true;
        }
        if (!changed) break;
    }
    for (Street& street : layout.streets) {
        if (!street.elevation.empty()) continue;
        const double z = layout.nodes[street.from].z_m, length = street.length_m();
        const double by = layout.nodes[street.to].z_m - z;
        street.elevation = {
            Cubic{0, z, 0, 3 * by / (length * length), -2 * by / (length * length * length)}};
    }
}

void add_railway(Layout& layout, Dice& dice, double size_m) {
    // Between two rows of nodes, where it meets few junctions.
    const bool along_x = dice.chance(0.5);
    const double half = 0.5 * size_m + 40.0;
    double best = 0, clear = -1;
    for (int i = 0; i < 60; ++i) {
        const double at = dice.uniform(-0.3, 0.3) * size_m;
        double room = 1e30;
        for (const Node& node : layout.nodes) {
            const double off = std::abs((along_x ? node.p.y : node.p.x) - at);
            const double reach = std::abs(along_x ? node.p.x : node.p.y);
            if (reach < half) room = std::min(room, off);
        }
        if (room > clear) {
            clear = room;
            best = at;
        }
    }
    const Vec2 from = along_x ? Vec2(-half, best) : Vec2(best, -half);
    Path path(Pose2{from, along_x ? 0.0 : 0.5 * math::kPi, 0});
    path.append(2 * half, 0.0);
    layout.railway = path;
}

double railway_height_m(const Layout& layout) {
    double high = 0;
    for (const Node& node : layout.nodes) high = std::max(high, node.z_m);
    return high + kViaduct_m;
}

}  // namespace huntsman::scenarios::town
