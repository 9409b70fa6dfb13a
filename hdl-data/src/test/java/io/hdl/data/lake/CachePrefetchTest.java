package io.hdl.data.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.identity.Secret;
import io.hdl.core.storage.ObjectStore.Stat;
import io.hdl.core.testing.ManualTime;
import io.hdl.data.cache.CacheListener;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.profile.ProfileSpec;
import io.hdl.data.profile.TableProfile;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.testing.DfsServer;
import io.hdl.data.transfer.Fetched;
import io.hdl.data.transfer.RemoteFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachePrefetchTest {
  private static final LakeAddress CONTAINER =
      LakeAddress.parse("abfss://curated@contoso.dfs.core.windows.net");
  private static final String SALES = CONTAINER.resolve("retail/sales").toString();
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir Path folder;
  private final ManualTime time = ManualTime.startingAt(NOON);
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<Instant> fetches = new CopyOnWriteArrayList<>();
  private final List<FolderLink> links = new CopyOnWriteArrayList<>();
  private volatile boolean cut;

  private static void goOn() {}

  private DeltaTableWriter write(String table, int commits) {
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            folder.resolve("lake/retail/" + table), List.of(Column.of("n", ColumnType.INTEGER)));
    for (int commit = 0; commit < commits; commit++) {
      append(writer, commit);
    }
    return writer;
  }

  private static void append(DeltaTableWriter writer, int number) {
    writer.append(List.<@Nullable Object[]>of(new @Nullable Object[] {number}));
  }

  private CacheTiers warm() {
    return CacheTiers.warmOnly(folder.resolve("warm"), CacheTiers.gib(1)).keepFree(0);
  }

  private CachePrefetch prefetch(CacheTiers tiers) {
    return CachePrefetch.into(tiers)
        .listener(
            new CacheListener() {
              @Override
              public void warning(String text) {
                warnings.add(text);
              }
            })
        .within(
            time,
            (wanted, how, fetching, checkpoint) ->
                LakeTable.over(new NotedLink(), wanted.address(), how.tiers(), how.listener()));
  }

  /** Notes when data files are fetched. */
  private final class NotedLink implements LakeLink {
    private final FolderLink link = new FolderLink(CONTAINER, folder.resolve("lake"));

    NotedLink() {
      link.cut = cut;
      links.add(link);
    }

    @Override
    public List<Stat> list(URI of, String firstName) {
      return link.list(of, firstName);
    }

    @Override
    public Optional<Stat> stat(URI object) {
      return link.stat(object);
    }

    @Override
    public Fetched fetch(RemoteFile file, Path partial, Runnable checkpoint) {
      Fetched fetched = link.fetch(file, partial, checkpoint);
      if (file.uri().getPath().endsWith(".parquet")) {
        checkpoint.run();
        fetches.add(time.now());
      }
      return fetched;
    }

    @Override
    public boolean used() {
      return link.used();
    }

    @Override
    public void close() {
      link.close();
    }
  }

  @Test
  void bringsAVersionThatIsReadWithoutTheLinkThen() {
    write("sales", 3);
    PrefetchReport report = prefetch(warm()).table(SALES).run(CachePrefetchTest::goOn);
    assertThat(report.complete()).isTrue();
    PrefetchReport.Table table = report.tables().get(0);
    assertThat(table.address()).isEqualTo(SALES);
    assertThat(table.version()).isEqualTo(3);
    // Four commits and three data files; those of the log were there when it had been read.
    assertThat(table.files()).isEqualTo(7);
    assertThat(table.broughtFiles()).isEqualTo(3);
    assertThat(table.broughtBytes()).isPositive().isLessThan(table.bytes());

    FolderLink cutLink = new FolderLink(CONTAINER, folder.resolve("lake"));
    cutLink.cut = true;
    try (LakeTable again =
        LakeTable.over(cutLink, LakeAddress.parse(SALES), warm(), CacheListener.none())) {
      TableSnapshot snapshot = again.snapshot(TableVersion.number(3));
      assertThat(
              TableProfile.of(snapshot, ProfileSpec.allColumns(), 1, CachePrefetchTest::goOn)
                  .rows())
          .isEqualTo(3);
      assertThat(again.cache().leases(SALES))
          .singleElement()
          .satisfies(
              lease -> {
                assertThat(lease.holder()).isEqualTo("prefetch");
                assertThat(lease.until()).isEqualTo(NOON.plus(Duration.ofDays(2)));
                assertThat(lease.files()).hasSize(7);
              });
    }
  }

  @Test
  void bringsNothingTwice() {
    write("sales", 3);
    write("stores", 2);
    String stores = CONTAINER.resolve("retail/stores").toString();
    CachePrefetch both = prefetch(warm()).table(SALES).table(stores, TableVersion.number(1));
    assertThat(both.run(CachePrefetchTest::goOn).tables())
        .extracting(PrefetchReport.Table::broughtFiles)
        .containsExactly(3, 1);
    assertThat(both.run(CachePrefetchTest::goOn).tables())
        .extracting(PrefetchReport.Table::broughtFiles)
        .containsExactly(0, 0);
    assertThat(links.stream().flatMap(link -> link.fetched.stream()))
        .filteredOn(name -> name.endsWith(".parquet"))
        .hasSize(4)
        .doesNotHaveDuplicates();
  }

  @Test
  void fetchesWithinItsWindowsAlone() {
    write("sales", 12);
    TimeWindows nights = TimeWindows.parse("22:00-23:00", ZoneOffset.UTC);
    // Each look at the clock takes a few minutes: the window closes in the middle.
    PrefetchReport report =
        prefetch(warm())
            .table(SALES)
            .windows(nights)
            .run(() -> time.advance(Duration.ofMinutes(7)));
    assertThat(report.complete()).isTrue();
    assertThat(report.took()).isGreaterThan(Duration.ofHours(30));
    // A file may be finished a moment after the window has closed.
    assertThat(fetches)
        .hasSize(12)
        .allSatisfy(
            at ->
                assertThat(nights.isOpen(at) || nights.isOpen(at.minus(Duration.ofMinutes(15))))
                    .as("%s", at)
                    .isTrue());
  }

  @Test
  void refusesADeadlineThatCannotBeMet() {
    write("sales", 3);
    CachePrefetch slow =
        prefetch(warm())
            .table(SALES)
            .windows(TimeWindows.parse("22:00-06:00", ZoneOffset.UTC))
            .bandwidth(1);
    assertThatThrownBy(
            () -> slow.deadline(Instant.parse("2026-11-22T22:05:00Z")).run(CachePrefetchTest::goOn))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageMatching(
            "deadline: 2026-11-22T22:05:00Z cannot be met: [\\d,]+ bytes are missing, which at 1"
                + " bytes/s in the windows 22:00-06:00 Z are there at 2026-11-\\S+Z \\(expected:"
                + " a later deadline, wider windows or more bandwidth\\)");
    assertThat(fetches).isEmpty();
    assertThat(
            slow.deadline(Instant.parse("2026-12-30T06:00:00Z"))
                .run(CachePrefetchTest::goOn)
                .complete())
        .isTrue();
    // What is there needs no time.
    assertThat(
            slow.deadline(NOON.plus(Duration.ofDays(400))).run(CachePrefetchTest::goOn).complete())
        .isTrue();
  }

  @Test
  void refusesADeadlineThatItCannotJudge() {
    write("sales", 1);
    CachePrefetch unknown = prefetch(warm()).table(SALES).deadline(NOON.plusSeconds(60));
    assertThatThrownBy(() -> unknown.run(CachePrefetchTest::goOn))
        .hasMessage(
            "deadline: 2026-11-22T12:01:00Z without a rate (expected: bandwidth, or linkRate, to"
                + " judge whether it can be met)");
    assertThat(unknown.linkRate(1_000_000).run(CachePrefetchTest::goOn).complete()).isTrue();
  }

  @Test
  void endsWhenTheDeadlinePassesAllTheSame() {
    write("sales", 12);
    PrefetchReport report =
        prefetch(warm())
            .table(SALES)
            .linkRate(1_000_000_000)
            .deadline(NOON.plus(Duration.ofHours(1)))
            .run(() -> time.advance(Duration.ofMinutes(5)));
    assertThat(report.complete()).isFalse();
    assertThat(report.tables().get(0).missing()).isNotEmpty().hasSizeLessThan(12);
    PrefetchReport rest = prefetch(warm()).table(SALES).run(CachePrefetchTest::goOn);
    assertThat(rest.complete()).isTrue();
    assertThat(rest.tables().get(0).broughtFiles())
        .isEqualTo(report.tables().get(0).missing().size());
  }

  @Test
  void goesOnWhereItWasStopped() {
    write("sales", 12);
    AtomicInteger calls = new AtomicInteger();
    assertThatThrownBy(
            () ->
                prefetch(warm())
                    .table(SALES)
                    .run(
                        () -> {
                          if (calls.incrementAndGet() > 20) {
                            throw new JobCancelledException("stop");
                          }
                        }))
        .isInstanceOf(JobCancelledException.class);
    PrefetchReport report = prefetch(warm()).table(SALES).run(CachePrefetchTest::goOn);
    assertThat(report.complete()).isTrue();
    assertThat(report.tables().get(0).broughtFiles()).isBetween(1, 11);
  }

  @Test
  void saysWhatTheTierHasNoRoomFor() {
    write("sales", 12);
    CacheTiers small = CacheTiers.warmOnly(folder.resolve("warm"), 8_000).keepFree(0);
    PrefetchReport report = prefetch(small).table(SALES).run(CachePrefetchTest::goOn);
    assertThat(report.complete()).isFalse();
    assertThat(report.tables().get(0).missing()).isNotEmpty();
    assertThat(warnings).anyMatch(text -> text.contains("what it holds is in use or leased"));
  }

  @Test
  void followsTheNewestVersion() {
    DeltaTableWriter writer = write("sales", 2);
    List<Long> versions = new ArrayList<>();
    int[] rounds = new int[1];
    Runnable endsInTheEnd =
        () -> {
          // The link is back after some rounds without it.
          if (cut && time.now().isAfter(NOON.plus(Duration.ofHours(4)))) {
            cut = false;
          }
        };
    assertThatThrownBy(
            () ->
                prefetch(warm())
                    .table(SALES)
                    .follow(
                        Duration.ofHours(1),
                        endsInTheEnd,
                        report -> {
                          versions.add(report.tables().get(0).version());
                          append(writer, rounds[0]++);
                          cut = rounds[0] == 2;
                          if (rounds[0] == 3) {
                            throw new JobCancelledException("enough");
                          }
                        }))
        .isInstanceOf(JobCancelledException.class);
    assertThat(versions).containsExactly(2L, 3L, 4L);
    assertThat(warnings)
        .isNotEmpty()
        .allMatch(
            text -> text.startsWith("This round of the prefetch failed, the next one begins"));
    try (LakeTable table =
        LakeTable.over(new NotedLink(), LakeAddress.parse(SALES), warm(), CacheListener.none())) {
      assertThat(table.cache().leases(SALES))
          .singleElement()
          .satisfies(lease -> assertThat(lease.version()).isEqualTo(4));
    }
  }

  @Test
  void needsATable() {
    assertThatThrownBy(() -> prefetch(warm()).run(CachePrefetchTest::goOn))
        .hasMessage("tables: none (expected: at least one to be brought)");
    assertThatThrownBy(() -> prefetch(warm()).bandwidth(0))
        .hasMessage("bandwidth: 0 (expected: >= 1)");
  }

  @Test
  void bringsATableThroughTheRealClient() {
    write("sales", 3);
    try (DfsServer server = DfsServer.start()) {
      server.createContainer("curated");
      server.putFolder("curated", "retail/sales", folder.resolve("lake/retail/sales"));
      CachePrefetch real =
          CachePrefetch.into(warm())
              .table(server.address("curated", "retail/sales").toString())
              .access(
                  LakeAccess.fromEnvironment()
                      .emulator(server.endpoint(), Secret.of(server.accountKey())))
              .bandwidth(10_000_000);
      PrefetchReport report = real.run(CachePrefetchTest::goOn);
      assertThat(report.complete()).isTrue();
      assertThat(report.tables().get(0).broughtFiles()).isEqualTo(3);
      long sent = server.bytesSent();
      assertThat(sent).isGreaterThanOrEqualTo(report.tables().get(0).bytes());
      assertThat(real.run(CachePrefetchTest::goOn).tables().get(0).broughtFiles()).isZero();
    }
  }
}
