package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.hdl.core.error.HdlException;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.WindowShape;
import io.hdl.train.optim.TensorLists;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientTreeTest {
  private static final WindowShape WINDOW = new WindowShape(5, 2, 0, 0, 0, 1);

  private static float[] tree(float[][] leaves, int from, int count) {
    if (count == 1) {
      return leaves[from];
    }
    float[] left = tree(leaves, from, count / 2);
    float[] right = tree(leaves, from + count / 2, count / 2);
    float[] sum = new float[left.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = left[i] + right[i];
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16})
  void sumsAsTheTreeOverAllNumbersDoes(int leaves) {
    SplittableRandom random = new SplittableRandom(leaves);
    try (NDManager manager = TorchEngine.start().newBaseManager();
        TensorLists lists = new TensorLists(manager);
        FlatParameters parameters =
            new FlatParameters(DLinear.defaults().block(WINDOW, 1), WINDOW, manager)) {
      GradientTree tree = new GradientTree(leaves, parameters, lists, manager);
      int arrays = manager.getManagedArrays().size();
      for (int step = 0; step < 3; step++) {
        float[][] values = new float[leaves][Math.toIntExact(parameters.flat().size())];
        tree.begin();
        for (int leaf = 0; leaf < leaves; leaf++) {
          boolean nothing = leaves > 2 && leaf == (leaves - 1 - step);
          for (int i = 0; i < values[leaf].length; i++) {
            values[leaf][i] =
                nothing
                    ? 0
                    : (float) (random.nextDouble(-1, 1) * Math.pow(10, random.nextInt(-5, 5)));
          }
          if (nothing) {
            tree.addNothing();
            continue;
          }
          try (NDManager pass = manager.newSubManager()) {
            NDArray flat = pass.create(values[leaf]);
            NDList gradients = parameters.viewsOf(flat);
            tree.add(gradients);
          }
        }
        assertThat(tree.root().flat().toFloatArray()).containsExactly(tree(values, 0, leaves));
        assertThat(manager.getManagedArrays().size()).isEqualTo(arrays);
      }
    }
  }

  @Test
  void replicasOwnBranchesOfOneTree() {
    MicroBatches cut = MicroBatches.of(Determinism.portable(8), 2, 1);
    assertThat(cut).isEqualTo(new MicroBatches(2, 4, MicroBatches.Order.TREE));
    assertThat(cut.first(1)).isEqualTo(4);
    for (int rows : new int[] {0, 1, 3, 8, 13, 64}) {
      assertThat(cut.row(0, rows)).isZero();
      assertThat(cut.row(8, rows)).isEqualTo(rows);
      for (int m = 0; m < 8; m++) {
        assertThat(cut.row(m + 1, rows) - cut.row(m, rows)).isBetween(rows / 8, rows / 8 + 1);
      }
    }
    assertThat(MicroBatches.of(Determinism.fastest(), 3, 2).total()).isEqualTo(6);
  }

  @Test
  void cutsThatDoNotWorkOutAreRefusedByName() {
    assertThatThrownBy(() -> MicroBatches.of(Determinism.portable(4), 5, 1))
        .isInstanceOf(HdlException.class)
        .hasMessage(
            "Cannot train with 5 replicas under portable(4): there are more replicas than"
                + " micro-batches. Choose portable(8) or at most 4 replicas.");
    assertThatThrownBy(() -> MicroBatches.of(Determinism.portable(8), 6, 1))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("has to be a power of two")
        .hasMessageEndingWith("Choose 4 replicas.");
    assertThatThrownBy(() -> MicroBatches.of(Determinism.fastest(), 4, 2).requireFits(7))
        .isInstanceOf(HdlException.class)
        .hasMessage(
            "Cannot train with a global batch size of 7: a step has 8 micro-batches (4 replicas"
                + " with 2 each), and each takes at least one window. Choose a batch size of at"
                + " least 8, or fewer replicas or micro-batches.");
    assertThat(new Determinism(OptionalInt.of(8))).hasToString("portable(8)");
  }
}
