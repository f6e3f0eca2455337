"""Addresses of the admin, and its pages as a test reads them."""

from typing import Any

from django.db.models import Model
from django.urls import reverse


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def list_of(model: type[Model]) -> str:
    return address(model, "changelist")


def page_of(row: Model) -> str:
    return address(type(row), "change", row.pk)


def rows_shown(client: Any, model: type[Model], query: str = "") -> list[Any]:
    """The rows of a list, as the page has them."""
    response = client.get(f"{list_of(model)}{query}")
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def act(client: Any, action: str, *rows: Model) -> Any:
    """Run an action on the selected rows and return the list that it leads back to."""
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(list_of(type(rows[0])), data, follow=True)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def form_data(response: Any) -> dict[str, Any]:
    """The fields of a change form and of its inlines, as a browser would send them back unchanged."""
    if response.context.get("sheet"):
        theirs = response.context.get("conflict", {}).get("at")
        return {
            **response.context["sheet"].data(),
            "seen": response.context["seen"],
            **({"theirs": theirs.isoformat()} if theirs else {}),
        }
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for name in form.fields:
            bound = form[name]
            value = bound.value()
            parts = bound.field.widget
            if hasattr(parts, "widgets"):
                for index, part in enumerate(parts.decompress(value)):
                    data[f"{bound.html_name}_{index}"] = "" if part is None else part
            elif value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data[bound.html_name] = getattr(value, "pk", value)
    return data


def errors_of(response: Any) -> dict[str, list[str]]:
    """What the form of a question says is wrong, by the name of the field that it stands beside."""
    assert response.status_code == 200
    found = response.context["sheet"].errors.by_name
    return {name: [str(message) for message in said] for name, said in found.items()}
