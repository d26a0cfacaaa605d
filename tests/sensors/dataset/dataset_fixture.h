// Datasets of box scenes in temporary folders.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "sensors/dataset/dataset.h"
#include "tests/support/box_scene.h"

namespace huntsman::sensors::dataset {

class DatasetTest : public ::testing::Test {
  protected:
    void SetUp() override {
        const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
        root_ = std::filesystem::temp_directory_path() /
                fmt::format("huntsman-{}-{}-{}", info->test_suite_name(), info->name(), getpid());
        std::filesystem::remove_all(root_);
        world_ = tests::support::make_box_world();
    }
    void TearDown() override { std::filesystem::remove_all(root_); }

    DatasetInfo info() const { return {"boxes", {{"seconds", 1.0}}, world_.rig}; }
    labels::Sample sample(const std::string& scene, std::uint64_t frame) const {
        // The same for all scenes and tests: casting takes a tenth of a second.
        static std::map<std::uint64_t, labels::Sample> made;
        const auto [at, fresh] = made.try_emplace(frame);
        if (fresh) {
            at->second = tests::support::make_box_sample(world_, "", frame, frame % 5 == 0);
        }
        labels::Sample own = at->second;
        own.scene = scene;
        return own;
    }
    // Writes one scene as an exporter does.
    void write_scene(const Format& format, const std::filesystem::path& dataset,
                     const std::string& name, std::uint64_t frames,
                     engine::core::JobPool* pool = nullptr) const {
        const SceneInfo scene{name, 3, "boxes", world_, "boxes on a road", {{"weather", "clear"}}};
        const auto temporary = dataset / "scenes" / (".writing-" + name);
        auto writer = format.open_scene(scene, temporary, pool);
        ASSERT_TRUE(writer.ok()) << writer.error().text();
        for (std::uint64_t frame = 0; frame < frames; ++frame) {
            const auto added = (*writer)->add(sample(name, frame));
            ASSERT_TRUE(added.ok()) << added.error().text();
        }
        const auto finished = (*writer)->finish();
        ASSERT_TRUE(finished.ok()) << finished.error().text();
        std::filesystem::rename(temporary, dataset / "scenes" / name);
    }
    // A whole dataset with these scenes, written in this order.
    void write_dataset(const std::string& format_name, const std::filesystem::path& dataset,
                       const std::vector<std::string>& names, const Options& options = {},
                       engine::core::JobPool* pool = nullptr, std::uint64_t frames = 11) const {
        auto format = make_format(format_name, options);
        ASSERT_TRUE(format.ok()) << format.error().text();
        const auto prepared = prepare(dataset, **format, info());
        ASSERT_TRUE(prepared.ok()) << prepared.error().text();
        for (const std::string& name : names) write_scene(**format, dataset, name, frames, pool);
        const auto made = (*format)->assemble(dataset, info(), names);
        ASSERT_TRUE(made.ok()) << made.error().text();
    }

    std::filesystem::path root_;
    engine::world::World world_;
};

}  // namespace huntsman::sensors::dataset
