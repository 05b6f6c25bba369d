"""Stands in for the `requests` package, which is not in Python's standard library."""

import json as json_module
import urllib.error
import urllib.request


class Response:
    def __init__(self, status_code, text):
        self.status_code = status_code
        self.text = text

    def json(self):
        return json_module.loads(self.text)


def post(url, headers=None, json=None):
    body = json_module.dumps(json).encode()
    fields = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, data=body, headers=fields, method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            return Response(answer.status, answer.read().decode())
    except urllib.error.HTTPError as refusal:
        return Response(refusal.code, refusal.read().decode())
