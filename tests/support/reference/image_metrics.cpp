#include "tests/support/reference/image_metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "engine/core/check.h"

namespace huntsman::tests::support {

using engine::math::kPi;
using engine::math::square;

namespace {

// D65 as the sum of the matrix's rows, so that white is exactly neutral.
const Vec3 kToXyz[3] = {{0.4124564, 0.3575761, 0.1804375},
                        {0.2126729, 0.7151522, 0.0721750},
                        {0.0193339, 0.1191920, 0.9503041}};

Vec3 relative_xyz(const Vec3& linear) {
    Vec3 xyz;
    for (int i = 0; i < 3; ++i) {
        xyz[i] = glm::dot(kToXyz[i], linear) / glm::dot(kToXyz[i], Vec3(1));
    }
    return xyz;
}
// The inverse of relative_xyz.
Vec3 from_relative_xyz(const Vec3& xyz) {
    static const engine::math::Mat3 inverse = [] {
        engine::math::Mat3 m;
        for (int row = 0; row < 3; ++row) {
            for (int column = 0; column < 3; ++column) {
                m[column][row] = kToXyz[row][column] / glm::dot(kToXyz[row], Vec3(1));
            }
        }
        return glm::inverse(m);
    }();
    return inverse * xyz;
}

Vec3 lab_of(const Vec3& xyz) {
    const auto f = [](double t) {
        constexpr double kDelta = 6.0 / 29;
        return t > kDelta * kDelta * kDelta ? std::cbrt(t) : t / (3 * kDelta * kDelta) + 4.0 / 29;
    };
    const double x = f(xyz.x), y = f(xyz.y), z = f(xyz.z);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

// FLIP's linear opponent space.
Vec3 opponent_of(const Vec3& xyz) {
    return {116 * xyz.y - 16, 500 * (xyz.x - xyz.y), 200 * (xyz.y - xyz.z)};
}
Vec3 xyz_of_opponent(const Vec3& c) {
    const double y = (c.x + 16) / 116;
    return {y + c.y / 500, y, y - c.z / 200};
}

// One channel of a picture, with its border repeated beyond.
struct Plane {
    int width = 0, height = 0;
    std::vector<double> values;
    Plane(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w * h)) {}
    double& at(int x, int y) { return values[static_cast<std::size_t>(y * width + x)]; }
    double at(int x, int y) const {
        return values[static_cast<std::size_t>(std::clamp(y, 0, height - 1) * width +
                                               std::clamp(x, 0, width - 1))];
    }
};

// Convolution with the product of a row and a column kernel, both with their middle at zero.
Plane convolved(const Plane& plane, const std::vector<double>& across,
                const std::vector<double>& down) {
    const int rx = static_cast<int>(across.size() / 2), ry = static_cast<int>(down.size() / 2);
    Plane rows(plane.width, plane.height), result(plane.width, plane.height);
    for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
            for (int i = -rx; i <= rx; ++i) {
                rows.at(x, y) +=
                    across[static_cast<std::size_t>(i + rx)] * std::as_const(plane).at(x + i, y);
            }
        }
    }
    for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
            for (int i = -ry; i <= ry; ++i) {
                result.at(x, y) +=
                    down[static_cast<std::size_t>(i + ry)] * std::as_const(rows).at(x, y + i);
            }
        }
    }
    return result;
}

std::vector<double> sampled(int radius, const std::function<double(double)>& f) {
    std::vector<double> kernel;
    for (int i = -radius; i <= radius; ++i) kernel.push_back(f(i));
    return kernel;
}

// Contrast sensitivity of the eye as sums of Gaussians, a1 and b1 with a2 and b2 [Andersson 2020,
// table 1].
struct Sensitivity {
    double a1, b1, a2, b2;
};
constexpr std::array<Sensitivity, 3> kSensitivity = {
    {{1, 0.0047, 0, 1e-5}, {1, 0.0053, 0, 1e-5}, {34.1, 0.04, 13.5, 0.025}}};

