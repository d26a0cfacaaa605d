// Bodies, clothing and models: measures agree with parameters, meshes are sound, cloth covers skin.
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "engine/core/files.h"
#include "engine/figure/cast_file.h"
#include "engine/figure/motion.h"
#include "scenarios/people/cast.h"
#include "scenarios/people/levels.h"
#include "scenarios/people/simplify.h"

namespace huntsman::scenarios::people {
namespace {

namespace fs = std::filesystem;
using engine::figure::Joint;
using engine::figure::KeyPoint;
using engine::figure::Level;
using engine::figure::Matter;
using engine::figure::Model;
using engine::figure::Movement;
using engine::figure::Vertex;
using engine::math::kPi;
using engine::math::Vec3;

// The data is fetched by the set-up; without it there is nothing to test.
class People : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (!fs::exists(data_folder() / "SOURCE")) return;
        auto read = BodyData::read(data_folder());
        ASSERT_TRUE(read.ok()) << read.error().text();
        data_ = new BodyData(std::move(read.value()));
    }
    static void TearDownTestSuite() { delete data_; }
    void SetUp() override {
        if (data_ == nullptr) GTEST_SKIP() << "no data at " << data_folder();
    }
    static BodyData* data_;
};
BodyData* People::data_ = nullptr;

double body_height(const BodyData& data, const Body& body) {
    double low = 1e9, high = -1e9;
    for (const Quad& quad : data.group("body")) {
        for (const Corner& corner : quad) {
            low = std::min(low, body.vertices[corner.vertex].z);
            high = std::max(high, body.vertices[corner.vertex].z);
        }
    }
    EXPECT_NEAR(low, 0, 1e-9);
    return high - low;
}

TEST_F(People, StatureAndMassAreThoseAskedFor) {
    for (const auto& [age, male, height, mass] : {std::array{30.0, 1.0, 1.80, 75.0},
                                                  {30.0, 0.0, 1.65, 62.0},
                                                  {6.0, 0.5, 1.15, 21.0},
                                                  {75.0, 0.0, 1.58, 68.0}}) {
        const auto body = make_body(
            *data_, {.age_years = age, .male = male, .height_m = height, .mass_kg = mass});
        ASSERT_TRUE(body.ok()) << body.error().text();
        EXPECT_NEAR(body_height(*data_, *body), height, 0.001 * height);
        EXPECT_NEAR(body->mass_kg, mass, 0.01 * mass) << age << " years, male " << male;
    }
}

TEST_F(People, MassGrowsWithTheWeightAskedFor) {
    double before = 0;
    for (const double mass : {50.0, 60.0, 72.0}) {
        const auto body = make_body(*data_, {.male = 0.5, .height_m = 1.7, .mass_kg = mass});
        ASSERT_TRUE(body.ok());
        EXPECT_GT(body->mass_kg, before);
        before = body->mass_kg;
    }
}

TEST_F(People, ParametersThatAreNotFiniteAreAnError) {
    EXPECT_FALSE(make_body(*data_, {.age_years = std::nan("")}).ok());
    EXPECT_FALSE(make_body(*data_, {.height_m = 12}).ok());
    BodyParameters unknown;
    unknown.features = {{"nose/of-a-kind-that-is-not-there", 0.5}};
    const auto body = make_body(*data_, unknown);
    ASSERT_FALSE(body.ok());
    EXPECT_NE(body.error().text().find("of-a-kind"), std::string::npos);
}

TEST_F(People, LimbsHaveTheProportionsOfTables) {
    // Shares of stature of adults [Winter 2009, fig. 4.1]; bodies differ by a tenth.
    const auto body = make_body(*data_, {.male = 0.5, .height_m = 1.72, .mass_kg = 68});
    ASSERT_TRUE(body.ok());
    const auto& s = body->skeleton;
    EXPECT_NEAR(s.leg_m() / 1.72, 0.245 + 0.246, 0.05);
    EXPECT_NEAR(s.at(Joint::kLeftUpperArm).z / 1.72, 0.818, 0.04);
    EXPECT_NEAR(s.at(Joint::kLeftEye).z / 1.72, 0.936, 0.02);
    EXPECT_NEAR(s.at(Joint::kLeftThigh).z / 1.72, 0.53, 0.04);
}

