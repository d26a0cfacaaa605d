#!/usr/bin/env python3
"""Draws the plots of the calibration of agents and prints its table in Markdown.

    HUNTSMAN_CALIBRATION_TABLE=1 test_agents_traffic_loop --gtest_filter='Calibration.*' > calibration.txt
    docs/calibration.py calibration.txt docs/images

Reads the lines "curve,NAME,GAP,ACCEPTED,OFFERED" and
"figure,NAME,MEASURED,UNIT,LOW,HIGH,SOURCE"; the others are left out.
"""
import math
import pathlib
import sys

COLOURS = ["#1f6fb4", "#c2571a", "#2b8a3e"]
WIDTH, HEIGHT, LEFT, TOP, LONGEST_S = 300, 170, 40, 30, 14.0
ON_FOOT = [("4 m of road", "4 m"), ("7.5 m", "7.5 m"), ("11 m", "11 m")]
AGES = ["child", "pedestrian", "elderly"]


def read(path):
    curves, figures = {}, []
    for line in path.read_text().splitlines():
        kind, *fields = line.split(",")
        if kind == "curve":
            name, gap, accepted, offered = fields
            curves.setdefault(name, []).append((float(gap), int(accepted), int(offered)))
        elif kind == "figure":
            name, measured, unit, low, high, *source = fields
            figures.append((name, float(measured), unit, float(low), float(high), ",".join(source)))
    return curves, figures


def fit(points):
    """The logistic curve of most likelihood: middle and scale in seconds."""
    a, b = 0.0, 0.5
    centre = sum(g * n for g, _, n in points) / sum(n for _, _, n in points)
    for _ in range(200):
        ga = gb = 0.0
        haa = hbb = 1e-9
        hab = 0.0
        for gap, accepted, offered in points:
            t = gap - centre
            share = 1 / (1 + math.exp(-(a + b * t)))
            weight = offered * share * (1 - share)
            ga += accepted - offered * share
            gb += (accepted - offered * share) * t
            haa += weight
            hab += weight * t
            hbb += weight * t * t
        determinant = haa * hbb - hab * hab
        step_a = (hbb * ga - hab * gb) / determinant
        step_b = (haa * gb - hab * ga) / determinant
        damping = min(1.0, 1.0 / max(abs(step_a), abs(step_b), 1e-12))
        a += damping * step_a
        b = min(max(b + damping * step_b, 0.01), 10.0)
    return centre - a / b, 1 / b


def x(gap):
    return LEFT + WIDTH * gap / LONGEST_S


def y(share):
    return TOP + HEIGHT * (1 - share)


def panel(title, series):
    """One pair of axes with curves: `series` is a list of (label, points)."""
    out = [f'<text x="{LEFT}" y="{TOP - 12}" font-weight="bold">{title}</text>']
    for share in (0, 0.5, 1):
        out.append(f'<path d="M{LEFT},{y(share)} h{WIDTH}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y(share) + 4}" text-anchor="end">{share:g}</text>')
    for gap in range(0, 15, 2):
        out.append(f'<text x="{x(gap):.0f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{gap}</text>')
    for index, (label, points) in enumerate(series):
        colour = COLOURS[index]
        middle, scale = fit(points)
        line = " ".join(
            f"{x(g / 4):.1f},{y(1 / (1 + math.exp(min(50.0, -(g / 4 - middle) / scale)))):.1f}"
            for g in range(0, int(4 * LONGEST_S) + 1))
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        for gap, accepted, offered in points:
            if offered:
                out.append(f'<circle cx="{x(gap):.1f}" cy="{y(accepted / offered):.1f}" r="2.5" '
                           f'fill="{colour}"/>')
        out.append(f'<text x="{LEFT + WIDTH - 4}" y="{y(0.32) + 16 * index}" text-anchor="end" '
                   f'stroke="white" stroke-width="4" paint-order="stroke" '
                   f'fill="{colour}">{label}: {middle:.1f} s</text>')
    return out


def write(path, panels):
    columns = len(panels)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns * (WIDTH + 55) + 10} '
           f'{HEIGHT + TOP + 45}" font-family="Helvetica, Arial, sans-serif" font-size="12">',
           '<rect width="100%" height="100%" fill="#ffffff"/>']
    for index, (title, series) in enumerate(panels):
        out.append(f'<g transform="translate({index * (WIDTH + 55)},0)">')
        out += panel(title, series)
        out.append(f'<text x="{LEFT + WIDTH / 2:.0f}" y="{TOP + HEIGHT + 34}" '
                   'text-anchor="middle">gap [s]; share that goes</text>')
        out.append("</g>")
    out.append("</svg>")
    path.write_text("\n".join(out) + "\n")


def main():
    curves, figures = read(pathlib.Path(sys.argv[1]))
    folder = pathlib.Path(sys.argv[2])
    write(folder / "calibration_on_foot.svg",
          [(title, [(age, curves[f"on foot {age} {width}"]) for age in AGES])
           for title, width in ON_FOOT])
    write(folder / "calibration_drivers.svg",
          [("Drivers who turn",
            [(name, curves[name]) for name in ("turn into main road", "permissive left")])])
    print("| what | measured | range | source |\n|---|---|---|---|")
    for name, measured, unit, low, high, source in figures:
        print(f"| {name} | {measured:.2f} {unit} | {low:.2f} to {high:.2f} | {source} |")


if __name__ == "__main__":
    main()
