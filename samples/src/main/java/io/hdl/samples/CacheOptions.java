package io.hdl.samples;

import io.hdl.data.cache.CacheTiers;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tiers that a command line asks for. */
final class CacheOptions {
  private CacheOptions() {}

  /** Empty if it asks for none: then the host's are taken. */
  static Optional<CacheTiers> tiers(@Nullable Path hot, @Nullable Path warm) {
    if (hot == null) {
      return warm == null
          ? Optional.empty()
          : Optional.of(CacheTiers.warmOnly(warm, Long.MAX_VALUE));
    }
    CacheTiers tiers = CacheTiers.hot(hot);
    return Optional.of(warm == null ? tiers : tiers.warm(warm));
  }
}
