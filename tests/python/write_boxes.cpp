// write_boxes FORMAT FOLDER: a dataset of two scenes of boxes for readers in other languages.
// Beside it, in FOLDER-truth, stands what the samples truly hold, as plain arrays.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "sensors/dataset/dataset.h"
#include "tests/support/box_scene.h"

using namespace huntsman;

namespace {

int failed(const engine::core::Error& error) {
    std::fprintf(stderr, "write_boxes: %s\n", error.text().c_str());
    return 2;
}

template <typename T>
void dump(const std::filesystem::path& path, const std::vector<T>& values) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(T)));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: write_boxes FORMAT FOLDER\n");
        return 2;
    }
    constexpr std::uint64_t kFrames = 21;
    const std::filesystem::path folder = argv[2], truth = std::string(argv[2]) + "-truth";
    std::filesystem::remove_all(folder);
    std::filesystem::remove_all(truth);
    std::filesystem::create_directories(truth);
    const engine::world::World world = tests::support::make_box_world(160, 100);
    auto format = sensors::dataset::make_format(argv[1], {.lossless_images = true});
    if (!format) return failed(format.error());
    const sensors::dataset::DatasetInfo info{"boxes", {}, world.rig};
    if (const auto status = prepare(folder, **format, info); !status) return failed(status.error());
    const std::vector<std::string> names = {"boxes-1", "boxes-2"};
    std::vector<std::unique_ptr<sensors::dataset::SceneWriter>> writers;
    for (const std::string& name : names) {
        auto writer = (*format)->open_scene({name, 1, "boxes", world, "boxes on a road", {}},
                                            folder / "scenes" / ("." + name));
        if (!writer) return failed(writer.error());
        writers.push_back(std::move(*writer));
    }
    for (std::uint64_t frame = 0; frame < kFrames; ++frame) {
        sensors::labels::Sample sample =
            tests::support::make_box_sample(world, "", frame, frame % 5 == 0);
        for (std::size_t i = 0; i < names.size(); ++i) {
            sample.scene = names[i];
            if (const auto status = writers[i]->add(sample); !status) return failed(status.error());
        }
        if (frame != 0) continue;
        // Of the first sample's first camera.
        const sensors::labels::CameraSample& front = sample.cameras[0];
        dump(truth / "image.u1", front.image.pixels);
        dump(truth / "ids.u4", front.ids);
        dump(truth / "depth.f4", front.depth_m);
        dump(truth / "normals.f4", front.normals_C);
        dump(truth / "flow.f4", front.flow_next);
        std::vector<std::uint32_t> hits;
        for (const auto& point : sample.lidar.points) hits.push_back(point.id);
        dump(truth / "lidar_ids.u4", hits);
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (const auto status = writers[i]->finish(); !status) return failed(status.error());
        std::filesystem::rename(folder / "scenes" / ("." + names[i]), folder / "scenes" / names[i]);
    }
    const auto status = (*format)->assemble(folder, info, names);
    return status ? 0 : failed(status.error());
}
