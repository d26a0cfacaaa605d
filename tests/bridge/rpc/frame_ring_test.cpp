#include "bridge/rpc/frame_ring.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "tests/bridge/rpc/leaks.h"

namespace huntsman::bridge::rpc {
namespace {

std::unique_ptr<FrameRing> ring_of(std::uint64_t bytes, std::uint32_t slots) {
    auto ring = FrameRing::create(bytes, slots);
    EXPECT_TRUE(ring) << ring.error().text();
    return std::move(*ring);
}
std::unique_ptr<FrameReader> reader_of(const FrameRing& ring) {
    auto reader = FrameReader::map(dup(ring.descriptor()));
    EXPECT_TRUE(reader) << reader.error().text();
    return std::move(*reader);
}
RingPlace write(FrameRing& ring, std::uint8_t value) {
    std::ranges::fill(ring.begin(), value);
    return ring.finish();
}
bool all_are(std::span<const std::uint8_t> pixels, std::uint8_t value) {
    return std::ranges::all_of(pixels, [&](std::uint8_t p) { return p == value; });
}

TEST(FrameRing, WhatIsWrittenIsReadUntilItsSlotIsWrittenAgain) {
    constexpr std::uint64_t kBytes = 10'000;
    const auto ring = ring_of(kBytes, 3);
    const auto reader = reader_of(*ring);
    std::vector<RingPlace> places;
    for (std::uint8_t i = 1; i <= 5; ++i) {
        places.push_back(write(*ring, i));
        const auto pixels = reader->pixels(places.back());
        ASSERT_TRUE(pixels);
        EXPECT_TRUE(all_are(pixels->first(kBytes), i));
        EXPECT_EQ(places.back().generation, i);
        EXPECT_EQ(places.back().slot, (i - 1U) % 3);
    }
    // Generations 1 and 2 have been overwritten by 4 and 5.
    EXPECT_FALSE(reader->holds(places[0]));
    EXPECT_FALSE(reader->holds(places[1]));
    for (std::size_t i = 2; i < 5; ++i) EXPECT_TRUE(reader->holds(places[i])) << i;
}

TEST(FrameRing, AFrameThatIsBeingWrittenIsNotThere) {
    const auto ring = ring_of(100, 1);
    const auto reader = reader_of(*ring);
    const RingPlace first = write(*ring, 1);
    ASSERT_TRUE(reader->pixels(first));
    ring->begin();
    EXPECT_FALSE(reader->pixels(first));
    EXPECT_FALSE(reader->pixels({0, 2}));
    ring->finish();
    EXPECT_TRUE(reader->pixels({0, 2}));
}

TEST(FrameRing, PlacesThatWereNeverWrittenAreNotThere) {
    const auto ring = ring_of(100, 2);
    const auto reader = reader_of(*ring);
    for (const RingPlace place : {RingPlace{0, 0}, {1, 0}, {0, 1}, {2, 1}, {~0U, 1}, {0, ~0ULL}}) {
        EXPECT_FALSE(reader->pixels(place)) << place.slot << ", " << place.generation;
    }
}

// The writer goes around at full speed; whoever checks the mark before and after is never told a
// picture that is half one and half another.
TEST(FrameRing, TornFramesAreTold) {
    constexpr std::uint64_t kBytes = 200'000;
    const auto ring = ring_of(kBytes, 2);
    const auto reader = reader_of(*ring);
    std::atomic<std::uint64_t> newest = 0;
    std::atomic<bool> stop = false;
    std::thread writer([&] {
        while (!stop) {
            const auto next = static_cast<std::uint8_t>(newest + 1);
            newest = write(*ring, next).generation;
        }
    });
    int whole = 0, refused = 0, torn = 0;
    while (newest == 0) std::this_thread::yield();
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (int i = 0; std::chrono::steady_clock::now() < until && (whole < 200 || refused < 50);
         ++i) {
        const std::uint64_t generation = newest;
        const RingPlace place{static_cast<std::uint32_t>((generation - 1) % 2), generation};
        const auto pixels = reader->pixels(place);
        if (!pixels) {
            ++refused;
            continue;
        }
        const bool same = all_are(pixels->first(kBytes), static_cast<std::uint8_t>(generation));
        // Here and there long enough for the writer to come around.
        if (i % 8 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (!reader->holds(place)) {
            ++refused;
        } else if (same) {
            ++whole;
        } else {
            ++torn;
        }
    }
    stop = true;
    writer.join();
    EXPECT_EQ(torn, 0);
    EXPECT_GT(whole, 0);
    EXPECT_GT(refused, 0);
}

TEST(FrameRing, OnlyItsMakerCanWriteAndNobodyCanShrinkIt) {
    const auto ring = ring_of(100, 1);
    const int handed = dup(ring->descriptor());
    EXPECT_EQ(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, handed, 0), MAP_FAILED);
    EXPECT_NE(::write(handed, "x", 1), 1);
    EXPECT_NE(ftruncate(handed, 0), 0);
    EXPECT_NE(ftruncate(handed, 1 << 20), 0);
    close(handed);
    write(*ring, 7);  // its own mapping still can
}

TEST(FrameRing, MemoryThatThereIsNotIsAnErrorAndLeavesNothing) {
    const auto before = open_descriptors();
    for (const std::uint64_t bytes : {1ULL << 38, 1ULL << 45, ~0ULL / 2}) {
        const auto ring = FrameRing::create(bytes, 4);
        ASSERT_FALSE(ring) << bytes;
        EXPECT_NE(ring.error().message.find("of shared memory for frames cannot be had: "),
                  std::string::npos)
            << ring.error().message;
        EXPECT_EQ(ring.error().kind, engine::core::ErrorKind::kMachine);
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(FrameRing, LeavesNoDescriptorAndNoName) {
    const auto before = open_descriptors();
    {
        const auto ring = ring_of(5000, 4);
        const auto reader = reader_of(*ring);
        EXPECT_EQ(open_descriptors().size(), before.size() + 1);  // the reader's is closed
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(FrameRing, AWriterThatIsKilledInTheMiddleLeavesNothingWhole) {
    const auto ring = ring_of(100'000, 1);
    const auto reader = reader_of(*ring);
    const RingPlace first = write(*ring, 1);
    int told[2];
    ASSERT_EQ(pipe(told), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto pixels = ring->begin();
        std::memset(pixels.data(), 2, pixels.size() / 2);
        [[maybe_unused]] const auto sent = ::write(told[1], "x", 1);
        for (;;) pause();
    }
    char byte = 0;
    ASSERT_EQ(read(told[0], &byte, 1), 1);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(told[0]);
    close(told[1]);
    EXPECT_FALSE(reader->pixels(first));
    EXPECT_FALSE(reader->pixels({0, 2}));
}

TEST(FrameRing, AReaderThatIsKilledDoesNotHoldTheWriterUp) {
    const auto ring = ring_of(100'000, 1);
    int told[2];
    ASSERT_EQ(pipe(told), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto reader = reader_of(*ring);
        [[maybe_unused]] const auto sent = ::write(told[1], "x", 1);
        for (;;) pause();
    }
    char byte = 0;
    ASSERT_EQ(read(told[0], &byte, 1), 1);
    kill(child, SIGKILL);
    for (std::uint8_t i = 1; i < 100; ++i) EXPECT_EQ(write(*ring, i).generation, i);
    waitpid(child, nullptr, 0);
    close(told[0]);
    close(told[1]);
}

// ---- What is handed over may be anything

// A sealed memory of this content.
int memory_of(const std::string& content, bool seal = true) {
    const int memory = memfd_create("test", MFD_ALLOW_SEALING);
    EXPECT_EQ(::write(memory, content.data(), content.size()), std::ssize(content));
    if (seal) fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
    return memory;
}
template <typename T>
void put(std::string& bytes, std::size_t at, T value) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
}
std::string good_ring() {
    std::string bytes(4096 + 2 * 4096, '\0');
    std::memcpy(bytes.data(), "HMFRAMES", 8);
    put<std::uint32_t>(bytes, 8, 1);
    put<std::uint32_t>(bytes, 12, 2);
    put<std::uint64_t>(bytes, 16, 4096);
    put<std::uint64_t>(bytes, 24, 4096);
    put<std::uint64_t>(bytes, 32, 64);
    return bytes;
}

TEST(FrameReader, TakesARingOfThisLayoutAndRefusesOthers) {
    const auto refused = [](const std::string& bytes, bool seal = true) {
        const auto reader = FrameReader::map(memory_of(bytes, seal));
        return reader ? std::string() : reader.error().message;
    };
    EXPECT_EQ(refused(good_ring()), "");
    EXPECT_EQ(refused(good_ring(), false), "the memory that was handed over is not sealed");
    EXPECT_EQ(refused(""), "the memory that was handed over has 0 bytes, expected a ring");
    std::string other = good_ring();
    other[0] = 'X';
    EXPECT_EQ(refused(other), "the memory that was handed over is not a ring");
    other = good_ring();
    put<std::uint32_t>(other, 8, 2);
    EXPECT_EQ(refused(other), "the memory that was handed over is a ring of version 2, expected 1");
    const std::pair<std::size_t, std::uint64_t> lies[] = {
        {16, 1ULL << 40}, {16, ~0ULL},  {16, 8},    {16, 4097}, {24, 1ULL << 50},
        {24, 4100},       {24, 12'289}, {32, 5000}, {32, 0},    {32, ~0ULL}};
    for (const auto& [at, value] : lies) {
        other = good_ring();
        put<std::uint64_t>(other, at, value);
        EXPECT_EQ(refused(other),
                  "the memory that was handed over is a ring whose header says more than there is")
            << at << ", " << value;
    }
    for (const std::uint32_t slots : {0U, 3U, 65U, ~0U}) {
        other = good_ring();
        put<std::uint32_t>(other, 12, slots);
        EXPECT_NE(refused(other), "") << slots;
    }
    EXPECT_NE(FrameReader::map(-1).ok(), true);
}

}  // namespace
}  // namespace huntsman::bridge::rpc