Vec3 place(const Vertex& v) { return Vec3(v.p[0], v.p[1], v.p[2]); }

// How often the surface goes around a point [Jacobson et al. 2013]: 1 inside, 0 outside, in between
// near open hems.
double winding(const Level& level, const Vec3& p) {
    double sum = 0;
    for (std::size_t i = 0; i + 2 < level.indices.size(); i += 3) {
        const Vec3 a = place(level.vertices[level.indices[i]]) - p,
                   b = place(level.vertices[level.indices[i + 1]]) - p,
                   c = place(level.vertices[level.indices[i + 2]]) - p;
        const double la = glm::length(a), lb = glm::length(b), lc = glm::length(c);
        sum += 2 * std::atan2(glm::dot(a, glm::cross(b, c)), la * lb * lc + glm::dot(a, b) * lc +
                                                                 glm::dot(b, c) * la +
                                                                 glm::dot(c, a) * lb);
    }
    return sum / (4 * kPi);
}

// How far a point lies outside of the surface at most; 0 inside.
double outside_m(const Level& level, const Vec3& p) {
    if (winding(level, p) > 0.4) return 0;
    double nearest = 1e9;
    for (std::size_t i = 0; i + 2 < level.indices.size(); i += 3) {
        const Vec3 a = place(level.vertices[level.indices[i]]),
                   b = place(level.vertices[level.indices[i + 1]]),
                   c = place(level.vertices[level.indices[i + 2]]);
        for (const Vec3& at : {a, b, c, (a + b + c) / 3.0}) {
            nearest = std::min(nearest, glm::distance(at, p));
        }
    }
    return nearest;
}

// What always holds of a level. Returns what is wrong, empty where nothing is.
std::string fault_of(const Level& level, std::size_t most) {
    if (level.indices.size() / 3 > most) return "more triangles than the budget";
    if (level.indices.empty()) return "no triangles";
    std::size_t turned = 0;
    std::array<int, static_cast<std::size_t>(Matter::kCount)> by{};
    for (std::size_t i = 0; i + 2 < level.indices.size(); i += 3) {
        Vec3 p[3], n(0);
        for (std::size_t k = 0; k < 3; ++k) {
            const Vertex& v = level.vertices[level.indices[i + k]];
            p[k] = Vec3(v.p[0], v.p[1], v.p[2]);
            n += Vec3(v.n[0], v.n[1], v.n[2]);
        }
        const Vec3 cross = glm::cross(p[1] - p[0], p[2] - p[0]);
        if (glm::length(cross) < 1e-9) return "a face without area";
        const bool against = glm::dot(cross, n) < 0;
        turned += against ? 1 : 0;
        if (against) ++by[static_cast<std::size_t>(level.vertices[level.indices[i]].matter)];
    }
    // Edges of cloth fold over by nature; elsewhere faces look the way of their normals.
    if (turned > level.indices.size() / 3 / 20)
        return fmt::format("faces against their normals, by matter: {}", fmt::join(by, " "));
    for (const Vertex& v : level.vertices) {
        const double length = std::sqrt(v.n[0] * v.n[0] + v.n[1] * v.n[1] + v.n[2] * v.n[2]);
        if (std::abs(length - 1) > 0.01) return "a normal that is not of length 1";
        if (v.weights[0] + v.weights[1] + v.weights[2] + v.weights[3] != 255) return "weights";
    }
    return "";
}

