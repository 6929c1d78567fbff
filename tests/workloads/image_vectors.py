#!/usr/bin/env python3
"""Writes image_vectors.json: what Pillow and torchvision make of small made-up images.

Run once, with Pillow, NumPy, PyTorch and torchvision at hand:  python3 image_vectors.py > image_vectors.json
(versions of the committed file are inside it).
"""
import io
import json
import math
import zlib

import numpy as np
import PIL
import torchvision
from PIL import Image, ImageDraw
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F


def made_up(width, height):
    """The image that made_up_image() of image_files.h makes."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    values = 128 + 70 * ((x * 8 // width + y * 8 // height + c) % 3 - 1) + (x * 7 + y * 13 + (x * y) % 31 + c * 11) % 50
    return Image.fromarray(np.clip(values - 20, 0, 255).astype(np.uint8))


def pixels(image):
    image = image.convert("RGB")
    return {"width": image.width, "height": image.height, "pixels": image.tobytes().hex()}


def checksum(image):
    return zlib.crc32(image.convert("RGB").tobytes())


def augmented(image, kind, sign, across, down):
    nearest, fill = InterpolationMode.NEAREST, 128
    scale = min(1.0, image.width / 224)
    shift, side = round(100 * scale), round(80 * scale)

    def affine(translate, shear, center=None):
        return F.affine(image, angle=0.0, translate=translate, scale=1.0, shear=shear, interpolation=nearest, fill=fill,
                        center=center)

    angle = math.degrees(math.atan(sign * 0.3))
    if kind == "ShearX":
        return affine([0, 0], [angle, 0.0], [0, 0])
    if kind == "ShearY":
        return affine([0, 0], [0.0, angle], [0, 0])
    if kind == "TranslateX":
        return affine([sign * shift, 0], [0.0, 0.0])
    if kind == "TranslateY":
        return affine([0, sign * shift], [0.0, 0.0])
    if kind == "Rotate":
        return F.rotate(image, sign * 30.0, interpolation=nearest, fill=fill)
    if kind == "Brightness":
        return F.adjust_brightness(image, 1.9)
    if kind == "Color":
        return F.adjust_saturation(image, 1.9)
    if kind == "Contrast":
        return F.adjust_contrast(image, 1.9)
    if kind == "Sharpness":
        return F.adjust_sharpness(image, 1.9)
    if kind == "Posterize":
        return F.posterize(image, 4)
    if kind == "Solarize":
        return image
    if kind == "SolarizeAdd":
        values = np.array(image).astype(int)
        return Image.fromarray(np.where(values < 128, np.minimum(values + 110, 255), values).astype(np.uint8))
    if kind == "AutoContrast":
        return F.autocontrast(image)
    if kind == "Equalize":
        return F.equalize(image)
    if kind == "Invert":
        return F.invert(image)
    # Cutout: the rectangle's right and bottom edges belong to it.
    left = int(max(0, across * image.width - side / 2))
    top = int(max(0, down * image.height - side / 2))
    result = image.copy()
    box = (left, top, int(min(image.width, left + side)), int(min(image.height, top + side)))
    ImageDraw.Draw(result).rectangle(box, (128, 128, 128))
    return result


KINDS = ["ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate", "Brightness", "Color", "Contrast", "Sharpness",
         "Posterize", "Solarize", "SolarizeAdd", "AutoContrast", "Equalize", "Invert", "Cutout"]


def augmentations():
    for kind in KINDS:
        for negative in [False, True] if KINDS.index(kind) < 5 else [False]:
            for across, down in [(0.1, 0.2), (0.7, 0.95)] if kind == "Cutout" else [(0.5, 0.5)]:
                case = {"kind": kind, "negative": negative, "across": across, "down": down}
                sign = -1 if negative else 1
                case["small"] = pixels(augmented(made_up(14, 10), kind, sign, across, down))["pixels"]
                case["crc224"] = checksum(augmented(made_up(224, 224), kind, sign, across, down))
                yield case


def resizes():
    for width, height, box, side in [(20, 14, (0, 0, 20, 14), 8), (7, 5, (0, 0, 7, 5), 12), (33, 40, (3, 5, 24, 38), 9),
                                     (40, 30, (1.5, 2.25, 30.5, 27.75), 11), (367, 275, (0, 0, 367, 275), 224),
                                     (500, 375, (13, 20, 490, 360), 224), (100, 90, (0, 0, 100, 90), 224)]:
        result = made_up(width, height).resize((side, side), Image.BILINEAR, box=box)
        case = {"width": width, "height": height, "box": box, "side": side, "crc": checksum(result)}
        if side < 20:
            case["pixels"] = result.tobytes().hex()
        yield case


def evaluations():
    for width, height, resize, crop in [(60, 45, 32, 28), (45, 61, 32, 28), (500, 375, 256, 224), (231, 333, 256, 224)]:
        image = F.center_crop(F.resize(made_up(width, height), resize, InterpolationMode.BILINEAR), [crop, crop])
        yield {"width": width, "height": height, "resize": resize, "crop": crop, "crc": checksum(image)}


def encoded():
    def save(image, name, **options):
        out = io.BytesIO()
        image.save(out, **options)
        read = Image.open(io.BytesIO(out.getvalue()))
        return {"name": name, "bytes": out.getvalue().hex(), **pixels(read)}

    image = made_up(21, 18)
    yield save(image, "4:2:0", format="JPEG", quality=80)
    yield save(image, "4:2:2", format="JPEG", quality=80, subsampling=1)
    yield save(image, "4:4:4", format="JPEG", quality=92, subsampling=0)
    yield save(image, "progressive", format="JPEG", quality=80, progressive=True)
    yield save(image.convert("L"), "grey", format="JPEG", quality=80)
    yield save(image.convert("CMYK"), "CMYK", format="JPEG", quality=80)
    yield save(image, "PNG", format="PNG")
    yield save(image.convert("P", palette=Image.ADAPTIVE, colors=9), "PNG palette", format="PNG")
    yield save(image.convert("L"), "PNG grey", format="PNG")
    alpha = image.copy()
    alpha.putalpha(Image.linear_gradient("L").resize(image.size))
    yield save(alpha, "PNG alpha", format="PNG")


print(json.dumps({"made_by": f"Pillow {PIL.__version__}, torchvision {torchvision.__version__}",
                  "encoded": list(encoded()), "resizes": list(resizes()), "evaluations": list(evaluations()),
                  "augmentations": list(augmentations())}, indent=0))
