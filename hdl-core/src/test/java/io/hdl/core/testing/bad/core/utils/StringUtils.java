package io.hdl.core.testing.bad.core.utils;

/** Named after nothing. */
public final class StringUtils {
  private StringUtils() {}

  /** Says nothing new. */
  public static String same(String text) {
    return text;
  }
}
