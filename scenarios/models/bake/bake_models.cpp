// Makes a model from its description at build time, or joins models into one store:
//     bake_models DESCRIPTION OUT [--obj FOLDER]     content of one model
//     bake_models --parts DESCRIPTION                lists what the model's file is made of
//     bake_models --join OUT NAME DESCRIPTION CONTENT ...
// With --obj the levels of each mesh are written for other programs too, with the materials' names
// and colours of corners.
#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/files.h"
#include "scenarios/models/build.h"
#include "scenarios/models/levels.h"
#include "scenarios/models/report.h"
#include "scenarios/models/store.h"

namespace {

using namespace huntsman;
using namespace huntsman::scenarios::models;

int fail(const engine::core::Error& error) {
    std::fprintf(stderr, "bake_models: %s\n", error.text().c_str());
    return engine::core::exit_code(error.kind);
}

// Vertices with colours, one group for each submesh, named by material and lamp.
void add_obj(const engine::world::MeshLod& lod, const engine::math::Vec3& at, std::string& text,
             std::size_t& base) {
    for (const auto& v : lod.vertices) {
        text += fmt::format("v {:.5f} {:.5f} {:.5f} {:.4f} {:.4f} {:.4f}\n", v.p[0] + at.x,
                            v.p[1] + at.y, v.p[2] + at.z, v.colour[0], v.colour[1], v.colour[2]);
    }
    for (const auto& v : lod.vertices) {
        text += fmt::format("vn {:.4f} {:.4f} {:.4f}\n", v.n[0], v.n[1], v.n[2]);
    }
    for (const auto& s : lod.submeshes) {
        text += fmt::format("g material_{}_{}\n", static_cast<int>(s.material),
                            static_cast<int>(s.lamp));
        for (std::uint32_t i = s.first_index; i + 2 < s.first_index + s.index_count; i += 3) {
            text += fmt::format("f {0}//{0} {1}//{1} {2}//{2}\n", base + lod.indices[i],
                                base + lod.indices[i + 1], base + lod.indices[i + 2]);
        }
    }
    base += lod.vertices.size();
}

engine::core::Status write_objs(const BuiltModel& model, const std::filesystem::path& folder) {
    for (std::size_t level = 0; level < 4; ++level) {
        std::string text;
        std::size_t base = 1;
        const auto level_of = [&](const engine::world::Mesh& mesh) -> const auto& {
            return mesh.lods[std::min(level, mesh.lods.size() - 1)];
        };
        add_obj(level_of(model.body), {0, 0, 0}, text, base);
        for (const BuiltWheel& wheel : model.wheels) {
            add_obj(level_of(model.wheel_meshes[wheel.mesh]), {wheel.p_B, wheel.radius_m}, text,
                    base);
        }
        HM_TRY(
            engine::core::write_file(folder / fmt::format("{}_{}.obj", model.name, level), text));
    }
    if (model.interior.lods.empty()) return {};
    std::string text;
    std::size_t base = 1;
    add_obj(model.interior.lods.front(), {0, 0, 0}, text, base);
    return engine::core::write_file(folder / (model.name + "_interior.obj"), text);
}

void print(engine::core::Findings& findings) {
    for (const auto& f : findings.take()) {
        std::printf("  %s: %s\n", name(f.severity), f.message.c_str());
    }
}

int parts(const std::filesystem::path& description) {
    const auto read = load_description(description);
    if (!read) return fail(read.error());
    engine::core::Findings findings;
    const auto opened = open_model(*read, findings);
    if (!opened) return fail(opened.error());
    std::printf("%s\n%s", read->name.c_str(), parts_report(*opened).c_str());
    print(findings);
    return 0;
}

int bake(const std::filesystem::path& description, const std::filesystem::path& out,
         const std::filesystem::path& objs) {
    const auto read = load_description(description);
    if (!read) return fail(read.error());
    if (is_person(*read)) {  // made when the program asks for it
        const auto saved = engine::core::write_file(out, "");
        return saved ? 0 : fail(saved.error());
    }
    engine::core::JobPool pool(0);
    engine::core::Findings findings;
    const auto built = build_model(*read, pool, findings);
    if (!built) return fail(built.error());
    if (const auto saved = engine::core::write_file(out, pack(*built)); !saved) {
        return fail(saved.error());
    }
    if (objs.empty()) return 0;
    std::filesystem::create_directories(objs);
    if (const auto saved = write_objs(*built, objs); !saved) return fail(saved.error());
    std::printf("%s\n%s", read->name.c_str(), build_report(*built).c_str());
    print(findings);
    return 0;
}

int join(const std::filesystem::path& out, const std::vector<std::string>& arguments) {
    std::vector<StoredModel> models;
    for (std::size_t i = 0; i + 2 < arguments.size(); i += 3) {
        const auto description = engine::core::read_file(arguments[i + 1]);
        if (!description) return fail(description.error());
        auto content = engine::core::read_file(arguments[i + 2]);
        if (!content) return fail(content.error());
        if (content->empty()) continue;
        models.push_back({arguments[i], hash_of_description(*description), std::move(*content)});
    }
    const auto saved = engine::core::write_file(out, write_store(models));
    return saved ? 0 : fail(saved.error());
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> all(arguments + 1, arguments + count);
    if (all.size() >= 2 && all[0] == "--join") return join(all[1], {all.begin() + 2, all.end()});
    if (all.size() == 2 && all[0] == "--parts") return parts(all[1]);
    if (all.size() == 2) return bake(all[0], all[1], {});
    if (all.size() == 4 && all[2] == "--obj") return bake(all[0], all[1], all[3]);
    std::fprintf(stderr,
                 "bake_models: expected DESCRIPTION OUT [--obj FOLDER], --parts DESCRIPTION, or "
                 "--join OUT and NAME "
                 "DESCRIPTION CONTENT for each model\n");
    return 2;
}
