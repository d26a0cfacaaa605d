#include "sensors/rig/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sensors/lens/field.h"

namespace huntsman::sensors::rig {

using engine::draw::Colour;
using engine::draw::Drawing;
using engine::draw::Path;
using engine::draw::Shape;
using engine::math::kPi;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::Camera;

namespace {

constexpr int kWidth_px = 1640;
constexpr double kMargin_px = 36;
constexpr double kPanel_px = 500;  // side of a panel
constexpr double kGap_px = 34;     // between panels
constexpr double kTop_px = 104;    // of the panels
constexpr double kRow_px = 27;     // of the table
constexpr Colour kInk{38, 44, 54}, kQuiet{120, 127, 138}, kLine{206, 211, 218};
constexpr Colour kPaper{250, 250, 248}, kPanel{255, 255, 255}, kBlind{222, 58, 48};
constexpr Colour kBody{226, 229, 234}, kGlass{196, 206, 217};

// Tableau's ten, which stay apart on white; further cameras take them again, darker.
Colour colour_of(std::size_t camera, double alpha = 1) {
    static constexpr std::array<Colour, 10> kColours = {{{31, 119, 180},
                                                         {255, 127, 14},
                                                         {44, 160, 44},
                                                         {214, 39, 40},
                                                         {148, 103, 189},
                                                         {140, 86, 75},
                                                         {227, 119, 194},
                                                         {110, 118, 128},
                                                         {188, 170, 24},
                                                         {23, 170, 187}}};
    Colour colour = kColours[camera % kColours.size()];
    const double shade = std::pow(0.72, static_cast<double>(camera / kColours.size()));
    colour.r = static_cast<std::uint8_t>(colour.r * shade);
    colour.g = static_cast<std::uint8_t>(colour.g * shade);
    colour.b = static_cast<std::uint8_t>(colour.b * shade);
    colour.alpha = alpha;
    return colour;
}

double radians(int tenths) { return kPi * tenths / 1800; }

// Rows of a camera's model in the table.
std::string shutter_text(const Camera& camera) {
    const auto& shutter = camera.shutter;
    if (shutter.readout == engine::world::Readout::kGlobal) return "global";
    std::string text = name(shutter.readout);
    std::replace(text.begin(), text.end(), '_', ' ');
    return fmt::format("{}, {:g} ms", text, 1e-3 * static_cast<double>(shutter.readout_us));
}

class Plotter {
  public:
    Plotter(const engine::world::Rig& rig, const Coverage& coverage,
            const engine::world::Extent& car)
        : rig_(rig), coverage_(coverage), car_(car) {}

    Drawing run() {
        const double rows = static_cast<double>(rig_.cameras.size()) + 1;
        drawing_.width_px = kWidth_px;
        drawing_.height_px = static_cast<int>(kTop_px + kPanel_px + 2 * kGap_px + kRow_px * rows);
        drawing_.background = kPaper;
        write({kMargin_px, 44}, rig_.name, 25).bold = true;
        write({kMargin_px, 70}, summary(), 14).colour = kQuiet;
        const double step = kPanel_px + kGap_px;
        draw_reach({kMargin_px, kTop_px});
        draw_horizon({kMargin_px + step, kTop_px});
        draw_mounting({kMargin_px + 2 * step, kTop_px});
        draw_table(kTop_px + kPanel_px + 1.4 * kGap_px);
        return std::move(drawing_);
    }

  private:
    void shape(Shape::Kind kind, const Colour& colour, std::vector<Path> paths, double size_px) {
        Shape s;
        s.kind = kind;
        s.colour = colour;
        s.paths = std::move(paths);
        s.size_px = size_px;
        drawing_.shapes.push_back(std::move(s));
    }
    void fill(const Colour& colour, Path path) {
        shape(Shape::Kind::kFill, colour, {std::move(path)}, 1);
    }
    void stroke(const Colour& colour, double width_px, Path path) {
        shape(Shape::Kind::kStroke, colour, {std::move(path)}, width_px);
    }
    Shape& write(const Vec2& where, const std::string& text, double size_px) {
        shape(Shape::Kind::kText, kInk, {{where}}, size_px);
        drawing_.shapes.back().text = text;
        return drawing_.shapes.back();
    }
    void label(const Vec2& where, const std::string& text, double size_px, const Colour& colour) {
        Shape& s = write(where, text, size_px);
        s.anchor = Shape::Anchor::kMiddle;
        s.colour = colour;
        s.halo = true;
    }
    static Path circle(const Vec2& centre, double radius_px) {
        Path path;
        constexpr int kCorners = 96;
        for (int i = 0; i <= kCorners; ++i) {
            path.push_back(centre + radius_px * engine::math::direction(2 * kPi * i / kCorners));
        }
        return path;
    }
    void panel(const Vec2& corner, const char* title) {
        const Vec2 far = corner + Vec2(kPanel_px, kPanel_px);
        const Path frame = {corner, {far.x, corner.y}, far, {corner.x, far.y}, corner};
        fill(kPanel, frame);
        stroke(kLine, 1, frame);
        write(corner + Vec2(14, 24), title, 14).bold = true;
    }
    // A camera's number on its colour.
    void badge(const Vec2& where, std::size_t camera) {
        fill(kPanel, circle(where, 10));
        fill(colour_of(camera), circle(where, 9));
        Shape& s = write(where + Vec2(0, 4.2), std::to_string(camera + 1), 11.5);
        s.anchor = Shape::Anchor::kMiddle;
        s.colour = {255, 255, 255};
        s.bold = true;
    }

