package io.hdl.data.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * The room of the hot tier, for what lies in it beside files of the lake: series stores, in the
 * folder {@code series} of the tier. They count against the same quota, and of both kinds those go
 * first that were not used for the longest time. Thread-safe.
 */
public final class TierSpace {
  private final TierSettings settings;

  private TierSpace(TierSettings settings) {
    this.settings = settings;
  }

  /** The room of a hot tier. */
  public static TierSpace of(CacheTiers.Folder hot, CacheTiers tiers) {
    return new TierSpace(
        new TierSettings(
            Tier.HOT,
            hot.path(),
            hot.maxBytes(),
            tiers.keepFree(),
            Verification.NONE,
            Clock.systemUTC()));
  }

  /** Where stores lie that are to count. */
  public Path series() {
    return settings.folder().resolve("series");
  }

  /** Whether the tier has a quota besides what its disk has. */
  public boolean isBounded() {
    return settings.maxBytes() < Long.MAX_VALUE;
  }

  /**
   * Removes what was not used for the longest time until all that is there fits the quota: to be
   * called when a store was added. Stores that are mapped stay readable for whoever has them.
   *
   * @return whether it fits; not if what is left is held or leased
   * @throws IOException if the tier cannot be used
   */
  public boolean makeRoom() throws IOException {
    try (TierFolder folder = TierFolder.open(settings, new Counters())) {
      return folder.room().trim();
    }
  }
}
