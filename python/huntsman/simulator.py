"""Sessions of the simulator that are stepped from here."""
from __future__ import annotations

import json
import os
import queue
import weakref
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple, Union

import grpc
import numpy as np
import numpy.typing as npt

from . import messages
from .action import Action
from .frames import SharedFrames
from .moment import Moment
from .observation import Camera, Pixels, sent_images
from .program import PathLike, Process, Shared, SimulatorError
from .server import FORMATS

VERSION = 1
"""Of the protocol in ``bridge/messages/simulate.proto``."""
SERVICE = "huntsman.bridge.messages.SimulatorService"
_MOST_SENT = 64 << 20
_MOST_RECEIVED = (256 << 20) + (2 << 20)
_TEXTS = ("scenario", "map", "rig", "quality", "minds", "from", "to", "route", "ego")
_NUMBERS = ("seed", "traffic", "pedestrians", "seconds")


class _Stream:
    """One stream: a question and its answer at a time."""

    def __init__(self, channel: grpc.Channel, token: str) -> None:
        # What the finaliser holds must not hold the stream.
        requests: "queue.SimpleQueue[Optional[messages.ToSimulator]]" = queue.SimpleQueue()
        call = channel.stream_stream(
            "/%s/Simulate" % SERVICE,
            request_serializer=messages.ToSimulator.SerializeToString,
            response_deserializer=messages.FromSimulator.FromString,
        )
        metadata = [("authorization", "Bearer " + token)] if token else []
        self._requests = requests
        self._replies = call(iter(requests.get, None), metadata=metadata)
        self.close = weakref.finalize(self, _end_stream, requests, self._replies, os.getpid())

    def ask(self, request: messages.ToSimulator) -> messages.FromSimulator:
        self._requests.put(request)
        reply: messages.FromSimulator = next(self._replies)
        return reply


def _end_stream(requests: Any, call: Any, owner: int) -> None:
    if os.getpid() != owner:
        return
    requests.put(messages.ToSimulator(end=messages.End()))
    requests.put(None)  # ends gRPC's thread
    call.cancel()


class _Link(Shared):
    """The program that answers: one that we have started, or one at an address."""

    def __init__(self, process: Optional[Process], address: str, token: str, tls_ca: Optional[bytes]) -> None:
        super().__init__(process)
        self.address, self.token = address, token
        options = [
            ("grpc.max_send_message_length", _MOST_SENT),
            ("grpc.max_receive_message_length", _MOST_RECEIVED),
            ("grpc.use_local_subchannel_pool", 1),
            ("grpc.enable_http_proxy", 0),
            ("grpc.enable_retries", 0),
            ("grpc.keepalive_time_ms", 20_000),  # a machine that is gone does not say so
            ("grpc.keepalive_timeout_ms", 10_000),
        ]
        if tls_ca is None:
            self.channel = grpc.insecure_channel(address, options)
        else:
            self.channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(tls_ca), options)

    def leave(self) -> bool:
        last = super().leave()
        if last:
            self.channel.close()
            if self.process is not None:
                self.process.close()
        return last

    def sentence(self, error: grpc.RpcError) -> str:
        """What a failed call means."""
        code, details = error.code(), (error.details() or "").strip().replace("\n", " ")[:300]
        if code == grpc.StatusCode.UNAUTHENTICATED:
            return "the simulator does not accept the token"
        if code == grpc.StatusCode.UNIMPLEMENTED:
            return "what answers at %s does not serve %s" % (self.address, SERVICE)
        if code == grpc.StatusCode.RESOURCE_EXHAUSTED:
            return "the simulator refuses: %s" % details
        if self.process is not None:
            return "the simulator is gone: %s" % self.process.why_ended()
        if code == grpc.StatusCode.UNAVAILABLE:
            return "no simulator answers at %s (%s)" % (self.address, details)
        return details or "the connection was closed"


