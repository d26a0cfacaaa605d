#include "scenarios/models/joint_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace huntsman::scenarios::models {

using engine::core::Error;
using engine::core::Result;
using engine::figure::Joint;
using engine::figure::kJointCount;
using engine::figure::kNoJoint;
using engine::import::kNoIndex;
using engine::import::Model;

namespace {

bool is_lower(char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }
bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// "mixamorig:LeftHandIndex1" as mixamorig, left, hand, index, 1.
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words(1);
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (!is_lower(c) && !is_upper(c) && !is_digit(c)) {
            words.emplace_back();
            continue;
        }
        const char before = i > 0 ? name[i - 1] : ' ';
        const char after = i + 1 < name.size() ? name[i + 1] : ' ';
        const bool begins = is_digit(c)   ? !is_digit(before)
                            : is_upper(c) ? is_lower(before) || is_digit(before) ||
                                                (is_upper(before) && is_lower(after))
                                          : is_digit(before);
        if (begins) words.emplace_back();
        words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    std::erase(words, "");
    return words;
}

enum class Where : std::uint8_t { kMiddle, kLeft, kRight };

// A name without side and what programs put before all names.
struct Plain {
    Where where = Where::kMiddle;
    std::string text;    // without numbers
    std::string digits;  // the last number
    int number() const { return digits.empty() ? -1 : std::stoi(digits); }
};

Plain plain_of(std::string_view name) {
    constexpr std::string_view kPrefixes[] = {
        "mixamorig", "def",   "bip",       "j",   "c",     "org",      "armature", "bone",
        "jnt",       "joint", "character", "rig", "biped", "skeleton", "cc",       "base"};
    Plain plain;
    for (const std::string& word : words_of(name)) {
        if (word == "left" || word == "l") {
            plain.where = Where::kLeft;
        } else if (word == "right" || word == "r") {
            plain.where = Where::kRight;
        } else if (is_digit(word.front())) {
            if (!plain.text.empty() && word.size() < 4) plain.digits = word;
        } else if (std::find(std::begin(kPrefixes), std::end(kPrefixes), word) ==
                   std::end(kPrefixes)) {
            plain.text += word;
        }
    }
    return plain;
}

struct Known {
    std::string_view text;
    Joint joint;  // of the left side
};

constexpr Known kSided[] = {
    {"eye", Joint::kLeftEye},
    {"clavicle", Joint::kLeftClavicle},
    {"shoulder", Joint::kLeftClavicle},
    {"collar", Joint::kLeftClavicle},
    {"collarbone", Joint::kLeftClavicle},
    {"upperarm", Joint::kLeftUpperArm},
    {"arm", Joint::kLeftUpperArm},
    {"uparm", Joint::kLeftUpperArm},
    {"shldr", Joint::kLeftUpperArm},
    {"shldrbend", Joint::kLeftUpperArm},
    {"forearm", Joint::kLeftLowerArm},
    {"lowerarm", Joint::kLeftLowerArm},
    {"forearmbend", Joint::kLeftLowerArm},
    {"elbow", Joint::kLeftLowerArm},
    {"hand", Joint::kLeftHand},
    {"wrist", Joint::kLeftHand},
    {"upleg", Joint::kLeftThigh},
    {"upperleg", Joint::kLeftThigh},
    {"thigh", Joint::kLeftThigh},
    {"thighbend", Joint::kLeftThigh},
    {"leg", Joint::kLeftCalf},
    {"lowerleg", Joint::kLeftCalf},
    {"calf", Joint::kLeftCalf},
    {"shin", Joint::kLeftCalf},
    {"knee", Joint::kLeftCalf},
    {"foot", Joint::kLeftFoot},
    {"ankle", Joint::kLeftFoot},
    {"toebase", Joint::kLeftToes},
    {"toe", Joint::kLeftToes},
    {"toes", Joint::kLeftToes},
    {"ball", Joint::kLeftToes},
};
constexpr Known kInTheMiddle[] = {
    {"hips", Joint::kPelvis}, {"hip", Joint::kPelvis},     {"pelvis", Joint::kPelvis},
    {"neck", Joint::kNeck},   {"necklower", Joint::kNeck}, {"head", Joint::kHead},
};

// Of the left side. Biped counts fingers: 0 is the thumb, 01 its second bone.
std::optional<Joint> finger_of(const Plain& plain) {
    const std::string_view text = plain.text;
    const auto has = [&](std::string_view part) { return text.find(part) != text.npos; };
    if (has("metacarpal") && !has("thumb")) return std::nullopt;
    bool thumb = has("thumb");
    bool first = plain.number() <= 1 && !has("intermediate") && !has("distal");
    if (text == "finger") {
        thumb = plain.digits.starts_with('0');
        first = plain.digits.size() == 1;
    } else if (!thumb && !has("index") && !has("middle") && !has("ring") && !has("pinky") &&
               !has("little") && text != "fmid" && text != "mid") {
        return std::nullopt;
    }
    if (thumb) return first ? Joint::kLeftThumb : Joint::kLeftThumbTip;
    return first ? Joint::kLeftFingers : Joint::kLeftFingertips;
}

Joint on(Where where, Joint left) {
    return where == Where::kRight ? engine::figure::mirrored(left) : left;
}

// Joints that lie in the file and without which there is no person.
constexpr std::array kNeeded = {Joint::kPelvis,        Joint::kHead,         Joint::kLeftUpperArm,
                                Joint::kRightUpperArm, Joint::kLeftLowerArm, Joint::kRightLowerArm,
                                Joint::kLeftHand,      Joint::kRightHand,    Joint::kLeftThigh,
                                Joint::kRightThigh,    Joint::kLeftCalf,     Joint::kRightCalf,
                                Joint::kLeftFoot,      Joint::kRightFoot};

