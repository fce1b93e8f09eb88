"""Certificates for servers and runners, and their keys."""

import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


THIS_MACHINE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def sign(subject, key, issuer, issuer_key, extension):
    """Returns a certificate of today for the key, with one extension."""

    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(name(subject)).issuer_name(name(issuer))
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(extension, isinstance(extension, x509.BasicConstraints))
        .sign(issuer_key, hashes.SHA256()))


def write(folder, name, content):
    """Writes a file that nobody else can read, and returns its path."""
    path = os.path.join(folder, name)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
              "wb") as file:
        file.write(content)
    return path


def write_pair(folder, certificate, key, names):
    """Writes both, as PEM, in files of these names; returns their paths."""
    return (
        write(folder, names[0],
              certificate.public_bytes(serialization.Encoding.PEM)),
        write(folder, names[1], key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption())))


def write_certificate(folder, name="test", alternative=THIS_MACHINE):
    """Writes a certificate that signs itself, and its key."""
    key = new_key()
    certificate = sign(name, key, name, key,
                       x509.SubjectAlternativeName([alternative]))
    return write_pair(folder, certificate, key,
                      ("certificate.pem", "key.pem"))
