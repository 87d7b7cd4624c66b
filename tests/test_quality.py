import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import NOON, SHARED, document, needs_shared

from tracker import normalize
from tracker.model import Document, Snapshot
from tracker.quality import judge

URL = "http://www.larkphone.example/legal/privacy"
CLAUSES = (
    "We collect your name, your address and the numbers you call to provide the service.",
    "We keep traffic data for six months and then delete or anonymise it.",
    "We do not sell personal data to third parties and never share it for advertising.",
    "You have the right to see, correct and erase your data; write to privacy@larkphone.example.",
    "Cookies keep you logged in; you may refuse them in your browser at any time you like.",
)
TOPICS = "billing roaming voicemail numbers porting support surveys fraud emergency faxes".split()
POLICY = document(
    "# Privacy policy",
    *CLAUSES,
    *(
        line
        for topic in TOPICS
        for line in (
            f"## What {topic} means for you",
            f"For {topic} we collect what the law asks of us and nothing more than that.",
            f"We retain what {topic} needs for a year, with your consent, and then delete it.",
            f"Third parties that help us with {topic} may not use it for anything of their own.",
        )
    ),
)
RAW = "".join(
    f"<h2>{block.text}</h2>" if block.kind == "heading" else f"<p>{block.text}</p>"
    for block in POLICY.blocks
).encode()


def snapshot(url=URL, **facts):
    return Snapshot("lark/privacy", url, NOON, "0" * 64, "urn:uuid:0", "text/html", **facts)


def kind(seen, *, body=b"", previous=None, **facts):
    incident = judge(snapshot(**facts), seen, body=body, previous=previous)
    return incident.kind if incident else None


def test_a_policy_is_fine():
    assert judge(snapshot(), POLICY, body=RAW, previous=POLICY) is None


def test_an_incident_names_policy_capture_cause_and_remedy():
    incident = judge(snapshot(status=503), document("Sorry"))
    assert (incident.policy, incident.captured_at, incident.url) == ("lark/privacy", NOON, URL)
    assert incident.cause == "archived with status 503"
    assert incident.remedy == "a neighbouring capture is used instead"


WALLS = {
    "bot-wall": (
        ("Just a moment...", "Enable JavaScript and cookies to continue"),
        ("# Attention Required! | Cloudflare", "Please complete the security check to proceed."),
        ("# Access Denied", "You don't have permission to access this resource on this server."),
        ("Please verify you are a human", "Press and hold the button."),
        ("# Pardon Our Interruption", "Something about your browser made us think you are a bot."),
        ("Our systems have detected unusual traffic from your computer network.",),
        ("larkphone.example", "Please enable JS and disable any ad blocker"),
        ("# Human Verification", "Solve the puzzle to go on."),
        ("# Before you continue to Lark", "Choose which cookies we may set."),
        ("Why have I been blocked?", "Cloudflare Ray ID: 51f3a0b2c8d9e7f6"),
        ("# Toegang geweigerd", "U heeft geen rechten om deze pagina te bekijken."),
        ("# Zugriff verweigert", "Ihre Anfrage wurde abgelehnt."),
        ("# Vérification de sécurité", "Veuillez patienter quelques secondes."),
        ("# Acceso denegado", "No tiene permiso."),
    ),
    "soft-404": (
        ("# 404", "The page you requested has moved or never was.", "- Home", "- Contact"),
        ("# Page not found", "Try the search box, or go back to the home page."),
        ("# Oops!", "We looked everywhere but that page is gone."),
        ("The document does not exist.",),
        ("# Pagina niet gevonden", "Ga terug naar de startpagina of gebruik het menu."),
        ("# Seite nicht gefunden", "Bitte prüfen Sie die Adresse."),
        ("# Page introuvable", "Retournez à l'accueil."),
        ("# Página no encontrada", "Vuelva al inicio."),
    ),
    "error-page": (
        ("# Internal Server Error", "The server met a condition that it did not expect."),
        ("# Service Temporarily Unavailable", "Please try again later."),
        ("Error establishing a database connection",),
        ("# Lark Phone is down for maintenance", "We will be back tomorrow morning."),
        ("# Wartungsarbeiten", "Wir sind bald zurück."),
    ),
    "blocked": (("Sorry.", "This URL has been excluded from the Wayback Machine."),),
    "unplayable": (
        ("Loading...", "Got an HTTP 302 response at crawl time", "Redirecting to..."),
        ("Hrm.", "The Wayback Machine has not archived that URL."),
    ),
    "parked": (
        ("larkphone.example", "This domain is for sale. Make an offer today."),
        ("# Related searches", "- Cheap calls", "- Mobile phones", "- Credit cards"),
        ("# Account suspended", "Contact your hosting provider for more information."),
        ("# Welcome to nginx!", "If you see this page, the web server is installed."),
        ("Deze domein is te koop", "Doe een bod."),
        ("Diese Domain steht zum Verkauf", "Jetzt anfragen"),
        ("# Under construction", "We will be back shortly with a brand new site."),
    ),
    "login": (
        ("# Sign in", "E-mail", "Password", "Forgot password?"),
        ("# Log in to your account", "- User name", "- Password"),
        ("# Inloggen", "Gebruikersnaam", "Wachtwoord vergeten?"),
        ("# Anmelden", "Benutzername", "Passwort vergessen?"),
        ("# Connexion", "Identifiant", "Mot de passe oublié ?"),
        ("# Iniciar sesión", "Usuario"),
    ),
    "empty": ((), ("Home", "Products", "Contact")),
}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(lines, kind, id=f"{kind}: {(lines or ('nothing',))[0]}")
        for kind, samples in WALLS.items()
        for lines in samples
    ],
)
def test_walls(lines, expected):
    assert kind(document(*lines)) == expected


