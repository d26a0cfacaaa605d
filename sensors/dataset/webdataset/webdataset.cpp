// WebDataset: archives of samples whose files share a base name. The format that holds everything.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/pixels.h"
#include "sensors/dataset/sample_json.h"
#include "sensors/dataset/tar.h"

namespace huntsman::sensors::dataset::webdataset {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using labels::CameraSample;
using labels::Sample;
namespace fs = std::filesystem;

namespace {

constexpr int kVersion = 2;  // 2: with what minds believe
// An archive is closed when it has grown beyond this.
constexpr std::uint64_t kShardBytes = 1ULL << 30;
// 48 of the scene, 7 of the sample, 20 of the longest ending and two dots: the rest of 100.
constexpr std::size_t kLongestCamera = 23;

std::string shard_name(const std::string& scene, std::size_t shard) {
    return fmt::format("{}-{:06d}.tar", scene, shard);
}

class Writer : public SceneWriter {
  public:
    Writer(SceneFolder folder, const Options& options, engine::core::JobPool* pool)
        : folder_(std::move(folder)), options_(options), pool_(pool) {}

    Status add(const Sample& sample) override {
        HM_TRY(folder_.accept(sample));
        if (!shard_) {
            HM_TAKE(shard_, TarWriter::create(folder_.path() / shard_name(scene(), next_)));
        }

        // Everything but sample.json can be encoded side by side; large pieces first.
        const std::string key = fmt::format("{}-{:06d}.", scene(), folder_.record().samples - 1);
        std::vector<EncodeJob> jobs;
        for (const CameraSample& c : sample.cameras) {
            add_camera(jobs, key + c.camera.name, c);
        }
        const labels::BirdsEye& eye = sample.birds_eye;
        if (options_.birds_eye && !eye.drivable.empty()) {
            jobs.push_back({key + "birds_eye.cells.png", [&] { return encode_birds_eye(eye); }});
        }
        if (options_.lidar && !sample.lidar.points.empty()) {
            jobs.push_back({key + "lidar.npy", [&] { return encode_lidar(sample.lidar.points); }});
        }
        jobs.push_back({key + "json", [&] { return to_json(sample).dump() + "\n"; }});

        // Written in an order that never changes.
        HM_TAKE(NamedBytes files, encode_all(jobs, pool_));
        for (const auto& [name, bytes] : files) HM_TRY(shard_->add(name, bytes));
        ++in_shard_;
        if (shard_->bytes() > kShardBytes) return close_shard();
        return {};
    }

    Status finish() override {
        if (shard_) HM_TRY(close_shard());
        folder_.extra()["samples_of_shards"] = samples_of_shards_;
        return folder_.finish();
    }

  private:
    const std::string& scene() const { return folder_.record().name; }

    void add_camera(std::vector<EncodeJob>& jobs, const std::string& key,
                    const CameraSample& c) const {
        const int w = c.camera.width, h = c.camera.height;
        const auto add = [&](const char* ending, bool there, auto&& encode) {
            if (there) jobs.push_back({key + ending, encode});
        };
        const bool lossless = options_.lossless_images;
        const int quality = options_.jpeg_quality;
        add(lossless ? ".png" : ".jpg", !c.image.pixels.empty(),
            [&c, lossless, quality] { return encode_picture(c.image, lossless, quality); });
        add(".ids.png", !c.ids.empty(), [&c, w, h] { return encode_words(c.ids, w, h); });
        add(".depth.png", options_.depth && !c.depth_m.empty(),
            [&c, w, h] { return encode_floats(c.depth_m, w, h); });
        add(".normals.png", options_.normals && !c.normals_C.empty(),
            [&c, w, h] { return encode_normals(c.normals_C, w, h); });
        add(".flow_next.png", options_.flow && !c.flow_next.empty(),
            [&c, w, h] { return encode_flow(c.flow_next, w, h); });
        add(".flow_previous.png", options_.flow && !c.flow_previous.empty(),
            [&c, w, h] { return encode_flow(c.flow_previous, w, h); });
        add(".raw.png", options_.raw && !c.raw.empty(),
            [&c, w, h] { return encode_grey16(c.raw, w, h); });
        add(".linear.npy", options_.linear && !c.linear.empty(),
            [&c, w, h] { return encode_linear(c.linear, w, h); });
    }

    Status close_shard() {
        HM_TRY(shard_->finish());
        folder_.note({shard_name(scene(), next_), shard_->bytes(), shard_->hash()});
        samples_of_shards_.push_back(in_shard_);
        shard_.reset();
        in_shard_ = 0;
        ++next_;
        return {};
    }

