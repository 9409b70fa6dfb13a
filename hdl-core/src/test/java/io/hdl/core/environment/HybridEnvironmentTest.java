package io.hdl.core.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hdl.core.environment.HybridEnvironment.Kind;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HybridEnvironmentTest {
  private static final NvidiaInventory NO_DRIVER =
      NvidiaInventory.none("no NVIDIA driver is installed");

  private static HybridEnvironment on(NvidiaInventory found, Map<String, String> variables) {
    return HostRules.decide(variables, found, 128, 1024L << 30);
  }

  private static NvidiaInventory with(int gpus) {
    return NvidiaInventory.read(() -> new FakeNvml(FakeNvml.gpus(gpus)));
  }

  @Test
  void aDeclaredHostUsesAllGpusAndRecordsEachEffect() {
    HybridEnvironment dgx =
        on(
            with(8),
            Map.of("HOST_NVIDIA", "true", "HDL_HOT", "/raid/hdl", "HDL_WARM", "/mnt/nfs/hdl"));
    assertThat(dgx.kind()).isEqualTo(Kind.NVIDIA_HOST);
    assertThat(dgx.decidedBy()).isEqualTo("HOST_NVIDIA=true; 8 NVIDIA GPUs found");
    assertThat(dgx.gpus()).hasSize(8);
    assertThat(dgx.driverVersion()).contains("550.54.15");
    assertThat(dgx.cudaVersion()).contains("12.4");
    assertThat(dgx.hotTier()).contains(Path.of("/raid/hdl"));
    assertThat(dgx.warmTier()).contains(Path.of("/mnt/nfs/hdl"));
    assertThat(dgx.hostThreads()).isEqualTo(120);
    assertThat(dgx.pinnedBufferBytes()).isEqualTo(16L << 30);
    assertThat(dgx.effects().toString())
        .isEqualTo(
            "{devices=all GPUs (8), missing_gpu=error, cache.hot=/raid/hdl,"
                + " cache.warm=/mnt/nfs/hdl, host_threads=120, pinned_buffer_bytes=17179869184}");
    assertThatCode(dgx::requireGpus).doesNotThrowAnyException();
  }

  @Test
  void pinsAtMostASixteenthOfTheMemory() {
    HybridEnvironment small =
        HostRules.decide(Map.of("HOST_NVIDIA", "true"), with(8), 4, 64L << 30);
    assertThat(small.pinnedBufferBytes()).isEqualTo(4L << 30);
    assertThat(small.hostThreads()).isEqualTo(1);
  }

  @Test
  void aDeclaredHostWithoutGpusIsAnErrorThatSaysWhatToDo() {
    HybridEnvironment bare = on(NO_DRIVER, Map.of("HOST_NVIDIA", "true"));
    assertThat(bare.kind()).isEqualTo(Kind.NVIDIA_HOST);
    HdlException e = catchThrowableOfType(HdlException.class, bare::requireGpus);
    assertThat(e.code()).isEqualTo(ErrorCode.ENVIRONMENT_MISMATCH);
    assertThat(e)
        .hasMessage(
            "Cannot use the GPUs of this host: HOST_NVIDIA=true; no NVIDIA GPU found: no NVIDIA"
                + " driver is installed. Install the driver so that nvidia-smi lists the GPUs, hand"
                + " them to the container (--gpus all), or set HOST_NVIDIA=false to train on the"
                + " CPU.");
  }

  @Test
  void hidingAllGpusOfADeclaredHostIsNamed() {
    HybridEnvironment hidden =
        on(with(2), Map.of("HOST_NVIDIA", "true", "CUDA_VISIBLE_DEVICES", ""));
    assertThatThrownBy(hidden::requireGpus)
        .hasMessageContaining("2 NVIDIA GPUs found, CUDA_VISIBLE_DEVICES=\"\" leaves 0");
  }

  @Test
  void falseMakesAGenericHostEvenOfOneWithGpus() {
    HybridEnvironment host = on(with(1), Map.of("HOST_NVIDIA", "false", "HDL_HOT", "/raid/hdl"));
    assertThat(host.kind()).isEqualTo(Kind.GENERIC_HOST);
    assertThat(host.decidedBy()).isEqualTo("HOST_NVIDIA=false; 1 NVIDIA GPU found");
    assertThat(host.gpus()).hasSize(1);
    assertThat(host.effects()).isEmpty();
    assertThat(host.hotTier()).isEmpty();
    assertThat(host.pinnedBufferBytes()).isZero();
    assertThat(host.hostThreads()).isEqualTo(128);
  }

  @Test
  void listsTheGpusOfAHostThatSaysNothing() {
    HybridEnvironment host = on(with(2), Map.of("CUDA_VISIBLE_DEVICES", "1"));
    assertThat(host.kind()).isEqualTo(Kind.GENERIC_HOST);
    assertThat(host.decidedBy())
        .isEqualTo(
            "HOST_NVIDIA is not set; 2 NVIDIA GPUs found, CUDA_VISIBLE_DEVICES=\"1\" leaves 1");
    assertThat(host.gpus()).extracting(Gpu::uuid).containsExactly("GPU-1a1b2");
  }

  @Test
  void aHostWithoutGpusNeedsNoneUnlessDeclared() {
    HybridEnvironment host = on(NO_DRIVER, Map.of("HOST_NVIDIA", " "));
    assertThat(host.decidedBy())
        .isEqualTo("HOST_NVIDIA is not set; no NVIDIA GPU found: no NVIDIA driver is installed");
    assertThatCode(host::requireGpus).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRUE", " true ", "True"})
  void acceptsTrueInAnyCase(String value) {
    assertThat(on(with(1), Map.of("HOST_NVIDIA", value)).kind()).isEqualTo(Kind.NVIDIA_HOST);
  }

  @Test
  void rejectsAnyOtherValue() {
    HdlException e =
        catchThrowableOfType(
            HdlException.class, () -> HybridEnvironment.detect(Map.of("HOST_NVIDIA", "maybe")));
    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS);
    assertThat(e)
        .hasMessage(
            "HOST_NVIDIA: \"maybe\" (expected: true, false, or not set). Set it to true on a host"
                + " whose NVIDIA GPUs must be used, else unset it.");
  }

  @Test
  void rejectsARelativeTier() {
    assertThatThrownBy(() -> on(with(1), Map.of("HOST_NVIDIA", "true", "HDL_HOT", "raid")))
        .isInstanceOf(HdlException.class)
        .hasMessage("HDL_HOT: \"raid\" (expected: an absolute path of a folder, or not set)");
  }

  @Test
  void tellsItsFactsByName() {
    Map<String, String> facts = on(with(1), Map.of("HOST_NVIDIA", "true")).facts();
    assertThat(facts)
        .containsEntry("cpus", "128")
        .containsEntry("memory", "1024.0 GiB")
        .containsEntry("kind", "nvidia_host")
        .containsEntry("decided_by", "HOST_NVIDIA=true; 1 NVIDIA GPU found")
        .containsEntry("nvidia_driver", "550.54.15")
        .containsEntry("cuda_driver", "12.4")
        .containsEntry(
            "gpu.0", "NVIDIA A100-SXM4-80GB, 80.0 GiB, compute capability 8.0, GPU-0a1b2")
        .containsEntry("effect.missing_gpu", "error");
    assertThat(facts.get("hostname")).isNotBlank();
    assertThat(facts.get("os")).startsWith(System.getProperty("os.name"));
  }

  @Test
  void detectsThisMachine() {
    HybridEnvironment here = HybridEnvironment.detect(Map.of());
    assertThat(here.kind()).isEqualTo(Kind.GENERIC_HOST);
    assertThat(here.cpus()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(here.memoryBytes()).isGreaterThan(1L << 28);
    assertThat(here.decidedBy()).startsWith("HOST_NVIDIA is not set; ");
  }
}