class Simulator:
    """A session of the closed loop: a world, cameras and a car that does what it is told.

    ::

        with huntsman.Simulator("demonstration", seed=2001, truth=True) as simulator:
            moment = simulator.observe()
            while not moment.ended:
                moment = simulator.step(huntsman.Action(throttle=0.3))

    It starts ``huntsman serve`` for itself and ends it, whatever happens to this process; with
    `address` it uses one that serves already. It is for one thread at a time; further ones may have
    simulators of their own. The same settings and actions give the same states and pictures.

    scenario: a file (.json, .xosc) or the name of a shipped one; map: an OpenDRIVE file instead of a
        town; seed: of the town and of everything random; traffic, pedestrians: how many; minds: who
        they are; seconds: simulated time [s]; start, to, route: ``ROAD,LANE,S`` or ``X,Y`` [m];
        endless: goes on behind the route's end; parameters, ego, physical: of a story;
        latency_ms: from an action to its effect, 50 unless given.
    rig: a file or the name of a shipped one: cameras, and the rate of steps.
    images: pictures are rendered; cameras: whose (all unless named); size: (width, height) of each
        [px], 16 to 4096; format: rgb or bgr (height, width, 3), or planar (3, height, width);
        quality: fast, standard or high; shared: through memory that both share, where possible.
    truth: `Moment.truth` holds what is truly there.
    top_view: (pixels, metres) of each side of `Moment.top_view`; None: none.
    program: of the simulator, see `find_program`; program_options: flags of ``huntsman serve``, as
        {"threads": 2}.
    address: "127.0.0.1:5006", "unix:/path"; with its token, and for other machines tls_ca, the PEM of
        who signs its certificate.

    Raises SimulatorError, one sentence, wherever something cannot be done.
    """

    def __init__(
        self,
        scenario: str = "",
        *,
        seed: Optional[int] = None,
        map: str = "",
        rig: str = "",
        traffic: Optional[int] = None,
        pedestrians: Optional[int] = None,
        minds: str = "",
        seconds: Optional[float] = None,
        start: str = "",
        to: str = "",
        route: str = "",
        endless: bool = False,
        parameters: Mapping[str, object] = {},
        ego: str = "",
        physical: bool = False,
        latency_ms: Union[None, int, str] = None,
        images: bool = False,
        cameras: Sequence[str] = (),
        size: Optional[Tuple[int, int]] = None,
        format: str = "rgb",
        quality: str = "",
        shared: bool = True,
        truth: bool = False,
        top_view: Optional[Tuple[int, float]] = None,
        program: Optional[PathLike] = None,
        program_options: Mapping[str, object] = {},
        address: Optional[str] = None,
        token: str = "",
        tls_ca: Optional[bytes] = None,
    ) -> None:
        if format not in FORMATS:
            raise SimulatorError("the format is %r, expected rgb, bgr or planar" % (format,))
        settings = dict(
            scenario=scenario, map=map, seed=seed, rig=rig, traffic=traffic, pedestrians=pedestrians, minds=minds,
            seconds=seconds, start=start, to=to, route=route, endless=endless, parameters=dict(parameters), ego=ego,
            physical=physical, latency_ms=latency_ms, size=size, quality=quality,
        )
        begin = messages.Begin(version=VERSION, settings=_settings(settings))
        wants = begin.wants
        wants.images, wants.format, wants.truth, wants.shared_frames = images, FORMATS[format], truth, shared
        wants.cameras.extend(cameras)
        if top_view is not None:
            begin.top_view.pixels, begin.top_view.metres = int(top_view[0]), float(top_view[1])
        if address is None:
            process = Process(program, program_options)
            link = _Link(process, process.address, process.token, None)
        else:
            link = _Link(None, address, token, tls_ca)
        self._settings = settings
        self._open(link, begin)

    def _open(self, link: _Link, begin: messages.Begin) -> None:
        self._link = link
        self._owner = os.getpid()
        link.take()
        self._close = weakref.finalize(self, _leave, link, os.getpid())
        self._wants = begin.wants
        self._top_view = begin.top_view
        self._frames: Optional[SharedFrames] = None
        self._moment: Optional[Moment] = None
        self._action: Optional[Action] = None
        self._result: Optional[Dict[str, Any]] = None
        try:
            self._stream = _Stream(link.channel, link.token)
            self._begin(begin)
        except BaseException:
            self.close()
            raise

    # ---- Beginning

    def _begin(self, begin: messages.Begin) -> None:
        begun = self._ask(begin=begin).begun
        self._frames, self._moment, self._action, self._result = None, None, None, None
        if begun.version != VERSION:
            raise SimulatorError("the simulator speaks version %d, expected %d" % (begun.version, VERSION))
        self.begun = begun
        self.cameras: Dict[str, Camera] = {image.name: Camera.of(image, None) for image in begun.cameras}
        planar = begin.wants.format == messages.PIXELS_RGB8_PLANAR
        not_shared = ""
        if begun.HasField("attach"):
            try:
                self._frames = SharedFrames(begun.attach, planar)
            except (OSError, ValueError) as error:
                not_shared = str(error) or type(error).__name__
        self._take(self._ask(observe=messages.Observe(not_shared=not_shared)).moment)

    def reset(self, **settings: Any) -> Moment:
        """Another session in the place of this one, with the same settings but for those given, as
        seed=7. What the program has built is used again."""
        unknown = set(settings) - set(self._settings)
        if unknown:
            raise SimulatorError("there is no setting %s, expected one of %s" % (
                sorted(unknown)[0], ", ".join(sorted(self._settings))))
        changed = dict(self._settings, **settings)
        begin = messages.Begin(version=VERSION, settings=_settings(changed), wants=self._wants,
                               top_view=self._top_view)
        self._begin(begin)
        self._settings = changed
        return self.observe()

    def fork(self, tick: Optional[int] = None) -> "Simulator":
        """Another simulator that stands where this one stood at `tick` (now unless given), in the
        same program. The car goes on doing what it did until it is told otherwise. A tick between
        two camera ticks: it stands at the next one.

        Pedals are exact: the same ones from there on give the same states. Of a trajectory that is
        being followed the fork holds the pedals of the moment until its first action has effect.
        """
        fork = messages.Fork(session=self.begun.session, tick=self.tick if tick is None else tick)
        return self._other(messages.Begin(version=VERSION, fork=fork, wants=self._wants, top_view=self._top_view))

    def restore(self, recording: bytes, tick: Optional[int] = None) -> "Simulator":
        """Another simulator that stands where a recording stood at `tick` (its end unless given):
        what `snapshot` gives, or a ``recording.hmr`` of a run."""
        if len(recording) > _MOST_SENT - (1 << 20):
            raise SimulatorError("the recording has %d MB, expected at most 63" % (len(recording) >> 20))
        recorded = messages.Recorded(recording=recording)
        if tick is not None:
            recorded.tick = tick
        return self._other(
            messages.Begin(version=VERSION, recorded=recorded, wants=self._wants, top_view=self._top_view))

    def _other(self, begin: messages.Begin) -> "Simulator":
        other = Simulator.__new__(Simulator)
        other._settings = dict(self._settings)
        other._open(self._link, begin)
        return other

    # ---- Going on

    def observe(self) -> Moment:
        """Where it stands: at a camera tick, or at its end."""
        if self._moment is None:
            raise SimulatorError("the session is over, expected reset()")
        return self._moment

    def act(self, action: Action) -> None:
        """What the car does from this moment on: with the next `step`. Raises ValueError for what
        cannot be driven on, as NaN."""
        action.to_message()
        self._action = action

    def step(self, action: Optional[Action] = None, frames: int = 1) -> Moment:
        """To the next camera tick, or the one `frames` further, or the end if that comes first.

        action: as by `act`; without either the car goes on doing what it was told before.
        """
        if action is None:
            action, self._action = self._action, None
        step = messages.Step(frames=frames)
        if action is not None:
            step.action.CopyFrom(action.to_message())
        self.observe()
        self._take(self._ask(step=step).moment)
        return self.observe()

    @property
    def tick(self) -> int:
        return self.observe().tick

    def snapshot(self) -> bytes:
        """All that computes the session again up to here: for `restore`, or as ``recording.hmr`` for
        ``huntsman replay``."""
        return bytes(self._ask(snapshot=messages.Snapshot()).recorded.recording)

    def result(self) -> Dict[str, Any]:
        """Ends the session and says what has come of it: scores, infractions and the rest of run.json."""
        if self._result is None:
            self._result = json.loads(self._ask(finish=messages.Finish()).finished.run_json)
        return self._result

    # ---- The end

    def close(self) -> None:
        """Ends the session, and the program with the last simulator that uses it."""
        if hasattr(self, "_stream"):
            self._stream.close()
        self._moment, self._frames = None, None
        self._close()

    def __enter__(self) -> "Simulator":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _repr_html_(self) -> str:
        return self._moment._repr_html_() if self._moment is not None else "no session"

    # ---- Messages

    def _ask(self, **what: Any) -> messages.FromSimulator:
        if not self._close.alive:
            raise SimulatorError("the simulator is closed")
        if os.getpid() != self._owner:
            raise SimulatorError("the simulator is of the process that this one was forked from, expected one of its own")
        try:
            reply = self._stream.ask(messages.ToSimulator(**what))
        except StopIteration:
            raise SimulatorError("the simulator ended the session") from None
        except grpc.RpcError as error:
            raise SimulatorError(self._link.sentence(error)) from None
        if reply.WhichOneof("what") == "failure":
            raise SimulatorError(reply.failure.message)
        return reply

    def _take(self, said: messages.Moment) -> None:
        planar = self._wants.format == messages.PIXELS_RGB8_PLANAR
        images: Dict[str, Pixels] = {}
        if said.HasField("shared") and self._frames is not None:
            images = self._frames.images(said.shared)
        elif said.observation.cameras:
            images = sent_images(said.observation, planar)
        top_view: Optional[npt.NDArray[np.uint8]] = None
        if said.top_view:
            side = self._top_view.pixels
            top_view = np.frombuffer(said.top_view, np.uint8).reshape(side, side, 3)
        self._moment = Moment(
            message=said.observation,
            images=images,
            cameras=self.cameras,
            truth=said.truth if said.HasField("truth") else None,
            night=said.night,
            said=said,
            top_view=top_view,
        )


