"""What the LMS itself reports in plain verbs: reading, workshops, work observed on the job, certificates."""

from datetime import timedelta
from random import Random

from readystream.dev.generator import verbs
from readystream.dev.generator.catalogue import BASE, BY_SKILL, Activity
from readystream.dev.generator.progress import Progress
from readystream.dev.generator.recorder import Deed, Recorder

PASSES_FOR_CERTIFICATE = 3

_CLOCK_YEARS_AHEAD = 0.02
_DEVICE = f"{BASE}/extensions/device"
_DEVICES = ("desktop", "phone", "tablet")
_OBSERVER = {"objectType": "Agent", "name": "Observer", "mbox": "mailto:observer@example.com"}


def reading(recorder: Recorder, article: Activity, progress: Progress) -> None:
    """Open an article; some go on to a second page of it. A rare device has its clock years ahead."""
    context = {"language": "en-GB", "extensions": {_DEVICE: recorder.rng.choice(_DEVICES)}}
    opened = recorder.say(verbs.VIEWED, article.target, context=context)
    progress.done.add(article.iri)
    if recorder.rng.random() < _CLOCK_YEARS_AHEAD:
        _misdate(recorder.rng, opened)
    elif recorder.rng.random() < 0.5:
        recorder.wait(60, 900)
        recorder.say(verbs.EXPERIENCED, article.target, context=context)


def _misdate(rng: Random, deed: Deed) -> None:
    ahead = deed.at + timedelta(days=rng.randint(500, 900))
    deed.statement["timestamp"] = ahead.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    deed.skewed = True


def workshop(recorder: Recorder, meeting: Activity, progress: Progress) -> None:
    """Attend a workshop; the statement is made at its end."""
    recorder.wait(3000, 7000)
    recorder.say(verbs.ATTENDED, meeting.target, context={"language": "en-GB"})
    progress.done.add(meeting.iri)


def practice(recorder: Recorder, task: Activity, progress: Progress) -> None:
    """Somebody observed the learner at work and rated it."""
    recorder.wait(600, 3000)
    result = {"completion": True, "score": {"scaled": progress.score(recorder.rng)}}
    recorder.say(verbs.COMPLETED, task.target, result, {"instructor": _OBSERVER}, completions=1)
    progress.done.add(task.iri)


def certificate_due(skill: str, progress: Progress) -> bool:
    """Whether enough was passed for a certificate that is not awarded yet."""
    return skill not in progress.certified and progress.passes[skill] >= PASSES_FOR_CERTIFICATE


def award(recorder: Recorder, skill: str, progress: Progress) -> None:
    """Award the certificate of `skill`."""
    recorder.wait(30, 300)
    recorder.say(verbs.EARNED, BY_SKILL[skill].certificate.target)
    progress.certified.add(skill)