    SceneFolder folder_;
    Options options_;
    engine::core::JobPool* pool_;
    std::optional<TarWriter> shard_;
    std::size_t next_ = 0;
    std::uint64_t in_shard_ = 0;
    std::vector<std::uint64_t> samples_of_shards_;
};

class WebDataset : public Format {
  public:
    explicit WebDataset(const Options& options) : Format(options) {}
    std::string name() const override { return "webdataset"; }
    int version() const override { return kVersion; }
    Wanted wanted(engine::core::TimeUs, engine::core::TimeUs) const override {
        const Options& o = options();
        return {.ids = true,
                .depth = o.depth,
                .normals = o.normals,
                .flow = o.flow,
                .birds_eye = o.birds_eye,
                .keypoints = o.keypoints,
                .lidar = o.lidar,
                .raw = o.raw,
                .linear = o.linear};
    }
    // Readers take the part of a member's name after the first dot as its key, in small letters.
    Status accepts(const engine::world::Rig& rig) const override {
        std::map<std::string, std::string> names;
        for (const auto& camera : rig.cameras) {
            if (camera.name.size() > kLongestCamera) {
                return Error{.message =
                                 fmt::format("the camera's name {} has {} letters, WebDataset "
                                             "takes at most {}",
                                             camera.name, camera.name.size(), kLongestCamera)};
            }
            std::string key = camera.name;
            std::transform(key.begin(), key.end(), key.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            const auto [same, fresh] = names.emplace(key, camera.name);
            if (!fresh) {
                return Error{.message =
                                 fmt::format("the cameras {} and {} have the same key in "
                                             "WebDataset, whose readers lower names; expected "
                                             "names that differ in more than case",
                                             same->second, camera.name)};
            }
        }
        return {};
    }
    Result<std::unique_ptr<SceneWriter>> open_scene(const SceneInfo& scene, const fs::path& folder,
                                                    engine::core::JobPool* pool) const override {
        return open_writer<Writer>(*this, scene, folder, options(), pool);
    }
    Status assemble(const fs::path& dataset, const DatasetInfo& info,
                    std::span<const std::string> names) const override {
        HM_TAKE(const std::vector<SceneRecord> scenes, read_scenes(dataset, *this, names));
        Json shards = Json::array();
        const auto validation = validation_scenes(scenes);
        try {
            for (const SceneRecord& scene : scenes) {
                const Json& samples = list_of(scene.extra, "samples_of_shards", scene.files.size());
                for (std::size_t i = 0; i < scene.files.size(); ++i) {
                    const FileRecord& file = scene.files[i];
                    shards.push_back({{"path", "scenes/" + scene.name + "/" + file.path},
                                      {"split", split_of(validation, scene.name)},
                                      {"samples", samples[i]},
                                      {"bytes", file.bytes},
                                      {"xxh3", engine::core::hex(file.hash)}});
                }
            }
        } catch (const BadField& bad) {
            return Error{.message = bad.what(), .file = dataset.string()};
        }
        const std::string manifest =
            Json{{"version", kVersion}, {"shards", std::move(shards)}}.dump(1) + "\n";
        FileSet files;
        HM_TRY(files.add(dataset / "shards.json", manifest));
        HM_TRY(add_manifest(files, dataset, *this, info, scenes));
        return files.commit();
    }
};

// --- reading ---

// Where the files of one sample lie.
struct StoredSample {
    fs::path shard;
    std::vector<TarMember> members;
};

class Reader : public SceneReader {
  public:
    // Samples by their number, of `count` that the scene has; `damage` of the first archive that
    // has some.
    Reader(std::map<std::uint64_t, StoredSample> samples, std::size_t count,
           std::optional<Error> damage)
        : samples_(std::move(samples)), count_(count), damage_(std::move(damage)) {}
    std::size_t count() const override { return count_; }

    Result<Sample> read(std::size_t index) const override {
        const auto found = samples_.find(index);
        // A sample's json is the last of its files.
        const bool whole = found != samples_.end() && has(found->second, "json");
        if (!whole && damage_) {
            Error lost = *damage_;
            lost.message = "the sample is not in it whole: it " + lost.message;
            return lost;
        }
        if (found == samples_.end()) {
            return Error{.message = fmt::format("sample {} is in no archive of its scene", index)};
        }
        const StoredSample& stored = found->second;
        HM_TAKE(const std::string json, file(stored, "json"));
        try {
            Sample sample = sample_from_json(parse_json(json));
            for (CameraSample& camera : sample.cameras) HM_TRY(read_camera(stored, camera));
            if (has(stored, "birds_eye.cells.png")) {
                HM_TRY(take(stored, "birds_eye.cells.png", [&](const std::string& bytes) {
                    return decode_birds_eye(bytes, sample.birds_eye);
                }));
            }
            if (has(stored, "lidar.npy")) {
                HM_TRY(decode_into(stored, "lidar.npy", sample.lidar.points, decode_lidar));
            }
            return sample;
        } catch (const BadField& bad) {
            return Error{.message = "json: " + std::string(bad.what()),
                         .file = stored.shard.string()};
        }
    }

