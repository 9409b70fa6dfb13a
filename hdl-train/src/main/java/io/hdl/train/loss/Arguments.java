package io.hdl.train.loss;

/** Refuses arguments. */
final class Arguments {
  private Arguments() {}

  static void require(boolean fits, String name, Object value, String expected) {
    if (!fits) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
