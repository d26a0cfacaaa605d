#include "scenarios/people/shoes.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::people {

using engine::figure::Joint;
using engine::figure::Matter;
using engine::math::Vec3;

namespace {

struct ShoeCut {
    double collar_m;  // above the ankle joint; negative: below
    double front_m;   // how much lower the opening is towards the toes
    double sole_m;
    double room_m;
};
constexpr ShoeCut kCuts[] = {{0.005, 0.01, 0.026, 0.006},
                             {-0.005, 0.015, 0.022, 0.005},
                             {0.11, 0.0, 0.030, 0.009},
                             {-0.035, 0.012, 0.010, 0.003}};
const ShoeCut& cut_of(ShoeStyle style) { return kCuts[static_cast<std::size_t>(style)]; }

}  // namespace

double sole_m(ShoeStyle style, double scale) { return cut_of(style).sole_m * scale; }

double shoe_covers_m(const Places& places, ShoeStyle style, const Point& point) {
    const ShoeCut& cut = cut_of(style);
    const Vec3& ankle = places.skeleton().at(point.p.y > 0 ? Joint::kLeftFoot : Joint::kRightFoot);
    const double size = places.scale();
    const double front = std::clamp((point.p.x - ankle.x) / (0.05 * size), 0.0, 1.0);
    return ankle.z + (cut.collar_m - cut.front_m * front) * size - point.p.z;
}

Piece make_shoes(const BodyData& data, const Body& body, const Places& places, ShoeStyle style,
                 const Vec3& upper, const Vec3& sole) {
    const ShoeCut& cut = cut_of(style);
    const double size = places.scale();
    Piece piece = take(data, body, "helper-tights");
    subdivide(piece);
    std::vector<double> field;
    for (const Point& point : piece.points) field.push_back(shoe_covers_m(places, style, point));
    clip(piece, field);
    // Off the foot, round at the toes.
    Piece soft = piece;
    smooth(soft, 10, 0.5, true);
    add_normals(soft);
    for (std::size_t i = 0; i < piece.points.size(); ++i) {
        Point& point = piece.points[i];
        const double proud = std::max(0.0, glm::dot(point.p - soft.points[i].p, soft.points[i].n));
        point.p = soft.points[i].p + soft.points[i].n * (proud + cut.room_m * size);
    }
    // The lower part becomes the sole: straight walls down to the ground.
    const double below = cut.sole_m * size, seam = 0.008 * size;
    for (Point& point : piece.points) {
        if (point.p.z < seam) {
            const double depth = std::clamp((seam - point.p.z) / (seam + 0.006 * size), 0.0, 1.0);
            point.p.z = std::lerp(seam, -below, smooth_step(0.0, 0.55, depth));
            // The toe's spring and the heel's edge.
            const Vec3& ball = body.skeleton.balls[point.p.y > 0 ? 0 : 1];
            const Vec3& tip = body.skeleton.tips[point.p.y > 0 ? 0 : 1];
            const double toe =
                smooth_step(ball.x + 0.3 * (tip.x - ball.x), tip.x + 0.01, point.p.x);
            point.p.z += 0.010 * size * toe * depth;
        }
    }
    add_normals(piece);
    const double line = seam - 0.25 * below;
    std::vector<double> above, under;
    for (const Point& point : piece.points) {
        above.push_back(point.p.z - line);
        under.push_back(line - point.p.z);
    }
    Piece bottom = piece;
    clip(piece, above);
    clip(bottom, under);
    add_normals(piece);
    add_normals(bottom);
    for (Point& point : piece.points) {
        point.matter = style == ShoeStyle::kTrainers ? Matter::kCloth : Matter::kLeather;
        // Laces and tongue are lighter or darker than the rest.
        const Vec3& ankle = body.skeleton.at(point.p.y > 0 ? Joint::kLeftFoot : Joint::kRightFoot);
        const double forward = (point.p.x - ankle.x) / size;
        const double aside = std::abs(point.p.y - ankle.y - 0.08 * forward) / size;
        const bool tongue = style != ShoeStyle::kFlats && forward > 0.03 && forward < 0.11 &&
                            aside < 0.014 && point.n.z > 0.3;
        point.colour = tongue ? glm::mix(upper, Vec3(0.5), 0.35) : upper;
    }
    for (Point& point : bottom.points) {
        point.matter = Matter::kLeather;
        point.colour = sole * (point.n.z < -0.7 ? 0.4 : 1.0);
        point.importance = 0.7;
    }
    metric_uv(piece);
    append(piece, bottom);
    piece.name = "shoes";
    return piece;
}

}  // namespace huntsman::scenarios::people
