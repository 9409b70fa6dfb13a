package io.hdl.core.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds the real tables that tests read. They lie outside the repository, in the folder that the
 * system property {@code hdl.testdata} names; where it is not set, the tests that need them are
 * skipped by name.
 */
public final class TestData {
  private static final String PROPERTY = "hdl.testdata";

  private TestData() {}

  /**
   * A file or folder below the test data, such as {@code delta/retail_plain}; ends the test as
   * skipped, with one line, if it is not there.
   */
  public static Path require(String name) {
    return require(System.getProperty(PROPERTY), name);
  }

  static Path require(@Nullable String root, String name) {
    if (root == null || root.isBlank()) {
      throw Skips.because(
          "Skipped: needs "
              + name
              + " of the test tables, and the system property hdl.testdata is not set."
              + " Run with -Dhdl.testdata=<folder of the tables>.");
    }
    Path path = Path.of(root, name).toAbsolutePath().normalize();
    if (!Files.exists(path)) {
      throw Skips.because(
          "Skipped: needs " + name + " of the test tables, and " + path + " does not exist.");
    }
    return path;
  }
}