    std::string summary() const {
        std::string text = fmt::format(
            "{} camera{}, {:g} Hz · horizon covered {:.1f}° of 360°, {:.1f}° by more than one",
            rig_.cameras.size(), rig_.cameras.size() == 1 ? "" : "s", rig_.rate_hz,
            coverage_.covered_deg, coverage_.overlap_deg);
        if (coverage_.gaps.empty()) return text + " · no blind gap";
        return text + fmt::format(" · {} blind gap{}", coverage_.gaps.size(),
                                  coverage_.gaps.size() == 1 ? "" : "s");
    }

    // Body coordinates to the page: x ahead is up, y left is left.
    struct Above {
        Vec2 origin;
        double scale;  // px/m
        Vec2 operator()(const Vec2& p_B) const { return origin + scale * Vec2(-p_B.y, -p_B.x); }
    };

    Path sector(const Above& page, const Vec2& from_B, const Arc& arc, double reach_m) const {
        Path path;
        const bool whole = arc.to - arc.from >= kAzimuths;
        if (!whole) path.push_back(page(from_B));
        const int steps = std::max(2, (arc.to - arc.from) / 10);
        for (int i = 0; i <= steps; ++i) {
            const double azimuth =
                radians(arc.from) + (radians(arc.to) - radians(arc.from)) * i / steps;
            path.push_back(page(from_B + reach_m * engine::math::direction(azimuth)));
        }
        path.push_back(path.front());
        return path;
    }

    void draw_car(const Above& page) {
        const double half = 0.5 * car_.width_m, front = car_.front_m, rear = -car_.rear_m;
        const double length = front - rear;
        // A rounded body with a windscreen and a rear window.
        Path body;
        for (int quarter = 0; quarter < 4; ++quarter) {
            const double sx = quarter == 0 || quarter == 3 ? 1 : -1, sy = quarter < 2 ? 1 : -1;
            const Vec2 round(0.13 * length, 0.36 * car_.width_m);
            const Vec2 middle((sx > 0 ? front : rear) - sx * round.x, sy * (half - round.y));
            for (int i = 0; i <= 8; ++i) {
                const Vec2 d = engine::math::direction(0.5 * kPi * (quarter + i / 8.0));
                body.push_back(page(middle + Vec2(d.x * round.x, d.y * round.y)));
            }
        }
        body.push_back(body.front());
        fill(kBody, body);
        stroke(kQuiet, 1.2, body);
        const auto window = [&](double x0, double x1, double y0, double y1) {
            fill(kGlass, {page({x0, y0}), page({x1, y1}), page({x1, -y1}), page({x0, -y0})});
        };
        window(front - 0.30 * length, front - 0.40 * length, 0.86 * half, 0.72 * half);
        window(rear + 0.10 * length, rear + 0.19 * length, 0.80 * half, 0.68 * half);
    }

