// KITTI object: the left picture, its labels, calibration and scan.
#include <algorithm>
#include <cstring>
#include <map>

#include "engine/core/files.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/kitti/convert.h"
#include "sensors/dataset/pixels.h"
#include "sensors/dataset/sample_json.h"

namespace huntsman::sensors::dataset::kitti {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::math::RigidTransform;
using engine::math::Vec2;
using engine::math::Vec3;
using labels::CameraSample;
using labels::Sample;
namespace fs = std::filesystem;

namespace {

constexpr int kVersion = 1;
// Kinds of files, with their endings.
constexpr std::pair<const char*, const char*> kKinds[] = {{"image_2", "png"},
                                                          {"image_3", "png"},
                                                          {"label_2", "txt"},
                                                          {"calib", "txt"},
                                                          {"velodyne", "bin"}};
std::string file_name(const char* kind, std::uint64_t number, const char* ending) {
    return fmt::format("{}/{:06d}.{}", kind, number, ending);
}

std::string row_text(const char* name, std::initializer_list<double> values) {
    std::string line = std::string(name) + ":";
    for (const double value : values) line += fmt::format(" {:.12e}", value);
    return line + "\n";
}
std::string projection(const char* name, const engine::world::Lens& lens, double baseline_m) {
    const Vec2 c = labels::first_pixel_at_zero({lens.cx, lens.cy});
    return row_text(name, {lens.fx, 0, c.x, -lens.fx * baseline_m, 0, lens.fy, c.y, 0, 0, 0, 1, 0});
}
std::string rigid(const char* name, const engine::math::Mat3& R, const Vec3& p) {
    return row_text(name, {R[0][0], R[1][0], R[2][0], p.x, R[0][1], R[1][1], R[2][1], p.y, R[0][2],
                           R[1][2], R[2][2], p.z});
}
// All four projections from the left camera's frame; the scanner against it.
std::string calibration(const CameraSample& left, double baseline_m, const RigidTransform& X_BL) {
    // V: the frame of velodyne files, x ahead, y left.
    const RigidTransform X_BV{X_BL.q * engine::math::yaw_rotation(0.5 * engine::math::kPi), X_BL.p};
    const RigidTransform X_CV = left.stated.X_BC.inverse() * X_BV, X_VB = X_BV.inverse();
    std::string text;
    text += projection("P0", left.stated.lens, 0) + projection("P1", left.stated.lens, baseline_m);
    text += projection("P2", left.stated.lens, 0) + projection("P3", left.stated.lens, baseline_m);
    text += row_text("R0_rect", {1, 0, 0, 0, 1, 0, 0, 0, 1});
    text += rigid("Tr_velo_to_cam", glm::mat3_cast(X_CV.q), X_CV.p);
    // The body frame stands for that of KITTI's inertial unit.
    text += rigid("Tr_imu_to_velo", glm::mat3_cast(X_VB.q), X_VB.p);
    return text;
}

// A stereo pair: the next camera looks the same way with the same lens, from the right.
bool has_right_camera(const engine::world::Rig& rig) {
    if (rig.cameras.size() < 2 || !(rig.cameras[1].lens == rig.cameras[0].lens)) return false;
    const RigidTransform X_C2C3 = rig.cameras[0].X_BC.inverse() * rig.cameras[1].X_BC;
    constexpr double kSame = 1e-6;
    const bool parallel = std::abs(std::abs(X_C2C3.q.w) - 1) < kSame;
    const bool beside = std::abs(X_C2C3.p.y) < kSame && std::abs(X_C2C3.p.z) < kSame;
    return parallel && beside && X_C2C3.p.x > 0;
}

// Pictures of KITTI are rectified: a camera that is not an ideal pinhole has no place in it.
Status check_lens(const engine::world::Camera& left) {
    if (is_ideal(left.lens)) return {};
    return Error{.message = "camera " + left.name +
                            " has a lens that distorts; pictures of KITTI are rectified: expected "
                            "an ideal pinhole"};
}

class Writer : public SceneWriter {
  public:
    Writer(SceneFolder folder, const SceneInfo& scene, const Options& options,
           engine::core::JobPool* pool)
        : folder_(std::move(folder)), options_(options), pool_(pool) {
        const auto& cameras = scene.world.rig.cameras;
        if (!cameras.empty()) left_ = cameras[0].name;
        if (has_right_camera(scene.world.rig)) {
            right_ = cameras[1].name;
            baseline_m_ = (cameras[0].X_BC.inverse() * cameras[1].X_BC).p.x;
        }
    }

