"""Role profiles: what a role asks of the people who fill it."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field, field_validator

from schemas.config_text import Entry, entries, read_yaml, repeated, texts, validate
from schemas.skill_map import Identifier, SkillMap

SOURCE = "role profiles"
# The level of somebody about whom nothing is known: a role cannot ask for less than that.
PRIOR_LEVEL = 25.0


class Requirement(BaseModel):
    """One skill of a role: the level it asks for, how much it matters, whether nothing makes up for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    skill: Identifier
    required: float = Field(gt=PRIOR_LEVEL, le=100)
    weight: float = Field(gt=0, allow_inf_nan=False)
    critical: bool = False


class RoleProfile(BaseModel):
    """One role and its requirements, at least one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Identifier
    name: str
    skills: tuple[Requirement, ...]

    @field_validator("skills")
    @classmethod
    def _asks_for_something(cls, skills: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
        if not skills:
            raise ValueError("a role asks for at least one skill")
        return skills


class RoleProfiles(BaseModel):
    """All roles; `version` names this edition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1)
    roles: tuple[RoleProfile, ...]


def parse_role_profiles(text: str, skill_map: SkillMap) -> RoleProfiles:
    """Read role profiles from YAML text, against the skills of a map.

    Raises `ConfigError` that names every problem at once.
    """
    document = read_yaml(text, SOURCE)
    return validate(RoleProfiles, document, SOURCE, _relations(document, skill_map))


def _relations(document: Entry, skill_map: SkillMap) -> Iterator[str]:
    known = {skill.id for skill in skill_map.skills}
    roles = entries(document, "roles")
    for role in repeated(texts(roles, "id")):
        yield f"roles: {role} is defined more than once"
    for role_entry in roles:
        asked = texts(entries(role_entry, "skills"), "skill")
        name = role_entry.get("id")
        yield from (f"role {name}: {skill} is asked for more than once" for skill in repeated(asked))
        yield from (f"role {name}: {skill} is no skill of the map" for skill in sorted(set(asked) - known))
