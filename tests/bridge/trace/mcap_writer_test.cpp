// A reader of a few lines checks every record against the format's description.
#include "bridge/trace/mcap_writer.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <map>
#include <optional>
#include <string>

#include "engine/core/files.h"

namespace huntsman::bridge::trace {
namespace {

namespace fs = std::filesystem;

// Numbers and texts one after the other.
struct Bytes {
    std::string_view left;
    template <typename T>
    T number() {
        T value = 0;
        if (left.size() < sizeof(T)) return ADD_FAILURE() << "the record ends early", value;
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            value = static_cast<T>(value | static_cast<T>(static_cast<unsigned char>(left[i]))
                                               << (8 * i));
        }
        left.remove_prefix(sizeof(T));
        return value;
    }
    std::string_view take(std::size_t size) {
        EXPECT_LE(size, left.size());
        const auto taken = left.substr(0, size);
        left.remove_prefix(taken.size());
        return taken;
    }
    std::string text() { return std::string(take(number<std::uint32_t>())); }
    std::map<std::string, std::string> texts() {
        Bytes inner{take(number<std::uint32_t>())};
        std::map<std::string, std::string> result;
        while (!inner.left.empty()) {
            const std::string key = inner.text();
            result[key] = inner.text();
        }
        return result;
    }
};

struct Record {
    int opcode = 0;
    std::uint64_t offset = 0;  // where it begins
    std::string_view content, bytes;
};

std::vector<Record> records(std::string_view data, std::uint64_t from = 0) {
    std::vector<Record> result;
    for (Bytes b{data}; !b.left.empty();) {
        const std::string_view all = b.left;
        Record record{.opcode = b.number<std::uint8_t>(),
                      .offset = from + data.size() - all.size()};
        record.content = b.take(b.number<std::uint64_t>());
        record.bytes = all.substr(0, 9 + record.content.size());
        result.push_back(record);
    }
    return result;
}

std::uint32_t crc(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

struct Chunk {
    std::uint64_t first = 0, last = 0;
    std::string data;
};
Chunk open_chunk(std::string_view content) {
    Chunk chunk;
    Bytes b{content};
    chunk.first = b.number<std::uint64_t>();
    chunk.last = b.number<std::uint64_t>();
    chunk.data.resize(b.number<std::uint64_t>());
    const auto expected = b.number<std::uint32_t>();
    EXPECT_EQ(b.text(), "zstd");
    const auto packed = b.take(b.number<std::uint64_t>());
    EXPECT_TRUE(b.left.empty());
    EXPECT_EQ(ZSTD_decompress(chunk.data.data(), chunk.data.size(), packed.data(), packed.size()),
              chunk.data.size());
    EXPECT_EQ(crc(chunk.data), expected);
    return chunk;
}

struct McapWriterTest : testing::Test {
    fs::path file = fs::path(testing::TempDir()) / "mcap_writer_test.mcap";
    std::string content;  // of the file, for views into it

    // Records between the magic numbers.
    std::vector<Record> read() {
        content = *engine::core::read_file(file);
        const std::string_view magic("\x89MCAP0\r\n", 8), all(content);
        EXPECT_TRUE(all.starts_with(magic) && all.ends_with(magic));
        return records(all.substr(8, all.size() - 16), 8);
    }
    // Forty messages of 1000 bytes on two channels, in chunks of about eight.
    void write() {
        auto writer = McapWriter::create(file, {.library = "test", .chunk_bytes = 8000});
        ASSERT_TRUE(writer);
        const auto schema = writer->add_schema("a.Type", "protobuf", "definition");
        const auto one = writer->add_channel(schema, "/one", "protobuf", {{"key", "value"}});
        const auto two = writer->add_channel(schema, "/two", "protobuf");
        ASSERT_TRUE(writer->add_metadata("about", {{"b", "2"}, {"a", "1"}}));
        for (int i = 0; i < 40; ++i) {
            ASSERT_TRUE(writer->add_message(i % 4 == 3 ? two : one, 100'000 * i,
                                            std::string(1000, static_cast<char>('a' + i % 26))));
        }
        EXPECT_EQ(writer->messages(), 40U);
        ASSERT_TRUE(writer->finish());
    }
};

TEST_F(McapWriterTest, EmptyFileIsComplete) {
    auto writer = McapWriter::create(file, {.profile = "p", .library = "lib"});
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->finish());
    const auto found = read();
    // Header, DataEnd, Statistics, its SummaryOffset, Footer.
    ASSERT_EQ(found.size(), 5U);
    EXPECT_EQ(found[0].content, std::string_view("\x01\0\0\0p\x03\0\0\0lib", 12));
    EXPECT_EQ(found[1].opcode, 0x0F);
    EXPECT_EQ(Bytes{found[1].content}.number<std::uint32_t>(),
              crc(std::string_view(content).substr(0, found[1].offset)));
    EXPECT_EQ(found[2].opcode, 0x0B);
    EXPECT_EQ(found[2].content.substr(0, 42), std::string(42, '\0'));
    EXPECT_EQ(found[3].opcode, 0x0E);
    EXPECT_EQ(found[4].opcode, 0x02);
}

TEST_F(McapWriterTest, ChunksHoldTheirMessagesAndBounds) {
    write();
    std::uint64_t messages = 0, chunks = 0;
    std::map<int, std::uint32_t> sequence;
    for (const Record& record : read()) {
        if (record.opcode != 0x06) continue;
        const Chunk chunk = open_chunk(record.content);
        std::optional<std::uint64_t> first, last;
        for (const Record& inner : records(chunk.data)) {
            if (inner.opcode != 0x05) continue;
            Bytes b{inner.content};
            const int channel = b.number<std::uint16_t>();
            EXPECT_EQ(b.number<std::uint32_t>(), sequence[channel]++);
            const auto time = b.number<std::uint64_t>();
            EXPECT_EQ(time, messages * 100'000'000);
            EXPECT_EQ(b.number<std::uint64_t>(), time);
            EXPECT_EQ(b.left, std::string(1000, static_cast<char>('a' + messages % 26)));
            if (!first) first = time;
            last = time;
            ++messages;
        }
        // The first chunk was closed before any message, by the metadata.
        EXPECT_EQ(chunk.first, first.value_or(0));
        EXPECT_EQ(chunk.last, last.value_or(0));
        EXPECT_LT(chunk.data.size(), 9100U);
        ++chunks;
    }
    EXPECT_EQ(messages, 40U);
    EXPECT_EQ(chunks, 1U + 5U);
}

TEST_F(McapWriterTest, MessageIndicesPointAtTheMessages) {
    write();
    std::string data;
    std::uint64_t indexed = 0;
    for (const Record& record : read()) {
        if (record.opcode == 0x06) data = open_chunk(record.content).data;
        if (record.opcode != 0x07) continue;
        Bytes b{record.content};
        const auto channel = b.number<std::uint16_t>();
        Bytes entries{b.take(b.number<std::uint32_t>())};
        while (!entries.left.empty()) {
            const auto time = entries.number<std::uint64_t>();
            const auto offset = entries.number<std::uint64_t>();
            const Record message = records(std::string_view(data).substr(offset)).front();
            EXPECT_EQ(message.opcode, 0x05);
            Bytes m{message.content};
            EXPECT_EQ(m.number<std::uint16_t>(), channel);
            EXPECT_EQ((m.number<std::uint32_t>(), m.number<std::uint64_t>()), time);
            ++indexed;
        }
    }
    EXPECT_EQ(indexed, 40U);
}

TEST_F(McapWriterTest, SummaryLeadsToChunksAndCountsAll) {
    write();
    const auto found = read();
    std::map<std::uint64_t, Record> by_offset;
    for (const Record& record : found) by_offset[record.offset] = record;
    std::size_t chunk_indices = 0;
    for (const Record& record : found) {
        Bytes b{record.content};
        if (record.opcode == 0x08) {
            const auto first = b.number<std::uint64_t>(), last = b.number<std::uint64_t>();
            const Record chunk = by_offset.at(b.number<std::uint64_t>());
            EXPECT_EQ(chunk.opcode, 0x06);
            EXPECT_EQ(b.number<std::uint64_t>(), chunk.bytes.size());
            EXPECT_EQ(open_chunk(chunk.content).first, first);
            EXPECT_EQ(open_chunk(chunk.content).last, last);
            Bytes offsets{b.take(b.number<std::uint32_t>())};
            std::uint64_t length = 0;
            while (!offsets.left.empty()) {
                const auto channel = offsets.number<std::uint16_t>();
                const Record index = by_offset.at(offsets.number<std::uint64_t>());
                EXPECT_EQ(index.opcode, 0x07);
                EXPECT_EQ(Bytes{index.content}.number<std::uint16_t>(), channel);
                length += index.bytes.size();
            }
            EXPECT_EQ(b.number<std::uint64_t>(), length);
            ++chunk_indices;
        } else if (record.opcode == 0x0B) {
            EXPECT_EQ(b.number<std::uint64_t>(), 40U);
            EXPECT_EQ(b.number<std::uint16_t>(), 1U);  // schemas
            EXPECT_EQ(b.number<std::uint32_t>(), 2U);  // channels
            EXPECT_EQ(b.number<std::uint32_t>(), 0U);  // attachments
            EXPECT_EQ(b.number<std::uint32_t>(), 1U);  // metadata
            EXPECT_EQ(b.number<std::uint32_t>(), 6U);  // chunks
            EXPECT_EQ(b.number<std::uint64_t>(), 0U);
            EXPECT_EQ(b.number<std::uint64_t>(), 3'900'000'000U);
            Bytes counts{b.take(b.number<std::uint32_t>())};
            EXPECT_EQ(counts.number<std::uint16_t>(), 1U);
            EXPECT_EQ(counts.number<std::uint64_t>(), 30U);
            EXPECT_EQ(counts.number<std::uint16_t>(), 2U);
            EXPECT_EQ(counts.number<std::uint64_t>(), 10U);
        } else if (record.opcode == 0x0C) {
            EXPECT_EQ(b.text(), "about");
            EXPECT_EQ(b.texts(), (std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}}));
        } else if (record.opcode == 0x0D) {
            EXPECT_EQ(by_offset.at(b.number<std::uint64_t>()).opcode, 0x0C);
        } else if (record.opcode == 0x0E) {
            const int opcode = b.number<std::uint8_t>();
            EXPECT_EQ(by_offset.at(b.number<std::uint64_t>()).opcode, opcode);
        }
    }
    EXPECT_EQ(chunk_indices, 6U);
}

