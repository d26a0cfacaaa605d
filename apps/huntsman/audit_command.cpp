// huntsman audit: a dataset checked against itself.
#include <cstdio>

#include "apps/huntsman/common.h"
#include "sensors/dataset/audit.h"

namespace huntsman::apps {

namespace {

int audit(const std::string& folder) {
    const auto dataset = sensors::dataset::Dataset::open(folder);
    if (!dataset) return fail(dataset.error());
    std::size_t said = 0;
    sensors::dataset::AuditCounts counts;
    {
        Progress progress("audit");
        counts = sensors::dataset::audit(
            *dataset,
            [&](const sensors::dataset::Finding& finding) {
                std::printf("%s: %s\n", finding.place.c_str(), finding.what.c_str());
                ++said;
            },
            [&](double share) {
                progress.show(share);
                return !stop_flag();
            });
    }
    std::printf("%s: %zu of %zu samples in %zu scenes read, %zu damaged, %zu objects audited, ",
                dataset->format().c_str(), counts.samples, dataset->size(),
                dataset->scenes().size(), counts.damaged, counts.objects);
    std::printf("%zu finding%s\n", said, said == 1 ? "" : "s");
    if (dataset->size() > 0 && counts.samples == 0) return 2;
    return said == 0 ? 0 : 1;
}

}  // namespace

void add_audit(CLI::App& app, Body& chosen) {
    CLI::App* command = app.add_subcommand(
        "audit",
        "Check a dataset: files, hashes and tables, then every sample's labels against each "
        "other.\nExit code 0: nothing found, 1: something found, 2: not to be read.");
    auto folder = std::make_shared<std::string>();
    command->add_option("DATASET", *folder, "folder with huntsman.json")->required();
    command->callback([folder, &chosen] { chosen = [folder] { return audit(*folder); }; });
}

}  // namespace huntsman::apps
