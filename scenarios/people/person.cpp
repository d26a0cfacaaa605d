#include "scenarios/people/person.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "scenarios/people/levels.h"
#include "scenarios/people/things.h"

namespace huntsman::scenarios::people {

using engine::core::Result;
using engine::figure::Joint;
using engine::figure::Matter;
using engine::figure::Side;
using engine::figure::Tint;
using engine::math::Vec3;

namespace {

const std::array<Cut, static_cast<std::size_t>(Top::kCount)> kTops = {{
    {.name = "t-shirt",
     .sleeves = 0.62,
     .torso = true,
     .hem_m = 0.055,
     .neck_drop_m = 0.05,
     .neck_m = 0.014,
     .offset_m = 0.008,
     .hang = 0.25,
     .sleeve_width = 1.3,
     .fold_m = 0.005},
    {.name = "shirt",
     .sleeves = 1.96,
     .torso = true,
     .hem_m = 0.06,
     .neck_drop_m = 0.055,
     .collar_m = 0.035,
     .collar_flare = 0.2,
     .offset_m = 0.008,
     .hang = 0.25,
     .sleeve_width = 1.22,
     .fold_m = 0.006},
    {.name = "sweater",
     .sleeves = 1.98,
     .torso = true,
     .hem_m = 0.05,
     .neck_drop_m = 0.045,
     .neck_m = 0.004,
     .collar_m = 0.018,
     .offset_m = 0.012,
     .hang = 0.3,
     .sleeve_width = 1.3,
     .fold_m = 0.007,
     .thickness_m = 0.007},
    {.name = "blouse",
     .sleeves = 1.55,
     .torso = true,
     .hem_m = 0.05,
     .neck_drop_m = 0.07,
     .neck_m = 0.012,
     .offset_m = 0.008,
     .hang = 0.3,
     .sleeve_width = 1.3,
     .fold_m = 0.005},
}};

const std::array<Cut, static_cast<std::size_t>(Outer::kCount)> kOuters = {{
    {},
    {.name = "jacket",
     .sleeves = 2.0,
     .torso = true,
     .hem_m = 0.0,
     .neck_drop_m = 0.06,
     .collar_m = 0.045,
     .collar_flare = 0.25,
     .offset_m = 0.015,
     .hang = 0.15,
     .sleeve_width = 1.22,
     .fold_m = 0.008,
     .thickness_m = 0.008},
    {.name = "hooded jacket",
     .sleeves = 2.0,
     .torso = true,
     .hem_m = 0.01,
     .neck_drop_m = 0.05,
     .neck_m = 0.01,
     .collar_m = 0.075,
     .collar_flare = 0.75,
     .offset_m = 0.015,
     .hang = 0.2,
     .sleeve_width = 1.25,
     .fold_m = 0.009,
     .thickness_m = 0.012},
    {.name = "coat",
     .sleeves = 2.02,
     .torso = true,
     .neck_drop_m = 0.06,
     .v_neck_m = 0.16,
     .collar_m = 0.05,
     .collar_flare = 0.5,
     .offset_m = 0.018,
     .hang = 0.2,
     .sleeve_width = 1.22,
     .fold_m = 0.006,
     .thickness_m = 0.009,
     .tail_m = 0.30,
     .tail_flare = 0.10,
     .top_m = 0.0},
    {.name = "suit jacket",
     .sleeves = 2.0,
     .torso = true,
     .hem_m = -0.0,
     .neck_drop_m = 0.05,
     .v_neck_m = 0.30,
     .collar_m = 0.03,
     .collar_flare = 0.3,
     .offset_m = 0.016,
     .hang = 0.2,
     .sleeve_width = 1.24,
     .fold_m = 0.004,
     .thickness_m = 0.007},
    {.name = "vest",
     .torso = true,
     .hem_m = 0.04,
     .neck_drop_m = 0.07,
     .neck_m = 0.02,
     .v_neck_m = 0.12,
     .offset_m = 0.026,
     .hang = 0.05,
     .fold_m = 0.005},
}};

const std::array<Cut, static_cast<std::size_t>(Bottom::kCount)> kBottoms = {{
    {.name = "trousers",
     .legs = 1.97,
     .offset_m = 0.006,
     .leg_width_m = 0.082,
     .fold_m = 0.006,
     .top_m = 0.0},
    {.name = "jeans",
     .legs = 1.98,
     .offset_m = 0.005,
     .leg_width_m = 0.068,
     .fold_m = 0.007,
     .top_m = 0.0},
    {.name = "shorts",
     .legs = 0.92,
     .offset_m = 0.007,
     .leg_width_m = 0.10,
     .fold_m = 0.006,
     .top_m = 0.0},
    {.name = "leggings", .legs = 1.95, .offset_m = 0.003, .fold_m = 0.001, .top_m = 0.0},
    {.name = "skirt",
     .offset_m = 0.006,
     .hang = 0.3,
     .fold_m = 0.004,
     .tail_m = 0.30,
     .tail_flare = 0.12,
     .top_m = 0.01},
    {.name = "long skirt",
     .offset_m = 0.006,
     .hang = 0.3,
     .fold_m = 0.006,
     .tail_m = 0.66,
     .tail_flare = 0.12,
     .top_m = 0.01},
    {.name = "dress",
     .sleeves = 0.35,
     .torso = true,
     .neck_drop_m = 0.075,
     .neck_m = 0.016,
     .offset_m = 0.007,
     .hang = 0.5,
     .sleeve_width = 1.2,
     .fold_m = 0.004,
     .tail_m = 0.34,
     .tail_flare = 0.22,
     .top_m = 0.012},
}};

// Cuts a piece where others cover it by more than a margin.
using Cover = std::function<double(const Point&)>;
void hide(Piece& piece, const std::vector<Cover>& covers, double margin_m) {
    std::vector<double> field;
    for (const Point& point : piece.points) {
        double shown = 1;
        for (const Cover& cover : covers) shown = std::min(shown, margin_m - cover(point));
        field.push_back(shown);
    }
    clip(piece, field);
}

void paint(Piece& piece, Tint tint, const Vec3& colour) {
    for (Point& point : piece.points) {
        const double worn = 1 + 0.015 * noise(point.p * 25.0);
        point.tint = tint;
        point.colour = (tint == Tint::kNone ? colour : Vec3(0.9)) * worn;
    }
}

// Denim is washed out where it bends and rubs.
void wash(Piece& piece, const Places& places) {
    for (Point& point : piece.points) {
        const double leg = places.leg_m(point) / places.thigh_m();
        const double front = smooth_step(0.2, 0.9, point.n.x);
        const double pale = front * std::exp(-std::pow((leg - 0.65) / 0.45, 2));
        point.colour *= 1 + 0.5 * pale;
    }
}

// Bands of a high-visibility vest: two around, two over the shoulders; and its ground colour.
void mark_vest(Piece& piece, const Places& places) {
    const double low = places.crotch_m() + 0.14 * places.scale();
    for (Point& point : piece.points) {
        const double z = (point.p.z - low) / places.scale();
        const double y = std::abs(std::abs(point.p.y) / places.scale() - 0.10);
        const bool band =
            std::abs(z) < 0.026 || std::abs(z - 0.14) < 0.026 || (y < 0.026 && z > 0.14);
        point.tint = Tint::kNone;
        point.colour = band ? Vec3(0.6, 0.61, 0.62) : Vec3(0.55, 0.80, 0.03);
        if (band) point.matter = Matter::kReflective;
    }
}

// Gloves are the hands' skin in leather.
void put_on_gloves(Piece& skin) {
    for (Point& point : skin.points) {
        double hands = 0;
        for (const Side side : {Side::kLeft, Side::kRight}) {
            for (const Joint joint : {Joint::kLeftHand, Joint::kLeftFingers, Joint::kLeftFingertips,
                                      Joint::kLeftThumb, Joint::kLeftThumbTip}) {
                hands += share_of(point.carried, {of(side, joint)});
            }
        }
        if (hands < 0.4) continue;
        point.matter = Matter::kLeather;
        point.colour = Vec3(0.014);
    }
}

void raise(Dressed& dressed, double by_m) {
    auto& skeleton = dressed.body.skeleton;
    for (Vec3& joint : skeleton.joints) joint.z += by_m;
    for (Vec3& point : skeleton.key_points) point.z += by_m;
    for (Vec3& vertex : dressed.body.vertices) vertex.z += by_m;
    for (std::size_t foot = 0; foot < 2; ++foot) {
        skeleton.heels[foot].x -= 0.004;
        skeleton.tips[foot].x += 0.008;
    }
    skeleton.height_m += by_m;
    for (Piece& piece : dressed.pieces) {
        for (Point& point : piece.points) point.p.z += by_m;
    }
}

}  // namespace

const Cut& cut_of(Top top) { return kTops[static_cast<std::size_t>(top)]; }
const Cut* cut_of(Outer outer) {
    return outer == Outer::kNone ? nullptr : &kOuters[static_cast<std::size_t>(outer)];
}
const Cut& cut_of(Bottom bottom) { return kBottoms[static_cast<std::size_t>(bottom)]; }

namespace {

// A top as it lies under a jacket: close to the body, without folds or a bulging collar.
Cut under(const Outfit& outfit) {
    Cut cut = cut_of(outfit.top);
    if (outfit.outer == Outer::kNone) return cut;
    cut.offset_m = 0.004;
    cut.hang = 2;
    cut.sleeve_width = 1.03;
    cut.fold_m = 0.001;
    cut.thickness_m = 0.002;
    cut.collar_flare = std::min(cut.collar_flare, 0.05);
    return cut;
}

Cover cover_of(const Places& places, const Cut& cut, double extra_m = 0) {
    return [&places, cut, extra_m](const Point& p) { return covered_m(places, cut, p) - extra_m; };
}

// What a person is dressed from, and the pieces so far.
struct Dresser {
    const BodyData& data;
    const Body& body;
    const Person& person;
    Places places;
    bool whole;        // a dress in the place of top and bottom
    const Cut* outer;  // null: none
    Cut top;
    const Cut& bottom;
    std::vector<Piece> pieces;

