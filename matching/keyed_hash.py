"""Hashes that only this installation can compute: HMAC-SHA-256 with its secret key.

``create_app`` gives the key once; services then need no settings. Each use names its purpose, so
that a hash made for one thing is worth nothing for another.
"""

import hashlib
import hmac

_key = b""


def use_secret(secret: str) -> None:
    """Take the installation's secret key, for all the hashes of this process."""
    global _key
    _key = secret.encode()


def keyed_hash(purpose: str, *parts: str) -> str:
    """64 hexadecimal digits; RuntimeError before the key is known."""
    if not _key:
        raise RuntimeError("the secret key is not known yet: create the application first")
    message = "\0".join((purpose, *parts)).encode()
    return hmac.new(_key, message, hashlib.sha256).hexdigest()


def same_hash(one: str, other: str) -> bool:
    """Compare in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
