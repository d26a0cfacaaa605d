// A person of boxes as a .glb: a box a bone, carried by it alone, and a texture.
#pragma once

#include <array>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sensors/encode/image_file.h"

namespace huntsman::scenarios::models {

struct DollBone {
    std::string name, parent;
    std::array<float, 3> at;   // y up, z ahead, in metres
    std::array<float, 3> end;  // of its box
};

// The bones of a doll of 1.8 m whose arms are held straight out. `names`: what a program calls
// them.
struct DollNames {
    const char *hips = "mixamorig:Hips", *spine = "mixamorig:Spine", *chest = "mixamorig:Spine1",
               *neck = "mixamorig:Neck", *head = "mixamorig:Head";
    // "%" stands for the side.
    const char *shoulder = "mixamorig:%Shoulder", *arm = "mixamorig:%Arm",
               *forearm = "mixamorig:%ForeArm", *hand = "mixamorig:%Hand",
               *finger = "mixamorig:%HandIndex1", *thigh = "mixamorig:%UpLeg",
               *calf = "mixamorig:%Leg", *foot = "mixamorig:%Foot", *toes = "mixamorig:%ToeBase";
    const char *left = "Left", *right = "Right";
    const char* root = "";  // a node on the ground above the hips
};

inline std::vector<DollBone> doll_bones(const DollNames& n) {
    const std::string root_name = n.root;
    std::vector<DollBone> bones;
    if (!root_name.empty()) bones.push_back({root_name, "", {0, 0, 0}, {0, 0, 0}});
    const std::vector<DollBone> trunk = {{n.hips, root_name, {0, 0.95F, 0}, {0, 1.02F, 0}},
                                         {n.spine, n.hips, {0, 1.02F, 0}, {0, 1.2F, 0}},
                                         {n.chest, n.spine, {0, 1.2F, 0}, {0, 1.45F, 0}},
                                         {n.neck, n.chest, {0, 1.5F, 0}, {0, 1.57F, 0}},
                                         {n.head, n.neck, {0, 1.58F, 0}, {0, 1.8F, 0}}};
    bones.insert(bones.end(), trunk.begin(), trunk.end());
    for (const float s : {1.0F, -1.0F}) {
        const auto of = [&](const char* pattern) {
            std::string text = pattern;
            if (text.empty()) return text;
            return text.replace(text.find('%'), 1, s > 0 ? n.left : n.right);
        };
        const std::string root = *n.shoulder != '\0' ? of(n.shoulder) : n.chest;
        if (*n.shoulder != '\0') {
            bones.push_back({root, n.chest, {s * 0.04F, 1.46F, 0}, {s * 0.18F, 1.46F, 0}});
        }
        bones.push_back({of(n.arm), root, {s * 0.19F, 1.46F, 0}, {s * 0.46F, 1.46F, 0}});
        bones.push_back({of(n.forearm), of(n.arm), {s * 0.47F, 1.46F, 0}, {s * 0.72F, 1.46F, 0}});
        bones.push_back({of(n.hand), of(n.forearm), {s * 0.73F, 1.46F, 0}, {s * 0.83F, 1.46F, 0}});
        if (*n.finger != '\0') {
            bones.push_back(
                {of(n.finger), of(n.hand), {s * 0.83F, 1.46F, 0}, {s * 0.92F, 1.46F, 0}});
        }
        bones.push_back({of(n.thigh), n.hips, {s * 0.1F, 0.92F, 0}, {s * 0.1F, 0.5F, 0}});
        bones.push_back({of(n.calf), of(n.thigh), {s * 0.1F, 0.49F, 0}, {s * 0.1F, 0.1F, 0}});
        bones.push_back({of(n.foot), of(n.calf), {s * 0.1F, 0.08F, 0}, {s * 0.1F, 0.03F, 0.13F}});
        if (*n.toes != '\0') {
            bones.push_back(
                {of(n.toes), of(n.foot), {s * 0.1F, 0.03F, 0.14F}, {s * 0.1F, 0.03F, 0.2F}});
        }
    }
    return bones;
}

// `unit`: metres are multiplied by it. `hole`: part of the texture is transparent.
inline std::string doll_glb(const DollNames& names = {}, float unit = 1, bool hole = false) {
    using nlohmann::json;
    const std::vector<DollBone> bones = doll_bones(names);
    std::vector<float> positions, uvs, weights, inverse;
    std::vector<std::uint16_t> joints, indices;
    std::map<std::string, std::size_t> number;
    json nodes = json::array();
    for (std::size_t b = 0; b < bones.size(); ++b) {
        const DollBone& bone = bones[b];
        number[bone.name] = b;
        json node = {{"name", bone.name}};
        for (std::size_t k = 0; k < 3; ++k) {
            const float base = bone.parent.empty() ? 0 : bones[number.at(bone.parent)].at[k];
            node["translation"].push_back(unit * (bone.at[k] - base));
        }
        nodes.push_back(node);
        if (!bone.parent.empty()) nodes[number.at(bone.parent)]["children"].push_back(b);
        for (int row = 0; row < 4; ++row) {
            for (int column = 0; column < 4; ++column) {
                const bool shift = row == 3 && column < 3;
                inverse.push_back(shift ? -unit * bone.at[static_cast<std::size_t>(column)]
                                  : row == column ? 1.0F
                                                  : 0.0F);
            }
        }
        if (bone.at == bone.end) continue;
        const auto first = static_cast<std::uint16_t>(positions.size() / 3);
        for (unsigned c = 0; c < 8; ++c) {
            for (unsigned k = 0; k < 3; ++k) {
                const bool ends = std::abs(bone.end[k] - bone.at[k]) > 0.04F;
                const float half = 0.03F, sign = (c >> k & 1U) != 0 ? 1.0F : -1.0F;
                const float low = std::min(bone.at[k], bone.end[k]);
                const float high = std::max(bone.at[k], bone.end[k]);
                positions.push_back(
                    unit * (ends ? (sign < 0 ? low : high) : 0.5F * (low + high) + sign * half));
            }
            uvs.insert(uvs.end(), {(c & 1U) != 0 ? 0.9F : 0.1F, (c & 2U) != 0 ? 0.9F : 0.1F});
            joints.insert(joints.end(), {static_cast<std::uint16_t>(b), 0, 0, 0});
            weights.insert(weights.end(), {1, 0, 0, 0});
        }
        for (const int i : {0, 2, 3, 0, 3, 1, 4, 5, 7, 4, 7, 6, 0, 1, 5, 0, 5, 4,
                            2, 6, 7, 2, 7, 3, 0, 4, 6, 0, 6, 2, 1, 3, 7, 1, 7, 5}) {
            indices.push_back(static_cast<std::uint16_t>(first + i));
        }
    }
    engine::core::Image image{.width = 6, .height = 4, .channels = 4};
    for (int i = 0; i < 24; ++i) {
        image.pixels.insert(image.pixels.end(),
                            {200, 30, 30, static_cast<std::uint8_t>(hole && i < 12 ? 0 : 255)});
    }
    const std::string png = *sensors::encode::encode_png(image);
    std::string data;
    json views = json::array(), accessors = json::array();
    const auto view = [&](const void* from, std::size_t bytes) {
        while (data.size() % 4 != 0) data += '\0';
        views.push_back({{"buffer", 0}, {"byteOffset", data.size()}, {"byteLength", bytes}});
        data.append(static_cast<const char*>(from), bytes);
        return views.size() - 1;
    };
    const auto accessor = [&](const auto& list, int type, const char* shape, std::size_t each) {
        accessors.push_back({{"bufferView", view(list.data(), list.size() * sizeof(list[0]))},
                             {"componentType", type},
                             {"count", list.size() / each},
                             {"type", shape}});
    };
    constexpr int kFloat = 5126, kShort = 5123;
    accessor(positions, kFloat, "VEC3", 3);
    accessors.back()["min"] = {-10 * unit, -10 * unit, -10 * unit};
    accessors.back()["max"] = {10 * unit, 10 * unit, 10 * unit};
    accessor(uvs, kFloat, "VEC2", 2);
    accessor(joints, kShort, "VEC4", 4);
    accessor(weights, kFloat, "VEC4", 4);
    accessor(indices, kShort, "SCALAR", 1);
    accessor(inverse, kFloat, "MAT4", 16);
    const std::size_t picture = view(png.data(), png.size());
    json list = json::array();
    for (std::size_t b = 0; b < bones.size(); ++b) list.push_back(b);
    nodes.push_back({{"name", "doll"}, {"mesh", 0}, {"skin", 0}});
    const json document = {
        {"asset", {{"version", "2.0"}}},
        {"scene", 0},
        {"scenes", {{{"nodes", {0, bones.size()}}}}},
        {"nodes", nodes},
        {"meshes",
         {{{"name", "doll"},
           {"primitives",
            {{{"attributes",
               {{"POSITION", 0}, {"TEXCOORD_0", 1}, {"JOINTS_0", 2}, {"WEIGHTS_0", 3}}},
              {"indices", 4},
              {"material", 0}}}}}}},
        {"skins", {{{"joints", list}, {"inverseBindMatrices", 5}}}},
        {"materials",
         {{{"name", "suit"},
           {"alphaMode", "MASK"},
           {"pbrMetallicRoughness",
            {{"baseColorTexture", {{"index", 0}}},
             {"baseColorFactor", {0.5, 1.0, 1.0, 1.0}},
             {"metallicFactor", 0},
             {"roughnessFactor", 0.7}}}}}},
        {"textures", {{{"source", 0}}}},
        {"images", {{{"bufferView", picture}, {"mimeType", "image/png"}}}},
        {"bufferViews", views},
        {"accessors", accessors},
        {"buffers", {{{"byteLength", data.size()}}}}};
    std::string text = document.dump(), bytes = "glTF";
    while (text.size() % 4 != 0) text += ' ';
    while (data.size() % 4 != 0) data += '\0';
    const auto put = [&bytes](std::size_t value) {
        const auto word = static_cast<std::uint32_t>(value);
        bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
    };
    put(2);
    put(12 + 8 + text.size() + 8 + data.size());
    put(text.size());
    bytes += "JSON" + text;
    put(data.size());
    bytes += std::string("BIN\0", 4) + data;
    return bytes;
}

}  // namespace huntsman::scenarios::models
