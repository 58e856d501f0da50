"""Names of the demonstration, written by us: nobody in it exists."""

import random


def _words(table: str) -> tuple[str, ...]:
    return tuple(table.split())


# Typical of births in 2012 and 2013.
PUPILS = _words(
    """
    Emma Lola Chloé Inès Léa Manon Jade Louise Zoé Lilou Léna Sarah Maëlys Camille Eva Alice Anna
    Clara Romane Lina Louna Lou Juliette Ambre Lucie Mila Rose Nina Julia Agathe Margaux Mathilde
    Élise Charlotte Lana Capucine Noémie Elsa Maya Célia Victoria Jeanne Yasmine Aya Salomé Assia
    Fatoumata Aïcha Maryam Imane Kenza Nour Safiya Hafsa Aminata Mariam Awa Kadiatou Maïssane
    Shana Naomie Leïla Océane Anaïs Élina Apolline Candice Constance Gabrielle Héloïse Iris Lison
    Nathan Lucas Enzo Léo Louis Gabriel Hugo Jules Raphaël Ethan Mathis Tom Arthur Noah Théo Nolan
    Adam Timéo Maxime Sacha Yanis Clément Antoine Paul Rayan Axel Baptiste Alexandre Mohamed Samuel
    Evan Noé Valentin Aaron Gabin Ibrahim Kylian Robin Thomas Maël Eliott Ilyès Amine Lenny Mathéo
    Nino Malo Simon Liam Esteban Victor Romain Bilal Ismaël Mamadou Ousmane Moussa Amadou Youssef
    Ayoub Zakaria Mehdi Issa Martin Augustin Basile Côme Diego Elias Félix Gaspard Kaïs Léandre
    Marius Naël Oscar Rémi Sofiane Soan Tiago Ulysse Wassim Yaël Zack Thaïs Thibault Tess Linh Minh
    """
)
SURNAMES = _words(
    """
    Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre
    Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent
    Muller Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand
    Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand
    Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière
    Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal
    Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre
    Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert
    Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer
    Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier Ménard
    Maillard Baron Bertin Bailly Hervé Schneider Fernandez Le-Gall Collet Léger Bouvier Julien
    Prévost Millet Perrot Daniel Le-Roux Cousin Germain Breton Besson Langlois Rémy Le-Goff
    Pelletier Lévêque Perrier Leblanc Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob
    Monnier Michaud
    Benali Haddad Benamar Cherif Belkacem Mansouri Bouzid Saidi Amrani Khelifi Brahimi Hamdi Ziani
    Traoré Diallo Coulibaly Diarra Konaté Sissoko Camara Cissé Bah Keita Sow Ndiaye Diop Fofana
    Mendy Kouassi Koné Mbala Ngoma Tshibanda Da-Silva Ferreira Pereira Rodrigues Gomes Lopes Costa
    Nguyen Tran Pham Le-Van Yilmaz Kaya Demir Öztürk Rossi Romano Kowalski Nowak Popescu Ionescu
    Hoarau Grondin Maillot Nativel Técher Dijoux Turpin Sinama Vitry Zitte Lauret
    Singh Rahman Chen Wang Zhang Petrov Haile Tesfaye Andriama Rakoto Rabe Ahamada Saïd-Omar
    Attoumani
    """
)
ADULTS = _words(
    """
    Sophie Nathalie Isabelle Sandrine Céline Stéphanie Valérie Karine Virginie Delphine Aurélie
    Émilie Laëtitia Claire Hélène Marion Élodie Pauline Samira Nadia Fatima Aïssata Mélanie Lucile
    Christophe Stéphane David Nicolas Sébastien Frédéric Laurent Olivier Julien Guillaume Jérôme
    Cédric Arnaud Vincent Mathieu Karim Rachid Mamoudou Thierry Benoît Grégory Damien Franck Yann
    """
)


def surname(source: random.Random) -> str:
    """A surname; its dash stands for a space where the table could not hold one."""
    name = source.choice(SURNAMES)
    return name.replace("Le-", "Le ").replace("Da-", "Da ").replace("Saïd-", "Saïd ")


def pupil(source: random.Random) -> tuple[str, str]:
    """First name and surname of a pupil."""
    return source.choice(PUPILS), surname(source)


