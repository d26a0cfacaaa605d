#include "engine/world/skin.h"

#include "engine/world/pose.h"

namespace huntsman::engine::world {

figure::SkinningRows skinning_of(const Figure& own, const figure::Frames& frames_B) {
    return figure::skinning_rows(*own.skeleton, frames_B);
}

figure::SkinningRows skinning_of(const Archetype& archetype, const ActorState& actor) {
    return skinning_of(*archetype.figure, figure_frames(archetype, actor));
}

std::array<float, 12> blended_rows(const figure::SkinningRows& rows, const Binding& binding) {
    std::array<float, 12> sum{};
    for (std::size_t k = 0; k < 4; ++k) {
        if (binding.weights[k] == 0) continue;
        const float share = static_cast<float>(binding.weights[k]) * (1.0F / 255.0F);
        const std::array<float, 12>& of_joint = rows[binding.joints[k]];
        for (std::size_t i = 0; i < 12; ++i) sum[i] += share * of_joint[i];
    }
    return sum;
}

math::Vec3 skinned_point(const figure::SkinningRows& rows, const Vertex& vertex,
                         const Binding& binding) {
    const std::array<float, 12> m = blended_rows(rows, binding);
    math::Vec3 to(0);
    for (int i = 0; i < 3; ++i) {
        const float* row = m.data() + 4 * i;
        to[i] = row[0] * vertex.p[0] + row[1] * vertex.p[1] + row[2] * vertex.p[2] + row[3];
    }
    return to;
}

}  // namespace huntsman::engine::world
