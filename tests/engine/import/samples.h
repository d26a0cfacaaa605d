// Small models as texts: the same box, 2 x 1 x 0.5, in each format that is read.
#pragma once

#include <cstdint>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

namespace huntsman::engine::import {

// Corners of the box and its twelve triangles, outwards.
inline const std::vector<std::vector<double>> kCorners = {
    {0, 0, 0}, {2, 0, 0}, {2, 1, 0}, {0, 1, 0}, {0, 0, 0.5}, {2, 0, 0.5}, {2, 1, 0.5}, {0, 1, 0.5}};
inline const std::vector<std::vector<int>> kTriangles = {
    {0, 2, 1}, {0, 3, 2}, {4, 5, 6}, {4, 6, 7}, {0, 1, 5}, {0, 5, 4},
    {1, 2, 6}, {1, 6, 5}, {2, 3, 7}, {2, 7, 6}, {3, 0, 4}, {3, 4, 7}};

namespace samples {

// Positions as floats, then indices as 16-bit numbers.
inline std::string buffer() {
    std::string bytes;
    const auto put = [&bytes](auto value) {
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    };
    for (const auto& corner : kCorners) {
        for (const double x : corner) put(static_cast<float>(x));
    }
    for (const auto& triangle : kTriangles) {
        for (const int i : triangle) put(static_cast<std::uint16_t>(i));
    }
    return bytes;
}

inline std::string base64(const std::string& bytes) {
    constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group =
                group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text += i + k > bytes.size() ? '=' : kDigits[group >> (18 - 6 * k) & 63];
        }
    }
    return text;
}

inline std::string gltf_json(const std::string& uri, const std::string& image) {
    std::ostringstream json;
    json << R"({"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],)"
         << R"("nodes":[{"name":"box","mesh":0}],)"
         << R"("meshes":[{"name":"box","primitives":[{"attributes":{"POSITION":0},"indices":1,)"
         << R"("material":0}]}],)"
         << R"("materials":[{"name":"paint","pbrMetallicRoughness":{"baseColorFactor":)"
         << R"([0.5,0.25,0.125,1],"metallicFactor":0.25,"roughnessFactor":0.75)"
         << (image.empty() ? "" : R"(,"baseColorTexture":{"index":0})") << "}}],"
         << (image.empty() ? ""
                           : R"("textures":[{"source":0}],"images":[{"uri":")" + image + "\"}],")
         << R"("buffers":[{)" << (uri.empty() ? "" : "\"uri\":\"" + uri + "\",")
         << R"("byteLength":168}],)"
         << R"("bufferViews":[{"buffer":0,"byteOffset":0,"byteLength":96,"target":34962},)"
         << R"({"buffer":0,"byteOffset":96,"byteLength":72,"target":34963}],)"
         << R"("accessors":[{"bufferView":0,"componentType":5126,"count":8,"type":"VEC3",)"
         << R"("min":[0,0,0],"max":[2,1,0.5]},)"
         << R"({"bufferView":1,"componentType":5123,"count":36,"type":"SCALAR"}]})";
    return json.str();
}

}  // namespace samples

// The box with all its corners on one joint, "bone", which stands 1 above the root.
inline std::string skinned_gltf_text() {
    std::string bytes = samples::buffer();
    for (std::size_t i = 0; i < kCorners.size(); ++i) bytes += std::string(4, '\0');
    for (std::size_t i = 0; i < kCorners.size(); ++i) {
        for (const float weight : {1.0F, 0.0F, 0.0F, 0.0F}) {
            bytes.append(reinterpret_cast<const char*>(&weight), sizeof weight);
        }
    }
    // From the mesh to the joint, column by column.
    for (const int entry : {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, -1, 0, 1}) {
        const auto x = static_cast<float>(entry);
        bytes.append(reinterpret_cast<const char*>(&x), sizeof x);
    }
    return R"({"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[)"
           R"({"name":"root","children":[1,2]},{"name":"box","mesh":0,"skin":0},)"
           R"({"name":"bone","translation":[0,1,0]}],"skins":[{"joints":[2],"inverseBindMatrices":4}],)"
           R"("meshes":[{"name":"box","primitives":[{"attributes":{"POSITION":0,"JOINTS_0":2,)"
           R"("WEIGHTS_0":3},"indices":1}]}],"buffers":[{"byteLength":392,"uri":)"
           R"("data:application/octet-stream;base64,)" +
           samples::base64(bytes) +
           R"("}],"bufferViews":[{"buffer":0,"byteOffset":0,"byteLength":96},)"
           R"({"buffer":0,"byteOffset":96,"byteLength":72},)"
           R"({"buffer":0,"byteOffset":168,"byteLength":32},)"
           R"({"buffer":0,"byteOffset":200,"byteLength":128},)"
           R"({"buffer":0,"byteOffset":328,"byteLength":64}],"accessors":[)"
           R"({"bufferView":0,"componentType":5126,"count":8,"type":"VEC3","min":[0,0,0],)"
           R"("max":[2,1,0.5]},{"bufferView":1,"componentType":5123,"count":36,"type":"SCALAR"},)"
           R"({"bufferView":2,"componentType":5121,"count":8,"type":"VEC4"},)"
           R"({"bufferView":3,"componentType":5126,"count":8,"type":"VEC4"},)"
           R"({"bufferView":4,"componentType":5126,"count":1,"type":"MAT4"}]})";
}

