package io.hdl.samples;

import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.data.DeltaSource;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import io.hdl.data.profile.ProfileSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@link TableProfile} is asked for, checked.
 *
 * @param source the table and its version
 * @param spec what to find out
 * @param threads number of threads that read
 */
record ProfileSettings(DeltaSource source, ProfileSpec spec, int threads) {
  // Sums are compared with other readers: there distinct values should be exact as far as possible.
  private static final int DISTINCT_LIMIT_WITH_CHECKSUMS = 1 << 22;

  /**
   * Checks the options.
   *
   * @throws io.hdl.core.error.HdlException that names everything that is wrong
   */
  static ProfileSettings of(ProfileOptions options) {
    Problems problems = new Problems();
    problems.require(
        options.table != null && !options.table.isBlank(),
        () -> "--table: not given (expected: the folder of a Delta table, or its address)");
    problems.require(
        options.version == null || options.timestamp == null,
        () -> "--version and --timestamp: both given (expected: one of them)");
    problems.require(
        options.version == null || options.version >= 0,
        () -> "--version: " + options.version + " (expected: >= 0)");
    problems.require(
        (options.series == null) == (options.time == null),
        () -> "--series and --time: one without the other (expected: both)");
    problems.require(
        options.threads == null || options.threads >= 1,
        () -> "--threads: " + options.threads + " (expected: >= 1)");
    if (!options.json.equals("-")) {
      writable(problems, "--json", Path.of(options.json));
    }
    if (options.html != null) {
      writable(problems, "--html", options.html);
    }
    Optional<Instant> moment = moment(problems, options.timestamp);
    List<String> columns = names(problems, "--columns", options.columns);
    List<String> keys = names(problems, "--series", options.series);
    Filter where = where(problems, options.where);
    problems.throwIfAny("The command line");

    TableVersion version =
        options.version != null
            ? TableVersion.number(options.version)
            : moment.map(TableVersion::asOf).orElseGet(TableVersion::latest);
    ProfileSpec spec = columns.isEmpty() ? ProfileSpec.allColumns() : ProfileSpec.columns(columns);
    spec = spec.where(where);
    if (options.time != null) {
      spec = spec.series(keys, options.time);
    }
    if (options.checksums) {
      spec = spec.distinctLimit(DISTINCT_LIMIT_WITH_CHECKSUMS);
    }
    int threads =
        options.threads == null ? Runtime.getRuntime().availableProcessors() : options.threads;
    DeltaSource source = DeltaSource.at(String.valueOf(options.table)).version(version);
    return new ProfileSettings(
        CacheOptions.tiers(options.hot, options.warm).map(source::cache).orElse(source),
        spec,
        threads);
  }

  private static List<String> names(Problems problems, String option, @Nullable String given) {
    if (given == null) {
      return List.of();
    }
    try {
      return ColumnNames.parse(given);
    } catch (IllegalArgumentException e) {
      problems.add(
          option + ": \"" + given + "\": " + e.getMessage() + " (expected: names with commas)");
      return List.of();
    }
  }

  private static Filter where(Problems problems, @Nullable String given) {
    try {
      return given == null ? Filter.all() : Filter.parse(given);
    } catch (HdlException e) {
      problems.add("--where: " + e.getMessage());
      return Filter.all();
    }
  }

  private static Optional<Instant> moment(Problems problems, @Nullable String given) {
    if (given == null) {
      return Optional.empty();
    }
    String text = given.strip().replace(' ', 'T');
    try {
      if (text.length() <= "2026-11-22".length()) {
        return Optional.of(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
      }
      boolean zone = text.matches(".*(Z|[+-]\\d\\d(:?\\d\\d)?)$") && text.indexOf('T') > 0;
      return Optional.of(
          zone
              ? OffsetDateTime.parse(text).toInstant()
              : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      problems.add(
          "--timestamp: \""
              + given
              + "\" (expected: 2026-11-22, 2026-11-22T08:00:00 or 2026-11-22T08:00:00+01:00)");
      return Optional.empty();
    }
  }

  /** Found out now, not after the table was read. */
  private static void writable(Problems problems, String option, Path given) {
    Path file = given.toAbsolutePath();
    Path folder = file.getParent();
    problems.require(
        !Files.isDirectory(file)
            && folder != null
            && Files.isDirectory(folder)
            && Files.isWritable(Files.exists(file) ? file : folder),
        () -> option + ": " + given + " (expected: a file in an existing, writable folder)");
  }
}
