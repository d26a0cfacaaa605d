// A dressed person: who it is, what it wears and carries, and the model made from that.
#pragma once

#include <optional>
#include <string>

#include "engine/figure/model.h"
#include "scenarios/people/garments.h"
#include "scenarios/people/hair.h"
#include "scenarios/people/shoes.h"

namespace huntsman::scenarios::people {

enum class Top : std::uint8_t { kTShirt, kShirt, kSweater, kBlouse, kCount };
enum class Outer : std::uint8_t { kNone, kJacket, kHooded, kCoat, kSuit, kVest, kCount };
enum class Bottom : std::uint8_t {
    kTrousers,
    kJeans,
    kShorts,
    kLeggings,
    kSkirt,
    kLongSkirt,
    kDress,
    kCount
};
enum class Thing : std::uint8_t {
    kNone,
    kBackpack,
    kShoulderBag,
    kSuitcase,
    kUmbrella,
    kPhone,
    kStick,
    kShoppingBag,
    kBall,  // of children, in both hands
    kLead,  // of a dog, which is another figure; the strap comes with it
    kCount
};

struct Outfit {
    Top top = Top::kTShirt;
    Outer outer = Outer::kNone;
    Bottom bottom = Bottom::kJeans;
    ShoeStyle shoes = ShoeStyle::kTrainers;
    Headwear headwear = Headwear::kNone;
    bool glasses = false;
    bool gloves = false;
    Thing thing = Thing::kNone;
    // Linear colours. Top and bottom are the tints that instances may vary: that of the outermost
    // garment of the trunk, and of the legs.
    engine::math::Vec3 top_colour{0.3, 0.3, 0.3}, bottom_colour{0.05, 0.06, 0.1};
    engine::math::Vec3 inner_colour{0.7, 0.7, 0.7};  // of a shirt under a jacket
    engine::math::Vec3 shoe_colour{0.03, 0.03, 0.03}, sole_colour{0.5, 0.5, 0.5};
    engine::math::Vec3 head_colour{0.05, 0.05, 0.1};  // of cap or scarf
    engine::math::Vec3 thing_colour{0.04, 0.04, 0.05};
};

struct Person {
    std::string name;
    std::uint64_t seed = 0;  // of folds, strands and the like
    BodyParameters body;
    Complexion complexion;
    HairStyle hair = HairStyle::kShort;
    Beard beard = Beard::kNone;
    Outfit outfit;
};

// The cuts of clothing; see docs/people.md.
const Cut& cut_of(Top top);
const Cut* cut_of(Outer outer);  // null: none
const Cut& cut_of(Bottom bottom);

// All pieces at full detail, standing on the soles of their shoes, and the skeleton raised to that.
struct Dressed {
    Body body;
    std::vector<Piece> pieces;
};
engine::core::Result<Dressed> dress(BodyData& data, const Person& person);

// The gesture that a thing is carried with.
engine::figure::Gesture hold_of(Thing thing);

// The model with its levels of detail.
engine::core::Result<engine::figure::Model> make_model(BodyData& data, const Person& person);

}  // namespace huntsman::scenarios::people
