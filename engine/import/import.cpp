#include "engine/import/import.h"

#include <assimp/GltfMaterial.h>
#include <assimp/config.h>
#include <assimp/importerdesc.h>
#include <assimp/material.h>
#include <assimp/postprocess.h>
#include <assimp/scene.h>
#include <fmt/format.h>

#include <algorithm>
#include <assimp/IOStream.hpp>
#include <assimp/IOSystem.hpp>
#include <assimp/Importer.hpp>
#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "engine/import/apart.h"
#include "engine/import/packed.h"

namespace huntsman::engine::import {

using core::Error;
using core::Finding;
using core::Findings;
using core::Result;
using core::Severity;

// Field lists for packed.h.
template <typename Archive>
void fields(Archive& archive, Material& m) {
    archive(m.name), archive(m.colour), archive(m.emissive), archive(m.opacity);
    archive(m.roughness), archive(m.metallic), archive(m.texture), archive(m.cut_out);
}
template <typename Archive>
void fields(Archive& archive, Mesh& m) {
    archive(m.name), archive(m.material), archive(m.positions), archive(m.normals);
    archive(m.uvs), archive(m.skin), archive(m.indices);
}
template <typename Archive>
void fields(Archive& archive, Node& n) {
    archive(n.name), archive(n.parent), archive(n.X_PN), archive(n.meshes);
}
template <typename Archive>
void fields(Archive& archive, Joint& j) {
    archive(j.name), archive(j.node), archive(j.X_JM);
}
template <typename Archive>
void fields(Archive& archive, Finding& f) {
    archive(f.severity), archive(f.line), archive(f.rule), archive(f.message), archive(f.file);
}
template <typename Archive>
void fields(Archive& archive, Model& m) {
    archive(m.materials), archive(m.meshes), archive(m.nodes), archive(m.joints);
    archive(m.images), archive(m.unit_m), archive(m.findings);
}

namespace {

// Of the formats that are read; Assimp's readers of all others are switched off.
constexpr const char* kFormats[] = {"ac", "fbx", "glb", "gltf", "obj"};
constexpr std::size_t kMostVertices = 20'000'000, kMostNodes = 200'000;
constexpr float kFarthest = 1e7F;  // in the file's units; larger is damage

// A file's content as Assimp reads it.
class Stream : public Assimp::IOStream {
  public:
    explicit Stream(std::string content) : content_(std::move(content)) {}
    std::size_t Read(void* to, std::size_t size, std::size_t count) override {
        if (size == 0) return 0;
        const std::size_t whole = std::min(count, (content_.size() - at_) / size);
        std::memcpy(to, content_.data() + at_, whole * size);
        at_ += whole * size;
        return whole;
    }
    std::size_t Write(const void*, std::size_t, std::size_t) override { return 0; }
    aiReturn Seek(std::size_t offset, aiOrigin origin) override {
        // An offset from the end counts backwards, as in Assimp's own streams in memory.
        const std::size_t from = origin == aiOrigin_CUR ? at_ : 0;
        if (offset > content_.size() - from) return aiReturn_FAILURE;
        at_ = origin == aiOrigin_END ? content_.size() - offset : from + offset;
        return aiReturn_SUCCESS;
    }
    std::size_t Tell() const override { return at_; }
    std::size_t FileSize() const override { return content_.size(); }
    void Flush() override {}

  private:
    std::string content_;
    std::size_t at_ = 0;
};

// Opens files of the model's folder, and notes what else was asked for.
class Folder : public Assimp::IOSystem {
  public:
    Folder(const Files& files, Findings& findings) : files_(files), findings_(findings) {}
    bool Exists(const char* name) const override { return files_.has(name); }
    char getOsSeparator() const override { return '/'; }
    Assimp::IOStream* Open(const char* name, const char* mode) override {
        if (std::strchr(mode, 'w') != nullptr) return nullptr;
        auto content = files_.read(name);
        if (content) return new Stream(std::move(*content));
        // Assimp tries some names that a model need not have.
        const bool guessed =
            std::string_view(name) != files_.main() && inner_name(name) && !named_by_model(name);
        if (!guessed) {
            findings_.add(Severity::kWarning, 0, "model.file", content.error().message);
        }
        return nullptr;
    }
    void Close(Assimp::IOStream* stream) override { delete stream; }

