package io.hdl.data.lake;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryTime;
import io.hdl.data.cache.CacheListener;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.transfer.BandwidthLimit;
import io.hdl.data.transfer.FetchSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Brings versions of tables into the cache before they are needed: at night, within a share of the
 * link, by a deadline.
 *
 * <pre>{@code
 * PrefetchReport report =
 *     CachePrefetch.into(CacheTiers.warmOnly(Path.of("/mnt/nfs/hdl"), tib(4)))
 *         .table("abfss://curated@contoso.dfs.core.windows.net/retail/sales", TableVersion.latest())
 *         .windows(TimeWindows.parse("22:00-06:00", ZoneId.systemDefault()))
 *         .bandwidth(50_000_000)
 *         .run(() -> {});
 * }</pre>
 *
 * <p>The files come into the warm tier, or into the hot one where there is no warm, and are leased
 * there for a while, so that nothing else pushes them out before they are read. What is there
 * already is left alone; a prefetch that was stopped goes on where it stopped. Immutable; each
 * method gives changed settings.
 */
public final class CachePrefetch {
  private static final Duration KEEP = Duration.ofDays(2);

  private final CacheTiers tiers;
  private final List<Wanted> tables;
  private final LakeAccess access;
  private final TimeWindows windows;
  private final OptionalLong bandwidth;
  private final OptionalLong linkRate;
  private final Optional<Instant> deadline;
  private final String holder;
  private final Duration keep;
  private final CacheListener listener;
  private final RetryTime time;
  private final Opener opener;

  /** A table and the version of it that is meant. */
  record Wanted(LakeAddress address, TableVersion version) {}

  /** Opens a table. */
  @FunctionalInterface
  interface Opener {
    LakeTable open(Wanted wanted, CachePrefetch how, FetchSettings fetching, Runnable checkpoint);
  }

  private CachePrefetch(Draft draft) {
    tiers = draft.tiers;
    tables = List.copyOf(draft.tables);
    access = draft.access;
    windows = draft.windows;
    bandwidth = draft.bandwidth;
    linkRate = draft.linkRate;
    deadline = draft.deadline;
    holder = draft.holder;
    keep = draft.keep;
    listener = draft.listener;
    time = draft.time;
    opener = draft.opener;
  }

  /** Brings files into tiers; which files is said next. */
  public static CachePrefetch into(CacheTiers tiers) {
    return new CachePrefetch(new Draft(tiers));
  }

  /** Also the newest version of a table, as it is when it is brought. */
  public CachePrefetch table(String address) {
    return table(address, TableVersion.latest());
  }

  /**
   * Also a version of a table.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if the address is none of a lake
   */
  public CachePrefetch table(String address, TableVersion version) {
    Draft draft = new Draft(this);
    draft.tables.add(new Wanted(LakeAddress.parse(address), version));
    return new CachePrefetch(draft);
  }

  /** How the lake is reached; without it as the environment says. */
  public CachePrefetch access(LakeAccess way) {
    Draft draft = new Draft(this);
    draft.access = way;
    return new CachePrefetch(draft);
  }

  /** When files may be fetched; without it always. */
  public CachePrefetch windows(TimeWindows open) {
    Draft draft = new Draft(this);
    draft.windows = open;
    return new CachePrefetch(draft);
  }

  /** The share of the link to keep to, in bytes per second, for all tables together. */
  public CachePrefetch bandwidth(long bytesPerSecond) {
    Draft draft = new Draft(this);
    draft.bandwidth = OptionalLong.of(positive("bandwidth", bytesPerSecond));
    return new CachePrefetch(draft);
  }

  /** What the link gives, in bytes per second, for judging a deadline; nothing is bounded by it. */
  public CachePrefetch linkRate(long bytesPerSecond) {
    Draft draft = new Draft(this);
    draft.linkRate = OptionalLong.of(positive("linkRate", bytesPerSecond));
    return new CachePrefetch(draft);
  }

  /**
   * When all must be there. One that cannot be met, with the windows and the bandwidth given, is
   * refused before anything but the tables' logs is fetched; when it passes all the same, because
   * the link gave less, the prefetch ends.
   */
  public CachePrefetch deadline(Instant at) {
    Draft draft = new Draft(this);
    draft.deadline = Optional.of(at);
    return new CachePrefetch(draft);
  }

  /**
   * For whom and how long the files are leased; without it for {@code prefetch}, two days from when
   * all is there.
   */
  public CachePrefetch keep(String forWhom, Duration howLong) {
    if (howLong.isNegative() || howLong.isZero()) {
      throw new HdlException(ErrorCode.INVALID_ARGUMENT, "keep: " + howLong + " (expected: > 0)");
    }
    Draft draft = new Draft(this);
    draft.holder = forWhom;
    draft.keep = howLong;
    return new CachePrefetch(draft);
  }

