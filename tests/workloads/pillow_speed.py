#!/usr/bin/env python3
"""pillow_speed.py FILE decode|crop|evaluation: seconds of processor time Pillow takes for one image (the best of ten
rounds). For bench_images.cpp, whose boxes are repeated here."""
import io
import sys
import time

from PIL import Image

data = open(sys.argv[1], "rb").read()


def decode():
    return Image.open(io.BytesIO(data)).convert("RGB")


def crop():
    return decode().crop((60, 40, 427, 315)).resize((224, 224), Image.BILINEAR)


def evaluation():
    image = decode()
    width, height = image.size
    shorter = min(width, height)
    image = image.resize((256 * width // shorter, 256 * height // shorter), Image.BILINEAR)
    left, top = round((image.width - 224) / 2), round((image.height - 224) / 2)
    return image.crop((left, top, left + 224, top + 224))


work = {"decode": decode, "crop": crop, "evaluation": evaluation}[sys.argv[2]]
work()
times = []
for _ in range(10):
    begin = time.process_time()
    for _ in range(20):
        work()
    times.append((time.process_time() - begin) / 20)
print(min(times))