    // Sectors up to the nominal reach, the widest below.
    void draw_reach(const Vec2& corner) {
        panel(corner, "Reach at the horizon");
        double low_x = -10, high_x = 10, high_y = 10;
        for (std::size_t c = 0; c < rig_.cameras.size(); ++c) {
            const Camera& camera = rig_.cameras[c];
            for (const Arc& arc : coverage_.cameras[c]) {
                for (int a = arc.from; a <= arc.to; a += 5) {
                    const Vec2 p = engine::math::xy(camera.X_BC.p) +
                                   camera.range_m * engine::math::direction(radians(a));
                    low_x = std::min(low_x, p.x);
                    high_x = std::max(high_x, p.x);
                    high_y = std::max(high_y, std::abs(p.y));
                }
            }
        }
        const double room = kPanel_px - 70;
        const double scale = std::min(room / (high_x - low_x), 0.5 * (kPanel_px - 40) / high_y);
        const Above page{
            corner + Vec2(0.5 * kPanel_px,
                          46 + 0.5 * (room - scale * (high_x - low_x)) + scale * high_x),
            scale};
        // Rings at round distances.
        double ring_m = 10;
        for (const double m : {20.0, 25.0, 50.0, 100.0, 200.0}) {
            if (ring_m * scale < 42) ring_m = m;
        }
        for (int i = 1; i * ring_m <= std::max(high_x, -low_x); ++i) {
            Path ring;
            for (const Vec2& p : circle(page({0, 0}), i * ring_m * scale)) {
                const Vec2 in = p - corner;
                const bool inside =
                    in.x > 4 && in.y > 34 && in.x < kPanel_px - 4 && in.y < kPanel_px - 4;
                if (inside) {
                    ring.push_back(p);
                } else if (!ring.empty()) {
                    stroke(kLine, 1, std::move(ring));
                    ring = {};
                }
            }
            if (!ring.empty()) stroke(kLine, 1, std::move(ring));
        }
        std::vector<std::size_t> order(rig_.cameras.size());
        for (std::size_t c = 0; c < order.size(); ++c) order[c] = c;
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return rig_.cameras[a].range_m > rig_.cameras[b].range_m;
        });
        for (const std::size_t c : order) {
            const Camera& camera = rig_.cameras[c];
            for (const Arc& arc : coverage_.cameras[c]) {
                const Path path =
                    sector(page, engine::math::xy(camera.X_BC.p), arc, camera.range_m);
                fill(colour_of(c, 0.22), path);
                stroke(colour_of(c, 0.9), 1.2, path);
            }
        }
        draw_car(page);
        // Beside the axis, where the narrow cameras leave them free.
        for (int i = 1; i * ring_m <= std::max(high_x, -low_x); ++i) {
            const Vec2 at = page({i * ring_m * std::cos(2.6), i * ring_m * std::sin(2.6)});
            const Vec2 in = at - corner;
            if (in.x > 24 && in.y > 40 && in.x < kPanel_px - 24 && in.y < kPanel_px - 10) {
                label(at, fmt::format("{:g} m", i * ring_m), 11, kQuiet);
            }
        }
        for (const std::size_t c : order) {
            const Camera& camera = rig_.cameras[c];
            for (const Arc& arc : coverage_.cameras[c]) {
                const double middle = 0.5 * (radians(arc.from) + radians(arc.to));
                badge(page(engine::math::xy(camera.X_BC.p) +
                           0.86 * camera.range_m * engine::math::direction(middle)),
                      c);
            }
        }
    }

    // The horizon as a dial: azimuths around its centre, ahead at the top.
    struct Dial {
        static constexpr double kInner_px = 46, kOuter_px = 152;      // of the cameras' rings
        static constexpr double kCount_px = 159, kCountOut_px = 179;  // of the ring of numbers
        Vec2 centre;
        double ring_px;  // width of a camera's ring

        Vec2 at(double azimuth_rad, double radius_px) const {
            return centre + radius_px * Vec2(-std::sin(azimuth_rad), -std::cos(azimuth_rad));
        }
        double inner_px(std::size_t camera) const {
            return kInner_px + ring_px * static_cast<double>(camera);
        }
        Path segment(int from, int to, double inner, double outer) const {
            Path path;
            const int steps = std::max(2, (to - from) / 10);
            const auto azimuth = [&](int i) {
                return radians(from) + radians(to - from) * i / steps;
            };
            for (int i = 0; i <= steps; ++i) path.push_back(at(azimuth(i), outer));
            for (int i = steps; i >= 0; --i) path.push_back(at(azimuth(i), inner));
            path.push_back(path.front());
            return path;
        }
    };

