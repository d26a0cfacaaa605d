#include "sensors/dataset/read.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/tar.h"

namespace huntsman::sensors::dataset {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using labels::Sample;
namespace fs = std::filesystem;

namespace {

struct Opener {
    const char* name;
    SceneReaderResult (*open)(const fs::path&, const SceneRecord&);
    void (*check)(const fs::path&, const Manifest&, Findings&);
};
constexpr Opener kOpeners[] = {{"nuscenes", nuscenes::open_reader, nuscenes::check_files},
                               {"kitti", kitti::open_reader, kitti::check_files},
                               {"coco", coco::open_reader, coco::check_files},
                               {"webdataset", webdataset::open_reader, webdataset::check_files},
                               {"video", video::open_reader, nullptr}};

struct OpenScene {
    std::size_t first = 0;  // sample of the dataset
    std::once_flag once;
    std::unique_ptr<SceneReader> reader;
    std::optional<Error> error;
};

// Whether a file is as its record in `list` says.
void check_file(const fs::path& folder, const FileRecord& file, const char* list,
                Findings& findings) {
    const fs::path path = folder / file.path;
    const auto wrong = [&](const std::string& what) { findings.push_back({path.string(), what}); };
    std::error_code code;
    const std::uint64_t length = fs::file_size(path, code);
    if (code) return wrong("cannot be read: " + code.message());
    std::uint64_t hash = 0;
    if (file.path.ends_with(".tar")) {
        const TarListing listing = scan_tar(path);
        if (listing.damage) return wrong(listing.damage->message);
        for (const TarMember& member : listing.members) {
            const Result<std::string> content = read_member(path, member);
            if (content) hash = chain_member(hash, member.name, *content);
        }
    } else {
        const Result<std::string> content = engine::core::read_file(path);
        if (content) hash = engine::core::hash_bytes(content->data(), content->size());
    }
    if (length != file.bytes) {
        wrong(fmt::format("has {} bytes, expected {}", length, file.bytes));
    } else if (hash != file.hash) {
        wrong(fmt::format("has another hash than {} says", list));
    }
}

}  // namespace

Error at_place(const fs::path& file, const std::string& place, const Error& what) {
    return {.message = place + ": " + what.message, .kind = what.kind, .file = file.string()};
}

struct Dataset::Impl {
    fs::path path;
    Manifest manifest;
    const Opener* opener = nullptr;
    std::size_t size = 0;
    // Opened at their first use; addresses stay.
    mutable std::vector<std::unique_ptr<OpenScene>> scenes;

