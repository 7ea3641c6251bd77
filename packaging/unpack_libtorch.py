"""Unpacks from wheels what the C++ build needs: python3 unpack_libtorch.py WHEELS TARGET yes|no (keep CUDA)."""
import pathlib
import sys
import zipfile

wheels, target, keep_cuda = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3] == "yes"
for wheel in sorted(wheels.glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            wanted = member.startswith(("torch/lib/", "torch/include/", "nvidia/")) and not member.endswith(".py")
            wanted = wanted or "license" in member.lower()
            if "libtorch_cuda" in member and not keep_cuda:
                wanted = False
            if wanted:
                archive.extract(member, target)