    // One ring per camera, and outside of them how many see each direction.
    void draw_horizon(const Vec2& corner) {
        panel(corner, "Coverage of the horizon");
        const Dial dial{.centre = corner + Vec2(0.5 * kPanel_px, 0.5 * kPanel_px - 4),
                        .ring_px = (Dial::kOuter_px - Dial::kInner_px) /
                                   static_cast<double>(rig_.cameras.size())};
        for (int degrees = 0; degrees < 360; degrees += 30) {
            stroke(kLine, 1,
                   {dial.at(radians(degrees * 10), Dial::kInner_px - 8),
                    dial.at(radians(degrees * 10), Dial::kCountOut_px + 5)});
        }
        draw_camera_rings(dial);
        draw_counts(dial);
        number_rings(dial);
        for (const auto& [degrees, text] : {std::pair(0, "ahead"), std::pair(90, "left"),
                                            std::pair(180, "behind"), std::pair(270, "right")}) {
            const double beside_px = degrees % 180 == 0 ? 12 : 24;
            label(dial.at(radians(degrees * 10), Dial::kCountOut_px + beside_px) + Vec2(0, 5), text,
                  12.5, kInk);
        }
        label(dial.centre + Vec2(0, -4), fmt::format("{:.0f}°", coverage_.covered_deg), 22, kInk);
        label(dial.centre + Vec2(0, 14), "covered", 11.5, kQuiet);
        list_gaps({dial.centre.x, corner.y + kPanel_px - 14});
    }

    void draw_camera_rings(const Dial& dial) {
        for (std::size_t c = 0; c < rig_.cameras.size(); ++c) {
            const double inner = dial.inner_px(c);
            stroke(kLine, 0.7, circle(dial.centre, inner));
            for (const Arc& arc : coverage_.cameras[c]) {
                fill(colour_of(c, 0.8), dial.segment(arc.from, arc.to, inner + 0.08 * dial.ring_px,
                                                     inner + 0.92 * dial.ring_px));
            }
        }
        stroke(kLine, 0.7, circle(dial.centre, Dial::kOuter_px));
    }

    // Runs of an equal number of cameras; the more, the darker.
    void draw_counts(const Dial& dial) {
        const auto count_at = [&](int i) {
            return static_cast<int>(coverage_.count[static_cast<std::size_t>(i % kAzimuths)]);
        };
        int start = 0;
        while (start < kAzimuths && count_at(start) == count_at(start + kAzimuths - 1)) ++start;
        for (int from = start; from < start + kAzimuths;) {
            const int count = count_at(from);
            int to = from;
            while (to < start + kAzimuths && count_at(to) == count) ++to;
            const auto grey = static_cast<std::uint8_t>(220 - 150 * std::min(count - 1, 4) / 4);
            const Colour colour =
                count == 0 ? kBlind : Colour{static_cast<std::uint8_t>(grey - 20), grey, grey};
            fill(colour, dial.segment(from, to, Dial::kCount_px, Dial::kCountOut_px));
            if (count > 0 && to - from >= 60) {
                const double middle_px = 0.5 * (Dial::kCount_px + Dial::kCountOut_px);
                Shape& text = write(dial.at(radians(from + to) / 2, middle_px) + Vec2(0, 4),
                                    std::to_string(count), 11);
                text.anchor = Shape::Anchor::kMiddle;
                if (grey < 150) text.colour = {255, 255, 255};
            }
            from = to;
        }
    }

    // Each camera's number on its ring, where the ring is wide enough.
    void number_rings(const Dial& dial) {
        if (dial.ring_px < 13) return;
        for (std::size_t c = 0; c < rig_.cameras.size(); ++c) {
            if (coverage_.cameras[c].empty()) continue;
            const Arc& arc = coverage_.cameras[c].front();
            const double middle_px =
                Dial::kInner_px + dial.ring_px * (static_cast<double>(c) + 0.5);
            Shape& text =
                write(dial.at(0.5 * (radians(arc.from) + radians(arc.to)), middle_px) + Vec2(0, 4),
                      std::to_string(c + 1), std::min(11.0, 0.8 * dial.ring_px));
            text.anchor = Shape::Anchor::kMiddle;
            text.colour = {255, 255, 255};
            text.bold = true;
        }
    }

    // The gaps by name, the largest first, upwards from a place.
    void list_gaps(Vec2 where) {
        constexpr double kLine_px = 17;
        std::vector<Arc> gaps = coverage_.gaps;
        std::stable_sort(gaps.begin(), gaps.end(),
                         [](const Arc& a, const Arc& b) { return a.degrees() > b.degrees(); });
        if (gaps.empty()) {
            label(where, "no blind gap", 12.5, kQuiet);
        } else if (gaps.size() > 3) {
            label(where, fmt::format("{} more blind gaps", gaps.size() - 2), 12.5, kBlind);
            gaps.resize(2);
            where.y -= kLine_px;
        }
        for (auto gap = gaps.rbegin(); gap != gaps.rend(); ++gap, where.y -= kLine_px) {
            label(where,
                  gap->to - gap->from == kAzimuths
                      ? std::string("blind all around")
                      : fmt::format("blind {:.1f}°: {} to {}", gap->degrees(),
                                    azimuth_text(gap->from), azimuth_text(gap->to)),
                  12.5, kBlind);
        }
    }

