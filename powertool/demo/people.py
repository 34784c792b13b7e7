"""Who uses the demo: one account for each role, by address."""

from partnerships.models import Role

# Role, name, address, and the partner they work for.
PEOPLE = {
    "noor@demo.example": ("Noor de Wit", Role.FACILITATOR, "NSF"),
    "wanjiru@demo.example": ("Wanjiru Kamau", Role.FACILITATOR, "RVWN"),
    "awa@demo.example": ("Awa Ouédraogo", Role.REPRESENTATIVE, "CSD"),
    "ole@demo.example": ("Ole Hansen", Role.OBSERVER, "SFGO"),
}
ACCOUNTS = {
    "noor@demo.example": "Northern facilitator",
    "wanjiru@demo.example": "Southern facilitator",
    "awa@demo.example": "Southern representative",
    "ole@demo.example": "observer",
}
