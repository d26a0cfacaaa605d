#include "sensors/encode/fast_deflate.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <queue>
#include <vector>

#include "engine/core/check.h"

namespace huntsman::sensors::encode {

namespace {

static_assert(std::endian::native == std::endian::little, "eight bytes are compared as one word");

constexpr std::size_t kLongestMatch = 258, kShortestMatch = 8;
constexpr int kLiteralCodes = 286, kEndOfBlock = 256, kLongestCode = 15;
constexpr std::size_t kBlockTokens = 1 << 16;
// A token is a literal, or 256 and the length of a match less 3.
using Token = std::uint16_t;
constexpr Token kMatch = 256;

// Length codes 257..285: smallest length and number of extra bits [RFC 1951, 3.2.5].
struct LengthCode {
    std::uint16_t base;
    std::uint8_t extra;
};
constexpr std::array<LengthCode, 29> kLengths = {
    {{3, 0},  {4, 0},  {5, 0},  {6, 0},   {7, 0},   {8, 0},   {9, 0},   {10, 0},  {11, 1}, {13, 1},
     {15, 1}, {17, 1}, {19, 2}, {23, 2},  {27, 2},  {31, 2},  {35, 3},  {43, 3},  {51, 3}, {59, 3},
     {67, 4}, {83, 4}, {99, 4}, {115, 4}, {131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0}}};
std::size_t length_code(std::size_t length) {
    std::size_t code = kLengths.size() - 1;
    while (kLengths[code].base > length) --code;
    return code;
}

class BitWriter {
  public:
    explicit BitWriter(std::string& out) : out_(out), end_(out.size()) {}
    // Room for what follows; at most `bytes` may be put until the next call.
    void make_room(std::size_t bytes) {
        if (out_.size() < end_ + bytes) out_.resize(std::max(end_ + bytes, 2 * out_.size()));
        at_ = out_.data() + end_;
    }
    // At most 32 bits.
    void put(std::uint64_t bits, unsigned count) {
        held_ |= bits << count_;
        count_ += count;
        if (count_ < 32) return;
        std::memcpy(at_, &held_, 4);
        at_ += 4;
        held_ >>= 32;
        count_ -= 32;
    }
    void end_block() { end_ = static_cast<std::size_t>(at_ - out_.data()); }
    void finish() {
        out_.resize(end_);
        while (count_ > 0) {
            out_.push_back(static_cast<char>(held_ & 0xffU));
            held_ >>= 8;
            count_ -= std::min(count_, 8U);
        }
    }

