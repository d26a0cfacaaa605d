// A body of given age, sex, stature and build: the base mesh with its targets blended, brought to
// its stature, with the skeleton that fits it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.h"
#include "engine/figure/skeleton.h"
#include "engine/math/vec.h"
#include "scenarios/people/body_data.h"

namespace huntsman::scenarios::people {

struct BodyParameters {
    double age_years = 30;                        // 1 to 90
    double male = 0.5;                            // 0 female to 1 male
    double height_m = 1.72;                       // without shoes
    double mass_kg = 70;                          // undressed; the nearest that the build allows
    double muscle = 0.5;                          // 0 to 1
    double proportions = 0.5;                     // 0 uncommon to 1 ideal
    double african = 0, asian = 0, european = 1;  // shares of facial features, any sum above 0
    // Further targets with their strength, of `face_features`: {"nose/nose-hump-incr", 0.4}.
    std::vector<std::pair<std::string, double>> features;
};

struct Body {
    BodyParameters parameters;
    std::vector<engine::math::Vec3> vertices;  // all of the base mesh, helpers too, in B
    std::vector<engine::math::Vec3> normals;   // of the body's faces; zero for helpers
    engine::figure::Skeleton skeleton;         // soles bare
    double mass_kg = 0;                        // from its volume
};

// Fails when a target's file is missing or malformed, or a parameter is not finite.
engine::core::Result<Body> make_body(BodyData& data, const BodyParameters& parameters);

// Pairs of opposite targets that vary faces and bodies without changing who is how old: each is
// applied with the strength of its sign. A target of one side of the face is named with `l-`; the
// right one goes with it.
struct Feature {
    const char* less;
    const char* more;
    double spread;  // standard deviation of its strength among people
};
const std::vector<Feature>& face_features();

// Volume of the closed surface of the body's faces [m³].
double volume_m3(const BodyData& data, const std::vector<engine::math::Vec3>& vertices);

}  // namespace huntsman::scenarios::people
