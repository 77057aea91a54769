"""Independent values for the tests in this folder, with numpy and scipy alone: python3 src/core/metrics/reference.py

Written from the publications and from MATLAB's conventions, sharing no code with the TypeScript. Both sides draw the same
images by formula (`test_image` here, `drawTestImage` in the tests), so no file passes between them.
"""
import numpy as np
from scipy import ndimage, signal
from scipy.special import gamma


def test_image(width, height, noise):
    """Byte RGB: smooth waves that differ by colour, plus `noise` times a value of −8…8 from integer arithmetic."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    grain = (x * x * 7 + y * y * 13 + x * y * 5 + c * 29) % 17 - 8
    waves = 125 + 60 * np.sin(x / 9 + c) + 40 * np.cos(y / 7 + x / 23)
    return np.clip(np.floor(waves + noise * grain), 0, 255).astype(np.float64)


def luma(rgb):
    return 16 + rgb @ np.array([65.481, 128.553, 24.966]) / 255


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a - b) ** 2))


def ssim(a, b):
    d = np.arange(11) - 5
    window = np.exp(-(d[:, None] ** 2 + d[None] ** 2) / (2 * 1.5**2))
    window /= window.sum()
    blur = lambda image: signal.correlate(image, window, mode="valid", method="direct")
    ma, mb = blur(a), blur(b)
    va, vb, cov = blur(a * a) - ma**2, blur(b * b) - mb**2, blur(a * b) - ma * mb
    c1, c2 = 2.55**2, 7.65**2
    return np.mean((2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2)))


def aggd(block):
    v = block.ravel()
    alphas = np.arange(0.2, 10.001, 0.001)
    ratios = gamma(2 / alphas) ** 2 / (gamma(1 / alphas) * gamma(3 / alphas))
    left, right = np.sqrt(np.mean(v[v < 0] ** 2)), np.sqrt(np.mean(v[v > 0] ** 2))
    g = left / right
    r = np.mean(np.abs(v)) ** 2 / np.mean(v**2) * (g**3 + 1) * (g + 1) / (g**2 + 1) ** 2
    alpha = alphas[np.argmin((ratios - r) ** 2)]
    scale = np.sqrt(gamma(1 / alpha) / gamma(3 / alpha))
    return alpha, left * scale, right * scale


def halve(image):
    """MATLAB's imresize(image, 0.5): the cubic kernel stretched twofold, symmetric border."""
    for axis in (0, 1):
        n = image.shape[axis]
        out = np.arange(n // 2)
        centre = (out + 0.5) * 2 - 0.5
        taps = np.floor(centre - 4)[:, None] + np.arange(10)
        t = np.abs((centre[:, None] - taps) / 2)
        w = np.where(t <= 1, 1.5 * t**3 - 2.5 * t**2 + 1, np.where(t <= 2, -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2, 0))
        w /= w.sum(1, keepdims=True)
        mirror = np.concatenate([np.arange(n), np.arange(n)[::-1]])
        samples = np.take(image, mirror[taps.astype(int) % (2 * n)], axis=axis)
        shape = (n // 2, 10, 1) if axis == 0 else (1, n // 2, 10)
        image = (samples * w.reshape(shape)).sum(axis=axis + 1)
    return image


def niqe_features(y):
    image = np.round(y[: y.shape[0] // 96 * 96, : y.shape[1] // 96 * 96])
    d = np.arange(7) - 3
    window = np.exp(-(d[:, None] ** 2 + d[None] ** 2) / (2 * (7 / 6) ** 2))
    window /= window.sum()
    scales = []
    for size in (96, 48):
        mean = ndimage.correlate(image, window, mode="nearest")
        sigma = np.sqrt(np.abs(ndimage.correlate(image**2, window, mode="nearest") - mean**2))
        normal = (image - mean) / (sigma + 1)
        rows = []
        for top in range(0, image.shape[0], size):
            for left in range(0, image.shape[1], size):
                block = normal[top : top + size, left : left + size]
                alpha, bl, br = aggd(block)
                row = [alpha, (bl + br) / 2]
                for shift in ((0, 1), (1, 0), (1, 1), (1, -1)):
                    alpha, bl, br = aggd(block * np.roll(block, shift, axis=(0, 1)))
                    row += [alpha, (br - bl) * gamma(2 / alpha) / gamma(1 / alpha), bl, br]
                rows.append(row)
        scales.append(rows)
        image = halve(image)
    return np.concatenate(scales, axis=1)


def niqe(y, mean, covariance):
    rows = niqe_features(y)
    difference = mean - rows.mean(0)
    pooled = (covariance + np.cov(rows.T)) / 2
    return np.sqrt(difference @ np.linalg.pinv(pooled) @ difference)


def weight(shape, salt, scale):
    """Pseudo-random weights from integer arithmetic, exact in both languages: (i·7919 + salt·104729) mod 2003 → −1…1."""
    i = np.arange(int(np.prod(shape)))
    return (((i * 7919 + salt * 104729) % 2003 / 1001.0 - 1) * scale).astype(np.float32).astype(np.float64).reshape(shape)


def conv(x, salt, cout, k, stride, pad):
    """x [c,h,w] → relu(conv), weights and biases by `weight`."""
    cin = x.shape[0]
    w, b = weight((cout, cin, k, k), salt, np.sqrt(6 / (cin * k * k))), weight((cout,), salt + 1000, 0.1)
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))[:, ::stride, ::stride]
    return np.maximum(np.einsum("chwij,ocij->ohw", windows, w, optimize=True) + b[:, None, None], 0)


def pool(x, ceil):
    """Maximum over 3×3, stride 2; with `ceil`, a last partial window counts."""
    if ceil:
        extra = [(0, (-(n - 3)) % 2) for n in x.shape[1:]]
        x = np.pad(x, ((0, 0), *extra), constant_values=-np.inf)
    return np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(1, 2))[:, ::2, ::2].max((3, 4))


def alexnet(x):
    taps = [conv(x, 0, 64, 11, 4, 2)]
    taps.append(conv(pool(taps[-1], False), 3, 192, 5, 1, 2))
    taps.append(conv(pool(taps[-1], False), 6, 384, 3, 1, 1))
    taps.append(conv(taps[-1], 8, 256, 3, 1, 1))
    taps.append(conv(taps[-1], 10, 256, 3, 1, 1))
    return taps


def squeezenet(x):
    def fire(x, n, squeeze, expand):
        s = conv(x, n, squeeze, 1, 1, 0)
        return np.concatenate([conv(s, n + 100, expand, 1, 1, 0), conv(s, n + 200, expand, 3, 1, 1)])

    a = conv(x, 0, 64, 3, 2, 0)
    b = fire(fire(pool(a, True), 3, 16, 64), 4, 16, 64)
    c = fire(fire(pool(b, True), 6, 32, 128), 7, 32, 128)
    d = fire(pool(c, True), 9, 48, 192)
    e = fire(d, 10, 48, 192)
    f = fire(e, 11, 64, 256)
    return [a, b, c, d, e, f, fire(f, 12, 64, 256)]


def lpips(net, a, b):
    shift, scale = np.array([-0.030, -0.088, -0.188]), np.array([0.458, 0.448, 0.450])
    prepare = lambda p: ((p / 127.5 - 1 - shift) / scale).transpose(2, 0, 1)
    total = 0
    for k, (fa, fb) in enumerate(zip(net(prepare(a)), net(prepare(b)))):
        unit = lambda f: f / (np.sqrt((f**2).sum(0)) + 1e-10)
        lin = np.abs(weight((fa.shape[0],), 500 + k, 1))
        total += ((unit(fa) - unit(fb)) ** 2 * lin[:, None, None]).sum(0).mean()
    return total


if __name__ == "__main__":
    a, b = test_image(41, 37, 1), test_image(41, 37, 2.5)
    print("psnrY", psnr(luma(a), luma(b)), "psnrRGB", psnr(a, b))
    print("ssimY", ssim(luma(a), luma(b)), "ssimRGB", np.mean([ssim(a[..., c], b[..., c]) for c in range(3)]))
    big = luma(test_image(200, 290, 2))
    features = niqe_features(big)
    print("features of the first block", np.round(features[0], 6).tolist())
    print("features of the last block", np.round(features[-1], 6).tolist())
    print("niqe", niqe(big, np.full(36, 0.5), np.eye(36) + 0.5))
    c, d = test_image(65, 70, 1), test_image(65, 70, 2.5)
    print("lpips alex", lpips(alexnet, c, d), "squeeze", lpips(squeezenet, c, d))
