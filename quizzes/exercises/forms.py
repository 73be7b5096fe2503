"""What is sent from an exercise's page."""

from django import forms

MAX_CODE = 50_000


class CodeForm(forms.Form):
    """The code in the editor. Lines end as Python wants them, whatever the browser sent."""

    code = forms.CharField(
        max_length=MAX_CODE,
        required=False,
        strip=False,
        widget=forms.Textarea,
        error_messages={"max_length": f"The code is too long; at most {MAX_CODE:,} characters are run."},
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace("\r\n", "\n").replace("\r", "\n")


class RunForm(CodeForm):
    """A press of Run. id: made by the page, so that a press sent twice is one run."""

    id = forms.UUIDField(required=False)
