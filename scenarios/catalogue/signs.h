// Traffic signs as plates: shape, colours, symbol, text. Which sign of which country looks how is
// said elsewhere (streets/sign_types.h).
#pragma once

#include <string>

#include "engine/world/scene.h"
#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {

enum class SignShape : std::uint8_t {
    kDisc,
    kTriangle,
    kTriangleDown,
    kOctagon,
    kDiamond,  // a square on its corner
    kRectangle,
    kPentagon,  // a house: school signs
    kShield,    // of motorways
};

enum class SignSymbol : std::uint8_t {
    kBlank,
    kBar,  // no entry
    kArrowUp,
    kArrowLeft,
    kArrowRight,
    kArrowDownRight,
    kTurnLeft,  // up, then to the left
    kTurnRight,
    kUTurn,
    kRoundabout,
    kPedestrian,
    kChildren,
    kWorker,
    kBicycle,
    kCar,
    kTruck,
    kCurveLeft,
    kCurveRight,
    kDoubleCurve,
    kNarrow,
    kTwoWay,
    kSignals,
    kCrossroads,    // an X
    kPriorityHere,  // a broad arrow over a cross street
    kMotorway,
    kDeadEnd,
    kPriorityRoad,  // a yellow diamond within the white one
    kZebra,         // a walker on stripes
    kChevron,
    kMerge,
    kEnd,  // a slanted bar over everything
};

struct SignFace {
    SignShape shape = SignShape::kRectangle;
    double width_m = 0.6, height_m = 0.6;
    Colour border{0.85F, 0.85F, 0.85F}, face{0.85F, 0.85F, 0.85F}, ink{0.02F, 0.02F, 0.02F};
    double border_share = 0.1;  // width of the border, of half the smaller side
    SignSymbol symbol = SignSymbol::kBlank;
    std::string text;      // up to three short lines, separated by '\n'
    bool crossed = false;  // a red slash from the upper left
};

// Colours of signs, linear.
constexpr Colour kSignRed{0.55F, 0.02F, 0.02F}, kSignWhite{0.85F, 0.85F, 0.85F},
    kSignBlack{0.02F, 0.02F, 0.02F}, kSignYellow{0.85F, 0.50F, 0.02F},
    kSignBlue{0.01F, 0.10F, 0.42F}, kSignGreen{0.01F, 0.22F, 0.09F},
    kSignOrange{0.85F, 0.22F, 0.01F}, kSignGrey{0.35F, 0.36F, 0.37F};

// The plate alone: centre of its face at the origin, facing +x. The backs are grey.
engine::world::Mesh sign_plate(const SignFace& face);

// A post from 0.2 m below the ground up to a height.
engine::world::Mesh sign_post(double height_m, double radius_m = 0.035);

}  // namespace huntsman::scenarios::catalogue
