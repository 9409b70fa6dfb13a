package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one token cache. A fetch runs on a daemon thread of its own that ends with it: callers wait
 * for it for a bounded time, and not at all while the present token is good. Thread-safe.
 */
final class CachedTokens implements TokenSource {
  private static final Logger LOG = LoggerFactory.getLogger(CachedTokens.class);

  /** A token with less life than this is not handed out: it may expire on its way. */
  private static final Duration LEAST_LIFE = Duration.ofSeconds(5);

  /** With less life than this a caller waits for the renewal before it takes the old one. */
  private static final Duration SHORT_LIFE = Duration.ofMinutes(1);

  /** How long before its expiry a token is fetched anew; a long-lived one at half its life. */
  private static final Duration AHEAD = Duration.ofMinutes(10);

  private static final Duration LONG_LIFE = Duration.ofHours(2);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(30);

  private final TokenSource source;
  private final RetryTime time;
  private final Duration longestWait;
  private final Consumer<String> warnings;
  private final ConcurrentHashMap<List<String>, Entry> entries = new ConcurrentHashMap<>();

  CachedTokens(TokenSource source, RetryTime time, Duration longestWait) {
    this(source, time, longestWait, LOG::warn);
  }

  /** The same with its warnings going elsewhere. */
  CachedTokens(
      TokenSource source, RetryTime time, Duration longestWait, Consumer<String> warnings) {
    this.source = source;
    this.time = time;
    this.longestWait = longestWait;
    this.warnings = warnings;
  }

  @Override
  public AccessToken token(List<String> scopes) {
    return entries.computeIfAbsent(List.copyOf(scopes), Entry::new).token();
  }

  @Override
  public void refused(String value) {
    entries.values().forEach(entry -> entry.forget(value));
    source.refused(value);
  }

  @Override
  public String description() {
    return source.description();
  }

  @Override
  public TokenSource cached() {
    return this;
  }

  /** Whether no fetch runs for these scopes. */
  boolean isIdle(List<String> scopes) {
    Entry entry = entries.get(List.copyOf(scopes));
    return entry == null || entry.isIdle();
  }

  /** A token that is known, with the next moment at which it is worth asking for another. */
  private record Known(AccessToken token, Duration life, Instant renewAt) {
    boolean lives(Instant now, Duration least) {
      return now.plus(least).isBefore(token.expires());
    }

    /** Short-lived tokens are given out in the last minute, too. */
    Duration comfortable() {
      Duration tenth = life.dividedBy(10);
      return tenth.compareTo(SHORT_LIFE) < 0 ? tenth : SHORT_LIFE;
    }

    Duration least() {
      Duration tenth = life.dividedBy(10);
      return tenth.compareTo(LEAST_LIFE) < 0 ? tenth : LEAST_LIFE;
    }
  }

  /** A fetch that runs. */
  private record Fetch(CompletableFuture<AccessToken> result, Thread thread) {}

  /** The tokens for one set of scopes. */
  private final class Entry {
    private final List<String> scopes;
    private Optional<Known> known = Optional.empty();
    private Optional<Fetch> running = Optional.empty();
    private boolean failing;

    Entry(List<String> scopes) {
      this.scopes = scopes;
    }

    AccessToken token() {
      Fetch fetch;
      synchronized (this) {
        Instant now = time.now();
        if (known.isPresent()) {
          Known present = known.get();
          boolean due = !now.isBefore(present.renewAt());
          if (present.lives(now, present.comfortable())) {
            if (due && running.isEmpty()) {
              begin();
            }
            return present.token();
          }
          if (!due && running.isEmpty() && present.lives(now, present.least())) {
            // A renewal has just failed: not every caller tries again.
            return present.token();
          }
        }
        fetch = running.isPresent() ? running.get() : begin();
      }
      return await(fetch);
    }

    /** Another token than the present one was replaced meanwhile. */
    synchronized void forget(String value) {
      known = known.filter(present -> !present.token().value().equals(value));
    }

    synchronized boolean isIdle() {
      return running.isEmpty();
    }

