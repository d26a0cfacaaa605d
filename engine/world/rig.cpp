#include "engine/world/rig.h"

#include "engine/core/check.h"

namespace huntsman::engine::world {

const char* name(LensModel model) {
    switch (model) {
        case LensModel::kPinhole:
            return "pinhole";
        case LensModel::kKannalaBrandt:
            return "kannala_brandt";
        case LensModel::kFTheta:
            return "f_theta";
        case LensModel::kEquirectangular:
            return "equirectangular";
    }
    HM_CHECK(false, "lens model {}", static_cast<int>(model));
}

const char* name(Readout readout) {
    switch (readout) {
        case Readout::kGlobal:
            return "global";
        case Readout::kTopToBottom:
            return "top_to_bottom";
        case Readout::kBottomToTop:
            return "bottom_to_top";
        case Readout::kLeftToRight:
            return "left_to_right";
        case Readout::kRightToLeft:
            return "right_to_left";
    }
    HM_CHECK(false, "read-out {}", static_cast<int>(readout));
}

}  // namespace huntsman::engine::world
