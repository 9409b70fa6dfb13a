package io.hdl.data.cache;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.cache.Supply.Found;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lets one of several threads bring a file; the others wait for it, and see its failure, too.
 * Thread-safe.
 */
final class Flights {
  private static final long POLL_MILLIS = 20;

  private final Supply supply;
  private final ConcurrentMap<String, CompletableFuture<Boolean>> flights =
      new ConcurrentHashMap<>();

  Flights(Supply supply) {
    this.supply = supply;
  }

  /**
   * A file that was obtained.
   *
   * @param found the file
   * @param awaited the tier that it was waited for
   */
  record Obtained(Found found, Tier awaited) {}

  /**
   * The file from where it is, brought if need be.
   *
   * @param asker who asks: what a reader finds or does not find is counted
   */
  Obtained obtain(CacheKey key, Asker asker, @Nullable Instant modified, Runnable checkpoint) {
    Optional<Found> found =
        asker == Asker.READER ? supply.findCounted(key, checkpoint) : supply.find(key, checkpoint);
    boolean waited = false;
    while (found.isEmpty()) {
      checkpoint.run();
      CompletableFuture<Boolean> mine = new CompletableFuture<>();
      CompletableFuture<Boolean> other = flights.putIfAbsent(key.id(), mine);
      if (other == null) {
        Found brought = fly(key, modified, checkpoint, mine);
        // What another process brought meanwhile was waited for, too.
        boolean there = brought.source() == brought.place().tier();
        return new Obtained(brought, there ? Tier.LAKE : brought.source());
      }
      await(other, checkpoint);
      waited = true;
      found = supply.find(key, checkpoint);
    }
    return new Obtained(found.get(), waited ? Tier.LAKE : found.get().source());
  }

  private Found fly(
      CacheKey key,
      @Nullable Instant modified,
      Runnable checkpoint,
      CompletableFuture<Boolean> mine) {
    boolean[] stopped = new boolean[1];
    Runnable watched =
        () -> {
          stopped[0] = true;
          checkpoint.run();
          stopped[0] = false;
        };
    try {
      Found found = supply.bring(key, modified, watched);
      flights.remove(key.id(), mine);
      mine.complete(true);
      return found;
    } catch (RuntimeException | Error e) {
      flights.remove(key.id(), mine);
      if (stopped[0]) {
        // It is this thread's work that ends, not the others': one of them brings the file.
        mine.complete(false);
      } else {
        mine.completeExceptionally(e);
      }
      throw e;
    }
  }

  private static void await(CompletableFuture<Boolean> other, Runnable checkpoint) {
    while (true) {
      try {
        other.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        checkpoint.run();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new HdlException(
            ErrorCode.INTERNAL, "Another thread failed to bring a file: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HdlException(
            ErrorCode.CANCELLED, "Waiting for a file of the lake was interrupted.", e);
      }
    }
  }
}