std::string fault_of(const Person& person, const Model& model) {
    for (std::size_t k = 0; k < model.levels.size(); ++k) {
        const std::string fault = fault_of(model.levels[k], kBudgets[k]);
        if (!fault.empty()) return fmt::format("level {}: {}", k, fault);
    }
    const Level& fine = model.levels.front();
    double low = 1e9, high = -1e9;
    for (const Vertex& v : fine.vertices) {
        low = std::min(low, static_cast<double>(v.p[2]));
        if (v.matter == Matter::kSkin) high = std::max(high, static_cast<double>(v.p[2]));
    }
    if (std::abs(low) > 0.012) return fmt::format("soles at {:.4f} m", low);
    // Headwear may cover the crown.
    const double height =
        person.body.height_m + sole_m(person.outfit.shoes, person.body.height_m / 1.75);
    if (std::abs(model.skeleton.height_m - height) > 0.01 * height) return "stature";
    if (high > height + 0.01) return fmt::format("skin up to {:.3f} m", high);
    // The face is there: skin near the nose and below the eyes.
    const Vec3& nose = model.skeleton.key_points[static_cast<std::size_t>(KeyPoint::kNose)];
    std::size_t face = 0;
    for (const Vertex& v : fine.vertices) {
        face += v.matter == Matter::kSkin && glm::distance(place(v), nose) < 0.05 ? 1 : 0;
    }
    if (face < 60) return fmt::format("only {} points of skin around the nose", face);
    for (std::size_t k = 0; k < engine::figure::kKeyPointCount; ++k) {
        const double out = outside_m(fine, model.skeleton.key_points[k]);
        if (out > 0.012) return fmt::format("key point {} lies {:.3f} m outside", k, out);
    }
    return "";
}

// HUNTSMAN_PEOPLE sets how many; 24 take about 20 s.
TEST_F(People, RandomPeopleAreSound) {
    const char* set = std::getenv("HUNTSMAN_PEOPLE");
    const std::size_t count = set != nullptr ? std::strtoul(set, nullptr, 10) : 24;
    std::array<double, 3> triangles{};
    for (const Person& person : random_cast(count)) {
        const auto model = make_model(*data_, person);
        ASSERT_TRUE(model.ok()) << model.error().text();
        EXPECT_EQ(fault_of(person, *model), "") << person.name;
        for (std::size_t k = 0; k < 3; ++k) {
            triangles[k] += static_cast<double>(model->levels[k].indices.size() / 3);
        }
    }
    for (std::size_t k = 0; k < 3; ++k) {
        std::printf("level %zu: %.0f triangles on the mean\n", k,
                    triangles[k] / static_cast<double>(count));
    }
}

TEST_F(People, TheSameSeedMakesTheSamePerson) {
    const auto a = make_model(*data_, random_person(5, Season::kWinter));
    const auto b = make_model(*data_, random_person(5, Season::kWinter));
    ASSERT_TRUE(a.ok() && b.ok());
    const fs::path folder = fs::path(::testing::TempDir()) / "people_same";
    fs::create_directories(folder);
    ASSERT_TRUE(engine::figure::write_cast(folder / "a", {*a}).ok());
    ASSERT_TRUE(engine::figure::write_cast(folder / "b", {*b}).ok());
    EXPECT_EQ(*engine::core::read_file(folder / "a"), *engine::core::read_file(folder / "b"));
    fs::remove_all(folder);
}

Vec3 posed(const engine::figure::SkinningRows& rows, const Point& point) {
    Vec3 p(0);
    for (std::size_t k = 0; k < 4; ++k) {
        const auto& row = rows[index(point.carried.joints[k])];
        for (int i = 0; i < 3; ++i) {
            const auto at = static_cast<std::size_t>(4 * i);
            p[i] +=
                static_cast<double>(point.carried.shares[k]) *
                (static_cast<double>(row[at]) * point.p.x +
                 static_cast<double>(row[at + 1]) * point.p.y +
                 static_cast<double>(row[at + 2]) * point.p.z + static_cast<double>(row[at + 3]));
        }
    }
    return p;
}

bool worn(const Piece& piece) {
    return !piece.points.empty() && piece.points.front().matter == Matter::kCloth &&
           piece.name != "headwear" && piece.name != "thing" && piece.name != "shoes";
}

std::vector<Vec3> hem_of(const Piece& piece) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> sides;
    const auto key = [&](std::uint32_t a, std::uint32_t b) {
        return std::minmax(piece.points[a].weld, piece.points[b].weld);
    };
    for (const Face& f : piece.faces) {
        for (std::size_t k = 0; k < 3; ++k) ++sides[key(f[k], f[(k + 1) % 3])];
    }
    std::vector<Vec3> hem;
    for (const Face& f : piece.faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            if (sides[key(f[k], f[(k + 1) % 3])] == 1) hem.push_back(piece.points[f[k]].p);
        }
    }
    return hem;
}

