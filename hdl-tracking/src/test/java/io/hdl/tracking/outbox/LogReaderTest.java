package io.hdl.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading a log while it is written, at the moments that matter. */
class LogReaderTest {
  @TempDir Path folder;
  private final List<String> damages = new ArrayList<>();
  private final AtomicLong written = new AtomicLong();
  private Runnable meanwhile = () -> {};
  private int looksBefore = -1;
  private boolean seesIt;

  /** A reader that something happens to while it looks how much is written. */
  private LogReader reader() {
    return new LogReader(
        folder, 0, this::look, (segment, from, bytes, atEnd) -> damages.add(bytes + " at " + from));
  }

  private long look() {
    long before = written.get();
    if (looksBefore-- == 0) {
      meanwhile.run();
      return seesIt ? written.get() : before;
    }
    return before;
  }

  private static byte[] record(long step) {
    RecordBuffer buffer = new RecordBuffer(100);
    EntryCodec.write(buffer, 1, OutboxTest.metric(step));
    byte[] bytes = new byte[buffer.size()];
    buffer.toWrite().get(bytes);
    return bytes;
  }

  private void append(long base, byte[] bytes) {
    try {
      Files.write(
          Segment.at(folder, base).file(),
          bytes,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(long base, long step) {
    byte[] bytes = record(step);
    append(base, bytes);
    written.addAndGet(bytes.length);
  }

  private static List<Long> read(LogReader reader) throws IOException {
    List<Long> steps = new ArrayList<>();
    while (reader.next()) {
      if (reader.entry().orElseThrow() instanceof Item.Metric metric) {
        steps.add(metric.step());
      }
    }
    return steps;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void readsTheEndOfAFileThatWasWrittenJustBeforeTheNextOneBegan(int look) throws Exception {
    try (LogReader reader = reader()) {
      write(0, 0);
      List<Long> steps = new ArrayList<>(read(reader));
      looksBefore = look;
      meanwhile =
          () -> {
            write(0, 1);
            write(written.get(), 2);
          };
      for (int again = 0; again < 8; again++) {
        steps.addAll(read(reader));
      }
      assertThat(steps).containsExactly(0L, 1L, 2L);
    }
    assertThat(damages).isEmpty();
  }

  @Test
  void readsNothingThatIsHalfWritten() throws Exception {
    byte[] second = record(1);
    try (LogReader reader = reader()) {
      write(0, 0);
      append(0, Arrays.copyOf(second, 5));
      assertThat(read(reader)).containsExactly(0L);
      looksBefore = 0;
      seesIt = true;
      meanwhile =
          () -> {
            append(0, Arrays.copyOfRange(second, 5, second.length));
            written.addAndGet(second.length);
          };
      List<Long> rest = new ArrayList<>(read(reader));
      rest.addAll(read(reader));
      assertThat(rest).containsExactly(1L);
    }
    assertThat(damages).isEmpty();
  }

  @Test
  void passesOverWhatAFailedWriteLeftBehindTheEndOfAFile() throws Exception {
    write(0, 0);
    long next = written.get();
    append(0, Arrays.copyOf(record(7), 300));
    write(next, 1);
    write(next, 2);
    try (LogReader reader = reader()) {
      assertThat(read(reader)).containsExactly(0L, 1L, 2L);
    }
    assertThat(damages).isEmpty();
  }

  @Test
  void readsEverythingWhileManySmallFilesAreWritten() throws Exception {
    int values = 20_000;
    Backlog backlog = new Backlog(0, 0, 0, 0);
    OutboxSettings small =
        new OutboxSettings(100, 1L << 30, 4096, Duration.ZERO, Clock.systemUTC());
    LogStore store =
        new LogStore(
            folder,
            0,
            0,
            small,
            LogFile::create,
            () -> 0,
            backlog,
            FileHashes.in(folder),
            new Heard());
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              Entries pending = new Entries();
              for (int step = 0; step < values; step++) {
                store.add(1, OutboxTest.metric(step), pending);
                if (step % 37 == 36) {
                  store.keep(pending);
                }
              }
              store.keep(pending);
              backlog.complete();
            });
    List<Long> steps = new ArrayList<>();
    try (LogReader reader =
        new LogReader(
            folder,
            0,
            backlog::written,
            (segment, from, bytes, atEnd) -> damages.add(bytes + " bytes at " + from))) {
      boolean complete = false;
      while (!complete) {
        complete = backlog.isComplete();
        while (reader.next()) {
          if (reader.kind() == EntryCodec.METRIC
              && reader.entry().orElseThrow() instanceof Item.Metric metric) {
            steps.add(metric.step());
          }
        }
      }
    }
    writing.join();
    store.close();
    assertThat(damages).isEmpty();
    assertThat(steps).containsExactlyElementsOf(LongStream.range(0, values).boxed().toList());
  }
}