  private:
    static bool named_by_model(std::string_view name) {
        return !name.ends_with(".mtl") || name.find('/') != std::string_view::npos;
    }
    const Files& files_;
    Findings& findings_;
};

std::string text_of(const aiString& text) {
    std::string plain(text.data, std::min<std::size_t>(text.length, sizeof text.data - 1));
    // Names reach messages and files.
    std::erase_if(plain, [](char c) { return static_cast<unsigned char>(c) < 32; });
    return plain;
}

float number_or(float value, float low, float high, float fallback) {
    return std::isfinite(value) ? std::clamp(value, low, high) : fallback;
}

Matrix matrix_of(const aiMatrix4x4& m, Findings& findings, const std::string& name) {
    Matrix matrix;
    bool finite = true;
    for (unsigned r = 0; r < 4; ++r) {
        for (unsigned c = 0; c < 4; ++c) {
            matrix[4 * r + c] = m[r][c];
            finite = finite && std::isfinite(m[r][c]) && std::abs(m[r][c]) < kFarthest;
        }
    }
    if (finite) return matrix;
    findings.add(Severity::kError, 0, "model.transform",
                 fmt::format("the transform of node '{}' has entries that are no numbers; it is "
                             "taken as none",
                             name));
    return Node{}.X_PN;
}

// Builds our model from Assimp's scene.
class Reader {
  public:
    Reader(const aiScene& scene, const Files& files, Findings& findings, Model& model)
        : scene_(scene), files_(files), findings_(findings), model_(model) {}

    void read() {
        for (unsigned i = 0; i < scene_.mNumMaterials; ++i) material(*scene_.mMaterials[i]);
        if (model_.materials.empty()) model_.materials.emplace_back();
        images();
        for (unsigned i = 0; i < scene_.mNumMeshes; ++i) mesh(*scene_.mMeshes[i]);
        if (scene_.mRootNode != nullptr) nodes(*scene_.mRootNode);
        for (Joint& joint : model_.joints) {
            const auto found = node_of_.find(joint.name);
            if (found != node_of_.end()) joint.node = found->second;
        }
        // FBX: centimetres in a unit, as one of two types by the version of the reader.
        double centimetres = 0;
        float short_centimetres = 0;
        if (scene_.mMetaData != nullptr) {
            if (scene_.mMetaData->Get("UnitScaleFactor", short_centimetres)) {
                centimetres = static_cast<double>(short_centimetres);
            } else if (!scene_.mMetaData->Get("UnitScaleFactor", centimetres)) {
                centimetres = 0;
            }
        }
        if (std::isfinite(centimetres) && centimetres > 0) {
            model_.unit_m = 0.01 * centimetres;
        }
        if (files_.main().ends_with(".gltf") || files_.main().ends_with(".glb")) model_.unit_m = 1;
    }

  private:
    void material(const aiMaterial& from) {
        Material to;
        aiString name;
        if (from.Get(AI_MATKEY_NAME, name) == aiReturn_SUCCESS) to.name = text_of(name);
        aiColor4D colour;
        if (from.Get(AI_MATKEY_BASE_COLOR, colour) == aiReturn_SUCCESS ||
            from.Get(AI_MATKEY_COLOR_DIFFUSE, colour) == aiReturn_SUCCESS) {
            to.colour = {number_or(colour.r, 0, 1, 0.8F), number_or(colour.g, 0, 1, 0.8F),
                         number_or(colour.b, 0, 1, 0.8F)};
            to.opacity = number_or(colour.a, 0, 1, 1);
        }
        if (from.Get(AI_MATKEY_COLOR_EMISSIVE, colour) == aiReturn_SUCCESS) {
            to.emissive = {number_or(colour.r, 0, 1e4F, 0), number_or(colour.g, 0, 1e4F, 0),
                           number_or(colour.b, 0, 1e4F, 0)};
        }
        float value = 0;
        if (from.Get(AI_MATKEY_OPACITY, value) == aiReturn_SUCCESS) {
            to.opacity = std::min(to.opacity, number_or(value, 0, 1, 1));
        }
        if (from.Get(AI_MATKEY_METALLIC_FACTOR, value) == aiReturn_SUCCESS) {
            to.metallic = number_or(value, 0, 1, 0);
        }
        if (from.Get(AI_MATKEY_ROUGHNESS_FACTOR, value) == aiReturn_SUCCESS) {
            to.roughness = number_or(value, 0, 1, 0.5F);
        } else if (from.Get(AI_MATKEY_SHININESS, value) == aiReturn_SUCCESS) {
            // Blinn and Phong's exponent as a roughness of the same width of highlight.
            to.roughness = std::sqrt(2 / (2 + number_or(value, 0, 1e4F, 6)));
        }
        to.texture = texture_of(from, to.name);
        aiString mode;
        if (from.Get(AI_MATKEY_GLTF_ALPHAMODE, mode) == AI_SUCCESS) {
            to.cut_out = std::string_view(mode.C_Str()) != "OPAQUE";
        }
        model_.materials.push_back(std::move(to));
    }

