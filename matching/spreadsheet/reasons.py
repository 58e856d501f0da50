"""Reasons and broken properties, in French sentences for a coordinator."""

from matching.engine.solution import Reason

WHY_UNPLACED = {
    Reason.NO_SLOT: "Le dossier n’a aucune place.",
    Reason.NO_WEEK: "Aucune place pendant ses semaines.",
    Reason.NO_ACCESS: "Pendant ses semaines, aucune place n’est accessible.",
    Reason.NO_LINK: "Aucune place ouverte pendant ses semaines n’est reliée par la route.",
    Reason.OUT_OF_REACH: "Aucune place ouverte pendant ses semaines n’est à sa portée.",
    Reason.RESERVED_ONLY: "Les places à sa portée sont réservées à d’autres élèves.",
    Reason.REFUSED: "Toutes les offres à sa portée figurent dans refused.csv pour cet élève.",
    Reason.HELD_BY_OTHERS: "Les places à sa portée sont déjà tenues par des élèves acceptés.",
    Reason.CLASS: "Les places à sa portée vont à des élèves d’une classe de service plus haute.",
    Reason.LOTTERY: "Il y a moins de places que d’élèves à sa portée, et le tirage au sort en "
    "a servi d’autres avant.",
    Reason.TOTAL: "Il y a moins de places que d’élèves à sa portée, et d’autres donnent un "
    "meilleur total.",
    Reason.SCHOOL_CAP: "Des places restent à sa portée, mais l’entreprise a déjà autant d’élèves "
    "de son collège qu’elle en prend.",
    Reason.KEPT_APART: "Des places restent à sa portée, mais là où se trouve un élève dont il est "
    "séparé.",
    Reason.HOST_CAP: "Des places restent à sa portée, mais l’entreprise a déjà autant d’élèves "
    "qu’elle en prend, à la fois ou en tout.",
}
