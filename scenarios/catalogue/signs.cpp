#include "scenarios/catalogue/signs.h"

#include <algorithm>

#include "scenarios/catalogue/lettering.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::Mesh;
using engine::world::MeshLod;

namespace {

// Layers of a plate, as distances from its back [m]: apart enough for any depth buffer.
constexpr double kBorderLayer_m = 0.010, kFaceLayer_m = 0.014, kInkLayer_m = 0.018,
                 kSlashLayer_m = 0.022;

constexpr double kLineGap = 0.35;  // between lines of text, of a letter's height

// Corners of a shape that fills [-1, 1] in both directions, counter-clockwise; x to the reader's
// right, y up.
std::vector<Vec2> outline(SignShape shape, int sides) {
    std::vector<Vec2> points;
    const auto ring = [&](int count, double turn, double radius) {
        for (int i = 0; i < count; ++i) {
            const double a = turn + 2 * math::kPi * i / count;
            points.emplace_back(radius * std::cos(a), radius * std::sin(a));
        }
    };
    switch (shape) {
        case SignShape::kDisc:
            ring(sides, 0, 1);
            break;
        case SignShape::kTriangle:
            points = {{-1, -0.87}, {1, -0.87}, {0, 0.87}};
            break;
        case SignShape::kTriangleDown:
            points = {{-1, 0.87}, {0, -0.87}, {1, 0.87}};
            break;
        case SignShape::kOctagon:
            ring(8, math::kPi / 8, 1.0 / std::cos(math::kPi / 8));
            break;
        case SignShape::kDiamond:
            ring(4, 0, 1);
            break;
        case SignShape::kRectangle:
            points = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
            break;
        case SignShape::kPentagon:
            points = {{-1, -1}, {1, -1}, {1, 0.15}, {0, 1}, {-1, 0.15}};
            break;
        case SignShape::kShield:
            points = {{0, -1},   {0.7, -0.55}, {1, 0.1},    {0.8, 0.9}, {0.4, 0.8},
                      {0, 0.95}, {-0.4, 0.8},  {-0.8, 0.9}, {-1, 0.1},  {-0.7, -0.55}};
            break;
    }
    return points;
}

// The shape moved inwards by `by` on all sides (convex shapes; the shield shrinks instead).
std::vector<Vec2> inset(const std::vector<Vec2>& shape, double by, bool convex) {
    std::vector<Vec2> out;
    const std::size_t n = shape.size();
    for (std::size_t i = 0; i < n; ++i) {
        const Vec2 &a = shape[(i + n - 1) % n], &p = shape[i], &b = shape[(i + 1) % n];
        if (!convex) {
            out.push_back((1 - by) * p);
            continue;
        }
        const Vec2 na = math::perp(glm::normalize(p - a)), nb = math::perp(glm::normalize(b - p));
        out.push_back(p + by / (1 + glm::dot(na, nb)) * (na + nb));
    }
    return out;
}

// Draws on a plate: x to the reader's right, y up, the unit is half the sign's smaller side.
class Pen {
  public:
    Pen(MeshBuilder& builder, double unit_m, double layer_m)
        : builder_(builder), unit_(unit_m), layer_(layer_m) {}

