package io.hdl.core.environment;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** NVML through JNA: {@code libnvidia-ml.so.1}, on Windows {@code nvml.dll}. */
final class JnaNvml implements NvmlLibrary {
  /** The C functions; the names are NVML's own. */
  interface Functions extends Library {
    int nvmlInit_v2();

    int nvmlShutdown();

    String nvmlErrorString(int result);

    int nvmlSystemGetDriverVersion(byte[] version, int length);

    int nvmlSystemGetCudaDriverVersion_v2(IntByReference version);

    int nvmlDeviceGetCount_v2(IntByReference count);

    int nvmlDeviceGetHandleByIndex_v2(int index, PointerByReference device);

    int nvmlDeviceGetName(Pointer device, byte[] name, int length);

    int nvmlDeviceGetUUID(Pointer device, byte[] uuid, int length);

    int nvmlDeviceGetMemoryInfo(Pointer device, Pointer memory);

    int nvmlDeviceGetCudaComputeCapability(
        Pointer device, IntByReference major, IntByReference minor);

    int nvmlDeviceGetUtilizationRates(Pointer device, Pointer rates);

    int nvmlDeviceGetPowerUsage(Pointer device, IntByReference milliwatts);
  }

  /** {@code NVML_DEVICE_NAME_V2_BUFFER_SIZE} and {@code NVML_DEVICE_UUID_V2_BUFFER_SIZE}. */
  private static final int TEXT_BYTES = 96;

  /** {@code nvmlMemory_t}: total, free and used, 8 bytes each. */
  private static final int MEMORY_INFO_BYTES = 24;

  /** {@code nvmlUtilization_t}: GPU and memory, 4 bytes each. */
  private static final int UTILIZATION_BYTES = 8;

  private static final int SUCCESS = 0;

  private final Functions functions;

  private JnaNvml(Functions functions) {
    this.functions = functions;
  }

  /** Loads the library that the driver installs. */
  static NvmlLibrary load() throws NvmlException {
    return load(
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")
            ? "nvml"
            : "libnvidia-ml.so.1");
  }

  static NvmlLibrary load(String name) throws NvmlException {
    try {
      return new JnaNvml(Native.load(name, Functions.class));
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new NvmlException("the driver's library " + name + " is not installed", e);
    }
  }

  @Override
  public void init() throws NvmlException {
    check(functions.nvmlInit_v2(), "nvmlInit_v2");
  }

  @Override
  public void shutdown() throws NvmlException {
    check(functions.nvmlShutdown(), "nvmlShutdown");
  }

  @Override
  public String driverVersion() throws NvmlException {
    byte[] text = new byte[TEXT_BYTES];
    check(functions.nvmlSystemGetDriverVersion(text, text.length), "nvmlSystemGetDriverVersion");
    return string(text);
  }

  @Override
  public int cudaDriverVersion() throws NvmlException {
    IntByReference version = new IntByReference();
    check(
        functions.nvmlSystemGetCudaDriverVersion_v2(version), "nvmlSystemGetCudaDriverVersion_v2");
    return version.getValue();
  }

  @Override
  public int deviceCount() throws NvmlException {
    IntByReference count = new IntByReference();
    check(functions.nvmlDeviceGetCount_v2(count), "nvmlDeviceGetCount_v2");
    return count.getValue();
  }

  @Override
  public Device device(int index) throws NvmlException {
    PointerByReference handle = new PointerByReference();
    check(functions.nvmlDeviceGetHandleByIndex_v2(index, handle), "nvmlDeviceGetHandleByIndex_v2");
    return new JnaDevice(handle.getValue());
  }

  /** Text that ends at the first zero byte. */
  static String string(byte[] text) {
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  private void check(int result, String function) throws NvmlException {
    if (result != SUCCESS) {
      throw new NvmlException(
          function + ": " + functions.nvmlErrorString(result) + " (NVML error " + result + ")");
    }
  }

  private final class JnaDevice implements Device {
    private final Pointer handle;

    JnaDevice(Pointer handle) {
      this.handle = handle;
    }

    @Override
    public String name() throws NvmlException {
      byte[] text = new byte[TEXT_BYTES];
      check(functions.nvmlDeviceGetName(handle, text, text.length), "nvmlDeviceGetName");
      return string(text);
    }

    @Override
    public String uuid() throws NvmlException {
      byte[] text = new byte[TEXT_BYTES];
      check(functions.nvmlDeviceGetUUID(handle, text, text.length), "nvmlDeviceGetUUID");
      return string(text);
    }

    @Override
    public long memoryBytes() throws NvmlException {
      return memory(0);
    }

    @Override
    public long memoryUsedBytes() throws NvmlException {
      return memory(16);
    }

    private long memory(int offset) throws NvmlException {
      try (Memory info = new Memory(MEMORY_INFO_BYTES)) {
        check(functions.nvmlDeviceGetMemoryInfo(handle, info), "nvmlDeviceGetMemoryInfo");
        return info.getLong(offset);
      }
    }

    @Override
    public int utilizationPercent() throws NvmlException {
      try (Memory rates = new Memory(UTILIZATION_BYTES)) {
        check(
            functions.nvmlDeviceGetUtilizationRates(handle, rates),
            "nvmlDeviceGetUtilizationRates");
        return rates.getInt(0);
      }
    }

    @Override
    public int powerMilliwatts() throws NvmlException {
      IntByReference milliwatts = new IntByReference();
      check(functions.nvmlDeviceGetPowerUsage(handle, milliwatts), "nvmlDeviceGetPowerUsage");
      return milliwatts.getValue();
    }

    @Override
    public String computeCapability() throws NvmlException {
      IntByReference major = new IntByReference();
      IntByReference minor = new IntByReference();
      check(
          functions.nvmlDeviceGetCudaComputeCapability(handle, major, minor),
          "nvmlDeviceGetCudaComputeCapability");
      return major.getValue() + "." + minor.getValue();
    }
  }
}