    // The car large, from above and from the left side.
    void draw_mounting(const Vec2& corner) {
        panel(corner, "Mounting");
        constexpr double kStub_m = 0.75;  // of a field that is hinted at
        const double length = car_.front_m + car_.rear_m;
        const double scale = 285 / (length + 2 * kStub_m);
        const double middle = 0.5 * (car_.front_m - car_.rear_m);
        const Above page{corner + Vec2(0.5 * kPanel_px, 40 + 146 + scale * middle), scale};
        draw_car(page);
        for (std::size_t c = 0; c < rig_.cameras.size(); ++c) {
            for (const Arc& arc : coverage_.cameras[c]) {
                const Path path =
                    sector(page, engine::math::xy(rig_.cameras[c].X_BC.p), arc, kStub_m);
                fill(colour_of(c, 0.3), path);
                stroke(colour_of(c), 1.2, path);
            }
        }
        spread_badges([&](const Camera& camera) { return page(engine::math::xy(camera.X_BC.p)); },
                      corner);

        // From the left: ahead is left, as one stands beside it.
        const double ground = corner.y + kPanel_px - 30;
        const double side_scale =
            std::min(430 / (length + 3 * kStub_m), 100 / std::max(1.0, car_.height_m));
        const Vec2 origin(corner.x + 0.5 * kPanel_px + side_scale * middle, ground);
        const auto side = [&](double x, double z) { return origin + side_scale * Vec2(-x, -z); };
        stroke(kLine, 1, {{corner.x + 14, ground}, {corner.x + kPanel_px - 14, ground}});
        const double f = car_.front_m, r = -car_.rear_m, h = car_.height_m;
        const Path body = {side(f, 0.25),
                           side(f, 0.45 * h),
                           side(f - 0.27 * length, 0.62 * h),
                           side(f - 0.42 * length, h),
                           side(r + 0.22 * length, h),
                           side(r + 0.06 * length, 0.66 * h),
                           side(r, 0.60 * h),
                           side(r, 0.25),
                           side(f, 0.25)};
        fill(kBody, body);
        stroke(kQuiet, 1.2, body);
        for (const double x : {0.0, f - 0.19 * length}) {
            fill(kQuiet, circle(side(x, 0.33), 0.33 * side_scale));
            fill(kBody, circle(side(x, 0.33), 0.18 * side_scale));
        }
        for (std::size_t c = 0; c < rig_.cameras.size(); ++c) {
            const Camera& camera = rig_.cameras[c];
            const Vec3 ahead = camera.X_BC.q * Vec3(0, 0, 1);
            const double yaw = std::atan2(ahead.y, ahead.x);
            // Sideways cameras have no height in this view.
            if (std::abs(std::cos(yaw)) < 0.5) continue;
            Path path = {side(camera.X_BC.p.x, camera.X_BC.p.z)};
            for (int e = -90; e <= 90; ++e) {
                const double elevation = e * kPi / 180;
                const Vec3 d(std::cos(yaw) * std::cos(elevation),
                             std::sin(yaw) * std::cos(elevation), std::sin(elevation));
                if (!sees(camera, d)) continue;
                path.push_back(side(camera.X_BC.p.x + kStub_m * 1.4 * d.x,
                                    camera.X_BC.p.z + kStub_m * 1.4 * d.z));
            }
            path.push_back(path.front());
            fill(colour_of(c, 0.3), path);
            stroke(colour_of(c), 1.2, path);
        }
        spread_badges([&](const Camera& camera) { return side(camera.X_BC.p.x, camera.X_BC.p.z); },
                      corner);
    }

