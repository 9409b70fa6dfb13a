package io.hdl.core.environment;

import java.util.ArrayList;
import java.util.List;

/** An NVML with as many GPUs as a test wants, that records how it is used. */
final class FakeNvml implements NvmlLibrary {
  private final List<Gpu> gpus;
  final List<String> calls = new ArrayList<>();
  private String failingCall = "";

  FakeNvml(List<Gpu> gpus) {
    this.gpus = gpus;
  }

  static List<Gpu> gpus(int count) {
    List<Gpu> gpus = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      gpus.add(new Gpu(i, "NVIDIA A100-SXM4-80GB", "GPU-" + i + "a1b2", 80L << 30, "8.0"));
    }
    return gpus;
  }

  FakeNvml failingAt(String call) {
    failingCall = call;
    return this;
  }

  private void called(String call) throws NvmlException {
    calls.add(call);
    if (call.equals(failingCall)) {
      throw new NvmlException(call + ": Driver/library version mismatch (NVML error 18)");
    }
  }

  @Override
  public void init() throws NvmlException {
    called("init");
  }

  @Override
  public void shutdown() throws NvmlException {
    called("shutdown");
  }

  @Override
  public String driverVersion() throws NvmlException {
    called("driverVersion");
    return "550.54.15";
  }

  @Override
  public int cudaDriverVersion() throws NvmlException {
    called("cudaDriverVersion");
    return 12040;
  }

  @Override
  public int deviceCount() throws NvmlException {
    called("deviceCount");
    return gpus.size();
  }

  @Override
  public Device device(int index) throws NvmlException {
    called("device");
    Gpu gpu = gpus.get(index);
    return new Device() {
      @Override
      public String name() {
        return gpu.name();
      }

      @Override
      public String uuid() {
        return gpu.uuid();
      }

      @Override
      public long memoryBytes() {
        return gpu.memoryBytes();
      }

      @Override
      public String computeCapability() {
        return gpu.computeCapability();
      }

      @Override
      public long memoryUsedBytes() throws NvmlException {
        called("memoryUsedBytes");
        return (index + 1) * 1_000_000_000L;
      }

      @Override
      public int utilizationPercent() throws NvmlException {
        called("utilizationPercent");
        return 90 + index;
      }

      @Override
      public int powerMilliwatts() throws NvmlException {
        called("powerMilliwatts");
        return 250_500 + index;
      }
    };
  }
}
