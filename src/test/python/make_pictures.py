"""Writes small pictures (PNG, 640 × 480, 3.5 kB, each of its own content) for make_coco_results.py's ground truth.

    python3 src/test/python/make_pictures.py FOLDER COUNT
"""

import pathlib
import struct
import sys
import zlib

from make_coco_results import HEIGHT, WIDTH


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def make(folder, count):
    folder = pathlib.Path(folder)
    unfinished = folder.with_name(folder.name + ".unfinished")
    unfinished.mkdir(parents=True, exist_ok=True)
    rows = b"".join(b"\0" + bytes((row + column // 8) % 256 for column in range(WIDTH)) for row in range(HEIGHT))
    before = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0))
    after = chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    for number in range(1, count + 1):
        (unfinished / f"{number:012d}.jpg").write_bytes(before + chunk(b"tEXt", b"Comment\0%d" % number) + after)
    unfinished.rename(folder)


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]))
