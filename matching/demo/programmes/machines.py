"""Vehicles, machines, electronics and metal."""

from matching.demo.programmes.programme import CLEAN_ROOM, GLOVES_AND_SHOES, ORDINARY, Programme

PROGRAMMES: dict[str, tuple[Programme, ...]] = {
    "aerospace": (
        Programme(
            "Comment on assemble un morceau d’avion",
            "La ligne où l’on assemble des panneaux de fuselage, du perçage à la peinture. Tu "
            "rencontres une ajusteuse, un contrôleur et l’ingénieure qui prépare les plans.",
            "Tu suis une pièce d’un poste à l’autre, tu mesures avec un pied à coulisse, tu poses "
            "des rivets sur une plaque d’essai et tu présentes ce parcours le dernier jour.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "Essayer, mesurer, prouver : le labo d’essais de pièces d’avion",
            "Le laboratoire où l’on chauffe, refroidit et secoue des pièces avant qu’elles ne "
            "volent. Tu découvres les métiers de technicienne d’essais et de dessinateur.",
            "Tu prépares un essai avec un tuteur, tu relèves les mesures, tu traces une courbe et "
            "tu expliques pourquoi la pièce est acceptée ou refusée.",
            ORDINARY,
        ),
    ),
    "automotive": (
        Programme(
            "De la plaque de métal à la portière",
            "Les presses, les robots de soudure et le poste où l’on vérifie chaque portière. Tu "
            "vois comment une équipe se relaie sans arrêter la ligne.",
            "Tu chronomètres un poste, tu compares deux façons de ranger les outils, tu programmes "
            "un petit robot d’apprentissage et tu interroges trois personnes sur leur métier.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "L’atelier des vélos électriques",
            "Le montage d’un vélo, du cadre nu au contrôle final, et le banc où l’on fait tourner "
            "les moteurs pendant des heures.",
            "Tu montes une roue et règles un frein avec une mécanicienne, tu testes une batterie "
            "et tu remplis la fiche de contrôle.",
            GLOVES_AND_SHOES,
        ),
    ),
    "rail": (
        Programme(
            "Remettre un train à neuf",
            "La halle où les voitures sont levées, vidées, réparées et repeintes. Chaudronniers, "
            "électriciennes et peintres y travaillent ensemble.",
            "Tu repères les organes d’une voiture sur un plan, tu câbles une lampe sur une "
            "maquette et tu suis un essai de freinage depuis la cabine, à l’arrêt.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "Les yeux et les oreilles du train",
            "Le bureau où l’on conçoit la signalisation et le simulateur qui sert à la vérifier.",
            "Tu fais circuler un train sur le simulateur, tu provoques une panne et tu cherches "
            "avec l’équipe comment le système l’a vue.",
            ORDINARY,
        ),
    ),
    "ships": (
        Programme(
            "Du plan à la coque",
            "Le traçage, la découpe des tôles et la cale où la coque prend forme. Tu rencontres "
            "une soudeuse, un charpentier de marine et une architecte navale.",
            "Tu lis un plan, tu découpes un gabarit en carton, tu vois souder derrière un écran de "
            "protection et tu calcules pourquoi un bateau flotte.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "L’intérieur d’un bateau",
            "Les menuisiers, tuyauteurs et électriciens qui équipent une cabine témoin avant de "
            "monter à bord.",
            "Tu aides à relever les cotes d’une cabine, tu suis le passage d’un câble et tu "
            "prépares la visite d’un bateau à quai.",
            GLOVES_AND_SHOES,
        ),
    ),
    "machines": (
        Programme(
            "Apprendre un geste à un robot",
            "La cellule où un bras articulé range des pièces, et le bureau où l’on invente les "
            "machines de demain.",
            "Tu fais bouger un petit robot pas à pas, tu écris ta première séquence et tu observes "
            "une mise au point chez les monteuses.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "Naissance d’une machine",
            "Trois étapes d’une même machine : le dessin en 3D, l’usinage des pièces, le montage "
            "et les premiers essais.",
            "Tu modifies une pièce en 3D, tu la vois imprimer, tu la mesures et tu la places sur "
            "la maquette avec le monteur.",
            GLOVES_AND_SHOES,
        ),
    ),
    "electronics": (
        Programme(
            "Fabriquer une carte électronique",
            "La salle propre où des machines posent des composants plus petits qu’un grain de "
            "riz, et les postes où l’on contrôle à la loupe.",
            "Tu soudes un clignotant que tu emportes, tu cherches un défaut au microscope et tu "
            "suis une commande du stock à l’expédition.",
            CLEAN_ROOM,
        ),
        Programme(
            "Des capteurs partout",
            "Le labo où l’on met au point des capteurs de température, de lumière ou de bruit.",
            "Tu branches un capteur, tu relèves la température de l’atelier pendant deux jours et "
            "tu en fais un graphique que tu commentes devant l’équipe.",
            ORDINARY,
        ),
    ),
    "metal": (
        Programme(
            "Le métal en fusion",
            "La coulée vue de la passerelle, le moulage au sable et l’atelier où l’on ébarbe les "
            "pièces refroidies.",
            "Tu réalises un moule en sable, tu pèses et contrôles une pièce, tu rencontres une "
            "fondeuse, un modeleur et la responsable de la sécurité.",
            "Veste, casque à visière, gants et chaussures te sont prêtés. Viens en coton, manches "
            "longues.",
        ),
        Programme(
            "Précis au centième de millimètre",
            "Les tours et fraiseuses numériques, la salle de mesure et le bureau des méthodes.",
            "Tu compares trois instruments de mesure, tu suis l’usinage d’une pièce que tu gardes "
            "et tu remplis sa carte de contrôle.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "Plier, souder, assembler",
            "La découpe au laser, la presse plieuse et les cabines de soudure, puis la peinture.",
            "Tu dessines un support de téléphone, tu le vois découper et plier et tu assistes à "
            "la soudure derrière un écran.",
            GLOVES_AND_SHOES,
        ),
    ),
    "materials": (
        Programme(
            "Le verre, du sable à la vitre",
            "Le four vu de la salle de contrôle, la découpe et l’atelier où l’on assemble les "
            "doubles vitrages.",
            "Tu classes des verres selon leur usage, tu suis une plaque jusqu’au chargement et tu "
            "participes à un essai de résistance.",
            GLOVES_AND_SHOES,
        ),
        Programme(
            "La terre qui devient solide",
            "La préparation des pâtes, le moulage, le séchage et la cuisson des céramiques.",
            "Tu moules un échantillon, tu mesures ce qu’il perd en séchant et tu compares sa "
            "couleur avant et après le four.",
            GLOVES_AND_SHOES,
        ),
    ),
}