// How far what cloth covers, skin or other cloth, lies outside of it in a pose: near hems, where
// legs come out from under it, and elsewhere.
struct Poking {
    double inside_m = 0, at_hems_m = 0;
};
Poking poking(const Dressed& dressed, const Movement& movement) {
    const auto& s = dressed.body.skeleton;
    const auto rows = skinning_rows(s, forward(s, pose_of(s, movement)));
    Poking most;
    for (std::size_t k = 1; k < dressed.pieces.size(); ++k) {
        const Piece& cloth = dressed.pieces[k];
        if (!worn(cloth)) continue;
        const std::vector<Vec3> hem = hem_of(cloth);
        Piece now = cloth;
        for (Point& point : now.points) point.p = posed(rows, point);
        add_normals(now);
        for (std::size_t inner = 0; inner < k; ++inner) {
            const Piece& under = dressed.pieces[inner];
            if (under.name != "skin" && !worn(under)) continue;
            for (std::size_t i = 0; i < under.points.size(); i += 5) {
                const Point& point = under.points[i];
                std::size_t nearest = 0;
                double gap = 1e9;
                for (std::size_t j = 0; j < cloth.points.size(); ++j) {
                    const Vec3 way = point.p - cloth.points[j].p;
                    if (glm::dot(way, way) < gap) {
                        gap = glm::dot(way, way);
                        nearest = j;
                    }
                }
                // Only what lies under the cloth at rest, not what leaves its hem.
                const Vec3 rest = point.p - cloth.points[nearest].p;
                const Vec3& n = cloth.points[nearest].n;
                const double up = glm::dot(rest, n);
                if (gap > 0.03 * 0.03 || up > 0 || glm::length(rest - n * up) > 0.008) continue;
                const double out =
                    glm::dot(posed(rows, point) - now.points[nearest].p, now.points[nearest].n);
                double to_hem = 1e9;
                for (const Vec3& at : hem) {
                    to_hem = std::min(to_hem, glm::distance(at, cloth.points[nearest].p));
                }
                double& largest = to_hem < 0.04 ? most.at_hems_m : most.inside_m;
                largest = std::max(largest, out);
            }
        }
    }
    return most;
}

TEST_F(People, WhatClothCoversStaysUnderIt) {
    Poking most;
    for (const std::uint64_t seed : {8U, 10U, 22U, 3U, 14U}) {
        const auto dressed = dress(*data_, random_person(seed, season_of(seed)));
        ASSERT_TRUE(dressed.ok());
        for (const Movement& movement : {Movement{.phase_rad = 0.0, .speed_mps = 1.4},
                                         {.phase_rad = 2.0, .speed_mps = 3.0},
                                         {.activity = engine::figure::Activity::kSit},
                                         {.gesture = engine::figure::Gesture::kThank}}) {
            const Poking out = poking(*dressed, movement);
            EXPECT_LT(out.inside_m, 0.008) << seed;
            EXPECT_LT(out.at_hems_m, 0.020) << seed;
            most.inside_m = std::max(most.inside_m, out.inside_m);
            most.at_hems_m = std::max(most.at_hems_m, out.at_hems_m);
        }
    }
    std::printf("what is covered lies at most %.1f mm outside of cloth, %.1f mm at hems\n",
                1000 * most.inside_m, 1000 * most.at_hems_m);
}

