from . import huntsman_pb2 as _huntsman_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
PIXELS_BGR8: PixelFormat
PIXELS_RGB8: PixelFormat
PIXELS_RGB8_PLANAR: PixelFormat

class Answer(_message.Message):
    __slots__ = ["action", "failure", "frame"]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    action: _huntsman_pb2.Action
    failure: str
    frame: int
    def __init__(self, frame: _Optional[int] = ..., action: _Optional[_Union[_huntsman_pb2.Action, _Mapping]] = ..., failure: _Optional[str] = ...) -> None: ...

class Attach(_message.Message):
    __slots__ = ["bytes", "pixels_offset", "places", "slot_bytes", "slots", "slots_offset", "socket"]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    PIXELS_OFFSET_FIELD_NUMBER: _ClassVar[int]
    PLACES_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    SLOTS_OFFSET_FIELD_NUMBER: _ClassVar[int]
    SLOT_BYTES_FIELD_NUMBER: _ClassVar[int]
    SOCKET_FIELD_NUMBER: _ClassVar[int]
    bytes: int
    pixels_offset: int
    places: _containers.RepeatedCompositeFieldContainer[FramePlace]
    slot_bytes: int
    slots: int
    slots_offset: int
    socket: str
    def __init__(self, socket: _Optional[str] = ..., bytes: _Optional[int] = ..., slots: _Optional[int] = ..., slot_bytes: _Optional[int] = ..., slots_offset: _Optional[int] = ..., pixels_offset: _Optional[int] = ..., places: _Optional[_Iterable[_Union[FramePlace, _Mapping]]] = ...) -> None: ...

class AttachReply(_message.Message):
    __slots__ = ["failure"]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    failure: str
    def __init__(self, failure: _Optional[str] = ...) -> None: ...

class End(_message.Message):
    __slots__ = ["reason"]
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class Frame(_message.Message):
    __slots__ = ["night", "observation", "shared", "truth"]
    NIGHT_FIELD_NUMBER: _ClassVar[int]
    OBSERVATION_FIELD_NUMBER: _ClassVar[int]
    SHARED_FIELD_NUMBER: _ClassVar[int]
    TRUTH_FIELD_NUMBER: _ClassVar[int]
    night: bool
    observation: _huntsman_pb2.Observation
    shared: SharedFrame
    truth: _huntsman_pb2.Perception
    def __init__(self, observation: _Optional[_Union[_huntsman_pb2.Observation, _Mapping]] = ..., truth: _Optional[_Union[_huntsman_pb2.Perception, _Mapping]] = ..., shared: _Optional[_Union[SharedFrame, _Mapping]] = ..., night: bool = ...) -> None: ...

class FramePlace(_message.Message):
    __slots__ = ["camera", "height", "offset", "width"]
    CAMERA_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    camera: str
    height: int
    offset: int
    width: int
    def __init__(self, camera: _Optional[str] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., offset: _Optional[int] = ...) -> None: ...

class FromDriver(_message.Message):
    __slots__ = ["answer", "attach", "hello", "reset"]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    ATTACH_FIELD_NUMBER: _ClassVar[int]
    HELLO_FIELD_NUMBER: _ClassVar[int]
    RESET_FIELD_NUMBER: _ClassVar[int]
    answer: Answer
    attach: AttachReply
    hello: HelloReply
    reset: ResetReply
    def __init__(self, hello: _Optional[_Union[HelloReply, _Mapping]] = ..., attach: _Optional[_Union[AttachReply, _Mapping]] = ..., reset: _Optional[_Union[ResetReply, _Mapping]] = ..., answer: _Optional[_Union[Answer, _Mapping]] = ...) -> None: ...

class HealthReply(_message.Message):
    __slots__ = ["name", "sessions", "version"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    name: str
    sessions: int
    version: int
    def __init__(self, version: _Optional[int] = ..., name: _Optional[str] = ..., sessions: _Optional[int] = ...) -> None: ...

class HealthRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Hello(_message.Message):
    __slots__ = ["cameras", "deadline_ms", "images", "program", "rate_hz", "shared_frames", "version"]
    CAMERAS_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_MS_FIELD_NUMBER: _ClassVar[int]
    IMAGES_FIELD_NUMBER: _ClassVar[int]
    PROGRAM_FIELD_NUMBER: _ClassVar[int]
    RATE_HZ_FIELD_NUMBER: _ClassVar[int]
    SHARED_FRAMES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    cameras: _containers.RepeatedCompositeFieldContainer[_huntsman_pb2.CameraImage]
    deadline_ms: int
    images: bool
    program: str
    rate_hz: float
    shared_frames: bool
    version: int
    def __init__(self, version: _Optional[int] = ..., program: _Optional[str] = ..., rate_hz: _Optional[float] = ..., cameras: _Optional[_Iterable[_Union[_huntsman_pb2.CameraImage, _Mapping]]] = ..., images: bool = ..., shared_frames: bool = ..., deadline_ms: _Optional[int] = ...) -> None: ...

class HelloReply(_message.Message):
    __slots__ = ["name", "refusal", "version", "wants"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WANTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    refusal: str
    version: int
    wants: Wants
    def __init__(self, version: _Optional[int] = ..., name: _Optional[str] = ..., wants: _Optional[_Union[Wants, _Mapping]] = ..., refusal: _Optional[str] = ...) -> None: ...

class Reset(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ResetReply(_message.Message):
    __slots__ = ["failure"]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    failure: str
    def __init__(self, failure: _Optional[str] = ...) -> None: ...

class SharedFrame(_message.Message):
    __slots__ = ["generation", "slot"]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    generation: int
    slot: int
    def __init__(self, slot: _Optional[int] = ..., generation: _Optional[int] = ...) -> None: ...

class ToDriver(_message.Message):
    __slots__ = ["attach", "end", "frame", "hello", "reset"]
    ATTACH_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    HELLO_FIELD_NUMBER: _ClassVar[int]
    RESET_FIELD_NUMBER: _ClassVar[int]
    attach: Attach
    end: End
    frame: Frame
    hello: Hello
    reset: Reset
    def __init__(self, hello: _Optional[_Union[Hello, _Mapping]] = ..., attach: _Optional[_Union[Attach, _Mapping]] = ..., reset: _Optional[_Union[Reset, _Mapping]] = ..., frame: _Optional[_Union[Frame, _Mapping]] = ..., end: _Optional[_Union[End, _Mapping]] = ...) -> None: ...

class Wants(_message.Message):
    __slots__ = ["cameras", "format", "height", "images", "perception_alone", "shared_frames", "track", "truth", "width"]
    CAMERAS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    IMAGES_FIELD_NUMBER: _ClassVar[int]
    PERCEPTION_ALONE_FIELD_NUMBER: _ClassVar[int]
    SHARED_FRAMES_FIELD_NUMBER: _ClassVar[int]
    TRACK_FIELD_NUMBER: _ClassVar[int]
    TRUTH_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    cameras: _containers.RepeatedScalarFieldContainer[str]
    format: PixelFormat
    height: int
    images: bool
    perception_alone: bool
    shared_frames: bool
    track: bool
    truth: bool
    width: int
    def __init__(self, images: bool = ..., cameras: _Optional[_Iterable[str]] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., format: _Optional[_Union[PixelFormat, str]] = ..., truth: bool = ..., perception_alone: bool = ..., shared_frames: bool = ..., track: bool = ...) -> None: ...

class PixelFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