REAL = {
    "three sentences": (
        "# Privacy",
        "We do not collect personal data on this site and set no cookies.",
    ),
    "one sentence": ("We do not collect any personal data.",),
    "Dutch": ("# Privacy", "Wij verwerken geen persoonsgegevens en plaatsen geen cookies."),
    "speaks of logins": (
        "# Privacy policy",
        "We keep the time at which you log in or sign in with another service as personal data.",
        "If you have forgotten your password, we use your e-mail address with your consent.",
        "You have the right to ask for access to personal information at any time you wish.",
        "We will disclose it to third parties only where the law obliges us to do so, never else.",
    ),
    "speaks of captchas and errors": (
        "# Privacy policy",
        "To tell whether you are a human we use a captcha; it sends personal data to its maker.",
        "If the page you requested is not found (error 404), we collect the address you typed.",
        "Access denied messages are kept with your IP address, with your consent, for a week.",
        "You have the right to object, and we will then delete the personal data without delay.",
    ),
    "long, with a login in its menu": (
        "Inloggen",
        *(block.text for block in POLICY.blocks),
    ),
}


@pytest.mark.parametrize("lines", REAL.values(), ids=REAL)
def test_real_texts(lines):
    assert kind(document(*lines)) is None


def test_the_html_title_of_a_wall_counts_though_the_page_talks_of_cookies():
    cookies = document(
        "We use cookies with your consent to improve our service and your rights. " * 5
    )
    assert kind(cookies) is None
    assert kind(cookies, body=b"<title>404 Not Found</title>") == "soft-404"
    assert kind(POLICY, body=b"<title>404 ways to protect your privacy</title>") is None


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
def test_error_status(status):
    assert kind(POLICY, status=status) == "error-page"


@pytest.mark.parametrize("status", [200, 203, 206])
def test_good_status(status):
    assert kind(POLICY, status=status) is None


HOME = document("# Lark Phone", *["Call all your friends for less, every day of the week."] * 9)


@pytest.mark.parametrize(
    ("asked", "got", "expected"),
    [
        (URL, "http://www.larkphone.example/", "home-redirect"),
        (URL, "https://www.larkphone.example", "home-redirect"),
        (URL, "https://www.larkphone.example/en/", "home-redirect"),
        (URL, "https://www.larkphone.example/nl/index.html", "home-redirect"),
        (URL, "https://other.example/", "home-redirect"),
        (URL, "https://www.larkphone.example/account/login?next=/legal/privacy", "login"),
        (URL, "https://www.larkphone.example/privacy-policy", None),
        ("http://larkphone.example/", "http://www.larkphone.example/", None),
        (URL, "http://www.larkphone.example/?p=12", None),
        (URL, "http://[broken", None),
    ],
)
def test_redirects(asked, got, expected):
    assert kind(HOME, url=got, asked_url=asked) == expected
    assert kind(HOME, url=got, via=(asked, got)) == expected


