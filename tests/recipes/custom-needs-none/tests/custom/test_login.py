import pytest


@pytest.mark.requires_deps("keycloak")
def test_login(deps):
    assert deps["keycloak"]


def test_front(live_app):
    assert live_app.get().status == 200
