#include "sensors/dataset/coco/runs.h"

namespace huntsman::sensors::dataset::coco {

std::string Runs::text(std::uint32_t pixels) const {
    std::vector<std::int64_t> counts;
    std::uint32_t at = 0;
    for (const auto& [from, to] : runs_) {
        counts.push_back(from - at);
        counts.push_back(to - from);
        at = to;
    }
    if (at < pixels) counts.push_back(pixels - at);
    std::string digits;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        std::int64_t x = i > 2 ? counts[i] - counts[i - 2] : counts[i];
        for (bool more = true; more;) {
            std::int64_t digit = x & 0x1f;
            x >>= 5;
            more = (digit & 0x10) != 0 ? x != -1 : x != 0;
            digits.push_back(static_cast<char>('0' + (more ? digit | 0x20 : digit)));
        }
    }
    return digits;
}

std::int64_t area_of_runs(const std::string& text, std::int64_t pixels) {
    std::vector<std::int64_t> counts;
    std::int64_t total = 0, inside = 0;
    for (std::size_t at = 0; at < text.size();) {
        std::int64_t x = 0;
        for (unsigned shift = 0;; shift += 5) {
            if (at == text.size() || shift > 30) return -1;
            const int digit = text[at++] - '0';
            if (digit < 0 || digit > 63) return -1;
            x |= static_cast<std::int64_t>(digit & 0x1f) << shift;
            if ((digit & 0x20) != 0) continue;
            if ((digit & 0x10) != 0) x -= std::int64_t{1} << (shift + 5);
            break;
        }
        if (counts.size() > 2) x += counts[counts.size() - 2];
        if (x < 0 || x > pixels - total) return -1;
        total += x;
        if (counts.size() % 2 == 1) inside += x;
        counts.push_back(x);
    }
    return total == pixels ? inside : -1;
}

}  // namespace huntsman::sensors::dataset::coco
