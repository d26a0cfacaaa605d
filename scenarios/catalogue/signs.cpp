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
        corners.reserve(points.size());
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

void draw_roundabout(Pen& pen) {
    for (int i = 0; i < 3; ++i) {
        const double a = 2 * math::kPi * i / 3 + 0.4;
        const auto at = [&](double turn) { return 0.55 * math::direction(turn); };
        pen.line({at(a), at(a - 0.5), at(a - 1.0)}, 0.16);
        pen.head(at(a - 1.55), math::direction(a - 1.3 - 0.5 * math::kPi), 0.34);
    }
}

void draw_children(Pen& pen) {
    pen.walker({-0.25, -0.6}, 1.0);
    pen.walker({0.3, -0.6}, 0.75);
}

void draw_zebra(Pen& pen) {
    pen.walker({0.0, -0.5}, 1.1);
    for (const double x : {-0.6, -0.2, 0.2, 0.6}) pen.stroke({x, -0.72}, {x, -0.58}, 0.2);
}

void draw_worker(Pen& pen) {
    pen.disc({-0.05, 0.42}, 0.12, 8);
    pen.line({{-0.1, 0.25}, {-0.25, -0.1}}, 0.2);
    pen.line({{-0.25, -0.1}, {0.0, -0.3}, {-0.05, -0.6}}, 0.12);
    pen.line({{-0.25, -0.1}, {-0.35, -0.35}, {-0.55, -0.6}}, 0.12);
    pen.line({{-0.1, 0.22}, {0.2, 0.0}, {0.3, -0.2}}, 0.1);
    pen.line({{0.05, 0.15}, {0.45, -0.45}}, 0.07);
    pen.polygon({{0.2, -0.6}, {0.75, -0.6}, {0.48, -0.3}});
}

void draw_bicycle(Pen& pen) {
    pen.circle({-0.4, -0.2}, 0.27, 0.08);
    pen.circle({0.4, -0.2}, 0.27, 0.08);
    pen.line({{-0.4, -0.2}, {-0.15, 0.2}, {0.25, 0.2}, {0.4, -0.2}}, 0.08);
    pen.line({{-0.4, -0.2}, {0.0, -0.2}, {0.25, 0.2}, {0.2, 0.36}, {0.36, 0.36}}, 0.08);
    pen.line({{0.0, -0.2}, {-0.2, 0.32}}, 0.08);
}

void draw_car(Pen& pen) {
    pen.polygon({{-0.6, -0.28}, {0.6, -0.28}, {0.6, 0.02}, {-0.6, 0.02}});
    pen.polygon({{-0.4, 0.02}, {0.4, 0.02}, {0.28, 0.32}, {-0.28, 0.32}});
    pen.disc({-0.36, -0.3}, 0.13, 8);
    pen.disc({0.36, -0.3}, 0.13, 8);
}

void draw_truck(Pen& pen) {
    pen.polygon({{-0.65, -0.25}, {0.2, -0.25}, {0.2, 0.4}, {-0.65, 0.4}});
    pen.polygon({{0.26, -0.25}, {0.65, -0.25}, {0.65, 0.0}, {0.5, 0.22}, {0.26, 0.22}});
    pen.disc({-0.38, -0.3}, 0.13, 8);
    pen.disc({0.42, -0.3}, 0.13, 8);
}

void draw_narrow(Pen& pen) {
    pen.line({{-0.35, -0.6}, {-0.35, -0.15}, {-0.14, 0.1}, {-0.14, 0.5}}, 0.12);
    pen.line({{0.35, -0.6}, {0.35, -0.15}, {0.14, 0.1}, {0.14, 0.5}}, 0.12);
}

void draw_two_way(Pen& pen) {
    pen.arrow({{0.2, -0.5}, {0.2, 0.5}}, 0.15);
    pen.arrow({{-0.2, 0.5}, {-0.2, -0.5}}, 0.15);
}

void draw_crossroads(Pen& pen) {
    pen.stroke({-0.35, -0.45}, {0.35, 0.35}, 0.17);
    pen.stroke({0.35, -0.45}, {-0.35, 0.35}, 0.17);
}

void draw_priority_here(Pen& pen) {
    pen.arrow({{0, -0.6}, {0, 0.6}}, 0.22);
    pen.stroke({-0.4, -0.1}, {0.4, -0.1}, 0.1);
}

void draw_motorway(Pen& pen) {
    pen.line({{-0.55, -0.7}, {-0.2, 0.6}}, 0.16);
    pen.line({{0.55, -0.7}, {0.2, 0.6}}, 0.16);
    pen.stroke({0, -0.7}, {0, -0.35}, 0.1);
    pen.stroke({0, -0.1}, {0, 0.15}, 0.1);
    pen.stroke({-0.75, 0.3}, {0.75, 0.3}, 0.14);
}

