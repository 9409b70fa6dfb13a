/** The machine a job runs on. Entry: {@link io.hdl.core.environment.HybridEnvironment}. */
@NullMarked
package io.hdl.core.environment;

import org.jspecify.annotations.NullMarked;
