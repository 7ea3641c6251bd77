"""cell-eval's evaluator, `full` profile, on two files.
usage: peer_cell_eval.py PRED.h5ad REAL.h5ad OUTDIR THREADS     prints one JSON object"""
import json, resource, sys, time

start = time.perf_counter()
from cell_eval import MetricsEvaluator

loaded = time.perf_counter()
evaluator = MetricsEvaluator(adata_pred=sys.argv[1], adata_real=sys.argv[2], control_pert="control", pert_col="target",
                             num_threads=int(sys.argv[4]), outdir=sys.argv[3])
tested = time.perf_counter()
results, aggregate = evaluator.compute(profile="full", basename="results.csv", write_csv=True)
end = time.perf_counter()
print(json.dumps({"import_s": loaded - start, "de_s": tested - loaded, "metrics_s": end - tested, "work_s": end - loaded,
                  "pearson_delta": float(results["pearson_delta"].mean()), "pearson_edistance": float(results["pearson_edistance"][0]),
                  "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