void draw_merge(Pen& pen) {
    pen.arrow({{-0.05, -0.6}, {-0.05, 0.6}}, 0.17);
    pen.line({{0.4, -0.6}, {0.4, -0.2}, {0.0, 0.15}}, 0.14);
}

// `wide`: the sign's width over its height, where that is more than 1.
void draw(Pen& pen, SignSymbol symbol, double wide) {
    using S = SignSymbol;
    switch (symbol) {
        case S::kBlank:
        case S::kPriorityRoad:
        case S::kEnd:
            return;
        case S::kBar:
            return pen.polygon({{-0.72, -0.14}, {0.72, -0.14}, {0.72, 0.14}, {-0.72, 0.14}});
        case S::kArrowUp:
            return pen.arrow({{0, -0.65}, {0, 0.65}}, 0.2);
        case S::kArrowLeft:
            return pen.arrow({{0.75 * wide, 0}, {-0.75 * wide, 0}}, 0.24);
        case S::kArrowRight:
            return pen.arrow({{-0.75 * wide, 0}, {0.75 * wide, 0}}, 0.24);
        case S::kArrowDownRight:
            return pen.arrow({{-0.45, 0.45}, {0.45, -0.45}}, 0.2);
        case S::kTurnLeft:
            return pen.arrow({{0.25, -0.6}, {0.25, 0.25}, {-0.5, 0.25}}, 0.18);
        case S::kTurnRight:
            return pen.arrow({{-0.25, -0.6}, {-0.25, 0.25}, {0.5, 0.25}}, 0.18);
        case S::kUTurn:
            return pen.arrow({{0.3, -0.55}, {0.3, 0.3}, {0.0, 0.5}, {-0.3, 0.3}, {-0.3, -0.35}},
                             0.16);
        case S::kRoundabout:
            return draw_roundabout(pen);
        case S::kPedestrian:
            return pen.walker({-0.02, -0.62}, 1.2);
        case S::kChildren:
            return draw_children(pen);
        case S::kZebra:
            return draw_zebra(pen);
        case S::kWorker:
            return draw_worker(pen);
        case S::kBicycle:
            return draw_bicycle(pen);
        case S::kCar:
            return draw_car(pen);
        case S::kTruck:
            return draw_truck(pen);
        case S::kCurveLeft:
            return pen.arrow({{0.2, -0.6}, {0.2, -0.15}, {0.05, 0.15}, {-0.3, 0.5}}, 0.17);
        case S::kCurveRight:
            return pen.arrow({{-0.2, -0.6}, {-0.2, -0.15}, {-0.05, 0.15}, {0.3, 0.5}}, 0.17);
        case S::kDoubleCurve:
            return pen.arrow({{0.15, -0.6}, {0.15, -0.35}, {-0.15, -0.05}, {0.1, 0.2}, {0.1, 0.6}},
                             0.16);
        case S::kNarrow:
            return draw_narrow(pen);
        case S::kTwoWay:
            return draw_two_way(pen);
        case S::kSignals:
            return;  // coloured; drawn apart
        case S::kCrossroads:
            return draw_crossroads(pen);
        case S::kPriorityHere:
            return draw_priority_here(pen);
        case S::kMotorway:
            return draw_motorway(pen);
        case S::kDeadEnd:  // the red bar is drawn apart
            return pen.stroke({0, -0.65}, {0, 0.35}, 0.26);
        case S::kChevron:
            return pen.polygon(
                {{-0.5, -0.9}, {-0.05, -0.9}, {0.5, 0}, {-0.05, 0.9}, {-0.5, 0.9}, {0.05, 0}});
        case S::kMerge:
            return draw_merge(pen);
    }
}

// One plate at a level of detail: 0 all, 1 without symbol and text, 2 without its border too.
class Plate {
  public:
    Plate(const SignFace& sign, int sides, int detail)
        : sign_(sign),
          detail_(detail),
          half_w_(0.5 * sign.width_m),
          half_h_(0.5 * sign.height_m),
          unit_(std::min(half_w_, half_h_)),
          shape_(outline(sign.shape, sides)) {
        for (Vec2& p : shape_) p *= Vec2(half_w_ / unit_, half_h_ / unit_);
    }

    MeshLod build() {
        add_sheet();
        if (detail_ == 0) {
            add_symbol();
            if (!sign_.text.empty()) add_text();
            if (sign_.crossed || sign_.symbol == SignSymbol::kEnd) add_slash();
        }
        return builder_.finish();
    }

  private:
    bool convex() const { return sign_.shape != SignShape::kShield; }
    bool triangle() const { return sign_.shape == SignShape::kTriangle; }

