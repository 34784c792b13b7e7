"""What the foot of every page says."""

import pytest


@pytest.mark.parametrize(("address", "links"), [("https://code.example.org/powertool", 1), ("", 0)])
@pytest.mark.django_db
def test_the_footer_links_to_the_source_code_where_it_is_set(client, settings, address, links):
    settings.SOURCE_URL = address
    page = client.get("/").content.decode()
    assert page.count(">Source code</a>") == links
    assert page.count(f'href="{address or "https://code.example.org/powertool"}"') == links