    // Numbers at places, moved apart where they would lie on each other.
    template <typename PlaceOf>
    void spread_badges(PlaceOf place_of, const Vec2& corner) {
        std::vector<Vec2> taken;
        for (std::size_t c = 0; c < rig_.cameras.size(); ++c) {
            const Vec2 at = place_of(rig_.cameras[c]);
            Vec2 free = at;
            for (int try_out = 0; try_out < 64; ++try_out) {
                const bool clear = std::all_of(taken.begin(), taken.end(), [&](const Vec2& other) {
                    return glm::length(other - free) > 21;
                });
                const Vec2 in = free - corner;
                if (clear && in.x > 14 && in.x < kPanel_px - 14) break;
                const double radius = 21.0 * (1 + try_out / 8);
                free = at + radius * engine::math::direction(kPi * (try_out % 8) / 4);
            }
            if (free != at) stroke(colour_of(c), 1.2, {at, free});
            fill(colour_of(c), circle(at, 2.5));
            badge(free, c);
            taken.push_back(free);
        }
    }

    void draw_table(double top) {
        struct Column {
            const char* title;
            double x;
            bool right;
        };
        constexpr Column kColumns[] = {
            {"camera", 34, false},         {"lens", 210, false},    {"picture", 425, true},
            {"across", 510, true},         {"down", 580, true},     {"diagonal", 662, true},
            {"px per degree", 775, true},  {"rate", 850, true},     {"phase", 925, true},
            {"read-out", 960, false},      {"sensor", 1210, false}, {"reach", 1370, true},
            {"place x, y, z", 1390, false}};
        for (const Column& column : kColumns) {
            Shape& text = write({kMargin_px + column.x, top}, column.title, 12.5);
            text.colour = kQuiet;
            if (column.right) text.anchor = Shape::Anchor::kRight;
        }
        for (std::size_t c = 0; c < rig_.cameras.size(); ++c) {
            const Camera& camera = rig_.cameras[c];
            const double y = top + kRow_px * (static_cast<double>(c) + 1);
            stroke(kLine, 0.8, {{kMargin_px, y - 17}, {kWidth_px - kMargin_px, y - 17}});
            badge({kMargin_px + 12, y - 4}, c);
            const auto view = lens::field_of_view(camera.lens, camera.width, camera.height);
            const auto degrees = [](double rad) { return fmt::format("{:.1f}°", rad * 180 / kPi); };
            const double rate_hz =
                camera.period_us > 0 ? 1e6 / static_cast<double>(camera.period_us) : rig_.rate_hz;
            std::string model = name(camera.lens.model);
            std::replace(model.begin(), model.end(), '_', ' ');
            const auto& lens = camera.lens;
            const bool bent =
                std::any_of(lens.k.begin(), lens.k.end(), [](double k) { return k != 0; });
            if (bent && lens.model == engine::world::LensModel::kPinhole) model += ", distorted";
            const std::string sensor = camera.sensor.empty()
                                           ? "ideal"
                                           : std::filesystem::path(camera.sensor).stem().string();
            const auto& p = camera.X_BC.p;
            const std::string cells[] = {
                camera.name,
                model,
                fmt::format("{} × {}", camera.width, camera.height),
                degrees(view.horizontal_rad),
                degrees(view.vertical_rad),
                degrees(view.diagonal_rad),
                fmt::format("{:.1f}", px_per_degree(camera)),
                fmt::format("{:.4g} Hz", rate_hz),
                fmt::format("{:g} ms", 1e-3 * static_cast<double>(camera.phase_us)),
                shutter_text(camera),
                sensor,
                fmt::format("{:g} m", camera.range_m),
                fmt::format("{:.2f}, {:.2f}, {:.2f} m", p.x, p.y, p.z)};
            for (std::size_t i = 0; i < std::size(kColumns); ++i) {
                Shape& text = write({kMargin_px + kColumns[i].x, y}, cells[i], 13);
                if (kColumns[i].right) text.anchor = Shape::Anchor::kRight;
                if (i == 0) text.bold = true;
            }
        }
    }

    const engine::world::Rig& rig_;
    const Coverage& coverage_;
    const engine::world::Extent& car_;
    Drawing drawing_;
};

}  // namespace

std::string azimuth_text(int tenths) {
    const int turned = ((tenths % kAzimuths) + kAzimuths) % kAzimuths;
    if (turned == 0) return "ahead";
    if (turned == kAzimuths / 2) return "behind";
    return turned < kAzimuths / 2 ? fmt::format("{:.1f}° left", 0.1 * turned)
                                  : fmt::format("{:.1f}° right", 0.1 * (kAzimuths - turned));
}

double px_per_degree(const Camera& camera) {
    // Each model grows by the focal length a radian there.
    return camera.lens.fx * kPi / 180;
}

Drawing plot(const engine::world::Rig& rig, const Coverage& coverage,
             const engine::world::Extent& car) {
    return Plotter(rig, coverage, car).run();
}

}  // namespace huntsman::sensors::rig
