// What a run leaves behind to be computed again and checked: what it was started with, what came
// in from outside, hash chain.
//
// File `recording.hmr`, little-endian throughout:
//     8 bytes   magic "HMRECORD"
//     u32       version, 3
//     u64       size of the whole file [bytes]
//     u64       length of `inputs`, then its bytes
//     u64       number of external inputs, then for each: i64 tick, u32 actor, u8 kind,
//               u8 number of values, f64 each (see inputs.h); ticks do not fall
//     u64       number of links, then for each: i64 tick, u8 phase, u64 hash
//     u64       XXH3 of all bytes before
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/sim/inputs.h"
#include "engine/sim/simulation.h"

namespace huntsman::engine::sim {

struct Recording {
    std::string inputs;  // the caller's JSON: scenario, seed, parameters
    std::vector<ExternalInput> external;
    std::vector<ChainLink> chain;
};

constexpr const char* kRecordingFile = "recording.hmr";

core::Status write_recording(const std::filesystem::path& path, const Recording& recording);

// Errors say in one sentence whether the file is missing, no recording, of another version,
// truncated or corrupted (its checksum covers every byte). Never allocates more than a small
// multiple of the file's size. With `altered` given, a wrong checksum is no error but sets it: the
// content is then as it stands in the file, for a verification that names what was altered.
core::Result<Recording> read_recording(const std::filesystem::path& path, bool* altered = nullptr);

// The first place where two chains part.
struct Difference {
    enum class Which {
        kHash,        // same tick and phase, other values of what the phase may write
        kSchedule,    // other phase or tick at the same place of the chain
        kFirstEnds,   // the first chain is shorter, equal so far
        kSecondEnds,  // the second chain is shorter, equal so far
    };
    std::int64_t tick = 0;
    PhaseOrder phase = PhaseOrder::kSense;
    Which which = Which::kHash;
};
std::optional<Difference> first_difference(std::span<const ChainLink> first,
                                           std::span<const ChainLink> second);

}  // namespace huntsman::engine::sim