    // Back, border and face.
    void add_sheet() {
        const bool bordered = detail_ < 2 && sign_.border_share > 0;
        std::vector<Vec3> back;
        for (auto p = shape_.rbegin(); p != shape_.rend(); ++p) {
            back.emplace_back(0.0, unit_ * p->x, unit_ * p->y);
        }
        builder_.use(Material::kSign, kSignGrey);
        builder_.face(back);
        builder_.use(Material::kSign, bordered ? sign_.border : sign_.face);
        Pen(builder_, unit_, kBorderLayer_m).polygon(shape_);
        if (bordered) {
            builder_.use(Material::kSign, sign_.face);
            Pen(builder_, unit_, kFaceLayer_m).polygon(inset(shape_, sign_.border_share, convex()));
        }
    }

    void add_symbol() {
        builder_.use(Material::kSign, sign_.ink);
        const double scale = triangle() ? 0.52 : sign_.shape == SignShape::kDiamond ? 0.58 : 0.8;
        Pen symbol(builder_, scale * unit_, kInkLayer_m),
            over(builder_, scale * unit_, kSlashLayer_m);
        // Triangles have their weight below the middle.
        if (triangle()) builder_.place({math::Quat(1, 0, 0, 0), Vec3(0, 0, -0.26 * unit_)});
        draw(symbol, sign_.symbol, std::max(1.0, sign_.width_m / sign_.height_m));
        if (sign_.symbol == SignSymbol::kSignals) {
            const Colour lamps[] = {kSignRed, kSignYellow, kSignGreen};
            builder_.use(Material::kSign, kSignBlack);
            symbol.polygon({{-0.3, -0.75}, {0.3, -0.75}, {0.3, 0.75}, {-0.3, 0.75}});
            for (int i = 0; i < 3; ++i) {
                builder_.use(Material::kSign, lamps[i]);
                over.disc({0, 0.48 - 0.48 * i}, 0.18, 8);
            }
        }
        if (sign_.symbol == SignSymbol::kPriorityRoad) {
            builder_.use(Material::kSign, kSignYellow);
            Pen(builder_, unit_, kInkLayer_m).polygon(inset(shape_, 0.3, convex()));
        }
        if (sign_.symbol == SignSymbol::kDeadEnd) {
            builder_.use(Material::kSign, kSignRed);
            over.stroke({-0.45, 0.45}, {0.45, 0.45}, 0.26);
        }
        builder_.place({});
    }

    // One to three lines.
    std::vector<std::string> text_lines() const {
        std::vector<std::string> lines(1);
        for (const char c : sign_.text) {
            if (c == '\n' && lines.size() < 3) {
                lines.emplace_back();
            } else {
                lines.back() += c == '\n' ? ' ' : c;
            }
        }
        return lines;
    }

    // As large as fits.
    void add_text() {
        const std::vector<std::string> lines = text_lines();
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
        const bool alone = sign_.symbol == SignSymbol::kBlank;
        const double room_w = text_room() * half_w_ / unit_;
        const double room_h = (alone ? 1.6 : 0.5) * half_h_ / unit_;
        const double height = std::min({widest > 0 ? room_w / widest : 1.0, room_h / tall,
                                        sign_.shape == SignShape::kDisc ? 0.8 : 1.2});
        builder_.use(Material::kSign, sign_.ink);
        Pen pen(builder_, unit_, kInkLayer_m);
        double top = 0.5 * height * tall;
        if (!alone) top += -0.72 * half_h_ / unit_;
        if (triangle()) top -= 0.26;
        for (std::size_t k = 0; k < lines.size(); ++k) {
            pen.text(lines[k], {0, top - 0.5 * scales[k] * height}, scales[k] * height);
            top -= (scales[k] + kLineGap) * height;
        }
    }

    // The width that text may take up, of half the sign's width.
    double text_room() const {
        switch (sign_.shape) {
            case SignShape::kDisc:
                return 1.25;
            case SignShape::kDiamond:
                return 1.1;
            case SignShape::kOctagon:
                return 1.5;
            case SignShape::kTriangle:
                return 0.7;
            default:
                return 1.7;
        }
    }

    void add_slash() {
        builder_.use(Material::kSign, sign_.crossed ? kSignRed : kSignBlack);
        const double s = sign_.crossed ? -1.0 : 1.0;
        Pen(builder_, unit_, kSlashLayer_m).stroke({-0.62, -0.62 * s}, {0.62, 0.62 * s}, 0.14);
    }

    const SignFace& sign_;
    int detail_;
    double half_w_, half_h_;
    double unit_;              // half the smaller side [m]
    std::vector<Vec2> shape_;  // in units
    MeshBuilder builder_;
};

}  // namespace

Mesh sign_plate(const SignFace& face) {
    Mesh mesh;
    mesh.name = "sign";
    mesh.lods = {Plate(face, 24, 0).build(), Plate(face, 16, 1).build(), Plate(face, 8, 2).build()};
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
