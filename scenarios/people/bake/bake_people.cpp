#include <cstdio>
#include <cstdlib>
#include <chrono>

#include "scenarios/people/body.h"

using namespace huntsman::scenarios::people;
int main(int argc, char** argv) {
    auto data = BodyData::read(data_folder());
    if (!data.ok()) { std::fprintf(stderr, "%s\n", data.error().text().c_str()); return 3; }
    BodyParameters p;
    if (argc > 2) p.age_years = std::atof(argv[2]);
    if (argc > 3) p.male = std::atof(argv[3]);
    if (argc > 4) p.height_m = std::atof(argv[4]);
    if (argc > 5) p.mass_kg = std::atof(argv[5]);
    auto t0 = std::chrono::steady_clock::now();
    auto body = make_body(data.value(), p);
    if (!body.ok()) { std::fprintf(stderr, "%s\n", body.error().text().c_str()); return 3; }
    std::printf("mass %f  %f s\n", body->mass_kg, std::chrono::duration<double>(std::chrono::steady_clock::now()-t0).count());
    FILE* f = std::fopen(argv[1], "w");
    for (auto& v : body->vertices) std::fprintf(f, "v %f %f %f\n", v.x, v.y, v.z);
    for (const char* g : {"body", "helper-tights", "helper-skirt", "helper-hair", "helper-l-eye"}) {
        std::fprintf(f, "o %s\n", g);
        for (auto& q : data->group(g)) std::fprintf(f, "f %u %u %u %u\n", q[0].vertex+1, q[1].vertex+1, q[2].vertex+1, q[3].vertex+1);
    }
    std::fclose(f);
}
