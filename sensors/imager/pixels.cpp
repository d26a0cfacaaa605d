#include "sensors/imager/pixels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/math/geometry.h"
#include "sensors/imager/noise.h"

namespace huntsman::sensors::imager {

using engine::core::JobPool;
using engine::core::Key;

PixelFaults pixel_faults(const SensorProfile& profile, int width, int height, const Key& key) {
    PixelFaults faults;
    const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    faults.gain.resize(pixels);
    faults.offset_e.resize(pixels);
    const Stream gain(key.with("prnu")), offset(key.with("dsnu")), defect(key.with("defect"));
    const Key hot = key.with("hot");
    const auto dead_below = static_cast<std::uint64_t>(profile.dead_share * 0x1p32);
    const auto hot_below = dead_below + static_cast<std::uint64_t>(profile.hot_share * 0x1p32);
    for (std::size_t i = 0; i < pixels; ++i) {
        faults.gain[i] = 1 + static_cast<float>(profile.prnu_share) * normal_at(gain.bits(i));
        faults.offset_e[i] = static_cast<float>(profile.dsnu_e) * normal_at(offset.bits(i));
        const std::uint64_t draw = defect.bits(i);
        if (draw >= hot_below) continue;
        const auto w = static_cast<std::size_t>(width);
        // Hot pixels' currents are spread exponentially.
        const double current =
            draw < dead_below ? 0 : -std::log(1 - hot.uniform(i)) * profile.hot_e_per_s;
        faults.defects.push_back(
            {static_cast<int>(i % w), static_cast<int>(i / w), static_cast<float>(current)});
    }
    return faults;
}

double electrons_per_kcd_m2_s(const SensorProfile& profile, int channel) {
    const Optics& o = profile.optics;
    return 0.25 * engine::math::kPi * o.transmission / (o.f_number * o.f_number) * 1000 *
           profile.pixel_um * profile.pixel_um *
           profile.electrons_per_lx_s_um2[static_cast<std::size_t>(channel)];
}

double dark_e_per_s(const SensorProfile& profile, const Development& how) {
    return how.stages.dark_current
               ? profile.dark_e_per_s * std::exp2((how.sensor_degc - 60) / profile.dark_doubling_k)
               : 0;
}

double full_light(const SensorProfile& profile, int channel, const Exposure& exposure) {
    const Capture& last = profile.captures.back();
    return profile.saturation_e(last, exposure.gain) /
           (last.time_share * last.sensitivity_share * exposure.time_s *
            electrons_per_kcd_m2_s(profile, channel));
}

namespace {

// A capture's numbers as the inner loop wants them.
struct Reading {
    int exposure = 0;
    float channel[3] = {};  // electrons per kcd/m²
    float dark_e = 0;       // mean
    float seconds = 0;      // of this exposure
    float well_e = 0, read_e = 0, gain = 0;
    float full_dn = 0;  // from here on the next capture is taken
    Stream photons, read;
};

// What the lens and the colour filters make of the light.
struct Colours {
    float response[3][3] = {};
    float shrinkage[3] = {};  // of the pictures in red, green and blue
    float cx = 0, cy = 0;     // about which they shrink
};

std::vector<Reading> readings_of(const SensorProfile& profile, const Development& how,
                                 const Exposure& exposure, const Key& frame_key) {
    // A capture counts as full from this share of its range on, four to five deviations of its
    // photon noise below the end.
    constexpr double kFull = 0.96;
    std::vector<Reading> readings;
    for (const Capture& capture : profile.captures) {
        const std::size_t index = readings.size();
        Reading r{.photons = Stream(
                      frame_key.with("photons").with(static_cast<std::uint64_t>(capture.exposure))),
                  .read = Stream(frame_key.with("read").with(index))};
        r.exposure = capture.exposure;
        r.seconds = static_cast<float>(exposure.time_s * capture.time_share);
        for (int c = 0; c < 3; ++c) {
            r.channel[c] = static_cast<float>(electrons_per_kcd_m2_s(profile, c) * exposure.time_s *
                                              capture.time_share * capture.sensitivity_share);
        }
        r.dark_e =
            static_cast<float>(dark_e_per_s(profile, how) * exposure.time_s * capture.time_share);
        r.well_e = static_cast<float>(capture.full_well_e);
        r.read_e = how.stages.read_noise ? static_cast<float>(capture.read_noise_e) : 0;
        r.gain = static_cast<float>(capture.gain_dn_per_e * exposure.gain);
        r.full_dn = static_cast<float>(profile.black_level_dn +
                                       kFull * profile.saturation_e(capture, exposure.gain) *
                                           capture.gain_dn_per_e * exposure.gain);
        readings.push_back(r);
    }
    return readings;
}

Colours colours_of(const SensorProfile& profile, int width, int height) {
    Colours colours;
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t k = 0; k < 3; ++k) {
            colours.response[c][k] = static_cast<float>(profile.response_from_srgb[c][k]);
        }
    }
    // Red and blue are magnified against green by this much.
    const double corner_um = 0.5 * std::hypot(width, height) * profile.pixel_um;
    colours.shrinkage[0] = static_cast<float>(1 / (1 + profile.optics.lateral_red_um / corner_um));
    colours.shrinkage[1] = 1;
    colours.shrinkage[2] = static_cast<float>(1 / (1 + profile.optics.lateral_blue_um / corner_um));
    return colours;
}

