"""An authority of certificates whom each SDK can be told to trust."""

import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

STORE_PASSWORD = "changeit"  # Java's own.


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(subject, issuer, key):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (x509.CertificateBuilder()
            .subject_name(_name(subject)).issuer_name(_name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1)))


class Authority:
    """Its own certificate in `folder`, and one for 127.0.0.1 with its key."""

    NAME = "Test authority"

    def __init__(self, folder):
        self.folder = folder
        key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = _builder(self.NAME, self.NAME, key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True,
        ).sign(key, hashes.SHA256())
        self.file = self._write("authority.pem", self._pem(self._certificate))
        server_key = ec.generate_private_key(ec.SECP256R1())
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        server = _builder("127.0.0.1", self.NAME, server_key).add_extension(
            x509.SubjectAlternativeName([address]), critical=False,
        ).sign(key, hashes.SHA256())
        self.server_certificate = self._write("server.pem", self._pem(server))
        self.server_key = self._write("key.pem", server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))

    @staticmethod
    def _pem(certificate):
        return certificate.public_bytes(serialization.Encoding.PEM)

    def _write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(content)
        return path

    def environment(self):
        """Returns the variables that have the SDKs trust it."""
        store = self._write("authority.p12", pkcs12.serialize_java_truststore(
            [pkcs12.PKCS12Certificate(self._certificate, b"authority")],
            serialization.BestAvailableEncryption(STORE_PASSWORD.encode())))
        return {
            "AWS_CA_BUNDLE": self.file,        # AWS CLI, boto3, Go.
            "NODE_EXTRA_CA_CERTS": self.file,  # JavaScript.
            "SSL_CERT_FILE": self.file,        # Rust.
            "JAVA_TOOL_OPTIONS":
                f"-Djavax.net.ssl.trustStore={store} "
                f"-Djavax.net.ssl.trustStorePassword={STORE_PASSWORD}",
        }
