"""Runs go from emberview to arc-state and back: equal predictions, and training that goes on where the other stopped.

Needs EMBER_PEERS (an environment with arc-state) and EMBER_BIN (the folder of emberview-cli)."""

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

DATA = Path(__file__).resolve().parent.parent / "data" / "state"
PEER = Path(os.environ["EMBER_PEERS"]) / "bin" / "state"
OURS = Path(os.environ["EMBER_BIN"]) / "emberview-cli"
INFER = shlex.split("--adata tiny.h5ad --embed-key X_hvg --pert-col gene --celltype-col cell_type "
                    "--batch-col gem_group --control-pert control --seed 42")
STEPS, MORE = 57, 19  # not whole epochs, which are 10 steps long


def run(command, folder):
    start = time.monotonic()
    environment = {**os.environ, "OMP_NUM_THREADS": "2", "HYDRA_FULL_ERROR": "1"}
    done = subprocess.run([str(part) for part in command], cwd=folder, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(f"  {Path(str(command[0])).name} {' '.join(map(str, command[1:3]))}: {time.monotonic() - start:.0f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout[-4000:])
        raise SystemExit(f"{command[0]} failed with status {done.returncode}")
    return done.stdout


def train_settings(**changes):
    """The overrides of train.sh, some of them changed."""
    text = (DATA / "train.sh").read_text().replace("\\\n", " ")
    words = shlex.split(re.search(r"state tx train (.*)", text).group(1))
    settings = dict(word.split("=", 1) for word in words)
    settings.update({key.replace("__", "."): str(value) for key, value in changes.items()})
    return [f"{key}={value}" for key, value in settings.items()]


def losses(run_directory):
    """(step, train_loss) of metrics.csv."""
    with open(run_directory / "version_0" / "metrics.csv", newline="") as file:
        return [(int(row["step"]), float(row["train_loss"])) for row in csv.DictReader(file) if row.get("train_loss")]


def checkpoint(run_directory, name):
    return torch.load(run_directory / "checkpoints" / f"{name}.ckpt", map_location="cpu", weights_only=True)


def adam(state):
    return state["optimizer_states"][0]["state"]


def check(condition, text):
    if not condition:
        raise SystemExit(f"FAILED: {text}")
    print(f"  ok: {text}", flush=True)


def compare_predictions(folder, name):
    arguments = INFER + ["--model-dir", name, "--checkpoint", f"{name}/checkpoints/final.ckpt"]
    run([PEER, "tx", "infer", *arguments, "--output", "theirs.npy", "--quiet"], folder)
    run([OURS, "infer", *arguments, "--output", "ours.npy"], folder)
    theirs, ours = np.load(folder / "theirs.npy"), np.load(folder / "ours.npy")
    check(theirs.shape == ours.shape and theirs.shape[0] == 600, f"predictions have shape {theirs.shape}")
    difference = float(np.abs(theirs - ours).max())
    check(difference <= 1e-5, f"predictions of {name} are equal: largest difference {difference:.1e}")


def check_continued(before, after, what):
    """`before`, `after`: (step, loss); the later ones are of the same kind, not those of a fresh start."""
    last = np.mean([loss for _, loss in before[-3:]])
    new = [loss for step, loss in after if step > before[-1][0]]
    check(len(new) > 0 and all(np.isfinite(new)), f"{what}: {len(new)} new finite losses")
    check(new[0] < 1.6 * last, f"{what}: the first loss {new[0]:.3f} goes on from {last:.3f} (run's first: {before[0][1]:.3f})")


def ours_to_peer(folder):
    print("A run trained here, used and continued by arc-state")
    run([OURS, "train", *train_settings(training__max_steps=STEPS, training__val_freq=MORE, name="run_ours")], folder)
    directory = folder / "run_ours"
    mine, before = checkpoint(directory, "last"), losses(directory)
    check(mine["global_step"] == STEPS, f"last.ckpt is of step {STEPS}")
    compare_predictions(folder, "run_ours")
    # arc-state's logger starts metrics.csv anew when it goes on.
    run([PEER, "tx", "train", *train_settings(training__max_steps=STEPS + MORE, training__val_freq=MORE, name="run_ours",
                                              overwrite="false")], folder)
    theirs = checkpoint(directory, "last")
    check(theirs["global_step"] == STEPS + MORE, f"arc-state went on to step {theirs['global_step']}")
    check(set(adam(theirs)) == set(adam(mine)), f"with moments of the same {len(adam(mine))} parameters")
    check(all(float(entry["step"]) == STEPS + MORE for entry in adam(theirs).values()), "and our Adam's step counts")
    check_continued(before, losses(directory), "arc-state")
    check(not list((directory / "checkpoints").glob("last-v*")), "it replaced last.ckpt")


def peer_to_ours(folder):
    print("arc-state's run, continued here and used by arc-state")
    shutil.copytree(DATA / "run_tiny", folder / "run_tiny")
    directory = folder / "run_tiny"
    theirs, before = checkpoint(directory, "last"), losses(directory)
    start = theirs["global_step"]
    run([OURS, "train", "resume", "run_tiny", f"training.max_steps={start + 20}"], folder)
    mine, after = checkpoint(directory, "last"), losses(directory)
    check(mine["global_step"] == start + 20, f"went on to step {mine['global_step']}")
    check(after[:len(before)] == before, "the curve so far is kept")
    check_continued(before, after, "emberview")
    check(list(mine["state_dict"]) == list(theirs["state_dict"]), "the same tensors in the same order")
    check(set(adam(mine)) == set(adam(theirs)), f"with moments of the same {len(adam(theirs))} parameters")
    check(all(float(entry["step"]) == start + 20 for entry in adam(mine).values()), "and its Adam's step counts")
    change = [float((adam(mine)[i]["exp_avg_sq"] - adam(theirs)[i]["exp_avg_sq"]).norm() /
                    adam(theirs)[i]["exp_avg_sq"].norm()) for i in adam(theirs)]
    check(np.median(change) < 0.2, f"second moments moved by {np.median(change):.1%} (median)")
    compare_predictions(folder, "run_tiny")


def main():
    with tempfile.TemporaryDirectory(prefix="ember-peer-") as name:
        folder = Path(name)
        for file in ("tiny.h5ad", "tiny.toml"):
            shutil.copy(DATA / file, folder)
        peer_to_ours(folder)
        ours_to_peer(folder)
    print("All round trips agree.")


if __name__ == "__main__":
    sys.exit(main())
