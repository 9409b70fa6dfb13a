package io.hdl.data.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.testing.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the process that fetches (SIGKILL) at fifty random moments. What it claims in its journal
 * must lie on the disk each time, each life must go on where the last one ended, and a good run at
 * the end must give the file. No life is long enough for more than a part of it.
 */
class FetchKilledTest {
  private static final int KILLS = 50;
  private static final int SIZE = 6 << 20;
  private static final int BYTES_PER_SECOND = 3 << 19;
  private static final int LONGEST_LIFE_MILLIS = 120;

  @TempDir private Path folder;

  @Test
  void survivesFiftyKills() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Path partial = folder.resolve("part.tmp");
    int kills = 0;
    int whole = 0;
    long proven = 0;
    try (LakeFile lake = new LakeFile(SIZE, seed)) {
      lake.proxy.always(Fault.slow(BYTES_PER_SECOND));
      // On a busy machine fifty short lives do not get far: some more, then.
      while (kills < KILLS || ((long) whole * SIZE + proven <= SIZE / 4 && kills < 4 * KILLS)) {
        boolean killed = kill(FetchProgram.start(lake.throughProxy(), partial), random, lake);
        if (killed) {
          kills++;
          proven = provenBytes(partial, lake.content, seed);
        } else {
          // A good run: the file is there, and the next life begins anew.
          assertThat(partial).as("seed %d", seed).hasBinaryContent(lake.content);
          whole++;
          Files.delete(partial);
          proven = 0;
        }
      }
      lake.proxy.heal();
      try (Fetcher fetcher = Fetcher.of(lake.ranges, FetchSettings.defaults())) {
        Fetched fetched = fetcher.fetch(lake.throughProxy(), partial, () -> {});
        assertThat(partial).as("seed %d", seed).hasBinaryContent(lake.content);
        assertThat(fetched.crc32c()).as("seed %d", seed).isEqualTo(crc(lake.content, 0, SIZE));
        assertThat(fetched.bytesOnWire()).as("seed %d", seed).isEqualTo(SIZE - proven);
        long again = lake.proxy.bodyBytes() - (long) SIZE * (whole + 1);
        System.out.printf(
            "FetchKilledTest: %d kills, %,d bytes taken up, %,d came again for each kill%n",
            kills, (long) whole * SIZE + proven, again / kills);
        assertThat((long) whole * SIZE + proven).as("seed %d", seed).isGreaterThan(SIZE / 4);
        // What is on its way, in the kernel's buffers or not yet noted, is lost with a process.
        assertThat(again).as("seed %d", seed).isLessThan((long) kills * 12 * FetchProgram.RANGE);
      }
    }
  }

  /** Whether the process was killed before it ended by itself. */
  private static boolean kill(Process process, SplittableRandom random, LakeFile lake)
      throws Exception {
    int asked = lake.proxy.requests().size();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("begins");
      // Half of them while it looks at what is there, half of them while bytes come.
      boolean awaitsRequest = random.nextBoolean();
      while (awaitsRequest && lake.proxy.requests().size() == asked) {
        awaitsRequest = !process.waitFor(2, TimeUnit.MILLISECONDS);
      }
      int life = random.nextInt(LONGEST_LIFE_MILLIS);
      if (process.waitFor(life, TimeUnit.MILLISECONDS)) {
        assertThat(process.exitValue()).isZero();
        return false;
      }
      process.destroyForcibly();
      return process.waitFor() != 0;
    }
  }

  /** Bytes that the journal claims, each piece compared with the file's own and the disk's. */
  private static long provenBytes(Path partial, byte[] content, long seed) throws IOException {
    if (!Files.exists(Fetcher.journal(partial))) {
      return 0;
    }
    byte[] disk = Files.readAllBytes(partial);
    long bytes = 0;
    try (Journal journal = Journal.open(Fetcher.journal(partial))) {
      for (Piece piece : journal.pieces()) {
        int from = (int) piece.from();
        assertThat(disk.length)
            .as("seed %d, %s", seed, piece)
            .isGreaterThanOrEqualTo((int) piece.end());
        long expected = crc(content, from, piece.length());
        assertThat(Integer.toUnsignedLong(piece.crc32c()))
            .as("seed %d, %s", seed, piece)
            .isEqualTo(expected);
        assertThat(crc(disk, from, piece.length()))
            .as("seed %d, %s", seed, piece)
            .isEqualTo(expected);
        bytes += piece.length();
      }
    }
    return bytes;
  }

  private static long crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return crc.getValue();
  }
}
