"""What is wrong in a file, said so that a coordinator can mend it: file, line, column, found,
expected."""

from dataclasses import dataclass

SHOWN = 60  # characters of a cell repeated in a message


@dataclass(frozen=True, slots=True)
class Fault:
    """One bad line, or one bad file when `line` is 0. `column` is the heading as it was typed."""

    file: str
    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = self.file
        if self.line:
            where += f", ligne {self.line}"
        if self.column:
            where += f", colonne « {self.column} »"
        found = f"« {shown(self.found)} »" if self.found else "rien"
        return spaced(f"{where} : trouvé {found}, attendu {self.expected}.")


class LineRefused(Exception):  # noqa: N818 - news about the input, as ProblemInvalid
    """Stops the reading of one line at its first fault; the other lines are read all the same."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class FolderRefused(Exception):  # noqa: N818 - same
    """The folder cannot be used. `faults` holds one entry for each bad line, in reading order."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def shown(text: str) -> str:
    """`text` on one line, short, and safe for a terminal."""
    plain = "".join(
        c if c.isprintable() or c in "\u00a0\u202f" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


def spaced(sentence: str) -> str:
    """French spacing: no line ends before a colon or inside quotation marks."""
    return sentence.replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»")
