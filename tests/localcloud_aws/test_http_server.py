"""The HTTP server: kept connections, empty and large bodies, many clients at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.s3_world import make_bucket


def test_a_connection_is_kept_for_the_next_request(cloud: CloudProcess) -> None:
    with httpx.Client(base_url=cloud.url) as client:
        ports = {
            client.get("/_lifeboat/health").extensions["network_stream"].get_extra_info("client_addr")
            for _ in range(3)
        }
    assert len(ports) == 1


def test_an_empty_body_announced_with_expect_is_answered(cloud: CloudProcess) -> None:
    make_bucket(cloud, "bodies")
    s3 = cloud.client("s3")
    s3.put_object(Bucket="bodies", Key="empty", Body=b"")
    assert s3.get_object(Bucket="bodies", Key="empty")["Body"].read() == b""


def test_many_clients_at_once_get_their_own_answers(cloud: CloudProcess) -> None:
    make_bucket(cloud, "bodies")
    s3 = cloud.client("s3")

    def round_trip(number: int) -> bool:
        body = bytes([number % 256]) * (number * 997 % 40_000)
        s3.put_object(Bucket="bodies", Key=f"k{number}", Body=body)
        return bool(s3.get_object(Bucket="bodies", Key=f"k{number}")["Body"].read() == body)

    with ThreadPoolExecutor(max_workers=8) as pool:
        assert all(pool.map(round_trip, range(160)))


def test_a_head_request_has_no_body_and_the_connection_goes_on(cloud: CloudProcess) -> None:
    make_bucket(cloud, "bodies")
    s3 = cloud.client("s3")
    s3.put_object(Bucket="bodies", Key="k", Body=b"abc")
    assert s3.head_object(Bucket="bodies", Key="k")["ContentLength"] == 3
    assert s3.get_object(Bucket="bodies", Key="k", Range="bytes=1-")["Body"].read() == b"bc"
