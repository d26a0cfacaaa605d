#include <algorithm>
#include <cmath>

#include "scenarios/animals/animal.h"
#include "scenarios/animals/coat.h"
#include "scenarios/animals/flesh.h"
#include "scenarios/animals/joints.h"
#include "scenarios/animals/organs.h"
#include "scenarios/people/levels.h"

namespace huntsman::scenarios::animals {

using engine::figure::Joint;
using engine::figure::Model;
using engine::math::Vec3;
using people::Piece;
using people::Point;

namespace {

struct Bounds {
    Vec3 low{1e9}, high{-1e9};
};
Bounds bounds_of(const std::vector<Piece>& pieces) {
    Bounds bounds;
    for (const Piece& piece : pieces) {
        for (const Point& point : piece.points) {
            bounds.low = glm::min(bounds.low, point.p);
            bounds.high = glm::max(bounds.high, point.p);
        }
    }
    return bounds;
}

// Faces and feet keep more detail than flanks.
void weigh(Piece& piece) {
    for (Point& point : piece.points) {
        const double head = people::share_of(point.carried, {Joint::kHead});
        const double feet = people::share_of(
            point.carried,
            {Joint::kLeftFingers, Joint::kRightFingers, Joint::kLeftToes, Joint::kRightToes});
        point.importance = 1 + 2.0 * head + 1.5 * feet;
    }
}

std::vector<Piece> pieces_of(const Animal& animal) {
    std::vector<Piece> pieces;
    std::optional<Flesh> body;
    for (int k = 0; k < kSurfaces; ++k) {
        const auto surface = static_cast<Surface>(k);
        const Flesh flesh(animal, surface);
        if (flesh.empty()) continue;
        Piece piece = flesh.surface(cell_of(animal, surface));
        piece.name = name(surface);
        paint(animal, surface, piece);
        weigh(piece);
        pieces.push_back(std::move(piece));
        if (surface == Surface::kBody) body.emplace(flesh);
    }
    // The share of the triangles that each gets: as it has cells, but that the body has most.
    double faces = 0;
    for (const Piece& piece : pieces) faces += static_cast<double>(piece.faces.size());
    for (Piece& piece : pieces) {
        for (std::size_t k = 0; k < 3; ++k) {
            piece.most[k] = static_cast<std::size_t>(std::max(
                8.0, animal.triangles[k] * static_cast<double>(piece.faces.size()) / faces));
        }
    }
    for (const Ear& ear : animal.ears) {
        pieces.push_back(ears_of(animal, ear));
        pieces.back().most = {400, 160, 24};
    }
    for (const Eye& eye : animal.eyes) {
        // The ball lies in the surface, so that a third of it looks out.
        Vec3 at(eye.at_m[0], eye.at_m[1], eye.at_m[2]);
        for (int step = 0; step < 6; ++step) at -= 0.8 * body->at(at) * body->normal(at);
        const Vec3 looks = body->normal(at);
        pieces.push_back(eyes_of(eye, at - 0.45 * eye.radius_m * looks, looks));
        pieces.back().most = {140, 28, 0};
    }
    return pieces;
}

}  // namespace

double cell_of(const Animal& animal, Surface surface) {
    return surface == Surface::kBody ? *animal.cell_m : 0.5 * *animal.cell_m;
}

Model make_model(const Animal& animal, const std::string& name) {
    std::vector<Piece> pieces = pieces_of(animal);
    const Bounds bounds = bounds_of(pieces);
    // The origin below the middle, the lowest point on the ground.
    const Vec3 shift(-0.5 * (bounds.low.x + bounds.high.x), 0, -bounds.low.z);
    for (Piece& piece : pieces) {
        for (Point& point : piece.points) point.p += shift;
    }
    Joints joints = *animal.joints;
    for (const NamedJoint& known : named_joints()) (joints.*known.at)[0] += shift.x;
    joints.hind_toe[0] += shift.x;
    Model model;
    model.name = name;
    model.skeleton = skeleton_of(joints, bounds.high.z - bounds.low.z);
    people::Budgets budgets{};
    for (std::size_t k = 0; k < budgets.size(); ++k) {
        budgets[k] = static_cast<std::size_t>(animal.triangles[k]);
    }
    people::add_levels(model, pieces, budgets);
    return model;
}

}  // namespace huntsman::scenarios::animals
