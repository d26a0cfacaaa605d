#include "scenarios/people/hair.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "scenarios/people/drape.h"

namespace huntsman::scenarios::people {

using engine::figure::Joint;
using engine::figure::KeyPoint;
using engine::figure::Matter;
using engine::math::kPi;
using engine::math::Vec2;
using engine::math::Vec3;

namespace {

constexpr double kDegree = kPi / 180;

// Values over azimuth, both in degrees, straight between them.
double over(const std::vector<std::pair<double, double>>& table, double azimuth_rad) {
    const double at = azimuth_rad / kDegree;
    for (std::size_t i = 1; i < table.size(); ++i) {
        if (at > table[i].first) continue;
        const double t = (at - table[i - 1].first) / (table[i].first - table[i - 1].first);
        return std::lerp(table[i - 1].second, table[i].second, t) * kDegree;
    }
    return table.back().second * kDegree;
}

// Where hair begins: its elevation over azimuth, from the forehead over temple, ear and nape.
double hairline(double azimuth, double receding) {
    static const std::vector<std::pair<double, double>> kLine = {
        {0, 47},  {20, 46},  {38, 42},  {52, 33},   {62, 18},   {72, -6},  {84, -12},
        {92, 14}, {112, 16}, {124, -8}, {138, -30}, {160, -42}, {180, -45}};
    return over(kLine, azimuth) + receding * smooth_step(70, 20, azimuth / kDegree) * 24 * kDegree;
}

double chin_m(const Body& body) {
    return body.skeleton.key_points[static_cast<std::size_t>(KeyPoint::kNose)].z -
           0.068 * head_scale(body);
}

Piece take_head(const BodyData& data, const Body& body) {
    const auto& ears = data.mask("ears");
    const auto& inside = data.mask("inside_mouth");
    Piece head = take(data, body, "body", [&](const Quad& quad) {
        return std::all_of(quad.begin(), quad.end(), [&](const Corner& c) {
            return share_of(data.influences()[c.vertex], {Joint::kHead, Joint::kNeck}) > 0.55 &&
                   ears[c.vertex] < 0.5F && inside[c.vertex] < 0.5F;
        });
    });
    return head;
}

// Cloth lies flat over the holes where the ears were: a fan from each hole's middle.
void cover_ears(const Body& body, Piece& piece) {
    std::unordered_map<std::uint64_t, int> sides;
    const auto key = [&](std::uint32_t a, std::uint32_t b) {
        a = piece.points[a].weld;
        b = piece.points[b].weld;
        return (static_cast<std::uint64_t>(std::min(a, b)) << 32) | std::max(a, b);
    };
    std::uint32_t next = 0;
    for (const Point& point : piece.points) next = std::max(next, point.weld + 1);
    for (const Face& f : piece.faces) {
        for (std::size_t k = 0; k < 3; ++k) ++sides[key(f[k], f[(k + 1) % 3])];
    }
    const std::vector<Face> faces = piece.faces;
    for (const KeyPoint ear : {KeyPoint::kLeftEar, KeyPoint::kRightEar}) {
        const Vec3& at = body.skeleton.key_points[static_cast<std::size_t>(ear)];
        std::vector<std::array<std::uint32_t, 2>> edges;
        Vec3 middle(0);
        for (const Face& f : faces) {
            for (std::size_t k = 0; k < 3; ++k) {
                const std::uint32_t a = f[k], b = f[(k + 1) % 3];
                const Vec3& p = piece.points[a].p;
                if (sides[key(a, b)] != 1 || glm::distance(p, at) > 0.06 * head_scale(body))
                    continue;
                edges.push_back({a, b});
                middle += p;
            }
        }
        if (edges.empty()) continue;
        Point point = piece.points[edges.front()[0]];
        point.p = middle / static_cast<double>(edges.size());
        point.p.y += (point.p.y > 0 ? 0.006 : -0.006) * head_scale(body);
        point.weld = next++;
        const auto centre = static_cast<std::uint32_t>(piece.points.size());
        piece.points.push_back(point);
        for (const auto& [a, b] : edges) piece.faces.push_back({b, a, centre});
    }
    add_normals(piece);
}

// A shell where `field` is positive [rad], of a thickness that grows from its edge.
Piece shell(const BodyData& data, const Body& body,
            const std::function<double(const HeadDirection&, const Point&)>& field,
            const std::function<double(const HeadDirection&, double)>& thickness_m,
            bool over_ears = false) {
    Piece piece = take_head(data, body);
    if (over_ears) cover_ears(body, piece);
    subdivide(piece);
    std::vector<double> values;
    for (const Point& p : piece.points) values.push_back(field(head_direction(body, p.p), p));
    clip(piece, values);
    Piece soft = piece;
    smooth(soft, 4, 0.5, true);
    add_normals(soft);
    for (std::size_t i = 0; i < piece.points.size(); ++i) {
        Point& point = piece.points[i];
        const HeadDirection at = head_direction(body, point.p);
        const double inside = field(at, point);
        point.p += soft.points[i].n * thickness_m(at, inside);
    }
    smooth(piece, 2, 0.4, true);
    add_normals(piece);
    return piece;
}

void colour_hair(Piece& piece, const Vec3& colour) {
    for (Point& point : piece.points) {
        // Strands run down: their shade changes quickly around the head, slowly along.
        const double azimuth = std::atan2(point.p.y, point.p.x);
        const double strand = noise(Vec3(azimuth * 26, point.p.z * 9, 1)) +
                              0.6 * noise(Vec3(azimuth * 55, point.p.z * 14, 2));
        point.colour = colour * (1 + 0.28 * strand);
        point.matter = Matter::kHair;
        point.uv = Vec2(azimuth * 0.09, point.p.z);
        point.importance = 1.3;
    }
}

// What hangs from the head around its back: columns from `open` (azimuth, either side) to the back,
// from `top` down to `bottom(azimuth)`.
Piece curtain(const Body& body, const Places& places, const Piece& cap, const Piece& cover,
              double open, double top, const std::function<double(double)>& bottom,
              double draw_in) {
    constexpr int kAround = 36, kDown = 14;
    const Vec3 middle = head_middle(body);
    const Drape trunk(places, cover, places.chest_m() - 0.15, places.skeleton().at(Joint::kNeck).z,
                      3.0);
    const Vec3& neck = body.skeleton.at(Joint::kNeck);
    Piece piece;
    for (int around = 0; around <= kAround; ++around) {
        const double angle = open + (2 * kPi - 2 * open) * around / kAround;
        const double azimuth = angle > kPi ? 2 * kPi - angle : angle;
        const Vec3 out(std::cos(angle), std::sin(angle), 0);
        double start = 0.3;
        Vec3 n;
        // Radius of the cap where the curtain begins; before the neck, of the chin.
        if (ray_hit(cap, Vec3(middle.x, 0, top) + out * 0.3, -out, start, n)) {
            // A little wider over the ears.
            start = 0.3 - start - 0.003 + 0.010 * std::exp(-std::pow((azimuth - 1.6) / 0.35, 2));
        } else {
            start = 0.085 * head_scale(body);
        }
        const double end = bottom(azimuth);
        for (int down = 0; down <= kDown; ++down) {
            const double t = static_cast<double>(down) / kDown;
            const double z = std::lerp(top, end, t);
            double radius = start + 0.004 * std::sin(kPi * std::min(1.0, 2 * t)) -
                            draw_in * std::max(0.0, top - z);
            Vec3 p(middle.x, 0, z);
            p += out * radius;
            // Outside of neck, shoulders and back.
            const Vec3 axis = places.torso_axis(z);
            const Vec3 from = p - axis;
            const double least = z < neck.z - 0.01
                                     ? trunk.radius_m(std::atan2(from.y, from.x), z) + 0.012
                                     : 0.066 * head_scale(body);
            const double gap = std::hypot(from.x, from.y);
            if (gap < least && gap > 1e-6) p = axis + Vec3(from.x, from.y, 0) * (least / gap);
            Point point;
            point.p = p;
            point.p += out * (0.004 * noise(Vec3(angle * 9, z * 6, 3)));
            // A curtain all around closes.
            const int column = open <= 0 ? around % kAround : around;
            point.weld = static_cast<std::uint32_t>(column * (kDown + 1) + down);
            const double trunk_share =
                smooth_step(body.skeleton.at(Joint::kHead).z - 0.01, neck.z - 0.06, z);
            point.carried =
                mixed(carried_by(Joint::kHead), carried_by(Joint::kSpine3), 0.9 * trunk_share);
            piece.points.push_back(point);
        }
    }
    for (std::uint32_t around = 0; around < kAround; ++around) {
        for (std::uint32_t down = 0; down < kDown; ++down) {
            const std::uint32_t a = around * (kDown + 1) + down, b = a + kDown + 1;
            piece.faces.push_back({a, a + 1, b});
            piece.faces.push_back({b, a + 1, b + 1});
        }
    }
    add_normals(piece);
    return piece;
}

Piece ball(const Vec3& middle, double radius_m, Joint joint) {
    constexpr std::uint32_t kAround = 14, kDown = 9;
    Piece piece;
    for (std::uint32_t down = 0; down <= kDown; ++down) {
        for (std::uint32_t around = 0; around < kAround; ++around) {
            const double polar = kPi * down / kDown, turn = 2 * kPi * around / kAround;
            Point point;
            point.n = Vec3(std::sin(polar) * std::cos(turn), std::sin(polar) * std::sin(turn),
                           std::cos(polar));
            const double ridge = 1 + 0.08 * std::sin(turn * 5 + polar * 3);
            point.p = middle + point.n * (radius_m * ridge);
            point.carried = carried_by(joint);
            point.weld = down == 0 ? 0 : down == kDown ? 1 : 2 + down * kAround + around;
            piece.points.push_back(point);
        }
    }
    for (std::uint32_t down = 0; down < kDown; ++down) {
        for (std::uint32_t around = 0; around < kAround; ++around) {
            const std::uint32_t a = down * kAround + around,
                                b = down * kAround + (around + 1) % kAround;
            if (down + 1 < kDown) piece.faces.push_back({a, a + kAround, b + kAround});
            if (down > 0) piece.faces.push_back({a, b + kAround, b});
        }
    }
    tidy(piece);
    add_normals(piece);
    return piece;
}

// The face's opening in a scarf or hood: an oval around the nose's root.
double outside_face(const Body& body, const Point& point) {
    const Vec3& nose = body.skeleton.key_points[static_cast<std::size_t>(KeyPoint::kNose)];
    const double size = head_scale(body);
    const double y = point.p.y / (0.062 * size);
    const double z = (point.p.z - nose.z - 0.002 * size) / (0.088 * size);
    const double front = smooth_step(nose.x - 0.13 * size, nose.x - 0.11 * size, point.p.x);
    return front > 0.5 ? std::hypot(y, z) - 1 : 0.5;
}

}  // namespace

std::vector<Piece> make_hair(const BodyData& data, const Body& body, const Places& places,
                             HairStyle style, Headwear under, const Vec3& colour,
                             std::uint64_t seed) {
    Piece hair;
    hair.name = "hair";
    if (style == HairStyle::kBald || under == Headwear::kHeadscarf ||
        under == Headwear::kFullHelmet) {
        return {};
    }
    const double size = head_scale(body);
    struct Volume {
        double side_m, top_m, receding;
    };
    static const Volume kVolumes[] = {{0, 0, 0},         {0.004, 0.006, 0.5}, {0.007, 0.014, 0.2},
                                      {0.010, 0.026, 0}, {0.040, 0.050, 0},   {0.012, 0.018, 0},
                                      {0.011, 0.016, 0}, {0.007, 0.010, 0},   {0.007, 0.010, 0}};
    Volume volume = kVolumes[static_cast<std::size_t>(style)];
    if (body.parameters.male < 0.5) volume.receding = 0;
    if (under != Headwear::kNone) volume.side_m = std::min(volume.side_m, 0.006);
    if (under != Headwear::kNone) volume.top_m = volume.side_m;
    const double shift = static_cast<double>(seed % 101);
    const auto field = [&](const HeadDirection& at, const Point& p) {
        return at.elevation - hairline(at.azimuth, volume.receding) +
               0.05 * noise(p.p * 90.0 + shift);
    };
    hair = shell(data, body, field, [&](const HeadDirection& at, double inside) {
        const double up = smooth_step(0.2, 1.0, at.elevation);
        const double full = std::lerp(volume.side_m, volume.top_m, up) * size;
        const double edge = smooth_step(0.0, 0.16, inside);
        const double part =
            style == HairStyle::kParted || style == HairStyle::kLong || style == HairStyle::kBob
                ? 1 - 0.35 * std::exp(-std::pow(at.azimuth * 3.0, 2)) * up
                : 1.0;
        const double lumps = style == HairStyle::kCurly
                                 ? 1 + 0.22 * noise(Vec3(at.azimuth * 7, at.elevation * 7, shift))
                                 : 1 + 0.25 * noise(Vec3(at.azimuth * 12, at.elevation * 3, shift));
        return 0.0015 + full * edge * part * lumps;
    });
    hair.name = "hair";
    const double top = head_middle(body).z + 0.01 * size;
    const double chin = chin_m(body);
    const double shoulder = places.skeleton().at(Joint::kLeftUpperArm).z + 0.05 * places.scale();
    Piece more;
    if (style == HairStyle::kBob || style == HairStyle::kLong) {
        const Piece cover = take(data, body, "helper-tights");
        const double back = shoulder - 0.16 * places.scale();
        more = curtain(
            body, places, hair, cover, 68 * kDegree, top,
            [&](double azimuth) {
                if (style == HairStyle::kBob) return chin + 0.005 * size;
                return std::lerp(shoulder, back, smooth_step(1.7, 2.5, azimuth));
            },
            style == HairStyle::kBob ? -0.05 : 0.08);
        more.inner_side_m = 0.012 * size;
    } else if (style == HairStyle::kBun) {
        more = ball(head_middle(body) + Vec3(-0.092, 0, 0.055) * size, 0.038 * size, Joint::kHead);
    } else if (style == HairStyle::kPonytail) {
        for (int k = 0; k < 5; ++k) {
            const Vec3 at = head_middle(body) +
                            Vec3(-0.100 - 0.016 * std::sin(k * 0.8), 0, 0.04 - 0.036 * k) * size;
            Piece lock = ball(at, (0.026 - 0.0028 * k) * size, Joint::kHead);
            for (Point& p : lock.points) {
                p.carried = mixed(p.carried, carried_by(Joint::kNeck), 0.18 * k);
            }
            append(more, lock);
        }
    }
    colour_hair(hair, colour);
    hair.most = {460, 150, 30};
    if (more.faces.empty()) return {hair};
    colour_hair(more, colour);
    more.name = "hair's length";
    more.most = {240, 90, 16};
    return {hair, more};
}

Piece make_beard(const BodyData& data, const Body& body, Beard beard, const Vec3& colour) {
    Piece piece;
    if (beard == Beard::kNone || beard == Beard::kStubble) return piece;
    const double size = head_scale(body);
    const Vec3& nose = body.skeleton.key_points[static_cast<std::size_t>(KeyPoint::kNose)];
    const bool full = beard == Beard::kFull;
    piece = shell(
        data, body,
        [&](const HeadDirection& at, const Point& point) {
            // Below the cheekbones' line, in front of the ears, off the lips.
            const double y = std::abs(point.p.y) / size;
            const double line =
                nose.z -
                (0.012 + (full ? 0.10 * std::max(0.0, 0.035 - y) + 0.02 * smooth_step(0.03, 0.05, y)
                               : 0.0)) *
                    size;
            double part = (line - point.p.z) / 0.03;
            const double low = (nose.z - 0.031 * size - point.p.z) / size;
            part = std::min(part, 0.3 * (std::hypot(y / 0.027, low / 0.0115) - 1));
            part = std::min(part, (nose.z - 0.006 * size - point.p.z) / 0.02);
            if (full) {
                const double sides = (80 * kDegree - at.azimuth);
                const double below = (point.p.z - (nose.z - 0.098 * size)) / 0.03;
                return std::min({part, sides, below});
            }
            const double moustache =
                std::min((point.p.z - (nose.z - 0.034 * size)) / 0.02, (0.028 - y) / 0.02);
            return std::min(part, moustache);
        },
        [&](const HeadDirection&, double inside) {
            return 0.0008 + (full ? 0.009 : 0.005) * size * smooth_step(0, 0.4, inside);
        });
    piece.name = "beard";
    colour_hair(piece, colour);
    return piece;
}

namespace {

// Lower edge of caps, hats and helmets.
double hat_edge(double azimuth) {
    static const std::vector<std::pair<double, double>> kLow = {
        {0, 38}, {60, 26}, {90, 20}, {130, 6}, {180, -8}};
    return over(kLow, azimuth);
}
// That of bicycle helmets leaves the temples and the nape free.
double cycle_helmet_edge(double azimuth) {
    static const std::vector<std::pair<double, double>> kLow = {{0, 36},   {45, 33}, {80, 31},
                                                                {110, 20}, {145, 2}, {180, 4}};
    return over(kLow, azimuth);
}

// How dark a bicycle helmet's vents make a place: channels from front to rear.
double vent(const HeadDirection& at, const Vec3& p, double size) {
    const double across = std::abs(p.y) / (0.030 * size);
    const double channel = smooth_step(0.30, 0.42, std::abs(across - std::round(across)));
    const double ends = smooth_step(36 * kDegree, 46 * kDegree, at.elevation);
    const double bridge = smooth_step(0.93, 0.80, std::abs(std::cos(6.5 * at.elevation)));
    return across < 3.2 ? channel * ends * bridge : 0.0;
}

std::vector<Piece> make_scarf(const BodyData& data, const Body& body, const Places& places) {
    const double size = head_scale(body);
    Piece head = shell(
        data, body,
        [&](const HeadDirection&, const Point& point) { return outside_face(body, point); },
        [&](const HeadDirection& at, double) {
            return (0.013 + 0.006 * smooth_step(0.3, 1.0, at.elevation)) * size;
        },
        true);
    const Piece cover = take(data, body, "helper-tights");
    const double chin = chin_m(body) + 0.006 * size;
    const double end = places.chest_m() + 0.02;
    Piece fall = curtain(
        body, places, head, cover, 0.0, chin,
        [&](double azimuth) { return end + 0.03 * std::cos(azimuth * 2); }, -0.22);
    head.rim_m = fall.rim_m = 0.004;
    head.lining_m = fall.lining_m = 0.02;
    return {head, fall};
}

Piece make_crown(const BodyData& data, const Body& body, Headwear kind) {
    const double size = head_scale(body);
    const bool cycling = kind == Headwear::kCycleHelmet;
    const double room = kind == Headwear::kHelmet   ? 0.028
                        : cycling                   ? 0.026
                        : kind == Headwear::kBeanie ? 0.012
                                                    : 0.015;
    Piece crown = shell(
        data, body,
        [&](const HeadDirection& at, const Point&) {
            return at.elevation - (cycling ? cycle_helmet_edge(at.azimuth) : hat_edge(at.azimuth));
        },
        [&](const HeadDirection& at, double) {
            const double tall = kind == Headwear::kHat ? 0.045 : 0.008;
            // Bicycle helmets are longer than heads.
            const double tail = cycling ? 0.016 * smooth_step(2.0, 2.9, at.azimuth) : 0.0;
            return (room + tall * smooth_step(0.6, 1.2, at.elevation) + tail) * size;
        });
    crown.rim_m = 0.006 * size;
    crown.lining_m = 0.004;
    return crown;
}

// Rings outwards from the crown's edge; a cap has them in front only.
Piece make_brim(const Body& body, const Piece& crown, Headwear kind) {
    constexpr int kAround = 40, kOut = 3;
    const double size = head_scale(body);
    const Vec3 middle = head_middle(body);
    Piece brim;
    for (int around = 0; around <= kAround; ++around) {
        const double angle = 2 * kPi * around / kAround;
        const double azimuth = angle > kPi ? 2 * kPi - angle : angle;
        const double elevation = hat_edge(azimuth);
        const Vec3 way(std::cos(angle) * std::cos(elevation), std::sin(angle) * std::cos(elevation),
                       std::sin(elevation));
        double hit = 0.3;
        Vec3 n;
        if (!ray_hit(crown, middle + way * 0.3, -way, hit, n)) hit = 0.3 - 0.10 * size;
        const Vec3 foot = middle + way * (0.3 - hit - 0.004);
        const double width =
            kind == Headwear::kHat
                ? 0.055
                : 0.075 * std::sqrt(std::max(0.0, 1 - std::pow(azimuth / 1.05, 2)));
        for (int out = 0; out <= kOut; ++out) {
            const double t = static_cast<double>(out) / kOut;
            Point point;
            point.p = foot +
                      Vec3(std::cos(angle), std::sin(angle), -0.25 - 0.15 * t) * (width * t * size);
            point.carried = carried_by(Joint::kHead);
            point.weld = static_cast<std::uint32_t>((around % kAround) * (kOut + 1) + out);
            brim.points.push_back(point);
        }
    }
    for (std::uint32_t around = 0; around < kAround; ++around) {
        const double angle = 2 * kPi * (around + 0.5) / kAround;
        if (kind == Headwear::kCap && std::min(angle, 2 * kPi - angle) > 1.0) continue;
        for (std::uint32_t out = 0; out < kOut; ++out) {
            const std::uint32_t a = around * (kOut + 1) + out, b = a + kOut + 1;
            brim.faces.push_back({a, a + 1, b});
            brim.faces.push_back({b, a + 1, b + 1});
        }
    }
    tidy(brim);
    add_normals(brim);
    brim.inner_side_m = 0.003;
    return brim;
}

// A motorcyclist's helmet around the head's middle, open below, with its visor.
Piece make_full_helmet(const Body& body, const Vec3& colour) {
    constexpr std::uint32_t kAround = 40;
    // Elevations of rings, nearer to each other at the visor's edges [degrees].
    static constexpr double kRings[] = {90, 76, 62,  48,  36,  29,  26,  14,
                                        2,  -8, -11, -20, -30, -40, -48, -54};
    constexpr std::uint32_t kDown = std::size(kRings);
    constexpr double kVisor = 68;  // half of its width [degrees]
    const double size = head_scale(body);
    const Vec3 middle = head_middle(body) + Vec3(0.005, 0, 0.012) * size;
    Piece helmet;
    for (std::uint32_t down = 0; down < kDown; ++down) {
        for (std::uint32_t around = 0; around < kAround; ++around) {
            const double elevation = kRings[down] * kDegree, turn = 2 * kPi * around / kAround;
            const Vec3 way(std::cos(elevation) * std::cos(turn),
                           std::cos(elevation) * std::sin(turn), std::sin(elevation));
            // Axes of the shell; its chin stands out, and its lower edge draws in.
            const Vec3 axes(way.x > 0 ? 0.152 : 0.140, 0.128, way.z > 0 ? 0.142 : 0.185);
            const double chin = 0.012 * smooth_step(-10 * kDegree, -32 * kDegree, elevation) *
                                smooth_step(0.2, 0.8, way.x);
            const double azimuth = std::min(turn, 2 * kPi - turn) / kDegree;
            const bool visor = azimuth < kVisor && kRings[down] < 27 && kRings[down] > -9;
            Point point;
            point.p =
                middle + way * ((1 / glm::length(way / axes) + chin - (visor ? 0.003 : 0)) * size);
            point.carried = carried_by(Joint::kHead);
            point.matter = visor ? Matter::kEye : Matter::kPlastic;
            point.colour = visor ? Vec3(0.012, 0.013, 0.016) : colour;
            if (kRings[down] < -47) point.colour = Vec3(0.02);
            point.importance = 1.5;
            point.weld = down == 0 ? 0 : 1 + down * kAround + around;
            helmet.points.push_back(point);
        }
    }
    for (std::uint32_t down = 0; down + 1 < kDown; ++down) {
        for (std::uint32_t around = 0; around < kAround; ++around) {
            const std::uint32_t a = down * kAround + around,
                                b = down * kAround + (around + 1) % kAround;
            helmet.faces.push_back({a, a + kAround, b + kAround});
            if (down > 0) helmet.faces.push_back({a, b + kAround, b});
        }
    }
    tidy(helmet);
    add_normals(helmet);
    helmet.rim_m = 0.02 * size;
    helmet.lining_m = 0.03 * size;
    helmet.name = "headwear";
    helmet.most = {900, 300, 60};
    return helmet;
}

}  // namespace

double scarf_covers_m(const Body& body, const Point& point) {
    if (share_of(point.carried, {Joint::kHead}) < 0.5) return -1;
    return 0.2 * (outside_face(body, point) - 0.15);
}

std::vector<Piece> make_headwear(const BodyData& data, const Body& body, const Places& places,
                                 Headwear kind, const Vec3& colour) {
    if (kind == Headwear::kNone) return {};
    if (kind == Headwear::kFullHelmet) return {make_full_helmet(body, colour)};
    const bool hard = kind == Headwear::kHelmet || kind == Headwear::kCycleHelmet;
    std::vector<Piece> pieces;
    if (kind == Headwear::kHeadscarf) {
        pieces = make_scarf(data, body, places);
    } else {
        pieces.push_back(make_crown(data, body, kind));
    }
    if (kind == Headwear::kCap || kind == Headwear::kHat) {
        pieces.push_back(make_brim(body, pieces.front(), kind));
    }
    for (Piece& piece : pieces) {
        for (Point& point : piece.points) {
            point.matter = hard ? Matter::kPlastic : Matter::kCloth;
            point.colour = colour * (1 + 0.03 * noise(point.p * 40.0));
            if (kind == Headwear::kCycleHelmet) {
                const double dark = vent(head_direction(body, point.p), point.p, head_scale(body));
                point.colour = glm::mix(point.colour, Vec3(0.012), dark);
                // Levels of detail keep its edge.
                const HeadDirection at = head_direction(body, point.p);
                if (at.elevation - cycle_helmet_edge(at.azimuth) < 0.15) point.importance = 6;
            }
        }
        piece.name = "headwear";
        piece.most = {260, 100, 20};
        if (kind == Headwear::kCycleHelmet) piece.most = {520, 130, 20};
    }
    return pieces;
}

Piece make_glasses(const Body& body, const Piece& skin, const Vec3& colour) {
    const double size = head_scale(body);
    Piece piece;
    const auto bar = [&](const Vec3& a, const Vec3& b, double half) {
        const Vec3 along = glm::normalize(b - a);
        const Vec3 side = glm::normalize(
            glm::cross(along, std::abs(along.z) < 0.9 ? Vec3(0, 0, 1) : Vec3(1, 0, 0)));
        const Vec3 up = glm::cross(side, along);
        const auto first = static_cast<std::uint32_t>(piece.points.size());
        for (const Vec3& end : {a, b}) {
            for (int k = 0; k < 4; ++k) {
                const double turn = kPi / 4 + kPi / 2 * k;
                Point point;
                point.n = side * std::cos(turn) + up * std::sin(turn);
                point.p = end + point.n * (half * 1.3);
                point.carried = carried_by(Joint::kHead);
                point.matter = Matter::kPlastic;
                point.colour = colour;
                point.weld = static_cast<std::uint32_t>(piece.points.size());
                piece.points.push_back(point);
            }
        }
        for (std::uint32_t k = 0; k < 4; ++k) {
            const std::uint32_t i = first + k, j = first + (k + 1) % 4;
            piece.faces.push_back({i, j + 4, j});
            piece.faces.push_back({i, i + 4, j + 4});
        }
    };
    const Vec3& eye = body.skeleton.at(Joint::kLeftEye);
    double front = 0.3;
    Vec3 n;
    // Before the nose's bridge.
    if (!ray_hit(skin, Vec3(eye.x + 0.3, 0, eye.z - 0.006 * size), Vec3(-1, 0, 0), front, n)) {
        front = 0.28;
    }
    const double x = std::max(eye.x + 0.3 - front + 0.002, eye.x + 0.024 * size);
    for (const double side : {1.0, -1.0}) {
        constexpr int kAround = 10;
        const auto rim = [&](int k) {
            const double turn = 2 * kPi * k / kAround;
            const double c = std::cos(turn), s = std::sin(turn);
            const auto square = [](double v) {
                return std::copysign(std::pow(std::abs(v), 0.7), v);
            };
            const double y = 0.025 * square(c) * size;
            return Vec3(x - 0.15 * std::max(0.0, y), side * (eye.y + 0.002 * size + y),
                        eye.z - 0.003 * size + 0.018 * square(s) * size);
        };
        for (int k = 0; k < kAround; ++k) bar(rim(k), rim(k + 1), 0.0011 * size);
        const Vec3& ear = body.skeleton.key_points[static_cast<std::size_t>(KeyPoint::kLeftEar)];
        bar(rim(0) + Vec3(0, 0, 0.008 * size),
            Vec3(ear.x, side * (ear.y - 0.006 * size), ear.z + 0.03 * size), 0.0013 * size);
        bar(rim(kAround / 2) + Vec3(0, 0, 0.003), Vec3(x, 0, eye.z + 0.003 * size), 0.0012 * size);
    }
    piece.name = "glasses";
    return piece;
}

}  // namespace huntsman::scenarios::people
