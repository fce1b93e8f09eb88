"""An authority of certificates whom each SDK can be told to trust."""

from certificate import THIS_MACHINE, new_key, sign, write, write_pair
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

STORE_PASSWORD = "changeit"  # Java's own.


class Authority:
    """Its own certificate in `folder`, and one for 127.0.0.1 with its key."""

    NAME = "Test authority"

    def __init__(self, folder):
        self.folder = folder
        key = new_key()
        self._certificate = sign(
            self.NAME, key, self.NAME, key,
            x509.BasicConstraints(ca=True, path_length=0))
        self.file = write(
            folder, "authority.pem",
            self._certificate.public_bytes(serialization.Encoding.PEM))
        server_key = new_key()
        self.server_certificate, self.server_key = write_pair(
            folder,
            sign("127.0.0.1", server_key, self.NAME, key,
                 x509.SubjectAlternativeName([THIS_MACHINE])),
            server_key, ("server.pem", "key.pem"))

    def environment(self):
        """Returns the variables that have the SDKs trust it."""
        store = write(self.folder, "authority.p12", pkcs12.serialize_java_truststore(
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
