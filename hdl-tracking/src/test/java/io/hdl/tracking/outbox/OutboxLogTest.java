package io.hdl.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log's files: damage, bounds, a full disk. */
class OutboxLogTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Item.End END = new Item.End(Item.EndStatus.FINISHED, 99);
  private static final Item.End STOPPED = new Item.End(Item.EndStatus.KILLED, 99);

  @TempDir Path folder;
  private final Kept server = new Kept();
  private final Heard heard = new Heard();

  private static OutboxSettings small() {
    return new OutboxSettings(
        1 << 16, 64 << 10, 4096, Duration.ZERO, OutboxSettings.defaults().clock());
  }

  /** Leaves a log with values at steps from 0 to 999 behind, in several files. */
  private void leaveBehind() {
    OutboxSettings settings = OutboxSettings.defaults().withMaxBytes(256 << 10);
    try (Outbox outbox = Outbox.open(folder, settings, heard)) {
      OutboxRun run = outbox.begin(OutboxTest.start(1));
      for (int step = 0; step < 1000; step++) {
        run.put(OutboxTest.metric(step));
      }
    }
  }

  private Outbox.Outcome deliverAll(OutboxSettings settings) {
    server.most = 1000;
    try (Outbox outbox = Outbox.open(folder, settings, heard)) {
      outbox.deliverTo(server);
      return outbox.finish(LONG);
    }
  }

  private List<Long> steps() {
    return server.items.stream()
        .filter(Item.Metric.class::isInstance)
        .map(item -> ((Item.Metric) item).step())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 11, 30, 57})
  void cutsOffATornRecordAtTheEnd(int missing) throws Exception {
    leaveBehind();
    Path last = last();
    try (var channel = Files.newByteChannel(last, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(last) - missing);
    }
    Outbox.Outcome outcome = deliverAll(small());
    assertThat(outcome.delivered()).isTrue();
    int lost = missing > 45 ? 2 : 1;
    assertThat(steps())
        .containsExactlyElementsOf(LongStream.range(0, 1000 - lost).boxed().toList());
    assertThat(heard.texts).singleElement().asString().contains("no whole record and were cut off");
    heard.texts.clear();
    assertThat(deliverAll(small()).delivered()).isTrue();
    assertThat(heard.texts).isEmpty();
  }

  @Test
  void namesADamagedRecordAndReadsWhatFollows() throws Exception {
    leaveBehind();
    Path first = Segment.in(folder).get(0).file();
    byte[] bytes = Files.readAllBytes(first);
    bytes[bytes.length / 2] ^= 4;
    Files.write(first, bytes);

    assertThat(deliverAll(small()).delivered()).isTrue();
    assertThat(steps()).hasSize(999).contains(0L, 999L);
    assertThat(heard.texts)
        .singleElement()
        .asString()
        .contains("bytes of the tracking log " + first + " are damaged, from byte")
        .contains("What follows them is used");
  }

  @Test
  void readsTheOtherFilesWhenOneIsMissing() throws Exception {
    leaveBehind();
    List<Segment> segments = Segment.in(folder);
    assertThat(segments).hasSizeGreaterThan(2);
    Files.delete(segments.get(1).file());
    assertThat(deliverAll(small()).delivered()).isTrue();
    assertThat(steps()).contains(0L, 999L).isSorted().hasSizeBetween(200, 900);
  }

  private Path last() throws IOException {
    List<Segment> segments = Segment.in(folder);
    return segments.get(segments.size() - 1).file();
  }

  @Test
  void thinsMetricsWhenTheFolderIsFullAndKeepsTheRest() throws Exception {
    int values = 100_000;
    try (Outbox outbox = Outbox.open(folder, small(), heard)) {
      OutboxRun run = outbox.begin(OutboxTest.start(1));
      for (int step = 0; step < values; step++) {
        assertThat(run.put(OutboxTest.metric(step))).isTrue();
        if (step % 1000 == 0) {
          run.put(new Item.Tag("tag" + step, "v"));
          assertThat(outbox.persist(LONG)).isTrue();
        }
      }
      run.put(STOPPED);
      outbox.finish(Duration.ZERO);
      assertThat(bytes()).isLessThan(2 * small().maxBytes());
      assertThat(outbox.state().thinned()).isPositive();
      deliverAll(small());
      assertThat(steps().size() + outbox.state().thinned()).isEqualTo(values);
    }
    assertThat(steps()).contains(0L, values - 1L).isSorted();
    assertThat(server.items.stream().filter(Item.Tag.class::isInstance)).hasSize(100);
    assertThat(server.items.get(server.items.size() - 1)).isEqualTo(STOPPED);
  }

  @Test
  void removesDeliveredPartsFirstAndRemembersTheirSteps() throws Exception {
    server.most = 1000;
    try (Outbox outbox = Outbox.open(folder, small(), heard)) {
      OutboxRun run = outbox.begin(OutboxTest.start(1));
      outbox.deliverTo(server);
      for (int step = 0; step < 10_000; step++) {
        run.put(OutboxTest.metric(step));
        if (step % 200 == 0) {
          long until = step;
          Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> steps().contains(until));
        }
      }
      run.put(STOPPED);
      assertThat(outbox.finish(LONG).delivered()).isTrue();
      assertThat(outbox.state().thinned()).isZero();
    }
    assertThat(steps()).hasSize(10_000).isSorted();
    assertThat(bytes()).isLessThan(small().maxBytes() + 3 * 4096);
    assertThat(heard.texts).singleElement().asString().contains("the oldest parts that the server");

    try (Outbox outbox = Outbox.open(folder, small(), heard)) {
      OutboxRun run = outbox.begin(OutboxTest.start(1));
      assertThat(run.reported("m", 0)).isTrue();
      assertThat(run.reported("m", 9_999)).isTrue();
      assertThat(run.reported("m", 10_000)).isFalse();
      run.put(END);
      outbox.deliverTo(server);
      assertThat(outbox.finish(LONG).delivered()).isTrue();
    }
    assertThat(folder.toFile().list()).containsExactly("lock");
  }

  private long bytes() throws IOException {
    long bytes = 0;
    for (Segment segment : Segment.in(folder)) {
      bytes += Files.size(segment.file());
    }
    return bytes;
  }

  @Test
  void keepsEverythingButMetricsInMemoryWhileTheDiskIsFull() throws Exception {
    AtomicBoolean full = new AtomicBoolean();
    OutboxSettings settings =
        new OutboxSettings(100, 1 << 30, 8 << 20, Duration.ZERO, OutboxSettings.defaults().clock());
    try (Outbox outbox = Outbox.open(folder, settings, heard, path -> new FullDisk(path, full))) {
      OutboxRun run = outbox.begin(OutboxTest.start(1));
      run.put(OutboxTest.metric(0));
      assertThat(outbox.persist(LONG)).isTrue();
      full.set(true);
      for (int step = 1; step <= 2000; step++) {
        run.put(OutboxTest.metric(step));
        run.put(new Item.Param("p" + step, "v"));
        if (step % 100 == 0) {
          assertThat(outbox.persist(LONG)).isFalse();
        }
      }
      assertThat(heard.texts).singleElement().asString().contains("the disk is full");
      long thinned = outbox.state().thinned();
      assertThat(thinned).isPositive();
      full.set(false);
      Awaitility.await().atMost(LONG).until(() -> outbox.persist(LONG));
      run.put(END);
      server.most = 1000;
      outbox.deliverTo(server);
      assertThat(outbox.finish(LONG).delivered()).isTrue();
      assertThat(steps().size() + thinned).isEqualTo(2001);
    }
    assertThat(steps()).contains(0L, 2000L).isSorted();
    assertThat(server.items.stream().filter(Item.Param.class::isInstance)).hasSize(2000);
  }

  @Test
  void takesABurstFromOneThreadWithoutThinning() {
    List<Long> expected = new ArrayList<>();
    server.most = 1000;
    try (Outbox outbox = Outbox.open(folder, OutboxSettings.defaults(), heard)) {
      OutboxRun run = outbox.begin(OutboxTest.start(1));
      long begin = System.nanoTime();
      for (int step = 0; step < 200_000; step++) {
        while (System.nanoTime() - begin < step * 1000L) {
          Thread.onSpinWait();
        }
        run.put(OutboxTest.metric(step));
        expected.add((long) step);
      }
      run.put(END);
      outbox.deliverTo(server);
      assertThat(outbox.finish(LONG).delivered()).isTrue();
      assertThat(outbox.state().thinned()).isZero();
    }
    assertThat(steps()).isEqualTo(expected);
  }
}
