"""Push services of browser makers: which ones a browser may name, and how a notice is sealed for its way over them."""

import base64
import re
from typing import cast

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from webpush import WebPush
from webpush.types import WebPushSubscription

from csts.push.models import PushSubscription
from csts.push.schemas import ENDPOINT_CHARS, Subscription

# Of a notice that nobody could be shown: who opens his laptop in the evening hears of the afternoon.
TTL_SECONDS = 4 * 60 * 60
_AUTH_BYTES = 16
# Longer than the order of the curve by 64 bits, so that no key is likelier than another (NIST SP 800-56A, 5.6.1.2.1).
_SEED_BYTES = 40
_ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# No user, no fragment, nothing that two parsers could read in two ways.
_ENDPOINT = re.compile(r"(https?)://([a-z0-9-]+(?:\.[a-z0-9-]+)*)(:[0-9]{1,5})?/[A-Za-z0-9._~/?&=%:+,;@!$'()*-]*")


def is_service(endpoint: str, services: str) -> bool:
    """Whether this address belongs to one of the services: origins apart by spaces, `*.` for whatever stands before.

    The desk sends requests there, so whoever subscribes must not choose freely where to.
    """
    match = _ENDPOINT.fullmatch(endpoint) if len(endpoint) <= ENDPOINT_CHARS else None
    if not match:
        return False
    scheme, host, port = match.groups("")
    return any(_fits(f"{scheme}://", f"{host}{port}", service) for service in services.split())


def _fits(scheme: str, place: str, service: str) -> bool:
    head, joint, wanted = service.partition("://")
    if f"{head}{joint}" != scheme:
        return False
    return place.endswith(wanted[1:]) if wanted.startswith("*.") else place == wanted


def can_be_sealed_for(browser: Subscription) -> bool:
    """Whether these are keys, and an address that everybody reads in the same way."""
    try:
        _readable(browser.endpoint, browser.keys.p256dh, browser.keys.auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(browser.keys.p256dh))
        return len(_bytes(browser.keys.auth)) == _AUTH_BYTES
    except ValueError:
        return False


class Vapid:
    """By which push services know this desk (RFC 8292): a key made of the desk's own, and whom to write to."""

    def __init__(self, key: str, contact: str) -> None:
        derived = HKDF(SHA256(), length=_SEED_BYTES, salt=None, info=b"csts web push").derive(key.encode())
        number = int.from_bytes(derived) % (_ORDER_OF_P256 - 1) + 1
        private = ec.derive_private_key(number, ec.SECP256R1())
        public = private.public_key()
        self._push = WebPush(
            private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            subscriber=contact,
            ttl=TTL_SECONDS,
        )
        self.application_key = self._push.vapid.get_application_server_key(public)

    def seal(self, subscription: PushSubscription, notice: bytes) -> tuple[dict[str, str], bytes]:
        """The headers and the body that bring this to the browser; nobody on the way can read it. Takes 1 ms."""
        sealed = self._push.get(notice, _readable(subscription.endpoint, subscription.p256dh, subscription.auth))
        headers = cast("dict[str, str]", sealed.headers)
        return {**headers, "content-type": "application/octet-stream", "urgency": "high"}, sealed.encrypted


def _readable(endpoint: str, p256dh: str, auth: str) -> WebPushSubscription:
    return WebPushSubscription.model_validate({"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}})


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