    std::string texture_of(const aiMaterial& from, const std::string& material) {
        aiString path;
        for (const aiTextureType type : {aiTextureType_BASE_COLOR, aiTextureType_DIFFUSE}) {
            if (from.GetTexture(type, 0, &path) != aiReturn_SUCCESS) continue;
            std::string name = text_of(path);
            if (name.starts_with("*")) return name;
            if (scene_.GetEmbeddedTexture(path.C_Str()) != nullptr) {
                for (unsigned i = 0; i < scene_.mNumTextures; ++i) {
                    if (scene_.mTextures[i] == scene_.GetEmbeddedTexture(path.C_Str())) {
                        return fmt::format("*{}", i);
                    }
                }
            }
            const auto inner = inner_name(name);
            if (inner && files_.has(*inner)) return *inner;
            findings_.add(
                Severity::kWarning, 0, inner ? "model.texture.missing" : "model.texture.outside",
                inner ? fmt::format("texture {} of material '{}' is missing", *inner, material)
                      : fmt::format("texture '{}' of material '{}' lies out of the model's folder; "
                                    "it is not read",
                                    name, material));
        }
        return {};
    }

    void images() {
        for (unsigned i = 0; i < scene_.mNumTextures; ++i) {
            const aiTexture& image = *scene_.mTextures[i];
            // Height 0: mWidth bytes of a file. Raw texels do not occur in these formats.
            model_.images.emplace_back(
                image.mHeight == 0 && image.pcData != nullptr && image.mWidth <= kMostFileBytes
                    ? std::string(reinterpret_cast<const char*>(image.pcData), image.mWidth)
                    : std::string());
        }
    }

    void mesh(const aiMesh& from) {
        Mesh to;
        to.name = text_of(from.mName);
        to.material = from.mMaterialIndex < model_.materials.size() ? from.mMaterialIndex : 0;
        const std::size_t count = from.mVertices != nullptr ? from.mNumVertices : 0;
        std::vector<bool> good(count);
        for (std::size_t i = 0; i < count; ++i) {
            const aiVector3D& p = from.mVertices[i];
            to.positions.push_back({p.x, p.y, p.z});
            good[i] = std::abs(p.x) < kFarthest && std::abs(p.y) < kFarthest &&
                      std::abs(p.z) < kFarthest;  // false for NaN
            if (!good[i]) to.positions.back() = {};
            if (from.mNormals != nullptr) {
                const aiVector3D& n = from.mNormals[i];
                to.normals.push_back({n.x, n.y, n.z});
            }
            if (from.mTextureCoords[0] != nullptr) {
                const aiVector3D& t = from.mTextureCoords[0][i];
                to.uvs.push_back(
                    {number_or(t.x, -1e3F, 1e3F, 0), 1 - number_or(t.y, -1e3F, 1e3F, 0)});
            }
        }
        std::size_t bad = 0;
        for (unsigned f = 0; f < from.mNumFaces; ++f) {
            const aiFace& face = from.mFaces[f];
            if (face.mNumIndices != 3) continue;
            bool usable = true;
            for (unsigned k = 0; k < 3; ++k) {
                usable = usable && face.mIndices[k] < count && good[face.mIndices[k]];
            }
            if (!usable) {
                ++bad;
                continue;
            }
            for (unsigned k = 0; k < 3; ++k) to.indices.push_back(face.mIndices[k]);
        }
        if (bad > 0) {
            findings_.add(Severity::kError, 0, "model.faces",
                          fmt::format("{} faces of '{}' have corners that are missing, no numbers "
                                      "or beyond {:g}; they are left out",
                                      bad, to.name, kFarthest));
        }
        skin(from, to);
        model_.meshes.push_back(std::move(to));
    }