TEST_F(McapWriterTest, FooterHasTheSummarysChecksum) {
    write();
    const Record footer = read().back();
    ASSERT_EQ(footer.opcode, 0x02);
    Bytes b{footer.content};
    const auto summary = b.number<std::uint64_t>(), offsets = b.number<std::uint64_t>();
    const auto all = std::string_view(content);
    EXPECT_EQ(static_cast<int>(all[summary]), 0x03);
    EXPECT_EQ(static_cast<int>(all[offsets]), 0x0E);
    EXPECT_EQ(b.number<std::uint32_t>(), crc(all.substr(summary, footer.offset + 25 - summary)));
}

TEST_F(McapWriterTest, SameCallsGiveTheSameBytes) {
    write();
    const std::string once = *engine::core::read_file(file);
    write();
    EXPECT_EQ(*engine::core::read_file(file), once);
}

TEST_F(McapWriterTest, FullDiskIsAnError) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
    auto writer = McapWriter::create("/dev/full", {.chunk_bytes = 100});
    ASSERT_TRUE(writer);
    const auto channel = writer->add_channel(writer->add_schema("a", "b", "c"), "/t", "protobuf");
    engine::core::Status status;
    for (int i = 0; i < 1000 && status; ++i) status = writer->add_message(channel, i, "message");
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().text().find("No space left on device"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::bridge::trace
