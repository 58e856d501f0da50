"""Sentences of the school space; ``messages.sentence`` fills and sets them."""

from flask_babel import gettext

from matching.translated import Translated
from matching.web.filters import typo

SCHOOL: Translated[dict[str, str]] = {
    # Registration and settings
    "reach_changed": "Quelqu’un vient de régler cette distance sur %(reach_km)s km. Vérifiez, puis "
    "recommencez.",
    "reach_range": "Écrivez une distance de 1 à %(most)s km.",
    "school_closed": "L’inscription de votre collège n’a pas été acceptée. La page « Mes "
    "classes » dit pourquoi.",
    "school_fixed": "Un coordinateur a déjà répondu : la fiche du collège ne change plus. "
    "Écrivez-lui.",
    "school_registered": "Ce collège est déjà inscrit. Demandez à vos collègues qui l’a fait, ou "
    "vérifiez le code.",
    "uai_departement": "Les trois premiers chiffres ne désignent aucun département. Vérifiez le "
    "code.",
    "uai_elsewhere": "Ce code est celui d’un autre département que votre commune "
    "(%(departement)s). Vérifiez les deux.",
    "uai_format": "Un code UAI compte sept chiffres et une lettre, par exemple 0132572A.",
    "uai_key": "La lettre ne correspond pas aux chiffres : il y a une faute de frappe. Recopiez le "
    "code.",
    "whole_school_only": "Ce réglage vaut pour tout le collège : demandez au chef d’établissement.",
    # Classes
    "class_changed": "Quelqu’un vient de changer cette classe. La voici à jour : vérifiez, puis "
    "recommencez.",
    "class_exists": "La classe « %(name)s » existe déjà.",
    "class_name_length": "Écrivez un nom de 1 à %(most)s signes.",
    "teacher_unknown": "Choisissez une personne de votre collège.",
    # Weeks
    "week_calendar_unknown": "Le calendrier de cette année scolaire n’est pas encore connu ici.",
    "week_format": "Cette semaine n’existe pas. Choisissez-la dans la liste.",
    "week_holiday": "Pas de stage cette semaine : %(why)s.",
    "week_in_use": "%(class_name)s : ce choix mettrait hors des semaines de la classe des stages "
    "déjà proposés ou confirmés (%(pupils)s). Annulez-les d’abord.",
    "week_other_year": "Cette semaine n’est pas dans l’année scolaire en cours.",
    "week_outside_season": "Les stages ont lieu du 1er septembre au 30 juin.",
    "week_past": "Cette semaine a déjà commencé.",
    "week_short": "Un des jours choisis est férié ou en vacances : %(why)s.",
    "weekdays_count": "Choisissez de trois à cinq jours.",
    "weekdays_weekend": "Les stages ont lieu du lundi au vendredi.",
    # Pupils
    "pupil_changed": "Quelqu’un vient de changer cette fiche. La voici à jour : vérifiez, puis "
    "recommencez.",
    "pupil_exists": "Cet élève est déjà inscrit dans votre collège (%(class_name)s).",
    "pupil_has_place": "Cet élève a un stage proposé ou confirmé. Annulez d’abord ce stage.",
    # Pupils kept apart
    "kept_apart_already": "%(name)s est déjà dans un groupe. Défaites d’abord ce groupe, puis "
    "refaites-le avec tous ceux qu’il faut.",
    "kept_apart_two": "Cochez au moins deux élèves.",
    # Cards
    "cards_changed": "Des cartes viennent d’être faites pour une partie de ces élèves. Vérifiez la "
    "liste : en imprimer d’autres rendrait les premières inutilisables.",
    "cards_none": "Cochez au moins un élève.",
    # Wishes
    "wishes_read_changed": "Cet élève a changé ses vœux pendant que vous les lisiez. Les voici à "
    "jour.",
}

