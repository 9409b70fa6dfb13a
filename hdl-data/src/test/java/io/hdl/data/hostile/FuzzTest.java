package io.hdl.data.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Damages small tables in thousands of ways and reads them, in a JVM with little memory. Each time
 * the rows are right or an {@code HdlException} says clearly why not; where no checksum covers what
 * was damaged, at least their number is right ({@link FuzzCase.Rule}).
 *
 * <p>{@code -Dhdl.fuzz.seed=N} begins elsewhere, {@code -Dhdl.fuzz.factor=K} runs K times as many.
 */
class FuzzTest {
  private static final Duration LIMIT = Duration.ofMinutes(8);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"data, 9500", "log, 700"})
  void readsDamagedTablesRightOrRefusesThem(String area, int cases) throws Exception {
    long seed = Long.getLong("hdl.fuzz.seed", 0);
    int count = cases * Integer.getInteger("hdl.fuzz.factor", 1);
    try (ChildJvm child =
        ChildJvm.start(
            folder,
            List.of(
                "-Xmx64m",
                "-XX:MaxDirectMemorySize=64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"),
            FuzzChild.class,
            area,
            Long.toString(seed),
            Integer.toString(count),
            folder.resolve(area).toString())) {
      int exit = child.join(LIMIT);
      assertThat(exit).as("%s: %s", area, child.output()).isZero();
      assertThat(child.output()).contains("right", "refused");
    }
  }
}
