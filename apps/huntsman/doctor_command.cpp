// huntsman doctor: does this machine have what a run needs?
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/huntsman/common.h"
#include "bridge/torch/drivers.h"
#include "engine/render/renderer.h"
#include "sensors/encode/video.h"

namespace huntsman::apps {

namespace {

struct MachineFinding {
    std::string what, value, remedy;  // an empty remedy: all is well
};

MachineFinding check_video() {
    const auto path =
        std::filesystem::temp_directory_path() / fmt::format("huntsman-doctor-{}.mp4", getpid());
    auto writer = sensors::encode::VideoWriter::create(path, 64, 64, 10);
    if (!writer) {
        return {"video codec", writer.error().text(), "apt-get install libavcodec59 libx264-164"};
    }
    return {"video codec", writer->codec(), ""};
}

int doctor(bool json) {
    std::vector<MachineFinding> findings;
    auto renderer = engine::render::Renderer::create(engine::render::Quality::kStandard);
    if (renderer) {
        const auto& device = (*renderer)->device();
        findings.push_back(
            {"Vulkan device", device.device + (device.software ? " (software)" : ""), ""});
        findings.push_back({"Vulkan driver", device.driver + ", API " + device.api_version, ""});
        for (const auto& [limit, value] : device.limits)
            findings.push_back({"  " + limit, value, ""});
    } else {
        findings.push_back({"Vulkan device", renderer.error().text(),
                            "apt-get install mesa-vulkan-drivers libvulkan1"});
    }
    if (const auto torch = bridge::torch::torch_report()) {
        findings.push_back(
            {"LibTorch", fmt::format("{}, {} thread for inference", torch->version, torch->threads),
             ""});
    } else {
        findings.push_back({"LibTorch", torch.error().text(), "apt-get install libtorch-dev"});
    }
    findings.push_back(check_video());
    findings.push_back({"picture codecs", "JPEG (turbojpeg), PNG (libpng)", ""});
    findings.push_back(
        {"processor cores", fmt::format("{}", std::thread::hardware_concurrency()), ""});
    const double memory_gb = static_cast<double>(sysconf(_SC_PHYS_PAGES)) *
                             static_cast<double>(sysconf(_SC_PAGE_SIZE)) / 1e9;
    findings.push_back({"memory", fmt::format("{:.1f} GB", memory_gb),
                        memory_gb < 3 ? "3 GB or more are needed" : ""});
    struct statvfs disk {};
    double free_gb = 0;
    if (statvfs(".", &disk) == 0) {
        free_gb = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) / 1e9;
    }
    findings.push_back({"free disk here", fmt::format("{:.1f} GB", free_gb),
                        free_gb < 1 ? "a run with --save-frames takes about 1 GB a minute" : ""});
    const auto network = assets_folder() / "networks" / "perception.pt";
    auto driver = bridge::torch::make_network_driver(network);
    findings.push_back({"shipped network", driver ? network.string() : driver.error().text(),
                        driver ? "" : "huntsman train writes one; or check out the file again"});

    bool well = true;
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const MachineFinding& finding : findings) {
        well = well && finding.remedy.empty();
        rows.push_back({{"what", finding.what},
                        {"value", finding.value},
                        {"ok", finding.remedy.empty()},
                        {"remedy", finding.remedy}});
        if (json) continue;
        std::printf("  %-4s %-34s %s\n", finding.remedy.empty() ? "ok" : "LACK",
                    finding.what.c_str(), finding.value.c_str());
        if (!finding.remedy.empty()) std::printf("       remedy: %s\n", finding.remedy.c_str());
    }
    if (json) {
        const nlohmann::ordered_json document = {
            {"schema_version", 1}, {"ok", well}, {"rows", rows}};
        std::printf("%s\n", document.dump(2).c_str());
    }
    return well ? 0 : 3;
}

}  // namespace

void add_doctor(CLI::App& app, Body& chosen) {
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand(
        "doctor",
        "Check that this machine has what runs need; exits 3 with the remedy where it has not.\n"
        "Example: huntsman doctor --json");
    command->add_flag("--json", *json, "Print one JSON document on stdout");
    command->callback([json, &chosen] { chosen = [json] { return doctor(*json); }; });
}

}  // namespace huntsman::apps
