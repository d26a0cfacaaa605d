// Pictures in memory that two processes share: a ring of slots, each with the pictures of one
// camera tick.
//
// The memory is a memfd: it has no name, and is gone when the last of both processes is. It can be
// neither shrunk nor grown, and only the process that made it can write. Layout, little-endian,
// offsets from the memory's first byte:
//
//     0                         8 bytes  magic "HMFRAMES"
//     8                         u32      version, 1
//     12                        u32      number of slots
//     16                        u64      bytes from a slot to the next
//     24                        u64      offset of the first slot, 4096
//     32                        u64      offset of the pixels in a slot, 64
//     slot + 0                  u64      mark: 2 g where the slot holds generation g whole,
//                                        2 g - 1 while that is written; 0: nothing yet
//     slot + 64                 pixels; where those of a camera begin is agreed on elsewhere
//
// Generations count from 1. A reader is told slot and generation; what it has read is whole if the
// mark was 2 g before and after. The writer goes around the ring: a slot is written again after
// `slots` further ticks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "engine/core/result.h"

namespace huntsman::bridge::rpc {

constexpr std::uint32_t kRingVersion = 1;
constexpr std::uint64_t kSlotsOffset = 4096, kPixelsOffset = 64;
constexpr std::uint32_t kMostSlots = 64;

struct RingPlace {
    std::uint32_t slot = 0;
    std::uint64_t generation = 0;
};

// The end that writes; one thread.
class FrameRing {
  public:
    // `pixel_bytes` of each slot. Errors: more memory than the machine gives.
    static engine::core::Result<std::unique_ptr<FrameRing>> create(std::uint64_t pixel_bytes,
                                                                   std::uint32_t slots);
    ~FrameRing();
    FrameRing(const FrameRing&) = delete;
    FrameRing& operator=(const FrameRing&) = delete;

    // The pixels of the next slot, which holds nothing whole until `finish`.
    std::span<std::uint8_t> begin();
    RingPlace finish();

    int descriptor() const { return descriptor_; }
    std::uint64_t bytes() const { return bytes_; }
    std::uint64_t slot_bytes() const { return slot_bytes_; }
    std::uint32_t slots() const { return slots_; }

  private:
    FrameRing() = default;
    std::uint64_t& mark(std::uint64_t generation);

    int descriptor_ = -1;
    std::uint8_t* memory_ = nullptr;
    std::uint64_t bytes_ = 0, slot_bytes_ = 0, pixel_bytes_ = 0, generation_ = 0;
    std::uint32_t slots_ = 0;
};

// The end that reads.
class FrameReader {
  public:
    // Takes the descriptor over. Errors: no ring of this version, or its header says more than
    // there is.
    static engine::core::Result<std::unique_ptr<FrameReader>> map(int descriptor);
    ~FrameReader();
    FrameReader(const FrameReader&) = delete;
    FrameReader& operator=(const FrameReader&) = delete;

    // The pixels, where the slot holds this generation whole.
    std::optional<std::span<const std::uint8_t>> pixels(const RingPlace& place) const;
    // Whether it still does: asked after reading.
    bool holds(const RingPlace& place) const;

    std::uint32_t slots() const { return slots_; }

  private:
    FrameReader() = default;

    const std::uint8_t* memory_ = nullptr;
    std::uint64_t bytes_ = 0, slot_bytes_ = 0, slots_offset_ = 0, pixels_offset_ = 0;
    std::uint32_t slots_ = 0;
};

}  // namespace huntsman::bridge::rpc
