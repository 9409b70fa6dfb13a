package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A password, key or token. Its value never shows in {@link #toString()}, and {@link Redaction}
 * looks for it from the moment it is known. One that comes from a {@link SecretProvider} is fetched
 * at its first use, held for a limited time and then forgotten; the next use fetches it anew.
 * Thread-safe.
 */
public final class Secret {
  /** Given values that {@link Redaction} does not look for yet; it takes them before it looks. */
  private static final Queue<Secret> GIVEN = new ConcurrentLinkedQueue<>();

  private final String name;
  private final Supplier<String> value;
  private final Duration held;
  private final Timer timer;
  private Optional<String> present = Optional.empty();

  private Secret(String name, Supplier<String> value, Duration held, Timer timer) {
    this.name = name;
    this.value = value;
    this.held = held;
    this.timer = timer;
  }

  /** Runs something later. */
  @FunctionalInterface
  interface Timer {
    void after(Duration delay, Runnable task);

    /** The JDK's own timer thread; what runs there is short. */
    static Timer system() {
      return (delay, task) -> {
        Executor onTimer =
            CompletableFuture.delayedExecutor(
                delay.toNanos(), TimeUnit.NANOSECONDS, (Executor) Runnable::run);
        onTimer.execute(task);
      };
    }
  }

  /**
   * A value that is at hand.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if it is empty
   */
  public static Secret of(String value) {
    if (value.isEmpty()) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "secret: empty (expected: at least one character)");
    }
    Secret given = new Secret("given", () -> value, Duration.ZERO, Timer.system());
    GIVEN.add(given);
    return given;
  }

  /** A value that is fetched when it is needed and held for a limited time. */
  static Secret late(String name, Supplier<String> fetch, Duration held, Timer timer) {
    return new Secret(name, fetch, held, timer);
  }

  /**
   * The value, for immediate use: do not keep it.
   *
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} if no provider has it, or with the code
   *     of the provider's failure
   */
  public String reveal() {
    if (held.isZero()) {
      return value.get();
    }
    synchronized (this) {
      if (present.isPresent()) {
        return present.get();
      }
      String fetched = value.get();
      Redaction.remember(fetched);
      present = Optional.of(fetched);
      timer.after(held, this::forget);
      return fetched;
    }
  }

  /** The next given value to look for, if there is one. */
  static Optional<String> nextGiven() {
    return Optional.ofNullable(GIVEN.poll()).map(Secret::reveal);
  }

  private synchronized void forget() {
    present = Optional.empty();
  }

  /** Whether the value is in memory now. */
  synchronized boolean isHeld() {
    return held.isZero() || present.isPresent();
  }

  /** Says which secret it is, not what it is. */
  @Override
  public String toString() {
    return "Secret[" + name + "]";
  }
}