    void skin(const aiMesh& from, Mesh& to) {
        if (from.mNumBones == 0 || from.mBones == nullptr) return;
        to.skin.resize(to.positions.size());
        for (unsigned b = 0; b < from.mNumBones; ++b) {
            const aiBone& bone = *from.mBones[b];
            const std::uint32_t joint = joint_of(bone);
            for (unsigned w = 0; w < bone.mNumWeights; ++w) {
                const aiVertexWeight& weight = bone.mWeights[w];
                if (weight.mVertexId >= to.skin.size() || !(weight.mWeight > 0)) continue;
                SkinVertex& vertex = to.skin[weight.mVertexId];
                // The four largest stay.
                const auto least = static_cast<std::size_t>(
                    std::min_element(vertex.weights.begin(), vertex.weights.end()) -
                    vertex.weights.begin());
                if (weight.mWeight <= vertex.weights[least]) continue;
                vertex.weights[least] = std::min(weight.mWeight, 1.0F);
                vertex.joints[least] = static_cast<std::uint16_t>(joint);
            }
        }
        for (SkinVertex& vertex : to.skin) {
            float sum = 0;
            for (const float w : vertex.weights) sum += w;
            for (float& w : vertex.weights) w = sum > 0 ? w / sum : 0;
        }
    }

    std::uint32_t joint_of(const aiBone& bone) {
        const std::string name = text_of(bone.mName);
        const auto [found, is_new] = joint_of_.try_emplace(
            name, static_cast<std::uint32_t>(std::min<std::size_t>(model_.joints.size(), 0xffff)));
        if (is_new && model_.joints.size() <= 0xffff) {
            model_.joints.push_back(
                {.name = name, .X_JM = matrix_of(bone.mOffsetMatrix, findings_, name)});
        }
        return found->second;
    }

    void nodes(const aiNode& root) {
        // Without recursion: files may nest deeper than the stack.
        std::vector<std::pair<const aiNode*, std::uint32_t>> open{{&root, kNoIndex}};
        while (!open.empty()) {
            const auto [from, parent] = open.back();
            open.pop_back();
            if (model_.nodes.size() >= kMostNodes) {
                findings_.add(
                    Severity::kError, 0, "model.nodes",
                    fmt::format("there are more than {} nodes; the rest is left out", kMostNodes));
                return;
            }
            Node to{.name = text_of(from->mName), .parent = parent};
            to.X_PN = matrix_of(from->mTransformation, findings_, to.name);
            for (unsigned i = 0; i < from->mNumMeshes; ++i) {
                if (from->mMeshes[i] < model_.meshes.size()) to.meshes.push_back(from->mMeshes[i]);
            }
            const auto index = static_cast<std::uint32_t>(model_.nodes.size());
            node_of_.try_emplace(to.name, index);
            model_.nodes.push_back(std::move(to));
            for (unsigned i = from->mNumChildren; i-- > 0;) {
                open.emplace_back(from->mChildren[i], index);
            }
        }
    }

