"""Real cells and a noisy prediction of them: log1p, sparse, 20 perturbations with effects and a control.
usage: peer_cell_eval_make.py REAL.h5ad PRED.h5ad [--cells 57298] [--genes 2000] [--perturbations 20]"""
import argparse
import anndata, numpy as np, pandas as pd
from scipy.sparse import csr_matrix

parser = argparse.ArgumentParser()
parser.add_argument("real"), parser.add_argument("pred")
parser.add_argument("--cells", type=int, default=57298)
parser.add_argument("--genes", type=int, default=2000)
parser.add_argument("--perturbations", type=int, default=20)
a = parser.parse_args()
random = np.random.default_rng(1)
labels = np.array(["control"] + [f"pert_{i:02d}" for i in range(a.perturbations)])
group = random.choice(len(labels), a.cells, p=np.r_[0.2, np.full(a.perturbations, 0.8 / a.perturbations)])
group.sort()
random.shuffle(group)
base = random.gamma(0.3, 0.4, a.genes)
effect = np.ones((len(labels), a.genes))
for p in range(1, len(labels)):
    genes = random.choice(a.genes, a.genes // 20, replace=False)
    effect[p, genes] = np.exp(random.normal(0, 1, genes.size))
seen = 1 + 0.6 * (effect - 1)  # the prediction finds a part of the effect

def cells(effects, seed):
    draw = np.random.default_rng(seed)
    parts = []
    for first in range(0, a.cells, 4096):
        g = group[first:first + 4096]
        depth = draw.lognormal(0, 0.3, g.size)[:, None]
        counts = draw.poisson(depth * base * effects[g])
        total = np.maximum(counts.sum(1, keepdims=True), 1)
        parts.append(csr_matrix(np.log1p(counts / total * 1e3).astype(np.float32)))
    from scipy.sparse import vstack
    return vstack(parts, format="csr")

obs = pd.DataFrame({"target": pd.Categorical(labels[group], categories=labels)}, index=[f"cell_{i}" for i in range(a.cells)])
var = pd.DataFrame(index=[f"G{i:05d}" for i in range(a.genes)])
for file, effects, seed in ((a.real, effect, 2), (a.pred, seen, 3)):
    x = cells(effects, seed)
    print(file, "density", x.nnz / np.prod(x.shape))
    anndata.AnnData(x, obs=obs, var=var).write_h5ad(file)
