// A model as its file has it: meshes, materials, nodes and skin, in the file's own frame and units.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/findings.h"

namespace huntsman::engine::import {

inline constexpr std::uint32_t kNoIndex = 0xffffffff;

using Point = std::array<float, 3>;
using Matrix = std::array<float, 16>;  // row major, points are columns

struct Material {
    std::string name;
    std::array<float, 3> colour{0.8F, 0.8F, 0.8F};  // linear
    std::array<float, 3> emissive{};                // linear
    float opacity = 1, roughness = 0.5F, metallic = 0;
    // Of the colour: a file of the model's folder, "*N" for image N of the file itself, or empty.
    std::string texture;
    bool cut_out = true;  // where the texture is transparent there is a hole
};

// At most four joints move a vertex.
struct SkinVertex {
    std::array<std::uint16_t, 4> joints{};
    std::array<float, 4> weights{};  // sum to 1, or all 0
};

struct Mesh {
    std::string name;  // of the object or group
    std::uint32_t material = 0;
    std::vector<Point> positions;
    std::vector<Point> normals;             // empty, or one for each position
    std::vector<std::array<float, 2>> uvs;  // likewise; v runs downwards in the picture
    std::vector<SkinVertex> skin;           // likewise
    std::vector<std::uint32_t> indices;     // triangles
};

struct Node {
    std::string name;
    std::uint32_t parent = kNoIndex;  // stands before its children
    Matrix X_PN{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
    std::vector<std::uint32_t> meshes;
};

// Of the skeleton. A vertex of a skinned mesh is moved by the sum over its joints of
// weight · X_WN(node) · X_JM.
struct Joint {
    std::string name;
    std::uint32_t node = kNoIndex;
    Matrix X_JM{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};  // from the mesh's frame at rest
};

struct Model {
    std::vector<Material> materials;
    std::vector<Mesh> meshes;
    std::vector<Node> nodes;
    std::vector<Joint> joints;
    std::vector<std::string> images;  // files of the pictures that lie in the model's file
    double unit_m = 0;                // as the file says it; 0: it does not
    std::vector<core::Finding> findings;
};

}  // namespace huntsman::engine::import
