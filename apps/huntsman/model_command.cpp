// huntsman model: actors looked at; models that others made, checked and described.
#include <cstdio>

#include "apps/huntsman/common.h"
#include "apps/huntsman/model_view.h"
#include "bridge/run/settings.h"
#include "engine/core/files.h"
#include "engine/core/job_pool.h"
#include "engine/import/import.h"
#include "scenarios/catalogue/cast.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/models/person.h"
#include "scenarios/models/propose.h"
#include "scenarios/models/report.h"
#include "sensors/encode/image_file.h"

namespace huntsman::apps {

namespace fs = std::filesystem;
using engine::core::Error;
using engine::core::Findings;
using engine::core::Result;
using engine::core::Severity;

namespace {

struct ModelArguments {
    std::string file, out, member;
};

// Errors first said, then counted.
int print_findings(Findings& findings) {
    int errors = 0;
    for (const auto& finding : findings.take()) {
        std::printf("  %s: %s\n", name(finding.severity), finding.message.c_str());
        errors += finding.severity == Severity::kError;
    }
    return errors;
}

// A model's file, a description, or the name of one in assets/models.
Result<scenarios::models::Description> description_of(const ModelArguments& arguments) {
    const fs::path path = arguments.file;
    if (path.extension() == ".json") return scenarios::models::load_description(path);
    std::error_code ignored;
    const fs::path shipped = scenarios::models::description_path(arguments.file);
    if (!path.has_extension() && fs::is_regular_file(shipped, ignored)) {
        return scenarios::models::load_description(shipped);
    }
    return Error{.message = "is no description, expected a file .json or a name of assets/models",
                 .file = arguments.file};
}

scenarios::models::Source source_of(const ModelArguments& arguments) {
    const std::string file = fs::absolute(arguments.file).string();
    if (arguments.member.empty()) return {.file = file};
    return {.archive = file, .member = arguments.member};
}

int describe(const ModelArguments& arguments) {
    Findings findings;
    const fs::path out = arguments.out;
    const auto proposal = scenarios::models::propose(
        source_of(arguments), out.empty() ? "model" : out.stem().string(), {}, findings);
    if (!proposal) return fail(proposal.error());
    const std::string text = scenarios::models::to_json(proposal->description);
    if (out.empty()) {
        std::fputs(text.c_str(), stdout);
        return 0;
    }
    const auto saved = engine::core::write_file(out, text);
    if (!saved) return fail(saved.error());
    if (is_person(proposal->description)) {
        std::printf("%s: a person\n", out.string().c_str());
    } else {
        std::printf("%s: %zu parts\n", out.string().c_str(), proposal->description.parts.size());
    }
    for (const std::string& doubt : proposal->doubts) std::printf("  look at: %s\n", doubt.c_str());
    print_findings(findings);
    return 0;
}

int check_person(const scenarios::models::Description& description) {
    Findings findings;
    const auto person = scenarios::models::build_person(description, findings);
    if (!person) return fail(person.error());
    std::printf("%s\n%s", description.name.c_str(),
                scenarios::models::person_report(*person).c_str());
    return print_findings(findings) == 0 ? 0 : 2;
}

// What a model's file holds, as no description is there yet.
int check_file(const ModelArguments& arguments) {
    Findings findings;
    const auto proposal = scenarios::models::propose(source_of(arguments), "model", {}, findings);
    if (!proposal) return fail(proposal.error());
    if (is_person(proposal->description)) return check_person(proposal->description);
    Findings unused;
    const auto opened = scenarios::models::open_model(proposal->description, unused);
    if (!opened) return fail(opened.error());
    std::printf("%s\n%s", arguments.file.c_str(), scenarios::models::parts_report(*opened).c_str());
    return print_findings(findings) == 0 ? 0 : 2;
}

int check(const ModelArguments& arguments) {
    const fs::path path = arguments.file;
    if (path.has_extension() && path.extension() != ".json") return check_file(arguments);
    const auto description = description_of(arguments);
    if (!description) return fail(description.error());
    if (is_person(*description)) return check_person(*description);
    Findings findings;
    const auto opened = scenarios::models::open_model(*description, findings);
    if (!opened) return fail(opened.error());
    std::printf("%s\n%s", description->name.c_str(),
                scenarios::models::parts_report(*opened).c_str());
    engine::core::JobPool pool(0);
    Findings of_build;
    const auto built = scenarios::models::build_model(*description, pool, of_build);
    if (!built) return fail(built.error());
    std::printf("%s", scenarios::models::build_report(*built).c_str());
    return print_findings(of_build) == 0 ? 0 : 2;
}

struct ViewArguments {
    std::vector<std::string> names;
    std::string out = "model.png", size = "480x400", quality = "high";
    int views = 8;
    double walk_mps = 0;
    bool close = false, night = false;
};

// A model that no actor shows yet, on its wheels.
engine::world::Archetype archetype_of(scenarios::models::BuiltModel model,
                                      engine::world::StaticScene& scene) {
    using engine::world::Motion;
    engine::world::Archetype a{.name = model.name, .semantic = model.semantic};
    a.extent = model.extent;
    const auto add = [&](engine::world::Mesh mesh) {
        scene.meshes.push_back(std::move(mesh));
        return static_cast<std::uint32_t>(scene.meshes.size() - 1);
    };
    a.parts.push_back({.mesh = add(std::move(model.body))});
    if (model.has_interior) a.parts.push_back({.mesh = add(std::move(model.interior))});
    std::vector<std::uint32_t> wheels;
    for (auto& mesh : model.wheel_meshes) wheels.push_back(add(std::move(mesh)));
    a.vehicle.wheels.clear();
    for (const auto& wheel : model.wheels) {
        a.parts.push_back({.motion = Motion::kWheel,
                           .mesh = wheels[wheel.mesh],
                           .p_BP = {wheel.p_B.x, wheel.p_B.y, wheel.radius_m},
                           .wheel = static_cast<std::uint32_t>(a.vehicle.wheels.size())});
        a.vehicle.wheels.push_back({.p_B = wheel.p_B, .radius_m = wheel.radius_m});
    }
    return a;
}

// A person that no actor shows yet.
engine::core::Result<engine::world::Archetype> archetype_of_person(
    const scenarios::models::Description& description, engine::world::StaticScene& scene) {
    Findings findings;
    HM_TAKE(const auto person, scenarios::models::build_person(description, findings));
    const auto member = scenarios::catalogue::cast_member(person.model, person.pictures);
    engine::world::Archetype a{.name = description.name, .semantic = description.semantic};
    a.extent = {0.3, 0.3, 0.6, member->height_m};
    a.vehicle.wheels.clear();
    scenarios::catalogue::add_figure(*member, engine::figure::Activity::kOnFoot, {0, 0, 0}, a,
                                     scene);
    return a;
}

// Adds what a name stands for: an actor, all vehicles, all people, or a description.
engine::core::Status add_named(const std::string& name,
                               const scenarios::catalogue::Catalogue& catalogue,
                               ModelViews& views) {
    using scenarios::catalogue::Model;
    bool found = false;
    const auto consider = [&](const Model& model) {
        const bool vehicle =
            std::holds_alternative<scenarios::catalogue::VehicleModel>(model.of_kind);
        const bool person =
            std::holds_alternative<scenarios::catalogue::PersonModel>(model.of_kind);
        if (model.name != name && !(name == "fleet" && vehicle) && !(name == "people" && person)) {
            return;
        }
        found = true;
        views.archetypes.push_back(scenarios::catalogue::archetype_of(model, views.scene));
        // Colours one after another, in even shades.
        const double draw = std::fmod(0.38 * static_cast<double>(views.tints.size()) + 0.3, 1.0);
        views.tints.push_back((vehicle ? catalogue.paints : catalogue.cloths).pick(draw, 0.5));
    };
    for (const Model& model : catalogue.models) consider(model);
    for (const Model& model : catalogue.for_stories) consider(model);
    if (found) return {};
    auto description = description_of({.file = name});
    if (!description) {
        return Error{.message = name +
                                " is no actor and no description, expected the name of an "
                                "actor of assets/actors, \"fleet\", \"people\", a name of "
                                "assets/models or a file .json"};
    }
    if (is_person(*description)) {
        HM_TAKE(auto person, archetype_of_person(*description, views.scene));
        views.archetypes.push_back(std::move(person));
        views.tints.push_back({0.5F, 0.5F, 0.5F});
        return {};
    }
    engine::core::JobPool pool(0);
    Findings findings;
    HM_TAKE(auto built, scenarios::models::build_model(*description, pool, findings));
    views.archetypes.push_back(archetype_of(std::move(built), views.scene));
    views.tints.push_back({0.10F, 0.16F, 0.30F});
    return {};
}

int view(const ViewArguments& arguments) {
    ModelViews views{.directions = arguments.views,
                     .close = arguments.close,
                     .night = arguments.night,
                     .speed_mps = arguments.walk_mps};
    const auto size = bridge::run::parse_size(arguments.size, "--size");
    if (!size) return fail(size.error());
    std::tie(views.width, views.height) = *size;
    const auto quality = engine::render::quality_of(arguments.quality);
    if (!quality) {
        return fail(
            {.message = "--quality is " + arguments.quality + ", expected fast, standard or high"});
    }
    const std::string extension = fs::path(arguments.out).extension().string();
    if (extension != ".png" && extension != ".jpg") {
        return fail({.message = "--out is " + arguments.out +
                                ", expected a name that ends in .png or .jpg"});
    }
    const auto catalogue = scenarios::catalogue::load_shipped();
    if (!catalogue) return fail(catalogue.error());
    for (const std::string& name : arguments.names) {
        const auto added = add_named(name, *catalogue, views);
        if (!added) return fail(added.error());
    }
    const auto sheet = view_models(views, *quality);
    if (!sheet) return fail(sheet.error());
    constexpr int kJpegQuality = 88;
    const auto bytes = extension == ".png" ? sensors::encode::encode_png(*sheet)
                                           : sensors::encode::encode_jpeg(*sheet, kJpegQuality);
    if (!bytes) return fail(bytes.error());
    if (const auto status = engine::core::write_file(arguments.out, *bytes); !status.ok()) {
        return fail(status.error());
    }
    std::printf("%s\n", arguments.out.c_str());
    return 0;
}

void add_view(CLI::App& command, Body& chosen) {
    auto arguments = std::make_shared<ViewArguments>();
    CLI::App* sub = command.add_subcommand(
        "view",
        "Draw actors by themselves, from all sides, as a sheet.\nExample: huntsman model view "
        "panel_van --out van.png");
    sub->add_option("NAMES", arguments->names,
                    "Actors of assets/actors, \"fleet\", \"people\", or descriptions of models")
        ->required();
    sub->add_option("--out", arguments->out, "Picture to write, .png or .jpg")
        ->capture_default_str();
    sub->add_option("--size", arguments->size, "Of each picture")->capture_default_str();
    sub->add_option("--quality", arguments->quality, "fast, standard or high")
        ->capture_default_str();
    sub->add_option("--views", arguments->views, "Pictures of each, all around")
        ->check(CLI::Range(1, 72))
        ->capture_default_str();
    sub->add_option("--walk", arguments->walk_mps,
                    "People and riders: a cycle of their limbs at this speed instead of a "
                    "turn [m/s]")
        ->check(CLI::Range(0.0, 8.0));
    sub->add_flag("--close", arguments->close, "People: head and shoulders");
    sub->add_flag("--night", arguments->night, "After dusk, with lamps lit");
    sub->callback([arguments, &chosen] { chosen = [arguments] { return view(*arguments); }; });
}

}  // namespace

void add_model(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<ModelArguments>();
    CLI::App* command = app.add_subcommand(
        "model",
        "Look at actors; check and describe models that others made.\nExample: huntsman model view "
        "panel_van");
    command->require_subcommand(1);
    add_view(*command, chosen);
    const auto add = [&](const char* name, const char* help, const char* file,
                         int (*body)(const ModelArguments&)) {
        CLI::App* sub = command->add_subcommand(name, help);
        sub->add_option("FILE", arguments->file, file)->required();
        sub->add_option("--member", arguments->member, "Name of the model in FILE, a zip archive");
        sub->callback([arguments, &chosen, body] {
            chosen = [arguments, body] { return body(*arguments); };
        });
        return sub;
    };
    add("check",
        "Say what a model is made of, build it, and name what is wrong with it.\nExample: huntsman "
        "model check my_van.json",
        "Description, name of one in assets/models, or a model (.ac, .fbx, .glb, .gltf, .obj)",
        check);
    CLI::App* describe_command =
        add("describe",
            "Propose a description of a model, to be corrected by hand.\nExample: huntsman model "
            "describe van.glb --out my_van.json",
            "Model: .ac, .fbx, .glb, .gltf, .obj", describe);
    describe_command->add_option("--out", arguments->out,
                                 "Description to write; without it, printed");
}

}  // namespace huntsman::apps
