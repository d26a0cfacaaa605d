// Disks without room at any point of a dataset: what was there stays as it was.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <set>

#include "engine/core/files.h"
#include "sensors/dataset/read.h"
#include "sensors/dataset/tar.h"
#include "sensors/encode/video.h"
#include "tests/sensors/dataset/dataset_fixture.h"

namespace huntsman::sensors::dataset {
namespace {

namespace fs = std::filesystem;
using engine::core::Status;

class FullDisk : public DatasetTest, public ::testing::WithParamInterface<const char*> {
  protected:
    std::map<std::string, std::string> files() const {
        std::map<std::string, std::string> all;
        for (const auto& entry : fs::recursive_directory_iterator(root_)) {
            if (!entry.is_regular_file()) continue;
            all[fs::relative(entry.path(), root_).string()] =
                *engine::core::read_file(entry.path());
        }
        return all;
    }
    // Whether `write` succeeds in a process whose files may not grow beyond a size. Its error must
    // name a file and say why.
    static bool fits(rlim_t largest_bytes, const std::function<Status()>& write) {
        constexpr int kFailed = 7, kUnclear = 8;
        const pid_t child = fork();
        if (child == 0) {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{largest_bytes, largest_bytes};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const Status status = write();
            if (status.ok()) _exit(0);
            const std::string text = status.error().text();
            const bool clear =
                !status.error().file.empty() && text.find("File too large") != std::string::npos;
            _exit(clear ? kFailed : kUnclear);
        }
        int status = 0;
        EXPECT_EQ(waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFEXITED(status)) << "killed by signal " << WTERMSIG(status);
        EXPECT_NE(WEXITSTATUS(status), kUnclear) << "at " << largest_bytes << " bytes";
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    // Sizes around those of all files, at which something else fails each time.
    std::set<std::uintmax_t> limits() const {
        std::set<std::uintmax_t> sizes = {0, 1};
        for (const auto& entry : fs::recursive_directory_iterator(root_)) {
            if (entry.is_regular_file()) {
                const auto size = entry.file_size();
                sizes.insert({size, size == 0 ? 0 : size - 1, size / 2});
            }
        }
        return sizes;
    }
    Status written(const Format& format, const std::string& name) const {
        const SceneInfo scene{name, 3, "boxes", world_, "boxes on a road", {}};
        auto writer = format.open_scene(scene, root_ / "scenes" / name);
        if (!writer) return writer.error();
        for (std::uint64_t frame = 0; frame < 2; ++frame) {
            HM_TRY((*writer)->add(sample(name, frame)));
        }
        return (*writer)->finish();
    }
};

TEST_P(FullDisk, ASceneThatDoesNotFitIsNotThere) {
    const auto format = make_format(GetParam(), {});
    ASSERT_TRUE(written(**format, "one").ok());
    const auto whole = files();
    const auto sizes = limits();
    bool any = false;
    for (const auto size : sizes) {
        fs::remove_all(root_);
        const bool good = fits(size, [&] { return written(**format, "one"); });
        EXPECT_EQ(good, fs::exists(root_ / "scenes" / "one" / "scene.json")) << size;
        EXPECT_EQ(good, size >= *sizes.rbegin()) << size;
        EXPECT_EQ(good, files() == whole);
        any = any || good;
    }
    EXPECT_TRUE(any);
}

TEST_P(FullDisk, WhatSpansScenesIsReplacedAsAWholeOrNotAtAll) {
    write_dataset(GetParam(), root_ / "both", {"one", "two"}, {}, nullptr, 2);
    const auto sizes = limits();
    const auto format = make_format(GetParam(), {});
    // One scene, then a second one that is not counted yet.
    write_dataset(GetParam(), root_ / "dataset", {"one"}, {}, nullptr, 2);
    write_scene(**format, root_ / "dataset", "two", 2);
    const auto before = files();
    bool replaced = false;
    for (const auto size : sizes) {
        const bool good = fits(size, [&] {
            return (*format)->assemble(root_ / "dataset", info(),
                                       std::vector<std::string>{"one", "two"});
        });
        if (good) {
            replaced = true;
            // Manifests say the folder's name, which `info` gives, and so are equal.
            const auto all = files();
            for (const auto& [name, content] : all) {
                if (!name.starts_with("both/")) continue;
                EXPECT_TRUE(all.at("dataset/" + name.substr(5)) == content) << name;
            }
            break;
        }
        ASSERT_TRUE(files() == before) << size;
    }
    EXPECT_TRUE(replaced);
    const auto dataset = Dataset::open(root_ / "dataset");
    ASSERT_TRUE(dataset.ok());
    EXPECT_TRUE(dataset->check_files().empty());
}

TEST_P(FullDisk, AFolderInWhichNothingCouldBeBegunCanBeBegunLater) {
    const auto format = make_format(GetParam(), {});
    for (const rlim_t size : {0, 1, 100, 1000}) {
        EXPECT_FALSE(fits(size, [&] { return prepare(root_, **format, info()); })) << size;
        EXPECT_TRUE(files().empty());
    }
    const auto begun = prepare(root_, **format, info());
    EXPECT_TRUE(begun.ok()) << begun.error().text();
}

INSTANTIATE_TEST_SUITE_P(Formats, FullDisk,
                         ::testing::Values("nuscenes", "kitti", "coco", "webdataset", "video"),
                         [](const auto& test) { return std::string(test.param); });

// Files that are opened and hold nothing: writes fail when buffers are emptied, at the close at the
// latest.
TEST(DevFull, IsNoticedByArchivesAndVideos) {
    auto archive = TarWriter::create("/dev/full");
    ASSERT_TRUE(archive.ok());
    (void)archive->add("a.txt", "less than a buffer");
    const Status finished = archive->finish();
    ASSERT_FALSE(finished.ok());
    EXPECT_EQ(finished.error().text(),
              "/dev/full: cannot be written completely: No space left on device");

    const fs::path path = fs::path(testing::TempDir()) / "huntsman-full.mp4";
    fs::remove(engine::core::temporary_name(path));
    fs::create_symlink("/dev/full", engine::core::temporary_name(path));
    auto video = encode::VideoWriter::create(path, 32, 32, 10);
    Status status = video.ok() ? Status{} : Status{video.error()};
    if (video.ok()) {
        const engine::core::Image grey{32, 32, 3, std::vector<std::uint8_t>(32 * 32 * 3, 128)};
        status = video->add(grey);
        if (status.ok()) status = video->finish();
    }
    ASSERT_FALSE(status.ok());
    EXPECT_NE(status.error().text().find("huntsman-full.mp4: cannot be written"), std::string::npos)
        << status.error().text();
    EXPECT_NE(status.error().text().find("No space left on device"), std::string::npos)
        << status.error().text();
    EXPECT_FALSE(fs::exists(path));
}

TEST(Temporaries, OfKilledProgramsAreToldFromOtherFiles) {
    using engine::core::is_temporary;
    EXPECT_TRUE(is_temporary(engine::core::temporary_name("huntsman.json").string()));
    EXPECT_TRUE(is_temporary("a.json.123.tmp"));
    for (const char* other : {"a.tmp", ".tmp", "123.tmp", ".123.tmp", "a..tmp", "a.12x.tmp",
                              "a.json.123.tmp.txt", "tmp", ""}) {
        EXPECT_FALSE(is_temporary(other)) << other;
    }
}

TEST_F(DatasetTest, LeftoversOfAKilledExportAreClearedAndNothingElse) {
    write_dataset("coco", root_, {"one"}, {}, nullptr, 2);
    const auto count = [&] {
        std::size_t files = 0;
        for (const auto& entry : fs::recursive_directory_iterator(root_)) {
            files += entry.is_regular_file();
        }
        return files;
    };
    const std::size_t before = count();
    for (const char* left : {"huntsman.json.77.tmp", "annotations/instances.json.new.77.tmp",
                             "huntsman.json.new", "training.new/image_2/000000.png",
                             "annotations/panoptic.json.new", "scenes/.huntsman-write-probe"}) {
        ASSERT_TRUE(engine::core::make_writable_folder((root_ / left).parent_path()).ok());
        ASSERT_TRUE(engine::core::write_file(root_ / left, "half").ok());
    }
    ASSERT_TRUE(engine::core::write_file(root_ / "notes.tmp", "the user's own").ok());
    ASSERT_TRUE(remove_leftovers(root_).ok());
    EXPECT_EQ(count(), before + 1);
}

}  // namespace
}  // namespace huntsman::sensors::dataset
