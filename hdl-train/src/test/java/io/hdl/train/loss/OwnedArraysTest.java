package io.hdl.train.loss;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.hdl.train.parallel.TorchEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnedArraysTest {
  @Test
  void theBackwardPassReadsThemAfterACollection() {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      JniUtils.setGradMode(true);
      NDArray x = manager.create(new float[] {1, 2, 3});
      x.setRequiresGradient(true);
      List<NDArray> products = new ArrayList<>();
      for (int i = 1; i <= 200; i++) {
        NDArray factors = OwnedArrays.of(manager, i, i, i);
        products.add(x.mul(OwnedArrays.number(i, x)).mul(factors).sum());
      }
      List<ByteBuffer> churn = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        System.gc();
        for (int i = 0; i < 20_000; i++) {
          ByteBuffer garbage = ByteBuffer.allocateDirect(4);
          garbage.putFloat(0, Float.NaN);
          churn.add(garbage);
        }
      }
      double expected = 0;
      NDArray one = OwnedArrays.number(1, x);
      for (int i = 1; i <= products.size(); i++) {
        JniUtils.backward((PtNDArray) products.get(i - 1), (PtNDArray) one, false, false);
        expected += (double) i * i;
      }
      assertThat(churn).isNotEmpty();
      assertThat(x.getGradient().toFloatArray())
          .containsExactly((float) expected, (float) expected, (float) expected);
    }
  }
}
