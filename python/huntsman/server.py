"""Serving drivers to the simulator, over gRPC and shared memory."""
from __future__ import annotations

import hmac
import os
import sys
import threading
from concurrent import futures
from typing import Any, Callable, Dict, Iterator, Optional, Tuple, Union

import grpc

from . import messages
from .action import Action
from .driver import Driver
from .frames import SharedFrames
from .observation import Camera, Observation, sent_images

VERSION = 1
"""Of the protocol in ``bridge/messages/drive.proto``."""
ADDRESS_VARIABLE = "HUNTSMAN_DRIVER_ADDRESS"
TOKEN_VARIABLE = "HUNTSMAN_DRIVER_TOKEN"
SERVICE = "huntsman.bridge.messages.DriverService"
_MOST_RECEIVED = (256 << 20) + (1 << 20)
_MOST_SENT = 16 << 20
FORMATS = {
    "rgb": messages.PIXELS_RGB8,
    "bgr": messages.PIXELS_BGR8,
    "planar": messages.PIXELS_RGB8_PLANAR,
}
"""Of pictures, by their names here."""


class ServeError(Exception):
    """The driver cannot be served; one sentence."""


class _Run:
    """One run's conversation, from the driver's side."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.planar = driver.format == "planar"
        self.cameras: Dict[str, Camera] = {}
        self.shared: Optional[SharedFrames] = None

    def answer(self, request: messages.ToDriver) -> Optional[messages.FromDriver]:
        """None after the end."""
        what = request.WhichOneof("what")
        reply = messages.FromDriver()
        if what == "hello":
            self._greet(request.hello, reply.hello)
        elif what == "attach":
            self._attach(request.attach, reply.attach)
        elif what == "reset":
            self._reset(reply.reset)
        elif what == "frame":
            self._drive(request.frame, reply.answer)
        else:
            return None
        reply_part = getattr(reply, {"frame": "answer"}.get(what, what))
        reply_part.SetInParent()
        return reply

    def _greet(self, hello: messages.Hello, reply: messages.HelloReply) -> None:
        driver = self.driver
        reply.version = VERSION
        reply.name = driver.name or type(driver).__name__
        if hello.version != VERSION:
            reply.refusal = "the simulator speaks version %d of the protocol, expected %d" % (hello.version, VERSION)
            return
        if driver.format not in FORMATS:
            reply.refusal = "its format is %r, expected rgb, bgr or planar" % (driver.format,)
            return
        wants = reply.wants
        wants.images = driver.images
        wants.cameras.extend(driver.cameras)
        if driver.size is not None:
            wants.width, wants.height = driver.size
        wants.format = FORMATS[driver.format]
        wants.truth = driver.truth
        wants.perception_alone = driver.perception_alone
        wants.track = driver.track
        wants.shared_frames = hello.shared_frames
        by_name = {camera.name: Camera.of(camera, driver.size) for camera in hello.cameras}
        chosen = list(driver.cameras) or list(by_name)
        if driver.images:
            self.cameras = {name: by_name[name] for name in chosen if name in by_name}

    def _attach(self, attach: messages.Attach, reply: messages.AttachReply) -> None:
        try:
            self.shared = SharedFrames(attach, self.planar)
        except (OSError, ValueError) as error:
            reply.failure = str(error)

    def _reset(self, reply: messages.ResetReply) -> None:
        try:
            self.driver.reset()
        except Exception as error:  # whatever it is, the run is told
            reply.failure = _say(error)

    def _drive(self, frame: messages.Frame, answer: messages.Answer) -> None:
        answer.frame = frame.observation.frame
        try:
            images = self._images(frame)
            observation = Observation(
                message=frame.observation,
                images=images,
                cameras=self.cameras,
                truth=frame.truth if self.driver.truth and frame.HasField("truth") else None,
                night=frame.night,
            )
            action = self.driver.drive(observation)
            if not isinstance(action, Action):
                raise TypeError("drive returned a %s, expected huntsman.Action" % type(action).__name__)
            answer.action.CopyFrom(action.to_message())
            if self.shared is not None and images and not self.shared.holds(frame.shared):
                raise ValueError("its pictures were overwritten while it looked at them")
        except Exception as error:  # whatever it is, the run is told
            answer.ClearField("action")
            answer.failure = _say(error)

    def _images(self, frame: messages.Frame) -> Dict[str, Any]:
        if not self.driver.images:
            return {}
        if frame.HasField("shared"):
            if self.shared is None:
                raise ValueError("there is no shared memory")
            return self.shared.images(frame.shared)
        return sent_images(frame.observation, self.planar)


def _say(error: BaseException) -> str:
    """For the run; the driver's own standard error has all of it."""
    import traceback

    traceback.print_exception(type(error), error, error.__traceback__)
    text = str(error).strip()
    return "%s: %s" % (type(error).__name__, text) if text else type(error).__name__