TEST_F(People, KeyPointsAgreeWithTheMeshInAnyPose) {
    const auto model = make_model(*data_, random_person(8, Season::kSummer));
    ASSERT_TRUE(model.ok());
    const auto& s = model->skeleton;
    for (const double phase : {0.0, 1.5, 3.0, 4.5}) {
        const auto frames = forward(s, pose_of(s, {.phase_rad = phase, .speed_mps = 1.5}));
        const auto rows = skinning_rows(s, frames);
        Level level = model->levels.front();
        for (Vertex& v : level.vertices) {
            Vec3 p(0), n(0);
            for (std::size_t k = 0; k < 4; ++k) {
                const auto& row = rows[v.joints[k]];
                for (int i = 0; i < 3; ++i) {
                    const auto at = static_cast<std::size_t>(4 * i);
                    const double share = v.weights[k] / 255.0;
                    p[i] += share * static_cast<double>(row[at] * v.p[0] + row[at + 1] * v.p[1] +
                                                        row[at + 2] * v.p[2] + row[at + 3]);
                    n[i] += share * static_cast<double>(row[at] * v.n[0] + row[at + 1] * v.n[1] +
                                                        row[at + 2] * v.n[2]);
                }
            }
            for (int i = 0; i < 3; ++i) {
                v.p[i] = static_cast<float>(p[i]);
                v.n[i] = static_cast<float>(n[i]);
            }
        }
        const auto points = key_points(s, frames);
        for (std::size_t k = 0; k < points.size(); ++k) {
            EXPECT_LT(outside_m(level, points[k]), 0.015) << "key point " << k;
        }
    }
}

TEST_F(People, ACastIsReadAsItWasWritten) {
    std::vector<Model> cast;
    for (const Person& person : random_cast(3)) cast.push_back(*make_model(*data_, person));
    const fs::path file = fs::path(::testing::TempDir()) / "people_cast.bin";
    ASSERT_TRUE(engine::figure::write_cast(file, cast).ok());
    const auto begin = std::chrono::steady_clock::now();
    const auto read = engine::figure::read_cast(file);
    ASSERT_TRUE(read.ok()) << read.error().text();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    std::printf("%zu bytes read in %.1f ms\n", static_cast<std::size_t>(fs::file_size(file)),
                took.count());
    ASSERT_EQ(read->size(), 3U);
    EXPECT_EQ(read->at(1).levels.at(0).indices, cast[1].levels[0].indices);
    EXPECT_EQ(read->at(2).skeleton.height_m, cast[2].skeleton.height_m);
    // Cut short anywhere it is an error, never a crash.
    const std::string whole = *engine::core::read_file(file);
    for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 60) {
        ASSERT_TRUE(engine::core::write_file(file, std::string_view(whole).substr(0, size)).ok());
        EXPECT_FALSE(engine::figure::read_cast(file).ok()) << size;
    }
    fs::remove(file);
}

TEST_F(People, StreetsHoldManyKindsOfPeople) {
    std::map<int, int> tops, bottoms, hair;
    int children = 0, old = 0, men = 0;
    constexpr int kCount = 400;
    for (const Person& person : random_cast(kCount)) {
        ++tops[static_cast<int>(person.outfit.outer)];
        ++bottoms[static_cast<int>(person.outfit.bottom)];
        ++hair[static_cast<int>(person.hair)];
        children += person.body.age_years < 15 ? 1 : 0;
        old += person.body.age_years >= 65 ? 1 : 0;
        men += person.body.male > 0.5 ? 1 : 0;
    }
    EXPECT_NEAR(children / 400.0, 0.13, 0.05);
    EXPECT_NEAR(old / 400.0, 0.18, 0.06);
    EXPECT_NEAR(men / 400.0, 0.5, 0.08);
    EXPECT_GE(tops.size(), 5U);
    EXPECT_GE(bottoms.size(), 6U);
    EXPECT_GE(hair.size(), 7U);
}

