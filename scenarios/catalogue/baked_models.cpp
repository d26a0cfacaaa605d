#include "scenarios/catalogue/baked_models.h"

#include <fmt/format.h>

#include <map>
#include <mutex>

#include "engine/core/check.h"
#include "engine/core/files.h"
#include "engine/core/job_pool.h"
#include "scenarios/catalogue/cast.h"
#include "scenarios/models/description.h"
#include "scenarios/models/person.h"
#include "scenarios/models/store.h"

// The assembler puts the file that bake_models wrote into the program's read-only data.
__asm__(
    ".pushsection .rodata\n"
    ".balign 64\n"
    "huntsman_baked_models_begin:\n"
    ".incbin \"" HUNTSMAN_BAKED_MODELS
    "\"\n"
    "huntsman_baked_models_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" const char huntsman_baked_models_begin[];
extern "C" const char huntsman_baked_models_end[];

namespace huntsman::scenarios::catalogue {

using engine::core::Error;
using engine::core::Result;

namespace {

models::Store store() {
    auto opened = models::Store::open({huntsman_baked_models_begin, huntsman_baked_models_end});
    HM_CHECK(opened.ok(), "{}", opened.error().text());
    return std::move(*opened);
}

}  // namespace

Result<ImportedModel> imported_model(const std::string& name) {
    HM_TAKE(const ImportedModel model, imported_measures(name));
    return with_meshes(model);
}

Result<ImportedModel> imported_measures(const std::string& name) {
    const models::Store baked = store();
    const models::Store::Entry* entry = baked.find(name);
    const auto path = models::description_path(name);
    const auto text = engine::core::read_file(path);
    if (!text && entry == nullptr) {
        return Error{.message = fmt::format("there is no model {}, expected a file {}", name,
                                            path.string())};
    }
    if (entry != nullptr &&
        (!text || models::hash_of_description(*text) == entry->description_hash)) {
        HM_TAKE(models::BuiltModel model, models::unpack_measures(entry->content));
        return std::make_shared<const models::BuiltModel>(std::move(model));
    }
    HM_TAKE(const models::Description description, models::load_description(path));
    if (models::is_person(description)) {
        return Error{.message = "is a person, expected a vehicle", .file = path.string()};
    }
    engine::core::JobPool pool(0);
    engine::core::Findings findings;
    HM_TAKE(models::BuiltModel model, models::build_model(description, pool, findings));
    return std::make_shared<const models::BuiltModel>(std::move(model));
}

ImportedModel with_meshes(const ImportedModel& model) {
    if (!model->body.lods.empty()) return model;
    const models::Store baked = store();
    const models::Store::Entry* entry = baked.find(model->name);
    HM_CHECK(entry != nullptr, "model {} is not part of the program", model->name);
    auto whole = models::unpack(entry->content);
    HM_CHECK(whole.ok(), "{}", whole.error().text());
    return std::make_shared<const models::BuiltModel>(std::move(*whole));
}

Result<std::shared_ptr<const CastMember>> imported_person(const std::string& name) {
    // Worlds of one process show the same person.
    static std::mutex mutex;
    static std::map<std::string, std::pair<std::uint64_t, std::shared_ptr<const CastMember>>> made;
    const auto path = models::description_path(name);
    HM_TAKE(const std::string text, engine::core::read_file(path));
    const std::uint64_t hash = models::hash_of_description(path.string() + text);
    const std::scoped_lock lock(mutex);
    if (const auto known = made.find(name); known != made.end() && known->second.first == hash) {
        return known->second.second;
    }
    HM_TAKE(const models::Description description, models::load_description(path));
    if (!models::is_person(description)) {
        return Error{.message = "is a vehicle, expected a person", .file = path.string()};
    }
    engine::core::Findings findings;
    HM_TAKE(const models::BuiltPerson person, models::build_person(description, findings));
    auto member = cast_member(person.model, person.pictures);
    made[name] = {hash, member};
    return member;
}

std::vector<std::string> baked_model_names() {
    std::vector<std::string> names;
    const models::Store baked = store();
    for (const auto& entry : baked.entries()) names.emplace_back(entry.name);
    return names;
}

}  // namespace huntsman::scenarios::catalogue