Plane blurred(const Plane& plane, const Sensitivity& s, double pixels_per_degree) {
    // All channels have the radius of the widest.
    const int radius =
        static_cast<int>(std::ceil(3 * std::sqrt(0.04 / (2 * kPi * kPi)) * pixels_per_degree));
    const auto term = [&](double a, double b) {
        const auto g = sampled(radius, [&](double i) {
            return std::exp(-kPi * kPi * square(i / pixels_per_degree) / b);
        });
        Plane result = convolved(plane, g, g);
        double sum = 0;
        for (const double v : g) sum += v;
        const double weight = a * std::sqrt(kPi / b);
        for (double& v : result.values) v *= weight;
        return std::pair(result, weight * sum * sum);
    };
    auto [first, total] = term(s.a1, s.b1);
    if (s.a2 > 0) {
        const auto [second, more] = term(s.a2, s.b2);
        for (std::size_t i = 0; i < first.values.size(); ++i) first.values[i] += second.values[i];
        total += more;
    }
    for (double& v : first.values) v /= total;
    return first;
}

// Edges (first derivative) or points (second derivative) of the luma: length of the gradient.
Plane features(const Plane& luma, bool points, double pixels_per_degree) {
    constexpr double kWidth_deg = 0.082;
    const double sigma = 0.5 * kWidth_deg * pixels_per_degree;
    const int radius = static_cast<int>(std::ceil(3 * sigma));
    auto bell = sampled(radius, [&](double i) { return std::exp(-i * i / (2 * square(sigma))); });
    auto slope = sampled(radius, [&](double i) {
        const double g = std::exp(-i * i / (2 * square(sigma)));
        return points ? (i * i / square(sigma) - 1) * g : -i * g;
    });
    // Positive weights add up to 1 and negative ones to -1.
    double sum = 0, positive = 0, negative = 0;
    for (const double v : bell) sum += v;
    for (double& v : bell) v /= sum;
    for (const double v : slope) (v > 0 ? positive : negative) += v;
    for (double& v : slope) v /= v > 0 ? positive : -negative;
    const Plane gx = convolved(luma, slope, bell), gy = convolved(luma, bell, slope);
    Plane length(luma.width, luma.height);
    for (std::size_t i = 0; i < length.values.size(); ++i) {
        length.values[i] = std::hypot(gx.values[i], gy.values[i]);
    }
    return length;
}

Vec3 hunt(const Vec3& lab) { return {lab.x, 0.01 * lab.x * lab.y, 0.01 * lab.x * lab.z}; }
double hyab(const Vec3& a, const Vec3& b) {
    return std::abs(a.x - b.x) + std::hypot(a.y - b.y, a.z - b.z);
}

constexpr double kColourPower = 0.7;

// A colour difference to 0..1: the lower 40 % of what is possible take 95 % of the range.
double redistributed(double difference) {
    static const double most = std::pow(
        hyab(hunt(linear_to_lab({0, 1, 0})), hunt(linear_to_lab({0, 0, 1}))), kColourPower);
    constexpr double kShare = 0.4, kTo = 0.95;
    const double d = std::pow(difference, kColourPower), knee = kShare * most;
    return d < knee ? kTo / knee * d : kTo + (d - knee) / (most - knee) * (1 - kTo);
}

// What FLIP compares of one picture.
struct Seen {
    std::vector<Vec3> colours;  // filtered by the eye, CIELAB with the Hunt effect
    Plane edges, points;
};
Seen see(const Picture& srgb, double pixels_per_degree) {
    std::array<Plane, 3> opponent = {Plane(srgb.width, srgb.height), Plane(srgb.width, srgb.height),
                                     Plane(srgb.width, srgb.height)};
    Plane luma(srgb.width, srgb.height);
    for (std::size_t i = 0; i < srgb.pixels.size(); ++i) {
        const Vec3 c = opponent_of(relative_xyz(srgb_to_linear(srgb.pixels[i])));
        for (int k = 0; k < 3; ++k) opponent[static_cast<std::size_t>(k)].values[i] = c[k];
        luma.values[i] = (c.x + 16) / 116;
    }
    for (std::size_t k = 0; k < 3; ++k) {
        opponent[k] = blurred(opponent[k], kSensitivity[k], pixels_per_degree);
    }
    Seen seen{.edges = features(luma, false, pixels_per_degree),
              .points = features(luma, true, pixels_per_degree)};
    for (std::size_t i = 0; i < srgb.pixels.size(); ++i) {
        const Vec3 c(opponent[0].values[i], opponent[1].values[i], opponent[2].values[i]);
        const Vec3 linear = glm::clamp(from_relative_xyz(xyz_of_opponent(c)), 0.0, 1.0);
        seen.colours.push_back(hunt(linear_to_lab(linear)));
    }
    return seen;
}