class DriverServer:
    """Serves drivers until it is closed.

    make: called for each run, for a driver of its own.
    address: "127.0.0.1:5005" (port 0: any, see `port`), "unix:/path" or "unix-abstract:name".
    token: that the simulator must send.
    sessions: runs at a time; further ones are refused.
    tls: (certificate chain, private key) in PEM. Without it only this machine is served.
    """

    def __init__(
        self,
        make: Callable[[], Driver],
        address: str,
        *,
        token: str = "",
        sessions: int = 1,
        tls: Optional[Tuple[bytes, bytes]] = None,
    ) -> None:
        if tls is None and not _of_this_machine(address):
            raise ServeError(
                "%s can be reached from other machines, expected tls=(certificate, key) beside it" % address
            )
        self._make = make
        self._token = token
        self._sessions = sessions
        self._going = 0
        self._changed = threading.Condition()
        self._ended = 0
        self._server = grpc.server(
            futures.ThreadPoolExecutor(max_workers=sessions + 2),
            options=[
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", _MOST_RECEIVED),
                ("grpc.max_send_message_length", _MOST_SENT),
                ("grpc.http2.max_frame_size", 4 << 20),
            ],
        )
        self._server.add_generic_rpc_handlers((self._handlers(),))
        try:
            if tls is None:
                self.port: int = self._server.add_insecure_port(address)
            else:
                credentials = grpc.ssl_server_credentials([(tls[1], tls[0])])
                self.port = self._server.add_secure_port(address, credentials)
        except RuntimeError:
            self.port = 0
        if self.port == 0:
            raise ServeError(
                "%s cannot be served at, expected an address of this machine that is not in use" % address
            )
        self._server.start()

    def _handlers(self) -> grpc.GenericRpcHandler:
        return grpc.method_handlers_generic_handler(
            SERVICE,
            {
                "Drive": grpc.stream_stream_rpc_method_handler(
                    self._drive,
                    request_deserializer=messages.ToDriver.FromString,
                    response_serializer=messages.FromDriver.SerializeToString,
                ),
                "Health": grpc.unary_unary_rpc_method_handler(
                    self._health,
                    request_deserializer=messages.HealthRequest.FromString,
                    response_serializer=messages.HealthReply.SerializeToString,
                ),
            },
        )

    def _accepts(self, context: grpc.ServicerContext) -> bool:
        if not self._token:
            return True
        sent = dict(context.invocation_metadata()).get("authorization", "")
        if isinstance(sent, bytes):
            sent = sent.decode("latin-1")
        return hmac.compare_digest(sent, "Bearer " + self._token)

    def _drive(
        self, requests: Iterator[messages.ToDriver], context: grpc.ServicerContext
    ) -> Iterator[messages.FromDriver]:
        if not self._accepts(context):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "expected the token")
        with self._changed:
            if self._going >= self._sessions:
                context.abort(
                    grpc.StatusCode.RESOURCE_EXHAUSTED, "it drives %d other run(s) already" % self._going
                )
            self._going += 1
        try:
            run = _Run(self._make())
            for request in requests:
                reply = run.answer(request)
                if reply is None:
                    break
                yield reply
        except grpc.RpcError:
            pass  # the simulator is gone
        except Exception as error:
            if context.is_active():
                context.abort(grpc.StatusCode.INTERNAL, _say(error))
        finally:
            with self._changed:
                self._going -= 1
                self._ended += 1
                self._changed.notify_all()

    def _health(self, request: messages.HealthRequest, context: grpc.ServicerContext) -> messages.HealthReply:
        return messages.HealthReply(version=VERSION, sessions=self._going)

    def wait_for_a_run(self) -> None:
        """Until the first run has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended > 0 and self._going == 0)

    def wait(self) -> None:
        """Until it is closed."""
        self._server.wait_for_termination()

    def close(self) -> None:
        """Ends every run."""
        self._server.stop(grace=0.2).wait()

    def __enter__(self) -> "DriverServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _of_this_machine(address: str) -> bool:
    return address.startswith(("unix:", "unix-abstract:", "127.", "localhost:", "[::1]:"))


def _end_with_simulator() -> None:
    """Whoever started us holds the other end of our standard input."""
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        return
    os._exit(1)


def serve(
    make: Union[Driver, Callable[[], Driver]],
    address: Optional[str] = None,
    *,
    token: str = "",
    sessions: int = 1,
    tls: Optional[Tuple[bytes, bytes]] = None,
) -> None:
    """Serves a driver, or what `make` makes for each run, until it is interrupted.

    Without an address it serves where ``huntsman run --driver exec:COMMAND`` says in the environment,
    until that run has ended. `token`, `sessions` and `tls` as of `DriverServer`.

    Exits with a sentence where it cannot serve.
    """
    if isinstance(make, Driver):
        driver = make
        make = lambda: driver  # noqa: E731
    started = address is None
    if address is None:
        address = os.environ.get(ADDRESS_VARIABLE)
        token = token or os.environ.get(TOKEN_VARIABLE, "")
        if not address:
            sys.exit(
                "huntsman: there is no address to serve at, expected serve(\"127.0.0.1:5005\") or a start "
                "by huntsman run --driver exec:COMMAND"
            )
        threading.Thread(target=_end_with_simulator, daemon=True).start()
    try:
        server = DriverServer(make, address, token=token, sessions=sessions, tls=tls)
    except ServeError as error:
        sys.exit("huntsman: %s" % error)
    with server:
        try:
            if started:
                server.wait_for_a_run()
            else:
                print("serving at %s" % _named(address, server.port), flush=True)
                server.wait()
        except KeyboardInterrupt:
            pass


def _named(address: str, port: int) -> str:
    return address[: -len(":0")] + ":%d" % port if address.endswith(":0") else address
