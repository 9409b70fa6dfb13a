package io.hdl.core.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Ids of runs: the start in UTC, so that names sort by time, and a random part. */
public final class RunId {
  private static final DateTimeFormatter START =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private RunId() {}

  /** A new id, such as {@code 20261121-213000-9f3c21}. */
  public static String create(Instant began) {
    int random = ThreadLocalRandom.current().nextInt(1 << 24);
    return START.format(began) + "-" + HexFormat.of().withLowerCase().toHexDigits(random, 6);
  }
}
