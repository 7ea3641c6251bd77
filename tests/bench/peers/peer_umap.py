"""umap-learn on points. usage: peer_umap.py POINTS.npy OUT.npy [--seed N|none]     prints one JSON object
With a seed umap-learn runs on one thread; without, on all."""
import json, resource, sys, time
import numpy as np, umap

seed = sys.argv[4] if len(sys.argv) > 4 else "42"
points = np.load(sys.argv[1])
start = time.perf_counter()
umap.UMAP(n_neighbors=5, n_epochs=5).fit(points[:500])
compiled = time.perf_counter()
model = umap.UMAP(n_neighbors=15, random_state=None if seed == "none" else int(seed))
embedding = model.fit_transform(points)
end = time.perf_counter()
np.save(sys.argv[2], embedding.astype(np.float32))
print(json.dumps({"fit_s": end - compiled, "compile_s": compiled - start, "rows": len(points),
                  "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
