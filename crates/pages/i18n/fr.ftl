# Textes de l’interface en français.

skip-to-content = Aller au contenu
home = Accueil
browse = Parcourir
search = Rechercher
search-label = Rechercher dans les archives
search-hint = Nom, lieu, mot
language-choice = Langue
collections = Collections
browse-all = Parcourir tous les objets
sections = Sections de la collection
all-items = Tous les objets
breadcrumb = Fil d’Ariane
pager = Pagination
previous = Précédent
next = Suivant
neighbours = Objet précédent et objet suivant
page-number = Page { NUMBER($page) }
read-part = Lire page { $pages }
part-pages = p. { $pages }
page-of = Page { NUMBER($page) } sur { NUMBER($pages) }
browse-title = Parcourir les archives
results-for = Résultats pour « { $query } »
filter-items = Filtrer les objets
filters = Filtres actifs
filter-remove = Supprimer le filtre : { $value }
filters-clear = Supprimer tous les filtres
show-all = Tout afficher ({ NUMBER($count) })
did-you-mean = Vouliez-vous dire :
show-fewer = Afficher moins
show-most = Afficher les { NUMBER($count) } plus courants
years = Années
year-from = De
year-to = À
years-apply = Appliquer
year-first = Première année
year-last = Dernière année
years-narrow = Limiter à ces années
decade = années { $year }
sort-by = Tri : { $order }
sort-relevance = Pertinence
sort-title = Titre
sort-date = Plus anciens d’abord
sort-date-descending = Plus récents d’abord
results = Résultats
layout-choice = Affichage
layout-shelf = Étagère
layout-list = Liste
layout-table = Tableau
nothing-found = Aucun résultat
nothing-found-help = Essayez moins de mots, des mots plus courts ou une autre graphie d’un nom. Les accents et les majuscules sont ignorés.
offers = Vouliez-vous l’une de ces recherches ?
offer-spelling = autre orthographe
offer-fewer = sans « { $word } »
offer-unfiltered = sans filtre
offer-languages = La même recherche en :
search-needs-script = La recherche, la combinaison de filtres et les pages suivantes des résultats nécessitent JavaScript. Sans lui, les menus mènent aux premiers objets ayant une valeur, et tous les objets se trouvent dans les collections :
search-not-started = La visionneuse n’a pas pu démarrer, et la recherche ne fonctionne pas sans elle. Tous les objets se trouvent dans les collections :
no-items = Il n’y a pas encore d’objets.
contents = Table des matières
pages = Pages
page-previous = Page précédente
page-next = Page suivante
reading = Disposition des pages
reading-single = Page simple
reading-spread = Double page
reading-scroll = Défilement continu
pages-overview = Toutes les pages
page-go = Aller à la page
page-go-do = OK
page-none = Aucune page ne porte ce numéro.
pages-of = Pages { NUMBER($first) }–{ NUMBER($last) } sur { NUMBER($pages) }
open-image = Voir en taille réelle
text-of-page = Texte de la page
text-of-item = Texte
table = Tableau
table-cut = Lignes 1–{ NUMBER($shown) } sur { NUMBER($rows) }. Le fichier contient toutes les lignes.
text-loading = Chargement du texte…
text-open = Voir le texte
lines-hint = Utilisez les flèches haut et bas pour passer d’une ligne à l’autre. Appuyez sur Entrée pour agrandir la ligne.
found-clear = Effacer le surlignage
transcript = Transcription
captions = Sous-titres
chapters = Chapitres
transcript-find = Rechercher dans la transcription
speed = Vitesse de lecture
duration = Durée
image-missing = Aucune image disponible
remote-image = Affichée depuis { $host }
details = Notice
parts = Parties
part-of = Fait partie de
related = Objets apparentés
same-creator = Même auteur :
same-place = Même lieu :
same-subject = Même sujet :
same-field = { $field } :
collection = Collection
identifier = Identifiant
date = Date
date-written = dans la source : { $date }
date-circa = vers { $date }
date-from = à partir de { $date }
date-until = jusqu’à { $date }
date-from-circa = à partir d’environ { $date }
date-until-circa = jusque vers { $date }
date-uncertain = { $date } (?)
date-before-era = { $year } av. J.-C.
date-hijri = { $date } de l’hégire
date-gregorian = { $date }
date-converted = { $date } (calendrier grégorien, converti)
date-converted-days = { $date } (calendrier grégorien, converti, ± 2 jours)
languages = Langue
rights = Droits
no-rights = Aucune information sur les droits n’est disponible.
location = Coordonnées
map-of = Carte : { $place }
location-at = { $latitude } { $north }, { $longitude } { $east }
north = N
south = S
east = E
west = O
links = Liens
embedded-metadata = Métadonnées du fichier
downloads = Téléchargements
download-image = Image, { $width } × { $height }
download-text = Texte
size-bytes = { $size } octets
size-kilobytes = { $size } ko
size-megabytes = { $size } Mo
cite = Citer cet objet
copy = Copier la référence
permanent-link = Lien permanent
iiif-manifest = Manifeste IIIF
not-found-title = Page introuvable
not-found-help = L’adresse est peut-être erronée, ou la page a été déplacée. Recherchez l’objet ou partez des collections.
offline-title = Pas de connexion
offline-help = Cette page n’a pas encore été ouverte : elle ne peut pas être lue sans connexion. Celles-ci peuvent l’être :
failure-title = Cette page n’a pas pu être chargée
failure-offline = Pas de connexion. Vérifiez votre connexion à Internet et réessayez.
failure-status = Le serveur a renvoyé l’erreur { $status }. Réessayez dans quelques minutes.
failure-damaged = Un fichier ne correspond pas à son empreinte publiée et n’a pas été utilisé. Il a peut-être été endommagé pendant le transfert.
failure-unreadable = Cette version de la visionneuse ne peut pas lire les fichiers des archives. Rechargez la page. Si le problème persiste, contactez l’institution.
failure-image = L’image n’a pas pu être chargée.
failure-text = Le texte n’a pas pu être chargé.
failure-start = La visionneuse n’a pas pu démarrer, et cette page ne fonctionne pas sans elle. Vous pouvez parcourir les collections ci-dessous.
failure-detail = Détails : { $detail }
try-again = Réessayer
loading = Chargement…
loading-slow = Le chargement est plus long que d’habitude.
script-needed = Cette page nécessite JavaScript. Vous pouvez parcourir ces collections sans JavaScript.
footer-note = Publié avec Khizana. L’empreinte de chaque fichier du catalogue est vérifiée avant utilisation.
footer = Liens du site
tools = Outils
enlarge = Agrandir
share = Partager
cite-short = Citer
download = Télécharger
copy-link = Copier le lien
embed-copy = Copier le code d’intégration
share-with = Envoyer…
other-languages = Dans d’autres langues
copied = Copié dans le presse-papiers

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
field-pages = Pages
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
field-kind = Type de fichier
field-decade = Décennie
field-century = Siècle
field-hijri-decade = Décennie de l’hégire
field-hijri-century = Siècle de l’hégire

