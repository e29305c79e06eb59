"""The rules that a new desk begins with; from then on they are the admins' to change or to delete."""

from typing import Any

from csts.knowledge.rules import RuleAction


def rows() -> list[dict[str, Any]]:
    """As rows of their table, in order."""
    return [{"position": place, "enabled": True, **rule} for place, rule in enumerate(_RULES, 1)]


def _rule(name: str, action: RuleAction, phrases: str, reply: str, *, whole: bool = False) -> dict[str, Any]:
    lines = [line.strip() for line in phrases.strip().splitlines()]
    return {"name": name, "action": action, "phrases": lines, "reply": reply, "whole": whole}


# A person comes first: whoever asks for one gets one, whatever else he wrote.
_RULES = [
    _rule(
        "Talk to a human",
        "handover",
        """
        talk to a human
        speak to a human
        talk to a person
        speak to a person
        talk to a real person
        speak to a real person
        speak with a person
        talk to someone real
        talk to an agent
        speak to an agent
        speak with an agent
        talk to a representative
        speak to a representative
        speak to a manager
        talk to your manager
        i want a person
        i want a human
        i need a human
        i need a real person
        human agent
        live agent
        human please
        agent please
        not a bot
        stop the bot
        mit einem menschen sprechen
        echten menschen
        hablar con una persona
        hablar con un humano
        """,
        "Of course. I am passing you on to a colleague now. Everything that you have written stays here, "
        "so you need not say it twice.",
    ),
    _rule(
        "Ticket status",
        "ticket_status",
        """
        where is my ticket
        wheres my ticket
        status of my ticket
        my ticket status
        ticket status
        what happened to my ticket
        what is happening with my ticket
        whats happening with my ticket
        any news on my ticket
        any update on my ticket
        updates on my ticket
        has anybody seen my ticket
        has anyone looked at my ticket
        is my ticket still open
        when will my ticket be answered
        check my ticket
        """,
        "Here is where your tickets stand:",
    ),
    _rule(
        "Password help",
        "answer",
        """
        forgot my password
        forgot password
        forgotten my password
        forgotten password
        lost my password
        reset my password
        reset password
        password reset
        change my password
        new password
        password does not work
        password doesnt work
        password is not working
        """,
        "Please never send us your password: we do not need it, and nobody here will ask for it. "
        "If you cannot sign in, write which e-mail address you use and what the page says when you try; "
        "a colleague will then help you to set a new one.",
    ),
    _rule(
        "Opening hours",
        "answer",
        """
        opening hours
        when are you open
        are you open
        your office hours
        your business hours
        your working hours
        support hours
        when is support open
        when are you there
        is anybody there at the weekend
        """,
        "You can write to this desk at any time, day and night, and nothing is lost. I answer at once where I can; "
        "our people answer during their working hours, the most urgent tickets first.",
    ),
    _rule(
        "Greeting",
        "answer",
        """
        hi
        hello
        hey
        hiya
        hello there
        hi there
        hey there
        hi team
        hello team
        hi everyone
        good morning
        good afternoon
        good evening
        good day
        greetings
        is anybody there
        anyone there
        how are you
        hallo
        guten morgen
        guten tag
        hola
        buenos dias
        buenas tardes
        """,
        "Hello! What can I do for you? One or two sentences about what happened are enough.",
        whole=True,
    ),
    _rule(
        "Thanks",
        "answer",
        """
        thanks
        thank you
        thank you very much
        thank you so much
        thanks a lot
        many thanks
        thx
        ty
        cheers
        great
        perfect
        ok
        okay
        that helped
        that was it
        that is all
        thats all
        bye
        goodbye
        have a nice day
        danke
        vielen dank
        gracias
        muchas gracias
        """,
        "You are welcome! If anything else comes up, just write here.",
        whole=True,
    ),
]
