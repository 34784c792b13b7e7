"""A small example of the CSV files in a zip, to download and to overwrite."""

import io
import zipfile

FILES = {
    "partners.csv": (
        "name,acronym,country,side\n"
        "Northern Example Fund,NEF,NL,north\n"
        "Lakeside Example Network,LEN,KE,south\n"
        "Example Farmers' Union,EFU,UG,south\n"
    ),
    "decisions.csv": "code,decision,topic\nD1,Dividing the budget among partners,money-partners\nD2,Hiring the coordinator,staffing\n",  # noqa: E501
    "agreed.csv": (
        "decision,partner,actual,desired\n"
        "D1,NEF,4,3\nD1,LEN,1,3\nD1,EFU,1,3\nD2,NEF,3,\nD2,LEN,3,\nD2,EFU,2,\n"
    ),
    "actions.csv": "decision,action,owner,due\nD1,Share the draft budget before the meeting,NEF,2027-03-31\n",
}  # fmt: skip


def archive() -> bytes:
    """Return the example as the zip that an import reads."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in FILES.items():
            file.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)  # without the time of day
    return out.getvalue()
