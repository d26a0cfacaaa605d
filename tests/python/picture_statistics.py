"""Statistics by which rendered pictures are compared with photographs.

    python3 tests/python/picture_statistics.py PICTURE ...

Prints a row per picture and the means: the slope of the luma's power spectrum between a quarter and half a cycle per
pixel (of log power over log frequency; photographs of streets 4 to 5), percentiles of the luma's gradient, the share of
pixels with a channel of at least 254, of those at most 3, mean and standard deviation of luma, and saturation.
"""
import argparse
import sys

import numpy as np
from PIL import Image


def luma_of(rgb):
    return rgb @ np.array([0.299, 0.587, 0.114])


def spectrum_slope(luma, low=0.25, high=0.5):
    """Negative slope of log power over log frequency, mean over angles, under a Hann window."""
    h, w = luma.shape
    window = np.hanning(h)[:, None] * np.hanning(w)[None, :]
    power = np.abs(np.fft.fft2((luma - luma.mean()) * window)) ** 2
    frequency = np.hypot(np.fft.fftfreq(h)[:, None], np.fft.fftfreq(w)[None, :])
    edges = np.geomspace(low, high, 13)
    middles, means = [], []
    for a, b in zip(edges[:-1], edges[1:]):
        ring = (frequency >= a) & (frequency < b)
        middles.append(np.sqrt(a * b))
        means.append(power[ring].mean())
    return -np.polyfit(np.log(middles), np.log(means), 1)[0]


def statistics(rgb):
    """Of a picture of shape (height, width, 3), 0 to 255."""
    rgb = np.asarray(rgb, dtype=np.float64)
    luma = luma_of(rgb)
    dy, dx = np.gradient(luma)
    gradient = np.hypot(dx, dy)
    most = rgb.max(axis=2)
    saturation = (most - rgb.min(axis=2)) / np.maximum(most, 1)
    return {
        "slope": spectrum_slope(luma),
        "gradient p50": np.percentile(gradient, 50),
        "gradient p99": np.percentile(gradient, 99),
        "clipped [%]": 100 * np.mean(most >= 254),
        "black [%]": 100 * np.mean(most <= 3),
        "mean": luma.mean(),
        "deviation": luma.std(),
        "saturation": saturation.mean(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pictures", nargs="+", help="PNG or JPEG files")
    rows = []
    for path in parser.parse_args().pictures:
        try:
            rows.append((path, statistics(Image.open(path).convert("RGB"))))
        except OSError as error:
            sys.exit(f"{path}: {error}")
    names = list(rows[0][1])
    print("| picture |", " | ".join(names), "|")
    print("|" + "---|" * (len(names) + 1))
    rows.append(("mean", {n: np.mean([r[n] for _, r in rows]) for n in names}))
    for path, row in rows:
        print(f"| {path} |", " | ".join(f"{row[n]:.2f}" for n in names), "|")


if __name__ == "__main__":
    main()
