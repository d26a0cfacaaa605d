#include "engine/sim/recording.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "engine/core/files.h"
#include "engine/core/hash.h"

namespace huntsman::engine::sim {
namespace {

constexpr std::string_view kMagic = "HMRECORD";
constexpr std::uint32_t kVersion = 3;
constexpr std::size_t kHeaderBytes = 8 + 4 + 8;
constexpr std::size_t kLeastInputBytes = 8 + 4 + 1 + 1, kLinkBytes = 8 + 1 + 8;

// Appends an integer's or double's bytes, lowest first.
template <typename T>
void put(std::string& out, T value) {
    std::array<char, sizeof(T)> bytes{};
    std::memcpy(bytes.data(), &value, sizeof(T));
    if constexpr (std::endian::native == std::endian::big) {
        std::reverse(bytes.begin(), bytes.end());
    }
    out.append(bytes.data(), bytes.size());
}

// Takes values from the front; `ok` turns false at the first that is not there.
struct Reader {
    std::string_view rest;
    bool ok = true;

    template <typename T>
    T take() {
        if (!ok || rest.size() < sizeof(T)) {
            ok = false;
            return T{};
        }
        std::array<char, sizeof(T)> bytes{};
        std::memcpy(bytes.data(), rest.data(), sizeof(T));
        if constexpr (std::endian::native == std::endian::big) {
            std::reverse(bytes.begin(), bytes.end());
        }
        T value;
        std::memcpy(&value, bytes.data(), sizeof(T));
        rest.remove_prefix(sizeof(T));
        return value;
    }
    // A count of items of a size; false counts are caught before anything is allocated.
    std::size_t take_count(std::size_t item_bytes) {
        const auto count = take<std::uint64_t>();
        if (!ok || count > rest.size() / item_bytes) {
            ok = false;
            return 0;
        }
        return static_cast<std::size_t>(count);
    }
};

bool known(std::uint8_t phase) { return phase >= 10 && phase <= 80 && phase % 10 == 0; }

core::Error error(const std::filesystem::path& path, std::string message) {
    return {std::move(message), core::ErrorKind::kInput, path.string()};
}

}  // namespace

core::Status write_recording(const std::filesystem::path& path, const Recording& recording) {
    std::string out;
    std::size_t size = kHeaderBytes + 8 + recording.inputs.size() + 8 + 8 +
                       recording.chain.size() * kLinkBytes + 8;
    for (const ExternalInput& input : recording.external) {
        HM_CHECK(input.values.size() <= std::numeric_limits<std::uint8_t>::max(), "{} values",
                 input.values.size());
        size += kLeastInputBytes + 8 * input.values.size();
    }
    out.reserve(size);
    out += kMagic;
    put(out, kVersion);
    put(out, static_cast<std::uint64_t>(size));
    put(out, static_cast<std::uint64_t>(recording.inputs.size()));
    out += recording.inputs;
    put(out, static_cast<std::uint64_t>(recording.external.size()));
    for (const ExternalInput& input : recording.external) {
        put(out, input.tick);
        put(out, static_cast<std::uint32_t>(input.actor));
        put(out, static_cast<std::uint8_t>(input.kind));
        put(out, static_cast<std::uint8_t>(input.values.size()));
        for (const double value : input.values) put(out, value);
    }
    put(out, static_cast<std::uint64_t>(recording.chain.size()));
    for (const ChainLink& link : recording.chain) {
        put(out, link.tick);
        put(out, static_cast<std::uint8_t>(link.phase));
        put(out, link.hash);
    }
    put(out, core::hash_bytes(out.data(), out.size()));
    return core::write_file(path, out);
}

core::Result<Recording> read_recording(const std::filesystem::path& path, bool* altered) {
    HM_TAKE(const std::string bytes, core::read_file(path));

    // Is it a recording, of this version, whole and unharmed?
    if (!std::string_view(bytes)
             .substr(0, kMagic.size())
             .starts_with(kMagic.substr(0, std::min(kMagic.size(), bytes.size())))) {
        return error(path, "this is not a recording: it does not begin with HMRECORD");
    }
    if (bytes.size() < kHeaderBytes + 8) {
        return error(path, fmt::format("the recording is truncated: {} bytes do not even hold its "
                                       "header",
                                       bytes.size()));
    }
    Reader reader{std::string_view(bytes).substr(kMagic.size())};
    const auto version = reader.take<std::uint32_t>();
    if (version != kVersion) {
        return error(path, fmt::format("the recording has version {}, this program reads version "
                                       "{}; drive the run again to record it",
                                       version, kVersion));
    }
    const auto size = reader.take<std::uint64_t>();
    if (size != bytes.size()) {
        return error(path, fmt::format("the recording is truncated or corrupted: it has {} bytes, "
                                       "its header says {}",
                                       bytes.size(), size));
    }
    Reader tail{std::string_view(bytes).substr(bytes.size() - 8)};
    const bool wrong_checksum =
        tail.take<std::uint64_t>() != core::hash_bytes(bytes.data(), bytes.size() - 8);
    if (altered != nullptr) *altered = wrong_checksum;
    if (wrong_checksum && altered == nullptr) {
        return error(path, "the recording is corrupted: its checksum does not match");
    }
    reader.rest.remove_suffix(8);

    // Its content; a writer other than ours could still have got it wrong.
    Recording recording;
    const std::size_t length = reader.take_count(1);
    recording.inputs = reader.rest.substr(0, length);
    reader.rest.remove_prefix(length);
    const std::size_t count = reader.take_count(kLeastInputBytes);
    recording.external.reserve(count);
    for (std::size_t i = 0; i < count && reader.ok; ++i) {
        ExternalInput& input = recording.external.emplace_back();
        input.tick = reader.take<std::int64_t>();
        input.actor = reader.take<std::uint32_t>();
        input.kind = static_cast<InputKind>(reader.take<std::uint8_t>());
        input.values.resize(reader.take<std::uint8_t>());
        for (double& value : input.values) value = reader.take<double>();
        if (!reader.ok) break;
        if (const auto status = check(input); !status) {
            return error(path, "the recording contradicts its format: " + status.error().message);
        }
        if (i > 0 && input.tick < recording.external[i - 1].tick) {
            return error(path, fmt::format("the recording contradicts its format: an input of tick "
                                           "{} comes after one of tick {}",
                                           input.tick, recording.external[i - 1].tick));
        }
    }
    recording.chain.resize(reader.take_count(kLinkBytes));
    bool phases_known = true;
    for (ChainLink& link : recording.chain) {
        link.tick = reader.take<std::int64_t>();
        const auto phase = reader.take<std::uint8_t>();
        phases_known = phases_known && known(phase);
        link.phase = static_cast<PhaseOrder>(phase);
        link.hash = reader.take<std::uint64_t>();
    }
    if (!reader.ok || !reader.rest.empty() || !phases_known) {
        return error(path, "the recording's content contradicts its own counts or phases");
    }
    return recording;
}

std::optional<Difference> first_difference(std::span<const ChainLink> first,
                                           std::span<const ChainLink> second) {
    const std::size_t common = std::min(first.size(), second.size());
    for (std::size_t i = 0; i < common; ++i) {
        const ChainLink &a = first[i], &b = second[i];
        if (a == b) continue;
        const bool same_place = a.tick == b.tick && a.phase == b.phase;
        return Difference{a.tick, a.phase,
                          same_place ? Difference::Which::kHash : Difference::Which::kSchedule};
    }
    if (first.size() == second.size()) return std::nullopt;
    const bool first_ends = first.size() < second.size();
    const ChainLink& next = first_ends ? second[common] : first[common];
    return Difference{next.tick, next.phase,
                      first_ends ? Difference::Which::kFirstEnds : Difference::Which::kSecondEnds};
}

}  // namespace huntsman::engine::sim
