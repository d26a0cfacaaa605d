#include "bridge/train/train.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

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

constexpr const char* kCheckpoint = "checkpoint.pt";

std::vector<const Sample*> pointers_to(std::span<const Sample> samples) {
    std::vector<const Sample*> pointers;
    for (const Sample& sample : samples) pointers.push_back(&sample);
    return pointers;
}

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
    HM_TAKE(const std::string before, engine::core::read_file(path));
    if (before == made_with) return {};
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
    HM_TAKE(const auto session,
            loop::Session::create(
                resources, run, {.driver = driver::make_oracle_driver(), .stop = callbacks.stop}));
    std::vector<Sample> samples;
    while (true) {
        HM_TRY(session->step_to_frame());
        if (session->ended()) return samples;
        const loop::FrameView view = session->view();
        if (view.has_images) samples.push_back(make_sample(view));
        progress(engine::core::seconds(view.state.time_us) / options.seconds);
    }
}

// A training under way. Its steps return false where they were stopped from outside.
class Training {
  public:
    Training(const TrainOptions& options, const engine::world::Rig& rig,
             const TrainCallbacks& callbacks)
        : options_(options),
          rig_(rig),
          callbacks_(callbacks),
          partners_(mirror_partners(rig)),
          batch_size_(static_cast<std::size_t>(options.batch)) {}

    // Frames of all towns, a shard each: read where it is there, else rendered.
    Result<bool> gather_samples();
    // The network and, where there is one, the checkpoint.
    Status open_trainer();
    // What is left of the epochs; network and checkpoint are written after each.
    Result<bool> learn();
    // How well it does on towns that it has not seen.
    Status validate();

    const TrainResult& result() const { return result_; }

  private:
    Result<bool> gather_town(loop::Resources& resources, int town, std::vector<Sample>& samples);
    Result<bool> learn_epoch(int epoch);
    // Samples of the training, varied by mirroring and exposure.
    std::vector<Sample> vary(std::span<const std::size_t> indices, const Key& of_epoch) const;
    // A short warm-up, then a cosine to a hundredth.
    double learning_rate(double step) const;
    std::size_t batches() const { return std::max<std::size_t>(1, training_.size() / batch_size_); }
    double steps() const { return static_cast<double>(batches()) * options_.epochs; }
    void say(const std::string& what, double share) const {
        if (callbacks_.progress) callbacks_.progress(what, share);
    }

    const TrainOptions& options_;
    const engine::world::Rig& rig_;
    const TrainCallbacks& callbacks_;
    const std::vector<std::size_t> partners_;
    const std::size_t batch_size_;
    std::vector<Sample> training_, validation_;
    std::unique_ptr<torch::Trainer> trainer_;
    int epochs_done_ = 0;
    TrainResult result_;
};

Result<bool> Training::gather_samples() {
    const int held_out =
        std::max(1, static_cast<int>(std::lround(kValidationShare * options_.towns)));
    loop::Resources resources(options_.threads);
    for (int town = 0; town < options_.towns; ++town) {
        std::vector<Sample> samples;
        HM_TAKE(const bool whole, gather_town(resources, town, samples));
        if (!whole) return false;
        auto& to = town >= options_.towns - held_out ? validation_ : training_;
        std::move(samples.begin(), samples.end(), std::back_inserter(to));
    }
    if (training_.empty()) return Error{.message = "the training towns gave no sample"};
    result_.samples = static_cast<int>(training_.size());
    result_.validation_samples = static_cast<int>(validation_.size());
    return true;
}

Result<bool> Training::gather_town(loop::Resources& resources, int town,
                                   std::vector<Sample>& samples) {
    const auto seed = static_cast<std::uint64_t>(options_.first_town + town);
    const auto path = options_.work / fmt::format("town_{:04}.shard", seed);
    const auto progress = [&](double within) {
        say(fmt::format("town {} of {}", town + 1, options_.towns),
            kShareRendering * (town + within) / options_.towns);
    };
    progress(0);
    if (std::filesystem::exists(path)) {
        HM_TAKE(samples, read_shard(path));
        return true;
    }
    HM_TAKE(samples, render_town(resources, options_, rig_.rate_hz, seed, callbacks_, progress));
    if (stopped(callbacks_)) return false;
    HM_TRY(write_shard(path, samples));
    return true;
}

