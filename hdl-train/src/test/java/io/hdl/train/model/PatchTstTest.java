package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Losses;
import io.hdl.train.parallel.TorchEngine;
import org.junit.jupiter.api.Test;

class PatchTstTest {
  @Test
  void hasThePapersSizesAtAContextOf336() {
    WindowShape window = new WindowShape(336, 96, 0, 0, 0, 1);
    PatchTst model = PatchTst.defaults();
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      Block block = model.block(window, 1);
      try (FlatParameters parameters = new FlatParameters(block, window, manager)) {
        assertThat(parameters.shapes())
            .containsEntry("position", new Shape(42, 128))
            .containsEntry("embedding.weight", new Shape(128, 16))
            .containsEntry("encoder2.attention.weight", new Shape(384, 128))
            .containsEntry("head.weight", new Shape(96, 42 * 128));
        // Patches, positions, three encoder layers and the head.
        long encoder = 4 * (128 * 128 + 128) + 2 * 256 * 128 + 256 + 128 + 4 * 128;
        long total = 16 * 128 + 128 + 42 * 128 + 3 * encoder + 42 * 128 * 96 + 96;
        assertThat(parameters.flat().size()).isEqualTo(total);
      }
    }
  }

  @Test
  void saysThatOnlyItsBatchNormIsNotPortable() {
    assertThat(PatchTst.defaults().notPortable()).isEmpty();
    assertThat(PatchTst.defaults().norm(PatchTst.Norm.BATCH).notPortable())
        .hasValueSatisfying(why -> assertThat(why).contains("batch norm"));
  }

  @Test
  void rejectsAWidthThatTheHeadsDoNotShare() {
    assertThatThrownBy(() -> PatchTst.defaults().width(30, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("width: 30 (expected: a multiple of the 4 heads)");
    Problems problems = new Problems();
    PatchTst.defaults().check(Losses.gaussian(), problems);
    assertThat(problems.all()).singleElement().asString().contains("centering: STANDARD");
  }

  @Test
  void comesBackFromItsSettings() {
    PatchTst model =
        PatchTst.defaults().patches(8, 4).norm(PatchTst.Norm.BATCH).centering(Centering.LAST);
    assertThat(Models.of(model.name(), model.settings())).isEqualTo(model);
  }
}