    const aiScene& scene_;
    const Files& files_;
    Findings& findings_;
    Model& model_;
    std::map<std::string, std::uint32_t> joint_of_, node_of_;
};

bool is_ours(const aiImporterDesc& about) {
    const std::string_view endings = about.mFileExtensions;
    return std::any_of(std::begin(kFormats), std::end(kFormats), [&](std::string_view format) {
        const std::size_t at = endings.find(format);
        const std::size_t after = at + format.size();
        return at != std::string_view::npos && (at == 0 || endings[at - 1] == ' ') &&
               (after == endings.size() || endings[after] == ' ');
    });
}

// What the child does.
Result<Model> read_here(const Files& files) {
    Findings findings;
    Assimp::Importer importer;
    for (std::size_t i = importer.GetImporterCount(); i-- > 0;) {
        Assimp::BaseImporter* reader = importer.GetImporter(i);
        const aiImporterDesc* about = importer.GetImporterInfo(i);
        if (reader != nullptr && about != nullptr && !is_ours(*about)) {
            importer.UnregisterLoader(reader);
        }
    }
    importer.SetIOHandler(new Folder(files, findings));
    importer.SetPropertyInteger(AI_CONFIG_PP_SBP_REMOVE,
                                aiPrimitiveType_LINE | aiPrimitiveType_POINT);
    importer.SetPropertyBool(AI_CONFIG_IMPORT_FBX_PRESERVE_PIVOTS, false);
    const aiScene* scene =
        importer.ReadFile(files.main(), aiProcess_Triangulate | aiProcess_SortByPType);
    if (scene == nullptr) {
        std::string why = importer.GetErrorString();
        std::erase_if(why, [](char c) { return static_cast<unsigned char>(c) < 32; });
        return Error{.message = "cannot be read: " + why};
    }
    std::size_t vertices = 0;
    for (unsigned i = 0; i < scene->mNumMeshes; ++i) vertices += scene->mMeshes[i]->mNumVertices;
    if (vertices > kMostVertices) {
        return Error{.message = fmt::format("has {} vertices, expected at most {}", vertices,
                                            kMostVertices)};
    }
    Model model;
    Reader(*scene, files, findings, model).read();
    model.findings = findings.take();
    return model;
}

}  // namespace

std::string formats() {
    std::string all;
    for (const char* format : kFormats)
        all += fmt::format("{}.{}", all.empty() ? "" : ", ", format);
    return all;
}

Result<Model> read_model(const Files& files, const ImportLimits& limits) {
    const auto error = [&](const std::string& message) {
        return Error{.message = message, .file = files.label()};
    };
    const std::string& name = files.main();
    std::string ending = name.substr(std::min(name.size(), name.rfind('.') + 1));
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (std::find(std::begin(kFormats), std::end(kFormats), ending) == std::end(kFormats)) {
        return error(fmt::format("is of no format that is read, expected {}", formats()));
    }
    HM_TRY(files.read(name));
    const auto work = [&] {
        Packer packer;
        Result<Model> model = read_here(files);
        packer(model.ok());
        if (model) {
            packer(*model);
        } else {
            packer(model.error().message);
        }
        return std::move(packer.bytes());
    };
    const auto answer = run_apart(work, {.time_s = limits.time_s,
                                         .memory_bytes = limits.memory_bytes,
                                         .answer_bytes = limits.answer_bytes});
    if (!answer) {
        return Error{.message = "cannot be read: the reader of models did not finish, " +
                                answer.error().message,
                     .kind = answer.error().kind,
                     .file = files.label()};
    }
    Unpacker unpacker(*answer);
    bool read = false;
    unpacker(read);
    Model model;
    std::string why;
    if (read) {
        unpacker(model);
    } else {
        unpacker(why);
    }
    if (!unpacker.ok()) return error("cannot be read: the reader's answer is cut off");
    if (!read) return error(why);
    std::size_t triangles = 0;
    for (const Mesh& mesh : model.meshes) triangles += mesh.indices.size() / 3;
    if (triangles == 0) return error("has no triangles that can be used");
    return model;
}

std::vector<Mesh> placed_meshes(const Model& model) {
    std::vector<Mesh> placed;
    std::vector<Matrix> X_WN(model.nodes.size());
    for (std::size_t i = 0; i < model.nodes.size(); ++i) {
        const Node& node = model.nodes[i];
        X_WN[i] = node.X_PN;
        if (node.parent < i) {
            const Matrix& a = X_WN[node.parent];
            for (std::size_t r = 0; r < 4; ++r) {
                for (std::size_t c = 0; c < 4; ++c) {
                    float sum = 0;
                    for (std::size_t k = 0; k < 4; ++k) sum += a[4 * r + k] * node.X_PN[4 * k + c];
                    X_WN[i][4 * r + c] = sum;
                }
            }
        }
        const Matrix& m = X_WN[i];
        const auto turn = [&m](const Point& v, float w) {
            Point moved;
            for (std::size_t r = 0; r < 3; ++r) {
                moved[r] =
                    m[4 * r] * v[0] + m[4 * r + 1] * v[1] + m[4 * r + 2] * v[2] + w * m[4 * r + 3];
            }
            return moved;
        };
        const float determinant = m[0] * (m[5] * m[10] - m[6] * m[9]) -
                                  m[1] * (m[4] * m[10] - m[6] * m[8]) +
                                  m[2] * (m[4] * m[9] - m[5] * m[8]);
        for (const std::uint32_t index : node.meshes) {
            if (index >= model.meshes.size()) continue;
            Mesh mesh = model.meshes[index];
            // Readers name parts of a mesh after their materials; the node has the object's name.
            if (!node.name.empty()) mesh.name = node.name;
            for (Point& p : mesh.positions) p = turn(p, 1);
            for (Point& n : mesh.normals) {
                n = turn(n, 0);
                const float length = std::sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
                for (float& x : n) x = length > 0 ? x / length : 0;
            }
            if (determinant < 0) {
                for (std::size_t k = 0; k + 2 < mesh.indices.size(); k += 3) {
                    std::swap(mesh.indices[k + 1], mesh.indices[k + 2]);
                }
            }
            placed.push_back(std::move(mesh));
        }
    }
    return placed;
}

}  // namespace huntsman::engine::import
