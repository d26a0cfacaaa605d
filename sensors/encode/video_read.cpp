#include "sensors/encode/video_read.h"

#include "sensors/encode/av_handles.h"

namespace huntsman::sensors::encode {

using engine::core::Error;
using engine::core::Image;
using engine::core::Result;
using engine::core::Status;

struct VideoReader::Impl {
    std::filesystem::path path;
    InputHandle format;
    CodecHandle codec;
    FrameHandle frame{av_frame_alloc()};
    PacketHandle packet{av_packet_alloc()};
    int stream = -1;
    int next = 0;  // number of the picture that comes out of the decoder next
    bool ended = false;

    Error error(const std::string& what) const { return {.message = what, .file = path.string()}; }
    Status start() {
        codec.reset();
        format.reset();
        AVFormatContext* opened = nullptr;
        if (const int code = avformat_open_input(&opened, path.c_str(), nullptr, nullptr);
            code < 0) {
            return error("is not a readable video: " + av_reason(code));
        }
        format.reset(opened);
        const AVCodec* decoder = nullptr;
        if (avformat_find_stream_info(opened, nullptr) < 0 ||
            (stream = av_find_best_stream(opened, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0)) < 0) {
            return error("holds no pictures");
        }
        codec.reset(avcodec_alloc_context3(decoder));
        codec->thread_count = 1;
        if (avcodec_parameters_to_context(codec.get(), opened->streams[stream]->codecpar) < 0 ||
            avcodec_open2(codec.get(), decoder, nullptr) < 0) {
            return error("cannot be decoded");
        }
        next = 0;
        ended = false;
        return {};
    }
    // The next picture into `frame`; false at the end.
    bool decode() {
        for (;;) {
            if (avcodec_receive_frame(codec.get(), frame.get()) == 0) {
                ++next;
                return true;
            }
            if (ended) return false;
            if (av_read_frame(format.get(), packet.get()) < 0) {
                ended = true;
                avcodec_send_packet(codec.get(), nullptr);
                continue;
            }
            if (packet->stream_index == stream) avcodec_send_packet(codec.get(), packet.get());
            av_packet_unref(packet.get());
        }
    }
};

VideoReader::VideoReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VideoReader::~VideoReader() = default;
VideoReader::VideoReader(VideoReader&&) noexcept = default;
VideoReader& VideoReader::operator=(VideoReader&&) noexcept = default;

Result<VideoReader> VideoReader::open(const std::filesystem::path& path) {
    av_log_set_level(AV_LOG_FATAL);
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    HM_TRY(impl->start());
    return VideoReader(std::move(impl));
}

Result<Image> VideoReader::picture(int number) {
    Impl& v = *impl_;
    if (number < v.next) HM_TRY(v.start());
    while (v.next <= number) {
        if (!v.decode()) {
            return v.error(
                fmt::format("gives {} pictures, expected {} or more", v.next, number + 1));
        }
    }
    const int width = v.frame->width, height = v.frame->height;
    const ScalerHandle scaler(sws_getContext(
        width, height, static_cast<AVPixelFormat>(v.frame->format), width, height, AV_PIX_FMT_RGB24,
        SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT, nullptr, nullptr, nullptr));
    if (!scaler) return v.error("has pictures that cannot be turned into RGB");
    const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
    sws_setColorspaceDetails(scaler.get(), bt709, 0, bt709, 1, 0, 1 << 16, 1 << 16);
    Image image{.width = width, .height = height, .channels = 3};
    // The scaler may write beyond a row's end by a few bytes.
    constexpr std::size_t kPadding = 64;
    const std::size_t size = 3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    image.pixels.resize(size + kPadding);
    std::uint8_t* target[1] = {image.pixels.data()};
    const int stride[1] = {3 * width};
    sws_scale(scaler.get(), v.frame->data, v.frame->linesize, 0, height, target, stride);
    image.pixels.resize(size);
    return image;
}

}  // namespace huntsman::sensors::encode
