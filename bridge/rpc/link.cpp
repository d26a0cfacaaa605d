#include "bridge/rpc/link.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "bridge/rpc/channel.h"
#include "drive.grpc.pb.h"

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;
using messages::FromDriver;
using messages::ToDriver;

namespace {

using std::chrono::milliseconds;

// Tags of the completion queue.
enum class Step : std::intptr_t { kStart = 1, kWrite, kWritesDone, kRead, kFinish };
void* tag(Step step) { return reinterpret_cast<void*>(static_cast<std::intptr_t>(step)); }

// The server's own words, without line breaks and not too many of them.
std::string phrase(const grpc::Status& status) {
    std::string text = status.error_message().substr(0, 300);
    std::replace(text.begin(), text.end(), '\n', ' ');
    switch (status.error_code()) {
        case grpc::StatusCode::OK:
            return "the driver ended the stream";
        case grpc::StatusCode::UNIMPLEMENTED:
            return "what answers there does not serve huntsman.bridge.messages.DriverService";
        case grpc::StatusCode::UNAUTHENTICATED:
            return "the driver does not accept the token";
        case grpc::StatusCode::RESOURCE_EXHAUSTED:
            return "the driver takes no more: " + text;
        case grpc::StatusCode::UNAVAILABLE:
            return "the connection was closed (" + text + ")";
        default:
            return text.empty() ? "the connection was closed" : text;
    }
}

}  // namespace

struct Link::Impl {
    explicit Impl(const std::shared_ptr<grpc::Channel>& c)
        : channel(c), stub(messages::DriverService::NewStub(c)) {}
    ~Impl();

    // Takes one event, until `until`; false where there was none.
    bool pump(LinkClock::time_point until);
    void take(Step step, bool ok);
    void read_next();
    void break_off();

    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<messages::DriverService::Stub> stub;
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    std::unique_ptr<grpc::ClientAsyncReaderWriter<ToDriver, FromDriver>> stream;
    FromDriver incoming;
    std::deque<FromDriver> received;
    grpc::Status status;
    int pending = 0;  // operations whose event has not come
    bool started = false, writing = false, reading = false;
    bool finishing = false, finished = false, broken = false;
    std::string why;
};

bool Link::Impl::pump(LinkClock::time_point until) {
    void* event = nullptr;
    bool ok = false;
    if (queue.AsyncNext(&event, &ok, system_time(until)) != grpc::CompletionQueue::GOT_EVENT) {
        return false;
    }
    --pending;
    take(static_cast<Step>(reinterpret_cast<std::intptr_t>(event)), ok);
    return true;
}

void Link::Impl::take(Step step, bool ok) {
    switch (step) {
        case Step::kStart:
            started = ok;
            if (ok) read_next();
            break;
        case Step::kWrite:
            writing = false;
            break;
        case Step::kRead:
            reading = false;
            if (ok) {
                received.push_back(std::move(incoming));
                incoming.Clear();
                read_next();
            }
            break;
        case Step::kFinish:
            finished = true;
            break;
        case Step::kWritesDone:
            break;
    }
    if (!ok && step != Step::kFinish && step != Step::kWritesDone) break_off();
}

void Link::Impl::read_next() {
    reading = true;
    ++pending;
    stream->Read(&incoming, tag(Step::kRead));
}

// The stream is over: its status says why.
void Link::Impl::break_off() {
    broken = true;
    if (finishing) return;
    finishing = true;
    ++pending;
    stream->Finish(&status, tag(Step::kFinish));
    const auto until = LinkClock::now() + milliseconds(1000);
    while (!finished && pump(until)) {
    }
    why = finished ? phrase(status) : "the connection was closed";
}

Link::Impl::~Impl() {
    context.TryCancel();
    if (stream && !finishing) {
        finishing = true;
        ++pending;
        stream->Finish(&status, tag(Step::kFinish));
    }
    // A cancelled call gives back every operation at once.
    while (pending > 0 && pump(LinkClock::now() + milliseconds(5000))) {
    }
    queue.Shutdown();
    void* event = nullptr;
    bool ok = false;
    while (queue.Next(&event, &ok)) {
    }
}

Link::Link(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Link::~Link() = default;

Result<std::unique_ptr<Link>> Link::open(const LinkAddress& address, LinkClock::time_point until,
                                         const std::function<std::string()>& gone) {
    HM_TAKE(auto channel, open_channel(address, until, gone));
    auto impl = std::make_unique<Impl>(channel);
    if (!address.token.empty()) {
        impl->context.AddMetadata("authorization", "Bearer " + address.token);
    }
    ++impl->pending;
    impl->stream = impl->stub->AsyncDrive(&impl->context, &impl->queue, tag(Step::kStart));
    while (!impl->started && !impl->broken && impl->pump(until)) {
    }
    if (impl->broken) return Error{.message = impl->why};
    if (!impl->started) return Error{.message = "nobody answers"};
    return std::unique_ptr<Link>(new Link(std::move(impl)));
}

Link::State Link::send(const ToDriver& message, LinkClock::time_point until) {
    Impl& impl = *impl_;
    while (impl.writing && !impl.broken) {
        if (!impl.pump(until)) return State::kLate;
    }
    if (impl.broken) return State::kBroken;
    impl.writing = true;
    ++impl.pending;
    impl.stream->Write(message, tag(Step::kWrite));
    while (impl.writing && !impl.broken) {
        if (!impl.pump(until)) return State::kLate;
    }
    return impl.broken ? State::kBroken : State::kDone;
}

Link::State Link::receive(FromDriver& message, LinkClock::time_point until) {
    Impl& impl = *impl_;
    while (impl.received.empty() && !impl.broken) {
        if (!impl.pump(until)) return State::kLate;
    }
    // What came before the end counts.
    if (impl.received.empty()) return State::kBroken;
    message = std::move(impl.received.front());
    impl.received.pop_front();
    return State::kDone;
}

const std::string& Link::why_broken() const { return impl_->why; }

void Link::close(LinkClock::time_point until) {
    Impl& impl = *impl_;
    if (!impl.broken && !impl.writing) {
        ++impl.pending;
        impl.stream->WritesDone(tag(Step::kWritesDone));
        while (!impl.broken && impl.pump(until)) {
        }
    }
    if (!impl.broken) {
        impl.why = "the run is over";
        impl.broken = true;
        impl.context.TryCancel();
    }
}

}  // namespace huntsman::bridge::rpc
