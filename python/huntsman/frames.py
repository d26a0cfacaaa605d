"""Pictures in memory that the simulator shares; layout in ``bridge/rpc/frame_ring.h``."""
from __future__ import annotations

import mmap
import os
import socket
import struct
from typing import Dict, List

import numpy as np

from . import messages
from .observation import Pixels, image_shape

_HEADER = struct.Struct("<8sIIQQQ")
_MARK = struct.Struct("<Q")
_MAGIC, _VERSION = b"HMFRAMES", 1
_PATIENCE_S = 5.0


class SharedFrames:
    """A mapped ring of frames. Views of its pixels are made once; looking at a frame copies nothing.

    The memory goes when the last view of it does.
    """

    def __init__(self, attach: messages.Attach, planar: bool) -> None:
        """Takes the descriptor from the simulator and maps it. Raises OSError or ValueError."""
        descriptor = _take_descriptor(attach.socket)
        try:
            self._memory = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
        finally:
            os.close(descriptor)
        if len(self._memory) < _HEADER.size:
            raise ValueError("the shared memory has %d bytes, expected a ring" % len(self._memory))
        magic, version, slots, slot_bytes, slots_offset, pixels_offset = _HEADER.unpack_from(self._memory)
        if magic != _MAGIC or version != _VERSION:
            raise ValueError("the shared memory is not a ring of version %d" % _VERSION)
        if slots == 0 or slots_offset + slots * slot_bytes > len(self._memory):
            raise ValueError("the shared memory is smaller than its header says")
        self._marks = [slots_offset + slot * slot_bytes for slot in range(slots)]
        self._views: List[Dict[str, Pixels]] = []
        for mark in self._marks:
            views = {}
            for place in attach.places:
                size = 3 * place.width * place.height
                if pixels_offset + place.offset + size > slot_bytes:
                    raise ValueError("a picture of the shared memory goes beyond its slot")
                flat = np.frombuffer(self._memory, np.uint8, size, mark + pixels_offset + place.offset)
                views[place.camera] = flat.reshape(image_shape(place.width, place.height, planar))
            self._views.append(views)

    def holds(self, shared: messages.SharedFrame) -> bool:
        """Whether the slot has this generation whole."""
        if shared.slot >= len(self._marks) or shared.generation == 0:
            return False
        return bool(_MARK.unpack_from(self._memory, self._marks[shared.slot])[0] == 2 * shared.generation)

    def images(self, shared: messages.SharedFrame) -> Dict[str, Pixels]:
        """By camera. Raises ValueError where the slot holds something else by now."""
        if not self.holds(shared):
            raise ValueError("the pictures are not in the shared memory any more")
        return self._views[shared.slot]


def _take_descriptor(name: str) -> int:
    """Of the memory, from the socket of this name in the abstract namespace."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_PATIENCE_S)
        connection.connect("\0" + name)
        _, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
    if len(descriptors) != 1:
        for descriptor in descriptors:
            os.close(descriptor)
        raise OSError("nothing was handed over")
    return descriptors[0]
