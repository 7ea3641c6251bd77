"""scikit-learn's exact PCA of X, already in memory, to 50 components and the scores.
usage: peer_pca.py FILE.h5ad OUT.npy     prints one JSON object"""
import json, resource, sys, time
import anndata, numpy as np
from sklearn.decomposition import PCA

x = np.asarray(anndata.read_h5ad(sys.argv[1]).X)
start = time.perf_counter()
model = PCA(50, svd_solver="covariance_eigh").fit(x)
scores = model.transform(x)
end = time.perf_counter()
np.save(sys.argv[2], model.components_.astype(np.float32))
print(json.dumps({"fit_s": end - start, "variance_ratio": float(model.explained_variance_ratio_.sum()),
                  "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
