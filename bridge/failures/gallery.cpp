#include "bridge/failures/gallery.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bridge/hunt/minimal.h"
#include "bridge/run/numbers.h"
#include "engine/core/files.h"
#include "scenarios/model/scenario_fields.h"

namespace huntsman::bridge::failures {

namespace fs = std::filesystem;
using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;
using engine::core::Status;
using nlohmann::ordered_json;

namespace {

std::string word(const ordered_json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

const ordered_json& list(const ordered_json& json, const char* key) {
    static const ordered_json kNone = ordered_json::array();
    const auto found = json.find(key);
    return found != json.end() && found->is_array() ? *found : kNone;
}

// A finding about one of the cluster's runs, of the first that has one; null where none has.
struct Finding {
    const JudgedRun* run = nullptr;
    ordered_json json;
};
Result<Finding> finding_of(const Cluster& cluster, const char* kind) {
    for (const JudgedRun& run : cluster.members) {
        HM_TAKE(const auto store, suite::Store::open(run.file, database::Access::kReadOnly));
        HM_TAKE(const std::string text, store.finding(run.key, kind));
        auto json = ordered_json::parse(text, nullptr, false);
        if (json.is_object()) return Finding{&run, std::move(json)};
    }
    return Finding{};
}

// A path of a finding: absolute, or from the results file's folder.
fs::path resolved(const Finding& finding, const std::string& path) {
    return fs::absolute(finding.run->file).parent_path() / path;
}

Blame blame_of(const Finding& finding) {
    Blame blame;
    if (finding.run == nullptr) return blame;
    blame.sentence = word(finding.json, "sentence");
    for (const auto& part : list(finding.json, "parts")) {
        if (!part.is_object() || !part.contains("share") || !part.at("share").is_number()) continue;
        blame.parts.emplace_back(word(part, "part"), part.at("share").get<double>());
    }
    std::ranges::stable_sort(blame.parts, std::greater<>(),
                             &std::pair<std::string, double>::second);
    for (const auto& change : list(finding.json, "world")) {
        if (!change.is_object() || !change.contains("passes")) continue;
        const auto& passes = change.at("passes");
        if (passes.is_boolean()) blame.world.emplace_back(word(change, "change"), passes);
    }
    for (const auto& picture : list(finding.json, "pictures")) {
        if (!picture.is_string()) continue;
        blame.pictures.push_back(resolved(finding, picture.get<std::string>()));
    }
    return blame;
}

// Writes the options' scenario and returns the command that drives it; its text goes to `scenario`.
Result<std::string> write_scenario(const loop::RunOptions& options, const fs::path& file,
                                   std::string& scenario) {
    scenario = scenarios::model::to_json(options.scenario);
    HM_TRY(engine::core::write_file(file, scenario));
    return hunt::run_command(options, file);
}

class Maker {
  public:
    Maker(const GallerySettings& settings, const GalleryCallbacks& callbacks)
        : settings_(settings), callbacks_(callbacks) {}

    Result<Gallery> make() {
        HM_TRY(run::check_range("--pictures", settings_.pictures, 0, 10'000));
        if (settings_.html.empty()) return Error{.message = "--html is missing, expected a page"};
        HM_TAKE(const auto runs, judged_runs(settings_.files, settings_.filter));
        gallery_.files = settings_.files;
        gallery_.runs = runs.size();
        gallery_.failed = static_cast<std::size_t>(std::ranges::count_if(runs, &JudgedRun::failed));
        folder_ = settings_.html;
        folder_.replace_extension();
        // Not the page itself, where that has no ending.
        if (folder_ == settings_.html) folder_ += "_scenarios";
        for (Cluster& cluster : clusters_of(runs)) {
            gallery_.entries.push_back({.cluster = std::move(cluster)});
            HM_TRY(describe(gallery_.entries.back(), gallery_.entries.size()));
        }
        HM_TRY(write());
        HM_TRY(add_pictures());
        return std::move(gallery_);
    }

  private:
    Status write() const { return engine::core::write_file(settings_.html, html(gallery_)); }

    // All but pictures.
    Status describe(GalleryEntry& entry, std::size_t number) {
        HM_TRY(engine::core::make_writable_folder(folder_));
        const auto options = options_of(entry.cluster.first());
        if (options) {
            HM_TAKE(
                entry.command,
                write_scenario(*options, folder_ / fmt::format("{}.json", number), entry.scenario));
        } else {
            entry.trouble = options.error().message;
        }
        HM_TAKE(const Finding shrunk, finding_of(entry.cluster, "shrink"));
        if (shrunk.run != nullptr) {
            // The signature stands above already.
            const std::string sentence = word(shrunk.json, "sentence"),
                              signature = word(shrunk.json, "signature") + ": ";
            const bool twice = sentence.starts_with(signature);
            entry.needs = {twice ? sentence.substr(signature.size()) : sentence,
                           word(shrunk.json, "command")};
            JudgedRun minimal = *shrunk.run;
            minimal.key = word(shrunk.json, "run");
            if (const auto least = options_of(minimal)) {
                HM_TAKE(entry.needs.command,
                        write_scenario(*least, folder_ / fmt::format("{}_minimal.json", number),
                                       entry.minimal));
            }
        }
        HM_TAKE(const Finding blamed, finding_of(entry.cluster, "blame"));
        entry.blame = blame_of(blamed);
        for (const fs::path& picture : entry.blame.pictures) {
            const auto bytes = engine::core::read_file(picture);
            if (bytes)
                entry.shown.pictures.push_back({"", std::string(bytes->begin(), bytes->end())});
        }
        return {};
    }

    Status add_pictures() {
        std::vector<GalleryEntry*> wanted;
        for (GalleryEntry& entry : gallery_.entries) {
            const bool lacks = entry.shown.pictures.empty() && entry.trouble.empty();
            if (lacks && std::ssize(wanted) < settings_.pictures) wanted.push_back(&entry);
        }
        if (wanted.empty()) return {};
        HM_TRY(suite::rendering_device());
        run::Runner runner(0, 1);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const std::string signature = mine::text(wanted[i]->cluster.signature);
            const auto progress = [&](double share) {
                if (!callbacks_.progress) return;
                callbacks_.progress(
                    (static_cast<double>(i) + share) / static_cast<double>(wanted.size()),
                    signature);
            };
            progress(0);
            HM_TRY(show_again(runner, *wanted[i], progress));
            HM_TRY(write());
        }
        return {};
    }

    Status show_again(run::Runner& runner, GalleryEntry& entry,
                      const std::function<void(double)>& progress) {
        const JudgedRun& first = entry.cluster.first();
        HM_TAKE(const auto options, options_of(first));
        auto shown = show(runner, first, options, progress, callbacks_.stop);
        if (callbacks_.stop != nullptr && callbacks_.stop->load()) {
            return Error{.message = "interrupted; the page has what was finished",
                         .kind = ErrorKind::kInvalid};
        }
        if (shown) {
            entry.shown = std::move(*shown);
        } else {
            entry.trouble = fmt::format("run {} cannot be shown: {}", first.key.substr(0, 12),
                                        shown.error().text());
        }
        return {};
    }

    const GallerySettings& settings_;
    const GalleryCallbacks& callbacks_;
    fs::path folder_;  // of scenario files
    Gallery gallery_;
};

}  // namespace

Result<Gallery> make_gallery(const GallerySettings& settings, const GalleryCallbacks& callbacks) {
    return Maker(settings, callbacks).make();
}

}  // namespace huntsman::bridge::failures
