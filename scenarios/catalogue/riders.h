// Riders: people of the cast on two-wheelers and in wheelchairs, with prams, suitcases and dogs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/world/world.h"
#include "scenarios/catalogue/cast.h"
#include "scenarios/catalogue/models.h"

namespace huntsman::scenarios::catalogue {

// The members of the cast of these kinds, separated by spaces, in its order.
std::vector<std::shared_ptr<const CastMember>> members_of(const std::string& kinds);
// A figure of round limbs, as tall as asked for, in proportions of a mean body.
std::shared_ptr<const CastMember> plain_member(const std::string& name, double height_m);

// What the rider touches, in the frame of its figure, which stands at `place_of` in the vehicle's.
engine::figure::Mount mount_of(const RiderModel& rider);
engine::math::Vec3 place_of(const RiderModel& rider);

// How far hands and feet are off what they hold and stand on at most, over a turn of the cranks
// [m]: more than some centimetres where the rider is too short for the vehicle, as one is whose leg
// is stretched.
double most_off_m(const CastMember& member, const RiderModel& rider);
// The box in the vehicle's frame that a rider fills at rest; of those who walk with a pram, a
// suitcase or a dog: over a cycle of the walk at 1.3 m/s.
engine::world::Extent rider_extent(const CastMember& member, const RiderModel& rider);
// Gives an archetype its rider, after the parts that it has, with cranks and pedals where there is
// a circle for pedals; their meshes are appended to the scene.
void add_rider(const CastMember& member, const RiderModel& rider,
               engine::world::Archetype& archetype, engine::world::StaticScene& scene);

}  // namespace huntsman::scenarios::catalogue
