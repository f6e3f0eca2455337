"""The words that a full stop does not part from the next word, for `sentences`.

Compared letter by letter, capitals included. English, and the Russian ones of the same use.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Titles and lead-ins: the sentence goes on after them.
LEAD_INS = _words(
    "Adm Art Capt Cmdr Col Cpt Dr Fig Ft Gen Gov Hon Lt Maj Messrs Mlle Mme Mr Mrs Ms Mt No Nos Pres Prof "
    "Rep Rev Sec Sen Sgt St al approx ca cf e.g i.e p pp viz vs г д им проф р ст стр тов ул"
)

# Of these, the ones that are abbreviations only with a number after them.
BEFORE_A_DIGIT = _words("No Nos p pp Art Sec Fig")

# Abbreviations that may also end a sentence: the sentence goes on unless an opener follows.
MAY_END = _words(
    "Apr Aug Bros Co Corp D.C Dec E.U Feb Fri Inc Jan Jr Jul Jun Ltd Mar Mon Nov Oct Sat Sep Sept Sr Sun Thu "
    "Tue U.A.E U.K U.N U.S U.S.A Wed a.m dept est etc p.m гг др т.д т.п"
)

# Words that usually open a sentence.
OPENERS = _words(
    "A After All Also Although An And As At Because Before Both But By Each Earlier Even Every For From "
    "He Her Here His How However I If In It Its Later Many Meanwhile More Most My No Nobody Nor Not Now Of "
    "On Or Our She Since So Some Still That The Their Then There These They This Those Though To We What "
    "When Where Whether Which While Who Why With Without Yet You"
)
