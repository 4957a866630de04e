"""The Dask engine against a real scheduler and two worker processes, with files on disk and in an S3 store."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bulk_runs import ROOT, make_reports, rows, work_or_die, work_slowly

from extract.bulk.dask import Cluster
from extract.bulk.run import Wish, run
from extract.errors import GongkaiError
from extract.store import Store

pytest.importorskip("distributed")
HERE = Path(__file__).parent
PLAIN = Wish(model="rules")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def begin(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join((str(ROOT), str(HERE)))
    settings = {"PYTHONPATH": paths, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"} | environment
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], env=os.environ | settings, stdout=nowhere, stderr=nowhere
    )


def await_port(port: int) -> None:
    for _ in range(300):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


@pytest.fixture(scope="module")
def store_address() -> Iterator[str]:
    """An S3 server that holds a bucket in memory."""
    port = free_port()
    server = begin("moto.server", "-H", "127.0.0.1", "-p", str(port))
    address = f"http://127.0.0.1:{port}"
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_ENDPOINT_URL": address}
    before = dict(os.environ)
    os.environ.update(keys | {"AWS_DEFAULT_REGION": "us-east-1"})
    try:
        await_port(port)
        import s3fs

        s3fs.S3FileSystem().mkdir("bucket")
        yield address
    finally:
        os.environ.clear()
        os.environ.update(before)
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def cluster(store_address, tmp_path_factory) -> Iterator[str]:
    """The address of a scheduler with two workers, each a process with one thread under a nanny."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    where = str(tmp_path_factory.mktemp("dask"))
    quiet = ["--no-dashboard", "--host", "127.0.0.1"]
    running = [begin("dask", "scheduler", "--port", str(port), *quiet)]
    try:
        await_port(port)
        for _ in range(2):
            plain = ["--nthreads", "1", "--nworkers", "1", "--local-directory", where]
            running.append(begin("dask", "worker", address, *plain, *quiet))
        await_workers(address, 2)
        yield address
    finally:
        for process in reversed(running):
            process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def await_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    return make_reports(tmp_path_factory.mktemp("dask-sources") / "reports", 60)


@pytest.fixture(scope="module")
def local(sources, tmp_path_factory) -> dict[str, list[str]]:
    out = str(tmp_path_factory.mktemp("dask-local") / "out")
    run([str(sources)], out, PLAIN)
    return rows(out)


