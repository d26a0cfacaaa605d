#include "scenarios/people/head.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace huntsman::scenarios::people {

using engine::figure::Joint;
using engine::figure::KeyPoint;
using engine::figure::Matter;
using engine::math::kPi;
using engine::math::Vec2;
using engine::math::Vec3;

namespace {

double bump(double x, double width) { return std::exp(-x * x / (width * width)); }

double hand_share(const Point& point) {
    return share_of(point.carried, {Joint::kLeftHand, Joint::kLeftFingers, Joint::kLeftFingertips,
                                    Joint::kLeftThumb, Joint::kLeftThumbTip, Joint::kRightHand,
                                    Joint::kRightFingers, Joint::kRightFingertips,
                                    Joint::kRightThumb, Joint::kRightThumbTip});
}

// Blood near the surface: cheeks, nose, ears, knuckles, fingertips.
double redness(const BodyData& data, const Body& body, const Point& point) {
    const double size = head_scale(body);
    const auto& key = body.skeleton.key_points;
    const Vec3& nose = key[static_cast<std::size_t>(KeyPoint::kNose)];
    const Vec3& eye = body.skeleton.at(Joint::kLeftEye);
    const Vec3 p(point.p.x, std::abs(point.p.y), point.p.z);
    double red = 0;
    if (share_of(point.carried, {Joint::kHead}) > 0.5) {
        const Vec3 cheek(nose.x - 0.03 * size, eye.y + 0.008 * size, nose.z - 0.004 * size);
        red += 0.8 * bump(glm::distance(p, cheek), 0.026 * size);
        red += 0.7 * bump(glm::distance(p, nose), 0.016 * size);
        red += 0.8 * static_cast<double>(data.mask("ears")[point.weld]);
    }
    const double fingers = share_of(point.carried, {Joint::kLeftFingertips, Joint::kRightFingertips,
                                                    Joint::kLeftThumbTip, Joint::kRightThumbTip});
    return red + 0.5 * fingers + 0.2 * hand_share(point);
}

// Shade and colour of the lids, which meet the eye in the dark line of the lashes.
Vec3 around_eyes(const BodyData& data, const Body& body, const Point& point, const Vec3& skin) {
    const bool left = point.p.y > 0;
    const Vec3& eye = body.skeleton.at(left ? Joint::kLeftEye : Joint::kRightEye);
    const double gap = glm::distance(point.p, eye) / head_scale(body);
    const double lid = static_cast<double>(data.mask("eyelids")[point.weld]);
    Vec3 colour = skin * (1.0 - lid * Vec3(0.10, 0.16, 0.15));
    const double socket = bump(gap - 0.017, 0.008) * smooth_step(0.01, -0.006, point.p.z - eye.z);
    colour *= 1 - 0.12 * socket;
    if (lid > 0.3) {
        // The upper lid's lashes are thicker.
        const double reach = point.p.z > eye.z ? 0.0148 : 0.0140;
        const double line = smooth_step(reach, reach - 0.0012, gap);
        colour = glm::mix(colour, Vec3(0.03, 0.02, 0.018), (point.p.z > eye.z ? 0.9 : 0.5) * line);
    }
    return colour;
}

}  // namespace

Vec3 skin_colour(double tone) {
    // Means of measured reflectances of faces, from light to dark [Xiao et al. 2017, fig. 3].
    static const std::array<Vec3, 5> kTones = {Vec3(0.62, 0.40, 0.31), Vec3(0.52, 0.31, 0.22),
                                               Vec3(0.38, 0.21, 0.135), Vec3(0.21, 0.11, 0.065),
                                               Vec3(0.09, 0.045, 0.028)};
    const double at = std::clamp(tone, 0.0, 1.0) * 4;
    const auto low = std::min<std::size_t>(static_cast<std::size_t>(at), 3);
    return glm::mix(kTones[low], kTones[low + 1], at - static_cast<double>(low));
}

double head_scale(const Body& body) {
    // Between the eyes of an adult there are 62 mm.
    return glm::distance(body.skeleton.at(Joint::kLeftEye), body.skeleton.at(Joint::kRightEye)) /
           0.062;
}

Vec3 head_middle(const Body& body) {
    const auto& key = body.skeleton.key_points;
    const Vec3 ears = 0.5 * (key[static_cast<std::size_t>(KeyPoint::kLeftEar)] +
                             key[static_cast<std::size_t>(KeyPoint::kRightEar)]);
    return ears + Vec3(0.008, 0, 0.02) * head_scale(body);
}

HeadDirection head_direction(const Body& body, const Vec3& p) {
    const Vec3 way = p - head_middle(body);
    const double radius = std::max(1e-9, glm::length(way));
    return {std::atan2(std::abs(way.y), way.x), std::asin(std::clamp(way.z / radius, -1.0, 1.0)),
            radius};
}

