"""How one ticket names another: by its number, which is made of its id."""

import msgspec


class TicketRef(msgspec.Struct, frozen=True):
    """Another ticket of the same customer."""

    id: int
    ticket_no: str

    @classmethod
    def to(cls, ticket_id: int) -> "TicketRef":
        return cls(ticket_id, ticket_no_of(ticket_id))

    def members(self) -> dict[str, int | str]:
        """For what is stored, or told, as JSON of any shape."""
        return {"id": self.id, "ticket_no": self.ticket_no}


def ticket_no_of(ticket_id: int) -> str:
    return f"L1-{ticket_id:06d}"
