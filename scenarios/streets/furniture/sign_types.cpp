#include "scenarios/streets/furniture/sign_types.h"

#include <cmath>
#include <cstdlib>
#include <map>
#include <string_view>

namespace huntsman::scenarios::streets {

using catalogue::Colour;
using catalogue::SignFace;
using catalogue::SignShape;
using catalogue::SignSymbol;
using engine::world::ModelSignal;
using namespace catalogue;  // colours

namespace {

using Faces = std::map<std::string, SignFace, std::less<>>;  // by type

SignFace face(SignShape shape, double width, double height, Colour border, Colour ground,
              Colour ink, double border_share, SignSymbol symbol = SignSymbol::kBlank,
              std::string text = {}) {
    return {shape, width,        height, border,          ground,
            ink,   border_share, symbol, std::move(text), false};
}

// Families of the Vienna convention.
SignFace warning(SignSymbol symbol, std::string text = {}) {
    return face(SignShape::kTriangle, 0.9, 0.9, kSignRed, kSignWhite, kSignBlack, 0.17, symbol,
                std::move(text));
}
SignFace ban(SignSymbol symbol, std::string text = {}) {
    return face(SignShape::kDisc, 0.6, 0.6, kSignRed, kSignWhite, kSignBlack, 0.22, symbol,
                std::move(text));
}
SignFace order(SignSymbol symbol, std::string text = {}) {
    return face(SignShape::kDisc, 0.6, 0.6, kSignWhite, kSignBlue, kSignWhite, 0.05, symbol,
                std::move(text));
}
SignFace blue(SignSymbol symbol, std::string text = {}) {
    return face(SignShape::kRectangle, 0.6, 0.6, kSignWhite, kSignBlue, kSignWhite, 0.05, symbol,
                std::move(text));
}
SignFace end_of(std::string text = {}) {
    return face(SignShape::kDisc, 0.6, 0.6, kSignBlack, kSignWhite, {0.3F, 0.3F, 0.3F}, 0.04,
                SignSymbol::kEnd, std::move(text));
}
// Families of the MUTCD.
SignFace diamond(SignSymbol symbol, std::string text = {}, Colour ground = kSignYellow) {
    return face(SignShape::kDiamond, 1.06, 1.06, kSignBlack, ground, kSignBlack, 0.04, symbol,
                std::move(text));
}
SignFace rule(double width, double height, SignSymbol symbol, std::string text = {}) {
    return face(SignShape::kRectangle, width, height, kSignBlack, kSignWhite, kSignBlack, 0.04,
                symbol, std::move(text));
}
SignFace stop() {
    return face(SignShape::kOctagon, 0.9, 0.9, kSignWhite, kSignRed, kSignWhite, 0.06,
                SignSymbol::kBlank, "STOP");
}
SignFace yield() {
    return face(SignShape::kTriangleDown, 0.9, 0.9, kSignRed, kSignWhite, kSignBlack, 0.17);
}
SignFace no_entry() {
    return face(SignShape::kDisc, 0.6, 0.6, kSignWhite, kSignRed, kSignWhite, 0.04,
                SignSymbol::kBar);
}
SignFace one_way(bool to_left) {
    return face(SignShape::kRectangle, 0.8, 0.3, kSignWhite, kSignBlue, kSignWhite, 0.06,
                to_left ? SignSymbol::kArrowLeft : SignSymbol::kArrowRight);
}

// The number that a sign shows: its value, else digits of text or subtype.
std::string number_of(const ModelSignal& signal, const std::string& subtype) {
    if (signal.has_value && signal.value > 0 && signal.value < 1000) {
        double shown = signal.value;
        // The standard's unit of speed without a unit is m/s; maps write km/h.
        if (signal.unit == "m/s") shown *= 3.6;
        return std::to_string(static_cast<int>(std::lround(shown)));
    }
    for (const std::string* words : {&signal.text, &subtype, &signal.name}) {
        std::string digits;
        for (const char c : *words) {
            if (c >= '0' && c <= '9') {
                digits += c;
            } else if (!digits.empty()) {
                break;
            }
        }
        if (!digits.empty() && digits.size() <= 3 && words->front() != '-') return digits;
    }
    return {};
}

bool left_form(std::string_view subtype) { return subtype.starts_with("10"); }

// "274-50", "274.1-30": the number before the dash, and what stands behind it.
std::pair<std::string, std::string> split_type(const ModelSignal& signal) {
    const std::size_t dash = signal.type.find('-');
    const bool american = !signal.type.empty() && signal.type[0] >= 'A' && signal.type[0] <= 'Z';
    if (dash == std::string::npos || american) return {signal.type, signal.subtype};
    return {signal.type.substr(0, dash), signal.type.substr(dash + 1)};
}

// Faces that depend on nothing but the number.
Faces vienna_faces() {
    using S = SignSymbol;
    Faces faces;
    faces["101"] = warning(S::kBlank, "!");
    faces["102"] = warning(S::kCrossroads);
    faces["105"] = warning(S::kDoubleCurve);
    faces["112"] = warning(S::kBlank, "-");
    faces["114"] = warning(S::kDoubleCurve);
    faces["120"] = faces["121"] = warning(S::kNarrow);
    faces["123"] = warning(S::kWorker);
    faces["124"] = warning(S::kCar);
    faces["125"] = warning(S::kTwoWay);
    faces["131"] = warning(S::kSignals);
    faces["133"] = faces["134"] = warning(S::kPedestrian);
    faces["136"] = warning(S::kChildren);
    faces["138"] = warning(S::kBicycle);
    faces["205"] = yield();
    faces["206"] = stop();
    faces["208"] = ban(S::kTwoWay);
    faces["214"] = order(S::kTurnRight);
    faces["215"] = order(S::kRoundabout);
    faces["222"] = order(S::kArrowDownRight);
    faces["224"] =
        face(SignShape::kDisc, 0.5, 0.5, kSignGreen, kSignYellow, kSignGreen, 0.14, S::kBlank, "H");
    faces["229"] = blue(S::kBlank, "TAXI");
    faces["237"] = order(S::kBicycle);
    faces["239"] = order(S::kPedestrian);
    faces["240"] = faces["241"] = order(S::kChildren);
    faces["245"] = order(S::kBlank, "BUS");
    faces["250"] = ban(S::kBlank);
    faces["251"] = ban(S::kCar);
    faces["253"] = ban(S::kTruck);
    faces["254"] = ban(S::kBicycle);
    faces["259"] = ban(S::kPedestrian);
    faces["260"] = ban(S::kCar);
    faces["267"] = no_entry();
    faces["272"] = ban(S::kUTurn);
    faces["272"].crossed = true;
    faces["276"] = faces["277"] = ban(S::kCar);
    faces["280"] = faces["281"] = faces["282"] = end_of();
    faces["283"] = faces["286"] =
        face(SignShape::kDisc, 0.6, 0.6, kSignRed, kSignBlue, kSignRed, 0.16);
    faces["283"].crossed = faces["286"].crossed = true;
    faces["301"] = warning(S::kPriorityHere);
    faces["306"] = face(SignShape::kDiamond, 0.84, 0.84, kSignBlack, kSignWhite, kSignBlack, 0.03,
                        S::kPriorityRoad);
    faces["307"] = faces["306"];
    faces["307"].symbol = S::kEnd;
    faces["308"] = blue(S::kTwoWay);
    faces["314"] = blue(S::kBlank, "P");
    faces["325"] = blue(S::kChildren);
    faces["327"] = blue(S::kMotorway);
    faces["350"] = blue(S::kZebra);
    faces["354"] = blue(S::kBlank, "+");
    faces["357"] = blue(S::kDeadEnd);
    faces["358"] = blue(S::kBlank, "+");
    faces["365"] = blue(S::kBlank, "i");
    faces["625"] =
        face(SignShape::kRectangle, 0.5, 0.5, kSignRed, kSignRed, kSignWhite, 0, S::kChevron);
    return faces;
}

std::optional<SignFace> vienna(const ModelSignal& signal, const std::string& type,
                               const std::string& subtype) {
    using S = SignSymbol;
    static const Faces kFaces = vienna_faces();
    const std::string number = number_of(signal, subtype);
    // Those that depend on more than their number.
    const std::string main = type.substr(0, type.find('.'));
    const bool second = type.size() > main.size() + 1 && type[main.size() + 1] == '2';
    if (main == "103") return warning(left_form(subtype) ? S::kCurveLeft : S::kCurveRight);
    if (main == "108" || main == "110") {
        return warning(S::kBlank, number.empty() ? "%" : number);
    }
    if (main == "209" || main == "211") {
        if (subtype.starts_with("30")) return order(S::kArrowUp);
        const bool before = main == "209";
        if (left_form(subtype)) return order(before ? S::kTurnLeft : S::kArrowLeft);
        return order(before ? S::kTurnRight : S::kArrowRight);
    }
    if (main == "220") return one_way(left_form(subtype));
    if (main == "242") {
        return face(SignShape::kRectangle, 0.6, 0.8, kSignWhite, kSignWhite, kSignBlack, 0,
                    S::kChildren, "ZONE");
    }
    if (main == "262" || main == "263" || main == "264" || main == "265" || main == "266") {
        return ban(S::kBlank, number);
    }
    if (main == "274") {
        if (type == "274.1" || type == "274.2") {
            return face(SignShape::kRectangle, 0.6, 0.8, kSignBlack, kSignWhite, kSignBlack, 0.02,
                        second ? S::kEnd : S::kBlank, (number.empty() ? "30" : number) + "\nZONE");
        }
        return ban(S::kBlank, number);
    }
    if (main == "275") return order(S::kBlank, number);
    if (main == "278" || main == "279") return end_of(number);
    if (main == "310" || main == "311" || main == "385") {
        return face(SignShape::kRectangle, 1.2, 0.7, kSignBlack, kSignYellow, kSignBlack, 0.04,
                    S::kBlank, signal.text);
    }
    if (main == "330" || main == "331") {
        SignFace motorway = main == "330" ? blue(S::kMotorway) : blue(S::kCar);
        motorway.crossed = second;
        return motorway;
    }
    if (const auto found = kFaces.find(main); found != kFaces.end()) return found->second;
    // Signs below others (1000 and up).
    if (main.size() == 4 && main[0] == '1') {
        return face(SignShape::kRectangle, 0.6, 0.33, kSignBlack, kSignWhite, kSignBlack, 0.05,
                    S::kBlank, signal.text);
    }
    // Guide signs: blue on motorways, yellow elsewhere.
    if (main.size() == 3 && main[0] == '4') {
        const bool motorway = main == "448" || main == "449" || main == "450" || main == "453";
        return face(SignShape::kRectangle, 1.6, 1.0, motorway ? kSignWhite : kSignBlack,
                    motorway ? kSignBlue : kSignYellow, motorway ? kSignWhite : kSignBlack, 0.03,
                    S::kBlank, signal.text);
    }
    return std::nullopt;
}

// Faces that depend on nothing but the type.
Faces american_faces() {
    using S = SignSymbol;
    Faces faces;
    faces["R1-1"] = stop();
    faces["R1-2"] = yield();
    faces["R1-3"] = face(SignShape::kRectangle, 0.45, 0.15, kSignWhite, kSignRed, kSignWhite, 0.06,
                         S::kBlank, "ALL WAY");
    faces["R3-1"] = rule(0.6, 0.6, S::kTurnRight);
    faces["R3-2"] = rule(0.6, 0.6, S::kTurnLeft);
    faces["R3-4"] = rule(0.6, 0.6, S::kUTurn);
    for (const char* banned : {"R3-1", "R3-2", "R3-4"}) faces[banned].crossed = true;
    faces["R3-5"] = rule(0.75, 0.9, S::kTurnLeft, "ONLY");
    faces["R3-7"] = rule(0.75, 0.9, S::kBlank, "RIGHT\nLANE\nMUST");
    faces["R3-17"] = rule(0.6, 0.75, S::kBicycle, "LANE");
    faces["R4-1"] = rule(0.6, 0.75, S::kBlank, "DO\nNOT\nPASS");
    faces["R4-7"] = rule(0.6, 0.75, S::kArrowDownRight);
    faces["R5-1"] = face(SignShape::kRectangle, 0.75, 0.75, kSignWhite, kSignWhite, kSignRed, 0,
                         S::kBlank, "DO NOT\nENTER");
    faces["R5-1a"] = face(SignShape::kRectangle, 0.9, 0.6, kSignWhite, kSignRed, kSignWhite, 0.05,
                          S::kBlank, "WRONG\nWAY");
    faces["R6-1"] = face(SignShape::kRectangle, 0.9, 0.3, kSignBlack, kSignBlack, kSignWhite, 0,
                         S::kArrowRight);
    faces["R6-2"] = rule(0.6, 0.75, S::kArrowUp, "ONE WAY");
    faces["R6-5P"] = faces["R6-5"] =
        face(SignShape::kDisc, 0.6, 0.6, kSignBlack, kSignWhite, kSignBlack, 0.05, S::kRoundabout);
    faces["R7-1"] = face(SignShape::kRectangle, 0.3, 0.45, kSignRed, kSignWhite, kSignRed, 0.05,
                         S::kBlank, "NO\nPARK\nING");
    faces["R7-8"] = face(SignShape::kRectangle, 0.3, 0.45, kSignGreen, kSignWhite, kSignGreen, 0.05,
                         S::kBlank, "P");
    faces["R7-107"] = face(SignShape::kRectangle, 0.3, 0.45, kSignBlue, kSignWhite, kSignBlue, 0.06,
                           S::kTruck, "BUS");
    faces["W1-1"] = diamond(S::kTurnLeft);
    faces["W1-2"] = diamond(S::kCurveRight);
    faces["W1-4"] = faces["W1-5"] = diamond(S::kDoubleCurve);
    faces["W1-6"] = face(SignShape::kRectangle, 1.2, 0.6, kSignBlack, kSignYellow, kSignBlack, 0.04,
                         S::kArrowRight);
    faces["W1-8"] = face(SignShape::kRectangle, 0.45, 0.6, kSignYellow, kSignYellow, kSignBlack, 0,
                         S::kChevron);
    faces["W2-1"] = faces["W2-2"] = diamond(S::kPriorityHere);
    faces["W2-6"] = diamond(S::kRoundabout);
    faces["W3-1"] = diamond(S::kArrowUp, "STOP");
    faces["W3-2"] = diamond(S::kArrowUp, "YIELD");
    faces["W3-3"] = diamond(S::kSignals);
    faces["W4-1"] = diamond(S::kMerge);
    faces["W5-1"] = diamond(S::kNarrow);
    faces["W6-3"] = diamond(S::kTwoWay);
    faces["W8-5"] = diamond(S::kDoubleCurve);
    faces["W11-1"] = diamond(S::kBicycle);
    faces["W11-2"] = diamond(S::kPedestrian);
    faces["W14-1"] = diamond(S::kBlank, "DEAD\nEND");
    faces["W14-2"] = diamond(S::kBlank, "NO\nOUTLET");
    faces["W15-1"] = diamond(S::kChildren);
    faces["W20-1"] = diamond(S::kBlank, "ROAD\nWORK\nAHEAD", kSignOrange);
    faces["W21-1"] = faces["W21-5"] = diamond(S::kWorker, {}, kSignOrange);
    faces["S1-1"] = face(SignShape::kPentagon, 0.9, 0.9, kSignBlack, {0.62F, 0.75F, 0.02F},
                         kSignBlack, 0.04, S::kChildren);
    faces["M1-1"] =
        face(SignShape::kShield, 0.6, 0.6, kSignWhite, kSignBlue, kSignWhite, 0.06, S::kBlank, "1");
    return faces;
}

std::optional<SignFace> american(const ModelSignal& signal) {
    using S = SignSymbol;
    const std::string& type = signal.type;
    static const Faces kFaces = american_faces();
    const std::string number = number_of(signal, signal.subtype);
    if (type == "R2-1") return rule(0.6, 0.75, S::kBlank, "SPEED\nLIMIT\n" + number);
    if (type == "M1-1" && !number.empty()) {
        SignFace shield = kFaces.at("M1-1");
        shield.text = number;
        return shield;
    }
    if (const auto found = kFaces.find(type); found != kFaces.end()) return found->second;
    // Families: warnings, works, guide signs.
    if (type.starts_with("W2")) return diamond(S::kBlank, signal.text, kSignOrange);
    if (type.starts_with("W")) return diamond(S::kBlank, signal.text);
    if (type.starts_with("D") || type.starts_with("E")) {
        return face(SignShape::kRectangle, 1.8, 0.9, kSignWhite, kSignGreen, kSignWhite, 0.04,
                    S::kBlank, signal.text);
    }
    if (type.starts_with("R")) return rule(0.6, 0.75, S::kBlank, signal.text);
    return std::nullopt;
}

}  // namespace

std::optional<SignFace> sign_face(const ModelSignal& signal) {
    const auto [type, subtype] = split_type(signal);
    // Paint that is listed among signals.
    if (type == "294" || type == "293" || type == "295" || type == "297" || type == "299") {
        return std::nullopt;
    }
    std::optional<SignFace> face;
    if (!type.empty() && type[0] >= 'A' && type[0] <= 'Z') {
        face = american(signal);
    } else {
        face = vienna(signal, type, subtype);
    }
    if (!face) {
        SignFace blank;
        blank.text = signal.text;
        blank.border_share = 0.05;
        blank.border = kSignGrey;
        face = blank;
    }
    // As large as the map says, where that is the size of a sign of this shape.
    const double scale = signal.height_m / face->height_m;
    const double ratio = signal.width_m * face->height_m / (face->width_m * signal.height_m);
    if (signal.height_m >= 0.2 && scale > 0.4 && scale < 4 && ratio > 0.8 && ratio < 1.25) {
        face->width_m *= scale;
        face->height_m *= scale;
    }
    return face;
}

}  // namespace huntsman::scenarios::streets
