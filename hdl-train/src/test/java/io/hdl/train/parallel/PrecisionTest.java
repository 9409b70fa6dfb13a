package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.hdl.core.environment.Gpu;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.Problems;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.Models;
import io.hdl.train.model.NHits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {
  private static final Map<String, String> SET = Map.of("TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "1");
  private static final ProcessorFlags RECENT = new ProcessorFlags(Set.of("fpu", "avx512_bf16"));

  private static List<String> problems(
      Precision precision, Map<String, String> variables, Device... devices) {
    return problems(precision, NHits.defaults(), variables, RECENT, devices);
  }

  private static List<String> problems(
      Precision precision,
      ForecastModel model,
      Map<String, String> variables,
      ProcessorFlags processor,
      Device... devices) {
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
    precision.check(model, problems);
    precision.check(environment, List.of(devices), variables, processor, problems);
    return problems.all();
  }

  @Test
  void computesInFloat32Anywhere() {
    ProcessorFlags old = new ProcessorFlags(Set.of("avx2"));
    for (String name : Models.names()) {
      assertThat(
              problems(
                  Precision.FLOAT32,
                  Models.defaults(name),
                  Map.of(),
                  old,
                  Device.cpu(),
                  Device.gpu(1)))
          .isEmpty();
    }
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
  void computesInBfloat16WhereThereAreInstructionsForIt() {
    assertThat(problems(Precision.BFLOAT16, Map.of(), Device.cpu(), Device.gpu(0))).isEmpty();
    assertThat(problems(Precision.BFLOAT16, Map.of(), Device.gpu(1)))
        .containsExactly(
            "precision: BFLOAT16 on gpu(1) (expected: a GPU of compute capability 8.0 or higher,"
                + " this one has 7.0; choose other devices or FLOAT32)");
    NHits model = NHits.defaults();
    for (String flag : List.of("amx_bf16", "bf16")) {
      ProcessorFlags processor = new ProcessorFlags(Set.of("fpu", flag));
      assertThat(problems(Precision.BFLOAT16, model, Map.of(), processor, Device.cpu())).isEmpty();
    }
    ProcessorFlags old = new ProcessorFlags(Set.of("fpu", "avx512f"));
    assertThat(problems(Precision.BFLOAT16, model, Map.of(), old, Device.cpu()))
        .containsExactly(
            "precision: BFLOAT16 on cpu() (expected: a processor with avx512_bf16 or amx_bf16, this"
                + " one would be slower than with float32; choose other devices or FLOAT32)");
  }

  @Test
  void triesBfloat16WhereInstructionsAreNotKnown(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("cpuinfo");
    ProcessorFlags unknown = ProcessorFlags.read(file);
    assertThat(unknown.names()).isEmpty();
    assertThat(problems(Precision.BFLOAT16, NHits.defaults(), Map.of(), unknown, Device.cpu()))
        .isEmpty();
    Files.writeString(
        file, "processor\t: 0\nflags\t\t: fpu sse avx2\n\nprocessor : 1\nflags : x\n");
    assertThat(ProcessorFlags.read(file).names()).containsExactlyInAnyOrder("fpu", "sse", "avx2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          deepar  | its recurrent cells compute in float32 alone
          dlinear | its products are small, and their rounding would be that of the forecast
          nlinear | its one product is small, and its rounding would be that of the forecast
          """)
  void refusesBfloat16ForModelsThatCannot(String name, String why) {
    assertThat(problems(Precision.BFLOAT16, Models.defaults(name), Map.of(), RECENT, Device.cpu()))
        .containsExactly(
            "precision: BFLOAT16 with the model " + name + " (expected: FLOAT32, as " + why + ")");
  }

  @Test
  void refusesHalfPrecisionByNameWithTheReason() {
    assertThat(problems(Precision.FLOAT16, SET, Device.gpu(0)))
        .containsExactly(
            "precision: FLOAT16 (expected: FLOAT32, BFLOAT16, or TF32 on GPUs; gradients in half"
                + " precision vanish unless their loss is scaled, and bfloat16 needs no such thing)");
  }
}
