"""One learner's path through the catalogue: which activity comes next, told in statements."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from random import Random

from readystream.dev.generator import cmi5, lms, quiz, scorm, video
from readystream.dev.generator.catalogue import BY_SKILL, SUBJECTS, TRACKS, Activity
from readystream.dev.generator.company import Learner, Persona
from readystream.dev.generator.progress import Progress, beginner
from readystream.dev.generator.recorder import Deed, Recorder
from readystream.dev.generator.rhythm import session_starts
from readystream.dev.generator.senders import QUIZ, VIDEO, Sender

_ELECTIVE = 0.12

_SCRIPTS: dict[str, Callable[[Recorder, Activity, Progress], None]] = {
    "cmi5": cmi5.session,
    "library": lms.reading,
    "practice": lms.practice,
    "quiz": quiz.session,
    "scorm": scorm.session,
    "video": video.session,
    "workshops": lms.workshop,
}


def journey(rng: Random, learner: Learner, first: date, last: date) -> Iterator[list[Deed]]:
    """Everything that `learner` does from `first` to `last`, one list for each session."""
    employee = learner.employee
    progress = beginner(rng, employee.pace)
    starts = session_starts(
        rng,
        employee.pace,
        starts=learner.starts,
        first=first,
        last=last,
        utc_offset_min=learner.utc_offset_min,
    )
    for start in starts:
        yield _sitting(rng, learner, start, _next(rng, employee.role, progress), progress)


def _next(rng: Random, role: str, progress: Progress) -> Activity:
    """The first thing of the track that is not done; now and then something else that looks good."""
    if rng.random() < _ELECTIVE:
        return rng.choice(rng.choice(SUBJECTS).activities)
    track = [BY_SKILL[skill] for skill in TRACKS[role]]
    for subject in track:
        for activity in subject.activities:
            if not _finished(activity, progress):
                return activity
    return rng.choice(rng.choice(track).activities)


def _finished(activity: Activity, progress: Progress) -> bool:
    wanted = progress.passed if activity.kind in ("cmi5", "scorm", "quiz") else progress.done
    return activity.iri in wanted


def _sitting(
    rng: Random, learner: Learner, start: datetime, activity: Activity, progress: Progress
) -> list[Deed]:
    persona, sender = _used_for(activity, learner)
    recorder = Recorder(rng, persona, sender, start)
    _SCRIPTS[activity.kind](recorder, activity, progress)
    if not lms.certificate_due(activity.skill, progress):
        return recorder.deeds
    office = Recorder(rng, learner.at_lms, learner.employee.home, recorder.now)
    lms.award(office, activity.skill, progress)
    return recorder.deeds + office.deeds


def _used_for(activity: Activity, learner: Learner) -> tuple[Persona, Sender]:
    """The account and the system through which somebody does `activity`."""
    match activity.kind:
        case "quiz":
            return learner.at_quiz, QUIZ
        case "video":
            return learner.at_video, VIDEO
        case _:
            return learner.at_lms, learner.employee.home