    void polygon(const std::vector<Vec2>& points) {
        std::vector<Vec3> corners;
        for (const Vec2& p : points) corners.emplace_back(layer_, unit_ * p.x, unit_ * p.y);
        builder_.face(corners);
    }
    void stroke(const Vec2& a, const Vec2& b, double width) {
        const double length = glm::length(b - a);
        if (length < 1e-6) return;
        const Vec2 along = (b - a) / length, side = 0.5 * width * math::perp(along);
        // Ends reach over, so that strokes join.
        const Vec2 p = a - 0.5 * width * along, q = b + 0.5 * width * along;
        polygon({p - side, q - side, q + side, p + side});
    }
    void line(const std::vector<Vec2>& points, double width) {
        for (std::size_t i = 0; i + 1 < points.size(); ++i) {
            stroke(points[i], points[i + 1], width);
        }
    }
    void disc(const Vec2& centre, double radius, int sides = 10) {
        std::vector<Vec2> points;
        for (int i = 0; i < sides; ++i) {
            points.push_back(centre + radius * math::direction(2 * math::kPi * i / sides));
        }
        polygon(points);
    }
    void circle(const Vec2& centre, double radius, double width, int sides = 12) {
        for (int i = 0; i < sides; ++i) {
            stroke(centre + radius * math::direction(2 * math::kPi * i / sides),
                   centre + radius * math::direction(2 * math::kPi * (i + 1) / sides), width);
        }
    }
    // A head of an arrow at `tip`, pointing along `way`.
    void head(const Vec2& tip, const Vec2& way, double size) {
        const Vec2 side = math::perp(way);
        polygon({tip, tip - size * way + 0.8 * size * side, tip - size * way - 0.8 * size * side});
    }
    void arrow(const std::vector<Vec2>& points, double width) {
        const Vec2 tip = points.back();
        const Vec2 way = glm::normalize(tip - points[points.size() - 2]);
        std::vector<Vec2> shaft = points;
        shaft.back() = tip - 2.0 * width * way;
        line(shaft, width);
        head(tip, way, 2.4 * width);
    }
    void text(const std::string& words, const Vec2& centre, double height) {
        for (const auto& [a, b] : lettering(words, height)) {
            stroke(centre + a, centre + b, height / 6.5);
        }
    }
    void walker(const Vec2& feet, double height) {
        const auto p = [&](double x, double y) { return feet + height * Vec2(x, y); };
        disc(p(0.05, 0.9), 0.1 * height, 8);
        line({p(0.02, 0.75), p(-0.02, 0.42)}, 0.16 * height);
        line({p(-0.02, 0.42), p(0.2, 0.22), p(0.24, 0.0)}, 0.1 * height);
        line({p(-0.02, 0.42), p(-0.12, 0.2), p(-0.28, 0.02)}, 0.1 * height);
        line({p(0.02, 0.72), p(0.2, 0.52), p(0.32, 0.5)}, 0.08 * height);
        line({p(0.0, 0.72), p(-0.18, 0.55), p(-0.2, 0.42)}, 0.08 * height);
    }

