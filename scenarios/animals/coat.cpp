#include "scenarios/animals/coat.h"

#include <algorithm>
#include <cmath>

#include "scenarios/animals/flesh.h"

namespace huntsman::scenarios::animals {

using engine::math::Vec3;
using people::noise;
using people::smooth_step;

namespace {

engine::figure::Matter matter_of(Matter matter) {
    switch (matter) {
        case Matter::kHair:
            return engine::figure::Matter::kHair;
        case Matter::kSkin:
            return engine::figure::Matter::kSkin;
        case Matter::kLeather:
            return engine::figure::Matter::kLeather;
        case Matter::kHorn:
            return engine::figure::Matter::kPlastic;
    }
    return engine::figure::Matter::kHair;
}

// How much of a mark is seen at a place.
double cover(const Mark& mark, const Vec3& p) {
    double share = mark.strength;
    if (!mark.stations.empty()) {
        double away_m = distance_m(mark.stations, Vec3(p.x, std::abs(p.y), p.z));
        if (mark.ragged_m > 0) away_m += mark.ragged_m * noise(p / (2.5 * mark.ragged_m));
        share *= 1 - smooth_step(-mark.edge_m, mark.edge_m, away_m);
    }
    if (share <= 0 || mark.pattern == Pattern::kPlain) return share;
    const Vec3 q = p / mark.size_m;
    if (mark.pattern == Pattern::kPatches) {
        const double level = noise(q) + 0.35 * noise(2.7 * q + Vec3(9));
        return share * smooth_step(-0.05, 0.05, level - mark.level);
    }
    constexpr double kTurn = 2 * engine::math::kPi;
    // Both sides alike, and crooked.
    const Vec3 left(q.x, std::abs(q.y), q.z);
    const double wave = std::sin(kTurn * q.x + 2.2 * noise(0.35 * left) + 1.2 * noise(0.9 * left));
    return share * smooth_step(-0.25, 0.5, wave - mark.level);
}

// A dark rim of the lids.
void rim(const Animal& animal, const Vec3& p, Vec3& colour) {
    for (const Eye& eye : animal.eyes) {
        const Vec3 at(eye.at_m[0], eye.at_m[1], eye.at_m[2]);
        const double away = glm::distance(Vec3(p.x, std::abs(p.y), p.z), at) / eye.radius_m;
        const double share = 0.85 * (1 - smooth_step(1.15, 1.6, away));
        colour = glm::mix(colour, Vec3(0.02, 0.016, 0.014), share);
    }
}

}  // namespace

Vec3 colour_of(const Colour& colour) { return {colour[0], colour[1], colour[2]}; }

void paint(const Animal& animal, Surface surface, people::Piece& piece) {
    for (people::Point& point : piece.points) {
        Vec3 colour = colour_of(animal.coat->colour);
        point.matter = engine::figure::Matter::kHair;
        for (const Mark& mark : animal.coat->marks) {
            if (mark.of != surface) continue;
            const double share = cover(mark, point.p);
            colour = glm::mix(colour, colour_of(mark.colour), share);
            if (share > 0.5) point.matter = matter_of(mark.matter);
        }
        rim(animal, point.p, colour);
        // Hair lies in locks; the scale is that of a hand, whatever the animal.
        const double mottle = 0.06 * noise(point.p * 45.0) + 0.05 * noise(point.p * 14.0);
        point.colour = colour * (1 + mottle);
    }
}

}  // namespace huntsman::scenarios::animals
