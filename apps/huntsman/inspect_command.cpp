// huntsman inspect: samples of a dataset with their labels, as a picture or as a page.
#include <algorithm>
#include <cstdio>

#include "apps/huntsman/common.h"
#include "engine/core/files.h"
#include "sensors/dataset/read.h"
#include "sensors/encode/compose.h"
#include "sensors/encode/image_file.h"
#include "sensors/overlay/page.h"

namespace huntsman::apps {

namespace {

using engine::core::Error;
using engine::core::Image;
using engine::core::Result;
using engine::core::Status;
using sensors::overlay::Layer;

struct InspectArguments {
    std::string dataset, camera, labels = "boxes3d,keypoints,signals", out = "inspect.png";
    std::int64_t sample = 0, samples = 6;
    double opacity = 0.7;
};

struct Labels {
    std::vector<Layer> layers;  // dense ones first, so that lines lie on top
    bool birds_eye = false;
};

std::vector<Layer> all_layers() {
    std::vector<Layer> layers;
    for (std::size_t i = 0; i < sensors::overlay::kLayers; ++i) {
        layers.push_back(static_cast<Layer>(i));
    }
    return layers;
}

Result<Labels> parse_labels(const std::string& text) {
    Labels labels;
    std::size_t at = 0;
    while (at <= text.size()) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        const std::string word = text.substr(at, end - at);
        at = end + 1;
        if (word == "birds_eye") {
            labels.birds_eye = true;
        } else if (word == "all") {
            labels = {all_layers(), true};
        } else if (const auto layer = sensors::overlay::layer_of(word)) {
            labels.layers.push_back(*layer);
        } else if (!word.empty()) {
            std::string known = "all, birds_eye";
            for (const Layer l : all_layers()) known += std::string(", ") + name(l);
            return Error{.message =
                             fmt::format("--labels has {}, expected some of {}", word, known)};
        }
    }
    std::sort(labels.layers.begin(), labels.layers.end());
    labels.layers.erase(std::unique(labels.layers.begin(), labels.layers.end()),
                        labels.layers.end());
    return labels;
}

// All pictures in cells of one size, with their names.
Image sheet_of(const std::vector<Image>& pictures, const std::vector<std::string>& names) {
    int width = 0, height = 0;
    for (const Image& picture : pictures) {
        width = std::max(width, picture.width);
        height = std::max(height, picture.height);
    }
    std::vector<Image> cells;
    for (const Image& picture : pictures) {
        Image cell = sensors::encode::blank(width, height, {0, 0, 0});
        sensors::encode::paste(cell, picture, (width - picture.width) / 2,
                               (height - picture.height) / 2);
        cells.push_back(std::move(cell));
    }
    constexpr int kColumns = 3;
    return sensors::encode::contact_sheet(cells, names,
                                          std::min(kColumns, static_cast<int>(cells.size())));
}

Status write_picture(const InspectArguments& args, const Labels& labels,
                     const sensors::labels::Sample& sample) {
    std::vector<Image> pictures;
    std::vector<std::string> names;
    for (const auto& camera : sample.cameras) {
        if (!args.camera.empty() && camera.camera.name != args.camera) continue;
        Image picture =
            camera.image.pixels.empty()
                ? sensors::encode::blank(camera.camera.width, camera.camera.height, {0, 0, 0})
                : camera.image;
        std::vector<Layer> lines;
        for (const Layer layer : labels.layers) {
            if (!sensors::overlay::is_dense(layer)) {
                lines.push_back(layer);
                continue;
            }
            sensors::overlay::blend(picture, sensors::overlay::draw_layer(sample, camera, layer),
                                    args.opacity);
        }
        sensors::overlay::blend(picture, sensors::overlay::draw_lines(sample, camera, lines), 1.0);
        pictures.push_back(std::move(picture));
        names.push_back(camera.camera.name);
    }
    if (labels.birds_eye) {
        int side = 200;
        for (const Image& picture : pictures) side = std::max(side, picture.height);
        Image top = sensors::overlay::draw_birds_eye(sample, side);
        if (!top.pixels.empty()) {
            pictures.push_back(std::move(top));
            names.push_back("from above");
        }
    }
    const Image sheet = pictures.size() == 1 ? pictures.front() : sheet_of(pictures, names);
    HM_TAKE(const auto bytes, sensors::encode::encode_png(sheet));
    return engine::core::write_file(args.out, bytes);
}

Status write_page(const InspectArguments& args, const Labels& labels,
                  const sensors::dataset::Dataset& dataset) {
    // The samples asked for, or some spread over the dataset.
    const auto size = static_cast<std::int64_t>(dataset.size());
    const std::int64_t count = std::min(args.samples, size - args.sample);
    const auto layers = all_layers();
    sensors::overlay::Page page("Huntsman: " + args.dataset, layers, labels.layers, true,
                                args.opacity);
    Progress progress("drawing");
    for (std::int64_t k = 0; k < count; ++k) {
        const std::int64_t index =
            args.sample + (count > 1 ? k * (size - 1 - args.sample) / (count - 1) : 0);
        auto sample = dataset.read(static_cast<std::size_t>(index));
        if (!sample) {
            // The intact ones are shown.
            std::fprintf(stderr, "huntsman: note: %s is left out: %s\n",
                         dataset.place(static_cast<std::size_t>(index)).c_str(),
                         sample.error().text().c_str());
            continue;
        }
        if (!args.camera.empty()) {
            std::erase_if(sample->cameras,
                          [&](const auto& camera) { return camera.camera.name != args.camera; });
        }
        HM_TRY(page.add(fmt::format("{} of {}: {}", index, size,
                                    dataset.place(static_cast<std::size_t>(index))),
                        *sample));
        progress.show(static_cast<double>(k + 1) / static_cast<double>(count));
        if (stop_flag()) return Error{.message = "stopped before the page was whole"};
    }
    return engine::core::write_file(args.out, page.html());
}

// Names of the labels that were asked for and that cover pictures, but that the sample lacks.
std::string lacking(const Labels& labels, const sensors::labels::Sample& sample) {
    const auto any = [&](auto&& there) {
        return std::any_of(sample.cameras.begin(), sample.cameras.end(), there);
    };
    std::string names;
    for (const Layer layer : labels.layers) {
        const std::string own = name(layer);
        const bool there = own == "depth" ? any([](const auto& c) { return !c.depth_m.empty(); })
                           : own == "normals"
                               ? any([](const auto& c) { return !c.normals_C.empty(); })
                           : own == "flow" ? any([](const auto& c) { return !c.flow_next.empty(); })
                           : own == "semantic" || own == "instance"
                               ? any([](const auto& c) { return !c.ids.empty(); })
                               : true;
        if (!there) names += (names.empty() ? "" : ", ") + own;
    }
    if (labels.birds_eye && sample.birds_eye.drivable.empty()) {
        names += std::string(names.empty() ? "" : ", ") + "birds_eye";
    }
    return names;
}

int inspect(const InspectArguments& args) {
    const std::string extension = std::filesystem::path(args.out).extension().string();
    if (extension != ".png" && extension != ".html") {
        return fail({.message = fmt::format(
                         "--out is {}, expected a name that ends in .png or .html", args.out)});
    }
    if (!(args.opacity >= 0 && args.opacity <= 1)) {
        return fail({.message = fmt::format("--opacity is {}, expected 0 to 1", args.opacity)});
    }
    if (args.samples < 1 || args.samples > 1000) {
        return fail({.message = fmt::format("--samples is {}, expected 1 to 1000", args.samples)});
    }
    const auto labels = parse_labels(args.labels);
    if (!labels) return fail(labels.error());
    const auto dataset = sensors::dataset::Dataset::open(args.dataset);
    if (!dataset) return fail(dataset.error());
    if (args.sample < 0 || args.sample >= static_cast<std::int64_t>(dataset->size())) {
        return fail({.message = fmt::format("--sample is {}, but {} holds {} samples", args.sample,
                                            args.dataset, dataset->size())});
    }
    const auto first = dataset->read(static_cast<std::size_t>(args.sample));
    if (!first) return fail(first.error());
    if (!args.camera.empty()) {
        std::string names;
        bool found = false;
        for (const auto& camera : first->cameras) {
            names += (names.empty() ? "" : ", ") + camera.camera.name;
            found = found || camera.camera.name == args.camera;
        }
        if (!found) {
            return fail(
                {.message = fmt::format("--camera is {}, expected one of {}", args.camera, names)});
        }
    }
    if (const std::string names = lacking(*labels, *first); !names.empty()) {
        std::fprintf(stderr, "huntsman: note: sample %lld of this %s dataset has no %s\n",
                     static_cast<long long>(args.sample), dataset->format().c_str(), names.c_str());
    }
    const Status status = extension == ".png" ? write_picture(args, *labels, *first)
                                              : write_page(args, *labels, *dataset);
    if (!status) return fail(status.error());
    std::printf("%s\n", args.out.c_str());
    return 0;
}

}  // namespace

