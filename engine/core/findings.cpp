#include "engine/core/findings.h"

#include <fmt/format.h>

#include <algorithm>

namespace huntsman::engine::core {

const char* name(Severity severity) {
    switch (severity) {
        case Severity::kNote:
            return "note";
        case Severity::kWarning:
            return "warning";
        case Severity::kError:
            return "error";
    }
    return "";
}

void Findings::add(Severity severity, int line, std::string_view rule, std::string message,
                   std::uint32_t file) {
    auto found = counts_.find(rule);
    if (found == counts_.end()) found = counts_.emplace(std::string(rule), Count{}).first;
    Count& count = found->second;
    count.worst = std::max(count.worst, severity);
    if (++count.number > kMaxPerRule) return;
    list_.push_back({severity, line, std::string(rule), std::move(message), file});
}

std::vector<Finding> Findings::take() {
    for (const auto& [rule, count] : counts_) {
        if (count.number <= kMaxPerRule) continue;
        list_.push_back(
            {count.worst, 0, rule,
             fmt::format("and {} more findings of this rule", count.number - kMaxPerRule)});
    }
    counts_.clear();
    return std::move(list_);
}

const Finding* Findings::first_error() const {
    const auto at = std::ranges::find(list_, Severity::kError, &Finding::severity);
    return at == list_.end() ? nullptr : &*at;
}

}  // namespace huntsman::engine::core
