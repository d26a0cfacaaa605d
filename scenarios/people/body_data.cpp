#include "scenarios/people/body_data.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/core/assets.h"
#include "engine/core/files.h"
#include "engine/core/json_file.h"

namespace huntsman::scenarios::people {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::figure::Joint;
using engine::figure::kJointCount;
using engine::math::Vec2;
using engine::math::Vec3;

namespace {

// The mesh is in decimetres, y up, z forward, and hangs around its middle.
constexpr double kMetres = 0.1;
constexpr std::size_t kMostVertices = 100000;

Vec3 to_frame(double x, double y, double z) { return Vec3(z, x, y) * kMetres; }

// Splits text at white space.
class Words {
  public:
    explicit Words(std::string_view text) : left_(text) {}
    bool next_line(std::string_view& line) {
        if (left_.empty()) return false;
        const std::size_t end = left_.find('\n');
        line = left_.substr(0, end);
        left_ = end == std::string_view::npos ? std::string_view() : left_.substr(end + 1);
        return true;
    }
    bool next(std::string_view& word) {
        const std::size_t begin = left_.find_first_not_of(" \t\r\n");
        if (begin == std::string_view::npos) return false;
        left_ = left_.substr(begin);
        const std::size_t end = left_.find_first_of(" \t\r\n");
        word = left_.substr(0, end);
        left_ = end == std::string_view::npos ? std::string_view() : left_.substr(end);
        return true;
    }
    bool number(double& value) {
        std::string_view word;
        if (!next(word)) return false;
        const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
        return read.ec == std::errc() && read.ptr == word.data() + word.size() &&
               std::isfinite(value);
    }

  private:
    std::string_view left_;
};

Error bad(const std::filesystem::path& file, const std::string& what) {
    return Error{.message = what, .file = file.string()};
}

// The joint of ours that takes a bone's share.
Joint joint_of_bone(const std::string& bone) {
    static const std::map<std::string, Joint> kMiddle = {
        {"Root", Joint::kPelvis},     {"pelvis", Joint::kPelvis},   {"spine_01", Joint::kSpine1},
        {"spine_02", Joint::kSpine2}, {"spine_03", Joint::kSpine3}, {"neck_01", Joint::kNeck},
        {"head", Joint::kHead}};
    static const std::map<std::string, Joint> kLeft = {
        {"clavicle", Joint::kLeftClavicle}, {"upperarm", Joint::kLeftUpperArm},
        {"lowerarm", Joint::kLeftLowerArm}, {"hand", Joint::kLeftHand},
        {"thumb_01", Joint::kLeftThumb},    {"thumb_02", Joint::kLeftThumb},
        {"thumb_03", Joint::kLeftThumbTip}, {"thigh", Joint::kLeftThigh},
        {"calf", Joint::kLeftCalf},         {"foot", Joint::kLeftFoot},
        {"ball", Joint::kLeftToes}};
    if (const auto at = kMiddle.find(bone); at != kMiddle.end()) return at->second;
    if (bone.size() < 3) return engine::figure::kNoJoint;
    const std::string stem = bone.substr(0, bone.size() - 2);
    Joint left = engine::figure::kNoJoint;
    if (const auto at = kLeft.find(stem); at != kLeft.end()) {
        left = at->second;
    } else if (stem.ends_with("_01")) {
        left = Joint::kLeftFingers;
    } else if (stem.ends_with("_02") || stem.ends_with("_03")) {
        left = Joint::kLeftFingertips;
    } else {
        return engine::figure::kNoJoint;
    }
    return bone.ends_with("_l") ? left : engine::figure::mirrored(left);
}

// Which of the eight fingers a bone is of; 8: none.
std::size_t finger_of_bone(const std::string& bone) {
    constexpr const char* kFingers[] = {"index", "middle", "ring", "pinky"};
    for (std::size_t k = 0; k < 4; ++k) {
        if (bone.starts_with(kFingers[k])) return bone.ends_with("_l") ? k : 4 + k;
    }
    return 8;
}

Influences strongest(const std::array<float, kJointCount>& shares) {
    std::array<std::size_t, kJointCount> order{};
    for (std::size_t j = 0; j < kJointCount; ++j) order[j] = j;
    std::partial_sort(order.begin(), order.begin() + 4, order.end(),
                      [&](std::size_t a, std::size_t b) {
                          return shares[a] != shares[b] ? shares[a] > shares[b] : a < b;
                      });
    Influences kept;
    float sum = 0;
    for (std::size_t k = 0; k < 4; ++k) sum += shares[order[k]];
    if (sum <= 0) return kept;
    for (std::size_t k = 0; k < 4; ++k) {
        kept.joints[k] = static_cast<Joint>(order[k]);
        kept.shares[k] = shares[order[k]] / sum;
    }
    return kept;
}

}  // namespace

std::filesystem::path data_folder() {
    const char* set = std::getenv("HUNTSMAN_PEOPLE_DATA");
    return set != nullptr && *set != '\0' ? set : HUNTSMAN_PEOPLE_DATA;
}

Result<BodyData> BodyData::read(const std::filesystem::path& folder) {
    BodyData data;
    data.folder_ = folder;
    HM_TRY(data.read_mesh());
    HM_TRY(data.read_weights());
    HM_TRY(data.read_masks());
    return data;
}

Status BodyData::read_mesh() {
    const auto file = folder_ / "3dobjs/base.obj";
    HM_TAKE(const std::string text, engine::core::read_file(file));
    Words lines(text);
    std::string_view line;
    std::vector<Quad>* group = &groups_["body"];
    for (int number = 1; lines.next_line(line); ++number) {
        Words words(line);
        std::string_view word;
        if (!words.next(word)) continue;
        double x = 0, y = 0, z = 0;
        if (word == "v") {
            if (!words.number(x) || !words.number(y) || !words.number(z)) {
                return bad(file, fmt::format("line {}: expected three numbers", number));
            }
            vertices_.push_back(to_frame(x, y, z));
        } else if (word == "vt") {
            if (!words.number(x) || !words.number(y)) {
                return bad(file, fmt::format("line {}: expected two numbers", number));
            }
            uvs_.emplace_back(x, y);
        } else if (word == "g" && words.next(word)) {
            group = &groups_[std::string(word)];
        } else if (word == "f") {
            Quad quad;
            for (Corner& corner : quad) {
                if (!words.next(word)) return bad(file, "expected faces of four corners");
                const std::size_t slash = std::min(word.find('/'), word.size());
                std::from_chars(word.data(), word.data() + slash, corner.vertex);
                if (slash < word.size()) {
                    std::from_chars(word.data() + slash + 1, word.data() + word.size(), corner.uv);
                }
                if (corner.vertex < 1 || corner.vertex > vertices_.size() || corner.uv < 1 ||
                    corner.uv > uvs_.size()) {
                    return bad(file, fmt::format("line {}: a corner that is not there", number));
                }
                --corner.vertex;
                --corner.uv;
            }
            group->push_back(quad);
        }
    }
    if (vertices_.empty() || vertices_.size() > kMostVertices) {
        return bad(file, fmt::format("{} vertices", vertices_.size()));
    }
    return {};
}

Status BodyData::read_weights() {
    const auto file = folder_ / "rigs/standard/weights.game_engine.json";
    HM_TAKE(const std::string text, engine::core::read_file(file));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("weights") || !json["weights"].is_object()) {
        return bad(file, "expected an object `weights`");
    }
    std::vector<std::array<float, kJointCount>> shares(vertices_.size());
    for (std::vector<float>& finger : fingers_) finger.assign(vertices_.size(), 0.0F);
    for (const auto& [bone, list] : json["weights"].items()) {
        const Joint joint = joint_of_bone(bone);
        if (joint == engine::figure::kNoJoint) return bad(file, "unknown bone " + bone);
        for (const auto& entry : list) {
            if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_unsigned() ||
                !entry[1].is_number() || entry[0].get<std::size_t>() >= shares.size()) {
                return bad(file, "expected pairs of vertex and weight at " + bone);
            }
            const auto vertex = entry[0].get<std::size_t>();
            shares[vertex][index(joint)] += entry[1].get<float>();
            const std::size_t finger = finger_of_bone(bone);
            if (finger < fingers_.size()) fingers_[finger][vertex] += entry[1].get<float>();
        }
    }
    // Eyeballs turn by themselves.
    for (const auto& [name, joint] : {std::pair{"helper-l-eye", Joint::kLeftEye},
                                      std::pair{"helper-r-eye", Joint::kRightEye}}) {
        for (const Quad& quad : group(name)) {
            for (const Corner& corner : quad) {
                shares[corner.vertex].fill(0);
                shares[corner.vertex][index(joint)] = 1;
            }
        }
    }
    for (const auto& of_vertex : shares) influences_.push_back(strongest(of_vertex));
    return {};
}

