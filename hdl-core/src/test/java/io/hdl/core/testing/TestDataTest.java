package io.hdl.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class TestDataTest {
  @TempDir Path root;

  @Test
  void findsATableBelowTheRoot() throws IOException {
    Path table = Files.createDirectories(root.resolve("delta/retail"));
    assertThat(TestData.require(root.toString(), "delta/retail")).isEqualTo(table);
  }

  @Test
  void skipsByNameWhereThePropertyIsNotSet() {
    assertThatThrownBy(() -> TestData.require("", "delta/retail"))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage(
            "Skipped: needs delta/retail of the test tables, and the system property hdl.testdata"
                + " is not set. Run with -Dhdl.testdata=<folder of the tables>.");
  }

  @Test
  void skipsByNameWhereTheTableIsAbsent() {
    assertThatThrownBy(() -> TestData.require(root.toString(), "delta/none"))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage(
            "Skipped: needs delta/none of the test tables, and %s does not exist.",
            root.resolve("delta/none"));
  }
}
