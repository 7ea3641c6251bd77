"""Training steps of arc-state's training_step, backward, clipping and Adam, as Lightning runs them: sets of 256 cells.

usage: peer_st_train.py [--sets 1] [--steps 4] [--threads 2] [--lora] [--precision highest|medium]
Prints one line of JSON with the keys of train_bench.
"""
import argparse, json, os, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--sets", type=int, default=1)
parser.add_argument("--steps", type=int, default=4)
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--lora", action="store_true")
parser.add_argument("--precision", default="highest", choices=["highest", "medium"])
arguments = parser.parse_args()

import torch
from peer_st_common import LORA, TAHOE, build, rss_gb

torch.set_num_threads(arguments.threads)
torch.set_float32_matmul_precision(arguments.precision)
torch.manual_seed(0)
model = build(lora=arguments.lora).train()
cells, generator = arguments.sets * TAHOE["cell_set_len"], torch.Generator().manual_seed(0)


def random_cells():
    return torch.relu(torch.randn(cells, TAHOE["input_dim"], generator=generator))


def one_hot(width, position):
    rows = torch.zeros(cells, width)
    rows[:, position] = 1
    return rows


batch = {"pert_emb": one_hot(TAHOE["pert_dim"], 3), "batch": one_hot(TAHOE["batch_dim"], 0),
         "ctrl_cell_emb": random_cells(), "pert_cell_emb": random_cells()}
optimizer = torch.optim.Adam(model.parameters(), lr=TAHOE["lr"])
steps = []
for number in range(arguments.steps):
    processor, times = time.process_time(), [time.perf_counter()]
    optimizer.zero_grad()
    loss = model.training_step(batch, number)
    times.append(time.perf_counter())
    loss.backward()
    times.append(time.perf_counter())
    torch.nn.utils.clip_grad_norm_(model.parameters(), 10.0)
    optimizer.step()
    times.append(time.perf_counter())
    steps.append({"forward_s": times[1] - times[0], "backward_s": times[2] - times[1], "optimizer_s": times[3] - times[2],
                  "step_s": times[3] - times[0], "cpu_s": time.process_time() - processor, "loss": float(loss.detach())})
best = min(steps[1:] or steps, key=lambda step: step["step_s"])
print(json.dumps({"sets": arguments.sets, "threads": arguments.threads, "step_s_first": steps[0]["step_s"], "step_s_best": best["step_s"],
                  **{key: best[key] for key in ("forward_s", "backward_s", "optimizer_s")},
                  "step_cpu_s": [step["cpu_s"] for step in steps], "peak_rss_gb": rss_gb(), "loss": [step["loss"] for step in steps]}))