    Status add(const Sample& sample) override {
        HM_TRY(folder_.accept(sample));
        const std::uint64_t number = folder_.record().samples - 1;
        const CameraSample *left = nullptr, *right = nullptr;
        for (const CameraSample& c : sample.cameras) {
            if (c.camera.name == left_) left = &c;
            if (c.camera.name == right_) right = &c;
        }
        if (left == nullptr || left->image.pixels.empty()) {
            return Error{.message = fmt::format("scene {}, {} µs: KITTI has a picture of camera "
                                                "{} in every sample",
                                                folder_.record().name, sample.time_us, left_)};
        }
        HM_TRY(check_lens(left->stated));
        std::vector<EncodeJob> jobs;
        const auto picture = [&](const char* kind, const CameraSample& c) {
            jobs.push_back({file_name(kind, number, "png"),
                            [&c] { return encode_picture(c.image, true, 0); }});
        };
        picture("image_2", *left);
        if (right != nullptr && !right->image.pixels.empty()) picture("image_3", *right);
        Json ids = Json::array();
        std::string labels;
        for (const labels::ObjectInCamera& in : left->objects) {
            const labels::ObjectLabel* object = sample.find(in.id);
            if (object == nullptr) continue;
            const auto label = to_label(*object, in, left->camera.width, left->camera.height,
                                        left->X_WC.inverse());
            if (!label) continue;
            labels += text_of(*label) + "\n";
            ids.push_back(in.id);
        }
        jobs.push_back({file_name("label_2", number, "txt"),
                        [&labels]() -> Result<std::string> { return labels; }});
        jobs.push_back({file_name("calib", number, "txt"), [&, this]() -> Result<std::string> {
                            return calibration(*left, baseline_m_, sample.lidar.X_BL);
                        }});
        if (options_.lidar) {
            jobs.push_back({file_name("velodyne", number, "bin"),
                            [&]() -> Result<std::string> { return scan(sample.lidar); }});
        }
        HM_TAKE(const NamedBytes files, encode_all(jobs, pool_));
        for (const auto& [name, bytes] : files) HM_TRY(folder_.write(name, bytes));
        // What is no part of KITTI.
        frames_ += Json{{"time_us", sample.time_us},
                        {"camera_time_us", left->time_us},
                        {"camera", to_json(left->stated)},
                        {"X_BL", to_json(sample.lidar.X_BL)},
                        {"ids", std::move(ids)}}
                       .dump() +
                   "\n";
        return {};
    }

    Status finish() override {
        HM_TRY(folder_.write("frames.jsonl", frames_));
        return folder_.finish();
    }

  private:
    // x, y, z, reflectance from 0 to 1.
    static std::string scan(const labels::LidarSweep& sweep) {
        std::vector<float> values;
        for (const labels::LidarPoint& p : sweep.points) {
            const Vec3 q = to_velodyne({p.x, p.y, p.z});
            values.insert(values.end(), {static_cast<float>(q.x), static_cast<float>(q.y),
                                         static_cast<float>(q.z), p.intensity / 255.0F});
        }
        return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
    }

    SceneFolder folder_;
    Options options_;
    engine::core::JobPool* pool_;
    std::string left_, right_, frames_;
    double baseline_m_ = 0;
};

class Kitti : public Format {
  public:
    explicit Kitti(const Options& options) : Format(options) {}
    std::string name() const override { return "kitti"; }
    int version() const override { return kVersion; }
    Wanted wanted(engine::core::TimeUs, engine::core::TimeUs) const override {
        return {.ids = true, .lidar = options().lidar};
    }
    std::vector<std::string> caveats(const engine::world::Rig& rig) const override {
        const std::size_t held = 1 + (has_right_camera(rig) ? 1 : 0);
        if (rig.cameras.size() <= held) return {};
        return {
            fmt::format("KITTI holds the rig's first camera, {}, and one beside it that makes "
                        "a stereo pair: {} of the {} cameras are left out",
                        rig.cameras[0].name, rig.cameras.size() - held, rig.cameras.size())};
    }
    Status accepts(const engine::world::Rig& rig) const override {
        return rig.cameras.empty() ? Status{} : check_lens(rig.cameras[0]);
    }
    Result<std::unique_ptr<SceneWriter>> open_scene(const SceneInfo& scene, const fs::path& folder,
                                                    engine::core::JobPool* pool) const override {
        return open_writer<Writer>(*this, scene, folder, scene, options(), pool);
    }