// What each pixel's filter of a row lets through.
void filter_row(const Plane& light, const Colours& colours, int y, std::vector<float>& line) {
    const int width = light.width;
    const float* in = light.row(y);
    for (int x = 0; x < width; ++x) {
        const float* m = colours.response[channel_at(x, y)];
        const float* p = in + 3 * x;
        line[static_cast<std::size_t>(x)] = std::max(0.0F, m[0] * p[0] + m[1] * p[1] + m[2] * p[2]);
    }
}

// The row's red or blue pixels look at the magnified picture.
void shift_row(const Plane& light, const Colours& colours, int y, std::vector<float>& line) {
    const int width = light.width, height = light.height;
    const int c = (y & 1) != 0 ? 2 : 0;
    const float* m = colours.response[c];
    const float mx = colours.cx, my = colours.cy;
    const float v =
        std::clamp(my + (static_cast<float>(y) + 0.5F - my) * colours.shrinkage[c] - 0.5F, 0.0F,
                   static_cast<float>(height - 1));
    const int v0 = std::min(static_cast<int>(v), height - 2);
    const float fv = v - static_cast<float>(v0);
    const float *top = light.row(v0), *bottom = light.row(v0 + 1);
    for (int x = c / 2; x < width; x += 2) {
        const float u =
            std::clamp(mx + (static_cast<float>(x) + 0.5F - mx) * colours.shrinkage[c] - 0.5F, 0.0F,
                       static_cast<float>(width - 1));
        const int u0 = std::min(static_cast<int>(u), width - 2);
        const float fu = u - static_cast<float>(u0);
        const float *a = top + 3 * u0, *b = bottom + 3 * u0;
        float sum = 0;
        for (int k = 0; k < 3; ++k) {
            const float left = a[k] + fv * (b[k] - a[k]);
            const float right = a[k + 3] + fv * (b[k + 3] - a[k + 3]);
            sum += m[k] * (left + fu * (right - left));
        }
        line[static_cast<std::size_t>(x)] = std::max(0.0F, sum);
    }
}

// Goes through a list that is sorted by pixel beside a loop over pixels.
template <typename Item, typename PixelOf>
class Alongside {
  public:
    Alongside(const std::vector<Item>& items, std::size_t first_pixel, PixelOf pixel_of)
        : pixel_of_(pixel_of), end_(items.end()) {
        next_ = std::partition_point(items.begin(), items.end(), [&](const Item& item) {
            return pixel_of_(item) < first_pixel;
        });
    }
    // The pixel's item, or null. Pixels are asked for in rising order.
    const Item* at(std::size_t pixel) {
        while (next_ != end_ && pixel_of_(*next_) < pixel) ++next_;
        return next_ != end_ && pixel_of_(*next_) == pixel ? &*next_ : nullptr;
    }

  private:
    PixelOf pixel_of_;
    typename std::vector<Item>::const_iterator next_, end_;
};

// Reads the pixels of one picture.
class PixelReader {
  public:
    explicit PixelReader(const ExposureInput& input)
        : in_(input),
          black_(static_cast<float>(input.profile.black_level_dn)),
          most_(static_cast<float>(input.profile.full_scale_dn())),
          heat_(static_cast<float>(
              std::exp2((input.how.sensor_degc - 60) / input.profile.dark_doubling_k))),
          readings_(readings_of(input.profile, input.how, input.exposure, input.frame_key)),
          colours_(colours_of(input.profile, input.light.width, input.light.height)),
          lateral_(input.how.stages.lateral_colour && (input.profile.optics.lateral_red_um != 0 ||
                                                       input.profile.optics.lateral_blue_um != 0)) {
        colours_.cx = static_cast<float>(input.cx);
        colours_.cy = static_cast<float>(input.cy);
    }

    // Rows [first, last) of the mosaic and, if there is one, of the raw picture.
    void read_rows(int first, int last, std::vector<float>& mosaic,
                   std::vector<std::uint16_t>* raw) const;