## Visionneuse d’images

zoom-in = Zoom avant
zoom-out = Zoom arrière
zoom-fit = Ajuster à l’écran
zoom-rotate = Pivoter
zoom-flip = Retourner horizontalement
zoom-full-screen = Plein écran
zoom-light = Luminosité et contraste
zoom-cite = Copier une référence à ce détail
zoom-close = Fermer
zoom-brightness = Luminosité
zoom-contrast = Contraste
zoom-invert = Inverser les couleurs
zoom-compare = Comparer
zoom-compare-hint = Choisissez une seconde image : une autre page, un document lié, ou une image que vous avez agrandie auparavant. Pour ajouter une image à la liste, agrandissez-la sur sa page.
zoom-with = Comparer avec
zoom-compare-none = Aucune
zoom-over = Superposer
zoom-part = Opacité de la superposition
zoom-scale = { $number } %
length-um = { $number } µm
length-mm = { $number } mm
length-cm = { $number } cm
length-m = { $number } m

## Citations

cite-and = et
cite-others = et al.
cite-in = Dans
cite-no-date = s. d.
cite-accessed = Consulté le { $date }
cite-retrieved = Consulté le { $date }, à l’adresse
cite-online = En ligne
cite-available = Disponible à l’adresse :
cite-detail = détail
cite-page = p. { $page }
cite-pages = p. { $pages }
cite-volume = vol. { $number }
cite-issue = nᵒ { $number }
cite-styles = Autres styles et formats
cite-formats = Pour les logiciels bibliographiques
kind-artwork = Œuvre d’art
kind-dataset = Jeu de données
kind-film = Film
kind-image = Image
kind-interview = Entretien
kind-letter = Lettre
kind-manuscript = Manuscrit
kind-map = Carte
kind-object = Objet
kind-photograph = Photographie
kind-postcard = Carte postale
kind-poster = Affiche
kind-score = Partition
kind-sound = Enregistrement sonore
kind-speech = Discours
kind-thesis = Thèse
kind-video = Enregistrement vidéo

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
language-ber = Langues berbères
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

# The institution
menu = Menu
partners = En coopération avec
descriptions-license = Licence des descriptions :
contact = Contact :
page-in-other-language = Cette page n’est pas disponible en français. Elle est affichée dans une autre langue : { $language }.
featured = Documents choisis