Piece make_skin(const BodyData& data, const Body& body, const Complexion& complexion) {
    const auto& inside = data.mask("inside_mouth");
    // Neither the mouth's inside nor what lies behind the eyeballs.
    const double ball = 0.0118 * head_scale(body);
    Piece skin = take(data, body, "body", [&](const Quad& quad) {
        return !std::all_of(quad.begin(), quad.end(), [&](const Corner& c) {
            const Vec3& p = body.vertices[c.vertex];
            const Vec3& eye = body.skeleton.at(p.y > 0 ? Joint::kLeftEye : Joint::kRightEye);
            return inside[c.vertex] > 0.6F || glm::distance(p, eye) < ball;
        });
    });
    skin.name = "skin";
    const Vec3 base = skin_colour(complexion.tone);
    const double light = 1 - complexion.tone;
    const Vec3& chin = body.skeleton.key_points[static_cast<std::size_t>(KeyPoint::kNose)];
    for (Point& point : skin.points) {
        point.matter = Matter::kSkin;
        const double red = redness(data, body, point) * (0.4 + 0.6 * light);
        Vec3 colour = base * (1.0 - red * Vec3(0.02, 0.22, 0.20));
        colour *= 1 + 0.02 * noise(point.p * 17.0);
        const double head = share_of(point.carried, {Joint::kHead});
        if (head > 0.4) {
            const double lips = static_cast<double>(data.mask("lips")[point.weld]);
            const Vec3 lip =
                base * Vec3(0.86, 0.55, 0.56) + complexion.lip_colour * Vec3(0.10, -0.03, -0.01);
            colour = glm::mix(colour, glm::max(lip, Vec3(0.01)), 0.9 * lips);
            colour = around_eyes(data, body, point, colour);
            const HeadDirection at = head_direction(body, point.p);
            const double jaw = smooth_step(chin.z - 0.005, chin.z - 0.03, point.p.z) *
                               smooth_step(-0.2, 0.1, point.n.x + 0.4) * (1 - lips);
            colour = glm::mix(colour, colour * 0.35 + complexion.hair * 0.4,
                              0.5 * complexion.beard_shadow * jaw * (at.azimuth < 1.6 ? 1 : 0));
        }
        const double nail = static_cast<double>(data.mask("fingernails")[point.weld]);
        colour = glm::mix(colour, base * Vec3(1.05, 0.92, 0.90) + Vec3(0.05), 0.6 * nail);
        point.colour = glm::clamp(colour, Vec3(0.0), Vec3(1.0));
        // Eyes, nose and mouth are looked at; the ears' windings are not.
        point.importance = 1 + 1.2 * head + 0.15 * hand_share(point) -
                           0.9 * head * static_cast<double>(data.mask("ears")[point.weld]);
        if (head > 0.5 && head_direction(body, point.p).azimuth < 1.1) {
            const double eye = glm::distance(
                point.p, body.skeleton.at(point.p.y > 0 ? Joint::kLeftEye : Joint::kRightEye));
            const double mouth =
                glm::distance(point.p, chin - Vec3(0.012, 0, 0.028) * head_scale(body));
            point.importance += 1.0 + 2.5 * bump(eye, 0.020 * head_scale(body)) +
                                3.5 * bump(mouth, 0.026 * head_scale(body));
        }
    }
    return skin;
}

Piece make_eyes(const BodyData& data, const Body& body, const Complexion& complexion) {
    constexpr int kAround = 10;
    static constexpr double kRings[] = {0.0, 0.17, 0.20, 0.46, 0.52, 0.95, 1.5};
    const Vec3 white(0.52, 0.48, 0.44), dark(0.008, 0.007, 0.007);
    Piece eyes;
    eyes.name = "eyes";
    for (const auto& [group, joint] : {std::pair{"helper-l-eye", Joint::kLeftEye},
                                       std::pair{"helper-r-eye", Joint::kRightEye}}) {
        double radius = 0;
        Vec3 low(1e9), high(-1e9);
        for (const Quad& quad : data.group(group)) {
            for (const Corner& corner : quad) {
                low = glm::min(low, body.vertices[corner.vertex]);
                high = glm::max(high, body.vertices[corner.vertex]);
            }
        }
        const Vec3 middle = 0.5 * (low + high);
        radius = 0.5 * std::min(high.y - low.y, high.z - low.z);
        const auto first = static_cast<std::uint32_t>(eyes.points.size());
        for (std::size_t ring = 0; ring < std::size(kRings); ++ring) {
            for (int around = 0; around < kAround; ++around) {
                const double turn = 2 * kPi * around / kAround, polar = kRings[ring];
                const Vec3 n(std::cos(polar), std::sin(polar) * std::cos(turn),
                             std::sin(polar) * std::sin(turn));
                Point point;
                point.p = middle + n * radius;
                point.n = n;
                point.uv = Vec2(n.y, n.z) * 0.5 + 0.5;
                point.carried = carried_by(joint);
                point.matter = Matter::kEye;
                point.importance = 3;
                point.weld = first + static_cast<std::uint32_t>(
                                         ring == 0 ? 0 : static_cast<int>(ring) * kAround + around);
                // Pupil, iris with a dark border, white that lies in the lids' shade above.
                if (ring < 2) point.colour = dark;
                if (ring == 2) point.colour = complexion.iris * 1.3;
                if (ring == 3) point.colour = complexion.iris * 0.8;
                if (ring == 4) point.colour = glm::mix(complexion.iris * 0.3, white, 0.35);
                if (ring > 4) point.colour = white * (n.z > 0.2 ? 0.75 : 0.92);
                eyes.points.push_back(point);
            }
        }
        for (std::uint32_t ring = 0; ring + 1 < std::size(kRings); ++ring) {
            for (std::uint32_t around = 0; around < kAround; ++around) {
                const std::uint32_t next = (around + 1) % kAround;
                const std::uint32_t a = first + ring * kAround + around,
                                    b = first + ring * kAround + next;
                if (ring > 0) eyes.faces.push_back({a, a + kAround, b});
                eyes.faces.push_back({b, a + kAround, b + kAround});
            }
        }
    }
    tidy(eyes);
    return eyes;
}

