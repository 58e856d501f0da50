"""Forms of a file of pupils: the file itself, and how it is to be read."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from matching.models.imports import ImportPreview
from matching.models.schools import ClassGroup
from matching.rules.pupils_kept import Choices, KeptFile
from matching.services import imports
from matching.web.forms.base import Form

ENCODINGS = (
    ("utf-8-sig", "UTF-8"),
    ("cp1252", _l("Windows (occidental)")),
    ("utf-16", "UTF-16"),
    ("mac_roman", "Mac"),
    ("cp850", "DOS"),
)
DELIMITERS = (
    (";", _l("point-virgule")),
    (",", _l("virgule")),
    ("\t", _l("tabulation")),
)
TAB = "tab"  # how a form carries it: spaces around a value are taken away


class FileForm(Form):
    """A file of pupils, and their class when the file does not name it."""

    file = FileField(_l("Fichier des élèves"))
    default_class = SelectField(_l("Classe des élèves du fichier"), validate_choice=False)

    def offer(self, classes: Sequence[ClassGroup]) -> None:
        """List the classes that the person sees."""
        self.names = {one.name for one in classes}
        choices = [(name, name) for name in sorted(self.names)]
        self.default_class.choices = [("", _l("Le fichier a une colonne « Classe »")), *choices]

    def content(self) -> bytes | None:
        """The bytes of the file, None when none was chosen."""
        chosen = self.file.data
        if not chosen or not chosen.filename:
            return None
        with chosen.stream as stream:  # a large file waits on the disk: let it go
            content: bytes = stream.read()
        return content

    def class_name(self) -> str | None:
        """The class that was chosen from the list, if any."""
        return self.default_class.data if self.default_class.data in self.names else None


class ColumnsForm(FileForm):
    """How a file was read, for a person to correct; the columns themselves are not fields here."""

    encoding = SelectField(_l("Codage des accents"), choices=ENCODINGS, validate_choice=False)
    delimiter = SelectField(_l("Séparateur des colonnes"), validate_choice=False)
    sheet = SelectField(_l("Feuille du classeur"), validate_choice=False)
    header_line = IntegerField(_l("Ligne des noms de colonnes"), [Optional(), NumberRange(0, 1000)])

    @classmethod
    def of(cls, kept: ImportPreview, classes: Sequence[ClassGroup]) -> "ColumnsForm":
        """The form as the file was read, or as it was just filled in."""
        file = imports.file_of(kept)
        form = cls(
            encoding=file.encoding,
            delimiter=_carried(file.delimiter),
            sheet=file.sheet,
            header_line=file.header_line,
            default_class=kept.default_class or "",
        )
        form.offer(classes)
        form.delimiter.choices = [(_carried(sign), label) for sign, label in DELIMITERS]
        form.sheet.choices = [(name, name) for name in file.sheets]
        return form

    def reads_otherwise(self, file: KeptFile) -> bool:
        """Whether the file itself is needed: not only its columns are named anew."""
        return self.choices(file, ()) != Choices()

    def choices(self, file: KeptFile, keys: tuple[str | None, ...]) -> Choices:
        """What the person changed; what was left as it stood is guessed anew."""
        encoding = self.encoding.data if self.encoding.data in dict(ENCODINGS) else ""
        delimiter = "\t" if self.delimiter.data == TAB else self.delimiter.data
        line = self.header_line.data
        return Choices(
            encoding="" if not file.encoding or encoding == file.encoding else encoding,
            delimiter=""
            if delimiter == file.delimiter or delimiter not in dict(DELIMITERS)
            else delimiter,
            sheet=""
            if self.sheet.data == file.sheet or self.sheet.data not in file.sheets
            else self.sheet.data,
            header_line=None if line in (None, file.header_line) else line,
            keys=() if keys == tuple(one.key for one in file.columns) else keys,
        )


def _carried(delimiter: str) -> str:
    return TAB if delimiter == "\t" else delimiter
