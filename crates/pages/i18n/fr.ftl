# L’interface de la visionneuse en français.

skip-to-content = Aller au contenu
home = Accueil
browse = Parcourir
search = Chercher
search-label = Chercher dans le fonds
search-hint = Un titre, un nom, un lieu, un mot d’un texte
language-choice = Langue
collections = Collections
browse-all = Tout parcourir
breadcrumb = Où vous êtes
pager = Pages
previous = Précédente
next = Suivante
page-number = Page { NUMBER($page) }
page-of = Page { NUMBER($page) } sur { NUMBER($pages) }
browse-title = Parcourir le fonds
results-for = Résultats pour « { $query } »
narrow = Affiner
filters = Filtres choisis
filter-remove = Retirer le filtre : { $value }
filters-clear = Retirer tous les filtres
show-all = Tout afficher ({ NUMBER($count) })
did-you-mean = Vouliez-vous dire :
show-fewer = Afficher moins
show-most = Afficher les { NUMBER($count) } plus fréquents
years = Années
year-from = De
year-to = À
years-apply = Appliquer
decade = années { $year }
sort = Trier par
sort-relevance = Pertinence
sort-title = Titre
sort-date = Du plus ancien
sort-date-descending = Du plus récent
results = Résultats
nothing-found = Aucun résultat
nothing-found-help = Essayez moins de mots, des mots plus courts ou une autre graphie d’un nom. Les accents et les majuscules ne comptent pas.
nothing-here = Il n’y a encore rien ici.
contents = Table des matières
pages = Pages
page-previous = Page précédente
page-next = Page suivante
reading = Disposition des pages
reading-single = Une page
reading-spread = Deux pages
reading-scroll = Défilement
pages-overview = Aperçu
page-go = Aller à la page
page-go-do = Aller
page-none = Aucune page ne porte ce numéro.
pages-of = Pages { NUMBER($first) }–{ NUMBER($last) } sur { NUMBER($pages) }
open-image = Ouvrir l’image en grand
text-of-page = Texte de cette page
text-of-item = Texte
table = Tableau
table-cut = Lignes 1–{ NUMBER($shown) } sur { NUMBER($rows) } ; le fichier les contient toutes.
text-loading = Le texte se charge…
text-open = Ouvrir le texte
lines-hint = Les flèches haut et bas vont de ligne en ligne ; Entrée montre la ligne de près.
found-clear = Retirer les marques
transcript = Transcription
captions = Sous-titres
chapters = Chapitres
transcript-find = Chercher dans la transcription
speed = Vitesse
duration = Durée
image-missing = Pas d’image de cet objet
details = Notice
parts = Parties
part-of = Fait partie de
collection = Collection
identifier = Identifiant
date = Date
date-written = tel qu’écrit : { $date }
date-circa = vers { $date }
date-from = à partir de { $date }
date-until = jusqu’à { $date }
date-uncertain = { $date } (?)
date-before-era = { $year } av. J.-C.
date-hijri = { $date } de l’hégire
date-gregorian = { $date }
languages = Langue
rights = Droits
rights-none = Aucune mention de droits.
location = Coordonnées
location-at = { $latitude } { $north }, { $longitude } { $east }
north = N
south = S
east = E
west = O
links = Liens
from-file = Tiré du fichier lui-même
downloads = Télécharger
download-image = Image, { $width } × { $height }
download-text = Texte
size-bytes = { $size } octets
size-kilobytes = { $size } ko
size-megabytes = { $size } Mo
cite = Comment citer
copy = Copier
permanent-link = Lien permanent
iiif-manifest = Manifeste IIIF
not-found-title = Il n’y a rien à cette adresse
not-found-help = L’adresse a peut-être changé, ou il en manque une partie. Cherchez l’objet, ou partez des collections.
failure-title = Cette page n’a pas pu être affichée
failure-offline = Pas de connexion. Réessayez quand elle sera revenue.
failure-status = Le serveur a répondu { $status } au lieu du fichier. C’est peut-être passager.
failure-damaged = Ce qui est arrivé n’est pas ce qui a été publié : le fichier ne correspond pas à son empreinte et n’a pas été utilisé. Il a peut-être été altéré en chemin.
failure-unreadable = Les fichiers du fonds sont dans un format que cette visionneuse ne connaît pas. Rechargez la page ; si cela ne suffit pas, prévenez l’institution.
failure-text = Le texte n’a pas pu être chargé.
failure-start = La visionneuse n’a pas démarré, et cette page en a besoin. Les collections ci-dessous se lisent sans elle.
failure-detail = Détail : { $detail }
try-again = Réessayer
loading = Chargement…
loading-slow = C’est plus long que d’habitude. L’attente continue.
script-needed = Cette page a besoin de JavaScript. Ces collections se lisent sans lui.
footer-note = Publié avec Khizana. Chaque fichier du catalogue est comparé à son empreinte avant usage.
copied-announcement = Copié dans le presse-papiers