bool ray_hit(const Piece& piece, const Vec3& from, const Vec3& way, double& distance_m,
             Vec3& normal) {
    bool hit = false;
    for (const Face& f : piece.faces) {
        const Point &a = piece.points[f[0]], &b = piece.points[f[1]], &c = piece.points[f[2]];
        const Vec3 e1 = b.p - a.p, e2 = c.p - a.p, h = glm::cross(way, e2);
        const double det = glm::dot(e1, h);
        if (std::abs(det) < 1e-14) continue;
        const Vec3 s = from - a.p;
        const double u = glm::dot(s, h) / det;
        if (u < 0 || u > 1) continue;
        const Vec3 q = glm::cross(s, e1);
        const double v = glm::dot(way, q) / det;
        if (v < 0 || u + v > 1) continue;
        const double t = glm::dot(e2, q) / det;
        if (t <= 0 || t >= distance_m) continue;
        distance_m = t;
        normal = glm::normalize(a.n * (1 - u - v) + b.n * u + c.n * v);
        hit = true;
    }
    return hit;
}

Piece make_brows(const Body& body, const Piece& skin, const Complexion& complexion) {
    constexpr int kAlong = 7, kAcross = 2;
    Piece face;  // the part that rays can meet
    face.points = skin.points;
    const Vec3& eye = body.skeleton.at(Joint::kLeftEye);
    for (const Face& f : skin.faces) {
        const Vec3& p = skin.points[f[0]].p;
        if (p.x > eye.x - 0.04 && std::abs(p.z - eye.z) < 0.06) face.faces.push_back(f);
    }
    const double size = head_scale(body);
    Piece brows;
    brows.name = "brows";
    const double bushy = 0.75 + 0.5 * body.parameters.male;
    for (const double side : {1.0, -1.0}) {
        const auto first = static_cast<std::uint32_t>(brows.points.size());
        for (int along = 0; along <= kAlong; ++along) {
            const double s = static_cast<double>(along) / kAlong;
            const double y = eye.y + (-0.017 + 0.044 * s) * size;
            const double z =
                eye.z +
                (0.0185 + 0.0065 * std::sin(kPi * std::pow(s, 1.4) * 0.85) - 0.004 * s) * size;
            const double half = 0.0036 * bushy * size * (1 - 0.75 * smooth_step(0.45, 1.0, s)) *
                                (0.65 + 0.35 * smooth_step(0, 0.2, s));
            for (int across = -kAcross; across <= kAcross; ++across) {
                const double t = static_cast<double>(across) / kAcross;
                Point point;
                double distance = 0.3;
                Vec3 n(1, 0, 0);
                const Vec3 from(eye.x + 0.2, side * y, z + half * t);
                if (!ray_hit(face, from, Vec3(-1, 0, 0), distance, n)) distance = 0.2;
                point.p = from + Vec3(-distance, 0, 0) + n * (0.0015 * size * (1 - 0.8 * t * t));
                point.n = n;
                point.matter = Matter::kHair;
                point.uv = Vec2(s * 0.04, t * 0.004);
                const double strand = 0.85 + 0.25 * noise(Vec3(s * 23, t * 2, side));
                point.colour = complexion.hair * (0.8 * strand);
                point.carried = carried_by(Joint::kHead);
                point.weld = static_cast<std::uint32_t>(brows.points.size());
                point.importance = 2;
                brows.points.push_back(point);
            }
        }
        constexpr std::uint32_t kRow = 2 * kAcross + 1;
        for (std::uint32_t along = 0; along < kAlong; ++along) {
            for (std::uint32_t across = 0; across + 1 < kRow; ++across) {
                const std::uint32_t a = first + along * kRow + across;
                const Face one{a, a + kRow, a + 1}, two{a + 1, a + kRow, a + kRow + 1};
                const auto flip = [&](const Face& f) {
                    return side > 0 ? f : Face{f[0], f[2], f[1]};
                };
                brows.faces.push_back(flip(one));
                brows.faces.push_back(flip(two));
            }
        }
    }
    return brows;
}

// References
// [Xiao et al. 2017] K. Xiao et al., Characterising the variations in ethnic skin colours: a new
//   calibrated data base for human skin, Skin Research and Technology 23:21-29.

}  // namespace huntsman::scenarios::people
