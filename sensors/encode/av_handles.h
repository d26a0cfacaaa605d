// Owners of libav's objects, for this room's sources only.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

namespace huntsman::sensors::encode {

struct FreeAv {
    void operator()(AVFormatContext* input) const { avformat_close_input(&input); }
    void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
    void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
// What libav says of a negative code, as "No space left on device".
inline std::string av_reason(int code) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(code, text, sizeof text);
    return text;
}

using InputHandle = std::unique_ptr<AVFormatContext, FreeAv>;  // of a file that is read
using CodecHandle = std::unique_ptr<AVCodecContext, FreeAv>;
using FrameHandle = std::unique_ptr<AVFrame, FreeAv>;
using PacketHandle = std::unique_ptr<AVPacket, FreeAv>;
using ScalerHandle = std::unique_ptr<SwsContext, FreeAv>;

}  // namespace huntsman::sensors::encode
