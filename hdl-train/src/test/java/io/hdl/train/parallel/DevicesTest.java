package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.Device;
import io.hdl.core.environment.HybridEnvironment.Kind;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import org.junit.jupiter.api.Test;

class DevicesTest {
  @Test
  void autoTakesGpusOrElseTheCpu() {
    assertThat(Devices.auto().resolve(Kind.GENERIC_HOST, 0)).containsExactly(Device.cpu());
    assertThat(Devices.auto().resolve(Kind.GENERIC_HOST, 2))
        .containsExactly(Device.gpu(0), Device.gpu(1));
    assertThat(Devices.cpu().resolve(Kind.NVIDIA_HOST, 2)).containsExactly(Device.cpu());
    assertThat(Devices.gpus(1).resolve(Kind.GENERIC_HOST, 2)).containsExactly(Device.gpu(1));
  }

  @Test
  void anNvidiaHostWithoutGpusIsAnError() {
    HdlException missing =
        catchThrowableOfType(HdlException.class, () -> Devices.auto().resolve(Kind.NVIDIA_HOST, 0));
    assertThat(missing.code()).isEqualTo(ErrorCode.ENVIRONMENT_MISMATCH);
    assertThat(missing)
        .hasMessageContaining("Cannot train on an NVIDIA host's GPUs: PyTorch sees none.")
        .hasMessageContaining("nvidia-smi");
    assertThatThrownBy(() -> Devices.all().resolve(Kind.GENERIC_HOST, 0))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("Cannot train on all GPUs");
    assertThatThrownBy(() -> Devices.gpus(0, 3).resolve(Kind.GENERIC_HOST, 2))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("Cannot train on GPU 3: PyTorch sees only 0 to 1.");
  }

  @Test
  void rejectsNumbersThatNameNoGpu() {
    assertThatThrownBy(() -> Devices.gpus(0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gpus: [0, 0] (expected: distinct numbers >= 0)");
    assertThatThrownBy(Devices::gpus).isInstanceOf(IllegalArgumentException.class);
    assertThat(Devices.gpus(0, 2)).hasToString("gpus(0, 2)");
  }

  @Test
  void tellsWhatComputes() {
    assertThat(TorchEngine.software())
        .containsEntry("libtorch", "2.7.1")
        .containsKeys("djl", "libtorch_threads");
  }
}
