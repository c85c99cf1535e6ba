"""Replies without what could identify a person or open a system: for fixtures that may be shown and kept.

Secrets vanish, names of persons and telephones are replaced, ids are replaced by others of the same form, the same id
by the same one all over. Addresses, coordinates, times and values stay: they are what a test is about.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from datasources.contract import SourceDataError
from datasources.decode import decode_json, decode_text, decode_xml
from datasources.discreet import may_be_secret, may_name_a_person, without_logins

_PHONE_NAME = re.compile(r"phone|mobile|^tel|电话|手机|联系方式", re.IGNORECASE)
_ID_NAME = re.compile(r"(^|[_.@a-z])(id|Id|ID|uuid|guid|number)$|_?(code|no)$|编号|编码|身份证|证件", re.IGNORECASE)
_KEPT_CODE = re.compile(r"service_?code|error_?code|^code$|category|kind|type|status", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_CITIZEN = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_CODE = 15
_KEPT_PREFIX = 6
"""Of long codes (GB/T 28181, grids) the six digits of the district stay: positions and areas are judged by them."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """One run of redaction: `key` makes its replacements the same all over and good for nothing else."""

    key: bytes

    def body(self, body: bytes, content_type: str) -> tuple[bytes, str]:
        """The redacted body and the ending of its file; raises SourceDataError for what is no text."""
        for read, ending in ((self._json, "json"), (self._xml, "xml")):
            try:
                return read(body, content_type), ending
            except SourceDataError:
                continue
        text = decode_text(body, content_type)
        return self._table(text).encode(), "csv"

    def value(self, name: str, value: Any) -> Any:
        """One value as it stands at a key."""
        if isinstance(value, dict):
            return {key: self.value(key, each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.value(name, each) for each in value]
        if value is None or value == "" or isinstance(value, bool | float):
            return value
        return self._plain(name, value)

    def text(self, text: str) -> str:
        """Free text without logins in addresses, telephones, identity numbers and mail addresses."""
        text = without_logins(text)
        text = _CITIZEN.sub(lambda found: self._like(found.group()), text)
        text = _PHONE.sub(lambda found: "1" + self._like(found.group()[1:]), text)
        return _MAIL.sub(lambda found: f"{self._letters(found.group(), 6)}@example.invalid", text)

    def _plain(self, name: str, value: Any) -> Any:
        if may_be_secret(name):
            return "***"
        if may_name_a_person(name):
            return f"某{self._letters(str(value), 4)}"
        if _PHONE_NAME.search(name) or (_ID_NAME.search(name) and not _KEPT_CODE.search(name)):
            other = self._like(str(value))
            return int(other) if isinstance(value, int) else other
        return self.text(value) if isinstance(value, str) else value

    def _like(self, text: str) -> str:
        """Another text of the same form: digits for digits, letters for letters."""
        kept = _KEPT_PREFIX if len(text) >= _LONG_CODE and text.isdigit() else 0
        stream = self._stream(text, len(text))
        return text[:kept] + "".join(_alike(each, byte) for each, byte in zip(text[kept:], stream, strict=False))

    def _letters(self, text: str, count: int) -> str:
        return "".join(chr(ord("a") + byte % 26) for byte in self._stream(text, count))

    def _stream(self, text: str, count: int) -> bytes:
        made = b""
        while len(made) < count:
            made += hmac.new(self.key, f"{len(made)}:{text}".encode(), hashlib.sha256).digest()
        return made

    def _json(self, body: bytes, content_type: str) -> bytes:
        document = decode_json(body, content_type)
        return json.dumps(self.value("", document), ensure_ascii=False, indent=1).encode()

    def _xml(self, body: bytes, content_type: str) -> bytes:
        from xml.etree.ElementTree import tostring

        root = decode_xml(body)
        for element in root.iter():
            name = element.tag.rpartition("}")[2]
            element.text = self.value(name, element.text) if element.text and element.text.strip() else element.text
            for key, given in element.attrib.items():
                element.attrib[key] = str(self.value(key, given))
        return bytes(tostring(root, encoding="utf-8"))

    def _table(self, text: str) -> str:
        """Lines of a table, by the names in its first line; text that is none loses what it says of persons."""
        try:
            dialect = csv.Sniffer().sniff(text[:4096], ",;\t|")
        except csv.Error:
            return self.text(text)
        rows = list(csv.reader(io.StringIO(text), dialect))
        out = io.StringIO()
        write: Callable[[list[str]], Any] = csv.writer(out, delimiter=dialect.delimiter, lineterminator="\n").writerow
        write(rows[0])
        for row in rows[1:]:
            write([str(self.value(name, each)) for name, each in zip(rows[0], row, strict=False)])
        return out.getvalue()


def _alike(character: str, byte: int) -> str:
    if character.isdigit():
        return str(byte % 10)
    if character.isascii() and character.isalpha():
        letter = chr(ord("a") + byte % 26)
        return letter.upper() if character.isupper() else letter
    return character
