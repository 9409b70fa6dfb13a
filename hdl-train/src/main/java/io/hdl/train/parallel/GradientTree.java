package io.hdl.train.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.optim.TensorLists;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Sums the gradients of 1, 2, 4, ... micro-batches pairwise in a binary tree over their numbers,
 * with one buffer per level of the tree. The order of additions is that of the whole tree of a
 * step, of which a replica owns a branch: it does not depend on how many replicas share the tree.
 * Belongs to the replica's thread.
 */
final class GradientTree {
  /** A flat buffer and its parts in the weights' shapes. */
  record Buffer(NDArray flat, NDList parts) {}

  private final int leaves;
  private final TensorLists lists;
  // The sum that waits at each level for its right neighbour; the root lies in the last one.
  private final List<Buffer> waiting = new ArrayList<>();
  private final NDArray zero;
  private int next;

  /**
   * A tree.
   *
   * @param leaves number of micro-batches, a power of two
   * @param lists adds and copies
   * @param manager owns the buffers
   */
  GradientTree(int leaves, FlatParameters parameters, TensorLists lists, NDManager manager) {
    this.leaves = leaves;
    this.lists = lists;
    zero = manager.create(0f);
    int levels = Math.max(1, Integer.numberOfTrailingZeros(leaves));
    for (int i = 0; i < levels; i++) {
      NDArray flat = manager.zeros(new Shape(parameters.flat().size()));
      waiting.add(new Buffer(flat, parameters.viewsOf(flat)));
    }
  }

  /** Number of flat buffers. */
  int buffers() {
    return waiting.size();
  }

  /** Begins a step. */
  void begin() {
    next = 0;
  }

  /** Adds the gradients of the next micro-batch, one array per weight array. */
  void add(NDList gradients) {
    NDList first = waiting.get(0).parts();
    if (next % 2 == 0) {
      lists.copy(first, gradients);
    } else {
      lists.add(first, gradients);
    }
    climb();
  }

  /** Adds a micro-batch without windows: zeros. */
  void addNothing() {
    NDArray first = waiting.get(0).flat();
    if (next % 2 == 0) {
      lists.zero(new NDList(first));
    } else {
      first.addi(zero);
    }
    climb();
  }

  private void climb() {
    int leaf = next++;
    int level = 0;
    // A right child completes its parent, which is a left or right child one level up.
    while ((leaf >> level & 1) == 1 && level + 1 < waiting.size()) {
      if ((leaf >> (level + 1) & 1) == 1) {
        waiting.get(level + 1).flat().addi(waiting.get(level).flat());
      } else {
        Collections.swap(waiting, level, level + 1);
        return;
      }
      level++;
    }
  }

  /** The sum over all micro-batches of the step. */
  Buffer root() {
    if (next != leaves) {
      throw new IllegalStateException(next + " micro-batches of " + leaves + " are summed");
    }
    return waiting.get(waiting.size() - 1);
  }
}
