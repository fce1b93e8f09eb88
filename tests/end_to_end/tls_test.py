"""AWS clients over TLS, with a certificate that is renewed meanwhile."""

import ssl
import unittest

import boto3

import raw_socket
from certificate import write_certificate
from server_process import Server, eventually, new_folder
from signed_requests import (
    REGION, SECRET, call, connect, credentials_file, send, signed)

GROUP = {"workerGroup": "encrypted"}
LIST = "Operator.ListGroups"


class TlsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = new_folder("tls")
        cls.certificate, key = write_certificate(cls.folder)
        cls.server = Server("--hold-max", "300ms",
                            "--credentials-file", credentials_file(),
                            "--tls-certificate-file", cls.certificate,
                            "--tls-private-key-file", key)
        cls.url = f"https://{cls.server.http}"

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def test_boto3_performs_a_task(self):
        client = boto3.client(
            "datapipeline", endpoint_url=self.url, region_name=REGION,
            aws_access_key_id="AKIDTEST", aws_secret_access_key=SECRET,
            verify=self.certificate)
        self.assertNotIn("taskObject", client.poll_for_task(**GROUP))
        call(self.url, "TaskQueue.SubmitTasks", {"tasks": [{
            **GROUP, "type": "T",
            "fields": [{"key": "script", "stringValue": "x" * 10000}
                       for _ in range(100)]}]}, authorities=self.certificate)
        task = client.poll_for_task(**GROUP)["taskObject"]
        client.report_task_progress(taskId=task["taskId"])
        client.set_task_status(taskId=task["taskId"], taskStatus="FINISHED")

    def tls(self, **limits):
        context = ssl.create_default_context(cafile=self.certificate)
        for name, value in limits.items():
            setattr(context, name, value)
        plain_socket = raw_socket.connect(self.server.http)
        try:
            return context.wrap_socket(plain_socket,
                                       server_hostname="127.0.0.1")
        except ssl.SSLError:
            plain_socket.close()
            raise

    def test_nothing_older_than_tls_1_2_is_spoken(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.tls(minimum_version=version, maximum_version=version):
                pass
        with self.assertRaises(ssl.SSLError):
            self.tls(minimum_version=ssl.TLSVersion.TLSv1,
                     maximum_version=ssl.TLSVersion.TLSv1_1)

    def test_a_certificate_that_is_renewed_is_shown(self):
        def shown():
            with self.tls() as connection:
                return connection.getpeercert()["serialNumber"]

        held = connect(self.url, self.certificate)
        self.addCleanup(held.close)
        held.connect()
        before = shown()
        write_certificate(self.folder, "renewed")

        def renewed():
            try:
                return shown() != before
            except ssl.SSLError:  # It is not trusted before it is shown.
                return False

        eventually(renewed, "the new certificate is shown")
        # Connections of before go on.
        held.request("POST", "/", "{}", signed(self.url, LIST))
        self.assertEqual(held.getresponse().status, 200)

    def test_who_speaks_no_tls_is_cut_off(self):
        for noise in (b"POST / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x05hello",
                      b"\0" * 1000):
            with raw_socket.connect(self.server.http) as connection:
                connection.sendall(noise)
                self.assertNotIn(b"HTTP/1", raw_socket.read_all(connection))
        status, _, _ = send(self.url, signed(self.url, LIST),
                            authorities=self.certificate)
        self.assertEqual(status, 200)


if __name__ == "__main__":
    unittest.main()