  private:
    struct Pixel {
        std::size_t index;
        int channel;
        float light;                   // behind the filter
        float gain = 1, offset_e = 0;  // fixed pattern and defects
        float hot_e_per_s = 0;
        const FlickerPixel* lamp = nullptr;  // whose light it shows
    };
    float light_of(const Pixel& pixel, int exposure) const;
    float read(const Pixel& pixel, std::uint16_t* raw) const;

    const ExposureInput& in_;
    float black_, most_;  // [dn]
    float heat_;          // factor on hot pixels' currents
    std::vector<Reading> readings_;
    Colours colours_;
    bool lateral_;
};

// Light of a pixel in one exposure.
float PixelReader::light_of(const Pixel& pixel, int exposure) const {
    if (pixel.lamp == nullptr) return pixel.light;
    const float* response = colours_.response[pixel.channel];
    const float own = response[0] * pixel.lamp->light[0] + response[1] * pixel.lamp->light[1] +
                      response[2] * pixel.lamp->light[2];
    const auto k = static_cast<std::size_t>(exposure);
    return std::max(0.0F, pixel.light + pixel.lamp->factor_minus_first[k] * own);
}

float PixelReader::read(const Pixel& pixel, std::uint16_t* raw) const {
    // A lamp that was on while one capture filled up may be off during the next, shorter one. What
    // is full has at least had this share of its range; six deviations of the next capture's noise
    // below it, so that steady light is not changed.
    constexpr float kWasThere = 0.8F;
    const Stages& on = in_.how.stages;
    float value = 0, least = std::numeric_limits<float>::lowest();
    int exposed = -1;
    float electrons = 0;
    for (const Reading& r : readings_) {
        if (r.exposure != exposed) {
            exposed = r.exposure;
            electrons = light_of(pixel, r.exposure) * r.channel[pixel.channel] * pixel.gain +
                        r.dark_e + pixel.hot_e_per_s * r.seconds;
            if (on.photon_noise) electrons = poisson_at(electrons, r.photons.bits(pixel.index));
        }
        float e = std::min(electrons, r.well_e) + pixel.offset_e;
        if (r.read_e > 0) e += r.read_e * normal_at(r.read.bits(pixel.index));
        float dn = e * r.gain + black_;
        dn = std::clamp(dn, 0.0F, most_);
        if (on.converter) dn = static_cast<float>(static_cast<std::int32_t>(dn + 0.5F));
        if (raw != nullptr && &r == readings_.data()) *raw = static_cast<std::uint16_t>(dn);
        value = std::max(((dn - black_) / r.gain - r.dark_e) / r.channel[pixel.channel], least);
        if (dn < r.full_dn) break;
        least = kWasThere * value;
    }
    return value;
}

void PixelReader::read_rows(int first, int last, std::vector<float>& mosaic,
                            std::vector<std::uint16_t>* raw) const {
    const Stages& on = in_.how.stages;
    const int width = in_.light.width;
    const auto w = static_cast<std::size_t>(width);
    const std::size_t begin = static_cast<std::size_t>(first) * w;
    Alongside defects(in_.faults.defects, begin, [w](const PixelFaults::Defect& defect) {
        return static_cast<std::size_t>(defect.y) * w + static_cast<std::size_t>(defect.x);
    });
    Alongside lamps(in_.flicker, begin,
                    [](const FlickerPixel& lamp) { return std::size_t(lamp.pixel); });
    std::vector<float> line(w);
    std::size_t i = begin;
    for (int y = first; y < last; ++y) {
        filter_row(in_.light, colours_, y, line);
        if (lateral_) shift_row(in_.light, colours_, y, line);
        for (int x = 0; x < width; ++x, ++i) {
            Pixel pixel{.index = i,
                        .channel = channel_at(x, y),
                        .light = line[static_cast<std::size_t>(x)],
                        .lamp = lamps.at(i)};
            if (on.fixed_pattern) {
                pixel.gain = in_.faults.gain[i];
                pixel.offset_e = in_.faults.offset_e[i];
            }
            const PixelFaults::Defect* defect = defects.at(i);
            if (on.defects && defect != nullptr) {
                if (defect->hot_e_per_s == 0) pixel.gain = 0;
                pixel.hot_e_per_s = defect->hot_e_per_s * heat_;
            }
            mosaic[i] = read(pixel, raw == nullptr ? nullptr : raw->data() + i);
        }
    }
}

}  // namespace

void expose(JobPool& pool, const ExposureInput& input, std::vector<float>& mosaic,
            std::vector<std::uint16_t>* raw) {
    const std::size_t pixels = input.light.rgb.size() / 3;
    mosaic.resize(pixels);
    if (raw != nullptr) raw->resize(pixels);
    const PixelReader reader(input);
    for_bands(pool, input.light.height,
              [&](int first, int last) { reader.read_rows(first, last, mosaic, raw); });
}

}  // namespace huntsman::sensors::imager
