"""Pages with charts: what Plotly needs of the content security policy, and no more."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update

# Plotly adds one empty style element, and positions what it draws by style attributes.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
with_charts = csp_update({"style-src-elem": [SELF, EMPTY_STYLE], "style-src-attr": [UNSAFE_INLINE]})
