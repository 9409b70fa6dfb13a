package io.hdl.data.profile;

/**
 * How many different values a column has, nulls not counted.
 *
 * @param count the number
 * @param exact whether it is exact; else its standard error is 0.8 %
 */
public record DistinctCount(long count, boolean exact) {}
