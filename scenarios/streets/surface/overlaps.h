// Ground that a map lays twice: roads that run into or through each other without a junction.
#pragma once

#include "scenarios/streets/surface/sheet.h"

namespace huntsman::scenarios::streets {

// Which of two covers stays where both lie at one height: asphalt before pavements before grass.
int strength(Cover cover);

// Cuts away what lies under stronger ground of another sheet at about the same height (of equal
// ground: of an earlier sheet), at every level alike. `sheets` are those of one level; `coarse`
// those of the coarsest, in which meetings are looked for.
struct Meeting {
    std::uint32_t weaker = 0, stronger = 0;  // sheets; each of two may be both
};
std::vector<Meeting> find_meetings(const std::vector<Sheet>& coarse);
void cut_meetings(const std::vector<Meeting>& meetings, std::vector<Sheet>& sheets);

}  // namespace huntsman::scenarios::streets
