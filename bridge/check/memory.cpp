#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <map>
#include <set>

#include "bridge/check/check.h"
#include "engine/core/files.h"

namespace huntsman::bridge::check {

namespace {

namespace fs = std::filesystem;

// Of /proc/PID/status, in kB; 0 where the line is missing.
double field_kb(const std::string& status, std::string_view name) {
    const std::size_t at = status.find(name);
    if (at == std::string::npos) return 0;
    std::size_t from = at + name.size();
    while (from < status.size() && (status[from] == ' ' || status[from] == '\t')) ++from;
    double value = 0;
    std::from_chars(status.data() + from, status.data() + status.size(), value);
    return value;
}

struct ProcessFacts {
    int parent = 0;
    double memory_mb = 0;
};

std::map<int, ProcessFacts> processes() {
    std::map<int, ProcessFacts> all;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const std::string name = entry.path().filename().string();
        int id = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
        if (error != std::errc() || end != name.data() + name.size()) continue;
        const auto status = engine::core::read_file(entry.path() / "status");
        if (!status) continue;  // it has ended meanwhile
        all[id] = {static_cast<int>(field_kb(*status, "\nPPid:")),
                   field_kb(*status, "\nVmRSS:") / 1024};
    }
    return all;
}

}  // namespace

std::optional<double> children_memory_mb() {
    const auto all = processes();
    std::set<int> ours = {getpid()};
    for (bool grown = true; grown;) {
        grown = false;
        for (const auto& [id, facts] : all) {
            if (ours.count(facts.parent) > 0 && ours.insert(id).second) grown = true;
        }
    }
    ours.erase(getpid());
    if (ours.empty()) return {};
    double sum = 0;
    for (const int id : ours) sum += all.at(id).memory_mb;
    return sum;
}

double own_memory_mb() {
    const auto status = engine::core::read_file("/proc/self/status");
    return status ? field_kb(*status, "\nVmRSS:") / 1024 : 0;
}

}  // namespace huntsman::bridge::check
