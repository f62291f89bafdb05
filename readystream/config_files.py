"""Reading the versioned configuration files, validated at start."""

from pathlib import Path

from schemas.errors import ConfigError
from schemas.role_profiles import RoleProfiles, parse_role_profiles
from schemas.skill_map import SkillMap, parse_skill_map


def read_text(path: Path) -> str:
    """The text of a file. Raises `ConfigError` if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(str(path), [error.strerror or str(error)]) from None


def read_skill_map(path: Path) -> SkillMap:
    """The skill map. Raises `ConfigError` that names every problem of the file."""
    return parse_skill_map(read_text(path))


def read_configuration(skill_map_file: Path, role_profiles_file: Path) -> tuple[SkillMap, RoleProfiles]:
    """The skill map and the role profiles. Raises `ConfigError` that names every problem of a file."""
    skill_map = read_skill_map(skill_map_file)
    return skill_map, parse_role_profiles(read_text(role_profiles_file), skill_map)
