"""Certificates for servers of tests."""

import shutil
import subprocess


def make_certificates(folder):
    """Paths of a key, of its certificate for localhost, and of another's; None where openssl is missing."""
    if shutil.which("openssl") is None:
        return None
    key, certificate, other = folder / "key.pem", folder / "certificate.pem", folder / "other.pem"
    for out in (other, certificate):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(out), "-days",
             "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
            check=True, capture_output=True)
    return key, certificate, other
