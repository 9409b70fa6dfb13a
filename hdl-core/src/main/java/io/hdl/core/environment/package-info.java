/**
 * The machine a job runs on: its processors, memory, NVIDIA GPUs and driver, and what {@code
 * HOST_NVIDIA} makes of them; and which libraries, drivers and GPUs are known to work together.
 *
 * <p>Entry: {@link io.hdl.core.environment.HybridEnvironment#detect()} and {@link
 * io.hdl.core.environment.CompatibilityMatrix#shipped()}. Values are immutable; detection may run
 * on any thread. The only home of NVML.
 */
@NullMarked
package io.hdl.core.environment;

import org.jspecify.annotations.NullMarked;
