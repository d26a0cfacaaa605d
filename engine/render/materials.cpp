#include "engine/render/materials.h"

#include <span>
#include <utility>

#include "engine/core/check.h"
#include "engine/render/shader_types.h"
#include "engine/texture/noise.h"

namespace huntsman::engine::render {

using world::Lamp;
using world::Material;

namespace {

constexpr auto kPlain = SurfaceClass::kPlain;
constexpr auto kTextured = SurfaceClass::kTextured;
constexpr auto kGround = SurfaceClass::kGround;

using Looks = std::array<Look, static_cast<std::size_t>(Material::kCount)>;

// Vehicles and people: colour comes from vertices and tint.
void set_bodies(Looks& looks) {
    const auto set = [&](Material m, const Look& look) {
        looks[static_cast<std::size_t>(m)] = look;
    };
    using L = TextureLayer;
    const std::array<float, 3> white{1, 1, 1};
    Look paint{kPlain, L::kNoise, 1, white, 0.42F, shader::kKindCoated};
    set(Material::kLivery, paint);
    paint.tinted = true;
    set(Material::kCarPaint, paint);
    set(Material::kGlass, {kPlain, L::kNoise, 1, white, 0.02F, shader::kKindGlass});
    set(Material::kWindow, {SurfaceClass::kCabin, L::kNoise, 1, white, 0.02F, shader::kKindGlass});
    set(Material::kRubber, {kPlain, L::kNoise, 1, {0.03F, 0.03F, 0.03F}, 0.85F});
    set(Material::kRim, {kPlain, L::kNoise, 1, {0.55F, 0.56F, 0.58F}, 0.35F, shader::kKindMetal});
    set(Material::kMetal, {kPlain, L::kNoise, 1, {0.5F, 0.51F, 0.52F}, 0.5F, shader::kKindMetal});
    set(Material::kPlastic, {kPlain, L::kNoise, 1, {0.05F, 0.05F, 0.05F}, 0.55F});
    Look cloth{kTextured, L::kCloth, 2.0F, white, 0.95F};
    cloth.tinted = true;
    set(Material::kCloth, cloth);
    cloth.tinted = false;
    set(Material::kFabric, cloth);
    set(Material::kSkin, {kPlain, L::kNoise, 1, white, 0.55F});
    set(Material::kHair, {kPlain, L::kNoise, 1, white, 0.65F});
    set(Material::kLeather, {kPlain, L::kNoise, 1, white, 0.5F});
    set(Material::kGear, {kPlain, L::kNoise, 1, white, 0.35F});
    // Lids shade the white.
    set(Material::kEye, {kPlain, L::kNoise, 1, {0.5F, 0.5F, 0.5F}, 0.32F});
    // Roughness and kind are the picture's.
    set(Material::kPicture, {SurfaceClass::kPicture});
    set(Material::kPlate,
        {kTextured, L::kPlates, 1.0F / texture::kPlateColumns, white, 0.4F, shader::kKindRetro});
    set(Material::kSign, {kPlain, L::kNoise, 1, {0.85F, 0.85F, 0.85F}, 0.45F, shader::kKindRetro});
    set(Material::kReflector, {kPlain, L::kNoise, 1, {0.8F, 0.8F, 0.8F}, 0.4F, shader::kKindRetro});
    set(Material::kLamp, {kPlain, L::kNoise, 1, {0.16F, 0.16F, 0.16F}, 0.3F, shader::kKindCoated});
}

Looks make_looks() {
    Looks looks;
    const auto set = [&](Material m, const Look& look) {
        looks[static_cast<std::size_t>(m)] = look;
    };
    using L = TextureLayer;
    const std::array<float, 3> white{1, 1, 1};
    // Ground: the texture holds albedo and roughness.
    const auto ground = [&](Material m, L layer, float repeats, float wettable) -> Look& {
        set(m, {kGround, layer, repeats, white, 0.9F, 0, wettable});
        return looks[static_cast<std::size_t>(m)];
    };
    ground(Material::kAsphalt, L::kAsphalt, 1 / 4.0F, 1.0F);
    Look& lanes = ground(Material::kCarriageway, L::kAsphalt, 1 / 4.0F, 1.0F);
    lanes.macro = L::kLaneWear;
    lanes.along_lane = true;
    ground(Material::kConcrete, L::kConcrete, 1 / 3.0F, 0.7F);
    ground(Material::kPaving, L::kPaving, 1 / 4.0F, 0.8F);
    ground(Material::kPavers, L::kPavers, 1 / 4.0F, 0.8F);
    ground(Material::kCobbles, L::kCobbles, 1 / 4.0F, 0.8F);
    ground(Material::kKerb, L::kKerb, 1 / 4.0F, 0.6F);
    ground(Material::kGranite, L::kGranite, 1 / 4.0F, 0.5F);
    ground(Material::kIron, L::kIron, 1.0F, 0.3F);
    ground(Material::kRoadMark, L::kRoadMark, 1 / 2.0F, 0.5F);
    Look& grass = ground(Material::kGrass, L::kGrass, 1 / 3.0F, 0.25F);
    grass.macro = L::kMeadow;
    grass.macro_per_m = 1 / 37.0F;
    ground(Material::kSoil, L::kSoil, 1 / 3.0F, 0.6F);
    // Buildings and plants.
    set(Material::kBrick, {kTextured, L::kBrick, 1 / 2.0F, white, 0.85F});
    set(Material::kPlaster, {kTextured, L::kPlaster, 1 / 4.0F, white, 0.9F});
    for (const auto& [material, layer] : {std::pair(Material::kFacade, L::kFacadePlaster),
                                          std::pair(Material::kFacadeBrick, L::kFacadeBrick),
                                          std::pair(Material::kFacadeStucco, L::kFacadeStucco),
                                          std::pair(Material::kFacadeShutter, L::kFacadeShutter),
                                          std::pair(Material::kFacadePanel, L::kFacadePanel),
                                          std::pair(Material::kFacadeModern, L::kFacadeModern),
                                          std::pair(Material::kShop, L::kShop)}) {
        set(material, {SurfaceClass::kFacade, layer, 1 / 4.0F, white, 0.8F});
    }
    set(Material::kRoof, {kTextured, L::kRoof, 1 / 2.0F, white, 0.85F});
    set(Material::kWood, {kTextured, L::kWood, 1.0F, white, 0.8F});
    set(Material::kBark, {kTextured, L::kBark, 1.0F, white, 0.95F});
    set(Material::kLeaves,
        {SurfaceClass::kLeaves, L::kLeaves, 1 / 3.0F, white, 0.95F, shader::kKindLeaf});
    set_bodies(looks);
    // What snow does not stay on, or stays on less: what is driven on, steep, warm or moving.
    const auto of = [&](Material m) -> Look& { return looks[static_cast<std::size_t>(m)]; };
    for (const Material m : {Material::kRubber, Material::kRim, Material::kSkin, Material::kHair,
                             Material::kLamp, Material::kPlate, Material::kSign, Material::kBark,
                             Material::kLeather, Material::kGear, Material::kEye}) {
        of(m).snowable = 0;
    }
    of(Material::kCloth).snowable = 0.2F;
    of(Material::kFabric).snowable = 0.2F;
    of(Material::kGlass).snowable = 0.3F;
    of(Material::kWindow).snowable = 0.3F;
    of(Material::kPicture).snowable = 0.3F;
    of(Material::kIron).snowable = 0.1F;
    of(Material::kRoadMark).snowable = 0.6F;
    of(Material::kLeaves).snowable = 0.7F;
    for (const Material m : {Material::kRoof, Material::kWood, Material::kBrick}) {
        of(m).wettable = 0.5F;
    }
    return looks;
}

}  // namespace

const Look& look_of(Material material) {
    static const auto looks = make_looks();
    HM_CHECK(material < Material::kCount, "material {}", static_cast<int>(material));
    return looks[static_cast<std::size_t>(material)];
}

namespace {

// Draws one of the kinds by the shares that lie below each of them.
struct LampKind {
    double up_to = 1;
    std::array<float, 3> colour{1, 1, 1};
};
const std::array<float, 3>& kind_of(std::span<const LampKind> kinds, std::uint32_t variety) {
    const double chance = texture::hash01(variety, 0x1a3bU);
    for (const LampKind& kind : kinds) {
        if (chance < kind.up_to) return kind.colour;
    }
    return kinds.back().colour;
}

// Black bodies of the temperatures above in linear sRGB, the strongest channel 1.
constexpr LampKind kHeadLamps[] = {
    {0.35, {1.0F, 0.73F, 0.43F}}, {0.45, {1.0F, 0.86F, 0.66F}}, {1, {1.0F, 0.96F, 0.92F}}};
constexpr LampKind kStreetLamps[] = {
    {0.25, {1.0F, 0.55F, 0.16F}}, {0.70, {1.0F, 0.78F, 0.50F}}, {1, {1.0F, 0.88F, 0.70F}}};

}  // namespace

LampLight light_of(Lamp lamp, std::uint32_t variety) {
    // A sunlit white wall has 25 kcd/m². Lamps are set well above it, as the LEDs behind their
    // lenses are, so that they read as lit at a few pixels' size in full daylight.
    switch (lamp) {
        case Lamp::kHead:
            return {kind_of(kHeadLamps, variety), 60};
        case Lamp::kTail:
            return {{1.0F, 0.03F, 0.015F}, 10};
        case Lamp::kBrake:
            return {{1.0F, 0.05F, 0.03F}, 140};
        case Lamp::kTurnLeft:
        case Lamp::kTurnRight:
            return {{1.0F, 0.34F, 0.02F}, 140};
        case Lamp::kReverse:
            return {{1.0F, 0.97F, 0.92F}, 30};
        case Lamp::kSignalRed:
            return {{1.0F, 0.05F, 0.03F}, 180};
        case Lamp::kSignalYellow:
            return {{1.0F, 0.48F, 0.03F}, 150};
        case Lamp::kSignalGreen:
            return {{0.05F, 1.0F, 0.42F}, 130};
        case Lamp::kWalk:
            return {{0.05F, 1.0F, 0.42F}, 120};
        case Lamp::kDontWalk:
            return {{1.0F, 0.05F, 0.03F}, 140};
        case Lamp::kStreet:
            return {kind_of(kStreetLamps, variety), 30};
        case Lamp::kBlue:
            return {{0.03F, 0.10F, 1.0F}, 120};
        case Lamp::kCount:
            break;
    }
    HM_CHECK(false, "lamp {}", static_cast<int>(lamp));
}

}  // namespace huntsman::engine::render