def _leave(link: _Link, owner: int) -> None:
    if os.getpid() == owner:
        link.leave()


def _settings(given: Mapping[str, Any]) -> messages.Settings:
    """As it is sent. Raises SimulatorError, one sentence."""
    settings = messages.Settings()
    given = dict(given, **{"from": given["start"]})
    try:
        for name in _TEXTS:
            setattr(settings, name, os.fspath(given[name]))
        for name in _NUMBERS:
            if given[name] is not None:
                setattr(settings, name, given[name])
        settings.endless, settings.physical = bool(given["endless"]), bool(given["physical"])
        settings.parameters.extend("%s=%s" % pair for pair in given["parameters"].items())
        if given["latency_ms"] is not None:
            settings.latency_ms = str(given["latency_ms"])
        if given["size"] is not None:
            settings.size = "%dx%d" % tuple(given["size"])
    except (TypeError, ValueError) as error:
        raise SimulatorError("a setting is of another kind than expected: %s" % error) from None
    return settings


def health(address: str, token: str = "", timeout_s: float = 5.0) -> messages.HealthReply:
    """What a simulator at an address says of itself: version, name, sessions that go on. Raises
    SimulatorError where none answers."""
    link = _Link(None, address, token, None)
    link.take()
    try:
        call = link.channel.unary_unary(
            "/%s/Health" % SERVICE,
            request_serializer=messages.HealthRequest.SerializeToString,
            response_deserializer=messages.HealthReply.FromString,
        )
        metadata = [("authorization", "Bearer " + token)] if token else []
        reply: messages.HealthReply = call(messages.HealthRequest(), metadata=metadata, timeout=timeout_s)
        return reply
    except grpc.RpcError as error:
        raise SimulatorError(link.sentence(error)) from None
    finally:
        link.leave()


__all__ = ["Simulator", "SimulatorError", "health"]
