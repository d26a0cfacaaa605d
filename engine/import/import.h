// Models that others made: glTF, GLB, FBX, OBJ and AC3D, read by Assimp.
//
// Assimp runs in a child process with limits on time and memory: a file that crashes it, or that
// keeps it busy, is an error like any other. It sees the files of the model's folder only (see
// files.h). The child is forked, so the caller may have threads; it writes nothing but its answer.
#pragma once

#include "engine/core/result.h"
#include "engine/import/files.h"
#include "engine/import/model.h"

namespace huntsman::engine::import {

struct ImportLimits {
    double time_s = 120;                      // of processor
    std::uint64_t memory_bytes = 4ULL << 30;  // that the child may add; sanitisers know none
    std::uint64_t answer_bytes = 1ULL << 30;  // of the model
};

// Reads a model. What could be mended or left out is a finding of the model: faces without an area
// or with positions that are no numbers, names that lead out of the folder, missing textures, skins
// without joints. Errors: no such file or format, damaged files, a model without triangles.
// Cost: about 0.1 s for each 10 MB, and some milliseconds for the process.
core::Result<Model> read_model(const Files& files, const ImportLimits& limits = {});

// Endings of the formats that are read, for messages: ".glb, .gltf, ...".
std::string formats();

// The meshes with their nodes' transforms applied, in the frame of the file. Meshes that no node
// shows are left out; one that several nodes show appears several times. Normals stay unit length;
// triangles of mirrored nodes keep their outside.
std::vector<Mesh> placed_meshes(const Model& model);

}  // namespace huntsman::engine::import
