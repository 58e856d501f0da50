"""What is eaten, worn, read, lived in, or keeps us well."""

from matching.demo.programmes.programme import (
    CLEAN_ROOM,
    GLOVES_AND_SHOES,
    ORDINARY,
    OUTDOORS,
    Programme,
)

PROGRAMMES: dict[str, tuple[Programme, ...]] = {
    "chemistry": (
        Programme(
            "Des granulés à l’objet",
            "Les presses qui injectent le plastique, l’atelier des moules et le coin où l’on broie "
            "les rebuts pour les réutiliser.",
            "Tu changes la couleur d’une série avec la régleuse, tu pèses les pièces, tu traques "
            "un défaut et tu calcules combien de matière est recyclée.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "Dans la blouse d’une chimiste",
            "Le laboratoire de formulation et la salle de contrôle d’où l’on pilote les mélanges.",
            "Tu prépares une crème sans danger en suivant une recette, tu mesures son acidité et "
            "tu lis les symboles de sécurité avec la responsable.",
            "Blouse, gants et lunettes te sont prêtés. Viens en pantalon long, cheveux attachés.",
        ),
    ),
    "health": (
        Programme(
            "Du comprimé à la boîte",
            "Les zones propres vues des couloirs vitrés, le laboratoire de contrôle et la ligne "
            "qui remplit les boîtes.",
            "Tu t’habilles comme en zone propre, tu pèses des comprimés d’essai et tu suis le "
            "numéro d’un lot de l’arrivée des poudres au camion.",
            CLEAN_ROOM,
        ),
        Programme(
            "Fabriquer ce qui répare",
            "L’atelier des prothèses et des fauteuils, entre impression 3D, couture et réglages.",
            "Tu prends des mesures sur un mannequin, tu modifies une pièce en 3D et tu écoutes une "
            "utilisatrice raconter ce qu’elle attend.",
            ORDINARY,
        ),
    ),
    "food": (
        Programme(
            "Une journée à la biscuiterie",
            "Le pétrissage, le four long de quarante mètres, l’emballage et le laboratoire de "
            "goût.",
            "Tu pèses une recette d’essai, tu notes la couleur et le croquant à l’aveugle et tu "
            "suis une palette jusqu’au quai.",
            CLEAN_ROOM,
        ),
        Programme(
            "Du champ au bocal",
            "L’arrivée des légumes, le lavage, la cuisson et la salle où l’on vérifie que chaque "
            "bocal est bien fermé.",
            "Tu contrôles une livraison, tu remplis une fiche de nettoyage et tu compares deux "
            "étiquettes avec la responsable qualité.",
            CLEAN_ROOM,
        ),
        Programme(
            "Le lait dans tous ses états",
            "La réception des citernes, les cuves, l’affinage et l’atelier d’emballage.",
            "Tu mesures la température et l’acidité du lait, tu moules un fromage d’essai et tu "
            "retraces son chemin depuis la ferme.",
            CLEAN_ROOM,
        ),
    ),
    "farming": (
        Programme(
            "Une coopérative au fil des saisons",
            "Les silos, le tri des graines et le bureau où l’on conseille les agriculteurs.",
            "Tu analyses un échantillon de blé, tu observes une parcelle avec une technicienne "
            "et tu dessines le trajet d’un grain.",
            OUTDOORS,
        ),
        Programme(
            "La forêt, de la graine à la planche",
            "La pépinière, une parcelle en éclaircie et la scierie voisine.",
            "Tu mesures la hauteur d’un arbre, tu comptes ses cernes et tu suis une grume jusqu’au "
            "sciage, derrière la vitre.",
            OUTDOORS,
        ),
    ),
    "textile": (
        Programme(
            "Du fil au vêtement",
            "Le tissage, la teinture et l’atelier où l’on coupe et coud de petites séries.",
            "Tu choisis un tissu au toucher, tu traces un patron, tu couds une pochette et tu "
            "compares deux finitions.",
            ORDINARY,
        ),
        Programme(
            "Le cuir et la main",
            "La coupe, la piqûre et le montage d’un sac, avec des artisanes qui forment des "
            "apprentis toute l’année.",
            "Tu apprends à reconnaître une belle peau, tu perces et couds un porte-clés et tu "
            "suis le contrôle d’un sac terminé.",
            ORDINARY,
        ),
    ),
    "wood": (
        Programme(
            "Du tronc au meuble",
            "Le débit du bois, l’atelier numérique, le montage et le vernis.",
            "Tu ponces et assembles une petite boîte, tu lis un plan de meuble et tu vois régler "
            "une machine avant la série.",
            "Lunettes, casque antibruit et chaussures te sont prêtés. Viens en pantalon long.",
        ),
        Programme(
            "Fenêtres et escaliers sur mesure",
            "Le relevé chez le client, le dessin, l’atelier et le départ pour la pose.",
            "Tu prends les mesures d’une fenêtre, tu les reportes sur un plan et tu aides à "
            "préparer une livraison.",
            GLOVES_AND_SHOES,
        ),
    ),
    "printing": (
        Programme(
            "Un livre sort de presse",
            "La mise en page, les presses, le pliage et la reliure d’un vrai livre.",
            "Tu composes une affiche, tu règles les couleurs avec un conducteur et tu repars avec "
            "un carnet que tu as relié.",
            ORDINARY,
        ),
        Programme(
            "La boîte parfaite",
            "Le bureau qui dessine des emballages et l’atelier qui les découpe dans du carton "
            "recyclé.",
            "Tu inventes une boîte pour un objet fragile, tu la découpes sur la table traçante et "
            "tu la fais tomber pour la tester.",
            GLOVES_AND_SHOES,
        ),
    ),
    "crafts": (
        Programme(
            "La naissance d’un jouet",
            "Le dessin, le prototype, les essais de sécurité et l’atelier de montage.",
            "Tu testes un jouet avec la grille des normes, tu proposes une amélioration et tu "
            "construis un prototype en carton.",
            ORDINARY,
        ),
        Programme(
            "Un instrument entre les mains",
            "L’établi où l’on façonne, colle, vernit et accorde guitares et violons.",
            "Tu écoutes la différence entre deux bois, tu ponces une pièce d’essai et tu aides à "
            "poser des cordes.",
            ORDINARY,
        ),
    ),
}
