"""Which charset a text in another script than Latin is in: the one that makes common letters.

In any language a few letters make up most of a text. Read in the wrong charset it is as long, but
of rare ones; that tells the charsets of one script apart as well as those of different scripts, in
some hundred bytes.
"""

_RUSSIAN = "оеаинтсрвля"
_GREEK = "αάοόιίεέτσςνηήυύρ"
_JAPANESE = "のにをはがでとしてるいますりれなかられこ、。"
_SIMPLIFIED = "的您我们本不有人在用户个信息网站公司及或和以与为服务提供使条隐私权资料保护规定法，。"
_TRADITIONAL = "的您我們本不有人在用戶個資訊網站公司及或和以與為服務提供使條隱私權料保護規定法，。"
# Charset, its language's common letters, and the share of all letters that they make at least.
_CHARSETS = (
    ("cp932", _JAPANESE, 0.2),
    ("euc_jp", _JAPANESE, 0.2),
    ("gb18030", _SIMPLIFIED, 0.15),
    ("big5hkscs", _TRADITIONAL, 0.15),
    ("cp949", "이다의는에을를은가하고로및한자사보정용개인서비스회원제조수지", 0.25),
    ("cp1251", _RUSSIAN, 0.45),
    ("koi8-r", _RUSSIAN, 0.45),
    ("iso8859-5", _RUSSIAN, 0.45),
    ("cp866", _RUSSIAN, 0.45),
    ("mac-cyrillic", _RUSSIAN, 0.45),
    ("cp1253", _GREEK, 0.5),
    ("iso8859-7", _GREEK, 0.5),
    ("cp1255", "יוהלאתרשמב", 0.5),
    ("cp1256", "اليمنتروبع", 0.5),
    ("iso8859-6", "اليمنتروبع", 0.5),
    ("cp874", "านรอกเงมยลวสท", 0.45),
)
_DAMAGED = 0.02  # share of letters: a text may be cut anywhere, or have a byte changed


def charset_of(words: bytes) -> str:
    """The charset of words with letters beyond ASCII in them; "" where none fits."""
    found = [(_share(words, name, common) / least, name) for name, common, least in _CHARSETS]
    best, name = max(found, key=lambda entry: entry[0])
    return name if best >= 1 else ""


def _share(words: bytes, name: str, common: str) -> float:
    text = words.decode(name, "replace")
    letters = [sign for sign in text if sign > "\x7f"]
    if text.count("\ufffd") > _DAMAGED * len(letters):
        return 0.0
    return sum(map(common.__contains__, letters)) / max(1, len(letters))