Status BodyData::read_masks() {
    const auto path = engine::core::assets_folder() / "people/masks.json";
    HM_TAKE(const std::string text, engine::core::read_file(path));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    for (const char* name : {"lips", "eyelids", "ears", "fingernails", "inside_mouth"}) {
        std::vector<float>& mask = masks_[name];
        mask.resize(vertices_.size(), 0.0F);
        if (!json.is_object() || !json.contains(name)) return bad(path, "no mask of this name");
        const auto& vertices = json[name]["vertices"];
        const auto& strength = json[name]["strength"];
        for (std::size_t i = 0; i < vertices.size() && i < strength.size(); ++i) {
            const auto vertex = vertices[i].get<std::size_t>();
            if (vertex >= mask.size()) return bad(path, "a vertex that is not there");
            mask[vertex] = 0.01F * strength[i].get<float>();
        }
    }
    return {};
}

const std::vector<Quad>& BodyData::group(const std::string& name) const {
    static const std::vector<Quad> kEmpty;
    const auto at = groups_.find(name);
    return at == groups_.end() ? kEmpty : at->second;
}

const std::vector<float>& BodyData::mask(const std::string& name) const {
    const auto at = masks_.find(name);
    HM_CHECK(at != masks_.end(), "there is no mask {}", name);
    return at->second;
}

Result<const Target*> BodyData::target(const std::string& name) {
    if (const auto at = targets_.find(name); at != targets_.end()) return &at->second;
    const auto file = folder_ / "targets" / (name + ".target");
    HM_TAKE(const std::string text, engine::core::read_file(file));
    Target target;
    Words lines(text);
    std::string_view line;
    for (int number = 1; lines.next_line(line); ++number) {
        if (line.empty() || line.front() == '#') continue;
        Words words(line);
        double vertex = 0, x = 0, y = 0, z = 0;
        if (!words.number(vertex)) continue;
        if (!words.number(x) || !words.number(y) || !words.number(z) || vertex < 0 ||
            vertex >= static_cast<double>(vertices_.size())) {
            return bad(file, fmt::format("line {}: expected a vertex and three numbers", number));
        }
        target.vertices.push_back(static_cast<std::uint32_t>(vertex));
        target.shifts.push_back(to_frame(x, y, z));
    }
    return &targets_.emplace(name, std::move(target)).first->second;
}

}  // namespace huntsman::scenarios::people
