"""What an e-mail address is, in the one form in which it is stored."""

import unicodedata
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field


def normal_email(value: str) -> str:
    """In lower case. Raises ValueError for what is no e-mail address.

    Whether it can be delivered is not asked: signing up must work without a network.
    """
    try:
        # Wide letters are the plain ones: mail servers take them for one mailbox, and so must we (RFC 8264, 5.2.1).
        plain = unicodedata.normalize("NFKC", value.strip())
        # `.test` is let in: it is what people try an installation out with (RFC 2606).
        found = validate_email(plain, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError("Please write an e-mail address, such as ana@example.com.") from error
    # The local part, too: RFC 5321 lets a host tell Ana@ from ana@, but people type both and mean one.
    return found.normalized.lower()


Email = Annotated[str, AfterValidator(normal_email), Field(max_length=254, examples=["ana@example.com"])]
