#include <fmt/format.h>

#include <cmath>

#include "scenarios/bodywork/families.h"
#include "scenarios/bodywork/wheels.h"

namespace huntsman::scenarios::bodywork {

using engine::core::Error;
using engine::core::Result;

const char* name(Family family) {
    constexpr const char* kNames[kFamilies] = {
        "van",          "bus",          "tram",          "lorry",
        "tractor_unit", "semi_trailer", "trailer",       "drawbar_trailer",
        "saloon",       "bicycle",      "cargo_bicycle", "scooter",
        "tractor"};
    return kNames[static_cast<std::size_t>(family)];
}

const char* name(Equipment equipment) {
    constexpr const char* kNames[kEquipments] = {"none", "ambulance", "police", "taxi", "fire"};
    return kNames[static_cast<std::size_t>(equipment)];
}

const char* name(Rim rim) {
    constexpr const char* kNames[kRims] = {"alloy", "steel", "trim", "lorry", "wire"};
    return kNames[static_cast<std::size_t>(rim)];
}

Mesh joined(const Mesh& left, const Mesh& right) {
    Mesh m = left;
    append(m, mirrored(right));
    return m;
}

double inner_of(const BodyAxle& axle, double liner_m) {
    return std::max(0.02, 0.5 * (axle.track_m - axle.tyre_width_m) - liner_m);
}

namespace {

Mesh make_family(const Body& b) {
    switch (b.family) {
        case Family::kVan:
            return make_van(b);
        case Family::kBus:
            return make_bus(b);
        case Family::kTram:
            return make_tram(b);
        case Family::kLorry:
            return make_lorry(b);
        case Family::kTractorUnit:
            return make_tractor_unit(b);
        case Family::kSemiTrailer:
            return make_semi_trailer(b);
        case Family::kTrailer:
            return make_trailer(b);
        case Family::kDrawbarTrailer:
            return make_drawbar_trailer(b);
        case Family::kSaloon:
            return make_saloon(b);
        case Family::kBicycle:
            return make_bicycle(b);
        case Family::kCargoBicycle:
            return make_cargo_bicycle(b);
        case Family::kScooter:
            return make_scooter(b);
        case Family::kTractor:
            break;
    }
    return make_tractor(b);
}

// Lamps, plates and trim stand out of the ends a little: what lies beyond the axles is drawn in, or
// out, until the box is the one asked for. Mirrors do not count, see models/measure.h.
void fit(Mesh& mesh, const Body& b, bool has_mirrors) {
    constexpr double kMirrorsAbove = 0.437;
    Vec3 low(1e9, 1e9, 1e9), high = -low;
    for (const Vec3& p : mesh.points) low = glm::min(low, p), high = glm::max(high, p);
    double half = 0;
    for (const Vec3& p : mesh.points) {
        if (!has_mirrors || p.z < kMirrorsAbove * high.z) half = std::max(half, std::abs(p.y));
    }
    const double f = b.axles.front().x_m + 1.15 * b.axles.front().wheel_radius_m;
    const double r = b.axles.back().x_m - 1.15 * b.axles.back().wheel_radius_m;
    const double top = 0.75 * high.z;
    const auto toward = [](double x, double from, double is, double wanted) {
        return from + (x - from) * (wanted - from) / (is - from);
    };
    const bool front = high.x > f + 0.02 && b.front_m() > f + 0.02;
    const bool rear = low.x < r - 0.02 && b.rear_m() < r - 0.02;
    deform(mesh, [&](Vec3 p) {
        if (front && p.x > f) p.x = toward(p.x, f, high.x, b.front_m());
        if (rear && p.x < r) p.x = toward(p.x, r, low.x, b.rear_m());
        if (half > 0) p.y *= 0.5 * b.width_m / half;
        if (p.z > top) p.z = toward(p.z, top, high.z, b.height_m);
        return p;
    });
}

bool is_trailer(Family family) {
    return family == Family::kSemiTrailer || family == Family::kTrailer ||
           family == Family::kDrawbarTrailer;
}
bool is_cycle(Family family) {
    return family == Family::kBicycle || family == Family::kCargoBicycle ||
           family == Family::kScooter;
}

// One sentence, or nothing where the parameters fit together.
std::string wrong_with(const Body& b) {
    std::vector<double> numbers{
        b.length_m, b.width_m,           b.height_m,           b.front_overhang_m,
        b.sill_m,   b.cab_m.value_or(1), b.roof_m.value_or(1), b.floor_m.value_or(1)};
    for (const BodyAxle& a : b.axles) {
        numbers.insert(numbers.end(), {a.x_m, a.track_m, a.wheel_radius_m, a.tyre_width_m});
    }
    for (const double x : numbers) {
        if (!std::isfinite(x)) return "has a number that is not finite, expected finite numbers";
    }
    if (b.axles.size() < 2) {
        return fmt::format("has {} axles, expected at least two", b.axles.size());
    }
    for (const double x : {b.length_m, b.width_m, b.height_m, b.sill_m}) {
        if (x <= 0) return fmt::format("has a measure of {} m, expected more than 0", x);
    }
    if (b.front_overhang_m < 0) {
        return fmt::format("front_overhang_m is {}, expected 0 or more", b.front_overhang_m);
    }
    for (std::size_t i = 0; i < b.axles.size(); ++i) {
        const BodyAxle& a = b.axles[i];
        if (a.wheel_radius_m <= 0 || a.tyre_width_m <= 0 || a.track_m < 0) {
            return fmt::format("axle {} has a wheel without a size, expected more than 0", i);
        }
        if (i > 0 && a.x_m >= b.axles[i - 1].x_m) {
            return fmt::format("axle {} is not behind axle {}", i, i - 1);
        }
        if (a.track_m + a.tyre_width_m > b.width_m + 1e-9) {
            return fmt::format("the wheels of axle {} reach beyond width_m {}", i, b.width_m);
        }
        if (2 * a.wheel_radius_m > b.height_m) {
            return fmt::format("the wheels of axle {} are higher than height_m {}", i, b.height_m);
        }
        if (is_cycle(b.family) != (a.track_m == 0) && !is_trailer(b.family) &&
            b.family != Family::kCargoBicycle) {
            return fmt::format("track_m of axle {} is {}, which a {} cannot have", i, a.track_m,
                               name(b.family));
        }
    }
    if (b.rear_m() > b.axles.back().x_m - 0.3 * b.axles.back().wheel_radius_m) {
        return fmt::format("length_m {} ends before the wheels of the rearmost axle", b.length_m);
    }
    if (b.sill_m > 0.6 * b.height_m) {
        return fmt::format("sill_m is {}, expected less than 0.6 of height_m", b.sill_m);
    }
    if (b.roof_m && (*b.roof_m > b.height_m || *b.roof_m < b.sill_m + 0.3)) {
        return fmt::format("roof_m is {}, expected it between sill_m and height_m", *b.roof_m);
    }
    if (b.cab_m && *b.cab_m > 0.7 * b.length_m) {
        return fmt::format("cab_m is {}, expected less than 0.7 of length_m", *b.cab_m);
    }
    return {};
}

}  // namespace

Result<engine::import::Model> make_body(const Body& body) {
    if (const std::string wrong = wrong_with(body); !wrong.empty()) {
        return Error{.message = "body " + wrong};
    }
    Mesh mesh = make_family(body);
    if (!is_cycle(body.family)) fit(mesh, body, !is_trailer(body.family));
    append(mesh, make_wheels(body));
    return to_import(mesh);
}

}  // namespace huntsman::scenarios::bodywork
