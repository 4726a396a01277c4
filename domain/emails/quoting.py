"""What a person wrote in an answer, without the email that is answered below or between it."""

import re

_INTRO = re.compile(
    r"^(?:on|am|le|el|il|em|op|den|dne|w dniu|pe|ma|ke|tarihinde|в)\b.{4,300}(?:wrote|schrieb|écrit|escribió"
    r"|ha scritto|escreveu|schreef|skrev|kirjoitti|napisał|napsal|yazdı|написал).{0,120}:$"
    r"|^.{4,200}(?:年|월).{2,120}(?:写道|寫道|のメール|작성)\s*[:：]$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"^[-_ ]{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d'origine|message transféré|mensaje original|messaggio originale|mensagem original"
    r"|oorspronkelijk bericht|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|wiadomość oryginalna"
    r"|původní zpráva|исходное сообщение|原始邮件|原始郵件|元のメッセージ|원본 메시지)\s*[-_ ]{2,}$|^_{10,}$",
    re.IGNORECASE,
)
_FROM_LINE = re.compile(
    r"^\*?(?:from|von|de|da|van|från|fra|lähettäjä|od|kimden|от|发件人|寄件者|差出人|보낸 사람)\s?\*?[:：]",
    re.IGNORECASE,
)
_SENT_LINE = re.compile(
    r"^\*?(?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|fecha|inviato|a|oggetto"
    r"|data|assunto|verzonden|aan|onderwerp|skickat|till|ämne|sendt|til|emne|wysłano|do|temat|发送时间|收件人|送信日時|宛先)"
    r"\s?\*?[:：]",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")
_DEVICE = re.compile(
    r"^(?:sent from my|get outlook for|von meinem .{1,40} gesendet|envoyé de mon|enviado desde mi|inviato da(?:l mio)?"
    r"|enviado do meu|verzonden vanaf mijn)\b.{0,60}$",
    re.IGNORECASE,
)
_HTML_QUOTE = re.compile(
    r"<[a-z]+[^<>]{0,300}(?:class=[\"']?(?:gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote)"
    r"|id=[\"']?(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|reply-intro))|<blockquote[^<>]{0,300}cite",
    re.IGNORECASE,
)
LONGEST_HTML = 60_000


def without_quotes(text: str) -> str:
    """The person's own words: up to the quoted email, without quoted lines, signature block and the device's greeting.

    When nothing is left (a bare quote), the whole text.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    own: list[str] = []
    for position, line in enumerate(lines):
        if _SIGNATURE.match(line) and any(own):
            break
        if _begins_quote(lines, position):
            if not _quoted_below(lines, position):
                break
        elif not line.startswith(">") and not _DEVICE.match(line) and not _continues_intro(lines, position):
            own.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(own)).strip() or text.strip()


def own_html(html: str) -> str:
    """The HTML up to the quoted email, as the known mail programs mark it, and never more than LONGEST_HTML."""
    quote = _HTML_QUOTE.search(html, 0, LONGEST_HTML)
    return html[: quote.start()] if quote and quote.start() > 0 else html[:LONGEST_HTML]


def _begins_quote(lines: list[str], position: int) -> bool:
    line = lines[position].strip()[:500]
    if _DIVIDER.match(line) or _INTRO.match(line):
        return True
    # Programs that wrap lines break the introduction into two.
    if position + 1 < len(lines) and lines[position + 1].rstrip().endswith((":", "：")):
        return bool(_INTRO.match(f"{line} {lines[position + 1].strip()[:300]}"))
    if not _FROM_LINE.match(line):
        return False
    return any(_SENT_LINE.match(following.strip()) for following in lines[position + 1 : position + 5])


def _continues_intro(lines: list[str], position: int) -> bool:
    return position > 0 and lines[position].endswith((":", "：")) and _begins_quote(lines, position - 1)


def _quoted_below(lines: list[str], position: int) -> bool:
    """Whether the quote is marked line by line, so that what is not marked is the person's, even below it."""
    following = (line for line in lines[position + 1 :] if line and not line.rstrip().endswith((":", "：")))
    return next(following, "").startswith(">")
