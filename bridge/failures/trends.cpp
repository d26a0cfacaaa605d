#include "bridge/failures/trends.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace huntsman::bridge::failures {

using nlohmann::ordered_json;

namespace {

struct OfDriver {
    std::size_t runs = 0, failed = 0;
    std::set<std::string> signatures;
};

std::vector<std::string> without(const std::set<std::string>& all,
                                 const std::set<std::string>& others) {
    std::vector<std::string> left;
    std::ranges::set_difference(all, others, std::back_inserter(left));
    return left;
}

}  // namespace

Share share_of(std::size_t failed, std::size_t runs) {
    if (runs == 0) return {};
    constexpr double z = 1.959963984540054;  // two-sided 95 % of a normal distribution
    const double n = static_cast<double>(runs), p = static_cast<double>(failed) / n;
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return {
        .value = p, .lower = std::max(0.0, middle - half), .upper = std::min(1.0, middle + half)};
}

std::vector<DriverTrend> trends_of(std::span<const JudgedRun> runs,
                                   std::span<const std::string> order) {
    std::map<std::string, OfDriver> found;
    for (const JudgedRun& run : runs) {
        OfDriver& of_driver = found[run.driver];
        ++of_driver.runs;
        if (!run.failed()) continue;
        ++of_driver.failed;
        of_driver.signatures.insert(mine::text(run.facts.signature));
    }
    std::vector<std::string> drivers(order.begin(), order.end());
    if (drivers.empty()) {
        for (const auto& [driver, of_driver] : found) drivers.push_back(driver);
    }
    std::vector<DriverTrend> trends;
    for (std::size_t i = 0; i < drivers.size(); ++i) {
        const OfDriver& now = found[drivers[i]];
        DriverTrend trend{.driver = drivers[i],
                          .runs = now.runs,
                          .failed = now.failed,
                          .share = share_of(now.failed, now.runs),
                          .signatures = {now.signatures.begin(), now.signatures.end()}};
        if (i > 0) {
            const OfDriver& before = found[drivers[i - 1]];
            trend.appeared = without(now.signatures, before.signatures);
            trend.gone = without(before.signatures, now.signatures);
        }
        trends.push_back(std::move(trend));
    }
    return trends;
}

std::string text(std::span<const DriverTrend> trends) {
    std::string out = fmt::format("{:<24} {:>6} {:>7} {:>8} {:>16} {:>9}\n", "driver", "runs",
                                  "failed", "share", "95 % interval", "distinct");
    for (const DriverTrend& t : trends) {
        out +=
            fmt::format("{:<24} {:>6} {:>7} {:>6.1f} % {:>16} {:>9}\n", t.driver, t.runs, t.failed,
                        100 * t.share.value,
                        fmt::format("{:.1f} to {:.1f} %", 100 * t.share.lower, 100 * t.share.upper),
                        t.signatures.size());
        for (const std::string& signature : t.appeared) out += "   new   " + signature + "\n";
        for (const std::string& signature : t.gone) out += "   gone  " + signature + "\n";
    }
    return out;
}

ordered_json to_json(std::span<const DriverTrend> trends) {
    ordered_json list = ordered_json::array();
    for (const DriverTrend& t : trends) {
        list.push_back({{"driver", t.driver},
                        {"runs", t.runs},
                        {"failed", t.failed},
                        {"share", t.share.value},
                        {"interval", {t.share.lower, t.share.upper}},
                        {"signatures", t.signatures},
                        {"new", t.appeared},
                        {"gone", t.gone}});
    }
    return {{"schema_version", 1}, {"drivers", std::move(list)}};
}

}  // namespace huntsman::bridge::failures
