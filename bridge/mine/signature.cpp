#include "bridge/mine/signature.h"

#include <algorithm>
#include <limits>
#include <map>

namespace huntsman::bridge::mine {

namespace {

double weight_of(const Space& space, const Found& f) {
    const double plausibility = space.plausibility(f.u);
    if (f.e.severity >= 0) return f.e.severity * plausibility;
    // Division by 0 gives -infinity, the least weight.
    return f.e.severity / plausibility;
}

}  // namespace

std::string text(const Signature& signature) {
    std::string text;
    for (const std::string* part :
         {&signature.kind, &signature.other, &signature.geometry, &signature.cause}) {
        if (part->empty()) continue;
        if (!text.empty()) text += ", ";
        text += *part;
    }
    return text;
}

std::vector<Distinct> distinct(const Space& space, std::span<const Found> found,
                               std::span<const Signature> signatures) {
    HM_CHECK(found.size() == signatures.size(), "{} signatures for {} points", signatures.size(),
             found.size());
    std::vector<Distinct> all;  // in the order in which they were found first
    std::map<Signature, std::size_t> index;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i].e.valid || !found[i].e.failed) continue;
        const double weight = weight_of(space, found[i]);
        const auto [at, is_new] = index.try_emplace(signatures[i], all.size());
        if (is_new) all.push_back({signatures[i], i, 0, weight});
        Distinct& d = all[at->second];
        ++d.count;
        if (weight > d.weight) {
            d.worst = i;
            d.weight = weight;
        }
    }
    std::ranges::stable_sort(
        all, [](const Distinct& a, const Distinct& b) { return a.weight > b.weight; });
    return all;
}

}  // namespace huntsman::bridge::mine