def test_the_command_gives_what_one_machine_gives(cluster, sources, local, tmp_path):
    command = [sys.executable, "-m", "extract", "parse", str(sources), "-o", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--engine", "dask", "--scheduler", cluster, "--model", "rules"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "out") == local


def test_sources_and_dataset_in_an_object_store(cluster, sources, local):
    import s3fs

    s3 = s3fs.S3FileSystem()
    s3.put(str(sources), "bucket/in/", recursive=True)
    summary = run(["s3://bucket/in/reports"], "s3://bucket/out", PLAIN, Cluster(cluster))
    assert (summary.reports, summary.errors) == (60, 0)
    assert rows("s3://bucket/out") == local
    assert run(["s3://bucket/in/reports"], "s3://bucket/out", PLAIN, Cluster(cluster)).read == 0
    assert len(list(Store("s3://bucket/out").reports())) == 60


def test_a_worker_that_is_killed_loses_nothing(cluster, sources, local, tmp_path):
    from distributed import Client

    def kill_one() -> None:
        time.sleep(1.0)
        with Client(cluster, set_as_default=False) as client:
            number = next(iter(client.run(os.getpid).values()))
        os.kill(number, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    summary = run([str(sources)], str(tmp_path / "out"), PLAIN, Cluster(cluster, work_slowly))
    killer.join()
    assert (summary.reports, summary.errors) == (60, 0)
    assert rows(tmp_path / "out") == local
    await_workers(cluster, 2)


def test_a_poison_file_costs_its_own_row(cluster, tmp_path):
    folder = make_reports(tmp_path / "reports", 3)
    (folder / "000" / "poison.txt").write_text("x", "utf-8")
    out = tmp_path / "out"
    summary = run([str(folder)], str(out), PLAIN, Cluster(cluster, work_or_die))
    assert (summary.reports, summary.errors) == (3, 1)
    (row,) = Store(out).table("errors").to_pylist()
    assert row["path"] == "reports/000/poison.txt"
    assert "brings the program down" in row["reason"]


def test_a_scheduler_that_is_not_there_is_named(tmp_path, sources, monkeypatch):
    monkeypatch.setattr("extract.bulk.dask.TIMEOUT", "2s")
    with pytest.raises(GongkaiError, match=r"the scheduler at tcp://127\.0\.0\.1:\d+ does not answer"):
        run([str(sources)], str(tmp_path / "out"), PLAIN, Cluster(f"tcp://127.0.0.1:{free_port()}"))


@pytest.mark.parametrize("address", ["nonsense", "tcp://host", "what://host:8786", "tls://127.0.0.1:8786"])
def test_an_address_that_is_none_is_told_at_once_in_a_line(tmp_path, address):
    (tmp_path / "units.jsonl").write_text('{"text": "a"}', "utf-8")
    command = [sys.executable, "-m", "extract", "tag", str(tmp_path / "units.jsonl"), "--model", "rules"]
    far = [*command, "--engine", "dask", "--scheduler", address]
    done = subprocess.run(far, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"gongkai: {address}: no address of a Dask scheduler (")


@pytest.mark.parametrize("command", ["parse", "tag"])
def test_a_scheduler_that_goes_away_is_told_in_a_line(tmp_path, sources, command):
    (tmp_path / "units.jsonl").write_text('{"text": "部分栏目更新不及时。"}\n' * 200_000, "utf-8")
    many = make_reports(tmp_path / "many", 2000) if command == "parse" else tmp_path / "units.jsonl"
    target = tmp_path / ("out" if command == "parse" else "out.jsonl")
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    quiet = ["--no-dashboard", "--host", "127.0.0.1"]
    scheduler = begin("dask", "scheduler", "--port", str(port), *quiet)
    await_port(port)
    plain = ["--nthreads", "1", "--nworkers", "1", "--local-directory", str(tmp_path / "dask")]
    worker = begin("dask", "worker", address, *plain, *quiet)
    try:
        await_workers(address, 1)
        arguments = [command, str(many), "-o", str(target), "--engine", "dask", "--scheduler", address]
        going = subprocess.Popen(
            [sys.executable, "-m", "extract", *arguments, "--model", "rules"],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        written = "out/units/**/*.parquet" if command == "parse" else ".out.jsonl.part-*"
        while not any(path.stat().st_size for path in tmp_path.glob(written)):
            assert going.poll() is None
            time.sleep(0.1)
        scheduler.kill()
        said = going.communicate(timeout=60)[1]
    finally:
        for process in (worker, scheduler):
            process.terminate()
        for process in (worker, scheduler):
            process.wait(timeout=60)
    assert going.returncode == 1
    assert "Traceback" not in said
    told = said.replace("\r", "\n").strip().splitlines()[-1]
    assert told == (
        f"gongkai: the scheduler at {address} went away: start it again, with its workers, "
        "and give the same command again"
    )


def test_rows_are_tagged_as_on_one_machine(cluster, tmp_path):
    texts = [f"全年公开信息{number}条，部分栏目更新不及时。" for number in range(1300)]
    lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(texts)]
    lines[700] = json.dumps({"id": 700, "text": None})
    (tmp_path / "units.jsonl").write_text("\n".join(lines), "utf-8")
    command = [sys.executable, "-m", "extract", "tag", str(tmp_path / "units.jsonl"), "--model", "rules"]
    far = [*command, "--engine", "dask", "--scheduler", cluster]
    here, there = (
        subprocess.run(one, cwd=ROOT, capture_output=True) for one in ([*command, "--jobs", "2"], far)
    )
    assert (here.returncode, there.returncode) == (1, 1), there.stderr
    assert there.stdout == here.stdout
    assert len(there.stdout.splitlines()) == len(texts) - 1  # the bad line is told, and left out
