// The base mesh of people's bodies with its targets, skin weights and masks, as they are in the
// data that cmake/fetch_people.py fetches (MakeHuman's, CC0; see docs/credits.md).
//
// Places are in the frame of engine/figure: x forward, y left, z up, in metres, as the base mesh
// stands, with its feet at z = 0.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/figure/skeleton.h"
#include "engine/math/vec.h"

namespace huntsman::scenarios::people {

// Where the data lies: HUNTSMAN_PEOPLE_DATA of the environment, else where the set-up puts it.
std::filesystem::path data_folder();

struct Corner {
    std::uint32_t vertex = 0;
    std::uint32_t uv = 0;
};
using Quad = std::array<Corner, 4>;

// How far the vertices move where a target is applied in full.
struct Target {
    std::vector<std::uint32_t> vertices;
    std::vector<engine::math::Vec3> shifts;
};

// Up to four joints that carry a vertex; shares sum to 1, the largest first.
struct Influences {
    std::array<engine::figure::Joint, 4> joints{};
    std::array<float, 4> shares{1, 0, 0, 0};
};

class BodyData {
  public:
    // Reads mesh and weights; targets are read when they are asked for. Fails when a file is
    // missing or malformed.
    static engine::core::Result<BodyData> read(const std::filesystem::path& folder);

    const std::vector<engine::math::Vec3>& vertices() const { return vertices_; }
    const std::vector<engine::math::Vec2>& uvs() const { return uvs_; }
    // Faces of a group: "body", "helper-tights", "helper-skirt", "joint-head", ...; empty when
    // there is none.
    const std::vector<Quad>& group(const std::string& name) const;
    const std::vector<Influences>& influences() const { return influences_; }
    // Share of a finger's own bones at each vertex: index, middle, ring, little finger.
    const std::vector<float>& finger(engine::figure::Side side, std::size_t finger) const {
        return fingers_[(side == engine::figure::Side::kLeft ? 0U : 4U) + finger];
    }
    // Strength of a mask at each vertex, 0 to 1: "lips", "eyelids", "ears", "fingernails",
    // "inside_mouth".
    const std::vector<float>& mask(const std::string& name) const;

    // A target by its path below `targets`, without ending: "nose/nose-hump-incr".
    engine::core::Result<const Target*> target(const std::string& name);

  private:
    engine::core::Status read_mesh();
    engine::core::Status read_weights();
    engine::core::Status read_masks();

    std::filesystem::path folder_;
    std::vector<engine::math::Vec3> vertices_;
    std::vector<engine::math::Vec2> uvs_;
    std::map<std::string, std::vector<Quad>> groups_;
    std::vector<Influences> influences_;
    std::array<std::vector<float>, 8> fingers_;
    std::map<std::string, std::vector<float>> masks_;
    std::map<std::string, Target> targets_;
};

}  // namespace huntsman::scenarios::people