void check_same_size(const Picture& a, const Picture& b) {
    const auto pixels = static_cast<std::size_t>(a.width) * static_cast<std::size_t>(a.height);
    HM_CHECK(a.width == b.width && a.height == b.height && a.pixels.size() == pixels &&
                 b.pixels.size() == pixels && pixels > 0,
             "pictures of {}x{} and {}x{}", a.width, a.height, b.width, b.height);
}

}  // namespace

Vec3 srgb_to_linear(const Vec3& srgb) {
    Vec3 linear;
    for (int i = 0; i < 3; ++i) {
        linear[i] = srgb[i] <= 0.04045 ? srgb[i] / 12.92 : std::pow((srgb[i] + 0.055) / 1.055, 2.4);
    }
    return linear;
}
Vec3 linear_to_srgb(const Vec3& linear) {
    Vec3 srgb;
    for (int i = 0; i < 3; ++i) {
        srgb[i] = linear[i] <= 0.0031308 ? 12.92 * linear[i]
                                         : 1.055 * std::pow(linear[i], 1 / 2.4) - 0.055;
    }
    return srgb;
}
Vec3 linear_to_lab(const Vec3& linear) { return lab_of(relative_xyz(linear)); }
double luminance(const Vec3& linear) {
    return 0.2126 * linear.x + 0.7152 * linear.y + 0.0722 * linear.z;
}

double ciede2000(const Vec3& a, const Vec3& b) {
    const auto degrees = [](double d) { return d * kPi / 180; };
    // Chroma and hue with a* stretched near the neutral axis.
    const double c_mean = 0.5 * (std::hypot(a.y, a.z) + std::hypot(b.y, b.z));
    const double c7 = std::pow(c_mean, 7), k25 = std::pow(25.0, 7);
    const double stretch = 1 + 0.5 * (1 - std::sqrt(c7 / (c7 + k25)));
    const double a1 = a.y * stretch, a2 = b.y * stretch;
    const double c1 = std::hypot(a1, a.z), c2 = std::hypot(a2, b.z);
    const auto hue = [](double y, double x) {
        if (x == 0 && y == 0) return 0.0;
        const double h = std::atan2(y, x);
        return h < 0 ? h + 2 * kPi : h;
    };
    const double h1 = hue(a.z, a1), h2 = hue(b.z, a2);
    // Differences.
    const double d_l = b.x - a.x, d_c = c2 - c1;
    double d_h = h2 - h1;
    if (c1 * c2 == 0) d_h = 0;
    if (d_h > kPi) d_h -= 2 * kPi;
    if (d_h < -kPi) d_h += 2 * kPi;
    const double d_hue = 2 * std::sqrt(c1 * c2) * std::sin(0.5 * d_h);
    // Means.
    const double l = 0.5 * (a.x + b.x), c = 0.5 * (c1 + c2);
    double h = h1 + h2;
    if (c1 * c2 != 0) {
        if (std::abs(h1 - h2) > kPi) h += h < 2 * kPi ? 2 * kPi : -2 * kPi;
        h *= 0.5;
    }
    // Weights.
    const double t = 1 - 0.17 * std::cos(h - degrees(30)) + 0.24 * std::cos(2 * h) +
                     0.32 * std::cos(3 * h + degrees(6)) - 0.20 * std::cos(4 * h - degrees(63));
    const double turn = degrees(30) * std::exp(-square((h / degrees(1) - 275) / 25));
    const double cc7 = std::pow(c, 7);
    const double s_l = 1 + 0.015 * square(l - 50) / std::sqrt(20 + square(l - 50));
    const double s_c = 1 + 0.045 * c, s_h = 1 + 0.015 * c * t;
    const double r = -2 * std::sqrt(cc7 / (cc7 + k25)) * std::sin(2 * turn);
    const double x = d_l / s_l, y = d_c / s_c, z = d_hue / s_h;
    return std::sqrt(x * x + y * y + z * z + r * y * z);
}

