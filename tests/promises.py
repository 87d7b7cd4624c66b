"""Pages that make a promise, or another one."""

SAFE = "We do not show personalised advertising."
ADS = "We use your personal data to show personalised advertising."
KEPT = "We keep your personal data for two years."
LONGER = "We keep your personal data for ten years."
PROSE = (
    "This privacy policy explains how we handle the information you give us.",
    "You may write to our data protection officer at the address below at any time.",
    "We protect the information with measures that fit the risk, such as encryption.",
    "If we change this policy we publish the new text on this page.",
)


def page(*sentences, name="Acme"):
    lines = "".join(f"<p>{sentence}</p>" for sentence in (*PROSE, *sentences, *PROSE[::-1]))
    return f"<html><title>{name}</title><h1>{name} privacy policy</h1>{lines}</html>"
