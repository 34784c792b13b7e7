
__all__ = ["cast"]