  private:
    std::string& out_;
    std::size_t end_;  // of what is complete
    char* at_ = nullptr;
    std::uint64_t held_ = 0;
    unsigned count_ = 0;
};

using Lengths = std::array<std::uint8_t, kLiteralCodes>;

// Huffman's code lengths; where one is too long, frequencies are evened out and it starts again.
Lengths code_lengths(std::array<std::uint32_t, kLiteralCodes> counts) {
    for (;;) {
        struct Node {
            std::uint64_t weight;
            int index;
            bool operator>(const Node& o) const {
                return weight != o.weight ? weight > o.weight : index > o.index;
            }
        };
        std::priority_queue<Node, std::vector<Node>, std::greater<>> heap;
        std::array<int, 2 * kLiteralCodes> parent{};
        for (int i = 0; i < kLiteralCodes; ++i) {
            if (counts[static_cast<std::size_t>(i)] > 0) {
                heap.push({counts[static_cast<std::size_t>(i)], i});
            }
        }
        int next = kLiteralCodes;
        while (heap.size() > 1) {
            const Node a = heap.top();
            heap.pop();
            const Node b = heap.top();
            heap.pop();
            parent[static_cast<std::size_t>(a.index)] = next;
            parent[static_cast<std::size_t>(b.index)] = next;
            heap.push({a.weight + b.weight, next++});
        }
        const int root = heap.top().index;
        Lengths lengths{};
        int longest = 0;
        for (int i = 0; i < kLiteralCodes; ++i) {
            if (counts[static_cast<std::size_t>(i)] == 0) continue;
            int depth = 0;
            for (int at = i; at != root; at = parent[static_cast<std::size_t>(at)]) ++depth;
            depth = std::max(1, depth);
            longest = std::max(longest, depth);
            lengths[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(std::min(depth, 255));
        }
        if (longest <= kLongestCode) return lengths;
        for (std::uint32_t& count : counts) count = count > 0 ? count / 4 + 1 : 0;
    }
}

std::uint32_t reversed(std::uint32_t code, unsigned bits) {
    std::uint32_t result = 0;
    for (unsigned i = 0; i < bits; ++i) result |= (code >> i & 1U) << (bits - 1 - i);
    return result;
}

// Codes in order of length, then of symbol, first bit lowest.
std::array<std::uint32_t, kLiteralCodes> canonical(const Lengths& lengths) {
    std::array<std::uint32_t, kLiteralCodes> codes{};
    std::uint32_t code = 0;
    for (unsigned bits = 1; bits <= kLongestCode; ++bits) {
        code <<= 1;
        for (std::size_t i = 0; i < lengths.size(); ++i) {
            if (lengths[i] == bits) codes[i] = reversed(code++, bits);
        }
    }
    return codes;
}

// The one distance that is used.
struct Distance {
    unsigned code = 0, extra_bits = 0, extra = 0;
};
Distance distance_of(std::size_t step) {
    switch (step) {
        case 6:
            return {4, 1, 1};
        case 8:
            return {5, 1, 1};
        default:
            return {static_cast<unsigned>(step) - 1, 0, 0};
    }
}

void write_block(BitWriter& out, std::span<const Token> tokens, const Distance& distance,
                 bool last) {
    std::array<std::uint32_t, kLiteralCodes> counts{};
    counts[kEndOfBlock] = 1;
    // Four counts side by side: equal tokens in a row need not wait for each other.
    std::array<std::array<std::uint32_t, 512>, 4> side{};
    for (std::size_t i = 0; i < tokens.size(); ++i) ++side[i % 4][tokens[i]];
    std::array<std::uint32_t, 512> of_token{};
    for (std::size_t t = 0; t < 512; ++t) {
        of_token[t] = side[0][t] + side[1][t] + side[2][t] + side[3][t];
    }
    for (std::size_t t = 0; t < 512; ++t) {
        if (of_token[t] == 0) continue;
        counts[t < kMatch ? t : 257 + length_code(t - kMatch + 3)] += of_token[t];
    }
    const Lengths lengths = code_lengths(counts);
    const auto codes = canonical(lengths);

    // A token has at most 15 + 5 + 1 + 1 bits, the header less than 200 bytes.
    out.make_room(3 * tokens.size() + 256);

    // Header: all lengths in four bits each, which is a code of equal lengths for 0..15. Of the
    // distances only ours has a code, of one bit.
    out.put(last ? 1 : 0, 1);
    out.put(2, 2);
    out.put(kLiteralCodes - 257, 5);
    out.put(distance.code, 5);
    out.put(19 - 4, 4);
    for (int i = 0; i < 19; ++i) out.put(i < 3 ? 0 : 4, 3);  // 16, 17, 18 come first
    for (const std::uint8_t length : lengths) out.put(reversed(length, 4), 4);
    for (unsigned i = 0; i <= distance.code; ++i) {
        out.put(reversed(i == distance.code ? 1 : 0, 4), 4);
    }

    // What each token becomes, with its length's and its distance's extra bits.
    struct Word {
        std::uint32_t bits = 0, count = 0;
    };
    std::array<Word, 512> words;
    for (std::size_t t = 0; t < 512; ++t) {
        if (of_token[t] == 0) continue;
        if (t < kMatch) {
            words[t] = {codes[t], lengths[t]};
            continue;
        }
        const std::size_t length = t - kMatch + 3, code = length_code(length);
        Word& w = words[t];
        w = {codes[257 + code], lengths[257 + code]};
        w.bits |= static_cast<std::uint32_t>(length - kLengths[code].base) << w.count;
        w.count += kLengths[code].extra;
        w.count += 1;  // the distance's code is 0
        w.bits |= distance.extra << w.count;
        w.count += distance.extra_bits;
    }
    for (const Token token : tokens) out.put(words[token].bits, words[token].count);
    out.put(codes[kEndOfBlock], lengths[kEndOfBlock]);
    out.end_block();
}

std::uint64_t load(const std::uint8_t* at) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

}  // namespace

std::string fast_zlib(std::span<const std::uint8_t> bytes, std::size_t step) {
    HM_CHECK((step >= 1 && step <= 4) || step == 6 || step == 8, "pixels of {} bytes", step);
    std::string stream("\x78\x01", 2);
    BitWriter out(stream);
    const Distance distance = distance_of(step);
    thread_local std::vector<Token> tokens;
    tokens.clear();
    const std::uint8_t* p = bytes.data();
    const std::size_t size = bytes.size();
    for (std::size_t at = 0; at < size;) {
        if (tokens.size() >= kBlockTokens) {
            write_block(out, tokens, distance, false);
            tokens.clear();
        }
        // Equal to what stood one pixel before, by words and then by bytes.
        std::size_t length = 0;
        if (at >= step && at + kShortestMatch <= size && load(p + at) == load(p + at - step)) {
            const std::size_t most = std::min(kLongestMatch, size - at);
            length = kShortestMatch;
            while (length + 8 <= most && load(p + at + length) == load(p + at + length - step)) {
                length += 8;
            }
            while (length < most && p[at + length] == p[at + length - step]) ++length;
        }
        if (length > 0) {
            tokens.push_back(static_cast<Token>(kMatch + length - 3));
            at += length;
        } else {
            tokens.push_back(p[at++]);
        }
    }
    write_block(out, tokens, distance, true);
    out.finish();
    const std::uint32_t sum = libdeflate_adler32(1, bytes.data(), bytes.size());
    for (int shift = 24; shift >= 0; shift -= 8) stream.push_back(static_cast<char>(sum >> shift));
    return stream;
}

}  // namespace huntsman::sensors::encode
