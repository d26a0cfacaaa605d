// One video a camera, and all labels but images as lines of JSON.
#include "sensors/encode/video.h"

#include <map>
#include <mutex>

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/sample_json.h"
#include "sensors/encode/video_read.h"

namespace huntsman::sensors::dataset::video {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using labels::CameraSample;
using labels::Sample;
namespace fs = std::filesystem;

namespace {

constexpr int kVersion = 2;  // 2: with what minds believe
constexpr char kLabels[] = "labels.jsonl";

class Writer : public SceneWriter {
  public:
    Writer(SceneFolder folder, const SceneInfo& scene)
        : folder_(std::move(folder)), rate_hz_(scene.world.rig.rate_hz) {}

    Status add(const Sample& sample) override {
        HM_TRY(folder_.accept(sample));
        for (const CameraSample& c : sample.cameras) {
            if (c.image.pixels.empty()) continue;
            auto video = videos_.find(c.camera.name);
            if (video == videos_.end()) {
                const double fps = c.camera.period_us > 0
                                       ? 1e6 / static_cast<double>(c.camera.period_us)
                                       : rate_hz_;
                HM_TAKE(auto made,
                        encode::VideoWriter::create(folder_.path() / (c.camera.name + ".mp4"),
                                                    c.camera.width, c.camera.height, fps));
                video = videos_.emplace(c.camera.name, std::move(made)).first;
            }
            HM_TRY(video->second.add(c.image));
        }
        lines_ += to_json(sample).dump() + "\n";
        return {};
    }

    Status finish() override {
        for (auto& [name, video] : videos_) {
            HM_TRY(video.finish());
            const std::string file = name + ".mp4";
            HM_TAKE(const std::string bytes, engine::core::read_file(folder_.path() / file));
            folder_.note(
                {file, bytes.size(), engine::core::hash_bytes(bytes.data(), bytes.size())});
        }
        HM_TRY(folder_.write(kLabels, lines_));
        return folder_.finish();
    }

  private:
    SceneFolder folder_;
    double rate_hz_;
    std::map<std::string, encode::VideoWriter> videos_;
    std::string lines_;
};

class Video : public Format {
  public:
    explicit Video(const Options& options) : Format(options) {}
    std::string name() const override { return "video"; }
    int version() const override { return kVersion; }
    Wanted wanted(engine::core::TimeUs, engine::core::TimeUs) const override {
        return {.ids = true, .keypoints = options().keypoints};
    }
    std::vector<std::string> caveats(const engine::world::Rig& rig) const override {
        std::string odd;
        for (const auto& camera : rig.cameras) {
            if (camera.width % 2 == 0 && camera.height % 2 == 0) continue;
            odd += fmt::format("{}{} ({}×{})", odd.empty() ? "" : ", ", camera.name, camera.width,
                               camera.height);
        }
        if (odd.empty()) return {};
        return {
            "the videos of cameras of odd size, " + odd +
            ", have a column or row more, since video needs even sizes; it repeats the last one, "
            "and labels are of the camera's size"};
    }
    Result<std::unique_ptr<SceneWriter>> open_scene(const SceneInfo& scene, const fs::path& folder,
                                                    engine::core::JobPool*) const override {
        return open_writer<Writer>(*this, scene, folder, scene);
    }
    Status assemble(const fs::path& dataset, const DatasetInfo& info,
                    std::span<const std::string> names) const override {
        HM_TAKE(const std::vector<SceneRecord> scenes, read_scenes(dataset, *this, names));
        FileSet files;
        HM_TRY(add_manifest(files, dataset, *this, info, scenes));
        return files.commit();
    }
};

// The picture without what a video of odd size has more.
engine::core::Image cut(engine::core::Image image, int width, int height) {
    if (image.width == width && image.height == height) return image;
    const auto channels = static_cast<std::ptrdiff_t>(image.channels);
    engine::core::Image result{
        .width = width, .height = height, .channels = image.channels, .pixels = {}};
    for (int y = 0; y < height; ++y) {
        const auto row = image.pixels.begin() + y * image.width * channels;
        result.pixels.insert(result.pixels.end(), row, row + width * channels);
    }
    return result;
}

// A video with the numbers of its pictures by sample.
class Reader : public SceneReader {
  public:
    Reader(fs::path folder, std::vector<std::string> lines)
        : folder_(std::move(folder)), lines_(std::move(lines)) {}
    std::size_t count() const override { return lines_.size(); }

    Result<Sample> read(std::size_t index) const override {
        try {
            Sample sample = sample_from_json(parse_json(lines_[index]));
            sample.birds_eye.free_m.clear();
            const std::lock_guard lock(mutex_);
            for (CameraSample& c : sample.cameras) {
                const fs::path path = folder_ / (c.camera.name + ".mp4");
                auto& reader = readers_[c.camera.name];
                if (!reader) {
                    HM_TAKE(encode::VideoReader opened, encode::VideoReader::open(path));
                    reader = std::make_unique<encode::VideoReader>(std::move(opened));
                }
                HM_TAKE(engine::core::Image image,
                        reader->picture(number_of_picture(c.camera.name, index)));
                const int width = encode::video_side(c.camera.width);
                const int height = encode::video_side(c.camera.height);
                if (image.width != width || image.height != height) {
                    return Error{.message = fmt::format("has pictures of {}×{}, expected {}×{}",
                                                        image.width, image.height, width, height),
                                 .file = path.string()};
                }
                c.image = cut(std::move(image), c.camera.width, c.camera.height);
            }
            return sample;
        } catch (const BadField& bad) {
            return Error{.message = bad.what(),
                         .file = (folder_ / kLabels).string(),
                         .line = static_cast<int>(index) + 1};
        }
    }

  private:
    // How many samples before this one have this camera; counted on from the last answer.
    int number_of_picture(const std::string& camera, std::size_t index) const {
        auto& [until, count] = counted_[camera];
        if (until > index) until = 0, count = 0;
        for (; until < index; ++until) {
            const Json json = parse_json(lines_[until]);
            for (const Json& c : list(json, "cameras")) {
                if (text(field(c, "camera"), "name") == camera) ++count;
            }
        }
        return count;
    }

    fs::path folder_;
    std::vector<std::string> lines_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::unique_ptr<encode::VideoReader>> readers_;
    mutable std::map<std::string, std::pair<std::size_t, int>> counted_;
};

}  // namespace

std::unique_ptr<Format> make_format(const Options& options) {
    return std::make_unique<Video>(options);
}

SceneReaderResult open_reader(const fs::path& folder, const SceneRecord&) {
    HM_TAKE(const std::string content, engine::core::read_file(folder / kLabels));
    return std::unique_ptr<SceneReader>(std::make_unique<Reader>(folder, lines_of(content)));
}

}  // namespace huntsman::sensors::dataset::video
