#include "bridge/train/train.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "engine/core/files.h"
#include "engine/core/random.h"
#include "sensors/rig/rig.h"

namespace huntsman::bridge::train {

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::core::Status;
using torch::Sample;

namespace {

constexpr double kShareRendering = 0.3;   // of the whole, for the progress
constexpr double kValidationShare = 0.1;  // of the towns, the last ones

// Contrast and brightness of a picture as another exposure would have given them.
void expose(std::vector<std::uint8_t>& pixels, const Key& key) {
    const double gain = std::exp(0.25 * key.normal(0));
    const double gamma = std::exp(0.15 * key.normal(1));
    std::array<std::uint8_t, 256> table;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double x = std::min(1.0, gain * std::pow(static_cast<double>(i) / 255.0, gamma));
        table[i] = static_cast<std::uint8_t>(std::lround(255.0 * x));
    }
    for (std::uint8_t& pixel : pixels) pixel = table[pixel];
}

bool stopped(const TrainCallbacks& callbacks) {
    return callbacks.stop != nullptr && callbacks.stop->load();
}

Status check(const TrainOptions& o) {
    const auto range = [](const char* what, double value, double low, double high) -> Status {
        if (value >= low && value <= high) return {};
        return Error{.message = fmt::format("{} is {}, expected {} to {}", what, value, low, high)};
    };
    HM_TRY(range("first town", o.first_town, 1, kFirstTestSeed - 1));
    HM_TRY(range("number of towns", o.towns, 2, kFirstTestSeed - 1));
    if (static_cast<std::uint64_t>(o.first_town + o.towns) > kFirstTestSeed) {
        return Error{.message = fmt::format(
                         "training towns {} to {} reach into the test towns, expected seeds below "
                         "{}",
                         o.first_town, o.first_town + o.towns - 1, kFirstTestSeed)};
    }
    HM_TRY(range("seconds a town", o.seconds, 1, 3600));
    HM_TRY(range("samples a second", o.samples_per_s, 0.1, 100));
    HM_TRY(range("epochs", o.epochs, 1, 10000));
    HM_TRY(range("batch", o.batch, 1, 256));
    HM_TRY(range("learning rate", o.learning_rate, 1e-8, 1));
    return {};
}

// Shards and checkpoint in the work folder must come from the same options; what they were made
// with stands beside them.
Status check_same_work(const TrainOptions& o, const engine::world::Rig& rig) {
    std::string made_with = fmt::format("rig {} {} Hz", rig.name, rig.rate_hz);
    for (const auto& camera : rig.cameras) {
        const auto& X = camera.X_BC;
        made_with += fmt::format("\ncamera {} f {} at {} {} {} turned {} {} {} {}", camera.name,
                                 camera.lens.fx, X.p.x, X.p.y, X.p.z, X.q.w, X.q.x, X.q.y, X.q.z);
    }
    made_with += fmt::format(
        "\nsize {}x{}\ntowns {} from {}\nseconds {}\nsamples a second {}\nepochs {}\nbatch "
        "{}\nlearning rate {}\nseed {}\n",
        o.width, o.height, o.towns, o.first_town, o.seconds, o.samples_per_s, o.epochs, o.batch,
        o.learning_rate, o.seed);
    const auto path = o.work / "made_with.txt";
    if (!std::filesystem::exists(path)) return engine::core::write_file(path, made_with);
    auto before = engine::core::read_file(path);
    if (!before) return before.error();
    if (*before == made_with) return {};
    return Error{.message =
                     "this training was begun with other options; take another --work "
                     "folder or the same options",
                 .file = path.string()};
}

// Drives the oracle through one town and keeps every n-th frame.
Result<std::vector<Sample>> render_town(loop::Resources& resources, const TrainOptions& options,
                                        double rate_hz, std::uint64_t seed,
                                        const TrainCallbacks& callbacks,
                                        const std::function<void(double)>& progress) {
    loop::RunOptions run;
    const Key key = Key(options.seed).with("town").with(seed);
    run.scenario.name = "training";
    run.scenario.town.seed = seed;
    run.scenario.town.vehicles = 15 + static_cast<int>(key.with("vehicles").index(30));
    run.scenario.town.pedestrians = 25 + static_cast<int>(key.with("pedestrians").index(60));
    run.scenario.duration_s = options.seconds;
    run.driver = "oracle";
    run.rig = options.rig;
    run.width = options.width;
    run.height = options.height;
    run.image_stride = std::max(1, static_cast<int>(std::lround(rate_hz / options.samples_per_s)));
    auto session = loop::Session::create(
        resources, run, {.driver = driver::make_oracle_driver(), .stop = callbacks.stop});
    if (!session) return session.error();
    std::vector<Sample> samples;
    while (true) {
        HM_TRY((*session)->step_to_frame());
        if ((*session)->ended()) return samples;
        const loop::FrameView view = (*session)->view();
        if (view.has_images) samples.push_back(make_sample(view));
        progress(engine::core::seconds(view.state.time_us) / options.seconds);
    }
}

}  // namespace

