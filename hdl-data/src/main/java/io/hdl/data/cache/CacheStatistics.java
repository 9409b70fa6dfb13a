package io.hdl.data.cache;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a cache has done since it was opened, in this process.
 *
 * @param tiers by tier, those that are there, and the lake
 */
public record CacheStatistics(Map<Tier, TierStatistics> tiers) {
  private static final TierStatistics NOTHING =
      new TierStatistics(0, 0, 0, 0, Duration.ZERO, 0, 0, 0);

  /** Copies the statistics. */
  public CacheStatistics {
    EnumMap<Tier, TierStatistics> copy = new EnumMap<>(Tier.class);
    copy.putAll(tiers);
    tiers = Collections.unmodifiableMap(copy);
  }

  /** Those of one tier; all zero if it is not there. */
  public TierStatistics of(Tier tier) {
    return Objects.requireNonNullElse(tiers.get(tier), NOTHING);
  }
}
