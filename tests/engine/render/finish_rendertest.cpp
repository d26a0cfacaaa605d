// What the lens does to a picture: antialiased edges and glare, against their closed forms.
#include <cmath>

#include "engine/render/display.h"
#include "tests/engine/render/renderer_fixture.h"
#include "tests/support/reference/known_light.h"

namespace huntsman::engine::render {
namespace {

// Exposed light of a pixel's green channel, from its byte.
double exposed_of(const Frame& f, int x, int y) {
    const double byte = f.image.row(y)[3 * x + 1];
    double low = 0, high = 8;
    for (int i = 0; i < 50; ++i) {
        const double middle = 0.5 * (low + high);
        (255 * displayed(middle) < byte ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

double normal_share(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// Two plates in one plane, 10 m before the camera, light above an edge at this angle, dark below
// it.
world::World plates(double angle_rad) {
    MeshBuilder b;
    const Vec3 along(0, std::cos(angle_rad), std::sin(angle_rad));
    const Vec3 across(0, -std::sin(angle_rad), std::cos(angle_rad)), middle(10, 0.013, 5.021);
    const Vec3 corner = middle - 40.0 * along;
    b.material(Material::kSkin).colour({0.8F, 0.8F, 0.8F});
    b.quad(corner, 40.0 * across, 80.0 * along, 1, 1);
    b.colour({0.1F, 0.1F, 0.1F}).quad(corner - 40.0 * across, 40.0 * across, 80.0 * along, 1, 1);
    return world_of(make_mesh("plates", {b.lod(0)}), {}, Semantic::kBuilding);
}

// Largest and mean difference between an edge's pixels and the share of them that the light plate
// covers, under the lens's blur.
struct EdgeError {
    double most = 0, mean = 0;
};
EdgeError edge_error(Renderer& renderer, double angle_rad) {
    EXPECT_TRUE(renderer.load(plates(angle_rad)).ok());
    const View view = camera({0, 0, 5}, 0, 0);
    std::vector<Frame> frames;
    EXPECT_TRUE(renderer.render({}, {.views = {&view, 1}}, frames).ok());
    const Frame& f = frames.at(0);
    const auto above = [&](int x, int y) {  // of the edge [pixels]
        const double right = x + 0.5 - view.cx, down = y + 0.5 - view.cy;
        const double py = -right - 0.13, pz = -down - 0.21;  // from the edge's middle [pixels]
        return -std::sin(angle_rad) * py + std::cos(angle_rad) * pz;
    };
    // The light far from the edge on either side.
    double light = 0, dark = 0, lights = 0, darks = 0;
    for (int y = 0; y < f.image.height; ++y) {
        for (int x = 0; x < f.image.width; ++x) {
            const double d = above(x, y);
            if (d > 4 && d < 8) light += exposed_of(f, x, y), ++lights;
            if (d < -4 && d > -8) dark += exposed_of(f, x, y), ++darks;
        }
    }
    light /= lights;
    dark /= darks;
    // The three weights of the blur for a standard deviation of 0.5, and a pixel's own width.
    const double neighbour = std::exp(-2.0);
    const double deviation = std::sqrt(2 * neighbour / (1 + 2 * neighbour) + 1.0 / 12);
    EdgeError error;
    double count = 0;
    for (int y = 8; y < f.image.height - 8; ++y) {
        for (int x = 8; x < f.image.width - 8; ++x) {
            const double d = above(x, y);
            if (std::abs(d) > 2) continue;
            const double share = (exposed_of(f, x, y) - dark) / (light - dark);
            const double off = std::abs(share - normal_share(d / deviation));
            error.most = std::max(error.most, off);
            error.mean += off;
            ++count;
        }
    }
    error.mean /= count;
    return error;
}

TEST_F(RendererTest, EdgesShowTheShareOfAPixelThatTheyCover) {
    auto created = Renderer::create(Quality::kFast);
    ASSERT_TRUE(created.ok()) << created.error().text();
    for (const double angle : {0.03, 0.1, 0.3, 0.6, 0.785, 1.3}) {
        const EdgeError smooth = edge_error(*renderer, angle), plain = edge_error(**created, angle);
        std::printf("edge at %.2f rad: most %.3f, mean %.3f; one sample: %.3f, %.3f\n", angle,
                    smooth.most, smooth.mean, plain.most, plain.mean);
        // Steps of one pixel each way do not tell where in the pixels an edge at 45 degrees runs.
        const bool diagonal = std::abs(angle - 0.785) < 0.01;
        EXPECT_LT(smooth.most, diagonal ? 0.23 : 0.2) << angle;
        EXPECT_LT(smooth.mean, diagonal ? 0.1 : 0.04) << angle;
        EXPECT_GT(plain.most, 0.4) << angle;
    }
}

// A lit lamp, 120 pixels high and wide, in the dark: around it the two Gaussians that the lens
// scatters.
TEST_F(RendererTest, GlareAroundALampIsThatOfItsGaussians) {
    MeshBuilder b;
    b.material(Material::kLamp, Semantic::kOther, world::Lamp::kTail);
    b.quad({10, -6, -1}, {0, 0, 12}, {0, 12, 0}, 1, 1);
    world::World w = world_of(make_mesh("lamp", {b.lod(0)}), {}, Semantic::kOther);
    w.scene.instances[0].lamps = world::bit(world::Lamp::kTail);
    ASSERT_TRUE(renderer->load(w).ok());
    ASSERT_TRUE(renderer->light_with(tests::support::uniform_sky(0)).ok());
    const View view = camera({0, 0, 5}, 0, 0, 320, 200);
    std::vector<Frame> frames;
    ASSERT_TRUE(renderer->render({}, {.views = {&view, 1}}, frames).ok());
    const auto red = [&](int x, int y) {
        const double byte = frames[0].image.row(y)[3 * x];
        double low = 0, high = 8;
        for (int i = 0; i < 50; ++i) {
            const double middle = 0.5 * (low + high);
            (255 * displayed(middle) < byte ? low : high) = middle;
        }
        return 0.5 * (low + high);
    };
    // What falls on a pixel at x right of the middle from a square of half width 60.
    const double diagonal = std::hypot(view.width, view.height);
    const auto of = [&](double x, double deviation) {
        const double across =
            normal_share((x + 60) / deviation) - normal_share((x - 60) / deviation);
        return across * (1 - 2 * normal_share(-60 / deviation));
    };
    const double lamp = red(160, 100);
    for (const int x : {61, 62, 64}) {
        // Cells are means of 16 pixels, and read between their middles.
        const double cell = 2.0 * 16 * 16 / 12;
        const auto spread = [&](double share) {
            return std::sqrt(share * share * diagonal * diagonal + cell);
        };
        const double expected = lamp * (shader::kGlareNear * of(x + 0.5, spread(0.01)) +
                                        shader::kGlareFar * of(x + 0.5, spread(0.045)));
        EXPECT_NEAR(red(160 + x, 100), expected, 0.001 + 0.1 * expected) << x;
        EXPECT_NEAR(red(160 - x - 1, 100), red(160 + x, 100), 0.002) << x;
        std::printf("glare %d px from the middle: %.4f, expected %.4f\n", x, red(160 + x, 100),
                    expected);
    }
}

// Straight and oblique edges, thin lines, the smallest pictures: nothing reads or writes beyond its
// view.
TEST_F(RendererTest, ViewsOfAnySizeAreFinishedAsTheyAreAlone) {
    ASSERT_TRUE(renderer->load(plates(0.3)).ok());
    std::vector<View> views;
    for (const auto& [width, height] :
         {std::pair(1, 1), {3, 5}, {31, 33}, {64, 32}, {65, 97}, {33, 16}}) {
        views.push_back(camera({0, 0, 5}, 0, 0, width, height));
    }
    std::vector<Frame> together, alone;
    renderer->forget_exposure();
    ASSERT_TRUE(renderer->render({}, {.views = views}, together).ok());
    // Exposed alike: each view was measured by itself.
    for (std::size_t i = 0; i < views.size(); ++i) {
        renderer->forget_exposure();
        ASSERT_TRUE(renderer->render({}, {.views = {&views[i], 1}}, alone).ok());
        EXPECT_EQ(together[i].image.pixels, alone[0].image.pixels) << views[i].width;
    }
}

}  // namespace
}  // namespace huntsman::engine::render
