// huntsman develop: one rendered frame through an image sensor, as often as wanted.
#include <cmath>
#include <cstdio>

#include "apps/huntsman/common.h"
#include "engine/core/files.h"
#include "engine/math/geometry.h"
#include "sensors/encode/exr_file.h"
#include "sensors/encode/image_file.h"
#include "sensors/imager/imager.h"

namespace huntsman::apps {

namespace {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

struct DevelopArguments {
    std::string in, sensor = "ar0132at", out = "develop.png";
    double fov_deg = 60, rate_hz = 10, exposure_ms = 0, gain = 1;
    std::int64_t seed = 1, frames = 1, threads = 0, jpeg = 0, readout_us = 0;
    double rain = 0, dirt = 0, ice = 0, degc = 60;
    bool no_noise = false, no_blur = false, no_glare = false, no_shading = false, raw = false;
};

Result<sensors::imager::SensorProfile> find_profile(const std::string& given) {
    const bool is_file = given.find('/') != std::string::npos || given.ends_with(".json");
    const auto path =
        is_file ? std::filesystem::path(given) : assets_folder() / "sensors" / (given + ".json");
    if (!is_file && !std::filesystem::exists(path)) {
        return Error{.message =
                         fmt::format("there is no sensor {}, expected one of {} or a file", given,
                                     fmt::join(engine::core::shipped("sensors"), ", "))};
    }
    return sensors::imager::load_profile(path);
}

Status check(const DevelopArguments& args) {
    const auto within = [](const char* flag, double value, double low, double high) -> Status {
        if (value >= low && value <= high) return {};
        return Error{.message = fmt::format("{} is {}, expected {} to {}", flag, value, low, high)};
    };
    HM_TRY(within("--camera-fov", args.fov_deg, 5, 150));
    HM_TRY(within("--frames", static_cast<double>(args.frames), 1, 100000));
    HM_TRY(within("--rate", args.rate_hz, 0.1, 1000));
    HM_TRY(within("--rain", args.rain, 0, 1));
    HM_TRY(within("--dirt", args.dirt, 0, 1));
    HM_TRY(within("--ice", args.ice, 0, 1));
    HM_TRY(within("--temperature", args.degc, -60, 150));
    HM_TRY(within("--exposure", args.exposure_ms, 0, 1000));
    HM_TRY(within("--gain", args.gain, 1, 256));
    HM_TRY(within("--jpeg", static_cast<double>(args.jpeg), 0, 100));
    HM_TRY(within("--threads", static_cast<double>(args.threads), 0, 256));
    const std::string extension = std::filesystem::path(args.out).extension().string();
    if (extension != ".png" && extension != ".jpg" && extension != ".exr") {
        return Error{.message = fmt::format(
                         "--out is {}, expected a name that ends in .png, .jpg or .exr", args.out)};
    }
    if (args.raw && extension != ".png") {
        return Error{.message = fmt::format("--raw writes PNG, but --out is {}", args.out)};
    }
    return {};
}

Status write(const DevelopArguments& args, const std::filesystem::path& path, int width, int height,
             const sensors::imager::Developed& developed) {
    const std::string extension = path.extension().string();
    if (extension == ".exr") {
        return sensors::encode::write_exr(path, {width, height, developed.linear},
                                          sensors::encode::ExrDepth::kFloat);
    }
    constexpr int kJpegQuality = 92;
    HM_TAKE(const auto bytes,
            args.raw ? sensors::encode::encode_png16(width, height, developed.raw)
            : extension == ".png"
                ? sensors::encode::encode_png(developed.image)
                : sensors::encode::encode_jpeg(
                      developed.image, args.jpeg > 0 ? static_cast<int>(args.jpeg) : kJpegQuality));
    return engine::core::write_file(path, bytes);
}

// What a camera of the given field of view has gathered.
struct Exposed {
    sensors::capture::Shot shot;
    engine::world::Camera camera;
};

Result<Exposed> read_shot(const DevelopArguments& args) {
    HM_TAKE(auto picture, sensors::encode::read_exr(args.in));
    for (float& v : picture.rgb) {
        if (!std::isfinite(v)) {
            return Error{.message = "holds values that are not numbers", .file = args.in};
        }
        v = std::max(v, 0.0F);
    }
    if (picture.width < 16 || picture.height < 16) {
        return Error{.message = fmt::format("is {}x{} pixels, expected 16 or more each",
                                            picture.width, picture.height),
                     .file = args.in};
    }
    Exposed exposed;
    auto& [shot, camera] = exposed;
    camera.name = "develop";
    camera.width = picture.width;
    camera.height = picture.height;
    camera.lens.fx = camera.lens.fy =
        0.5 * camera.width / std::tan(0.5 * args.fov_deg * engine::math::kPi / 180);
    camera.lens.cx = 0.5 * camera.width;
    camera.lens.cy = 0.5 * camera.height;
    shot.width = picture.width;
    shot.height = picture.height;
    shot.radiance = std::move(picture.rgb);
    return exposed;
}

sensors::imager::Development development(const DevelopArguments& args) {
    sensors::imager::Development how;
    how.soil = {args.rain, args.dirt, args.ice};
    how.sensor_degc = args.degc;
    if (args.exposure_ms > 0) how.exposure_s = 1e-3 * args.exposure_ms;
    how.gain = args.gain;
    auto& stages = how.stages;
    if (args.no_noise) {
        stages.photon_noise = stages.dark_current = stages.fixed_pattern = stages.defects =
            stages.read_noise = stages.converter = false;
    }
    if (args.no_blur) stages.lens_blur = stages.lateral_colour = false;
    stages.glare = !args.no_glare;
    stages.lens_shading = !args.no_shading;
    how.want_raw = args.raw;
    how.want_linear = args.out.ends_with(".exr");
    return how;
}

// The file of the k-th picture: numbered where there are several.
std::filesystem::path numbered(const DevelopArguments& args, std::int64_t k) {
    std::filesystem::path path(args.out);
    if (args.frames > 1) {
        path.replace_filename(
            fmt::format("{}_{:04}{}", path.stem().string(), k, path.extension().string()));
    }
    return path;
}

// Develops and writes all pictures, and prints how the first and the last came out and how long it
// took.
Status develop_all(const DevelopArguments& args, const sensors::imager::SensorProfile& profile,
                   const Exposed& exposed) {
    using Steady = std::chrono::steady_clock;
    const auto& [shot, camera] = exposed;
    engine::core::JobPool pool(static_cast<int>(args.threads));
    const engine::core::Key key =
        engine::core::Key(static_cast<std::uint64_t>(args.seed)).with("develop");
    sensors::imager::Imager imager(profile, camera, key);
    sensors::imager::ExposureControl control;
    sensors::imager::Development how = development(args);
    double milliseconds = 0;
    for (std::int64_t k = 0; k < args.frames; ++k) {
        how.frame = static_cast<std::uint64_t>(k);
        how.time_us =
            static_cast<std::int64_t>(std::llround(1e6 * static_cast<double>(k) / args.rate_hz));
        const auto start = Steady::now();
        const auto developed = imager.develop(shot, how, control, pool);
        milliseconds += std::chrono::duration<double, std::milli>(Steady::now() - start).count();
        const std::filesystem::path path = numbered(args, k);
        HM_TRY(write(args, path, shot.width, shot.height, developed));
        if (k == 0 || k + 1 == args.frames) {
            std::printf("%s: %s, EV100 %.2f, %.3f ms, gain %.2f, white balance %.2f %.2f\n",
                        path.c_str(), profile.name.c_str(), developed.ev100,
                        1e3 * developed.exposure_s, developed.gain, developed.white_balance[0],
                        developed.white_balance[1]);
        }
    }
    const double megapixels = 1e-6 * shot.width * shot.height * static_cast<double>(args.frames);
    std::printf("%.1f ms per megapixel on %d threads, dynamic range %.0f dB\n",
                milliseconds / megapixels, pool.threads(), profile.dynamic_range_db());
    return {};
}

int develop(const DevelopArguments& args) {
    if (const auto status = check(args); !status) return fail(status.error());
    const auto profile = find_profile(args.sensor);
    if (!profile) return fail(profile.error());
    const auto exposed = read_shot(args);
    if (!exposed) return fail(exposed.error());
    const auto status = develop_all(args, *profile, *exposed);
    return status ? 0 : fail(status.error());
}

}  // namespace

void add_develop(CLI::App& app, Body& chosen) {
    auto args = std::make_shared<DevelopArguments>();
    auto* command = app.add_subcommand(
        "develop",
        "Develop one rendered frame by an image sensor.\n"
        "Example: huntsman look --out town.exr && huntsman develop town.exr --sensor ar0231 "
        "--rain 0.5 --out town.png");
    command->add_option("in", args->in, "EXR picture, linear [kcd/m²], as 'look' writes it")
        ->required();
    command->add_option("--sensor", args->sensor, "Name in assets/sensors, or a file")
        ->capture_default_str();
    command->add_option("--camera-fov", args->fov_deg, "Horizontal field of view [deg]")
        ->capture_default_str();
    command->add_option("--seed", args->seed, "Draws the noise and the camera's faults")
        ->capture_default_str();
    command->add_option("--frames", args->frames, "Pictures to develop, numbered")
        ->capture_default_str();
    command->add_option("--rate", args->rate_hz, "Pictures per second")->capture_default_str();
    command->add_option("--rain", args->rain, "Drops on the lens, 0 to 1");
    command->add_option("--dirt", args->dirt, "Dirt on the lens, 0 to 1");
    command->add_option("--ice", args->ice, "Ice on the lens, 0 to 1");
    command->add_option("--temperature", args->degc, "Of the sensor [°C]")->capture_default_str();
    command->add_option("--exposure", args->exposure_ms, "Fixed exposure [ms]; 0: automatic");
    command->add_option("--gain", args->gain, "With a fixed exposure: analogue gain")
        ->capture_default_str();
    command->add_flag("--no-noise", args->no_noise, "Without noise, faults and rounding");
    command->add_flag("--no-blur", args->no_blur, "Without the lens's blur and lateral colour");
    command->add_flag("--no-glare", args->no_glare, "Without glare and ghosts");
    command->add_flag("--no-shading", args->no_shading, "Without the lens's fall-off");
    command->add_option("--jpeg", args->jpeg, "Quality of a .jpg, 1 to 100");
    command->add_option("--threads", args->threads, "0: all cores");
    command->add_flag("--raw", args->raw, "The first capture's mosaic as a 16-bit PNG");
    command
        ->add_option("--out", args->out,
                     "PNG or JPEG picture, or the sensor's linear estimate as EXR")
        ->capture_default_str();
    command->callback([args, &chosen] { chosen = [args] { return develop(*args); }; });
}

}  // namespace huntsman::apps