items-count = { $count ->
     [one] { NUMBER($count) } objet
    *[other] { NUMBER($count) } objets
}
pages-count = { $count ->
     [one] { NUMBER($count) } page
    *[other] { NUMBER($count) } pages
}
results-count = { $count ->
     [one] { NUMBER($count) } résultat
    *[other] { NUMBER($count) } résultats
}
collections-count = { $count ->
     [one] { NUMBER($count) } collection
    *[other] { NUMBER($count) } collections
}

## Mois du calendrier grégorien

month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre

## Mois du calendrier hégirien

hijri-month-1 = mouharram
hijri-month-2 = safar
hijri-month-3 = rabia al awal
hijri-month-4 = rabia ath-thani
hijri-month-5 = joumada al oula
hijri-month-6 = joumada ath-thania
hijri-month-7 = rajab
hijri-month-8 = chaabane
hijri-month-9 = ramadan
hijri-month-10 = chawwal
hijri-month-11 = dhou al qi‘da
hijri-month-12 = dhou al-hijja

## Champs

field-title = Titre
field-rights_text = Mention des droits
field-creator = Auteur
field-contributor = Contributeur
field-publisher = Éditeur
field-subject = Sujet
field-place = Lieu
field-type = Type
field-description = Description
field-medium = Technique
field-format = Format
field-dimensions = Dimensions
field-source = Source
field-period = Période
field-provenance = Provenance
field-note = Note
field-relation = Relation
field-coverage = Couverture
field-alternative = Autre titre
field-text = Texte
field-kind = Nature du fichier
field-decade = Décennie
field-century = Siècle
field-hijri-decade = Décennie de l’hégire
field-hijri-century = Siècle de l’hégire

## La vue agrandie

zoom-in = Agrandir
zoom-out = Réduire
zoom-whole = Image entière
zoom-turn = Tourner
zoom-mirror = Miroir
zoom-full = Plein écran
zoom-light = Luminosité et contraste
zoom-close = Fermer
zoom-brightness = Luminosité
zoom-contrast = Contraste
zoom-invert = Couleurs inversées
zoom-compare = Comparer
zoom-with = Comparer avec
zoom-nothing = Aucune autre image
zoom-over = L’une sur l’autre
zoom-part = Part visible de l’autre
zoom-scale = { $number } %
length-um = { $number } µm
length-mm = { $number } mm
length-cm = { $number } cm
length-m = { $number } m

## Langues

language-ar = Arabe
language-en = Anglais
language-fr = Français
language-fa = Persan
language-ota = Turc ottoman
language-tr = Turc
language-he = Hébreu
language-syr = Syriaque
language-arc = Araméen
language-zgh = Amazighe standard marocain
language-ber = Berbère
language-kab = Kabyle
language-ku = Kurde
language-ckb = Kurde sorani
language-ur = Ourdou
language-hy = Arménien
language-cop = Copte
language-am = Amharique
language-el = Grec
language-grc = Grec ancien
language-la = Latin
language-es = Espagnol
language-it = Italien
language-de = Allemand
language-und = Inconnue
