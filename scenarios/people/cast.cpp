#include "scenarios/people/cast.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/core/random.h"

namespace huntsman::scenarios::people {

using engine::core::Key;
using engine::math::Vec3;

namespace {

using Table = std::vector<std::pair<double, double>>;
double over(const Table& table, double x) {
    for (std::size_t i = 1; i < table.size(); ++i) {
        if (x > table[i].first) continue;
        const double t = (x - table[i - 1].first) / (table[i].first - table[i - 1].first);
        return std::lerp(table[i - 1].second, table[i].second, std::max(0.0, t));
    }
    return table.back().second;
}

// Draws by weights.
template <typename T, std::size_t N>
T drawn(const std::array<std::pair<T, double>, N>& choices, double u) {
    double sum = 0;
    for (const auto& [value, weight] : choices) sum += weight;
    double at = u * sum;
    for (const auto& [value, weight] : choices) {
        at -= weight;
        if (at < 0) return value;
    }
    return choices.back().first;
}

double body_mass_index(double age, double spread, double male) {
    if (age < 18) {
        const double median =
            over({{2, 16.4}, {5, 15.4}, {8, 15.8}, {11, 17.3}, {14, 19.2}, {18, 21.5}}, age);
        return median * std::exp(0.12 * spread);
    }
    const double median = over({{18, 22.3}, {30, 24.5}, {50, 26.2}, {65, 26.8}, {85, 25.2}}, age);
    return (median - 0.5 * (1 - male)) * std::exp(0.15 * spread);
}

Vec3 cloth_colour(const Key& key, bool bright) {
    // Dark blues, blacks and greys lead; a fifth has colour.
    static const std::array<std::pair<Vec3, double>, 14> kColours = {
        {{Vec3(0.015, 0.016, 0.018), 18},
         {Vec3(0.03, 0.035, 0.05), 12},
         {Vec3(0.02, 0.03, 0.075), 12},
         {Vec3(0.10, 0.10, 0.10), 9},
         {Vec3(0.28, 0.28, 0.27), 8},
         {Vec3(0.65, 0.65, 0.62), 9},
         {Vec3(0.22, 0.17, 0.11), 6},
         {Vec3(0.07, 0.09, 0.05), 6},
         {Vec3(0.28, 0.03, 0.03), 5},
         {Vec3(0.06, 0.12, 0.24), 5},
         {Vec3(0.10, 0.045, 0.025), 4},
         {Vec3(0.45, 0.28, 0.04), 2},
         {Vec3(0.05, 0.22, 0.12), 2},
         {Vec3(0.42, 0.17, 0.20), 2}}};
    double u = key.uniform(0);
    if (bright) u = 0.45 + 0.55 * u;
    const Vec3 colour = drawn(kColours, u);
    return glm::clamp(colour * key.uniform(0.75, 1.35, 1), Vec3(0.008), Vec3(0.8));
}

Vec3 hair_colour(const Key& key, double tone, double age) {
    static const std::array<std::pair<Vec3, double>, 6> kLight = {{{Vec3(0.012, 0.009, 0.008), 15},
                                                                   {Vec3(0.035, 0.020, 0.012), 35},
                                                                   {Vec3(0.085, 0.048, 0.024), 25},
                                                                   {Vec3(0.21, 0.13, 0.06), 14},
                                                                   {Vec3(0.38, 0.27, 0.14), 7},
                                                                   {Vec3(0.17, 0.05, 0.02), 4}}};
    const Vec3 own = tone > 0.45 ? Vec3(0.010, 0.008, 0.007) : drawn(kLight, key.uniform(0));
    // Grey comes between 35 and 75.
    const double grey = std::clamp((age - 35 - 30 * key.uniform(1)) / 22, 0.0, 1.0);
    return glm::mix(own, Vec3(0.42, 0.41, 0.40), grey);
}

void draw_body(const Key& key, bool grown, BodyParameters& body) {
    const double u = key.uniform(0);
    body.age_years = grown ? key.uniform(18, 84, 1)
                           : (u < 0.13   ? key.uniform(4, 15, 1)
                              : u < 0.82 ? key.uniform(15, 65, 1)
                                         : key.uniform(65, 86, 1));
    body.male = key.uniform(2) < 0.5 ? key.uniform(0.0, 0.12, 3) : key.uniform(0.88, 1.0, 3);
    const double tall = std::clamp(key.normal(4), -2.2, 2.2);
    body.height_m = median_height_m(body.age_years, body.male) * (1 + 0.040 * tall);
    const double index =
        body_mass_index(body.age_years, std::clamp(key.normal(5), -1.6, 2.2), body.male);
    body.mass_kg = index * body.height_m * body.height_m;
    body.muscle = std::clamp(
        0.5 + 0.14 * key.normal(6) - 0.004 * std::max(0.0, body.age_years - 45), 0.15, 0.85);
    body.proportions = std::clamp(0.6 + 0.15 * key.normal(7), 0.2, 1.0);
    const double origin = key.uniform(8);
    body.european = origin < 0.66 ? 1.0 : 0.2;
    body.african = origin >= 0.66 && origin < 0.82 ? 1.0 : 0.0;
    body.asian = origin >= 0.82 ? 1.0 : 0.0;
    std::uint64_t draw = 20;
    for (const Feature& feature : face_features()) {
        const double strength = std::clamp(feature.spread * key.normal(draw++), -0.7, 0.7);
        body.features.emplace_back(strength < 0 ? feature.less : feature.more, std::abs(strength));
    }
}

void draw_head(const Key& key, Person& person) {
    const BodyParameters& body = person.body;
    Complexion& look = person.complexion;
    look.tone = body.african > 0.5 ? key.uniform(0.6, 1.0, 0)
                : body.asian > 0.5 ? key.uniform(0.15, 0.55, 0)
                                   : key.uniform(0.0, 0.4, 0);
    look.hair = hair_colour(key.with("hair"), look.tone, body.age_years);
    const bool blue = look.tone < 0.25 && key.uniform(1) < 0.4;
    look.iris = blue ? Vec3(0.08, 0.14, 0.20) : Vec3(0.055, 0.028, 0.014);
    const bool man = body.male > 0.5, adult = body.age_years > 17;
    if (man) {
        look.beard_shadow = adult ? key.uniform(0.1, 0.8, 2) : 0;
        static const std::array<std::pair<HairStyle, double>, 5> kMen = {{{HairStyle::kBald, 8},
                                                                          {HairStyle::kCropped, 25},
                                                                          {HairStyle::kShort, 40},
                                                                          {HairStyle::kParted, 22},
                                                                          {HairStyle::kCurly, 5}}};
        person.hair = drawn(kMen, key.uniform(3));
        if (!adult && person.hair == HairStyle::kBald) person.hair = HairStyle::kShort;
        if (adult) {
            person.beard = drawn(
                std::array<std::pair<Beard, double>, 3>{
                    {{Beard::kNone, 66}, {Beard::kMoustache, 6}, {Beard::kFull, 28}}},
                key.uniform(4));
        }
    } else {
        static const std::array<std::pair<HairStyle, double>, 6> kWomen = {
            {{HairStyle::kShort, 10},
             {HairStyle::kParted, 10},
             {HairStyle::kBob, 24},
             {HairStyle::kLong, 30},
             {HairStyle::kBun, 12},
             {HairStyle::kPonytail, 14}}};
        person.hair = drawn(kWomen, key.uniform(3));
        look.lip_colour = adult ? std::max(0.0, key.uniform(-0.6, 0.9, 5)) : 0;
    }
    if (look.tone > 0.6 && key.uniform(6) < 0.5) {
        person.hair = man ? HairStyle::kCropped : HairStyle::kCurly;
    }
}

void draw_clothes(const Key& key, Season season, Person& person) {
    const BodyParameters& body = person.body;
    Outfit& outfit = person.outfit;
    const bool man = body.male > 0.5, child = body.age_years<15, old = body.age_years> 65;
    const double warm = season == Season::kSummer ? 1 : season == Season::kBetween ? 0.4 : 0;
    outfit.top = key.uniform(0) < 0.25 + 0.5 * warm ? Top::kTShirt
                 : key.uniform(1) < 0.45            ? (man ? Top::kShirt : Top::kBlouse)
                                                    : Top::kSweater;
    const double u = key.uniform(2);
    outfit.bottom = man        ? (u < 0.5 ? Bottom::kJeans : Bottom::kTrousers)
                    : u < 0.34 ? Bottom::kJeans
                    : u < 0.55 ? Bottom::kTrousers
                    : u < 0.68 ? Bottom::kLeggings
                    : u < 0.78 ? Bottom::kSkirt
                    : u < 0.88 ? Bottom::kLongSkirt
                               : Bottom::kDress;
    if (key.uniform(3) < warm * (child ? 0.7 : 0.4) && u < 0.68) outfit.bottom = Bottom::kShorts;
    if (key.uniform(4) > 0.75 * warm + 0.05) {
        outfit.outer = drawn(
            std::array<std::pair<Outer, double>, 4>{
                {{Outer::kJacket, 40},
                 {Outer::kHooded, old ? 6.0 : 28.0},
                 {Outer::kCoat, season == Season::kWinter && !child ? 28.0 : 4.0},
                 {Outer::kSuit, man && !child ? 14.0 : 3.0}}},
            key.uniform(5));
    }
    if (outfit.outer == Outer::kSuit) {
        outfit.top = Top::kShirt;
        outfit.bottom = Bottom::kTrousers;
    }
    if (key.uniform(6) < 0.012 && !child && !old) outfit.outer = Outer::kVest;
    outfit.shoes = outfit.outer == Outer::kSuit                        ? ShoeStyle::kLeather
                   : season == Season::kWinter && key.uniform(7) < 0.4 ? ShoeStyle::kBoots
                   : !man && key.uniform(8) < 0.3                      ? ShoeStyle::kFlats
                   : key.uniform(9) < 0.65                             ? ShoeStyle::kTrainers
                                                                       : ShoeStyle::kLeather;
    const double head = key.uniform(10);
    if (season == Season::kWinter && head < 0.25) outfit.headwear = Headwear::kBeanie;
    if (season != Season::kWinter && head < 0.09) outfit.headwear = Headwear::kCap;
    if (old && head > 0.9) outfit.headwear = Headwear::kHat;
    if (!man && !child && head > 0.5 && head < 0.58) outfit.headwear = Headwear::kHeadscarf;
    if (outfit.headwear == Headwear::kHeadscarf) {
        if (outfit.bottom == Bottom::kShorts || outfit.bottom == Bottom::kSkirt ||
            outfit.bottom == Bottom::kDress) {
            outfit.bottom = Bottom::kLongSkirt;
        }
        if (outfit.top == Top::kTShirt) outfit.top = Top::kBlouse;
    }
    outfit.glasses = key.uniform(11) < (old ? 0.5 : child ? 0.08 : 0.25);
    const double thing = key.uniform(12);
    if (thing < 0.16 && !old) outfit.thing = Thing::kBackpack;
    if (thing > 0.80 && !child) outfit.thing = man ? Thing::kBackpack : Thing::kShoulderBag;
    if (thing > 0.62 && thing < 0.67 && !child) outfit.thing = Thing::kShoppingBag;
    if (old && thing > 0.3 && thing < 0.38) outfit.thing = Thing::kStick;
}

void draw_colours(const Key& key, Season season, Person& person) {
    Outfit& outfit = person.outfit;
    const bool summer = season == Season::kSummer;
    outfit.top_colour = cloth_colour(key.with("top"), summer || person.body.age_years < 15);
    outfit.bottom_colour = cloth_colour(key.with("bottom"), false) * 0.8;
    if (outfit.bottom == Bottom::kJeans) {
        outfit.bottom_colour = Vec3(0.022, 0.040, 0.085) * key.uniform(0.5, 2.2, 0);
    }
    if (outfit.bottom == Bottom::kDress)
        outfit.bottom_colour = cloth_colour(key.with("dress"), true);
    outfit.inner_colour = cloth_colour(key.with("inner"), true);
    if (outfit.outer == Outer::kSuit) {
        outfit.top_colour = glm::mix(Vec3(0.012, 0.014, 0.02), Vec3(0.09, 0.09, 0.10),
                                     std::pow(key.uniform(1), 2.0));
        outfit.bottom_colour = outfit.top_colour;
        outfit.inner_colour = key.uniform(2) < 0.6 ? Vec3(0.72) : Vec3(0.45, 0.55, 0.70);
    }
    outfit.shoe_colour = outfit.shoes == ShoeStyle::kTrainers && key.uniform(3) < 0.45
                             ? Vec3(0.62, 0.61, 0.58)
                         : key.uniform(4) < 0.6 ? Vec3(0.014, 0.013, 0.013)
                                                : Vec3(0.09, 0.04, 0.02);
    outfit.sole_colour =
        outfit.shoes == ShoeStyle::kTrainers ? Vec3(0.6, 0.59, 0.56) : outfit.shoe_colour * 0.6;
    outfit.head_colour = cloth_colour(key.with("head"), outfit.headwear == Headwear::kHeadscarf);
    outfit.thing_colour = cloth_colour(key.with("thing"), false);
}

}  // namespace

double median_height_m(double age_years, double male) {
    static const Table kBoys = {{1, 0.76},   {2, 0.868}, {4, 1.025}, {6, 1.155},  {8, 1.28},
                                {10, 1.39},  {12, 1.49}, {14, 1.64}, {16, 1.735}, {18, 1.765},
                                {60, 1.755}, {80, 1.71}, {90, 1.69}};
    static const Table kGirls = {{1, 0.74},  {2, 0.855},  {4, 1.01},   {6, 1.15},   {8, 1.275},
                                 {10, 1.38}, {12, 1.515}, {14, 1.605}, {16, 1.625}, {18, 1.635},
                                 {60, 1.62}, {80, 1.575}, {90, 1.55}};
    return std::lerp(over(kGirls, age_years), over(kBoys, age_years), male);
}

Person random_person(std::uint64_t seed, Season season, bool grown) {
    const Key key = Key(seed).with("person");
    Person person;
    person.seed = seed;
    draw_body(key.with("body"), grown, person.body);
    const BodyParameters& body = person.body;
    const char* kind = body.age_years < 15    ? "child"
                       : body.age_years >= 65 ? "elder"
                       : body.male > 0.5      ? "man"
                                              : "woman";
    person.name = fmt::format("{}_{}", kind, seed);
    draw_head(key.with("head"), person);
    draw_clothes(key.with("clothes"), season, person);
    draw_colours(key.with("colours"), season, person);
    return person;
}

const char* name(Role role) {
    static constexpr const char* kNames[] = {"cyclist",   "schoolchild", "motorcyclist",
                                             "seated",    "worker",      "parent",
                                             "dogwalker", "traveller",   "ballchild"};
    return kNames[static_cast<std::size_t>(role)];
}

namespace {

// Legs that can be put astride, and nothing that hangs or is held.
void dress_to_ride(const Key& key, Person& person) {
    Outfit& outfit = person.outfit;
    if (outfit.bottom == Bottom::kSkirt || outfit.bottom == Bottom::kLongSkirt ||
        outfit.bottom == Bottom::kDress) {
        outfit.bottom = key.uniform(0) < 0.6 ? Bottom::kJeans : Bottom::kLeggings;
        outfit.bottom_colour = outfit.bottom == Bottom::kJeans
                                   ? Vec3(0.022, 0.040, 0.085) * key.uniform(0.5, 2.2, 1)
                                   : Vec3(0.02);
    }
    if (outfit.outer == Outer::kCoat || outfit.outer == Outer::kSuit) {
        outfit.outer = Outer::kJacket;
    }
    if (outfit.shoes == ShoeStyle::kFlats) outfit.shoes = ShoeStyle::kTrainers;
    if (outfit.thing != Thing::kBackpack) outfit.thing = Thing::kNone;
    outfit.headwear = Headwear::kNone;
}

Vec3 helmet_colour(const Key& key) {
    static const std::array<std::pair<Vec3, double>, 6> kColours = {{{Vec3(0.62), 28},
                                                                     {Vec3(0.03), 30},
                                                                     {Vec3(0.30, 0.02, 0.02), 14},
                                                                     {Vec3(0.02, 0.07, 0.25), 12},
                                                                     {Vec3(0.22), 12},
                                                                     {Vec3(0.50, 0.45, 0.02), 4}}};
    return drawn(kColours, key.uniform(0));
}

Vec3 ball_colour(const Key& key) {
    static const std::array<std::pair<Vec3, double>, 4> kColours = {{{Vec3(0.02), 40},
                                                                     {Vec3(0.55, 0.03, 0.02), 25},
                                                                     {Vec3(0.03, 0.10, 0.42), 20},
                                                                     {Vec3(0.50, 0.36, 0.02), 15}}};
    return drawn(kColours, key.uniform(0));
}

// On foot in towns.
bool walks(Role role) {
    return role == Role::kParent || role == Role::kDogWalker || role == Role::kTraveller ||
           role == Role::kBallChild;
}

void dress_for(Role role, const Key& key, Person& person) {
    Outfit& outfit = person.outfit;
    if (!walks(role)) dress_to_ride(key.with("ride"), person);
    // What hangs at a hand is in the way; a backpack is not.
    if (walks(role) && outfit.thing != Thing::kBackpack) outfit.thing = Thing::kNone;
    switch (role) {
        case Role::kCyclist:
        case Role::kSchoolchild:
            if (role == Role::kSchoolchild || person.seed % 3 != 0) {
                outfit.headwear = Headwear::kCycleHelmet;
                outfit.head_colour = helmet_colour(key.with("helmet"));
            }
            if (role == Role::kSchoolchild) outfit.thing = Thing::kBackpack;
            break;
        case Role::kMotorcyclist:
            outfit.headwear = Headwear::kFullHelmet;
            outfit.head_colour = helmet_colour(key.with("helmet"));
            outfit.outer = Outer::kJacket;
            if (outfit.bottom == Bottom::kShorts) outfit.bottom = Bottom::kJeans;
            outfit.shoes = ShoeStyle::kBoots;
            outfit.shoe_colour = Vec3(0.014);
            outfit.gloves = true;
            outfit.thing = Thing::kNone;
            break;
        case Role::kSeated:
            outfit.thing = Thing::kNone;
            break;
        case Role::kWorker:
            outfit.outer = Outer::kVest;
            outfit.headwear = Headwear::kHelmet;
            outfit.head_colour =
                key.uniform(2) < 0.5 ? Vec3(0.70, 0.42, 0.02) : Vec3(0.70, 0.70, 0.68);
            outfit.bottom = Bottom::kTrousers;
            outfit.bottom_colour = Vec3(0.03, 0.035, 0.06);
            outfit.shoes = ShoeStyle::kBoots;
            outfit.thing = Thing::kNone;
            break;
        case Role::kDogWalker:
            outfit.thing = Thing::kLead;
            break;
        case Role::kBallChild:
            outfit.thing = Thing::kBall;
            outfit.thing_colour = ball_colour(key.with("ball"));
            break;
        case Role::kParent:
        case Role::kTraveller:
        case Role::kCount:
            break;
    }
}

double age_in(Role role, const Key& key) {
    switch (role) {
        case Role::kSchoolchild:
            return key.uniform(9, 13, 1);
        case Role::kBallChild:
            return key.uniform(6, 11, 1);
        case Role::kSeated:
            return key.uniform(30, 80, 1);
        case Role::kParent:
            return key.uniform(22, 42, 1);
        case Role::kDogWalker:
            return key.uniform(20, 72, 1);
        default:
            return key.uniform(18, 60, 1);
    }
}

}  // namespace

Person person_in_role(std::uint64_t seed, Role role) {
    const bool child = role == Role::kSchoolchild || role == Role::kBallChild;
    Person person = random_person(seed, Season::kBetween, !child);
    const Key key = Key(seed).with("role").with(name(role));
    BodyParameters& body = person.body;
    const double age = age_in(role, key);
    // Stature and mass stay what they are to others of that age and sex.
    const double grown =
        median_height_m(age, body.male) / median_height_m(body.age_years, body.male);
    const double index =
        body_mass_index(age, 0, body.male) / body_mass_index(body.age_years, 0, body.male);
    body.height_m *= grown;
    body.mass_kg *= grown * grown * index;
    body.age_years = age;
    draw_head(Key(seed).with("person").with("head"), person);
    person.name = fmt::format("{}_{}", name(role), seed);
    dress_for(role, key, person);
    return person;
}

std::vector<Person> role_cast() {
    // How many of each role, men and women in turn, of these statures: of whom vehicles fit.
    struct Wanted {
        Role role;
        int number;
        double least_m, most_m;
    };
    constexpr std::array<Wanted, 9> kWanted = {{{Role::kCyclist, 6, 1.62, 1.92},
                                                {Role::kSchoolchild, 2, 1.36, 1.54},
                                                {Role::kMotorcyclist, 3, 1.62, 1.92},
                                                {Role::kSeated, 2, 1.55, 1.85},
                                                {Role::kWorker, 2, 1.62, 1.92},
                                                {Role::kParent, 3, 1.58, 1.92},
                                                {Role::kDogWalker, 3, 1.58, 1.92},
                                                {Role::kTraveller, 2, 1.58, 1.92},
                                                {Role::kBallChild, 3, 1.14, 1.45}}};
    std::vector<Person> cast;
    for (const Wanted& wanted : kWanted) {
        int number = 0;
        // Those who walk in towns are nobody's doubles.
        const std::uint64_t first =
            walks(wanted.role) ? 100 * static_cast<std::uint64_t>(wanted.role) : 1;
        for (std::uint64_t seed = first; number < wanted.number; ++seed) {
            Person person = person_in_role(seed, wanted.role);
            const bool man = person.body.male > 0.5;
            const double height_m = person.body.height_m;
            if (man != (number % 2 == 0) || height_m < wanted.least_m || height_m > wanted.most_m) {
                continue;
            }
            cast.push_back(std::move(person));
            ++number;
        }
    }
    return cast;
}

Season season_of(std::uint64_t seed) { return static_cast<Season>(seed % 3); }

std::vector<Person> random_cast(std::size_t count, std::uint64_t first) {
    std::vector<Person> cast;
    for (std::size_t k = 0; k < count; ++k) {
        cast.push_back(random_person(first + k, season_of(first + k)));
    }
    return cast;
}

}  // namespace huntsman::scenarios::people
