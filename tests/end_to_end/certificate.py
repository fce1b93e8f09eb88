"""Certificates for servers and runners, and their keys."""

import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


THIS_MACHINE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


def write_certificate(folder, name="test", alternative=THIS_MACHINE):
    """Writes a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.utcnow()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), False)
        .sign(key, hashes.SHA256()))
    for file, content in (
            ("certificate.pem",
             certificate.public_bytes(serialization.Encoding.PEM)),
            ("key.pem", key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption()))):
        path = os.path.join(folder, file)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
                  "wb") as out:
            out.write(content)
    return os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem")
