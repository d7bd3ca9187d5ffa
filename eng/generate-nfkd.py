#!/usr/bin/env python3
"""Writes src/Tributary.Crypto/Text/nfkd.txt from the Unicode database that comes with Python.

Two kinds of lines, all numbers in hex: "code=decomposition" (full compatibility decomposition, canonically ordered) and
"first-last:class" (canonical combining class, where it is not 0). Hangul is left out: it is arithmetic.
"""
import os
import unicodedata

HANGUL = range(0xAC00, 0xAC00 + 11172)
SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]

lines = [
    f"# Unicode {unicodedata.unidata_version}; made by eng/generate-nfkd.py",
    "# Derived from the Unicode Character Database, (c) Unicode, Inc., under the Unicode License V3 (unicode.org/license.txt)",
]
for code in SCALARS:
    decomposed = unicodedata.normalize("NFKD", chr(code))
    if decomposed != chr(code) and code not in HANGUL:
        lines.append(f"{code:x}=" + " ".join(f"{ord(c):x}" for c in decomposed))

first = None
for code in SCALARS + [0x110000]:
    combining = unicodedata.combining(chr(code)) if code < 0x110000 else 0
    if first is not None and (combining != first[1] or code != last + 1):
        lines.append(f"{first[0]:x}-{last:x}:{first[1]:x}")
        first = None
    if combining and first is None:
        first = (code, combining)
    last = code

path = os.path.join(os.path.dirname(__file__), "..", "src", "Tributary.Crypto", "Text", "nfkd.txt")
with open(path, "w", encoding="ascii", newline="\n") as file:
    file.write("\n".join(lines) + "\n")
