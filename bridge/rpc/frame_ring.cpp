#include "bridge/rpc/frame_ring.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;

namespace {

constexpr char kMagic[8] = {'H', 'M', 'F', 'R', 'A', 'M', 'E', 'S'};
constexpr std::uint64_t kPage = 4096;
// Far above what rigs need, far below where sums of sizes could overflow.
constexpr std::uint64_t kMostRingBytes = 1ULL << 40;

struct RingHeader {
    char magic[8];
    std::uint32_t version, slots;
    std::uint64_t slot_bytes, slots_offset, pixels_offset;
};
static_assert(sizeof(RingHeader) == 40);

Error no_memory(double bytes, const std::string& why) {
    return {.message = fmt::format("{:.1f} MB of shared memory for frames cannot be had: {}",
                                   1e-6 * bytes, why),
            .kind = ErrorKind::kMachine};
}
Error no_memory(std::uint64_t bytes, int why) {
    return no_memory(static_cast<double>(bytes), std::strerror(why));
}

// What the machine can give without taking it from others; nothing where it does not say.
std::optional<std::uint64_t> available_memory() {
    std::ifstream file("/proc/meminfo");
    std::string name;
    std::uint64_t kilobytes = 0;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        if (words >> name >> kilobytes && name == "MemAvailable:") return 1024 * kilobytes;
    }
    return std::nullopt;
}

}  // namespace

// ---- Writing

Result<std::unique_ptr<FrameRing>> FrameRing::create(std::uint64_t pixel_bytes,
                                                     std::uint32_t slots) {
    HM_CHECK(slots >= 1 && slots <= kMostSlots, "{} slots", slots);
    std::unique_ptr<FrameRing> ring(new FrameRing());
    // The kernel would rather end processes than refuse such memory.
    const std::uint64_t most = available_memory().value_or(kMostRingBytes) / 2;
    if (pixel_bytes > std::min(most, kMostRingBytes) / slots) {
        return no_memory(static_cast<double>(pixel_bytes) * slots,
                         fmt::format("expected at most half of what is free, {:.1f} MB",
                                     1e-6 * static_cast<double>(most)));
    }
    ring->pixel_bytes_ = pixel_bytes;
    ring->slot_bytes_ = (kPixelsOffset + pixel_bytes + kPage - 1) / kPage * kPage;
    ring->slots_ = slots;
    ring->bytes_ = kSlotsOffset + slots * ring->slot_bytes_;
    ring->descriptor_ = memfd_create("huntsman-frames", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (ring->descriptor_ < 0) return no_memory(ring->bytes_, errno);
    // Taken now, so that no write finds memory missing.
    const int full = posix_fallocate(ring->descriptor_, 0, static_cast<off_t>(ring->bytes_));
    if (full != 0) return no_memory(ring->bytes_, full);
    void* memory =
        mmap(nullptr, ring->bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, ring->descriptor_, 0);
    if (memory == MAP_FAILED) return no_memory(ring->bytes_, errno);
    ring->memory_ = static_cast<std::uint8_t*>(memory);
    const RingHeader header{.magic = {},
                            .version = kRingVersion,
                            .slots = slots,
                            .slot_bytes = ring->slot_bytes_,
                            .slots_offset = kSlotsOffset,
                            .pixels_offset = kPixelsOffset};
    std::memcpy(ring->memory_, &header, sizeof header);
    std::memcpy(ring->memory_, kMagic, sizeof kMagic);
    if (fcntl(ring->descriptor_, F_ADD_SEALS,
              F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) != 0) {
        return no_memory(ring->bytes_, errno);
    }
    return ring;
}

FrameRing::~FrameRing() {
    if (memory_ != nullptr) munmap(memory_, bytes_);
    if (descriptor_ >= 0) close(descriptor_);
}

std::uint64_t& FrameRing::mark(std::uint64_t generation) {
    const std::uint64_t slot = (generation - 1) % slots_;
    return *reinterpret_cast<std::uint64_t*>(memory_ + kSlotsOffset + slot * slot_bytes_);
}

std::span<std::uint8_t> FrameRing::begin() {
    ++generation_;
    std::uint64_t& slot = mark(generation_);
    std::atomic_ref(slot).store(2 * generation_ - 1, std::memory_order_relaxed);
    // No pixel is written before the mark.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return {reinterpret_cast<std::uint8_t*>(&slot) + kPixelsOffset, pixel_bytes_};
}

RingPlace FrameRing::finish() {
    std::atomic_ref(mark(generation_)).store(2 * generation_, std::memory_order_release);
    return {static_cast<std::uint32_t>((generation_ - 1) % slots_), generation_};
}

// ---- Reading

Result<std::unique_ptr<FrameReader>> FrameReader::map(int descriptor) {
    struct Closer {
        int descriptor;
        ~Closer() { close(descriptor); }
    } const closer{descriptor};
    struct stat about {};
    const auto fail = [](const std::string& what) {
        return Error{.message = "the memory that was handed over " + what};
    };
    if (fstat(descriptor, &about) != 0) return fail("has no size");
    const auto bytes = static_cast<std::uint64_t>(about.st_size);
    if (bytes < kSlotsOffset) return fail(fmt::format("has {} bytes, expected a ring", bytes));
    // What can shrink could take the pages from under us.
    const int seals = fcntl(descriptor, F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) return fail("is not sealed");
    void* memory = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, descriptor, 0);
    if (memory == MAP_FAILED) {
        return fail(fmt::format("cannot be mapped: {}", std::strerror(errno)));
    }
    std::unique_ptr<FrameReader> reader(new FrameReader());
    reader->memory_ = static_cast<const std::uint8_t*>(memory);
    reader->bytes_ = bytes;
    RingHeader header{};
    std::memcpy(&header, reader->memory_, sizeof header);
    if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) return fail("is not a ring");
    if (header.version != kRingVersion) {
        return fail(
            fmt::format("is a ring of version {}, expected {}", header.version, kRingVersion));
    }
    const bool fits = header.slots >= 1 && header.slots <= kMostSlots &&
                      header.slots_offset <= bytes && header.pixels_offset <= header.slot_bytes &&
                      header.slots_offset % 8 == 0 && header.slot_bytes % 8 == 0 &&
                      header.pixels_offset >= 8 &&
                      header.slot_bytes <= (bytes - header.slots_offset) / header.slots;
    if (!fits) return fail("is a ring whose header says more than there is");
    reader->slots_ = header.slots;
    reader->slot_bytes_ = header.slot_bytes;
    reader->slots_offset_ = header.slots_offset;
    reader->pixels_offset_ = header.pixels_offset;
    return reader;
}

FrameReader::~FrameReader() {
    if (memory_ != nullptr) munmap(const_cast<std::uint8_t*>(memory_), bytes_);
}

bool FrameReader::holds(const RingPlace& place) const {
    if (place.slot >= slots_ || place.generation == 0) return false;
    // What was read stays before this.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const auto* mark =
        reinterpret_cast<const std::uint64_t*>(memory_ + slots_offset_ + place.slot * slot_bytes_);
    // atomic_ref wants a reference that is not const; it is only read.
    return std::atomic_ref(*const_cast<std::uint64_t*>(mark)).load(std::memory_order_acquire) ==
           2 * place.generation;
}

std::optional<std::span<const std::uint8_t>> FrameReader::pixels(const RingPlace& place) const {
    if (!holds(place)) return std::nullopt;
    const std::uint64_t slot = slots_offset_ + place.slot * slot_bytes_;
    return std::span(memory_ + slot + pixels_offset_, slot_bytes_ - pixels_offset_);
}

}  // namespace huntsman::bridge::rpc
