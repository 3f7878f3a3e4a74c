"""One-time codes, recovery codes, and doing without neither."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from commonlight.web.accounts.commands import reset_second_factor
from commonlight.web.accounts.second_factor import has_second_factor
from commonlight.web.eventlog.models import Event

PASSWORD = "a long enough passphrase"
SECRET = "JBSWY3DPEHPK3PXP"


def code_now(secret=SECRET, shift=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift))


def password_step(email="coordinator@example.org"):
    client = Client()
    answer = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client, answer


def confirm(client):
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


@pytest.fixture
def with_app(people):
    TOTP.activate(people["coordinator"], SECRET)
    RecoveryCodes.activate(people["coordinator"])
    return people["coordinator"]


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_with_a_real_code_after_the_password_once_more(people):
    client, _ = password_step()
    confirm(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = page.split('<code class="long-code">')[1].split("<")[0]
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "There is a problem" in wrong.content.decode()
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    assert answer.status_code == 302
    assert Authenticator.objects.filter(user=people["coordinator"], type="totp").exists()
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert codes.count("<li><code>") == 10
    assert Event.objects.filter(action="person.second-factor-add", chain="lakeside").exists()
    assert "authenticator app" in mail.outbox[0].body.lower()
    assert secret not in mail.outbox[0].body


def test_setting_up_asks_for_the_password_when_sign_in_was_long_ago(people, client_of):
    answer = client_of("partner").get("/accounts/2fa/totp/activate/")
    assert answer.status_code == 302
    assert "/reauthenticate/" in answer["Location"]


def test_the_password_alone_does_not_sign_in(with_app):
    client, answer = password_step()
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/me/").status_code == 302
    page = client.get("/accounts/2fa/authenticate/").content.decode()
    assert 'autocomplete="one-time-code"' in page


def test_a_pasted_code_with_blanks_signs_in(with_app):
    client, _ = password_step()
    code = code_now()
    client.post("/accounts/2fa/authenticate/", {"code": f" {code[:3]} {code[3:]} "})
    assert client.get("/me/").status_code == 200


def test_a_code_works_once(with_app):
    code = code_now()
    first, _ = password_step()
    first.post("/accounts/2fa/authenticate/", {"code": code})
    second, _ = password_step()
    answer = second.post("/accounts/2fa/authenticate/", {"code": code})
    assert "There is a problem" in answer.content.decode()
    assert second.get("/me/").status_code == 302


def test_an_old_code_is_refused_and_kept(with_app):
    client, _ = password_step()
    client.post("/accounts/2fa/authenticate/", {"code": code_now(shift=-10)})
    assert client.get("/me/").status_code == 302
    assert Event.objects.filter(action="person.code-failed", actor_id=with_app.pk).exists()


def test_codes_cannot_be_guessed_at_will(with_app):
    client, _ = password_step()
    for _ in range(12):
        answer = client.post("/accounts/2fa/authenticate/", {"code": "111111"})
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert client.get("/me/").status_code == 302
    assert "There is a problem" in answer.content.decode()


def test_a_recovery_code_signs_in_once(with_app):
    wrapped = Authenticator.objects.get(user=with_app, type="recovery_codes").wrap()
    code = wrapped.get_unused_codes()[0]
    client, _ = password_step()
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.get("/me/").status_code == 200
    again, _ = password_step()
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert again.get("/me/").status_code == 302


def test_the_app_is_turned_off_and_that_is_kept(with_app):
    client, _ = password_step()
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    confirm(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=with_app, type="totp").exists()
    assert Event.objects.filter(action="person.second-factor-remove").exists()


def test_a_workspace_that_asks_for_it_is_closed_without(people, city, client_of):
    city.workspace.second_factor_roles = ["coordinator", "analyst"]
    city.workspace.save()
    for role in ("coordinator", "analyst"):
        answer = client_of(role).get("/w/lakeside/", follow=True)
        assert answer.redirect_chain[-1][0] == "/accounts/2fa/"
        assert "asks your role for a second factor" in answer.content.decode()
    assert client_of("partner").get("/w/lakeside/").status_code == 200
    assert client_of("stranger").get("/w/lakeside/").status_code == 404


def test_it_opens_with_one(with_app, city):
    city.workspace.second_factor_roles = ["coordinator"]
    city.workspace.save()
    client, _ = password_step()
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert client.get("/w/lakeside/").status_code == 200


def test_single_sign_on_counts_only_where_the_operator_says_so(people, rf, settings):
    request = rf.get("/")
    request.user = people["partner"]
    request.session = {
        "account_authentication_methods": [{"method": "socialaccount", "at": 0}],
        "account_authentication_methods_user": str(people["partner"].pk),
    }
    settings.COMMONLIGHT_OIDC_HAS_SECOND_FACTOR = False
    assert not has_second_factor(request)


def test_the_database_alone_shows_no_secret_of_a_second_factor(with_app):
    kept = str(list(Authenticator.objects.filter(user=with_app).values_list("data", flat=True)))
    assert SECRET not in kept
    wrapped = Authenticator.objects.get(user=with_app, type="recovery_codes").wrap()
    assert not any(code in kept for code in wrapped.get_unused_codes())


def test_an_older_secret_of_the_installation_still_opens_them(with_app, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of the installation, long enough"
    client, _ = password_step()
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert client.get("/me/").status_code == 200


def test_with_a_lost_secret_no_code_fits_and_the_operator_helps(with_app, settings, capsys):
    settings.SECRET_KEY = "another secret of the installation, long enough"
    client, _ = password_step()
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert "There is a problem" in answer.content.decode()
    reset_second_factor("Coordinator@example.org")
    assert "Removed: 2" in capsys.readouterr().out
    assert Event.objects.filter(action="person.second-factor-take-off").exists()
    client, _ = password_step()
    assert client.get("/me/").status_code == 200


def test_taking_it_off_signs_out_and_needs_an_account(with_app):
    client, _ = password_step()
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    reset_second_factor("coordinator@example.org")
    assert client.get("/me/").status_code == 302
    with pytest.raises(ValueError, match="no account"):
        reset_second_factor("nobody@example.org")