class Matcher {
  public:
    explicit Matcher(const Model& model) : model_(model) {
        own_.assign(model.nodes.size(), kNoJoint);
        matched_.node_of.fill(kNoIndex);
    }

    engine::core::Status follow(const std::vector<JointRule>& rules) {
        for (std::size_t i = 0; i < rules.size(); ++i) {
            Joint joint = kNoJoint;
            std::vector<std::string_view> names;
            for (std::size_t j = 0; j < kJointCount; ++j) {
                names.push_back(engine::figure::name(static_cast<Joint>(j)));
                if (names.back() == rules[i].joint) joint = static_cast<Joint>(j);
            }
            if (joint == kNoJoint) {
                return Error{.message = fmt::format("joints[{}]: there is no joint '{}', expected "
                                                    "one of: {}",
                                                    i, rules[i].joint, fmt::join(names, ", "))};
            }
            const auto node = std::find_if(model_.nodes.begin(), model_.nodes.end(),
                                           [&](const auto& n) { return n.name == rules[i].node; });
            if (node == model_.nodes.end()) {
                return Error{.message = fmt::format("joints[{}]: the file has no node '{}'", i,
                                                    rules[i].node)};
            }
            set(static_cast<std::uint32_t>(node - model_.nodes.begin()), joint);
        }
        return {};
    }

    // By names, from the root on. Nodes that carry vertices come before others of the same name.
    void take_names() {
        std::vector<bool> carries(model_.nodes.size());
        for (const auto& joint : model_.joints) {
            if (joint.node < carries.size()) carries[joint.node] = true;
        }
        for (const bool carrying : {true, false}) {
            for (std::uint32_t n = 0; n < model_.nodes.size(); ++n) {
                if (carries[n] != carrying || own_[n] != kNoJoint) continue;
                const auto joint = joint_named(model_.nodes[n].name);
                if (!joint) continue;
                const bool finger = is_finger(*joint);
                if (finger || matched_.node_of[engine::figure::index(*joint)] == kNoIndex) {
                    set(n, *joint);
                }
            }
        }
    }

    // What lies between the pelvis and neck or head, in even shares.
    void take_spine() {
        std::uint32_t top =
            node(Joint::kNeck) != kNoIndex ? node(Joint::kNeck) : node(Joint::kHead);
        const std::uint32_t bottom = node(Joint::kPelvis);
        if (top == kNoIndex || bottom == kNoIndex) return;
        std::vector<std::uint32_t> chain;
        for (std::uint32_t n = model_.nodes[top].parent; n != kNoIndex && n != bottom;
             n = model_.nodes[n].parent) {
            if (own_[n] == kNoJoint) chain.insert(chain.begin(), n);
        }
        const std::size_t count = chain.size();
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t third = count == 1 ? 1 : i * 3 / count + (count == 2 ? i : 0);
            const auto joint = static_cast<Joint>(engine::figure::index(Joint::kSpine1) +
                                                  std::min<std::size_t>(third, 2));
            if (node(joint) == kNoIndex) set(chain[i], joint);
            own_[chain[i]] = joint;
        }
    }

    Result<Matched> finish() {
        std::vector<std::string_view> missing;
        for (const Joint joint : kNeeded) {
            if (node(joint) == kNoIndex) missing.push_back(engine::figure::name(joint));
        }
        if (!missing.empty()) {
            return Error{.message = fmt::format(
                             "has no node that is known for {}, expected names as Mixamo, Unreal, "
                             "VRM, Biped or Daz give them, or joints that say which node it is",
                             fmt::join(missing, ", "))};
        }
        matched_.joint_of.resize(model_.nodes.size());
        for (std::uint32_t n = 0; n < model_.nodes.size(); ++n) {
            const std::uint32_t parent = model_.nodes[n].parent;
            matched_.joint_of[n] = own_[n] != kNoJoint  ? own_[n]
                                   : parent != kNoIndex ? matched_.joint_of[parent]
                                                        : Joint::kPelvis;
        }
        return matched_;
    }

  private:
    static bool is_finger(Joint joint) {
        return (joint >= Joint::kLeftFingers && joint <= Joint::kLeftThumbTip) ||
               (joint >= Joint::kRightFingers && joint <= Joint::kRightThumbTip);
    }
    std::uint32_t node(Joint joint) const { return matched_.node_of[engine::figure::index(joint)]; }
    void set(std::uint32_t n, Joint joint) {
        own_[n] = joint;
        std::uint32_t& known = matched_.node_of[engine::figure::index(joint)];
        if (known == kNoIndex) known = n;
    }

    const Model& model_;
    std::vector<Joint> own_;  // by node; kNoJoint: none of its own
    Matched matched_;
};

}  // namespace

std::optional<Joint> joint_named(std::string_view name) {
    const Plain plain = plain_of(name);
    if (plain.where == Where::kMiddle) {
        if (plain.number() > 1) return std::nullopt;
        for (const Known& known : kInTheMiddle) {
            if (plain.text == known.text) return known.joint;
        }
        return std::nullopt;
    }
    for (const Known& known : kSided) {
        if (plain.text == known.text && plain.number() <= 1) return on(plain.where, known.joint);
    }
    if (const auto finger = finger_of(plain)) return on(plain.where, *finger);
    return std::nullopt;
}

Result<Matched> match_joints(const Model& model, const std::vector<JointRule>& rules) {
    Matcher matcher(model);
    HM_TRY(matcher.follow(rules));
    matcher.take_names();
    matcher.take_spine();
    return matcher.finish();
}

}  // namespace huntsman::scenarios::models