    std::size_t scene_of(std::size_t index) const {
        HM_CHECK(index < size, "sample {} of {}", index, size);
        std::size_t scene = scenes.size() - 1;
        while (scenes[scene]->first > index) --scene;
        return scene;
    }
    fs::path folder(std::size_t scene) const {
        return path / "scenes" / manifest.scenes[scene].name;
    }
    OpenScene& opened(std::size_t scene) const {
        OpenScene& own = *scenes[scene];
        std::call_once(own.once, [&] {
            const Result<SceneRecord> record = read_scene(folder(scene));
            if (!record) {
                own.error = record.error();
                return;
            }
            if (record->format != manifest.format ||
                record->format_version != manifest.format_version) {
                own.error = Error{.message = fmt::format("is a scene as {} version {}, expected "
                                                         "{} version {}",
                                                         record->format, record->format_version,
                                                         manifest.format, manifest.format_version),
                                  .file = (folder(scene) / "scene.json").string()};
                return;
            }
            SceneReaderResult reader = opener->open(folder(scene), *record);
            if (!reader) {
                own.error = reader.error();
            } else {
                own.reader = std::move(*reader);
            }
        });
        return own;
    }
    void check_scene(std::size_t scene, Findings& findings) const;
    void check_finished(Findings& findings) const;
};

Dataset::Dataset(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Dataset::Dataset(Dataset&&) noexcept = default;
Dataset& Dataset::operator=(Dataset&&) noexcept = default;
Dataset::~Dataset() = default;

Result<Dataset> Dataset::open(const fs::path& path) {
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    HM_TAKE(impl->manifest, read_manifest(path));
    for (const Opener& opener : kOpeners) {
        if (impl->manifest.format == opener.name) impl->opener = &opener;
    }
    const auto wrong = [&](const std::string& what) {
        return Error{.message = what, .file = (path / "huntsman.json").string()};
    };
    if (impl->opener == nullptr) {
        return wrong("format '" + impl->manifest.format + "' is not known");
    }
    HM_TAKE(const auto format, make_format(impl->manifest.format, impl->manifest.options));
    if (format->version() != impl->manifest.format_version) {
        return wrong(fmt::format("{} version {}, this program reads version {}",
                                 impl->manifest.format, impl->manifest.format_version,
                                 format->version()));
    }
    // A scene with more samples than a day has at 100 Hz is a damaged number.
    constexpr std::uint64_t kMostSamples = 100ULL * 24 * 3600;
    for (const SceneEntry& scene : impl->manifest.scenes) {
        if (scene.samples > kMostSamples) {
            return wrong(fmt::format("scene {} has {} samples", scene.name, scene.samples));
        }
        impl->scenes.push_back(std::make_unique<OpenScene>());
        impl->scenes.back()->first = impl->size;
        impl->size += scene.samples;
    }
    return Dataset(std::move(impl));
}

const std::string& Dataset::format() const { return impl_->manifest.format; }
const Options& Dataset::options() const { return impl_->manifest.options; }
const DatasetInfo& Dataset::info() const { return impl_->manifest.info; }
std::size_t Dataset::size() const { return impl_->size; }
std::vector<std::string> Dataset::scenes() const {
    std::vector<std::string> names;
    for (const SceneEntry& scene : impl_->manifest.scenes) names.push_back(scene.name);
    return names;
}
std::string Dataset::place(std::size_t index) const {
    const std::size_t scene = impl_->scene_of(index);
    return fmt::format("scene {}, sample {}", impl_->manifest.scenes[scene].name,
                       index - impl_->scenes[scene]->first);
}

Result<Sample> Dataset::read(std::size_t index) const {
    const std::size_t scene = impl_->scene_of(index);
    const OpenScene& opened = impl_->opened(scene);
    if (opened.error) return *opened.error;
    const std::size_t own = index - opened.first;
    if (own >= opened.reader->count()) {
        return Error{.message = fmt::format("sample {} is missing: {} samples are there, expected "
                                            "{}",
                                            own, opened.reader->count(),
                                            impl_->manifest.scenes[scene].samples),
                     .file = impl_->folder(scene).string()};
    }
    return opened.reader->read(own);
}

void Dataset::Impl::check_scene(std::size_t scene, Findings& findings) const {
    const fs::path own = folder(scene);
    const SceneEntry& entry = manifest.scenes[scene];
    const auto wrong = [&](const std::string& what) {
        findings.push_back({(own / "scene.json").string(), what});
    };
    const Result<std::string> text = engine::core::read_file(own / "scene.json");
    if (!text) return wrong(text.error().message);
    const Result<SceneRecord> record = read_scene(own);
    if (!record) return wrong(record.error().message);
    if (engine::core::hash_bytes(text->data(), text->size()) != entry.hash) {
        wrong("has another hash than huntsman.json says");
    }
    if (record->samples != entry.samples || record->bytes() != entry.bytes) {
        wrong(fmt::format("{} samples and {} bytes, huntsman.json says {} and {}", record->samples,
                          record->bytes(), entry.samples, entry.bytes));
    }
    if (record->name != entry.name || record->seed != entry.seed ||
        record->scenario != entry.scenario || record->description != entry.description ||
        record->conditions != entry.conditions) {
        wrong("does not say of the scene what huntsman.json says");
    }
    for (const FileRecord& file : record->files) check_file(own, file, "scene.json", findings);
    const OpenScene& reading = opened(scene);
    if (!reading.error && reading.reader->count() != entry.samples) {
        findings.push_back({own.string(), fmt::format("{} samples are there, expected {}",
                                                      reading.reader->count(), entry.samples)});
    }
}

// Scenes that no manifest lists: of an export that was killed, or that is still at work.
void Dataset::Impl::check_finished(Findings& findings) const {
    std::size_t whole = 0, begun = 0;
    std::error_code code, ignored;
    for (fs::directory_iterator at(path / "scenes", code), end; !code && at != end;
         at.increment(code)) {
        const std::string name = at->path().filename().string();
        const bool listed =
            std::any_of(manifest.scenes.begin(), manifest.scenes.end(),
                        [&](const SceneEntry& entry) { return entry.name == name; });
        if (!listed)
            ++(fs::exists(at->path() / "scene.json", ignored) && is_plain_name(name) ? whole
                                                                                     : begun);
    }
    if (whole + begun == 0 && !manifest.scenes.empty()) return;
    findings.push_back(
        {path.string(),
         fmt::format(
             "its export is unfinished: {} scene{} that huntsman.json does not list yet, {} "
             "half-written; the same export command goes on from there",
             whole, whole == 1 ? "" : "s", begun)});
}

std::vector<Finding> Dataset::check_files() const {
    Findings findings;
    impl_->check_finished(findings);
    if (impl_->scenes.empty()) return findings;  // nothing spans no scenes
    for (const FileRecord& file : impl_->manifest.files) {
        check_file(impl_->path, file, "huntsman.json", findings);
    }
    for (std::size_t scene = 0; scene < impl_->scenes.size(); ++scene) {
        impl_->check_scene(scene, findings);
    }
    if (impl_->opener->check != nullptr) {
        impl_->opener->check(impl_->path, impl_->manifest, findings);
    }
    return findings;
}

}  // namespace huntsman::sensors::dataset
