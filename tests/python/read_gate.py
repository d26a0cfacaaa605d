"""read_gate.py FOLDER: computes the statistics of the regression gate again with scipy."""
import json
import pathlib
import sys

import numpy as np
from scipy import stats

given = json.loads((pathlib.Path(sys.argv[1]) / "gate.json").read_text())
checks = 0


def near(what, found, expected, tolerance):
    global checks
    checks += 1
    if not np.all(np.abs(np.asarray(found) - np.asarray(expected)) <= tolerance):
        sys.exit(f"{what}: {found}, but scipy has {expected} (tolerance {tolerance})")


def cluster_mean(sums, cells, axis=-1):
    return np.sum(sums, axis=axis) / np.sum(cells, axis=axis)


def cluster_error(sums, cells):
    mean, g = sums.sum(-1) / cells.sum(-1), sums.shape[-1]
    residuals = sums - cells * mean[..., None]
    return np.sqrt(g / (g - 1) * (residuals**2).sum(-1)) / cells.sum(-1)


for case in given["clusters"]:
    sums, cells = np.array(case["sums"]), np.array(case["cells"], float)
    count, error = len(sums), case["standard_error"]
    near("mean", case["mean"], cluster_mean(sums, cells), 1e-12)
    near("standard error", error, cluster_error(sums, cells), 1e-12)

    # All sign patterns where there are at most 20,000, else random ones.
    exact = 2**count <= 20000
    test = stats.permutation_test(
        (sums,), np.sum, permutation_type="samples", vectorized=True,
        n_resamples=np.inf if exact else 20000, rng=np.random.default_rng(1))
    spread = np.sqrt(test.pvalue * (1 - test.pvalue) / 20000)
    near("sign-flip p", case["p_value"], test.pvalue, 1e-12 if exact else 6 * spread + 1e-4)

    # The studentised bootstrap by numpy, of other random numbers.
    drawn = np.random.default_rng(2).integers(count, size=(20000, count))
    means = sums[drawn].sum(-1) / cells[drawn].sum(-1)
    t = (means - case["mean"]) / cluster_error(sums[drawn], cells[drawn])
    low, high = np.quantile(t, [0.025, 0.975])
    near("interval", case["interval"], [case["mean"] - high * error, case["mean"] - low * error],
         (0.15 if count < 10 else 0.08) * error)
    # Bias-corrected and accelerated: another kind of interval, close where clusters are many.
    if count >= 40:
        bca = stats.bootstrap((sums, cells), cluster_mean, paired=True, vectorized=True,
                              method="BCa", n_resamples=9999, rng=np.random.default_rng(3))
        near("BCa interval", case["interval"], bca.confidence_interval, 0.3 * error)

    bound = stats.t.ppf(0.975, count - 1)
    near("power", case["power_of_1"], stats.nct.sf(bound, count - 1, 1 / error), 1e-6)
    near("power of the detectable loss", 0.8,
         stats.nct.sf(bound, count - 1, case["detectable_loss"] / error), 1e-6)

near("Benjamini-Hochberg", given["adjusted"], stats.false_discovery_control(given["p_values"]), 1e-12)

# What the looks spend together: the probability that a Brownian motion passes a boundary at any.
shares = np.array(given["shares"])
covariance = np.minimum.outer(shares, shares)
for name, levels in given["levels"].items():
    bounds = stats.norm.isf(np.array(levels) / 2) * np.sqrt(shares)
    within = stats.multivariate_normal(cov=covariance, abseps=1e-6, releps=1e-6, maxpts=10**6).cdf(
        bounds, lower_limit=-bounds)
    near(f"level of all looks, {name}", 1 - within, 0.05, 2e-4)

print(f"{checks} statistics agree with scipy {__import__('scipy').__version__}")
