// What road users read off a vehicle: every shipped model shows all its lamps at the proper end and
// side, and a number plate at both ends.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "scenarios/catalogue/baked_models.h"

namespace huntsman::scenarios::models {
namespace {

using engine::world::Lamp;
using engine::world::Material;
using engine::world::Semantic;

// Areas that are seen from before and behind [m²], in the half of the body that lies there.
struct Shown {
    double front_left = 0, front_right = 0, rear_left = 0, rear_right = 0;
    double front() const { return front_left + front_right; }
    double rear() const { return rear_left + rear_right; }
    double left() const { return front_left + rear_left; }
    double right() const { return front_right + rear_right; }
};

struct Signals {
    std::map<Lamp, Shown> lamps;
    Shown plates;
};

Signals signals_of(const BuiltModel& model) {
    Signals found;
    const auto& lod = model.body.lods.front();
    const double middle = model.extent.centre_x_m();
    for (const auto& s : lod.submeshes) {
        if (s.material != Material::kLamp && s.material != Material::kPlate) continue;
        Shown& shown = s.material == Material::kPlate ? found.plates : found.lamps[s.lamp];
        for (std::uint32_t i = s.first_index; i + 2 < s.first_index + s.index_count; i += 3) {
            Vec3 p[3];
            for (std::uint32_t k = 0; k < 3; ++k) {
                const auto& v = lod.vertices[lod.indices[i + k]];
                p[k] = {v.p[0], v.p[1], v.p[2]};
            }
            const double ahead = 0.5 * glm::cross(p[1] - p[0], p[2] - p[0]).x;
            const Vec3 at = (p[0] + p[1] + p[2]) / 3.0;
            const bool is_front = at.x > middle;
            if (ahead > 0 && is_front) (at.y > 0 ? shown.front_left : shown.front_right) += ahead;
            if (ahead < 0 && !is_front) (at.y > 0 ? shown.rear_left : shown.rear_right) -= ahead;
        }
    }
    return found;
}

// A lamp of 4 cm by 4 cm, and the smaller plates of North America.
constexpr double kLamp_m2 = 0.0016, kPlate_m2 = 0.03;
constexpr double kWrong_m2 = 1e-4;  // at the wrong end or side: the edge of a lamp at most

class ShippedModel : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        const auto model = catalogue::imported_model(GetParam());
        ASSERT_TRUE(model.ok()) << model.error().text();
        semantic_ = (*model)->semantic;
        signals_ = signals_of(**model);
    }
    bool has_four_wheels() const {
        return semantic_ == Semantic::kCar || semantic_ == Semantic::kVan ||
               semantic_ == Semantic::kTruck || semantic_ == Semantic::kBus;
    }
    static bool is_special() { return GetParam() == "tram" || GetParam() == "farm_tractor"; }
    Shown& of(Lamp lamp) { return signals_.lamps[lamp]; }
    Semantic semantic_ = Semantic::kCar;
    Signals signals_;
};

TEST_P(ShippedModel, HasItsLampsAtTheProperEndAndSide) {
    if (!has_four_wheels()) GTEST_SKIP() << "a two-wheeler";
    if (is_special()) GTEST_SKIP() << "trams do not reverse, tractors have lamps to work by";
    EXPECT_GT(of(Lamp::kHead).front_left, kLamp_m2);
    EXPECT_GT(of(Lamp::kHead).front_right, kLamp_m2);
    EXPECT_LT(of(Lamp::kHead).rear(), kWrong_m2);
    for (const Lamp lamp : {Lamp::kTail, Lamp::kBrake, Lamp::kReverse}) {
        SCOPED_TRACE(static_cast<int>(lamp));
        EXPECT_GT(of(lamp).rear_left, kLamp_m2);
        EXPECT_GT(of(lamp).rear_right, kLamp_m2);
        EXPECT_LT(of(lamp).front(), kWrong_m2);
    }
    EXPECT_GT(of(Lamp::kTurnLeft).front_left, kLamp_m2);
    EXPECT_GT(of(Lamp::kTurnLeft).rear_left, kLamp_m2);
    EXPECT_LT(of(Lamp::kTurnLeft).right(), kWrong_m2);
    EXPECT_GT(of(Lamp::kTurnRight).front_right, kLamp_m2);
    EXPECT_GT(of(Lamp::kTurnRight).rear_right, kLamp_m2);
    EXPECT_LT(of(Lamp::kTurnRight).left(), kWrong_m2);
}

TEST_P(ShippedModel, HasAPlateAtBothEnds) {
    if (!has_four_wheels()) GTEST_SKIP() << "a two-wheeler";
    if (is_special()) GTEST_SKIP() << "trams and tractors have none in front";
    EXPECT_GT(signals_.plates.front(), kPlate_m2);
    EXPECT_GT(signals_.plates.rear(), kPlate_m2);
}

TEST_P(ShippedModel, OfAMotorcycleHasItsLamps) {
    if (semantic_ != Semantic::kMotorcycle) GTEST_SKIP() << "no motorcycle";
    constexpr double kSmallLamp_m2 = 0.0005;
    EXPECT_GT(of(Lamp::kHead).front(), kLamp_m2);
    EXPECT_GT(of(Lamp::kTail).rear(), kLamp_m2);
    EXPECT_GT(of(Lamp::kBrake).rear(), kSmallLamp_m2);
    for (const Lamp lamp : {Lamp::kTurnLeft, Lamp::kTurnRight}) {
        SCOPED_TRACE(static_cast<int>(lamp));
        EXPECT_GT(of(lamp).front(), kSmallLamp_m2);
        EXPECT_GT(of(lamp).rear(), kSmallLamp_m2);
    }
    EXPECT_LT(of(Lamp::kTurnLeft).right(), kWrong_m2);
    EXPECT_LT(of(Lamp::kTurnRight).left(), kWrong_m2);
}

INSTANTIATE_TEST_SUITE_P(All, ShippedModel, testing::ValuesIn(catalogue::baked_model_names()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace huntsman::scenarios::models
