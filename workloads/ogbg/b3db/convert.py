#!/usr/bin/env python3
"""Turns B3DB_classification.tsv into the layout of OGB's raw ogbg-molpcba download.

    python3 convert.py B3DB_classification.tsv FOLDER

Run once, with RDKit 2026.09.1; what it wrote lies beside this file. Features are OGB's nine of an atom and three of a
bond: the place of the value in a list of known ones, the last place for any other.
"""

import csv
import gzip
import hashlib
import pathlib
import sys

from rdkit import Chem, RDLogger
from rdkit.Chem.Scaffolds import MurckoScaffold

LOG_BB_THRESHOLDS = (-1.0, -0.5, 0.0, 0.5)
HELD_OUT_SHARE = 0.2  # each of validation and test
LARGEST_HELD_OUT_SCAFFOLD = 30  # molecules; more common scaffolds are all training

CHIRALITY = ["CHI_UNSPECIFIED", "CHI_TETRAHEDRAL_CW", "CHI_TETRAHEDRAL_CCW", "CHI_OTHER"]
HYBRIDISATION = ["SP", "SP2", "SP3", "SP3D", "SP3D2"]
BOND_TYPE = ["SINGLE", "DOUBLE", "TRIPLE", "AROMATIC"]
BOND_STEREO = ["STEREONONE", "STEREOZ", "STEREOE", "STEREOCIS", "STEREOTRANS", "STEREOANY"]


def place(known, value):
    return known.index(value) if value in known else len(known)


def atom_features(atom):
    return (
        place(range(1, 119), atom.GetAtomicNum()),
        place(CHIRALITY, str(atom.GetChiralTag())),
        place(range(0, 11), atom.GetTotalDegree()),
        place(range(-5, 6), atom.GetFormalCharge()),
        place(range(0, 9), atom.GetTotalNumHs()),
        place(range(0, 5), atom.GetNumRadicalElectrons()),
        place(HYBRIDISATION, str(atom.GetHybridization())),
        int(atom.GetIsAromatic()),
        int(atom.IsInRing()),
    )


def bond_features(bond):
    return (
        place(BOND_TYPE, str(bond.GetBondType())),
        BOND_STEREO.index(str(bond.GetStereo())),
        int(bond.GetIsConjugated()),
    )


def read_molecules(file):
    """(molecule, labels, scaffold) of every distinct molecule, in the order of the file."""
    seen = set()
    with open(file, newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            molecule = Chem.MolFromSmiles(row["SMILES"])
            if molecule is None:
                print("skipped, RDKit cannot read it:", row["SMILES"])
                continue
            key = Chem.MolToSmiles(molecule)
            if key in seen:
                continue
            seen.add(key)
            labels = [int(row["BBB+/BBB-"] == "BBB+")]
            log_bb = row["logBB"].strip()
            labels += [int(float(log_bb) > bound) if log_bb else "" for bound in LOG_BB_THRESHOLDS]
            # Without a ring there is no scaffold: such a molecule is its own, with all its stereoisomers.
            scaffold = MurckoScaffold.MurckoScaffoldSmiles(mol=molecule, includeChirality=False)
            yield molecule, labels, scaffold or Chem.MolToSmiles(molecule, isomericSmiles=False)


def scaffold_split(scaffolds):
    """Molecules of one scaffold stay together; the order of scaffolds is that of their hashes."""
    members = {}
    for index, scaffold in enumerate(scaffolds):
        members.setdefault(scaffold, []).append(index)
    split = {"valid": [], "test": [], "train": []}
    wanted = HELD_OUT_SHARE * len(scaffolds)
    for scaffold in sorted(members, key=lambda text: hashlib.sha256(text.encode()).hexdigest()):
        group = members[scaffold]
        common = len(group) > LARGEST_HELD_OUT_SCAFFOLD
        name = next((n for n in ("valid", "test") if not common and len(split[n]) < wanted), "train")
        split[name] += group
    return {name: sorted(indices) for name, indices in split.items()}


def write(file, rows):
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(",".join(map(str, row)) + "\n" for row in rows)
    with open(file, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode())


def main():
    source, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    RDLogger.DisableLog("rdApp.*")
    molecules, labels, scaffolds = zip(*read_molecules(source))
    bonds = [list(molecule.GetBonds()) for molecule in molecules]
    write(folder / "num-node-list.csv.gz", ([m.GetNumAtoms()] for m in molecules))
    write(folder / "num-edge-list.csv.gz", ([len(b)] for b in bonds))
    write(folder / "node-feat.csv.gz", (atom_features(a) for m in molecules for a in m.GetAtoms()))
    write(folder / "edge.csv.gz", ((b.GetBeginAtomIdx(), b.GetEndAtomIdx()) for one in bonds for b in one))
    write(folder / "edge-feat.csv.gz", (bond_features(b) for one in bonds for b in one))
    write(folder / "graph-label.csv.gz", labels)
    split = scaffold_split(scaffolds)
    for name, indices in split.items():
        write(folder / f"{name}.csv.gz", ([index] for index in indices))
        print(name, len(indices), [sum(labels[i][t] != "" for i in indices) for t in range(5)],
              [sum(labels[i][t] == 1 for i in indices) for t in range(5)])


if __name__ == "__main__":
    main()
