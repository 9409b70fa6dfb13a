package io.hdl.data.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.data.storage.HttpRanges;
import io.hdl.data.storage.ObjectChangedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetcherTest {
  private static final int SIZE = 3_000_000;
  private static final int RANGE = 1 << 20;

  private static final RetryPolicy QUICK =
      RetryPolicy.builder()
          .deadline(Duration.ofSeconds(20))
          .maxTries(4)
          .firstDelay(Duration.ofMillis(5))
          .maxDelay(Duration.ofMillis(20))
          .seed(1)
          .build();
  private static final FetchSettings SETTINGS =
      FetchSettings.defaults().ranges(RANGE, 3).retry(QUICK);

  @TempDir private Path folder;

  private final LakeFile lake = new LakeFile(SIZE, 42);

  /** Waits where the lake's other reader would give up. */
  private final HttpRanges patient = LakeFile.ranges(Duration.ofMinutes(1));

  @AfterEach
  void stop() {
    patient.close();
    lake.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("hdl-fetch-"));
  }

  private Path partial() {
    return folder.resolve("below/part.tmp");
  }

  private Fetched fetch(FetchSettings settings, RemoteFile file) {
    try (Fetcher fetcher = Fetcher.of(lake.ranges, settings)) {
      return fetcher.fetch(file, partial(), () -> {});
    }
  }

  private static long crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }

  private void assertWhole(Fetched fetched) throws IOException {
    assertThat(partial()).hasBinaryContent(lake.content);
    assertThat(fetched.bytes()).isEqualTo(lake.content.length);
    assertThat(fetched.crc32c()).isEqualTo(crc(lake.content));
    assertThat(Fetcher.journal(partial())).doesNotExist();
  }

  @Test
  void bringsAFileInRangesOfOneVersion() throws IOException {
    Fetched fetched = fetch(SETTINGS, lake.throughProxy());
    assertWhole(fetched);
    assertThat(fetched.bytesOnWire()).isEqualTo(SIZE);
    assertThat(fetched.tries()).isEqualTo(3);
    assertThat(lake.lake.bytesSent()).isEqualTo(SIZE);
    List<FaultProxy.Seen> seen = lake.proxy.requests();
    assertThat(seen.get(0).header("If-Match")).isEmpty();
    assertThat(seen.subList(1, 3)).allMatch(s -> s.header("If-Match").equals(fetched.etag()));
    assertThat(seen)
        .extracting(s -> s.header("Range").orElse(""))
        .containsExactlyInAnyOrder(
            "bytes=0-1048575", "bytes=1048576-2097151", "bytes=2097152-2999999");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 1 << 20, (1 << 20) + 1})
  void bringsFilesOfAnyLength(int size) throws IOException {
    lake.replace(size, size);
    assertWhole(fetch(SETTINGS, lake.straight()));
  }

  @Test
  void sendsNothingTwiceWhenAnAnswerBreaks() throws IOException {
    lake.proxy.next(Fault.truncate(100_000), Fault.truncate(0), Fault.resetAfterwards());
    Fetched fetched = fetch(SETTINGS, lake.throughProxy());
    assertWhole(fetched);
    assertThat(fetched.bytesOnWire()).isEqualTo(SIZE);
    assertThat(fetched.tries()).isEqualTo(6);
    assertThat(lake.proxy.requests())
        .extracting(s -> s.header("Range").orElse(""))
        .contains("bytes=100000-1048575");
  }

  @Test
  void goesOnAfterAStall() throws IOException {
    lake.proxy.next(Fault.stallWithin(500_000));
    Fetched fetched = fetch(SETTINGS, lake.throughProxy());
    assertWhole(fetched);
    assertThat(fetched.bytesOnWire()).isEqualTo(SIZE);
  }

  @Test
  void nextFetchTakesUpWhatTheLastOneLeft() throws IOException {
    FetchSettings once = SETTINGS.ranges(RANGE, 1).retry(RetryPolicy.never());
    lake.proxy.next(Fault.truncate(RANGE), Fault.truncate(300));
    assertThatThrownBy(() -> fetch(once, lake.throughProxy()))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("Cannot fetch http://127.0.0.1")
        .hasMessageContaining("(bytes 1048576-2097151): gave up after 1 try");
    assertThat(Fetcher.journal(partial())).exists();

    Fetched fetched = fetch(SETTINGS, lake.throughProxy());
    assertWhole(fetched);
    assertThat(fetched.bytesOnWire()).isEqualTo(SIZE - RANGE - 300);
    assertThat(lake.proxy.requests().subList(2, 4))
        .allMatch(s -> s.header("If-Match").equals(fetched.etag()));
  }

  @Test
  void believesOnlyWhatTheChecksumsProve() throws IOException {
    breakOffAfter(2 * RANGE);
    byte[] bytes = Files.readAllBytes(partial());
    bytes[RANGE + 17] ^= 1;
    Files.write(partial(), bytes);
    Fetched fetched = fetch(SETTINGS, lake.throughProxy());
    assertWhole(fetched);
    assertThat(fetched.bytesOnWire())
        .as("the rest, and the piece around the damage")
        .isBetween(SIZE - 2L * RANGE + 1, SIZE - 2L * RANGE + Buffers.BYTES);
  }

  @Test
  void fetchesWhatIsGoneFromThePartialFile() throws IOException {
    breakOffAfter(2 * RANGE);
    Files.write(partial(), new byte[10]);
    Fetched fetched = fetch(SETTINGS, lake.throughProxy());
    assertWhole(fetched);
    assertThat(fetched.bytesOnWire()).isEqualTo(SIZE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 30, 90, -1, -21})
  void takesATornJournalForWhatItIs(int kept) throws IOException {
    breakOffAfter(2 * RANGE);
    Path journal = Fetcher.journal(partial());
    byte[] bytes = Files.readAllBytes(journal);
    int length = kept < 0 ? bytes.length + kept : kept;
    Files.write(journal, Arrays.copyOf(bytes, length));
    assertWhole(fetch(SETTINGS, lake.throughProxy()));
  }

  @Test
  void leavesAJournalOfAnotherFileAside() throws IOException {
    breakOffAfter(2 * RANGE);
    lake.replace(SIZE - 1, 7);
    Fetched fetched = fetch(SETTINGS, lake.throughProxy());
    assertWhole(fetched);
    assertThat(fetched.bytesOnWire()).isEqualTo(SIZE - 1);
  }

  @Test
  void beginsAnewWhenWhatIsLeftIsOfAnOlderVersion() throws IOException {
    breakOffAfter(2 * RANGE);
    lake.replace(SIZE, 7);
    Fetched fetched = fetch(SETTINGS.restarts(0), lake.throughProxy());
    assertWhole(fetched);
    assertThat(fetched.bytesOnWire()).isEqualTo(SIZE);
  }

  private void breakOffAfter(int bytes) {
    FetchSettings once = SETTINGS.ranges(RANGE, 1).retry(RetryPolicy.never());
    for (int i = 0; i < bytes / RANGE; i++) {
      lake.proxy.next(Fault.truncate(RANGE));
    }
    lake.proxy.next(Fault.status(503));
    assertThatThrownBy(() -> fetch(once, lake.throughProxy())).isInstanceOf(HdlException.class);
    lake.proxy.heal();
  }

  @Test
  void beginsAnewWhenTheFileChangesMeanwhile() throws IOException {
    FetchSettings oneByOne = SETTINGS.ranges(RANGE, 1);
    byte[] other = LakeFile.bytes(SIZE, 7);
    Runnable change =
        new Runnable() {
          private boolean changed;

          @Override
          public void run() {
            if (!changed && lake.proxy.bodyBytes() >= RANGE) {
              changed = true;
              lake.replace(SIZE, 7);
            }
          }
        };
    lake.proxy.when(seen -> true, Fault.slow(10 * RANGE));
    try (Fetcher fetcher = Fetcher.of(lake.ranges, oneByOne)) {
      Fetched fetched = fetcher.fetch(lake.throughProxy(), partial(), change);
      assertThat(lake.content).isEqualTo(other);
      assertWhole(fetched);
      assertThat(fetched.bytesOnWire()).isGreaterThan(SIZE);
    }
  }

  @Test
  void givesUpOnAFileThatKeepsChanging() {
    lake.proxy.when(
        seen -> seen.header("Range").orElse("").startsWith("bytes=1048576"),
        Fault.changedEtag("\"other\""));
    HdlException e =
        catchThrowableOfType(
            ObjectChangedException.class, () -> fetch(SETTINGS, lake.throughProxy()));
    assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA);
    assertThat(e).hasMessageContaining("it changed 3 times while it was fetched");
    assertThat(partial()).isEmptyFile();
  }

  @Test
  void takesNoOtherVersionThanTheOneAskedFor() {
    RemoteFile file = new RemoteFile(lake.throughProxy().uri(), SIZE, Optional.of("\"old\""));
    assertThatThrownBy(() -> fetch(SETTINGS, file))
        .isInstanceOf(ObjectChangedException.class)
        .hasMessageContaining("the version \"old\" is gone");
  }

  @Test
  void refusesAFileOfAnotherLength() {
    RemoteFile file = RemoteFile.of(lake.throughProxy().uri(), SIZE - 1);
    assertThatThrownBy(() -> fetch(SETTINGS, file))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageContaining("it has 3,000,000 bytes, but 2,999,999 were expected");
    assertThat(lake.proxy.requests()).hasSize(1);
  }

  @Test
  void saysThatAFileIsNotThere() {
    RemoteFile file = RemoteFile.of(URI.create(lake.throughProxy().uri() + ".no"), SIZE);
    assertThatThrownBy(() -> fetch(SETTINGS, file))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThat(lake.proxy.requests()).hasSize(1);
  }

  @Test
  void anInterruptEndsItAtOnceThoughTheServerStalls() throws InterruptedException {
    lake.proxy.always(Fault.stallWithin(RANGE / 2));
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try (Fetcher fetcher = Fetcher.of(patient, SETTINGS)) {
                fetcher.fetch(lake.throughProxy(), partial(), () -> {});
              } catch (HdlException e) {
                failure.set(e);
              }
            });
    caller.start();
    await().atMost(Duration.ofMinutes(1)).until(() -> lake.proxy.bodyBytes() >= 3 * (RANGE / 2));
    long start = System.nanoTime();
    caller.interrupt();
    caller.join(10_000);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(failure.get())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));

    lake.proxy.heal();
    Fetched rest = fetch(SETTINGS, lake.throughProxy());
    assertThat(rest.bytesOnWire()).as("what arrived before counts").isLessThan(SIZE - RANGE);
  }

  @Test
  void theCheckpointEndsItAtOnce() {
    lake.proxy.always(Fault.stall());
    try (Fetcher fetcher = Fetcher.of(patient, SETTINGS)) {
      assertThatThrownBy(
              () ->
                  fetcher.fetch(
                      lake.throughProxy(),
                      partial(),
                      () -> {
                        if (!lake.proxy.requests().isEmpty()) {
                          throw new JobCancelledException("enough");
                        }
                      }))
          .isInstanceOf(JobCancelledException.class)
          .hasMessage("enough");
    }
  }

  @Test
  void closingEndsWhatIsFetched() throws InterruptedException {
    lake.proxy.always(Fault.stall());
    Fetcher fetcher = Fetcher.of(patient, SETTINGS);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                fetcher.fetch(lake.throughProxy(), partial(), () -> {});
              } catch (HdlException e) {
                failure.set(e);
              }
            });
    caller.start();
    await().atMost(Duration.ofMinutes(1)).until(() -> !lake.proxy.requests().isEmpty());
    fetcher.close();
    caller.join(10_000);
    assertThat(failure.get())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED))
        .hasMessageContaining("the fetcher was closed");
    assertThatThrownBy(() -> fetcher.fetch(lake.straight(), partial(), () -> {}))
        .hasMessageContaining("the fetcher was closed");
  }

  @Test
  void givesUpAtTheDeadlineOfTheFile() {
    lake.proxy.always(Fault.slow(200_000));
    assertThatThrownBy(() -> fetch(SETTINGS.deadline(Duration.ofMillis(300)), lake.throughProxy()))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("not done after 0.3 s");
  }

  @Test
  void oneFetchAtATimeWritesAPartialFile() {
    lake.proxy.always(Fault.slow(3_000_000));
    try (Fetcher fetcher = Fetcher.of(lake.ranges, SETTINGS)) {
      fetcher.fetch(
          lake.throughProxy(),
          partial(),
          () ->
              assertThatThrownBy(() -> fetch(SETTINGS, lake.straight()))
                  .isInstanceOfSatisfying(
                      HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
                  .hasMessageContaining("another fetch is writing it"));
    }
  }

  @Test
  void keepsToItsShareOfTheLink() throws IOException {
    long start = System.nanoTime();
    Fetched fetched =
        fetch(SETTINGS.bandwidth(BandwidthLimit.bytesPerSecond(6_000_000)), lake.straight());
    assertWhole(fetched);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void noRowOfFaultsMakesAWrongByte(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    lake.replace(random.nextInt(300_000, 600_000), seed);
    for (int i = 0; i < 40; i++) {
      lake.proxy.next(fault(random));
    }
    FetchSettings settings =
        SETTINGS
            .ranges(random.nextInt(20_000, 200_000), random.nextInt(1, 6))
            .retry(
                RetryPolicy.builder()
                    .maxTries(random.nextInt(1, 30))
                    .firstDelay(Duration.ofMillis(1))
                    .maxDelay(Duration.ofMillis(2))
                    .build())
            .restarts(random.nextInt(30));
    for (int fetches = 0; ; fetches++) {
      assertThat(fetches).as("faults are used up").isLessThan(60);
      try {
        assertWhole(fetch(settings, lake.throughProxy()));
        break;
      } catch (HdlException e) {
        assertThat(e.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.CORRUPT_DATA);
      }
    }
  }

  private static Fault fault(SplittableRandom random) {
    int bytes = random.nextInt(200_000);
    return switch (random.nextInt(12)) {
      case 0 -> Fault.status(503);
      case 1 -> Fault.reset();
      case 2 -> Fault.fin();
      case 3 -> Fault.truncate(bytes);
      case 4 -> Fault.resetWithin(bytes);
      case 5 -> Fault.otherRange(1 + random.nextInt(1000));
      case 6 -> Fault.longer(1 + random.nextInt(1000));
      case 7 -> Fault.changedEtag("\"" + random.nextInt(3) + "\"");
      case 8 -> Fault.truncateWithoutLength(bytes);
      case 9 -> Fault.slow(2_000_000);
      default -> Fault.delay(Duration.ofMillis(random.nextInt(5)));
    };
  }
}
