"""gseapy's pre-ranked enrichment on a problem of the size of enrich_bench. usage: peer_enrich.py [GENES [SETS [PERMUTATIONS]]]"""
import json, sys, time
import gseapy, numpy, pandas

genes, sets, permutations = [int(a) for a in sys.argv[1:]] + [20000, 2500, 1000][len(sys.argv) - 1:]
random = numpy.random.default_rng(1)
names = numpy.array([f"G{i}" for i in range(genes)])
ranking = pandas.DataFrame({"gene": names, "score": random.normal(size=genes)})
collection = {f"S{i}": names[random.choice(genes, min(5 + int(495 * random.random() ** 3), genes // 2), replace=False)].tolist()
              for i in range(sets)}
start = time.perf_counter()
result = gseapy.prerank(rnk=ranking, gene_sets=collection, permutation_num=permutations, min_size=5, max_size=500, seed=1,
                        threads=2, outdir=None, no_plot=True)
print(json.dumps({"genes": genes, "sets": len(result.results), "permutations": permutations,
                  "ranked_s": time.perf_counter() - start}))