Result<TrainResult> train(const TrainOptions& options, const TrainCallbacks& callbacks) {
    HM_TRY(check(options));
    auto rig = sensors::rig::load(options.rig, options.width, options.height);
    if (!rig) return rig.error();
    HM_TRY(engine::core::make_writable_folder(options.work));
    HM_TRY(engine::core::make_writable_folder(
        options.network.has_parent_path() ? options.network.parent_path() : "."));
    HM_TRY(check_same_work(options, *rig));
    const auto say = [&](const std::string& what, double share) {
        if (callbacks.progress) callbacks.progress(what, share);
    };

    // Frames from the training towns, a shard a town.
    TrainResult result;
    std::vector<Sample> training, validation;
    const int held_out =
        std::max(1, static_cast<int>(std::lround(kValidationShare * options.towns)));
    {
        loop::Resources resources(options.threads);
        for (int t = 0; t < options.towns; ++t) {
            const auto seed = static_cast<std::uint64_t>(options.first_town + t);
            const auto path = options.work / fmt::format("town_{:04}.shard", seed);
            const std::string what = fmt::format("town {} of {}", t + 1, options.towns);
            const auto share = [&](double within) {
                return kShareRendering * (t + within) / options.towns;
            };
            say(what, share(0));
            std::vector<Sample> samples;
            if (std::filesystem::exists(path)) {
                auto read = read_shard(path);
                if (!read) return read.error();
                samples = std::move(*read);
            } else {
                auto rendered = render_town(resources, options, rig->rate_hz, seed, callbacks,
                                            [&](double within) { say(what, share(within)); });
                if (!rendered) return rendered.error();
                if (stopped(callbacks)) return result;
                samples = std::move(*rendered);
                HM_TRY(write_shard(path, samples));
            }
            auto& to = t >= options.towns - held_out ? validation : training;
            std::move(samples.begin(), samples.end(), std::back_inserter(to));
        }
    }
    if (training.empty()) return Error{.message = "the training towns gave no sample"};
    result.samples = static_cast<int>(training.size());
    result.validation_samples = static_cast<int>(validation.size());

    // The network and, where there is one, the checkpoint.
    std::vector<torch::CameraGeometry> cameras;
    for (const auto& camera : rig->cameras) {
        cameras.push_back(torch::geometry_of(camera));
    }
    // Always two replicas, so that the result does not depend on the machine's cores.
    auto created = torch::Trainer::create(options.seed, torch::make_lift(cameras), 2);
    if (!created) return created.error();
    torch::Trainer& trainer = **created;
    result.parameters = trainer.network().parameter_count();
    const auto checkpoint = options.work / "checkpoint.pt";
    int epoch = 0;
    if (std::filesystem::exists(checkpoint)) {
        auto mark = trainer.load_checkpoint(checkpoint);
        if (!mark) return mark.error();
        epoch = static_cast<int>(*mark);
    }

    const auto partners = mirror_partners(*rig);
    const auto batch_size = static_cast<std::size_t>(options.batch);
    const std::size_t batches = std::max<std::size_t>(1, training.size() / batch_size);
    const double steps = static_cast<double>(batches) * options.epochs;
    for (; epoch < options.epochs; ++epoch) {
        // A keyed shuffle: the order depends on seed and epoch alone.
        const Key key = Key(options.seed).with("epoch").with(static_cast<std::uint64_t>(epoch));
        std::vector<std::size_t> order(training.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return std::pair(key.bits(a), a) < std::pair(key.bits(b), b);
        });
        double loss_sum = 0;
        for (std::size_t b = 0; b < batches; ++b) {
            if (stopped(callbacks)) return result;
            std::vector<Sample> varied;
            for (std::size_t k = 0; k < batch_size && b * batch_size + k < order.size(); ++k) {
                const std::size_t index = order[b * batch_size + k];
                const Key own = key.with("vary").with(index);
                const bool flip = !partners.empty() && own.uniform() < 0.5;
                varied.push_back(flip ? mirrored(training[index], partners) : training[index]);
                expose(varied.back().pictures, own.with("pictures"));
                expose(varied.back().crops, own.with("crops"));
            }
            std::vector<const Sample*> batch;
            for (const Sample& sample : varied) batch.push_back(&sample);
            // A short warm-up, then a cosine to a hundredth.
            const double step =
                static_cast<double>(epoch) * static_cast<double>(batches) + static_cast<double>(b);
            const double warm = std::min(1.0, (step + 1) / std::min(200.0, 0.1 * steps + 1));
            const double cosine = 0.5 * (1 + std::cos(engine::math::kPi * step / steps));
            auto loss = trainer.step(batch, options.learning_rate * warm * (0.01 + 0.99 * cosine));
            if (!loss) return loss.error();
            loss_sum += loss->total();
            say(fmt::format("epoch {} of {}, loss {:.3f} (heat {:.3f}, box {:.3f}, signal {:.3f})",
                            epoch + 1, options.epochs, loss_sum / static_cast<double>(b + 1),
                            loss->heat, loss->box, loss->signal),
                kShareRendering + (1 - kShareRendering) * (step + 1) / steps);
        }
        result.training_loss = loss_sum / static_cast<double>(batches);
        HM_TRY(trainer.save_checkpoint(checkpoint, epoch + 1));
        HM_TRY(trainer.network().save(options.network));
    }

    // How well it does on towns it has not seen.
    double sum = 0;
    int count = 0;
    for (std::size_t i = 0; i < validation.size(); i += batch_size) {
        std::vector<const Sample*> batch;
        for (std::size_t k = i; k < std::min(validation.size(), i + batch_size); ++k) {
            batch.push_back(&validation[k]);
        }
        auto loss = trainer.evaluate(batch);
        if (!loss) return loss.error();
        sum += loss->total();
        ++count;
    }
    result.validation_loss = count > 0 ? sum / count : 0;
    HM_TRY(trainer.network().save(options.network));
    result.epochs = options.epochs;
    result.complete = true;
    return result;
}

}  // namespace huntsman::bridge::train