def test_a_policy_that_lives_on_the_home_page_is_fine():
    assert kind(POLICY, url="http://www.larkphone.example/", asked_url=URL) is None


SHELL = (
    b"<!doctype html><html><head><title>Lark</title></head><body><noscript>You need to enable"
    b" JavaScript to run this app.</noscript><div id=root></div><script src=a.js></script></body>"
)


def test_a_page_that_a_script_fills_is_a_shell():
    nothing = Document("", (), problem="no text in the page")
    assert kind(nothing, body=SHELL) == "shell"
    assert kind(document("Loading the application"), body=SHELL) == "shell"
    assert kind(POLICY, body=SHELL) is None


def test_what_cannot_be_read_says_why():
    scanned = Document("", (), problem="a scanned PDF: no text layer")
    assert judge(snapshot(), scanned, body=b"%PDF-1.4").cause == "a scanned PDF: no text layer"
    assert kind(scanned, body=b"%PDF-1.4") == "unreadable"
    assert kind(Document("", (), problem="no text"), body=b"<html></html>") == "empty"


DUTCH = dataclasses.replace(POLICY, language="nl")


def test_another_language_than_before():
    assert kind(DUTCH, previous=POLICY) == "other-language"
    assert kind(DUTCH, previous=DUTCH) is None
    assert kind(DUTCH) is None
    assert kind(dataclasses.replace(DUTCH, language=""), previous=POLICY) is None


def test_sentences_that_are_still_in_the_page_were_not_deleted():
    little = document("# Privacy policy", *CLAUSES)
    assert kind(little, body=RAW, previous=POLICY) == "extraction-break"
    assert kind(little, body=little.text.encode(), previous=POLICY) is None
    cause = "76 of 586 words came out, but 100% of the old sentences are still in the page"
    assert judge(snapshot(), little, body=RAW, previous=POLICY).cause == cause


def test_a_short_policy_breaks_as_a_long_one_does():
    short = document("# Privacy policy", *CLAUSES)
    raw = b"<script>var text = '%b'</script>" % " ".join(CLAUSES).encode()
    assert short.words < 100
    assert kind(document("# Privacy policy", CLAUSES[0]), body=raw, previous=short) == (
        "extraction-break"
    )


def test_entities_and_inline_tags_do_not_hide_a_sentence():
    raw = RAW.replace(b"personal data", b"personal&nbsp;<b>data</b>")
    assert kind(document(*CLAUSES), body=raw, previous=POLICY) == "extraction-break"


def test_headings_that_are_all_lost():
    flat = document(*(block.text for block in POLICY.blocks))
    assert kind(flat, body=RAW, previous=POLICY) == "extraction-break"
    without = b"".join(
        b"<p>%b</p>" % block.text.encode() for block in flat.blocks if "What" not in block.text
    )
    assert kind(flat, body=without, previous=POLICY) is None


def test_every_incident_says_what_to_do():
    for kinds, samples in WALLS.items():
        incident = judge(snapshot(), document(*samples[0]))
        assert incident.kind == kinds
        assert len(incident.remedy) > 20


@needs_shared
def test_real_policies_are_fine_alone_and_after_one_another():
    paths = sorted(p for part in ("seeds", "captures") for p in (SHARED / part).iterdir())
    bodies = [path.read_bytes() for path in paths if path.suffix in (".txt", ".html")]
    documents = [normalize(body) for body in bodies]
    for seen, body in zip(documents, bodies, strict=True):
        same = (d for d in documents if d.language == seen.language)
        assert {kind(seen, body=body, previous=d) for d in (None, *same)} == {None}


lines = st.lists(st.text(max_size=80), max_size=20)


@given(lines, st.binary(max_size=300), st.integers(0, 999), st.text(max_size=30), lines)
def test_never_raises(seen, body, status, url, before):
    judge(
        snapshot(url=url, status=status, asked_url=URL),
        document(*seen),
        body=body,
        previous=document(*before * 10),
    )
