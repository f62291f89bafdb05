"""Watching a video: initialized, played, paused, seeked, completed, terminated.

Source: the xAPI video profile, section 7. `played-segments` and `progress` are cumulative over a
registration, so somebody who comes back to a half-watched video goes on counting.
"""

from typing import Any

from readystream.dev.generator import verbs
from readystream.dev.generator.catalogue import Activity
from readystream.dev.generator.progress import Progress, Segments
from readystream.dev.generator.recorder import Recorder, iso_duration, new_uuid

_CATEGORY = {"id": "https://w3id.org/xapi/video"}
_EXTENSIONS = "https://w3id.org/xapi/video/extensions"
_THRESHOLD = 0.95
_LEAVES_EARLY = 0.2
_SEEKS_BACK = 0.25


def length_of(video: Activity) -> int:
    """Length in seconds, between 3 and 15 minutes."""
    return 180 + sum(map(ord, video.title)) * 7 % 720


def session(recorder: Recorder, video: Activity, progress: Progress) -> None:
    """One sitting: go on where the last one ended, perhaps leave again before the end."""
    if video.iri in progress.done and video.iri not in progress.watched:
        progress.registrations.pop(video.iri, None)
    registration = progress.registration(recorder.rng, video.iri)
    viewing = _Viewing(recorder, video, registration, progress.watched.setdefault(video.iri, []))
    viewing.begin()
    leaves = recorder.rng.random() < _LEAVES_EARLY
    viewing.watch_until(viewing.length * recorder.rng.uniform(0.3, 0.8) if leaves else viewing.length)
    if viewing.position >= viewing.length:
        viewing.complete()
        progress.done.add(video.iri)
        del progress.watched[video.iri]
    viewing.terminate()


def _flat(segments: Segments) -> str:
    return "[,]".join(f"{begin:g}[.]{end:g}" for begin, end in segments)


def _unique_seconds(segments: Segments) -> float:
    total, reached = 0.0, 0.0
    for begin, end in sorted(segments):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total


class _Viewing:
    """One sitting at a video; `position` is where the play head stands, seconds."""

    def __init__(self, recorder: Recorder, video: Activity, registration: str, segments: Segments) -> None:
        self.recorder = recorder
        self.length = length_of(video)
        self.position = max((end for _, end in segments), default=0.0)
        self._target = video.target
        self._segments = segments
        self._context = {
            "registration": registration,
            "contextActivities": {"category": [_CATEGORY]},
            "extensions": {
                f"{_EXTENSIONS}/session-id": new_uuid(recorder.rng),
                f"{_EXTENSIONS}/length": self.length,
                f"{_EXTENSIONS}/completion-threshold": _THRESHOLD,
            },
        }

    def begin(self) -> None:
        """Open the player."""
        self.recorder.say(verbs.INITIALIZED, self._target, context=self._context)
        self.recorder.wait(1, 15)

    def watch_until(self, end: float) -> None:
        """Play with breaks up to `end` seconds, at times seeking back over something missed."""
        end = round(end, 1)
        while self.position < end:
            stretch = self.recorder.rng.uniform(0.3, 0.9) * self.length
            self._play(min(end, round(self.position + stretch, 1)))
            if self.position < end:
                self.recorder.wait(5, 240)
                if self.recorder.rng.random() < _SEEKS_BACK:
                    self._seek(max(0.0, round(self.position - self.recorder.rng.uniform(10, 60), 1)))

    def complete(self) -> None:
        """Say that enough was seen; the duration is what was played under this registration."""
        played = sum(end - begin for begin, end in self._segments)
        result = {"completion": True, "duration": iso_duration(played), "extensions": self._figures()}
        self.recorder.say(verbs.COMPLETED, self._target, result, self._context, completions=1)
        self.recorder.wait(1, 10)

    def terminate(self) -> None:
        """Close the player."""
        self.recorder.say(verbs.TERMINATED, self._target, {"extensions": self._figures()}, self._context)

    def _play(self, end: float) -> None:
        self.recorder.say(verbs.PLAYED, self._target, _at(self.position), self._context)
        self.recorder.wait(end - self.position, end - self.position)
        self._segments.append((self.position, end))
        self.position = end
        self.recorder.say(verbs.PAUSED, self._target, {"extensions": self._figures()}, self._context)

    def _seek(self, to: float) -> None:
        jump = {f"{_EXTENSIONS}/time-from": self.position, f"{_EXTENSIONS}/time-to": to}
        self.recorder.say(verbs.SEEKED, self._target, {"extensions": jump}, self._context)
        self.position = to

    def _figures(self) -> dict[str, Any]:
        return {
            f"{_EXTENSIONS}/time": self.position,
            f"{_EXTENSIONS}/progress": round(_unique_seconds(self._segments) / self.length, 3),
            f"{_EXTENSIONS}/played-segments": _flat(self._segments),
        }


def _at(position: float) -> dict[str, Any]:
    return {"extensions": {f"{_EXTENSIONS}/time": position}}
