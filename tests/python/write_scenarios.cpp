// write_scenarios FOLDER: writes the scenarios of others, once from XML and once through the JSON
// form, as files of our own. Writes nothing where they are not present.
#include <cstdio>
#include <filesystem>

#include "scenarios/openscenario/openscenario.h"

int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    namespace openscenario = huntsman::scenarios::openscenario;
    if (argc != 3) return 2;
    const fs::path folder = argv[2];
    fs::remove_all(folder);
    fs::create_directories(folder);
    const fs::path source = fs::path(HUNTSMAN_SOURCE_DIR) / "../shared/interop/openscenario/xosc";
    if (!fs::exists(source)) return 0;
    for (const auto& entry : fs::recursive_directory_iterator(source)) {
        if (entry.path().extension() != ".xosc") continue;
        const auto document = openscenario::read_document(entry.path());
        const fs::path stem = folder / entry.path().stem();
        if (!document || !openscenario::write_document(*document, stem.string() + ".xosc") ||
            !openscenario::write_document(*document, stem.string() + ".json")) {
            std::fprintf(stderr, "%s cannot be written\n", entry.path().c_str());
            return 1;
        }
        const auto again = openscenario::read_document(stem.string() + ".json");
        if (!again || !openscenario::write_document(*again, stem.string() + "_again.xosc")) {
            std::fprintf(stderr, "%s.json cannot be read\n", stem.c_str());
            return 1;
        }
    }
    return 0;
}
