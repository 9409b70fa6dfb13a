/**
 * Sample jobs, each a main class that {@code samples/run NAME} starts, written as a user of hdl
 * would write them. Entry: {@link io.hdl.samples.DemandForecast}. A sample runs once per process,
 * on the main thread.
 */
@NullMarked
package io.hdl.samples;

import org.jspecify.annotations.NullMarked;
