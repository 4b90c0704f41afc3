"""SNS over HTTP: subscribers that misbehave, that are near, and that are far."""

from __future__ import annotations

import json
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

from tests.localcloud_aws.cloud_process import CLOCK, CloudProcess


def test_a_subscriber_that_never_answers_does_not_hold_publish(cloud: CloudProcess) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        port = mute.getsockname()[1]
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=f"http://127.0.0.1:{port}/")
        started_s = CLOCK.monotonic_s()
        sns.publish(TopicArn=topic, Message="m")
        assert CLOCK.monotonic_s() - started_s < 5


def test_a_local_subscriber_is_reached_and_a_distant_one_never(cloud: CloudProcess) -> None:
    bodies: Queue[dict[str, Any]] = Queue()

    class Subscriber(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Subscriber) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        sns = cloud.client("sns")
        topic = sns.create_topic(Name="t")["TopicArn"]
        near = f"http://127.0.0.1:{server.server_port}/"
        for endpoint in ("https://pager.example.org/x", near):
            sns.subscribe(TopicArn=topic, Protocol=endpoint.partition(":")[0], Endpoint=endpoint)
        sns.publish(TopicArn=topic, Message="m", Subject="s")
        assert bodies.get(timeout=10)["Message"] == "m"
        with pytest.raises(Empty):
            bodies.get_nowait()
        server.shutdown()
    assert "pager.example.org is not on this machine" in cloud.log_file.read_text()
