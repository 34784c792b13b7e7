"""Pages with charts: what Plotly needs of the content security policy, and no more."""

from csp.constants import SELF
from csp.decorators import csp_update

# Plotly adds one empty style element. All else it styles through the object model, which no policy forbids.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
with_charts = csp_update({"style-src-elem": [SELF, EMPTY_STYLE]})
