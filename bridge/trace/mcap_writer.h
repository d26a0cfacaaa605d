// MCAP files [MCAP 0]: messages of several channels by time, in compressed chunks with indices.
//
// Layout: magic, Header, chunks each followed by its message indices, metadata, DataEnd; a summary
// of schemas, channels, statistics and indices; the offsets of its groups; Footer, magic. Chunks
// are compressed with zstd; file, chunks and summary carry a CRC-32. Schemas and channels lie in
// the chunk that is open when they are declared, so that what a killed program leaves can be
// recovered.
//
// The same calls with the same zstd give the same bytes.
//   [MCAP 0] MCAP file format specification, version 0, https://mcap.dev/spec
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/trace/output_file.h"
#include "engine/core/result.h"
#include "engine/core/time.h"

namespace huntsman::bridge::trace {

struct McapSettings {
    std::string profile;                 // who reads it; empty: anybody
    std::string library;                 // what has written it
    std::size_t chunk_bytes = 4u << 20;  // a chunk is closed once it holds as many [uncompressed]
};

class McapWriter {
  public:
    using Texts = std::map<std::string, std::string>;

    // Writes the beginning. Errors: the file cannot be written.
    static engine::core::Result<McapWriter> create(const std::filesystem::path& path,
                                                   McapSettings settings);

    // Both return an id, from 1 on. `encoding` is that of `data`, the schema itself.
    std::uint16_t add_schema(const std::string& name, const std::string& encoding,
                             std::string_view data);
    // Precondition: there is such a schema.
    std::uint16_t add_channel(std::uint16_t schema, const std::string& topic,
                              const std::string& message_encoding, const Texts& metadata = {});

    // Precondition: there is such a channel. Errors: the disk is full.
    engine::core::Status add_message(std::uint16_t channel, engine::core::TimeUs time_us,
                                     std::string_view data);
    // A record about the whole file. Errors: as above.
    engine::core::Status add_metadata(const std::string& name, const Texts& texts);

    // Writes the end; the file has its name then. Nothing may be called after.
    engine::core::Status finish();

    std::uint64_t messages() const { return messages_; }

  private:
    struct Index {  // of the messages of one channel in a chunk
        std::vector<std::pair<std::uint64_t, std::uint64_t>> entries;  // time [ns], offset
    };
    struct ChunkPlace {
        std::uint64_t first_ns = 0, last_ns = 0, start = 0, length = 0;
        std::map<std::uint16_t, std::uint64_t> index_offsets;  // by channel
        std::uint64_t index_length = 0, compressed = 0, uncompressed = 0;
    };
    struct Channel {
        std::uint32_t next = 0;  // sequence number of the next message
        std::uint64_t messages = 0;
    };
    struct MetadataPlace {
        std::uint64_t offset = 0, length = 0;
        std::string name;
    };

    McapWriter(OutputFile file, McapSettings settings);
    engine::core::Status close_chunk();
    std::string statistics() const;
    std::string chunk_index(const ChunkPlace& chunk) const;

    OutputFile file_;
    McapSettings settings_;
    std::vector<std::string> schemas_, channel_records_;  // as records, for the summary
    std::vector<Channel> channels_;
    // The open chunk.
    std::string chunk_, compressed_;
    std::map<std::uint16_t, Index> indices_;
    std::uint64_t chunk_first_ns_ = 0, chunk_last_ns_ = 0;

    std::vector<ChunkPlace> chunks_;
    std::vector<MetadataPlace> metadata_;
    std::uint64_t messages_ = 0, first_ns_ = 0, last_ns_ = 0;
};

}  // namespace huntsman::bridge::trace