    // training/KIND/NNNNNN: all scenes under one running number, as links to the scenes' files.
    Status assemble(const fs::path& dataset, const DatasetInfo& info,
                    std::span<const std::string> names) const override {
        HM_TAKE(const std::vector<SceneRecord> scenes, read_scenes(dataset, *this, names));
        FileSet files;
        const fs::path training = FileSet::fresh_name(dataset / "training");
        std::error_code code;
        fs::remove_all(training, code);
        files.add_folder(dataset / "training");
        for (const auto& [kind, ending] : kKinds) {
            HM_TRY(engine::core::make_writable_folder(training / kind));
        }
        std::uint64_t first = 0;
        std::string index, train, val, all;
        const auto validation = validation_scenes(scenes);
        for (const SceneRecord& scene : scenes) {
            for (std::uint64_t i = 0; i < scene.samples; ++i) {
                for (const auto& [kind, ending] : kKinds) {
                    const fs::path from =
                        dataset / "scenes" / scene.name / file_name(kind, i, ending);
                    const fs::path to = training / file_name(kind, first + i, ending);
                    if (!fs::exists(from)) continue;
                    fs::create_hard_link(from, to, code);
                    if (code) fs::copy_file(from, to, code);
                    if (code) {
                        return Error{.message = "cannot be made: " + code.message(),
                                     .file = to.string()};
                    }
                }
                index += fmt::format("{:06d} {} {}\n", first + i, scene.name, i);
                const std::string line = fmt::format("{:06d}\n", first + i);
                (validation.count(scene.name) > 0 ? val : train) += line;
                all += line;
            }
            first += scene.samples;
        }
        HM_TRY(engine::core::write_file(training / "index.txt", index));
        files.note(dataset / "training" / "index.txt", index);
        HM_TRY(files.add(dataset / "ImageSets" / "train.txt", train));
        HM_TRY(files.add(dataset / "ImageSets" / "val.txt", val));
        HM_TRY(files.add(dataset / "ImageSets" / "trainval.txt", all));
        HM_TRY(add_manifest(files, dataset, *this, info, scenes));
        return files.commit();
    }
};

// --- reading: the left camera with W set to the ego's body frame, since KITTI has no poses ---

class Reader : public SceneReader {
  public:
    Reader(fs::path folder, std::string scene, std::vector<Json> frames)
        : folder_(std::move(folder)), scene_(std::move(scene)), frames_(std::move(frames)) {}
    std::size_t count() const override { return frames_.size(); }

    Result<Sample> read(std::size_t index) const override {
        fs::path path = folder_ / "frames.jsonl";
        try {
            const Json& frame = frames_[index];
            Sample sample{.scene = scene_, .frame = index};
            sample.time_us = integer<std::int64_t>(frame, "time_us");
            CameraSample c;
            c.camera = c.stated = camera_from_json(field(frame, "camera"));
            c.time_us = integer<std::int64_t>(frame, "camera_time_us");
            c.X_WC = c.stated.X_BC;
            sample.lidar.X_BL = transform(frame, "X_BL");
            const Json& ids = list(frame, "ids");

            path = folder_ / file_name("image_2", index, "png");
            HM_TAKE(const std::string picture, engine::core::read_file(path));
            auto image = decode_picture(picture, c.camera.width, c.camera.height);
            if (!image) return at_place(path, fmt::format("sample {}", index), image.error());
            c.image = std::move(*image);

            path = folder_ / file_name("label_2", index, "txt");
            HM_TAKE(const std::string rows, engine::core::read_file(path));
            std::size_t line = 0;
            for (std::size_t at = 0; at < rows.size(); ++line) {
                const std::size_t end = std::min(rows.find('\n', at), rows.size());
                const auto label = label_of_text(rows.substr(at, end - at));
                if (!label || line >= ids.size()) {
                    return Error{.message = label ? "more labels than frames.jsonl has ids"
                                                  : "not a label of 15 sound values",
                                 .file = path.string(),
                                 .line = static_cast<int>(line) + 1};
                }
                add(*label, integer_of<engine::world::ActorId>(ids[line], "ids"), c, sample);
                at = end + 1;
            }
            if (line != ids.size()) {
                throw BadField(
                    fmt::format("has {} labels, frames.jsonl has {} ids", line, ids.size()));
            }
            const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
            std::sort(c.objects.begin(), c.objects.end(), by_id);
            std::sort(sample.objects.begin(), sample.objects.end(), by_id);
            sample.cameras.push_back(std::move(c));

            path = folder_ / file_name("velodyne", index, "bin");
            if (fs::exists(path)) HM_TRY(read_scan(path, sample));
            return sample;
        } catch (const BadField& bad) {
            return Error{.message = fmt::format("sample {}: {}", index, bad.what()),
                         .file = path.string()};
        }
    }

