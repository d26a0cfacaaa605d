#include "scenarios/models/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/models/levels.h"

namespace huntsman::scenarios::models {

std::string parts_report(const OpenedModel& opened, std::size_t most_pieces) {
    const Surface& s = opened.surface;
    Vec3 low(1e9, 1e9, 1e9), high = -low;
    for (const Vec3& p : s.points) low = glm::min(low, p), high = glm::max(high, p);
    std::string text = fmt::format(
        "  {:.3f} x {:.3f} x {:.3f} m, {} triangles in {} pieces\n  materials\n", high.x - low.x,
        high.y - low.y, high.z - low.z, s.faces.size(), s.pieces.size());
    for (std::size_t m = 0; m < s.materials.size(); ++m) {
        double area = 0;
        std::size_t faces = 0;
        for (const Piece& piece : s.pieces) {
            if (piece.material != m) continue;
            area += piece.area_m2;
            faces += piece.faces.size();
        }
        const auto& own = opened.model.materials[m];
        text +=
            fmt::format("    {:28} {:6} triangles, {:7.3f} m², colour {:.2f} {:.2f} {:.2f}{}{}\n",
                        own.name, faces, area, own.colour[0], own.colour[1], own.colour[2],
                        own.opacity < 1 ? fmt::format(", opacity {:.2f}", own.opacity) : "",
                        own.texture.empty() ? "" : ", texture " + own.texture);
    }
    text += "  pieces: object, material, triangles, box from, to\n";
    for (std::size_t i = 0; i < std::min(most_pieces, s.pieces.size()); ++i) {
        const Piece& piece = s.pieces[i];
        text += fmt::format(
            "    {:28} {:20} {:6}  {:6.2f} {:6.2f} {:6.2f}  {:6.2f} {:6.2f} {:6.2f}\n",
            s.objects[piece.object], s.materials[piece.material], piece.faces.size(), piece.low.x,
            piece.low.y, piece.low.z, piece.high.x, piece.high.y, piece.high.z);
    }
    return text;
}

std::string build_report(const BuiltModel& built) {
    const auto levels = [](const engine::world::Mesh& mesh) {
        std::string text;
        for (const auto& lod : mesh.lods) {
            text += fmt::format("{}{} ({:.0f} mm)", text.empty() ? "" : ", ", triangles(lod),
                                1e3 * lod.error_m);
        }
        return text.empty() ? std::string("none") : text;
    };
    std::string text = fmt::format(
        "  {}: {:.3f} x {:.3f} x {:.3f} m, {:.3f} m before the origin\n  triangles (error): body "
        "{}; interior {}\n",
        name(built.semantic), built.extent.length_m(), built.extent.width_m, built.extent.height_m,
        built.extent.front_m, levels(built.body), levels(built.interior));
    for (std::size_t w = 0; w < built.wheels.size(); ++w) {
        const BuiltWheel& wheel = built.wheels[w];
        text += fmt::format(
            "  wheel {}: axle {}, x {:.3f}, y {:.3f}, radius {:.4f}, width {:.3f}; {}\n", w,
            wheel.axle, wheel.p_B.x, wheel.p_B.y, wheel.radius_m, wheel.width_m,
            levels(built.wheel_meshes[wheel.mesh]));
    }
    return text;
}

}  // namespace huntsman::scenarios::models
