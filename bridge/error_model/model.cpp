#include "bridge/error_model/model.h"

#include <nlohmann/json.hpp>

#include "bridge/error_model/model_fields.h"
#include "engine/core/describe_json.h"

namespace huntsman::bridge::error_model {

using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;

namespace {

void check_bands(const JsonNode& root, const char* key, const ClassErrors& errors) {
    double before = 0;
    for (const Band& band : errors.bands) {
        if (band.to_m <= before) {
            root.object(key).fail(
                fmt::format("has a band to {} m after one to {} m, expected rising distances",
                            band.to_m, before));
        }
        before = band.to_m;
    }
}

Result<Model> read(JsonFile& file) {
    const JsonNode root = file.root();
    Model model;
    read_fields(root, model, {"schema_version"});
    root.integer("schema_version", 1, 1);
    check_bands(root, "vehicle", model.vehicle);
    check_bands(root, "pedestrian", model.pedestrian);
    HM_TRY(file.status());
    return model;
}

}  // namespace

Model perfect() { return {.summary = "no errors"}; }

Result<Model> load(const std::filesystem::path& path) {
    HM_TAKE(const auto file, JsonFile::read(path));
    return read(*file);
}

Result<Model> parse(const std::string& text, const std::string& name) {
    HM_TAKE(const auto file, JsonFile::parse(text, name));
    return read(*file);
}

std::string to_json(const Model& model) {
    nlohmann::ordered_json json;
    json["schema_version"] = 1;
    engine::core::write_fields(model, json);
    return json.dump(1) + "\n";
}

}  // namespace huntsman::bridge::error_model
