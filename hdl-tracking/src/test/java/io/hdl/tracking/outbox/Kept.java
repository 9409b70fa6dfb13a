package io.hdl.tracking.outbox;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps what it gets, at most so many items a call, unless it is told to fail. */
final class Kept implements Destination {
  final List<Item> items = Collections.synchronizedList(new ArrayList<>());
  final List<String> begun = Collections.synchronizedList(new ArrayList<>());
  final List<List<Item>> calls = Collections.synchronizedList(new ArrayList<>());
  final List<Duration> limits = Collections.synchronizedList(new ArrayList<>());
  volatile @Nullable RuntimeException failure;
  volatile @Nullable CountDownLatch hang;
  volatile int most = 1;
  volatile long setAside;
  volatile boolean closed;

  void fail(@Nullable RuntimeException with) {
    failure = with;
  }

  @Override
  public void deliver(RunStart run, Deque<Item> waiting, Duration limit) {
    limits.add(limit);
    RuntimeException refused = failure;
    if (refused != null) {
      throw refused;
    }
    CountDownLatch stuck = hang;
    if (stuck != null) {
      try {
        if (stuck.await(1, TimeUnit.MINUTES)) {
          hang = null;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HdlException(ErrorCode.CANCELLED, "interrupted", e);
      }
    }
    if (!begun.contains(run.name())) {
      begun.add(run.name());
    }
    List<Item> call = new ArrayList<>();
    while (call.size() < most && !waiting.isEmpty()) {
      call.add(waiting.remove());
    }
    calls.add(call);
    items.addAll(call);
  }

  @Override
  public long setAside() {
    return setAside;
  }

  @Override
  public void close() {
    closed = true;
  }
}
