"""Files of pupils: ours, those of school software, and what they may say."""

import string
from datetime import date

import pytest

from matching.rules.pupils_cells import Guardian
from matching.rules.pupils_columns import HEADINGS, column_of, template_csv
from matching.rules.pupils_file import identity
from tests.rules.pupils_text import OURS, read


def test_a_full_row_of_our_template_is_read() -> None:
    preview = read(
        OURS + "Noël;Zoé;05/03/2012;3A;NOËL;Anne;anne.noel@Example.org;06 39 98 12 34;"
        "Le Goff;Yann;;0692 12 34 56;Oyonnax;1100;lieu calme, Accès sans marche\n"
    )
    assert preview.problems == ()
    assert preview.ignored_columns == ()
    (pupil,) = preview.rows
    assert (pupil.line, pupil.last_name, pupil.first_name) == (2, "Noël", "Zoé")
    assert (pupil.birth_date, pupil.class_name) == (date(2012, 3, 5), "3A")
    assert pupil.guardians == (
        Guardian("NOËL", "Anne", "anne.noel@example.org", "+33639981234"),
        Guardian("Le Goff", "Yann", "", "+262692123456"),
    )
    assert (pupil.commune, pupil.postcode) == ("Oyonnax", "01100")
    assert pupil.access_needs == ("quiet_room", "step_free")


def test_only_four_columns_are_needed() -> None:
    preview = read("classe,NOM,date_de_naissance,PRENOM\n3B,Roux,2012-11-30,Léo\n")
    assert preview.problems == ()
    assert preview.delimiter == ","
    (pupil,) = preview.rows
    assert pupil.identity == ("roux", "leo", date(2012, 11, 30))
    assert pupil.guardians == ()
    assert pupil.postcode == pupil.commune == ""
    assert pupil.access_needs == ()


def test_the_extraction_of_siecle_is_read() -> None:
    preview = read(
        "Nom de famille;Prénom 1;Date de naissance;Division;Nom de famille repr. légal;"
        "Prénom repr. légal;Courriel repr. légal;Nom de famille autre repr. légal;"
        "Prénom autre repr. légal;Courriel autre repr. légal;INE;Sexe\r\n"
        'ROUX;Léo;30/11/2012;="3B";ROUX;Marc;marc@example.org;PETIT;Éva;eva@example.org;'
        "123456789FF;M\r\n",
        "cp1252",
    )
    assert preview.problems == ()
    assert preview.encoding == "cp1252"
    assert preview.ignored_columns == ("INE", "Sexe")
    (pupil,) = preview.rows
    assert pupil.class_name == "3B"
    assert pupil.guardians == (
        Guardian("ROUX", "Marc", "marc@example.org", ""),
        Guardian("PETIT", "Éva", "eva@example.org", ""),
    )
    assert "123456789FF" not in repr(preview)


def test_accents_broken_by_an_export_do_not_hide_the_headings() -> None:
    preview = read("Nom de famille;Pr?nom 1;N?(e) le;Division\nROUX;Leo;30/11/2012;3B\n")
    assert preview.problems == ()
    assert len(preview.rows) == 1


def test_the_list_of_pix_is_read() -> None:
    preview = read(
        '"Identifiant unique*";"Premier prénom*";"Deuxième prénom";"Nom de famille*";'
        '"Nom d\'usage";"Date de naissance (jj/mm/aaaa)*";"Statut*";"Code MEF*";"Division*"\n'
        '"123456789FF";"Léo";"Jean";"Roux";"";"30/11/2012";"ST";"10310019110";"3B"\n',
        "utf-8-sig",
    )
    assert preview.problems == ()
    assert preview.ignored_columns == (
        *("Identifiant unique*", "Deuxième prénom", "Nom d'usage"),
        *("Statut*", "Code MEF*"),
    )
    assert preview.rows[0].identity == ("roux", "leo", date(2012, 11, 30))


def test_the_list_of_pronote_with_one_column_of_names_is_read() -> None:
    preview = read(
        "Élèves\tNé(e) le\tSexe\nDE LA TOUR Jean-Paul\t30/11/2012\tMasculin\n"
        "M’BAREK Zoé Anne\t01/02/2012\tF\n",
        "cp1252",
        default_class="3A",
    )
    assert preview.problems == ()
    assert preview.delimiter == "\t"
    assert [(row.last_name, row.first_name, row.class_name) for row in preview.rows] == [
        ("DE LA TOUR", "Jean-Paul", "3A"),
        ("M’BAREK", "Zoé Anne", "3A"),
    ]


def test_identity_forgets_accents_case_hyphens_and_ligatures() -> None:
    born = date(2012, 11, 30)
    assert identity("D’Œuvre", "Jean-Éric", born) == identity("D'OEUVRE", "jean eric", born)
    assert identity("Roux", "Léo", born) != identity("Roux", "Léa", born)
    assert identity("Mʼba", "Léo", born) == identity("M'BA", "LEO", born)


def test_the_template_without_its_example_takes_pupils() -> None:
    headings = template_csv().decode("utf-8-sig").splitlines()[0]
    assert headings.split(";") == list(HEADINGS.values())
    preview = read(f"{headings}\nRoux;Léo;30/11/2012;3A\n")
    assert preview.problems == ()
    assert preview.ignored_columns == ()
    assert len(preview.rows) == 1


@pytest.mark.parametrize(
    "name", ["O'Neil", "Éloïse-Marie", "d’Ornano", "N. Diaye", "Đặng", "Łukasz"]
)
def test_names_of_the_world_are_names(name: str) -> None:
    preview = read(f"Nom;Prénom;Né le;Classe\n{name};{name};30/11/2012;3A\n")
    assert preview.problems == ()


@pytest.mark.parametrize("text", ["", "non", "Aucun", "-", "néant"])
def test_no_need_may_be_said_in_words(text: str) -> None:
    preview = read(f"Nom;Prénom;Né le;Classe;Besoins d'accès\nRoux;Léo;30/11/2012;3A;{text}\n")
    assert preview.problems == ()
    assert preview.rows[0].access_needs == ()


def test_a_class_in_the_file_wins_over_the_default() -> None:
    text = "Nom;Prénom;Né le;Classe\nRoux;Léo;30/11/2012;3B\nPetit;Éva;30/11/2012;\n"
    assert [row.class_name for row in read(text, default_class="3A").rows] == ["3B", "3A"]


def test_columns_that_we_never_keep_have_no_key() -> None:
    for heading in ("INE", "Sexe", "Adresse", "Adresse E-mail", "Lieu de naissance", "Groupe", ""):
        assert column_of(heading) is None


def test_five_thousand_pupils_are_taken_without_loss() -> None:
    letters = string.ascii_lowercase
    lines = [
        f"Roux{letters[n % 26]}{letters[n // 26 % 26]}{letters[n // 676]};Léo;30/11/2012;3A"
        for n in range(5000)
    ]
    preview = read("Nom;Prénom;Né le;Classe\n" + "\n".join(lines))
    assert preview.problems == ()
    assert len({row.identity for row in preview.rows}) == 5000
