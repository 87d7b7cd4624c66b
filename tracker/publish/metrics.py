"""Figures for Prometheus' node exporter: a text file, replaced whole."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.errors import StoreError


@dataclass(frozen=True, slots=True)
class Metric:
    name: str
    about: str
    values: Mapping[tuple[tuple[str, str], ...], float] = field(default_factory=dict)  # by labels

    @classmethod
    def single(cls, name: str, about: str, value: float) -> "Metric":
        return cls(name, about, {(): value})


def exposition(metrics: Iterable[Metric]) -> str:
    """
    >>> print(exposition([Metric.single("a_b", "What\\nit is.", 3)]), end="")
    # HELP a_b What\\nit is.
    # TYPE a_b gauge
    a_b 3
    """
    return "".join(map(_lines, metrics))


def write(path: Path, metrics: Iterable[Metric]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(exposition(metrics), encoding="utf-8")
        draft.chmod(0o644)  # the exporter is another user
        draft.replace(path)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); mend [run] metrics"
        ) from error


def _lines(metric: Metric) -> str:
    about = metric.about.replace("\\", "\\\\").replace("\n", "\\n")
    lines = [f"# HELP {metric.name} {about}", f"# TYPE {metric.name} gauge"]
    for labels, value in metric.values.items():
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
        name = f"{metric.name}{{{told}}}" if told else metric.name
        lines.append(f"{name} {value:.15g}")
    return "".join(f"{line}\n" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
