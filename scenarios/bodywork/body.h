// Parameters of a vehicle that is made of numbers: `body` of a description in assets/models.
// All lengths are in metres, in frame B: x forward, y left, z up, origin on the ground below the
// middle of the axles that do not steer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/result.h"
#include "engine/import/model.h"

namespace huntsman::scenarios::bodywork {

enum class Family : std::uint8_t {
    kVan,          // panel van, ambulance
    kBus,          // city bus
    kTram,         // one rigid car with cabs at both ends
    kLorry,        // cab over the engine with a load space, or with lockers as a fire engine
    kTractorUnit,  // with a fifth wheel
    kSemiTrailer,
    kTrailer,         // of cars
    kDrawbarTrailer,  // of lorries
    kSaloon,
    kBicycle,
    kCargoBicycle,
    kScooter,  // with an electric motor, ridden standing
    kTractor,  // of farms
};
constexpr int kFamilies = static_cast<int>(Family::kTractor) + 1;
const char* name(Family family);  // "van", "bus", ...

enum class Equipment : std::uint8_t { kNone, kAmbulance, kPolice, kTaxi, kFire };
constexpr int kEquipments = static_cast<int>(Equipment::kFire) + 1;
const char* name(Equipment equipment);  // "none", "ambulance", ...

enum class Rim : std::uint8_t { kAlloy, kSteel, kTrim, kLorry, kWire };
constexpr int kRims = static_cast<int>(Rim::kWire) + 1;
const char* name(Rim rim);  // "alloy", ...

struct BodyAxle {
    double x_m = 0;
    double track_m = 0;  // between the wheels' middles; 0: a single wheel
    double wheel_radius_m = 0.3;
    double tyre_width_m = 0.2;  // over both tyres where they are twins
    bool twin = false;
};

struct Body {
    Family family = Family::kVan;
    double length_m = 5, width_m = 2, height_m = 2;  // width without mirrors
    double front_overhang_m = 1;                     // before the foremost axle
    double sill_m = 0.25;                            // lower edge of the body
    std::vector<BodyAxle> axles;                     // from the front
    Rim rim = Rim::kAlloy;
    Equipment equipment = Equipment::kNone;
    bool estate = false;                          // a saloon's roof goes on to its rear
    std::optional<std::array<double, 3>> livery;  // linear; else the actor's tint
    std::optional<std::array<double, 3>> stripe;  // of bands and lower panels
    std::optional<double> cab_m;                  // length of a lorry's cab
    std::optional<double> roof_m;   // top of the body or cab, without what stands on it
    std::optional<double> floor_m;  // of the load space

    double front_m() const { return axles.empty() ? 0 : axles.front().x_m + front_overhang_m; }
    double rear_m() const { return front_m() - length_m; }  // x, below 0
};

// Makes the vehicle: meshes in metres in B, with materials named by models::Kind, or "kind:N" where
// they have a colour of their own. The same parameters give the same bytes.
// Errors: parameters that are not finite or do not fit together, in one sentence.
engine::core::Result<engine::import::Model> make_body(const Body& body);

}  // namespace huntsman::scenarios::bodywork
