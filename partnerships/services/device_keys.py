"""The keys with which browsers encrypt what they keep of a membership."""

from base64 import b64encode

from partnerships.models import DeviceKey, Membership


def device_key(membership: Membership) -> str:
    """Return a membership's key in base64, for a page of its own person. Made when it is first asked for."""
    key, _made = DeviceKey.objects.get_or_create(membership=membership)
    return b64encode(key.secret).decode()
