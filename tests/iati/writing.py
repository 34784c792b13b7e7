"""IATI files for tests, as text."""

from xml.sax.saxutils import escape, quoteattr


def iati_file(*activities: str, version: str = "2.03", before: str = "") -> bytes:
    """Return an activity file."""
    return f'{before}<iati-activities version="{version}">{"".join(activities)}</iati-activities>'.encode()


def activity(
    *transactions: str, identifier: str = "NL-1-A", reporter: tuple[str, str] = ("NL-1", "Hivos"), **attributes: str
) -> str:
    """Return an activity; its attributes have _ for -."""
    given = {"default_currency": "EUR"} | attributes
    written = " ".join(f"{name.replace('_', '-')}={quoteattr(value)}" for name, value in given.items())
    return (
        f"<iati-activity {written}><iati-identifier>{escape(identifier)}</iati-identifier>"
        f"{party('reporting-org', reporter)}<title><narrative>Not read</narrative></title>"
        f"{''.join(transactions)}</iati-activity>"
    )


def transaction(
    kind: int | str,
    value: object,
    giver: tuple[str, str] | None = None,
    receiver: tuple[str, str] | None = None,
    *,
    day: str = "2025-03-01",
    currency: str = "",
) -> str:
    """Return a transaction."""
    attribute = f' currency="{currency}"' if currency else ""
    return (
        f'<transaction><transaction-type code="{kind}"/><transaction-date iso-date="{day}"/>'
        f"<value{attribute} value-date={quoteattr(day)}>{value}</value>"
        f"{party('provider-org', giver)}{party('receiver-org', receiver)}</transaction>"
    )


def party(element: str, organisation: tuple[str, str] | None) -> str:
    if organisation is None:
        return ""
    reference, name = organisation
    attribute = f" ref={quoteattr(reference)}" if reference else ""
    narrative = f"<narrative>{escape(name)}</narrative>" if name else ""
    return f"<{element}{attribute}>{narrative}</{element}>"
