package io.hdl.core;

import io.hdl.core.error.Problems;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Opened;
import io.hdl.core.provenance.DataProvenance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A source of three numbers that counts how often it is opened and closed. */
final class CountingSource implements DataSource<CountingSource.Numbers> {
  private final AtomicLong latest = new AtomicLong(7);
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private boolean failing;

  /** The data: a few numbers. */
  record Numbers(List<Double> values, AtomicInteger closedCount) implements AutoCloseable {
    @Override
    public void close() {
      closedCount.incrementAndGet();
    }
  }

  void failWhenOpened() {
    failing = true;
  }

  void publishVersion(long version) {
    latest.set(version);
  }

  int opened() {
    return opened.get();
  }

  int closed() {
    return closed.get();
  }

  @Override
  public void check(Problems problems) {}

  @Override
  public Map<String, String> settings() {
    return Map.of("table", "numbers");
  }

  @Override
  public Opened<Numbers> open(JobContext context) {
    if (failing) {
      throw new IllegalStateException("no such table");
    }
    opened.incrementAndGet();
    long version =
        Long.parseLong(context.pin("numbers.version", () -> Long.toString(latest.get())));
    DataProvenance provenance =
        new DataProvenance(
            "numbers",
            "memory:numbers",
            version,
            Instant.EPOCH,
            "id",
            List.of("value"),
            Map.of(),
            3,
            1);
    context
        .events()
        .publish(
            new JobEvent.CacheReport(
                context.clock().instant(), "hot", 2, 1, 30, 10, Duration.ofMillis(500), 0, 0, 4));
    return new Opened<>(
        new Numbers(List.of(1.0, 2.0, 3.0), closed), provenance, Map.of("numbers", "3"));
  }
}
