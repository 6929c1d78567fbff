"""Byte-level BPE by Hugging Face's tokenizers, for byte_pairs_test: FOLDER.

FOLDER/texts.txt holds JSON strings, one a line. A small tokenizer is trained on them and written as FOLDER/merges.txt and
FOLDER/vocab.json; printed are the ids of each text.
"""

import json
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

folder = sys.argv[1]
with open(folder + "/texts.txt", encoding="utf-8") as file:
    texts = [json.loads(line) for line in file]
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
alphabet = pre_tokenizers.ByteLevel.alphabet()
tokenizer.train_from_iterator(
    texts,
    trainers.BpeTrainer(vocab_size=600, special_tokens=["<|endoftext|>"], initial_alphabet=alphabet, show_progress=False),
)
tokenizer.model.save(folder)
for text in texts:
    print(*tokenizer.encode(text).ids)