  private:
    MeshBuilder& builder_;
    double unit_, layer_;
};

// `wide`: the sign's width over its height, where that is more than 1.
void draw(Pen& pen, SignSymbol symbol, double wide) {
    using S = SignSymbol;
    switch (symbol) {
        case S::kBlank:
        case S::kPriorityRoad:
        case S::kEnd:
            break;
        case S::kBar:
            pen.polygon({{-0.72, -0.14}, {0.72, -0.14}, {0.72, 0.14}, {-0.72, 0.14}});
            break;
        case S::kArrowUp:
            pen.arrow({{0, -0.65}, {0, 0.65}}, 0.2);
            break;
        case S::kArrowLeft:
            pen.arrow({{0.75 * wide, 0}, {-0.75 * wide, 0}}, 0.24);
            break;
        case S::kArrowRight:
            pen.arrow({{-0.75 * wide, 0}, {0.75 * wide, 0}}, 0.24);
            break;
        case S::kArrowDownRight:
            pen.arrow({{-0.45, 0.45}, {0.45, -0.45}}, 0.2);
            break;
        case S::kTurnLeft:
            pen.arrow({{0.25, -0.6}, {0.25, 0.25}, {-0.5, 0.25}}, 0.18);
            break;
        case S::kTurnRight:
            pen.arrow({{-0.25, -0.6}, {-0.25, 0.25}, {0.5, 0.25}}, 0.18);
            break;
        case S::kUTurn:
            pen.arrow({{0.3, -0.55}, {0.3, 0.3}, {0.0, 0.5}, {-0.3, 0.3}, {-0.3, -0.35}}, 0.16);
            break;
        case S::kRoundabout:
            for (int i = 0; i < 3; ++i) {
                const double a = 2 * math::kPi * i / 3 + 0.4;
                const auto at = [&](double turn) { return 0.55 * math::direction(turn); };
                pen.line({at(a), at(a - 0.5), at(a - 1.0)}, 0.16);
                pen.head(at(a - 1.55), math::direction(a - 1.3 - 0.5 * math::kPi), 0.34);
            }
            break;
        case S::kPedestrian:
            pen.walker({-0.02, -0.62}, 1.2);
            break;
        case S::kChildren:
            pen.walker({-0.25, -0.6}, 1.0);
            pen.walker({0.3, -0.6}, 0.75);
            break;
        case S::kZebra:
            pen.walker({0.0, -0.5}, 1.1);
            for (const double x : {-0.6, -0.2, 0.2, 0.6}) pen.stroke({x, -0.72}, {x, -0.58}, 0.2);
            break;
        case S::kWorker:
            pen.disc({-0.05, 0.42}, 0.12, 8);
            pen.line({{-0.1, 0.25}, {-0.25, -0.1}}, 0.2);
            pen.line({{-0.25, -0.1}, {0.0, -0.3}, {-0.05, -0.6}}, 0.12);
            pen.line({{-0.25, -0.1}, {-0.35, -0.35}, {-0.55, -0.6}}, 0.12);
            pen.line({{-0.1, 0.22}, {0.2, 0.0}, {0.3, -0.2}}, 0.1);
            pen.line({{0.05, 0.15}, {0.45, -0.45}}, 0.07);
            pen.polygon({{0.2, -0.6}, {0.75, -0.6}, {0.48, -0.3}});
            break;
        case S::kBicycle:
            pen.circle({-0.4, -0.2}, 0.27, 0.08);
            pen.circle({0.4, -0.2}, 0.27, 0.08);
            pen.line({{-0.4, -0.2}, {-0.15, 0.2}, {0.25, 0.2}, {0.4, -0.2}}, 0.08);
            pen.line({{-0.4, -0.2}, {0.0, -0.2}, {0.25, 0.2}, {0.2, 0.36}, {0.36, 0.36}}, 0.08);
            pen.line({{0.0, -0.2}, {-0.2, 0.32}}, 0.08);
            break;
        case S::kCar:
            pen.polygon({{-0.6, -0.28}, {0.6, -0.28}, {0.6, 0.02}, {-0.6, 0.02}});
            pen.polygon({{-0.4, 0.02}, {0.4, 0.02}, {0.28, 0.32}, {-0.28, 0.32}});
            pen.disc({-0.36, -0.3}, 0.13, 8);
            pen.disc({0.36, -0.3}, 0.13, 8);
            break;
        case S::kTruck:
            pen.polygon({{-0.65, -0.25}, {0.2, -0.25}, {0.2, 0.4}, {-0.65, 0.4}});
            pen.polygon({{0.26, -0.25}, {0.65, -0.25}, {0.65, 0.0}, {0.5, 0.22}, {0.26, 0.22}});
            pen.disc({-0.38, -0.3}, 0.13, 8);
            pen.disc({0.42, -0.3}, 0.13, 8);
            break;
        case S::kCurveLeft:
            pen.arrow({{0.2, -0.6}, {0.2, -0.15}, {0.05, 0.15}, {-0.3, 0.5}}, 0.17);
            break;
        case S::kCurveRight:
            pen.arrow({{-0.2, -0.6}, {-0.2, -0.15}, {-0.05, 0.15}, {0.3, 0.5}}, 0.17);
            break;
        case S::kDoubleCurve:
            pen.arrow({{0.15, -0.6}, {0.15, -0.35}, {-0.15, -0.05}, {0.1, 0.2}, {0.1, 0.6}}, 0.16);
            break;
        case S::kNarrow:
            pen.line({{-0.35, -0.6}, {-0.35, -0.15}, {-0.14, 0.1}, {-0.14, 0.5}}, 0.12);
            pen.line({{0.35, -0.6}, {0.35, -0.15}, {0.14, 0.1}, {0.14, 0.5}}, 0.12);
            break;
        case S::kTwoWay:
            pen.arrow({{0.2, -0.5}, {0.2, 0.5}}, 0.15);
            pen.arrow({{-0.2, 0.5}, {-0.2, -0.5}}, 0.15);
            break;
        case S::kSignals:
            break;  // coloured; drawn apart
        case S::kCrossroads:
            pen.stroke({-0.35, -0.45}, {0.35, 0.35}, 0.17);
            pen.stroke({0.35, -0.45}, {-0.35, 0.35}, 0.17);
            break;
        case S::kPriorityHere:
            pen.arrow({{0, -0.6}, {0, 0.6}}, 0.22);
            pen.stroke({-0.4, -0.1}, {0.4, -0.1}, 0.1);
            break;
        case S::kMotorway:
            pen.line({{-0.55, -0.7}, {-0.2, 0.6}}, 0.16);
            pen.line({{0.55, -0.7}, {0.2, 0.6}}, 0.16);
            pen.stroke({0, -0.7}, {0, -0.35}, 0.1);
            pen.stroke({0, -0.1}, {0, 0.15}, 0.1);
            pen.stroke({-0.75, 0.3}, {0.75, 0.3}, 0.14);
            break;
        case S::kDeadEnd:
            pen.stroke({0, -0.65}, {0, 0.35}, 0.26);
            break;  // the red bar is drawn apart
        case S::kChevron:
            pen.polygon(
                {{-0.5, -0.9}, {-0.05, -0.9}, {0.5, 0}, {-0.05, 0.9}, {-0.5, 0.9}, {0.05, 0}});
            break;
        case S::kMerge:
            pen.arrow({{-0.05, -0.6}, {-0.05, 0.6}}, 0.17);
            pen.line({{0.4, -0.6}, {0.4, -0.2}, {0.0, 0.15}}, 0.14);
            break;
    }
}

MeshLod level(const SignFace& sign, int sides, int detail) {
    MeshBuilder builder;
    const double half_w = 0.5 * sign.width_m, half_h = 0.5 * sign.height_m;
    const double unit = std::min(half_w, half_h);
    const bool convex = sign.shape != SignShape::kShield;
    // In units of the smaller half side.
    std::vector<Vec2> shape = outline(sign.shape, sides);
    for (Vec2& p : shape) p *= Vec2(half_w / unit, half_h / unit);
    const bool bordered = detail < 2 && sign.border_share > 0;

    std::vector<Vec3> back;
    for (auto p = shape.rbegin(); p != shape.rend(); ++p) {
        back.emplace_back(0.0, unit * p->x, unit * p->y);
    }
    builder.use(Material::kSign, kSignGrey);
    builder.face(back);
    builder.use(Material::kSign, bordered ? sign.border : sign.face);
    Pen(builder, unit, kBorderLayer_m).polygon(shape);
    if (bordered) {
        builder.use(Material::kSign, sign.face);
        Pen(builder, unit, kFaceLayer_m).polygon(inset(shape, sign.border_share, convex));
    }
    if (detail > 0) return builder.finish();

    builder.use(Material::kSign, sign.ink);
    Pen pen(builder, unit, kInkLayer_m);
    // Triangles have their weight below the middle.
    const bool triangle = sign.shape == SignShape::kTriangle;
    const double scale = triangle ? 0.52 : sign.shape == SignShape::kDiamond ? 0.58 : 0.8;
    Pen symbol(builder, scale * unit, kInkLayer_m);
    if (triangle) {
        builder.place({math::Quat(1, 0, 0, 0), Vec3(0, 0, -0.26 * unit)});
    }
    draw(symbol, sign.symbol, std::max(1.0, sign.width_m / sign.height_m));
    if (sign.symbol == SignSymbol::kSignals) {
        const Colour lamps[] = {kSignRed, kSignYellow, kSignGreen};
        builder.use(Material::kSign, kSignBlack);
        symbol.polygon({{-0.3, -0.75}, {0.3, -0.75}, {0.3, 0.75}, {-0.3, 0.75}});
        Pen lamp(builder, scale * unit, kSlashLayer_m);
        for (int i = 0; i < 3; ++i) {
            builder.use(Material::kSign, lamps[i]);
            lamp.disc({0, 0.48 - 0.48 * i}, 0.18, 8);
        }
    }
    if (sign.symbol == SignSymbol::kPriorityRoad) {
        builder.use(Material::kSign, kSignYellow);
        pen.polygon(inset(shape, 0.3, convex));
    }
    if (sign.symbol == SignSymbol::kDeadEnd) {
        builder.use(Material::kSign, kSignRed);
        Pen(builder, scale * unit, kSlashLayer_m).stroke({-0.45, 0.45}, {0.45, 0.45}, 0.26);
    }
    builder.place({});

    // Text: as large as fits, one to three lines.
    if (!sign.text.empty()) {
        std::vector<std::string> lines(1);
        for (const char c : sign.text) {
            if (c == '\n' && lines.size() < 3) {
                lines.emplace_back();
            } else {
                lines.back() += c == '\n' ? ' ' : c;
            }
        }
        // Figures among words are twice as large.
        std::vector<double> scales;
        double widest = 0, tall = -kLineGap;
        for (const std::string& line : lines) {
            const bool figures = lines.size() > 1 && !line.empty() &&
                                 line.find_first_not_of("0123456789") == std::string::npos;
            scales.push_back(figures ? 2.0 : 1.0);
            widest = std::max(widest, lettering_width(line, scales.back()));
            tall += scales.back() + kLineGap;
        }
        const double room_w = (sign.shape == SignShape::kDisc      ? 1.25
                               : sign.shape == SignShape::kDiamond ? 1.1
                               : sign.shape == SignShape::kOctagon ? 1.5
                               : triangle                          ? 0.7
                                                                   : 1.7) *
                              half_w / unit;
        const double room_h = (sign.symbol == SignSymbol::kBlank ? 1.6 : 0.5) * half_h / unit;
        const double height = std::min({widest > 0 ? room_w / widest : 1.0, room_h / tall,
                                        sign.shape == SignShape::kDisc ? 0.8 : 1.2});
        builder.use(Material::kSign, sign.ink);
        double top = 0.5 * height * tall;
        if (sign.symbol != SignSymbol::kBlank) top += -0.72 * half_h / unit;
        if (triangle) top -= 0.26;
        for (std::size_t k = 0; k < lines.size(); ++k) {
            pen.text(lines[k], {0, top - 0.5 * scales[k] * height}, scales[k] * height);
            top -= (scales[k] + kLineGap) * height;
        }
    }
    if (sign.crossed || sign.symbol == SignSymbol::kEnd) {
        builder.use(Material::kSign, sign.crossed ? kSignRed : kSignBlack);
        Pen slash(builder, unit, kSlashLayer_m);
        const double s = sign.crossed ? -1.0 : 1.0;
        slash.stroke({-0.62, -0.62 * s}, {0.62, 0.62 * s}, 0.14);
    }
    return builder.finish();
}

}  // namespace

Mesh sign_plate(const SignFace& face) {
    Mesh mesh;
    mesh.name = "sign";
    mesh.lods = {level(face, 24, 0), level(face, 16, 1), level(face, 8, 2)};
    // Errors say from where a symbol, then a border, is too small to be made out: letters are a
    // third of the sign's height, borders a tenth.
    const auto size = static_cast<float>(std::min(face.width_m, face.height_m));
    mesh.lods[1].error_m = 0.2F * size;
    mesh.lods[2].error_m = 0.5F * size;
    engine::world::update_bounds(mesh);
    return mesh;
}

Mesh sign_post(double height_m, double radius_m) {
    const auto one = [&](int sides) {
        MeshBuilder builder;
        builder.use(Material::kMetal, {0.55F, 0.57F, 0.58F});
        builder.tube({0, 0, -0.2}, {0, 0, height_m}, radius_m, radius_m, sides, true);
        return builder.finish();
    };
    Mesh mesh;
    mesh.name = "post";
    mesh.lods = {one(8), one(4)};
    mesh.lods[1].error_m = static_cast<float>(0.3 * radius_m);
    engine::world::update_bounds(mesh);
    return mesh;
}

}  // namespace huntsman::scenarios::catalogue