    Dresser(const BodyData& from, const Body& of, const Person& who)
        : data(from),
          body(of),
          person(who),
          places(of),
          whole(who.outfit.bottom == Bottom::kDress),
          outer(cut_of(who.outfit.outer)),
          top(under(who.outfit)),
          bottom(cut_of(who.outfit.bottom)) {}

    void add(Piece piece, const std::array<std::size_t, 3>& most) {
        piece.most = most;
        pieces.push_back(std::move(piece));
    }
    std::vector<Cover> over_skin() const;
    void add_head(const Piece& bare);
    void add_clothes();
};

std::vector<Cover> Dresser::over_skin() const {
    std::vector<Cover> covers = {cover_of(places, bottom)};
    if (!whole) covers.push_back(cover_of(places, top));
    if (outer != nullptr) covers.push_back(cover_of(places, *outer, 0.01));
    covers.push_back(
        [this](const Point& p) { return shoe_covers_m(places, person.outfit.shoes, p); });
    if (person.outfit.headwear == Headwear::kFullHelmet) {
        covers.push_back([](const Point& p) { return share_of(p.carried, {Joint::kHead}) - 0.6; });
    }
    if (person.outfit.headwear == Headwear::kHeadscarf) {
        covers.push_back([this](const Point& p) { return scarf_covers_m(body, p); });
        covers.push_back([this](const Point& p) {
            return p.p.z > places.chest_m() && places.below_neck_m(p.p, 0.05) > -0.03 &&
                           places.arm_m(p) < 0.02
                       ? 1.0
                       : -1.0;
        });
    }
    return covers;
}

void Dresser::add_head(const Piece& bare) {
    const Outfit& outfit = person.outfit;
    const Complexion& look = person.complexion;
    if (outfit.headwear == Headwear::kFullHelmet) {
        for (Piece& piece :
             make_headwear(data, body, places, outfit.headwear, outfit.head_colour)) {
            pieces.push_back(std::move(piece));
        }
        return;
    }
    add(make_eyes(data, body, look), {220, 60, 0});
    add(make_brows(body, bare, look), {120, 16, 0});
    for (Piece& piece :
         make_hair(data, body, places, person.hair, outfit.headwear, look.hair, person.seed)) {
        pieces.push_back(std::move(piece));
    }
    add(make_beard(data, body, person.beard, look.hair), {200, 60, 8});
    for (Piece& piece : make_headwear(data, body, places, outfit.headwear, outfit.head_colour)) {
        // A scarf's end lies under the jacket.
        if (outer != nullptr && outfit.headwear == Headwear::kHeadscarf) {
            hide(piece, {cover_of(places, *outer)}, 0.0);
        }
        pieces.push_back(std::move(piece));
    }
    if (outfit.glasses) {
        add(make_glasses(body, bare, Vec3(0.02, 0.02, 0.022)), {248, 60, 0});
    }
}

void Dresser::add_clothes() {
    const Outfit& outfit = person.outfit;
    Piece legs = make_garment(data, body, places, bottom, person.seed);
    paint(legs, Tint::kBottom, outfit.bottom_colour);
    if (outfit.bottom == Bottom::kJeans) wash(legs, places);
    // A top hangs over trousers' and skirts' upper edge; what a jacket covers is left out.
    std::vector<Cover> over;
    if (!whole) over.push_back(cover_of(places, top));
    if (outer != nullptr) over.push_back(cover_of(places, *outer));
    hide(legs, over, 0.018 * places.scale());
    add(std::move(legs), {620, 240, 60});
    if (!whole) {
        const bool inner = outer != nullptr;
        Piece shirt = make_garment(data, body, places, top, person.seed + 1);
        paint(shirt, inner ? Tint::kNone : Tint::kTop,
              inner ? outfit.inner_colour : outfit.top_colour);
        if (inner && outfit.outer != Outer::kVest) {
            hide(shirt, {cover_of(places, *outer, 0.02)}, 0.004 * places.scale());
        }
        using Budget = std::array<std::size_t, 3>;
        add(std::move(shirt), inner ? Budget{240, 70, 0} : Budget{700, 280, 60});
    }
    if (outer != nullptr) {
        Piece jacket = make_garment(data, body, places, *outer, person.seed + 2);
        paint(jacket, Tint::kTop, outfit.top_colour);
        if (outfit.outer == Outer::kVest) mark_vest(jacket, places);
        add(std::move(jacket), {720, 260, 60});
    }
    add(make_shoes(data, body, places, outfit.shoes, outfit.shoe_colour, outfit.sole_colour),
        {340, 130, 30});
    // A ball's outline and spots are looked at.
    const std::size_t thing = outfit.thing == Thing::kBall ? 500 : 300;
    add(make_thing(body, places, outfit.thing, outfit.thing_colour, pieces), {thing, 100, 20});
}

}  // namespace

Result<Dressed> dress(BodyData& data, const Person& person) {
    HM_TAKE(Body body, make_body(data, person.body));
    Dresser dresser(data, body, person);
    Piece skin = make_skin(data, body, person.complexion);
    const Piece bare = skin;
    if (person.outfit.gloves) put_on_gloves(skin);
    hide(skin, dresser.over_skin(), 0.022 * dresser.places.scale());
    dresser.add(std::move(skin), {2700, 640, 80});
    dresser.add_head(bare);
    dresser.add_clothes();
    std::erase_if(dresser.pieces, [](const Piece& piece) { return piece.faces.empty(); });
    Dressed dressed{body, std::move(dresser.pieces)};
    raise(dressed, sole_m(person.outfit.shoes, dresser.places.scale()));
    return dressed;
}

engine::figure::Gesture hold_of(Thing thing) {
    using engine::figure::Gesture;
    switch (thing) {
        case Thing::kSuitcase:
        case Thing::kShoppingBag:
            return Gesture::kCarry;
        case Thing::kUmbrella:
            return Gesture::kUmbrella;
        case Thing::kPhone:
            return Gesture::kText;
        case Thing::kStick:
            return Gesture::kStick;
        case Thing::kBall:
            return Gesture::kBall;
        case Thing::kLead:
            return Gesture::kLead;
        default:
            return Gesture::kNone;
    }
}

Result<engine::figure::Model> make_model(BodyData& data, const Person& person) {
    HM_TAKE(const Dressed dressed, dress(data, person));
    engine::figure::Model model;
    model.name = person.name;
    model.skeleton = dressed.body.skeleton;
    for (std::size_t c = 0; c < 3; ++c) {
        model.tints[0][c] = static_cast<float>(person.outfit.top_colour[static_cast<int>(c)]);
        model.tints[1][c] = static_cast<float>(person.outfit.bottom_colour[static_cast<int>(c)]);
    }
    model.hold = hold_of(person.outfit.thing);
    add_levels(model, dressed.pieces);
    return model;
}

}  // namespace huntsman::scenarios::people
