#include "scenarios/openscenario/openscenario.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/core/files.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/openscenario/json_form.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/story/compile.h"

namespace huntsman::scenarios::openscenario {

using engine::core::Error;
using engine::core::Findings;
using engine::core::JsonFile;
using engine::core::Result;
using engine::core::Severity;
using engine::core::Status;
using story::Document;
using story::Element;

namespace {

constexpr int kSchemaVersion = 1;

Result<Element> parse_json(const std::string& text, const std::string& name) {
    HM_TAKE(const auto file, JsonFile::parse(text, name));
    const auto root = file->root();
    root.integer("schema_version", kSchemaVersion, kSchemaVersion);
    const auto node = root.object("story");
    Element element = from_json(node, Standard::kRootElement, Standard::kRootType);
    if (root.has("criteria")) {
        for (const engine::core::JsonNode& item : root.array("criteria")) {
            story::add_criterion(element, story::read_criterion(item), {0, item.line()});
        }
    }
    HM_TRY(file->status());
    return element;
}

bool is_json(const std::filesystem::path& path) { return path.extension() == ".json"; }

Result<Document> parse_document(const std::string& text, const std::filesystem::path& path) {
    HM_TAKE(Element root,
            is_json(path) ? parse_json(text, path.string()) : parse_xml(text, path.string()));
    return Document{.root = std::move(root), .files = {path}};
}

}  // namespace

Result<Document> read_document(const std::filesystem::path& path) {
    HM_TAKE(const std::string text, engine::core::read_file(path));
    return parse_document(text, path);
}

namespace {

// Paths that are relative to the document's folder become relative to another.
void rebase(Element& element, const std::filesystem::path& from, const std::filesystem::path& to) {
    const bool by_filepath = element.name == "LogicFile" || element.name == "SceneGraphFile" ||
                             element.name == "ScenarioFile";
    const char* key = by_filepath ? "filepath" : element.name == "Directory" ? "path" : nullptr;
    const std::string* value = key != nullptr ? element.attribute(key) : nullptr;
    // Of a parameter nobody knows where it leads.
    if (value != nullptr && !value->empty() && value->front() != '$' &&
        std::filesystem::path(*value).is_relative()) {
        element.set(key,
                    (from / *value).lexically_normal().lexically_relative(to).generic_string());
    }
    for (Element& child : element.children) rebase(child, from, to);
}

}  // namespace

void move_document(Document& document, const std::filesystem::path& path) {
    if (document.files.empty()) return;
    const auto folder = [](const std::filesystem::path& file) {
        return std::filesystem::absolute(file).lexically_normal().parent_path();
    };
    const auto from = folder(document.files.front()), to = folder(path);
    if (from != to) rebase(document.root, from, to);
}

Status write_document(const Document& document, const std::filesystem::path& path) {
    if (!is_json(path)) return engine::core::write_file(path, write_xml(document.root));
    auto criteria = nlohmann::ordered_json::array();
    for (const Element* property : story::criterion_properties(document.root)) {
        const std::string* value = property->attribute("value");
        const auto criterion = story::parse_criterion(value != nullptr ? *value : "");
        if (!criterion) {
            return Error{.message = criterion.error().message,
                         .file = document.files.empty() ? "" : document.files.front().string(),
                         .line = property->origin.line};
        }
        criteria.push_back(nlohmann::ordered_json::parse(story::text_of(*criterion)));
    }
    Element root = document.root;
    story::remove_criteria(root);
    canonicalise(root, Standard::kRootType);
    nlohmann::ordered_json json{{"schema_version", kSchemaVersion},
                                {"story", to_json(root, Standard::kRootType)}};
    if (!criteria.empty()) json["criteria"] = std::move(criteria);
    return engine::core::write_file(
        path, json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

Result<StoryFile> read(const std::filesystem::path& path, const ReadOptions& options) {
    HM_TAKE(const std::string text, engine::core::read_file(path));
    return parse(text, path, options);
}

Result<StoryFile> parse(const std::string& text, const std::filesystem::path& path,
                        const ReadOptions& options) {
    HM_TAKE(Document document, parse_document(text, path));
    HM_TRY(take_out(document, options.without));
    return compile(std::move(document), options);
}

StoryFile compile(Document document, const ReadOptions& options) {
    StoryFile reading{.document = std::move(document), .story = {}, .findings = {}};
    Findings findings;
    const Element& root = reading.document.root;
    check(root, Standard::kRootType, findings);
    if (root.child("Storyboard") == nullptr) {
        findings.add(Severity::kError, root.origin.line, "document.kind",
                     "holds no <Storyboard>: it is a catalogue or a distribution of parameters");
    }
    const story::CompileOptions compile_options{
        .parameters = options.parameters,
        .ego = options.ego,
        .read = [&](const std::filesystem::path& file, std::uint32_t number) -> Result<Element> {
            HM_TAKE(Element catalogue, read_xml(file, number));
            check(catalogue, Standard::kRootType, findings);
            return catalogue;
        }};
    reading.story = story::compile(reading.document, compile_options, findings);
    reading.findings = findings.take();
    return reading;
}

Result<engine::world::RoadModel> read_map(const StoryFile& reading) {
    std::filesystem::path path = reading.story.map;
    if (path.empty()) return engine::world::RoadModel{};
    if (path.is_relative()) path = reading.document.files.front().parent_path() / path;
    HM_TAKE(auto map, opendrive::read(path));
    return std::move(map.model);
}

std::string text_of(const engine::core::Finding& finding, const Document& document) {
    const std::string file =
        finding.file < document.files.size() ? document.files[finding.file].string() : "";
    return Error{.message = fmt::format("{}: {}", name(finding.severity), finding.message),
                 .file = file,
                 .line = finding.line}
        .text();
}

}  // namespace huntsman::scenarios::openscenario
