// Parameters and catalogues.

#include <algorithm>
#include <system_error>

#include "scenarios/story/compiler.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::story {

using engine::core::Severity;
namespace fs = std::filesystem;

namespace {

bool meets(const std::string& value, std::string_view rule, const std::string& bound) {
    const auto a = to_number(value), b = to_number(bound);
    const int order = a && b ? (*a > *b) - (*a < *b) : (value > bound) - (value < bound);
    if (rule == "equalTo") return order == 0;
    if (rule == "notEqualTo") return order != 0;
    if (rule == "greaterThan") return order > 0;
    if (rule == "lessThan") return order < 0;
    if (rule == "greaterOrEqual") return order >= 0;
    return order <= 0;
}

// What a value of a declared type looks like, where this one does not.
const char* expectation(std::string_view type, const std::string& value) {
    const auto number = to_number(value);
    const bool whole = number && *number == static_cast<double>(static_cast<long long>(*number));
    if (type == "boolean") return to_flag(value) ? nullptr : "true or false";
    if (type == "double") return number ? nullptr : "a number";
    if (type == "integer" || type == "int") return whole ? nullptr : "a whole number";
    if (type == "unsignedInt" || type == "unsignedShort") {
        return whole && *number >= 0 ? nullptr : "a whole number from 0";
    }
    return nullptr;
}

}  // namespace

void Compiler::declare(const Element& owner, Scope& scope,
                       const std::map<std::string, std::string>& set) {
    const Element* list = owner.child("ParameterDeclarations");
    for (const Element* item :
         list ? list->all("ParameterDeclaration") : std::vector<const Element*>()) {
        const std::string* written = item->attribute("name");
        if (written == nullptr) continue;
        // Older files declare "$name".
        const std::string name = written->starts_with('$') ? written->substr(1) : *written;
        const auto given = set.find(name);
        std::string value = given != set.end() ? given->second : text(*item, "value");
        if (given == set.end()) {
            // A declaration may use parameters that were declared before it.
            const Scope* before = scope_;
            scope_ = &scope;
            value = this->value(*item, "value").value_or("");
            scope_ = before;
        }
        const std::string type = text(*item, "parameterType");
        if (const char* expected = expectation(type, value)) {
            report(Severity::kWarning, *item, "parameter.value",
                   fmt::format("parameter \"{}\" is \"{}\", expected {}", name, value, expected));
        }
        check_constraints(*item, name, value);
        if (!scope.values.emplace(name, value).second) {
            report(Severity::kWarning, *item, "parameter.twice",
                   fmt::format("parameter \"{}\" is declared twice; the first counts", name));
        }
    }
}

void Compiler::check_constraints(const Element& declaration, const std::string& name,
                                 const std::string& value) {
    const auto groups = declaration.all("ConstraintGroup");
    if (groups.empty()) return;
    const bool met = std::ranges::any_of(groups, [&](const Element* group) {
        return std::ranges::all_of(group->all("ValueConstraint"), [&](const Element* constraint) {
            return meets(value, text(*constraint, "rule"), text(*constraint, "value"));
        });
    });
    if (met) return;
    std::string wanted;
    for (const Element* group : groups) {
        wanted += wanted.empty() ? "" : ", or ";
        for (const Element* constraint : group->all("ValueConstraint")) {
            wanted += (constraint == &group->children.front() ? "" : " and ") +
                      text(*constraint, "rule") + " " + text(*constraint, "value");
        }
    }
    error(declaration, "parameter.constraint",
          fmt::format("parameter \"{}\" is {}, expected {}", name, value, wanted));
}

void Compiler::find_catalogues() {
    const Element* locations = document_.root.child("CatalogLocations");
    if (locations == nullptr) return;
    for (const Element& location : locations->children) {
        const Element* directory = location.child("Directory");
        if (directory == nullptr) continue;
        folders_.emplace_back(text(*directory, "path"), directory);
    }
}

void Compiler::load_catalogues(const std::string& folder, const Element& at) {
    if (!loaded_.insert(folder).second) return;
    fs::path path = folder;
    if (path.is_relative()) {
        path = document_.files.front().parent_path() / path;
    }
    std::vector<fs::path> files;
    std::error_code failed;
    for (fs::directory_iterator it(path, failed), end; !failed && it != end; it.increment(failed)) {
        if (it->path().extension() == ".xosc") files.push_back(it->path());
    }
    if (failed) {
        // Files that were moved: a folder of the same name in the place where catalogues lie.
        const fs::path usual = document_.files.front().parent_path() / "Catalogs" / path.filename();
        std::error_code missing;
        const bool found = fs::is_directory(usual, missing) && usual != path;
        report(Severity::kWarning, at, "catalogue.folder",
               fmt::format("the catalogue folder \"{}\" cannot be read: {}{}", path.string(),
                           failed.message(),
                           found ? fmt::format("; \"{}\" is read instead", usual.string()) : ""));
        if (found) load_catalogues(fs::absolute(usual).string(), at);
        return;
    }
    std::ranges::sort(files);
    for (const fs::path& file : files) {
        const auto number = static_cast<std::uint32_t>(document_.files.size());
        auto root = options_.read(file, number);
        if (!root) {
            report(Severity::kWarning, at, "catalogue.file",
                   fmt::format("a catalogue is left out: {}", root.error().text()));
            continue;
        }
        document_.files.push_back(file);
        Element* catalogue = root->child("Catalog");
        if (catalogue == nullptr) continue;
        const std::string* name = catalogue->attribute("name");
        // Some files are referred to by their own name instead of the catalogue's.
        for (const std::string& known : {name != nullptr ? *name : "", file.stem().string()}) {
            if (known.empty()) continue;
            auto& entries = catalogues_[known];
            for (const Element& entry : catalogue->children) {
                const std::string* entry_name = entry.attribute("name");
                if (entry_name != nullptr)
                    entries.emplace(std::pair{entry.name, *entry_name}, entry);
            }
        }
    }
}

void Compiler::load_all_catalogues() {
    for (const auto& [folder, at] : folders_) load_catalogues(folder, *at);
}

const Element* Compiler::catalogue_entry(const Element& reference, std::string_view kind) {
    load_all_catalogues();
    const std::string catalogue = text(reference, "catalogName");
    const std::string name = text(reference, "entryName");
    const auto found = catalogues_.find(catalogue);
    if (found == catalogues_.end()) {
        error(reference, "catalogue.unknown",
              fmt::format("refers to the catalogue \"{}\", which no catalogue folder holds",
                          catalogue));
        return nullptr;
    }
    const auto entry = found->second.find({std::string(kind), name});
    if (entry != found->second.end()) return &entry->second;
    error(reference, "catalogue.entry",
          fmt::format("refers to the {} \"{}\", which the catalogue \"{}\" does not hold", kind,
                      name, catalogue));
    return nullptr;
}

void Compiler::assignments(const Element& reference, std::map<std::string, std::string>& set) {
    const Element* list = reference.child("ParameterAssignments");
    if (list == nullptr) return;
    for (const Element* item : list->all("ParameterAssignment")) {
        const std::string* name = item->attribute("parameterRef");
        if (name == nullptr) continue;
        set[name->starts_with('$') ? name->substr(1) : *name] = value(*item, "value").value_or("");
    }
}

}  // namespace huntsman::scenarios::story