    /** Starts a fetch; called under the lock. */
    private Fetch begin() {
      CompletableFuture<AccessToken> result = new CompletableFuture<>();
      Thread thread = new Thread(() -> fetch(result), "hdl-token");
      thread.setDaemon(true);
      Fetch fetch = new Fetch(result, thread);
      running = Optional.of(fetch);
      thread.start();
      return fetch;
    }

    private void fetch(CompletableFuture<AccessToken> result) {
      try {
        AccessToken token = source.token(scopes);
        Redaction.remember(token.value());
        Instant now = time.now();
        if (!now.isBefore(token.expires())) {
          throw new HdlException(
              ErrorCode.UNAUTHENTICATED,
              "Cannot use the token of "
                  + source.description()
                  + ": it came expired ("
                  + token.expires()
                  + ", this machine's clock says "
                  + now
                  + "). Set the clock, or see why its issuer hands out old tokens.");
        }
        succeeded(result, token, now);
        result.complete(token);
      } catch (RuntimeException | Error e) {
        failed(result, e);
        result.completeExceptionally(e);
      }
    }

    private synchronized void succeeded(
        CompletableFuture<AccessToken> result, AccessToken token, Instant now) {
      Duration life = Duration.between(now, token.expires());
      Instant renewAt = token.expires().minus(ahead(life));
      if (known.isPresent() && !token.expires().isAfter(known.get().token().expires())) {
        // The issuer, too, has a cache; ask again when half of what is left has passed.
        life = known.get().life();
        renewAt =
            now.plus(longer(LEAST_PAUSE, Duration.between(now, token.expires()).dividedBy(2)));
      }
      known = Optional.of(new Known(token, life, renewAt));
      ended(result);
      if (failing) {
        failing = false;
        LOG.info("Tokens of {} are renewed again", source.description());
      }
    }

    private synchronized void failed(CompletableFuture<AccessToken> result, Throwable failure) {
      ended(result);
      Instant now = time.now();
      if (known.isEmpty() || !now.isBefore(known.get().token().expires())) {
        return;
      }
      Known present = known.get();
      known = Optional.of(new Known(present.token(), present.life(), now.plus(LEAST_PAUSE)));
      if (!failing) {
        failing = true;
        warnings.accept(
            "Cannot renew the token of "
                + source.description()
                + "; the present one is used on until "
                + present.token().expires()
                + ": "
                + Redaction.text(String.valueOf(failure.getMessage())));
      }
    }

    private void ended(CompletableFuture<AccessToken> result) {
      if (running.isPresent() && running.get().result() == result) {
        running = Optional.empty();
      }
    }

    private AccessToken await(Fetch fetch) {
      try {
        return fetch.result().get(longestWait.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HdlException(
            ErrorCode.CANCELLED,
            "Cannot get a token of " + source.description() + ": the thread was interrupted.",
            e);
      } catch (ExecutionException e) {
        return stillValid().orElseThrow(() -> failure(e.getCause()));
      } catch (TimeoutException e) {
        abandon(fetch);
        return stillValid()
            .orElseThrow(
                () ->
                    new HdlException(
                        ErrorCode.UNAVAILABLE,
                        "Cannot get a token of "
                            + source.description()
                            + ": no answer within "
                            + longestWait.toSeconds()
                            + " s. Check the network between this machine and whoever issues it.",
                        e));
      }
    }

    private synchronized Optional<AccessToken> stillValid() {
      Instant now = time.now();
      return known.filter(present -> present.lives(now, present.least())).map(Known::token);
    }

    private synchronized void abandon(Fetch fetch) {
      ended(fetch.result());
      fetch.thread().interrupt();
    }

    /** Every caller gets an exception of its own, with its own stack. */
    private RuntimeException failure(@Nullable Throwable cause) {
      if (cause instanceof HdlException known) {
        return new HdlException(known.code(), String.valueOf(known.getMessage()), known);
      }
      return new HdlException(
          ErrorCode.INTERNAL,
          "Cannot get a token of " + source.description() + ": " + cause,
          cause);
    }
  }

  private static Duration ahead(Duration life) {
    if (life.compareTo(LONG_LIFE) > 0) {
      return life.dividedBy(2);
    }
    Duration fifth = life.dividedBy(5);
    return fifth.compareTo(AHEAD) < 0 ? fifth : AHEAD;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
