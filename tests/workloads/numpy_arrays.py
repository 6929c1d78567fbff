"""Arrays by NumPy, for npz_numpy_test.

write FOLDER: files that NumPy writes, with the values that the test expects.
check FILE...: reads what NpzWriter wrote, and fails where NumPy finds anything else.

Value i of an array, in C's order, is (7 i + 3) % 101.
"""

import pathlib
import sys
import warnings
import zipfile

import numpy

DTYPES = ["float32", "float64", "int32", "int64", "int8", "uint8"]


def values(shape, dtype="float32"):
    count = int(numpy.prod(shape, dtype=numpy.int64))
    return ((7 * numpy.arange(count) + 3) % 101).astype(dtype).reshape(shape)


def arrays():
    found = {dtype: values((5, 4, 3), dtype) for dtype in DTYPES}
    found["fortran"] = numpy.asfortranarray(values((5, 4, 3)))
    found["transposed"] = numpy.asfortranarray(values((7, 9), "int64"))
    found["one_row"] = numpy.asfortranarray(values((1, 9)))
    found["single"] = numpy.float64(3)
    found["vector"] = values((11,), "int32")
    found["empty"] = values((0, 7))
    found["columns_of_nothing"] = values((7, 0))
    found["strided"] = values((10, 6))[::2, ::3]
    found["deep"] = values((1, 2) * 8, "uint8")
    found["large"] = values((50_021, 18))
    found["gr\u00f6\u00dfe"] = values((2,))
    return found


def save_by_hand(file, entries):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, write in entries.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as stream:
                write(stream)


def with_version(array, version):
    return lambda stream: numpy.lib.format.write_array(stream, array, version=version)


def long_header(stream):
    """Longer than version 1 can say: NumPy's own dictionary and many spaces, as after a long life of growing."""
    text = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" + b" " * 70_000 + b"\n"
    stream.write(b"\x93NUMPY\x02\x00" + len(text).to_bytes(4, "little") + text + values((2, 3)).tobytes())


class Unseekable:
    """A pipe: sizes and CRC follow the data."""

    def __init__(self, file):
        self.file = file

    def write(self, data):
        return self.file.write(data)

    def flush(self):
        self.file.flush()


def write(folder):
    warnings.simplefilter("ignore", UserWarning)  # that versions 2 and 3 cannot be read by an old NumPy
    numpy.savez(folder / "savez.npz", **arrays())
    numpy.savez_compressed(folder / "savez_compressed.npz", **arrays())
    save_by_hand(
        folder / "versions.npz",
        {
            "version1": with_version(values((5, 3)), (1, 0)),
            "version2": with_version(values((5, 3)), (2, 0)),
            "version3": with_version(values((5, 3)), (3, 0)),
            "long_header": long_header,
        },
    )
    with open(folder / "piped.npz", "wb") as file:
        with zipfile.ZipFile(Unseekable(file), "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("a.npy", "w") as stream:
                numpy.lib.format.write_array(stream, values((5, 3)))
    fields = numpy.zeros(2, dtype=[(f"field_{i:06}", "<f4") for i in range(5000)])
    numpy.savez(
        folder / "refused.npz",
        objects=numpy.array([None, "x"], dtype=object),
        big_endian=values((3,)).astype(">f4"),
        structure=numpy.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]),
        many_fields=fields,
        truth=numpy.array([True]),
        text=numpy.array(["abc"]),
        bytes=numpy.array([b"abc"]),
        half=values((3,), "float16"),
        unsigned=values((3,), "uint32"),
        complex=values((3,), "complex64"),
        time=numpy.array(["2026-01-01"], dtype="datetime64[ns]"),
    )


def check(file):
    expected = {dtype: values((5, 4, 3), dtype) for dtype in DTYPES}
    expected["single"] = numpy.array(3, dtype="float64")
    expected["empty"] = values((0, 7))
    expected["large"] = values((20_011, 18), "int8")
    expected["gr\u00f6\u00dfe"] = values((2,))
    assert zipfile.ZipFile(file).testzip() is None
    with numpy.load(file, allow_pickle=False) as found:
        assert found.files == list(expected), found.files
        for name, array in expected.items():
            assert found[name].dtype == array.dtype, (name, found[name].dtype)
            assert found[name].shape == array.shape, (name, found[name].shape)
            assert (found[name] == array).all(), name


for path in sys.argv[2:]:
    {"write": write, "check": check}[sys.argv[1]](pathlib.Path(path))