  /** Who is told what people should know. */
  public CachePrefetch listener(CacheListener told) {
    Draft draft = new Draft(this);
    draft.listener = told;
    return new CachePrefetch(draft);
  }

  /** The same in another time, with tables opened in another way. */
  CachePrefetch within(RetryTime other, Opener opening) {
    Draft draft = new Draft(this);
    draft.time = other;
    draft.opener = opening;
    return new CachePrefetch(draft);
  }

  /**
   * Brings all that is missing. The tables' logs are read at once, to find out what that is; for
   * the rest it waits until a window is open.
   *
   * @param checkpoint called now and then, by several threads; what it throws ends the prefetch
   * @return what was done; not complete if a tier has no room or the deadline passed
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if the deadline cannot be met or
   *     judged, or there is no table; and what opening a table and fetching a file throw: what was
   *     brought until then stays
   */
  public PrefetchReport run(Runnable checkpoint) {
    if (tables.isEmpty()) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS, "tables: none (expected: at least one to be brought)");
    }
    if (deadline.isPresent() && rate().isEmpty()) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "deadline: "
              + deadline.get()
              + " without a rate (expected: bandwidth, or linkRate, to judge whether it can be"
              + " met)");
    }
    return new PrefetchRun(this, checkpoint).run();
  }

  /**
   * Follows the tables: brings what is missing again and again, until the checkpoint throws. While
   * the lake cannot be reached it is told and tried again the next time. Of a table whose newest
   * version is followed the lease on an older one ends when the newer one is there.
   *
   * @param every time from the end of one round to the beginning of the next
   * @param done told what each round has done
   */
  public void follow(Duration every, Runnable checkpoint, Consumer<PrefetchReport> done) {
    if (deadline.isPresent()) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "deadline: " + deadline.get() + " (expected: none, as following has no end)");
    }
    while (true) {
      try {
        done.accept(run(checkpoint));
      } catch (HdlException e) {
        if (!e.retryable()) {
          throw e;
        }
        listener.warning(
            "This round of the prefetch failed, the next one begins in "
                + every
                + ": "
                + e.getMessage());
      }
      PrefetchRun.sleepUntil(time.now().plus(every), time, checkpoint);
    }
  }

  /** The bytes per second that can be counted on, if any are known. */
  OptionalLong rate() {
    if (bandwidth.isPresent() && linkRate.isPresent()) {
      return OptionalLong.of(Math.min(bandwidth.getAsLong(), linkRate.getAsLong()));
    }
    return bandwidth.isPresent() ? bandwidth : linkRate;
  }

  CacheTiers tiers() {
    return tiers;
  }

  List<Wanted> tables() {
    return tables;
  }

  LakeAccess access() {
    return access;
  }

  TimeWindows windows() {
    return windows;
  }

  FetchSettings fetching() {
    FetchSettings settings = FetchSettings.defaults().retry(access.retry());
    return bandwidth.isPresent()
        ? settings.bandwidth(BandwidthLimit.bytesPerSecond(bandwidth.getAsLong()))
        : settings;
  }

  Optional<Instant> deadline() {
    return deadline;
  }

  String holder() {
    return holder;
  }

  Duration keep() {
    return keep;
  }

  CacheListener listener() {
    return listener;
  }

  RetryTime time() {
    return time;
  }

  Opener opener() {
    return opener;
  }

  private static long positive(String name, long value) {
    if (value < 1) {
      throw new HdlException(ErrorCode.INVALID_ARGUMENT, name + ": " + value + " (expected: >= 1)");
    }
    return value;
  }

  /** Settings that are being changed. */
  private static final class Draft {
    private final CacheTiers tiers;
    private final List<Wanted> tables;
    private LakeAccess access;
    private TimeWindows windows;
    private OptionalLong bandwidth;
    private OptionalLong linkRate;
    private Optional<Instant> deadline;
    private String holder;
    private Duration keep;
    private CacheListener listener;
    private RetryTime time;
    private Opener opener;

    Draft(CacheTiers tiers) {
      this.tiers = tiers;
      tables = new ArrayList<>();
      access = LakeAccess.fromEnvironment();
      windows = TimeWindows.always();
      bandwidth = OptionalLong.empty();
      linkRate = OptionalLong.empty();
      deadline = Optional.empty();
      holder = "prefetch";
      keep = KEEP;
      listener = CacheListener.none();
      time = RetryTime.system();
      opener =
          (wanted, how, fetching, checkpoint) ->
              LakeTable.open(
                  wanted.address(),
                  how.access(),
                  fetching,
                  how.tiers(),
                  how.listener(),
                  checkpoint);
    }

    Draft(CachePrefetch from) {
      tiers = from.tiers;
      tables = new ArrayList<>(from.tables);
      access = from.access;
      windows = from.windows;
      bandwidth = from.bandwidth;
      linkRate = from.linkRate;
      deadline = from.deadline;
      holder = from.holder;
      keep = from.keep;
      listener = from.listener;
      time = from.time;
      opener = from.opener;
    }
  }
}
