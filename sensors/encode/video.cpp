#include "sensors/encode/video.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <system_error>
#include <vector>

#include "engine/core/files.h"
#include "sensors/encode/av_handles.h"

namespace huntsman::sensors::encode {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Image;
using engine::core::Result;
using engine::core::Status;

struct VideoWriter::Impl {
    std::filesystem::path path, temporary;
    std::string codec_name;
    int width = 0, height = 0, frames = 0;
    bool finished = false;
    AVFormatContext* format = nullptr;
    AVStream* stream = nullptr;
    CodecHandle codec;
    ScalerHandle scaler[2];  // from RGB, from RGBA
    FrameHandle frame;
    PacketHandle packet;
    std::vector<std::uint8_t> last_lines, padded;

    ~Impl() {
        (void)close();
        std::error_code ignored;
        if (!finished && !temporary.empty()) std::filesystem::remove(temporary, ignored);
    }
    // What the file's buffers hold is written here at the latest; a negative code is the first
    // failure since it was opened, which the calls in between do not all pass on.
    int close() {
        if (!format) return 0;
        int code = format->pb ? format->pb->error : 0;
        const int closed = avio_closep(&format->pb);
        if (code >= 0) code = closed;
        avformat_free_context(format);
        format = nullptr;
        return code;
    }
    Error error(const std::string& what, int code) const {
        return {.message = fmt::format("{}: {}", what, av_reason(code)), .file = path.string()};
    }

