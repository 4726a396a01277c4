"""Phrases by which mail in many languages is recognised, kept by language so that one can be read and amended."""

import re
from collections.abc import Mapping


def any_of(phrases: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern, blind to case, that finds any of the phrases (regular expressions by language)."""
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases.values()), re.IGNORECASE)


# What mail programs put in front of the subject of an automatic answer.
AUTOMATIC_SUBJECT = any_of(
    {
        "en": r"auto(?:matic|mated)?[- ]?(?:reply|response)",
        "de": r"automatische antwort",
        "fr": r"réponse automatique",
        "es": r"respuesta automática",
        "it": r"risposta automatica",
        "pt": r"resposta automática",
        "nl": r"automatisch antwoord",
        "sv": r"autosvar|automatiskt svar",
        "da, no": r"automatisk svar",
        "fi": r"automaattinen vastaus",
        "pl": r"automatyczna odpowiedź",
        "cs": r"automatická odpověď",
        "tr": r"otomatik (?:yanıt|cevap)",
        "ru": r"автоответ|автоматический ответ",
        "ja": r"自動応答|自動返信",
        "zh": r"自动(?:回复|答复)|自動回覆",
        "ko": r"자동 ?(?:회신|응답)",
    }
)

AWAY_SUBJECT = any_of(
    {
        "en": r"out of (?:the )?office|ooo\b|away from (?:my|the) (?:desk|office)",
        "de": r"abwesenheit|abwesenheits(?:notiz|assistent)|nicht im (?:büro|haus)",
        "fr": r"absence du bureau",
        "es": r"fuera de (?:la )?oficina",
        "it": r"fuori (?:sede|ufficio)",
        "pt": r"fora do escritório|ausência",
        "nl": r"afwezig|niet aanwezig",
        "sv": r"frånvaro",
        "da, no": r"fravær|ikke til stede",
        "fi": r"poissa",
        "pl": r"poza biurem|nieobecno",
        "cs": r"mimo kancelář",
        "tr": r"ofis dışında",
        "ru": r"отсутству",
        "ja, zh": r"不在|外出",
        "ko": r"부재중",
    }
)

# Words with which a person's own subject may begin as well.
HOLIDAY_SUBJECT = any_of(
    {
        "en": r"on (?:annual |parental |maternity |sick )?leave|(?:on )?vacation|(?:on )?holiday|absent",
        "de": r"urlaub",
        "fr": r"absent|absence",
        "es, pt": r"ausente",
        "it": r"assente",
    }
)

AWAY_WORDS = any_of(
    {
        "en": r"out of (?:the )?office|away from (?:my|the) (?:desk|office)|on (?:vacation|holidays?)\b"
        r"|on (?:annual |parental |maternity |paternity |sick |my )?leave\b|(?:limited|no) access to (?:my )?e-?mail"
        r"|(?:back|return(?:ing)?) (?:in|to|at) (?:the |my )?office"
        r"|(?:am|be|is) (?:currently )?(?:away|unavailable|travell?ing)",
        "de": r"nicht im (?:büro|haus)|im urlaub|abwesen|außer haus|nicht erreichbar"
        r"|wieder (?:da|erreichbar|im büro|für sie da)",
        "fr": r"absente?s? (?:du|de mon|jusqu)|en congés?|en vacances|de retour le",
        "es": r"fuera de (?:la |mi )?oficina|de vacaciones|estaré ausente",
        "it": r"fuori (?:sede|ufficio)|in ferie|sarò assente",
        "pt": r"fora do escritório|de férias|estarei ausente",
        "nl": r"afwezig|met (?:vakantie|verlof)|niet aanwezig",
        "sv": r"på semester|semester till|inte på kontoret|tjänstledig|föräldraledig",
        "da, no": r"på ferie|ikke på kontoret|fravær",
        "fi": r"lomalla|poissa",
        "pl": r"na urlopie|poza biurem|nieobecn",
        "cs": r"mimo kancelář|na dovolené",
        "tr": r"ofis dışında|izindeyim|tatildeyim",
        "ru": r"отсутству|в отпуске",
        "ja": r"不在|休暇|外出",
        "zh": r"休假|度假",
        "ko": r"부재|휴가",
    }
)

# What a help desk says when something came in.
RECEIPT_WORDS = any_of(
    {
        "en": r"ticket|(?:case|request) (?:number|id\b|#)|(?:have|has been|was) received"
        r"|thank you for (?:contacting|your)|we(?:'ll| will) (?:get back|respond|reply|answer)",
        "de": r"ihre anfrage|eingegangen",
        "fr": r"votre demande|bien reçu",
        "es": r"su solicitud|hemos recibido",
        "it": r"la tua richiesta|abbiamo ricevuto",
        "pt": r"sua solicitação|recebemos",
        "nl": r"uw (?:verzoek|bericht)|ontvangen",
    }
)

LEFT_THE_COMPANY = any_of(
    {
        "en": r"no longer (?:with|working (?:at|for|with)|employed (?:at|by)|part of)"
        r"|(?:has|have) left (?:the )?(?:company|organi[sz]ation|firm)|no longer works",
        "de": r"(?:unternehmen|firma) verlassen|nicht mehr (?:bei|für|im unternehmen)",
        "fr": r"n'est plus|a quitté (?:la société|l'entreprise|notre)|ne travaille plus",
        "es": r"ya no (?:trabaja|forma parte)|ha dejado la empresa",
        "it": r"non lavora più|ha lasciato l'azienda",
        "pt": r"já não trabalha|não trabalha mais|deixou a empresa",
        "nl": r"niet (?:meer|langer) werkzaam|heeft .{0,40}verlaten",
        "sv": r"arbetar inte längre|har slutat",
        "da, no": r"(?:arbejder|jobber) ikke (?:længere|lenger)|er fratrådt|har sluttet",
        "pl": r"nie pracuje już|już nie pracuje",
        "ru": r"больше не работает",
    }
)

UNSUBSCRIBE_REQUEST = any_of(
    {
        "en": r"unsubscribe|remove me|take me off|opt[- ]?out|stop (?:e-?mailing|contacting|writing|sending)"
        r"|do(?: not|n't) (?:e-?mail|contact|write(?: to)?) me",
        "de": r"abmelden|austragen|abbestellen|aus (?:dem|ihrem|eurem) verteiler|keine (?:weiteren )?(?:e-?)?mails",
        "fr": r"désinscri|désabonne|retirez-moi|ne (?:me )?contactez plus",
        "es": r"dar(?:me|se)? de baja|darme de baja|no me (?:escriba|contacte)",
        "it": r"disiscriv|cancella(?:temi|mi|zione)|non (?:scrivermi|contattarmi)",
        "pt": r"descadastr|cancelar (?:a )?(?:inscrição|subscrição)|remova(?:-me| meu)",
        "nl": r"afmelden|uitschrijven",
        "sv": r"avregistrera|avprenumerera",
        "da, no": r"afmeld|meld meg av|avmeld",
        "fi": r"peru(?:uta)? tilaus|poistakaa minut",
        "pl": r"wypisz|rezygnuję z",
        "cs": r"odhlásit|odhlaste",
        "tr": r"abonelikten çık|listeden çıkar",
        "ru": r"отписаться|отпишите|удалите меня",
        "ja": r"配信停止|購読解除",
        "zh": r"退订|取消订阅|退訂",
        "ko": r"수신 ?거부|구독 ?취소",
    }
)

UNDELIVERABLE_SUBJECT = any_of(
    {
        "en": r"undeliver|delivery (?:status notification|has failed|failure|incomplete)|returned (?:mail|to sender)"
        r"|mail delivery|failure notice",
        "de": r"unzustellbar|nicht zugestellt",
        "fr": r"non remis|non distribu|échec de la remise",
        "es": r"no se puede entregar|no entregado",
        "it": r"non recapitabile|mancata consegna",
        "pt": r"não (?:é )?entreg|não foi possível entregar",
        "nl": r"onbestelbaar|niet bezorgd",
        "sv": r"kan inte leverera|olevererbar",
        "da, no": r"ikke leveres|uleverbar|kan ikke levere",
        "fi": r"toimittamaton|ei voi(?:da|tu) toimittaa",
        "pl": r"niedostarczalne|nie dostarczon",
        "cs": r"nedoručiteln",
        "tr": r"iletilemedi|teslim edilemedi",
        "ru": r"недоставлен|не доставлено",
        "ja": r"配信不能|未達",
        "zh": r"無法傳遞|无法送达|退信",
        "ko": r"배달되지",
    }
)
