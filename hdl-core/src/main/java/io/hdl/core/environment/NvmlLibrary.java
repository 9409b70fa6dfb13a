package io.hdl.core.environment;

/**
 * The functions of NVIDIA's management library that hdl needs, named as there (NVML API Reference
 * Guide). Each throws {@link NvmlException} where the library returns an error.
 */
interface NvmlLibrary {
  /** {@code nvmlInit_v2}. */
  void init() throws NvmlException;

  /** {@code nvmlShutdown}. */
  void shutdown() throws NvmlException;

  /** {@code nvmlSystemGetDriverVersion}. */
  String driverVersion() throws NvmlException;

  /** {@code nvmlSystemGetCudaDriverVersion_v2}: 1000 * major + 10 * minor. */
  int cudaDriverVersion() throws NvmlException;

  /** {@code nvmlDeviceGetCount_v2}. */
  int deviceCount() throws NvmlException;

  /** {@code nvmlDeviceGetHandleByIndex_v2} and what there is to ask of it. */
  Device device(int index) throws NvmlException;

  /** One GPU. */
  interface Device {
    /** {@code nvmlDeviceGetName}. */
    String name() throws NvmlException;

    /** {@code nvmlDeviceGetUUID}. */
    String uuid() throws NvmlException;

    /** {@code nvmlDeviceGetMemoryInfo}, the total in bytes. */
    long memoryBytes() throws NvmlException;

    /** {@code nvmlDeviceGetCudaComputeCapability}, as {@code major.minor}. */
    String computeCapability() throws NvmlException;

    /** {@code nvmlDeviceGetMemoryInfo}, what is in use in bytes. */
    long memoryUsedBytes() throws NvmlException;

    /** {@code nvmlDeviceGetUtilizationRates}, of the GPU in percent. */
    int utilizationPercent() throws NvmlException;

    /** {@code nvmlDeviceGetPowerUsage}, in milliwatts. */
    int powerMilliwatts() throws NvmlException;
  }
}
