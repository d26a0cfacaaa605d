#include <fmt/format.h>

#include <cmath>

#include "scenarios/bodywork/families.h"
#include "scenarios/bodywork/wheels.h"

namespace huntsman::scenarios::bodywork {

using engine::core::Error;
using engine::core::Result;

const char* name(Family family) {
    constexpr const char* kNames[kFamilies] = {
        "van",     "bus",     "tram",          "lorry",   "tractor_unit", "semi_trailer", "trailer",
        "drawbar_trailer", "saloon", "bicycle", "cargo_bicycle", "scooter", "tractor"};
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
        default:
            return make_van(b);
    }
}

}  // namespace

Result<engine::import::Model> make_body(const Body& body) {
    Mesh mesh = make_family(body);
    append(mesh, make_wheels(body));
    return to_import(mesh);
}

}  // namespace huntsman::scenarios::bodywork