void add_inspect(CLI::App& app, Body& chosen) {
    auto args = std::make_shared<InspectArguments>();
    auto* command = app.add_subcommand(
        "inspect",
        "Show samples of a dataset with their labels.\n"
        "Example: huntsman inspect data/town --labels depth,boxes3d --out sample.png");
    command->add_option("dataset", args->dataset, "Folder of the dataset")->required();
    command->add_option("--sample", args->sample, "Number of the (first) sample")
        ->capture_default_str();
    command
        ->add_option("--samples", args->samples,
                     "Of a page: how many, spread from the first to the dataset's last")
        ->capture_default_str();
    command->add_option("--camera", args->camera, "Only this camera");
    command
        ->add_option("--labels", args->labels,
                     "depth, semantic, instance, normals, flow, boxes, boxes3d, keypoints, lanes, "
                     "marks, signals, signs, lidar, lidar_class, minds, birds_eye or all; of a "
                     "page: those that show at first")
        ->capture_default_str();
    command->add_option("--opacity", args->opacity, "Of labels that cover the picture, 0 to 1")
        ->capture_default_str();
    command->add_option("--out", args->out, "PNG picture, or HTML page that needs nothing else")
        ->capture_default_str();
    command->callback([args, &chosen] { chosen = [args] { return inspect(*args); }; });
}

}  // namespace huntsman::apps
