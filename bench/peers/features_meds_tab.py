"""MEDS-Tab's own steps on one folder of events: features_meds_tab.py EVENTS OUT [--mended] [--labels FOLDER TASK].

Five windows, six aggregations, events of codes with at least ten of them (its default). With labels, its row cache for them as well.

As published, version 0.2.0 does not compute what it says, so `--mended` computes that, to compare cells with; only the
published one is timed. What is mended:
- no value passes the filter of the value aggregations, which are all empty (github.com/mmcdermott/MEDS_Tabular_AutoML/issues/168);
- the last event of every instant is left out, because an inclusive end is used as an exclusive one (`compute_agg`);
- counts count instants and not events, and sums of squares square sums of squares, because both are taken in two stages;
- the smallest (largest) value is 0 as soon as any event in the window lacks it, because absent entries count as zeros.
"""

import json
import resource
import sys
import time

AGGREGATIONS = ["code/count", "value/count", "value/sum", "value/sum_sqd", "value/min", "value/max"]
WINDOWS = ["1d", "7d", "30d", "365d", "full"]


def mend():
    import numpy as np
    import polars as pl
    from MEDS_tabular_automl import generate_summarized_reps as reps
    from MEDS_tabular_automl import generate_ts_features as features
    from scipy.sparse import csc_array

    def long_values(df, ts_columns):
        place = {features.feature_name_to_code(column): i for i, column in enumerate(ts_columns)}
        values = df.with_row_index("index").drop_nulls("numeric_value").filter(pl.col("code").is_in(list(place))).collect()
        columns = np.array([place[code] for code in values["code"]], dtype=np.int64)
        return values["numeric_value"].to_numpy(), (values["index"].to_numpy(), columns)

    def aggregate(matrix, agg):
        matrix = csc_array(matrix)
        starts, ends = matrix.indptr[:-1], matrix.indptr[1:]
        out = np.zeros(matrix.shape[1], dtype=np.float64)
        filled = ends > starts
        if agg == "count":
            return (ends - starts).astype(np.float64)
        if filled.any():
            data = matrix.data.astype(np.float64)
            reduce = {"sum": np.add, "sum_sqd": np.add, "min": np.minimum, "max": np.maximum}[agg]
            out[filled] = reduce.reduceat(data * data if agg == "sum_sqd" else data, starts[filled])
        return out

    def compute(index_df, matrix, window_size, agg, num_features, label_df=None, use_tqdm=False):
        groups = (
            index_df.with_row_index("index").group_by(["subject_id", "time"], maintain_order=True)
            .agg(pl.col("index").min().alias("first"), pl.col("index").max().alias("last")).collect()
        )
        windows = reps.get_rolling_window_indicies(groups.lazy().select("subject_id", "time"), window_size, label_df)
        first, last = groups["first"].to_numpy(), groups["last"].to_numpy()
        begin, end = windows["min_index"].to_numpy(), windows["max_index"].to_numpy()
        empty = begin == end
        spans = pl.DataFrame({
            "min_index": np.where(empty, 0, first[np.minimum(begin, len(first) - 1)]),
            "max_index": np.where(empty, 0, last[np.maximum(end, 1) - 1] + 1),
        })
        return reps.aggregate_matrix(spans, matrix, agg, num_features, use_tqdm)

    features.get_long_value_df = long_values
    reps.sparse_aggregate = aggregate
    reps.compute_agg = compute


def main():
    given = list(sys.argv)
    events, out = given[1], given[2]
    if "--mended" in given:
        mend()
    from MEDS_tabular_automl.scripts import describe_codes, tabularize_static, tabularize_time_series

    common = [f"input_dir={events}", f"output_dir={out}", "do_overwrite=False"]
    asked = [f"tabularization.aggs=[{','.join(AGGREGATIONS)}]", f"tabularization.window_sizes=[{','.join(WINDOWS)}]"]
    began = time.perf_counter()
    for script, arguments in [
        (describe_codes, common), (tabularize_static, common + asked), (tabularize_time_series, common + asked),
    ]:
        sys.argv = [script.__file__, *arguments]
        script.main()
    said = {"seconds_tabularise": time.perf_counter() - began, "peak_mib_tabularise": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    if "--labels" in given:
        from MEDS_tabular_automl.scripts import cache_task

        labels, task = given[given.index("--labels") + 1 :][:2]
        sys.argv = [
            cache_task.__file__, *common, *asked, f"input_label_dir={labels}", f"task_name={task}",
            f"input_tabularized_dir={out}/tabularize",
        ]
        cache_task.main()
    print(json.dumps({"seconds_inside": time.perf_counter() - began, **said}))


main()
