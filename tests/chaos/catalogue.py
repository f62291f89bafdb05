"""The skill map and the role profiles as the recount reads them: plain YAML, looked up one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_CLASS_WEIGHT = {"assessed": 2.0, "observed": 4.0, "credential": 6.0, "exposure": 0.25, "self": 0.25}
_USUAL_HALF_LIFE_DAYS = 335.0


@dataclass(frozen=True, slots=True)
class SkillCatalogue:
    """What `config/skill-map.yaml` and `config/role-profiles.yaml` say."""

    map: Mapping[str, Any]
    profiles: Mapping[str, Any]

    @classmethod
    def load(cls, folder: Path) -> "SkillCatalogue":
        """Read both files of `folder`."""
        texts = (folder / name for name in ("skill-map.yaml", "role-profiles.yaml"))
        return cls(*(yaml.safe_load(text.read_text(encoding="utf-8")) for text in texts))

    def knows(self, activity: str) -> bool:
        """Whether any entry speaks of the activity, however unsure."""
        return bool(self._entries(activity))

    def mappings(self, activity: str) -> list[Mapping[str, Any]]:
        """The entry of each skill that the activity speaks of, the surely mapped ones only."""
        threshold = self.map.get("confidence_threshold", 0.5)
        return [
            entry
            for entry in self._entries(activity).values()
            if entry.get("reviewed") or entry["confidence"] >= threshold
        ]

    def _entries(self, activity: str) -> dict[str, Mapping[str, Any]]:
        """By skill, the most specific entry that fits."""
        fitting = [entry for entry in self.map["mappings"] if _fits(entry["activity"], activity)]
        fitting.sort(key=lambda entry: (not entry["activity"].endswith("*"), len(entry["activity"])))
        return {entry["skill"]: entry for entry in fitting}

    def weight(self, kind: str, mapping: Mapping[str, Any], credential: str) -> int:
        """Weight of an item, in millionths of an observation."""
        sources = self.map.get("sources", {})
        trust: float = sources.get(credential, sources.get("default", 1.0)) * mapping["confidence"]
        return round(1_000_000 * _CLASS_WEIGHT[kind] * trust)

    def half_life_days(self, skill: str) -> float:
        """Half-life of evidence for a skill."""
        known = {entry["id"]: entry.get("half_life_days") for entry in self.map["skills"]}
        return float(known[skill] or _USUAL_HALF_LIFE_DAYS)


def _fits(pattern: str, activity: str) -> bool:
    return activity.startswith(pattern[:-1]) if pattern.endswith("*") else activity == pattern
