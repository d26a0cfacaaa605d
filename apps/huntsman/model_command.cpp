// huntsman model: models that others made, checked and described.
#include <cstdio>

#include "apps/huntsman/common.h"
#include "engine/core/files.h"
#include "engine/core/job_pool.h"
#include "engine/import/import.h"
#include "scenarios/models/propose.h"
#include "scenarios/models/report.h"

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
    std::printf("%s: %zu parts\n", out.string().c_str(), proposal->description.parts.size());
    for (const std::string& doubt : proposal->doubts) std::printf("  look at: %s\n", doubt.c_str());
    print_findings(findings);
    return 0;
}

// What a model's file holds, as no description is there yet.
int check_file(const ModelArguments& arguments) {
    Findings findings;
    const auto proposal = scenarios::models::propose(source_of(arguments), "model", {}, findings);
    if (!proposal) return fail(proposal.error());
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

}  // namespace

void add_model(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<ModelArguments>();
    CLI::App* command = app.add_subcommand(
        "model",
        "Check and describe models that others made.\nExample: huntsman model check panel_van");
    command->require_subcommand(1);
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
