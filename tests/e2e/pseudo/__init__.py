"""The crawl of every page once more, in a language whose words are all in ⟦ ⟧: what is not was never marked."""
