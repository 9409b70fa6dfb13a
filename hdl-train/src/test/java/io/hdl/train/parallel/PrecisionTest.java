package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.hdl.core.environment.Gpu;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrecisionTest {
  private static final Map<String, String> SET = Map.of("TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "1");

  private static List<String> problems(
      Precision precision, Map<String, String> variables, Device... devices) {
    HybridEnvironment environment =
        new HybridEnvironment(
            HybridEnvironment.Kind.GENERIC_HOST,
            "a test's own choice",
            List.of(
                new Gpu(0, "A100", "GPU-0", 1L << 36, "8.0"),
                new Gpu(1, "V100", "GPU-1", 1L << 34, "7.0"),
                new Gpu(2, "B200", "GPU-2", 1L << 37, "10.0")),
            Optional.empty(),
            Optional.empty(),
            4,
            8L << 30,
            Map.of());
    Problems problems = new Problems();
    precision.check(problems);
    precision.check(environment, List.of(devices), variables, problems);
    return problems.all();
  }

  @Test
  void computesInFloat32Anywhere() {
    assertThat(problems(Precision.FLOAT32, Map.of(), Device.cpu(), Device.gpu(1))).isEmpty();
  }

  @Test
  void computesInTf32OnGpusThatHaveItIfTheProcessAllowsIt() {
    assertThat(problems(Precision.TF32, SET, Device.gpu(0), Device.gpu(2))).isEmpty();
    assertThat(problems(Precision.TF32, Map.of(), Device.gpu(0)))
        .containsExactly(
            "precision: TF32 (expected: TORCH_ALLOW_TF32_CUBLAS_OVERRIDE=1 in the environment; set"
                + " it before the process starts, or choose FLOAT32)");
    assertThat(problems(Precision.TF32, SET, Device.gpu(1)))
        .containsExactly(
            "precision: TF32 on gpu(1) (expected: a GPU of compute capability 8.0 or higher, this"
                + " one has 7.0; choose other devices or FLOAT32)");
    assertThat(problems(Precision.TF32, SET, Device.cpu()))
        .containsExactly(
            "precision: TF32 on cpu() (expected: a GPU of compute capability 8.0 or higher, this"
                + " one has none that is known; choose other devices or FLOAT32)");
  }

  @Test
  void refusesHalfPrecisionByNameWithTheReason() {
    assertThat(problems(Precision.BFLOAT16, SET, Device.gpu(0)))
        .containsExactly(
            "precision: BFLOAT16 (expected: FLOAT32, or TF32 on GPUs; DJL 0.35.1 offers no autocast"
                + " outside TorchScript, and a cast to bfloat16 on the CPU ends the JVM)");
    assertThat(problems(Precision.FLOAT16, SET, Device.gpu(0)))
        .containsExactly(
            "precision: FLOAT16 (expected: FLOAT32, or TF32 on GPUs; DJL 0.35.1 offers no autocast"
                + " outside TorchScript, and gradients in half precision need its loss scaling)");
  }
}
