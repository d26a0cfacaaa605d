#include "engine/world/skin.h"

#include <algorithm>

namespace huntsman::engine::world {

SkinRows skinning_of(const Figure& own, const JointFrames& frames_B) {
    const auto add = [&](const figure::Skeleton& skeleton, std::size_t first, SkinRows& rows) {
        figure::Frames frames;
        std::copy_n(frames_B.begin() + first, figure::kJointCount, frames.begin());
        const figure::SkinningRows of_one = figure::skinning_rows(skeleton, frames);
        std::copy(of_one.begin(), of_one.end(), rows.begin() + first);
    };
    SkinRows rows{};
    add(*own.skeleton, 0, rows);
    if (own.companion) add(*own.companion->skeleton, figure::kJointCount, rows);
    return rows;
}

SkinRows skinning_of(const Archetype& archetype, const ActorState& actor) {
    return skinning_of(*archetype.figure, figure_frames(archetype, actor));
}

std::array<float, 12> blended_rows(const SkinRows& rows, const Binding& binding) {
    std::array<float, 12> sum{};
    for (std::size_t k = 0; k < 4; ++k) {
        if (binding.weights[k] == 0) continue;
        const float share = static_cast<float>(binding.weights[k]) * (1.0F / 255.0F);
        const std::array<float, 12>& of_joint = rows[binding.joints[k]];
        for (std::size_t i = 0; i < 12; ++i) sum[i] += share * of_joint[i];
    }
    return sum;
}

math::Vec3 skinned_point(const SkinRows& rows, const Vertex& vertex, const Binding& binding) {
    const std::array<float, 12> m = blended_rows(rows, binding);
    math::Vec3 to(0);
    for (int i = 0; i < 3; ++i) {
        const float* row = m.data() + 4 * i;
        to[i] = row[0] * vertex.p[0] + row[1] * vertex.p[1] + row[2] * vertex.p[2] + row[3];
    }
    return to;
}

}  // namespace huntsman::engine::world
