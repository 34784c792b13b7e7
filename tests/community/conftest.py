from tests.factories import cast

__all__ = ["cast"]
