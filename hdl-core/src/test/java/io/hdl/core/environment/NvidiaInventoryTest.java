package io.hdl.core.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NvidiaInventoryTest {
  @Test
  void readsGpusDriverAndCuda() {
    FakeNvml nvml = new FakeNvml(FakeNvml.gpus(2));
    NvidiaInventory found = NvidiaInventory.read(() -> nvml);
    assertThat(found.gpus()).isEqualTo(FakeNvml.gpus(2));
    assertThat(found.driverVersion()).contains("550.54.15");
    assertThat(found.cudaVersion()).contains("12.4");
    assertThat(found.absence()).isEmpty();
    assertThat(nvml.calls).first().isEqualTo("init");
    assertThat(nvml.calls).last().isEqualTo("shutdown");
  }

  @Test
  void keepsTheDriverOfAMachineWithoutGpus() {
    NvidiaInventory found = NvidiaInventory.read(() -> new FakeNvml(List.of()));
    assertThat(found.gpus()).isEmpty();
    assertThat(found.driverVersion()).contains("550.54.15");
    assertThat(found.absence()).contains("the driver knows no GPU");
  }

  @ParameterizedTest
  @ValueSource(strings = {"deviceCount", "device", "driverVersion", "cudaDriverVersion"})
  void shutsDownAfterAFailureAndTellsIt(String call) {
    FakeNvml nvml = new FakeNvml(FakeNvml.gpus(1)).failingAt(call);
    NvidiaInventory found = NvidiaInventory.read(() -> nvml);
    assertThat(found.gpus()).isEmpty();
    assertThat(found.absence())
        .contains(call + ": Driver/library version mismatch (NVML error 18)");
    assertThat(nvml.calls).last().isEqualTo("shutdown");
  }

  @Test
  void doesNotShutDownWhatDidNotBegin() {
    FakeNvml nvml = new FakeNvml(FakeNvml.gpus(1)).failingAt("init");
    assertThat(NvidiaInventory.read(() -> nvml).absence())
        .contains("init: Driver/library version mismatch (NVML error 18)");
    assertThat(nvml.calls).containsExactly("init");
  }

  @Test
  void theRealLoaderNamesALibraryThatIsNotInstalled() {
    assertThatThrownBy(() -> JnaNvml.load("libhdl-no-such-library.so.1"))
        .isInstanceOf(NvmlException.class)
        .hasMessage("the driver's library libhdl-no-such-library.so.1 is not installed");
  }

  @Test
  void theRealLoaderAgreesWithTheInventoryOnThisMachine() {
    NvidiaInventory found = NvidiaInventory.read(JnaNvml::load);
    assertThat(found.absence().isPresent()).isEqualTo(found.gpus().isEmpty());
    assertThat(NvidiaInventory.ofThisMachine().gpus()).isEqualTo(found.gpus());
  }

  @Test
  void textEndsAtItsFirstZero() {
    assertThat(JnaNvml.string("A100\0junk".getBytes(StandardCharsets.UTF_8))).isEqualTo("A100");
    assertThat(JnaNvml.string("full".getBytes(StandardCharsets.UTF_8))).isEqualTo("full");
  }
}