  private:
    static void add(const Label& label, engine::world::ActorId id, CameraSample& c,
                    Sample& sample) {
        labels::ObjectLabel o{
            .id = id, .semantic = semantic_of_type(label.type), .kind = label.type};
        o.X_WO = c.X_WC * pose_of(label);
        o.size_m = {label.length, label.width, label.height};
        o.distance_m = glm::length(engine::math::xy(o.X_WO.p));
        sample.objects.push_back(o);
        labels::ObjectInCamera in{.id = id};
        in.amodal = {static_cast<int>(label.left), static_cast<int>(label.top),
                     static_cast<int>(label.right) + 1, static_cast<int>(label.bottom) + 1};
        c.objects.push_back(in);
    }
    static Status read_scan(const fs::path& path, Sample& sample) {
        HM_TAKE(const std::string bytes, engine::core::read_file(path));
        constexpr std::size_t kRow = 4 * sizeof(float);
        if (bytes.size() % kRow != 0) {
            return Error{.message = fmt::format("has {} bytes, expected a multiple of {}",
                                                bytes.size(), kRow),
                         .file = path.string()};
        }
        for (std::size_t at = 0; at < bytes.size(); at += kRow) {
            float v[4];
            std::memcpy(v, bytes.data() + at, kRow);
            sample.lidar.points.push_back({-v[1], v[0], v[2], v[3] * 255.0F, 0, 0});
        }
        return {};
    }

    fs::path folder_;
    std::string scene_;
    std::vector<Json> frames_;
};

}  // namespace

std::unique_ptr<Format> make_format(const Options& options) {
    return std::make_unique<Kitti>(options);
}

SceneReaderResult open_reader(const fs::path& folder, const SceneRecord& scene) {
    const fs::path path = folder / "frames.jsonl";
    HM_TAKE(const std::string content, engine::core::read_file(path));
    std::vector<Json> frames;
    try {
        frames = parse_json_lines(content);
    } catch (const BadField& bad) {
        return Error{.message = bad.what(), .file = path.string()};
    }
    return std::unique_ptr<SceneReader>(
        std::make_unique<Reader>(folder, scene.name, std::move(frames)));
}

void check_files(const fs::path& dataset, const Manifest& manifest, Findings& findings) {
    std::uint64_t first = 0;
    for (const SceneEntry& scene : manifest.scenes) {
        for (std::uint64_t i = 0; i < scene.samples; ++i) {
            for (const auto& [kind, ending] : kKinds) {
                const fs::path from = dataset / "scenes" / scene.name / file_name(kind, i, ending);
                const fs::path to = dataset / "training" / file_name(kind, first + i, ending);
                std::error_code code;
                if (!fs::exists(from, code) || fs::equivalent(from, to, code)) continue;
                // A copy where links are not possible.
                const Result<std::string> a = engine::core::read_file(from);
                const Result<std::string> b = engine::core::read_file(to);
                if (!a || !b || *a != *b) {
                    findings.push_back({to.string(), "is not the scene's file " + from.string()});
                }
            }
        }
        first += scene.samples;
    }
}

}  // namespace huntsman::sensors::dataset::kitti
