package io.hdl.train.optim;

/** Which arrays of a model weight decay draws to zero. */
public enum DecayScope {
  /**
   * Weights alone: arrays of DJL's type {@code WEIGHT} with two axes or more whose names do not
   * have {@code embedding} in them. Biases, the gains and offsets of norms, and embeddings keep
   * what they have learned, as is usual (Loshchilov and Hutter's own code, GPT, PatchTST).
   */
  WEIGHTS,
  /** Every array, as PyTorch's optimizers do unless they are given groups. */
  ALL
}
