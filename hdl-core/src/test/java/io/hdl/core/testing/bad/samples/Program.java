package io.hdl.core.testing.bad.samples;

/** A program. */
public class Program {}
