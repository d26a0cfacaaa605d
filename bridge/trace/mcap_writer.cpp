#include "bridge/trace/mcap_writer.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <type_traits>

namespace huntsman::bridge::trace {

using engine::core::Result;
using engine::core::Status;

namespace {

constexpr std::string_view kMagic("\x89MCAP0\r\n", 8);
constexpr int kZstdLevel = 3;  // zstd's own default: repeated maps shrink, pictures cost little

enum Opcode : std::uint8_t {
    kHeader = 0x01,
    kFooter = 0x02,
    kSchema = 0x03,
    kChannel = 0x04,
    kMessage = 0x05,
    kChunk = 0x06,
    kMessageIndex = 0x07,
    kChunkIndex = 0x08,
    kStatistics = 0x0B,
    kMetadata = 0x0C,
    kMetadataIndex = 0x0D,
    kSummaryOffset = 0x0E,
    kDataEnd = 0x0F,
};

// Little-endian numbers, whatever the machine has.
template <typename T>
void put(std::string& bytes, T number) {
    static_assert(std::is_unsigned_v<T>);
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        bytes.push_back(static_cast<char>(number >> (8 * i) & 0xFFU));
    }
}
void put(std::string& bytes, std::string_view text) {
    put(bytes, static_cast<std::uint32_t>(text.size()));
    bytes.append(text);
}
void put(std::string& bytes, const McapWriter::Texts& texts) {
    std::string content;
    for (const auto& [key, value] : texts) {
        put(content, std::string_view(key));
        put(content, std::string_view(value));
    }
    put(bytes, std::string_view(content));
}

std::string record(Opcode opcode, std::string_view content) {
    std::string bytes;
    bytes.reserve(9 + content.size());
    put(bytes, static_cast<std::uint8_t>(opcode));
    put(bytes, static_cast<std::uint64_t>(content.size()));
    bytes.append(content);
    return bytes;
}

std::uint32_t crc_of(std::string_view bytes, std::uint32_t before = 0) {
    return static_cast<std::uint32_t>(
        ::crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// The records of one kind in the summary, and where they are.
void add_group(std::string& summary, std::string& offsets, std::uint64_t start, Opcode opcode,
               const std::vector<std::string>& records) {
    if (records.empty()) return;
    const std::size_t begin = summary.size();
    for (const std::string& each : records) summary += each;
    std::string content;
    put(content, static_cast<std::uint8_t>(opcode));
    put(content, start + begin);
    put(content, static_cast<std::uint64_t>(summary.size() - begin));
    offsets += record(kSummaryOffset, content);
}

}  // namespace

McapWriter::McapWriter(OutputFile file, McapSettings settings)
    : file_(std::move(file)), settings_(std::move(settings)) {}

Result<McapWriter> McapWriter::create(const std::filesystem::path& path, McapSettings settings) {
    HM_TAKE(OutputFile file, OutputFile::create(path));
    McapWriter writer(std::move(file), std::move(settings));
    std::string content;
    put(content, std::string_view(writer.settings_.profile));
    put(content, std::string_view(writer.settings_.library));
    HM_TRY(writer.file_.write(kMagic));
    HM_TRY(writer.file_.write(record(kHeader, content)));
    return writer;
}

std::uint16_t McapWriter::add_schema(const std::string& name, const std::string& encoding,
                                     std::string_view data) {
    const auto id = static_cast<std::uint16_t>(schemas_.size() + 1);
    std::string content;
    put(content, id);
    put(content, std::string_view(name));
    put(content, std::string_view(encoding));
    put(content, data);
    schemas_.push_back(record(kSchema, content));
    chunk_ += schemas_.back();
    return id;
}

std::uint16_t McapWriter::add_channel(std::uint16_t schema, const std::string& topic,
                                      const std::string& message_encoding, const Texts& metadata) {
    HM_CHECK(schema >= 1 && schema <= schemas_.size(), "schema {}", schema);
    const auto id = static_cast<std::uint16_t>(channels_.size() + 1);
    std::string content;
    put(content, id);
    put(content, schema);
    put(content, std::string_view(topic));
    put(content, std::string_view(message_encoding));
    put(content, metadata);
    channel_records_.push_back(record(kChannel, content));
    channels_.emplace_back();
    chunk_ += channel_records_.back();
    return id;
}

Status McapWriter::add_message(std::uint16_t channel, engine::core::TimeUs time_us,
                               std::string_view data) {
    HM_CHECK(channel >= 1 && channel <= channels_.size(), "channel {}", channel);
    HM_CHECK(time_us >= 0, "a message before time 0: {} us", time_us);
    Channel& own = channels_[channel - 1u];
    const auto time_ns = static_cast<std::uint64_t>(time_us) * 1000;

    // Times of the chunk and of the file.
    const bool first_of_chunk = indices_.empty();
    chunk_first_ns_ = first_of_chunk ? time_ns : std::min(chunk_first_ns_, time_ns);
    chunk_last_ns_ = first_of_chunk ? time_ns : std::max(chunk_last_ns_, time_ns);
    first_ns_ = messages_ == 0 ? time_ns : std::min(first_ns_, time_ns);
    last_ns_ = messages_ == 0 ? time_ns : std::max(last_ns_, time_ns);

    indices_[channel].entries.emplace_back(time_ns, chunk_.size());
    put(chunk_, static_cast<std::uint8_t>(kMessage));
    put(chunk_, static_cast<std::uint64_t>(22 + data.size()));
    put(chunk_, channel);
    put(chunk_, own.next++);
    put(chunk_, time_ns);  // when it was recorded,
    put(chunk_, time_ns);  // and when it was sent
    chunk_.append(data);
    ++own.messages;
    ++messages_;
    return chunk_.size() >= settings_.chunk_bytes ? close_chunk() : Status();
}

Status McapWriter::close_chunk() {
    if (chunk_.empty()) return {};
    compressed_.resize(ZSTD_compressBound(chunk_.size()));
    const std::size_t size = ZSTD_compress(compressed_.data(), compressed_.size(), chunk_.data(),
                                           chunk_.size(), kZstdLevel);
    HM_CHECK(ZSTD_isError(size) == 0, "zstd: {}", ZSTD_getErrorName(size));
    ChunkPlace place{.first_ns = chunk_first_ns_,
                     .last_ns = chunk_last_ns_,
                     .start = file_.size(),
                     .index_offsets = {},
                     .compressed = size,
                     .uncompressed = chunk_.size()};

    std::string head;
    put(head, chunk_first_ns_);
    put(head, chunk_last_ns_);
    put(head, static_cast<std::uint64_t>(chunk_.size()));
    put(head, crc_of(chunk_));
    put(head, std::string_view("zstd"));
    put(head, static_cast<std::uint64_t>(size));
    std::string start;
    put(start, static_cast<std::uint8_t>(kChunk));
    put(start, static_cast<std::uint64_t>(head.size() + size));
    HM_TRY(file_.write(start + head));
    HM_TRY(file_.write(std::string_view(compressed_).substr(0, size)));
    place.length = file_.size() - place.start;

    // Where in the chunk the messages of each channel are.
    const std::uint64_t indices_start = file_.size();
    for (auto& [channel, index] : indices_) {
        std::stable_sort(index.entries.begin(), index.entries.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        std::string content;
        put(content, channel);
        put(content, static_cast<std::uint32_t>(16 * index.entries.size()));
        for (const auto& [time_ns, offset] : index.entries) {
            put(content, time_ns);
            put(content, offset);
        }
        place.index_offsets[channel] = file_.size();
        HM_TRY(file_.write(record(kMessageIndex, content)));
    }
    place.index_length = file_.size() - indices_start;
    chunks_.push_back(std::move(place));
    chunk_.clear();
    indices_.clear();
    chunk_first_ns_ = chunk_last_ns_ = 0;
    return {};
}

Status McapWriter::add_metadata(const std::string& name, const Texts& texts) {
    HM_TRY(close_chunk());
    std::string content;
    put(content, std::string_view(name));
    put(content, texts);
    const std::string bytes = record(kMetadata, content);
    metadata_.push_back({file_.size(), bytes.size(), name});
    return file_.write(bytes);
}

std::string McapWriter::statistics() const {
    std::string content;
    put(content, messages_);
    put(content, static_cast<std::uint16_t>(schemas_.size()));
    put(content, static_cast<std::uint32_t>(channels_.size()));
    put(content, std::uint32_t{0});  // attachments
    put(content, static_cast<std::uint32_t>(metadata_.size()));
    put(content, static_cast<std::uint32_t>(chunks_.size()));
    put(content, first_ns_);
    put(content, last_ns_);
    std::string counts;
    for (std::size_t i = 0; i < channels_.size(); ++i) {
        if (channels_[i].messages == 0) continue;
        put(counts, static_cast<std::uint16_t>(i + 1));
        put(counts, channels_[i].messages);
    }
    put(content, std::string_view(counts));
    return record(kStatistics, content);
}

std::string McapWriter::chunk_index(const ChunkPlace& chunk) const {
    std::string content, offsets;
    put(content, chunk.first_ns);
    put(content, chunk.last_ns);
    put(content, chunk.start);
    put(content, chunk.length);
    for (const auto& [channel, offset] : chunk.index_offsets) {
        put(offsets, channel);
        put(offsets, offset);
    }
    put(content, std::string_view(offsets));
    put(content, chunk.index_length);
    put(content, std::string_view("zstd"));
    put(content, chunk.compressed);
    put(content, chunk.uncompressed);
    return record(kChunkIndex, content);
}

Status McapWriter::finish() {
    HM_TRY(close_chunk());
    std::string end;
    put(end, file_.crc());
    HM_TRY(file_.write(record(kDataEnd, end)));

    // What a reader needs before it looks into chunks.
    const std::uint64_t start = file_.size();
    std::string summary, offsets;
    std::vector<std::string> chunk_indices, metadata_indices;
    for (const ChunkPlace& chunk : chunks_) chunk_indices.push_back(chunk_index(chunk));
    for (const MetadataPlace& place : metadata_) {
        std::string content;
        put(content, place.offset);
        put(content, place.length);
        put(content, std::string_view(place.name));
        metadata_indices.push_back(record(kMetadataIndex, content));
    }
    add_group(summary, offsets, start, kSchema, schemas_);
    add_group(summary, offsets, start, kChannel, channel_records_);
    add_group(summary, offsets, start, kStatistics, {statistics()});
    add_group(summary, offsets, start, kChunkIndex, chunk_indices);
    add_group(summary, offsets, start, kMetadataIndex, metadata_indices);
    const std::uint64_t offsets_start = start + summary.size();
    summary += offsets;

    // The summary's CRC covers the footer up to the CRC itself.
    std::string footer;
    put(footer, static_cast<std::uint8_t>(kFooter));
    put(footer, std::uint64_t{20});
    put(footer, start);
    put(footer, offsets_start);
    put(footer, crc_of(footer, crc_of(summary)));
    HM_TRY(file_.write(summary));
    HM_TRY(file_.write(footer));
    HM_TRY(file_.write(kMagic));
    return file_.finish();
}

}  // namespace huntsman::bridge::trace
