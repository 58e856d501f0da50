"""The command line. One function a command; each imports what it needs, so that help is instant.

Exit status: 0 done, 1 the answer is wrong, 2 the question cannot be used.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from matching import server_commands

OK, WRONG, UNUSABLE = 0, 1, 2
MOST_FAILURES = 50  # shown by verify; one is enough to refuse

FOLDER_HELP = """\
fichiers du dossier (CSV, séparés par ; ou , ou tabulation, en UTF-8 ou Windows-1252 ;
titres dans n’importe quel ordre, en français ou en anglais ; * = obligatoire) :

  offers.csv    offer*, postcode + commune ou lat + lon*, seats*, week, reserved + reserved_for,
                sector, territory, accessible
                Une ligne par offre et par semaine (2027-W05). Semaine vide : n’importe laquelle.
                Plafonds, facultatifs (« au plus ») : at_once (élèves la même semaine sur la
                ligne), most_of_a_school (du même collège, la même semaine sur la ligne),
                offer_total (sur toutes les lignes de l’offre), school_total (du même collège sur
                toute l’offre), host + host_total (sur toutes les lignes de l’accueillant).
                Deux plafonds qui se croisent sont refusés.
  pupils.csv    pupil*, postcode + commune ou lat + lon*, weeks, max_km (20 si vide),
                class_of_service, entitled, school, territory, sectors, needs_access, apart
                Les élèves d’un collège qui ont le même mot dans apart ne sont jamais ensemble.
  wishes.csv    pupil*, offer*, rank* (1 à 5), week                              facultatif
  accepted.csv  pupil*, offer*, week : places déjà données, que rien ne déplace  facultatif
  refused.csv   pupil*, offer* : jamais ensemble                                 facultatif
  travel.csv    pupil*, offer*, km* : remplace la distance calculée, et seules
                ces paires sont alors possibles                                  facultatif

résultats : placements.csv, unplaced.csv et report.json. Le même dossier, la même graine et la
même version donnent les mêmes octets, quel que soit l’ordre des lignes. Une ligne fausse arrête
tout : un message par ligne, rien n’est écrit, code de sortie 2.
"""


@dataclass(frozen=True, slots=True)
class Command:
    """`arguments` declares what the command takes; `run` does it and gives the exit status."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    details: str = ""


def no_arguments(_parser: argparse.ArgumentParser) -> None:
    """For commands that take none."""


def solve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DOSSIER", type=Path, help="les fichiers à lire")
    parser.add_argument(
        "--out", metavar="SORTIE", type=Path, required=True, help="le dossier des résultats"
    )
    parser.add_argument(
        "--policy",
        choices=["fair", "best_total", "cannot_be_gamed"],
        default="fair",
        help="fair (par défaut) : classe de service puis tirage au sort disent qui est placé ; "
        "best_total : le meilleur total le dit ; cannot_be_gamed : changer ses vœux n’aide jamais",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_seed,
        default=0,
        help="graine du tirage au sort, de 0 à 2^64 - 1 (0 par défaut) ; tirez-la et "
        "annoncez-la avant de recueillir les vœux",
    )


def solve(arguments: argparse.Namespace) -> int:
    """Places the pupils of a folder and writes the three result files."""
    from matching.engine.problem import TooLarge
    from matching.spreadsheet.faults import FolderRefused
    from matching.spreadsheet.run import AnswerRefused, place
    from matching.typography import number

    begun = time.perf_counter()
    try:
        outcome = place(
            arguments.folder,
            arguments.out,
            policy=arguments.policy,
            seed=arguments.seed,
            remark=_say,
        )
    except FolderRefused as refused:
        for fault in refused.faults:
            _say(str(fault))
        _say(f"{_count(len(refused.faults), 'erreur')}. Rien n’a été écrit.")
        return UNUSABLE
    except AnswerRefused as refused:
        for failure in refused.failures:
            _say(failure)
        _say("Le contrôle refuse ce résultat : rien n’a été écrit. Signalez-le, c’est un défaut.")
        return WRONG
    except TooLarge as refused:
        needed, most = (number(size / 1e9, 1) for size in refused.args)
        _say(
            f"Il faudrait environ {needed} Go de mémoire ; cette machine peut en donner {most}. "
            "Rien n’a été écrit. Séparez les territoires éloignés, "
            "ou prenez une machine plus grande."
        )
        return UNUSABLE
    except OSError as error:
        _say(f"Écriture impossible dans « {arguments.out} » : {error.strerror or error}.")
        return UNUSABLE
    print(
        f"{_count(outcome.placed, 'élève placé', 'élèves placés')}, {outcome.unplaced} sans place "
        f"({arguments.policy}, graine {arguments.seed}), en {time.perf_counter() - begun:.1f} s."
    )
    print(f"Résultats : {arguments.out}")
    return OK


def verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DOSSIER", type=Path, help="les fichiers lus")
    parser.add_argument("out", metavar="SORTIE", type=Path, help="le dossier des résultats")


def verify(arguments: argparse.Namespace) -> int:
    """Checks the result files of a folder without the solver."""
    from matching.spreadsheet.check import failures
    from matching.spreadsheet.faults import FolderRefused
    from matching.spreadsheet.folder import read_folder

    try:
        folder = read_folder(arguments.folder)
    except FolderRefused as refused:
        for fault in refused.faults:
            _say(str(fault))
        return UNUSABLE
    found = failures(folder, arguments.out)
    for failure in found[:MOST_FAILURES]:
        _say(failure)
    if len(found) > MOST_FAILURES:
        _say(f"… et {len(found) - MOST_FAILURES} de plus.")
    if found:
        _say(f"Résultat refusé : {_count(len(found), 'défaut')}.")
        return WRONG
    print("Résultat exact : toutes les règles sont tenues et la preuve est juste.")
    return OK


COMMANDS = (
    Command(
        "solve",
        "place les élèves d’un dossier de fichiers CSV",
        solve_arguments,
        solve,
        FOLDER_HELP,
    ),
    Command(
        "verify",
        "contrôle un résultat sans refaire le calcul",
        verify_arguments,
        verify,
        "code de sortie : 0 le résultat est juste, 1 il est faux, 2 le dossier est illisible.\n",
    ),
    Command(
        "export",
        "écrit une campagne sous la forme de fichiers CSV, sans aucun nom",
        server_commands.export_arguments,
        server_commands.export,
    ),
    Command("run", "ouvre le site et traite les travaux", no_arguments, server_commands.run),
    Command(
        "worker",
        "traite les travaux, sans le site",
        server_commands.worker_arguments,
        server_commands.worker,
    ),
    Command("migrate", "met la base à jour", no_arguments, server_commands.migrate),
    Command(
        "invite-admin",
        "donne le lien qui ouvre un compte de la fondation, sept jours, une fois",
        server_commands.invite_admin_arguments,
        server_commands.invite_admin,
    ),
    Command(
        "new-year",
        "ouvre une année scolaire : range l’ancienne, relance entreprises et collèges",
        no_arguments,
        server_commands.new_year,
    ),
    Command(
        "refresh-communes",
        "fait suivre les communes fusionnées après une mise à jour de leur liste",
        no_arguments,
        server_commands.refresh_communes,
    ),
    Command(
        "check", "dit ce qui n’est pas sûr dans les réglages", no_arguments, server_commands.check
    ),
    Command(
        "demo",
        "charge la démonstration, ou la remet comme au début",
        server_commands.demo_arguments,
        server_commands.demo,
    ),
    Command("warm", "prépare le calcul, pour le premier essai", no_arguments, server_commands.warm),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; gives its exit status."""
    parser = FrenchParser(prog="letabli", description="L’Établi place les élèves de 3e en stage.")
    commands = parser.add_subparsers(
        metavar="COMMANDE", required=True, title="commandes", parser_class=FrenchParser
    )
    for command in COMMANDS:
        of_command = commands.add_parser(
            command.name, help=command.help, description=command.help, epilog=command.details
        )
        command.arguments(of_command)
        of_command.set_defaults(run=command.run)
    arguments = parser.parse_args(argv)
    status: int = arguments.run(arguments)
    return status


class FrenchParser(argparse.ArgumentParser):
    """argparse, with its own words in French."""

    ERRORS = (
        (r"the following arguments are required: (.*)", r"il manque : \1"),
        (r"unrecognized arguments: (.*)", r"en trop : \1"),
        (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 : \2 n’est pas dans \3"),
        (r"argument (.*): expected one argument", r"\1 : il manque une valeur"),
        (r"argument (.*): (.*)", r"\1 : \2"),
    )

    def __init__(self, **options: object) -> None:
        options.setdefault("formatter_class", FrenchFormatter)
        super().__init__(add_help=False, allow_abbrev=False, **options)  # type: ignore[arg-type]
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def error(self, message: str) -> NoReturn:
        for english, french in self.ERRORS:
            message = re.sub(f"^{english}$", french, message)
        self.print_usage(sys.stderr)
        self.exit(UNUSABLE, f"{self.prog} : {message}.\n")


class FrenchFormatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the line breaks of the details; its one English word in French."""

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, "utilisation : " if prefix is None else prefix)


def _seed(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,20}", text) or int(text) >= 2**64:
        raise argparse.ArgumentTypeError(f"{text!r} n’est pas un nombre entier de 0 à 2^64 - 1")
    return int(text)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number < 2 else several or one + 's'}"