def adult(source: random.Random) -> tuple[str, str]:
    """First name and surname of an adult."""
    return source.choice(ADULTS), surname(source)


# What the invented companies are called: a trade and a name that is in no register we know of.
COMPANY_NAMES = _words(
    """
    Carvoisin Belmonde Tréviaux Ostrevan Quinsolas Mirandel Vaubrune Sarcelin Dromeuil Lestivane
    Cormeblanc Aubrevive Fontariol Grisaulne Hautevrine Jolimare Kermélin Lavaudrie Montaubrin
    Nivelane Orgevaux Pralonnier Quercival Ronsevert Soulvanne Tournesac Ulmaroche Valdorcine
    Ventadrou Ymerval Zéphirin Brocéval Chantelauze Dessertine Espinouze Ferragnac Galuchet Herbelac
    Isolande Jarcevin Lombrières Mascarelle Noirétang Oriolan Peyrevive Rochambrune Sauvagerel
    Talvanne Verdureaux Bramefond Coquelane Escaline
    """
)
TRADES = {
    "aerospace": ("Aérostructures", "Avionique"),
    "automotive": ("Équipements automobiles", "Cycles"),
    "rail": ("Ateliers ferroviaires",),
    "ships": ("Chantiers navals",),
    "machines": ("Machines-outils", "Robotique"),
    "electronics": ("Électronique", "Câbles et capteurs"),
    "metal": ("Fonderie", "Mécanique de précision", "Forges"),
    "materials": ("Verrerie", "Céramiques"),
    "chemistry": ("Plasturgie", "Chimie fine"),
    "health": ("Laboratoires", "Dispositifs médicaux"),
    "food": ("Conserverie", "Biscuiterie", "Laiterie"),
    "farming": ("Coopérative",),
    "textile": ("Filature", "Maroquinerie"),
    "wood": ("Menuiserie", "Meubles"),
    "printing": ("Imprimerie", "Cartonnages"),
    "crafts": ("Lutherie", "Jouets"),
    "energy": ("Énergies",),
    "recycling": ("Recyclage", "Eaux"),
    "construction": ("Bâtiment", "Travaux publics"),
    "maintenance": ("Maintenance industrielle",),
    "logistics": ("Transports", "Logistique"),
    "digital": ("Numérique",),
    "research": ("Ingénierie", "Centre d’essais"),
    "trade": ("Négoce",),
    "services": ("Services",),
}
SCHOOL_NAMES = _words(
    """
    des-Tilleuls des-Hirondelles du-Moulin-Neuf de-la-Fontaine des-Quatre-Vents des-Acacias
    du-Grand-Chêne des-Lavandières de-la-Passerelle des-Cerisiers du-Belvédère des-Coquelicots
    de-la-Forge des-Tisserands du-Vieux-Pont des-Alizés de-la-Clairière des-Mésanges du-Canal
    des-Bleuets de-l’Écluse des-Châtaigniers du-Phare des-Noisetiers de-la-Garenne des-Glycines
    du-Parc des-Saules de-la-Colline des-Genêts du-Verger des-Marronniers de-l’Horloge
    des-Peupliers du-Ruisseau des-Libellules de-la-Rotonde des-Amandiers du-Kiosque des-Églantiers
    de-la-Baie des-Filaos du-Bassin-Bleu des-Jonquilles de-la-Halle des-Pommiers du-Levant
    des-Bouleaux de-l’Aqueduc des-Platanes du-Ponant des-Roseaux de-la-Source des-Ormes du-Rempart
    des-Primevères de-la-Lisière des-Cormorans du-Sentier des-Iris de-la-Sablière des-Grillons
    du-Pressoir des-Aulnes
    """
)
STREETS = (
    "rue de l’Exemple", "avenue Imaginaire", "allée des Modèles", "impasse du Brouillon",
    "rue de la Maquette", "chemin de l’Essai", "boulevard de la Fiction", "rue du Prototype",
)  # fmt: skip


def street(source: random.Random) -> str:
    """An address in a street that nobody will find."""
    return f"{source.randint(1, 98)} {source.choice(STREETS)}"
