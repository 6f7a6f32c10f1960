import base64
import json
import os
import ssl
import urllib.parse

import pytest
from urllib.request import urlopen

context = ssl._create_unverified_context()


def read(name):
    return urlopen(f"{os.environ['CCCI_URL']}/secrets/{name}", context=context).read().decode()


secrets = [read(name) for name in ("app_password", "api_token", "admin")]
forms = [
    form
    for one in secrets
    for form in (one, base64.b64encode(one.encode()).decode(), urllib.parse.quote(one), json.dumps(one))
]


@pytest.mark.parametrize("form", forms, ids=forms)
def test_named(form, record_property):
    record_property("password", form)
    print("printed", form)
    assert form == "another", f"cannot log in with {form}"
