package io.hdl.data.profile;

/**
 * A value of a column and how often it occurs.
 *
 * @param value the value
 * @param count number of rows
 */
public record ValueCount(String value, long count) {}
