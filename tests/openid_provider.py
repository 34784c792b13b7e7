"""A small OpenID Connect provider, a process of its own: `python -m tests.openid_provider` prints its address.

It has the five addresses of a real one, keeps codes for one use, and checks the client's secret, the redirect address
and PKCE. What it is to say next, also wrongly, a test puts to `/next`; a browser finds a button on its page.
"""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "power-awareness", "a secret of the two"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _each in range(2))


class State:
    """What the provider says next, and the codes that it has given out."""

    told: dict[str, Any] = {"claims": {"sub": "1"}}
    codes: dict[str, dict[str, str]] = {}
    tokens: set[str] = set()


class Provider(BaseHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Stay quiet."""

    @property
    def issuer(self) -> str:
        host, port = self.server.server_address[:2]
        return f"http://{host}:{port}"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        pages = {
            "/.well-known/openid-configuration": self.describe,
            "/authorize": self.ask,
            "/keys": self.keys,
            "/userinfo": self.userinfo,
            "/codes": lambda: self.send({"codes": len(State.codes), "tokens": sorted(State.tokens)}),
        }
        pages.get(path, lambda: self.send({"error": "not found"}, 404))()

    def do_POST(self) -> None:
        self.form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        {"/next": self.be_told, "/authorize": self.agree, "/token": self.token}[urlsplit(self.path).path]()

    def send(self, what: Any, status: int = 200, **headers: str) -> None:
        """Send JSON, or a page if it is text."""
        page = isinstance(what, str)
        data = (what if page else json.dumps(what)).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html" if page else "application/json"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def fault(self, name: str) -> bool:
        return State.told.get("fault") == name

    def be_told(self) -> None:
        State.told = json.loads(self.form)
        self.send({})

    def describe(self) -> None:
        if self.fault("down"):
            self.send({}, 503)
            return
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        if not self.fault("no userinfo"):
            paths["userinfo_endpoint"] = "userinfo"
        described = {name: f"{self.issuer}/{path}" for name, path in paths.items()}
        if self.fault("other pages"):
            described["authorization_endpoint"] = "http://elsewhere.example/authorize"
        issuer = "http://elsewhere.example" if self.fault("other issuer") else self.issuer
        self.send({"issuer": issuer, "token_endpoint_auth_methods_supported": ["client_secret_basic"]} | described)

    def ask(self) -> None:
        self.send(
            f'<form method="post" action="{self.path.replace("&", "&amp;")}"><button>Go on as Ada</button></form>'
        )

    def agree(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if self.fault("cancelled"):
            answer = {"error": "access_denied"}
        else:
            answer = {"code": secrets.token_urlsafe()}
            State.codes[answer["code"]] = asked
        self.send("", 302, Location=f"{asked['redirect_uri']}?{urlencode(answer | {'state': asked['state']})}")

    def token(self) -> None:
        form = {name: values[0] for name, values in parse_qs(self.form).items()}
        asked = State.codes.pop(form["code"], None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if (
            asked is None
            or self.headers.get("Authorization") != f"Basic {pair}"
            or (form["redirect_uri"], challenge) != (asked["redirect_uri"], asked.get("code_challenge"))
        ):
            self.send({"error": "invalid_grant"}, 400)
            return
        access = "access-" + secrets.token_urlsafe()
        State.tokens |= {access, "refresh-" + access}
        told = {"access_token": access, "refresh_token": "refresh-" + access, "token_type": "Bearer", "expires_in": 300}
        self.send(told if self.fault("no token") else told | {"id_token": self.id_token(asked["nonce"])})

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        kept = {} if State.told.get("by_userinfo") else State.told["claims"]
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce} | kept
        claims |= {"sub": State.told["claims"]["sub"], "jti": secrets.token_hex()} | State.told.get("wrong", {})
        if self.fault("unsigned"):
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "1"})
        if self.fault("shared secret"):
            return jwt.encode(claims, SECRET * 2, algorithm="HS256", headers={"kid": "1"})
        key = OTHER_KEY if self.fault("other key") else KEY
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1"})

    def keys(self) -> None:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        self.send({"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]})

    def userinfo(self) -> None:
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in State.tokens:
            self.send({}, 401)
            return
        self.send(State.told["claims"] | ({"sub": "another"} if self.fault("other person") else {}))


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
