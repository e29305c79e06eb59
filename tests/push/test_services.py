"""Where notices may be sent to, and that only the browser can read them."""

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from csts.push.models import PushSubscription
from csts.push.schemas import PushKeys, Subscription
from csts.push.services import Vapid, can_be_sealed_for, is_service
from csts.settings import Settings
from tests.support.push_service import Browser, decoded, encoded

pytestmark = pytest.mark.once

SERVICES = str(Settings.model_fields["push_services"].default)
KEY = "a key that only tests know, long enough to sign with"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/dQ8:APA91b-_x=",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAA",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYA%2fZ",
        "https://web.push.apple.com/QGcAb",
    ],
)
def test_services_of_browsers_are_known(endpoint: str) -> None:
    assert is_service(endpoint, SERVICES)
    assert not is_service(endpoint, "")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.test/x",
        "https://evil.test/fcm.googleapis.com/x",
        "https://fcm.googleapis.com@evil.test/x",
        "https://evil.test\\@fcm.googleapis.com/x",
        "https://evil.test#@fcm.googleapis.com/x",
        "https://push.services.mozilla.com/x",
        "https://evilpush.services.mozilla.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com/\r\nX-Evil: 1",
        "https://FCM.googleapis.com/x",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "file:///etc/passwd",
        "",
    ],
)
def test_no_other_address_is_sent_to(endpoint: str) -> None:
    assert not is_service(endpoint, SERVICES)


def test_an_operator_may_name_others() -> None:
    assert is_service("http://127.0.0.1:4711/push", "https://*.example.org http://127.0.0.1:4711")
    assert is_service("https://a.b.example.org/push", "https://*.example.org http://127.0.0.1:4711")
    assert not is_service("https://example.org/push", "https://*.example.org")


def test_keys_that_nothing_can_be_sealed_for_are_refused() -> None:
    browser = Browser("https://push.test/1")
    good = PushKeys(**browser.subscription["keys"])
    assert can_be_sealed_for(Subscription(browser.endpoint, good))
    for wrong in (
        PushKeys(good.p256dh, encoded(b"too short")),
        PushKeys(encoded(b"\4" + b"\1" * 64), good.auth),
        PushKeys("é" * 87, good.auth),
    ):
        assert not can_be_sealed_for(Subscription(browser.endpoint, wrong))
    # A name that one parser takes and another one does not.
    assert not can_be_sealed_for(Subscription("https://xn--a.push.apple.com/x", good))


def test_a_browser_of_the_standard_reads_the_example_of_the_standard() -> None:
    """RFC 8291, Appendix A: what the tests open notices with is right."""
    number = int.from_bytes(decoded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
    browser = Browser(
        "https://push.test/1", ec.derive_private_key(number, ec.SECP256R1()), decoded("BTBZMqHH6r4Tts7J_aSIgg")
    )
    body = decoded(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
        "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.open(body) == b"When I grow up, I want to be a watermelon"


def test_only_the_browser_reads_it_and_its_service_knows_the_desk() -> None:
    browser = Browser("https://push.test/1")
    row = PushSubscription(endpoint=browser.endpoint, **browser.subscription["keys"])
    vapid = Vapid(KEY, "desk@example.org")
    headers, body = vapid.seal(row, b"A card was declined")
    assert browser.open(body) == b"A card was declined"
    assert b"declined" not in body
    assert (headers["content-encoding"], headers["urgency"], headers["ttl"]) == ("aes128gcm", "high", "14400")

    scheme, _, rest = headers["authorization"].partition(" ")
    said = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, said["k"]) == ("vapid", vapid.application_key)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(said["k"]))
    claims = jwt.decode(said["t"], point, algorithms=["ES256"], audience="https://push.test")
    assert claims["sub"] == "mailto:desk@example.org"


def test_the_desk_keeps_its_key_and_another_desk_has_another() -> None:
    assert Vapid(KEY, "a@example.org").application_key == Vapid(KEY, "b@example.org").application_key
    assert Vapid(KEY, "a@example.org").application_key != Vapid(f"{KEY}!", "a@example.org").application_key
