// Random people: ages, statures and builds as populations have them, dressed for a season.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/people/person.h"

namespace huntsman::scenarios::people {

enum class Season : std::uint8_t { kWinter, kBetween, kSummer, kCount };

// The person of a seed: the same for ever. `grown` leaves children out.
Person random_person(std::uint64_t seed, Season season, bool grown = false);

// Median stature of children and adults [m]; `male` 0 to 1 [CDC 2000; NCD-RisC 2016].
double median_height_m(double age_years, double male);

// What some of a cast are dressed for; their names begin with it.
enum class Role : std::uint8_t {
    kCyclist,       // two of three with a helmet
    kSchoolchild,   // on a bicycle, with a helmet
    kMotorcyclist,  // with a full helmet, a jacket, gloves and boots
    kSeated,        // in a wheelchair: nothing that is in its way
    kWorker,        // on roads: vest and helmet
    kParent,        // with a pram: both hands free
    kDogWalker,     // with a dog's lead in the right hand
    kTraveller,     // with a suitcase on wheels in the right hand
    kBallChild,     // with a ball in both hands
    kCount
};
const char* name(Role role);  // "cyclist", ...
// The person of a seed in a role: grown up, but for those who are children.
Person person_in_role(std::uint64_t seed, Role role);
// Those in roles that every cast has beside its random people.
std::vector<Person> role_cast();

// The season that a person of a cast is dressed for.
Season season_of(std::uint64_t seed);

// `count` people of all seasons in turn, with seeds from `first` on.
std::vector<Person> random_cast(std::size_t count, std::uint64_t first = 1);

// References
// [CDC 2000] Kuczmarski et al., 2000 CDC growth charts for the United States, Vital and Health
//   Statistics 11(246), 2002: median stature and body mass index for age.
// [NCD-RisC 2016] A century of trends in adult human height, eLife 5:e13410.
// [NCD-RisC 2017] Worldwide trends in body-mass index, Lancet 390:2627-2642.
// [Eurostat 2023] Population structure and ageing: 15 % below 15, 21 % of 65 and more.

}  // namespace huntsman::scenarios::people
