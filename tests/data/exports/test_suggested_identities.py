"""A heading that names the identity of something else is never proposed as that of a template's rows, or their link."""

from __future__ import annotations

import pytest

from leadline.data.exports.recognition.suggestions import Seen, suggest, suggested_mapping
from leadline.data.templates import templates

OTHERS = (
    "Firma-ID", "Kundennummer", "Firmennummer", "Unternehmens-ID", "Account Owner ID", "Konto-ID", "Mandantennummer",
    "ID de la empresa", "Número de cuenta", "Numéro de compte", "ID entreprise", "Numer firmy", "ID компании",
    "Номер заказа", "会社ID", "Order No", "Rechnungsnummer", "Auftragsnummer", "Numéro de facture", "Factura nº",
    "Telefonnummer", "Postleitzahl", "Benutzer-ID", "ID utilisateur", "Usuario ID", "Besitzer-ID", "Vertriebler Nr",
    "Produktnummer", "Artikel-Nr", "Parent Lead ID", "Converted Deal ID", "Session ID", "Cookie ID",
    "Customer VAT number", "USt-IdNr", "Id azienda", "Codice fiscale",
)  # fmt: skip
OWN = {
    "leads": (
        "Kontakt-ID",
        "Lead-Nr",
        "Leadnummer",
        "Identifiant",
        "Nr",
        "ID de contacto",
        "Numéro du prospect",
        "Anfrage-Nr",
    ),
    "deals": (
        "Deal-ID",
        "Geschäfts-ID",
        "ID del negocio",
        "Opportunità ID",
        "ID сделки",
        "Deal Nr",
        "Código",
    ),
    "campaigns": ("Kampagnen-ID", "ID campagne", "Campaign ID", "Mailing Nr"),
}


def _seen(heading: str) -> tuple[Seen, ...]:
    """A column whose every row has its own, and a day beside it."""
    cells = tuple(f"{100_000 + n * 7}" for n in range(40))
    days = tuple(f"2026-01-{n % 28 + 1:02}" for n in range(40))
    return (
        Seen(heading, "identity", cells[:3], 1.0, frozenset(), (), cells),
        Seen("Datum", "time", days[:3], 1.0, frozenset(), (), days),
    )


@pytest.mark.parametrize("heading", OTHERS)
def test_an_identity_of_something_else_is_proposed_for_no_identity(heading: str) -> None:
    for template in templates().values():
        columns = {one.ours for one in suggest(_seen(heading), template) if one.heading == heading}
        named = {*template.key, *template.links} | {
            c.name for c in template.columns if c.type in ("person", "text")
        }
        assert not columns & named, template.name


@pytest.mark.parametrize(
    ("template", "heading"), [(name, one) for name, several in OWN.items() for one in several]
)
def test_an_identity_of_its_own_is_proposed(template: str, heading: str) -> None:
    said = suggested_mapping(_seen(heading), template)
    assert said is not None
    assert said["columns"].get(heading) == templates()[template].key[0]


@pytest.mark.parametrize("heading", ["Kontakt-ID", "ID de contacto", "Lead-Nr"])
def test_the_identity_of_a_lead_is_the_link_of_a_deal_and_never_its_own(heading: str) -> None:
    assert {one.ours for one in suggest(_seen(heading), templates()["deals"]) if one.heading == heading} <= {
        "lead_id"
    }