    Status open(double fps);
    Status open_encoder(const AVCodec* encoder, double fps);
    Status make_frame();
    Status write_header();
    Status write_packets();
    const std::uint8_t* pad(const Image& image);
};

// The picture's pixels in the video's size.
const std::uint8_t* VideoWriter::Impl::pad(const Image& image) {
    if (image.width == width && image.height == height) return image.pixels.data();
    const auto pixel = static_cast<std::size_t>(image.channels);
    const std::size_t from = static_cast<std::size_t>(image.width) * pixel;
    padded.clear();
    for (int y = 0; y < height; ++y) {
        const auto row = image.pixels.begin() +
                         static_cast<std::ptrdiff_t>(from) * std::min(y, image.height - 1);
        const auto end = row + static_cast<std::ptrdiff_t>(from);
        padded.insert(padded.end(), row, end);
        if (width > image.width) {
            padded.insert(padded.end(), end - static_cast<std::ptrdiff_t>(pixel), end);
        }
    }
    return padded.data();
}

Status VideoWriter::Impl::open(double fps) {
    // The best encoder that is there.
    const AVCodec* encoder = nullptr;
    for (const char* name : {"libx264", "mpeg4"}) {
        encoder = avcodec_find_encoder_by_name(name);
        codec_name = name;
        if (encoder) break;
    }
    if (!encoder) {
        return Error{.message =
                         "no video encoder: install ffmpeg's codecs (apt-get install "
                         "libavcodec-extra)",
                     .kind = ErrorKind::kMachine};
    }
    if (const int code = avformat_alloc_output_context2(&format, nullptr, "mp4", temporary.c_str());
        code < 0) {
        return error("cannot become a video", code);
    }
    // Dates and library versions would make equal videos differ.
    format->flags |= AVFMT_FLAG_BITEXACT;
    HM_TRY(open_encoder(encoder, fps));
    HM_TRY(make_frame());
    return write_header();
}

Status VideoWriter::Impl::open_encoder(const AVCodec* encoder, double fps) {
    stream = avformat_new_stream(format, nullptr);
    codec.reset(avcodec_alloc_context3(encoder));
    HM_CHECK(stream && codec, "out of memory");
    const AVRational rate = av_d2q(fps, 100000);
    codec->width = width;
    codec->height = height;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->time_base = av_inv_q(rate);
    codec->framerate = rate;
    codec->thread_count = 1;
    codec->flags |= AV_CODEC_FLAG_BITEXACT;
    codec->colorspace = AVCOL_SPC_BT709;
    codec->color_primaries = AVCOL_PRI_BT709;
    codec->color_trc = AVCOL_TRC_BT709;
    codec->color_range = AVCOL_RANGE_MPEG;
    if (format->oformat->flags & AVFMT_GLOBALHEADER) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (codec_name == "libx264") {
        av_opt_set(codec->priv_data, "preset", "veryfast", 0);
        av_opt_set(codec->priv_data, "crf", "20", 0);
        // Without the look-ahead's macroblock tree: its vector code reads memory that it never
        // wrote, and equal pictures would not give equal bytes.
        av_opt_set(codec->priv_data, "mbtree", "0", 0);
    } else {
        codec->bit_rate = std::int64_t(width) * height * 4;
    }
    if (const int code = avcodec_open2(codec.get(), encoder, nullptr); code < 0) {
        return error(fmt::format("cannot be encoded by {} at {}×{}", codec_name, width, height),
                     code);
    }
    avcodec_parameters_from_context(stream->codecpar, codec.get());
    stream->time_base = codec->time_base;
    stream->avg_frame_rate = rate;
    return {};
}

// The frame that pictures are converted into, and what converts them.
Status VideoWriter::Impl::make_frame() {
    frame.reset(av_frame_alloc());
    packet.reset(av_packet_alloc());
    HM_CHECK(frame && packet, "out of memory");
    frame->format = codec->pix_fmt;
    frame->width = width;
    frame->height = height;
    if (const int code = av_frame_get_buffer(frame.get(), 0); code < 0) {
        return error("cannot be encoded", code);
    }
    const AVPixelFormat sources[2] = {AV_PIX_FMT_RGB24, AV_PIX_FMT_RGBA};
    for (int i = 0; i < 2; ++i) {
        scaler[i].reset(sws_getContext(width, height, sources[i], width, height, codec->pix_fmt,
                                       SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT, nullptr,
                                       nullptr, nullptr));
        HM_CHECK(scaler[i], "no conversion from RGB");
        const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
        sws_setColorspaceDetails(scaler[i].get(), bt709, 1, bt709, 0, 0, 1 << 16, 1 << 16);
    }
    return {};
}

Status VideoWriter::Impl::write_header() {
    if (const int code = avio_open(&format->pb, temporary.c_str(), AVIO_FLAG_WRITE); code < 0) {
        return error("cannot be written", code);
    }
    AVDictionary* options = nullptr;
    av_dict_set(&options, "movflags", "+faststart", 0);
    const int code = avformat_write_header(format, &options);
    av_dict_free(&options);
    if (code < 0) return error("cannot be written", code);
    return {};
}

Status VideoWriter::Impl::write_packets() {
    for (;;) {
        const int code = avcodec_receive_packet(codec.get(), packet.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
        if (code < 0) return error("cannot be encoded", code);
        av_packet_rescale_ts(packet.get(), codec->time_base, stream->time_base);
        packet->stream_index = stream->index;
        packet->duration = av_rescale_q(1, codec->time_base, stream->time_base);
        int written = av_interleaved_write_frame(format, packet.get());
        if (written >= 0) written = format->pb->error;
        if (written < 0) return error("cannot be written completely", written);
    }
}

VideoWriter::VideoWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VideoWriter::~VideoWriter() = default;
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter& VideoWriter::operator=(VideoWriter&&) noexcept = default;
int VideoWriter::frames() const { return impl_->frames; }
const std::string& VideoWriter::codec() const { return impl_->codec_name; }

Result<VideoWriter> VideoWriter::create(const std::filesystem::path& path, int width, int height,
                                        double fps) {
    if (width < 1 || height < 1 || !(fps > 0) || fps > 1000) {
        return Error{
            .message = fmt::format("a video of {}×{} pixels at {} pictures a second is not "
                                   "possible",
                                   width, height, fps),
            .file = path.string()};
    }
    av_log_set_level(AV_LOG_FATAL);  // errors are returned
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->temporary = engine::core::temporary_name(path);
    impl->width = video_side(width);
    impl->height = video_side(height);
    HM_TRY(impl->open(fps));
    return VideoWriter(std::move(impl));
}

Status VideoWriter::add(const Image& image) {
    Impl& v = *impl_;
    HM_CHECK(!v.finished, "the video is finished");
    if (video_side(image.width) != v.width || video_side(image.height) != v.height ||
        (image.channels != 3 && image.channels != 4)) {
        return Error{.message = fmt::format("a picture of {}×{} does not fit a video of {}×{}",
                                            image.width, image.height, v.width, v.height),
                     .file = v.path.string()};
    }
    if (const int code = av_frame_make_writable(v.frame.get()); code < 0) {
        return v.error("cannot be encoded", code);
    }
    // The conversion reads some bytes beyond a line's end: the last lines come from a copy with
    // room behind them.
    const std::uint8_t* pixels = v.pad(image);
    const int stride[1] = {v.width * image.channels};
    constexpr int kLastLines = 2, kReadBeyond = 64;
    const std::uint8_t* lines[1] = {pixels};
    const std::size_t last = std::size_t(v.height - kLastLines) * stride[0];
    v.last_lines.assign(pixels + last, pixels + last + kLastLines * stride[0]);
    v.last_lines.resize(v.last_lines.size() + kReadBeyond);
    SwsContext* scaler = v.scaler[image.channels - 3].get();
    if (v.height > kLastLines) {
        sws_scale(scaler, lines, stride, 0, v.height - kLastLines, v.frame->data,
                  v.frame->linesize);
    }
    lines[0] = v.last_lines.data();
    sws_scale(scaler, lines, stride, v.height - kLastLines, kLastLines, v.frame->data,
              v.frame->linesize);
    v.frame->pts = v.frames++;
    if (const int code = avcodec_send_frame(v.codec.get(), v.frame.get()); code < 0) {
        return v.error("cannot be encoded", code);
    }
    return v.write_packets();
}

Status VideoWriter::finish() {
    Impl& v = *impl_;
    HM_CHECK(!v.finished, "the video is finished already");
    if (v.frames == 0) {
        return Error{.message = "a video needs at least one picture", .file = v.path.string()};
    }
    if (const int code = avcodec_send_frame(v.codec.get(), nullptr); code < 0) {
        return v.error("cannot be encoded to its end", code);
    }
    HM_TRY(v.write_packets());
    if (const int code = av_write_trailer(v.format); code < 0) {
        return v.error("cannot be written completely", code);
    }
    if (const int code = v.close(); code < 0) return v.error("cannot be written completely", code);
    std::error_code code;
    std::filesystem::rename(v.temporary, v.path, code);
    if (code) {
        return Error{.message = "cannot be put in place: " + code.message(),
                     .file = v.path.string()};
    }
    v.finished = true;
    return {};
}

Result<VideoInfo> probe_video(const std::filesystem::path& path) {
    const auto fail = [&](int code) {
        return Error{.message = "is not a readable video: " + av_reason(code),
                     .file = path.string()};
    };
    AVFormatContext* format = nullptr;
    if (const int code = avformat_open_input(&format, path.c_str(), nullptr, nullptr); code < 0) {
        return fail(code);
    }
    const InputHandle input(format);
    if (const int code = avformat_find_stream_info(format, nullptr); code < 0) return fail(code);
    const AVCodec* decoder = nullptr;
    const int index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
    if (index < 0) return fail(index);
    const AVStream* stream = format->streams[index];
    const CodecHandle codec(avcodec_alloc_context3(decoder));
    avcodec_parameters_to_context(codec.get(), stream->codecpar);
    if (const int code = avcodec_open2(codec.get(), decoder, nullptr); code < 0) return fail(code);
    VideoInfo info{
        .width = codec->width, .height = codec->height, .fps = av_q2d(stream->avg_frame_rate)};

    // Count what comes out of the decoder, the frames it holds back included.
    const FrameHandle frame(av_frame_alloc());
    const PacketHandle packet(av_packet_alloc());
    const auto drain = [&] {
        while (avcodec_receive_frame(codec.get(), frame.get()) == 0) ++info.frames;
    };
    while (av_read_frame(format, packet.get()) == 0) {
        if (packet->stream_index == index) {
            avcodec_send_packet(codec.get(), packet.get());
            drain();
        }
        av_packet_unref(packet.get());
    }
    avcodec_send_packet(codec.get(), nullptr);
    drain();
    return info;
}

}  // namespace huntsman::sensors::encode
