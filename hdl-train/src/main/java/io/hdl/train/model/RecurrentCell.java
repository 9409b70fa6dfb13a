package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/** The cell of a recurrent network. */
public enum RecurrentCell {
  /** Long short-term memory (Hochreiter and Schmidhuber, 1997), its gates i, f, g, o. */
  LSTM(4, 2) {
    @Override
    NDList run(NDArray input, NDList state, NDList weights, boolean training) {
      return input
          .getNDArrayInternal()
          .lstm(input, state, weights, true, 1, 0, training, false, true);
    }
  },
  /**
   * Gated recurrent unit (Cho et al., 2014), its gates r, z, n, with the reset after the product as
   * PyTorch has it.
   */
  GRU(3, 1) {
    @Override
    NDList run(NDArray input, NDList state, NDList weights, boolean training) {
      return input
          .getNDArrayInternal()
          .gru(input, state.get(0), weights, true, 1, 0, training, false, true);
    }
  };

  private final int gates;
  private final int states;

  RecurrentCell(int gates, int states) {
    this.gates = gates;
    this.states = states;
  }

  /** Number of gates, the blocks of rows in a weight. */
  int gates() {
    return gates;
  }

  /** Number of arrays that a layer's state consists of. */
  int states() {
    return states;
  }

  /**
   * One layer over some steps, in one native call.
   *
   * @param input {@code [batch, steps, width]}
   * @param state {@link #states()} arrays {@code [1, batch, hidden]}
   * @param weights PyTorch's weight_ih, weight_hh, bias_ih, bias_hh
   * @return the output {@code [batch, steps, hidden]} and the state after it
   */
  abstract NDList run(NDArray input, NDList state, NDList weights, boolean training);
}