  private:
    // The member that ends so after the sample's key.
    static const TarMember* find(const StoredSample& stored, const std::string& ending) {
        for (const TarMember& member : stored.members) {
            if (member.name.substr(member.name.find('.') + 1) == ending) return &member;
        }
        return nullptr;
    }
    static bool has(const StoredSample& stored, const std::string& ending) {
        return find(stored, ending) != nullptr;
    }
    static Result<std::string> file(const StoredSample& stored, const std::string& ending) {
        const TarMember* member = find(stored, ending);
        if (member == nullptr) {
            return Error{.message = "a sample lacks its file ." + ending,
                         .file = stored.shard.string()};
        }
        return read_member(stored.shard, *member);
    }
    template <typename Take>
    static Status take(const StoredSample& stored, const std::string& ending, Take&& take) {
        HM_TAKE(const std::string bytes, file(stored, ending));
        const Status taken = take(bytes);
        if (!taken) return at_place(stored.shard, ending, taken.error());
        return {};
    }
    template <typename T, typename Decode, typename... Arguments>
    static Status decode_into(const StoredSample& stored, const std::string& ending,
                              std::vector<T>& target, Decode&& decode, Arguments... arguments) {
        if (!has(stored, ending)) return {};
        return take(stored, ending, [&](const std::string& bytes) -> Status {
            HM_TAKE(target, decode(bytes, arguments...));
            return {};
        });
    }
    static Status read_camera(const StoredSample& stored, CameraSample& c) {
        const std::string& name = c.camera.name;
        const int w = c.camera.width, h = c.camera.height;
        for (const char* ending : {".jpg", ".png"}) {
            if (!has(stored, name + ending)) continue;
            HM_TRY(take(stored, name + ending, [&](const std::string& bytes) -> Status {
                HM_TAKE(c.image, decode_picture(bytes, w, h));
                return {};
            }));
        }
        HM_TRY(decode_into(stored, name + ".ids.png", c.ids, decode_words, w, h));
        HM_TRY(decode_into(stored, name + ".depth.png", c.depth_m, decode_floats, w, h));
        HM_TRY(decode_into(stored, name + ".normals.png", c.normals_C, decode_normals, w, h));
        HM_TRY(decode_into(stored, name + ".flow_next.png", c.flow_next, decode_flow, w, h));
        HM_TRY(
            decode_into(stored, name + ".flow_previous.png", c.flow_previous, decode_flow, w, h));
        HM_TRY(decode_into(stored, name + ".raw.png", c.raw, decode_grey16, w, h));
        return decode_into(stored, name + ".linear.npy", c.linear, decode_linear, w, h);
    }

    std::map<std::uint64_t, StoredSample> samples_;
    std::size_t count_;
    std::optional<Error> damage_;
};

// The number in a member's name, "NAME-000012.json".
std::optional<std::uint64_t> number_of_sample(const std::string& member, const std::string& scene) {
    if (!member.starts_with(scene + "-")) return std::nullopt;
    std::uint64_t number = 0;
    const char* begin = member.data() + scene.size() + 1;
    const auto [end, code] = std::from_chars(begin, member.data() + member.size(), number);
    if (code != std::errc() || end == member.data() + member.size() || *end != '.') {
        return std::nullopt;
    }
    return number;
}

}  // namespace

std::unique_ptr<Format> make_format(const Options& options) {
    return std::make_unique<WebDataset>(options);
}

SceneReaderResult open_reader(const fs::path& folder, const SceneRecord& scene) {
    std::map<std::uint64_t, StoredSample> samples;
    std::optional<Error> damage;
    for (const FileRecord& file : scene.files) {
        TarListing listing = scan_tar(folder / file.path);
        if (listing.damage && !damage) damage = std::move(listing.damage);
        for (TarMember& member : listing.members) {
            const auto number = number_of_sample(member.name, scene.name);
            if (!number) continue;
            StoredSample& stored = samples[*number];
            stored.shard = folder / file.path;
            stored.members.push_back(std::move(member));
        }
    }
    return std::unique_ptr<SceneReader>(
        std::make_unique<Reader>(std::move(samples), scene.samples, std::move(damage)));
}

void check_files(const fs::path& dataset, const Manifest& manifest, Findings& findings) {
    const fs::path path = dataset / "shards.json";
    const auto wrong = [&](const std::string& what) { findings.push_back({path.string(), what}); };
    const Result<std::string> content = engine::core::read_file(path);
    if (!content) return wrong(content.error().message);
    std::uint64_t samples = 0, expected = 0;
    for (const SceneEntry& scene : manifest.scenes) expected += scene.samples;
    try {
        const Json json = parse_json(*content);
        for (const Json& shard : list(json, "shards")) {
            samples += integer<std::uint64_t>(shard, "samples");
        }
    } catch (const BadField& bad) {
        return wrong(bad.what());
    }
    if (samples != expected) {
        wrong(fmt::format("counts {} samples, huntsman.json {}", samples, expected));
    }
}

}  // namespace huntsman::sensors::dataset::webdataset
