#include "scenarios/people/things.h"

#include <algorithm>
#include <cmath>

#include "engine/figure/gestures.h"
#include "scenarios/people/person.h"

namespace huntsman::scenarios::people {

using engine::figure::Joint;
using engine::figure::Matter;
using engine::math::kPi;
using engine::math::Quat;
using engine::math::Vec2;
using engine::math::Vec3;

namespace {

struct Look {
    Joint joint;
    Matter matter;
    Vec3 colour;
};

// A frame to build in: its origin, and the directions of its x, y and z.
struct Stand {
    Vec3 origin{0, 0, 0};
    Vec3 x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
    Vec3 operator()(double a, double b, double c) const { return origin + x * a + y * b + z * c; }
};

// Rings of points swept along; closed at both ends.
struct Ring {
    Vec3 middle, x, y;      // half axes
    double squareness = 2;  // exponent of the superellipse: 2 round, 6 nearly a box
};
void sweep(Piece& piece, const std::vector<Ring>& rings, int around, const Look& look) {
    const auto first = static_cast<std::uint32_t>(piece.points.size());
    const auto count = static_cast<std::uint32_t>(around);
    for (const Ring& ring : rings) {
        for (int k = 0; k < around; ++k) {
            const double turn = 2 * kPi * (k + 0.5) / around;
            const double e = 2 / ring.squareness;
            const auto bent = [e](double v) { return std::copysign(std::pow(std::abs(v), e), v); };
            Point point;
            point.p = ring.middle + ring.x * bent(std::cos(turn)) + ring.y * bent(std::sin(turn));
            point.carried = carried_by(look.joint);
            point.matter = look.matter;
            point.colour = look.colour * (1 + 0.06 * noise(point.p * 30.0));
            point.weld = static_cast<std::uint32_t>(piece.points.size());
            point.uv = Vec2(turn * 0.1, point.p.z);
            piece.points.push_back(point);
        }
    }
    for (std::uint32_t r = 0; r + 1 < rings.size(); ++r) {
        for (std::uint32_t k = 0; k < count; ++k) {
            const std::uint32_t a = first + r * count + k, b = first + r * count + (k + 1) % count;
            piece.faces.push_back({a, b, b + count});
            piece.faces.push_back({a, b + count, a + count});
        }
    }
    for (const std::uint32_t r : {0U, static_cast<std::uint32_t>(rings.size() - 1)}) {
        for (std::uint32_t k = 2; k < count; ++k) {
            const std::uint32_t a = first + r * count;
            piece.faces.push_back(r == 0 ? Face{a, a + k, a + k - 1} : Face{a, a + k - 1, a + k});
        }
    }
}

void rod(Piece& piece, const Vec3& a, const Vec3& b, double radius_m, const Look& look) {
    const Vec3 along = glm::normalize(b - a);
    const Vec3 x =
        glm::normalize(glm::cross(std::abs(along.z) < 0.9 ? Vec3(0, 0, 1) : Vec3(1, 0, 0), along));
    const Vec3 y = glm::cross(along, x);
    sweep(piece, {{a, x * radius_m, y * radius_m}, {b, x * radius_m, y * radius_m}}, 6, look);
}

// The hand as it lies at rest: where things are gripped, with z along the fingers.
Stand grip(const Body& body, bool left) {
    const auto& s = body.skeleton;
    const Vec3& hand = s.at(left ? Joint::kLeftHand : Joint::kRightHand);
    const Vec3& fingers = s.at(left ? Joint::kLeftFingers : Joint::kRightFingers);
    const Vec3& thumb = s.at(left ? Joint::kLeftThumbTip : Joint::kRightThumbTip);
    const Vec3& tips = s.at(left ? Joint::kLeftFingertips : Joint::kRightFingertips);
    Stand stand;
    stand.z = glm::normalize(fingers - hand);
    const Vec3 aside = thumb - hand;
    stand.x = glm::normalize(aside - stand.z * glm::dot(aside, stand.z));  // to the thumb
    stand.y = glm::cross(stand.z, stand.x);
    // The palm faces the way that the fingers curl.
    if (glm::dot(stand.y, tips - fingers) < 0) stand.y = -stand.y;
    stand.origin = fingers + stand.y * (0.022 * body.skeleton.height_m / 1.75);
    return stand;
}

// The cloth near a place: a point of it, its normal and what carries it.
struct Cloth {
    bool any = false;
    Vec3 p{0, 0, 0}, n{0, 0, 1};
    Influences carried;
};
Cloth cloth_at(std::span<const Piece> worn, const Vec3& p) {
    constexpr double kReach_m = 0.03;
    Cloth cloth;
    Vec3 sum(0), normals(0);
    double weights = 0, nearest = 0.15;
    for (const Piece& piece : worn) {
        for (const Point& point : piece.points) {
            if (point.matter != Matter::kCloth) continue;
            const double away = glm::distance(point.p, p);
            if (away < nearest) {
                nearest = away;
                cloth.carried = point.carried;
                cloth.any = true;
            }
            if (away > 3 * kReach_m) continue;
            const double weight = std::exp(-away * away / (kReach_m * kReach_m));
            weights += weight;
            sum += weight * point.p;
            normals += weight * point.n;
        }
    }
    if (weights < 1e-9 || glm::length(normals) < 1e-9) return {};
    cloth.p = sum / weights;
    cloth.n = glm::normalize(normals);
    return cloth;
}

// A flat strap along a way, lifted out of the cloth where it would lie in it.
void strap(Piece& piece, std::span<const Piece> worn, std::span<const Vec3> way, double half_m,
           const Look& look) {
    constexpr double kThick_m = 0.003, kClear_m = 0.009;
    constexpr int kSteps = 5;
    std::vector<Vec3> path;
    for (std::size_t k = 0; k + 1 < way.size(); ++k) {
        for (int i = 0; i < kSteps; ++i) {
            path.push_back(glm::mix(way[k], way[k + 1], static_cast<double>(i) / kSteps));
        }
    }
    path.push_back(way.back());
    std::vector<Vec3> normals(path.size(), Vec3(1, 0, 0));
    std::vector<Influences> carried(path.size(), carried_by(look.joint));
    for (int round = 0; round < 4; ++round) {
        for (std::size_t k = 0; k < path.size(); ++k) {
            const Cloth cloth = cloth_at(worn, path[k]);
            if (!cloth.any) continue;
            normals[k] = cloth.n;
            carried[k] = cloth.carried;
            const double above = glm::dot(path[k] - cloth.p, cloth.n);
            if (above < kClear_m) path[k] += (kClear_m - above) * cloth.n;
        }
        // Taut between where it lies on.
        for (std::size_t k = 1; round < 3 && k + 1 < path.size(); ++k) {
            path[k] = 0.5 * path[k] + 0.25 * (path[k - 1] + path[k + 1]);
        }
    }
    std::vector<Ring> rings;
    for (std::size_t k = 0; k < path.size(); ++k) {
        const Vec3 along =
            glm::normalize(path[std::min(k + 1, path.size() - 1)] - path[k > 0 ? k - 1 : 0]);
        const Vec3 across = glm::normalize(glm::cross(along, normals[k]));
        const Vec3 up = glm::cross(across, along);
        rings.push_back({path[k], up * kThick_m, across * half_m, 4});
    }
    constexpr std::size_t kAround = 6;
    const std::size_t before = piece.points.size();
    sweep(piece, rings, static_cast<int>(kAround), look);
    for (std::size_t i = before; i < piece.points.size(); ++i) {
        piece.points[i].carried = carried[std::min((i - before) / kAround, carried.size() - 1)];
    }
}

void backpack(Piece& piece, const Places& places, const Body& body, const Vec3& colour,
              std::span<const Piece> worn) {
    const double size = places.scale();
    const Vec3& shoulder = body.skeleton.at(Joint::kLeftUpperArm);
    const double back = places.torso_axis(places.chest_m()).x - 0.135 * size;
    const Look look{Joint::kSpine3, Matter::kCloth, colour};
    const double top = shoulder.z + 0.0 * size, low = places.waist_m() - 0.02 * size;
    std::vector<Ring> rings;
    for (int k = 0; k <= 8; ++k) {
        const double t = static_cast<double>(k) / 8;
        const double bulge = std::pow(std::sin(kPi * std::clamp(t * 0.92 + 0.06, 0.0, 1.0)), 0.35);
        rings.push_back({Vec3(back - 0.055 * size, 0, std::lerp(low, top, t)),
                         Vec3(0.085 * size * bulge, 0, 0), Vec3(0, 0.145 * size * bulge, 0), 3.2});
    }
    sweep(piece, rings, 14, look);
    // A pocket, and straps over the shoulders.
    sweep(piece,
          {{Vec3(back - 0.13 * size, 0, low + 0.03 * size), Vec3(0.03 * size, 0, 0),
            Vec3(0, 0.10 * size, 0), 4},
           {Vec3(back - 0.125 * size, 0, low + 0.17 * size), Vec3(0.03 * size, 0, 0),
            Vec3(0, 0.10 * size, 0), 4}},
          10, {Joint::kSpine3, Matter::kCloth, colour * 0.7});
    const double neck_z = body.skeleton.at(Joint::kNeck).z;
    for (const double side : {1.0, -1.0}) {
        const double x = places.torso_axis(places.chest_m()).x;
        const Vec3 path[] = {
            Vec3(back, side * 0.085 * size, top - 0.02 * size),
            Vec3(x - 0.045 * size, side * 0.10 * size, neck_z - 0.005 * size),
            Vec3(x + 0.045 * size, side * 0.11 * size, neck_z - 0.015 * size),
            Vec3(x + 0.125 * size, side * 0.115 * size, shoulder.z - 0.04 * size),
            Vec3(x + 0.135 * size, side * 0.13 * size, places.chest_m()),
            Vec3(x + 0.06 * size, side * 0.165 * size, places.chest_m() - 0.10 * size),
            Vec3(back, side * 0.13 * size, low + 0.1 * size)};
        strap(piece, worn, path, 0.026 * size, {Joint::kSpine3, Matter::kLeather, colour * 0.6});
    }
}

void hand_bag(Piece& piece, const Body& body, const Vec3& colour, bool suitcase, double size) {
    const Stand g = grip(body, false);
    const Joint hand = Joint::kRightHand;
    const Look look{hand, suitcase ? Matter::kPlastic : Matter::kCloth, colour};
    const double drop = suitcase ? 0.10 : 0.20;
    const double tall = suitcase ? 0.55 : 0.32, wide = suitcase ? 0.19 : 0.15,
                 deep = suitcase ? 0.10 : 0.055;
    std::vector<Ring> rings;
    for (int k = 0; k <= 6; ++k) {
        const double t = static_cast<double>(k) / 6;
        const double bulge =
            suitcase ? std::pow(std::sin(kPi * std::clamp(0.05 + 0.9 * t, 0., 1.)), 0.15)
                     : 0.75 + 0.25 * t;
        rings.push_back({g(0, 0, (drop + tall * t) * size), g.y * (deep * bulge * size),
                         g.x * (wide * bulge * size), 5});
    }
    std::reverse(rings.begin(), rings.end());
    for (Ring& ring : rings) std::swap(ring.x, ring.y);
    sweep(piece, rings, 12, look);
    for (const double at : {-0.07, 0.07}) {
        rod(piece, g(at * size, 0, 0), g(at * size * 1.2, 0, drop * size), 0.006 * size, look);
    }
    rod(piece, g(-0.075 * size, 0, 0), g(0.075 * size, 0, 0), 0.009 * size, look);
}

void shoulder_bag(Piece& piece, const Places& places, const Body& body, const Vec3& colour,
                  std::span<const Piece> worn) {
    const double size = places.scale();
    const double x = places.torso_axis(places.crotch_m()).x;
    const double y = -0.205 * size, z = places.crotch_m() + 0.06 * size;
    const Look look{Joint::kPelvis, Matter::kLeather, colour};
    std::vector<Ring> rings;
    for (int k = 0; k <= 4; ++k) {
        const double t = static_cast<double>(k) / 4;
        rings.push_back({Vec3(x, y, z + 0.24 * t * size), Vec3(0.15 * size * (1 - 0.12 * t), 0, 0),
                         Vec3(0, (0.05 - 0.025 * t) * size, 0), 4});
    }
    sweep(piece, rings, 12, look);
    const Vec3& neck = body.skeleton.at(Joint::kNeck);
    const Vec3 path[] = {Vec3(x + 0.10 * size, y, z + 0.23 * size),
                         Vec3(places.torso_axis(places.chest_m()).x + 0.15 * size, -0.02 * size,
                              places.chest_m() - 0.04 * size),
                         Vec3(neck.x + 0.07 * size, 0.085 * size, neck.z - 0.035 * size),
                         Vec3(neck.x + 0.0 * size, 0.10 * size, neck.z + 0.002 * size),
                         Vec3(places.torso_axis(places.chest_m()).x - 0.15 * size, -0.01,
                              places.chest_m() - 0.02 * size),
                         Vec3(x - 0.10 * size, y, z + 0.23 * size)};
    strap(piece, worn, path, 0.014 * size, look);
}

void umbrella(Piece& piece, const Body& body, const Vec3& colour, double size) {
    // Its shaft stands along the thumb's side, upright in the pose that holds it.
    const Stand g = grip(body, false);
    const Joint hand = Joint::kRightHand;
    rod(piece, g(-0.10 * size, 0, 0), g(0.75 * size, 0, 0), 0.006,
        {hand, Matter::kMetal, Vec3(0.25)});
    rod(piece, g(-0.12 * size, 0, 0), g(0.02 * size, 0, 0), 0.013,
        {hand, Matter::kPlastic, Vec3(0.03)});
    constexpr std::uint32_t kAround = 16, kOut = 4;
    Piece canopy;
    for (std::uint32_t out = 0; out <= kOut; ++out) {
        for (std::uint32_t around = 0; around < kAround; ++around) {
            const double t = static_cast<double>(out) / kOut, turn = 2 * kPi * around / kAround;
            const double rib = 1 - 0.06 * t * (around % 2);
            Point p;
            p.p = g((0.75 - 0.22 * t * t) * size, 0.5 * t * rib * std::cos(turn) * size,
                    0.5 * t * rib * std::sin(turn) * size);
            p.carried = carried_by(hand);
            p.colour = colour * (around % 2 ? 0.9 : 1.0);
            p.weld = out == 0 ? 0 : out * kAround + around;
            p.uv = Vec2(turn, t);
            canopy.points.push_back(p);
        }
    }
    for (std::uint32_t out = 0; out < kOut; ++out) {
        for (std::uint32_t around = 0; around < kAround; ++around) {
            const std::uint32_t a = out * kAround + around,
                                b = out * kAround + (around + 1) % kAround;
            canopy.faces.push_back({a, b + kAround, a + kAround});
            if (out > 0) canopy.faces.push_back({a, b, b + kAround});
        }
    }
    tidy(canopy);
    add_normals(canopy);
    // The outside looks away from the hand.
    if (glm::dot(canopy.points.front().n, g.x) < 0) {
        for (Face& f : canopy.faces) std::swap(f[1], f[2]);
        add_normals(canopy);
    }
    thicken(canopy, 0.003);
    append(piece, canopy);
}

// White, with spots at the corners of an icosahedron, as footballs have them.
void ball(Piece& piece, const Body& body, const Vec3& colour) {
    constexpr int kRings = 16, kSides = 24;
    const Vec3 middle = engine::figure::ball_place(body.skeleton);
    const double radius_m = engine::figure::ball_radius_m(body.skeleton);
    const Look look{Joint::kSpine3, Matter::kPlastic, Vec3(1)};
    std::vector<Ring> rings;
    constexpr double kPole_rad = 0.02;  // rings have a size
    for (int r = 0; r <= kRings; ++r) {
        const double polar = std::lerp(kPole_rad, kPi - kPole_rad, static_cast<double>(r) / kRings);
        const double out = radius_m * std::sin(polar);
        rings.push_back(
            {middle - Vec3(0, 0, radius_m * std::cos(polar)), Vec3(out, 0, 0), Vec3(0, out, 0)});
    }
    sweep(piece, rings, kSides, look);
    std::vector<Vec3> spots;
    const double golden = 0.5 * (1 + std::sqrt(5.0));
    for (const double a : {1.0, -1.0}) {
        for (const double b : {golden, -golden}) {
            for (const Vec3& p : {Vec3(0, a, b), Vec3(a, b, 0), Vec3(b, 0, a)}) {
                spots.push_back(glm::normalize(p));
            }
        }
    }
    constexpr double kSpot_rad = 0.38;
    for (Point& point : piece.points) {
        const Vec3 way = glm::normalize(point.p - middle);
        const bool spot = std::any_of(spots.begin(), spots.end(), [&](const Vec3& at) {
            return glm::dot(at, way) > std::cos(kSpot_rad);
        });
        point.colour = spot ? colour : Vec3(0.75, 0.75, 0.72);
    }
}

}  // namespace

Piece make_thing(const Body& body, const Places& places, Thing thing, const Vec3& colour,
                 std::span<const Piece> worn) {
    Piece piece;
    const double size = places.scale();
    const Stand g = grip(body, false);
    switch (thing) {
        case Thing::kBackpack:
            backpack(piece, places, body, colour, worn);
            break;
        case Thing::kShoulderBag:
            shoulder_bag(piece, places, body, colour, worn);
            break;
        case Thing::kSuitcase:
        case Thing::kShoppingBag:
            hand_bag(piece, body, colour, thing == Thing::kSuitcase, size);
            break;
        case Thing::kUmbrella:
            umbrella(piece, body, colour, size);
            break;
        case Thing::kPhone:
            sweep(piece,
                  {{g(-0.005, 0, -0.05), g.x * 0.037, g.y * 0.005, 6},
                   {g(-0.005, 0, 0.10), g.x * 0.037, g.y * 0.005, 6}},
                  8, {Joint::kRightHand, Matter::kPlastic, Vec3(0.015)});
            break;
        case Thing::kStick: {
            const Vec3 foot = g(-0.80 * size, 0, 0);
            rod(piece, foot, g(0.03, 0, 0), 0.010, {Joint::kRightHand, Matter::kPlastic, colour});
            rod(piece, g(0.03, 0, -0.03), g(0.03, 0, 0.07), 0.012,
                {Joint::kRightHand, Matter::kPlastic, colour});
            break;
        }
        case Thing::kBall:
            ball(piece, body, colour);
            break;
        case Thing::kNone:
        case Thing::kLead:
        case Thing::kCount:
            break;
    }
    for (std::size_t i = 0; i < piece.points.size(); ++i) {
        // Welds of sweeps are unique already.
        piece.points[i].importance = 0.8;
    }
    const bool canopy = thing == Thing::kUmbrella;
    if (!canopy) add_normals(piece);
    piece.name = "thing";
    return piece;
}

}  // namespace huntsman::scenarios::people
