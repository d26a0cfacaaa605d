// huntsman audit: a dataset checked against itself.
#include <cstdio>

#include "apps/huntsman/common.h"
#include "sensors/dataset/audit.h"
#include "sensors/dataset/fields.h"

namespace huntsman::apps {

namespace {

using sensors::dataset::Json;

int audit(const std::string& folder, bool as_json) {
    const auto dataset = sensors::dataset::Dataset::open(folder);
    if (!dataset) return fail(dataset.error());
    std::size_t said = 0;
    Json findings = Json::array();
    sensors::dataset::AuditCounts counts;
    {
        Progress progress("audit");
        counts = sensors::dataset::audit(
            *dataset,
            [&](const sensors::dataset::Finding& finding) {
                ++said;
                if (as_json) {
                    findings.push_back({{"place", finding.place}, {"what", finding.what}});
                } else {
                    std::printf("%s: %s\n", finding.place.c_str(), finding.what.c_str());
                }
            },
            [&](double share) {
                progress.show(share);
                return !stop_flag();
            });
    }
    const int code = dataset->size() > 0 && counts.samples == 0 ? 2 : said == 0 ? 0 : 1;
    if (as_json) {
        std::printf("%s\n", Json{{"format", dataset->format()},
                                 {"scenes", dataset->scenes().size()},
                                 {"samples", dataset->size()},
                                 {"samples_read", counts.samples},
                                 {"samples_damaged", counts.damaged},
                                 {"objects_audited", counts.objects},
                                 {"findings", std::move(findings)}}
                                .dump(1, ' ', false, Json::error_handler_t::replace)
                                .c_str());
        return code;
    }
    std::printf("%s: %zu of %zu samples in %zu scenes read, %zu damaged, %zu objects audited, ",
                dataset->format().c_str(), counts.samples, dataset->size(),
                dataset->scenes().size(), counts.damaged, counts.objects);
    std::printf("%zu finding%s\n", said, said == 1 ? "" : "s");
    return code;
}

}  // namespace

void add_audit(CLI::App& app, Body& chosen) {
    CLI::App* command = app.add_subcommand(
        "audit",
        "Check a dataset: files, hashes and tables, then every sample's labels against each "
        "other.\nExit code 0: nothing found, 1: something found, 2: not to be read.\n"
        "Example: huntsman audit dataset");
    auto folder = std::make_shared<std::string>();
    auto as_json = std::make_shared<bool>(false);
    command->add_option("DATASET", *folder, "Folder with huntsman.json")->required();
    command->add_flag("--json", *as_json, "Print counts and findings as JSON");
    command->callback([folder, as_json, &chosen] {
        chosen = [folder, as_json] { return audit(*folder, *as_json); };
    });
}

}  // namespace huntsman::apps
