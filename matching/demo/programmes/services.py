"""Energy, building, moving, repairing, computing, and the offices that go with them."""

from matching.demo.programmes.programme import GLOVES_AND_SHOES, ORDINARY, OUTDOORS, Programme

PROGRAMMES: dict[str, tuple[Programme, ...]] = {
    "energy": (
        Programme(
            "D’où vient l’électricité",
            "Une centrale vue de l’intérieur, la salle de conduite et l’équipe qui entretient les "
            "machines pendant l’arrêt.",
            "Tu suis le courant sur un schéma, tu relèves des compteurs avec une technicienne et "
            "tu calcules ce que consomme ta chambre.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "Le soleil et le vent au travail",
            "Le bureau qui choisit l’emplacement des panneaux et l’atelier qui les prépare.",
            "Tu mesures l’ensoleillement d’un toit, tu montes un petit panneau et tu compares sa "
            "production à l’ombre et au soleil.",
            OUTDOORS,
        ),
    ),
    "recycling": (
        Programme(
            "La seconde vie des choses",
            "Le tri vu de la passerelle, les presses à balles et l’atelier de réparation.",
            "Tu tries un échantillon, tu pèses chaque matière et tu enquêtes sur ce que devient "
            "une bouteille.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "L’eau, de la rivière au robinet",
            "L’usine qui rend l’eau potable, son laboratoire et l’équipe qui cherche les fuites.",
            "Tu analyses trois eaux, tu écoutes une canalisation et tu lis un plan de réseau.",
            OUTDOORS,
        ),
    ),
    "construction": (
        Programme(
            "Un chantier, semaine après semaine",
            "Un bâtiment en cours, depuis les zones ouvertes aux visiteurs, et le bureau qui "
            "prépare les travaux.",
            "Tu lis un plan, tu relèves des niveaux avec une géomètre et tu tiens le journal du "
            "chantier en photos.",
            OUTDOORS,
        ),
        Programme(
            "Maisons à assembler",
            "L’atelier où les murs en bois sont montés à l’abri avant de partir sur le chantier.",
            "Tu assembles une maquette de mur, tu choisis un isolant et tu calcules la chaleur "
            "qu’il garde.",
            GLOVES_AND_SHOES,
        ),
    ),
    "maintenance": (
        Programme(
            "Trouver la panne",
            "L’atelier où l’on démonte, répare et remonte pompes et moteurs, et les tournées chez "
            "les clients.",
            "Tu démontes une petite pompe, tu cherches la panne avec une méthode et tu écris la "
            "fiche de réparation.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "Réparer plutôt que jeter",
            "Le banc où l’on rend la vie aux ordinateurs et aux téléphones.",
            "Tu ouvres un ordinateur, tu reconnais ses pièces, tu remplaces une mémoire et tu "
            "vérifies que tout redémarre.",
            ORDINARY,
        ),
    ),
    "logistics": (
        Programme(
            "Le voyage d’un colis",
            "Les quais, les rayonnages et la salle où l’on prépare les tournées.",
            "Tu prépares une commande avec un lecteur de codes, tu organises une tournée sur la "
            "carte et tu compares son coût avec celui du train.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "Conduire une flotte",
            "Le bureau des plannings, l’atelier des camions et le simulateur d’écoconduite.",
            "Tu proposes un planning, tu essaies le simulateur et tu contrôles un camion à l’arrêt "
            "avec le mécanicien.",
            GLOVES_AND_SHOES,
        ),
    ),
    "digital": (
        Programme(
            "Dans les coulisses d’une application",
            "Une équipe qui conçoit, dessine, code et teste un outil utilisé dans les usines.",
            "Tu interroges une utilisatrice, tu dessines un écran, tu modifies quelques lignes de "
            "code et tu chasses un défaut.",
            ORDINARY,
        ),
        Programme(
            "Les gardiens du réseau",
            "La salle des serveurs, l’atelier de fibre optique et l’équipe qui surveille les "
            "attaques.",
            "Tu raccordes une fibre d’essai, tu suis une alerte d’exercice et tu vérifies la force "
            "d’un mot de passe.",
            ORDINARY,
        ),
    ),
    "research": (
        Programme(
            "De l’idée au prototype",
            "Le bureau d’études, l’atelier des prototypes et le banc d’essais.",
            "Tu participes à une séance d’idées, tu imprimes une pièce en 3D, tu la casses pour "
            "mesurer sa force et tu racontes l’essai.",
            ORDINARY,
        ),
        Programme(
            "Mesurer pour comprendre",
            "Les laboratoires où l’on teste le bruit, la chaleur et la solidité de matériaux.",
            "Tu prépares un échantillon, tu relèves des mesures, tu les compares et tu apprends à "
            "dire ce qui est sûr et ce qui ne l’est pas.",
            ORDINARY,
        ),
    ),
    "trade": (
        Programme(
            "Acheter, stocker, vendre",
            "L’accueil des clients, le magasin de pièces et le bureau des achats.",
            "Tu compares deux fournisseurs, tu prépares une vitrine et tu suis une commande du "
            "devis à la facture.",
            ORDINARY,
        ),
    ),
    "services": (
        Programme(
            "Une organisation vue de l’intérieur",
            "L’accueil, les ressources humaines, la comptabilité et la communication.",
            "Tu passes une demi-journée dans chaque bureau, tu prépares une interview et tu en "
            "fais un article pour le journal interne.",
            ORDINARY,
        ),
        Programme(
            "Les métiers qui servent l’industrie",
            "Une équipe qui forme, nourrit, nettoie, protège et conseille les usines voisines.",
            "Tu accompagnes trois personnes dans leur journée et tu compares ce qu’elles aiment "
            "dans leur métier.",
            ORDINARY,
        ),
    ),
}

ANYWHERE: tuple[Programme, ...] = (
    Programme(
        "Le bureau d’études, côté coulisses",
        "Les personnes qui dessinent ce que l’atelier fabriquera, et la réunion où l’on décide.",
        "Tu redessines une pièce en 3D, tu la compares à la vraie et tu notes ce que chacun "
        "apporte au projet.",
        ORDINARY,
    ),
    Programme(
        "La qualité, ou l’art de vérifier",
        "La salle de mesure, les audits et les réunions où l’on comprend un défaut.",
        "Tu choisis l’instrument qui convient, tu contrôles dix pièces et tu proposes une idée "
        "pour éviter un défaut.",
        GLOVES_AND_SHOES,
    ),
    Programme(
        "L’atelier et les bureaux : six métiers en une semaine",
        "Chaque jour un service différent : production, maintenance, achats, qualité, sécurité, "
        "ressources humaines.",
        "Tu tiens un carnet de métiers, tu poses les mêmes cinq questions à six personnes et tu "
        "présentes celui qui te surprend.",
        GLOVES_AND_SHOES,
    ),
    Programme(
        "La sécurité, c’est mon métier",
        "L’accueil sécurité, les exercices d’évacuation et l’équipe qui améliore les postes.",
        "Tu fais le tour de l’atelier avec une liste de points à voir, tu repères les bons gestes "
        "et tu dessines une affiche.",
        GLOVES_AND_SHOES,
    ),
)
