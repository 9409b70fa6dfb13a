package io.hdl.samples;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.run.Home;
import io.hdl.data.cache.CacheListener;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.lake.CachePrefetch;
import io.hdl.data.lake.TimeWindows;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** Makes a prefetch of a command line. */
final class WarmSettings {
  private static final double MILLION = 1e6;

  private WarmSettings() {}

  static CachePrefetch prefetch(WarmOptions options, Map<String, String> environment) {
    String local = environment.getOrDefault(LocalLake.TABLE, "");
    List<String> tables =
        options.tables.isEmpty() && !local.isEmpty() ? List.of(local) : options.tables;
    if (tables.isEmpty()) {
      throw wrong("--table: not given (expected: the address of a table of a lake)");
    }
    if (options.version != null && tables.size() != 1) {
      throw wrong("--version: " + options.version + " (expected: with one --table)");
    }
    TableVersion version =
        options.version == null ? TableVersion.latest() : TableVersion.number(options.version);
    CachePrefetch prefetch =
        CachePrefetch.into(tiers(options, environment))
            .listener(new Told())
            .keep("prefetch", duration("keep", options.keep, Duration.ofDays(1)));
    for (String table : tables) {
      prefetch = prefetch.table(table, version);
    }
    if (options.windows != null) {
      prefetch = prefetch.windows(TimeWindows.parse(options.windows, ZoneId.systemDefault()));
    }
    if (options.bandwidth != null) {
      prefetch = prefetch.bandwidth(bytes("bandwidth", options.bandwidth));
    }
    if (options.linkRate != null) {
      prefetch = prefetch.linkRate(bytes("link-rate", options.linkRate));
    }
    return options.deadline == null ? prefetch : prefetch.deadline(instant(options.deadline));
  }

  private static CacheTiers tiers(WarmOptions options, Map<String, String> environment) {
    Path home = options.home == null ? Home.resolve(environment) : options.home;
    return CacheOptions.tiers(options.hot, options.warm)
        .orElseGet(() -> CacheTiers.fromEnvironment(HybridEnvironment.detect(), home));
  }

  static Duration minutes(String name, double number) {
    return duration(name, number, Duration.ofMinutes(1));
  }

  private static Duration duration(String name, double number, Duration unit) {
    Duration value = Duration.ofMillis((long) (number * unit.toMillis()));
    if (value.isNegative() || value.isZero()) {
      throw wrong("--" + name + ": " + number + " (expected: > 0)");
    }
    return value;
  }

  private static long bytes(String name, double megabytes) {
    long value = (long) (megabytes * MILLION);
    if (value < 1) {
      throw wrong("--" + name + ": " + megabytes + " (expected: > 0)");
    }
    return value;
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      try {
        return LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
      } catch (DateTimeException local) {
        throw wrong(
            "--deadline: \""
                + text
                + "\" (expected: a time, as 2026-11-23T06:00:00 or 2026-11-23T06:00:00Z)");
      }
    }
  }

  private static HdlException wrong(String text) {
    return new HdlException(ErrorCode.INVALID_ARGUMENT, text);
  }

  /** Tells people on standard error. */
  private static final class Told implements CacheListener {
    @Override
    public void warning(String text) {
      System.err.println("WARNING: " + text);
    }

    @Override
    public void notice(String text) {
      System.err.println(text);
    }
  }
}
