"""The forms of signing in, with the words, the help and the autocompletion of ours."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonlight.web.accounts.models import User
from commonlight.web.ui.languages import LANGUAGES

__all__ = [
    "ActivateAppForm",
    "AddPasskeyForm",
    "CodeAgainForm",
    "CodeForm",
    "NamesEmptyFields",
    "NewAccountForm",
    "OwnPageForm",
    "PasswordChangeForm",
    "PasswordFromKeyForm",
    "PasswordResetForm",
    "ReauthenticateForm",
    "RenamePasskeyForm",
    "SignInForm",
]

PASSWORD_HELP = _("At least 12 characters. A few words in a row are easy to keep in mind.")
SHOW = {"data-show": _("Show the password"), "data-hide": _("Hide the password")}
CODE_HELP = _("Six digits from your authenticator app, or one of your recovery codes.")


class NamesEmptyFields:
    """An error about an empty field names the field, so that it can be read in the summary."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for field in fields.values():
            field.error_messages["required"] = _empty(field)


def _empty(field: forms.Field) -> Any:
    """The error, with the label that the field has when it is shown."""
    return lazy(lambda: gettext("“%(field)s” is empty.") % {"field": field.label}, str)()


def _plain(form: forms.BaseForm) -> None:
    """A label says what a field is; text inside the field does not."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        if isinstance(field.widget, forms.PasswordInput):
            field.widget.attrs.update(SHOW)
        field.error_messages["required"] = _empty(field)


class SignInForm(account_forms.LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""


class PasswordResetForm(account_forms.ResetPasswordForm):
    """Ask for a link to set a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs["autocomplete"] = "username"


class PasswordFromKeyForm(account_forms.ResetPasswordKeyForm):
    """A new password, by the link in a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        _new_password(self)


class PasswordChangeForm(account_forms.ChangePasswordForm):
    """The old and the new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        _new_password(self)
        self.fields["oldpassword"].label = _("Your password until now")
        self.fields["oldpassword"].help_text = ""


def _new_password(form: forms.BaseForm) -> None:
    """One field for a new password is enough where a password manager or a paste fills it."""
    form.fields["password1"].label = _("New password")
    form.fields["password1"].help_text = PASSWORD_HELP
    form.fields["password2"].label = _("New password again")


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["password"].help_text = ""


class CodeForm(code_forms.AuthenticateForm):
    """A code of the second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self)


class CodeAgainForm(code_forms.ReauthenticateForm):
    """A code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self)


class ActivateAppForm(ActivateTOTPForm):
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self)
        self.fields["code"].help_text = _("Six digits that the app shows now.")


def _code(form: forms.BaseForm) -> None:
    """Codes may be pasted, with blanks; phones show their digits."""
    _plain(form)
    field: Any = form.fields["code"]
    field.label = _("Code")
    field.help_text = CODE_HELP
    field.widget.attrs.update({"autocomplete": "one-time-code", "inputmode": "numeric"})
    original = field.clean
    field.clean = lambda value: original("".join(str(value or "").split()))


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey or security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].help_text = _("So that you know it again, such as “work phone”.")
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["passwordless"].label = _("Sign in with this key alone, without a password")
        self.fields["passwordless"].help_text = _(
            "The key then asks for your fingerprint, your face or a PIN."
        )


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].widget.attrs["autocomplete"] = "off"


class NewAccountForm(NamesEmptyFields, forms.Form):
    """Name and password of a new account; the address comes from the invitation."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As the members of your workspaces see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HELP,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", **SHOW}),
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = email

    def clean_name(self) -> str:
        """A name that is more than blanks."""
        return _clean_name(str(self.cleaned_data["name"]))

    def clean(self) -> dict[str, Any]:
        """A password that is long, not common and unlike name and address."""
        given = super().clean() or {}
        if password := given.get("password"):
            person = User(email=self.address, name=given.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return given


def _clean_name(name: str) -> str:
    if not any(character.isalnum() for character in name):
        raise ValidationError(_("Enter a name with at least one letter."))
    return name


class OwnPageForm(NamesEmptyFields, forms.ModelForm):
    """What a person may change about herself."""

    class Meta:
        model = User
        fields = ["name", "language"]
        help_texts = {"name": _("As the members of your workspaces see it.")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    language = forms.ChoiceField(
        label=_("Language of the pages"),
        choices=[("", _("As the browser says")), *LANGUAGES],
        required=False,
    )

    def clean_name(self) -> str:
        """A name that is more than blanks."""
        return _clean_name(str(self.cleaned_data["name"]))