inline std::string obj_text(const std::string& library = "") {
    std::ostringstream text;
    if (!library.empty()) text << "mtllib " << library << "\n";
    text << "o box\n";
    for (const auto& c : kCorners) text << "v " << c[0] << ' ' << c[1] << ' ' << c[2] << "\n";
    text << "usemtl paint\n";
    for (const auto& t : kTriangles) {
        text << "f " << t[0] + 1 << ' ' << t[1] + 1 << ' ' << t[2] + 1 << "\n";
    }
    return text.str();
}

inline std::string ac_text() {
    std::ostringstream text;
    text << "AC3Db\nMATERIAL \"paint\" rgb 0.5 0.25 0.125 amb 0.2 0.2 0.2 emis 0 0 0 spec 0.5 0.5 "
            "0.5 shi 10 trans 0\nOBJECT world\nkids 1\nOBJECT poly\nname \"box\"\nnumvert 8\n";
    for (const auto& c : kCorners) text << c[0] << ' ' << c[1] << ' ' << c[2] << "\n";
    text << "numsurf 12\n";
    for (const auto& t : kTriangles) {
        text << "SURF 0x20\nmat 0\nrefs 3\n";
        for (const int i : t) text << i << " 0 0\n";
    }
    text << "kids 0\n";
    return text.str();
}

inline std::string gltf_text(const std::string& image = "") {
    return samples::gltf_json(
        "data:application/octet-stream;base64," + samples::base64(samples::buffer()), image);
}

inline std::string glb_bytes() {
    std::string json = samples::gltf_json("", ""), bytes;
    while (json.size() % 4 != 0) json += ' ';
    const std::string data = samples::buffer();
    const auto put = [&bytes](std::uint32_t value) {
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    };
    bytes = "glTF";
    put(2);
    put(static_cast<std::uint32_t>(12 + 8 + json.size() + 8 + data.size()));
    put(static_cast<std::uint32_t>(json.size()));
    bytes += "JSON" + json;
    put(static_cast<std::uint32_t>(data.size()));
    bytes += std::string("BIN\0", 4) + data;
    return bytes;
}

inline std::string fbx_text() {
    std::ostringstream text;
    text << "; FBX 7.3.0 project file\nFBXHeaderExtension: {\n\tFBXHeaderVersion: 1003\n"
            "\tFBXVersion: 7300\n}\nGlobalSettings: {\n\tVersion: 1000\n\tProperties70: {\n"
            "\t\tP: \"UpAxis\", \"int\", \"Integer\", \"\",1\n"
            "\t\tP: \"UnitScaleFactor\", \"double\", \"Number\", \"\",100\n\t}\n}\n"
            "Objects: {\n\tGeometry: 1001, \"Geometry::box\", \"Mesh\" {\n\t\tVertices: *24 {\n"
            "\t\t\ta: ";
    for (std::size_t i = 0; i < kCorners.size(); ++i) {
        for (std::size_t k = 0; k < 3; ++k) text << (i + k > 0 ? "," : "") << kCorners[i][k];
    }
    text << "\n\t\t}\n\t\tPolygonVertexIndex: *36 {\n\t\t\ta: ";
    for (std::size_t i = 0; i < kTriangles.size(); ++i) {
        const auto& t = kTriangles[i];
        text << (i > 0 ? "," : "") << t[0] << ',' << t[1] << ',' << -t[2] - 1;
    }
    text << "\n\t\t}\n\t\tGeometryVersion: 124\n\t\tLayerElementMaterial: 0 {\n\t\t\tVersion: "
            "101\n\t\t\tName: \"\"\n\t\t\tMappingInformationType: "
            "\"AllSame\"\n\t\t\tReferenceInformationType: \"IndexToDirect\"\n\t\t\tMaterials: *1 "
            "{\n\t\t\t\ta: 0\n\t\t\t}\n\t\t}\n\t\tLayer: 0 {\n\t\t\tVersion: "
            "100\n\t\t\tLayerElement:  {\n\t\t\t\tType: "
            "\"LayerElementMaterial\"\n\t\t\t\tTypedIndex: 0\n\t\t\t}\n\t\t}\n\t}\n"
            "\tModel: 1002, \"Model::box\", \"Mesh\" {\n\t\tVersion: 232\n\t}\n"
            "\tMaterial: 1003, \"Material::paint\", \"\" {\n\t\tVersion: 102\n"
            "\t\tShadingModel: \"phong\"\n\t\tProperties70: {\n"
            "\t\t\tP: \"DiffuseColor\", \"Color\", \"\", \"A\",0.5,0.25,0.125\n\t\t}\n\t}\n}\n"
            "Connections: {\n\tC: \"OO\",1002,0\n\tC: \"OO\",1001,1002\n\tC: \"OO\",1003,1002\n}\n";
    return text.str();
}

}  // namespace huntsman::engine::import
