#include "scenarios/catalogue/lettering.h"

#include <string>

namespace huntsman::scenarios::catalogue {

namespace {

// Polylines on a grid of 4 by 6, two figures a point; a space begins a new line.
constexpr const char* kFigures[10] = {"103041453616050110",
                                      "052620",
                                      "05163645440040",
                                      "0516364544331323 334241301001",
                                      "30360242",
                                      "460603334241301001",
                                      "453616050110304142331302",
                                      "064610",
                                      "13040516364544331302011030414233",
                                      "011030414536160504133344"};
constexpr const char* kLetters[26] = {"0004264440 0242",
                                      "00063645443303 3342413000",
                                      "4536160501103041",
                                      "00062644422000",
                                      "46060040 0333",
                                      "460600 0333",
                                      "45361605011030414323",
                                      "0006 4046 0343",
                                      "2026",
                                      "4641301001",
                                      "0006 0246 1340",
                                      "060040",
                                      "0006234640",
                                      "00064046",
                                      "103041453616050110",
                                      "00063645443303",
                                      "103041453616050110 2240",
                                      "00063645443303 2340",
                                      "453616050413334241301001",
                                      "0646 2620",
                                      "060110304146",
                                      "062046",
                                      "0610243046",
                                      "0046 0640",
                                      "062346 2320",
                                      "06460040"};
constexpr double kAdvance = 5.6;  // of a letter, in grid steps

const char* glyph(char c) {
    if (c >= '0' && c <= '9') return kFigures[c - '0'];
    if (c >= 'a' && c <= 'z') return kLetters[c - 'a'];
    if (c >= 'A' && c <= 'Z') return kLetters[c - 'A'];
    switch (c) {
        case '-':
            return "1333";
        case '.':
            return "2021";
        case '/':
            return "0046";
        case '+':
            return "1333 2224";
        case ':':
            return "2122 2425";
        case '!':
            return "2622 2120";
        case '%':
            return "0046 0516 3041";
        default:
            return "";
    }
}

// Latin-1 letters of UTF-8 without their accents; one character each.
std::string plain(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x80) {
            out += text[i];
            continue;
        }
        if (byte == 0xC3 && i + 1 < text.size()) {
            constexpr const char* kBase = "AAAAAAACEEEEIIIIDNOOOOO OUUUUYTS";
            out += kBase[static_cast<unsigned char>(text[++i]) & 0x1F];
            continue;
        }
        // Others count as one blank.
        while (i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xC0) == 0x80) ++i;
        out += ' ';
    }
    return out;
}

}  // namespace

double lettering_width(std::string_view text, double height) {
    const std::string letters = plain(text);
    if (letters.empty()) return 0;
    return height / 6.0 * (kAdvance * static_cast<double>(letters.size()) - (kAdvance - 4.0));
}

std::vector<Stroke> lettering(std::string_view text, double height) {
    using engine::math::Vec2;
    std::vector<Stroke> strokes;
    const double step = height / 6.0;
    double x = -0.5 * lettering_width(text, height);
    for (const char c : plain(text)) {
        bool drawing = false;
        Vec2 last(0, 0);
        for (const char* at = glyph(c); *at != 0;) {
            if (*at == ' ') {
                drawing = false;
                ++at;
                continue;
            }
            const Vec2 p(x + step * (at[0] - '0'), step * (at[1] - '0') - 0.5 * height);
            if (drawing) strokes.push_back({last, p});
            last = p;
            drawing = true;
            at += 2;
        }
        x += step * kAdvance;
    }
    return strokes;
}

}  // namespace huntsman::scenarios::catalogue
