"""Eager anndata.read_h5ad, then the prediction statistics with numpy: what an analyst writes in a notebook.
usage: peer_statistics.py FILE COLUMN[,COLUMN…]     prints one JSON object"""
import json, resource, sys, time
import anndata, numpy as np

def statistics(x):
    x = np.asarray(x)
    return {"cells": len(x), "mean": float(x.mean(dtype=np.float64)), "std": float(x.std(dtype=np.float64)), "min": float(x.min()),
            "max": float(x.max()), "sparsity": float((x == 0).mean()), "magnitude_mean": float(np.linalg.norm(x, axis=1).mean(dtype=np.float64))}

start = time.perf_counter()
backed = anndata.read_h5ad(sys.argv[1], backed="r")
{c: backed.obs[c].value_counts() for c in sys.argv[2].split(",")}
np.histogram(np.asarray(backed.X[:512]), bins=60)
opened = time.perf_counter()
backed.file.close()
before_read = time.perf_counter()
data = anndata.read_h5ad(sys.argv[1])
read = time.perf_counter()
result = {"overall": statistics(data.X)}
for column in sys.argv[2].split(","):
    result[column] = {group: statistics(data.X[(data.obs[column] == group).to_numpy()]) for group in data.obs[column].unique()}
end = time.perf_counter()
print(json.dumps({"open_s": opened - start, "read_s": read - before_read, "statistics_s": end - read, "pass_s": end - before_read,
                  "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "mean": result["overall"]["mean"]}))
