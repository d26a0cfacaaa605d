// Built models as one compact file: positions and texture coordinates as 32-bit floats, normals
// and colours shortened, then packed by meshoptimizer's codecs. The same models give the same
// bytes.
//
// Layout: 8 bytes "HMMODEL2", the number of models, then for each: name, hash of its description,
// size, content. All numbers little endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/models/build.h"

namespace huntsman::scenarios::models {

// Of a description's text, by which a baked model is known to be of it.
std::uint64_t hash_of_description(std::string_view text);

// One model's content.
std::string pack(const BuiltModel& model);
engine::core::Result<BuiltModel> unpack(std::string_view content);
// The same without meshes.
engine::core::Result<BuiltModel> unpack_measures(std::string_view content);

struct StoredModel {
    std::string name;
    std::uint64_t description_hash = 0;
    std::string content;
};
std::string write_store(const std::vector<StoredModel>& models);

// A view of a store that lives elsewhere.
class Store {
  public:
    static engine::core::Result<Store> open(std::string_view bytes);
    struct Entry {
        std::string_view name;
        std::uint64_t description_hash = 0;
        std::string_view content;
    };
    const std::vector<Entry>& entries() const { return entries_; }
    const Entry* find(std::string_view name) const;

  private:
    std::vector<Entry> entries_;
};

}  // namespace huntsman::scenarios::models
