"""How like two reports are, once names, places, years and numbers are made alike.

`masked` text → `shingle_hashes` → `signature` → `candidates`, each then settled by exact `jaccard`.
"""

from extract.similarity.mask import masked
from extract.similarity.minhash import candidates, estimate, jaccard, signature, signatures
from extract.similarity.shingles import shingle_hashes

__all__ = ["candidates", "estimate", "jaccard", "masked", "shingle_hashes", "signature", "signatures"]
