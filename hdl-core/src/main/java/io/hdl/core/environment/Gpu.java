package io.hdl.core.environment;

/**
 * One NVIDIA GPU as its driver describes it.
 *
 * @param index number by which CUDA knows it in this process: {@code CUDA_VISIBLE_DEVICES} is
 *     applied
 * @param name product name
 * @param uuid unique id
 * @param memoryBytes memory in bytes
 * @param computeCapability major and minor, such as {@code 8.0}
 */
public record Gpu(
    int index, String name, String uuid, long memoryBytes, String computeCapability) {}
