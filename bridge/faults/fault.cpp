#include "bridge/faults/fault.h"

#include <nlohmann/json.hpp>

#include "bridge/faults/fault_fields.h"
#include "engine/core/describe_words.h"

namespace huntsman::bridge::faults {

using engine::core::About;
using engine::core::Error;
using engine::core::Result;

Result<Fault> parse(const std::string& text) {
    auto fault = engine::core::parse_kind<Fault>(text, "fault");
    if (!fault) return Error{.message = fmt::format("fault {}: {}", text, fault.error().message)};
    return fault;
}

std::string text(const Fault& fault) {
    return std::visit([](const auto& one) { return engine::core::text_of_kind(one); }, fault);
}

std::vector<std::string> fault_names() { return engine::core::kind_names<Fault>(); }

void read_json(const engine::core::JsonNode& node, const char* key, std::vector<Fault>& faults) {
    engine::core::read_texts(node, key, faults, parse);
}

void write_json(nlohmann::ordered_json& json, const char* key, const std::vector<Fault>& faults) {
    engine::core::write_texts(json, key, faults, [](const Fault& fault) { return text(fault); });
}

std::vector<std::pair<std::string, std::string>> fault_keys(const std::string& fault_name) {
    std::vector<std::pair<std::string, std::string>> rows;
    engine::core::for_each_kind<Fault>([&]<typename T>(Of<T> of) {
        if (fault_name != name_of(of)) return;
        engine::core::for_each_field<T>([&](const char* name, auto, const About& about) {
            rows.emplace_back(about.key_or(name), about.doc);
        });
    });
    return rows;
}

}  // namespace huntsman::bridge::faults
