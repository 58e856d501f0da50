"""The headings of our template, and a file of pupils read on a day."""

from datetime import date

from matching.rules.pupils_file import Preview, read_pupils

TODAY = date(2026, 11, 22)
OURS = (
    "Nom;Prénom;Date de naissance;Classe;Responsable 1 nom;Responsable 1 prénom;"
    "Responsable 1 e-mail;Responsable 1 téléphone;Responsable 2 nom;Responsable 2 prénom;"
    "Responsable 2 e-mail;Responsable 2 téléphone;Commune de résidence;Code postal;"
    "Besoins d’accès\n"
)


def read(text: str, encoding: str = "utf-8", default_class: str | None = None) -> Preview:
    return read_pupils(text.encode(encoding), today=TODAY, default_class=default_class)