Status Training::open_trainer() {
    std::vector<torch::CameraGeometry> cameras;
    for (const auto& camera : rig_.cameras) cameras.push_back(torch::geometry_of(camera));
    // Always two replicas, so that the result does not depend on the machine's cores.
    HM_TAKE(trainer_, torch::Trainer::create(options_.seed, torch::make_lift(cameras), 2));
    result_.parameters = trainer_->network().parameter_count();
    const auto checkpoint = options_.work / kCheckpoint;
    if (!std::filesystem::exists(checkpoint)) return {};
    HM_TAKE(const auto mark, trainer_->load_checkpoint(checkpoint));
    epochs_done_ = static_cast<int>(mark);
    return {};
}

Result<bool> Training::learn() {
    for (int epoch = epochs_done_; epoch < options_.epochs; ++epoch) {
        HM_TAKE(const bool whole, learn_epoch(epoch));
        if (!whole) return false;
        HM_TRY(trainer_->save_checkpoint(options_.work / kCheckpoint, epoch + 1));
        HM_TRY(trainer_->network().save(options_.network));
    }
    return true;
}

Result<bool> Training::learn_epoch(int epoch) {
    // A keyed shuffle: the order depends on seed and epoch alone.
    const Key key = Key(options_.seed).with("epoch").with(static_cast<std::uint64_t>(epoch));
    std::vector<std::size_t> order(training_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(key.bits(a), a) < std::pair(key.bits(b), b);
    });
    double loss_sum = 0;
    for (std::size_t b = 0; b < batches(); ++b) {
        if (stopped(callbacks_)) return false;
        const std::size_t first = b * batch_size_;
        const std::vector<Sample> varied =
            vary(std::span(order).subspan(first, std::min(batch_size_, order.size() - first)), key);
        const double step =
            static_cast<double>(epoch) * static_cast<double>(batches()) + static_cast<double>(b);
        HM_TAKE(const auto loss, trainer_->step(pointers_to(varied), learning_rate(step)));
        loss_sum += loss.total();
        say(fmt::format("epoch {} of {}, loss {:.3f} (heat {:.3f}, box {:.3f}, signal {:.3f})",
                        epoch + 1, options_.epochs, loss_sum / static_cast<double>(b + 1),
                        loss.heat, loss.box, loss.signal),
            kShareRendering + (1 - kShareRendering) * (step + 1) / steps());
    }
    result_.training_loss = loss_sum / static_cast<double>(batches());
    return true;
}

std::vector<Sample> Training::vary(std::span<const std::size_t> indices,
                                   const Key& of_epoch) const {
    std::vector<Sample> varied;
    for (const std::size_t index : indices) {
        const Key own = of_epoch.with("vary").with(index);
        const bool flip = !partners_.empty() && own.uniform() < 0.5;
        varied.push_back(flip ? mirrored(training_[index], partners_) : training_[index]);
        expose(varied.back().pictures, own.with("pictures"));
        expose(varied.back().crops, own.with("crops"));
    }
    return varied;
}

double Training::learning_rate(double step) const {
    const double warm = std::min(1.0, (step + 1) / std::min(200.0, 0.1 * steps() + 1));
    const double cosine = 0.5 * (1 + std::cos(engine::math::kPi * step / steps()));
    return options_.learning_rate * warm * (0.01 + 0.99 * cosine);
}

Status Training::validate() {
    double sum = 0;
    int count = 0;
    for (std::size_t i = 0; i < validation_.size(); i += batch_size_) {
        const auto batch = std::span<const Sample>(validation_)
                               .subspan(i, std::min(batch_size_, validation_.size() - i));
        HM_TAKE(const auto loss, trainer_->evaluate(pointers_to(batch)));
        sum += loss.total();
        ++count;
    }
    result_.validation_loss = count > 0 ? sum / count : 0;
    HM_TRY(trainer_->network().save(options_.network));
    result_.epochs = options_.epochs;
    result_.complete = true;
    return {};
}

}  // namespace

Result<TrainResult> train(const TrainOptions& options, const TrainCallbacks& callbacks) {
    HM_TRY(check(options));
    HM_TAKE(const engine::world::Rig rig,
            sensors::rig::load(options.rig, options.width, options.height));
    HM_TRY(engine::core::make_writable_folder(options.work));
    HM_TRY(engine::core::make_writable_folder(
        options.network.has_parent_path() ? options.network.parent_path() : "."));
    HM_TRY(check_same_work(options, rig));
    Training training(options, rig, callbacks);
    HM_TAKE(const bool gathered, training.gather_samples());
    if (!gathered) return training.result();
    HM_TRY(training.open_trainer());
    HM_TAKE(const bool learned, training.learn());
    if (!learned) return training.result();
    HM_TRY(training.validate());
    return training.result();
}

}  // namespace huntsman::bridge::train