// Two hundred of each who walk in towns with something.
TEST(Roles, WalkersHaveTheirThingAndElseFreeHands) {
    struct Expected {
        Role role;
        Thing thing;
        engine::figure::Gesture hold;
        double least_years, most_years;
    };
    using engine::figure::Gesture;
    const Expected all[] = {{Role::kParent, Thing::kNone, Gesture::kNone, 22, 42},
                            {Role::kDogWalker, Thing::kLead, Gesture::kLead, 20, 72},
                            {Role::kTraveller, Thing::kNone, Gesture::kNone, 18, 60},
                            {Role::kBallChild, Thing::kBall, Gesture::kBall, 6, 11}};
    for (const Expected& expected : all) {
        int women = 0;
        for (std::uint64_t seed = 1; seed <= 200; ++seed) {
            const Person person = person_in_role(seed, expected.role);
            const std::string about = person.name;
            EXPECT_TRUE(about.starts_with(name(expected.role)));
            EXPECT_GE(person.body.age_years, expected.least_years) << about;
            EXPECT_LE(person.body.age_years, expected.most_years) << about;
            const Thing thing = person.outfit.thing;
            EXPECT_TRUE(thing == expected.thing ||
                        (expected.thing == Thing::kNone && thing == Thing::kBackpack))
                << about;
            EXPECT_EQ(hold_of(thing), expected.hold) << about;
            // As tall as others of that age and sex.
            const double median_m = median_height_m(person.body.age_years, person.body.male);
            EXPECT_NEAR(person.body.height_m / median_m, 1, 0.12) << about;
            EXPECT_EQ(person.body.height_m, person_in_role(seed, expected.role).body.height_m);
            women += person.body.male < 0.5 ? 1 : 0;
        }
        EXPECT_GT(women, 60) << name(expected.role);
        EXPECT_LT(women, 140) << name(expected.role);
    }
}

TEST(Growth, MediansFollowTheCharts) {
    EXPECT_NEAR(median_height_m(10, 1), 1.39, 0.01);
    EXPECT_NEAR(median_height_m(30, 0), 1.63, 0.01);
    EXPECT_GT(median_height_m(30, 1), median_height_m(85, 1));
}

Piece grid(int side) {
    Piece piece;
    for (int i = 0; i <= side; ++i) {
        for (int j = 0; j <= side; ++j) {
            Point point;
            point.p = Vec3(i, j, 0);
            point.weld = static_cast<std::uint32_t>(piece.points.size());
            point.carried = carried_by(Joint::kPelvis);
            piece.points.push_back(point);
        }
    }
    const auto at = [&](int i, int j) { return static_cast<std::uint32_t>(i * (side + 1) + j); };
    for (int i = 0; i < side; ++i) {
        for (int j = 0; j < side; ++j) {
            piece.faces.push_back({at(i, j), at(i + 1, j), at(i + 1, j + 1)});
            piece.faces.push_back({at(i, j), at(i + 1, j + 1), at(i, j + 1)});
        }
    }
    return piece;
}

double area_of(const Piece& piece) {
    double area = 0;
    for (const Face& f : piece.faces) {
        area += 0.5 * glm::cross(piece.points[f[1]].p - piece.points[f[0]].p,
                                 piece.points[f[2]].p - piece.points[f[0]].p)
                          .z;
    }
    return area;
}

TEST(Simplify, AFlatSquareKeepsItsOutline) {
    Piece piece = grid(12);
    simplify(piece, 20);
    EXPECT_LE(piece.faces.size(), 20U);
    EXPECT_NEAR(area_of(piece), 144, 1e-9);
}

TEST(Simplify, BordersOfColourStay) {
    Piece piece = grid(12);
    for (Point& point : piece.points) point.colour = point.p.x < 5.5 ? Vec3(0.1) : Vec3(0.9);
    for (Point& point : piece.points) point.p *= 0.01;
    simplify(piece, 60);
    for (const Face& f : piece.faces) {
        double low = 1e9, high = -1e9;
        for (const std::uint32_t i : f) {
            low = std::min(low, piece.points[i].p.x);
            high = std::max(high, piece.points[i].p.x);
        }
        // Faces across the border stay within its one column.
        EXPECT_FALSE(low < 0.0495 && high > 0.0605) << low << " to " << high;
    }
}

TEST(Pieces, ClippingCutsAtTheField) {
    Piece piece = grid(4);
    std::vector<double> field;
    for (const Point& point : piece.points) field.push_back(2.5 - point.p.x);
    clip(piece, field);
    EXPECT_NEAR(area_of(piece), 10, 1e-9);
}

// References
// [Jacobson et al. 2013] Robust inside-outside segmentation using generalized winding numbers,
//   ACM Transactions on Graphics 32(4).

}  // namespace
}  // namespace huntsman::scenarios::people
