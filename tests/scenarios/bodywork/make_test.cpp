// What is made of numbers: the shipped vehicles, vehicles with random measures, and bad parameters.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "tests/scenarios/bodywork/shipped.h"

namespace huntsman::scenarios::bodywork {
namespace {

using engine::import::Model;
using engine::math::Vec3;

struct Found {
    Vec3 low{1e9, 1e9, 1e9}, high{-1e9, -1e9, -1e9};
    double half_below_mirrors = 0;
    std::map<std::string, std::array<double, 2>> area;  // by kind: right, left
    std::size_t degenerate = 0, duplicate = 0, faces = 0;
};

// Faces by kind, those without an area, and those that are there twice; corners are compared on a
// lattice of 0.1 mm.
Found look_at(const Model& model) {
    Found found;
    std::set<std::array<std::array<long, 3>, 3>> seen;
    for (const auto& mesh : model.meshes) {
        const std::string& material = model.materials[mesh.material].name;
        const std::string kind = material.substr(0, material.find(':'));
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
            std::array<Vec3, 3> p;
            std::array<std::array<long, 3>, 3> key;
            for (std::size_t k = 0; k < 3; ++k) {
                const auto& q = mesh.positions[mesh.indices[i + k]];
                p[k] = {q[0], q[1], q[2]};
                for (std::size_t c = 0; c < 3; ++c) {
                    key[k][c] = std::lround(1e4 * static_cast<double>(q[c]));
                }
                found.low = glm::min(found.low, p[k]), found.high = glm::max(found.high, p[k]);
            }
            const double area = 0.5 * glm::length(glm::cross(p[1] - p[0], p[2] - p[0]));
            found.degenerate += !(area > 5e-9);
            // The same corners in the same sense.
            std::rotate(key.begin(), std::min_element(key.begin(), key.end()), key.end());
            found.duplicate += area > 1e-6 && !seen.insert(key).second;
            found.area[kind][p[0].y + p[1].y + p[2].y > 0 ? 1 : 0] += area;
            ++found.faces;
        }
    }
    for (const auto& mesh : model.meshes) {
        for (const auto& q : mesh.positions) {
            if (q[2] <= 0.437 * found.high.z) {
                found.half_below_mirrors =
                    std::max(found.half_below_mirrors, std::abs(static_cast<double>(q[1])));
            }
        }
    }
    return found;
}

bool is_cycle(Family f) {
    return f == Family::kBicycle || f == Family::kCargoBicycle || f == Family::kScooter;
}
bool is_trailer(Family f) {
    return f == Family::kSemiTrailer || f == Family::kTrailer || f == Family::kDrawbarTrailer;
}

void expect_sound(const Body& b, const std::string& what) {
    SCOPED_TRACE(what);
    const auto made = make_body(b);
    ASSERT_TRUE(made.ok()) << made.error().text();
    const Found found = look_at(*made);
    EXPECT_EQ(found.degenerate, 0U);
    EXPECT_LE(found.duplicate, found.faces / 1000);
    // Wheels touch the ground and nothing is below it.
    EXPECT_NEAR(found.low.z, 0, 0.002);
    if (!is_cycle(b.family)) {
        EXPECT_NEAR(found.high.x, b.front_m(), 0.01 * b.length_m);
        EXPECT_NEAR(found.low.x, b.rear_m(), 0.01 * b.length_m);
        EXPECT_NEAR(found.high.z, b.height_m, 0.01 * b.height_m);
        const double half = is_trailer(b.family) ? found.high.y : found.half_below_mirrors;
        EXPECT_NEAR(2 * half, b.width_m, 0.01 * b.width_m);
    }
    std::vector<const char*> lamps{"tail_lamp"};
    if (!is_trailer(b.family)) lamps.push_back("head_lamp");
    if (!is_cycle(b.family)) {
        lamps.insert(lamps.end(), {"brake_lamp", "turn_lamp"});
        if (b.family != Family::kTram) lamps.push_back("reverse_lamp");
    }
    for (const char* lamp : lamps) {
        ASSERT_EQ(found.area.count(lamp), 1U) << lamp;
        if (is_cycle(b.family)) continue;
        const auto& [right, left] = found.area.at(lamp);
        EXPECT_GT(left, 1e-4) << lamp;
        EXPECT_NEAR(left, right, 0.02 * (left + right)) << lamp;
    }
    if (b.equipment == Equipment::kNone || b.equipment == Equipment::kTaxi) return;
    EXPECT_EQ(found.area.count("blue_lamp"), 1U);
}

// Numbers between 0 and 1 [Steele and Vigna 2021, a 64-bit linear congruential generator].
struct Numbers {
    std::uint64_t state;
    double next() {
        state = state * 0xd1342543de82ef95ULL + 1;
        return static_cast<double>(state >> 11) * 0x1.0p-53;
    }
    double about(double value, double spread) { return value * (1 + spread * (2 * next() - 1)); }
};

// Measures within 6 % of the shipped ones, wheels within 5 %.
Body varied(Body b, Numbers& numbers) {
    b.width_m = numbers.about(b.width_m * 1.03, 0.03);
    b.height_m = numbers.about(b.height_m * 1.03, 0.03);
    const double rear = b.axles.back().x_m - b.rear_m();
    const double stretch = numbers.about(1, 0.06);
    for (BodyAxle& axle : b.axles) axle.x_m *= stretch;
    b.front_overhang_m = numbers.about(b.front_overhang_m * 1.02, 0.02);
    b.length_m = b.front_m() - b.axles.back().x_m + numbers.about(rear * 1.03, 0.03);
    const double wheel = numbers.about(1, is_cycle(b.family) ? 0.02 : 0.05);
    for (BodyAxle& axle : b.axles) axle.wheel_radius_m *= wheel;
    b.sill_m = numbers.about(b.sill_m, 0.06);
    return b;
}

TEST(Bodies, EveryFamilyIsShippedAndSound) {
    std::set<Family> families;
    for (const auto& description : shipped_bodies()) {
        families.insert(description.body->family);
        expect_sound(*description.body, description.name);
    }
    EXPECT_EQ(families.size(), static_cast<std::size_t>(kFamilies));
}

TEST(Bodies, RandomMeasuresOfEachFamilyAreSound) {
    constexpr int kEach = 100;
    std::set<Family> done;
    for (const auto& description : shipped_bodies()) {
        if (!done.insert(description.body->family).second) continue;
        Numbers numbers{17};
        for (int i = 0; i < kEach; ++i) {
            expect_sound(varied(*description.body, numbers),
                         description.name + ", set " + std::to_string(i));
            if (HasFailure()) return;
        }
    }
}

TEST(Bodies, TheSameParametersGiveTheSameBytes) {
    for (const auto& description : shipped_bodies()) {
        const auto a = make_body(*description.body), b = make_body(*description.body);
        ASSERT_TRUE(a.ok() && b.ok());
        ASSERT_EQ(a->meshes.size(), b->meshes.size());
        for (std::size_t i = 0; i < a->meshes.size(); ++i) {
            EXPECT_TRUE(a->meshes[i].positions == b->meshes[i].positions) << description.name;
            EXPECT_TRUE(a->meshes[i].indices == b->meshes[i].indices) << description.name;
        }
    }
}

std::string refused(const std::function<void(Body&)>& change) {
    Body b{.axles = {{3.3, 1.7, 0.34, 0.2}, {0, 1.7, 0.34, 0.2}}};
    b.length_m = 5.4, b.width_m = 2.02, b.height_m = 2.42;
    EXPECT_TRUE(make_body(b).ok());
    change(b);
    const auto made = make_body(b);
    return made.ok() ? "made" : made.error().message;
}

TEST(Bodies, BadParametersAreNamed) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_NE(refused([&](Body& b) { b.length_m = nan; }).find("not finite"), std::string::npos);
    EXPECT_NE(refused([&](Body& b) { b.axles[0].x_m = INFINITY; }).find("not finite"),
              std::string::npos);
    EXPECT_NE(refused([](Body& b) { b.axles.clear(); }).find("0 axles"), std::string::npos);
    EXPECT_NE(refused([](Body& b) { b.height_m = -1; }).find("-1"), std::string::npos);
    EXPECT_NE(refused([](Body& b) { b.axles[1].track_m = 1.9; }).find("beyond width_m"),
              std::string::npos);
    EXPECT_NE(
        refused([](Body& b) { b.axles[0].wheel_radius_m = 1.3; }).find("higher than height_m"),
        std::string::npos);
    EXPECT_NE(refused([](Body& b) { std::swap(b.axles[0], b.axles[1]); }).find("not behind"),
              std::string::npos);
    EXPECT_NE(refused([](Body& b) { b.length_m = 4; }).find("rearmost"), std::string::npos);
    EXPECT_NE(refused([](Body& b) { b.axles[0].track_m = 0; }).find("cannot have"),
              std::string::npos);
    EXPECT_NE(refused([](Body& b) { b.sill_m = 2; }).find("sill_m"), std::string::npos);
    EXPECT_NE(refused([](Body& b) { b.roof_m = 3; }).find("roof_m"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::scenarios::bodywork
