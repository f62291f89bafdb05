"""The topology, drawn from the catalogue and the stages themselves: nothing here knows a topic by heart."""

from collections.abc import Iterable

from schemas.topics import CATALOGUE, Topic
from streams.core.person_stage import PersonStage
from streams.core.persona_stage import PersonaStage

_STAGES = (PersonaStage, PersonStage)


def diagram() -> str:
    """The topology as a Mermaid flow chart."""
    lines = ["flowchart LR"]
    lines += [f"  {_node(topic.name)}[/{topic.name}/]" for topic in CATALOGUE]
    lines += [f"  {stage.name}_stage([{stage.name} stage])" for stage in _STAGES]
    lines += [f"  {_process(outside)}([{outside}])" for outside in _outsiders()]
    for topic in CATALOGUE:
        lines += [f"  {source} --> {_node(topic.name)}" for source in _sources(topic)]
        lines += [f"  {_node(topic.name)} --> {target}" for target in _targets(topic)]
    return "\n".join(lines)


def _node(name: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in name)


def _process(name: str) -> str:
    """A process's node, which is another than that of a topic with the same name."""
    return f"{_node(name)}_process"


def _outsiders() -> list[str]:
    names = {name for topic in CATALOGUE for name in (*topic.writers, *topic.readers)}
    return sorted(names - {"worker"})


def _sources(topic: Topic) -> Iterable[str]:
    for writer in topic.writers:
        if writer != "worker":
            yield _process(writer)
        else:
            yield from (f"{stage.name}_stage" for stage in _STAGES if topic in stage.writes)


def _targets(topic: Topic) -> Iterable[str]:
    for reader in topic.readers:
        if reader != "worker":
            yield _process(reader)
        else:
            yield from (f"{stage.name}_stage" for stage in _STAGES if topic.name in stage.topics)
