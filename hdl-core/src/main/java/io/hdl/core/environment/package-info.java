/**
 * The machine a job runs on: its processors, memory, NVIDIA GPUs and driver, and what {@code
 * HOST_NVIDIA} makes of them.
 *
 * <p>Entry: {@link io.hdl.core.environment.HybridEnvironment#detect()}. Values are immutable;
 * detection may run on any thread. The only home of NVML and, with it, of JNA.
 */
@NullMarked
package io.hdl.core.environment;

import org.jspecify.annotations.NullMarked;
