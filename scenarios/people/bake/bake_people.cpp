#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "engine/figure/motion.h"
#include "scenarios/people/cast.h"

using namespace huntsman::scenarios::people;
using namespace huntsman::engine;
int main(int argc, char** argv) {
    auto data = BodyData::read(data_folder());
    if (!data.ok()) { std::fprintf(stderr, "%s\n", data.error().text().c_str()); return 3; }
    const std::string out = argv[1];
    const int first = std::atoi(argv[2]), last = std::atoi(argv[3]);
    const std::size_t lod = argc > 4 ? static_cast<std::size_t>(std::atoi(argv[4])) : 0;
    for (int seed = first; seed <= last; ++seed) {
        auto t0 = std::chrono::steady_clock::now();
        const Person person = random_person(static_cast<std::uint64_t>(seed), static_cast<Season>(seed % 3));
        figure::Level level; figure::Model model;
        if (lod == 9) {
            auto d = dress(data.value(), person);
            if (!d.ok()) { std::fprintf(stderr, "%s\n", d.error().text().c_str()); return 3; }
            model.skeleton = d->body.skeleton;
            for (auto& p : d->pieces) std::printf("  %s %zu\n", p.name.c_str(), p.faces.size());
        }
        auto m = make_model(data.value(), person);
        if (!m.ok()) { std::fprintf(stderr, "%s\n", m.error().text().c_str()); return 3; }
        model = m.value();
        level = model.levels[std::min<std::size_t>(lod, 2)];
        figure::Pose pose = figure::rest_pose(model.skeleton);
        if (std::getenv("ACT")) { figure::Movement mv; auto e=[](const char* n,double d){const char* v=std::getenv(n); return v?std::atof(v):d;};
          mv.activity=(figure::Activity)(int)e("ACT",0); mv.phase_rad=e("PH",0)*6.283185307; mv.speed_mps=e("V",0); mv.turn_rad_s=e("W",0); mv.haste=e("HASTE",0); mv.time_s=e("T",0); mv.gesture=(figure::Gesture)(int)e("G",0); mv.gesture_phase=e("GP",0); mv.seat_m=e("SEAT",0.45);
          if (std::getenv("LX")) mv.look_at_B = math::Vec3(e("LX",0),e("LY",0),e("LZ",0));
          if (std::getenv("KERB")) mv.kerb = figure::Kerb{e("KERB",0), e("RISE",-0.12)};
          pose = figure::pose_of(model.skeleton, mv); }
        auto rows = figure::skinning_rows(model.skeleton, figure::forward(model.skeleton, pose));
        std::printf("seed %d: age %.0f male %.1f h %.2f m %.0f  tris %zu %zu %zu verts %zu  %.2f s\n", seed, person.body.age_years, person.body.male, person.body.height_m, person.body.mass_kg, m->levels[0].indices.size()/3, m->levels[1].indices.size()/3, m->levels[2].indices.size()/3, m->levels[0].vertices.size(), std::chrono::duration<double>(std::chrono::steady_clock::now()-t0).count());
        FILE* f = std::fopen((out + std::to_string(seed) + (std::getenv("SUF")?std::getenv("SUF"):"") + ".obj").c_str(), "w");
        for (auto& v : level.vertices) {
            float tint[3] = {1,1,1};
            if (v.tint != figure::Tint::kNone) for (int c=0;c<3;++c) tint[c] = model.tints[v.tint == figure::Tint::kTop ? 0 : 1][c];
            double p[3]={0,0,0}, n[3]={0,0,0};
            for (int k=0;k<4;++k) { auto& r = rows[v.joints[k]]; double w = v.weights[k]/255.0;
                for (int i=0;i<3;++i) { p[i]+=w*(r[4*i]*v.p[0]+r[4*i+1]*v.p[1]+r[4*i+2]*v.p[2]+r[4*i+3]); n[i]+=w*(r[4*i]*v.n[0]+r[4*i+1]*v.n[1]+r[4*i+2]*v.n[2]); } }
            std::fprintf(f, "v %f %f %f %f %f %f\nvn %f %f %f\n", p[0], p[1], p[2], v.colour[0]/65535.0*tint[0], v.colour[1]/65535.0*tint[1], v.colour[2]/65535.0*tint[2], n[0], n[1], n[2]);
        }
        for (size_t i=0;i<level.indices.size();i+=3) std::fprintf(f, "f %d %d %d\n", level.indices[i]+1, level.indices[i+1]+1, level.indices[i+2]+1);
        std::fclose(f);
    }
}
