"""Whole lines that are for the page's user and say nothing of the policy: what can be done with the
page, what is counted on it, and whether it helped."""

import re

from tracker.text import any_of, has_any, phrases

# Whole lines only: "Print" is a button, "Print advertisements" may be a clause.
_TOOL = re.compile(
    any_of(
        phrases(r"""
    print; print (?:this )?(?:page|version|article)
    printer[- ]friendly(?: version| page)?
    drucken; seite drucken; imprimer; imprimer (?:la|cette) page; imprimir; afdrukken; stampa
    share; share (?:this|on)(?: [\w ]{1,20})?; share (?:page|article)
    teilen; partager; compartir; delen; condividi
    (?:copy|get) (?:the )?link; link kopieren; copier le lien; copiar enlace; copied!?
    link copied!?; (?:go |scroll )?(?:back )?to (?:the )?top(?: of (?:the )?page)?; return to top
    top of page
    (?:zur[üu]ck )?(?:nach oben|zum (?:seiten)?anfang); seitenanfang
    (?:retour )?(?:en )?haut(?: de (?:la )?page)?
    naar boven; terug naar boven; (?:volver )?arriba; torna su
    skip to (?:main )?(?:content|navigation); zum (?:haupt)?inhalt(?: springen)?
    (?:aller|passer) au contenu(?: principal)?; (?:direct )?naar (?:de )?(?:hoofd)?inhoud
    (?:saltar|ir) al contenido(?: principal)?
    was this (?:page|article|information|section)? ?helpful\??
    did (?:this|you find this) [\w ]{0,20}(?:helpful|answer your question)\??
    war (?:dieser|diese) [\w ]{0,20}hilfreich\??; cet article [\w ']{0,20}utile ?\??
    thanks for your feedback!?; \d+ out of \d+ found this helpful
    tweet(?: this)?; pin it; e-?mail this(?: page)?
    expand all; collapse all; (?:show|read|view) (?:more|less); loading(?:\.{3}|…)?
    toggle (?:navigation|menu); sign ?(?:in|up|out); log ?(?:in|out); my account
    anmelden; einloggen; (?:se )?connecter; connexion; inloggen; aanmelden; iniciar sesión
    alle(?:s)? (?:auf|zu)klappen; tout (?:afficher|masquer|d[ée]plier|replier); mehr anzeigen
    voltar ao topo; compartilh(?:ar|e); partilhar; ir para o conteúdo; vai al contenuto
    do góry; wróć na górę; drukuj; udostępnij; przejdź do (?:treści|głównej treści)
    till toppen; til toppen; skriv ut; udskriv; dela; del; hoppa till (?:huvud)?innehåll(?:et)?
    (?:gå|hop|hopp) til (?:hoved)?ind?n?hold(?:et)?; takaisin ylös; tulosta; jaa; siirry sisältöön
    nahoru; tisk; sdílet; přejít k obsahu; vissza a tetejére; nyomtatás; megosztás; înapoi sus
    yukarı(?: çık)?; yazdır; paylaş; içeriğe (?:geç|atla); наверх; вверх; печать; поделиться
    распечатать; перейти к (?:основному )?содержимому
    (?:ページ)?の?(?:トップ|先頭)(?:へ|に)?(?:戻る)?; 印刷(?:する)?
    (?:メイン)?コンテンツ(?:へ|に)(?:スキップ|移動); 本文へ(?:スキップ|移動)?
    [上下]一[篇页頁条][:：]?.{0,40}; (?:返回|回到)顶部; 返回頂部; 打印; 分享; 跳[至到](?:主要)?内容
    맨 ?위로; 상단으로; 인쇄; 공유(?:하기)?; 본문(?:으로)? 바로가기
    العودة إلى الأعلى; طباعة; مشاركة; تخطي إلى المحتوى
    חזרה למעלה; הדפסה; שיתוף; דלגו? לתוכן(?: הראשי)?
    """)
    ),
    re.I,
)

# What ticks from capture to capture: counters, ages, how long the reading takes.
_TICKING = re.compile(
    r"you are (?:the )?(?:visitor|guest)\b.{0,50}"
    r"|(?:visitors|besucher|visiteurs) ?:? ?[\d.,]+.{0,30}"
    r"|(?:views?|hits|page views|zugriffe|aufrufe|visite|visitas"
    r"|浏览|阅读|조회수?) ?[:：]? ?[\d.,]+次?"
    r"|[\d.,]+ (?:views?|hits|aufrufe|vues|visitas|comments?|kommentare?|commentaires?)"
    r"|\d+ ?min(?:ute)?s? read"
    r"|(?:read(?:ing)? time|lese(?:zeit|dauer)|temps de lecture) ?:? .{1,20}"
    r"|(?:(?:last )?(?:updated|modified|edited|published|posted)(?: on)?:? )?"
    r"(?:over |about |almost |more than )?(?:\d+|an?|one)"
    r" (?:second|minute|hour|day|week|month|year)s? ago"
    r"|(?:(?:zuletzt )?aktualisiert |geändert )?vor (?:über |etwa )?(?:\d+|einem|einer)"
    r" (?:sekunde|minute|stunde|tag|woche|monat|jahr)(?:e?n)?"
    r"|(?:mis à jour |modifié )?il y a (?:plus d['’e] ?|environ )?(?:\d+|une?)"
    r" (?:seconde|minute|heure|jour|semaine|mois|an)s?"
    r"|(?:actualizado )?hace (?:más de )?(?:\d+|una?)"
    r" (?:segundo|minuto|hora|día|semana|mes|año)(?:e?s)?",
    re.I,
)
_DIGIT = re.compile(r"\d")
_TIMES = ("ago", "vor ein", "hace un", "il y a", "time", "zeit", "dauer", "temps")
# "Was this article helpful?", in the languages of help centres: it asks, of this page, whether it
# was of use.
_OF_USE = re.compile(
    r"helpful|useful|answer your question|hilfreich|geholfen|utile|útil|ayud[óo]|aiutato|ajudou"
    r"|nuttig|pomocn|przydatn|полез|помог|yardımcı|faydalı|till hjälp|hjälpte|nyttig"
    r"|hyödyllinen|užitečn|hasznos|役に立|参考になり|有帮助|有幫助|도움이|مفيد|ساعد|עזר|מועיל",
    re.I,
)
_OF_THIS = re.compile(
    r"\b(?:this|article|page|diese[rs]?|artikel\w*|beitrag|seite|cet(?:te)?|est[ea]|art[íi]culo"
    r"|página|quest[oa]|artigo|dit|denn[ae]|ten artykuł|stron[ay]|статья|страница|информация"
    r"|makale|bu|tento|článek|ez a)\b|この|记事|本文|此|이 |هذ|זה|המאמר",
    re.I,
)


def names_tool(text: str) -> bool:
    """Whether a line says no more than "Print", "Updated 2 months ago" or "Was this helpful?".

    >>> names_tool("Print"), names_tool("Print advertisements"), names_tool("5 min read")
    (True, False, True)
    >>> names_tool("Cet article vous a-t-il été utile ?"), names_tool("Why are cookies useful?")
    (True, False)
    """
    if _TOOL.fullmatch(text):
        return True
    if (_DIGIT.search(text) or has_any(text.lower(), _TIMES)) and _TICKING.fullmatch(text):
        return True
    asks = text.endswith(("?", "？"))
    return asks and bool(_OF_USE.search(text)) and bool(_OF_THIS.search(text))