FILES: Translated[dict[str, str]] = {
    # The file as a whole
    "file_again": "Choisissez de nouveau le fichier : nous n’en gardons que les colonnes "
    "reconnues, et il faut le relire pour ce changement.",
    "file_empty": "Ce fichier est vide.",
    "file_missing": "Choisissez un fichier.",
    "file_no_headings": "Aucune colonne n’a été reconnue : dites ci-dessous laquelle est laquelle, "
    "ou donnez aux colonnes les noms de notre modèle.",
    "file_no_rows": "Ce fichier n’a que les noms des colonnes : ajoutez une ligne par élève.",
    "file_not_table": "Ce fichier n’est pas un tableau. Depuis votre tableur, enregistrez-le au "
    "format XLSX ou CSV.",
    "file_quotes": "Un guillemet de cette ligne n’est pas fermé, ou se ferme au milieu d’une "
    "case : corrigez-le dans le fichier, puis envoyez-le de nouveau.",
    "file_spreadsheet": "Ce classeur est d’un ancien format, ou protégé par un mot de passe. "
    "Ouvrez-le, puis choisissez « Enregistrer sous » et le format XLSX ou CSV.",
    "file_too_big": "Ce fichier est trop lourd : 2 Mo au plus.",
    "file_too_many_rows": "Ce fichier a plus de 5 000 lignes : ce n’est pas la liste d’un collège. "
    "Gardez seulement les élèves de troisième.",
    "file_workbook_damaged": "Ce classeur est abîmé. Ouvrez-le dans votre tableur, puis "
    "enregistrez-le de nouveau, ou choisissez le format CSV.",
    "file_workbook_heavy": "Ce classeur contient trop de choses pour une liste d’élèves : images, "
    "feuilles, mises en forme. Gardez la liste seule, ou enregistrez-la au format CSV.",
    "import_changed": "La liste du collège a changé depuis cet aperçu. Le voici à jour : "
    "relisez-le avant de confirmer.",
    "import_column_gone": "Nous n’avons rien gardé de la colonne « %(heading)s ». Choisissez de "
    "nouveau le fichier : elle sera lue cette fois.",
    "import_gone": "Cet import est déjà enregistré, annulé ou trop ancien. Rien de plus n’a été "
    "changé.",
    "import_moved": "Des élèves de cet import ont servi depuis que la page est ouverte. La voici à "
    "jour.",
    "import_undone": "Cet import est déjà défait.",
    "import_used": "Tout ce que cet import a fait a servi ou changé depuis : il n’y a rien à "
    "défaire.",
    # Columns, lines and cells: what was expected
    "access_unknown": "Un besoin de la liste : %(expected)s.",
    "age_out_of_range": "Une date de naissance qui donne de 10 à 18 ans.",
    "cell_broken_accent": "Un accent s’est perdu : récrivez ce mot.",
    "cell_empty": "Cette case est obligatoire.",
    "cell_too_long": "Au plus %(expected)s signes.",
    "class_not_yours": "Une de vos classes : vous ne voyez pas celle-ci.",
    "column_missing": "Cette colonne est obligatoire : dites ci-dessous laquelle c’est.",
    "column_twice": "Cette colonne est là deux fois : gardez-en une.",
    "commune_ambiguous": "Plusieurs communes sont possibles (%(expected)s) : vérifiez le nom et le "
    "code postal.",
    "commune_unknown": "Une commune de France, avec son code postal.",
    "date_format": "Une date comme 15/03/2012.",
    "date_impossible": "Une date qui existe.",
    "email_format": "Une adresse électronique complète, comme nom@example.org.",
    "guardian_name_missing": "Le nom du responsable, puisque ses coordonnées sont là.",
    "name_split": "Le nom en majuscules, puis le prénom, comme MARTIN Léa.",
    "name_symbols": "Un nom : des lettres, des espaces, des tirets et des apostrophes.",
    "phone_format": "Un numéro de téléphone, comme 01 23 45 67 89.",
    "postcode_format": "Un code postal de cinq chiffres.",
    "pupil_elsewhere": "Cet élève est inscrit dans une classe que vous ne voyez pas. Demandez au "
    "secrétariat.",
    "pupil_alike": "Un élève de votre liste lui ressemble (%(expected)s). Est-ce le même ?",
    "row_alike": "Cet élève ressemble à celui de la ligne %(other_line)s. Sont-ils deux ?",
    "row_duplicate": "Cet élève est déjà à la ligne %(other_line)s : laissez-en une de côté.",
    "row_example": "C’est la ligne d’exemple de notre modèle : laissez-la de côté.",
    "row_too_long": "Il y a plus de cases que de colonnes sur cette ligne : les siennes sont "
    "peut-être décalées.",
}


def cell_sentence(code: str, expected: str = "", other_line: int | None = None) -> str:
    """What a cell, a column or a file should have been."""
    return typo(gettext(FILES[code]) % {"expected": expected, "other_line": other_line})
