// Horns and sirens.
#include <gtest/gtest.h>

#include "agents/senses/senses.h"
#include "tests/agents/senses/scene.h"

namespace huntsman::agents::senses {

namespace {

Sound siren(double x_m) { return {SoundKind::kSiren, 9, {x_m, 0, 1}}; }
double over_noise(double distance_m, bool cabin, bool headphones = false, bool screened = false) {
    return level_over_noise_db(
        siren(distance_m), {.id = 2, .p_W = {0, 0, 1}, .cabin = cabin, .headphones = headphones},
        screened);
}

}  // namespace

TEST(Hearing, LevelFallsBySixDecibelsPerDoubling) {
    // 118 dB at 3 m, noise 65 dB; 5 dB per km in air.
    EXPECT_NEAR(over_noise(3, false), 53 - 0.015, 1e-9);
    EXPECT_NEAR(over_noise(30, false), 33 - 0.15, 1e-9);
    EXPECT_NEAR(over_noise(20, false) - over_noise(40, false), 6.02 + 0.1, 0.01);
}

TEST(Hearing, CabinsHeadphonesAndWallsTakeTheirShare) {
    EXPECT_LT(over_noise(50, true), over_noise(50, false));
    EXPECT_NEAR(over_noise(50, false) - over_noise(50, false, true), 25, 1e-9);
    EXPECT_NEAR(over_noise(50, false) - over_noise(50, false, false, true), 10, 1e-9);
    const Listener at_rest{.id = 2, .cabin = true}, fast{.id = 2, .cabin = true, .speed_mps = 28};
    EXPECT_GT(level_over_noise_db(siren(50), at_rest, false),
              level_over_noise_db(siren(50), fast, false));
}

TEST(Hearing, ASirenIsHeardAcrossTheStreetByPeopleAndLaterByDrivers) {
    EXPECT_GT(hearing_probability(over_noise(200, false)), 0.95);
    EXPECT_GT(hearing_probability(over_noise(30, true)), 0.95);
    EXPECT_LT(hearing_probability(over_noise(400, true)), 0.2);
    EXPECT_LT(hearing_probability(over_noise(200, false, true)), 0.3);
}

// [Potter et al. 1977]: the right sector of 45 degrees in 91 % in the open, 26 % in a closed car.
TEST(Hearing, DirectionsAreAsUncertainAsMeasured) {
    const auto share_in_sector = [](bool cabin) {
        constexpr int kSounds = 4000;
        int heard_count = 0, right = 0;
        for (int onset = 0; onset < kSounds; ++onset) {
            Heard heard;
            if (!hears(engine::core::Key(3), siren(10), {.id = 2, .cabin = cabin}, false, onset,
                       onset, heard)) {
                continue;
            }
            ++heard_count;
            right += std::abs(heard.bearing_rad) < math::kPi / 8 ? 1 : 0;
        }
        EXPECT_GT(heard_count, kSounds / 2);
        return static_cast<double>(right) / heard_count;
    };
    EXPECT_NEAR(share_in_sector(false), 0.91, 0.02);
    EXPECT_NEAR(share_in_sector(true), 0.26, 0.02);
}

TEST(Hearing, TheErrorOfASoundsDirectionLasts) {
    Heard first, later;
    const Listener listener{.id = 2};
    ASSERT_TRUE(hears(engine::core::Key(3), siren(5), listener, false, 100, 100, first));
    ASSERT_TRUE(hears(engine::core::Key(3), siren(5), listener, false, 110, 100, later));
    EXPECT_EQ(first.bearing_rad, later.bearing_rad);
}

TEST(Hearing, NobodyHearsTheirOwnSiren) {
    Scene scene;
    scene.add(kCar, {0, 0, 0});
    const auto ambulance = scene.add(kVan, {20, 0, 0});
    scene.state.find(ambulance)->lamps = world::bit(world::Lamp::kBlue);
    Senses senses(scene.world);
    senses.begin(scene.state);
    const auto scratch = senses.scratch();
    std::vector<Sound> sounds;
    senses.sirens(sounds);
    ASSERT_EQ(sounds.size(), 1U);
    EXPECT_EQ(sounds[0].source, ambulance);
    std::vector<Heard> heard;
    senses.listen(2, {}, sounds, 0, scratch, heard);
    EXPECT_EQ(heard.size(), 1U);
    senses.listen(ambulance, {}, sounds, 0, scratch, heard);
    EXPECT_TRUE(heard.empty());
}

}  // namespace huntsman::agents::senses