double ssim(const Picture& a, const Picture& b) {
    check_same_size(a, b);
    constexpr int kRadius = 5;
    HM_CHECK(a.width > 2 * kRadius && a.height > 2 * kRadius, "{}x{} pixels are too few", a.width,
             a.height);
    const auto plane_of = [&](const std::function<double(std::size_t)>& f) {
        Plane plane(a.width, a.height);
        for (std::size_t i = 0; i < a.pixels.size(); ++i) plane.values[i] = f(i);
        return plane;
    };
    auto window = sampled(kRadius, [](double i) { return std::exp(-i * i / (2 * 1.5 * 1.5)); });
    double sum = 0;
    for (const double v : window) sum += v;
    for (double& v : window) v /= sum;
    const auto mean = [&](const std::function<double(std::size_t)>& f) {
        return convolved(plane_of(f), window, window);
    };
    const auto la = [&](std::size_t i) { return luminance(a.pixels[i]); };
    const auto lb = [&](std::size_t i) { return luminance(b.pixels[i]); };
    const Plane ma = mean(la), mb = mean(lb);
    const Plane aa = mean([&](std::size_t i) { return la(i) * la(i); });
    const Plane bb = mean([&](std::size_t i) { return lb(i) * lb(i); });
    const Plane ab = mean([&](std::size_t i) { return la(i) * lb(i); });
    constexpr double kC1 = 0.01 * 0.01, kC2 = 0.03 * 0.03;
    double total = 0;
    int count = 0;
    for (int y = kRadius; y < a.height - kRadius; ++y) {
        for (int x = kRadius; x < a.width - kRadius; ++x) {
            const double u = ma.at(x, y), v = mb.at(x, y);
            const double vu = aa.at(x, y) - u * u, vv = bb.at(x, y) - v * v;
            const double uv = ab.at(x, y) - u * v;
            total += (2 * u * v + kC1) * (2 * uv + kC2) / ((u * u + v * v + kC1) * (vu + vv + kC2));
            ++count;
        }
    }
    return total / count;
}

double flip(const Picture& reference, const Picture& test, double pixels_per_degree,
            std::vector<double>* map) {
    check_same_size(reference, test);
    const Seen a = see(reference, pixels_per_degree), b = see(test, pixels_per_degree);
    if (map != nullptr) map->clear();
    double sum = 0;
    for (std::size_t i = 0; i < a.colours.size(); ++i) {
        const double colour = redistributed(hyab(a.colours[i], b.colours[i]));
        const double edge = std::abs(a.edges.values[i] - b.edges.values[i]);
        const double point = std::abs(a.points.values[i] - b.points.values[i]);
        const double feature = std::sqrt(std::max(edge, point) / std::sqrt(2.0));
        const double error = std::pow(colour, 1 - std::min(feature, 1.0));
        sum += error;
        if (map != nullptr) map->push_back(error);
    }
    return sum / static_cast<double>(a.colours.size());
}

LinearError linear_error(const Picture& reference, const Picture& test,
                         const std::vector<bool>& chosen, int cell) {
    check_same_size(reference, test);
    HM_CHECK(chosen.size() == reference.pixels.size() && cell > 0, "{} pixels chosen, cells of {}",
             chosen.size(), cell);
    // Means of cells, with the number of pixels as weight.
    struct Cell {
        Vec3 reference{0, 0, 0}, test{0, 0, 0};
        double weight = 0;
    };
    std::vector<Cell> cells;
    for (int y0 = 0; y0 < reference.height; y0 += cell) {
        for (int x0 = 0; x0 < reference.width; x0 += cell) {
            Cell c;
            for (int y = y0; y < std::min(y0 + cell, reference.height); ++y) {
                for (int x = x0; x < std::min(x0 + cell, reference.width); ++x) {
                    if (!chosen[static_cast<std::size_t>(y * reference.width + x)]) continue;
                    c.reference += reference.at(x, y);
                    c.test += test.at(x, y);
                    c.weight += 1;
                }
            }
            if (c.weight == 0) continue;
            c.reference /= c.weight;
            c.test /= c.weight;
            cells.push_back(c);
        }
    }
    LinearError error;
    double sum_reference = 0, sum_test = 0, sum_difference = 0, weights = 0;
    for (const Cell& c : cells) {
        for (int i = 0; i < 3; ++i) {
            sum_reference += c.weight * c.reference[i];
            sum_test += c.weight * c.test[i];
            sum_difference += c.weight * std::abs(c.test[i] - c.reference[i]);
            weights += c.weight;
        }
    }
    // Nothing against nothing is no error.
    if (sum_reference <= 0) return error;
    error.mean_relative = sum_difference / sum_reference;
    error.bias = sum_test / sum_reference - 1;
    const double floor = square(0.01 * sum_reference / weights);
    for (const Cell& c : cells) {
        for (int i = 0; i < 3; ++i) {
            error.relative_mse += c.weight / weights * square(c.test[i] - c.reference[i]) /
                                  (square(c.reference[i]) + floor);
        }
    }
    return error;
}

}  // namespace huntsman::tests::support
