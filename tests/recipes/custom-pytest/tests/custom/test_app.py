import pytest


def test_front_page(live_app):
    answer = live_app.get("/")
    assert answer.status == 200
    assert b"Hello" in answer.read()


@pytest.mark.parametrize("path,status", [("/", 200), ("/nowhere", 404)])
def test_pages(live_app, path, status):
    assert live_app.get(path).status == status


class TestData:
    def test_volume(self, live_app):
        result = live_app.exec("app", ["cat", "/data/created"])
        assert result["exitCode"] == 0 and result["stdout"]


def test_logs(live_app):
    assert any("serving version" in line for line in live_app.logs("app"))


def test_inspect(live_app):
    app = live_app.inspect("app")
    assert "GREETING" in app["environment"]
    assert app["tasks"][0]["state"] == "running"


def test_state(op_state, meta, deps):
    assert [stage["status"] for stage in op_state["stages"] if stage["name"] == "install"] == ["pass"]
    assert op_state["ref"] == meta["ref"] == op_state["on"]
    assert meta["settings"]["timeouts"]["deploy"] == 60
    assert meta["stage"] == "custom"
    assert deps == {}


def test_meant_to_be_left_out():
    pytest.skip("no mail server here")
