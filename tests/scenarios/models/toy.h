// A toy lorry as an OBJ text: a box of a body with a pane and a headlamp, and four round wheels.
#pragma once

#include <cmath>
#include <sstream>
#include <string>

namespace huntsman::scenarios::models {

// Writes quads and prisms, x ahead, z up.
class ObjText {
  public:
    void material(const std::string& object, const std::string& name) {
        text_ << "o " << object << "\nusemtl " << name << "\n";
    }
    void quad(const double (&p)[4][3]) {
        for (const auto& c : p) vertex(c[0], c[1], c[2]);
        text_ << "f " << count_ - 3 << ' ' << count_ - 2 << ' ' << count_ - 1 << ' ' << count_
              << "\n";
    }
    // From a to b; `inwards` turns all faces over.
    void box(double ax, double ay, double az, double bx, double by, double bz,
             bool inwards = false) {
        const double p[8][3] = {{ax, ay, az}, {bx, ay, az}, {bx, by, az}, {ax, by, az},
                                {ax, ay, bz}, {bx, ay, bz}, {bx, by, bz}, {ax, by, bz}};
        for (const auto& c : p) vertex(c[0], c[1], c[2]);
        const int faces[6][4] = {{1, 4, 3, 2}, {5, 6, 7, 8}, {1, 2, 6, 5},
                                 {2, 3, 7, 6}, {3, 4, 8, 7}, {4, 1, 5, 8}};
        for (const auto& f : faces) {
            text_ << "f";
            for (int k = 0; k < 4; ++k) text_ << ' ' << count_ - 8 + f[inwards ? 3 - k : k];
            text_ << "\n";
        }
    }
    // A disc about the y axis.
    void wheel(double x, double y, double z, double radius, double width, int sides) {
        const int first = count_;
        for (int i = 0; i < sides; ++i) {
            const double a = 2 * 3.14159265358979 * i / sides;
            for (const double side : {-0.5, 0.5}) {
                vertex(x + radius * std::sin(a), y + side * width, z + radius * std::cos(a));
            }
        }
        const auto at = [&](int i, int side) { return first + 1 + 2 * (i % sides) + side; };
        for (int i = 0; i < sides; ++i) {
            text_ << "f " << at(i, 0) << ' ' << at(i + 1, 0) << ' ' << at(i + 1, 1) << ' '
                  << at(i, 1) << "\n";
        }
        for (const int side : {0, 1}) {
            text_ << "f";
            for (int i = 0; i < sides; ++i) text_ << ' ' << at(side == 1 ? i : sides - i, side);
            text_ << "\n";
        }
    }
    std::string text() const { return text_.str(); }

  private:
    void vertex(double x, double y, double z) {
        text_ << "v " << x << ' ' << y << ' ' << z << "\n";
        ++count_;
    }
    std::ostringstream text_;
    int count_ = 0;
};

constexpr double kToyRadius_m = 0.4, kToyBase_m = 3, kToyTrack_m = 1.6;

// 5 m long, 2 m wide, 2.2 m high; its rear axle stands at x 0.
inline std::string toy_lorry(double radius = kToyRadius_m, bool inwards = false, double unit = 1) {
    ObjText toy;
    const double u = unit;
    toy.material("hull", "body");
    toy.box(-1 * u, -1 * u, 0.5 * u, 4 * u, 1 * u, 2.2 * u, inwards);
    toy.material("hull", "pane");
    toy.box(3.9 * u, -0.8 * u, 1.4 * u, 4.01 * u, 0.8 * u, 2 * u);
    toy.material("lamp", "lens");
    for (const double side : {0.6, -0.8}) {
        toy.box(3.9 * u, side * u, 0.7 * u, 4.02 * u, (side + 0.2) * u, 0.8 * u);
    }
    toy.material("wheels", "tyre");
    for (const double x : {kToyBase_m, 0.0}) {
        for (const double side : {0.5, -0.5}) {
            toy.wheel(x * u, side * kToyTrack_m * u, radius * u, radius * u, 0.2 * u, 32);
        }
    }
    return toy.text();
}

}  // namespace huntsman::scenarios::models
