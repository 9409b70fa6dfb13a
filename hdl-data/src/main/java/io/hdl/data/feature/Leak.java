package io.hdl.data.feature;

import io.hdl.data.series.SeriesKey;

/**
 * A feature that carries the future, and where it was found.
 *
 * @param feature the channel, or the fitted step
 * @param series the series that shows it
 * @param origin the first step of the future, as the time column writes it
 * @param step the step whose feature changes, as the time column writes it
 * @param explanation what was seen and what to do, in a sentence or two
 */
public record Leak(
    String feature, SeriesKey series, String origin, String step, String explanation) {}
