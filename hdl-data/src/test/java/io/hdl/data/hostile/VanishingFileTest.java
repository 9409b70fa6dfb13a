package io.hdl.data.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data files that shrink, vanish and come back while another JVM reads them: the reader says so,
 * and lives on.
 */
class VanishingFileTest {
  private static final int CHANGES = 600;
  private static final int READS = 100;

  @TempDir Path folder;

  /** Reads in a loop until the file {@code stop} is there; prints what came of it. */
  static final class Reader {
    private Reader() {}

    /** Arguments: table, file whose presence ends it. */
    public static void main(String[] args) {
      Path table = Path.of(args[0]);
      Path stop = Path.of(args[1]);
      TableSnapshot snapshot = TableSnapshot.open(table, TableVersion.latest());
      CanonicalRows.Sums whole = CanonicalRows.read(snapshot, 2);
      System.out.println("reading");
      int right = 0;
      int wrong = 0;
      int reads = 0;
      Map<ErrorCode, Integer> refused = new EnumMap<>(ErrorCode.class);
      while (!Files.exists(stop)) {
        try {
          if (CanonicalRows.read(snapshot, 2).equals(whole)) {
            right++;
          } else {
            wrong++;
          }
        } catch (HdlException e) {
          refused.merge(e.code(), 1, Integer::sum);
          if (!String.valueOf(e.getMessage()).contains("data.parquet")) {
            System.out.println("unclear: " + e.getMessage());
          }
        }
        if (++reads == READS) {
          System.out.println("enough");
        }
      }
      System.out.println("right " + right + ", wrong " + wrong + ", refused " + refused);
      System.exit(wrong == 0 ? 0 : 1);
    }
  }

  @Test
  void survivesFilesThatShrinkAndVanishWhileTheyAreRead() throws Exception {
    ParquetBase base =
        new ParquetBase(
            "changing", CompressionCodecName.SNAPPY, WriterVersion.PARQUET_1_0, true, false);
    Path file = base.write(folder.resolve("table"));
    Path whole = Files.copy(file, folder.resolve("whole"));
    Path stop = folder.resolve("stop");
    try (ChildJvm child =
        ChildJvm.start(
            folder,
            List.of("-Xmx128m"),
            Reader.class,
            folder.resolve("table").toString(),
            stop.toString())) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> child.output().contains("reading") || !child.isRunning());
      Random random = new Random(7);
      long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      int changes = 0;
      while (child.isRunning()
          && System.nanoTime() < until
          && (changes < CHANGES || !child.output().contains("enough"))) {
        change(file, whole, random);
        changes++;
      }
      Files.createFile(stop);
      int exit = child.join(Duration.ofSeconds(60));
      assertThat(exit).as(child.output()).isZero();
      assertThat(child.output())
          .doesNotContain("unclear")
          .contains("CORRUPT_DATA=")
          .containsPattern("right [1-9]");
    }
  }

  private void change(Path file, Path whole, Random random) throws IOException {
    long size = Files.size(whole);
    switch (random.nextInt(4)) {
      case 0 -> Files.deleteIfExists(file);
      case 1 -> shrink(file, random.nextLong(size));
      case 2 -> shrink(file, 0);
      default -> {
        // As a rename, and in place: readers see both the old file go on and the new one grow.
        if (random.nextBoolean()) {
          Path copy = Files.copy(whole, folder.resolve("copy"));
          Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
        } else {
          Files.write(file, Files.readAllBytes(whole));
        }
      }
    }
    // Half of the time the file is whole again before the next change.
    if (random.nextBoolean()) {
      Files.write(file, Files.readAllBytes(whole));
      Files.readAllBytes(file);
    }
  }

  private static void shrink(Path file, long size) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE))) {
      channel.truncate(size);
    }
  }
}
