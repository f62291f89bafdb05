"""The skill map: which activity says something about which skill, how surely, and how fast that ages.

A mapping is a claim made by people or by a tool. One below the confidence threshold contributes nothing
until somebody has reviewed it.
"""

from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.config_text import Entry, entries, read_yaml, repeated, texts, validate

SOURCE = "skill map"
DEFAULT_SOURCE = "default"
# Tatel and Ackerman, doi 10.1037/bul0000481: about 335 days for skills in general, 200 for those that live
# from accuracy, 395 for those that live from speed.
DEFAULT_HALF_LIFE_DAYS = 335.0
_CACHED_ACTIVITIES = 65_536

# Which of several attempts at one activity counts.
Attempt = Literal["latest", "first", "best"]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Skill(BaseModel):
    """One skill. `half_life_days`: the age at which evidence for it counts half."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Identifier
    name: str
    half_life_days: float = Field(default=DEFAULT_HALF_LIFE_DAYS, gt=0, allow_inf_nan=False)


class ActivityMapping(BaseModel):
    """An activity, or with a trailing `*` every activity that begins so, and the skill it speaks of.

    `pass_mark` is a scaled score strictly between 0 and 1. `evidence_class` replaces the class that the
    verb gives: a certificate, work that somebody observed, or a self-assessment.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    activity: str = Field(pattern=r"^[^*]+\*?$")
    skill: Identifier
    confidence: Share
    reviewed: bool = False
    pass_mark: float | None = Field(default=None, gt=0, lt=1)
    evidence_class: Literal["credential", "observed", "self"] | None = None


class SkillMap(BaseModel):
    """Skills, mappings and the reliability of sources by credential name; `version` names this edition.

    `attempts` says which of several attempts of a persona at an activity counts, for each class of evidence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1)
    confidence_threshold: Share = 0.5
    attempts: Attempt = "latest"
    sources: dict[str, Share] = Field(default_factory=dict)
    skills: tuple[Skill, ...]
    mappings: tuple[ActivityMapping, ...]

    @cached_property
    def edition(self) -> str:
        """`version` and a digest of everything in it: two maps of one version are told apart."""
        return f"{self.version}@{sha256(self.model_dump_json().encode()).hexdigest()[:12]}"

    def matches(self, activity: str) -> tuple[ActivityMapping, ...]:
        """The mappings of an activity, at most one for a skill: the most specific one, sorted by skill."""
        return self._find(activity)

    @cached_property
    def _find(self) -> Callable[[str], tuple[ActivityMapping, ...]]:
        return lru_cache(_CACHED_ACTIVITIES)(self._search)

    def _search(self, activity: str) -> tuple[ActivityMapping, ...]:
        by_skill = {mapping.skill: mapping for mapping in self._exact.get(activity, ())}
        for prefix, mapping in self._prefixes:
            if activity.startswith(prefix):
                by_skill.setdefault(mapping.skill, mapping)
        return tuple(by_skill[skill] for skill in sorted(by_skill))

    @cached_property
    def _exact(self) -> dict[str, list[ActivityMapping]]:
        by_activity: dict[str, list[ActivityMapping]] = {}
        for mapping in self.mappings:
            by_activity.setdefault(mapping.activity, []).append(mapping)
        return by_activity

    @cached_property
    def _prefixes(self) -> list[tuple[str, ActivityMapping]]:
        """Prefixes with the longest, the most specific, first."""
        found = [(entry.activity[:-1], entry) for entry in self.mappings if entry.activity.endswith("*")]
        return sorted(found, key=lambda entry: -len(entry[0]))

    @cached_property
    def _half_lives(self) -> dict[str, float]:
        return {skill.id: skill.half_life_days for skill in self.skills}

    def contributes(self, mapping: ActivityMapping) -> bool:
        """Whether it counts: sure enough, or approved by somebody."""
        return mapping.reviewed or mapping.confidence >= self.confidence_threshold

    def reliability(self, credential: str) -> float:
        """How far statements that this credential delivers are trusted, 0 to 1."""
        known = self.sources.get(credential)
        return self.sources.get(DEFAULT_SOURCE, 1.0) if known is None else known

    def half_life_days(self, skill: str) -> float:
        """The skill's half-life; the default for one that this edition no longer lists."""
        return self._half_lives.get(skill, DEFAULT_HALF_LIFE_DAYS)


def parse_skill_map(text: str) -> SkillMap:
    """Read a skill map from YAML text. Raises `ConfigError` that names every problem at once."""
    document = read_yaml(text, SOURCE)
    return validate(SkillMap, document, SOURCE, _relations(document))


def _relations(document: Entry) -> Iterator[str]:
    known = texts(entries(document, "skills"), "id")
    mappings = entries(document, "mappings")
    for skill in repeated(known):
        yield f"skills: {skill} is defined more than once"
    for skill in sorted(set(texts(mappings, "skill")) - set(known)):
        yield f"mappings: {skill} is no skill of this map"
    for pair in repeated(f"{entry.get('activity')} to {entry.get('skill')}" for entry in mappings):
        yield f"mappings: {pair} is given more than once"
